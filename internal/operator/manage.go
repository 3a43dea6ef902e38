package operator

import (
	"context"
	"errors"
	"fmt"
	"time"

	"tenure/internal/access"
	"tenure/internal/address"
	"tenure/internal/audit"
	"tenure/internal/bearer"
	"tenure/internal/db"
	"tenure/internal/fault"
	"tenure/internal/once"
	"tenure/internal/secret"
)

// most is how many keys there may be at a time.
const most = 100

// columns are those of a key, and the name of the key that added it.
const columns = `k.key_id, k.name, k.hint, k.by_kind, k.by_id, m.name, k.version, k.created_at, k.last_used_at, k.expires_at
	FROM operator_keys k LEFT JOIN operator_keys m ON m.key_id = k.by_id`

func scanned(scan func(...any) error) (Key, error) {
	var k Key
	err := scan(&k.ID, &k.Name, &k.Hint, &k.By.Kind, &k.By.ID, db.Text(&k.ByName), &k.Version, db.Time(&k.CreatedAt), db.Time(&k.LastUsedAt), db.Time(&k.ExpiresAt))
	if k.By.Kind == string(access.System) {
		k.ByName = "Tenure"
	}
	return k, err
}

// allow: operator keys are for those who have one.
func allow(actor access.Actor) error {
	if actor.Kind != access.Operator {
		return fault.Forbidden("forbidden", "Only the operator deals with operator keys.")
	}
	return nil
}

// List gives the keys that nobody has ended, the newest first, also those that
// have run out. Faults: forbidden for anybody but the operator.
func (k *Keys) List(ctx context.Context, actor access.Actor) (keys []Key, err error) {
	if err := allow(actor); err != nil {
		return nil, err
	}
	err = k.db.Read(ctx, func(tx *db.Tx) error {
		keys, err = list(ctx, tx)
		return err
	})
	return keys, err
}

func list(ctx context.Context, tx *db.Tx) ([]Key, error) {
	keys := []Key{}
	err := tx.Each(ctx, `SELECT `+columns+` WHERE k.ended_at IS NULL ORDER BY k.created_at DESC, k.key_id`, nil, func(scan func(...any) error) error {
		key, err := scanned(scan)
		keys = append(keys, key)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list operator keys: %w", err)
	}
	return keys, nil
}

// Get reads one key. Faults: forbidden for anybody but the operator; not_found,
// also for one that has ended.
func (k *Keys) Get(ctx context.Context, actor access.Actor, key string) (found Key, err error) {
	if err := allow(actor); err != nil {
		return Key{}, err
	}
	err = k.db.Read(ctx, func(tx *db.Tx) error {
		found, err = get(ctx, tx, key)
		return err
	})
	return found, err
}

func get(ctx context.Context, tx *db.Tx, key string) (Key, error) {
	found, err := scanned(func(dest ...any) error {
		return tx.One(ctx, `SELECT `+columns+` WHERE k.key_id = $1 AND k.ended_at IS NULL`, []any{key}, dest...)
	})
	if errors.Is(err, db.ErrNone) {
		return Key{}, fault.NotFound()
	}
	if err != nil {
		return Key{}, fmt.Errorf("read operator key: %w", err)
	}
	return found, nil
}

// New is what a key is made with.
type New struct {
	Name      string
	ExpiresAt time.Time // zero: it does not run out
}

// Add makes a key. It is given this once.
//
// Faults: forbidden for anybody but the operator; invalid; conflict
// too_many_keys.
func (k *Keys) Add(ctx context.Context, actor access.Actor, n New) (added Key, key string, err error) {
	if err := allow(actor); err != nil {
		return Key{}, "", err
	}
	if n, err = n.checked(k.db.Now()); err != nil {
		return Key{}, "", err
	}
	key = bearer.Make(prefix, "")
	return added, key, k.db.WriteUser(ctx, audit.Operator, func(tx *db.Tx) error {
		there, err := list(ctx, tx)
		if err != nil {
			return err
		}
		if len(there) >= most {
			return fault.Conflict("too_many_keys", "There are 100 operator keys. Revoke one first.")
		}
		if added, err = add(ctx, tx, actor, n, key); err != nil {
			return err
		}
		return once.Keep(ctx, tx, added.ID)
	})
}

// checked gives what a key is made with as it is kept.
func (n New) checked(now time.Time) (New, error) {
	var err error
	if n.Name, err = address.Text("name", n.Name, 80); err != nil {
		return n, err
	}
	if n.Name == "" {
		return n, fault.Invalid("name", "required", "This is required.")
	}
	if !n.ExpiresAt.IsZero() && !n.ExpiresAt.After(now) {
		return n, fault.Invalid("expires_at", "past", "This time has passed.")
	}
	n.ExpiresAt = n.ExpiresAt.UTC().Truncate(time.Microsecond)
	return n, nil
}

// add stores a key and records operator_key.add, in a write that has taken the
// operator's head.
func add(ctx context.Context, tx *db.Tx, actor access.Actor, n New, key string) (Key, error) {
	hash := secret.Hash(key)
	added := Key{ID: idOf(hash), Name: n.Name, Hint: hintOf(key), By: audit.Ref{Kind: string(actor.Kind), ID: actor.Name()}, Version: 1,
		CreatedAt: tx.Now(), ExpiresAt: n.ExpiresAt}
	if err := tx.ExecOne(ctx, `INSERT INTO operator_keys (key_id, key_hash, name, hint, by_kind, by_id, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		added.ID, hash, added.Name, added.Hint, added.By.Kind, added.By.ID, db.Micros(added.CreatedAt), db.Micros(added.ExpiresAt)); err != nil {
		return Key{}, fmt.Errorf("add operator key: %w", err)
	}
	changes := []audit.Change{audit.Plain("name", nil, added.Name)}
	if !added.ExpiresAt.IsZero() {
		changes = append(changes, audit.Plain("expires_at", nil, added.ExpiresAt.Format(time.RFC3339)))
	}
	if err := audit.RecordUser(ctx, tx, actor, audit.Event{Action: "operator_key.add", Subject: audit.Of("operator_key", added.ID), Changes: changes}); err != nil {
		return Key{}, err
	}
	return get(ctx, tx, added.ID)
}

// Revoke ends a key: no request with it that starts after this is accepted, on
// any node. It may be the one that asks. ifVersion, when not 0, is the version
// the caller read.
//
// Faults: forbidden for anybody but the operator; not_found, also for one that
// has ended; stale; conflict last_operator_key for the last one that does not run
// out.
func (k *Keys) Revoke(ctx context.Context, actor access.Actor, key string, ifVersion int64) error {
	if err := allow(actor); err != nil {
		return err
	}
	return k.db.WriteUser(ctx, audit.Operator, func(tx *db.Tx) error {
		found, err := get(ctx, tx, key)
		if err != nil {
			return err
		}
		if ifVersion != 0 && ifVersion != found.Version {
			return fault.Stale()
		}
		left, err := lasting(ctx, tx, key)
		if err != nil {
			return err
		}
		if left == 0 {
			return fault.Conflict("last_operator_key", "No key that does not run out would be left. Add one first.")
		}
		return end(ctx, tx, actor, found)
	})
}

// lasting counts the keys that count and do not run out, but for one.
func lasting(ctx context.Context, tx *db.Tx, but string) (n int64, err error) {
	if err := tx.One(ctx, `SELECT COUNT(*) FROM operator_keys WHERE ended_at IS NULL AND expires_at IS NULL AND key_id <> $1`, []any{but}, &n); err != nil {
		return 0, fmt.Errorf("count operator keys: %w", err)
	}
	return n, nil
}

// end ends a key and records operator_key.revoke.
func end(ctx context.Context, tx *db.Tx, actor access.Actor, key Key) error {
	if err := tx.ExecOne(ctx, `UPDATE operator_keys SET ended_at = $2, version = version + 1 WHERE key_id = $1 AND ended_at IS NULL AND version = $3`,
		key.ID, db.Micros(tx.Now()), key.Version); err != nil {
		return fmt.Errorf("revoke operator key: %w", err)
	}
	return audit.RecordUser(ctx, tx, actor, audit.Event{Action: "operator_key.revoke", Subject: audit.Of("operator_key", key.ID), Changes: []audit.Change{
		audit.Plain("name", key.Name, nil)}})
}
