package audit

import (
	"context"
	"fmt"

	"tenure/internal/db"
	"tenure/internal/id"
)

// Users lists everybody who has a trail, also those who were erased since.
func Users(ctx context.Context, tx *db.Tx) ([]id.User, error) {
	users := []id.User{}
	err := tx.Each(ctx, `SELECT user_id FROM user_heads WHERE user_id <> $1 ORDER BY user_id`, []any{string(Operator)}, func(scan func(...any) error) error {
		var u id.User
		err := scan((*string)(&u))
		users = append(users, u)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list trails of users: %w", err)
	}
	return users, nil
}
