package once_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tenure/internal/access"
	"tenure/internal/audit"
	"tenure/internal/db"
	"tenure/internal/db/dbtest"
	"tenure/internal/fault"
	"tenure/internal/id"
	"tenure/internal/once"
	"tenure/internal/secret"
)

// desk is an account and the book in which its commands are looked up.
type desk struct {
	*once.Book
	t       *testing.T
	db      *db.DB
	clock   *dbtest.Clock
	account id.Account
	done    atomic.Int64 // how often the command took effect
}

func onDesk(t *testing.T, fn func(t *testing.T, k *desk)) {
	t.Helper()
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		keeper, err := secret.NewKeeper([]byte("a master secret of the tests, long enough"))
		if err != nil {
			t.Fatal(err)
		}
		k := &desk{Book: once.NewBook(d, keeper), t: t, db: d, clock: clock, account: id.New[id.Account]()}
		if err := d.Found(t.Context(), k.account, k.event("account.create")); err != nil {
			t.Fatal(err)
		}
		fn(t, k)
	})
}

func (k *desk) event(action string) func(tx *db.Tx) error {
	return func(tx *db.Tx) error {
		return audit.Record(k.t.Context(), tx, access.BySystem(), audit.Event{Action: action, Subject: audit.Of("account", k.account)})
	}
}

func (k *desk) order(caller, key, asked string) *once.Request {
	return k.Request(once.Order{Account: k.account, Caller: caller, Key: key, Asked: []byte(asked)})
}

// command does something under the request and says what it left.
func (k *desk) command(r *once.Request, left string) (kept string, before bool, err error) {
	ctx := once.With(k.t.Context(), r)
	err = k.db.Write(ctx, k.account, func(tx *db.Tx) error {
		if err := k.event("test.done")(tx); err != nil {
			return err
		}
		tx.After(func() { k.done.Add(1) })
		return once.Keep(ctx, tx, left)
	})
	if was, before := once.Done(err); before {
		return kept, true, was.Into(&kept)
	}
	return left, false, err
}

func (k *desk) must(r *once.Request, left, want string, before bool) {
	k.t.Helper()
	kept, was, err := k.command(r, left)
	if err != nil || kept != want || was != before {
		k.t.Errorf("got %q, before %v, %v; want %q, %v", kept, was, err, want, before)
	}
}

func TestACommandUnderOneKeyHappensOnce(t *testing.T) {
	onDesk(t, func(t *testing.T, k *desk) {
		if _, before, err := k.Look(t.Context(), k.order("member:a", "k", "x")); before || err != nil {
			t.Errorf("%v %v", before, err)
		}
		k.must(k.order("member:a", "k", "x"), "first", "first", false)
		k.must(k.order("member:a", "k", "x"), "second", "first", true)
		if kept, before, err := k.Look(t.Context(), k.order("member:a", "k", "x")); !before || err != nil || string(kept) != `"first"` {
			t.Errorf("%s %v %v", kept, before, err)
		}
		k.must(k.order("member:b", "k", "x"), "theirs", "theirs", false) // another caller
		k.must(k.order("member:a", "l", "x"), "other", "other", false)   // another key
		if n := k.done.Load(); n != 3 {
			t.Errorf("it happened %d times", n)
		}
	})
}

func TestAKeyWithSomethingElseIsRefused(t *testing.T) {
	onDesk(t, func(t *testing.T, k *desk) {
		k.must(k.order("member:a", "k", "x"), "first", "first", false)
		if _, _, err := k.command(k.order("member:a", "k", "y"), ""); fault.Code(err) != "idempotency_mismatch" {
			t.Errorf("the write: %v", err)
		}
		if _, _, err := k.Look(t.Context(), k.order("member:a", "k", "y")); fault.Code(err) != "idempotency_mismatch" {
			t.Errorf("the look: %v", err)
		}
		k.must(k.order("", "k", "x"), "one", "one", false) // strangers who chose the same key
		k.must(k.order("", "k", "y"), "two", "two", false)
	})
}

func TestAFailedCommandLeavesItsKeyFree(t *testing.T) {
	onDesk(t, func(t *testing.T, k *desk) {
		refused := fault.Conflict("no", "No.")
		for range 2 {
			err := k.db.Write(once.With(t.Context(), k.order("member:a", "k", "x")), k.account, func(tx *db.Tx) error {
				return errors.Join(k.event("test.done")(tx), refused)
			})
			if fault.Code(err) != "no" {
				t.Errorf("%v", err)
			}
		}
		k.must(k.order("member:a", "k", "y"), "at last", "at last", false)
	})
}

func TestOf32AtOnceOneHappens(t *testing.T) {
	onDesk(t, func(t *testing.T, k *desk) {
		begin := make(chan struct{})
		var all sync.WaitGroup
		for range 32 {
			all.Go(func() {
				<-begin
				kept, _, err := k.command(k.order("operator:o", "k", "x"), "left")
				if err != nil || kept != "left" {
					t.Errorf("%q %v", kept, err)
				}
			})
		}
		close(begin)
		all.Wait()
		if n := k.done.Load(); n != 1 {
			t.Errorf("it happened %d times", n)
		}
	})
}

// TestOf32AccountsBegunAtOnceOneIs has no head that the 32 share: what keeps
// them apart is the key alone.
func TestOf32AccountsBegunAtOnceOneIs(t *testing.T) {
	onDesk(t, func(t *testing.T, k *desk) {
		begin, made := make(chan struct{}), make(chan id.Account, 32)
		var all sync.WaitGroup
		for range 32 {
			all.Go(func() {
				<-begin
				acc := id.New[id.Account]()
				ctx := once.With(t.Context(), k.Request(once.Order{Caller: "operator:o", Key: "k"}))
				err := k.db.Found(ctx, acc, func(tx *db.Tx) error {
					return errors.Join(k.event("account.create")(tx), once.Keep(ctx, tx, acc))
				})
				if kept, before := once.Done(err); before {
					err = kept.Into(&acc)
				}
				if err != nil {
					t.Error(err)
				}
				made <- acc
			})
		}
		close(begin)
		all.Wait()
		first := <-made
		for range 31 {
			if other := <-made; other != first {
				t.Fatalf("%s and %s were begun", first, other)
			}
		}
	})
}

// TestATwinWaitsUntilTheFirstHasEnded says so by what it finds: with the first
// still at it, it would find nothing.
func TestATwinWaitsUntilTheFirstHasEnded(t *testing.T) {
	onDesk(t, func(t *testing.T, k *desk) {
		first, twin := k.order("member:a", "k", "x"), k.order("member:a", "k", "x")
		end, err := k.Begin(t.Context(), first)
		if err != nil {
			t.Fatal(err)
		}
		found := make(chan bool)
		go func() {
			end, err := k.Begin(t.Context(), twin)
			defer end()
			_, before, looking := k.Look(t.Context(), twin)
			found <- before && err == nil && looking == nil
		}()
		gone, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := k.Begin(gone, k.order("member:a", "k", "x")); !errors.Is(err, context.Canceled) {
			t.Errorf("who does not wait any more is told %v", err)
		}
		k.must(first, "first", "first", false)
		end()
		if !<-found {
			t.Error("the twin did not wait")
		}
	})
}

func TestAKeyCountsForADay(t *testing.T) {
	onDesk(t, func(t *testing.T, k *desk) {
		k.must(k.order("member:a", "k", "x"), "first", "first", false)
		k.clock.Add(once.Life - time.Second)
		k.must(k.order("member:a", "k", "x"), "second", "first", true)
		k.clock.Add(time.Second)
		if _, before, err := k.Look(t.Context(), k.order("member:a", "k", "y")); before || err != nil {
			t.Errorf("%v %v", before, err)
		}
		k.must(k.order("member:a", "k", "y"), "third", "third", false)
	})
}

func TestSweepingDeletesWhatCountsNoLonger(t *testing.T) {
	onDesk(t, func(t *testing.T, k *desk) {
		for _, key := range []string{"old", "older"} {
			k.must(k.order("member:a", key, "x"), key, key, false)
		}
		k.clock.Add(once.Life)
		k.must(k.order("member:a", "young", "x"), "young", "young", false)
		if err := k.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
		var rows int64
		if err := k.db.Read(t.Context(), func(tx *db.Tx) error {
			return tx.One(t.Context(), `SELECT COUNT(*) FROM idempotency_keys WHERE account_id = $1`, []any{string(k.account)}, &rows)
		}); err != nil || rows != 1 {
			t.Errorf("%d rows, %v", rows, err)
		}
		k.must(k.order("member:a", "young", "x"), "again", "young", true)
	})
}

func TestEachStepHappensOnceAndASecondWriteSaysWhichItIs(t *testing.T) {
	onDesk(t, func(t *testing.T, k *desk) {
		write := func(ctx context.Context) error { return k.db.Write(ctx, k.account, k.event("test.done")) }
		first := once.With(t.Context(), k.order("member:a", "k", "x"))
		for n := range 2 {
			if err := write(once.Step(first, n)); err != nil {
				t.Errorf("step %d: %v", n, err)
			}
		}
		second := once.With(t.Context(), k.order("member:a", "k", "x"))
		for n, before := range []bool{true, true, false} {
			if _, was := once.Done(write(once.Step(second, n))); was != before {
				t.Errorf("step %d was done before: %v", n, was)
			}
		}
		silent := once.With(t.Context(), k.order("member:a", "l", "x"))
		if err := write(silent); err != nil {
			t.Fatal(err)
		}
		if err := write(silent); err == nil || fault.As(err) != nil {
			t.Errorf("two writes under one key, without steps: %v", err)
		}
	})
}

func TestWhatOnlyKeepsHouseClaimsItsKeyByItself(t *testing.T) {
	onDesk(t, func(t *testing.T, k *desk) {
		for n := range 2 {
			ctx := once.With(t.Context(), k.order("", "k", "x"))
			err := k.db.Housekeep(ctx, func(tx *db.Tx) error { return once.Claim(ctx, tx) })
			if _, before := once.Done(err); before != (n == 1) || (n == 0 && err != nil) {
				t.Errorf("time %d: %v", n, err)
			}
		}
	})
}
