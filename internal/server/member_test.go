package server_test

import (
	"encoding/csv"
	"slices"
	"strings"
	"testing"

	"tenure/internal/mailbox"
	"tenure/internal/server/servertest"
)

func TestMemberIsAddedWithOrWithoutAWelcome(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := s.Found(t, "credits", "Vendor", "owner@vendor.example")
		o := c.Owner
		quiet := o.Post(c.Path("/members"), obj{"first_name": "Quinn", "last_name": "Quiet", "email": "quinn@vendor.example", "active": false}).OK()
		if quiet.Status != 201 || quiet.Text("status") != "inactive" || quiet.Text("role") != "user" || quiet.At("registered_at") != nil {
			t.Errorf("%d %s", quiet.Status, quiet.Body)
		}
		o.Post(c.Path("/members"), obj{"first_name": "Quinn", "last_name": "Again", "email": "QUINN@vendor.example", "active": true}).Refused(409, "email_taken")
		loud := o.Post(c.Path("/members"), obj{"first_name": "Lou", "last_name": "Loud", "email": "lou@vendor.example", "job_title": "Seller", "active": true}).OK()
		in := s.Accept(t, s.Mailed(t, "lou@vendor.example", "/invitation"), "lou@vendor.example")
		if in.Member != loud.Text("id") {
			t.Errorf("the welcome led to %s, not to %s", in.Member, loud.Text("id"))
		}
		if len(s.Box.Messages("quinn@vendor.example")) != 0 {
			t.Error("somebody who is not active was mailed")
		}
		path := c.Path("/members/" + quiet.Text("id"))
		o.Post(path+"/welcome", nil).Refused(409, "member_inactive")
		preview := o.Post(path+"/activate?preview=true", nil).OK()
		if preview.Text("status") != "inactive" || o.Get(path).OK().Text("status") != "inactive" {
			t.Errorf("a preview changed something: %s", preview.Body)
		}
		if a := o.Post(path+"/activate", nil).OK(); a.Text("status") != "active" {
			t.Errorf("%s", a.Body)
		}
		first := s.Mailed(t, "quinn@vendor.example", "/invitation")
		o.Post(path+"/welcome", nil).OK()
		s.Mail(t, "quinn@vendor.example", func(m mailbox.Message) bool { return !strings.Contains(m.Text, first) })
		for range 3 {
			o.Post(path+"/welcome", nil).OK()
		}
		if wait := o.Post(path+"/welcome", nil).Refused(429, "too_many_attempts").Header.Get("Retry-After"); wait == "" {
			t.Error("who floods somebody is not told when to come back")
		}
		s.Nobody(t).Post("/v1/invitations/inspect", obj{"token": first}).Refused(410, "invitation_replaced")
	})
}

func TestMembersAreListedFilteredAndPaged(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := s.Found(t, "credits", "List", "owner@list.example")
		o := c.Owner
		for _, name := range []string{"Åsa", "Bo", "Céline", "Dirk", "Zeno"} {
			o.Post(c.Path("/members"), obj{"first_name": name, "last_name": "Tester", "email": "x" + strings.ToLower(name[len(name)-2:]) + "@list.example", "active": name != "Dirk"}).OK()
		}
		page := func(query string) []string {
			t.Helper()
			var names []string
			a := o.Get(c.Path("/members" + query)).OK()
			for _, m := range a.List("items") {
				names = append(names, m.(map[string]any)["first_name"].(string))
			}
			return names
		}
		for query, want := range map[string][]string{
			"?q=tester":                          {"Åsa", "Bo", "Céline", "Dirk", "Zeno"},
			"?q=celine":                          {"Céline"},
			"?q=%25":                             nil,
			"?status=inactive":                   {"Dirk"},
			"?q=tester&sort=-name":               {"Zeno", "Dirk", "Céline", "Bo", "Åsa"},
			"?q=tester&sort=-created_at&limit=2": {"Zeno", "Dirk"},
			"?role=admin":                        {"Nora"},
			"?mfa=true":                          nil,
			"?q=tester&mfa=false&limit=1":        {"Åsa"},
		} {
			if got := page(query); !slices.Equal(got, want) {
				t.Errorf("%s: %v, want %v", query, got, want)
			}
		}
		first := o.Get(c.Path("/members?q=tester&limit=2")).OK()
		o.Post(c.Path("/members"), obj{"first_name": "Aaron", "last_name": "Tester", "email": "aaron@list.example", "active": true}).OK()
		if got := page("?q=tester&limit=2&cursor=" + first.Text("next_cursor")); !slices.Equal(got, []string{"Céline", "Dirk"}) {
			t.Errorf("the second page moved when somebody was added: %v", got)
		}
		for _, bad := range []string{"?sort=rank", "?status=gone", "?limit=500", "?cursor=x", "?mfa=yes", "?sort=email&cursor=" + first.Text("next_cursor")} {
			if a := o.Get(c.Path("/members" + bad)); a.Status != 422 || a.Text("code") != "invalid" || a.Text("errors.0.field") == "" {
				t.Errorf("%s: %d %s", bad, a.Status, a.Body)
			}
		}
	})
}

// TestSpreadsheetRunsNothing: what somebody typed as their name is no formula.
func TestSpreadsheetRunsNothing(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := s.Found(t, "credits", "CSV", "owner@csv.example")
		c.Owner.Post(c.Path("/members"), obj{"first_name": "=HYPERLINK(\"http://evil.example\")", "last_name": "+1", "email": "csv@csv.example", "job_title": "a \"b\", c", "active": false}).OK()
		a := c.Owner.Get(c.Path("/members.csv?status=inactive")).OK()
		if got := a.Header.Get("Content-Type"); got != "text/csv; charset=utf-8" {
			t.Errorf("Content-Type %s", got)
		}
		rows, err := csv.NewReader(strings.NewReader(string(a.Body))).ReadAll()
		if err != nil || len(rows) != 2 {
			t.Fatalf("%v in %s", err, a.Body)
		}
		if rows[1][2] != "'=HYPERLINK(\"http://evil.example\")" || rows[1][3] != "'+1" || rows[1][4] != "a \"b\", c" {
			t.Errorf("cells %q", rows[1])
		}
	})
}

func TestRightsHoldAtTheNextRequest(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := s.Found(t, "portal", "Rights", "owner@next.example")
		o, modules := c.Owner, c.Modules()
		user := c.Invite("user@next.example", "user", obj{"modules": modules[:1]})
		path := c.Path("/members/" + user.Member)
		user.Get(c.Path("/members")).Refused(403, "forbidden")
		o.Patch(path, obj{"role": "admin", "modules": list{}}).OK()
		user.Get(c.Path("/members")).OK()
		o.Patch(path, obj{"role": "user"}).Refused(422, "module_required")
		o.Patch(path, obj{"role": "user", "modules": modules[1:3]}).OK()
		user.Get(c.Path("/members")).Refused(403, "forbidden")
		if got := user.Get("/v1/session").OK(); len(got.List("modules")) != 2 {
			t.Errorf("modules after the change: %s", got.Body)
		}
		for _, m := range o.Get(c.Path("/modules")).OK().List("items") {
			if module := m.(map[string]any); module["admin_only"] == true {
				o.Patch(path, obj{"modules": list{module["id"]}}).Refused(403, "module_admin_only")
			}
		}
		o.Patch(path, obj{"role": "king"}).Refused(422, "invalid")
		o.Patch(path, obj{"status": "inactive"}).Refused(422, "unknown_field")
		o.Patch(path, obj{"user_id": "usr_1"}).Refused(422, "unknown_field")
		stale := o.Get(path).OK().Header.Get("ETag")
		o.Patch(path, obj{"job_title": "Planner"}).OK()
		o.With("If-Match", stale).Patch(path, obj{"job_title": "Late"}).Refused(412, "stale")
		if a := o.Patch(path, obj{"job_title": nil}).OK(); a.Text("job_title") != "" {
			t.Errorf("null did not empty: %s", a.Body)
		}
		o.Patch(c.Path("/members/"+o.Member), obj{"role": "user", "modules": modules[:1]}).Refused(409, "last_owner")
		many := o.Patch(c.Path("/members"), obj{"members": list{user.Member, o.Member, missing["member"]}, "role": "user", "modules": modules[:1]}).OK()
		if many.Text("results.0.verdict") != "changed" || many.Text("results.1.verdict") != "last_owner" || many.Text("results.2.verdict") != "not_found" {
			t.Errorf("many: %s", many.Body)
		}
	})
}

func TestSessionsOfAMemberAreListedAndEnded(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := s.Found(t, "team", "Devices", "owner@devices.example")
		m := c.Invite("member@devices.example", "member", nil)
		other := s.SignIn(t, "member@devices.example")
		path := c.Path("/members/" + m.Member + "/sessions")
		seen := c.Owner.Get(path).OK()
		if len(seen.List("items")) != 2 || strings.Contains(string(seen.Body), m.Token()) || strings.Contains(string(seen.Body), "tn_") {
			t.Fatalf("sessions: %s", seen.Body)
		}
		own := other.Get("/v1/me/sessions").OK()
		for _, d := range own.List("items") {
			if device := d.(map[string]any); device["current"] == true {
				if a := c.Owner.Delete(path + "/" + device["id"].(string)); a.Status != 204 {
					t.Errorf("%d %s", a.Status, a.Body)
				}
			}
		}
		other.Get("/v1/session").Refused(401, "unauthenticated")
		m.Get("/v1/session").OK()
		if a := c.Owner.Delete(path).OK(); a.Number("ended") != 1 {
			t.Errorf("%s", a.Body)
		}
		m.Get("/v1/session").Refused(401, "unauthenticated")
		m.Get(path).Refused(401, "unauthenticated")
	})
}

// TestAChangeThatIsRefusedChangesNothing: name, role and address are one change.
// The last address is asked for more often than mails go out.
func TestAChangeThatIsRefusedChangesNothing(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := s.Found(t, "team", "Whole", "owner@whole.example")
		o := c.Owner
		waiting := o.Post(c.Path("/members"), obj{"first_name": "Wim", "last_name": "Wacht", "email": "wim@whole.example", "active": true}).OK().Text("id")
		asleep := c.Invite("ida@whole.example", "member", nil).Member
		plan := o.Post(c.Path("/departures"), obj{"members": list{asleep}, "kind": "deactivate"}).OK()
		o.Post(c.Path("/departures/"+plan.Text("id")+"/apply"), obj{"digest": plan.Text("digest")}).OK()
		often := c.Invite("olga@whole.example", "member", nil).Member
		for i := range 4 {
			o.Patch(c.Path("/members/"+often), obj{"email": "olga" + string(rune('a'+i)) + "@whole.example"}).OK()
		}
		for who, refused := range map[string]struct {
			status int
			code   string
		}{waiting: {409, "not_registered"}, asleep: {409, "member_inactive"}, often: {429, "too_many_attempts"}} {
			path := c.Path("/members/" + who)
			before, seq := o.Get(path).OK(), o.Get(c.Path("/events?limit=1")).OK().Number("items.0.seq")
			o.Patch(path, obj{"role": "owner", "phone": "+31 6 1234 5678", "job_title": "Head", "email": "else@whole.example"}).Refused(refused.status, refused.code)
			after, then := o.Get(path).OK(), o.Get(c.Path("/events?limit=1")).OK().Number("items.0.seq")
			if string(after.Body) != string(before.Body) || then != seq {
				t.Errorf("%s: event %v and %s, before %v and %s", refused.code, then, after.Body, seq, before.Body)
			}
		}
	})
}
