package db_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"tenure/internal/db"
	"tenure/internal/db/dbtest"
	"tenure/internal/fault"
	"tenure/internal/id"
)

// What only an engine of many nodes can do to a write.

// raise makes the server answer with an error of the code.
func raise(tx *db.Tx, code string) error {
	_, err := tx.Exec(context.Background(), "DO $$ BEGIN RAISE EXCEPTION 'in the way' USING ERRCODE = '"+code+"'; END $$")
	return err
}

func TestWriteRunsAgainWhenAnotherGotInTheWay(t *testing.T) {
	dbtest.On(t, dbtest.Postgres, func(t *testing.T, where string) {
		d := dbtest.Open(t, where, db.Options{})
		found(t, d, acme)
		marks(t, d)
		for _, code := range []string{"40001", "40P01"} {
			runs, told := 0, 0
			err := d.Write(t.Context(), acme, func(tx *db.Tx) error {
				runs++
				tx.After(func() { told++ })
				record(tx.Chain())
				if err := mark(tx, code); err != nil {
					return err
				}
				if runs < 3 {
					return raise(tx, code)
				}
				return nil
			})
			if err != nil || runs != 3 || told != 1 {
				t.Errorf("%s: ran %d times, told %d times, %v", code, runs, told, err)
			}
		}
		wantMarks(t, d, "40001", "40P01")
	})
}

func TestWriteGivesUpWhenAnotherIsAlwaysInTheWay(t *testing.T) {
	dbtest.On(t, dbtest.Postgres, func(t *testing.T, where string) {
		d := dbtest.Open(t, where, db.Options{})
		found(t, d, acme)
		runs := 0
		err := d.Write(t.Context(), acme, func(tx *db.Tx) error {
			runs++
			return raise(tx, "40001")
		})
		if err == nil || runs != 8 {
			t.Errorf("ran %d times and gave %v, want 8 and an error", runs, err)
		}
	})
}

func TestOtherErrorsAreNotRetried(t *testing.T) {
	dbtest.On(t, dbtest.Postgres, func(t *testing.T, where string) {
		d := dbtest.Open(t, where, db.Options{})
		found(t, d, acme)
		runs := 0
		err := d.Write(t.Context(), acme, func(tx *db.Tx) error {
			runs++
			return raise(tx, "P0001")
		})
		if err == nil || runs != 1 {
			t.Errorf("ran %d times and gave %v, want once and an error", runs, err)
		}
	})
}

func TestWaitersOfOneAccountDoNotEatThePool(t *testing.T) {
	dbtest.On(t, dbtest.Postgres, func(t *testing.T, where string) {
		d := dbtest.Open(t, with(where, "pool_max_conns", "2"), db.Options{})
		found(t, d, acme, globex)
		marks(t, d)
		c := newCrowd(t, d)
		for range 10 {
			c.join(t.Context(), func(*db.Tx) error { return nil })
		}
		err := d.Write(t.Context(), globex, func(tx *db.Tx) error {
			record(tx.Chain())
			return mark(tx, "globex")
		})
		if err != nil {
			t.Errorf("a write of another account: %v", err)
		}
		wantMarks(t, d, "globex")
		c.through()
	})
}

func TestWaitingForAnotherNodeEndsWithTheCaller(t *testing.T) {
	dbtest.On(t, dbtest.Postgres, func(t *testing.T, where string) {
		here, there := dbtest.Open(t, where, db.Options{}), dbtest.Open(t, where, db.Options{})
		found(t, here, acme)
		marks(t, here)
		c := newCrowd(t, there)
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- here.Write(ctx, acme, leave("never", well)) }()
		until(func() bool { return waitsForLock(t, there) })
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("got %v, want that it was cancelled", err)
		}
		c.through()
		wantMarks(t, here, "first")
	})
}

func waitsForLock(t *testing.T, d *db.DB) (waits bool) {
	t.Helper()
	err := d.Read(t.Context(), func(tx *db.Tx) error {
		return tx.One(t.Context(), `SELECT EXISTS (SELECT 1 FROM pg_stat_activity
			WHERE datname = current_database() AND wait_event_type = 'Lock')`, nil, &waits)
	})
	if err != nil {
		t.Fatal(err)
	}
	return waits
}

func TestLostConnectionIsUnavailable(t *testing.T) {
	dbtest.On(t, dbtest.Postgres, func(t *testing.T, where string) {
		d := dbtest.Open(t, where, db.Options{})
		found(t, d, acme)
		marks(t, d)
		hangUp := func(tx *db.Tx) error {
			var done bool
			return tx.One(context.Background(), "SELECT pg_terminate_backend(pg_backend_pid())", nil, &done)
		}
		err := d.Write(t.Context(), acme, func(tx *db.Tx) error {
			record(tx.Chain())
			return errors.Join(mark(tx, "lost"), hangUp(tx))
		})
		if fault.Code(err) != "unavailable" {
			t.Errorf("Write: %v", err)
		}
		if err := d.Read(t.Context(), hangUp); fault.Code(err) != "unavailable" {
			t.Errorf("Read: %v", err)
		}
		wantMarks(t, d)
	})
}

func TestCommitWithUnknownOutcomeIsNotRetried(t *testing.T) {
	dbtest.On(t, dbtest.Postgres, func(t *testing.T, where string) {
		wire := newCuttingWire(t, where)
		d := dbtest.Open(t, wire.where, db.Options{})
		found(t, d, acme)
		marks(t, d)
		runs := 0
		err := d.Write(t.Context(), acme, func(tx *db.Tx) error {
			runs++
			record(tx.Chain())
			wire.cut.Store(true)
			return mark(tx, "a")
		})
		if fault.Code(err) != "unavailable" || !strings.Contains(err.Error(), "not certain") {
			t.Errorf("got %v, want that it is not certain", err)
		}
		if runs != 1 {
			t.Errorf("ran %d times", runs)
		}
		wantMarks(t, d, "a")
	})
}

func TestUnknownOutcomeOfASharedCommitIsToldToAll(t *testing.T) {
	dbtest.On(t, dbtest.Postgres, func(t *testing.T, where string) {
		wire := newCuttingWire(t, where)
		d := dbtest.Open(t, wire.where, db.Options{})
		found(t, d, acme)
		marks(t, d)
		began, release := make(chan bool), make(chan bool)
		var all sync.WaitGroup
		var runs atomic.Int32
		write := func(name string, during func()) {
			all.Go(func() {
				err := d.Write(t.Context(), acme, func(tx *db.Tx) error {
					runs.Add(1)
					during()
					record(tx.Chain())
					return mark(tx, name)
				})
				if fault.Code(err) != "unavailable" || !strings.Contains(err.Error(), "not certain") {
					t.Errorf("%s got %v, want that it is not certain", name, err)
				}
			})
		}
		write("a", sync.OnceFunc(func() { close(began); <-release }))
		<-began
		write("b", func() { wire.cut.Store(true) })
		until(func() bool { return d.Stats().Waiting == 1 })
		close(release)
		all.Wait()
		if runs.Load() != 2 {
			t.Errorf("%d runs of 2 functions", runs.Load())
		}
		wantMarks(t, d, "a", "b")
	})
}

// Two accounts that would take two users the other way round wait for each
// other unless who holds a user commits at once.
func TestWhoHoldsAUserIsTheLastToJoin(t *testing.T) {
	dbtest.On(t, dbtest.Postgres, func(t *testing.T, where string) {
		d := dbtest.Open(t, where, db.Options{})
		found(t, d, acme)
		marks(t, d)
		before := d.Stats().Commits
		c := newCrowd(t, d)
		for _, user := range []id.User{"usr_ann", "usr_bob"} {
			c.join(t.Context(), func(tx *db.Tx) error {
				record(tx.Chain())
				return errors.Join(tx.LockUser(context.Background(), user), mark(tx, string(user)))
			})
		}
		c.through()
		if commits := d.Stats().Commits - before; commits != 2 {
			t.Errorf("%d commits, want one up to each who holds a user", commits)
		}
		wantMarks(t, d, "first", "usr_ann", "usr_bob")
	})
}

// cuttingWire stands between a node and its server. It cuts the connection when
// the answer to a COMMIT comes, if it is told to.
type cuttingWire struct {
	where string // the address of the server through the wire
	cut   atomic.Bool
}

func newCuttingWire(t *testing.T, where string) *cuttingWire {
	t.Helper()
	u, err := url.Parse(where)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	listener, err := net.Listen("unix", filepath.Join(dir, ".s.PGSQL.5432"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	network, address := "tcp", u.Host
	if socket := u.Query().Get("host"); socket != "" {
		network, address = "unix", filepath.Join(socket, ".s.PGSQL.5432")
	}
	w := &cuttingWire{}
	go w.serve(listener, func() (net.Conn, error) { return net.Dial(network, address) })
	u.Host = ""
	w.where = with(with(u.String(), "host", dir), "sslmode", "disable")
	return w
}

func (w *cuttingWire) serve(listener net.Listener, dial func() (net.Conn, error)) {
	for {
		client, err := listener.Accept()
		if err != nil {
			return
		}
		server, err := dial()
		if err != nil {
			client.Close()
			continue
		}
		var committing atomic.Bool
		var closing sync.Once
		hangUp := func() { client.Close(); server.Close() }
		go func() {
			defer closing.Do(hangUp)
			forward(server, client, func(said []byte) bool {
				if w.cut.Load() && strings.Contains(strings.ToLower(string(said)), "commit") {
					committing.Store(true)
				}
				return true
			})
		}()
		go func() {
			defer closing.Do(hangUp)
			forward(client, server, func([]byte) bool {
				return !committing.Load() || !w.cut.CompareAndSwap(true, false)
			})
		}()
	}
}

// forward copies what is said until it is refused.
func forward(to io.Writer, from io.Reader, pass func(said []byte) bool) {
	buffer := make([]byte, 16<<10)
	for {
		n, err := from.Read(buffer)
		if err != nil || !pass(buffer[:n]) {
			return
		}
		if _, err := to.Write(buffer[:n]); err != nil {
			return
		}
	}
}

// with sets one parameter of an address.
func with(where, name, value string) string {
	u, err := url.Parse(where)
	if err != nil {
		panic(err)
	}
	q := u.Query()
	q.Set(name, value)
	u.RawQuery = q.Encode()
	return u.String()
}

// Without knowing how much there is the planner reads all of an account to find a
// few of its rows by a list of names.
func TestWeighedTablesAreReadByTheirIndex(t *testing.T) {
	dbtest.On(t, dbtest.Postgres, func(t *testing.T, where string) {
		d := dbtest.Open(t, where, db.Options{})
		err := d.Housekeep(t.Context(), func(tx *db.Tx) error {
			if _, err := tx.Exec(t.Context(), "CREATE TABLE much (account_id TEXT NOT NULL, kind SORTTEXT NOT NULL, name SORTTEXT NOT NULL, PRIMARY KEY (account_id, kind, name))"); err != nil {
				return err
			}
			_, err := tx.Exec(t.Context(), "INSERT INTO much SELECT $1, 'case', 'n' || i FROM generate_series(1, 20000) i", string(acme))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		filters := func() int {
			t.Helper()
			plan := ""
			err := d.Read(t.Context(), func(tx *db.Tx) error {
				return tx.Each(t.Context(), "EXPLAIN SELECT name FROM much WHERE account_id = $1 AND kind = $2 AND name IN ($3, $4)", []any{string(acme), "case", "n1", "n2"}, func(scan func(...any) error) error {
					var line string
					err := scan(&line)
					plan += line + "\n"
					return err
				})
			})
			if err != nil {
				t.Fatal(err)
			}
			return strings.Count(plan, "Filter:")
		}
		if filters() == 0 {
			t.Error("the planner needs nobody to tell it how much there is")
		}
		d.Weigh(t.Context(), "much")
		if filters() != 0 {
			t.Error("the rows are still looked through one by one")
		}
	})
}
