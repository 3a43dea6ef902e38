package session

import (
	"context"

	"tenure/internal/access"
	"tenure/internal/account"
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
		if same, err := c.unmoved(ctx, tx, actor, s); err != nil || same {
			return err
		}
		on, err := c.footing(ctx, tx, actor.Account, s.member)
		if err != nil {
			return err
		}
		if !on.carries(s) {
			return fault.Unauthenticated()
		}
		return actor.Unchanged(on.actor)
	})
}

// unmoved reports whether nothing that rights rest on has changed since the
// actor's were read: every such change raises the epoch of the member, the
// account or the user. It is quick; where it does not hold, the rights may still
// be the same.
func (c *Cache) unmoved(ctx context.Context, tx *db.Tx, actor access.Actor, s row) (bool, error) {
	if s.member != actor.Member || s.user != actor.User || s.epoch != actor.UserEpoch {
		return false, nil
	}
	place, err := c.sources.Place(ctx, tx, actor.Account, actor.Member)
	if err != nil || place != actor.Epoch {
		return false, known(err)
	}
	whole, err := account.Epoch(ctx, tx, actor.Account)
	if err != nil || whole != actor.AccountEpoch {
		return false, known(err)
	}
	user, err := c.sources.Epoch(ctx, tx, actor.User)
	return err == nil && user == actor.UserEpoch, known(err)
}

// known leaves out that there is no such thing: footing says what that means.
func known(err error) error {
	if fault.Code(err) == "not_found" {
		return nil
	}
	return err
}
