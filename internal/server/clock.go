package server

import (
	"context"
	"sync/atomic"
	"time"

	"tenure/internal/db"
	"tenure/internal/job"
	"tenure/internal/outbox"
)

// Clock is a clock that tests and demos set. It goes on from where it was set,
// and only ever forward by itself.
type Clock struct {
	ahead atomic.Int64 // nanoseconds before the time of day
}

// Now is the time of day, moved by as much as the clock was set.
func (c *Clock) Now() time.Time { return time.Now().Add(time.Duration(c.ahead.Load())) }

// Set makes the clock say now and go on from there.
func (c *Clock) Set(now time.Time) { c.ahead.Store(int64(time.Until(now))) }

// turned is the clock as the operator sets it: the runners look at once whether
// something has become due.
type turned struct {
	*Clock
	db *db.DB
}

// Set sets the clock and wakes the runners. Should that fail, they look by
// themselves a little later.
func (t *turned) Set(now time.Time) {
	t.Clock.Set(now)
	_ = t.db.Housekeep(context.Background(), func(tx *db.Tx) error {
		tx.Wake(job.Topic)
		tx.Wake(outbox.Topic)
		return nil
	})
}
