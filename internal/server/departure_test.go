package server_test

import (
	"crypto/ed25519"
	"encoding/base64"

	"strings"
	"testing"
	"time"

	"tenure/internal/server/servertest"
)

func TestDepartureIsPlannedAppliedAndUndone(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := s.Found(t, "team", "Leave", "owner@leave.example")
		m, o := c.Invite("maria@leave.example", "member", nil), c.Owner
		plan := o.Post(c.Path("/departures"), obj{"members": list{m.Member}, "kind": "deactivate"}).OK()
		if plan.Status != 201 || plan.Text("state") != "draft" || len(plan.List("blockers")) != 0 || plan.Text("members.0") != m.Member {
			t.Errorf("%d %s", plan.Status, plan.Body)
		}
		m.Get("/v1/session").OK() // a plan changes nothing
		path := c.Path("/departures/" + plan.Text("id"))
		o.Post(path+"/apply", obj{"digest": "0000"}).Refused(409, "plan_changed")
		o.Get(path+"/receipt").Refused(409, "departure_open")
		receipt := o.Post(path+"/apply", obj{"digest": plan.Text("digest")}).OK()
		m.Get("/v1/session").Refused(401, "unauthenticated")
		if receipt.Number("members.0.sessions_ended") != 1 || receipt.Text("members.0.email") != "maria@leave.example" || receipt.Text("by.id") != o.Member {
			t.Errorf("the receipt says %s", receipt.Body)
		}
		if again := o.Post(path+"/apply", obj{"digest": plan.Text("digest")}).OK(); string(again.Body) != string(receipt.Body) {
			t.Errorf("a repeated call gave another receipt: %s", again.Body)
		}
		if kept := o.Get(path + "/receipt").OK(); string(kept.Body) != string(receipt.Body) {
			t.Errorf("the receipt kept is %s", kept.Body)
		}
		s.Nobody(t).Post("/v1/sign-in", obj{"email": "maria@leave.example", "password": servertest.Password}).Refused(409, "member_inactive")
		if undone := o.Post(path+"/undo", nil).OK(); undone.Text("state") != "undone" {
			t.Errorf("%s", undone.Body)
		}
		m.Get("/v1/session").Refused(401, "unauthenticated") // what ended stays ended
		s.SignIn(t, "maria@leave.example").Get("/v1/session").OK()
		o.Post(path+"/undo", nil).Refused(409, "departure_over")
		if a := o.Get(c.Path("/departures?state=undone&member=" + m.Member)).OK(); len(a.List("items")) != 1 {
			t.Errorf("%s", a.Body)
		}
	})
}

func TestSeveralLeaveInOneCallAndAreFollowed(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := s.Found(t, "team", "Many", "owner@many.example")
		o, jo, al := c.Owner, c.Invite("jo@many.example", "member", nil), c.Invite("al@many.example", "member", nil)
		plan := o.Post(c.Path("/departures"), obj{"members": list{jo.Member, al.Member}, "kind": "remove"}).OK()
		path := c.Path("/departures/" + plan.Text("id"))
		begun := o.Post(path+"/apply", obj{"digest": plan.Text("digest")}).OK()
		if begun.Status != 202 || begun.Number("progress.total") != 2 || begun.Header.Get("ETag") == "" {
			t.Fatalf("%d %s", begun.Status, begun.Body)
		}
		gone := carried(t, o.Client, path)
		if gone.Text("state") != "applied" || gone.Number("progress.done") != 2 || gone.Text("results.1.verdict") != "applied" || gone.Text("results.1.member") != al.Member ||
			gone.At("undoable") != true || gone.At("under_way") != false || gone.Number("member_count") != 2 || gone.Text("people.1.member") != al.Member || gone.Text("people.1.name") == "" {
			t.Errorf("%s", gone.Body)
		}
		jo.Get("/v1/session").Refused(401, "unauthenticated")
		receipt := o.Get(path + "/receipt").OK()
		if again := o.Post(path+"/apply", obj{"digest": plan.Text("digest")}).OK(); again.Status != 200 || string(again.Body) != string(receipt.Body) {
			t.Errorf("%d %s", again.Status, again.Body)
		}
		undo := o.With("Idempotency-Key", "undo")
		if begun := undo.Post(path+"/undo", nil).OK(); begun.Status != 202 || begun.Text("state") != "undone" || begun.Number("progress.total") != 2 || begun.Header.Get("ETag") == "" {
			t.Errorf("%d %s", begun.Status, begun.Body)
		}
		back := carried(t, o.Client, path)
		if back.Number("progress.done") != 2 || back.Text("results.0.verdict") != "undone" || back.Text("results.1.verdict") != "undone" {
			t.Errorf("%s", back.Body)
		}
		if again := undo.Post(path+"/undo", nil).OK(); again.Status != 200 || string(again.Body) != string(back.Body) {
			t.Errorf("%d %s", again.Status, again.Body)
		}
		s.SignIn(t, "al@many.example").Get("/v1/session").OK()

		later := o.Post(c.Path("/departures"), obj{"members": list{jo.Member}, "kind": "deactivate"}).OK()
		path = c.Path("/departures/" + later.Text("id"))
		at := time.Now().Add(48 * time.Hour).UTC().Format(time.RFC3339)
		if set := o.Post(path+"/apply", obj{"digest": later.Text("digest"), "at": at}).OK(); set.Status != 202 || set.Text("state") != "scheduled" || set.Text("at") != at {
			t.Errorf("%d %s", set.Status, set.Body)
		}
		o.Post(path+"/apply", obj{"digest": later.Text("digest"), "at": "2199-01-01T00:00:00Z"}).Refused(422, "invalid")
		o.Post(c.Path("/departures"), obj{"members": list{jo.Member}, "kind": "remove"}).Refused(409, "departure_open")
		o.Delete(path)
		o.Post(c.Path("/departures"), obj{"members": list{jo.Member, jo.Member}, "kind": "remove"}).Refused(422, "invalid")
	})
}

// carried waits until a departure of several is carried out, or undone.
func carried(t *testing.T, c *servertest.Client, path string) (now *servertest.Answer) {
	t.Helper()
	waitFor(t, func() bool {
		now = c.Get(path).OK()
		return now.At("under_way") == false
	})
	return now
}

// TestATimeFinerThanTheStoreKeepsIsApplied: the digest is of what is kept.
func TestATimeFinerThanTheStoreKeepsIsApplied(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := s.Found(t, "team", "Fine", "owner@fine.example")
		m := c.Invite("maria@fine.example", "member", nil)
		at := s.Clock.Now().Add(48 * time.Hour).UTC().Truncate(time.Second).Add(123456789)
		plan := c.Owner.Post(c.Path("/departures"), obj{"members": list{m.Member}, "kind": "deactivate", "at": at}).OK()
		set := c.Owner.Post(c.Path("/departures/"+plan.Text("id")+"/apply"), obj{"digest": plan.Text("digest")}).OK()
		if set.Status != 202 || set.Text("at") != at.Truncate(time.Microsecond).Format(time.RFC3339Nano) {
			t.Errorf("%d %s", set.Status, set.Body)
		}
	})
}

// TestDecisionsOnAnOlderPlanAreRefused: a plan has an ETag like every object.
func TestDecisionsOnAnOlderPlanAreRefused(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := s.Found(t, "team", "Versions", "owner@versions.example")
		m := c.Invite("maria@versions.example", "member", nil)
		plan := c.Owner.Post(c.Path("/departures"), obj{"members": list{m.Member}, "kind": "deactivate"}).OK()
		path, first := c.Path("/departures/"+plan.Text("id")), plan.Header.Get("ETag")
		if read := c.Owner.Get(path).OK().Header.Get("ETag"); first == "" || read != first {
			t.Errorf("made with %q, read with %q", first, read)
		}
		decided := c.Owner.With("If-Match", first).Patch(path, obj{"kind": "remove"}).OK()
		if second := decided.Header.Get("ETag"); second == first || c.Owner.Get(path).OK().Header.Get("ETag") != second {
			t.Errorf("decided with %q, after %q", second, first)
		}
		c.Owner.With("If-Match", first).Patch(path, obj{"kind": "deactivate"}).Refused(412, "stale")
		c.Owner.With("If-Match", `"soon"`).Patch(path, obj{"kind": "deactivate"}).Refused(412, "stale")
		if kind := c.Owner.Get(path).OK().Text("kind"); kind != "remove" {
			t.Errorf("the refused decision was taken: %s", kind)
		}
	})
}

// TestReceiptIsVerifiedWithThePublishedKey does what a program of somebody else
// would do, offline.
func TestReceiptIsVerifiedWithThePublishedKey(t *testing.T) {
	s := servertest.Start(t, "sqlite")
	c := s.Found(t, "team", "Receipt", "owner@receipt.example")
	m := c.Invite("r&d@receipt.example", "member", nil)
	plan := c.Owner.Post(c.Path("/departures"), obj{"members": list{m.Member}, "kind": "remove"}).OK()
	raw := c.Owner.Post(c.Path("/departures/"+plan.Text("id")+"/apply"), obj{"digest": plan.Text("digest")}).OK()
	keys := s.Nobody(t).Get("/.well-known/tenure-keys.json").OK()
	key, err := base64.RawURLEncoding.DecodeString(keys.Text("keys.0.x"))
	if err != nil || keys.Text("keys.0.kid") != raw.Text("key_id") {
		t.Fatalf("%v, keys %s", err, keys.Body)
	}
	signature, err := base64.StdEncoding.DecodeString(raw.Text("signature"))
	if err != nil {
		t.Fatal(err)
	}
	signed := strings.TrimSpace(strings.Replace(string(raw.Body), raw.Text("signature"), "", 1))
	if !ed25519.Verify(key, []byte(signed), signature) {
		t.Errorf("the signature does not hold over %s", signed)
	}
	if ed25519.Verify(key, []byte(strings.Replace(signed, `"sessions_ended":1`, `"sessions_ended":2`, 1)), signature) {
		t.Error("the signature holds for another receipt")
	}
}

func TestLastOwnerStaysAtEveryDoor(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := s.Found(t, "team", "Last", "owner@last.example")
		o, op := c.Owner, s.Operator(t)
		for _, by := range []*servertest.Client{o.Client, op} {
			plan := by.Post(c.Path("/departures"), obj{"members": list{o.Member}, "kind": "deactivate"}).OK()
			if plan.Text("blockers.0.code") != "last_owner" {
				t.Errorf("blockers: %s", plan.Body)
			}
			refused := by.Post(c.Path("/departures/"+plan.Text("id")+"/apply"), obj{"digest": plan.Text("digest")}).Refused(409, "blocked")
			if refused.Text("blockers.0.code") != "last_owner" {
				t.Errorf("%s", refused.Body)
			}
			by.Post(c.Path("/members/"+o.Member+"/suspend"), nil).Refused(409, "last_owner")
			by.Patch(c.Path("/members/"+o.Member), obj{"role": "member"}).Refused(409, "last_owner")
		}
		o.Get("/v1/session").OK()
	})
}

func TestSuspendingEndsAccessAndLeavesTheRest(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := s.Found(t, "team", "Suspend", "owner@suspend.example")
		m, o := c.Invite("maria@suspend.example", "member", nil), c.Owner
		first := o.Post(c.Path("/members/"+m.Member+"/suspend"), nil).OK()
		m.Get("/v1/session").Refused(401, "unauthenticated")
		if first.Text("member.status") != "suspended" || first.Text("departure.state") != "settling" {
			t.Errorf("%s", first.Body)
		}
		again := o.Post(c.Path("/members/"+m.Member+"/suspend"), nil).OK()
		if again.Text("departure.id") != first.Text("departure.id") {
			t.Errorf("another departure: %s", again.Body)
		}
		o.Post(c.Path("/departures"), obj{"members": list{m.Member}, "kind": "remove"}).Refused(409, "departure_open")
		path := c.Path("/departures/" + first.Text("departure.id"))
		o.Delete(path).Refused(409, "departure_open")
		decided := o.Patch(path, obj{"kind": "remove", "decisions": obj{"invitations": obj{"withdraw": true}}}).OK()
		if decided.Text("kind") != "remove" || decided.At("decisions.invitations.withdraw") != true {
			t.Errorf("%s", decided.Body)
		}
		o.Patch(path, obj{"decisions": obj{"cake": true}}).Refused(422, "unknown_field")
		if a := o.Patch(path, obj{"decisions": obj{"invitations": nil}}).OK(); a.At("decisions.invitations") != nil {
			t.Errorf("null did not take the decision back: %s", a.Body)
		}
		if a := o.Post(c.Path("/members/"+m.Member+"/activate"), nil).OK(); a.Text("status") != "active" {
			t.Errorf("%s", a.Body)
		}
		if a := o.Get(path).OK(); a.Text("state") != "discarded" {
			t.Errorf("%s", a.Body)
		}
		m.Get("/v1/session").Refused(401, "unauthenticated")
	})
}

func TestRemovedAddressIsFreeAtOnce(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := s.Found(t, "team", "Remove", "owner@remove.example")
		m, o := c.Invite("maria@remove.example", "member", nil), c.Owner
		o.Post(c.Path("/departures"), obj{"members": list{m.Member}, "kind": "delete"}).Refused(409, "kind_not_offered")
		draft := o.Post(c.Path("/departures"), obj{"members": list{m.Member}, "kind": "remove"}).OK()
		if a := o.Delete(c.Path("/departures/" + draft.Text("id"))); a.Status != 204 {
			t.Errorf("%d %s", a.Status, a.Body)
		}
		plan := o.Post(c.Path("/departures"), obj{"members": list{m.Member}, "kind": "remove"}).OK()
		path := c.Path("/departures/" + plan.Text("id"))
		o.Post(path+"/apply", obj{"digest": plan.Text("digest")}).OK()
		o.Get(c.Path("/members/"+m.Member)).Refused(404, "not_found")
		o.Post(c.Path("/departures"), obj{"members": list{m.Member}, "kind": "delete"}).Refused(404, "not_found")
		again := o.Post(c.Path("/invitations"), obj{"emails": list{"maria@remove.example"}}).OK()
		if again.Text("results.0.verdict") != "invited" {
			t.Errorf("%s", again.Body)
		}
		s.Clock.Set(s.Clock.Now().Add(25 * time.Hour))
		o = s.SignIn(t, "owner@remove.example")
		o.Post(path+"/undo", nil).Refused(410, "undo_closed")
	})
}

// TestF3_AccessEndsAtTheConfirmation: before anything else is asked, on every
// device; whoever stops there leaves them out, and their pins with them.
func TestF3_AccessEndsAtTheConfirmation(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		f := newTerritory(t, s, 2)
		phone := s.SignIn(t, "leaver@acme.example")
		ended := f.Owner.Post(f.Path("/members/"+f.leaver.Member+"/suspend"), nil).OK()
		for _, device := range []*servertest.Person{f.leaver, phone} {
			device.Get("/v1/session").Refused(401, "unauthenticated")
			device.Get(f.Path("/resources")).Refused(401, "unauthenticated")
		}
		s.Nobody(t).Post("/v1/sign-in", obj{"email": "leaver@acme.example", "password": servertest.Password}).Refused(409, "member_inactive")
		if ended.Text("member.status") != "suspended" || ended.Text("departure.state") != "settling" || ended.Text("departure.needed.0.code") != "decision_required" {
			t.Errorf("%s", ended.Body)
		}
		if got := f.owners(t); got != "0 leaver, 1 leaver" {
			t.Errorf("the pins: %s", got)
		}
	})
}
