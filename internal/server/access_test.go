package server_test

import (
	"fmt"
	"testing"

	"tenure/internal/server/servertest"
)

// asking is a question of a host product: may they do this with that?
func asking(kind, who, action, key string) obj {
	return obj{"subject": obj{"type": kind, "id": who}, "action": obj{"name": action}, "resource": obj{"type": "case", "id": key}}
}

// decided checks what a question is answered with.
func decided(t *testing.T, c *servertest.Client, question obj, want bool, reason string) {
	t.Helper()
	a := c.Post("/access/v1/evaluation", question).OK()
	if a.At("decision") != want || a.Text("context.reason") != reason {
		t.Errorf("%v: %s, want %v %s", question, a.Body, want, reason)
	}
}

// TestTheHostAppLosesWhoLeavesAtTheirNextClick asks as a host product does, with
// the session that a browser brings: reach, assignment, change of role and the end.
func TestTheHostAppLosesWhoLeavesAtTheirNextClick(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		o := newOffice(t, s)
		put(t, o.Company, "case/1", obj{"name": "One"})
		put(t, o.Company, "case/2", obj{"name": "Two"})
		in := s.Nobody(t).Post("/v1/sign-in", obj{"email": o.limited.Email, "password": servertest.Password}).OK()
		token := in.Text("token")
		made := o.Owner.Post(o.Path("/api-keys"), obj{"name": "Host app", "permissions": list{"resources.read"}}).OK()
		host := s.Client(t, made.Text("key"))

		decided(t, host, asking("session", token, "resources.read", "1"), false, "not_found")
		assign(o.Company, o.Owner, "case/1", o.limited.Member).OK()
		decided(t, host, asking("session", token, "resources.read", "1"), true, "allowed")
		decided(t, host, asking("member", o.limited.Member, "resources.read", "1"), true, "allowed")
		decided(t, host, asking("session", token, "resources.read", "2"), false, "not_found")
		decided(t, host, asking("session", token, "resources.read", "404"), false, "not_found")
		decided(t, host, asking("session", token, "resources.manage", "1"), false, "forbidden")
		decided(t, host, asking("session", token, "make.coffee", "1"), false, "unknown_action")
		decided(t, host, asking("session", token, "module:reports", "1"), false, "forbidden")
		decided(t, host, asking("member", "mem_00000000000000000000000000", "resources.read", "1"), false, "unauthenticated")
		decided(t, s.Client(t, token), asking("session", token, "resources.read", "1"), true, "allowed")
		s.Client(t, token).Post("/access/v1/evaluation", asking("member", o.Owner.Member, "resources.read", "1")).Refused(403, "forbidden")

		o.Owner.Patch(o.Path("/members/"+o.limited.Member), obj{"role": "standard"}).OK()
		decided(t, host, asking("session", token, "resources.manage", "2"), true, "allowed")
		_, receipt := deactivate(t, o.Company, "deactivate", o.limited.Member, nil)
		receipt.OK()
		for _, who := range [][2]string{{"session", token}, {"member", o.limited.Member}} {
			decided(t, host, asking(who[0], who[1], "resources.read", "1"), false, "unauthenticated")
		}
	})
}

// TestASessionIsAskedAboutByItsIdentifierToo: as a log of the host product has it.
func TestASessionIsAskedAboutByItsIdentifierToo(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		o := newOffice(t, s)
		put(t, o.Company, "case/1", obj{"name": "One"})
		session := o.standard.Get("/v1/me/sessions").OK().Text("items.0.id")
		host := s.Operator(t)
		question := asking("session", session, "resources.read", "1")
		decided(t, host, question, false, "unauthenticated") // the operator is in no account
		question["subject"].(obj)["properties"] = obj{"account": o.ID}
		decided(t, host, question, true, "allowed")
		o.standard.Post("/v1/sign-out", nil).OK()
		decided(t, host, question, false, "unauthenticated")
	})
}

// TestOtherAccountsAreAnsweredLikeNothing: neither their people nor their
// sessions nor their resources are there.
func TestOtherAccountsAreAnsweredLikeNothing(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		o := newOffice(t, s)
		put(t, o.Company, "case/1", obj{"name": "One"})
		other := s.Found(t, "cases", "Other", "owner@other.example")
		made := other.Owner.Post(other.Path("/api-keys"), obj{"name": "Host app", "permissions": list{"members.read"}}).OK()
		host := s.Client(t, made.Text("key"))
		theirs := s.Nobody(t).Post("/v1/sign-in", obj{"email": o.standard.Email, "password": servertest.Password}).OK().Text("token")
		for kind, who := range map[string][2]string{"member": {o.standard.Member, "mem_00000000000000000000000000"}, "session": {theirs, theirs + "x"}} {
			foreign := host.Post("/access/v1/evaluation", asking(kind, who[0], "resources.read", "1")).OK()
			missing := host.Post("/access/v1/evaluation", asking(kind, who[1], "resources.read", "1")).OK()
			if string(foreign.Body) != string(missing.Body) || foreign.At("decision") != false {
				t.Errorf("%s: %s is not %s", kind, foreign.Body, missing.Body)
			}
		}
		decided(t, host, asking("member", other.Owner.Member, "resources.read", "1"), false, "not_found")
		question := asking("member", o.standard.Member, "resources.read", "1")
		question["subject"].(obj)["properties"] = obj{"account": o.ID}
		host.Post("/access/v1/evaluation", question).Refused(404, "not_found")
		host.Post("/access/v1/evaluations", question).Refused(404, "not_found") // without a list it is the one
		weak := other.Owner.Post(other.Path("/api-keys"), obj{"name": "Other", "permissions": list{"events.read"}}).OK()
		s.Client(t, weak.Text("key")).Post("/access/v1/evaluation", asking("member", other.Owner.Member, "resources.read", "1")).Refused(403, "forbidden")
	})
}

// TestSubAccountsAndModulesDecideToo: with preset portal, where both are chosen.
func TestSubAccountsAndModulesDecideToo(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := s.Found(t, "portal", "Acme", "owner@acme.example")
		subs := []string{}
		for _, name := range []string{"North", "South"} {
			subs = append(subs, c.Owner.Post(c.Path("/sub-accounts"), obj{"name": name}).OK().Text("id"))
		}
		modules := c.Owner.Get(c.Path("/modules")).OK().List("items")
		first := modules[0].(obj)
		m := c.Invite("user@acme.example", "user", obj{"modules": list{first["id"]}, "sub_accounts": list{subs[0]}})
		within := func(action, sub string) obj {
			return obj{"subject": obj{"type": "member", "id": m.Member, "properties": obj{"account": c.ID}}, "action": obj{"name": action},
				"resource": obj{"type": "report", "id": "1", "properties": obj{"sub_account": sub}}}
		}
		host := s.Operator(t)
		open := "module:" + first["key"].(string)
		decided(t, host, within(open, subs[0]), true, "allowed")
		decided(t, host, within(open, subs[1]), false, "not_found")
		decided(t, host, within(open, "sub_00000000000000000000000000"), false, "not_found")
		decided(t, host, within("module:"+modules[1].(obj)["key"].(string), subs[0]), false, "forbidden")
	})
}

// TestManyQuestionsAreAnsweredInTheirOrder keeps to the standard: defaults,
// semantics, an error in its place, and 400 where the request is not valid.
func TestManyQuestionsAreAnsweredInTheirOrder(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		o := newOffice(t, s)
		put(t, o.Company, "case/1", obj{"name": "One"})
		all := asking("member", o.standard.Member, "resources.read", "1")
		all["subject"].(obj)["properties"] = obj{"account": o.ID}
		all["evaluations"] = list{obj{}, obj{"action": obj{"name": "billing.manage"}}, obj{"subject": obj{"type": "robot", "id": "1"}}, obj{"action": obj{"name": "resources.manage"}}}
		host := s.Operator(t)
		for semantic, want := range map[string]string{"execute_all": "[true false false true]", "deny_on_first_deny": "[true false]", "permit_on_first_permit": "[true]"} {
			all["options"] = obj{"evaluations_semantic": semantic}
			a, got := host.Post("/access/v1/evaluations", all).OK(), list{}
			for _, one := range a.List("evaluations") {
				got = append(got, one.(obj)["decision"])
			}
			if fmt.Sprint(got) != want {
				t.Errorf("%s: %s, want %s", semantic, a.Body, want)
			}
			if semantic == "execute_all" && a.Number("evaluations.2.context.error.status") != 400 {
				t.Errorf("the question that cannot be read: %s", a.Body)
			}
		}
		delete(all, "evaluations")
		if one := host.Post("/access/v1/evaluations", all).OK(); one.At("decision") != true {
			t.Errorf("without a list: %s", one.Body)
		}
		for field, bad := range map[string]obj{
			"action": {"subject": all["subject"], "resource": all["resource"]}, "resource.id": {"subject": all["subject"], "action": all["action"], "resource": obj{"type": "case"}},
			"subject.properties.account": asking("member", o.standard.Member, "resources.read", "1"), "subject.type": asking("robot", "1", "resources.read", "1"),
		} {
			if refused := host.Post("/access/v1/evaluation", bad).Refused(400, "invalid"); refused.Text("errors.0.field") != field || refused.Number("status") != 400 {
				t.Errorf("%s: %s", field, refused.Body)
			}
		}
		s.Nobody(t).Post("/access/v1/evaluation", all).Refused(401, "unauthenticated")
	})
}
