package server_test

import (
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"

	accounts "tenure/internal/account"
	"tenure/internal/db"
	"tenure/internal/id"
	"tenure/internal/mailbox"
	"tenure/internal/server"
	"tenure/internal/server/servertest"
)

func TestARoleIsMadeChangedAndDeleted(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := s.Found(t, "cases", "Roles", "owner@roles.example")
		o := c.Owner
		made := o.Post(c.Path("/roles"), obj{"name": " Team Léad ", "rank": 40, "permissions": list{"members.manage", "members.read"}, "reach": "assigned", "billable": false}).OK()
		path := c.Path("/roles/team_lead")
		if made.Status != 201 || made.Text("key") != "team_lead" || made.Text("name") != "Team Léad" || made.Number("rank") != 40 || made.Text("reach") != "assigned" ||
			made.Text("modules") != "all" || made.At("billable") != false || made.At("built_in") != false || made.At("members") != 0.0 ||
			fmt.Sprint(made.List("permissions")) != "[members.read members.manage]" {
			t.Errorf("%d %s", made.Status, made.Body)
		}
		tag := made.Header.Get("ETag")
		if got := o.Get(path).OK(); got.Header.Get("ETag") != tag || tag == "" || string(got.Body) != string(made.Body) {
			t.Errorf("read as %q %s, made as %q %s", got.Header.Get("ETag"), got.Body, tag, made.Body)
		}
		changed := o.With("If-Match", tag).Patch(path, obj{"rank": 45, "permissions": list{"members.read"}}).OK()
		if changed.Number("rank") != 45 || changed.Text("name") != "Team Léad" || changed.Text("reach") != "assigned" || changed.Header.Get("ETag") == tag {
			t.Errorf("merged to %s", changed.Body)
		}
		o.With("If-Match", tag).Patch(path, obj{"rank": 46}).Refused(412, "stale")
		if same := o.Patch(path, obj{"rank": 45}).OK(); same.Header.Get("ETag") != changed.Header.Get("ETag") {
			t.Error("a change of nothing made a new version")
		}
		if keys := roleKeys(o.Get(c.Path("/roles")).OK()); fmt.Sprint(keys) != "[admin standard team_lead limited guest]" {
			t.Errorf("%v", keys)
		}
		o.Delete(path).OK()
		o.Get(path).Refused(404, "not_found")
		o.Patch(path, obj{"rank": 1}).Refused(404, "not_found")
		again := o.Post(c.Path("/roles"), obj{"name": "Team lead"}).OK()
		if again.Text("key") != "team_lead" || again.Header.Get("ETag") == tag || again.Header.Get("ETag") == changed.Header.Get("ETag") || again.At("billable") != true {
			t.Errorf("made again under the key of a deleted one: %q %s", again.Header.Get("ETag"), again.Body)
		}
		twice := o.With("Idempotency-Key", "a").Post(c.Path("/roles"), obj{"name": "Twice"}).OK()
		if replayed := o.With("Idempotency-Key", "a").Post(c.Path("/roles"), obj{"name": "Twice"}).OK(); string(replayed.Body) != string(twice.Body) || replayed.Status != 201 {
			t.Errorf("%d %s, then %d %s", twice.Status, twice.Body, replayed.Status, replayed.Body)
		}
		o.Delete(c.Path("/roles/twice")).OK()
		trail := o.Get(c.Path("/events?action=role.")).OK()
		var actions []string
		for i := range trail.List("items") {
			actions = append(actions, trail.Text(fmt.Sprintf("items.%d.action", i)))
		}
		if fmt.Sprint(actions) != "[role.delete role.create role.create role.delete role.update role.create]" || trail.Text("items.4.subject.id") != "team_lead" || trail.Text("items.2.subject.name") != "Team lead" {
			t.Errorf("%s", trail.Body)
		}
	})
}

// wantsWhole verifies the store.
func wantsWhole(t *testing.T, s *servertest.Server) {
	t.Helper()
	report, err := server.Verify(t.Context(), server.Config{Database: s.Database, Log: slog.New(slog.DiscardHandler)})
	if err != nil || len(report.Defects) > 0 {
		t.Errorf("verify: %v %v", report.Defects, err)
	}
}

// epoch is how often the rights or limits of everybody in an account changed.
func epoch(t *testing.T, s *servertest.Server, account string) (n int64) {
	t.Helper()
	if err := s.Parts().DB.Read(t.Context(), func(tx *db.Tx) error {
		a, err := accounts.Get(t.Context(), tx, id.Account(account))
		n = a.Epoch
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return n
}

func roleKeys(a *servertest.Answer) (keys []string) {
	for _, r := range a.List("items") {
		keys = append(keys, r.(map[string]any)["key"].(string))
	}
	return keys
}

func TestRoleIsRefusedByField(t *testing.T) {
	s := servertest.Start(t, "sqlite")
	c := s.Found(t, "team", "Fields", "owner@fields.example")
	for _, x := range []struct {
		body  obj
		field string
	}{
		{obj{}, "name"}, {obj{"name": "  "}, "name"}, {obj{"name": "A\u202eB"}, "name"}, {obj{"name": "A", "key": "Upper"}, "key"},
		{obj{"name": "A", "rank": 0}, "rank"}, {obj{"name": "A", "rank": 101}, "rank"}, {obj{"name": "A", "reach": "some"}, "reach"},
		{obj{"name": "A", "modules": "few"}, "modules"}, {obj{"name": "A", "permissions": list{"members.fire"}}, "permissions"},
		{obj{"name": "A", "permissions": list{"members.read", "members.read"}}, "permissions"}, {obj{"name": "A", "built_in": true}, "built_in"},
	} {
		if a := c.Owner.Post(c.Path("/roles"), x.body); a.Status != 422 || a.Text("errors.0.field") != x.field {
			t.Errorf("%v: %d %s, want field %s", x.body, a.Status, a.Body, x.field)
		}
	}
	for field, body := range map[string]obj{"name": {"name": nil}, "permissions": {"permissions": nil}, "rank": {"rank": 0}, "key": {"key": "other"}, "members": {"members": 1}} {
		if a := c.Owner.Patch(c.Path("/roles/member"), body); a.Status != 422 || a.Text("errors.0.field") != field {
			t.Errorf("%v: %d %s, want field %s", body, a.Status, a.Body, field)
		}
	}
	c.Owner.Post(c.Path("/roles"), obj{"name": "Anything", "key": "member"}).Refused(409, "role_exists")
	c.Owner.Post(c.Path("/roles"), obj{"name": "MEMBER"}).Refused(409, "role_exists")
	c.Owner.Post(c.Path("/roles"), obj{"name": "Extra"}).OK()
	c.Owner.Patch(c.Path("/roles/extra"), obj{"name": "Mèmber"}).Refused(409, "role_exists")
	if keys := roleKeys(c.Owner.Get(c.Path("/roles")).OK()); fmt.Sprint(keys) != "[owner extra member]" {
		t.Errorf("%v", keys)
	}
}

// TestNobodyMakesARoleAboveWhatTheyMayGrant lets somebody who does not
// administer manage roles.
func TestNobodyMakesARoleAboveWhatTheyMayGrant(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := s.Found(t, "team", "Bounds", "owner@bounds.example")
		o := c.Owner
		o.Post(c.Path("/roles"), obj{"name": "Lead", "rank": 50, "reach": "assigned", "permissions": list{"roles.manage", "members.manage", "members.read"}}).OK()
		o.Post(c.Path("/roles"), obj{"name": "Helper", "rank": 20, "reach": "assigned", "permissions": list{"members.read"}}).OK()
		lead := c.Invite("lead@bounds.example", "lead", nil)
		for name, body := range map[string]obj{
			"a higher rank":               {"name": "A", "rank": 51, "reach": "assigned"},
			"their own rank":              {"name": "B", "rank": 50, "reach": "assigned"},
			"a permission they lack":      {"name": "C", "rank": 10, "reach": "assigned", "permissions": list{"keys.manage"}},
			"administration":              {"name": "D", "rank": 10, "reach": "assigned", "administers": true},
			"more data than they may see": {"name": "E", "rank": 10, "reach": "all"},
		} {
			if a := lead.Post(c.Path("/roles"), body); a.Status != 403 || a.Text("code") != "rank_exceeded" {
				t.Errorf("made with %s: %d %s", name, a.Status, a.Body)
			}
			delete(body, "name")
			if a := lead.Patch(c.Path("/roles/helper"), body); a.Status != 403 || a.Text("code") != "rank_exceeded" {
				t.Errorf("changed to %s: %d %s", name, a.Status, a.Body)
			}
		}
		for _, role := range []string{"owner", "lead"} {
			for _, body := range []obj{{"rank": 1, "reach": "assigned", "administers": false, "permissions": list{}}, {"permissions": list{"roles.manage", "events.read"}}} {
				lead.Patch(c.Path("/roles/"+role), body).Refused(403, "rank_exceeded")
			}
			lead.Delete(c.Path("/roles/"+role)).Refused(403, "rank_exceeded")
		}
		// A low rank alone does not put a role within reach: what it was counts too.
		lead.Patch(c.Path("/roles/member"), obj{"reach": "assigned"}).Refused(403, "rank_exceeded")
		lead.Post(c.Path("/roles"), obj{"name": "Fine", "rank": 49, "reach": "single", "permissions": list{"members.read"}}).OK()
		lead.Patch(c.Path("/roles/fine"), obj{"rank": 48, "permissions": list{"members.manage"}}).OK()
		lead.Delete(c.Path("/roles/fine")).OK()
		ordinary := c.Invite("ordinary@bounds.example", "helper", nil)
		ordinary.Post(c.Path("/roles"), obj{"name": "Mine", "rank": 1}).Refused(403, "forbidden")
		if roles := ordinary.Get(c.Path("/roles")).OK(); len(roles.List("items")) != 4 || roles.At("items.0.members") == nil {
			t.Errorf("%s", roles.Body)
		}
		plain := c.Invite("plain@bounds.example", "member", nil)
		if roles := plain.Get(c.Path("/roles")).OK(); len(roles.List("items")) != 4 || roles.At("items.0.members") != nil {
			t.Errorf("who may not see members sees how many there are: %s", roles.Body)
		}
	})
}

func TestNobodyRaisesTheirOwnRoleByEditingIt(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := s.Found(t, "team", "Own", "owner@own.example")
		c.Owner.Post(c.Path("/roles"), obj{"name": "Second", "rank": 90, "administers": true}).OK()
		second := c.Invite("second@own.example", "second", nil)
		second.Patch(c.Path("/roles/second"), obj{"rank": 91}).Refused(403, "rank_exceeded")
		second.Patch(c.Path("/roles/second"), obj{"rank": 80}).OK()
		second.Patch(c.Path("/roles/second"), obj{"rank": 90}).Refused(403, "rank_exceeded")
		second.Patch(c.Path("/roles/owner"), obj{"rank": 70}).Refused(403, "rank_exceeded")
		second.Patch(c.Path("/roles/second"), obj{"administers": false}).OK()
		second.Patch(c.Path("/roles/second"), obj{"administers": true}).Refused(403, "forbidden")
		c.Owner.Patch(c.Path("/roles/second"), obj{"administers": true}).OK()
		second.Patch(c.Path("/roles/second"), obj{"name": "Vice"}).OK()
	})
}

func TestAChangedRoleHoldsForEverybodyAtTheirNextRequest(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := s.Found(t, "portal", "Next", "owner@next.example")
		modules := c.Modules()
		c.Owner.Post(c.Path("/roles"), obj{"name": "Clerk", "rank": 20, "permissions": list{"members.read"}}).OK()
		one, other := c.Invite("one@next.example", "clerk", nil), c.Invite("other@next.example", "clerk", nil)
		user := c.Invite("user@next.example", "user", obj{"modules": modules[:1]})
		for _, p := range []*servertest.Person{one, other} {
			p.Get(c.Path("/members")).OK()
		}
		c.Owner.Patch(c.Path("/roles/clerk"), obj{"permissions": list{"events.read"}}).OK()
		for _, p := range []*servertest.Person{one, other} {
			p.Get(c.Path("/members")).Refused(403, "forbidden")
			p.Get(c.Path("/events")).OK()
			if got := p.Get("/v1/session").OK().List("permissions"); fmt.Sprint(got) != "[events.read]" {
				t.Errorf("%v", got)
			}
		}
		user.Get("/v1/session").OK()
		before := epoch(t, s, c.ID)
		c.Owner.Patch(c.Path("/roles/clerk"), obj{"billable": false}).OK()
		if after := epoch(t, s, c.ID); after != before+1 {
			t.Errorf("the account's epoch went from %d to %d", before, after)
		}
		if n := c.Owner.Get(c.Path("/roles/clerk")).OK().Number("members"); n != 2 {
			t.Errorf("%v people have the role, want 2", n)
		}
	})
}

func TestARoleInUseIsNotDeleted(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := s.Found(t, "team", "In use", "owner@use.example")
		o := c.Owner
		path := c.Path("/roles/extra")
		o.Post(c.Path("/roles"), obj{"name": "Extra"}).OK()
		sent := o.Post(c.Path("/invitations"), obj{"emails": list{"extra@use.example"}, "role": "extra"}).OK()
		o.Delete(path).Refused(409, "in_use")
		p := s.Accept(t, s.Mailed(t, "extra@use.example", "/invitation"), "extra@use.example")
		o.Delete(path).Refused(409, "in_use")
		plan := o.Post(c.Path("/departures"), obj{"members": list{p.Member}, "kind": "deactivate"}).OK()
		o.Post(c.Path("/departures/"+plan.Text("id")+"/apply"), obj{"digest": plan.Text("digest")}).OK()
		o.Delete(path).Refused(409, "in_use") // also of somebody inactive
		plan = o.Post(c.Path("/departures"), obj{"members": list{p.Member}, "kind": "remove"}).OK()
		o.Post(c.Path("/departures/"+plan.Text("id")+"/apply"), obj{"digest": plan.Text("digest")}).OK()
		o.Delete(path).OK()
		undone := o.Post(c.Path("/departures/"+plan.Text("id")+"/undo"), nil)
		undone.Refused(409, "undo_conflict")
		if o.Get(c.Path("/departures/" + plan.Text("id") + "/receipt")).OK(); sent.Text("results.0.verdict") != "invited" {
			t.Errorf("%s", sent.Body)
		}
		for _, kept := range []string{"owner", "member"} {
			code := map[string]string{"owner": "in_use", "member": "built_in"}[kept]
			o.Delete(c.Path("/roles/"+kept)).Refused(409, code)
		}
		wantsWhole(t, s)
	})
}

func TestTheLastOwnerStaysWhenARoleCeasesToAdminister(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := s.Found(t, "team", "Last", "owner@last.example")
		o := c.Owner
		o.Patch(c.Path("/roles/owner"), obj{"administers": false}).Refused(409, "last_owner")
		o.Post(c.Path("/roles"), obj{"name": "Second", "rank": 100, "administers": true}).OK()
		o.Patch(c.Path("/roles/owner"), obj{"administers": false}).Refused(409, "last_owner") // nobody has the other one
		second := c.Invite("second@last.example", "second", nil)
		o.Patch(c.Path("/roles/owner"), obj{"administers": false}).OK()
		second.Patch(c.Path("/roles/second"), obj{"administers": false}).Refused(409, "last_owner")
		o.Patch(c.Path("/roles/member"), obj{"rank": 1}).Refused(403, "forbidden")
		waits := s.Operator(t).Post("/v1/accounts", obj{"name": "Waits", "preset": "team", "owner": obj{"email": "o@waits.example", "first_name": "O", "last_name": "W"}}).OK()
		s.Operator(t).Patch("/v1/accounts/"+waits.Text("account.id")+"/roles/owner", obj{"administers": false}).Refused(409, "last_owner") // nobody could own it
	})
}

// TestOwnersRaceForEachOthersRole demotes two administering roles at once: one
// owner remains.
func TestOwnersRaceForEachOthersRole(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := s.Found(t, "team", "Race", "owner@race.example")
		c.Owner.Post(c.Path("/roles"), obj{"name": "Second", "rank": 100, "administers": true}).OK()
		second := c.Invite("second@race.example", "second", nil)
		for round := range 6 {
			var both sync.WaitGroup
			answers := make([]*servertest.Answer, 2)
			both.Go(func() { answers[0] = s.Operator(t).Patch(c.Path("/roles/owner"), obj{"administers": false}) })
			both.Go(func() { answers[1] = s.Operator(t).Patch(c.Path("/roles/second"), obj{"administers": false}) })
			both.Wait()
			if answers[0].Status+answers[1].Status != 200+409 {
				t.Fatalf("round %d: %d %s, %d %s", round, answers[0].Status, answers[0].Body, answers[1].Status, answers[1].Body)
			}
			for _, role := range []string{"owner", "second"} {
				s.Operator(t).Patch(c.Path("/roles/"+role), obj{"administers": true}).OK()
			}
		}
		second.Get(c.Path("/members")).OK()
	})
}

// TestModulesThatBecomeChosenAreKept: whoever had every module keeps those they
// could open, also who is inactive or only invited, and loses what was chosen
// when the role has them all again.
func TestModulesThatBecomeChosenAreKept(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := s.Found(t, "portal", "Chosen", "owner@chosen.example")
		o, modules := c.Owner, c.Modules()
		slices.Sort(modules)
		o.Post(c.Path("/roles"), obj{"name": "Clerk", "rank": 20}).OK()
		clerk := c.Invite("clerk@chosen.example", "clerk", nil)
		quiet := o.Post(c.Path("/members"), obj{"first_name": "Q", "last_name": "Uiet", "email": "quiet@chosen.example", "role": "clerk", "active": false}).OK()
		o.Post(c.Path("/invitations"), obj{"emails": list{"late@chosen.example"}, "role": "clerk"}).OK()
		tag := o.Get(c.Path("/members/" + clerk.Member)).OK().Header.Get("ETag")
		o.Patch(c.Path("/roles/clerk"), obj{"modules": "chosen"}).OK()
		late := s.Accept(t, s.Mailed(t, "late@chosen.example", "/invitation"), "late@chosen.example")
		for _, m := range []string{clerk.Member, quiet.Text("id"), late.Member} {
			if got := fmt.Sprint(o.Get(c.Path("/members/" + m)).OK().List("modules")); got != fmt.Sprint(modules) {
				t.Errorf("%s has %v, want all of %v", m, got, modules)
			}
		}
		if got := clerk.Get("/v1/session").OK().List("modules"); len(got) != len(modules) {
			t.Errorf("opens %v", got)
		}
		o.With("If-Match", tag).Patch(c.Path("/members/"+clerk.Member), obj{"job_title": "X"}).Refused(412, "stale")
		o.Patch(c.Path("/members/"+clerk.Member), obj{"modules": modules[:1]}).OK()
		if got := clerk.Get("/v1/session").OK().List("modules"); len(got) != 1 {
			t.Errorf("opens %v", got)
		}
		o.Patch(c.Path("/roles/clerk"), obj{"modules": "all"}).OK()
		if got := o.Get(c.Path("/members/" + clerk.Member)).OK().List("modules"); len(got) != 0 {
			t.Errorf("%v are left of what was chosen", got)
		}
		if got := clerk.Get("/v1/session").OK().List("modules"); len(got) != len(modules) {
			t.Errorf("opens %v", got)
		}
		o.Patch(c.Path("/members/"+clerk.Member), obj{"sub_accounts": list{}}).OK()
		wantsWhole(t, s)
		empty := s.Found(t, "team", "No modules", "owner@none.example")
		empty.Owner.Post(empty.Path("/roles"), obj{"name": "Nobody has it", "modules": "chosen"}).OK()
		empty.Owner.Post(empty.Path("/roles"), obj{"name": "Had", "modules": "all"}).OK()
		empty.Invite("had@none.example", "had", nil)
		empty.Owner.Patch(empty.Path("/roles/had"), obj{"modules": "chosen"}).Refused(422, "module_required")
	})
}

// TestAnInvitationOutlivesNoRoleThatRoseAboveItsSender: the role is judged as it
// is when somebody accepts.
func TestAnInvitationOutlivesNoRoleThatRoseAboveItsSender(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := s.Found(t, "team", "Rise", "owner@rise.example")
		o := c.Owner
		o.Post(c.Path("/roles"), obj{"name": "Recruiter", "rank": 50, "permissions": list{"invitations.manage"}}).OK()
		o.Post(c.Path("/roles"), obj{"name": "Recruit", "rank": 20}).OK()
		recruiter := c.Invite("recruiter@rise.example", "recruiter", nil)
		recruiter.Post(c.Path("/invitations"), obj{"emails": list{"recruit@rise.example"}, "role": "recruit"}).OK()
		token := s.Mailed(t, "recruit@rise.example", "/invitation")
		o.Patch(c.Path("/roles/recruit"), obj{"permissions": list{"events.read"}}).OK()
		s.Nobody(t).Post("/v1/invitations/accept", obj{"token": token, "password": servertest.Password}).Refused(410, "invitation_closed")
		o.Patch(c.Path("/roles/recruit"), obj{"permissions": list{}}).OK()
		s.Accept(t, token, "recruit@rise.example")
		s.Mail(t, "recruit@rise.example", func(m mailbox.Message) bool { return m.Link("/invitation#") != "" })
	})
}
