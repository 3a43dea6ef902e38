package job_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tenure/internal/access"
	"tenure/internal/audit"
	"tenure/internal/db"
	"tenure/internal/db/dbtest"
	"tenure/internal/id"
	"tenure/internal/job"
)

var quiet = slog.New(slog.NewTextHandler(io.Discard, nil))

func began(t *testing.T, d *db.DB, add func(tx *db.Tx, account id.Account) error) id.Account {
	t.Helper()
	account := id.New[id.Account]()
	if err := d.Found(t.Context(), account, func(tx *db.Tx) error {
		if err := audit.Record(t.Context(), tx, access.BySystem(), audit.Event{Action: "account.create", Subject: audit.Of("account", account)}); err != nil {
			return err
		}
		return add(tx, account)
	}); err != nil {
		t.Fatal(err)
	}
	return account
}

func runDue(t *testing.T, r *job.Runner) int {
	t.Helper()
	n, err := r.RunDue(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestAJobIsDoneWhenItIsDueAndOnce(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		var seen []string
		r := job.NewRunner(d, quiet, map[string]job.Handler{"test": func(_ context.Context, account id.Account, ref string) error {
			seen = append(seen, ref)
			return nil
		}})
		due := clock.Now().Add(time.Hour)
		began(t, d, func(tx *db.Tx, account id.Account) error {
			for range 2 {
				if err := job.Add(t.Context(), tx, account, "test", "a", due); err != nil {
					return err
				}
			}
			return job.Add(t.Context(), tx, account, "unknown", "b", clock.Now())
		})
		if n := runDue(t, r); n != 0 {
			t.Fatalf("%d jobs before their time", n)
		}
		clock.Add(time.Hour)
		if n := runDue(t, r); n != 1 || len(seen) != 1 || seen[0] != "a" {
			t.Fatalf("%d jobs, %v", n, seen)
		}
		if n := runDue(t, r); n != 0 {
			t.Errorf("done again")
		}
	})
}

func TestWorkOfARolledBackChangeDoesNotExist(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		sorry := errors.New("sorry")
		err := d.Found(t.Context(), id.New[id.Account](), func(tx *db.Tx) error {
			if err := job.Add(t.Context(), tx, tx.Account(), "test", "a", clock.Now()); err != nil {
				return err
			}
			return sorry
		})
		if !errors.Is(err, sorry) {
			t.Fatal(err)
		}
		r := job.NewRunner(d, quiet, map[string]job.Handler{"test": func(context.Context, id.Account, string) error { return nil }})
		if n := runDue(t, r); n != 0 {
			t.Errorf("%d jobs", n)
		}
	})
}

func TestAFailedJobIsPutOffAndGivenUpInTheEnd(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		tries := 0
		r := job.NewRunner(d, quiet, map[string]job.Handler{"test": func(context.Context, id.Account, string) error {
			tries++
			return errors.New("not today")
		}})
		account := began(t, d, func(tx *db.Tx, account id.Account) error {
			return job.Add(t.Context(), tx, account, "test", "a", clock.Now())
		})
		for range 40 {
			runDue(t, r)
			clock.Add(24 * time.Hour)
		}
		if tries != 8 {
			t.Errorf("%d tries", tries)
		}
		if err := d.Read(t.Context(), func(tx *db.Tx) error {
			var status, reason string
			err := tx.One(t.Context(), `SELECT status, reason FROM jobs WHERE account_id = $1`, []any{string(account)}, &status, &reason)
			if status != "failed" || reason != "not today" {
				t.Errorf("%s: %s", status, reason)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
	})
}

func TestAJobOfADeadWorkerIsTakenUpAgain(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		dying, die := context.WithCancel(t.Context())
		first := job.NewRunner(d, quiet, map[string]job.Handler{"test": func(context.Context, id.Account, string) error {
			die()
			return nil
		}})
		began(t, d, func(tx *db.Tx, account id.Account) error {
			return job.Add(t.Context(), tx, account, "test", "a", clock.Now())
		})
		if _, err := first.RunDue(dying); !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		again := 0
		second := job.NewRunner(d, quiet, map[string]job.Handler{"test": func(context.Context, id.Account, string) error {
			again++
			return nil
		}})
		if n := runDue(t, second); n != 0 {
			t.Fatal("taken while its lease still holds")
		}
		clock.Add(time.Minute)
		if n := runDue(t, second); n != 1 || again != 1 {
			t.Errorf("%d taken, done %d times", n, again)
		}
	})
}

func TestManyRunnersDoEachJobOnce(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		const jobs = 60
		began(t, d, func(tx *db.Tx, account id.Account) error {
			for i := range jobs {
				if err := job.Add(t.Context(), tx, account, "test", string(rune('0'+i)), clock.Now()); err != nil {
					return err
				}
			}
			return nil
		})
		var done atomic.Int64
		var wait sync.WaitGroup
		for range 4 {
			wait.Go(func() {
				r := job.NewRunner(d, quiet, map[string]job.Handler{"test": func(context.Context, id.Account, string) error {
					done.Add(1)
					return nil
				}})
				for range 10 {
					if _, err := r.RunDue(t.Context()); err != nil {
						t.Error(err)
					}
				}
			})
		}
		wait.Wait()
		if done.Load() != jobs {
			t.Errorf("%d of %d jobs done", done.Load(), jobs)
		}
	})
}

func TestARunnerHearsOfNewWork(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		did := make(chan string, 1)
		r := job.NewRunner(d, quiet, map[string]job.Handler{"test": func(_ context.Context, _ id.Account, ref string) error {
			did <- ref
			return nil
		}})
		stopped := make(chan struct{})
		go func() {
			defer close(stopped)
			r.Run(ctx)
		}()
		began(t, d, func(tx *db.Tx, account id.Account) error {
			return job.Add(t.Context(), tx, account, "test", "now", clock.Now())
		})
		if ref := <-did; ref != "now" {
			t.Error(ref)
		}
		stop()
		<-stopped
	})
}
