package db_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"tenure/internal/db"
	"tenure/internal/db/dbtest"
	"tenure/internal/fault"
	"tenure/internal/id"
)

// The rules of the transactions, each on both engines.

const acme, globex id.Account = "acc_acme", "acc_globex"

const jane, john id.User = "usr_jane", "usr_john"

// record does what the trail does: it moves the chain on.
func record(chain *db.Chain) {
	chain.Seq++
	chain.Head = fmt.Append(nil, "hash of ", chain.Seq)
}

func found(t *testing.T, d *db.DB, accounts ...id.Account) {
	t.Helper()
	for _, account := range accounts {
		err := d.Found(t.Context(), account, func(tx *db.Tx) error {
			record(tx.Chain())
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// marks is a table that tests write into.
func marks(t *testing.T, d *db.DB) {
	t.Helper()
	err := d.Housekeep(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(t.Context(), "CREATE TABLE marks (name TEXT NOT NULL PRIMARY KEY, n BIGINT NOT NULL)")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func mark(tx *db.Tx, name string) error {
	return tx.ExecOne(context.Background(), "INSERT INTO marks (name, n) VALUES ($1, 0)", name)
}

func marked(t *testing.T, d *db.DB) []string {
	t.Helper()
	names := []string{}
	err := d.Read(context.Background(), func(tx *db.Tx) error {
		return tx.Each(context.Background(), "SELECT name FROM marks ORDER BY name", nil, func(scan func(...any) error) error {
			var name string
			defer func() { names = append(names, name) }()
			return scan(&name)
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func wantMarks(t *testing.T, d *db.DB, want ...string) {
	t.Helper()
	if got := marked(t, d); !slices.Equal(got, slices.Sorted(slices.Values(want))) {
		t.Errorf("the table has %q, want %q", got, want)
	}
}

// until waits for what another goroutine is about to do.
func until(condition func() bool) {
	for !condition() {
		runtime.Gosched()
	}
}

func TestWritersOfOneAccountFollowOneAnother(t *testing.T) {
	dbtest.EachWhere(t, func(t *testing.T, where string) {
		nodes := []*db.DB{dbtest.Open(t, where, db.Options{}), dbtest.Open(t, where, db.Options{})}
		found(t, nodes[0], acme)
		marks(t, nodes[0])
		if err := nodes[0].Housekeep(t.Context(), func(tx *db.Tx) error { return mark(tx, "count") }); err != nil {
			t.Fatal(err)
		}
		var all sync.WaitGroup
		for i := range 16 {
			all.Go(func() {
				for range 10 {
					if err := nodes[i%2].Write(t.Context(), acme, countOne); err != nil {
						t.Error(err)
					}
				}
			})
		}
		all.Wait()
		var count, seq int64
		err := nodes[0].Read(t.Context(), func(tx *db.Tx) error {
			if err := tx.One(t.Context(), "SELECT seq FROM heads WHERE account_id = $1", []any{acme}, &seq); err != nil {
				return err
			}
			return tx.One(t.Context(), "SELECT n FROM marks", nil, &count)
		})
		if err != nil || count != 160 || seq != 161 {
			t.Errorf("counted %d, the trail has %d events, %v; want 160 and 161", count, seq, err)
		}
	})
}

// countOne reads, thinks and writes: what is lost without a lock.
func countOne(tx *db.Tx) error {
	ctx := context.Background()
	var n int64
	if err := tx.One(ctx, "SELECT n FROM marks WHERE name = 'count'", nil, &n); err != nil {
		return err
	}
	runtime.Gosched()
	record(tx.Chain())
	return tx.ExecOne(ctx, "UPDATE marks SET n = $1 WHERE name = 'count'", n+1)
}

func TestWriteOfNoAccountIsNotFound(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		err := d.Write(t.Context(), acme, func(*db.Tx) error {
			t.Error("the function ran")
			return nil
		})
		if fault.Code(err) != "not_found" {
			t.Errorf("got %v, want not_found", err)
		}
	})
}

func TestAccountIsFoundedOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		found(t, d, acme)
		err := d.Found(t.Context(), acme, func(tx *db.Tx) error {
			record(tx.Chain())
			return nil
		})
		if !db.IsUnique(err) {
			t.Errorf("got %v, want a broken unique key", err)
		}
	})
}

func TestTimeOfAnAccountNeverGoesBack(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		found(t, d, acme)
		start := clock.Now()
		at := func(move time.Duration, account id.Account) time.Time {
			t.Helper()
			clock.Add(move)
			var now time.Time
			err := d.Write(t.Context(), account, func(tx *db.Tx) error {
				now = tx.Now()
				record(tx.Chain())
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			return now
		}
		if got := at(time.Hour, acme); !got.Equal(start.Add(time.Hour)) {
			t.Errorf("an hour later it is %v", got)
		}
		if got := at(-30*time.Minute, acme); !got.Equal(start.Add(time.Hour)) {
			t.Errorf("with the clock set back it is %v, want the time of the last change", got)
		}
		found(t, d, globex)
		if got := at(0, globex); !got.Equal(start.Add(30 * time.Minute)) {
			t.Errorf("for another account it is %v, want the clock's", got)
		}
		if got := at(31*time.Minute, acme); !got.Equal(start.Add(61 * time.Minute)) {
			t.Errorf("when the clock has caught up it is %v", got)
		}
	})
}

func TestTimeOfAUserNeverGoesBack(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		found(t, d, acme)
		later := clock.Now().Add(time.Hour)
		clock.Set(later)
		err := d.WriteUser(t.Context(), jane, func(tx *db.Tx) error {
			record(tx.UserChain())
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		clock.Add(-time.Hour)
		err = d.Write(t.Context(), acme, func(tx *db.Tx) error {
			if err := tx.LockUser(t.Context(), jane); err != nil {
				return err
			}
			if !tx.Now().Equal(later) {
				t.Errorf("under the user's lock it is %v, want %v", tx.Now(), later)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestTimeIsCutToMicroseconds(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		clock.Set(time.Date(2026, 3, 29, 2, 30, 0, 123456789, time.FixedZone("CEST", 7200)))
		want := time.Date(2026, 3, 29, 0, 30, 0, 123456000, time.UTC)
		if got := d.Now(); got != want {
			t.Errorf("it is %v, want %v", got, want)
		}
	})
}

func TestChangeWithoutEventIsRefused(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		found(t, d, acme)
		marks(t, d)
		silent := map[string]func(tx *db.Tx) error{
			"statement": func(tx *db.Tx) error { return mark(tx, "a") },
			"query that writes": func(tx *db.Tx) error {
				var name string
				return tx.One(ctx, "INSERT INTO marks (name, n) VALUES ('a', 1) RETURNING name", nil, &name)
			},
		}
		for name, change := range silent {
			if err := d.Write(ctx, acme, change); err == nil || err.Error() != "change without event" {
				t.Errorf("%s in Write: %v", name, err)
			}
			if err := d.WriteUser(ctx, jane, change); err == nil || err.Error() != "change without event" {
				t.Errorf("%s in WriteUser: %v", name, err)
			}
		}
		if err := d.Found(ctx, globex, func(*db.Tx) error { return nil }); err == nil {
			t.Error("an account began without an event")
		}
		wantMarks(t, d)
		nothing := func(tx *db.Tx) error {
			n, err := tx.Exec(ctx, "UPDATE marks SET n = 1 WHERE name = 'nobody'")
			if n != 0 {
				t.Errorf("%d rows changed", n)
			}
			return err
		}
		if err := d.Write(ctx, acme, nothing); err != nil {
			t.Errorf("a write that changed nothing: %v", err)
		}
		if err := d.Housekeep(ctx, func(tx *db.Tx) error { return mark(tx, "b") }); err != nil {
			t.Errorf("Housekeep needs no event: %v", err)
		}
		wantMarks(t, d, "b")
	})
}

func TestEventOfEitherTrailTellsOfAChange(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		found(t, d, acme)
		marks(t, d)
		err := d.Write(ctx, acme, func(tx *db.Tx) error {
			if err := tx.LockUser(ctx, jane); err != nil {
				return err
			}
			record(tx.UserChain())
			return mark(tx, "a")
		})
		if err != nil {
			t.Fatal(err)
		}
		wantMarks(t, d, "a")
		err = d.WriteUser(ctx, jane, func(tx *db.Tx) error {
			if tx.UserChain().Seq != 1 || string(tx.UserChain().Head) != "hash of 1" {
				t.Errorf("the user's trail ends with %+v", tx.UserChain())
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestHeadIsWrittenOnceAtTheEnd(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		ctx := t.Context()
		found(t, d, acme)
		clock.Add(time.Minute)
		stored := func(tx *db.Tx) (c db.Chain, at time.Time) {
			t.Helper()
			err := tx.One(ctx, "SELECT seq, head, at FROM heads WHERE account_id = $1", []any{acme}, &c.Seq, &c.Head, db.Time(&at))
			if err != nil {
				t.Error(err)
			}
			return c, at
		}
		err := d.Write(ctx, acme, func(tx *db.Tx) error {
			for range 3 {
				record(tx.Chain())
			}
			if c, _ := stored(tx); c.Seq != 1 {
				t.Errorf("the head stands at %d during the write", c.Seq)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		d.Read(ctx, func(tx *db.Tx) error {
			if c, at := stored(tx); c.Seq != 4 || string(c.Head) != "hash of 4" || !at.Equal(clock.Now()) {
				t.Errorf("the head is %d %q at %v", c.Seq, c.Head, at)
			}
			return nil
		})
	})
}

func TestLocksAreTakenAccountThenUser(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		found(t, d, acme)
		lock := func(users ...id.User) func(tx *db.Tx) error {
			return func(tx *db.Tx) error {
				for _, user := range users {
					if err := tx.LockUser(ctx, user); err != nil {
						return err
					}
				}
				return nil
			}
		}
		if err := d.Write(ctx, acme, lock(jane, jane)); err != nil {
			t.Errorf("the same user twice: %v", err)
		}
		if err := d.WriteUser(ctx, jane, lock(jane)); err != nil {
			t.Errorf("the user of WriteUser: %v", err)
		}
		if d.Write(ctx, acme, lock(jane, john)) == nil || d.WriteUser(ctx, jane, lock(john)) == nil {
			t.Error("two users were locked")
		}
		if d.Housekeep(ctx, lock(jane)) == nil || d.Read(ctx, lock(jane)) == nil {
			t.Error("a user was locked without a write")
		}
		d.Write(ctx, acme, func(tx *db.Tx) error {
			if tx.Account() != acme || tx.User() != "" || tx.UserChain() != nil {
				t.Errorf("Write has locked %q and %q", tx.Account(), tx.User())
			}
			return nil
		})
	})
}

func TestGuardRunsRightAfterTheLock(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		found(t, d, acme)
		steps := []string{}
		guard := func(name string, err error) db.Guard {
			return func() db.Inquiry {
				var head, nobody int64
				return db.Inquiry{
					Questions: []db.Question{
						db.AskIfThere("SELECT 1 FROM heads WHERE account_id = $1", []any{string(acme)}, &head),
						db.AskIfThere("SELECT 1 FROM heads WHERE account_id = $1", []any{"nobody"}, &nobody),
					},
					Then: func(_ context.Context, tx *db.Tx) error {
						if tx.Account() == "" && tx.User() == "" {
							t.Error("the guard ran without a lock")
						}
						if head != 1 || nobody != 0 {
							t.Errorf("the guard learnt %d and %d", head, nobody)
						}
						steps = append(steps, name)
						return err
					},
				}
			}
		}
		function := func(*db.Tx) error {
			steps = append(steps, "function")
			return nil
		}
		expect := func(err, wantErr error, want ...string) {
			t.Helper()
			if !errors.Is(err, wantErr) || !slices.Equal(steps, want) {
				t.Errorf("ran %q with %v, want %q with %v", steps, err, want, wantErr)
			}
			steps = nil
		}
		ctx := db.WithGuard(db.WithGuard(t.Context(), guard("first", nil)), guard("second", nil))
		expect(d.Write(ctx, acme, function), nil, "first", "second", "function")
		expect(d.WriteUser(ctx, jane, function), nil, "first", "second", "function")
		expect(d.Housekeep(ctx, function), nil, "function")
		expect(d.Read(ctx, function), nil, "function")
		gone := errors.New("signed out meanwhile")
		expect(d.Write(db.WithGuard(ctx, guard("third", gone)), acme, function), gone, "first", "second", "third")
		expect(d.Write(db.WithoutGuards(ctx), acme, function), nil, "function")
		if err := d.Write(ctx, "acc_nobody", function); fault.Code(err) != "not_found" || len(steps) != 0 {
			t.Errorf("without an account: %v after %q", err, steps)
		}
	})
}

func TestNoTransactionInsideATransaction(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		found(t, d, acme, globex)
		nothing := func(*db.Tx) error { return nil }
		inner := map[string]func() error{
			"Write":           func() error { return d.Write(ctx, acme, nothing) },
			"Write elsewhere": func() error { return d.Write(ctx, globex, nothing) },
			"WriteUser":       func() error { return d.WriteUser(ctx, jane, nothing) },
			"Housekeep":       func() error { return d.Housekeep(ctx, nothing) },
			"Read":            func() error { return d.Read(ctx, nothing) },
		}
		for name, begin := range inner {
			outer := map[string]error{
				"Write": d.Write(ctx, acme, func(*db.Tx) error { return begin() }),
				"Read":  d.Read(ctx, func(*db.Tx) error { return begin() }),
				"guard": d.Write(db.WithGuard(ctx, func() db.Inquiry {
					return db.Inquiry{Then: func(context.Context, *db.Tx) error { return begin() }}
				}), acme, nothing),
			}
			for where, err := range outer {
				if err == nil || err.Error() != "a transaction was begun inside another one" {
					t.Errorf("%s inside %s: %v", name, where, err)
				}
			}
		}
		err := d.Write(ctx, acme, func(tx *db.Tx) error {
			tx.After(func() {
				if err := d.Read(ctx, nothing); err != nil {
					t.Errorf("Read after the commit: %v", err)
				}
			})
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
}

func TestAfterRunsOnceCommittedAndBeforeWriteReturns(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		found(t, d, acme)
		marks(t, d)
		told := []string{}
		write := func(result error) error {
			return d.Write(t.Context(), acme, func(tx *db.Tx) error {
				record(tx.Chain())
				tx.After(func() { told = append(told, marked(t, d)...) })
				tx.After(func() { told = append(told, "second") })
				return errors.Join(mark(tx, "a"), result)
			})
		}
		if err := write(errors.New("no")); err == nil || len(told) > 0 {
			t.Errorf("after %v was told %q", err, told)
		}
		if err := write(nil); err != nil || !slices.Equal(told, []string{"a", "second"}) {
			t.Errorf("%v, told %q", err, told)
		}
	})
}

func TestNothingIsLeftOfAFunctionThatFails(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		found(t, d, acme)
		marks(t, d)
		no := errors.New("no")
		err := d.Write(t.Context(), acme, func(tx *db.Tx) error {
			record(tx.Chain())
			return errors.Join(mark(tx, "a"), no)
		})
		if !errors.Is(err, no) {
			t.Errorf("got %v", err)
		}
		wantMarks(t, d)
		d.Write(t.Context(), acme, func(tx *db.Tx) error {
			if tx.Chain().Seq != 1 {
				t.Errorf("the trail has %d events, want 1", tx.Chain().Seq)
			}
			return nil
		})
	})
}

func TestFailedStatementEndsTheTransaction(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		found(t, d, acme)
		marks(t, d)
		err := d.Write(t.Context(), acme, func(tx *db.Tx) error {
			record(tx.Chain())
			if err := errors.Join(mark(tx, "a"), mark(tx, "b")); err != nil {
				return err
			}
			if err := mark(tx, "a"); !db.IsUnique(err) {
				t.Errorf("the same key again: %v", err)
			}
			if err := mark(tx, "c"); !db.IsUnique(err) {
				t.Errorf("a statement after a failed one: %v, want what failed", err)
			}
			return nil // as if nothing had been
		})
		if !db.IsUnique(err) {
			t.Errorf("the write gave %v", err)
		}
		wantMarks(t, d)
	})
}

func TestExecOneWantsExactlyOneRow(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		marks(t, d)
		d.Housekeep(ctx, func(tx *db.Tx) error { return errors.Join(mark(tx, "a"), mark(tx, "b")) })
		for where, want := range map[string]error{"name = 'a'": nil, "name = 'c'": db.ErrGuard, "name >= 'a'": db.ErrGuard} {
			err := d.Housekeep(ctx, func(tx *db.Tx) error {
				return tx.ExecOne(ctx, "UPDATE marks SET n = n + 1 WHERE "+where)
			})
			if !errors.Is(err, want) {
				t.Errorf("WHERE %s: %v, want %v", where, err, want)
			}
		}
		var sum int64
		d.Read(ctx, func(tx *db.Tx) error {
			return tx.One(ctx, "SELECT CAST(SUM(n) AS BIGINT) FROM marks", nil, &sum)
		})
		if sum != 1 {
			t.Errorf("%d rows were changed, want 1", sum)
		}
	})
}

func TestTransactionEndsWithItsFunction(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		marks(t, d)
		var kept *db.Tx
		d.Housekeep(t.Context(), func(tx *db.Tx) error { kept = tx; return nil })
		if err := mark(kept, "a"); err == nil || err.Error() != "the transaction is over" {
			t.Errorf("a statement afterwards: %v", err)
		}
	})
}
