package session

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"tenure/internal/access"
	"tenure/internal/account"
	"tenure/internal/bearer"
	"tenure/internal/db"
	"tenure/internal/fault"
	"tenure/internal/id"
)

// Sources is what the cache needs to know from rooms above it.
type Sources struct {
	// Actor reads a member's rights as they are now. It is unauthenticated unless
	// the member is active and registered.
	Actor func(ctx context.Context, tx *db.Tx, account id.Account, member id.Member) (access.Actor, error)
	// Place asks for the access epoch of a member of any status.
	Place func(account id.Account, member id.Member, epoch *int64) db.Question
	// Person asks for the epoch of a user.
	Person func(user id.User, epoch *int64) db.Question
	// Epoch reads the epoch of a user.
	Epoch func(ctx context.Context, tx *db.Tx, user id.User) (int64, error)
	// Seen notes when a member was last here, inside db.Housekeep.
	Seen func(ctx context.Context, tx *db.Tx, account id.Account, member id.Member, at time.Time) error
}

// Cache answers who a session is, from memory where it can.
type Cache struct {
	*bearer.Cache[standing]
	db      *db.DB
	sources Sources
}

// standing is what a session lets somebody do.
type standing struct {
	actor  access.Actor
	info   Info
	limits limits
}

// New makes the cache of at most size sessions.
func New(d *db.DB, memory *bearer.Memory, sources Sources, size int) *Cache {
	c := &Cache{db: d, sources: sources}
	c.Cache = bearer.NewCache(memory, bearer.Kind[standing]{
		Prefix: Prefix, Read: c.read, Note: c.note,
		Live: func(s *standing, now, used time.Time) bool { return s.limits.live(now, s.info.CreatedAt, used) },
	}, size)
	return c
}

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
	s, err := c.Use(ctx, token)
	if err != nil {
		return access.Actor{}, Info{}, err
	}
	return s.actor, s.info, nil
}

// Glance is Check for who only waits: it does not count as being used, so that
// nothing that is left open keeps a session from ending.
func (c *Cache) Glance(ctx context.Context, token string) (access.Actor, Info, error) {
	s, err := c.Look(ctx, token)
	if err != nil {
		return access.Actor{}, Info{}, err
	}
	return s.actor, s.info, nil
}

// read reads a session from the store.
func (c *Cache) read(ctx context.Context, tx *db.Tx, acc id.Account, hash []byte) (bearer.Reading[standing], error) {
	var r bearer.Reading[standing]
	s, err := open(ctx, tx, acc, `token_hash = $2`, hash)
	if err != nil {
		return r, err
	}
	on, err := c.footing(ctx, tx, acc, s.member)
	if err != nil {
		return r, err
	}
	if !on.carries(s) {
		return r, fault.Unauthenticated()
	}
	r.Value = standing{on.actor, Info{s.id, s.created, s.created.Add(on.limits.absolute), new(atomic.Pointer[[]byte])}, on.limits}
	r.Value.actor.Session, r.Value.actor.ProvedAt = s.id, s.proved
	r.Used, r.Owner, r.Rests = s.seen, string(s.member), [3]string{string(acc), string(s.member), string(s.user)}
	return r, nil
}

// note writes down when a session and its member were last seen.
func (c *Cache) note(ctx context.Context, tx *db.Tx, s *standing, hash []byte, at time.Time) error {
	if _, err := tx.Exec(ctx, `UPDATE sessions SET last_seen_at = $3 WHERE account_id = $1 AND token_hash = $2 AND last_seen_at < $3`,
		string(s.actor.Account), hash, db.Micros(at)); err != nil {
		return err
	}
	return c.sources.Seen(ctx, tx, s.actor.Account, s.actor.Member, at)
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

// open reads the session of an account that has a value and was not ended.
// Faults: unauthenticated.
func open(ctx context.Context, tx *db.Tx, acc id.Account, condition string, value any) (row, error) {
	var s row
	err := tx.Ask(ctx, s.where(condition, string(acc), value))
	if err != nil {
		return row{}, fmt.Errorf("read session: %w", err)
	}
	if s.id == "" {
		return row{}, fault.Unauthenticated()
	}
	return s, nil
}

// where asks for the row of an account that has a value, which is the second
// argument. It has no id if there is none.
func (s *row) where(condition string, args ...any) db.Question {
	return db.AskIfThere(`SELECT session_id, member_id, user_id, user_epoch, created_at, last_seen_at, proved_at FROM sessions
		WHERE account_id = $1 AND ended_at IS NULL AND `+condition, args,
		(*string)(&s.id), (*string)(&s.member), (*string)(&s.user), &s.epoch, db.Time(&s.created), db.Time(&s.seen), db.Time(&s.proved))
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

// Find says whose session an identifier names and what they may do now, for who
// asks about it. It does not count as being used, and when it was used last is
// known as far as it is written down. Faults: unauthenticated.
func (c *Cache) Find(ctx context.Context, acc id.Account, session id.Session) (a access.Actor, err error) {
	err = c.db.Read(ctx, func(tx *db.Tx) error {
		s, err := open(ctx, tx, acc, `session_id = $2`, string(session))
		if err != nil {
			return err
		}
		on, err := c.footing(ctx, tx, acc, s.member)
		if err != nil {
			return err
		}
		if !on.carries(s) || !on.limits.live(tx.Now(), s.created, s.seen.Add(bearer.NoteEvery)) {
			return fault.Unauthenticated()
		}
		a = on.actor
		a.Session, a.ProvedAt = s.id, s.proved
		return nil
	})
	return a, err
}
