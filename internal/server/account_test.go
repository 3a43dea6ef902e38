package server_test

import (
	"slices"
	"strings"
	"testing"

	"tenure/internal/server/servertest"
)

func TestOperatorMakesAnAccountWhoseOwnerComesInByMail(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		made := s.Operator(t).Post("/v1/accounts", obj{"name": "  Blue Harbour ", "preset": "portal",
			"owner": obj{"email": "Olga@Blue.example", "first_name": "Olga", "last_name": "Owner"}}).OK()
		if made.Status != 201 || made.Header.Get("ETag") == "" || made.Text("account.name") != "Blue Harbour" || made.Number("account.policy.invitation_ttl") != 604800 {
			t.Errorf("%d %s", made.Status, made.Body)
		}
		if made.At("owner.user_id") != nil || made.At("owner.registered_at") != nil || made.Text("owner.status") != "active" {
			t.Errorf("the owner is there before they came: %s", made.Body)
		}
		if made.Text("invitation.member") != made.Text("owner.id") || made.Text("invitation.invited_by.kind") != "operator" {
			t.Errorf("the invitation is not the owner's: %s", made.Body)
		}
		owner := s.Accept(t, s.Mailed(t, "Olga@Blue.example", "/invitation"), "olga@blue.example")
		who := owner.Get("/v1/session").OK()
		if who.Text("account_id") != made.Text("account.id") || who.Text("member_id") != made.Text("owner.id") || len(who.List("permissions")) < 10 {
			t.Errorf("who am I: %s", who.Body)
		}
	})
}

func TestAccountIsRefusedByField(t *testing.T) {
	s := servertest.Start(t, "sqlite")
	owner := obj{"email": "a@b.example", "first_name": "A", "last_name": "B"}
	for _, c := range []struct {
		body  obj
		field string
	}{
		{obj{"name": "X", "preset": "gold", "owner": owner}, "preset"},
		{obj{"name": " ", "preset": "team", "owner": owner}, "name"},
		{obj{"name": strings.Repeat("x", 200), "preset": "team", "owner": owner}, "name"},
		{obj{"name": "X", "preset": "team", "owner": obj{"email": "a@b.example", "first_name": "A"}}, "owner.last_name"},
		{obj{"name": "X", "preset": "team", "owner": obj{"email": "a,c@b.example", "first_name": "A", "last_name": "B"}}, "email"},
		{obj{"name": "X", "preset": "team", "owner": obj{"email": "a@b.example", "first_name": "A", "last_name": "B", "rank": 1}}, "owner.rank"},
	} {
		a := s.Operator(t).Post("/v1/accounts", c.body)
		if a.Status != 422 || a.Text("errors.0.field") != c.field {
			t.Errorf("%v: %d %s, want field %s", c.body, a.Status, a.Body, c.field)
		}
	}
	if n := len(s.Operator(t).Get("/v1/accounts").OK().List("items")); n != 0 {
		t.Errorf("%d accounts were made all the same", n)
	}
}

func TestPatchMergesAndHonoursTheVersionRead(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := s.Found(t, "portal", "Before", "owner@patch.example")
		o, path := c.Owner, c.Path("")
		read := o.Get(path).OK().Header.Get("ETag")
		changed := o.With("If-Match", read).Patch(path, obj{"name": "After", "policy": obj{"invitation_ttl": 7200, "session_idle": 600}}).OK()
		if changed.Text("name") != "After" || changed.Number("policy.invitation_ttl") != 7200 || changed.Number("policy.session_idle") != 600 ||
			changed.Number("policy.undo_window") != 86400 {
			t.Errorf("merged to %s", changed.Body)
		}
		if tag := changed.Header.Get("ETag"); tag == read || tag == "" {
			t.Errorf("the ETag stayed %q", tag)
		}
		o.With("If-Match", read).Patch(path, obj{"name": "Late"}).Refused(412, "stale")
		o.With("If-Match", `"nonsense"`).Patch(path, obj{"name": "Late"}).Refused(412, "stale")
		if emptied := o.Patch(path, obj{"policy": obj{"session_idle": nil}}).OK(); emptied.At("policy.session_idle") != nil {
			t.Errorf("null did not empty: %s", emptied.Body)
		}
		for field, body := range map[string]obj{
			"name": {"name": nil}, "policy": {"policy": nil}, "policy.invitation_ttl": {"policy": obj{"invitation_ttl": nil}},
			"policy.access_ends": {"policy": obj{"access_ends": "later"}}, "accent": {"accent": "red"}, "logo": {"logo": "https://evil.example/x.png"},
		} {
			a := o.Patch(path, body)
			if a.Status != 422 || a.Text("errors.0.field") != field {
				t.Errorf("%v: %d %s, want field %s", body, a.Status, a.Body, field)
			}
		}
		if o.Get(path).OK().Text("name") != "After" {
			t.Error("a refused change was made")
		}
	})
}

func TestOperatorGivesALostAccountAnOwner(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := s.Found(t, "team", "Lost", "owner@lost.example")
		m := c.Invite("member@lost.example", "member", nil)
		op := s.Operator(t)
		op.Post(c.Path("/owners"), obj{"member": m.Member}).Refused(422, "invalid")
		op.Post(c.Path("/owners"), obj{"reason": "they left"}).Refused(422, "invalid")
		c.Owner.Post(c.Path("/owners"), obj{"member": m.Member, "reason": "mine"}).Refused(403, "forbidden")
		promoted := op.Post(c.Path("/owners"), obj{"member": m.Member, "reason": "the founder left"}).OK()
		if promoted.Text("member.role") != "owner" || m.Get("/v1/session").OK().Text("role") != "owner" {
			t.Errorf("not promoted: %s", promoted.Body)
		}
		invited := op.Post(c.Path("/owners"), obj{"email": "new@lost.example", "reason": "the founder left"}).OK()
		if invited.Text("invitation.role") != "owner" || invited.At("member") != nil {
			t.Errorf("not invited: %s", invited.Body)
		}
		event := m.Get(c.Path("/events?action=owner.add")).OK()
		if event.Text("items.0.actor.kind") != "operator" || event.Text("items.0.actor.name") != "From the configuration" || event.Text("items.1.changes.reason.1") != "the founder left" {
			t.Errorf("the trail says %s", event.Body)
		}
	})
}

func TestOperatorListsAccountsPageByPage(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		names := []string{"First", "Second", "Third"}
		for i, n := range names {
			s.Operator(t).Post("/v1/accounts", obj{"name": n, "preset": "team", "owner": obj{"email": "o" + names[i] + "@pages.example", "first_name": "O", "last_name": "P"}}).OK()
		}
		var seen []string
		for cursor, pages := "", 0; pages == 0 || cursor != ""; pages++ {
			page := s.Operator(t).Get("/v1/accounts?limit=2&cursor=" + cursor).OK()
			for i := range page.List("items") {
				seen = append(seen, page.Text("items."+string(rune('0'+i))+".name"))
			}
			cursor = page.Text("next_cursor")
		}
		if !slices.Equal(seen, names) {
			t.Errorf("listed %v", seen)
		}
		for _, bad := range []string{"?limit=0", "?limit=201", "?limit=ten", "?cursor=%21%21", "?cursor=bm9uc2Vuc2U"} {
			if a := s.Operator(t).Get("/v1/accounts" + bad); a.Status != 422 || a.Text("code") != "invalid" {
				t.Errorf("%s: %d %s", bad, a.Status, a.Body)
			}
		}
	})
}

func TestAreasAreKeptByWhoManagesTheAccount(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := s.Found(t, "portal", "Areas", "owner@areas.example")
		o := c.Owner
		m := o.Post(c.Path("/modules"), obj{"key": "radar", "name": "Radar", "admin_only": true}).OK()
		o.Post(c.Path("/modules"), obj{"key": "radar", "name": "Again"}).Refused(409, "module_exists")
		o.Post(c.Path("/modules"), obj{"key": "Ra dar", "name": "Bad"}).Refused(422, "invalid")
		tag := m.Header.Get("ETag")
		one := c.Path("/modules/" + m.Text("id"))
		if a := o.With("If-Match", tag).Patch(one, obj{"name": "Sonar", "admin_only": false}).OK(); a.Text("name") != "Sonar" || a.At("admin_only") != false {
			t.Errorf("changed to %s", a.Body)
		}
		o.With("If-Match", tag).Patch(one, obj{"name": "Late"}).Refused(412, "stale")
		user := c.Invite("user@areas.example", "user", obj{"modules": list{m.Text("id")}})
		if got := user.Get("/v1/session").OK(); len(got.List("modules")) != 1 {
			t.Errorf("the user has %s", got.Body)
		}
		o.Delete(one).Refused(409, "in_use")
		o.Patch(one, obj{"admin_only": true}).OK()
		if got := user.Get("/v1/session").OK(); len(got.List("modules")) != 0 {
			t.Errorf("admin_only did not hold at the next request: %s", got.Body)
		}
		sub := o.Post(c.Path("/sub-accounts"), obj{"name": "North"}).OK()
		o.Post(c.Path("/sub-accounts"), obj{"name": "NORTH"}).Refused(409, "sub_account_exists")
		if a := o.Patch(c.Path("/sub-accounts/"+sub.Text("id")), obj{"name": "South"}).OK(); a.Text("name") != "South" {
			t.Errorf("renamed to %s", a.Body)
		}
		if a := o.Delete(c.Path("/sub-accounts/" + sub.Text("id"))); a.Status != 204 || len(a.Body) != 0 {
			t.Errorf("%d %s", a.Status, a.Body)
		}
		roles := user.Get(c.Path("/roles")).OK()
		if roles.Text("items.0.key") != "admin" || roles.Text("items.1.modules") != "chosen" || roles.At("items.0.administers") != true {
			t.Errorf("roles: %s", roles.Body)
		}
	})
}

// TestTheOperatorFindsNothingInAnAccountThatIsNotThere: an empty list would say
// that there is one.
func TestTheOperatorFindsNothingInAnAccountThatIsNotThere(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		for _, path := range []string{"", "/overview", "/members", "/members.csv", "/invitations", "/departures", "/events", "/roles", "/modules"} {
			s.Operator(t).Get("/v1/accounts/"+missing["account"]+path).Refused(404, "not_found")
		}
	})
}

// TestS5_AnAccountThatLostItsOwnersGetsOne: no door takes the last owner, so they
// are taken behind the server's back.
func TestS5_AnAccountThatLostItsOwnersGetsOne(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := s.Found(t, "team", "Lost", "owner@lost.example")
		heir := c.Invite("heir@lost.example", "member", nil)
		s.Tamper(t, c.ID, `UPDATE members SET role_key = 'member', access_epoch = access_epoch + 1 WHERE account_id = $1`)
		s.SignIn(t, "owner@lost.example").Post(c.Path("/invitations"), obj{"emails": list{"x@lost.example"}}).Refused(403, "forbidden")
		operator := s.Operator(t)
		operator.Post(c.Path("/owners"), obj{"member": heir.Member}).Refused(422, "invalid")
		operator.Post(c.Path("/owners"), obj{"member": heir.Member, "reason": "ticket 4711"}).OK()
		again := s.SignIn(t, "heir@lost.example")
		again.Post(c.Path("/invitations"), obj{"emails": list{"x@lost.example"}, "role": "owner"}).OK()
		if told := again.Get(c.Path("/events?subject=" + heir.Member + "&limit=1")).OK(); told.Text("items.0.actor.kind") != "operator" || !strings.Contains(string(told.Body), "ticket 4711") {
			t.Errorf("the trail says %s", told.Body)
		}
	})
}
