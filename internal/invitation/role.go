package invitation

import (
	"context"
	"fmt"

	"tenure/internal/db"
	"tenure/internal/id"
)

// CountRole counts the invitations with a role that are not closed, also those
// whose time is over: they can be sent again.
func CountRole(ctx context.Context, tx *db.Tx, account id.Account, key string) (int64, error) {
	var n int64
	if err := tx.One(ctx, `SELECT COUNT(*) FROM invitations WHERE account_id = $1 AND role_key = $2 AND status = 'pending'`,
		[]any{string(account), key}, &n); err != nil {
		return 0, fmt.Errorf("count invitations with role: %w", err)
	}
	return n, nil
}

// Refit makes these the modules that every open invitation with a role offers.
// The event is the one of the role.
func Refit(ctx context.Context, tx *db.Tx, account id.Account, key string, modules []id.Module) error {
	if _, err := tx.Exec(ctx, `UPDATE invitations SET modules = $3, version = version + 1 WHERE account_id = $1 AND role_key = $2 AND status = 'pending'`,
		string(account), key, db.JSON(list(modules))); err != nil {
		return fmt.Errorf("refit invitations: %w", err)
	}
	return nil
}
