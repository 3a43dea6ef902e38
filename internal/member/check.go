package member

import (
	"context"
	"fmt"

	"tenure/internal/audit"
	"tenure/internal/db"
	"tenure/internal/id"
)

// Check says what is broken among the members of an account, for tenure verify:
// an account that had an owner has one.
func Check(ctx context.Context, tx *db.Tx, account id.Account) (defects []string, err error) {
	owners, err := Owners(ctx, tx, account)
	if err != nil || owners > 0 {
		return nil, err
	}
	had, err := hadOwner(ctx, tx, account)
	if err != nil || !had {
		return nil, err
	}
	return []string{"the account had an owner and has none"}, nil
}

// hadOwner reports whether somebody who administers ever came in: they are
// still a row, or the trail tells of their demotion.
func hadOwner(ctx context.Context, tx *db.Tx, account id.Account) (bool, error) {
	keys, err := administering(ctx, tx, account)
	if err != nil || len(keys) == 0 {
		return false, err
	}
	args := []any{string(account)}
	for _, k := range keys {
		args = append(args, k)
	}
	var n int
	if err := tx.One(ctx, `SELECT COUNT(*) FROM members WHERE account_id = $1 AND role_key IN (`+db.Params(2, len(keys))+`) AND registered_at IS NOT NULL`,
		args, &n); err != nil {
		return false, fmt.Errorf("count former owners: %w", err)
	}
	if n > 0 {
		return true, nil
	}
	f := audit.Filter{Action: "member.update", Limit: 1000}
	for {
		entries, err := audit.List(ctx, tx, account, f)
		if err != nil || len(entries) == 0 {
			return false, err
		}
		for _, e := range entries {
			for _, k := range keys {
				if e.Changes["role"][0] == k {
					return true, nil
				}
			}
		}
		f.Before = entries[len(entries)-1].Seq
	}
}

// Standing lists the members of an account who stand so.
func Standing(ctx context.Context, tx *db.Tx, account id.Account, status Status) ([]id.Member, error) {
	members := []id.Member{}
	err := tx.Each(ctx, `SELECT member_id FROM members WHERE account_id = $1 AND status = $2 ORDER BY member_id`, []any{string(account), string(status)},
		func(scan func(...any) error) error {
			var m id.Member
			err := scan((*string)(&m))
			members = append(members, m)
			return err
		})
	if err != nil {
		return nil, fmt.Errorf("list %s members: %w", status, err)
	}
	return members, nil
}
