package session

import (
	"context"
	"slices"

	"tenure/internal/access"
	"tenure/internal/db"
	"tenure/internal/fault"
)

// Guard gives a context in which every write of a member looks again, inside its
// transaction, whether the session still stands and the rights are those the
// member was let in with: nothing of theirs commits after their end.
//
// Faults of such a write: unauthenticated; conflict rights_changed, when the
// member is still there and may do other things than a moment ago.
func (c *Cache) Guard(ctx context.Context, actor access.Actor) context.Context {
	return db.WithGuard(ctx, func(ctx context.Context, tx *db.Tx) error {
		s, err := byID(ctx, tx, actor.Account, actor.Session)
		if err != nil {
			return err
		}
		on, err := c.footing(ctx, tx, actor.Account, s.member)
		if err != nil {
			return err
		}
		if !on.carries(s) {
			return fault.Unauthenticated()
		}
		if !sameRights(on.actor, actor) {
			return fault.Conflict("rights_changed", "What you may do has just changed. Please try again.")
		}
		return nil
	})
}

func sameRights(a, b access.Actor) bool {
	one, other := a.Role, b.Role
	return one.Key == other.Key && one.Rank == other.Rank && one.Administers == other.Administers && one.Reach == other.Reach &&
		a.FactorDue == b.FactorDue && one.Modules == other.Modules && slices.Equal(one.All(), other.All()) &&
		slices.Equal(a.Modules, b.Modules) && slices.Equal(a.SubAccounts, b.SubAccounts)
}
