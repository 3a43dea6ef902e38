// Package role keeps the roles of an account: the named sets of rights that its
// members are given.
package role

import (
	"context"
	"errors"
	"fmt"

	"tenure/internal/access"
	"tenure/internal/db"
	"tenure/internal/fault"
	"tenure/internal/id"
)

const columns = `role_key, name, role_rank, administers, permissions, reach, modules, billable`

func scanned(scan func(...any) error) (access.Role, error) {
	var r access.Role
	err := scan(&r.Key, &r.Name, &r.Rank, &r.Administers, db.Into(&r.Permissions), (*string)(&r.Reach), (*string)(&r.Modules), &r.Billable)
	return r, err
}

// Get reads one role. Faults: invalid on field role for a key the account does
// not have.
func Get(ctx context.Context, tx *db.Tx, account id.Account, key string) (access.Role, error) {
	r, err := scanned(func(dest ...any) error {
		return tx.One(ctx, `SELECT `+columns+` FROM roles WHERE account_id = $1 AND role_key = $2`, []any{string(account), key}, dest...)
	})
	if errors.Is(err, db.ErrNone) {
		return r, fault.Invalid("role", "unknown", "The account has no role of this name.")
	}
	if err != nil {
		return r, fmt.Errorf("read role: %w", err)
	}
	return r, nil
}

// List gives the roles of an account, the highest rank first.
func List(ctx context.Context, tx *db.Tx, account id.Account) ([]access.Role, error) {
	roles := []access.Role{}
	err := tx.Each(ctx, `SELECT `+columns+` FROM roles WHERE account_id = $1 ORDER BY role_rank DESC, role_key`, []any{string(account)},
		func(scan func(...any) error) error {
			r, err := scanned(scan)
			roles = append(roles, r)
			return err
		})
	if err != nil {
		return nil, fmt.Errorf("list roles: %w", err)
	}
	return roles, nil
}

// Lowest gives the role that an invitation has unless another is named: the one
// of lowest rank that reaches all, else the lowest.
func Lowest(roles []access.Role) access.Role {
	var lowest access.Role
	for _, r := range roles {
		if r.Reach == access.ReachAll || lowest.Key == "" {
			lowest = r
		}
	}
	return lowest
}

// ByKey finds each role under its key.
func ByKey(roles []access.Role) map[string]access.Role {
	found := make(map[string]access.Role, len(roles))
	for _, r := range roles {
		found[r.Key] = r
	}
	return found
}
