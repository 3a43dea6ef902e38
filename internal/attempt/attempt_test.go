package attempt_test

import (
	"fmt"
	"testing"
	"time"

	"tenure/internal/attempt"
	"tenure/internal/db"
	"tenure/internal/db/dbtest"
	"tenure/internal/fault"
)

var pace = attempt.Pace{Free: 3, First: 10 * time.Second, Longest: time.Minute, Forget: time.Hour}

// stage counts at a clock that stands still.
type stage struct {
	t  *testing.T
	db *db.DB
}

func (s stage) do(work func(tx *db.Tx) error) {
	s.t.Helper()
	if err := s.db.Housekeep(s.t.Context(), work); err != nil {
		s.t.Fatal(err)
	}
}

// add gives how long an attempt has to wait.
func (s stage) add(c attempt.Count) time.Duration {
	s.t.Helper()
	err := s.db.Housekeep(s.t.Context(), func(tx *db.Tx) error { return c.Add(s.t.Context(), tx) })
	if err == nil {
		return 0
	}
	if !attempt.TooMany(err) {
		s.t.Fatal(err)
	}
	return fault.As(err).RetryAfter
}

func TestTheWaitGrowsAndEndsAndIsForgotten(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		s, c := stage{t, d}, attempt.Of("test", "a", pace)
		for n, want := range []time.Duration{0, 0, 0, 10, 20, 40, 60, 60} {
			if wait := s.add(c); wait != want*time.Second {
				t.Errorf("attempt %d waits %v, want %ds", n+1, wait, want)
			}
			if want > 0 {
				clock.Add(want * time.Second)
				if wait := s.add(c); wait != 0 {
					t.Errorf("attempt %d waits %v after its wait", n+1, wait)
				}
			}
		}
		if wait := s.add(attempt.Of("other", "a", pace)) + s.add(attempt.Of("test", "b", pace)); wait != 0 {
			t.Errorf("others wait %v", wait)
		}
		clock.Add(time.Hour + time.Minute)
		for range 3 {
			if wait := s.add(c); wait != 0 {
				t.Errorf("%v when it was left alone", wait)
			}
		}
		if wait := s.add(c); wait == 0 {
			t.Error("it counts no longer")
		}
	})
}

func TestAnAttemptIsTakenBackAWaitLiftedAndACountCleared(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		s, c := stage{t, d}, attempt.Of("test", "a", pace)
		for range 20 {
			if wait := s.add(c); wait != 0 {
				t.Fatalf("%v though each was taken back", wait)
			}
			s.do(func(tx *db.Tx) error { return c.Refund(t.Context(), tx) })
		}
		for s.add(c) == 0 { // until one has to wait
		}
		s.do(func(tx *db.Tx) error { return c.Lift(t.Context(), tx) })
		if first, second := s.add(c), s.add(c); first != 0 || second == 0 {
			t.Errorf("lifted: %v, then %v", first, second)
		}
		s.do(func(tx *db.Tx) error { return c.Clear(t.Context(), tx) })
		if s.add(c)+s.add(c)+s.add(c) != 0 {
			t.Error("cleared, and not forgotten")
		}
		s.do(func(tx *db.Tx) error { return attempt.Count{}.Clear(t.Context(), tx) })
	})
}

// More than one write deletes are swept, and what counts still is not.
func TestCountsThatWereLeftAloneAreSwept(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		s := stage{t, d}
		rows := func() (n int64) {
			s.do(func(tx *db.Tx) error { return tx.One(t.Context(), `SELECT COUNT(*) FROM attempts`, nil, &n) })
			return n
		}
		s.do(func(tx *db.Tx) error {
			for n := range db.SweepRows + 1 {
				if err := attempt.Of("test", fmt.Sprint(n), pace).Add(t.Context(), tx); err != nil {
					return err
				}
			}
			return nil
		})
		clock.Add(24 * time.Hour)
		s.add(attempt.Of("test", "fresh", pace))
		clock.Add(time.Second)
		before := rows()
		if err := attempt.Sweep(t.Context(), d); err != nil {
			t.Fatal(err)
		}
		if after := rows(); before != db.SweepRows+2 || after != 1 {
			t.Errorf("%d counts before, %d after", before, after)
		}
	})
}
