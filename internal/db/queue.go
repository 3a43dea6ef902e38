package db

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
)

// maxGroup is how many functions at most share one commit: a bound on how long
// the first of them waits.
const maxGroup = 64

var errClosed = errors.New("the database is closed")

// errGivenUp is why a transaction is rolled back whose last function failed and
// cannot be taken back alone.
var errGivenUp = errors.New("a function that failed had written")

// queue is functions that wait to write one after the other. Its worker gives a
// transaction from one waiting function to the next and commits all of them at
// once, so that N of them cost one fsync.
//
// The functions run in the goroutines of their callers, one after the other: a
// panic unwinds its own caller and keeps its stack, and the worker goes on.
// Whatever becomes of a function (an error, a panic, a caller who left), what it
// did is taken back and the others of the group come to no harm: it is rolled
// back alone, or all of them are, and the others run again.
//
// A function learns its outcome when the group has been committed, also if it
// failed: what it decided on may have come from another function of the group.
// If the commit fails, nothing has happened, and every function of the group
// runs again alone. Unless nobody can say whether it failed: that is what all of
// them are told.
type queue struct {
	open  func() (shared, error)
	tally *tally
	log   *slog.Logger

	workers sync.WaitGroup

	mu      sync.Mutex // guards what follows
	waiting []*turn    // in the order they came
	working bool       // there is a worker
	broken  error      // why nothing can be written any more
}

// shared is a transaction under way that functions can share.
type shared interface {
	// begin gives the statements of the next function.
	begin() (statements, error)
	// end keeps what the function did, or takes it back. It gives errGivenUp if
	// that cannot be taken back without what was done before it.
	end(keep bool) error
	// full says that no other function is to join.
	full() bool
	// commit ends the transaction. It gives errUncertain if nobody can say
	// whether it was committed; after any other error it was not.
	commit() error
	// rollback ends the transaction after anything but commit.
	rollback()
}

// turn is one function that waits, and what became of it. The worker sends on
// begin and end; the caller answers each statements on back.
type turn struct {
	begin chan statements // buffered; nil: the function cannot run, the verdict says why
	back  chan outcome
	end   chan verdict
}

func newTurn() *turn {
	return &turn{begin: make(chan statements, 1), back: make(chan outcome), end: make(chan verdict, 1)}
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

// write waits for its turn and runs the function, again if it has to.
func (q *queue) write(ctx context.Context, run func(statements) error) error {
	t := newTurn()
	s, err := q.wait(ctx, t)
	if err != nil {
		return err
	}
	for {
		if s != nil {
			err = t.run(ctx, s, run)
		}
		switch v := <-t.end; {
		case v.again:
			q.tally.reruns.Add(1)
			s, err = <-t.begin, nil
		case err != nil:
			return err
		case v.err != nil:
			return v.err
		default:
			q.tally.writes.Add(1)
			return nil
		}
	}
}

// wait lines up. Once the time of the turn has come, the caller can no longer
// leave.
func (q *queue) wait(ctx context.Context, t *turn) (statements, error) {
	if err := q.lineUp(t); err != nil {
		return nil, err
	}
	select {
	case s := <-t.begin:
		return s, nil
	case <-ctx.Done():
		if q.leave(t) {
			return nil, ctx.Err()
		}
	}
	return <-t.begin, nil
}

// lineUp puts the turn at the end of the queue.
func (q *queue) lineUp(t *turn) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.broken != nil {
		return q.broken
	}
	q.waiting = append(q.waiting, t)
	q.tally.waiting.Add(1)
	if !q.working {
		q.working = true
		q.workers.Go(q.work)
	}
	return nil
}

// leave takes the turn out of the queue again, unless its time has come.
func (q *queue) leave(t *turn) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	i := slices.Index(q.waiting, t)
	if i < 0 {
		return false
	}
	q.waiting = slices.Delete(q.waiting, i, i+1)
	q.tally.waiting.Add(-1)
	return true
}

// next takes the first turn from the queue; nil if nobody waits.
func (q *queue) next() *turn {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.waiting) == 0 {
		return nil
	}
	t := q.waiting[0]
	q.waiting = slices.Delete(q.waiting, 0, 1)
	q.tally.waiting.Add(-1)
	return t
}

// more reports whether anybody waits. If not, the worker has ended.
func (q *queue) more() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.working = len(q.waiting) > 0
	return q.working
}

// run runs the function once and hands the transaction back, however the
// function ends.
func (t *turn) run(ctx context.Context, s statements, run func(statements) error) (err error) {
	how := left
	defer func() { t.back <- how }()
	if err = ctx.Err(); err == nil {
		err = run(s)
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

// stop lets the group under way finish, and nobody else in.
func (q *queue) stop() {
	q.fail(errClosed)
	q.workers.Wait()
}

// health is nil unless nothing can be written any more.
func (q *queue) health() error {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.broken
}

// fail says why nothing can be written from now on.
func (q *queue) fail(err error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.broken = err
}

func (q *queue) work() {
	for q.more() {
		s, err := q.transaction() // whoever waits may still leave
		first := q.next()
		switch {
		case first == nil:
			if err == nil {
				s.rollback()
			}
		case err != nil:
			first.cannot(err)
		default:
			q.group(s, first)
		}
	}
}

// transaction begins one, unless nothing can be written any more.
func (q *queue) transaction() (shared, error) {
	if err := q.health(); err != nil {
		return nil, err
	}
	return q.open()
}

// cannot tells a turn that its function does not get to run.
func (t *turn) cannot(err error) {
	t.begin <- nil
	t.end <- verdict{err: err}
}

// group commits the function and whatever else is waiting in one transaction,
// and tells each its verdict.
func (q *queue) group(s shared, first *turn) {
	members, ran, err := q.commit(s, first, maxGroup)
	if err == nil || ran == 1 || errors.Is(err, errUncertain) {
		tell(members, verdict{err: err})
		return
	}
	if !errors.Is(err, errGivenUp) {
		q.log.Warn("a shared commit failed, its functions run again alone", "functions", len(members), "error", err)
	}
	for _, t := range members {
		t.end <- verdict{again: true}
		s, err := q.transaction()
		if err != nil {
			t.cannot(err)
			continue
		}
		alone, _, err := q.commit(s, t, 1)
		tell(alone, verdict{err: err})
	}
}

func tell(members []*turn, v verdict) {
	for _, t := range members {
		t.end <- v
	}
}

// commit runs the first function, and others that wait up to the limit, in one
// transaction. It gives those that wait for a verdict, and how many ran.
func (q *queue) commit(s shared, first *turn, limit int) (members []*turn, ran int, err error) {
	next := first
	for ran = 1; ; ran++ {
		waits, err := next.member(s)
		if waits {
			members = append(members, next)
		}
		if err != nil {
			s.rollback()
			return members, ran, err
		}
		if next = nil; ran < limit && !s.full() {
			next = q.next()
		}
		if next == nil {
			if err = s.commit(); err == nil {
				q.tally.commits.Add(1)
			}
			return members, ran, err
		}
	}
}

// member runs the function in the transaction. With an error all of it is
// spoiled.
func (t *turn) member(s shared) (waits bool, err error) {
	own, err := s.begin()
	if err != nil {
		t.begin <- nil
		return true, fmt.Errorf("begin one of a group: %w", err)
	}
	t.begin <- own
	how := <-t.back
	if err := s.end(how == done); err != nil {
		return how != left, fmt.Errorf("end one of a group: %w", err)
	}
	return how != left, nil
}
