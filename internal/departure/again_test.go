package departure_test

import (
	"errors"
	"reflect"
	"testing"
	"time"

	"tenure/internal/db"
	"tenure/internal/db/dbtest"
	"tenure/internal/departure"
	"tenure/internal/holding"
	"tenure/internal/id"
)

// Whoever cannot know whether a call arrived sends it again, also while a job is
// at it, and after everybody it is about is gone.
func TestApplyingAgainGivesTheSameAnswerWhenTheyAreGone(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		h := build(t, d, clock, "credits")
		p := h.plan(t, h.join(t, "user", "jo@example.com").ID, departure.Delete)
		first, err := h.Apply(t.Context(), h.owner, h.account, p.ID, p.Digest)
		if err != nil || first.Members[0].Email != "jo@example.com" {
			t.Fatalf("%+v, %v", first, err)
		}
		again, err := h.Apply(t.Context(), h.owner, h.account, p.ID, p.Digest)
		if err != nil || !h.signed(t, again) || again.Members[0].Email != "" || again.Members[0].Member != first.Members[0].Member || again.ChainHead != first.ChainHead {
			t.Errorf("%+v, %v", again, err)
		}
		if kept, err := h.Outcome(t.Context(), h.owner, h.account, p.ID); err != nil || !reflect.DeepEqual(*kept.Receipt, again) {
			t.Errorf("%+v, %v", kept, err)
		}
		want(t, h.Discard(t.Context(), h.owner, h.account, p.ID, 0), "departure_over")
		_, err = h.Decide(t.Context(), h.owner, h.account, p.ID, nil, nil, 0)
		want(t, err, "departure_over")
		_, err = h.Undo(t.Context(), h.owner, h.account, p.ID)
		want(t, err, "undo_closed")
	})
}

func TestApplyingAgainWhileAJobIsAtItSaysHowFarItIs(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		h := build(t, d, clock, "team")
		members := h.crowd(t, "member", 3)
		h.Passage = departure.New(d, h.keeper, []holding.Holding{stubborn{fails: func(m id.Member) error {
			if m == members[2] {
				return errors.New("the lights went out")
			}
			return nil
		}}}, departure.Ways{})
		p := h.set(t, h.owner, departure.Order{Members: members, Kind: departure.Remove})
		if err := h.Carry(t.Context(), h.account, string(p.ID)); err == nil {
			t.Fatal("it was not cut short")
		}
		if again, err := h.Passage.Apply(t.Context(), h.owner, h.account, p.ID, p.Digest, time.Time{}); err != nil || again.Plan.Done() != 2 || !again.Plan.UnderWay() {
			t.Errorf("%+v, %v", again, err)
		}
		want(t, h.Discard(t.Context(), h.owner, h.account, p.ID, 0), "departure_open")
		_, err := h.Decide(t.Context(), h.owner, h.account, p.ID, nil, nil, 0)
		want(t, err, "departure_open")
		_, err = h.Undo(t.Context(), h.owner, h.account, p.ID)
		want(t, err, "departure_open")
	})
}
