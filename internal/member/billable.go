package member

import (
	"context"
	"fmt"

	"tenure/internal/db"
	"tenure/internal/id"
	"tenure/internal/role"
)

// Billable lists the members who take a seat, in the order of their ids: active,
// registered, with a role that is billable.
func Billable(ctx context.Context, tx *db.Tx, account id.Account) ([]id.Member, error) {
	keys, err := BillableRoles(ctx, tx, account)
	if err != nil || len(keys) == 0 {
		return []id.Member{}, err
	}
	args := []any{string(account)}
	for _, key := range keys {
		args = append(args, key)
	}
	members, err := db.Column[id.Member](ctx, tx, `SELECT member_id FROM members WHERE account_id = $1 AND status = 'active' AND registered_at IS NOT NULL
		AND role_key IN (`+db.Params(2, len(keys))+`) ORDER BY member_id`, args)
	if err != nil {
		return nil, fmt.Errorf("list billable members: %w", err)
	}
	return members, nil
}

// BillableRoles gives the keys of the roles that are billable.
func BillableRoles(ctx context.Context, tx *db.Tx, account id.Account) ([]string, error) {
	roles, err := role.List(ctx, tx, account)
	if err != nil {
		return nil, err
	}
	keys := []string{}
	for _, r := range roles {
		if r.Billable {
			keys = append(keys, r.Key)
		}
	}
	return keys, nil
}
