package key

import (
	"context"
	"fmt"
	"strconv"

	"tenure/internal/db"
	"tenure/internal/holding"
)

// Held is the API keys as something a member has: whoever leaves or is suspended
// loses them all, at once and for good.
type Held struct{}

// Name is the key of its decisions; it has none.
func (Held) Name() string { return "keys" }

// Survey counts the keys that would end. They are no part of the basis: a key
// more does not make a plan stale.
func (Held) Survey(ctx context.Context, tx *db.Tx, c holding.Case) (holding.Finding, error) {
	n, err := countLive(ctx, tx, c)
	if err != nil || n == 0 {
		return holding.Finding{}, err
	}
	return holding.Finding{Effects: []holding.Effect{ended(c, n)}}, nil
}

// Apply ends them.
func (Held) Apply(ctx context.Context, tx *db.Tx, c holding.Case) ([]holding.Effect, error) {
	if !c.Kind.EndsAccess() {
		return nil, nil
	}
	n, err := countLive(ctx, tx, c)
	if err != nil {
		return nil, err
	}
	if _, err := EndMember(ctx, tx, c.Actor, c.Account, c.Member, c.Departure); err != nil || n == 0 {
		return nil, err
	}
	return []holding.Effect{ended(c, n)}, nil
}

// Restore brings nothing back: a key that ended stays ended.
func (Held) Restore(context.Context, *db.Tx, holding.Case) ([]holding.Effect, error) {
	return nil, nil
}

func ended(c holding.Case, n int64) holding.Effect {
	detail := "1 API key has ended."
	if n > 1 {
		detail = strconv.FormatInt(n, 10) + " API keys have ended."
	}
	return holding.Effect{Kind: "keys_ended", Member: c.Member, Count: &n, Detail: detail}
}

// countLive counts the keys that still let somebody in and that the move ends.
func countLive(ctx context.Context, tx *db.Tx, c holding.Case) (int64, error) {
	if !c.Kind.EndsAccess() {
		return 0, nil
	}
	var n int64
	if err := tx.One(ctx, `SELECT COUNT(*) FROM api_keys WHERE account_id = $1 AND member_id = $2 AND ended_at IS NULL AND (expires_at IS NULL OR expires_at > $3)`,
		[]any{string(c.Account), string(c.Member), db.Micros(tx.Now())}, &n); err != nil {
		return 0, fmt.Errorf("count keys: %w", err)
	}
	return n, nil
}
