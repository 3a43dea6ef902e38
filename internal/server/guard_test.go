package server_test

import (
	"testing"

	"tenure/internal/access"
	"tenure/internal/audit"
	"tenure/internal/db"
	"tenure/internal/fault"
	"tenure/internal/id"
	"tenure/internal/server/servertest"
)

// TestEveryChangeOfRightsIsSeenInsideTheNextWrite lets a member in, changes what
// they may do, and then lets them write with what they were let in with: the
// guard looks at epochs first, so whatever bears on rights has to raise one.
func TestEveryChangeOfRightsIsSeenInsideTheNextWrite(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		changes := map[string]struct {
			change func(c *servertest.Company, who *servertest.Person, modules []string)
			want   string
		}{
			"nothing": {func(*servertest.Company, *servertest.Person, []string) {}, ""},
			"their title": {func(c *servertest.Company, who *servertest.Person, _ []string) {
				c.Owner.Patch(c.Path("/members/"+who.Member), obj{"job_title": "Clerk"}).OK()
			}, ""},
			"their role": {func(c *servertest.Company, who *servertest.Person, _ []string) {
				c.Owner.Patch(c.Path("/members/"+who.Member), obj{"role": "admin"}).OK()
			}, "rights_changed"},
			"their modules": {func(c *servertest.Company, who *servertest.Person, modules []string) {
				c.Owner.Patch(c.Path("/members/"+who.Member), obj{"modules": modules[:1]}).OK()
			}, "rights_changed"},
			"the role": {func(c *servertest.Company, _ *servertest.Person, _ []string) {
				c.Owner.Patch(c.Path("/roles/user"), obj{"permissions": list{"members.read", "events.read"}}).OK()
			}, "rights_changed"},
			"a module of theirs": {func(c *servertest.Company, _ *servertest.Person, modules []string) {
				c.Owner.Patch(c.Path("/modules/"+modules[1]), obj{"admin_only": true}).OK()
			}, "rights_changed"},
			"the policy": {func(c *servertest.Company, _ *servertest.Person, _ []string) {
				s.Operator(t).Patch(c.Path(""), obj{"policy": obj{"mfa": "required"}}).OK()
			}, "rights_changed"},
			"suspended": {func(c *servertest.Company, who *servertest.Person, _ []string) {
				c.Owner.Post(c.Path("/members/"+who.Member+"/suspend"), nil).OK()
			}, "unauthenticated"},
			"signed out": {func(_ *servertest.Company, who *servertest.Person, _ []string) { who.Post("/v1/sign-out", nil).OK() }, "unauthenticated"},
			"another password": {func(_ *servertest.Company, who *servertest.Person, _ []string) {
				s.SignIn(t, who.Email).Post("/v1/me/password", obj{"current": servertest.Password, "new": "another kettle sings at noon"}).OK()
			}, "unauthenticated"},
		}
		n := 0
		for name, one := range changes {
			n++
			mail := string(rune('a'+n)) + "@guarded.example"
			c := s.Found(t, "portal", "Guarded", "owner-"+mail)
			who := c.Invite(mail, "user", obj{"modules": c.Modules()})
			actor, _, err := s.Parts().Rooms.Sessions.Check(t.Context(), who.Token())
			if err != nil {
				t.Fatal(err)
			}
			one.change(c, who, c.Modules())
			err = s.Parts().DB.Write(s.Parts().Rooms.Sessions.Guard(t.Context(), actor), id.Account(c.ID), func(tx *db.Tx) error {
				return audit.Record(t.Context(), tx, access.BySystem(), audit.Event{Action: "test.write", Subject: audit.Of("account", id.Account(c.ID))})
			})
			if got := fault.Code(err); got != one.want {
				t.Errorf("%s: the write ended with %q, want %q", name, got, one.want)
			}
		}
	})
}
