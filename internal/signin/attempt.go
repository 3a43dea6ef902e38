package signin

import (
	"context"
	"errors"
	"time"

	"tenure/internal/access"
	"tenure/internal/attempt"
	"tenure/internal/audit"
	"tenure/internal/db"
	"tenure/internal/fault"
	"tenure/internal/id"
	"tenure/internal/secret"
	"tenure/internal/user"
)

// How often passwords and codes may be guessed at, and waits be lifted.
var (
	guesses = attempt.Pace{Free: 10, First: 30 * time.Second, Longest: 15 * time.Minute, Forget: 24 * time.Hour}
	unlocks = attempt.Pace{Free: 3, First: 30 * time.Second, Longest: 15 * time.Minute, Forget: 24 * time.Hour}
)

// byStrangers counts what anybody tries at an address, whether or not somebody
// has it.
func byStrangers(emailKey string) attempt.Count {
	return attempt.Of("password", emailKey, guesses)
}

// byAcquaintances counts what is tried as somebody who is signed in, or from a
// browser that they were signed in with. Strangers, who can raise the other count
// as high as they like, do not make these wait (ADR 20).
func byAcquaintances(who id.User) attempt.Count {
	return attempt.Of("acquaintance", string(who), guesses)
}

// countOf says at which of the two counts somebody stands who is about to sign in
// as the user, or as nobody with the address.
func (p *Passage) countOf(ctx context.Context, u user.User, emailKey string) attempt.Count {
	link, err := p.keeper.Read(secret.Browser, access.From(ctx).Origin.Browser)
	if err == nil && u.ID != "" && link.ID == string(u.ID) && link.Rotation == u.Epoch {
		return byAcquaintances(u.ID)
	}
	return byStrangers(emailKey)
}

// Browser gives the token by which the browser of somebody who is signed in is
// known when they sign in again. It lets nobody in. A change of password, address
// or second factor makes it worthless. Nobody else has one: it is empty then.
func (p *Passage) Browser(actor access.Actor) string {
	if actor.Kind != access.Member {
		return ""
	}
	return p.browser(actor.User, actor.UserEpoch)
}

func (p *Passage) browser(who id.User, epoch int64) string {
	return p.keeper.Token(secret.Link{Kind: secret.Browser, ID: string(who), Rotation: epoch})
}

// attempt counts an attempt, before what is tried is looked at: of many guesses
// at the same time no more are looked at than one after the other. Faults:
// too_many_attempts.
func (p *Passage) attempt(ctx context.Context, c attempt.Count) error {
	return p.db.Housekeep(ctx, func(tx *db.Tx) error { return c.Add(ctx, tx) })
}

// refund takes back an attempt that was no failure.
func (p *Passage) refund(ctx context.Context, c attempt.Count, because error) error {
	ctx = context.WithoutCancel(ctx)
	return errors.Join(because, p.db.Housekeep(ctx, func(tx *db.Tx) error { return c.Refund(ctx, tx) }))
}

// forgive clears the counts of somebody whose password has changed: what was
// guessed at is no more.
func forgive(ctx context.Context, tx *db.Tx, u user.User) error {
	return errors.Join(byStrangers(u.EmailKey).Clear(ctx, tx), byAcquaintances(u.ID).Clear(ctx, tx))
}

// Unlock lets a member who has to wait try once more at once. It lifts the wait
// and keeps the count, which only they can end, by what is right: whoever may
// unlock could guess without end otherwise. And it is counted itself, because
// the identity may have places in other accounts too.
//
// Faults: those of access.AllowOver with members.manage; not_found; forbidden for
// oneself, which takes somebody else's word; step_up_required; conflict
// not_registered for who has not come in yet; too_many_attempts.
func (p *Passage) Unlock(ctx context.Context, actor access.Actor, account id.Account, who id.Member) error {
	if err := access.Allow(actor, account, access.MembersManage); err != nil {
		return err
	}
	return p.db.Write(ctx, account, func(tx *db.Tx) error {
		m, err := under(ctx, tx, actor, account, who)
		if err != nil {
			return err
		}
		if actor.Member == m.ID {
			return fault.Forbidden("forbidden", "Somebody else has to do this for you.")
		}
		if err := access.Proven(actor, tx.Now()); err != nil {
			return err
		}
		if !m.Registered() {
			return fault.Conflict("not_registered", "This person has not come in yet.")
		}
		if err := attempt.Of("unlock", string(m.User), unlocks).Add(ctx, tx); err != nil {
			return err
		}
		if err := liftWait(ctx, tx, m.User); err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor, audit.Event{Action: "member.unlock", Subject: audit.Of("member", m.ID)})
	})
}

// liftWait ends the time that a user has to wait, and keeps what was counted.
func liftWait(ctx context.Context, tx *db.Tx, who id.User) error {
	u, err := user.Get(ctx, tx, who)
	if err != nil {
		return err
	}
	return errors.Join(byStrangers(u.EmailKey).Lift(ctx, tx), byAcquaintances(u.ID).Lift(ctx, tx))
}
