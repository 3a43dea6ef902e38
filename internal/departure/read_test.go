package departure_test

import (
	"slices"
	"testing"
	"time"

	"tenure/internal/db"
	"tenure/internal/db/dbtest"
	"tenure/internal/departure"
	"tenure/internal/id"
)

// listed gives the row of a departure in the list.
func (h *house) listed(t *testing.T, d id.Departure) departure.Plan {
	t.Helper()
	list, _, err := h.List(t.Context(), h.owner, h.account, departure.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(list, func(p departure.Plan) bool { return p.ID == d })
	if at < 0 {
		t.Fatalf("%s is not in %+v", d, list)
	}
	return list[at]
}

func TestWhoLeftIsNamedUntilTheyAreErased(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		h := build(t, d, clock, "team")
		members := h.crowd(t, "member", 2)
		p := h.set(t, h.owner, departure.Order{Members: members, Kind: departure.Remove})
		h.carry(t, p.ID)
		named := []departure.Person{{Member: members[0], Name: "Maria Jansen"}, {Member: members[1], Name: "Maria Jansen"}}
		if got := h.shown(t, p.ID).People; !slices.Equal(got, named) {
			t.Errorf("people = %+v", got)
		}
		if got := h.listed(t, p.ID).People; !slices.Equal(got, named) {
			t.Errorf("people in the list = %+v", got)
		}
		clock.Add(25 * time.Hour)
		if err := h.Purge(t.Context(), h.account, string(p.ID)); err != nil {
			t.Fatal(err)
		}
		if got := h.shown(t, p.ID).People; !slices.Equal(got, []departure.Person{{Member: members[0]}, {Member: members[1]}}) {
			t.Errorf("people = %+v", got)
		}
	})
}

func TestTheServersClockSaysWhatIsUnderWayAndUndoable(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		h := build(t, d, clock, "team")
		members := h.crowd(t, "member", 2)
		p := h.set(t, h.owner, departure.Order{Members: members, Kind: departure.Deactivate, At: d.Now().Add(time.Hour)})
		says := func(when string, underWay, undoable bool) {
			t.Helper()
			for _, seen := range []departure.Plan{h.shown(t, p.ID), h.listed(t, p.ID)} {
				if seen.UnderWay() != underWay || seen.Undoable() != undoable {
					t.Errorf("%s: under way %v, undoable %v", when, seen.UnderWay(), seen.Undoable())
				}
			}
		}
		says("before its time", false, false)
		clock.Add(time.Hour)
		says("at its time", true, false)
		h.carry(t, p.ID)
		says("once it was applied", false, true)
		clock.Add(24 * time.Hour)
		says("when the window has closed", false, false)
	})
}

func TestAListNamesTheFirstOfManyAndCountsAll(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		h := build(t, d, clock, "team")
		members := h.crowd(t, "member", 25)
		p := h.set(t, h.owner, departure.Order{Members: members, Kind: departure.Deactivate})
		h.carry(t, p.ID)
		row, shown := h.listed(t, p.ID), h.shown(t, p.ID)
		if len(row.People) != 20 || row.People[0].Member != members[0] || len(row.Parts) != 20 || row.Count() != 25 || row.Done() != 25 || len(row.Effects) != 0 {
			t.Errorf("the row names %d, has %d of %d, done %d", len(row.People), len(row.Parts), row.Count(), row.Done())
		}
		if len(shown.People) != 25 || len(shown.Effects) == 0 {
			t.Errorf("the departure names %d and tells %d effects", len(shown.People), len(shown.Effects))
		}
	})
}
