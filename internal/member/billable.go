package member

import (
	"context"
	"fmt"
	"slices"

	"tenure/internal/db"
	"tenure/internal/id"
	"tenure/internal/role"
)

// Billable lists the members who take a seat, in the order of their ids: active,
// registered, with a role that is billable.
func Billable(ctx context.Context, tx *db.Tx, account id.Account) ([]id.Member, error) {
	members := []id.Member{}
	keys, err := BillableRoles(ctx, tx, account)
	if err != nil || len(keys) == 0 {
		return members, err
	}
	err = tx.Each(ctx, `SELECT member_id FROM members WHERE account_id = $1 AND status = 'active' AND registered_at IS NOT NULL
		AND role_key IN (`+db.Params(2, len(keys))+`) ORDER BY member_id`, append([]any{string(account)}, keys...),
		func(scan func(...any) error) error {
			var m id.Member
			err := scan((*string)(&m))
			members = append(members, m)
			return err
		})
	if err != nil {
		return nil, fmt.Errorf("list billable members: %w", err)
	}
	return members, nil
}

// CountExpected counts those of the members who are active and will take a seat
// once they come in.
func CountExpected(ctx context.Context, tx *db.Tx, account id.Account, members []id.Member) (expected int64, err error) {
	keys, err := BillableRoles(ctx, tx, account)
	if err != nil || len(keys) == 0 {
		return 0, err
	}
	for part := range slices.Chunk(members, 100) {
		args := append([]any{string(account)}, keys...)
		for _, m := range part {
			args = append(args, string(m))
		}
		var n int64
		if err := tx.One(ctx, `SELECT COUNT(*) FROM members WHERE account_id = $1 AND status = 'active' AND registered_at IS NULL
			AND role_key IN (`+db.Params(2, len(keys))+`) AND member_id IN (`+db.Params(2+len(keys), len(part))+`)`, args, &n); err != nil {
			return 0, fmt.Errorf("count expected members: %w", err)
		}
		expected += n
	}
	return expected, nil
}

// BillableRoles gives the keys of the roles that are billable.
func BillableRoles(ctx context.Context, tx *db.Tx, account id.Account) ([]any, error) {
	roles, err := role.List(ctx, tx, account)
	if err != nil {
		return nil, err
	}
	keys := []any{}
	for _, r := range roles {
		if r.Billable {
			keys = append(keys, r.Key)
		}
	}
	return keys, nil
}
