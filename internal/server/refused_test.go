package server_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"tenure/internal/mailbox"
	"tenure/internal/server/servertest"
)

// TestNothingPassesToWhoMayNotHaveIt: neither credits nor resources go to another
// account, to somebody inactive, or to who may not reach them, and a refusal
// changes nothing.
func TestNothingPassesToWhoMayNotHaveIt(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c, other := vendor(t, s, "pass", 100), vendor(t, s, "elsewhere", 10)
		jo, out := joined(t, s, c, "jo@pass.example"), joined(t, s, c, "out@pass.example")
		give(c, jo.Member, 10)
		depart(c, out.Member, "deactivate", nil).OK()
		move := func(from, to string) *servertest.Answer {
			return c.Owner.Post(c.Path("/credits/transfers"), obj{"from": from, "to": to, "amount": 1})
		}
		for _, stranger := range []string{other.Owner.Member, "mem_00000000000000000000000000"} {
			move("company", stranger).Refused(404, "not_found")
			move(stranger, "company").Refused(404, "not_found")
		}
		move(jo.Member, out.Member).Refused(409, "member_inactive")
		holds(t, c, 90, 0, jo.Member, 10)
		holds(t, other, 10, 0)

		p := s.Found(t, "portal", "Reach", "owner@reach.example")
		north, south := p.Owner.Post(p.Path("/sub-accounts"), obj{"name": "North"}).OK().Text("id"), p.Owner.Post(p.Path("/sub-accounts"), obj{"name": "South"}).OK().Text("id")
		reaching := func(name string, subs ...string) *servertest.Person {
			return p.Invite(name+"@reach.example", "user", obj{"modules": p.Modules(), "sub_accounts": subs})
		}
		leaver, near, far := reaching("leaver", north), reaching("near", north), reaching("far", south)
		p.Owner.Call("PUT", p.Path("/resource-types/desk"), obj{"name": "Desk", "on_leave": "ask"}).OK()
		put(t, p, "desk/1", obj{"name": "Desk 1", "owner": leaver.Member, "sub_account": north})
		for _, successor := range []string{far.Member, other.Owner.Member} {
			blocked := depart(p, leaver.Member, "deactivate", obj{"resources": obj{"default": obj{"to": successor}}}).Refused(409, "blocked")
			if blocked.Text("blockers.0.code") != "successor_invalid" || blocked.Text("blockers.0.to") != successor {
				t.Errorf("%s: %s", successor, blocked.Body)
			}
		}
		if desk := p.Owner.Get(p.Path("/resources/desk/1")).OK(); desk.Text("owner") != leaver.Member || p.Owner.Get(p.Path("/members/"+leaver.Member)).OK().Text("status") != "active" {
			t.Errorf("it was refused and done: %s", desk.Body)
		}
		depart(p, leaver.Member, "deactivate", obj{"resources": obj{"default": obj{"to": near.Member}}}).OK()
	})
}

// TestWhatIsOverOrTakenIsRefusedByName: links, challenges and names that can be
// had no more.
func TestWhatIsOverOrTakenIsRefusedByName(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := s.Found(t, "portal", "Over", "owner@over.example")
		nobody := s.Nobody(t)
		north, south := c.Owner.Post(c.Path("/sub-accounts"), obj{"name": "North"}).OK().Text("id"), c.Owner.Post(c.Path("/sub-accounts"), obj{"name": "South"}).OK().Text("id")
		c.Owner.Patch(c.Path("/sub-accounts/"+south), obj{"name": "North"}).Refused(409, "sub_account_exists")
		in := c.Invite("in@over.example", "user", obj{"modules": c.Modules()[:1], "sub_accounts": list{north}})
		c.Owner.Call("DELETE", c.Path("/sub-accounts/"+north), nil).Refused(409, "in_use")

		accepted := c.Path("/invitations/" + c.Owner.Get(c.Path("/invitations?status=accepted")).OK().Text("items.0.id"))
		c.Owner.Post(accepted+"/link", nil).Refused(409, "already_accepted")
		c.Owner.Call("DELETE", accepted, nil).Refused(409, "already_accepted")
		gone := c.Owner.Post(c.Path("/invitations"), obj{"emails": list{"gone@over.example"}, "role": "admin"}).OK().Text("results.0.invitation.id")
		token := s.Mailed(t, "gone@over.example", "/invitation")
		c.Owner.Call("DELETE", c.Path("/invitations/"+gone), nil).OK()
		nobody.Post("/v1/invitations/decline", obj{"token": token}).Refused(410, "invitation_closed")

		leaver := c.Invite("leaver@over.example", "admin", nil)
		plan := c.Owner.Post(c.Path("/departures"), obj{"members": list{leaver.Member}, "kind": "remove"}).OK()
		c.Owner.Post(c.Path("/departures/"+plan.Text("id")+"/apply"), obj{"digest": plan.Text("digest")}).OK()
		c.Owner.Patch(c.Path("/departures/"+plan.Text("id")), obj{"kind": "deactivate"}).Refused(409, "departure_over")
		c.Owner.Post("/v1/me/email", obj{"email": "in@over.example", "password": servertest.Password}).Refused(409, "email_taken") // a colleague's
		c.Owner.Patch(c.Path("/members/"+in.Member), obj{"email": "late@over.example"}).OK()
		moving := s.Mailed(t, "late@over.example", "/confirm")
		c.Invite("late@over.example", "admin", nil) // who comes before the link does
		nobody.Post("/v1/email/confirm", obj{"token": moving}).Refused(409, "email_taken")

		nobody.Post("/v1/sign-up", obj{"name": "Other", "preset": "team", "email": c.Owner.Email, "first_name": "O", "last_name": "W"}).OK()
		nobody.Post("/v1/sign-up/confirm", obj{"token": s.Mailed(t, c.Owner.Email, "/sign-up"), "password": "not the one they have here"}).Refused(401, "bad_credentials")

		there := s.Found(t, "team", "There", "owner@there.example")
		_, codes := enrolled(t, s, there.Owner)
		c.Owner.Post(c.Path("/invitations"), obj{"emails": list{"owner@there.example"}, "role": "admin"}).OK()
		mail := s.Mail(t, "owner@there.example", func(m mailbox.Message) bool { return strings.Contains(m.Text, "to join Over") })
		_, token, _ = strings.Cut(mail.Link("/invitation#"), "#")
		challenge := nobody.Post("/v1/invitations/accept", obj{"token": token, "password": servertest.Password}).OK().Text("challenge")
		there.Owner.Post("/v1/invitations/accept", obj{"token": token}).OK() // on another device, meanwhile
		nobody.Post("/v1/sign-in/totp", obj{"challenge": challenge, "code": codes[0]}).Refused(409, "already_accepted")

		asked := nobody.Post("/v1/sign-in", obj{"email": "owner@there.example", "password": servertest.Password, "account": there.ID}).OK().Text("challenge")
		nobody.Post("/v1/sign-in/totp", obj{"challenge": asked, "code": codes[1]}).OK()
		nobody.Post("/v1/sign-in/totp/mail-code", obj{"challenge": asked}).Refused(410, "token_used")

		for n := range 100 {
			c.Owner.Call("PUT", c.Path(fmt.Sprintf("/resource-types/kind%d", n)), obj{"name": "Kind", "on_leave": "leave"}).OK()
		}
		c.Owner.Call("PUT", c.Path("/resource-types/kind100"), obj{"name": "Kind", "on_leave": "leave"}).Refused(409, "too_many_types")
	})
}

// TestADigestOfYesterdayAppliesNothing: what was agreed yesterday is not what
// would happen today.
func TestADigestOfYesterdayAppliesNothing(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		f := newTerritory(t, s, 2)
		operator := s.Operator(t)
		plan := operator.Post(f.Path("/departures"), obj{"members": list{f.leaver.Member}, "kind": "deactivate", "decisions": obj{"resources": obj{"default": obj{"to": f.heir.Member}}}}).OK()
		path := f.Path("/departures/" + plan.Text("id"))
		s.Clock.Set(s.Clock.Now().Add(24 * time.Hour))
		if same := operator.Get(path).OK(); same.Text("digest") != plan.Text("digest") {
			t.Errorf("a day alone changed the digest")
		}
		operator.Call("PUT", f.Path("/resources/pin/9"), obj{"name": "Pin 9", "owner": f.leaver.Member}).OK()
		refused := operator.Post(path+"/apply", obj{"digest": plan.Text("digest")}).Refused(409, "plan_changed")
		if now := refused.Text("plan.digest"); now == "" || now == plan.Text("digest") {
			t.Errorf("the new plan is not shown: %s", refused.Body)
		}
		if m := operator.Get(f.Path("/members/" + f.leaver.Member)).OK(); m.Text("status") != "active" {
			t.Errorf("%s", m.Body)
		}
		if pins := operator.Get(f.Path("/resources?owner=" + f.leaver.Member)).OK(); len(pins.List("items")) != 3 {
			t.Errorf("%s", pins.Body)
		}
		operator.Post(path+"/apply", obj{"digest": refused.Text("plan.digest")}).OK()
	})
}
