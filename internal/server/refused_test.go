package server_test

import (
	"testing"
	"time"

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
