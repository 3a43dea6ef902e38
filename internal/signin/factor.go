package signin

import (
	"context"
	"fmt"

	"tenure/internal/access"
	"tenure/internal/account"
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

// Factor reads the caller's second factor. Faults: unauthenticated.
func (p *Passage) Factor(ctx context.Context, actor access.Actor) (factor.Factor, error) {
	if actor.Kind != access.Member {
		return factor.Factor{}, fault.Unauthenticated()
	}
	return p.factorOf(ctx, actor.User)
}

// BeginFactor gives the caller what to set an authenticator app up with. It is no
// factor before ConfirmFactor, and beginning again makes it worthless.
//
// Faults: unauthenticated, step_up_required; conflict factor_enabled.
func (p *Passage) BeginFactor(ctx context.Context, actor access.Actor) (factor.Setup, error) {
	if err := p.proven(actor); err != nil {
		return factor.Setup{}, err
	}
	var u user.User
	if err := p.db.Read(ctx, func(tx *db.Tx) (err error) {
		u, err = user.Get(ctx, tx, actor.User)
		return err
	}); err != nil {
		return factor.Setup{}, err
	}
	setup, err := factor.NewSetup(p.ways.House, u.Email)
	if err != nil {
		return factor.Setup{}, err
	}
	err = p.db.WriteUser(ctx, actor.User, func(tx *db.Tx) error {
		return factor.Begin(ctx, tx, actor, p.keeper, actor.User, setup.Seed)
	})
	return setup, err
}

// proven says whether the caller is a person who proved lately who they are.
func (p *Passage) proven(actor access.Actor) error {
	if actor.Kind != access.Member {
		return fault.Unauthenticated()
	}
	return access.Proven(actor, p.db.Now())
}

// ConfirmFactor makes what BeginFactor gave the caller's second factor, by a code
// of the app, and gives their recovery codes, this once. It ends every other
// session, link and half-done sign-in of theirs, everywhere.
//
// Faults: unauthenticated, step_up_required; too_many_attempts, bad_credentials;
// conflict factor_enabled, factor_not_begun.
func (p *Passage) ConfirmFactor(ctx context.Context, actor access.Actor, code string) (codes []string, err error) {
	if err := p.proven(actor); err != nil {
		return nil, err
	}
	err = p.spending(ctx, actor, func(tx *db.Tx, u user.User) error {
		if codes, err = factor.Confirm(ctx, tx, actor, p.keeper, u.ID, code); err != nil {
			return err
		}
		if u, err = renewed(ctx, tx, actor, u, actor.Session); err != nil {
			return err
		}
		if err := session.Prove(ctx, tx, actor.Account, actor.Member, actor.Session); err != nil {
			return err
		}
		return tellFactor(ctx, tx, u, outbox.FactorAdded, map[string]string{})
	})
	if err != nil {
		return nil, err
	}
	return codes, nil
}

// spending runs a write on the caller's identity that takes a code. The attempt
// is counted before, with those at the password, and the right code clears them.
func (p *Passage) spending(ctx context.Context, actor access.Actor, work func(tx *db.Tx, u user.User) error) error {
	if actor.Kind != access.Member {
		return fault.Unauthenticated()
	}
	count := byAcquaintances(actor.User)
	if err := p.attempt(ctx, count); err != nil {
		return err
	}
	err := p.db.WriteUser(ctx, actor.User, func(tx *db.Tx) error {
		u, err := user.Get(ctx, tx, actor.User)
		if err != nil {
			return err
		}
		if err := work(tx, u); err != nil {
			return err
		}
		return count.Clear(ctx, tx)
	})
	if err != nil && fault.Code(err) != "bad_credentials" {
		return p.refund(ctx, count, err)
	}
	return err
}

// RenewCodes gives the caller ten new recovery codes; the old ones are dead.
//
// Faults: unauthenticated; too_many_attempts, bad_credentials; conflict
// factor_not_enabled.
func (p *Passage) RenewCodes(ctx context.Context, actor access.Actor, code string) (codes []string, err error) {
	err = p.spending(ctx, actor, func(tx *db.Tx, u user.User) error {
		if _, err := factor.Spend(ctx, tx, actor, p.keeper, u.ID, code, false); err != nil {
			return err
		}
		codes, err = factor.Renew(ctx, tx, actor, u.ID)
		return err
	})
	if err != nil {
		return nil, err
	}
	return codes, nil
}

// RemoveFactor takes the caller's second factor away. It ends every other
// session, link and half-done sign-in of theirs, everywhere.
//
// Faults: unauthenticated, step_up_required; too_many_attempts, bad_credentials;
// conflict factor_not_enabled, factor_required if an account of theirs wants one,
// short_password if the password alone would not do.
func (p *Passage) RemoveFactor(ctx context.Context, actor access.Actor, code string) error {
	if err := p.proven(actor); err != nil {
		return err
	}
	return p.spending(ctx, actor, func(tx *db.Tx, u user.User) error {
		f, err := factor.Get(ctx, tx, u.ID)
		switch {
		case err != nil:
			return err
		case !f.On():
			return factor.NotEnabled()
		case !u.Alone:
			return shortPassword()
		}
		if err := unrequired(ctx, tx, u.ID); err != nil {
			return err
		}
		if _, err := factor.Spend(ctx, tx, actor, p.keeper, u.ID, code, false); err != nil {
			return err
		}
		_, err = dropFactor(ctx, tx, actor, u, factor.Removed, actor.Session)
		return err
	})
}

// unrequired says whether no account that the user has an active place in
// requires a second factor. Faults: conflict factor_required.
func unrequired(ctx context.Context, tx *db.Tx, who id.User) error {
	places, err := member.OfUser(ctx, tx, who)
	if err != nil {
		return err
	}
	for _, l := range only(places, active) {
		required, err := account.RequiresFactor(ctx, tx, l.Account)
		if err != nil {
			return err
		}
		if required {
			return factor.Due()
		}
	}
	return nil
}

// StepUp notes that the person behind the session has proved once more who they
// are: with a code, who has a second factor, else with the password.
//
// Faults: unauthenticated; invalid on field code or password if it is not given;
// too_many_attempts, bad_credentials.
func (p *Passage) StepUp(ctx context.Context, actor access.Actor, code, password string) error {
	f, err := p.Factor(ctx, actor)
	if err != nil {
		return err
	}
	switch {
	case f.On() && code == "":
		return fault.Invalid("code", "required", "Give a code of your second factor.")
	case f.On():
		return p.spending(ctx, actor, func(tx *db.Tx, u user.User) error {
			if _, err := factor.Spend(ctx, tx, actor, p.keeper, u.ID, code, false); err != nil {
				return err
			}
			return stepUp(ctx, tx, actor)
		})
	case password == "":
		return fault.Invalid("password", "required", "Give your password.")
	}
	verified, _, err := p.confirm(ctx, actor, password)
	if err != nil {
		return err
	}
	return p.db.WriteUser(ctx, verified.ID, func(tx *db.Tx) error {
		if _, err := still(ctx, tx, verified); err != nil {
			return err
		}
		return stepUp(ctx, tx, actor)
	})
}

func stepUp(ctx context.Context, tx *db.Tx, actor access.Actor) error {
	if err := session.Prove(ctx, tx, actor.Account, actor.Member, actor.Session); err != nil {
		return fmt.Errorf("step up: %w", err)
	}
	return audit.RecordUser(ctx, tx, actor, audit.Event{Action: "session.step_up", Subject: audit.Of("session", actor.Session)})
}

// ResetFactor lets a member who has lost their second factor get past it, at the
// word of who may change them: with their password and a code that is mailed to
// them. The answer does not tell whether there is a factor, and who starts it
// learns no code.
//
// Faults: those of access.AllowOver with members.manage; not_found; forbidden for
// one's own, which takes somebody else's word.
func (p *Passage) ResetFactor(ctx context.Context, actor access.Actor, acc id.Account, who id.Member) error {
	if err := access.Allow(actor, acc, access.MembersManage); err != nil {
		return err
	}
	return p.db.Write(ctx, acc, func(tx *db.Tx) error {
		m, err := under(ctx, tx, actor, acc, who)
		if err != nil {
			return err
		}
		if actor.Member == m.ID {
			return fault.Forbidden("forbidden", "Somebody else has to start this for you.")
		}
		if m.User != "" && m.Status == member.Active {
			if err := openReset(ctx, tx, actor, acc, m.User); err != nil {
				return err
			}
		}
		return audit.Record(ctx, tx, actor, audit.Event{Action: "member.reset_factor", Subject: audit.Of("member", m.ID)})
	})
}

// openReset opens the reset of a user's factor and mails the first code, unless
// there is no factor or it was asked for too often.
func openReset(ctx context.Context, tx *db.Tx, actor access.Actor, acc id.Account, who id.User) error {
	if err := tx.LockUser(ctx, who); err != nil {
		return err
	}
	f, err := factor.Get(ctx, tx, who)
	if err != nil || !f.On() {
		return err
	}
	if err := codeMails(who).Add(ctx, tx); err != nil {
		return quietly(err)
	}
	u, err := user.Get(ctx, tx, who)
	if err != nil {
		return err
	}
	if err := factor.OpenReset(ctx, tx, actor, acc, who); err != nil {
		return err
	}
	return mailCode(ctx, tx, u)
}
