package signin

import (
	"context"
	"time"

	"tenure/internal/access"
	"tenure/internal/account"
	"tenure/internal/address"
	"tenure/internal/attempt"
	"tenure/internal/db"
	"tenure/internal/factor"
	"tenure/internal/fault"
	"tenure/internal/id"
	"tenure/internal/job"
	"tenure/internal/member"
	"tenure/internal/once"
	"tenure/internal/outbox"
	"tenure/internal/secret"
	"tenure/internal/session"
	"tenure/internal/user"
)

// linkLife is how long a link to a new password, or one that confirms an
// address, can be used.
const linkLife = 60 * time.Minute

// ForgotJob is the kind of the job that mails a reset link. Its ref is the user.
const ForgotJob = "password.forgot"

// Forgot has a link to a new password mailed, if the address has an identity
// with a place. The answer is the same if not, and so is the time it takes: the
// link is made by a job. Who asks too often is not mailed again for a while.
//
// Faults: invalid for what is no address.
func (p *Passage) Forgot(ctx context.Context, email string) error {
	to, err := address.Parse(email)
	if err != nil {
		return err
	}
	return p.db.Housekeep(ctx, func(tx *db.Tx) error {
		if err := once.Claim(ctx, tx); err != nil {
			return err
		}
		if err := attempt.Of("forgot", to.Key, attempt.Mails).Add(ctx, tx); err != nil {
			return quietly(err)
		}
		u, err := user.ByEmail(ctx, tx, to.Key)
		if fault.Code(err) == "not_found" {
			return nil
		}
		if err != nil {
			return err
		}
		return job.Add(ctx, tx, "", ForgotJob, string(u.ID), tx.Now())
	})
}

// MailReset is the handler of ForgotJob.
func (p *Passage) MailReset(ctx context.Context, _ id.Account, ref string) error {
	return p.db.WriteUser(ctx, id.User(ref), func(tx *db.Tx) error {
		u, err := user.Get(ctx, tx, id.User(ref))
		if fault.Code(err) == "not_found" {
			return nil
		}
		if err != nil {
			return err
		}
		home, err := homeOf(ctx, tx, u)
		if err != nil || home.member.ID == "" {
			return err
		}
		return mailReset(ctx, tx, access.BySystem(), u, home)
	})
}

// mailReset opens a new reset link and mails it to the user, whose head the
// write has locked.
func mailReset(ctx context.Context, tx *db.Tx, by access.Actor, u user.User, home home) error {
	expires := tx.Now().Add(linkLife)
	reset, err := user.OpenReset(ctx, tx, by, u, expires)
	if err != nil {
		return err
	}
	_, err = outbox.Add(ctx, tx, outbox.Mail{Kind: outbox.PasswordReset, To: u.Email, Locale: home.locale(u), Subject: string(u.ID), Rotation: reset.Rotation,
		Facts: map[string]string{"name": home.member.FirstName, "expires_at": written(expires)}})
	return err
}

// home is one of the active places of a user, and every word that is theirs.
type home struct {
	member member.Member // zero without an active place
	words  []string      // address, names, names of accounts: not to be used as a password
}

// homeOf reads the places of a user, in the language and by the name of the
// first of which they are written to.
func homeOf(ctx context.Context, tx *db.Tx, u user.User) (home, error) {
	h := home{words: []string{u.Email}}
	places, err := member.OfUser(ctx, tx, u.ID)
	if err != nil {
		return h, err
	}
	for _, l := range only(places, active) {
		m, err := member.Get(ctx, tx, l.Account, l.Member)
		if err != nil {
			return h, err
		}
		a, err := account.Get(ctx, tx, l.Account)
		if err != nil {
			return h, err
		}
		if h.member.ID == "" {
			h.member = m
		}
		h.words = append(h.words, m.FirstName, m.LastName, a.Name)
	}
	return h, nil
}

func (h home) locale(u user.User) string {
	if h.member.Locale != "" {
		return h.member.Locale
	}
	return u.Locale
}

// by is the actor of what a person does by a link that was mailed to them.
func (h home) by(ctx context.Context, u user.User) access.Actor {
	return access.Actor{Kind: access.Member, Member: h.member.ID, User: u.ID, Origin: access.From(ctx).Origin}
}

// Reset sets a new password by a mailed link, once. It ends every session of the
// person and every other link, everywhere. It signs nobody in, so that whatever
// signing in asks for besides the password is asked for; and it makes nobody
// active. It gives the token by which the browser is known when they sign in:
// whoever has the mailbox is no stranger.
//
// Faults: not_found for what is no such link; gone token_used, token_expired;
// conflict member_inactive without an active place; weak_password, which leaves
// the link usable.
func (p *Passage) Reset(ctx context.Context, token, password string) (browser string, err error) {
	link, err := p.keeper.Read(secret.Reset, token)
	if err != nil {
		return "", err
	}
	var h home
	var f factor.Factor
	if err := p.db.Read(ctx, func(tx *db.Tx) (err error) {
		if _, h, err = resettable(ctx, tx, link); err != nil {
			return err
		}
		f, err = factor.Get(ctx, tx, id.User(link.ID))
		return err
	}); err != nil {
		return "", err
	}
	if err := checkPassword(f, p.db.Now(), password, h.words); err != nil {
		return "", err
	}
	hash, err := p.hasher.Hash(ctx, password)
	if err != nil {
		return "", err
	}
	err = p.db.WriteUser(ctx, id.User(link.ID), func(tx *db.Tx) error {
		u, h, err := resettable(ctx, tx, link)
		if err != nil {
			return err
		}
		u, err = setPassword(ctx, tx, h.by(ctx, u), u, h, newPassword{hash, user.Alone(password)}, user.ResetLink, "")
		browser = p.browser(u.ID, u.Epoch)
		return err
	})
	if err != nil {
		return "", err
	}
	return browser, nil
}

// resettable reads the user of a reset link that can be used now.
func resettable(ctx context.Context, tx *db.Tx, link secret.Link) (user.User, home, error) {
	u, err := user.Get(ctx, tx, id.User(link.ID))
	if err != nil {
		return u, home{}, err
	}
	if u.Reset.ExpiresAt.IsZero() || u.Reset.Rotation != link.Rotation {
		return u, home{}, used()
	}
	if !tx.Now().Before(u.Reset.ExpiresAt) {
		return u, home{}, expired()
	}
	h, err := homeOf(ctx, tx, u)
	if err == nil && h.member.ID == "" {
		err = inactive()
	}
	return u, h, err
}

func used() error {
	return fault.Gone("token_used", "This link was used, or a newer one has replaced it.")
}

func expired() error { return fault.Gone("token_expired", "The time of this link is over.") }

// checkPassword says whether somebody may have the password: a shorter one is
// enough beside a second factor, unless that is about to be reset.
func checkPassword(f factor.Factor, now time.Time, password string, words []string) error {
	if f.On() && !f.Open(now) {
		return user.CheckPasswordWithFactor(password, words...)
	}
	return user.CheckPassword(password, words...)
}

// newPassword is a password that was checked and hashed.
type newPassword struct {
	hash  user.Secret
	alone bool // long enough to be the only factor
}

// setPassword changes the password of the user whose head the write has locked,
// and ends all that hung on the old one. It gives the user as they are then. A
// short password takes a second factor also at this moment. Faults:
// weak_password.
func setPassword(ctx context.Context, tx *db.Tx, by access.Actor, u user.User, h home, given newPassword, why user.Why, except id.Session) (user.User, error) {
	f, err := factor.Get(ctx, tx, u.ID)
	if err != nil {
		return u, err
	}
	if !given.alone && !f.On() {
		return u, user.TooShort()
	}
	if u, err = user.SetPassword(ctx, tx, by, u, given.hash, given.alone, why); err != nil {
		return u, err
	}
	if _, err := session.EndUser(ctx, tx, by, u.ID, except, u.Epoch); err != nil {
		return u, err
	}
	if err := closeOwnChange(ctx, tx, u.ID); err != nil {
		return u, err
	}
	if !f.On() {
		if err := forgive(ctx, tx, u); err != nil {
			return u, err
		}
	}
	_, err = outbox.Add(ctx, tx, outbox.Mail{Kind: outbox.PasswordChanged, To: u.Email, Locale: h.locale(u), Subject: string(u.ID),
		Facts: map[string]string{"name": h.member.FirstName, "at": written(tx.Now())}})
	return u, err
}

// ChangePassword sets a new password for who knows the old one. It ends every
// other session of the person and every link, everywhere.
//
// Faults: unauthenticated, too_many_attempts, bad_credentials, weak_password with
// field new.
func (p *Passage) ChangePassword(ctx context.Context, actor access.Actor, current, wanted string) error {
	err := p.changePassword(ctx, actor, current, wanted)
	if weak := fault.As(err); fault.Code(err) == "weak_password" {
		for i := range weak.Fields {
			weak.Fields[i].Field = "new"
		}
	}
	return err
}

func (p *Passage) changePassword(ctx context.Context, actor access.Actor, current, wanted string) error {
	u, h, err := p.confirm(ctx, actor, current)
	if err != nil {
		return err
	}
	f, err := p.factorOf(ctx, u.ID)
	if err != nil {
		return err
	}
	if err := checkPassword(f, p.db.Now(), wanted, h.words); err != nil {
		return err
	}
	hash, err := p.hasher.Hash(ctx, wanted)
	if err != nil {
		return err
	}
	return p.db.WriteUser(ctx, u.ID, func(tx *db.Tx) error {
		now, err := still(ctx, tx, u)
		if err != nil {
			return err
		}
		_, err = setPassword(ctx, tx, actor, now, h, newPassword{hash, user.Alone(wanted)}, user.Changed, actor.Session)
		return err
	})
}

// confirm looks whether the signed-in person knows their password.
func (p *Passage) confirm(ctx context.Context, actor access.Actor, password string) (u user.User, h home, err error) {
	if actor.Kind != access.Member {
		return u, h, fault.Unauthenticated()
	}
	var f factor.Factor
	if err := p.db.Read(ctx, func(tx *db.Tx) error {
		if u, err = user.Get(ctx, tx, actor.User); err != nil {
			return err
		}
		if f, err = factor.Get(ctx, tx, u.ID); err != nil {
			return err
		}
		h, err = homeOf(ctx, tx, u)
		return err
	}); err != nil {
		return u, h, err
	}
	count := byAcquaintances(u.ID)
	if err := p.check(ctx, count, u, password); err != nil {
		return u, h, err
	}
	return u, h, p.passed(ctx, count, f)
}

// still reads the user again, if their credentials are those that were verified.
func still(ctx context.Context, tx *db.Tx, verified user.User) (user.User, error) {
	u, err := user.Get(ctx, tx, verified.ID)
	if err == nil && u.Epoch != verified.Epoch {
		err = fault.BadCredentials()
	}
	return u, err
}
