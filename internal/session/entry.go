package session

import (
	"crypto/sha256"
	"hash/maphash"
	"sync"
	"sync/atomic"
	"time"

	"tenure/internal/access"
	"tenure/internal/id"
)

// entry is a session in memory.
type entry struct {
	actor    access.Actor
	info     Info
	limits   limits
	places   [3]uint16 // where marks on its account, member and user stand
	asOf     uint64    // the count of marks before it was read
	seen     atomic.Int64
	rendered atomic.Pointer[[]byte]
	noted    atomic.Int64 // the last use that is written down, or about to be; both in microseconds
}

func (e *entry) live(now time.Time) bool {
	return e.limits.live(now, e.info.CreatedAt, time.UnixMicro(e.seen.Load()))
}

// marks remember when a subject was last declared stale, as a count of all such
// marks. Subjects share places: a mark on one may make another read again, which
// is harmless and rare.
type marks struct {
	seed  maphash.Seed
	count atomic.Uint64
	last  [1 << 14]atomic.Uint64
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

// fresh reports whether nothing the entry rests on was declared stale since it
// was read.
func (m *marks) fresh(e *entry) bool {
	for _, p := range e.places {
		if m.last[p].Load() > e.asOf {
			return false
		}
	}
	return true
}

func (m *marks) place(subject string) uint16 {
	return uint16(maphash.String(m.seed, subject) % uint64(len(m.last)))
}

func (m *marks) places(account id.Account, member id.Member, user id.User) [3]uint16 {
	return [3]uint16{m.place(string(account)), m.place(string(member)), m.place(string(user))}
}

// table is the entries by the hash of their token, in parts that are locked by
// themselves.
type table struct {
	parts [16]part
	most  int // in each part
}

type part struct {
	mu      sync.RWMutex // guards entries
	entries map[[sha256.Size]byte]*entry
}

func (t *table) init(size int) {
	t.most = max(size/len(t.parts), 1)
	for i := range t.parts {
		t.parts[i].entries = map[[sha256.Size]byte]*entry{}
	}
}

func (t *table) part(key [sha256.Size]byte) *part { return &t.parts[key[0]%16] }

func (t *table) get(key [sha256.Size]byte) *entry {
	p := t.part(key)
	p.mu.RLock()
	defer p.mu.RUnlock()
	return p.entries[key]
}

func (t *table) remove(key [sha256.Size]byte) {
	p := t.part(key)
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.entries, key)
}

// put keeps an entry. A full part gives up one of a few that it comes by first:
// the one that was not used for longest.
func (t *table) put(key [sha256.Size]byte, e *entry) {
	p := t.part(key)
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, known := p.entries[key]; !known && len(p.entries) >= t.most {
		var oldest [sha256.Size]byte
		var since int64
		looked := 0
		for k, other := range p.entries {
			if used := other.seen.Load(); looked == 0 || used < since {
				oldest, since = k, used
			}
			if looked++; looked == 8 {
				break
			}
		}
		delete(p.entries, oldest)
	}
	p.entries[key] = e
}

func (t *table) len() int {
	n := 0
	for i := range t.parts {
		p := &t.parts[i]
		p.mu.RLock()
		n += len(p.entries)
		p.mu.RUnlock()
	}
	return n
}
