package signin

import (
	"context"
	"errors"
	"fmt"
	"time"

	"tenure/internal/access"
	"tenure/internal/account"
	"tenure/internal/address"
	"tenure/internal/attempt"
	"tenure/internal/audit"
	"tenure/internal/db"
	"tenure/internal/fault"
	"tenure/internal/id"
	"tenure/internal/job"
	"tenure/internal/key"
	"tenure/internal/member"
	"tenure/internal/outbox"
	"tenure/internal/secret"
	"tenure/internal/session"
	"tenure/internal/user"
)

// The kinds of the jobs after a change of address.
const (
	FollowJob = "member.follow_email" // ref is the member
	EraseJob  = "user.erase"          // ref is the user
)

// change is an address that waits for its mailbox to confirm it: of a user
// everywhere, or of one place. A row is never deleted, so that a rotation is
// never given twice.
type change struct {
	account  id.Account // empty for a user's own
	member   id.Member
	user     id.User // empty for a place
	email    string
	rotation int64
	expires  time.Time
	used     time.Time
	// kind and requester are who asked for the address of a place, and have to be
	// allowed to until it is confirmed.
	kind      access.Kind
	requester string
}

// open writes the change down in the place of the one before it, whose link is
// dead from then on.
func (c *change) open(ctx context.Context, tx *db.Tx, to address.Address) error {
	c.email, c.expires = to.Written, tx.Now().Add(linkLife)
	err := tx.One(ctx, `INSERT INTO email_changes (account_id, member_id, user_id, email, email_key, rotation, expires_at, requested_kind, requested_id)
		VALUES ($1, $2, $3, $4, $5, 1, $6, $7, $8)
		ON CONFLICT (account_id, member_id, user_id) DO UPDATE SET email = $4, email_key = $5, rotation = email_changes.rotation + 1, expires_at = $6, used_at = NULL,
		requested_kind = $7, requested_id = $8
		RETURNING rotation`, []any{string(c.account), string(c.member), string(c.user), c.email, to.Key, db.Micros(c.expires), string(c.kind), c.requester}, &c.rotation)
	if err != nil {
		return fmt.Errorf("open change of address: %w", err)
	}
	return nil
}

// read gives the change of a link that can be used now. Faults: not_found; gone
// token_used, token_expired.
func read(ctx context.Context, tx *db.Tx, link secret.Link) (change, address.Address, error) {
	c := change{account: link.Account}
	if link.Account == "" {
		c.user = id.User(link.ID)
	} else {
		c.member = id.Member(link.ID)
	}
	err := tx.One(ctx, `SELECT email, rotation, expires_at, used_at, requested_kind, requested_id FROM email_changes
		WHERE account_id = $1 AND member_id = $2 AND user_id = $3`, []any{string(c.account), string(c.member), string(c.user)},
		&c.email, &c.rotation, db.Time(&c.expires), db.Time(&c.used), (*string)(&c.kind), &c.requester)
	switch {
	case errors.Is(err, db.ErrNone):
		return c, address.Address{}, fault.NotFound()
	case err != nil:
		return c, address.Address{}, fmt.Errorf("read change of address: %w", err)
	case !c.used.IsZero() || c.rotation != link.Rotation:
		return c, address.Address{}, used()
	case !tx.Now().Before(c.expires):
		return c, address.Address{}, expired()
	}
	to, err := address.Parse(c.email)
	return c, to, err
}

// close makes the link of the change dead and forgets the address.
func (c change) close(ctx context.Context, tx *db.Tx) error {
	_, err := tx.Exec(ctx, `UPDATE email_changes SET used_at = $4, email = '', email_key = '' WHERE account_id = $1 AND member_id = $2 AND user_id = $3 AND used_at IS NULL`,
		string(c.account), string(c.member), string(c.user), db.Micros(tx.Now()))
	if err != nil {
		return fmt.Errorf("close change of address: %w", err)
	}
	return nil
}

// closeRequested makes the links dead that a member asked for, about whatever
// places of the account.
func closeRequested(ctx context.Context, tx *db.Tx, acc id.Account, by id.Member) error {
	_, err := tx.Exec(ctx, `UPDATE email_changes SET used_at = $4, email = '', email_key = '' WHERE account_id = $1 AND requested_id = $2 AND requested_kind = $3
		AND used_at IS NULL`, string(acc), string(by), string(access.Member), db.Micros(tx.Now()))
	if err != nil {
		return fmt.Errorf("close requested changes of address: %w", err)
	}
	return nil
}

// vouched says whether who asked may still give the place to somebody, with the
// rights of today. The operator always may. Faults: gone email_change_closed.
func (c change) vouched(ctx context.Context, tx *db.Tx, place member.Member) error {
	var now access.Actor
	var err error
	switch c.kind {
	case access.Operator, access.System:
		return nil
	case access.Key:
		now, err = key.Actor(ctx, tx, c.account, id.Key(c.requester), member.Actor)
	default:
		now, err = member.Actor(ctx, tx, c.account, id.Member(c.requester))
	}
	if fault.Code(err) == "unauthenticated" {
		return changeClosed().Because(err)
	}
	if err != nil {
		return err
	}
	_, err = member.AllowGiven(ctx, tx, now, c.account, place)
	if f := fault.As(err); f != nil {
		return changeClosed().Because(err)
	}
	return err
}

func changeClosed() *fault.Fault {
	return fault.Gone("email_change_closed", "Whoever asked for this address may not change it any more. Ask an administrator of the account.")
}

// closeOwnChange makes the user's own link dead, if one is open.
func closeOwnChange(ctx context.Context, tx *db.Tx, user id.User) error {
	return change{user: user}.close(ctx, tx)
}

// RequestEmail asks a new mailbox to confirm that it is the person's. Nothing
// changes until then. Whether the address has an identity already is not told,
// only whether a colleague in one of their own accounts has it.
//
// Faults: unauthenticated, step_up_required; invalid for what is no address, or
// the one they have; too_many_attempts, bad_credentials; conflict email_taken by
// a colleague.
func (p *Passage) RequestEmail(ctx context.Context, actor access.Actor, email, password string) error {
	if err := p.proven(actor); err != nil { // who has a second factor shows it: the password alone is one of two
		return err
	}
	to, err := address.Parse(email)
	if err != nil {
		return err
	}
	verified, h, err := p.confirm(ctx, actor, password)
	if err != nil {
		return err
	}
	if to.Written == verified.Email {
		return fault.Invalid("email", "unchanged", "This is your address already.")
	}
	if err := p.attempt(ctx, attempt.Of("email", string(verified.ID), attempt.Mails)); err != nil {
		return err
	}
	return p.db.WriteUser(ctx, verified.ID, func(tx *db.Tx) error {
		u, err := still(ctx, tx, verified)
		if err != nil {
			return err
		}
		if err := unheldAround(ctx, tx, u.ID, to); err != nil {
			return err
		}
		c := change{user: u.ID}
		if err := c.open(ctx, tx, to); err != nil {
			return err
		}
		if _, err := outbox.Add(ctx, tx, outbox.Mail{Kind: outbox.EmailConfirm, To: to.Written, Locale: h.locale(u), Subject: string(u.ID), Rotation: c.rotation,
			Facts: map[string]string{"name": h.member.FirstName, "email": to.Written, "expires_at": written(c.expires)}}); err != nil {
			return err
		}
		return audit.RecordUser(ctx, tx, actor, audit.Event{Action: "email.request", Subject: audit.Of("user", u.ID),
			Changes: []audit.Change{audit.Personal("email", u.Email, to.Written)}})
	})
}

// RequestMemberEmail asks a new mailbox to confirm an address that an
// administrator wants a place to have, inside the caller's write. Nothing of the
// place changes until then.
//
// Faults: those of access.Allow with members.manage and of member.AllowGiven;
// forbidden for one's own place, whose address takes one's password; conflict
// not_registered, member_inactive, email_taken within the account;
// too_many_attempts.
func (p *Passage) RequestMemberEmail(ctx context.Context, tx *db.Tx, actor access.Actor, acc id.Account, m member.Member, to address.Address) error {
	if err := access.Allow(actor, acc, access.MembersManage); err != nil {
		return err
	}
	if actor.Member == m.ID {
		return member.OwnEmail()
	}
	if _, err := member.AllowGiven(ctx, tx, actor, acc, m); err != nil {
		return err
	}
	if err := movable(ctx, tx, acc, m, to); err != nil {
		return err
	}
	if err := attempt.Of("email", string(m.ID), attempt.Mails).Add(ctx, tx); err != nil {
		return err
	}
	c := change{account: acc, member: m.ID, kind: actor.Kind, requester: actor.Name()}
	if err := c.open(ctx, tx, to); err != nil {
		return err
	}
	facts, err := factsFor(ctx, tx, actor, acc, m)
	if err != nil {
		return err
	}
	facts["email"], facts["expires_at"] = to.Written, written(c.expires)
	if _, err := outbox.Add(ctx, tx, outbox.Mail{Account: acc, Kind: outbox.EmailConfirm, To: to.Written, Locale: m.Locale, Subject: string(m.ID),
		Rotation: c.rotation, Facts: facts}); err != nil {
		return err
	}
	return audit.Record(ctx, tx, actor, audit.Event{Action: "email.request", Subject: audit.Of("member", m.ID),
		Changes: []audit.Change{audit.Personal("email", m.Email, to.Written)}})
}

// movable says whether a place may get the address.
func movable(ctx context.Context, tx *db.Tx, acc id.Account, m member.Member, to address.Address) error {
	if m.Status != member.Active {
		return fault.Conflict("member_inactive", "This person is not active.")
	}
	if !m.Registered() {
		return fault.Conflict("not_registered", "This person has not come in yet. Remove them and add them with the right address.")
	}
	return unheld(ctx, tx, acc, m.ID, to)
}

// unheld says whether nobody else in the account has the address. Faults:
// conflict email_taken.
func unheld(ctx context.Context, tx *db.Tx, acc id.Account, who id.Member, to address.Address) error {
	held, err := member.Emails(ctx, tx, acc, []string{to.Key})
	if err != nil {
		return err
	}
	if holder, taken := held[to.Key]; taken && holder.ID != who {
		return member.EmailTaken()
	}
	return nil
}

// unheldAround says whether a user's places can all show the address: nobody
// else in any of those accounts has it. Faults: conflict email_taken.
func unheldAround(ctx context.Context, tx *db.Tx, who id.User, to address.Address) error {
	places, err := member.OfUser(ctx, tx, who)
	if err != nil {
		return err
	}
	for _, l := range only(places, here) {
		if err := unheld(ctx, tx, l.Account, l.Member, to); err != nil {
			return err
		}
	}
	return nil
}

func here(l member.Place) bool { return l.Status.Here() }

// factsFor gives what mails about a place show: the account, and who did it.
func factsFor(ctx context.Context, tx *db.Tx, actor access.Actor, acc id.Account, m member.Member) (map[string]string, error) {
	a, err := account.Get(ctx, tx, acc)
	if err != nil {
		return nil, err
	}
	facts := map[string]string{"account": a.Name, "accent": a.Accent, "name": m.FirstName}
	if actor.Kind == access.Member && actor.Member != "" {
		names, err := member.Names(ctx, tx, acc, []id.Member{actor.Member})
		if err != nil {
			return nil, err
		}
		facts["by"] = names[actor.Member]
	}
	return facts, nil
}

// ConfirmEmail does what the link from the new mailbox confirms: it changes the
// address of a user, or gives one place to the identity of that address.
//
// Faults: not_found for what is no such link; gone token_used, token_expired,
// and email_change_closed if whoever asked for it may not any more; conflict
// email_taken, already_member, member_inactive.
func (p *Passage) ConfirmEmail(ctx context.Context, token string) error {
	link, err := p.keeper.Read(secret.Confirm, token)
	if err != nil {
		return err
	}
	if link.Account == "" {
		return p.confirmOwn(ctx, link)
	}
	return user.Persist(func() error { return p.confirmPlace(ctx, link) })
}

// confirmOwn changes a user's address. It ends every session of theirs and every
// other link, everywhere; their places follow up.
func (p *Passage) confirmOwn(ctx context.Context, link secret.Link) error {
	return p.db.WriteUser(ctx, id.User(link.ID), func(tx *db.Tx) error {
		c, to, err := read(ctx, tx, link)
		if err != nil {
			return err
		}
		before, err := user.Get(ctx, tx, c.user)
		if err != nil {
			return err
		}
		h, err := homeOf(ctx, tx, before)
		if err != nil {
			return err
		}
		if h.member.ID == "" {
			return inactive()
		}
		if err := unheldAround(ctx, tx, before.ID, to); err != nil {
			return err
		}
		by := h.by(ctx, before)
		u, err := user.ChangeEmail(ctx, tx, by, before, to)
		if err != nil {
			return err
		}
		if err := c.close(ctx, tx); err != nil {
			return err
		}
		if _, err := session.EndUser(ctx, tx, by, u.ID, "", u.Epoch); err != nil {
			return err
		}
		if err := followUp(ctx, tx, u.ID); err != nil {
			return err
		}
		return tellOld(ctx, tx, "", before.Email, h.locale(u), string(u.ID), map[string]string{"name": h.member.FirstName, "email": u.Email})
	})
}

// followUp has every place of a user show the new address.
func followUp(ctx context.Context, tx *db.Tx, u id.User) error {
	places, err := member.OfUser(ctx, tx, u)
	if err != nil {
		return err
	}
	for _, l := range only(places, here) {
		if err := job.Add(ctx, tx, l.Account, FollowJob, string(l.Member), tx.Now()); err != nil {
			return err
		}
	}
	return nil
}

// tellOld writes to the address that is left.
func tellOld(ctx context.Context, tx *db.Tx, acc id.Account, old, locale, subject string, facts map[string]string) error {
	facts["at"] = written(tx.Now())
	_, err := outbox.Add(ctx, tx, outbox.Mail{Account: acc, Kind: outbox.EmailChanged, To: old, Locale: locale, Subject: subject, Facts: facts})
	return err
}

// Follow is the handler of FollowJob.
func (p *Passage) Follow(ctx context.Context, acc id.Account, ref string) error {
	return p.db.Write(ctx, acc, func(tx *db.Tx) error {
		m, err := member.Get(ctx, tx, acc, id.Member(ref))
		if err != nil || !m.Status.Here() || m.User == "" {
			return err
		}
		u, err := user.Get(ctx, tx, m.User)
		if err != nil || u.Email == m.Email {
			return err
		}
		to, err := address.Parse(u.Email)
		if err != nil {
			return err
		}
		_, err = member.FollowEmail(ctx, tx, access.BySystem(), acc, m, to)
		return err
	})
}

// confirmPlace gives one place to the identity that has the confirmed address.
// Having the mailbox is no sign-in: who has an identity signs in with its
// password, and for who has none one is made without, with a link to set it in
// the same mailbox. The identity before keeps its other places and has nothing
// here any more.
func (p *Passage) confirmPlace(ctx context.Context, link secret.Link) error {
	return p.db.Write(ctx, link.Account, func(tx *db.Tx) error {
		c, to, err := read(ctx, tx, link)
		if err != nil {
			return err
		}
		before, err := member.Here(ctx, tx, c.account, c.member)
		if err != nil {
			return err
		}
		if err := c.vouched(ctx, tx, before); err != nil {
			return err
		}
		if err := movable(ctx, tx, c.account, before, to); err != nil {
			return err
		}
		by := access.Actor{Kind: access.Member, Account: c.account, Member: before.ID, Origin: access.From(ctx).Origin}
		u, made, err := identity(ctx, tx, by, to, before.Locale)
		if err != nil {
			return err
		}
		if there, err := member.ByUser(ctx, tx, c.account, u.ID); err == nil && there.ID != before.ID {
			return fault.Conflict("already_member", "Who has this address has a place in this account already.")
		} else if err != nil && fault.Code(err) != "not_found" {
			return err
		}
		m, err := member.Rebind(ctx, tx, by, c.account, before, u.ID, to)
		if err != nil {
			return err
		}
		if err := c.close(ctx, tx); err != nil {
			return err
		}
		if made {
			if err := mailReset(ctx, tx, by, u, home{member: m}); err != nil {
				return err
			}
		}
		return leave(ctx, tx, by, c.account, before, m)
	})
}

// identity gives the user who has the address, locked, and makes one without a
// password if there is none.
func identity(ctx context.Context, tx *db.Tx, by access.Actor, to address.Address, locale string) (u user.User, made bool, err error) {
	u, err = user.ByEmail(ctx, tx, to.Key)
	if fault.Code(err) == "not_found" {
		u, err = user.Create(ctx, tx, by, user.New{Email: to, Locale: locale})
		if fault.Code(err) == "email_taken" {
			err = user.ErrMoved // somebody was faster
		}
		return u, true, err
	}
	if err != nil {
		return u, false, err
	}
	if err := tx.LockUser(ctx, u.ID); err != nil {
		return u, false, err
	}
	now, err := user.Get(ctx, tx, u.ID)
	if fault.Code(err) == "not_found" || (err == nil && now.EmailKey != to.Key) {
		err = user.ErrMoved
	}
	return now, false, err
}

// leave ends what the identity before had at the place, tells its mailbox, and
// sees to it that an identity without any place does not stay.
func leave(ctx context.Context, tx *db.Tx, by access.Actor, acc id.Account, before, m member.Member) error {
	if before.User == m.User {
		return nil // only spelled in another way
	}
	if _, err := session.EndMember(ctx, tx, by, acc, m.ID, ""); err != nil {
		return err
	}
	if _, err := key.EndMember(ctx, tx, by, acc, m.ID, ""); err != nil {
		return err
	}
	if err := job.Add(ctx, tx, "", EraseJob, string(before.User), tx.Now()); err != nil {
		return err
	}
	facts, err := factsFor(ctx, tx, access.Actor{}, acc, m)
	if err != nil {
		return err
	}
	facts["email"] = m.Email
	return tellOld(ctx, tx, acc, before.Email, before.Locale, string(before.User), facts)
}

// EraseUser is the handler of EraseJob: it erases an identity that has no place.
func (p *Passage) EraseUser(ctx context.Context, _ id.Account, ref string) error {
	return p.db.WriteUser(ctx, id.User(ref), func(tx *db.Tx) error {
		places, err := member.OfUser(ctx, tx, id.User(ref))
		if err != nil || len(places) > 0 {
			return err
		}
		if _, err := user.Get(ctx, tx, id.User(ref)); err != nil {
			if fault.Code(err) == "not_found" {
				return nil
			}
			return err
		}
		if err := closeOwnChange(ctx, tx, id.User(ref)); err != nil {
			return err
		}
		return user.Erase(ctx, tx, access.BySystem(), id.User(ref))
	})
}
