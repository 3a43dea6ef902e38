package bearer

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"tenure/internal/db"
)

// flushEvery is how long a note waits for others at most.
const flushEvery = 2 * time.Second

// note is a last use that is to be written down.
type note[V any] struct {
	key   Hash
	entry *entry[V]
	at    time.Time
}

// notes are those that wait. The zero value is usable.
type notes[V any] struct {
	mu      sync.Mutex // guards waiting
	waiting map[Hash]note[V]
}

func (n *notes[V]) add(x note[V]) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.waiting == nil {
		n.waiting = map[Hash]note[V]{}
	}
	if n.waiting[x.key].at.Before(x.at) {
		n.waiting[x.key] = x
	}
}

// take gives what waits, in the order in which rows are locked everywhere.
func (n *notes[V]) take() []note[V] {
	n.mu.Lock()
	defer n.mu.Unlock()
	all := make([]note[V], 0, len(n.waiting))
	for _, x := range n.waiting {
		all = append(all, x)
	}
	n.waiting = nil
	slices.SortFunc(all, func(a, b note[V]) int {
		if a.entry.owner != b.entry.owner {
			return strings.Compare(a.entry.owner, b.entry.owner)
		}
		return bytes.Compare(a.key[:], b.key[:])
	})
	return all
}

// use notes that a token is used now.
func (c *Cache[V]) use(key Hash, e *entry[V], now time.Time) {
	at := now.UnixMicro()
	if at-e.seen.Load() >= time.Second.Microseconds() {
		e.seen.Store(at)
	}
	noted := e.noted.Load()
	if at-noted >= NoteEvery.Microseconds() && e.noted.CompareAndSwap(noted, at) {
		c.seen.add(note[V]{key, e, now})
	}
}

// Flush writes down when tokens were last used. It takes no account's lock and
// makes no event. What cannot be written waits for the next time.
func (c *Cache[V]) Flush(ctx context.Context) error {
	for rest := c.seen.take(); len(rest) > 0; {
		chunk := rest[:min(len(rest), 50)]
		err := c.memory.db.Housekeep(ctx, func(tx *db.Tx) error {
			for _, n := range chunk {
				if err := c.kind.Note(ctx, tx, &n.entry.value, n.key[:], n.at); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			for _, n := range rest {
				c.seen.add(n)
			}
			return fmt.Errorf("write down who was seen: %w", err)
		}
		rest = rest[len(chunk):]
	}
	return nil
}

// Run flushes now and then until the context ends, and once more then. An error
// of one time is given to report, and the next time tries again.
func (c *Cache[V]) Run(ctx context.Context, report func(error)) {
	tick := time.NewTicker(flushEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			if err := c.Flush(ctx); err != nil && !errors.Is(err, context.Canceled) {
				report(err)
			}
		case <-ctx.Done():
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
			defer cancel()
			if err := c.Flush(last); err != nil {
				report(err)
			}
			return
		}
	}
}
