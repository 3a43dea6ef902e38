package session

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash/maphash"
	"strings"
	"sync/atomic"
	"time"

	"tenure/internal/access"
	"tenure/internal/account"
	"tenure/internal/db"
	"tenure/internal/fault"
	"tenure/internal/id"
)

// Sources is what the cache needs to know from rooms above it.
type Sources struct {
	// Actor reads a member's rights as they are now. It is unauthenticated unless
	// the member is active and registered.
	Actor func(ctx context.Context, tx *db.Tx, account id.Account, member id.Member) (access.Actor, error)
	// Place reads the access epoch of a member of any status. Faults: not_found.
	Place func(ctx context.Context, tx *db.Tx, account id.Account, member id.Member) (int64, error)
	// Epoch reads the epoch of a user.
	Epoch func(ctx context.Context, tx *db.Tx, user id.User) (int64, error)
	// Seen notes when a member was last here, inside db.Housekeep.
	Seen func(ctx context.Context, tx *db.Tx, account id.Account, member id.Member, at time.Time) error
}

// Cache answers who a session is, from memory where it can.
//
// Every entry carries how much it knows: the count of stale marks at the moment
// before it was read. A mark on the session's account, member or user that came
// later makes the entry worthless, also when it is put in after the mark: a fill
// that raced with a revocation brings nothing dead back.
type Cache struct {
	db      *db.DB
	sources Sources
	marks   marks
	entries table
	seen    notes
	lease   func() bool // whether memory may be believed on this node now
}

// New makes the cache of at most size sessions and has the store tell it what
// becomes stale.
func New(d *db.DB, sources Sources, size int) *Cache {
	c := &Cache{db: d, sources: sources, lease: func() bool { return true }}
	c.marks.seed = maphash.MakeSeed()
	c.entries.init(size)
	d.OnStale(func(_ context.Context, _ *db.Tx, subjects []string) (func(), error) {
		return func() { c.marks.set(subjects...) }, nil
	})
	return c
}

// Len is how many sessions are in memory, for metrics.
func (c *Cache) Len() int { return c.entries.len() }

// Info is what a caller may know of their own session.
type Info struct {
	ID        id.Session
	CreatedAt time.Time
	ExpiresAt time.Time // the latest end
	// Rendered is for a door to keep what it answers about the session: it is gone
	// as soon as anything about it has changed.
	Rendered *atomic.Pointer[[]byte]
}

// Check says whose session a token is and what they may do now. It counts as
// being used.
//
// Faults: unauthenticated for a token that does not exist, or whose session,
// member or user's epoch is over.
func (c *Cache) Check(ctx context.Context, token string) (access.Actor, Info, error) {
	return c.check(ctx, token, c.use)
}

// Glance is Check for who only waits: it does not count as being used, so that
// nothing that is left open keeps a session from ending.
func (c *Cache) Glance(ctx context.Context, token string) (access.Actor, Info, error) {
	return c.check(ctx, token, func([sha256.Size]byte, *entry, time.Time) {})
}

func (c *Cache) check(ctx context.Context, token string, use func([sha256.Size]byte, *entry, time.Time)) (access.Actor, Info, error) {
	acc, ok := accountOf(token)
	if !ok {
		return access.Actor{}, Info{}, fault.Unauthenticated()
	}
	key := keyOf(token)
	now := c.db.Now()
	known := c.entries.get(key)
	if known != nil && c.lease() && c.marks.fresh(known) && known.live(now) {
		use(key, known, now)
		return known.actor, known.info, nil
	}
	e, err := c.read(ctx, acc, key, known)
	if fault.Code(err) == "unauthenticated" {
		c.entries.remove(key)
	}
	if err != nil {
		return access.Actor{}, Info{}, err
	}
	c.entries.put(key, e)
	use(key, e, now)
	return e.actor, e.info, nil
}

// accountOf takes the account from a token of the right form. It does not look
// whether there is such an account.
func accountOf(token string) (id.Account, bool) {
	body, found := strings.CutPrefix(token, Prefix)
	cut := len(body) - secretLength - 1
	if !found || cut < 0 || body[cut] != '_' || len(token) > tokenLimit {
		return "", false
	}
	for i := range len(body) {
		c := body[i]
		if !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_' || c == '-') {
			return "", false
		}
	}
	return id.Account(body[:cut]), true
}

// keyOf is secret.Hash without an allocation.
func keyOf(token string) [sha256.Size]byte {
	var room [tokenLimit]byte
	return sha256.Sum256(append(room[:0], token...))
}

// read reads a session from the store. What memory knows of its last use may be
// newer than what is written down.
func (c *Cache) read(ctx context.Context, acc id.Account, key [sha256.Size]byte, known *entry) (*entry, error) {
	e := &entry{asOf: c.marks.now()} // before the snapshot is taken
	var noted time.Time
	err := c.db.Read(ctx, func(tx *db.Tx) error {
		s, err := byToken(ctx, tx, acc, key[:])
		if err != nil {
			return err
		}
		on, err := c.footing(ctx, tx, acc, s.member)
		if err != nil {
			return err
		}
		if !on.carries(s) {
			return fault.Unauthenticated()
		}
		e.actor, e.limits = on.actor, on.limits
		e.actor.Session, e.actor.ProvedAt = s.id, s.proved
		e.info = Info{s.id, s.created, s.created.Add(e.limits.absolute), &e.rendered}
		e.places = c.marks.places(acc, s.member, s.user)
		noted = s.seen
		return nil
	})
	if err != nil {
		return nil, err
	}
	e.noted.Store(noted.UnixMicro())
	e.seen.Store(noted.UnixMicro())
	if known != nil {
		e.noted.Store(max(known.noted.Load(), noted.UnixMicro()))
		e.seen.Store(max(known.seen.Load(), noted.UnixMicro()))
	}
	if !e.live(c.db.Now()) {
		return nil, fault.Unauthenticated()
	}
	return e, nil
}

// row is a session that was not ended, as stored.
type row struct {
	id      id.Session
	member  id.Member
	user    id.User
	epoch   int64
	created time.Time
	seen    time.Time
	proved  time.Time
}

func byToken(ctx context.Context, tx *db.Tx, acc id.Account, hash []byte) (row, error) {
	return oneRow(ctx, tx, `SELECT session_id, member_id, user_id, user_epoch, created_at, last_seen_at, proved_at FROM sessions
		WHERE account_id = $1 AND token_hash = $2 AND ended_at IS NULL`, string(acc), hash)
}

func byID(ctx context.Context, tx *db.Tx, acc id.Account, session id.Session) (row, error) {
	return oneRow(ctx, tx, `SELECT session_id, member_id, user_id, user_epoch, created_at, last_seen_at, proved_at FROM sessions
		WHERE account_id = $1 AND session_id = $2 AND ended_at IS NULL`, string(acc), string(session))
}

func oneRow(ctx context.Context, tx *db.Tx, query string, args ...any) (row, error) {
	var s row
	err := tx.One(ctx, query, args, (*string)(&s.id), (*string)(&s.member), (*string)(&s.user), &s.epoch, db.Time(&s.created), db.Time(&s.seen), db.Time(&s.proved))
	if errors.Is(err, db.ErrNone) {
		return row{}, fault.Unauthenticated()
	}
	if err != nil {
		return row{}, fmt.Errorf("read session: %w", err)
	}
	return s, nil
}

// footing is what the sessions of a member stand on.
type footing struct {
	actor  access.Actor
	epoch  int64 // of the user
	limits limits
}

// footing reads the user's epoch, the member's rights and the account's limits.
// Faults: unauthenticated.
func (c *Cache) footing(ctx context.Context, tx *db.Tx, acc id.Account, member id.Member) (footing, error) {
	var on footing
	var err error
	if on.actor, err = c.sources.Actor(ctx, tx, acc, member); err != nil {
		return footing{}, err
	}
	if on.epoch, err = c.sources.Epoch(ctx, tx, on.actor.User); err != nil {
		if fault.Code(err) == "not_found" {
			err = fault.Unauthenticated()
		}
		return footing{}, err
	}
	a, err := account.Get(ctx, tx, acc)
	if err != nil {
		return footing{}, err
	}
	on.actor.AccountEpoch, on.actor.UserEpoch = a.Epoch, on.epoch
	on.limits = limitsOf(a.Policy, on.actor.Role)
	return on, nil
}

// carries reports whether the session is of the user whose place it is now, at
// their epoch of now.
func (on footing) carries(s row) bool { return on.actor.User == s.user && on.epoch == s.epoch }
