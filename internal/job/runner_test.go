package job_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tenure/internal/access"
	"tenure/internal/audit"
	"tenure/internal/db"
	"tenure/internal/db/dbtest"
	"tenure/internal/id"
	"tenure/internal/job"
)

// change writes to the account, as whoever asks for work does.
func change(t *testing.T, d *db.DB, account id.Account, fn func(tx *db.Tx) error) {
	t.Helper()
	err := d.Write(t.Context(), account, func(tx *db.Tx) error {
		event := audit.Event{Action: "account.update", Subject: audit.Of("account", account)}
		return errors.Join(audit.Record(t.Context(), tx, access.BySystem(), event), fn(tx))
	})
	if err != nil {
		t.Fatal(err)
	}
}

func add(t *testing.T, account id.Account, ref string, due time.Time) func(tx *db.Tx) error {
	return func(tx *db.Tx) error { return job.Add(t.Context(), tx, account, "test", ref, due) }
}

func nothing(*db.Tx, id.Account) error { return nil }

// jobs tells of every row: ref, status, attempts.
func jobs(t *testing.T, d *db.DB, account id.Account) []string {
	t.Helper()
	rows := []string{}
	err := d.Read(t.Context(), func(tx *db.Tx) error {
		return tx.Each(t.Context(), `SELECT ref, status, attempts FROM jobs WHERE account_id = $1 ORDER BY ref, status`, []any{string(account)},
			func(scan func(...any) error) error {
				var ref, status string
				var attempts int
				err := scan(&ref, &status, &attempts)
				rows = append(rows, fmt.Sprint(ref, " ", status, " ", attempts))
				return err
			})
	})
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func TestWorkAskedForWhileItRunsIsDoneOnceMore(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		account := began(t, d, nothing)
		change(t, d, account, add(t, account, "a", clock.Now()))
		runs := 0
		r := job.NewRunner(d, quiet, map[string]job.Handler{"test": func(context.Context, id.Account, string) error {
			if runs++; runs == 1 {
				change(t, d, account, add(t, account, "a", clock.Now().Add(2*time.Hour)))
				change(t, d, account, add(t, account, "a", clock.Now().Add(time.Hour)))
				change(t, d, account, add(t, account, "a", clock.Now().Add(3*time.Hour)))
			}
			return nil
		}})
		for _, want := range []int{1, 2, 2} {
			if runDue(t, r); runs != want {
				t.Errorf("at %v it has run %d times, want %d", clock.Now(), runs, want)
			}
			clock.Add(time.Hour)
		}
		if left := jobs(t, d, account); len(left) > 0 {
			t.Errorf("there are still %q", left)
		}
	})
}

func TestWorkThatAsksForItselfAfterItsLeaseRanOutIsDoneOnceMore(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		account := began(t, d, nothing)
		change(t, d, account, add(t, account, "a", clock.Now()))
		runs := 0
		r := job.NewRunner(d, quiet, map[string]job.Handler{"test": func(context.Context, id.Account, string) error {
			if runs++; runs == 1 {
				clock.Add(time.Hour) // a machine that slept; nobody else took the job
				change(t, d, account, add(t, account, "a", clock.Now().Add(time.Hour)))
			}
			return nil
		}})
		runDue(t, r)
		if got := jobs(t, d, account); !slices.Equal(got, []string{"a queued 0"}) {
			t.Errorf("there are %q", got)
		}
		clock.Add(time.Hour)
		if runDue(t, r); runs != 2 {
			t.Errorf("it ran %d times", runs)
		}
	})
}

func TestWhatIsGivenUpIsToldBeforeItIsFailed(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		account := began(t, d, nothing)
		change(t, d, account, add(t, account, "a", clock.Now()))
		tries, told := 0, 0
		r := job.NewRunner(d, quiet, map[string]job.Handler{"test": func(context.Context, id.Account, string) error {
			tries++
			panic("not today")
		}})
		r.GivingUp("test", func(_ context.Context, _ id.Account, ref string) error {
			if told++; told == 1 {
				return errors.New("nobody can be told")
			}
			return nil
		})
		for range 40 {
			runDue(t, r)
			clock.Add(24 * time.Hour)
		}
		if got := jobs(t, d, account); tries != 9 || told != 2 || !slices.Equal(got, []string{"a failed 9"}) {
			t.Errorf("tried %d times, told %d times, and there are %q", tries, told, got)
		}
		change(t, d, account, add(t, account, "b", clock.Now()))
		for n, want := range [][]string{{"a failed 9", "b queued 0"}, {"b queued 0"}} {
			if err := job.Sweep(t.Context(), d); err != nil {
				t.Fatal(err)
			}
			if got := jobs(t, d, account); !slices.Equal(got, want) {
				t.Errorf("after sweep %d there are %q", n, got)
			}
			clock.Add(90 * 24 * time.Hour)
		}
	})
}

func TestWorkThatFailsAndIsAskedForAgainBeginsAnew(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		account := began(t, d, nothing)
		change(t, d, account, add(t, account, "a", clock.Now()))
		runs := 0
		r := job.NewRunner(d, quiet, map[string]job.Handler{"test": func(context.Context, id.Account, string) error {
			if runs++; runs == 1 {
				change(t, d, account, add(t, account, "a", clock.Now().Add(time.Hour)))
				return errors.New("not yet")
			}
			return nil
		}})
		runDue(t, r)
		if got := jobs(t, d, account); !slices.Equal(got, []string{"a queued 0"}) {
			t.Errorf("there are %q", got)
		}
		clock.Add(time.Hour)
		if runDue(t, r); runs != 2 {
			t.Errorf("it ran %d times", runs)
		}
	})
}

func TestQueuedWorkIsDueAtTheEarliestTimeAskedFor(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		account := began(t, d, nothing)
		for _, hours := range []time.Duration{3, 1, 2} {
			change(t, d, account, add(t, account, "a", clock.Now().Add(hours*time.Hour)))
		}
		runs := 0
		r := job.NewRunner(d, quiet, map[string]job.Handler{"test": func(context.Context, id.Account, string) error { runs++; return nil }})
		for range 4 {
			clock.Add(time.Hour)
			if runDue(t, r); runs != 1 {
				t.Errorf("at %v it has run %d times, want once", clock.Now(), runs)
			}
		}
	})
}

func TestDroppedWorkIsNotDone(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		account, other := began(t, d, nothing), began(t, d, nothing)
		change(t, d, account, add(t, account, "a", clock.Now()))
		change(t, d, account, add(t, account, "b", clock.Now()))
		change(t, d, other, add(t, other, "a", clock.Now()))
		change(t, d, account, func(tx *db.Tx) error { return job.Drop(t.Context(), tx, account, "test", "a") })
		did := []string{}
		r := job.NewRunner(d, quiet, map[string]job.Handler{"test": func(_ context.Context, account id.Account, ref string) error {
			did = append(did, string(account)+ref)
			return nil
		}})
		runDue(t, r)
		slices.Sort(did)
		want := []string{string(account) + "b", string(other) + "a"}
		if slices.Sort(want); !slices.Equal(did, want) {
			t.Errorf("did %q, want %q", did, want)
		}
	})
}

func TestWorkOfOtherNodesStandsInNobodysWay(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		account := began(t, d, nothing)
		change(t, d, account, func(tx *db.Tx) error {
			for i := range 50 {
				if err := job.Add(t.Context(), tx, account, "unknown", fmt.Sprint(i), clock.Now()); err != nil {
					return err
				}
			}
			return nil
		})
		clock.Add(time.Second)
		change(t, d, account, add(t, account, "a", clock.Now()))
		r := job.NewRunner(d, quiet, map[string]job.Handler{"test": func(context.Context, id.Account, string) error { return nil }})
		if n := runDue(t, r); n != 1 {
			t.Errorf("%d jobs were done", n)
		}
	})
}

func TestHandlerThatPanicsIsPutOff(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		account := began(t, d, nothing)
		change(t, d, account, add(t, account, "a", clock.Now()))
		change(t, d, account, add(t, account, "b", clock.Now()))
		r := job.NewRunner(d, quiet, map[string]job.Handler{"test": func(_ context.Context, _ id.Account, ref string) error {
			if ref == "a" {
				panic("broken \x00 \xff")
			}
			return nil
		}})
		told := []string{}
		r.Observe(func(kind string, _ time.Duration, err error) {
			told = append(told, fmt.Sprint(kind, " ", err != nil))
		})
		runDue(t, r)
		if got := jobs(t, d, account); !slices.Equal(got, []string{"a queued 1"}) {
			t.Errorf("there are %q", got)
		}
		if slices.Sort(told); !slices.Equal(told, []string{"test false", "test true"}) {
			t.Errorf("was told %q", told)
		}
	})
}

func TestWorkerThatLostItsLeaseWritesNothing(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		account := began(t, d, nothing)
		change(t, d, account, add(t, account, "a", clock.Now()))
		other := job.NewRunner(d, quiet, map[string]job.Handler{"test": func(context.Context, id.Account, string) error {
			return errors.New("the other one failed")
		}})
		slow := job.NewRunner(d, quiet, map[string]job.Handler{"test": func(context.Context, id.Account, string) error {
			clock.Add(time.Hour) // a machine that slept
			if n := runDue(t, other); n != 1 {
				t.Errorf("the other worker took %d jobs", n)
			}
			return nil
		}})
		runDue(t, slow)
		if got := jobs(t, d, account); !slices.Equal(got, []string{"a queued 2"}) {
			t.Errorf("there are %q, want what the other worker wrote", got)
		}
	})
}

func TestJobsAreClaimedOneByOne(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		account := began(t, d, nothing)
		for _, ref := range strings.Fields("a b c") {
			change(t, d, account, add(t, account, ref, clock.Now()))
		}
		runs := map[string]int{}
		var first, second *job.Runner
		handlers := map[string]job.Handler{"test": func(_ context.Context, _ id.Account, ref string) error {
			if runs[ref]++; ref == "a" {
				clock.Add(50 * time.Second) // slow, but alive
				runDue(t, second)
			}
			return nil
		}}
		first, second = job.NewRunner(d, quiet, handlers), job.NewRunner(d, quiet, handlers)
		runDue(t, first)
		for ref, n := range runs {
			if n != 1 {
				t.Errorf("%s was done %d times", ref, n)
			}
		}
		if len(runs) != 3 {
			t.Errorf("did %v", runs)
		}
	})
}
