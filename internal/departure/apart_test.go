package departure_test

import (
	"encoding/json"
	"errors"
	"slices"
	"testing"
	"time"

	"tenure/internal/audit"
	"tenure/internal/db"
	"tenure/internal/db/dbtest"
	"tenure/internal/departure"
	"tenure/internal/holding"
	"tenure/internal/id"
	"tenure/internal/member"
)

// deactivated lets some members go and gives them back, inactive.
func (h *house) deactivated(t *testing.T, n int) []id.Member {
	t.Helper()
	members := h.crowd(t, "member", n)
	h.carry(t, h.set(t, h.owner, departure.Order{Members: members, Kind: departure.Deactivate}).ID)
	return members
}

// told counts the events of an action on a departure about a member, by code.
func (h *house) told(t *testing.T, d id.Departure, action string, m id.Member, code string) (n int) {
	t.Helper()
	h.read(t, func(tx *db.Tx) error {
		events, err := audit.List(t.Context(), tx, h.account, audit.Filter{Subject: string(d), Limit: 100})
		for _, e := range events {
			if e.Action == action && e.Changes["member"][1] == string(m) && e.Changes["code"][1] == code {
				n++
			}
		}
		return err
	})
	return n
}

// queued counts the jobs of a kind about a departure.
func (h *house) queued(t *testing.T, kind string, d id.Departure) (n int) {
	t.Helper()
	h.read(t, func(tx *db.Tx) error {
		return tx.One(t.Context(), `SELECT COUNT(*) FROM jobs WHERE account_id = $1 AND kind = $2 AND ref = $3 AND status = 'queued'`,
			[]any{string(h.account), kind, string(d)}, &n)
	})
	return n
}

func TestReactivatingOneOfManyLetsTheOthersGo(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		h := build(t, d, clock, "team")
		members := h.deactivated(t, 3)
		p := h.set(t, h.owner, departure.Order{Members: members, Kind: departure.Remove, At: d.Now().Add(time.Hour)})
		if _, _, err := h.Activate(t.Context(), h.owner, h.account, members[1], false); err != nil {
			t.Fatal(err)
		}
		if n := h.told(t, p.ID, "departure.spare", members[1], "reactivated"); n != 1 {
			t.Errorf("told %d times", n)
		}
		clock.Add(time.Hour)
		h.carry(t, p.ID)
		if got := h.statuses(t, members); !slices.Equal(got, []member.Status{member.Removed, member.Active, member.Removed}) {
			t.Errorf("statuses = %v", got)
		}
		shown := h.shown(t, p.ID)
		if shown.State != departure.Applied || shown.Parts[1] != (departure.Part{Member: members[1], Verdict: departure.Blocked, Code: "reactivated"}) {
			t.Errorf("shown = %+v", shown)
		}
		if r, err := h.Receipt(t.Context(), h.owner, h.account, p.ID); err != nil || len(r.Members) != 2 {
			t.Errorf("receipt = %+v, %v", r, err)
		}
	})
}

func TestReactivatingTheLastOfManyKeepsReceiptAndPurgeOfTheOthers(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		h := build(t, d, clock, "team")
		members := h.deactivated(t, 2)
		broken := true
		h.Passage = departure.New(d, h.keeper, []holding.Holding{stubborn{fails: func(m id.Member) error {
			if broken && m == members[1] {
				return errors.New("the lights went out")
			}
			return nil
		}}}, departure.Ways{})
		p := h.set(t, h.owner, departure.Order{Members: members, Kind: departure.Remove})
		if err := h.Carry(t.Context(), h.account, string(p.ID)); err == nil {
			t.Fatal("nothing was told of what went wrong")
		}
		broken = false
		if _, _, err := h.Activate(t.Context(), h.owner, h.account, members[1], false); err != nil {
			t.Fatal(err)
		}
		h.carry(t, p.ID)
		if r, err := h.Receipt(t.Context(), h.owner, h.account, p.ID); err != nil || len(r.Members) != 1 || r.Members[0].Member != members[0] {
			t.Errorf("receipt = %+v, %v", r, err)
		}
		if n := h.queued(t, departure.PurgeJob, p.ID); n != 1 {
			t.Errorf("%d jobs erase who was removed", n)
		}
	})
}

func TestOneOfManyIsSuspendedBeforeTheDayOfAll(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		h := build(t, d, clock, "team")
		h.Passage = departure.New(d, h.keeper, []holding.Holding{stubborn{fails: func(id.Member) error { return nil }}}, departure.Ways{})
		members := h.crowd(t, "member", 3)
		decisions := map[string]json.RawMessage{"stubborn": json.RawMessage(`"as ever"`)}
		p := h.set(t, h.owner, departure.Order{Members: members, Kind: departure.Remove, At: d.Now().Add(time.Hour), Decisions: decisions})
		m, own, err := h.Suspend(t.Context(), h.owner, h.account, members[0])
		if err != nil || m.Status != member.Suspended || own.ID == p.ID || own.State != departure.Settling || own.Kind != departure.Remove || string(own.Decisions["stubborn"]) != `"as ever"` {
			t.Fatalf("%+v, %+v, %v", m, own, err)
		}
		if _, again, err := h.Suspend(t.Context(), h.owner, h.account, members[0]); err != nil || again.ID != own.ID {
			t.Errorf("a second time: %+v, %v", again, err)
		}
		if n := h.told(t, p.ID, "departure.hold", members[0], "suspended"); n != 1 {
			t.Errorf("told %d times", n)
		}
		clock.Add(time.Hour)
		h.carry(t, p.ID)
		if got := h.statuses(t, members); !slices.Equal(got, []member.Status{member.Suspended, member.Removed, member.Removed}) {
			t.Errorf("statuses = %v", got)
		}
		if shown := h.shown(t, p.ID); shown.State != departure.Applied || shown.Parts[0].Verdict != departure.Waits {
			t.Errorf("shown = %+v", shown)
		}
	})
}

func TestADepartureThatEverybodyWasTakenOutOfIsGivenUp(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		h := build(t, d, clock, "team")
		members := h.crowd(t, "member", 2)
		p := h.set(t, h.owner, departure.Order{Members: members, Kind: departure.Deactivate, At: d.Now().Add(time.Hour)})
		for _, m := range members {
			if _, _, err := h.Suspend(t.Context(), h.owner, h.account, m); err != nil {
				t.Fatal(err)
			}
		}
		if shown := h.shown(t, p.ID); shown.State != departure.Discarded || h.queued(t, departure.ApplyJob, p.ID) != 0 {
			t.Errorf("shown = %+v", shown)
		}
	})
}
