package server_test

import (
	"slices"
	"strings"
	"testing"

	"tenure/internal/server/servertest"
)

// The promises of the preset credits that are about people; those about credits
// stand in credit_test.go.

func TestP1_OnlyAdministratorsManageUsers(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := vendor(t, s, "p1", 0)
		var levels []string
		for _, r := range c.Owner.Get(c.Path("/roles")).OK().List("items") {
			levels = append(levels, r.(obj)["name"].(string))
		}
		slices.Sort(levels)
		if !slices.Equal(levels, []string{"Account Administrator", "User"}) {
			t.Errorf("the levels are %q", levels)
		}
		jo := joined(t, s, c, "jo@p1.example")
		if who := jo.Get("/v1/session").OK(); who.Text("role") != "user" {
			t.Errorf("%s", who.Body)
		}
		owner := c.Path("/members/" + c.Owner.Member)
		jo.Get(c.Path("/members")).Refused(403, "forbidden")
		jo.Post(c.Path("/members"), obj{"first_name": "A", "last_name": "B", "email": "ab@p1.example", "active": true}).Refused(403, "forbidden")
		jo.Patch(owner, obj{"job_title": "None"}).Refused(403, "forbidden")
		jo.Post(owner+"/suspend", nil).Refused(403, "forbidden")
		jo.Post(c.Path("/departures"), obj{"members": list{c.Owner.Member}, "kind": "deactivate"}).Refused(403, "forbidden")
		jo.Patch(c.Path("/members/"+jo.Member), obj{"role": "admin"}).Refused(403, "forbidden")
		c.Owner.Patch(c.Path("/members/"+jo.Member), obj{"role": "admin"}).OK()
		jo.Get(c.Path("/members")).OK() // at the next click
	})
}

func TestP2_AUserIsAddedWithNameAndAddress(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := vendor(t, s, "p2", 0)
		for _, field := range []string{"first_name", "last_name", "email"} {
			without := obj{"first_name": "Ada", "last_name": "Added", "email": "ada@p2.example", "active": true}
			without[field] = " "
			if a := c.Owner.Post(c.Path("/members"), without).Refused(422, "invalid"); a.Text("errors.0.field") != field {
				t.Errorf("%s, want %s", a.Body, field)
			}
			delete(without, field)
			if a := c.Owner.Post(c.Path("/members"), without).Refused(422, "invalid"); a.Text("errors.0.field") != field || a.Text("errors.0.code") != "required" {
				t.Errorf("%s, want %s", a.Body, field)
			}
		}
		if all := c.Owner.Get(c.Path("/members")).OK(); len(all.List("items")) != 1 {
			t.Errorf("a refused addition added somebody: %s", all.Body)
		}
		ada := joined(t, s, c, "ada@p2.example")
		if me := ada.Get("/v1/me").OK(); me.Text("job_title") != "" {
			t.Errorf("%s", me.Body)
		}
		ada.Patch("/v1/me", obj{"job_title": "Analyst"}).OK()
		if seen := c.Owner.Get(c.Path("/members/" + ada.Member)).OK(); seen.Text("job_title") != "Analyst" {
			t.Errorf("%s", seen.Body)
		}
	})
}

func TestP3_WhoIsActiveIsWelcomedAndNobodyElse(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := vendor(t, s, "p3", 0)
		add := func(email string, active bool) string {
			return c.Owner.Post(c.Path("/members"), obj{"first_name": "Uma", "last_name": "User", "email": email, "active": active}).OK().Text("id")
		}
		silent := add("sil@p3.example", false)
		add("ada@p3.example", true)
		s.SignIn(t, s.Accept(t, s.Mailed(t, "ada@p3.example", "/invitation"), "ada@p3.example").Email)
		if mails := s.Box.Messages("sil@p3.example"); len(mails) != 0 {
			t.Errorf("who is not active was sent %q", mails[0].Subject)
		}
		s.Nobody(t).Post("/v1/password/forgot", obj{"email": "sil@p3.example"}).OK() // the same answer as ever
		c.Owner.Post(c.Path("/members/"+silent+"/welcome"), nil).Refused(409, "member_inactive")
		c.Owner.Post(c.Path("/members/"+silent+"/activate"), nil).OK()
		s.Accept(t, s.Mailed(t, "sil@p3.example", "/invitation"), "sil@p3.example").Get("/v1/session").OK()
		if mails := s.Box.Messages("sil@p3.example"); len(mails) != 1 {
			t.Errorf("%d mails came, want the welcome alone", len(mails))
		}
	})
}

func TestP5_TheSenderToAllowIsTheOneMailsComeFrom(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := vendor(t, s, "p5", 0)
		c.Owner.Post(c.Path("/members"), obj{"first_name": "Ada", "last_name": "Added", "email": "ada@p5.example", "active": true}).OK()
		said := s.Nobody(t).Get("/v1/about").OK().Text("mail_from")
		if came := s.Mail(t, "ada@p5.example", nil).From; came == "" || !strings.Contains(said, "<"+came+">") {
			t.Errorf("the sender is said to be %q, and the welcome came from %q", said, came)
		}
	})
}

func TestP6_AUserIsDeactivatedAndActivatedAgain(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := vendor(t, s, "p6", 0)
		jo := joined(t, s, c, "jo@p6.example")
		listed := func(status string) bool {
			return strings.Contains(string(c.Owner.Get(c.Path("/members?status="+status)).OK().Body), jo.Member)
		}
		depart(c, jo.Member, "deactivate", nil).OK()
		jo.Get("/v1/session").Refused(401, "unauthenticated")
		if listed("active") || !listed("inactive") {
			t.Error("who was deactivated is not among the inactive alone")
		}
		c.Owner.Post(c.Path("/members/"+jo.Member+"/activate"), nil).OK()
		jo.Get("/v1/session").Refused(401, "unauthenticated") // a session does not come back
		if back := s.SignIn(t, "jo@p6.example").Get("/v1/session").OK(); back.Text("role") != "user" || !listed("active") {
			t.Errorf("%s", back.Body)
		}
	})
}

func TestP11_AnAddressIsGivenOnce(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := vendor(t, s, "p11", 0)
		add := func(email string) *servertest.Answer {
			return c.Owner.Post(c.Path("/members"), obj{"first_name": "Uma", "last_name": "User", "email": email, "active": true})
		}
		jo := add("jo@p11.example").OK().Text("id")
		taken := func() {
			for _, same := range []string{"jo@p11.example", "JO@P11.Example", " jo@p11.example "} {
				add(same).Refused(409, "email_taken")
			}
		}
		taken()
		depart(c, jo, "deactivate", nil).OK()
		taken()
		add("jo+2@p11.example").OK()
		depart(c, jo, "delete", nil).OK()
		if again := add("jo@p11.example").OK().Text("id"); again == jo {
			t.Error("who was deleted is there again")
		}
	})
}
