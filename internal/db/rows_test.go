package db_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"tenure/internal/db"
	"tenure/internal/db/dbtest"
)

// The rules of queries and of reading.

func TestOneWantsOneRow(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		err := d.Read(ctx, func(tx *db.Tx) error {
			var n int64
			if err := tx.One(ctx, "SELECT 7", nil, &n); err != nil || n != 7 {
				t.Errorf("got %d, %v", n, err)
			}
			if err := tx.One(ctx, "SELECT 7 WHERE 1 = 2", nil, &n); !errors.Is(err, db.ErrNone) {
				t.Errorf("no row: %v, want ErrNone", err)
			}
			if err := tx.One(ctx, "SELECT 7 UNION SELECT 8", nil, &n); err == nil || errors.Is(err, db.ErrNone) {
				t.Errorf("two rows: %v, want a defect", err)
			}
			return tx.One(ctx, "SELECT 9", nil, &n)
		})
		if err != nil {
			t.Error(err)
		}
	})
}

func TestNoStatementWhileRowsAreOpen(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		marks(t, d)
		err := d.Housekeep(ctx, func(tx *db.Tx) error {
			return tx.Each(ctx, "SELECT 1", nil, func(func(...any) error) error { return mark(tx, "a") })
		})
		if err == nil || err.Error() != "a statement was begun while rows are open" {
			t.Errorf("got %v", err)
		}
		wantMarks(t, d)
	})
}

func TestRowsAreClosedHoweverReadingThemEnds(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		marks(t, d)
		const three = "SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3"
		enough := errors.New("enough")
		err := d.Housekeep(ctx, func(tx *db.Tx) error {
			err := tx.Each(ctx, three, nil, func(func(...any) error) error { return enough })
			if !errors.Is(err, enough) {
				t.Errorf("an error of the function: %v", err)
			}
			err = tx.Each(ctx, three, nil, func(scan func(...any) error) error {
				var a, b int64
				return scan(&a, &b)
			})
			if err == nil {
				t.Error("two destinations for one column")
			}
			func() {
				defer func() { recover() }()
				tx.Each(ctx, three, nil, func(func(...any) error) error { panic("in a row") })
			}()
			return mark(tx, "a")
		})
		if err != nil {
			t.Error(err)
		}
		wantMarks(t, d, "a")
	})
}

func TestReadSeesOneSnapshot(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		marks(t, d)
		count := func(tx *db.Tx) (n int64) {
			if err := tx.One(ctx, "SELECT COUNT(*) FROM marks", nil, &n); err != nil {
				t.Error(err)
			}
			return n
		}
		began, written := make(chan bool), make(chan bool)
		go func() {
			defer close(written)
			<-began
			if err := d.Housekeep(ctx, func(tx *db.Tx) error { return mark(tx, "a") }); err != nil {
				t.Error(err)
			}
		}()
		d.Read(ctx, func(tx *db.Tx) error {
			before := count(tx)
			close(began)
			<-written
			if after := count(tx); before != 0 || after != 0 {
				t.Errorf("one snapshot has %d rows and then %d", before, after)
			}
			return nil
		})
		wantMarks(t, d, "a")
	})
}

func TestReadCannotWrite(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		marks(t, d)
		ways := map[string]func(tx *db.Tx) error{
			"Exec": func(tx *db.Tx) error { return mark(tx, "a") },
			"One": func(tx *db.Tx) error {
				var name string
				return tx.One(ctx, "INSERT INTO marks (name, n) VALUES ('a', 1) RETURNING name", nil, &name)
			},
		}
		for name, write := range ways {
			if err := d.Read(ctx, write); err == nil {
				t.Errorf("%s wrote in Read", name)
			}
		}
		wantMarks(t, d)
	})
}

func TestFailedStatementCannotBePassedOverInRead(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		err := d.Read(t.Context(), func(tx *db.Tx) error {
			var n int64
			tx.One(t.Context(), "SELECT n FROM nowhere", nil, &n)
			return nil
		})
		if err == nil {
			t.Error("a Read whose query failed went well")
		}
	})
}

func TestCancelledReadEndsAndHarmsNoOther(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		const endless = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n"
		for range 3 {
			ctx, cancel := context.WithCancel(t.Context())
			err := d.Read(ctx, func(tx *db.Tx) error {
				return tx.Each(ctx, endless, nil, func(func(...any) error) error {
					cancel() // not before it runs: SQLite forgets who interrupts what has not begun
					return nil
				})
			})
			if err == nil {
				t.Error("an endless query came to an end")
			}
			if !errors.Is(err, context.Canceled) {
				t.Errorf("got %v, want that it was cancelled", err)
			}
		}
		err := d.Read(t.Context(), func(tx *db.Tx) error {
			var n int64
			return tx.One(t.Context(), "SELECT 1", nil, &n)
		})
		if err != nil {
			t.Errorf("the next Read: %v", err)
		}
	})
}

func TestMoreReadersThanConnections(t *testing.T) {
	dbtest.EachWhere(t, func(t *testing.T, where string) {
		d := dbtest.Open(t, where, db.Options{Readers: 2})
		done := make(chan error)
		for range 40 {
			go func() {
				done <- d.Read(t.Context(), func(tx *db.Tx) error {
					var n int64
					return tx.One(t.Context(), "SELECT 1", nil, &n)
				})
			}()
		}
		for range 40 {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
	})
}

func TestReaderThatPanicsIsGivenBack(t *testing.T) {
	dbtest.EachWhere(t, func(t *testing.T, where string) {
		d := dbtest.Open(t, where, db.Options{Readers: 1})
		for range 3 {
			func() {
				defer func() {
					if recover() != "in Read" {
						t.Error("the panic did not come out")
					}
				}()
				d.Read(t.Context(), func(*db.Tx) error { panic("in Read") })
			}()
		}
		if err := d.Ping(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

func TestWhatIsAskedTogetherIsReadInOrder(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		marks(t, d)
		ctx := t.Context()
		err := d.Housekeep(ctx, func(tx *db.Tx) error {
			for _, name := range []string{"a", "b"} {
				if err := mark(tx, name); err != nil {
					return err
				}
			}
			names, n := []string{}, 0
			each := db.AskEach("SELECT name FROM marks ORDER BY name", nil, func(scan func(...any) error) error {
				names = append(names, "")
				return scan(&names[len(names)-1])
			})
			count := db.AskOne("SELECT COUNT(*) FROM marks WHERE name > $1", []any{"a"}, &n)
			if err := tx.Ask(ctx, each, count); err != nil || !slices.Equal(names, []string{"a", "b"}) || n != 1 {
				t.Errorf("got %v and %d, %v", names, n, err)
			}
			none := db.AskOne("SELECT n FROM marks WHERE name = 'nobody'", nil, &n)
			n = 7
			if err := tx.Ask(ctx, none, count); !errors.Is(err, db.ErrNone) || n != 7 {
				t.Errorf("after one that has no row: %d, %v", n, err)
			}
			if err := tx.Ask(ctx); err != nil {
				t.Errorf("nothing was asked: %v", err)
			}
			if err := tx.Ask(ctx, count, each); err != nil || n != 1 || len(names) != 4 {
				t.Errorf("afterwards: %d and %v, %v", n, names, err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
