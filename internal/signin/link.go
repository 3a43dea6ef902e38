package signin

import (
	"context"
	"fmt"

	"tenure/internal/db"
	"tenure/internal/factor"
	"tenure/internal/holding"
	"tenure/internal/member"
	"tenure/internal/user"
)

// Links is the links that were mailed to a member and not used yet, and their
// half-done sign-ins, as something they hold: whoever leaves or is suspended loses
// those of the place, those they asked for about others' places and, where it was
// their last, those of their identity (listmonk CVE-2026-34828). None comes back.
type Links struct{}

// Name is the key of its decisions; it has none.
func (Links) Name() string { return "links" }

// Survey has nothing to say: what is mailed and unused is nobody's business.
func (Links) Survey(context.Context, *db.Tx, holding.Case) (holding.Finding, error) {
	return holding.Finding{}, nil
}

// Apply closes the links.
func (Links) Apply(ctx context.Context, tx *db.Tx, c holding.Case) ([]holding.Effect, error) {
	switch c.Kind {
	case holding.Suspend, holding.Deactivate, holding.Remove, holding.Delete:
	default:
		return nil, nil
	}
	if err := (change{account: c.Account, member: c.Member}).close(ctx, tx); err != nil {
		return nil, err
	}
	if err := closeRequested(ctx, tx, c.Account, c.Member); err != nil {
		return nil, err
	}
	m, err := member.Get(ctx, tx, c.Account, c.Member)
	if err != nil || m.User == "" {
		return nil, err
	}
	if err := tx.LockUser(ctx, m.User); err != nil { // a link that is being made comes before or not at all
		return nil, err
	}
	if err := factor.Close(ctx, tx, m.User, c.Account); err != nil {
		return nil, err
	}
	if err := factor.CloseReset(ctx, tx, m.User, c.Account); err != nil {
		return nil, err
	}
	places, err := member.OfUser(ctx, tx, m.User)
	if err != nil {
		return nil, err
	}
	elsewhere := only(places, func(l member.Place) bool { return l.Member != c.Member && active(l) })
	if len(elsewhere) > 0 {
		return nil, nil
	}
	if err := user.CloseReset(ctx, tx, m.User); err != nil {
		return nil, fmt.Errorf("close links: %w", err)
	}
	return nil, closeOwnChange(ctx, tx, m.User)
}

// Restore brings nothing back: a link that was closed stays closed.
func (Links) Restore(context.Context, *db.Tx, holding.Case) ([]holding.Effect, error) {
	return nil, nil
}
