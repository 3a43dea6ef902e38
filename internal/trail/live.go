package trail

import (
	"context"
	"sync"
	"time"

	"tenure/internal/access"
	"tenure/internal/audit"
	"tenure/internal/fault"
	"tenure/internal/id"
)

const (
	// askEvery is how often a live walk asks whether its reader is still there:
	// what ends a reader ends the walk within that, and well within a second.
	askEvery = 300 * time.Millisecond
	// seatsEach is how many live walks one caller may have, seatsAll how many
	// there may be on a node.
	seatsEach = 10
	seatsAll  = 10_000
)

// Live is a walk that waits for what happens next.
type Live struct {
	walk  Walk
	tail  *tail
	leave func()
	ask   *time.Ticker
}

// FromNow begins a live walk with what happens next.
const FromNow = -1

// Follow begins a walk behind the event of the number, or FromNow. Every event
// after that is given once, in order, whichever node wrote it. Close it.
//
// Faults: those of List; invalid on field since_seq for a number that no event
// has yet; too_many_streams; unavailable when the server is stopping.
func (r *Reader) Follow(ctx context.Context, who Who, acc id.Account, f audit.Filter, since int64) (*Live, error) {
	w := Walk{reader: r, who: who, acc: acc, filter: f}
	actor, err := w.allowed(ctx)
	if err != nil {
		return nil, err
	}
	last, err := r.head(ctx, acc)
	if err != nil {
		return nil, err
	}
	if w.at = since; since == FromNow {
		w.at = last
	}
	if w.at > last {
		return nil, fault.Invalid("since_seq", "out_of_range", "There is no event with that number yet.")
	}
	if r.closing.Err() != nil {
		return nil, errStopping()
	}
	rise, err := r.seats.take(actor)
	if err != nil {
		return nil, err
	}
	t := r.tails.join(acc, last)
	w.end = last
	leave := sync.OnceFunc(func() {
		r.tails.part(acc, t)
		rise()
	})
	return &Live{walk: w, tail: t, leave: leave, ask: time.NewTicker(askEvery)}, nil
}

// Close gives up the walk.
func (l *Live) Close() {
	l.ask.Stop()
	l.leave()
}

// At is the number of the last event that was passed: given, or left out by the
// filter. A walk that begins behind it misses nothing.
func (l *Live) At() int64 { return l.walk.at }

// Next waits for the next events, but not longer than patience: then it gives
// none.
//
// Faults: those of Walk.Next, as soon as the reader's rights have ended, whether
// anything happens or not; unavailable when the server is stopping.
func (l *Live) Next(ctx context.Context, patience time.Duration) ([]Fact, error) {
	enough := time.NewTimer(patience)
	defer enough.Stop()
	for {
		facts, err := l.walk.Next(ctx)
		if err != nil || len(facts) > 0 {
			return facts, err
		}
		end, moved, err := l.tail.look()
		if err != nil {
			return nil, err
		}
		if end > l.walk.end {
			l.walk.end = end
			continue
		}
		select {
		case <-moved:
		case <-l.ask.C:
			if _, err := l.walk.allowed(ctx); err != nil {
				return nil, err
			}
		case <-enough.C:
			return nil, nil
		case <-l.walk.reader.closing.Done():
			return nil, errStopping()
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

func errStopping() error { return fault.Unavailable("The server is stopping. Please try again.") }

// seats counts the live walks of each caller.
type seats struct {
	mu    sync.Mutex // guards what follows
	taken map[string]int
	all   int
}

// take takes a seat until rise is called. Faults: too_many_streams.
func (s *seats) take(actor access.Actor) (rise func(), err error) {
	caller := string(actor.Kind) + ":" + actor.Name()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.all >= seatsAll || s.taken[caller] >= seatsEach {
		return nil, fault.TooMany("too_many_streams", "Too many live streams are open already. Close one of them.", 5*time.Second)
	}
	s.all++
	s.taken[caller]++
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.all--
		if s.taken[caller]--; s.taken[caller] == 0 {
			delete(s.taken, caller)
		}
	}, nil
}

// Open is how many live walks there are, for metrics.
func (r *Reader) Open() int {
	r.seats.mu.Lock()
	defer r.seats.mu.Unlock()
	return r.seats.all
}
