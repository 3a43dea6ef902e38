package founding

import (
	"context"
	"errors"
	"fmt"
	"time"

	"tenure/internal/access"
	"tenure/internal/account"
	"tenure/internal/address"
	"tenure/internal/attempt"
	"tenure/internal/db"
	"tenure/internal/factor"
	"tenure/internal/fault"
	"tenure/internal/id"
	"tenure/internal/member"
	"tenure/internal/once"
	"tenure/internal/outbox"
	"tenure/internal/role"
	"tenure/internal/secret"
	"tenure/internal/session"
	"tenure/internal/user"
)

const (
	// linkLife is how long a sign-up can be confirmed.
	linkLife = 24 * time.Hour
	// mostAnHour is how many mails an address gets by sign-ups in an hour.
	mostAnHour = 3
	// keptAfter is how long a sign-up is kept that nobody confirmed.
	keptAfter = 7 * 24 * time.Hour
)

// SignUp asks for an account: the link in the mail makes it. It answers the
// same whether or not the address is known, and also when it sends nothing
// because too many were asked for. A sign-up is no fact yet, and makes no event.
//
// Faults: forbidden where sign-up is closed; invalid.
func (p *Passage) SignUp(ctx context.Context, o Order) error {
	if !p.open {
		return fault.Forbidden("forbidden", "Sign-up is closed here. Ask whoever runs this server for an account.")
	}
	plan, err := o.checked()
	if err != nil {
		return err
	}
	err = p.db.Housekeep(ctx, func(tx *db.Tx) error {
		if err := once.Claim(ctx, tx); err != nil {
			return err
		}
		now := tx.Now()
		if _, err := tx.Exec(ctx, `DELETE FROM sign_ups WHERE expires_at < $1`, db.Micros(now.Add(-keptAfter))); err != nil {
			return err
		}
		err := mailsTo(plan.to).Add(ctx, tx)
		if attempt.TooMany(err) {
			return nil
		}
		if err != nil {
			return err
		}
		return plan.await(ctx, tx)
	})
	if err != nil {
		return fmt.Errorf("sign up: %w", err)
	}
	return nil
}

// mailsTo counts the mails that an address gets by sign-ups, one after the other
// also on several nodes.
func mailsTo(to address.Address) attempt.Count {
	return attempt.Of("sign up", to.Key, attempt.Pace{Free: mostAnHour, First: time.Hour, Longest: time.Hour, Forget: time.Hour})
}

// await keeps the plan until it is confirmed, and mails the link.
func (p plan) await(ctx context.Context, tx *db.Tx) error {
	signUp, expires := id.New[id.SignUp](), tx.Now().Add(linkLife)
	if err := tx.ExecOne(ctx, `INSERT INTO sign_ups (sign_up_id, name, preset, email, email_key, first_name, last_name, locale, created_at, expires_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`, string(signUp), p.name, p.preset.Name, p.to.Written, p.to.Key, p.firstName, p.lastName, p.locale,
		db.Micros(tx.Now()), db.Micros(expires)); err != nil {
		return err
	}
	owner, err := user.Owner(ctx, tx, p.to.Key)
	if err != nil {
		return err
	}
	kind := outbox.SignUp
	if owner != nil {
		kind = outbox.SignUpExisting
	}
	_, err = outbox.Add(ctx, tx, outbox.Mail{
		Kind: kind, To: p.to.Written, Locale: p.locale, Subject: string(signUp), Rotation: 1,
		Facts: map[string]string{"account": p.name, "name": p.firstName, "expires_at": expires.Format(time.RFC3339)},
	})
	return err
}

// Visit is where whoever confirms comes from.
type Visit struct {
	UserAgent string
	IP        string
}

// Confirm makes the account of a sign-up with its administrator, and signs them
// in, or asks for their second factor. Somebody new sets the password; somebody with an identity gives theirs,
// or is signed in with it.
//
// Faults: not_found for a link that was not made here; gone token_used and
// token_expired; invalid on field password; weak_password; bad_credentials and
// too_many_attempts.
func (p *Passage) Confirm(ctx context.Context, actor access.Actor, token, password string, v Visit) (Founded, error) {
	link, err := p.keeper.Read(secret.SignUp, token)
	if err != nil {
		return Founded{}, err
	}
	if link.Account != "" || !id.Valid(id.SignUp(link.ID)) {
		return Founded{}, fault.NotFound()
	}
	var f Founded
	err = user.Persist(func() (err error) {
		f, err = p.confirm(ctx, actor, id.SignUp(link.ID), password, v)
		return err
	})
	return f, err
}

func (p *Passage) confirm(ctx context.Context, actor access.Actor, signUp id.SignUp, password string, v Visit) (Founded, error) {
	var asked plan
	var owner *user.User
	if err := p.db.Read(ctx, func(tx *db.Tx) (err error) {
		if asked, err = awaited(ctx, tx, signUp); err != nil {
			return err
		}
		owner, err = user.Owner(ctx, tx, asked.to.Key)
		return err
	}); err != nil {
		return Founded{}, err
	}
	claim, err := p.claims.Prove(ctx, actor, asked.to, owner, password, asked.name, asked.firstName, asked.lastName)
	if err != nil {
		return Founded{}, err
	}
	var f Founded
	acc := id.New[id.Account]()
	err = p.db.Found(ctx, acc, func(tx *db.Tx) (err error) {
		f, err = asked.confirmed(ctx, tx, actor, signUp, acc, claim, v)
		return err
	})
	if err != nil {
		return Founded{}, err
	}
	return f, nil
}

// confirmed uses the sign-up up and makes what was asked for.
func (p plan) confirmed(ctx context.Context, tx *db.Tx, actor access.Actor, signUp id.SignUp, acc id.Account, claim user.Claim, v Visit) (Founded, error) {
	if err := use(ctx, tx, signUp); err != nil {
		return Founded{}, err
	}
	by := access.BySystem()
	by.Origin = actor.Origin
	u, err := claim.Settle(ctx, tx, by, p.locale)
	if err != nil {
		return Founded{}, err
	}
	var f Founded
	if f.Account, f.Owner, err = p.begin(ctx, tx, by, acc, ""); err != nil {
		return Founded{}, err
	}
	self := access.Actor{Kind: access.Member, Account: acc, Member: f.Owner.ID, User: u.ID, Email: u.Email, Origin: actor.Origin}
	if f.Owner, err = member.Register(ctx, tx, self, acc, f.Owner.ID, u.ID, "", ""); err != nil {
		return Founded{}, err
	}
	if f.Challenge, err = half(ctx, tx, actor, acc, f.Owner.ID, u, claim); err != nil || f.Challenge != nil {
		return f, err
	}
	held, err := role.Get(ctx, tx, acc, f.Owner.Role)
	if err != nil {
		return Founded{}, err
	}
	f.Session, err = session.Begin(ctx, tx, session.Beginning{
		Account: acc, Member: f.Owner.ID, User: u.ID, UserEpoch: u.Epoch, Role: held, UserAgent: v.UserAgent, IP: v.IP, ProvedAt: claim.ProvedAt(actor),
		Email: u.Email, FirstName: f.Owner.FirstName, Locale: f.Owner.Locale,
	})
	return f, err
}

// half asks for the second factor of an owner who has one and has given no more
// than a password; nil if there is nothing to ask. The account is theirs, and
// they sign in to it like to any other.
func half(ctx context.Context, tx *db.Tx, actor access.Actor, acc id.Account, owner id.Member, u user.User, claim user.Claim) (*factor.Challenge, error) {
	if claim.Owner() == "" || claim.By(actor) {
		return nil, nil
	}
	f, err := factor.Get(ctx, tx, u.ID)
	if err != nil || !f.On() {
		return nil, err
	}
	c, err := f.Challenge(ctx, tx, factor.Errand{User: u.ID, Epoch: u.Epoch, Account: acc, Member: owner})
	return &c, err
}

// awaited reads a sign-up that can be confirmed now. Faults: not_found; gone
// token_used, token_expired.
func awaited(ctx context.Context, tx *db.Tx, signUp id.SignUp) (plan, error) {
	var p plan
	var preset, email string
	var expires, confirmed time.Time
	err := tx.One(ctx, `SELECT name, preset, email, first_name, last_name, locale, expires_at, confirmed_at FROM sign_ups WHERE sign_up_id = $1`,
		[]any{string(signUp)}, &p.name, &preset, &email, &p.firstName, &p.lastName, &p.locale, db.Time(&expires), db.Time(&confirmed))
	switch {
	case errors.Is(err, db.ErrNone):
		return p, fault.NotFound()
	case err != nil:
		return p, fmt.Errorf("read sign-up: %w", err)
	case !confirmed.IsZero():
		return p, used()
	case !tx.Now().Before(expires):
		return p, fault.Gone("token_expired", "This link has expired. Please sign up once more.")
	}
	if p.preset, err = account.PresetOf(preset); err != nil {
		return p, err
	}
	p.to, err = address.Parse(email)
	return p, err
}

func used() error {
	return fault.Gone("token_used", "This link has been used already. Please sign in.")
}

// use marks a sign-up as confirmed, once, and forgets who asked: the account
// knows.
func use(ctx context.Context, tx *db.Tx, signUp id.SignUp) error {
	n, err := tx.Exec(ctx, `UPDATE sign_ups SET confirmed_at = $2, email = '', email_key = sign_up_id, first_name = '', last_name = ''
		WHERE sign_up_id = $1 AND confirmed_at IS NULL AND expires_at > $2`, string(signUp), db.Micros(tx.Now()))
	if err != nil {
		return fmt.Errorf("use sign-up: %w", err)
	}
	if n == 0 {
		return used()
	}
	return nil
}
