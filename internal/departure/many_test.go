package departure_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"tenure/internal/access"
	"tenure/internal/audit"
	"tenure/internal/db"
	"tenure/internal/db/dbtest"
	"tenure/internal/departure"
	"tenure/internal/holding"
	"tenure/internal/id"
	"tenure/internal/member"
)

// crowd joins some members.
func (h *house) crowd(t *testing.T, role string, n int) []id.Member {
	t.Helper()
	members := make([]id.Member, n)
	for i := range members {
		members[i] = h.join(t, role, fmt.Sprintf("m%d@example.com", i)).ID
	}
	return members
}

// set plans and applies a departure that a job carries out.
func (h *house) set(t *testing.T, by access.Actor, o departure.Order) departure.Plan {
	t.Helper()
	p, err := h.Plan(t.Context(), by, h.account, o)
	if err != nil {
		t.Fatal(err)
	}
	out, err := h.Passage.Apply(t.Context(), by, h.account, p.ID, p.Digest, time.Time{})
	if err != nil || out.Receipt != nil || out.Plan.State != departure.Scheduled {
		t.Fatalf("%+v, %v", out, err)
	}
	return out.Plan
}

func (h *house) shown(t *testing.T, d id.Departure) departure.Plan {
	t.Helper()
	p, err := h.Get(t.Context(), h.owner, h.account, d)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func (h *house) carry(t *testing.T, d id.Departure) {
	t.Helper()
	if err := h.Carry(t.Context(), h.account, string(d)); err != nil {
		t.Fatal(err)
	}
}

func (h *house) statuses(t *testing.T, members []id.Member) []member.Status {
	t.Helper()
	all := make([]member.Status, len(members))
	for i, m := range members {
		all[i] = h.get(t, m).Status
	}
	return all
}

// mails counts the mails of a kind.
func (h *house) mails(t *testing.T, kind string) (n int) {
	t.Helper()
	h.read(t, func(tx *db.Tx) error {
		return tx.One(t.Context(), `SELECT COUNT(*) FROM outbox WHERE account_id = $1 AND kind = $2`, []any{string(h.account), kind}, &n)
	})
	return n
}

func TestManyLeaveInOneDeparture(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		h := build(t, d, clock, "team")
		members := h.crowd(t, "member", 5)
		token := h.signIn(t, h.get(t, members[3]))
		p := h.set(t, h.owner, departure.Order{Members: members, Kind: departure.Remove})
		if again, err := h.Passage.Apply(t.Context(), h.owner, h.account, p.ID, p.Digest, time.Time{}); err != nil || again.Plan.State != departure.Scheduled {
			t.Errorf("a repeated call: %+v, %v", again, err)
		}
		_, err := h.Receipt(t.Context(), h.owner, h.account, p.ID)
		want(t, err, "departure_open")
		h.carry(t, p.ID)
		if got := h.statuses(t, members); !slices.Equal(got, slices.Repeat([]member.Status{member.Removed}, 5)) {
			t.Errorf("statuses = %v", got)
		}
		_, _, err = h.cache.Check(t.Context(), token)
		want(t, err, "unauthenticated")
		r, err := h.Receipt(t.Context(), h.owner, h.account, p.ID)
		if err != nil || len(r.Members) != 5 || r.Members[3].SessionsEnded != 1 || r.Members[4].Email != "m4@example.com" || !h.signed(t, r) {
			t.Errorf("receipt = %+v, %v", r, err)
		}
		h.carry(t, p.ID) // a job may run twice
		if shown := h.shown(t, p.ID); shown.State != departure.Applied || shown.Done() != 5 {
			t.Errorf("shown = %+v", shown)
		}
	})
}

// stubborn is a holding that fails when its time has come, or when it is to be
// given back.
type stubborn struct {
	fails func(id.Member) error
	back  func(id.Member) ([]holding.Effect, error)
}

func (stubborn) Name() string { return "stubborn" }
func (stubborn) Survey(context.Context, *db.Tx, holding.Case) (holding.Finding, error) {
	return holding.Finding{}, nil
}
func (s stubborn) Apply(_ context.Context, _ *db.Tx, c holding.Case) ([]holding.Effect, error) {
	if s.fails == nil {
		return nil, nil
	}
	return nil, s.fails(c.Member)
}
func (s stubborn) Restore(_ context.Context, _ *db.Tx, c holding.Case) ([]holding.Effect, error) {
	if s.back == nil {
		return nil, nil
	}
	return s.back(c.Member)
}

func TestWhatWasCutShortGoesOnWhereItStopped(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		h := build(t, d, clock, "team")
		members := h.crowd(t, "member", 4)
		broken := true
		tried := map[id.Member]int{}
		h.Passage = departure.New(d, h.keeper, []holding.Holding{stubborn{fails: func(m id.Member) error {
			tried[m]++
			if broken && m == members[2] {
				return errors.New("the lights went out")
			}
			return nil
		}}}, departure.Ways{})
		p := h.set(t, h.owner, departure.Order{Members: members, Kind: departure.Deactivate})
		if err := h.Carry(t.Context(), h.account, string(p.ID)); err == nil {
			t.Fatal("nothing was told of what went wrong")
		}
		if got := h.statuses(t, members); !slices.Equal(got, []member.Status{member.Inactive, member.Inactive, member.Active, member.Active}) {
			t.Errorf("statuses = %v", got)
		}
		if shown := h.shown(t, p.ID); shown.Done() != 2 || shown.State != departure.Scheduled {
			t.Errorf("shown = %+v", shown)
		}
		want(t, h.Discard(t.Context(), h.owner, h.account, p.ID, 0), "departure_open")
		broken = false
		h.carry(t, p.ID)
		if r, err := h.Receipt(t.Context(), h.owner, h.account, p.ID); err != nil || len(r.Members) != 4 {
			t.Errorf("receipt = %+v, %v", r, err)
		}
		for i, m := range members {
			if once := tried[m] == 1; once == (i == 2) {
				t.Errorf("member %d was let go %d times", i, tried[m])
			}
		}
	})
}

func TestADepartureWaitsForItsTime(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		h := build(t, d, clock, "team")
		jo, ann := h.join(t, "member", "jo@example.com").ID, h.join(t, "member", "ann@example.com").ID
		friday := d.Now().Add(72 * time.Hour)
		p := h.set(t, h.owner, departure.Order{Members: []id.Member{jo}, Kind: departure.Deactivate, At: friday})
		h.carry(t, p.ID) // too early
		if h.get(t, jo).Status != member.Active || h.shown(t, p.ID).State != departure.Scheduled {
			t.Fatal("somebody left before the time")
		}
		_, err := h.Plan(t.Context(), h.owner, h.account, departure.Order{Members: []id.Member{ann, jo}, Kind: departure.Deactivate})
		want(t, err, "departure_open")
		_, err = h.Decide(t.Context(), h.owner, h.account, p.ID, nil, nil, 0)
		want(t, err, "departure_open")
		clock.Add(72 * time.Hour)
		h.carry(t, p.ID)
		if r, err := h.Receipt(t.Context(), h.owner, h.account, p.ID); err != nil || !r.AppliedAt.Equal(d.Now()) || r.By.ID != string(h.owner.Member) || h.get(t, jo).Status != member.Inactive {
			t.Errorf("receipt = %+v, %v", r, err)
		}
		later := h.set(t, h.owner, departure.Order{Members: []id.Member{ann}, Kind: departure.Deactivate, At: d.Now().Add(time.Hour)})
		if err := h.Discard(t.Context(), h.owner, h.account, later.ID, 0); err != nil {
			t.Fatal(err)
		}
		clock.Add(time.Hour)
		h.carry(t, later.ID)
		if h.get(t, ann).Status != member.Active {
			t.Error("what was given up was applied")
		}
		far := departure.Order{Members: []id.Member{ann}, Kind: departure.Deactivate, At: d.Now().AddDate(3, 0, 0)}
		_, err = h.Plan(t.Context(), h.owner, h.account, far)
		want(t, err, "invalid")
	})
}

func TestAccessThatEndsBeforeItsTimeHasTheRestWait(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		h := build(t, d, clock, "team")
		jo := h.join(t, "member", "jo@example.com").ID
		p := h.set(t, h.owner, departure.Order{Members: []id.Member{jo}, Kind: departure.Remove, At: d.Now().Add(time.Hour)})
		m, settling, err := h.Suspend(t.Context(), h.owner, h.account, jo)
		if err != nil || m.Status != member.Suspended || settling.ID != p.ID || settling.State != departure.Settling || settling.Kind != departure.Remove {
			t.Fatalf("%+v, %+v, %v", m, settling, err)
		}
		clock.Add(time.Hour)
		h.carry(t, p.ID)
		if h.get(t, jo).Status != member.Suspended {
			t.Error("it was applied although it settles")
		}
	})
}

// without takes a phone number away behind a departure's back.
func (h *house) without(t *testing.T, m id.Member) {
	t.Helper()
	roster := member.NewRoster(h.d, nil, member.Ways{})
	if _, err := roster.Change(t.Context(), h.owner, h.account, m, member.Patch{Phone: ptr("")}, 0); err != nil {
		t.Fatal(err)
	}
}

func TestWhatIsNewAtItsTimeEndsAccessAndWaits(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		h := build(t, d, clock, "field")
		members := h.crowd(t, "user", 4)
		alone := h.set(t, h.owner, departure.Order{Members: members[3:], Kind: departure.Deactivate, At: d.Now().Add(time.Hour)})
		many := h.set(t, h.owner, departure.Order{Members: members[:3], Kind: departure.Deactivate, At: d.Now().Add(time.Hour)})
		h.without(t, members[1])
		h.without(t, members[3])
		clock.Add(time.Hour)
		h.carry(t, alone.ID)
		h.carry(t, many.ID)
		if got := h.statuses(t, members); !slices.Equal(got, []member.Status{member.Inactive, member.Suspended, member.Inactive, member.Suspended}) {
			t.Errorf("statuses = %v", got)
		}
		if shown := h.shown(t, alone.ID); shown.State != departure.Settling || shown.Blockers[0].Code != "phone_required" {
			t.Errorf("alone = %+v", shown)
		}
		shown := h.shown(t, many.ID)
		if shown.State != departure.Applied || shown.Parts[1] != (departure.Part{Member: members[1], Verdict: departure.Waits, Code: "phone_required"}) {
			t.Errorf("many = %+v", shown)
		}
		own, _, err := h.List(t.Context(), h.owner, h.account, departure.Filter{State: departure.Settling, Member: members[1]})
		if err != nil || len(own) != 1 || own[0].ID == many.ID {
			t.Errorf("their own departure: %+v, %v", own, err)
		}
		if held, unfinished := h.mails(t, "departure_held"), h.mails(t, "departure_unfinished"); held != 1 || unfinished != 1 {
			t.Errorf("%d mails of one, %d of many", held, unfinished)
		}
		if h.told(t, alone.ID, "departure.hold", members[3], "phone_required") != 1 || h.told(t, many.ID, "departure.hold", members[1], "phone_required") != 1 {
			t.Error("the trail does not say what stood in the way")
		}
	})
}

func TestWhatIsNewMeanwhileLeavesOneOfManyAlone(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		h := build(t, d, clock, "field")
		members := h.crowd(t, "user", 3)
		p := h.set(t, h.owner, departure.Order{Members: members, Kind: departure.Deactivate})
		h.without(t, members[0])
		h.carry(t, p.ID)
		shown := h.shown(t, p.ID)
		if shown.State != departure.Applied || shown.Parts[0] != (departure.Part{Member: members[0], Verdict: departure.Blocked, Code: "phone_required"}) || h.get(t, members[0]).Status != member.Active {
			t.Errorf("shown = %+v", shown)
		}
		if r, err := h.Receipt(t.Context(), h.owner, h.account, p.ID); err != nil || len(r.Members) != 2 {
			t.Errorf("receipt = %+v, %v", r, err)
		}
		if _, err := h.Plan(t.Context(), h.owner, h.account, departure.Order{Members: members[:1], Kind: departure.Deactivate}); err != nil {
			t.Errorf("who was left alone cannot be planned anew: %v", err)
		}
	})
}

func TestWhoAskedMustStillBeAllowedAtItsTime(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		h := build(t, d, clock, "team")
		jo, second := h.join(t, "member", "jo@example.com").ID, h.join(t, "owner", "second@example.com")
		p := h.set(t, h.actor(t, second.ID), departure.Order{Members: []id.Member{jo}, Kind: departure.Deactivate, At: d.Now().Add(time.Hour)})
		h.leave(t, second.ID, departure.Deactivate)
		clock.Add(time.Hour)
		h.carry(t, p.ID)
		shown := h.shown(t, p.ID)
		if shown.State != departure.Failed || shown.Parts[0].Verdict != departure.Refused || shown.Parts[0].Code != "forbidden" || h.get(t, jo).Status != member.Active {
			t.Errorf("shown = %+v", shown)
		}
		if n := h.mails(t, "departure_failed"); n != 1 {
			t.Errorf("%d mails", n)
		}
		want(t, h.Discard(t.Context(), h.owner, h.account, p.ID, 0), "departure_over")
	})
}

func TestOwnersDoNotAllLeaveTogether_S4(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		h := build(t, d, clock, "team")
		second := h.join(t, "owner", "second@example.com").ID
		p, err := h.Plan(t.Context(), h.owner, h.account, departure.Order{Members: []id.Member{h.owner.Member, second}, Kind: departure.Deactivate})
		if err != nil || len(p.Blockers) != 2 || p.Blockers[0].Code != "last_owner" || p.Blockers[1].Member != second {
			t.Fatalf("%+v, %v", p.Blockers, err)
		}
		_, err = h.Passage.Apply(t.Context(), h.owner, h.account, p.ID, p.Digest, time.Time{})
		want(t, err, "blocked")
		third := h.join(t, "owner", "third@example.com").ID
		both := h.set(t, h.owner, departure.Order{Members: []id.Member{second, third}, Kind: departure.Deactivate, At: d.Now().Add(time.Hour)})
		clock.Add(time.Hour)
		h.carry(t, both.ID)
		if shown := h.shown(t, both.ID); shown.Done() != 2 || shown.State != departure.Applied {
			t.Errorf("shown = %+v", shown)
		}
	})
}

func TestTheReceiptOfManyForgetsWhoIsErased(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		h := build(t, d, clock, "team")
		members := h.crowd(t, "member", 2)
		p := h.set(t, h.owner, departure.Order{Members: members, Kind: departure.Remove})
		h.carry(t, p.ID)
		clock.Add(25 * time.Hour)
		for range 2 { // a job may run twice
			if err := h.Purge(t.Context(), h.account, string(p.ID)); err != nil {
				t.Fatal(err)
			}
		}
		h.read(t, func(tx *db.Tx) error {
			erased, err := audit.List(t.Context(), tx, h.account, audit.Filter{Action: "member.erase", Limit: 10})
			if len(erased) != len(members) {
				t.Errorf("%d are told to be erased", len(erased))
			}
			return err
		})
		r, err := h.Receipt(t.Context(), h.owner, h.account, p.ID)
		if err != nil || !h.signed(t, r) {
			t.Fatal(err)
		}
		for _, left := range r.Members {
			if left.Email != "" || left.Member == "" {
				t.Errorf("receipt = %+v", left)
			}
		}
	})
}

func TestAnOrderIsLookedAtAsAWhole(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		h := build(t, d, clock, "field")
		members := h.crowd(t, "user", 2)
		for name, o := range map[string]departure.Order{
			"nobody": {Kind: departure.Remove},
			"twice":  {Kind: departure.Deactivate, Members: []id.Member{members[0], members[0]}},
			"phone":  {Kind: departure.Deactivate, Members: members, Decisions: map[string]json.RawMessage{"phone": json.RawMessage(`"+31 6 1234 5678"`)}},
		} {
			if _, err := h.Plan(t.Context(), h.owner, h.account, o); err == nil {
				t.Errorf("%s was planned", name)
			} else {
				want(t, err, "invalid")
			}
		}
	})
}
