package session

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"tenure/internal/db"
	"tenure/internal/id"
)

// noteEvery is how seldom the last use of a session is written down.
const noteEvery = time.Minute

// flushEvery is how long a note waits for others at most.
const flushEvery = 2 * time.Second

// note is a last use that is to be written down.
type note struct {
	key     [sha256.Size]byte
	account id.Account
	member  id.Member
	at      time.Time
}

// notes are those that wait. The zero value is usable.
type notes struct {
	mu      sync.Mutex // guards waiting
	waiting map[[sha256.Size]byte]note
}

func (n *notes) add(x note) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.waiting == nil {
		n.waiting = map[[sha256.Size]byte]note{}
	}
	if n.waiting[x.key].at.Before(x.at) {
		n.waiting[x.key] = x
	}
}

// take gives what waits, in the order in which rows are locked everywhere.
func (n *notes) take() []note {
	n.mu.Lock()
	defer n.mu.Unlock()
	all := make([]note, 0, len(n.waiting))
	for _, x := range n.waiting {
		all = append(all, x)
	}
	n.waiting = nil
	slices.SortFunc(all, func(a, b note) int {
		if a.member != b.member {
			return bytes.Compare([]byte(a.member), []byte(b.member))
		}
		return bytes.Compare(a.key[:], b.key[:])
	})
	return all
}

// use notes that a session is used now.
func (c *Cache) use(key [sha256.Size]byte, e *entry, now time.Time) {
	at := now.UnixMicro()
	if at-e.seen.Load() >= time.Second.Microseconds() {
		e.seen.Store(at)
	}
	noted := e.noted.Load()
	if at-noted >= noteEvery.Microseconds() && e.noted.CompareAndSwap(noted, at) {
		c.seen.add(note{key, e.actor.Account, e.actor.Member, now})
	}
}

// Flush writes down when sessions and members were last seen. It takes no
// account's lock and makes no event. What cannot be written waits for the next
// time.
func (c *Cache) Flush(ctx context.Context) error {
	for rest := c.seen.take(); len(rest) > 0; {
		chunk := rest[:min(len(rest), 50)]
		err := c.db.Housekeep(ctx, func(tx *db.Tx) error {
			for _, n := range chunk {
				if _, err := tx.Exec(ctx, `UPDATE sessions SET last_seen_at = $3 WHERE account_id = $1 AND token_hash = $2 AND last_seen_at < $3`,
					string(n.account), n.key[:], db.Micros(n.at)); err != nil {
					return err
				}
				if err := c.sources.Seen(ctx, tx, n.account, n.member, n.at); err != nil {
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
func (c *Cache) Run(ctx context.Context, report func(error)) {
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
