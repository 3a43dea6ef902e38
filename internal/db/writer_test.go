package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"tenure/internal/fault"
)

// faulty is a connection of SQLite whose disk can break when a commit is asked
// for: before the log has it, or after.
type faulty struct {
	driver.Conn
	breaks *breakage
}

type breakage struct {
	at string // the statement that fails: "" for none
	do bool   // it is carried out all the same
}

func (f faulty) Prepare(query string) (driver.Stmt, error) {
	stmt, err := f.Conn.Prepare(query)
	return faultyStmt{stmt, query, f.breaks}, err
}

type faultyStmt struct {
	driver.Stmt
	query  string
	breaks *breakage
}

func (s faultyStmt) ExecContext(ctx context.Context, args []driver.NamedValue) (driver.Result, error) {
	carryOut := s.Stmt.(driver.StmtExecContext).ExecContext
	if s.breaks.at != s.query {
		return carryOut(ctx, args)
	}
	if s.breaks.do {
		if _, err := carryOut(ctx, args); err != nil {
			return nil, err
		}
	}
	return nil, errors.New("the disk is broken")
}

type faultyConnector struct {
	driver driver.Driver
	name   string
	breaks *breakage
}

func (c faultyConnector) Driver() driver.Driver { return c.driver }

func (c faultyConnector) Connect(context.Context) (driver.Conn, error) {
	conn, err := c.driver.Open(c.name)
	return faulty{conn, c.breaks}, err
}

// openFaulty opens a migrated SQLite store whose writer has a faulty disk.
func openFaulty(t *testing.T, path string) (*DB, *breakage) {
	t.Helper()
	d, err := Open(t.Context(), path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	if err := d.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	s := d.engine.(*sqlite)
	if err := s.writer.close(); err != nil {
		t.Fatal(err)
	}
	breaks := &breakage{}
	pool := sql.OpenDB(faultyConnector{s.pool.Driver(), fileName(path, nil), breaks})
	t.Cleanup(func() { pool.Close() })
	conn, err := pool.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	s.writer = newWriter(&line{conn: conn, prepared: map[string]*sql.Stmt{}}, d.tally, d.log)
	return d, breaks
}

func keep(name string) func(tx *Tx) error {
	return func(tx *Tx) error {
		return tx.ExecOne(context.Background(), "INSERT INTO nodes (node_id, beat) VALUES ($1, 0)", name)
	}
}

func kept(t *testing.T, d *DB) (n int) {
	t.Helper()
	err := d.Read(context.Background(), func(tx *Tx) error {
		return tx.One(context.Background(), "SELECT COUNT(*) FROM nodes", nil, &n)
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestAfterACommitWithUnknownOutcomeNothingIsWritten(t *testing.T) {
	for _, carriedOut := range []bool{false, true} {
		t.Run(fmt.Sprintf("carried out %v", carriedOut), func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "tenure.db")
			d, breaks := openFaulty(t, path)
			ctx := t.Context()
			if err := d.Housekeep(ctx, keep("before")); err != nil {
				t.Fatal(err)
			}
			runs := 0
			err := d.Housekeep(ctx, func(tx *Tx) error {
				runs++
				breaks.at, breaks.do = "COMMIT", carriedOut
				return keep("unknown")(tx)
			})
			if fault.Code(err) != "unavailable" || !strings.Contains(err.Error(), "not certain") || runs != 1 {
				t.Errorf("ran %d times and gave %v, want once and that it is not certain", runs, err)
			}
			breaks.at = ""
			if err := d.Housekeep(ctx, keep("after")); fault.Code(err) != "unavailable" {
				t.Errorf("the next write gave %v, want unavailable", err)
			}
			if d.Ping(ctx) == nil {
				t.Error("the store says it is well")
			}
			want := map[bool]int{false: 1, true: 2}[carriedOut]
			if got := kept(t, d); got != want {
				t.Errorf("%d rows can be read, want %d", got, want)
			}
			d.Close()
			again, err := Open(ctx, path, Options{})
			if err != nil {
				t.Fatal(err)
			}
			defer again.Close()
			if err := again.Housekeep(ctx, keep("after")); err != nil {
				t.Errorf("a write after a new start: %v", err)
			}
			if got := kept(t, again); got != want+1 {
				t.Errorf("%d rows are there after a new start, want %d", got, want+1)
			}
		})
	}
}

func TestUnknownOutcomeIsToldToEverybodyWhoWaits(t *testing.T) {
	d, breaks := openFaulty(t, filepath.Join(t.TempDir(), "tenure.db"))
	ctx := t.Context()
	began, release := make(chan bool), make(chan bool)
	var all sync.WaitGroup
	var mu sync.Mutex // guards runs
	runs := 0
	write := func(first bool) {
		err := d.Housekeep(ctx, func(tx *Tx) error {
			mu.Lock()
			runs++
			mu.Unlock()
			if first {
				close(began)
				<-release
				breaks.at = "COMMIT"
			}
			return keep(fmt.Sprint("number ", runs))(tx)
		})
		if fault.Code(err) != "unavailable" {
			t.Errorf("got %v, want unavailable", err)
		}
	}
	all.Go(func() { write(true) })
	<-began
	const waiting = maxGroup + 10
	for range waiting {
		all.Go(func() { write(false) })
	}
	waitFor(func() bool { return d.Stats().Waiting == waiting })
	close(release)
	all.Wait()
	if runs != maxGroup {
		t.Errorf("%d functions ran, want the %d of the group once and no other", runs, maxGroup)
	}
}

func TestWhoseTurnHasComeCannotLeave(t *testing.T) {
	q := &queue{tally: &tally{}, working: true} // by this test
	ctx, cancel := context.WithCancel(t.Context())
	got := make(chan statements)
	go func() {
		s, err := q.wait(ctx, newTurn())
		if err != nil {
			t.Errorf("got %v", err)
		}
		got <- s
	}()
	waitFor(func() bool { return q.tally.waiting.Load() == 1 })
	taken, given := q.next(), &line{}
	cancel()
	taken.begin <- given
	if <-got != given {
		t.Error("the transaction was left to nobody")
	}
}

func TestFailedReleaseRunsTheGroupAgain(t *testing.T) {
	d, breaks := openFaulty(t, filepath.Join(t.TempDir(), "tenure.db"))
	ctx := t.Context()
	began, release := make(chan bool), make(chan bool)
	begin := sync.OnceFunc(func() { close(began) })
	var all sync.WaitGroup
	write := func(name string, during func()) {
		all.Go(func() {
			err := d.Housekeep(ctx, func(tx *Tx) error {
				during()
				return keep(name)(tx)
			})
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
		})
	}
	write("first", func() { begin(); <-release; breaks.at = "" })
	<-began
	breaksOnce := sync.OnceFunc(func() { breaks.at = "RELEASE member" })
	write("second", func() { breaks.at = ""; breaksOnce() })
	waitFor(func() bool { return d.Stats().Waiting == 1 })
	write("third", func() { breaks.at = "" })
	waitFor(func() bool { return d.Stats().Waiting == 2 })
	close(release)
	all.Wait()
	if got := kept(t, d); got != 3 {
		t.Errorf("%d of 3 writes are there", got)
	}
	if d.Stats().Reruns == 0 {
		t.Error("nothing ran again")
	}
}

func TestStatementsArePreparedOnceAndBounded(t *testing.T) {
	d, err := Open(t.Context(), filepath.Join(t.TempDir(), "tenure.db"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	l := d.engine.(*sqlite).writer.line
	ask := func(query string) *sql.Stmt {
		t.Helper()
		err := d.Housekeep(t.Context(), func(tx *Tx) error {
			var n int
			return tx.One(t.Context(), query, nil, &n)
		})
		if err != nil {
			t.Fatal(err)
		}
		return l.prepared[query]
	}
	if first := ask("SELECT 1"); first == nil || first != ask("SELECT 1") {
		t.Error("the statement was prepared twice")
	}
	for n := range 2 * maxPrepared {
		ask(fmt.Sprint("SELECT ", n))
	}
	if len(l.prepared) > maxPrepared {
		t.Errorf("%d statements are kept", len(l.prepared))
	}
}

func TestLanesForgetTheEmpty(t *testing.T) {
	l := newLanes(func() *queue { return &queue{} })
	one, leave := l.enter("a")
	same, leaveToo := l.enter("a")
	other, leaveOther := l.enter("b")
	if one != same || one == other {
		t.Error("a lane is not one queue")
	}
	if first, _ := l.enter(""); first == nil {
		t.Error("who has no lane has no queue")
	} else if second, _ := l.enter(""); first == second {
		t.Error("who has no lane waits for others")
	}
	leave()
	if again, leaveAgain := l.enter("a"); again != one {
		t.Error("a lane was forgotten while somebody was in it")
	} else {
		leaveAgain()
	}
	leaveToo()
	leaveOther()
	if len(l.byName) != 0 {
		t.Errorf("%d lanes are left", len(l.byName))
	}
}

// waitFor waits for what another goroutine is about to do.
func waitFor(condition func() bool) {
	for !condition() {
		runtime.Gosched()
	}
}
