package bearer

import (
	"context"
	"time"

	"tenure/internal/db"
	"tenure/internal/fault"
	"tenure/internal/id"
)

// Kind is one kind of token: how it reads, and where it stands.
type Kind[V any] struct {
	Prefix string
	// Chosen says that people may choose such a token: it has no form, and names no
	// account.
	Chosen bool
	// Read finds what the token with the hash lets its bearer do now. The account
	// is the one the token names, or empty. Faults: unauthenticated for a token
	// that does not exist or has ended.
	Read func(ctx context.Context, tx *db.Tx, account id.Account, hash []byte) (Reading[V], error)
	// Live reports whether it counts at a time, given when it was last used.
	Live func(v *V, now, used time.Time) bool
	// Note writes down when it was last used, inside db.Housekeep.
	Note func(ctx context.Context, tx *db.Tx, v *V, hash []byte, at time.Time) error
}

// Reading is what a token stands for, as the store has it.
type Reading[V any] struct {
	Value V
	Used  time.Time // last, as far as it is written down
	// Rests is the subjects whose staleness (db.Tx.Stale) ends what is known.
	Rests [3]string
	// Owner is whose it is. Rows are locked in the order of their owners.
	Owner string
}

// Cache says what the tokens of a kind let their bearers do, from memory where it
// can.
type Cache[V any] struct {
	memory  *Memory
	kind    Kind[V]
	entries table[V]
	seen    notes[V]
}

// NewCache makes the cache of at most size tokens.
func NewCache[V any](m *Memory, kind Kind[V], size int) *Cache[V] {
	c := &Cache[V]{memory: m, kind: kind}
	c.entries.init(size)
	return c
}

// Len is how many tokens are in memory, for metrics.
func (c *Cache[V]) Len() int { return c.entries.len() }

// Use gives what a token lets its bearer do now, and counts as using it. What it
// gives is not to be changed. Faults: unauthenticated; rate_limited where a Gate
// refuses.
func (c *Cache[V]) Use(ctx context.Context, token string) (*V, error) {
	now := c.memory.db.Now()
	key, e, err := c.find(ctx, token, now)
	if err != nil {
		return nil, err
	}
	c.use(key, e, now)
	return &e.value, nil
}

// Look is Use for who only waits: nothing that is left open keeps a token from
// ending for not being used.
func (c *Cache[V]) Look(ctx context.Context, token string) (*V, error) {
	_, e, err := c.find(ctx, token, c.memory.db.Now())
	if err != nil {
		return nil, err
	}
	return &e.value, nil
}

func (c *Cache[V]) find(ctx context.Context, token string, now time.Time) (Hash, *entry[V], error) {
	account, ok := accountOf(c.kind.Prefix, token)
	if !ok && !c.kind.Chosen {
		return Hash{}, nil, fault.Unauthenticated()
	}
	key := hashOf(token)
	known := c.entries.get(key)
	if known != nil && c.memory.lease() && c.memory.marks.fresh(&known.basis) && c.live(known, now) {
		return key, known, nil
	}
	if known == nil {
		if err := c.memory.enter(ctx); err != nil {
			return key, nil, err
		}
	}
	e, err := c.read(ctx, account, key, known)
	if fault.Code(err) == "unauthenticated" {
		c.entries.remove(key)
		c.memory.vain(ctx)
	}
	if err != nil {
		return key, nil, err
	}
	c.entries.put(key, e)
	return key, e, nil
}

func (c *Cache[V]) live(e *entry[V], now time.Time) bool {
	return c.kind.Live(&e.value, now, time.UnixMicro(e.seen.Load()))
}

// read reads a token from the store. What memory knows of its last use may be
// newer than what is written down.
func (c *Cache[V]) read(ctx context.Context, account id.Account, key Hash, known *entry[V]) (*entry[V], error) {
	e := &entry[V]{}
	e.asOf = c.memory.marks.now() // before the snapshot is taken
	var r Reading[V]
	if err := c.memory.db.Read(ctx, func(tx *db.Tx) (err error) {
		r, err = c.kind.Read(ctx, tx, account, key[:])
		return err
	}); err != nil {
		return nil, err
	}
	e.value, e.owner, e.places = r.Value, r.Owner, c.memory.marks.places(r.Rests)
	used := int64(0)
	if !r.Used.IsZero() {
		used = r.Used.UnixMicro()
	}
	e.noted.Store(used)
	e.seen.Store(used)
	if known != nil {
		e.noted.Store(max(known.noted.Load(), used))
		e.seen.Store(max(known.seen.Load(), used))
	}
	if !c.live(e, c.memory.db.Now()) {
		return nil, fault.Unauthenticated()
	}
	return e, nil
}
