package departure_test

import (
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tenure/internal/access"
	"tenure/internal/account"
	"tenure/internal/address"
	"tenure/internal/bearer"
	"tenure/internal/db"
	"tenure/internal/db/dbtest"
	"tenure/internal/departure"
	"tenure/internal/fault"
	"tenure/internal/holding"
	"tenure/internal/id"
	"tenure/internal/member"
	"tenure/internal/role"
	"tenure/internal/secret"
	"tenure/internal/session"
	"tenure/internal/user"
)

// house is an account that people leave.
type house struct {
	*departure.Passage
	d       *db.DB
	clock   *dbtest.Clock
	keeper  *secret.Keeper
	cache   *session.Cache
	account id.Account
	owner   access.Actor
	bound   []id.Member
}

func build(t *testing.T, d *db.DB, clock *dbtest.Clock, preset string) *house {
	t.Helper()
	keeper, err := secret.NewKeeper(slices.Repeat([]byte{7}, 32))
	if err != nil {
		t.Fatal(err)
	}
	h := &house{d: d, clock: clock, keeper: keeper, account: id.New[id.Account]()}
	h.cache = session.New(d, bearer.NewMemory(d), session.Sources{Actor: member.Actor, Epoch: user.Epoch, Seen: member.Seen, Place: member.AskEpoch, Person: user.AskEpoch}, 1000)
	h.Passage = departure.New(d, keeper, []holding.Holding{session.Held{}}, departure.Ways{
		Bind: func(_ context.Context, _ *db.Tx, _ access.Actor, _ id.Account, m member.Member) error {
			h.bound = append(h.bound, m.ID)
			return nil
		},
		Forget: func(context.Context, *db.Tx, id.Account, member.Member) ([]string, error) { return nil, nil },
	})
	var owner member.Member
	if err := d.Found(t.Context(), h.account, func(tx *db.Tx) error {
		a, err := account.Create(t.Context(), tx, access.BySystem(), account.New{ID: h.account, Name: "Acme", Preset: preset})
		if err != nil {
			return err
		}
		if err := role.Establish(t.Context(), tx, a); err != nil {
			return err
		}
		p, err := account.PresetOf(preset)
		if err != nil {
			return err
		}
		owner, err = h.come(t, tx, p.Administrator(), "owner@"+string(h.account[len(h.account)-8:])+".example")
		return err
	}); err != nil {
		t.Fatal(err)
	}
	h.owner = h.actor(t, owner.ID)
	return h
}

func (h *house) come(t *testing.T, tx *db.Tx, role, email string) (member.Member, error) {
	a, err := address.Parse(email)
	if err != nil {
		return member.Member{}, err
	}
	u, err := user.Create(t.Context(), tx, access.BySystem(), user.New{Email: a, Locale: "en"})
	if err != nil {
		return member.Member{}, err
	}
	return member.Create(t.Context(), tx, access.BySystem(), member.New{Account: h.account, Email: a, FirstName: "Maria", LastName: "Jansen", Locale: "en",
		Phone: "+31 20 555 0100", Role: role, Active: true, User: u.ID})
}

func (h *house) join(t *testing.T, role, email string) member.Member {
	t.Helper()
	var m member.Member
	if err := h.d.Write(t.Context(), h.account, func(tx *db.Tx) (err error) {
		m, err = h.come(t, tx, role, email)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return m
}

func (h *house) signIn(t *testing.T, m member.Member) string {
	t.Helper()
	var s session.Started
	if err := h.d.Write(t.Context(), h.account, func(tx *db.Tx) (err error) {
		s, err = session.Begin(t.Context(), tx, session.Beginning{Account: h.account, Member: m.ID, User: m.User, UserEpoch: 1, UserAgent: "test", IP: "192.0.2.1"})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if _, _, err := h.cache.Check(t.Context(), s.Token); err != nil {
		t.Fatal(err)
	}
	return s.Token
}

func (h *house) actor(t *testing.T, m id.Member) (a access.Actor) {
	t.Helper()
	h.read(t, func(tx *db.Tx) (err error) {
		a, err = member.Actor(t.Context(), tx, h.account, m)
		return err
	})
	return a
}

func (h *house) read(t *testing.T, fn func(tx *db.Tx) error) {
	t.Helper()
	if err := h.d.Read(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

func (h *house) get(t *testing.T, m id.Member) (found member.Member) {
	t.Helper()
	h.read(t, func(tx *db.Tx) (err error) {
		found, err = member.Get(t.Context(), tx, h.account, m)
		return err
	})
	return found
}

func (h *house) plan(t *testing.T, m id.Member, kind departure.Kind) departure.Plan {
	t.Helper()
	p, err := h.Plan(t.Context(), h.owner, h.account, departure.Order{Members: []id.Member{m}, Kind: kind})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Apply applies a departure of one member now.
func (h *house) Apply(ctx context.Context, actor access.Actor, account id.Account, d id.Departure, digest string) (departure.Receipt, error) {
	out, err := h.Passage.Apply(ctx, actor, account, d, digest, time.Time{})
	if out.Receipt == nil {
		return departure.Receipt{}, err
	}
	return *out.Receipt, err
}

func (h *house) leave(t *testing.T, m id.Member, kind departure.Kind) departure.Receipt {
	t.Helper()
	p := h.plan(t, m, kind)
	r, err := h.Apply(t.Context(), h.owner, h.account, p.ID, p.Digest)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func want(t *testing.T, err error, code string) {
	t.Helper()
	if fault.Code(err) != code {
		t.Errorf("got %q (%v), want %q", fault.Code(err), err, code)
	}
}

func TestADepartureIsShownAndThenDone(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		h := build(t, d, clock, "team")
		jo := h.join(t, "member", "jo@example.com")
		tokens := []string{h.signIn(t, jo), h.signIn(t, jo)}
		p := h.plan(t, jo.ID, departure.Deactivate)
		if len(p.Blockers)+len(p.Needed) > 0 || p.State != departure.Draft || p.Effects[0].Kind != "sessions_ended" || *p.Effects[0].Count != 2 {
			t.Fatalf("plan = %+v", p)
		}
		if h.get(t, jo.ID).Status != member.Active {
			t.Fatal("a plan changed something")
		}
		r, err := h.Apply(t.Context(), h.owner, h.account, p.ID, p.Digest)
		if err != nil {
			t.Fatal(err)
		}
		for _, token := range tokens {
			_, _, err := h.cache.Check(t.Context(), token)
			want(t, err, "unauthenticated")
		}
		if m := h.get(t, jo.ID); m.Status != member.Inactive || m.DeactivatedAt.IsZero() {
			t.Errorf("member = %+v", m)
		}
		if len(r.Members) != 1 || r.Members[0].SessionsEnded != 2 || r.Members[0].Email != "jo@example.com" {
			t.Errorf("receipt = %+v", r)
		}
		if !h.signed(t, r) {
			t.Error("the receipt is not signed")
		}
		again, err := h.Apply(t.Context(), h.owner, h.account, p.ID, p.Digest)
		if err != nil || !reflect.DeepEqual(again, r) {
			t.Errorf("a repeated call gave another receipt: %+v, %v", again, err)
		}
		if kept, err := h.Receipt(t.Context(), h.owner, h.account, p.ID); err != nil || !reflect.DeepEqual(kept, r) {
			t.Errorf("receipt kept = %+v, %v", kept, err)
		}
		if shown, err := h.Get(t.Context(), h.owner, h.account, p.ID); err != nil || shown.State != departure.Applied || len(shown.Effects) == 0 {
			t.Errorf("shown = %+v, %v", shown, err)
		}
	})
}

func TestAPlanThatChangedIsShownAgain(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		h := build(t, d, clock, "team")
		jo := h.join(t, "member", "jo@example.com")
		p := h.plan(t, jo.ID, departure.Deactivate)
		h.signIn(t, jo)
		clock.Add(time.Minute)
		if now, err := h.Get(t.Context(), h.owner, h.account, p.ID); err != nil || now.Digest != p.Digest {
			t.Errorf("a sign-in or the clock changed the digest: %v", err)
		}
		roster := member.NewRoster(d, nil, member.Ways{})
		if _, err := roster.Change(t.Context(), h.owner, h.account, jo.ID, member.Patch{Role: ptr("owner")}, 0); err != nil {
			t.Fatal(err)
		}
		_, err := h.Apply(t.Context(), h.owner, h.account, p.ID, p.Digest)
		want(t, err, "plan_changed")
		fresh, ok := fault.As(err).Extra["plan"].(departure.Plan)
		if !ok || fresh.Digest == p.Digest {
			t.Fatalf("the new plan is not in the answer: %+v", fault.As(err).Extra)
		}
		if _, err := h.Apply(t.Context(), h.owner, h.account, p.ID, fresh.Digest); err != nil {
			t.Error(err)
		}
	})
}

func ptr[T any](v T) *T { return &v }

func TestTheLastOwnerCannotLeave_S4(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		h := build(t, d, clock, "team")
		p := h.plan(t, h.owner.Member, departure.Remove)
		if len(p.Blockers) != 1 || p.Blockers[0].Code != "last_owner" {
			t.Errorf("blockers = %+v", p.Blockers)
		}
		_, err := h.Apply(t.Context(), h.owner, h.account, p.ID, p.Digest)
		want(t, err, "blocked")
		_, _, err = h.Suspend(t.Context(), h.owner, h.account, h.owner.Member)
		want(t, err, "last_owner")
	})
}

func TestConcurrentDeparturesLeaveAnOwner(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		h := build(t, d, clock, "team")
		operator := access.Actor{Kind: access.Operator, Key: "key_op"}
		owners := []id.Member{h.owner.Member}
		for i := range 31 {
			owners = append(owners, h.join(t, "owner", fmt.Sprintf("o%d@example.com", i)).ID)
		}
		roster := member.NewRoster(d, nil, member.Ways{})
		var wait sync.WaitGroup
		var done atomic.Int64
		for i, m := range owners {
			wait.Go(func() {
				var err error
				switch i % 3 {
				case 0:
					_, err = roster.Change(t.Context(), operator, h.account, m, member.Patch{Role: ptr("member")}, 0)
				case 1:
					_, _, err = h.Suspend(t.Context(), operator, h.account, m)
				default:
					var p departure.Plan
					p, err = h.Plan(t.Context(), operator, h.account, departure.Order{Members: []id.Member{m}, Kind: departure.Remove})
					if err == nil {
						_, err = h.Apply(t.Context(), operator, h.account, p.ID, p.Digest)
					}
				}
				switch code := fault.Code(err); {
				case err == nil:
					done.Add(1)
				case code != "last_owner" && code != "blocked" && code != "plan_changed":
					t.Errorf("%d: %v", i, err)
				}
			})
		}
		wait.Wait()
		h.read(t, func(tx *db.Tx) error {
			left, err := member.Owners(t.Context(), tx, h.account)
			if most := int64(len(owners)); left < 1 || int64(left) != most-done.Load() || done.Load() < most/2 {
				t.Errorf("%d owners are left of %d, and %d calls were carried out", left, len(owners), done.Load())
			}
			return err
		})
	})
}

func TestSuspendedAndSettledLater(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		h := build(t, d, clock, "team")
		jo := h.join(t, "member", "jo@example.com")
		token := h.signIn(t, jo)
		m, p, err := h.Suspend(t.Context(), h.owner, h.account, jo.ID)
		if err != nil || m.Status != member.Suspended || p.State != departure.Settling {
			t.Fatal(m, p, err)
		}
		_, _, err = h.cache.Check(t.Context(), token)
		want(t, err, "unauthenticated")
		_, again, err := h.Suspend(t.Context(), h.owner, h.account, jo.ID)
		if err != nil || again.ID != p.ID {
			t.Errorf("suspending again gave %s, not %s: %v", again.ID, p.ID, err)
		}
		_, err = h.Plan(t.Context(), h.owner, h.account, departure.Order{Members: []id.Member{jo.ID}, Kind: departure.Remove})
		want(t, err, "departure_open")
		want(t, h.Discard(t.Context(), h.owner, h.account, p.ID, 0), "departure_open")
		remove := departure.Remove
		p, err = h.Decide(t.Context(), h.owner, h.account, p.ID, &remove, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		r, err := h.Apply(t.Context(), h.owner, h.account, p.ID, p.Digest)
		if err != nil || r.Members[0].SessionsEnded != 1 {
			t.Errorf("receipt = %+v, %v", r, err)
		}
		if h.get(t, jo.ID).Status != member.Removed {
			t.Error("the member is still here")
		}
		if _, err := h.Undo(t.Context(), h.owner, h.account, p.ID); err != nil || h.get(t, jo.ID).Status != member.Active {
			t.Errorf("undo: %v, %s", err, h.get(t, jo.ID).Status)
		}
	})
}

func TestActivatingGivesTheSettlingDepartureUp(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		h := build(t, d, clock, "team")
		jo := h.join(t, "member", "jo@example.com")
		token := h.signIn(t, jo)
		_, p, err := h.Suspend(t.Context(), h.owner, h.account, jo.ID)
		if err != nil {
			t.Fatal(err)
		}
		if m, _, err := h.Activate(t.Context(), h.owner, h.account, jo.ID, true); err != nil || m.Status != member.Suspended {
			t.Errorf("a preview changed something: %s, %v", m.Status, err)
		}
		m, _, err := h.Activate(t.Context(), h.owner, h.account, jo.ID, false)
		if err != nil || m.Status != member.Active || !m.DeactivatedAt.IsZero() {
			t.Fatal(m, err)
		}
		shown, err := h.Get(t.Context(), h.owner, h.account, p.ID)
		if err != nil || shown.State != departure.Discarded {
			t.Errorf("departure = %s, %v", shown.State, err)
		}
		_, _, err = h.cache.Check(t.Context(), token)
		want(t, err, "unauthenticated")
		_, _, err = h.Activate(t.Context(), h.owner, h.account, jo.ID, false)
		want(t, err, "already_active")
	})
}

func TestUndoWithinTheWindowOnly(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		h := build(t, d, clock, "team")
		jo := h.join(t, "member", "jo@example.com")
		token := h.signIn(t, jo)
		r := h.leave(t, jo.ID, departure.Deactivate)
		clock.Add(24*time.Hour - time.Second)
		p, err := h.Undo(t.Context(), h.owner, h.account, r.Departure)
		if err != nil || p.State != departure.Undone {
			t.Fatal(p, err)
		}
		m := h.get(t, jo.ID)
		if m.Status != member.Active || m.Role != jo.Role || m.User != jo.User || m.Epoch <= jo.Epoch {
			t.Errorf("member = %+v", m)
		}
		_, _, err = h.cache.Check(t.Context(), token)
		want(t, err, "unauthenticated")
		_, err = h.Undo(t.Context(), h.owner, h.account, r.Departure)
		want(t, err, "departure_over")
		late := h.leave(t, jo.ID, departure.Deactivate)
		clock.Add(24 * time.Hour)
		_, err = h.Undo(t.Context(), h.owner, h.account, late.Departure)
		want(t, err, "undo_closed")
	})
}

func TestUndoDoesNotRunOverWhatCameAfter(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		h := build(t, d, clock, "team")
		jo := h.join(t, "member", "jo@example.com")
		first := h.leave(t, jo.ID, departure.Deactivate)
		if _, _, err := h.Activate(t.Context(), h.owner, h.account, jo.ID, false); err != nil {
			t.Fatal(err)
		}
		h.leave(t, jo.ID, departure.Deactivate)
		_, err := h.Undo(t.Context(), h.owner, h.account, first.Departure)
		want(t, err, "undo_conflict")
		ann := h.join(t, "member", "ann@example.com")
		removed := h.leave(t, ann.ID, departure.Remove)
		if err := d.Write(t.Context(), h.account, func(tx *db.Tx) error {
			a, err := address.Parse("ann@example.com")
			if err != nil {
				return err
			}
			_, err = member.Create(t.Context(), tx, h.owner, member.New{Account: h.account, Email: a, FirstName: "Ann", LastName: "Too", Locale: "en", Role: "member"})
			return err
		}); err != nil {
			t.Fatalf("the address is not free at once: %v", err)
		}
		_, err = h.Undo(t.Context(), h.owner, h.account, removed.Departure)
		want(t, err, "undo_conflict")
	})
}

func TestAPhoneIsTakenInThePlan_F2(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		h := build(t, d, clock, "field")
		jo := h.join(t, "user", "jo@example.com")
		roster := member.NewRoster(d, nil, member.Ways{})
		if _, err := roster.Change(t.Context(), h.owner, h.account, jo.ID, member.Patch{Phone: ptr("")}, 0); err != nil {
			t.Fatal(err)
		}
		p := h.plan(t, jo.ID, departure.Deactivate)
		if len(p.Blockers) != 1 || p.Blockers[0].Code != "phone_required" {
			t.Fatalf("blockers = %+v", p.Blockers)
		}
		_, err := h.Decide(t.Context(), h.owner, h.account, p.ID, nil, map[string]json.RawMessage{"phone": json.RawMessage(`"none"`)}, 0)
		want(t, err, "invalid")
		p, err = h.Decide(t.Context(), h.owner, h.account, p.ID, nil, map[string]json.RawMessage{"phone": json.RawMessage(`"+31 6 1234 5678"`)}, 0)
		if err != nil || len(p.Blockers) != 0 {
			t.Fatal(p.Blockers, err)
		}
		if _, err := h.Apply(t.Context(), h.owner, h.account, p.ID, p.Digest); err != nil || h.get(t, jo.ID).Phone != "+31 6 1234 5678" {
			t.Errorf("%v, phone %q", err, h.get(t, jo.ID).Phone)
		}
	})
}

func TestWhoMayLetWhomGo(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		h := build(t, d, clock, "team")
		jo, ann := h.join(t, "member", "jo@example.com"), h.join(t, "member", "ann@example.com")
		other := build(t, d, clock, "team")
		order := departure.Order{Members: []id.Member{ann.ID}, Kind: departure.Deactivate}
		_, err := h.Plan(t.Context(), h.actor(t, jo.ID), h.account, order)
		want(t, err, "forbidden")
		_, err = h.Plan(t.Context(), other.owner, h.account, order)
		want(t, err, "not_found")
		_, err = other.Plan(t.Context(), other.owner, other.account, order)
		want(t, err, "not_found")
		_, _, err = h.Suspend(t.Context(), h.actor(t, jo.ID), h.account, ann.ID)
		want(t, err, "forbidden")
		self, err := h.Plan(t.Context(), h.actor(t, jo.ID), h.account, departure.Order{Members: []id.Member{jo.ID}, Kind: departure.Remove})
		if err != nil {
			t.Fatalf("leaving by oneself: %v", err)
		}
		if _, err := h.Apply(t.Context(), h.actor(t, jo.ID), h.account, self.ID, self.Digest); err != nil {
			t.Errorf("leaving by oneself: %v", err)
		}
		_, err = h.Plan(t.Context(), h.owner, h.account, departure.Order{Members: []id.Member{ann.ID}, Kind: "fire"})
		want(t, err, "invalid")
		_, err = h.Plan(t.Context(), h.owner, h.account, departure.Order{Members: []id.Member{ann.ID}, Kind: departure.Deactivate, Decisions: map[string]json.RawMessage{"pins": nil}})
		want(t, err, "unknown_field")
		_, err = h.Plan(t.Context(), h.owner, h.account, departure.Order{Kind: departure.Deactivate})
		want(t, err, "invalid")
	})
}

func TestDeparturesAreListed(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		h := build(t, d, clock, "team")
		jo := h.join(t, "member", "jo@example.com")
		for range 3 {
			h.plan(t, jo.ID, departure.Deactivate)
		}
		h.leave(t, jo.ID, departure.Deactivate)
		first, next, err := h.List(t.Context(), h.owner, h.account, departure.Filter{Limit: 3})
		if err != nil || len(first) != 3 || next == "" || first[0].State != departure.Applied {
			t.Fatal(first, next, err)
		}
		rest, next, err := h.List(t.Context(), h.owner, h.account, departure.Filter{Limit: 3, Cursor: next})
		if err != nil || len(rest) != 1 || next != "" {
			t.Fatal(rest, next, err)
		}
		drafts, _, err := h.List(t.Context(), h.owner, h.account, departure.Filter{State: departure.Draft, Member: jo.ID})
		if err != nil || len(drafts) != 3 {
			t.Errorf("%d drafts, %v", len(drafts), err)
		}
	})
}

func TestSomebodyActivatedForTheFirstTimeIsInvited_P3(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		h := build(t, d, clock, "credits")
		var m member.Member
		if err := d.Write(t.Context(), h.account, func(tx *db.Tx) error {
			a, err := address.Parse("new@example.com")
			if err != nil {
				return err
			}
			m, err = member.Create(t.Context(), tx, h.owner, member.New{Account: h.account, Email: a, FirstName: "New", LastName: "One", Locale: "en", Role: "user"})
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if _, _, err := h.Activate(t.Context(), h.owner, h.account, m.ID, false); err != nil || !slices.Equal(h.bound, []id.Member{m.ID}) {
			t.Errorf("%v, bound %v", err, h.bound)
		}
	})
}

func TestAnOldVersionOfAPlanIsNotDecided(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		h := build(t, d, clock, "team")
		p := h.plan(t, h.join(t, "member", "jo@example.com").ID, departure.Deactivate)
		phone := map[string]json.RawMessage{"phone": json.RawMessage(`"+31 6 1122 3344"`)}
		next, err := h.Decide(t.Context(), h.owner, h.account, p.ID, nil, phone, p.Version)
		if err != nil || next.Version != p.Version+1 {
			t.Fatal(next.Version, err)
		}
		_, err = h.Decide(t.Context(), h.owner, h.account, p.ID, nil, phone, p.Version)
		want(t, err, "stale")
	})
}

func TestTheEndOfAccessIsToldOnce(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		h := build(t, d, clock, "team")
		jo := h.join(t, "member", "jo@example.com")
		_, p, err := h.Suspend(t.Context(), h.owner, h.account, jo.ID)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := h.Apply(t.Context(), h.owner, h.account, p.ID, p.Digest); err != nil {
			t.Fatal(err)
		}
		h.leave(t, jo.ID, departure.Remove)
		h.read(t, func(tx *db.Tx) error {
			var mails int
			err := tx.One(t.Context(), `SELECT COUNT(*) FROM outbox WHERE account_id = $1 AND subject_id = $2 AND kind = 'access_ended'`,
				[]any{string(h.account), string(jo.ID)}, &mails)
			if mails != 1 {
				t.Errorf("%d mails", mails)
			}
			return err
		})
	})
}

func TestTheBytesOfAReceiptAreWhatWasSigned(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		h := build(t, d, clock, "team")
		r := h.leave(t, h.join(t, "member", "r&d@example.com").ID, departure.Deactivate)
		h.read(t, func(tx *db.Tx) error {
			var stored string
			if err := tx.One(t.Context(), `SELECT receipt FROM departures WHERE account_id = $1 AND departure_id = $2`,
				[]any{string(h.account), string(r.Departure)}, &stored); err != nil {
				return err
			}
			signature, err := base64.StdEncoding.DecodeString(r.Signature)
			if err != nil {
				return err
			}
			signed := strings.Replace(stored, r.Signature, "", 1)
			if !strings.Contains(signed, "r&d@") || !ed25519.Verify(h.keys()[r.KeyID], []byte(signed), signature) {
				t.Errorf("the signature is not over these bytes: %s", signed)
			}
			return nil
		})
	})
}
