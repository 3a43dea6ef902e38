package db_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"tenure/internal/db"
	"tenure/internal/db/dbtest"
)

// Who caches hears of what has become stale, however the write ends.

func TestStaleSubjectsAreTold(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		steps := []string{}
		d.OnStale(func(_ context.Context, tx *db.Tx, subjects []string) (func(), error) {
			steps = append(steps, subjects...)
			if tx.Account() != acme {
				t.Errorf("the hook runs in a transaction of %q", tx.Account())
			}
			return func() { steps = append(steps, "settled") }, nil
		})
		found(t, d, acme)
		if len(steps) > 0 {
			t.Errorf("told %q of a write that made nothing stale", steps)
		}
		no := errors.New("no")
		ends := map[string]func() error{
			"well":   well,
			"fails":  func() error { return no },
			"panics": func() error { panic("broken") },
		}
		wants := map[string][]string{
			"well":   {"jane", "john", "settled", "after"},
			"fails":  {},
			"panics": {},
		}
		for name, end := range ends {
			steps = nil
			ended(func() error {
				return d.Write(t.Context(), acme, func(tx *db.Tx) error {
					record(tx.Chain())
					tx.After(func() { steps = append(steps, "after") })
					for _, subject := range []string{"jane", "john", "jane"} {
						tx.Stale(subject)
					}
					return end()
				})
			})
			if !slices.Equal(steps, wants[name]) {
				t.Errorf("a write that ends like %q: %q, want %q", name, steps, wants[name])
			}
		}
	})
}

func TestHookThatFailsFailsTheWriteAndIsSettled(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		found(t, d, acme)
		marks(t, d)
		settled, no := 0, errors.New("no")
		hook := func(err error) func(context.Context, *db.Tx, []string) (func(), error) {
			return func(context.Context, *db.Tx, []string) (func(), error) { return func() { settled++ }, err }
		}
		d.OnStale(hook(nil))
		failing := no
		d.OnStale(func(ctx context.Context, tx *db.Tx, subjects []string) (func(), error) {
			return hook(failing)(ctx, tx, subjects)
		})
		err := d.Write(t.Context(), acme, func(tx *db.Tx) error {
			record(tx.Chain())
			tx.Stale("jane")
			return mark(tx, "a")
		})
		if !errors.Is(err, no) || settled != 2 {
			t.Errorf("got %v, settled %d of 2", err, settled)
		}
		wantMarks(t, d)
		settled, failing = 0, nil
		d.OnStale(func(context.Context, *db.Tx, []string) (func(), error) { panic("broken") })
		err = ended(func() error {
			return d.WriteUser(t.Context(), jane, func(tx *db.Tx) error {
				tx.Stale("jane")
				return nil
			})
		})
		if err == nil || settled == 0 {
			t.Errorf("got %v, settled %d", err, settled)
		}
	})
}

func TestEveryRunThatToldIsSettled(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		found(t, d, acme)
		marks(t, d)
		orphans(t, d)
		told, settled := 0, 0
		d.OnStale(func(context.Context, *db.Tx, []string) (func(), error) {
			told++
			return func() { settled++ }, nil
		})
		c := newCrowd(t, d)
		c.join(t.Context(), func(tx *db.Tx) error {
			record(tx.Chain())
			tx.Stale("jane")
			return tx.ExecOne(context.Background(), "INSERT INTO orphans (name) VALUES ('nobody')")
		})
		c.through()
		if told == 0 || told != settled {
			t.Errorf("told %d times and settled %d", told, settled)
		}
	})
}

func TestCommitWakesWhoListens(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		woken, other := d.Woken("mail"), d.Woken("jobs")
		rang := func(bell <-chan struct{}) bool {
			select {
			case <-bell:
				return true
			default:
				return false
			}
		}
		no := errors.New("no")
		for _, end := range []error{no, nil} {
			err := d.Housekeep(t.Context(), func(tx *db.Tx) error {
				tx.Wake("mail")
				return end
			})
			if !errors.Is(err, end) || rang(woken) != (end == nil) || rang(other) {
				t.Errorf("after a write that gave %v the bell rang: %v", end, rang(woken))
			}
		}
		if rang(d.Woken("mail")) {
			t.Error("the bell rings for what was before")
		}
	})
}
