package session

import (
	"context"
	"fmt"
	"strconv"

	"tenure/internal/account"
	"tenure/internal/bearer"
	"tenure/internal/db"
	"tenure/internal/holding"
)

// Held is the sessions as something a member has: whoever leaves or is suspended
// loses them all, at once and for good.
type Held struct{}

// Name is the key of its decisions; it has none.
func (Held) Name() string { return "sessions" }

// Survey counts the sessions that would end. They are no part of the basis:
// somebody who signs in does not make a plan stale.
func (Held) Survey(ctx context.Context, tx *db.Tx, c holding.Case) (holding.Finding, error) {
	if !c.Kind.EndsAccess() {
		return holding.Finding{}, nil
	}
	n, err := countLive(ctx, tx, c)
	if err != nil {
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
	if _, err := EndMember(ctx, tx, c.Actor, c.Account, c.Member, c.Departure); err != nil {
		return nil, err
	}
	return []holding.Effect{ended(c, n)}, nil
}

// Restore brings nothing back: a session that ended stays ended.
func (Held) Restore(context.Context, *db.Tx, holding.Case) ([]holding.Effect, error) {
	return nil, nil
}

func ended(c holding.Case, n int64) holding.Effect {
	detail := "Signed out of " + strconv.FormatInt(n, 10) + " sessions."
	switch n {
	case 0:
		detail = "Not signed in anywhere."
	case 1:
		detail = "Signed out of 1 session."
	}
	return holding.Effect{Kind: "sessions_ended", Member: c.Member, Count: &n, Detail: detail}
}

// countLive counts the sessions that still let somebody in. When one was last
// used is written down a little late.
func countLive(ctx context.Context, tx *db.Tx, c holding.Case) (int64, error) {
	acc, err := account.Get(ctx, tx, c.Account)
	if err != nil {
		return 0, fmt.Errorf("count sessions: %w", err)
	}
	l := limitsOf(acc.Policy, c.From)
	var n int64
	err = tx.One(ctx, `SELECT COUNT(*) FROM sessions WHERE account_id = $1 AND member_id = $2 AND ended_at IS NULL AND created_at > $3 AND last_seen_at > $4`,
		[]any{string(c.Account), string(c.Member), db.Micros(tx.Now().Add(-l.absolute)), db.Micros(tx.Now().Add(-l.idle - bearer.NoteEvery))}, &n)
	if err != nil {
		return 0, fmt.Errorf("count sessions: %w", err)
	}
	return n, nil
}
