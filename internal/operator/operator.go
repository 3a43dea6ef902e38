// Package operator knows who runs the server: whoever holds an operator key.
//
// Invariants. There are as many keys as the operator likes, and always one that
// does not run out, so that neither a revocation nor time locks the operator
// out. After the call that ends a key has returned, no request that starts later
// is accepted with it, on any node. A key is kept as its SHA-256 only and shown
// once. What happens to keys stands in the operator's own trail.
package operator

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
	"time"

	"tenure/internal/access"
	"tenure/internal/audit"
	"tenure/internal/bearer"
	"tenure/internal/db"
	"tenure/internal/fault"
	"tenure/internal/id"
)

// prefix is what a key that Tenure makes begins with. One that the operator
// chose may be any text.
const prefix = "top_"

// Key is an operator key as it is kept.
type Key struct {
	ID         string
	Name       string
	Hint       string // the last characters of the key, to tell keys apart
	By         audit.Ref
	ByName     string
	Version    int64
	CreatedAt  time.Time
	LastUsedAt time.Time // to the minute; zero: never
	ExpiresAt  time.Time // zero: it does not run out
}

// idForm is what the identifier of a key looks like.
var idForm = regexp.MustCompile(`^opk_[0-9a-f]{16}$`)

// ValidID reports whether a text has the form of a key's identifier. It does not
// say whether there is such a key.
func ValidID(s string) bool { return idForm.MatchString(s) }

// idOf identifies a key by the beginning of its hash: the same key is the same
// wherever it was given to Tenure, and it tells nothing about the key.
func idOf(hash []byte) string { return "opk_" + hex.EncodeToString(hash[:8]) }

// Keys is the operator keys as doors use them: it says whether one counts, and
// keeps them.
type Keys struct {
	bearer.Keys
	db *db.DB
}

// size is how many keys are remembered.
const size = 1000

// NewKeys makes the keys of a node.
func NewKeys(d *db.DB, memory *bearer.Memory) *Keys {
	k := &Keys{db: d}
	k.Keys = bearer.NewKeys(memory, bearer.Kind[bearer.Holder]{Prefix: prefix, Chosen: true, Read: read, Note: note}, size)
	return k
}

// read finds a key that nobody has ended. Every event of the operator's trail
// declares that trail stale, and what is known of its keys with it.
func read(ctx context.Context, tx *db.Tx, _ id.Account, hash []byte) (bearer.Reading[bearer.Holder], error) {
	var r bearer.Reading[bearer.Holder]
	err := tx.One(ctx, `SELECT key_id, last_used_at, expires_at FROM operator_keys WHERE key_hash = $1 AND ended_at IS NULL`, []any{hash},
		&r.Owner, db.Time(&r.Used), db.Time(&r.Value.Expires))
	if errors.Is(err, db.ErrNone) {
		return r, fault.Unauthenticated()
	}
	if err != nil {
		return r, fmt.Errorf("check operator key: %w", err)
	}
	r.Value.Actor = access.Actor{Kind: access.Operator, Key: r.Owner}
	r.Rests = [3]string{string(audit.Operator)}
	return r, nil
}

func note(ctx context.Context, tx *db.Tx, _ *bearer.Holder, hash []byte, at time.Time) error {
	_, err := tx.Exec(ctx, `UPDATE operator_keys SET last_used_at = $2 WHERE key_hash = $1 AND (last_used_at IS NULL OR last_used_at < $2)`, hash, db.Micros(at))
	return err
}

// Guard gives a context in which every write by the operator looks again, inside
// its transaction, whether the key still counts.
//
// Faults of such a write: unauthenticated.
func (k *Keys) Guard(ctx context.Context, actor access.Actor) context.Context {
	return db.WithGuard(ctx, func() db.Inquiry {
		var k Key
		standing := db.AskIfThere(standing, []any{actor.Key}, &k.ID, db.Time(&k.ExpiresAt))
		return db.Inquiry{Questions: []db.Question{standing}, Then: func(_ context.Context, tx *db.Tx) error { return k.counts(tx.Now()) }}
	})
}

// standing finds a key that nobody has ended, and when it runs out.
const standing = `SELECT key_id, expires_at FROM operator_keys WHERE key_id = $1 AND ended_at IS NULL`

// counts says whether a key that was looked for by standing still counts.
// Faults: unauthenticated.
func (k Key) counts(now time.Time) error {
	if k.ID == "" || !k.ExpiresAt.IsZero() && !now.Before(k.ExpiresAt) {
		return fault.Unauthenticated()
	}
	return nil
}

// Again gives the operator who did something before with this key. Faults:
// unauthenticated once it counts no more.
func Again(ctx context.Context, tx *db.Tx, key string) (access.Actor, error) {
	var k Key
	err := tx.One(ctx, standing, []any{key}, &k.ID, db.Time(&k.ExpiresAt))
	if err != nil && !errors.Is(err, db.ErrNone) {
		return access.Actor{}, fmt.Errorf("check operator key: %w", err)
	}
	return access.Actor{Kind: access.Operator, Key: key}, k.counts(tx.Now())
}

// Names gives the name of each key, also of those that have ended.
func Names(ctx context.Context, tx *db.Tx, keys []string) (map[string]string, error) {
	names := map[string]string{}
	for len(keys) > 0 {
		n := min(len(keys), 100)
		args := make([]any, n)
		for i, k := range keys[:n] {
			args[i] = k
		}
		err := tx.Each(ctx, `SELECT key_id, name FROM operator_keys WHERE key_id IN (`+db.Params(1, n)+`)`, args, func(scan func(...any) error) error {
			var key, name string
			err := scan(&key, &name)
			names[key] = name
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("names of operator keys: %w", err)
		}
		keys = keys[n:]
	}
	return names, nil
}

// hintLength is how many of its last characters a key is told apart by.
const hintLength = 4

// hintOf gives them, of a key so long that they tell nothing.
func hintOf(key string) string {
	if len(key) < 24 {
		return ""
	}
	return key[len(key)-hintLength:]
}
