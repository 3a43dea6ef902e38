// Package rate bounds how many requests a caller may make: the generic cell
// rate algorithm (ITU-T I.371, annex A), which needs one point in time for each
// caller and no timer.
//
// Invariants. What is kept about a caller is forgotten only when it says nothing
// any more, so that nobody gets a fresh start by sending many others ahead
// (Argo CD CVE-2024-21652). How many callers are kept is bounded all the same:
// those for whom there is no room share what one of them would have.
package rate

import (
	"sync"
	"time"
)

// Limit is how much a caller may: so many requests each second on average, and
// as many as burst at once after a rest. Both are at least 1.
type Limit struct {
	PerSecond int
	Burst     int
}

// Verdict is the answer to one request.
type Verdict struct {
	Allowed   bool
	Limit     int           // the burst
	Remaining int           // requests that would be allowed now
	Reset     time.Duration // until the whole burst is allowed again
	Retry     time.Duration // until one more is allowed; 0 if one is now
}

// Limiter bounds callers, each by itself. It is safe for concurrent use.
type Limiter struct {
	cell  time.Duration // what one request takes
	whole time.Duration // what the burst takes
	limit Limit
	most  int
	now   func() time.Time

	mu      sync.Mutex // guards what follows
	free    map[string]time.Time
	crowd   time.Time // the free time of all for whom there is no room
	cleared time.Time
	refused int64
}

// New makes a limiter that keeps at most so many callers. The clock must not be
// turned back; it need not be the time of day.
func New(l Limit, most int, now func() time.Time) *Limiter {
	cell := time.Second / time.Duration(l.PerSecond)
	return &Limiter{cell: cell, whole: cell * time.Duration(l.Burst), limit: l, most: most, now: now, free: map[string]time.Time{}}
}

// Take asks for one request of the caller.
func (l *Limiter) Take(caller string) Verdict { return l.ask(caller, true) }

// Look says what Take would answer, and takes nothing; refusing is counted.
func (l *Limiter) Look(caller string) Verdict { return l.ask(caller, false) }

func (l *Limiter) ask(caller string, take bool) Verdict {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	free, known := l.free[caller]
	crowded := !known && !l.room(now)
	if crowded {
		free = l.crowd
	}
	if free.Before(now) {
		free = now
	}
	next := free.Add(l.cell)
	if over := next.Sub(now) - l.whole; over > 0 {
		l.refused++
		return Verdict{Limit: l.limit.Burst, Reset: free.Sub(now), Retry: over}
	}
	switch {
	case !take:
	case crowded:
		l.crowd = next
	default:
		l.free[caller] = next
	}
	taken := next.Sub(now)
	return Verdict{Allowed: true, Limit: l.limit.Burst, Remaining: int((l.whole - taken) / l.cell), Reset: taken}
}

// room reports whether one more caller can be kept. When it is full it forgets
// those who have rested, of whom there is nothing to know, once a second.
func (l *Limiter) room(now time.Time) bool {
	if len(l.free) < l.most {
		return true
	}
	if now.Sub(l.cleared) < time.Second {
		return false
	}
	l.cleared = now
	for caller, free := range l.free {
		if !free.After(now) {
			delete(l.free, caller)
		}
	}
	return len(l.free) < l.most
}

// Len is how many callers are kept.
func (l *Limiter) Len() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.free)
}

// Refused is how many requests were refused so far.
func (l *Limiter) Refused() int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.refused
}
