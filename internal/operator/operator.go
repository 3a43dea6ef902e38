// Package operator knows who runs the server: whoever holds the operator key.
// The key is kept as its hash only.
package operator

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"sync"

	"tenure/internal/access"
	"tenure/internal/db"
	"tenure/internal/fault"
	"tenure/internal/secret"
)

// Prefix is what a key that Tenure makes begins with.
const Prefix = "top_"

// Keys checks operator keys.
type Keys struct {
	db         *db.DB
	configured string // its hash; when set, it is the only key

	mu    sync.Mutex // guards known
	known map[string]bool
}

// NewKeys makes the check. A configured key, when not empty, is the only one
// that counts; without one those count that the database keeps.
func NewKeys(d *db.DB, configured string) *Keys {
	k := &Keys{db: d, known: map[string]bool{}}
	if configured != "" {
		k.configured = string(secret.Hash(configured))
	}
	return k
}

// Ensure makes a key if none is configured and the database has none. It gives
// the new key, this once, or nothing.
func (k *Keys) Ensure(ctx context.Context) (made string, err error) {
	if k.configured != "" {
		return "", nil
	}
	key := Prefix + secret.Random(32)
	hash := secret.Hash(key)
	err = k.db.Housekeep(ctx, func(tx *db.Tx) error {
		if err := alone(ctx, tx); err != nil {
			return err
		}
		var there int64
		if err := tx.One(ctx, `SELECT COUNT(*) FROM operator_keys`, nil, &there); err != nil || there > 0 {
			made = ""
			return err
		}
		made = key
		return tx.ExecOne(ctx, `INSERT INTO operator_keys (key_id, key_hash, created_at) VALUES ($1, $2, $3)`,
			name(hash), hash, db.Micros(tx.Now()))
	})
	if err != nil {
		return "", fmt.Errorf("make operator key: %w", err)
	}
	return made, nil
}

// alone lets nodes that start together through one after the other, until each
// has committed.
func alone(ctx context.Context, tx *db.Tx) error {
	const row = "operator_key"
	if _, err := tx.Exec(ctx, `INSERT INTO settings (name, value) VALUES ($1, '') ON CONFLICT DO NOTHING`, row); err != nil {
		return err
	}
	return tx.ExecOne(ctx, `UPDATE settings SET value = '' WHERE name = $1`, row)
}

// Check gives the operator as an actor. Faults: unauthenticated.
func (k *Keys) Check(ctx context.Context, key string) (access.Actor, error) {
	if key == "" {
		return access.Actor{}, fault.Unauthenticated()
	}
	hash := secret.Hash(key)
	known, err := k.counts(ctx, hash)
	if err != nil {
		return access.Actor{}, err
	}
	if !known {
		return access.Actor{}, fault.Unauthenticated()
	}
	return access.Actor{Kind: access.Operator, Key: name(hash)}, nil
}

// counts remembers the keys that count; those that do not are looked up anew.
func (k *Keys) counts(ctx context.Context, hash []byte) (bool, error) {
	if k.configured != "" {
		return k.configured == string(hash), nil
	}
	k.mu.Lock()
	known := k.known[string(hash)]
	k.mu.Unlock()
	if known {
		return true, nil
	}
	var id string
	err := k.db.Read(ctx, func(tx *db.Tx) error {
		return tx.One(ctx, `SELECT key_id FROM operator_keys WHERE key_hash = $1`, []any{hash}, &id)
	})
	if errors.Is(err, db.ErrNone) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("check operator key: %w", err)
	}
	k.mu.Lock()
	k.known[string(hash)] = true
	k.mu.Unlock()
	return true, nil
}

// name is how the trail calls a key: by the beginning of its hash, which is the
// same wherever the key is kept and tells nothing about it.
func name(hash []byte) string { return "opk_" + hex.EncodeToString(hash[:8]) }
