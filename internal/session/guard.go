package session

import (
	"context"
	"errors"
	"fmt"

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
		s, same, err := c.unmoved(ctx, tx, actor)
		if err != nil || same {
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

// unmoved reads the session and reports whether nothing that rights rest on has
// changed since the actor's were read: every such change raises the epoch of the
// member, the account or the user. It is quick; where it does not hold, the
// rights may still be the same. Faults: unauthenticated, also where the user is
// no more.
func (c *Cache) unmoved(ctx context.Context, tx *db.Tx, actor access.Actor) (s row, same bool, err error) {
	var place, whole, person int64
	err = tx.Ask(ctx, s.where(`session_id = $2`, string(actor.Account), string(actor.Session)),
		c.sources.Place(actor.Account, actor.Member, &place), account.AskEpoch(actor.Account, &whole), c.sources.Person(actor.User, &person))
	if errors.Is(err, db.ErrNone) {
		return s, false, fault.Unauthenticated()
	}
	if err != nil {
		return s, false, fmt.Errorf("look at session again: %w", err)
	}
	return s, s.member == actor.Member && s.user == actor.User && s.epoch == actor.UserEpoch &&
		place == actor.Epoch && whole == actor.AccountEpoch && person == actor.UserEpoch, nil
}
