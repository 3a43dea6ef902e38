package bearer

import (
	"context"
	"hash/maphash"
	"sync/atomic"

	"tenure/internal/db"
)

// Memory is what a node knows about when it may believe what it remembers: it is
// one for all kinds of tokens, since a member who leaves takes all of theirs
// along.
type Memory struct {
	db    *db.DB
	marks marks
	lease func() bool // whether memory may be believed on this node now
	gate  Gate        // nil lets everybody through
}

// Gate bounds how often the store is asked about tokens that it does not know.
type Gate interface {
	// Enter says whether the store may be asked about a token that memory does not
	// know. Faults: rate_limited.
	Enter(ctx context.Context) error
	// Vain hears that it did not know it either.
	Vain(ctx context.Context)
}

// Guard puts a gate before the store. Call it before the first token is checked.
func (m *Memory) Guard(g Gate) { m.gate = g }

func (m *Memory) enter(ctx context.Context) error {
	if m.gate == nil {
		return nil
	}
	return m.gate.Enter(ctx)
}

func (m *Memory) vain(ctx context.Context) {
	if m.gate != nil {
		m.gate.Vain(ctx)
	}
}

// NewMemory makes the memory of this node and has the store tell it what becomes
// stale. Make it before the first write.
func NewMemory(d *db.DB) *Memory {
	m := &Memory{db: d, lease: func() bool { return true }}
	m.marks.seed = maphash.MakeSeed()
	d.OnStale(func(_ context.Context, _ *db.Tx, subjects []string) (func(), error) {
		return func() { m.marks.set(subjects...) }, nil
	})
	return m
}

// marks remember when a subject was last declared stale, as a count of all such
// marks. Subjects share places: a mark on one may make another read again, which
// is harmless and rare.
type marks struct {
	seed  maphash.Seed
	count atomic.Uint64
	last  [1 << 14]atomic.Uint64
}

// basis is what something remembered rests on: the count of stale marks at the
// moment before it was read, and where marks on its subjects stand. A mark that
// came later makes it worthless, also when it is put in after the mark: a fill
// that raced with a revocation brings nothing dead back.
type basis struct {
	asOf   uint64
	places [3]uint16
}

// now is the count so far; take it before reading what is to be kept.
func (m *marks) now() uint64 { return m.count.Load() }

// set declares subjects stale.
func (m *marks) set(subjects ...string) {
	for _, s := range subjects {
		m.raise(m.place(s), m.count.Add(1))
	}
}

// setAll declares everything stale.
func (m *marks) setAll() {
	at := m.count.Add(1)
	for i := range m.last {
		m.raise(uint16(i), at)
	}
}

func (m *marks) raise(place uint16, at uint64) {
	last := &m.last[place]
	for was := last.Load(); was < at && !last.CompareAndSwap(was, at); was = last.Load() {
	}
}

// fresh reports whether nothing it rests on was declared stale since it was read.
func (m *marks) fresh(b *basis) bool {
	for _, p := range b.places {
		if m.last[p].Load() > b.asOf {
			return false
		}
	}
	return true
}

func (m *marks) place(subject string) uint16 {
	return uint16(maphash.String(m.seed, subject) % uint64(len(m.last)))
}

func (m *marks) places(subjects [3]string) (places [3]uint16) {
	for i, s := range subjects {
		places[i] = m.place(s)
	}
	return places
}
