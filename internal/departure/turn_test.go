package departure_test

import (
	"context"
	"errors"
	"maps"
	"slices"
	"testing"
	"time"

	"tenure/internal/access"
	"tenure/internal/bearer"
	"tenure/internal/db"
	"tenure/internal/db/dbtest"
	"tenure/internal/departure"
	"tenure/internal/holding"
	"tenure/internal/id"
	"tenure/internal/member"
	"tenure/internal/operator"
)

func TestWhoAskedForItLeavesLast(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		h := build(t, d, clock, "team")
		asks := h.join(t, "owner", "asks@example.com").ID
		members := append([]id.Member{asks}, h.crowd(t, "member", 2)...)
		p := h.set(t, h.actor(t, asks), departure.Order{Members: members, Kind: departure.Deactivate})
		h.carry(t, p.ID)
		if got := h.statuses(t, members); !slices.Equal(got, slices.Repeat([]member.Status{member.Inactive}, 3)) {
			t.Errorf("statuses = %v, %+v", got, h.shown(t, p.ID).Parts)
		}
		if r, err := h.Receipt(t.Context(), h.owner, h.account, p.ID); err != nil || len(r.Members) != 3 || r.By.ID != string(asks) {
			t.Errorf("receipt = %+v, %v", r, err)
		}
	})
}

func TestWhatARevokedOperatorKeySetIsNotApplied(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		h := build(t, d, clock, "team")
		keys := operator.NewKeys(d, bearer.NewMemory(d))
		if _, err := keys.Ensure(t.Context(), ""); err != nil {
			t.Fatal(err)
		}
		root := access.Actor{Kind: access.Operator, Key: "opk_0000000000000000"}
		set := func(email string) (operator.Key, id.Member, departure.Plan) {
			key, _, err := keys.Add(t.Context(), root, operator.New{Name: email})
			if err != nil {
				t.Fatal(err)
			}
			m := h.join(t, "member", email).ID
			by := access.Actor{Kind: access.Operator, Key: key.ID}
			return key, m, h.set(t, by, departure.Order{Members: []id.Member{m}, Kind: departure.Deactivate, At: d.Now().Add(time.Hour)})
		}
		revoked, jo, ofJo := set("jo@example.com")
		_, ann, ofAnn := set("ann@example.com")
		if err := keys.Revoke(t.Context(), root, revoked.ID, 0); err != nil {
			t.Fatal(err)
		}
		clock.Add(time.Hour)
		h.carry(t, ofJo.ID)
		h.carry(t, ofAnn.ID)
		if got := h.statuses(t, []id.Member{jo, ann}); !slices.Equal(got, []member.Status{member.Active, member.Inactive}) {
			t.Errorf("statuses = %v", got)
		}
		if shown := h.shown(t, ofJo.ID); shown.State != departure.Failed || shown.Parts[0].Code != "forbidden" {
			t.Errorf("shown = %+v", shown)
		}
	})
}

func TestADepartureWaitsOnAfterTheClockWasSetBack(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		h := build(t, d, clock, "team")
		members := h.crowd(t, "member", 2)
		p := h.set(t, h.owner, departure.Order{Members: members, Kind: departure.Deactivate, At: d.Now().Add(time.Hour)})
		if err := d.Housekeep(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `DELETE FROM jobs WHERE account_id = $1 AND ref = $2`, string(h.account), string(p.ID))
			return err
		}); err != nil {
			t.Fatal(err)
		}
		h.carry(t, p.ID) // the job that was taken when the clock was ahead
		if n := h.queued(t, departure.ApplyJob, p.ID); n != 1 {
			t.Errorf("%d jobs will carry it out", n)
		}
	})
}

// counted is a holding that counts how often it is asked what somebody holds.
type counted struct {
	stubborn
	surveys *int
}

func (c counted) Survey(context.Context, *db.Tx, holding.Case) (holding.Finding, error) {
	*c.surveys++
	return holding.Finding{}, nil
}

func TestWhatIsUnderWayIsShownWithoutPlanningItAnew(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		h := build(t, d, clock, "team")
		surveys := 0
		h.Passage = departure.New(d, h.keeper, []holding.Holding{counted{stubborn{fails: func(id.Member) error { return nil }}, &surveys}}, departure.Ways{})
		members := h.crowd(t, "member", 3)
		p := h.set(t, h.owner, departure.Order{Members: members, Kind: departure.Deactivate})
		surveys = 0
		if shown := h.shown(t, p.ID); surveys != 0 || len(shown.Parts) != 3 || shown.Digest != p.Digest {
			t.Errorf("%d were planned anew: %+v", surveys, shown)
		}
		h.carry(t, p.ID)
		if surveys != 3 {
			t.Errorf("%d members were planned anew for 3 turns", surveys)
		}
	})
}

func TestAPlanTellsWhoIsGoneAndCanBeDiscarded(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		h := build(t, d, clock, "team")
		members := h.crowd(t, "member", 2)
		p, err := h.Plan(t.Context(), h.owner, h.account, departure.Order{Members: members, Kind: departure.Deactivate})
		if err != nil {
			t.Fatal(err)
		}
		h.leave(t, members[0], departure.Remove)
		shown := h.shown(t, p.ID)
		if len(shown.Blockers) != 1 || shown.Blockers[0].Code != "not_found" || shown.Blockers[0].Member != members[0] {
			t.Errorf("blockers = %+v", shown.Blockers)
		}
		_, err = h.Passage.Apply(t.Context(), h.owner, h.account, p.ID, shown.Digest, time.Time{})
		want(t, err, "blocked")
		kind := departure.Remove
		if decided, err := h.Decide(t.Context(), h.owner, h.account, p.ID, &kind, nil, 0); err != nil || len(decided.Blockers) != 1 {
			t.Errorf("decided = %+v, %v", decided, err)
		}
		if err := h.Discard(t.Context(), h.owner, h.account, p.ID, 0); err != nil {
			t.Error(err)
		}
		_, err = h.Plan(t.Context(), h.owner, h.account, departure.Order{Members: members, Kind: departure.Deactivate})
		want(t, err, "not_found")
	})
}

func TestADepartureThatFailedForTheLastTimeLetsGoOfItsMembers(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		h := build(t, d, clock, "team")
		members := h.crowd(t, "member", 3)
		h.Passage = departure.New(d, h.keeper, []holding.Holding{stubborn{fails: func(m id.Member) error {
			if m != members[0] {
				return errors.New("it is broken")
			}
			return nil
		}}}, departure.Ways{})
		many := h.set(t, h.owner, departure.Order{Members: members[:2], Kind: departure.Remove})
		alone := h.set(t, h.owner, departure.Order{Members: members[2:], Kind: departure.Remove, At: d.Now().Add(time.Hour)})
		clock.Add(time.Hour)
		for _, p := range []departure.Plan{many, alone} {
			if err := h.Carry(t.Context(), h.account, string(p.ID)); err == nil {
				t.Fatal("nothing was told of what went wrong")
			}
			if err := h.GiveUp(t.Context(), h.account, string(p.ID)); err != nil {
				t.Fatal(err)
			}
		}
		if shown := h.shown(t, many.ID); shown.State != departure.Applied || shown.Parts[1] != (departure.Part{Member: members[1], Verdict: departure.Refused, Code: "internal"}) {
			t.Errorf("many = %+v", shown)
		}
		if shown := h.shown(t, alone.ID); shown.State != departure.Failed || h.mails(t, "departure_failed") != 1 {
			t.Errorf("alone = %+v", shown)
		}
		if n := h.queued(t, departure.PurgeJob, many.ID); n != 1 {
			t.Errorf("%d jobs erase who was removed", n)
		}
		if _, err := h.Plan(t.Context(), h.owner, h.account, departure.Order{Members: members[1:], Kind: departure.Deactivate}); err != nil {
			t.Errorf("who stayed cannot be planned anew: %v", err)
		}
	})
}

func TestOneMailSaysHowManyOfManyDidNotLeave(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		h := build(t, d, clock, "field")
		members := h.crowd(t, "user", 5)
		later := d.Now().Add(time.Hour)
		some := h.set(t, h.owner, departure.Order{Members: members[:3], Kind: departure.Deactivate, At: later})
		nobody := h.set(t, h.owner, departure.Order{Members: members[3:], Kind: departure.Deactivate, At: later})
		for _, m := range members[1:] {
			h.without(t, m)
		}
		clock.Add(time.Hour)
		h.carry(t, some.ID)
		h.carry(t, nobody.ID)
		told := map[string]string{}
		h.read(t, func(tx *db.Tx) error {
			return tx.Each(t.Context(), `SELECT subject_id, facts FROM outbox WHERE account_id = $1 AND kind LIKE 'departure%'`, []any{string(h.account)}, func(scan func(...any) error) error {
				var subject string
				var facts map[string]string
				err := scan(&subject, db.Into(&facts))
				told[subject] += facts["gone"] + " left, " + facts["held"] + " held, " + facts["stayed"] + " stayed"
				return err
			})
		})
		want := map[string]string{string(some.ID): "1 left, 2 held, 0 stayed", string(nobody.ID): "0 left, 2 held, 0 stayed"}
		if !maps.Equal(told, want) {
			t.Errorf("told %q", told)
		}
		if shown := h.shown(t, nobody.ID); shown.State != departure.Failed {
			t.Errorf("shown = %+v", shown)
		}
	})
}
