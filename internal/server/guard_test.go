package server_test

import (
	"context"
	"testing"
	"time"

	"tenure/internal/access"
	"tenure/internal/audit"
	"tenure/internal/db"
	"tenure/internal/fault"
	"tenure/internal/id"
	"tenure/internal/key"
	"tenure/internal/server/servertest"
	"tenure/internal/session"
)

// TestEveryChangeOfRightsIsSeenInsideTheNextWrite lets a member and a key of
// theirs in, changes what they may do, and then lets each write with what they
// were let in with. The guard of sessions looks at epochs first, so whatever
// bears on rights has to raise one.
func TestEveryChangeOfRightsIsSeenInsideTheNextWrite(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		changes := map[string]struct {
			change     func(c *servertest.Company, who *servertest.Person, modules []string)
			want, keys string
		}{
			"nothing": {func(*servertest.Company, *servertest.Person, []string) {}, "", ""},
			"their title": {func(c *servertest.Company, who *servertest.Person, _ []string) {
				c.Owner.Patch(c.Path("/members/"+who.Member), obj{"job_title": "Clerk"}).OK()
			}, "", ""},
			"their role": {func(c *servertest.Company, who *servertest.Person, _ []string) {
				c.Owner.Patch(c.Path("/members/"+who.Member), obj{"role": "admin"}).OK()
			}, "rights_changed", "rights_changed"},
			"their modules": {func(c *servertest.Company, who *servertest.Person, modules []string) {
				c.Owner.Patch(c.Path("/members/"+who.Member), obj{"modules": modules[:1]}).OK()
			}, "rights_changed", "rights_changed"},
			"the role": {func(c *servertest.Company, _ *servertest.Person, _ []string) {
				c.Owner.Patch(c.Path("/roles/user"), obj{"permissions": list{"members.read", "events.read"}}).OK()
			}, "rights_changed", "rights_changed"},
			"a module of theirs": {func(c *servertest.Company, _ *servertest.Person, modules []string) {
				c.Owner.Patch(c.Path("/modules/"+modules[1]), obj{"admin_only": true}).OK()
			}, "rights_changed", "rights_changed"},
			"the policy": {func(c *servertest.Company, _ *servertest.Person, _ []string) {
				s.Operator(t).Patch(c.Path(""), obj{"policy": obj{"mfa": "required"}}).OK()
			}, "rights_changed", "rights_changed"},
			"suspended": {func(c *servertest.Company, who *servertest.Person, _ []string) {
				c.Owner.Post(c.Path("/members/"+who.Member+"/suspend"), nil).OK()
			}, "unauthenticated", "unauthenticated"},
			"signed out": {func(_ *servertest.Company, who *servertest.Person, _ []string) { who.Post("/v1/sign-out", nil).OK() }, "unauthenticated", ""},
			"another password": {func(_ *servertest.Company, who *servertest.Person, _ []string) {
				s.SignIn(t, who.Email).Post("/v1/me/password", obj{"current": servertest.Password, "new": "another kettle sings at noon"}).OK()
			}, "unauthenticated", ""},
			"the key is revoked": {func(c *servertest.Company, who *servertest.Person, _ []string) {
				c.Owner.Delete(c.Path("/api-keys/" + theirKey(c, who))).OK()
			}, "", "unauthenticated"},
			"the key runs out": {func(c *servertest.Company, who *servertest.Person, _ []string) {
				soon := s.Clock.Now().Add(time.Minute)
				c.Owner.Patch(c.Path("/api-keys/"+theirKey(c, who)), obj{"expires_at": soon}).OK()
				s.Clock.Set(soon)
			}, "", "unauthenticated"},
		}
		n := 0
		for name, one := range changes {
			n++
			mail := string(rune('a'+n)) + "@guarded.example"
			c := s.Found(t, "portal", "Guarded", "owner-"+mail)
			c.Owner.Patch(c.Path("/roles/user"), obj{"permissions": list{"members.read", "keys.manage"}}).OK()
			who := c.Invite(mail, "user", obj{"modules": c.Modules()})
			key, _ := keyOf(t, s, c, who, "members.read")
			member, _, err := s.Parts().Rooms.Sessions.Check(t.Context(), who.Token())
			if err != nil {
				t.Fatal(err)
			}
			program, err := s.Parts().Rooms.Keys.Check(t.Context(), key.Token())
			if err != nil {
				t.Fatal(err)
			}
			one.change(c, who, c.Modules())
			for _, as := range []struct {
				guard context.Context
				want  string
			}{{s.Parts().Rooms.Sessions.Guard(t.Context(), member), one.want}, {s.Parts().Rooms.Keys.Guard(t.Context(), program), one.keys}} {
				err := s.Parts().DB.Write(as.guard, id.Account(c.ID), func(tx *db.Tx) error {
					return audit.Record(t.Context(), tx, access.BySystem(), audit.Event{Action: "test.write", Subject: audit.Of("account", id.Account(c.ID))})
				})
				if got := fault.Code(err); got != as.want {
					t.Errorf("%s: the write ended with %q, want %q", name, got, as.want)
				}
			}
		}
	})
}

// theirKey is the one key that somebody has.
func theirKey(c *servertest.Company, who *servertest.Person) string {
	return who.Get(c.Path("/api-keys")).OK().Text("items.0.id")
}

// TestAWriteThatWaitsWhileItsCallerIsEndedIsRefused: a request is let in, waits
// for its turn to write behind the very write that ends its caller, and then
// changes nothing.
func TestAWriteThatWaitsWhileItsCallerIsEndedIsRefused(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := s.Found(t, "team", "Waits", "owner@waits.example")
		by := c.Invite("second@waits.example", "owner", nil)
		program, _ := keyOf(t, s, c, by, "members.manage")
		for name, who := range map[string]struct {
			client *servertest.Client
			end    func(ctx context.Context, tx *db.Tx, by access.Actor, acc id.Account, m id.Member, d id.Departure) (int64, error)
		}{
			"a key": {program, key.EndMember}, "a session": {by.Client, session.EndMember},
		} {
			answer := make(chan *servertest.Answer, 1)
			if err := s.Parts().DB.Write(t.Context(), id.Account(c.ID), func(tx *db.Tx) error {
				if s.Parts().DB.Stats().Waiting == 0 { // not when it runs again
					go func() { answer <- who.client.Patch(c.Path("/members/"+c.Owner.Member), obj{"job_title": name}) }()
				}
				for s.Parts().DB.Stats().Waiting == 0 {
					if err := t.Context().Err(); err != nil {
						return err
					}
				}
				_, err := who.end(t.Context(), tx, access.BySystem(), id.Account(c.ID), id.Member(by.Member), "")
				return err
			}); err != nil {
				t.Fatal(err)
			}
			(<-answer).Refused(401, "unauthenticated")
			who.client.Get(c.Path("/members")).Refused(401, "unauthenticated") // nor is it remembered
			if title := c.Owner.Get(c.Path("/members/" + c.Owner.Member)).OK().Text("job_title"); title == name {
				t.Errorf("%s wrote after its end", name)
			}
		}
	})
}
