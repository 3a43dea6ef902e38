package server_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"tenure/internal/server"
	"tenure/internal/server/servertest"

	"tenure/internal/db/dbtest"
)

// TestAnErasedPersonIsInNoExport: who was removed or deleted leaves the trail
// whole, and nothing that was theirs in it: names, addresses, also those they
// had before or asked for, phone, and from where they came.
func TestAnErasedPersonIsInNoExport(t *testing.T) {
	for _, engine := range dbtest.Engines() {
		for preset, kind := range map[string]string{"team": "remove", "credits": "delete"} {
			t.Run(engine+" "+kind, func(t *testing.T) {
				s := servertest.Start(t, engine, func(c *server.Config) { c.TrustedProxies = []string{"127.0.0.1"} })
				c := s.Found(t, preset, "Erase", "owner@erase.example")
				theirs := lived(t, s, c, preset)
				before := exports(t, s, c)
				for _, value := range theirs[1:] {
					if !strings.Contains(before, value) {
						t.Errorf("%q was not in the trail: the test looks for the wrong thing", value)
					}
				}
				plan := c.Owner.Post(c.Path("/departures"), obj{"members": list{theirs[0]}, "kind": kind}).OK()
				c.Owner.Post(c.Path("/departures/"+plan.Text("id")+"/apply"), obj{"digest": plan.Text("digest")}).OK()
				s.Operator(t).Call("PUT", "/v1/clock", obj{"now": time.Now().Add(25 * time.Hour)}).OK()
				s.Operator(t).Stream(c.Path("/events/stream?since_seq=0&action=member.erase&subject=" + theirs[0])).NextEvent()
				after := exports(t, s, c)
				for _, value := range theirs[1:] {
					if i := strings.Index(after, value); i >= 0 {
						t.Errorf("%q is still there: %s", value, after[max(0, i-200):i+len(value)])
					}
				}
				if !strings.Contains(after, theirs[0]) || !strings.Contains(after, "(erased)") {
					t.Error("the events themselves are gone")
				}
				if receipt := s.Operator(t).Get(c.Path("/departures/" + plan.Text("id") + "/receipt")); kind == "remove" {
					receipt.Refused(410, "receipt_erased")
				} else {
					receipt.OK() // it named nobody
				}
				if report, err := server.Verify(t.Context(), server.Config{Database: s.Database}); err != nil || len(report.Defects) > 0 {
					t.Errorf("%q, %v", report.Defects, err)
				}
			})
		}
	}
}

// lived lets somebody be invited, come in, work, change everything about
// themselves and be changed. It gives their id, and every personal value.
func lived(t *testing.T, s *servertest.Server, c *servertest.Company, preset string) []string {
	t.Helper()
	role := map[string]string{"team": "owner", "credits": "admin"}[preset]
	c.Owner.Post(c.Path("/invitations"), obj{"emails": list{"margot@erase.example"}, "role": role}).OK()
	declined := s.Mailed(t, "margot@erase.example", "/invitation")
	s.Nobody(t).With("X-Forwarded-For", "203.0.113.76").Post("/v1/invitations/decline", obj{"token": declined}).OK()
	c.Owner.Post(c.Path("/invitations"), obj{"emails": list{"marguerite@erase.example"}, "role": role}).OK()
	in := s.Nobody(t).With("X-Forwarded-For", "203.0.113.75").Post("/v1/invitations/accept", obj{"token": s.Mailed(t, "marguerite@erase.example", "/invitation"),
		"password": servertest.Password, "first_name": "Marguerite", "last_name": "Yourcenar"}).OK()
	m := in.Text("member.id")
	own := s.Client(t, in.Text("token")).With("X-Forwarded-For", "203.0.113.77")
	own.Patch("/v1/me", obj{"first_name": "Marguerite", "last_name": "Yourcenar", "phone": "+31 20 555 0199", "job_title": "Archivist"}).OK()
	c.Owner.Patch(c.Path("/members/"+m), obj{"last_name": "Crayencour"}).OK()
	made := own.Post(c.Path("/api-keys"), obj{"name": "Cron", "permissions": list{"account.manage"}}).OK()
	s.Client(t, made.Text("key")).With("X-Forwarded-For", "203.0.113.79").Patch(c.Path(""), obj{"name": "Erase & Sons"}).OK()
	own.Post("/v1/me/email", obj{"email": "margot@erase.example", "password": servertest.Password}).OK()
	s.Nobody(t).With("X-Forwarded-For", "203.0.113.77").Post("/v1/email/confirm", obj{"token": s.Mailed(t, "margot@erase.example", "/confirm")}).OK()
	again := s.Nobody(t).With("X-Forwarded-For", "203.0.113.78").Post("/v1/sign-in", obj{"email": "margot@erase.example", "password": servertest.Password}).OK()
	s.Client(t, again.Text("token")).With("X-Forwarded-For", "203.0.113.78").Patch("/v1/me", obj{"job_title": "Librarian"}).OK()
	return []string{m, "marguerite@", "margot@", "Marguerite", "Yourcenar", "Crayencour", "555 0199", "Archivist", "Librarian", "203.0.113.75", "203.0.113.76", "203.0.113.77", "203.0.113.78", "203.0.113.79"}
}

func exports(t *testing.T, s *servertest.Server, c *servertest.Company) string {
	t.Helper()
	return string(s.Operator(t).Get(c.Path("/events/export")).OK().Body) + string(s.Operator(t).Get(c.Path("/events/export?format=csv")).OK().Body)
}

// TestNothingKeptOfOthersNamesWhoIsErased: the receipts of those who left before,
// and what is kept under an Idempotency-Key, name people by their ids alone.
func TestNothingKeptOfOthersNamesWhoIsErased(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := s.Found(t, "credits", "Heirs", "owner@heirs.example")
		o, operator := c.Owner, s.Operator(t)
		heir, leaver := c.Invite("hanna@heirs.example", "user", nil), c.Invite("jo@heirs.example", "user", nil)
		heir.Patch("/v1/me", obj{"first_name": "Hanna", "last_name": "Erbin"}).OK()
		operator.Post(c.Path("/credits/purchases"), obj{"amount": 100}).OK()
		operator.Post(c.Path("/credits/transfers"), obj{"from": "company", "to": leaver.Member, "amount": 12}).OK()
		operator.Call("PUT", c.Path("/resource-types/pin"), obj{"name": "Pins", "on_leave": "ask"}).OK()
		operator.Call("PUT", c.Path("/resources/pin/1"), obj{"name": "One", "owner": heir.Member}).OK()
		note := obj{"kind": "call", "note": "Asked for the red one", "member": heir.Member}
		noted := operator.With("Idempotency-Key", "noted").Post(c.Path("/resources/pin/1/activities"), note).OK()
		if again := operator.With("Idempotency-Key", "noted").Post(c.Path("/resources/pin/1/activities"), note).OK(); string(again.Body) != string(noted.Body) || noted.Text("member_name") != "Hanna Erbin" {
			t.Errorf("noted %s, and again %s", noted.Body, again.Body)
		}
		apply := func(who, kind string, decisions obj) *servertest.Answer {
			plan := o.Post(c.Path("/departures"), obj{"members": list{who}, "kind": kind, "decisions": decisions}).OK()
			return o.Post(c.Path("/departures/"+plan.Text("id")+"/apply"), obj{"digest": plan.Text("digest")}).OK()
		}
		receipt := apply(leaver.Member, "deactivate", obj{"credits": obj{"to": heir.Member}})
		if !strings.Contains(string(receipt.Body), `"kind":"credits_moved"`) || !strings.Contains(string(receipt.Body), `"to":"`+heir.Member) {
			t.Fatalf("%s", receipt.Body)
		}
		apply(heir.Member, "delete", obj{"credits": obj{"to": "company"}, "resources": obj{"default": obj{"leave": true}}})
		s.Store(t, func(r servertest.Row) {
			row := fmt.Sprintf("%s", r.Values)
			if r.Table == "idempotency_keys" && strings.Contains(row, "red one") {
				t.Errorf("what was noted is kept under a key as well: %s", row)
			}
			for _, of := range []string{"Hanna", "Erbin", "hanna@"} {
				if strings.Contains(row, of) && r.Table != "outbox" { // the mail that tells her so is still on its way
					t.Errorf("%q is in %s: %s", of, r.Table, row)
				}
			}
		})
	})
}
