package bearer

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"tenure/internal/db"
	"tenure/internal/secret"
)

// Pace is how fast the nodes of a fleet are.
type Pace struct {
	Look  time.Duration // between two looks at what was revoked elsewhere
	Lease time.Duration // how long one look lets a node believe its memory
	Gone  time.Duration // how long a node that says nothing counts as one; more than twice the lease
}

// StandardPace is that of production.
var StandardPace = Pace{Look: 100 * time.Millisecond, Lease: 2 * time.Second, Gone: 5 * time.Second}

// margin is what clocks of different machines may differ in how fast they run,
// over one lease.
const margin = 10 // a tenth

// Fleet makes this node one of several that share a store, and keeps the promise
// about ended tokens on all of them.
//
// Who makes something stale writes, in the same transaction, a row for every
// other node. Each node looks for its rows, forgets, and deletes them. A look
// gives the node a lease on its memory, from the moment before the look. The
// write that ended a token returns when every row is gone or a lease has
// passed since the commit: a node that has not looked since has no lease left
// then. Without a lease a node answers from the store.
//
// Nodes come and go. A new node believes its memory only a lease after its row
// was committed, so that no write that did not see the row can still be under
// way. A node takes leases only while its last beat is younger than a lease, so
// that none is left when another deletes it for not having beaten for Gone. When
// it is back it begins anew.
type Fleet struct {
	db     *db.DB
	memory *Memory
	pace   Pace
	name   string
	start  time.Time // of the process; leases count from it, on the monotonic clock

	lease atomic.Int64 // until when memory may be believed, in nanoseconds since start

	mu     sync.Mutex // guards what follows; held over one look
	joined time.Time  // zero: not one of the fleet
	beaten time.Time
	others map[string]sighting
}

// sighting is another node's beat, and when it was seen to be that first.
type sighting struct {
	beat int64
	at   time.Time
}

// NewFleet makes this node one of a fleet. From now on memory is believed only
// under a lease, which Run takes. Make it before the first write.
func NewFleet(m *Memory, pace Pace) *Fleet {
	f := &Fleet{db: m.db, memory: m, pace: pace, name: secret.Random(12), start: time.Now(), others: map[string]sighting{}}
	m.lease = f.leased
	m.db.OnStale(f.announce)
	return f
}

func (f *Fleet) leased() bool { return int64(time.Since(f.start)) < f.lease.Load() }

// Run looks again and again until the context ends; then the node leaves. An
// error of one look is given to report: the lease runs out, and the next look
// tries again.
func (f *Fleet) Run(ctx context.Context, report func(error)) {
	tick := time.NewTicker(f.pace.Look)
	defer tick.Stop()
	for {
		if err := f.Look(ctx); err != nil && ctx.Err() == nil {
			report(err)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), f.pace.Lease)
			defer cancel()
			if err := f.Leave(last); err != nil {
				report(err)
			}
			return
		}
	}
}

// Look forgets what was revoked elsewhere and takes a lease.
func (f *Fleet) Look(ctx context.Context) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	before := time.Now()
	if before.Sub(f.beaten) >= f.pace.Lease/2 {
		if err := f.beat(ctx); err != nil {
			return fmt.Errorf("beat: %w", err)
		}
	}
	revoked, present, err := f.read(ctx)
	if err != nil {
		return fmt.Errorf("look for revocations: %w", err)
	}
	if !present {
		f.joined, f.beaten = time.Time{}, time.Time{} // another node has deleted this one: the next look begins anew
		f.lease.Store(0)
		return nil
	}
	for _, r := range revoked {
		if r.subject == everybody {
			f.memory.marks.setAll()
		} else {
			f.memory.marks.set(r.subject)
		}
	}
	if before.Sub(f.joined) > f.pace.Lease && before.Sub(f.beaten) < f.pace.Lease {
		f.lease.Store(int64(before.Add(f.pace.Lease).Sub(f.start)))
	}
	return f.done(ctx, revoked)
}

// beat says that this node is there, joins if it is not, and deletes who has
// been silent for too long.
func (f *Fleet) beat(ctx context.Context) error {
	at := time.Now()
	err := f.db.Housekeep(ctx, func(tx *db.Tx) error {
		if f.joined.IsZero() {
			_, err := tx.Exec(ctx, `INSERT INTO nodes (node_id, beat) VALUES ($1, 1) ON CONFLICT (node_id) DO NOTHING`, f.name)
			return err
		}
		_, err := tx.Exec(ctx, `UPDATE nodes SET beat = beat + 1 WHERE node_id = $1`, f.name)
		return err
	})
	if err != nil {
		return err
	}
	if f.joined.IsZero() {
		f.joined = time.Now() // after the commit
		f.memory.marks.setAll()
	}
	f.beaten = at
	return f.bury(ctx)
}

// bury deletes nodes whose beat has not changed for long.
func (f *Fleet) bury(ctx context.Context) error {
	beats := map[string]int64{}
	if err := f.db.Read(ctx, func(tx *db.Tx) error {
		clear(beats)
		return tx.Each(ctx, `SELECT node_id, beat FROM nodes WHERE node_id <> $1`, []any{f.name}, func(scan func(...any) error) error {
			var name string
			var beat int64
			err := scan(&name, &beat)
			beats[name] = beat
			return err
		})
	}); err != nil {
		return err
	}
	now := time.Now()
	for name := range f.others {
		if _, there := beats[name]; !there {
			delete(f.others, name)
		}
	}
	for name, beat := range beats {
		seen, known := f.others[name]
		if !known || seen.beat != beat {
			f.others[name] = sighting{beat, now}
			continue
		}
		if now.Sub(seen.at) < f.pace.Gone {
			continue
		}
		if err := f.remove(ctx, name, beat); err != nil {
			return err
		}
	}
	return nil
}

// remove deletes a node that is still at the beat, and its rows.
func (f *Fleet) remove(ctx context.Context, name string, beat int64) error {
	return f.db.Housekeep(ctx, func(tx *db.Tx) error {
		n, err := tx.Exec(ctx, `DELETE FROM nodes WHERE node_id = $1 AND beat = $2`, name, beat)
		if err != nil || n == 0 {
			return err
		}
		_, err = tx.Exec(ctx, `DELETE FROM revocations WHERE node_id = $1`, name)
		return err
	})
}

// revocation is a row for this node.
type revocation struct{ id, subject string }

// most is how many rows one look takes.
const most = 1000

// everybody stands for more subjects than are worth naming.
const (
	everybody   = "*"
	worthNaming = 50
)

// read gives the rows for this node, and whether it is still one of the fleet.
// More than it can take count as everybody.
func (f *Fleet) read(ctx context.Context) (revoked []revocation, present bool, err error) {
	err = f.db.Read(ctx, func(tx *db.Tx) error {
		revoked, present = nil, false
		var beat int64
		err := tx.One(ctx, `SELECT beat FROM nodes WHERE node_id = $1`, []any{f.name}, &beat)
		if errors.Is(err, db.ErrNone) {
			return nil
		}
		if err != nil {
			return err
		}
		present = true
		return tx.Each(ctx, `SELECT revocation_id, subject FROM revocations WHERE node_id = $1 LIMIT $2`, []any{f.name, most}, func(scan func(...any) error) error {
			var r revocation
			err := scan(&r.id, &r.subject)
			revoked = append(revoked, r)
			return err
		})
	})
	if len(revoked) == most {
		revoked = append(revoked, revocation{subject: everybody})
	}
	return revoked, present, err
}

// done deletes the rows that were heeded, which lets those who wrote them go on.
func (f *Fleet) done(ctx context.Context, revoked []revocation) error {
	for len(revoked) > 0 {
		part := revoked[:min(len(revoked), 100)]
		revoked = revoked[len(part):]
		if err := f.db.Housekeep(ctx, func(tx *db.Tx) error {
			for _, r := range part {
				if _, err := tx.Exec(ctx, `DELETE FROM revocations WHERE node_id = $1 AND revocation_id = $2 AND subject = $3`, f.name, r.id, r.subject); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			return fmt.Errorf("answer revocations: %w", err)
		}
	}
	return nil
}

// Leave takes this node out of the fleet, so that nobody waits for it. Its
// memory is not believed any more.
func (f *Fleet) Leave(ctx context.Context) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.lease.Store(0)
	f.joined, f.beaten = time.Time{}, time.Time{}
	err := f.db.Housekeep(ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, `DELETE FROM nodes WHERE node_id = $1`, f.name); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `DELETE FROM revocations WHERE node_id = $1`, f.name)
		return err
	})
	if err != nil {
		return fmt.Errorf("leave the fleet: %w", err)
	}
	return nil
}

// announce writes down for every other node what it has to forget. What it
// gives waits until they have.
func (f *Fleet) announce(ctx context.Context, tx *db.Tx, subjects []string) (func(), error) {
	others := []string{}
	if err := tx.Each(ctx, `SELECT node_id FROM nodes WHERE node_id <> $1 ORDER BY node_id`, []any{f.name}, func(scan func(...any) error) error {
		var name string
		err := scan(&name)
		others = append(others, name)
		return err
	}); err != nil {
		return nil, fmt.Errorf("read the fleet: %w", err)
	}
	if len(others) == 0 {
		return func() {}, nil
	}
	if len(subjects) > worthNaming {
		subjects = []string{everybody}
	}
	revocation := secret.Random(12)
	for _, name := range others {
		rows := make([]string, len(subjects))
		args := []any{name, revocation}
		for i, s := range subjects {
			rows[i] = fmt.Sprintf("($1, $2, $%d)", len(args)+1)
			args = append(args, s)
		}
		if _, err := tx.Exec(ctx, `INSERT INTO revocations (node_id, revocation_id, subject) VALUES `+strings.Join(rows, ", "), args...); err != nil {
			return nil, fmt.Errorf("announce: %w", err)
		}
	}
	return func() { f.await(revocation) }, nil
}

// await returns when every other node has heeded a revocation that was just
// committed, or none that has not can have a lease.
func (f *Fleet) await(revocation string) {
	ctx, cancel := context.WithTimeout(context.Background(), f.pace.Lease+f.pace.Lease/margin)
	defer cancel()
	pause := time.NewTicker(max(f.pace.Look/10, time.Millisecond))
	defer pause.Stop()
	for {
		var waiting int64
		err := f.db.Read(ctx, func(tx *db.Tx) error {
			return tx.One(ctx, `SELECT COUNT(*) FROM revocations WHERE revocation_id = $1`, []any{revocation}, &waiting)
		})
		if err == nil && waiting == 0 {
			return
		}
		select {
		case <-pause.C:
		case <-ctx.Done():
			return
		}
	}
}
