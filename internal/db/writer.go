package db

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"

	codes "modernc.org/sqlite/lib"
)

// maxGroup is how many functions at most share one commit: a bound on how long
// the first of them waits.
const maxGroup = 64

var errClosed = errors.New("the database is closed")

// writer owns the connection that writes. Its goroutine gives the connection
// from one waiting function to the next and commits all of them at once, each
// in a savepoint of its own, so that N of them cost one fsync.
//
// The functions run in the goroutines of their callers, one after the other: a
// panic unwinds its own caller and keeps its stack, and the writer goes on.
// Whatever becomes of a function (an error, a panic, a caller who left), its
// savepoint is rolled back and the others of the group are not touched.
//
// A function learns its outcome when the group has been committed, also if it
// failed: what it decided on may have come from another function of the group.
// If the commit fails, nothing has happened, and every function of the group
// runs again alone.
type writer struct {
	line   *line
	come   chan struct{} // has a token if the queue may have become longer
	quit   chan struct{}
	gone   chan struct{}
	tally  *tally
	log    *slog.Logger
	closed error // of the connection; to be read when gone

	mu     sync.Mutex // guards what follows
	queue  []*turn    // in the order they came
	broken error      // why nothing can be written any more
}

// turn is one function that waits for the connection, and what became of it.
// The writer sends on begin and end; the caller answers each connection on back.
type turn struct {
	begin chan *line // buffered; nil: the function cannot run, the verdict says why
	back  chan outcome
	end   chan verdict
}

// outcome is how a run of a function ended.
type outcome int

const (
	failed outcome = iota // to be rolled back
	done                  // to be committed
	left                  // to be rolled back; nobody waits for the verdict
)

// verdict is how the group of a function ended.
type verdict struct {
	again bool  // nothing happened: the function gets another turn
	err   error // why it was not committed
}

func startWriter(l *line, tally *tally, log *slog.Logger) *writer {
	w := &writer{
		line: l, tally: tally, log: log,
		come: make(chan struct{}, 1), quit: make(chan struct{}), gone: make(chan struct{}),
	}
	go w.loop()
	return w
}

// write waits for its turn and runs the function, again if it has to.
func (w *writer) write(ctx context.Context, run func(statements) error) error {
	t := &turn{begin: make(chan *line, 1), back: make(chan outcome), end: make(chan verdict, 1)}
	l, err := w.wait(ctx, t)
	if err != nil {
		return err
	}
	for {
		if l != nil {
			err = t.run(ctx, l, run)
		}
		switch v := <-t.end; {
		case v.again:
			w.tally.reruns.Add(1)
			l, err = <-t.begin, nil
		case err != nil:
			return err
		case v.err != nil:
			return v.err
		default:
			w.tally.writes.Add(1)
			return nil
		}
	}
}

// wait lines up for the connection. Once the time of the turn has come, the
// caller can no longer leave.
func (w *writer) wait(ctx context.Context, t *turn) (*line, error) {
	if err := w.lineUp(t); err != nil {
		return nil, err
	}
	select {
	case l := <-t.begin:
		return l, nil
	case <-ctx.Done():
		if w.leave(t) {
			return nil, ctx.Err()
		}
	case <-w.gone:
		if w.leave(t) {
			return nil, errClosed
		}
	}
	return <-t.begin, nil
}

// lineUp puts the turn at the end of the queue.
func (w *writer) lineUp(t *turn) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.broken != nil {
		return w.broken
	}
	w.queue = append(w.queue, t)
	w.tally.waiting.Add(1)
	select {
	case w.come <- struct{}{}:
	default:
	}
	return nil
}

// leave takes the turn out of the queue again, unless its time has come.
func (w *writer) leave(t *turn) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	i := slices.Index(w.queue, t)
	if i < 0 {
		return false
	}
	w.queue = slices.Delete(w.queue, i, i+1)
	w.tally.waiting.Add(-1)
	return true
}

// next takes the first turn from the queue; nil if nobody waits.
func (w *writer) next() *turn {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.queue) == 0 {
		return nil
	}
	t := w.queue[0]
	w.queue = slices.Delete(w.queue, 0, 1)
	w.tally.waiting.Add(-1)
	return t
}

// run runs the function once on the connection and hands the connection back,
// however the function ends.
func (t *turn) run(ctx context.Context, l *line, run func(statements) error) (err error) {
	how := left
	defer func() { t.back <- how }()
	if err = ctx.Err(); err == nil {
		err = run(l)
	}
	if err == nil {
		err = ctx.Err()
	}
	how = done
	if err != nil {
		how = failed
	}
	return err
}

// stop lets the group under way finish and closes the connection.
func (w *writer) stop() error {
	w.fail(errClosed)
	close(w.quit)
	<-w.gone
	return w.closed
}

// health is nil unless nothing can be written any more.
func (w *writer) health() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.broken
}

// fail says why nothing can be written from now on.
func (w *writer) fail(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.broken = err
}

func (w *writer) loop() {
	defer close(w.gone)
	defer func() { w.closed = w.line.close() }()
	for {
		select {
		case <-w.come:
		case <-w.quit:
			return
		}
		for first := w.next(); first != nil; first = w.next() {
			w.group(first)
		}
	}
}

// group commits the function and whatever else is waiting in one transaction,
// and tells each its verdict.
func (w *writer) group(first *turn) {
	members, err := w.commit(first, maxGroup)
	if err == nil || len(members) <= 1 || w.health() != nil {
		tell(members, verdict{err: err})
		return
	}
	w.log.Warn("a shared commit failed, its functions run again alone", "functions", len(members), "error", err)
	for _, t := range members {
		t.end <- verdict{again: true}
		alone, err := w.commit(t, 1)
		tell(alone, verdict{err: err})
	}
}

func tell(members []*turn, v verdict) {
	for _, t := range members {
		t.end <- v
	}
}

// commit runs the first function, and others that wait up to the limit, in one
// transaction. It gives those that wait for a verdict. With an error nothing
// was committed, unless the writer is broken now.
func (w *writer) commit(first *turn, limit int) (members []*turn, err error) {
	if err := w.open(); err != nil {
		first.begin <- nil
		return []*turn{first}, err
	}
	next := first
	for n := 1; ; n++ {
		waits, err := w.member(next)
		if waits {
			members = append(members, next)
		}
		if err != nil {
			w.rollback()
			return members, err
		}
		if next = nil; n < limit {
			next = w.next()
		}
		if next == nil {
			return members, w.close()
		}
	}
}

// member runs one function in its savepoint. With an error the whole
// transaction is spoiled.
func (w *writer) member(t *turn) (waits bool, err error) {
	if err := w.line.do("SAVEPOINT member"); err != nil {
		t.begin <- nil
		return true, err
	}
	t.begin <- w.line
	how := <-t.back
	if how != done {
		if err := w.line.do("ROLLBACK TO member"); err != nil {
			return how != left, fmt.Errorf("roll back one of a group: %w", err)
		}
	}
	if err := w.line.do("RELEASE member"); err != nil {
		return how != left, fmt.Errorf("release one of a group: %w", err)
	}
	return how != left, nil
}

// open begins the transaction; one that an earlier failure left open is rolled
// back first.
func (w *writer) open() error {
	if err := w.health(); err != nil {
		return err
	}
	err := w.line.do("BEGIN IMMEDIATE")
	if primary(err) == codes.SQLITE_ERROR {
		w.rollback()
		err = w.line.do("BEGIN IMMEDIATE")
	}
	return unavailable(err)
}

// close commits the transaction.
func (w *writer) close() error {
	err := w.line.do("COMMIT")
	if err == nil {
		w.tally.commits.Add(1)
		return nil
	}
	w.rollback()
	if surelyRolledBack(err) {
		return fmt.Errorf("commit: %w", err)
	}
	// The frames may be in the log or not, and what is written after them would
	// decide it. Only a new start reads the log again.
	err = unknown(fmt.Errorf("commit: %w", err))
	w.fail(unavailable(fmt.Errorf("nothing is written any more after a commit with unknown outcome; start again: %w", err)))
	w.log.Error("a commit failed with unknown outcome, nothing is written any more until a restart", "error", err)
	return err
}

// rollback ends the transaction; SQLite may have done so already.
func (w *writer) rollback() {
	err := w.line.do("ROLLBACK")
	if err != nil && primary(err) != codes.SQLITE_ERROR {
		w.log.Warn("a transaction could not be rolled back", "error", err)
	}
}

// surelyRolledBack reports whether a COMMIT that gave this error left nothing
// behind: it was refused before anything reached the log.
func surelyRolledBack(err error) bool {
	switch primary(err) {
	case codes.SQLITE_BUSY, codes.SQLITE_LOCKED, codes.SQLITE_CONSTRAINT, codes.SQLITE_ERROR, codes.SQLITE_FULL:
		return true
	}
	return false
}

// primary gives SQLite's primary result code: the low byte.
func primary(err error) int { return sqliteCode(err) & 0xff }
