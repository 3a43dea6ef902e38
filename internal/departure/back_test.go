package departure_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"tenure/internal/address"
	"tenure/internal/audit"
	"tenure/internal/db"
	"tenure/internal/db/dbtest"
	"tenure/internal/departure"
	"tenure/internal/holding"
	"tenure/internal/id"
	"tenure/internal/member"
)

// left lets several members leave, and gives the departure.
func (h *house) left(t *testing.T, members []id.Member, kind departure.Kind) departure.Plan {
	t.Helper()
	p := h.set(t, h.owner, departure.Order{Members: members, Kind: kind})
	h.carry(t, p.ID)
	return h.shown(t, p.ID)
}

// undo begins to bring everybody back who left in a departure of several.
func (h *house) undo(t *testing.T, d id.Departure) {
	t.Helper()
	p, err := h.Undo(t.Context(), h.owner, h.account, d)
	if err != nil || p.State != departure.Undone || !p.UnderWay() {
		t.Fatalf("%+v, %v", p, err)
	}
}

func (h *house) bringBack(t *testing.T, d id.Departure) departure.Plan {
	t.Helper()
	if err := h.BringBack(t.Context(), h.account, string(d)); err != nil {
		t.Fatal(err)
	}
	return h.shown(t, d)
}

// take gives an address to somebody new.
func (h *house) take(t *testing.T, email string) {
	t.Helper()
	if err := h.d.Write(t.Context(), h.account, func(tx *db.Tx) error {
		a, err := address.Parse(email)
		if err != nil {
			return err
		}
		_, err = member.Create(t.Context(), tx, h.owner, member.New{Account: h.account, Email: a, FirstName: "Ann", LastName: "Too", Locale: "en", Role: "member"})
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

// events gives the changes that events of an action about a departure tell of.
func (h *house) events(t *testing.T, d id.Departure, action string) (changes []map[string][2]any) {
	t.Helper()
	h.read(t, func(tx *db.Tx) error {
		entries, err := audit.List(t.Context(), tx, h.account, audit.Filter{Subject: string(d), Action: action, Limit: 100})
		for _, e := range entries {
			changes = append(changes, e.Changes)
		}
		return err
	})
	return changes
}

func all(s member.Status, n int) []member.Status { return slices.Repeat([]member.Status{s}, n) }

func TestManyComeBackOneByOneAndGoOnWhereItStopped(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		h := build(t, d, clock, "team")
		members := h.crowd(t, "member", 4)
		broken, tried := true, map[id.Member]int{}
		h.Passage = departure.New(d, h.keeper, []holding.Holding{stubborn{back: func(m id.Member) ([]holding.Effect, error) {
			if tried[m]++; broken && m == members[1] {
				return nil, errors.New("the lights went out")
			}
			return nil, nil
		}}}, departure.Ways{})
		p := h.left(t, members, departure.Remove)
		h.undo(t, p.ID)
		if got := h.statuses(t, members); !slices.Equal(got, all(member.Removed, 4)) {
			t.Errorf("the call itself brought somebody back: %v", got)
		}
		if err := h.BringBack(t.Context(), h.account, string(p.ID)); err == nil {
			t.Fatal("nothing was told of what went wrong")
		}
		if got := h.statuses(t, members); !slices.Equal(got, []member.Status{member.Removed, member.Removed, member.Active, member.Active}) {
			t.Errorf("statuses = %v", got)
		}
		shown := h.shown(t, p.ID)
		if done, of := shown.Progress(); done != 2 || of != 4 || !shown.UnderWay() {
			t.Errorf("%d of %d, under way: %v", done, of, shown.UnderWay())
		}
		_, err := h.Undo(t.Context(), h.owner, h.account, p.ID)
		want(t, err, "departure_over")
		broken = false
		shown = h.bringBack(t, p.ID)
		h.bringBack(t, p.ID) // a job may run twice
		if got := h.statuses(t, members); !slices.Equal(got, all(member.Active, 4)) || shown.UnderWay() {
			t.Errorf("statuses = %v, under way: %v", got, shown.UnderWay())
		}
		for i, m := range members {
			if once := tried[m] == 1; once == (i == 1) {
				t.Errorf("member %d was brought back %d times", i, tried[m])
			}
		}
	})
}

func TestWhatStandsInTheWayOfOneIsToldBeforeAnybodyIsBack(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		h := build(t, d, clock, "team")
		members := h.crowd(t, "member", 3)
		p := h.left(t, members, departure.Deactivate)
		if _, _, err := h.Activate(t.Context(), h.owner, h.account, members[1], false); err != nil {
			t.Fatal(err)
		}
		_, err := h.Undo(t.Context(), h.owner, h.account, p.ID)
		want(t, err, "undo_conflict")
		if shown := h.bringBack(t, p.ID); shown.State != departure.Applied {
			t.Errorf("it is %s", shown.State)
		}
		if got := h.statuses(t, members); !slices.Equal(got, []member.Status{member.Inactive, member.Active, member.Inactive}) {
			t.Errorf("statuses = %v", got)
		}
	})
}

func TestWhoCannotComeBackMeanwhileStaysAwayAndIsErasedInTime(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		h := build(t, d, clock, "team")
		members := h.crowd(t, "member", 3)
		p := h.left(t, members, departure.Remove)
		h.undo(t, p.ID)
		h.take(t, "m1@example.com")
		clock.Add(25 * time.Hour)
		if err := h.Purge(t.Context(), h.account, string(p.ID)); err != nil || h.get(t, members[0]).Email == "" {
			t.Errorf("somebody was erased while they are brought back: %v", err)
		}
		shown := h.bringBack(t, p.ID)
		want := departure.Part{Member: members[1], Verdict: departure.Done, Back: departure.Stays, Stays: "undo_conflict"}
		if shown.Parts[1] != want || shown.Parts[0].Back != departure.Returned {
			t.Errorf("parts = %+v", shown.Parts)
		}
		if told := h.events(t, p.ID, "departure.stay"); len(told) != 1 || told[0]["code"][1] != "undo_conflict" {
			t.Errorf("told = %v", told)
		}
		if err := h.Purge(t.Context(), h.account, string(p.ID)); err != nil {
			t.Fatal(err)
		}
		for i, m := range members {
			if erased := h.get(t, m).Email == ""; erased != (i == 1) {
				t.Errorf("member %d is erased: %v", i, erased)
			}
		}
	})
}

func TestWhoAskedForAnUndoMustStillBeAllowed(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		h := build(t, d, clock, "team")
		members, second := h.crowd(t, "member", 2), h.join(t, "owner", "second@example.com")
		p := h.left(t, members, departure.Deactivate)
		if _, err := h.Undo(t.Context(), h.actor(t, second.ID), h.account, p.ID); err != nil {
			t.Fatal(err)
		}
		h.leave(t, second.ID, departure.Deactivate)
		for _, part := range h.bringBack(t, p.ID).Parts {
			if part.Back != departure.Stays || part.Stays != "forbidden" || h.get(t, part.Member).Status != member.Inactive {
				t.Errorf("part = %+v", part)
			}
		}
	})
}

func TestWhatAnUndoSkippedStaysWithTheDeparture(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		h := build(t, d, clock, "team")
		members := h.crowd(t, "member", 3)
		n := int64(2)
		h.Passage = departure.New(d, h.keeper, []holding.Holding{stubborn{back: func(m id.Member) ([]holding.Effect, error) {
			return []holding.Effect{{Kind: "things_restored", Member: m, Count: &n}, {Kind: "skipped", Member: m, Reason: "spent", Count: &n}}, nil
		}}}, departure.Ways{})
		one := h.leave(t, members[0], departure.Deactivate)
		p, err := h.Undo(t.Context(), h.owner, h.account, one.Departure)
		if err != nil || len(p.Effects) != 2 || len(p.Skipped) != 1 {
			t.Errorf("%+v, %v", p, err)
		}
		if shown := h.shown(t, one.Departure); len(shown.Skipped) != 1 || shown.Skipped[0].Reason != "spent" {
			t.Errorf("skipped = %+v", shown.Skipped)
		}
		if again, err := h.Undone(t.Context(), h.owner, h.account, one.Departure); err != nil || len(again.Effects) != 2 {
			t.Errorf("%+v, %v", again, err)
		}
		many := h.left(t, members[1:], departure.Deactivate)
		h.undo(t, many.ID)
		if shown := h.bringBack(t, many.ID); len(shown.Skipped) != 2 || shown.Skipped[1].Member != members[2] {
			t.Errorf("skipped = %+v", shown.Skipped)
		}
		for action, of := range map[string]id.Departure{"departure.undo": one.Departure, "departure.skip": many.ID} {
			for _, told := range h.events(t, of, action) {
				if fmt.Sprint(told["skipped"][1]) != "map[spent:2]" {
					t.Errorf("%s tells %v", action, told)
				}
			}
		}
		if told := h.events(t, many.ID, "departure.skip"); len(told) != 2 {
			t.Errorf("told = %v", told)
		}
	})
}
