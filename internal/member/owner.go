package member

import (
	"context"
	"fmt"
	"strconv"

	"tenure/internal/access"
	"tenure/internal/db"
	"tenure/internal/fault"
	"tenure/internal/id"
	"tenure/internal/role"
)

// Owners counts the owners of an account: its active, registered members whose
// role administers.
func Owners(ctx context.Context, tx *db.Tx, account id.Account) (int, error) {
	keys, err := administering(ctx, tx, account)
	if err != nil || len(keys) == 0 {
		return 0, err
	}
	args := []any{string(account)}
	for _, k := range keys {
		args = append(args, k)
	}
	var n int
	err = tx.One(ctx, `SELECT COUNT(*) FROM members WHERE account_id = $1 AND role_key IN (`+db.Params(2, len(keys))+`)
		AND status = 'active' AND registered_at IS NOT NULL`, args, &n)
	if err != nil {
		return 0, fmt.Errorf("count owners: %w", err)
	}
	return n, nil
}

// ListOwners gives owners of an account in the order they came, at most so many.
func ListOwners(ctx context.Context, tx *db.Tx, account id.Account, most int) ([]Member, error) {
	keys, err := administering(ctx, tx, account)
	if err != nil || len(keys) == 0 {
		return nil, err
	}
	args := []any{string(account)}
	for _, k := range keys {
		args = append(args, k)
	}
	ids, err := db.Column[id.Member](ctx, tx, `SELECT member_id FROM members WHERE account_id = $1 AND role_key IN (`+db.Params(2, len(keys))+`)
		AND status = 'active' AND registered_at IS NOT NULL ORDER BY member_id LIMIT `+strconv.Itoa(most), args)
	if err != nil {
		return nil, fmt.Errorf("list owners: %w", err)
	}
	owners := make([]Member, len(ids))
	for i, m := range ids {
		if owners[i], err = Get(ctx, tx, account, m); err != nil {
			return nil, err
		}
	}
	return owners, nil
}

// administering gives the keys of the roles that administer.
func administering(ctx context.Context, tx *db.Tx, account id.Account) ([]string, error) {
	roles, err := role.List(ctx, tx, account)
	if err != nil {
		return nil, err
	}
	keys := []string{}
	for _, r := range roles {
		if r.Administers {
			keys = append(keys, r.Key)
		}
	}
	return keys, nil
}

// lastOwner is the fault of a move that would leave an account without an owner.
func lastOwner() *fault.Fault {
	return fault.Conflict("last_owner", "This is the last owner of the account. Make somebody else an owner first.")
}

// KeepOwner stands at the end of every write that may have taken an owner from
// the account: members as they were before it. It holds under the account's
// lock, so no other write can slip between. Faults: conflict last_owner.
func KeepOwner(ctx context.Context, tx *db.Tx, account id.Account, was ...Member) error {
	lost := false
	for _, m := range was {
		r, err := role.Get(ctx, tx, account, m.Role)
		if err != nil {
			return err
		}
		lost = lost || m.Owns(r)
	}
	if !lost {
		return nil
	}
	left, err := Owners(ctx, tx, account)
	if err != nil {
		return err
	}
	if left == 0 {
		return lastOwner()
	}
	return nil
}

// Owns reports whether the member, with this role, counts as an owner.
func (m Member) Owns(r access.Role) bool {
	return r.Administers && m.Status == Active && m.Registered()
}
