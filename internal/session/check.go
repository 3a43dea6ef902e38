package session

import (
	"context"
	"fmt"

	"tenure/internal/db"
	"tenure/internal/id"
)

// Holders lists the members of an account with a session that nobody has ended,
// for tenure verify: each of them must be active.
func Holders(ctx context.Context, tx *db.Tx, acc id.Account) ([]id.Member, error) {
	holders, err := db.Column[id.Member](ctx, tx, `SELECT DISTINCT member_id FROM sessions WHERE account_id = $1 AND ended_at IS NULL ORDER BY member_id`, []any{string(acc)})
	if err != nil {
		return nil, fmt.Errorf("list holders of sessions: %w", err)
	}
	return holders, nil
}
