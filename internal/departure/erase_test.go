package departure_test

import (
	"context"
	"crypto/ed25519"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"tenure/internal/access"
	"tenure/internal/address"
	"tenure/internal/audit"
	"tenure/internal/db"
	"tenure/internal/db/dbtest"
	"tenure/internal/departure"
	"tenure/internal/id"
	"tenure/internal/member"
	"tenure/internal/user"
)

func TestARemovedPersonIsErasedWhenUndoIsOver(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		h := build(t, d, clock, "team")
		jo := h.join(t, "member", "jo@example.com")
		r := h.leave(t, jo.ID, departure.Remove)
		clock.Add(25 * time.Hour)
		if err := h.Purge(t.Context(), h.account, string(r.Departure)); err != nil {
			t.Fatal(err)
		}
		if err := h.Purge(t.Context(), h.account, string(r.Departure)); err != nil {
			t.Errorf("a second time: %v", err)
		}
		m := h.get(t, jo.ID)
		if m.Email != "" || m.FirstName != "" || m.Phone != "" || m.User != "" || m.Name() != "" {
			t.Errorf("member = %+v", m)
		}
		h.read(t, func(tx *db.Tx) error {
			_, err := user.Get(t.Context(), tx, jo.User)
			want(t, err, "not_found")
			entries, err := audit.List(t.Context(), tx, h.account, audit.Filter{Subject: string(jo.ID), Limit: 100})
			for _, e := range entries {
				for field, pair := range e.Changes {
					for _, v := range pair {
						if s, _ := v.(string); s == "jo@example.com" || s == "Jansen" {
							t.Errorf("%s still says %s = %s", e.Action, field, s)
						}
					}
				}
			}
			return err
		})
		_, err := h.Receipt(t.Context(), h.owner, h.account, r.Departure)
		want(t, err, "receipt_erased")
		h.read(t, func(tx *db.Tx) error {
			_, defects, err := audit.Verify(t.Context(), tx, h.account)
			if len(defects) > 0 {
				t.Errorf("defects = %v", defects)
			}
			return err
		})
	})
}

func TestAnUndoneRemovalIsNotErased(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		h := build(t, d, clock, "team")
		jo := h.join(t, "member", "jo@example.com")
		r := h.leave(t, jo.ID, departure.Remove)
		if _, err := h.Undo(t.Context(), h.owner, h.account, r.Departure); err != nil {
			t.Fatal(err)
		}
		if err := h.Purge(t.Context(), h.account, string(r.Departure)); err != nil {
			t.Fatal(err)
		}
		if m := h.get(t, jo.ID); m.Email != "jo@example.com" || m.Status != member.Active {
			t.Errorf("member = %+v", m)
		}
	})
}

func TestDeletedMeansErasedAtOnce(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		h := build(t, d, clock, "credits")
		jo := h.join(t, "user", "jo@example.com")
		r := h.leave(t, jo.ID, departure.Delete)
		if m := h.get(t, jo.ID); m.Status != member.Deleted || m.Email != "" || m.User != "" {
			t.Errorf("member = %+v", m)
		}
		if r.Members[0].Email != "jo@example.com" {
			t.Errorf("the receipt in hand = %+v", r)
		}
		_, err := h.Undo(t.Context(), h.owner, h.account, r.Departure)
		want(t, err, "undo_closed")
		_, err = h.Plan(t.Context(), h.owner, h.account, departure.Order{Members: []id.Member{h.owner.Member}, Kind: departure.Remove})
		want(t, err, "kind_not_offered")
	})
}

func TestOlderReceiptsAreErasedWithThePerson(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		h := build(t, d, clock, "team")
		jo := h.join(t, "member", "jo@example.com")
		first := h.leave(t, jo.ID, departure.Deactivate)
		if _, _, err := h.Activate(t.Context(), h.owner, h.account, jo.ID, false); err != nil {
			t.Fatal(err)
		}
		last := h.leave(t, jo.ID, departure.Remove)
		clock.Add(25 * time.Hour)
		if err := h.Purge(t.Context(), h.account, string(last.Departure)); err != nil {
			t.Fatal(err)
		}
		for _, r := range []departure.Receipt{first, last} {
			_, err := h.Receipt(t.Context(), h.owner, h.account, r.Departure)
			want(t, err, "receipt_erased")
		}
	})
}

// countingSigner counts what it signs.
type countingSigner struct {
	key    departure.Signer
	signed int
}

func (s *countingSigner) Signer() ed25519.PrivateKey {
	s.signed++
	return s.key.Signer()
}

func (s *countingSigner) KeyID() string { return s.key.KeyID() }

func TestWhoLeftTogetherTwiceIsTakenOutOfBothReceiptsInOneWrite(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		h := build(t, d, clock, "team")
		members := h.crowd(t, "member", 4)
		signer := &countingSigner{key: h.keeper}
		h.Passage = departure.New(d, signer, nil, departure.Ways{Forget: func(context.Context, *db.Tx, id.Account, member.Member) ([]string, error) { return nil, nil }})
		before := h.left(t, members, departure.Deactivate)
		for _, m := range members {
			if _, _, err := h.Activate(t.Context(), h.owner, h.account, m, false); err != nil {
				t.Fatal(err)
			}
		}
		last := h.left(t, members[:3], departure.Remove)
		clock.Add(25 * time.Hour)
		signer.signed = 0
		if err := h.Purge(t.Context(), h.account, string(last.ID)); err != nil {
			t.Fatal(err)
		}
		if signer.signed != 2 {
			t.Errorf("%d receipts were signed anew, not each of two once", signer.signed)
		}
		for of, kept := range map[id.Departure]int{before.ID: 1, last.ID: 0} {
			r, err := h.Receipt(t.Context(), h.owner, h.account, of)
			if err != nil || !h.signed(t, r) {
				t.Fatalf("%+v, %v", r, err)
			}
			if named := len(slices.DeleteFunc(r.Members, func(l departure.Left) bool { return l.Email == "" })); named != kept {
				t.Errorf("the receipt names %d, not %d", named, kept)
			}
		}
	})
}

func TestADeletedPersonLeavesNoDecisionThatNamesThem(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		h := build(t, d, clock, "credits")
		jo := h.join(t, "user", "jo@example.com")
		p := h.plan(t, jo.ID, departure.Delete)
		p, err := h.Decide(t.Context(), h.owner, h.account, p.ID, nil, map[string]json.RawMessage{"phone": json.RawMessage(`"+31 6 1122 3344"`)}, 0)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := h.Apply(t.Context(), h.owner, h.account, p.ID, p.Digest); err != nil {
			t.Fatal(err)
		}
		shown, err := h.Get(t.Context(), h.owner, h.account, p.ID)
		if err != nil || len(shown.Decisions) > 0 {
			t.Errorf("decisions = %s, %v", shown.Decisions, err)
		}
		h.read(t, func(tx *db.Tx) error {
			entries, err := audit.List(t.Context(), tx, h.account, audit.Filter{Subject: string(p.ID), Action: "departure.decide", Limit: 10})
			if len(entries) != 1 || entries[0].Changes["phone"][1] != audit.Erased {
				t.Errorf("events = %+v", entries)
			}
			return err
		})
	})
}

func TestTheLastOfTwoPlacesThatAreErasedAtOnceErasesThePerson(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		for round := range 10 {
			h, other := build(t, d, clock, "team"), build(t, d, clock, "team")
			jo := h.join(t, "member", fmt.Sprintf("jo%d@example.com", round))
			email, err := address.Parse(jo.Email)
			if err != nil {
				t.Fatal(err)
			}
			var there member.Member
			if err := d.Write(t.Context(), other.account, func(tx *db.Tx) (err error) {
				there, err = member.Create(t.Context(), tx, access.BySystem(), member.New{Account: other.account, Email: email, Locale: "en", Role: "member", Active: true, User: jo.User})
				return err
			}); err != nil {
				t.Fatal(err)
			}
			leavings := map[*house]departure.Receipt{h: h.leave(t, jo.ID, departure.Remove), other: other.leave(t, there.ID, departure.Remove)}
			clock.Add(25 * time.Hour)
			var both sync.WaitGroup
			for of, r := range leavings {
				both.Go(func() {
					if err := of.Purge(t.Context(), of.account, string(r.Departure)); err != nil {
						t.Error(err)
					}
				})
			}
			both.Wait()
			h.read(t, func(tx *db.Tx) error {
				_, err := user.Get(t.Context(), tx, jo.User)
				want(t, err, "not_found")
				return nil
			})
		}
	})
}
