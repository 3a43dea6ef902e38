package audit

import (
	"context"
	"fmt"

	"tenure/internal/db"
	"tenure/internal/id"
)

// Users lists everybody who has a trail, also those who were erased since.
func Users(ctx context.Context, tx *db.Tx) ([]id.User, error) {
	users, err := db.Column[id.User](ctx, tx, `SELECT user_id FROM user_heads WHERE user_id <> $1 ORDER BY user_id`, []any{string(Operator)})
	if err != nil {
		return nil, fmt.Errorf("list trails of users: %w", err)
	}
	return users, nil
}
