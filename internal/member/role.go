package member

import (
	"context"
	"fmt"

	"tenure/internal/db"
	"tenure/internal/id"
)

// CountRole counts who has a role and is in the account, active or not.
func CountRole(ctx context.Context, tx *db.Tx, account id.Account, key string) (int64, error) {
	var n int64
	if err := tx.One(ctx, `SELECT COUNT(*) FROM members WHERE account_id = $1 AND role_key = $2 AND status IN ('active', 'suspended', 'inactive')`,
		[]any{string(account), key}, &n); err != nil {
		return 0, fmt.Errorf("count members with role: %w", err)
	}
	return n, nil
}

// Refit makes these the chosen modules of everybody who has a role, also of
// those who were removed and may come back. The event is the one of the role,
// and so is the epoch: it is that of the account. Undo of a departure goes on
// working, since the place is what it was.
func Refit(ctx context.Context, tx *db.Tx, account id.Account, key string, modules []id.Module) error {
	if _, err := tx.Exec(ctx, `DELETE FROM member_modules WHERE account_id = $1
		AND member_id IN (SELECT member_id FROM members WHERE account_id = $1 AND role_key = $2)`, string(account), key); err != nil {
		return fmt.Errorf("refit members: %w", err)
	}
	for _, m := range modules {
		if _, err := tx.Exec(ctx, `INSERT INTO member_modules (account_id, member_id, module_id)
			SELECT account_id, member_id, CAST($3 AS TEXT) FROM members WHERE account_id = $1 AND role_key = $2 AND email <> ''`,
			string(account), key, string(m)); err != nil {
			return fmt.Errorf("refit members: %w", err)
		}
	}
	if _, err := tx.Exec(ctx, `UPDATE members SET version = version + 1 WHERE account_id = $1 AND role_key = $2`, string(account), key); err != nil {
		return fmt.Errorf("refit members: %w", err)
	}
	return nil
}

// WithRole lists everybody who has a role and is in the account, active or not.
func WithRole(ctx context.Context, tx *db.Tx, account id.Account, key string) ([]id.Member, error) {
	members, err := db.Column[id.Member](ctx, tx, `SELECT member_id FROM members WHERE account_id = $1 AND role_key = $2 AND status IN ('active', 'suspended', 'inactive') ORDER BY member_id`, []any{string(account), key})
	if err != nil {
		return nil, fmt.Errorf("list members with role: %w", err)
	}
	return members, nil
}
