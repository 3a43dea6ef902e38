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
	return db.WithGuard(ctx, func() db.Inquiry {
		var now basis
		return db.Inquiry{Questions: now.ask(actor, c.sources), Then: func(ctx context.Context, tx *db.Tx) error {
			switch {
			case now.session.id == "":
				return fault.Unauthenticated()
			case now.carries(actor):
				return nil
			}
			on, err := c.footing(ctx, tx, actor.Account, now.session.member)
			if err != nil {
				return err
			}
			if !on.carries(now.session) {
				return fault.Unauthenticated()
			}
			return actor.Unchanged(on.actor)
		}}
	})
}

// basis is what an actor's rights rest on: every change of them raises one of the
// epochs. It is quick to read; where it has moved, the rights may still be the same.
type basis struct {
	session              row
	place, whole, person int64 // epochs of member, account and user
}

func (b *basis) ask(actor access.Actor, sources Sources) []db.Question {
	return []db.Question{
		b.session.where(`session_id = $2`, string(actor.Account), string(actor.Session)),
		sources.Place(actor.Account, actor.Member, &b.place),
		account.AskEpoch(actor.Account, &b.whole),
		sources.Person(actor.User, &b.person),
	}
}

// carries reports whether nothing has moved since the actor's rights were read.
func (b basis) carries(actor access.Actor) bool {
	s := b.session
	return s.member == actor.Member && s.user == actor.User && s.epoch == actor.UserEpoch &&
		b.place == actor.Epoch && b.whole == actor.AccountEpoch && b.person == actor.UserEpoch
}
