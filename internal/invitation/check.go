package invitation

import (
	"context"
	"fmt"

	"tenure/internal/db"
	"tenure/internal/id"
)

// Check says what is broken among the invitations of an account, for tenure
// verify: accepted means a membership.
func Check(ctx context.Context, tx *db.Tx, account id.Account) (defects []string, err error) {
	err = tx.Each(ctx, `SELECT invitation_id FROM invitations WHERE account_id = $1 AND status = $2 AND member_id IS NULL ORDER BY invitation_id`,
		[]any{string(account), string(Accepted)}, func(scan func(...any) error) error {
			var inv string
			err := scan(&inv)
			defects = append(defects, "the accepted invitation "+inv+" has no member")
			return err
		})
	if err != nil {
		return nil, fmt.Errorf("check invitations: %w", err)
	}
	return defects, nil
}
