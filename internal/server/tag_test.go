package server_test

import (
	"maps"
	"slices"
	"testing"

	"tenure/internal/server/servertest"
)

// untagged is what answers without an ETag, and why.
var untagged = map[string]string{
	"get-session":    "asked on every request of a host app: a digest would cost more than it saves",
	"get-clock":      "another one at every moment",
	"list-keys":      "kept by caches for as long as it says",
	"export-members": "a file",
	"export-events":  "a file",
	"follow-events":  "goes on for ever",
}

// unguarded is what takes no If-Match, and why.
var unguarded = map[string]string{
	"change-members":      "many, each with a verdict of its own",
	"remove-my-factor":    "the code of this moment says which is meant",
	"end-my-sessions":     "all others, whatever they are",
	"end-my-session":      "a session does not change, it ends",
	"end-member-sessions": "all, whatever they are",
	"end-member-session":  "a session does not change, it ends",
}

// TestEveryObjectHasAnETagAndEveryChangeCanBeBasedOnIt walks the description:
// what reads one object gives its ETag and knows it again, what changes one
// takes it.
func TestEveryObjectHasAnETagAndEveryChangeCanBeBasedOnIt(t *testing.T) {
	s := servertest.Start(t, "sqlite")
	c, ids := stocked(t, s, "portal", "tags.example")
	left := c.Invite("left@tags.example", "user", obj{"modules": list{ids["module"]}})
	plan := c.Owner.Post(c.Path("/departures"), obj{"members": list{left.Member}, "kind": "deactivate"}).OK()
	c.Owner.Post(c.Path("/departures/"+plan.Text("id")+"/apply"), obj{"digest": plan.Text("digest")}).OK()
	without := maps.Clone(untagged)
	for _, o := range operations(t, s) {
		switch o.method {
		case "GET":
			if _, excused := without[o.id]; excused {
				delete(without, o.id)
				continue
			}
			at := maps.Clone(ids)
			if o.id == "get-receipt" {
				at["departure"] = plan.Text("id")
			}
			client := c.Owner.Client
			if a := client.Get(o.at(at)); a.Status == 403 {
				client = s.Operator(t)
			}
			checkTag(t, client, o, o.at(at))
		case "PATCH", "DELETE":
			if _, excused := unguarded[o.id]; !excused && !slices.Contains(o.headers, "If-Match") {
				t.Errorf("%s takes no If-Match", o.id)
			}
		}
	}
	for id := range without {
		t.Errorf("%s needs no excuse", id)
	}
}

func checkTag(t *testing.T, client *servertest.Client, o operation, path string) {
	t.Helper()
	first := client.Get(path).OK()
	if first.At("items") != nil {
		return // a list
	}
	tag := first.Header.Get("ETag")
	if tag == "" || !slices.Contains(o.headers, "If-None-Match") {
		t.Errorf("%s answers with the ETag %q and takes %v", o.id, tag, o.headers)
		return
	}
	for _, named := range []string{tag, `"other", W/` + tag, "*"} {
		if again := client.With("If-None-Match", named).Get(path); again.Status != 304 || len(again.Body) > 0 || again.Header.Get("ETag") != tag {
			t.Errorf("%s, known as %s, answers %d %v %s", o.id, named, again.Status, again.Header, again.Body)
		}
	}
	if other := client.With("If-None-Match", `"other"`).Get(path).OK(); other.Header.Get("ETag") != tag {
		t.Errorf("%s: %v %s", o.id, other.Header, other.Body)
	}
}

// TestNothingIsDeletedThatHasChangedSince bases each deletion on an older state.
func TestNothingIsDeletedThatHasChangedSince(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := s.Found(t, "team", "Since", "owner@since.example")
		o, m := c.Owner, c.Invite("leaver@since.example", "member", nil)
		module := o.Post(c.Path("/modules"), obj{"key": "since", "name": "Since"}).OK()
		sub := o.Post(c.Path("/sub-accounts"), obj{"name": "Since"}).OK()
		role := o.Post(c.Path("/roles"), obj{"name": "Since", "rank": 50, "permissions": list{}}).OK()
		_, key := keyOf(t, s, c, o, "members.read")
		plan := o.Post(c.Path("/departures"), obj{"members": list{m.Member}, "kind": "deactivate"}).OK()
		inv := c.Path("/invitations/" + pending(c, "since@since.example"))
		for path, change := range map[string]func(path string) *servertest.Answer{
			c.Path("/modules/" + module.Text("id")):   func(p string) *servertest.Answer { return o.Patch(p, obj{"name": "Changed"}) },
			c.Path("/sub-accounts/" + sub.Text("id")): func(p string) *servertest.Answer { return o.Patch(p, obj{"name": "Changed"}) },
			c.Path("/roles/" + role.Text("key")):      func(p string) *servertest.Answer { return o.Patch(p, obj{"name": "Changed"}) },
			c.Path("/api-keys/" + key):                func(p string) *servertest.Answer { return o.Patch(p, obj{"name": "Changed"}) },
			c.Path("/departures/" + plan.Text("id")):  func(p string) *servertest.Answer { return o.Patch(p, obj{"kind": "remove"}) },
			inv:                                       func(p string) *servertest.Answer { return o.Post(p+"/resend", nil) },
		} {
			before := o.Get(path).OK().Header.Get("ETag")
			change(path).OK()
			o.With("If-Match", before).Delete(path).Refused(412, "stale")
			now := o.Get(path).OK().Header.Get("ETag")
			o.With("If-Match", now).Delete(path).OK()
		}
	})
}

// TestAnETagChangesWithWhatIsShown: the mail of an invitation goes out, and the
// invitation is the same version. Who knows it by its ETag is told.
func TestAnETagChangesWithWhatIsShown(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := s.Found(t, "team", "Shown", "owner@shown.example")
		path := c.Path("/invitations/" + pending(c, "shown@shown.example"))
		before := c.Owner.Get(path).OK().Header.Get("ETag")
		s.Clock.Set(s.Clock.Now().Add(49 * 60 * 60 * 1e9)) // its time is over, and nobody has written that down
		again := s.SignIn(t, "owner@shown.example")
		if now := again.With("If-None-Match", before).Get(path).OK(); now.Text("status") != "expired" {
			t.Errorf("%s", now.Body)
		}
		again.With("If-Match", before).Delete(path).OK() // it is what it was all the same
	})
}
