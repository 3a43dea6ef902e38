package departure_test

import (
	"context"
	"slices"
	"testing"

	"tenure/internal/db"
	"tenure/internal/db/dbtest"
	"tenure/internal/departure"
	"tenure/internal/fault"
	"tenure/internal/id"
	"tenure/internal/member"
)

// A member has one departure that waits for them. A plan made before a
// suspension would let them go beside it and leave it waiting for nobody.
func TestAnOlderPlanIsNotAppliedToSomebodySuspended(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		h := build(t, d, clock, "team")
		m := h.join(t, "member", "bo@example.com")
		older := h.plan(t, m.ID, departure.Remove)
		_, waiting, err := h.Suspend(t.Context(), h.owner, h.account, m.ID)
		want(t, err, "")
		for name, refused := range map[string]func() error{
			"apply":  func() error { _, err := h.Apply(t.Context(), h.owner, h.account, older.ID, older.Digest); return err },
			"read":   func() error { _, err := h.Get(t.Context(), h.owner, h.account, older.ID); return err },
			"decide": func() error { _, err := h.Decide(t.Context(), h.owner, h.account, older.ID, nil, nil, 0); return err },
		} {
			err := refused()
			want(t, err, "departure_open")
			if f := fault.As(err); f == nil || f.Extra["departure"] != waiting.ID {
				t.Errorf("%s: %v does not name the departure that waits", name, err)
			}
		}
		want(t, h.Discard(t.Context(), h.owner, h.account, older.ID, 0), "")
		_, err = h.Apply(t.Context(), h.owner, h.account, waiting.ID, waiting.Digest)
		want(t, err, "")
		h.read(t, func(tx *db.Tx) error { return noSettlers(t.Context(), tx, h.account, t) })
		if now := h.get(t, m.ID); now.Status != member.Inactive {
			t.Errorf("they are %s", now.Status)
		}
	})
}

func noSettlers(ctx context.Context, tx *db.Tx, account id.Account, t *testing.T) error {
	settlers, err := departure.Settlers(ctx, tx, account)
	if len(settlers) > 0 {
		t.Errorf("a departure waits for %v", settlers)
	}
	return err
}

func TestThePlanThatChangedIsStillADraft(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		h := build(t, d, clock, "team")
		plan := h.plan(t, h.join(t, "member", "bo@example.com").ID, departure.Deactivate)
		_, err := h.Apply(t.Context(), h.owner, h.account, plan.ID, "another")
		want(t, err, "plan_changed")
		if f := fault.As(err); f == nil || f.Extra["plan"].(departure.Plan).State != departure.Draft {
			t.Errorf("the plan of %v is no draft", err)
		}
	})
}

// Whoever asks a second time for what has just been done is told no earlier than
// the first that no node lets the person in.
func TestAskingAgainTellsTheOtherNodesAgain(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		h := build(t, d, clock, "team")
		m := h.join(t, "member", "bo@example.com")
		told := 0
		d.OnStale(func(_ context.Context, _ *db.Tx, subjects []string) (func(), error) {
			if slices.Contains(subjects, string(m.ID)) {
				told++
			}
			return func() {}, nil
		})
		roster := member.NewRoster(d, nil, member.Ways{})
		var waiting departure.Plan
		for name, ask := range map[string]func() error{
			"change": func() error {
				_, err := roster.Change(t.Context(), h.owner, h.account, m.ID, member.Patch{Role: ptr("member")}, 0)
				return err
			},
			"suspend": func() (err error) { _, waiting, err = h.Suspend(t.Context(), h.owner, h.account, m.ID); return err },
		} {
			for range 2 {
				before := told
				want(t, ask(), "")
				if told != before+1 {
					t.Errorf("%s: nobody was told", name)
				}
			}
		}
		for range 2 {
			before := told
			_, err := h.Apply(t.Context(), h.owner, h.account, waiting.ID, waiting.Digest)
			want(t, err, "")
			if told != before+1 {
				t.Error("apply: nobody was told")
			}
		}
	})
}
