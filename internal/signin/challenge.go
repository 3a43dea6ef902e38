package signin

import (
	"context"
	"fmt"
	"strconv"

	"tenure/internal/access"
	"tenure/internal/address"
	"tenure/internal/attempt"
	"tenure/internal/audit"
	"tenure/internal/db"
	"tenure/internal/factor"
	"tenure/internal/fault"
	"tenure/internal/id"
	"tenure/internal/member"
	"tenure/internal/outbox"
	"tenure/internal/session"
	"tenure/internal/user"
)

// ask makes the challenge of somebody whose password was the right one.
func (p *Passage) ask(ctx context.Context, u user.User, count attempt.Count, f factor.Factor, place member.Place) (Arrival, error) {
	if err := p.passed(ctx, count, f); err != nil {
		return Arrival{}, err
	}
	var c factor.Challenge
	err := p.db.Housekeep(ctx, func(tx *db.Tx) (err error) {
		c, err = f.Challenge(ctx, tx, factor.Errand{User: u.ID, Epoch: u.Epoch, Account: place.Account, Member: place.Member})
		return err
	})
	if err != nil {
		return Arrival{}, err
	}
	return Arrival{Challenge: &c}, nil
}

// waiting is a half-done sign-in as it stands.
type waiting struct {
	factor.Errand
	user   user.User
	factor factor.Factor
}

// waiting reads a half-done sign-in that can still be finished.
//
// Faults: not_found for what is no challenge; gone token_used, also if the
// user's credentials have changed since, and token_expired.
func (p *Passage) waiting(ctx context.Context, token string) (w waiting, err error) {
	err = p.db.Read(ctx, func(tx *db.Tx) error {
		if w.Errand, err = factor.Waiting(ctx, tx, token); err != nil {
			return err
		}
		w.user, err = user.Get(ctx, tx, w.User)
		if fault.Code(err) == "not_found" || (err == nil && w.user.Epoch != w.Epoch) {
			return factor.Over()
		}
		if err != nil {
			return err
		}
		w.factor, err = factor.Get(ctx, tx, w.User)
		return err
	})
	return w, err
}

// Answer finishes a sign-in with a code: of the authenticator app, a recovery
// code, or a mailed one while a reset is open, which removes the factor. Where
// the sign-in was to accept an invitation, that happens now. Code and challenge
// work once, however many come at the same time; a wrong code leaves the
// challenge open.
//
// Faults: not_found for what is no challenge; gone token_used, token_expired;
// too_many_attempts; bad_credentials for a wrong code; conflict member_inactive,
// and short_password for a mailed code beside a password that needs the factor;
// what else accepting refuses.
func (p *Passage) Answer(ctx context.Context, actor access.Actor, token, code string) (Arrival, error) {
	w, err := p.waiting(ctx, token)
	if err != nil {
		return Arrival{}, err
	}
	count := p.countOf(ctx, w.user, w.user.EmailKey)
	if err := p.attempt(ctx, count); err != nil {
		return Arrival{}, err
	}
	if w.factor.Open(p.db.Now()) {
		if err := p.db.Housekeep(ctx, func(tx *db.Tx) error { return factor.Try(ctx, tx, w.User, code) }); err != nil {
			return Arrival{}, err
		}
	}
	in, err := p.finish(ctx, actor, w, p.answering(w, count, token, code))
	if err != nil && fault.Code(err) != "bad_credentials" {
		return Arrival{}, p.refund(ctx, count, err)
	}
	return in, err
}

// finish does what the sign-in was for.
func (p *Passage) finish(ctx context.Context, actor access.Actor, w waiting, further user.Further) (Arrival, error) {
	if w.Member != "" {
		return p.enter(ctx, entry{user: w.User, epoch: w.Epoch, place: member.Place{Account: w.Account, Member: w.Member}, further: further})
	}
	to, err := address.Parse(w.user.Email)
	if err != nil {
		return Arrival{}, fmt.Errorf("answer challenge: %w", err)
	}
	return p.ways.Accept(ctx, actor, w.Ask, user.Claimed(to, w.User, w.Epoch, further))
}

// answering uses challenge and code up, inside the write that lets the user in,
// and ends the count of failures.
func (p *Passage) answering(w waiting, count attempt.Count, token, code string) user.Further {
	return func(ctx context.Context, tx *db.Tx, u user.User) (user.User, error) {
		if err := factor.Answer(ctx, tx, token); err != nil {
			return u, err
		}
		by := access.Actor{Kind: access.Member, Account: w.Account, Member: w.Member, User: u.ID, Origin: access.From(ctx).Origin}
		method, err := factor.Spend(ctx, tx, by, p.keeper, u.ID, code, true)
		if err != nil {
			return u, err
		}
		if err := count.Clear(ctx, tx); err != nil {
			return u, err
		}
		switch method {
		case factor.Recovery:
			return u, tellRecovery(ctx, tx, u)
		case factor.Mailed:
			return resetFactor(ctx, tx, by, u)
		default:
			return u, nil
		}
	}
}

// tellRecovery writes that a recovery code was used, and how many are left.
func tellRecovery(ctx context.Context, tx *db.Tx, u user.User) error {
	f, err := factor.Get(ctx, tx, u.ID)
	if err != nil {
		return err
	}
	return tellFactor(ctx, tx, u, outbox.RecoveryCodeUsed, map[string]string{"left": strconv.FormatInt(f.Left, 10)})
}

// tellFactor writes to the user about their second factor.
func tellFactor(ctx context.Context, tx *db.Tx, u user.User, kind outbox.Kind, facts map[string]string) error {
	h, err := homeOf(ctx, tx, u)
	if err != nil {
		return err
	}
	facts["name"], facts["at"] = h.member.FirstName, written(tx.Now())
	_, err = outbox.Add(ctx, tx, outbox.Mail{Kind: kind, To: u.Email, Locale: h.locale(u), Subject: string(u.ID), Facts: facts})
	return err
}

// resetFactor removes the lost factor of who has shown the mailed code instead.
func resetFactor(ctx context.Context, tx *db.Tx, by access.Actor, u user.User) (user.User, error) {
	if !u.Alone {
		return u, shortPassword()
	}
	u, err := dropFactor(ctx, tx, by, u, factor.WasReset, "")
	if err != nil || by.Member == "" {
		return u, err
	}
	return u, audit.Record(ctx, tx, by, audit.Event{Action: factor.WasReset, Subject: audit.Of("member", by.Member)})
}

func shortPassword() error {
	return fault.Conflict("short_password", "Your password is too short to be the only factor. Choose one of at least 15 characters first.")
}

// dropFactor takes the factor from the user whose head the write has locked, and
// ends all that hung on it but the session excepted.
func dropFactor(ctx context.Context, tx *db.Tx, by access.Actor, u user.User, why string, except id.Session) (user.User, error) {
	if err := factor.Remove(ctx, tx, by, u.ID, why); err != nil {
		return u, err
	}
	u, err := renewed(ctx, tx, by, u, except)
	if err != nil {
		return u, err
	}
	return u, tellFactor(ctx, tx, u, outbox.FactorRemoved, map[string]string{})
}

// renewed ends all that hung on the credentials of the user, whose second factor
// has changed, but the session excepted.
func renewed(ctx context.Context, tx *db.Tx, by access.Actor, u user.User, except id.Session) (user.User, error) {
	u, err := user.Raise(ctx, tx, u)
	if err != nil {
		return u, err
	}
	if _, err := session.EndUser(ctx, tx, by, u.ID, except, u.Epoch); err != nil {
		return u, err
	}
	return u, closeOwnChange(ctx, tx, u.ID)
}

// MailCode mails another code to somebody whose factor is being reset. It says
// nothing of whether one is, and mails nothing to who asks too often.
//
// Faults: those of a challenge: not_found; gone token_used, token_expired.
func (p *Passage) MailCode(ctx context.Context, token string) error {
	w, err := p.waiting(ctx, token)
	if err != nil {
		return err
	}
	return p.db.Housekeep(ctx, func(tx *db.Tx) error {
		if err := codeMails(w.User).Add(ctx, tx); err != nil {
			return quietly(err)
		}
		return mailCode(ctx, tx, w.user)
	})
}

// codeMails counts the mailed codes of a user's reset.
func codeMails(who id.User) attempt.Count {
	return attempt.Of("factor code", string(who), attempt.Mails)
}

// quietly leaves out of an error that something was asked for too often, where
// the answer does not tell.
func quietly(err error) error {
	if attempt.TooMany(err) {
		return nil
	}
	return err
}

// mailCode mails a new code, if a reset is open.
func mailCode(ctx context.Context, tx *db.Tx, u user.User) error {
	rotation, expires, err := factor.NewCode(ctx, tx, u.ID)
	if fault.Code(err) == "factor_not_enabled" {
		return nil
	}
	if err != nil {
		return err
	}
	h, err := homeOf(ctx, tx, u)
	if err != nil {
		return err
	}
	_, err = outbox.Add(ctx, tx, outbox.Mail{Kind: outbox.FactorCode, To: u.Email, Locale: h.locale(u), Subject: string(u.ID), Rotation: rotation,
		Facts: map[string]string{"name": h.member.FirstName, "expires_at": written(expires)}})
	return err
}
