package server_test

import (
	"strings"
	"testing"
	"time"

	"tenure/internal/mailbox"
	"tenure/internal/server/servertest"
)

// TestC1_C3_TheInvitedAreListedAsTheyAccept: pending until they accept, then
// among the active, and once they are deactivated among the inactive.
func TestC1_C3_TheInvitedAreListedAsTheyAccept(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := s.Found(t, "cases", "Acme", "owner@acme.example")
		listed := func(path string) string {
			t.Helper()
			var all []string
			for _, item := range c.Owner.Get(c.Path(path)).OK().List("items") {
				all = append(all, item.(obj)["email"].(string))
			}
			return strings.Join(all, " ")
		}
		const maria, pending, active, inactive = "maria@acme.example", "/invitations?status=pending", "/members?status=active", "/members?status=inactive"
		sent := c.Owner.Post(c.Path("/invitations"), obj{"emails": list{maria}, "role": "standard"}).OK()
		if sent.Text("results.0.verdict") != "invited" || listed(pending) != maria || strings.Contains(listed(active), maria) {
			t.Errorf("after the invitation: %s", sent.Body)
		}
		person := s.Accept(t, s.Mailed(t, maria, "/invitation"), maria)
		if listed(pending) != "" || !strings.Contains(listed(active), maria) || listed("/invitations?status=accepted") == "" {
			t.Errorf("after she has accepted: pending %s, active %s", listed(pending), listed(active))
		}
		_, gone := deactivate(t, c, "deactivate", person.Member, nil)
		gone.OK()
		if strings.Contains(listed(active), maria) || listed(inactive) != maria {
			t.Errorf("after she has left: active %s, inactive %s", listed(active), listed(inactive))
		}
	})
}

func TestC5_C6_AnInvitationHoldsThirtyDaysAndIsCopiedResentOrDeleted(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := s.Found(t, "cases", "Acme", "owner@acme.example")
		operator, nobody := s.Operator(t), s.Nobody(t)
		sent := operator.Post(c.Path("/invitations"), obj{"emails": list{"jo@acme.example"}, "role": "limited"}).OK()
		invitation := c.Path("/invitations/" + sent.Text("results.0.invitation.id"))
		first := s.Mailed(t, "jo@acme.example", "/invitation")
		looks := func(token string) *servertest.Answer {
			return nobody.Post("/v1/invitations/inspect", obj{"token": token})
		}

		s.Clock.Set(s.Clock.Now().Add(29 * 24 * time.Hour))
		looks(first).OK()
		if copied := operator.Post(invitation+"/link", nil).OK(); !strings.Contains(copied.Text("url"), "/invitation#") {
			t.Errorf("%s", copied.Body)
		}
		s.Clock.Set(s.Clock.Now().Add(25 * time.Hour))
		looks(first).Refused(410, "invitation_expired")
		operator.Post(invitation+"/resend", nil).OK()
		mail := s.Mail(t, "jo@acme.example", func(m mailbox.Message) bool {
			return m.Link("/invitation#") != "" && !strings.HasSuffix(m.Link("/invitation#"), first)
		})
		_, second, _ := strings.Cut(mail.Link("/invitation#"), "#")
		looks(first).Refused(410, "invitation_replaced")
		s.Clock.Set(s.Clock.Now().Add(29 * 24 * time.Hour))
		looks(second).OK()
		operator.Delete(invitation).OK()
		looks(second).Refused(410, "invitation_closed")
	})
}

// TestC10_AnotherLevelHoldsAtTheNextClick, with the session that was there.
func TestC10_AnotherLevelHoldsAtTheNextClick(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		o := newOffice(t, s)
		put(t, o.Company, "case/1", obj{"name": "Case 1"})
		sees := func(status int, role string) {
			t.Helper()
			if a := o.limited.Get(o.Path("/resources/case/1")); a.Status != status {
				t.Errorf("%s: %d %s", role, a.Status, a.Body)
			}
			if now := o.limited.Get("/v1/session").OK().Text("role"); now != role {
				t.Errorf("the session says %s, want %s", now, role)
			}
		}
		sees(404, "limited")
		for _, level := range []struct {
			role   string
			status int
		}{{"standard", 200}, {"admin", 200}, {"limited", 404}} {
			o.Owner.Patch(o.Path("/members/"+o.limited.Member), obj{"role": level.role}).OK()
			sees(level.status, level.role)
		}
	})
}

// TestF3_AccessEndsAtTheConfirmation: before anything else is asked, on every
// device; whoever stops there leaves them out, and their pins with them.
func TestF3_AccessEndsAtTheConfirmation(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		f := newTerritory(t, s, 2)
		phone := s.SignIn(t, "leaver@acme.example")
		ended := f.Owner.Post(f.Path("/members/"+f.leaver.Member+"/suspend"), nil).OK()
		for _, device := range []*servertest.Person{f.leaver, phone} {
			device.Get("/v1/session").Refused(401, "unauthenticated")
			device.Get(f.Path("/resources")).Refused(401, "unauthenticated")
		}
		s.Nobody(t).Post("/v1/sign-in", obj{"email": "leaver@acme.example", "password": servertest.Password}).Refused(409, "member_inactive")
		if ended.Text("member.status") != "suspended" || ended.Text("departure.state") != "settling" || ended.Text("departure.needed.0.code") != "decision_required" {
			t.Errorf("%s", ended.Body)
		}
		if got := f.owners(t); got != "0 leaver, 1 leaver" {
			t.Errorf("the pins: %s", got)
		}
	})
}
