package trail

import (
	"context"
	"sync"
	"time"

	"tenure/internal/audit"
	"tenure/internal/db"
	"tenure/internal/id"
)

// pollEvery is how often the end of a followed trail is read from the store,
// which is the truth: another node may have written. What this node commits
// wakes at once.
const pollEvery = 250 * time.Millisecond

// tails watches the end of every trail that is followed on this node, once for
// all that follow it.
type tails struct {
	db *db.DB

	mu        sync.Mutex // guards what follows
	byAccount map[id.Account]*tail
}

// tail is the end of one trail.
type tail struct {
	stop      context.CancelFunc
	followers int // guarded by tails.mu

	mu    sync.Mutex    // guards what follows
	seq   int64         // the number of the last event
	err   error         // why it cannot be read
	moved chan struct{} // closed when seq or err changes
}

// join adds a follower, who has seen the number.
func (ts *tails) join(acc id.Account, seq int64) *tail {
	ts.mu.Lock()
	defer ts.mu.Unlock()
	t := ts.byAccount[acc]
	if t == nil {
		ctx, stop := context.WithCancel(context.Background())
		t = &tail{stop: stop, seq: seq, moved: make(chan struct{})}
		ts.byAccount[acc] = t
		go t.watch(ctx, ts.db, acc)
	}
	t.followers++
	return t
}

// part takes a follower away; the last one ends the watch.
func (ts *tails) part(acc id.Account, t *tail) {
	ts.mu.Lock()
	defer ts.mu.Unlock()
	if t.followers--; t.followers == 0 {
		t.stop()
		delete(ts.byAccount, acc)
	}
}

// watch reads the end of the trail again and again.
func (t *tail) watch(ctx context.Context, d *db.DB, acc id.Account) {
	poll := time.NewTicker(pollEvery)
	defer poll.Stop()
	for {
		bell := d.Woken(audit.Topic(acc)) // before the look
		var seq int64
		err := d.Read(ctx, func(tx *db.Tx) (err error) {
			seq, err = audit.Head(ctx, tx, acc)
			return err
		})
		if ctx.Err() != nil {
			return
		}
		t.set(seq, err)
		select {
		case <-bell:
		case <-poll.C:
		case <-ctx.Done():
			return
		}
	}
}

// set tells every follower when something is new.
func (t *tail) set(seq int64, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if err == nil && t.err == nil && seq <= t.seq {
		return
	}
	if t.err = err; err == nil {
		t.seq = max(t.seq, seq)
	}
	close(t.moved)
	t.moved = make(chan struct{})
}

// look gives the number of the last event, and a channel that is closed when
// there is news.
func (t *tail) look() (seq int64, moved <-chan struct{}, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.seq, t.moved, t.err
}
