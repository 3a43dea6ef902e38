package operator

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
	"tenure/internal/secret"
)

// Ensure sees to it, when a server starts, that there is a key. One from the
// configuration becomes a key like all others, unless it has been one. Without
// one, and where no key counts that does not run out, it makes the first and
// gives it, this once. Nodes may start together.
//
// Faults: conflict key_ended if the key from the configuration has been revoked
// or has run out. It does not count again.
func (k *Keys) Ensure(ctx context.Context, configured string) (made string, err error) {
	n, key := New{Name: "First key"}, bearer.Make(prefix, "")
	if configured != "" {
		n, key = New{Name: "From the configuration"}, configured
	}
	err = k.db.WriteUser(ctx, audit.Operator, func(tx *db.Tx) error {
		made = ""
		if there, err := stands(ctx, tx, configured); err != nil || there {
			return err
		}
		if configured == "" {
			made = key
		}
		_, err := add(ctx, tx, access.BySystem(), n, key)
		return err
	})
	if err != nil {
		return "", fmt.Errorf("make operator key: %w", err)
	}
	return made, nil
}

// Reset ends every key and makes one, which it gives. It is for who has lost them
// all and has the database instead.
func (k *Keys) Reset(ctx context.Context) (made string, ended int, err error) {
	key := bearer.Make(prefix, "")
	err = k.db.WriteUser(ctx, audit.Operator, func(tx *db.Tx) error {
		there, err := list(ctx, tx)
		if err != nil {
			return err
		}
		for _, other := range there {
			if err := end(ctx, tx, access.BySystem(), other); err != nil {
				return err
			}
		}
		ended = len(there)
		_, err = add(ctx, tx, access.BySystem(), New{Name: "After a reset"}, key)
		return err
	})
	if err != nil {
		return "", 0, fmt.Errorf("reset operator keys: %w", err)
	}
	return key, ended, nil
}

// stands reports whether the key from the configuration has been one, or without
// one whether any counts that does not run out.
func stands(ctx context.Context, tx *db.Tx, configured string) (bool, error) {
	if configured == "" {
		n, err := lasting(ctx, tx, "")
		return n > 0, err
	}
	var ended, expires time.Time
	err := tx.One(ctx, `SELECT ended_at, expires_at FROM operator_keys WHERE key_hash = $1`, []any{secret.Hash(configured)}, db.Time(&ended), db.Time(&expires))
	switch {
	case errors.Is(err, db.ErrNone):
		return false, nil
	case err != nil:
		return false, fmt.Errorf("look for the operator key: %w", err)
	case !ended.IsZero() || !expires.IsZero() && !tx.Now().Before(expires):
		return true, fault.Conflict("key_ended", "The operator key of the configuration has been revoked or has run out.")
	default:
		return true, nil
	}
}
