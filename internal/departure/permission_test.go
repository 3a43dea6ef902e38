package departure_test

import (
	"testing"

	"tenure/internal/access"
	"tenure/internal/db"
	"tenure/internal/db/dbtest"
	"tenure/internal/departure"
	"tenure/internal/fault"
	"tenure/internal/id"
)

// TestWhoMayNotLearnsNothingOfADeparture: neither whether there is one, nor how
// far it has come. Everybody may deal with their own; a key that they made is
// not they.
func TestWhoMayNotLearnsNothingOfADeparture(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		h := build(t, d, clock, "team")
		leaver, other := h.join(t, "member", "leaver@blue.example"), h.join(t, "member", "other@blue.example")
		open, err := h.Plan(t.Context(), h.owner, h.account, departure.Order{Members: []id.Member{leaver.ID}, Kind: departure.Deactivate})
		if err != nil {
			t.Fatal(err)
		}
		closed, err := h.Plan(t.Context(), h.owner, h.account, departure.Order{Members: []id.Member{h.join(t, "member", "gone@blue.example").ID}, Kind: departure.Deactivate})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := h.Apply(t.Context(), h.owner, h.account, closed.ID, closed.Digest); err != nil {
			t.Fatal(err)
		}
		by, key := h.actor(t, other.ID), h.actor(t, leaver.ID)
		key.Kind, key.Key = access.Key, "key_test"
		for _, which := range []id.Departure{open.ID, closed.ID, id.New[id.Departure]()} {
			for name, err := range h.each(t, by, which) {
				if fault.Code(err) != "forbidden" {
					t.Errorf("%s %s without the right: %v, want forbidden", name, which, err)
				}
			}
		}
		for name, err := range h.each(t, key, open.ID) {
			if fault.Code(err) != "forbidden" {
				t.Errorf("%s by a key of the leaver that may not: %v, want forbidden", name, err)
			}
		}
		if _, err := h.Get(t.Context(), h.actor(t, leaver.ID), h.account, open.ID); err != nil {
			t.Errorf("one's own departure: %v", err)
		}
	})
}

// each tries everything there is to do with a departure.
func (h *house) each(t *testing.T, by access.Actor, which id.Departure) map[string]error {
	t.Helper()
	ctx, tried := t.Context(), map[string]error{}
	_, tried["get"] = h.Get(ctx, by, h.account, which)
	_, tried["decide"] = h.Decide(ctx, by, h.account, which, nil, nil, 0)
	_, tried["apply"] = h.Apply(ctx, by, h.account, which, "of another plan")
	_, tried["undo"] = h.Undo(ctx, by, h.account, which)
	_, tried["receipt"] = h.Receipt(ctx, by, h.account, which)
	tried["discard"] = h.Discard(ctx, by, h.account, which, 0)
	return tried
}
