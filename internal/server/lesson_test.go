package server_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"tenure/internal/server/servertest"
)

// The tests here are lessons from published failures of others that reach over
// several rooms; docs/lessons.md lists all of them.

// TestOneAddressIsOneText_GitLabCVE20237028: a list of addresses in the place of
// one made a reset link go to a second mailbox.
func TestOneAddressIsOneText_GitLabCVE20237028(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := s.Found(t, "team", "Lists", "owner@lists.example")
		s.Mail(t, "owner@lists.example", nil)
		mails := s.Box.Total()
		for _, address := range []any{
			list{"owner@lists.example", "evil@evil.example"}, obj{"0": "owner@lists.example", "1": "evil@evil.example"},
			"owner@lists.example,evil@evil.example", "owner@lists.example evil@evil.example", "owner@lists.example;evil@evil.example",
			"owner@lists.example\r\nBcc: evil@evil.example", "owner@lists.example\x00evil@evil.example", "Owner <owner@lists.example>, evil@evil.example",
		} {
			for path, body := range map[string]obj{
				"/v1/password/forgot": {"email": address}, "/v1/sign-in": {"email": address, "password": servertest.Password},
				"/v1/sign-up": {"name": "N", "preset": "team", "email": address, "first_name": "S", "last_name": "Up"},
			} {
				s.Nobody(t).Post(path, body).Refused(422, "invalid")
			}
			c.Owner.Post("/v1/me/email", obj{"email": address, "password": servertest.Password}).Refused(422, "invalid")
			c.Owner.Post(c.Path("/members"), obj{"first_name": "A", "last_name": "B", "email": address, "active": true}).Refused(422, "invalid")
			c.Owner.Patch(c.Path("/members/"+c.Owner.Member), obj{"email": address}).Refused(422, "invalid")
			if a := c.Owner.Post(c.Path("/invitations"), obj{"emails": list{address}}); a.Status != 422 && a.Text("results.0.verdict") != "invalid" {
				t.Errorf("%q is invited: %s", address, a.Body)
			}
		}
		for _, twice := range []string{`{"email":"owner@lists.example","email":"evil@evil.example"}`, `{"email":"owner@lists.example","Email":"evil@evil.example"}`} {
			if a := s.Nobody(t).Post("/v1/password/forgot", twice); a.Status != 422 {
				t.Errorf("%s: %d %s", twice, a.Status, a.Body)
			}
		}
		s.Nobody(t).Post("/v1/password/forgot", obj{"email": "owner@lists.example"}).OK()
		s.Mailed(t, "owner@lists.example", "/reset") // by now every earlier one would be there
		if n := s.Box.Total() - mails; n != 1 {
			t.Errorf("%d mails went out, want the one that was asked for", n)
		}
		for _, m := range s.Box.Messages("") {
			if slices.Contains(m.To, "evil@evil.example") {
				t.Errorf("somebody else was mailed %s", m.Raw)
			}
		}
	})
}

// TestNobodyBelowAnOwnerTakesThemOver_CoderCVE202655077: who managed users could
// set the password of an owner, and was one. Here nobody sets another's password
// at all, and who ranks above is out of reach at every door that bears on their
// credentials.
func TestNobodyBelowAnOwnerTakesThemOver_CoderCVE202655077(t *testing.T) {
	setsPassword := regexp.MustCompile(`/members/[^ ]*password|/users/`)
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		for _, route := range s.Routes() {
			if setsPassword.MatchString(route) {
				t.Errorf("%s looks like a way to set the password of somebody else", route)
			}
		}
		c := s.Found(t, "team", "Takeover", "owner@takeover.example")
		lower(c)
		lead := c.Invite("lead@takeover.example", "lead", nil)
		owner := c.Path("/members/" + c.Owner.Member)
		lead.Patch(owner, obj{"email": "lead+2@takeover.example"}).Refused(403, "rank_exceeded")
		for _, path := range []string{"/unlock", "/welcome", "/suspend", "/activate", "/reset-factor"} {
			lead.Post(owner+path, nil).Refused(403, "rank_exceeded")
		}
		lead.Get(owner+"/sessions").Refused(403, "rank_exceeded")
		lead.Delete(owner+"/sessions").Refused(403, "rank_exceeded")
		lead.Patch(c.Path("/members/"+lead.Member), obj{"role": "owner"}).Refused(403, "rank_exceeded")
		lead.Post(c.Path("/invitations"), obj{"emails": list{"x@takeover.example"}, "role": "owner"}).Refused(403, "rank_exceeded")
		for _, field := range []string{"password", "password_hash", "user_id", "mfa"} {
			c.Owner.Patch(c.Path("/members/"+lead.Member), obj{field: "x"}).Refused(422, "unknown_field")
		}
		c.Owner.Get("/v1/session").OK()
		s.SignIn(t, "owner@takeover.example").Get("/v1/session").OK()
	})
}

// lower makes a role that manages members and stands below who administers.
func lower(c *servertest.Company) {
	c.Owner.Post(c.Path("/roles"), obj{"key": "lead", "name": "Lead", "rank": 50, "reach": "all", "modules": "all",
		"permissions": list{"members.read", "members.manage", "invitations.manage", "departures.manage"}}).OK()
}

// TestNoCredentialOutlivesTheEnd: what was given out before somebody left went
// on working in six products. Each kind is tried while they are out, and again
// when they are back.
func TestNoCredentialOutlivesTheEnd(t *testing.T) {
	endings := map[string]func(c *servertest.Company, m string){
		"suspended":   func(c *servertest.Company, m string) { c.Owner.Post(c.Path("/members/"+m+"/suspend"), nil).OK() },
		"deactivated": func(c *servertest.Company, m string) { leave(c, m, "deactivate") },
		"removed":     func(c *servertest.Company, m string) { leave(c, m, "remove") },
	}
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		for how, end := range endings {
			c := s.Found(t, "team", how, "owner@"+how+".example")
			email := "maria@" + how + ".example"
			maria := c.Invite(email, "member", nil)
			cookie := s.Nobody(t).With("Cookie", "tenure="+s.SignIn(t, email).Token())
			maria.Post("/v1/me/email", obj{"email": "new-" + email, "password": servertest.Password}).OK()
			confirm := s.Mailed(t, "new-"+email, "/confirm")
			s.Nobody(t).Post("/v1/password/forgot", obj{"email": email}).OK()
			reset := s.Mailed(t, email, "/reset")
			cookie.Get("/v1/session").OK()
			end(c, maria.Member)
			credentials := map[string]func(when string){
				"session, Mattermost and Directus": func(string) { maria.Get("/v1/session").Refused(401, "unauthenticated") },
				"cookie, Outline":                  func(string) { cookie.Get(c.Path("")).Refused(401, "unauthenticated") },
				"reset link, Vikunja": func(string) {
					gone(t, s.Nobody(t).Post("/v1/password/reset", obj{"token": reset, "password": "seven violet herons waiting"}))
				},
				"confirmation, Pocket ID": func(string) { gone(t, s.Nobody(t).Post("/v1/email/confirm", obj{"token": confirm})) },
				"password, Coder": func(when string) {
					if a := s.Nobody(t).Post("/v1/sign-in", obj{"email": email, "password": servertest.Password}); when == "out" && a.Status < 400 {
						t.Errorf("signed in: %s", a.Body)
					}
				},
			}
			for name, try := range credentials {
				t.Run(how+", "+name, func(t *testing.T) { try("out") })
			}
			if how == "removed" {
				continue
			}
			c.Owner.Post(c.Path("/members/"+maria.Member+"/activate"), nil).OK()
			for name, try := range credentials {
				t.Run(how+" and back, "+name, func(t *testing.T) { try("back") })
			}
		}
	})
}

// leave lets somebody go.
func leave(c *servertest.Company, m, kind string) {
	plan := c.Owner.Post(c.Path("/departures"), obj{"members": list{m}, "kind": kind}).OK()
	c.Owner.Post(c.Path("/departures/"+plan.Text("id")+"/apply"), obj{"digest": plan.Text("digest")}).OK()
}

// gone checks that a link is over.
func gone(t *testing.T, a *servertest.Answer) {
	t.Helper()
	if a.Status != 410 && a.Status != 404 {
		t.Errorf("the link still does something: %d %s", a.Status, a.Body)
	}
}

// TestNoAnswerTellsWhoIsRegistered asks every door that takes an address with
// one that has an identity elsewhere, and with one that nobody has.
func TestNoAnswerTellsWhoIsRegistered(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		s.Found(t, "team", "Elsewhere", "known@elsewhere.example")
		c := s.Found(t, "team", "Here", "owner@here.example")
		said := func(address string) string {
			var all strings.Builder
			note := func(a *servertest.Answer) {
				text := regexp.MustCompile(`(inv|mem|evt)_[0-9a-z]{26}|\d{4}-\d\d-\d\dT[0-9:.]+Z|"version":\d+`).ReplaceAllString(string(a.Body), "…")
				all.WriteString(strings.ReplaceAll(text, address, "{address}") + a.Header.Get("Retry-After") + "\n")
			}
			nobody := s.Nobody(t)
			note(nobody.Post("/v1/sign-in", obj{"email": address, "password": "wrong wrong wrong wrong"}))
			note(nobody.Post("/v1/password/forgot", obj{"email": address}))
			note(nobody.Post("/v1/sign-up", obj{"name": "N", "preset": "team", "email": address, "first_name": "S", "last_name": "Up"}))
			note(c.Owner.Post(c.Path("/invitations?preview=true"), obj{"emails": list{address}}))
			invited := c.Owner.Post(c.Path("/invitations"), obj{"emails": list{address}}).OK()
			note(invited)
			link := c.Owner.Post(c.Path("/invitations/"+invited.Text("results.0.invitation.id")+"/link"), nil).OK()
			_, copied, _ := strings.Cut(link.Text("url"), "#")
			note(nobody.Post("/v1/invitations/inspect", obj{"token": copied}))
			note(nobody.Post("/v1/invitations/accept", obj{"token": copied, "password": servertest.Password}))
			note(c.Owner.Post(c.Path("/members"), obj{"first_name": "A", "last_name": "Dded", "email": address, "active": true}).OK())
			return all.String()
		}
		known, unknown := said("known@elsewhere.example"), said("nobody@elsewhere.example")
		if known != unknown {
			t.Errorf("an address with an identity is answered\n%s\none without\n%s", known, unknown)
		}
	})
}
