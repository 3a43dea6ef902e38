// Package key keeps the API keys of an account: what a member lets programs do
// in their name.
//
// Invariants. A key may do what its maker may do today, of that what it was made
// for, and no more. It is its maker's: it ends with their access and never comes
// back. After the call that ends it has returned, no request that starts later is
// accepted with it, on any node. It is kept as its SHA-256 only and shown once. A
// key makes no keys and is never its maker in person.
package key

import (
	"context"
	"errors"
	"fmt"
	"time"

	"tenure/internal/access"
	"tenure/internal/audit"
	"tenure/internal/bearer"
	"tenure/internal/db"
	"tenure/internal/fault"
	"tenure/internal/id"
)

// Prefix is what every API key begins with.
const Prefix = "tk_"

// Key is an API key as it is kept.
type Key struct {
	ID          id.Key
	Member      id.Member // the maker
	Name        string
	Hint        string // the last characters of the key, to tell keys apart
	Permissions []access.Permission
	Version     int64
	CreatedAt   time.Time
	LastUsedAt  time.Time // to the minute; zero: never
	ExpiresAt   time.Time // zero: it does not run out
}

// live reports whether the key counts at a time, as far as its own end goes.
func (k Key) live(now time.Time) bool { return k.ExpiresAt.IsZero() || now.Before(k.ExpiresAt) }

const columns = `key_id, member_id, name, hint, permissions, version, created_at, last_used_at, expires_at`

func scanned(scan func(...any) error) (Key, error) {
	var k Key
	err := scan((*string)(&k.ID), (*string)(&k.Member), &k.Name, &k.Hint, db.Into(&k.Permissions), &k.Version,
		db.Time(&k.CreatedAt), db.Time(&k.LastUsedAt), db.Time(&k.ExpiresAt))
	return k, err
}

// get reads a key that was not ended. Faults: not_found.
func get(ctx context.Context, tx *db.Tx, acc id.Account, key id.Key) (Key, error) {
	return one(ctx, tx, `SELECT `+columns+` FROM api_keys WHERE account_id = $1 AND key_id = $2 AND ended_at IS NULL`, string(acc), string(key))
}

func one(ctx context.Context, tx *db.Tx, query string, args ...any) (Key, error) {
	k, err := scanned(func(dest ...any) error { return tx.One(ctx, query, args, dest...) })
	if errors.Is(err, db.ErrNone) {
		return Key{}, fault.NotFound()
	}
	if err != nil {
		return Key{}, fmt.Errorf("read key: %w", err)
	}
	return k, nil
}

// Rights reads a member's rights as they are now. It is unauthenticated unless
// the member is active and registered.
type Rights func(ctx context.Context, tx *db.Tx, account id.Account, member id.Member) (access.Actor, error)

// Actor gives what a key may do now. Faults: unauthenticated for a key that has
// ended, or whose maker may not come in any more.
func Actor(ctx context.Context, tx *db.Tx, acc id.Account, key id.Key, rights Rights) (access.Actor, error) {
	k, err := get(ctx, tx, acc, key)
	if err != nil {
		return access.Actor{}, gone(err)
	}
	a, _, err := k.actor(ctx, tx, acc, rights)
	return a, err
}

// actor is the maker's rights of now within the scopes of the key, and whose
// identity the maker is.
func (k Key) actor(ctx context.Context, tx *db.Tx, acc id.Account, rights Rights) (access.Actor, id.User, error) {
	if !k.live(tx.Now()) {
		return access.Actor{}, "", fault.Unauthenticated()
	}
	a, err := rights(ctx, tx, acc, k.Member)
	if err != nil {
		return access.Actor{}, "", err
	}
	maker := a.User
	a.Kind, a.Key, a.Scopes, a.User, a.Email = access.Key, string(k.ID), k.Permissions, "", ""
	return a, maker, nil
}

// gone is the fault of a key that is not there, for who wants to come in by it.
func gone(err error) error {
	if fault.Code(err) == "not_found" {
		return fault.Unauthenticated()
	}
	return err
}

// Ring is the API keys as doors use them: it says whose a key is, and keeps them.
type Ring struct {
	bearer.Keys
	db     *db.DB
	rights Rights
}

// NewRing makes the ring, which remembers at most size keys.
func NewRing(d *db.DB, memory *bearer.Memory, rights Rights, size int) *Ring {
	r := &Ring{db: d, rights: rights}
	r.Keys = bearer.NewKeys(memory, bearer.Kind[bearer.Holder]{Prefix: Prefix, Read: r.read, Note: note}, size)
	return r
}

func (r *Ring) read(ctx context.Context, tx *db.Tx, acc id.Account, hash []byte) (bearer.Reading[bearer.Holder], error) {
	var found bearer.Reading[bearer.Holder]
	k, err := one(ctx, tx, `SELECT `+columns+` FROM api_keys WHERE account_id = $1 AND key_hash = $2 AND ended_at IS NULL`, string(acc), hash)
	if err != nil {
		return found, gone(err)
	}
	a, maker, err := k.actor(ctx, tx, acc, r.rights)
	if err != nil {
		return found, err
	}
	found.Value = bearer.Holder{Actor: a, Expires: k.ExpiresAt}
	found.Used, found.Owner, found.Rests = k.LastUsedAt, string(k.Member), [3]string{string(acc), string(k.Member), string(maker)}
	return found, nil
}

func note(ctx context.Context, tx *db.Tx, h *bearer.Holder, hash []byte, at time.Time) error {
	_, err := tx.Exec(ctx, `UPDATE api_keys SET last_used_at = $3 WHERE account_id = $1 AND key_hash = $2 AND (last_used_at IS NULL OR last_used_at < $3)`,
		string(h.Actor.Account), hash, db.Micros(at))
	return err
}

// Guard gives a context in which every write by a key looks again, inside its
// transaction, whether the key still stands and its rights are those it was let
// in with: nothing of it commits after its end.
//
// Faults of such a write: unauthenticated; conflict rights_changed.
func (r *Ring) Guard(ctx context.Context, actor access.Actor) context.Context {
	return db.WithGuard(ctx, func() db.Inquiry {
		return db.Inquiry{Then: func(ctx context.Context, tx *db.Tx) error {
			now, err := Actor(ctx, tx, actor.Account, id.Key(actor.Key), r.rights)
			if err != nil {
				return err
			}
			return actor.Unchanged(now)
		}}
	})
}

// EndMember ends every key of a member, and records that as one event if there
// was any. A departure that ends them is named in the rows.
func EndMember(ctx context.Context, tx *db.Tx, actor access.Actor, acc id.Account, member id.Member, departure id.Departure) (ended int64, err error) {
	tx.Stale(string(member)) // also if there is none: a fill may be under way
	ended, err = tx.Exec(ctx, `UPDATE api_keys SET ended_at = $3, departure_id = $4, version = version + 1 WHERE account_id = $1 AND member_id = $2 AND ended_at IS NULL`,
		string(acc), string(member), db.Micros(tx.Now()), db.Null(string(departure)))
	if err != nil {
		return 0, fmt.Errorf("end keys of member: %w", err)
	}
	if ended == 0 {
		return 0, nil
	}
	return ended, audit.Record(ctx, tx, actor, audit.Event{Action: "key.end", Subject: audit.Of("member", member),
		Changes: []audit.Change{audit.Plain("keys", ended, 0)}})
}

// Of gives every key that a member ever made here, also those that have ended.
func Of(ctx context.Context, tx *db.Tx, acc id.Account, member id.Member) ([]id.Key, error) {
	return ids(ctx, tx, `SELECT key_id FROM api_keys WHERE account_id = $1 AND member_id = $2 ORDER BY key_id`, string(acc), string(member))
}

func ids(ctx context.Context, tx *db.Tx, query string, args ...any) ([]id.Key, error) {
	keys, err := db.Column[id.Key](ctx, tx, query, args)
	if err != nil {
		return nil, fmt.Errorf("list keys: %w", err)
	}
	return keys, nil
}

// Forget deletes what is kept about the keys of a member whose personal data is
// erased, and gives their ids, so that the trail can forget their names too.
func Forget(ctx context.Context, tx *db.Tx, acc id.Account, member id.Member) ([]id.Key, error) {
	tx.Stale(string(member))
	return ids(ctx, tx, `DELETE FROM api_keys WHERE account_id = $1 AND member_id = $2 RETURNING key_id`, string(acc), string(member))
}

// Holders lists the members of an account with a key that nobody has ended, for
// tenure verify: each of them must be active.
func Holders(ctx context.Context, tx *db.Tx, acc id.Account) ([]id.Member, error) {
	holders, err := db.Column[id.Member](ctx, tx, `SELECT DISTINCT member_id FROM api_keys WHERE account_id = $1 AND ended_at IS NULL ORDER BY member_id`, []any{string(acc)})
	if err != nil {
		return nil, fmt.Errorf("list holders of keys: %w", err)
	}
	return holders, nil
}

// Names gives the name of each key, also of those that have ended.
func Names(ctx context.Context, tx *db.Tx, acc id.Account, keys []id.Key) (map[id.Key]string, error) {
	names := map[id.Key]string{}
	for len(keys) > 0 {
		n := min(len(keys), 100)
		args := []any{string(acc)}
		for _, k := range keys[:n] {
			args = append(args, string(k))
		}
		err := tx.Each(ctx, `SELECT key_id, name FROM api_keys WHERE account_id = $1 AND key_id IN (`+db.Params(2, n)+`)`, args,
			func(scan func(...any) error) error {
				var k id.Key
				var name string
				err := scan((*string)(&k), &name)
				names[k] = name
				return err
			})
		if err != nil {
			return nil, fmt.Errorf("names of keys: %w", err)
		}
		keys = keys[n:]
	}
	return names, nil
}
