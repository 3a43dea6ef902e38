package db_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"tenure/internal/db"
	"tenure/internal/db/dbtest"
)

// The rules of writers that share a commit: all of them on SQLite, those of one
// account or user on PostgreSQL.

// crowd is writers that come at the same time: the first holds the others up
// until all of them wait, so that they share a commit.
type crowd struct {
	d       *db.DB
	all     sync.WaitGroup
	release chan bool
	waiting int64
}

func newCrowd(t *testing.T, d *db.DB) *crowd {
	t.Helper()
	c := &crowd{d: d, release: make(chan bool)}
	began := make(chan bool)
	begin := sync.OnceFunc(func() { close(began) }) // it may run twice
	c.all.Go(func() {
		err := d.Write(context.Background(), acme, func(tx *db.Tx) error {
			begin()
			<-c.release
			record(tx.Chain())
			return mark(tx, "first")
		})
		if err != nil {
			t.Errorf("the first of the crowd: %v", err)
		}
	})
	<-began
	return c
}

// join adds a writer and waits until it waits for its turn. The result is its
// error, or "panic: …" or "exit" where it ended like that.
func (c *crowd) join(ctx context.Context, fn func(tx *db.Tx) error) (result *error) {
	result = new(error)
	c.all.Go(func() {
		*result = ended(func() error { return c.d.Write(ctx, acme, fn) })
	})
	c.waiting++
	until(func() bool { return c.d.Stats().Waiting == c.waiting })
	return result
}

// through lets the crowd through and waits for all of them.
func (c *crowd) through() {
	close(c.release)
	c.all.Wait()
}

// ended runs a function in a goroutine of its own and tells how it ended.
func ended(fn func() error) (err error) {
	done := make(chan bool)
	go func() {
		defer close(done)
		err = errors.New("exit")
		defer func() {
			if p := recover(); p != nil {
				err = fmt.Errorf("panic: %v", p)
			}
		}()
		err = fn()
	}()
	<-done
	return err
}

// leave is a function that marks its name and ends in some way.
func leave(name string, end func() error) func(tx *db.Tx) error {
	return func(tx *db.Tx) error {
		record(tx.Chain())
		if err := mark(tx, name); err != nil {
			return err
		}
		return end()
	}
}

func well() error { return nil }

func wantError(t *testing.T, who string, err *error, want string) {
	t.Helper()
	got := ""
	if *err != nil {
		got = (*err).Error()
	}
	if got != want {
		t.Errorf("%s got %q, want %q", who, got, want)
	}
}

func TestWaitingWritersShareOneCommit(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		found(t, d, acme)
		marks(t, d)
		before := d.Stats()
		c := newCrowd(t, d)
		for i := range 20 {
			c.join(t.Context(), leave(fmt.Sprint(i), well))
		}
		c.through()
		after := d.Stats()
		if writes, commits := after.Writes-before.Writes, after.Commits-before.Commits; writes != 21 || commits != 1 {
			t.Errorf("%d writes took %d commits, want 21 and 1", writes, commits)
		}
		if got := len(marked(t, d)); got != 21 {
			t.Errorf("%d of 21 writes are there", got)
		}
	})
}

func TestConcurrentWritersNeedFewerCommitsThanWrites(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		found(t, d, acme)
		before := d.Stats()
		var all sync.WaitGroup
		for range 32 {
			all.Go(func() {
				for range 20 {
					if err := d.Write(t.Context(), acme, func(tx *db.Tx) error { record(tx.Chain()); return nil }); err != nil {
						t.Error(err)
					}
				}
			})
		}
		all.Wait()
		after := d.Stats()
		if writes, commits := after.Writes-before.Writes, after.Commits-before.Commits; writes != 640 || commits >= writes/2 {
			t.Errorf("%d writes of 32 at a time took %d commits", writes, commits)
		}
	})
}

// A refusal is no reason for the others to run again, nor to commit apart.
func TestWhoIsRefusedAfterReadingDisturbsNobody(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		found(t, d, acme)
		marks(t, d)
		before := d.Stats()
		c := newCrowd(t, d)
		a := c.join(t.Context(), leave("a", well))
		refused := c.join(t.Context(), func(tx *db.Tx) error {
			var n int64
			if err := tx.One(t.Context(), "SELECT COUNT(*) FROM heads WHERE account_id = $1", []any{string(acme)}, &n); err != nil {
				return err
			}
			return errors.New("no")
		})
		b := c.join(t.Context(), leave("b", well))
		c.through()
		wantError(t, "a", a, "")
		wantError(t, "who is refused", refused, "no")
		wantError(t, "b", b, "")
		wantMarks(t, d, "first", "a", "b")
		after := d.Stats()
		if reruns, commits := after.Reruns-before.Reruns, after.Commits-before.Commits; reruns != 0 || commits != 1 {
			t.Errorf("%d runs again and %d commits, want none and one", reruns, commits)
		}
	})
}

func TestOneThatFailsPanicsOrLeavesHarmsNoOther(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		found(t, d, acme)
		marks(t, d)
		c := newCrowd(t, d)
		ctx, cancel := context.WithCancel(t.Context())
		a := c.join(t.Context(), leave("a", well))
		fails := c.join(t.Context(), leave("fails", func() error { return errors.New("no") }))
		b := c.join(t.Context(), leave("b", well))
		panics := c.join(t.Context(), leave("panics", func() error { panic("broken") }))
		exits := c.join(t.Context(), leave("exits", func() error { runtime.Goexit(); return nil }))
		e := c.join(t.Context(), leave("e", well))
		cancelled := c.join(ctx, leave("cancelled", func() error { cancel(); return nil }))
		f := c.join(t.Context(), leave("f", well))
		c.through()
		for who, err := range map[string]*error{"a": a, "b": b, "e": e, "f": f} {
			wantError(t, who, err, "")
		}
		wantError(t, "who fails", fails, "no")
		wantError(t, "who panics", panics, "panic: broken")
		wantError(t, "who exits", exits, "exit")
		wantError(t, "who is cancelled", cancelled, context.Canceled.Error())
		wantMarks(t, d, "first", "a", "b", "e", "f")
	})
}

func TestStatementsOutliveTheirCaller(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		found(t, d, acme)
		marks(t, d)
		c := newCrowd(t, d)
		a := c.join(t.Context(), leave("a", well))
		ctx, cancel := context.WithCancel(t.Context())
		cancelled := c.join(ctx, func(tx *db.Tx) error {
			cancel()
			record(tx.Chain())
			for _, name := range []string{"x", "y", "z"} {
				err := tx.ExecOne(ctx, "INSERT INTO marks (name, n) VALUES ($1, 0)", name)
				if err != nil {
					t.Errorf("a statement after the caller has gone: %v", err)
				}
			}
			return nil
		})
		b := c.join(t.Context(), leave("b", well))
		c.through()
		wantError(t, "a", a, "")
		wantError(t, "b", b, "")
		wantError(t, "who left", cancelled, context.Canceled.Error())
		wantMarks(t, d, "first", "a", "b")
	})
}

func TestCancelledWaiterLeavesTheQueue(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		found(t, d, acme)
		marks(t, d)
		c := newCrowd(t, d)
		ctx, cancel := context.WithCancel(t.Context())
		left := c.join(ctx, leave("left", well))
		cancel()
		until(func() bool { return d.Stats().Waiting == 0 })
		c.waiting--
		a := c.join(t.Context(), leave("a", well))
		c.through()
		wantError(t, "who left", left, context.Canceled.Error())
		wantError(t, "a", a, "")
		wantMarks(t, d, "first", "a")
	})
}

// Whether the turn comes or the caller goes first: one of them wins, and the
// next one in the queue gets the connection.
func TestCallerWhoLeavesAsTheirTurnComesStopsNobody(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		found(t, d, acme)
		marks(t, d)
		want := []string{}
		for i := range 100 {
			name := fmt.Sprintf("%03d", i)
			release := make(chan bool)
			began := make(chan bool)
			ctx, cancel := context.WithCancel(t.Context())
			var all sync.WaitGroup
			all.Go(func() {
				d.Housekeep(t.Context(), func(*db.Tx) error { close(began); <-release; return nil })
			})
			<-began
			all.Go(func() {
				err := d.Write(ctx, acme, leave(name, well))
				if err == nil {
					want = append(want, name)
				} else if !errors.Is(err, context.Canceled) {
					t.Error(err)
				}
			})
			all.Go(func() { close(release) })
			all.Go(cancel)
			all.Wait()
		}
		wantMarks(t, d, want...)
	})
}

func TestCancelledCallerBeginsNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		found(t, d, acme)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		never := func(*db.Tx) error {
			t.Error("the function ran")
			return nil
		}
		sequence(t, d) // there is a connection to read on
		for range 20 { // so that no choice between two ways is lucky
			if err := d.Write(ctx, acme, never); !errors.Is(err, context.Canceled) {
				t.Errorf("Write: %v", err)
			}
			if err := d.Read(ctx, never); !errors.Is(err, context.Canceled) {
				t.Errorf("Read: %v", err)
			}
		}
	})
}

// orphans is a table whose foreign key is looked at when the commit comes.
func orphans(t *testing.T, d *db.DB) {
	t.Helper()
	err := d.Housekeep(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(t.Context(), "CREATE TABLE orphans (name TEXT NOT NULL REFERENCES marks (name) DEFERRABLE INITIALLY DEFERRED)")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestFailedCommitFailsOnlyWhoIsToBlame(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		found(t, d, acme)
		marks(t, d)
		orphans(t, d)
		c := newCrowd(t, d)
		a := c.join(t.Context(), leave("a", well))
		blame := c.join(t.Context(), func(tx *db.Tx) error {
			record(tx.Chain())
			return tx.ExecOne(context.Background(), "INSERT INTO orphans (name) VALUES ('nobody')")
		})
		fails := c.join(t.Context(), leave("fails", func() error { return errors.New("no") }))
		panics := c.join(t.Context(), leave("panics", func() error { panic("broken") }))
		b := c.join(t.Context(), leave("b", well))
		c.through()
		wantError(t, "a", a, "")
		wantError(t, "b", b, "")
		wantError(t, "who fails", fails, "no")
		wantError(t, "who panics", panics, "panic: broken")
		if !db.IsForeignKey(*blame) {
			t.Errorf("who broke the commit got %v, want a broken foreign key", *blame)
		}
		wantMarks(t, d, "first", "a", "b")
		err := d.Write(t.Context(), acme, func(tx *db.Tx) error {
			if tx.Chain().Seq != 4 {
				t.Errorf("the trail has %d events, want 4", tx.Chain().Seq)
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
}

func TestABrokenPromiseFailsOnlyWhoGaveIt(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		found(t, d, acme)
		marks(t, d)
		c := newCrowd(t, d)
		a := c.join(t.Context(), leave("a", well))
		breaks := c.join(t.Context(), func(tx *db.Tx) error {
			record(tx.Chain())
			return errors.Join(mark(tx, "breaks"), tx.Promise(context.Background(), 1, "UPDATE marks SET n = 1 WHERE name = 'nobody'"))
		})
		repeats := c.join(t.Context(), func(tx *db.Tx) error {
			record(tx.Chain())
			return tx.Promise(context.Background(), 1, "INSERT INTO marks (name, n) VALUES ('a', 0)")
		})
		keeps := c.join(t.Context(), func(tx *db.Tx) error {
			record(tx.Chain())
			return tx.Promise(context.Background(), 2, "INSERT INTO marks (name, n) VALUES ('c', 0), ('d', 0)")
		})
		b := c.join(t.Context(), leave("b", well))
		c.through()
		for who, err := range map[string]*error{"a": a, "b": b, "who keeps it": keeps} {
			wantError(t, who, err, "")
		}
		if !errors.Is(*breaks, db.ErrGuard) || !db.IsUnique(*repeats) {
			t.Errorf("who broke theirs got %v and %v", *breaks, *repeats)
		}
		wantMarks(t, d, "first", "a", "c", "d", "b")
	})
}

// A full disk makes SQLite roll back the whole transaction inside a statement; on
// PostgreSQL it may be a lost connection.
func TestFunctionThatSpoilsTheGroupHarmsNoOther(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		found(t, d, acme)
		marks(t, d)
		c := newCrowd(t, d)
		a := c.join(t.Context(), leave("a", well))
		spoils := c.join(t.Context(), func(tx *db.Tx) error {
			record(tx.Chain())
			if err := mark(tx, "spoils"); err != nil {
				return err
			}
			_, err := tx.Exec(context.Background(), "ROLLBACK")
			return errors.Join(err, errors.New("disk full"))
		})
		b := c.join(t.Context(), leave("b", well))
		c.through()
		wantError(t, "a", a, "")
		wantError(t, "b", b, "")
		wantError(t, "who spoils", spoils, "disk full")
		wantMarks(t, d, "first", "a", "b")
	})
}

func TestDecisionOnWhatWasRolledBackIsTakenAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		found(t, d, acme)
		marks(t, d)
		orphans(t, d)
		c := newCrowd(t, d)
		takes := c.join(t.Context(), func(tx *db.Tx) error {
			record(tx.Chain())
			if err := mark(tx, "the last seat"); err != nil {
				return err
			}
			return tx.ExecOne(context.Background(), "INSERT INTO orphans (name) VALUES ('nobody')")
		})
		refused := c.join(t.Context(), func(tx *db.Tx) error {
			var n int
			err := tx.One(context.Background(), "SELECT COUNT(*) FROM marks WHERE name = 'the last seat'", nil, &n)
			if err != nil || n > 0 {
				return errors.Join(err, errors.New("no free seat"))
			}
			record(tx.Chain())
			return mark(tx, "seated")
		})
		c.through()
		if *takes == nil {
			t.Error("the broken commit went through")
		}
		wantError(t, "who came second", refused, "")
		wantMarks(t, d, "first", "seated")
	})
}

// ways in which a writer of the property test ends.
const (
	endsWell = iota
	endsFailing
	endsPanicking
	endsExiting
	endsCancelled
	endsBreakingCommit
	endsRepeating
	waysToEnd
)

func TestExactlyThoseWhoEndWellAreThere(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		found(t, d, acme)
		marks(t, d)
		orphans(t, d)
		round := 0
		rapid.Check(t, func(rt *rapid.T) {
			round++
			ways := rapid.SliceOfN(rapid.IntRange(0, waysToEnd-1), 1, 12).Draw(rt, "ways")
			before := len(marked(t, d))
			wantEvents := sequence(t, d)
			var all sync.WaitGroup
			results := make([]error, len(ways))
			well := 0
			for i, way := range ways {
				if way == endsWell {
					well++
				}
				name := fmt.Sprintf("%d.%d", round, i)
				all.Go(func() { results[i] = ended(func() error { return writeAndEnd(t.Context(), d, name, way) }) })
			}
			all.Wait()
			for i, way := range ways {
				if (results[i] == nil) != (way == endsWell) {
					rt.Errorf("writer %d, who ends by way %d, got %v", i, way, results[i])
				}
			}
			if got := len(marked(t, d)) - before; got != well {
				rt.Errorf("%d rows are there, want %d", got, well)
			}
			if got := sequence(t, d) - wantEvents; got != int64(well) {
				rt.Errorf("%d events are there, want %d", got, well)
			}
		})
	})
}

func writeAndEnd(parent context.Context, d *db.DB, name string, way int) error {
	ctx, cancel := context.WithCancel(parent)
	defer cancel()
	return d.Write(ctx, acme, func(tx *db.Tx) error {
		record(tx.Chain())
		if err := mark(tx, name); err != nil {
			return err
		}
		switch way {
		case endsFailing:
			return errors.New("no")
		case endsPanicking:
			panic("broken")
		case endsExiting:
			runtime.Goexit()
		case endsCancelled:
			cancel()
		case endsBreakingCommit:
			return tx.ExecOne(ctx, "INSERT INTO orphans (name) VALUES ('nobody')")
		case endsRepeating:
			return mark(tx, name)
		}
		return nil
	})
}

func sequence(t *testing.T, d *db.DB) (seq int64) {
	t.Helper()
	err := d.Read(context.Background(), func(tx *db.Tx) error {
		return tx.One(context.Background(), "SELECT seq FROM heads WHERE account_id = $1", []any{acme}, &seq)
	})
	if err != nil {
		t.Fatal(err)
	}
	return seq
}
