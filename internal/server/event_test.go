package server_test

import (
	"strings"
	"testing"

	"tenure/internal/server/servertest"
)

func TestTrailIsListedFilteredAndNamed(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := s.Found(t, "team", "Trail", "owner@trail.example")
		m, o := c.Invite("maria@trail.example", "member", nil), c.Owner
		o.With("X-Request-Id", "req-for-the-trail").Patch(c.Path("/members/"+m.Member), obj{"job_title": "Planner"}).OK()
		plan := o.Post(c.Path("/departures"), obj{"members": list{m.Member}, "kind": "deactivate"}).OK()
		o.Post(c.Path("/departures/"+plan.Text("id")+"/apply"), obj{"digest": plan.Text("digest")}).OK()

		all := o.Get(c.Path("/events?limit=200")).OK()
		events := all.List("items")
		for i := 1; i < len(events); i++ {
			newer, older := events[i-1].(map[string]any), events[i].(map[string]any)
			if newer["seq"].(float64) != older["seq"].(float64)+1 || newer["prev"] != older["hash"] {
				t.Fatalf("a gap between %v and %v", newer, older)
			}
		}
		update := o.Get(c.Path("/events?action=member.update")).OK()
		if update.Text("items.0.actor.name") != "Nora New" || update.Text("items.0.subject.name") != "Nora New" || update.Text("items.0.request_id") != "req-for-the-trail" ||
			update.Text("items.0.changes.job_title.1") != "Planner" || update.Text("items.0.ip") != "127.0.0.1" {
			t.Errorf("%s", update.Body)
		}
		if applied := o.Get(c.Path("/events?action=departure.apply")).OK(); applied.Text("items.0.subject.name") != "Nora New" {
			t.Errorf("a departure without a name: %s", applied.Body)
		}
		for query, want := range map[string]string{
			"?action=departure.": "departure.", "?action=invitation.": "invitation.", "?subject=" + m.Member + "&action=member.": "member.", "?actor=" + o.Member + "&action=departure.": "departure.",
		} {
			a := o.Get(c.Path("/events" + query)).OK()
			if len(a.List("items")) == 0 {
				t.Errorf("%s finds nothing", query)
			}
			for _, e := range a.List("items") {
				if action := e.(map[string]any)["action"].(string); !strings.HasPrefix(action, want) {
					t.Errorf("%s finds %s", query, action)
				}
			}
		}
		if a := o.Get(c.Path("/events?until=2000-01-01T00:00:00Z")).OK(); len(a.List("items")) != 0 {
			t.Errorf("%s", a.Body)
		}
		page := o.Get(c.Path("/events?limit=3")).OK()
		if next := o.Get(c.Path("/events?limit=3&cursor=" + page.Text("next_cursor"))).OK(); next.Number("items.0.seq") != page.Number("items.2.seq")-1 {
			t.Errorf("the next page begins at %v", next.At("items.0.seq"))
		}
		for _, bad := range []string{"?since=yesterday", "?cursor=x", "?limit=0", "?who=1"} {
			if a := o.Get(c.Path("/events" + bad)); a.Status != 422 {
				t.Errorf("%s: %d %s", bad, a.Status, a.Body)
			}
		}
	})
}

// TestWhoMayNotReadTheTrailReadsTheirOwnPart: what was done to or by themselves.
func TestWhoMayNotReadTheTrailReadsTheirOwnPart(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := s.Found(t, "team", "Own", "owner@own.example")
		m := c.Invite("maria@own.example", "member", nil)
		m.Get(c.Path("/events")).Refused(403, "forbidden")
		m.Get(c.Path("/events?subject="+c.Owner.Member)).Refused(403, "forbidden")
		for _, thing := range []string{"pin/17", "night-shift", "Größe%2012%C2%B2"} { // what a host app or an account calls its things
			c.Owner.Get(c.Path("/events?subject=" + thing)).OK()
		}
		c.Owner.Get(c.Path("/events?subject=line%0Abreak")).Refused(422, "invalid")
		if a := m.Get(c.Path("/events?subject=" + m.Member)).OK(); len(a.List("items")) == 0 {
			t.Errorf("nothing of their own: %s", a.Body)
		}
	})
}

// TestOnlyWhoReadsTheTrailSeesFromWhereOthersActed: an administrator's address
// is no part of what was done to a member.
func TestOnlyWhoReadsTheTrailSeesFromWhereOthersActed(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := s.Found(t, "team", "Where", "owner@where.example")
		m := c.Invite("maria@where.example", "member", nil)
		c.Owner.Patch(c.Path("/members/"+m.Member), obj{"job_title": "Planner"}).OK()
		m.Patch("/v1/me", obj{"job_title": "Chief planner"}).OK()
		path := c.Path("/events?action=member.update&subject=" + m.Member)
		for _, reader := range []struct {
			client     *servertest.Client
			own, other string
		}{{m.Client, "127.0.0.1", ""}, {c.Owner.Client, "127.0.0.1", "127.0.0.1"}} {
			a := reader.client.Get(path).OK()
			if a.Text("items.0.actor.id") != m.Member || a.Text("items.0.ip") != reader.own || a.Text("items.1.actor.id") != c.Owner.Member || a.Text("items.1.ip") != reader.other {
				t.Errorf("%s", a.Body)
			}
		}
	})
}
