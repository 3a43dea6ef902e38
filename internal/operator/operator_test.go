package operator_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"tenure/internal/access"
	"tenure/internal/audit"
	"tenure/internal/bearer"
	"tenure/internal/db"
	"tenure/internal/db/dbtest"
	"tenure/internal/fault"
	"tenure/internal/operator"
	"tenure/internal/secret"
)

// ring is the operator keys of one node, and one key that counts.
type ring struct {
	*operator.Keys
	t     *testing.T
	db    *db.DB
	first string
	by    access.Actor // the operator by the first key
}

func newRing(t *testing.T, d *db.DB) *ring {
	t.Helper()
	r := &ring{Keys: operator.NewKeys(d, bearer.NewMemory(d)), t: t, db: d}
	var err error
	if r.first, err = r.Ensure(t.Context(), ""); err != nil || r.first == "" {
		t.Fatalf("%q %v", r.first, err)
	}
	r.by = r.actor(r.first)
	return r
}

// actor is who has the key.
func (r *ring) actor(key string) access.Actor {
	r.t.Helper()
	actor, err := r.Check(r.t.Context(), key)
	if err != nil {
		r.t.Fatal(err)
	}
	return actor
}

// add adds a key, which runs out if a time is given.
func (r *ring) add(name string, expires time.Time) (operator.Key, string) {
	r.t.Helper()
	added, key, err := r.Add(r.t.Context(), r.by, operator.New{Name: name, ExpiresAt: expires})
	if err != nil {
		r.t.Fatal(err)
	}
	return added, key
}

// refused checks the code of a refusal; empty is none.
func refused(t *testing.T, err error, code string) {
	t.Helper()
	if fault.Code(err) != code || code == "" && err != nil {
		t.Errorf("%v, want %q", err, code)
	}
}

// trail gives the actions of the operator's trail, the newest first, each with who did it.
func trail(t *testing.T, d *db.DB) (told []string) {
	t.Helper()
	if err := d.Read(t.Context(), func(tx *db.Tx) error {
		entries, err := audit.ListUser(t.Context(), tx, audit.Operator, audit.Filter{Limit: 100})
		for _, e := range entries {
			told = append(told, e.Action+" by "+e.Actor.Kind)
		}
		if err != nil {
			return err
		}
		_, defects, err := audit.VerifyUser(t.Context(), tx, audit.Operator)
		if len(defects) > 0 {
			t.Errorf("the trail: %v", defects)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return told
}

func TestTheFirstKeyIsMadeOnceAndOnlyItsHashIsKept(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var mu sync.Mutex // guards made
		var made []string
		var starts sync.WaitGroup
		nodes := []*operator.Keys{}
		for range 4 {
			nodes = append(nodes, operator.NewKeys(d, bearer.NewMemory(d)))
		}
		for _, node := range nodes {
			starts.Go(func() {
				key, err := node.Ensure(t.Context(), "")
				if err != nil {
					t.Error(err)
				}
				if key != "" {
					mu.Lock()
					made = append(made, key)
					mu.Unlock()
				}
			})
		}
		starts.Wait()
		if len(made) != 1 {
			t.Fatalf("%d keys were made by nodes that started together", len(made))
		}
		keys := operator.NewKeys(d, bearer.NewMemory(d))
		for range 2 { // from the store, then from memory
			actor, err := keys.Check(t.Context(), made[0])
			if err != nil || actor.Kind != access.Operator || !operator.ValidID(actor.Name()) {
				t.Errorf("%+v %v", actor, err)
			}
		}
		for _, wrong := range []string{"", "top_", made[0] + "x", made[0][:len(made[0])-1]} {
			_, err := keys.Check(t.Context(), wrong)
			refused(t, err, "unauthenticated")
		}
		if told := trail(t, d); !reflect.DeepEqual(told, []string{"operator_key.add by system"}) {
			t.Errorf("the trail tells %v", told)
		}
	})
}

func TestAKeyOfTheConfigurationIsOneLikeTheOthers(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		const chosen = "any words an operator chose"
		r := newRing(t, d)
		for range 2 { // a second start adds nothing
			if made, err := r.Ensure(t.Context(), chosen); made != "" || err != nil {
				t.Errorf("made %q, %v", made, err)
			}
		}
		by := r.actor(chosen)
		r.actor(r.first) // counts as well
		refused(t, r.Revoke(t.Context(), r.by, by.Key, 0), "")
		_, err := r.Check(t.Context(), chosen)
		refused(t, err, "unauthenticated")
		_, err = r.Ensure(t.Context(), chosen)
		refused(t, err, "key_ended")
		_, err = r.Check(t.Context(), chosen)
		refused(t, err, "unauthenticated")
		if told := strings.Join(trail(t, d), ", "); told != "operator_key.revoke by operator, operator_key.add by system, operator_key.add by system" {
			t.Errorf("the trail tells %s", told)
		}
	})
}

// TestAKeyFromBeforeGoesOnCounting puts a key in as it was kept when there was
// only one.
func TestAKeyFromBeforeGoesOnCounting(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		const key = "top_before-before-before-before-before-before-b"
		if err := d.Housekeep(t.Context(), func(tx *db.Tx) error {
			return tx.ExecOne(t.Context(), `INSERT INTO operator_keys (key_id, key_hash, created_at) VALUES ('opk_0123456789abcdef', $1, 1)`, secret.Hash(key))
		}); err != nil {
			t.Fatal(err)
		}
		r := &ring{Keys: operator.NewKeys(d, bearer.NewMemory(d)), t: t, db: d}
		if made, err := r.Ensure(t.Context(), ""); made != "" || err != nil {
			t.Errorf("made %q, %v", made, err)
		}
		keys, err := r.List(t.Context(), r.actor(key))
		want := operator.Key{ID: "opk_0123456789abcdef", Name: "First key", By: audit.Ref{Kind: "system", ID: "system"}, ByName: "Tenure", Version: 1,
			CreatedAt: time.UnixMicro(1).UTC()}
		if err != nil || len(keys) != 1 || !reflect.DeepEqual(keys[0], want) {
			t.Errorf("%+v %v", keys, err)
		}
	})
}

func TestAResetEndsEveryKeyAndMakesOne(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		r := newRing(t, d)
		_, other := r.add("Other", clock.Now().Add(time.Hour))
		made, ended, err := r.Reset(t.Context())
		if err != nil || ended != 2 {
			t.Fatalf("%d keys ended, %v", ended, err)
		}
		for _, lost := range []string{r.first, other} {
			_, err := r.Check(t.Context(), lost)
			refused(t, err, "unauthenticated")
		}
		if keys, err := r.List(t.Context(), r.actor(made)); err != nil || len(keys) != 1 || keys[0].Name != "After a reset" {
			t.Errorf("%+v %v", keys, err)
		}
		if told := trail(t, d); len(told) != 5 || told[0] != "operator_key.add by system" || told[1] != "operator_key.revoke by system" {
			t.Errorf("the trail tells %v", told)
		}
	})
}

func TestAKeyIsListedUntilItIsRevoked(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		r := newRing(t, d)
		clock.Add(time.Hour)
		added, key := r.add(" Deploys ", time.Time{})
		want := operator.Key{ID: added.ID, Name: "Deploys", Hint: key[len(key)-4:], By: audit.Ref{Kind: "operator", ID: r.by.Key}, ByName: "First key",
			Version: 1, CreatedAt: clock.Now().UTC()}
		if !reflect.DeepEqual(added, want) {
			t.Errorf("%+v, want %+v", added, want)
		}
		keys, err := r.List(t.Context(), r.by)
		if err != nil || len(keys) != 2 || !reflect.DeepEqual(keys[0], want) || keys[1].ByName != "Tenure" {
			t.Errorf("%+v %v", keys, err)
		}
		refused(t, r.Revoke(t.Context(), r.by, added.ID, 7), "stale")
		refused(t, r.Revoke(t.Context(), r.by, added.ID, 1), "")
		refused(t, r.Revoke(t.Context(), r.by, added.ID, 0), "not_found")
		_, err = r.Get(t.Context(), r.by, added.ID)
		refused(t, err, "not_found")
		if keys, err := r.List(t.Context(), r.by); err != nil || len(keys) != 1 {
			t.Errorf("%+v %v", keys, err)
		}
	})
}

func TestWhatAKeyCannotBeMadeOf(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		r := newRing(t, d)
		for field, n := range map[string]operator.New{
			"name": {}, "name ": {Name: " \t"}, "name  ": {Name: strings.Repeat("n", 81)}, "name   ": {Name: "a\u202eb"},
			"expires_at": {Name: "n", ExpiresAt: clock.Now()}, "expires_at ": {Name: "n", ExpiresAt: clock.Now().Add(-time.Hour)},
		} {
			_, key, err := r.Add(t.Context(), r.by, n)
			refused(t, err, "invalid")
			if f, ok := errors.AsType[*fault.Fault](err); !ok || f.Fields[0].Field != strings.TrimSpace(field) || key != "" {
				t.Errorf("%q: %v %q", field, err, key)
			}
		}
		for range 99 {
			r.add("n", time.Time{})
		}
		_, _, err := r.Add(t.Context(), r.by, operator.New{Name: "n"})
		refused(t, err, "too_many_keys")
	})
}

func TestOnlyTheOperatorDealsWithOperatorKeys(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		r := newRing(t, d)
		for _, a := range []access.Actor{{}, {Kind: access.Member, Role: access.Role{Administers: true}}, {Kind: access.Key}, access.BySystem()} {
			_, err := r.List(t.Context(), a)
			refused(t, err, "forbidden")
			_, err = r.Get(t.Context(), a, r.by.Key)
			refused(t, err, "forbidden")
			_, _, err = r.Add(t.Context(), a, operator.New{Name: "n"})
			refused(t, err, "forbidden")
			refused(t, r.Revoke(t.Context(), a, r.by.Key, 0), "forbidden")
		}
	})
}

func TestAKeyRunsOutAndOneThatDoesNotRemains(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		r := newRing(t, d)
		added, key := r.add("For an hour", clock.Now().Add(time.Hour))
		r.actor(key)
		refused(t, r.Revoke(t.Context(), r.by, r.by.Key, 0), "last_operator_key") // time would take the other one away
		clock.Add(time.Hour)
		_, err := r.Check(t.Context(), key)
		refused(t, err, "unauthenticated")
		if keys, err := r.List(t.Context(), r.by); err != nil || len(keys) != 2 {
			t.Errorf("%+v %v", keys, err)
		}
		refused(t, r.Revoke(t.Context(), r.by, added.ID, 0), "")
		refused(t, r.Revoke(t.Context(), r.by, r.by.Key, 0), "last_operator_key")
		_, other := r.add("The next", time.Time{})
		refused(t, r.Revoke(t.Context(), r.by, r.by.Key, 0), "") // by itself
		_, err = r.Check(t.Context(), r.first)
		refused(t, err, "unauthenticated")
		refused(t, r.Revoke(t.Context(), r.actor(other), r.actor(other).Key, 0), "last_operator_key")
	})
}

// TestConcurrentRevocationsLeaveAKey lets every key revoke every other at once.
func TestConcurrentRevocationsLeaveAKey(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		r := newRing(t, d)
		for round := range 5 {
			bearers := []access.Actor{r.by}
			keys := map[string]string{r.by.Key: r.first}
			for i := range 5 {
				added, key := r.add(fmt.Sprintf("key %d.%d", round, i), time.Time{})
				bearers, keys[added.ID] = append(bearers, r.actor(key)), key
			}
			var running sync.WaitGroup
			begin := make(chan struct{})
			for _, by := range bearers {
				for _, of := range bearers {
					running.Go(func() {
						<-begin
						err := r.Revoke(r.Guard(t.Context(), by), by, of.Key, 0)
						if code := fault.Code(err); err != nil && code != "not_found" && code != "unauthenticated" && code != "last_operator_key" {
							t.Error(err)
						}
					})
				}
			}
			close(begin)
			running.Wait()
			var left []string
			for _, key := range keys {
				if _, err := r.Check(t.Context(), key); err == nil {
					left = append(left, key)
				}
			}
			if len(left) != 1 {
				t.Fatalf("%d keys are left, want 1", len(left))
			}
			r.first, r.by = left[0], r.actor(left[0])
		}
		trail(t, d)
	})
}

// TestARevokedKeyIsRefusedFromThatInstant checks a key again and again while it
// is revoked: no check that begins afterwards finds it.
func TestARevokedKeyIsRefusedFromThatInstant(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) { revokeUnderLoad(t, newRing(t, d), nil) })
}

// TestAKeyRevokedOnOneNodeIsRefusedOnTheOthers is the same with the checks on
// another node, which answers from memory.
func TestAKeyRevokedOnOneNodeIsRefusedOnTheOthers(t *testing.T) {
	pace := bearer.Pace{Look: 5 * time.Millisecond, Lease: time.Second, Gone: time.Minute}
	dbtest.On(t, dbtest.Postgres, func(t *testing.T, where string) {
		node := func() (*ring, *bearer.Fleet) {
			d := dbtest.Open(t, where, db.Options{})
			memory := bearer.NewMemory(d)
			return &ring{Keys: operator.NewKeys(d, memory), t: t, db: d}, bearer.NewFleet(memory, pace)
		}
		a, first := node()
		b, second := node()
		ctx, stop := context.WithCancel(t.Context())
		var running sync.WaitGroup
		for _, f := range []*bearer.Fleet{first, second} {
			running.Go(func() { f.Run(ctx, func(err error) { t.Error(err) }) })
		}
		defer running.Wait()
		defer stop()
		var err error
		if a.first, err = a.Ensure(t.Context(), ""); err != nil {
			t.Fatal(err)
		}
		a.by = a.actor(a.first)
		for range 5 {
			revokeUnderLoad(t, a, b)
		}
	})
}

// fromMemory reports whether a node answers without the store, which a context
// that is over keeps it from asking.
func (r *ring) fromMemory(key string) bool {
	over, cancel := context.WithCancel(r.t.Context())
	cancel()
	_, err := r.Check(over, key)
	return err == nil
}

// revokeUnderLoad adds a key, lets it be checked, on the other node where there is
// one, and revokes it.
func revokeUnderLoad(t *testing.T, r, other *ring) {
	t.Helper()
	if other == nil {
		other = r
	}
	added, key := r.add("To be revoked", time.Time{})
	var mu sync.RWMutex // guards over; a check begins under it
	over := false
	checked := make(chan struct{}, 1000)
	var checking sync.WaitGroup
	for range 4 {
		checking.Go(func() {
			for after := 0; after < 3; {
				mu.RLock()
				late := over
				mu.RUnlock()
				_, err := other.Check(t.Context(), key)
				if late {
					after++
					refused(t, err, "unauthenticated")
				}
				select {
				case checked <- struct{}{}:
				default:
				}
			}
		})
	}
	for range 50 {
		<-checked
	}
	for !t.Failed() && !other.fromMemory(key) { // until the node has a lease
		other.actor(key)
	}
	refused(t, r.Revoke(t.Context(), r.by, added.ID, 0), "")
	mu.Lock()
	over = true
	mu.Unlock()
	checking.Wait()
}

func TestNothingIsWrittenByAKeyThatHasEnded(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		r := newRing(t, d)
		revoked, one := r.add("Revoked", time.Time{})
		_, two := r.add("Run out", clock.Now().Add(time.Minute))
		late, later := r.actor(one), r.actor(two)
		add := func(by access.Actor) error {
			_, _, err := r.Add(r.Guard(t.Context(), by), by, operator.New{Name: "By " + by.Key})
			return err
		}
		refused(t, add(late), "")
		refused(t, add(later), "")
		refused(t, r.Revoke(t.Context(), r.by, revoked.ID, 0), "")
		clock.Add(time.Minute)
		refused(t, add(late), "unauthenticated")
		refused(t, add(later), "unauthenticated")
	})
}

func TestTheLastUseIsNotedOnceAMinuteWithoutAnEvent(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		r := newRing(t, d)
		before := len(trail(t, d))
		used := func() time.Time {
			t.Helper()
			if err := r.Flush(t.Context()); err != nil {
				t.Fatal(err)
			}
			key, err := r.Get(t.Context(), r.by, r.by.Key)
			if err != nil || key.Version != 1 {
				t.Fatal(key, err)
			}
			return key.LastUsedAt
		}
		began := clock.Now().UTC()
		for _, step := range []struct {
			after time.Duration
			noted time.Duration
		}{{0, 0}, {59 * time.Second, 0}, {time.Second, time.Minute}, {30 * time.Second, time.Minute}} {
			clock.Add(step.after)
			r.actor(r.first)
			if got := used(); !got.Equal(began.Add(step.noted)) {
				t.Errorf("after %v: %v, want %v", step.after, got, began.Add(step.noted))
			}
		}
		if now := len(trail(t, d)); now != before {
			t.Errorf("%d events for being used", now-before)
		}
	})
}
