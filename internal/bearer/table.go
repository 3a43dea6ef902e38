package bearer

import (
	"sync"
	"sync/atomic"
)

// entry is a token in memory.
type entry[V any] struct {
	basis
	value V
	owner string
	seen  atomic.Int64
	noted atomic.Int64 // the last use that is written down, or about to be; both in microseconds
}

// table is the entries by the hash of their token, in parts that are locked by
// themselves.
type table[V any] struct {
	parts [16]part[V]
	most  int // in each part
}

type part[V any] struct {
	mu      sync.RWMutex // guards entries
	entries map[Hash]*entry[V]
}

func (t *table[V]) init(size int) {
	t.most = max(size/len(t.parts), 1)
	for i := range t.parts {
		t.parts[i].entries = map[Hash]*entry[V]{}
	}
}

func (t *table[V]) part(key Hash) *part[V] { return &t.parts[key[0]%16] }

func (t *table[V]) get(key Hash) *entry[V] {
	p := t.part(key)
	p.mu.RLock()
	defer p.mu.RUnlock()
	return p.entries[key]
}

func (t *table[V]) remove(key Hash) {
	p := t.part(key)
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.entries, key)
}

// put keeps an entry. A full part gives up one of a few that it comes by first:
// the one that was not used for longest.
func (t *table[V]) put(key Hash, e *entry[V]) {
	p := t.part(key)
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, known := p.entries[key]; !known && len(p.entries) >= t.most {
		var oldest Hash
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

func (t *table[V]) len() int {
	n := 0
	for i := range t.parts {
		p := &t.parts[i]
		p.mu.RLock()
		n += len(p.entries)
		p.mu.RUnlock()
	}
	return n
}
