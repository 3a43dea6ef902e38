package account

import (
	"context"
	"fmt"

	"tenure/internal/access"
	"tenure/internal/db"
	"tenure/internal/fault"
	"tenure/internal/id"
	"tenure/internal/page"
)

// List gives a page of all accounts, oldest first, to the operator alone.
// Faults: forbidden, invalid on cursor and limit.
func (r *Register) List(ctx context.Context, actor access.Actor, cursor string, limit int) (accounts []Account, next string, err error) {
	if actor.Kind != access.Operator {
		return nil, "", fault.Forbidden("forbidden", "Only the operator sees all accounts.")
	}
	var after id.Account
	if cursor != "" {
		if err := page.Read(cursor, &after); err != nil {
			return nil, "", err
		}
		if !id.Valid(after) {
			return nil, "", page.Malformed()
		}
	}
	if limit, err = page.Limit(limit); err != nil {
		return nil, "", err
	}
	err = r.db.Read(ctx, func(tx *db.Tx) error {
		accounts = []Account{}
		return tx.Each(ctx, `SELECT account_id, name, preset, policy, logo, accent, epoch, version, created_at FROM accounts
			WHERE account_id > $1 ORDER BY account_id LIMIT $2`, []any{string(after), limit + 1}, func(scan func(...any) error) error {
			var a Account
			err := scan((*string)(&a.ID), &a.Name, &a.Preset, db.Into(&a.Policy), &a.Logo, &a.Accent, &a.Epoch, &a.Version, db.Time(&a.CreatedAt))
			accounts = append(accounts, a)
			return err
		})
	})
	if err != nil {
		return nil, "", fmt.Errorf("list accounts: %w", err)
	}
	if len(accounts) > limit {
		accounts = accounts[:limit]
		next = page.Cursor(accounts[limit-1].ID)
	}
	return accounts, next, nil
}
