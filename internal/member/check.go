package member

import (
	"context"
	"fmt"
	"slices"
	"time"

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

// hadOwner reports whether somebody ever owned the account, as the trail tells
// it: was active, had come in and had a role that administers, all at once. Who
// was to own it and never came in did not.
func hadOwner(ctx context.Context, tx *db.Tx, account id.Account) (bool, error) {
	keys, err := administering(ctx, tx, account)
	if err != nil || len(keys) == 0 {
		return false, err
	}
	registered, err := registrations(ctx, tx, account)
	if err != nil {
		return false, err
	}
	entries, err := history(ctx, tx, account)
	if err != nil {
		return false, err
	}
	role, status := map[string]any{}, map[string]any{}
	for _, e := range entries {
		who := e.Subject.ID
		if c, there := e.Changes["role"]; there {
			role[who] = c[1]
		}
		if c, there := e.Changes["status"]; there {
			status[who] = c[1]
		}
		key, _ := role[who].(string)
		since, in := registered[who]
		if in && !e.At.Before(since) && status[who] == string(Active) && slices.Contains(keys, key) {
			return true, nil
		}
	}
	return false, nil
}

// registrations gives when each member came in, of those who did.
func registrations(ctx context.Context, tx *db.Tx, account id.Account) (map[string]time.Time, error) {
	registered := map[string]time.Time{}
	err := tx.Each(ctx, `SELECT member_id, registered_at FROM members WHERE account_id = $1 AND registered_at IS NOT NULL`, []any{string(account)},
		func(scan func(...any) error) error {
			var who string
			var at time.Time
			err := scan(&who, db.Time(&at))
			registered[who] = at
			return err
		})
	if err != nil {
		return nil, fmt.Errorf("read who came in: %w", err)
	}
	return registered, nil
}

// history gives what the trail has about members, the oldest first.
func history(ctx context.Context, tx *db.Tx, account id.Account) ([]audit.Entry, error) {
	all, f := []audit.Entry{}, audit.Filter{Action: "member.", Limit: 1000}
	for {
		entries, err := audit.List(ctx, tx, account, f)
		if err != nil {
			return nil, err
		}
		all = append(all, entries...)
		if len(entries) < f.Limit {
			slices.Reverse(all)
			return all, nil
		}
		f.Before = entries[len(entries)-1].Seq
	}
}

// Standing lists the members of an account who stand so.
func Standing(ctx context.Context, tx *db.Tx, account id.Account, status Status) ([]id.Member, error) {
	members, err := db.Column[id.Member](ctx, tx, `SELECT member_id FROM members WHERE account_id = $1 AND status = $2 ORDER BY member_id`, []any{string(account), string(status)})
	if err != nil {
		return nil, fmt.Errorf("list %s members: %w", status, err)
	}
	return members, nil
}
