package invitation

import (
	"context"
	"fmt"
	"strings"
	"time"

	"tenure/internal/access"
	"tenure/internal/address"
	"tenure/internal/attempt"
	"tenure/internal/audit"
	"tenure/internal/db"
	"tenure/internal/fault"
	"tenure/internal/id"
	"tenure/internal/member"
	"tenure/internal/once"
	"tenure/internal/outbox"
	"tenure/internal/page"
	"tenure/internal/role"
)

// Listed is an invitation as lists show it.
type Listed struct {
	Invitation
	Inviter string          // the name of a member; empty for anybody else
	Mail    outbox.Delivery // of the newest link
}

// Filter narrows a list of invitations. Empty fields do not narrow.
type Filter struct {
	Status string // one of the statuses
	Query  string // part of an address
	Cursor string
	Limit  int
}

// List gives a page of invitations, the newest first, and the cursor of the
// next page, empty at the end.
//
// Faults: those of access.Allow with invitations.manage; invalid on status, q,
// cursor and limit.
func (p *Passage) List(ctx context.Context, actor access.Actor, account id.Account, f Filter) ([]Listed, string, error) {
	if err := access.Allow(actor, account, access.InvitationsManage); err != nil {
		return nil, "", err
	}
	var items []Listed
	var next string
	err := p.db.Read(ctx, func(tx *db.Tx) error {
		found, cursor, err := f.list(ctx, tx, account)
		if err != nil {
			return err
		}
		items, err = listed(ctx, tx, account, found)
		next = cursor
		return err
	})
	return items, next, err
}

func (f Filter) list(ctx context.Context, tx *db.Tx, account id.Account) ([]Invitation, string, error) {
	limit, err := page.Limit(f.Limit)
	if err != nil {
		return nil, "", err
	}
	where, args, err := f.where(tx.Now())
	if err != nil {
		return nil, "", err
	}
	args = append(args, limit+1)
	found, err := some(ctx, tx, account, where+fmt.Sprintf(" ORDER BY invitation_id DESC LIMIT $%d", len(args)+1), args...)
	if err != nil || len(found) <= limit {
		return found, "", err
	}
	return found[:limit], page.Cursor(string(found[limit-1].ID)), nil
}

// where gives the condition; its parameters begin at $2.
func (f Filter) where(now time.Time) (string, []any, error) {
	clauses, args := []string{"TRUE"}, []any{}
	add := func(clause string, value any) {
		args = append(args, value)
		clauses = append(clauses, fmt.Sprintf(clause, len(args)+1))
	}
	switch Status(f.Status) {
	case "":
	case Pending:
		add("status = 'pending' AND expires_at > $%d", db.Micros(now))
	case Expired:
		add("status IN ('pending', 'expired') AND (status = 'expired' OR expires_at <= $%d)", db.Micros(now))
	case Accepted, Declined, Withdrawn:
		add("status = $%d", f.Status)
	default:
		return "", nil, fault.Invalid("status", "unknown", "One of pending, accepted, declined, withdrawn and expired.")
	}
	query, err := address.Text("q", f.Query, 200)
	if err != nil {
		return "", nil, err
	}
	if key := address.Fold(query); key != "" {
		add(`email_key LIKE $%d ESCAPE '\'`, "%"+strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(key)+"%")
	}
	if f.Cursor != "" {
		var last string
		if err := page.Read(f.Cursor, &last); err != nil {
			return "", nil, err
		}
		if !id.Valid(id.Invitation(last)) {
			return "", nil, page.Malformed()
		}
		add("invitation_id < $%d", last)
	}
	return strings.Join(clauses, " AND "), args, nil
}

// listed adds the names of the inviters and how far the mails have come.
func listed(ctx context.Context, tx *db.Tx, account id.Account, found []Invitation) ([]Listed, error) {
	var sponsors []id.Member
	subjects := make([]string, len(found))
	for i, inv := range found {
		subjects[i] = string(inv.ID)
		if inv.Sponsor.Kind == access.Member {
			sponsors = append(sponsors, id.Member(inv.Sponsor.ID))
		}
	}
	names, err := member.Names(ctx, tx, account, sponsors)
	if err != nil {
		return nil, err
	}
	mails, err := outbox.Latest(ctx, tx, account, subjects)
	if err != nil {
		return nil, err
	}
	all := make([]Listed, len(found))
	for i, inv := range found {
		mail, there := mails[string(inv.ID)]
		if !there { // so long ago that the outbox has let go of it
			mail = outbox.Delivery{Status: outbox.Sent, At: inv.SentAt}
		}
		all[i] = Listed{Invitation: inv, Mail: mail}
		if inv.Sponsor.Kind == access.Member {
			all[i].Inviter = names[id.Member(inv.Sponsor.ID)]
		}
	}
	return all, nil
}

// Get gives one invitation. Faults: those of access.Allow with
// invitations.manage; not_found.
func (p *Passage) Get(ctx context.Context, actor access.Actor, account id.Account, invitation id.Invitation) (Listed, error) {
	if err := access.Allow(actor, account, access.InvitationsManage); err != nil {
		return Listed{}, err
	}
	var one Listed
	err := p.db.Read(ctx, func(tx *db.Tx) error {
		inv, err := Get(ctx, tx, account, invitation)
		if err != nil {
			return err
		}
		all, err := listed(ctx, tx, account, []Invitation{inv})
		if err == nil {
			one = all[0]
		}
		return err
	})
	return one, err
}

// Count gives how many invitations of the account are pending now. Faults:
// those of access.Allow with invitations.manage.
func (p *Passage) Count(ctx context.Context, actor access.Actor, account id.Account) (int64, error) {
	if err := access.Allow(actor, account, access.InvitationsManage); err != nil {
		return 0, err
	}
	var n int64
	err := p.db.Read(ctx, func(tx *db.Tx) error {
		return tx.One(ctx, `SELECT COUNT(*) FROM invitations WHERE account_id = $1 AND status = 'pending' AND expires_at > $2`,
			[]any{string(account), db.Micros(tx.Now())}, &n)
	})
	return n, err
}

// change loads an invitation for whoever may give its role, and hands it to the
// function inside a write.
func (p *Passage) change(ctx context.Context, actor access.Actor, account id.Account, invitation id.Invitation, fn func(tx *db.Tx, inv Invitation, offered access.Role) error) error {
	if err := access.Allow(actor, account, access.InvitationsManage); err != nil {
		return err
	}
	return p.db.Write(ctx, account, func(tx *db.Tx) error {
		inv, err := Get(ctx, tx, account, invitation)
		if err != nil {
			return err
		}
		given := inv.Role
		if inv.Member != "" { // bound: the place may have changed since
			m, err := member.Get(ctx, tx, account, inv.Member)
			if err != nil {
				return err
			}
			given = m.Role
		}
		offered, err := role.Get(ctx, tx, account, given)
		if err != nil {
			return err
		}
		if err := access.AllowGrant(actor, account, access.InvitationsManage, offered); err != nil {
			return err
		}
		return fn(tx, inv, offered)
	})
}

// Withdraw closes an invitation that is pending or expired: its links are dead
// at once. ifVersion, when not 0, is the version the caller read. Faults: those
// of access.AllowGrant with invitations.manage; not_found, stale; conflict
// already_accepted, invitation_closed.
func (p *Passage) Withdraw(ctx context.Context, actor access.Actor, account id.Account, invitation id.Invitation, ifVersion int64) error {
	return p.change(ctx, actor, account, invitation, func(tx *db.Tx, inv Invitation, _ access.Role) error {
		if ifVersion != 0 && ifVersion != inv.Version {
			return fault.Stale()
		}
		return end(ctx, tx, actor, account, inv, Withdraw)
	})
}

// end closes an invitation by a move and records it. What waits in the outbox
// for it does not go out.
func end(ctx context.Context, tx *db.Tx, actor access.Actor, account id.Account, inv Invitation, move Move) error {
	before := inv
	if move == Expire {
		inv.Status = inv.stored // time has moved it already; now it is written down
	}
	was := inv.Status
	next, err := was.On(move)
	if err != nil {
		return err
	}
	inv.Status, inv.copyLive, inv.ClosedAt = next, false, tx.Now()
	if _, err := save(ctx, tx, account, before, inv); err != nil {
		return err
	}
	if err := outbox.Recall(ctx, tx, account, string(inv.ID)); err != nil {
		return err
	}
	return audit.Record(ctx, tx, actor, audit.Event{Action: "invitation." + string(move), Subject: audit.Of("invitation", inv.ID),
		Changes: []audit.Change{audit.Plain("status", string(was), string(next))}})
}

// Resend mails an invitation that is pending or expired anew: the same
// invitation with a new link and a new term, vouched for by whoever resends it.
// Every older link, also a copied one, is dead.
//
// Faults: those of access.AllowGrant with invitations.manage; step_up_required
// for a role that manages anything; not_found;
// conflict already_accepted, invitation_closed; already_member and
// already_invited if the address has come in or was invited again meanwhile;
// seat_limit for an expired one that there is no room for; too_many_attempts for
// one that was resent again and again: whoever is invited is not to be flooded.
func (p *Passage) Resend(ctx context.Context, actor access.Actor, account id.Account, invitation id.Invitation) (Listed, error) {
	var sent Listed
	err := p.change(ctx, actor, account, invitation, func(tx *db.Tx, inv Invitation, offered access.Role) error {
		if err := access.ProvenToGive(actor, offered, tx.Now()); err != nil {
			return err
		}
		if err := free(ctx, tx, account, inv); err != nil {
			return err
		}
		if inv.Status == Expired {
			if err := p.reserve(ctx, tx, actor, account, offered); err != nil {
				return err
			}
		}
		if err := attempt.Of("resend", string(invitation), attempt.Mails).Add(ctx, tx); err != nil {
			return err
		}
		inv, err := resend(ctx, tx, actor, account, inv)
		if err != nil {
			return err
		}
		all, err := listed(ctx, tx, account, []Invitation{inv})
		if err == nil {
			sent = all[0]
		}
		return err
	})
	return sent, err
}

// free says whether an invitation may be opened again: nobody else holds its
// address, or is invited with it.
func free(ctx context.Context, tx *db.Tx, account id.Account, inv Invitation) error {
	if _, err := inv.Status.On(Resend); err != nil {
		return err
	}
	held, err := member.Emails(ctx, tx, account, []string{inv.EmailKey})
	if err != nil {
		return err
	}
	if holder, there := held[inv.EmailKey]; there && holder.ID != inv.Member {
		return fault.Conflict("already_member", "Somebody in this account has this e-mail address already.")
	}
	open, err := pendingFor(ctx, tx, account, []string{inv.EmailKey})
	if err != nil {
		return err
	}
	if other, there := open[inv.EmailKey]; there && other.ID != inv.ID {
		return fault.Conflict("already_invited", "There is a newer invitation for this e-mail address.")
	}
	return nil
}

// resend gives an invitation a new link and a new term, and mails it.
func resend(ctx context.Context, tx *db.Tx, actor access.Actor, acc id.Account, inv Invitation) (Invitation, error) {
	before := inv
	next, err := inv.Status.On(Resend)
	if err != nil {
		return Invitation{}, err
	}
	if inv.Member != "" { // bound: the place may have changed since
		m, err := member.Here(ctx, tx, acc, inv.Member)
		if err != nil {
			return Invitation{}, err
		}
		inv.Role, inv.Modules, inv.SubAccounts = m.Role, list(m.Modules), list(m.SubAccounts)
	}
	o, err := offerOf(ctx, tx, actor, acc, inv.Role)
	if err != nil {
		return Invitation{}, err
	}
	inv.Status, inv.ClosedAt, inv.SentAt = next, time.Time{}, tx.Now()
	inv.ExpiresAt = tx.Now().Add(o.account.Policy.InvitationTTL.Duration())
	inv.rotation++
	inv.copyLive, inv.Sponsor = false, sponsorOf(actor)
	inv.departure, inv.formerly = "", ""
	if inv, err = save(ctx, tx, acc, before, inv); err != nil {
		return Invitation{}, err
	}
	if err := audit.Record(ctx, tx, actor, audit.Event{Action: "invitation.resend", Subject: audit.Of("invitation", inv.ID), Changes: []audit.Change{
		audit.Plain("status", string(before.Status), string(next)), audit.Plain("expires_at", stamp(before.ExpiresAt), stamp(inv.ExpiresAt)),
		audit.Plain("sponsor", before.Sponsor.ID, inv.Sponsor.ID),
	}}); err != nil {
		return Invitation{}, err
	}
	if err := outbox.Recall(ctx, tx, acc, string(inv.ID)); err != nil {
		return Invitation{}, err
	}
	l, err := letterOf(ctx, tx, acc, inv)
	if err != nil {
		return Invitation{}, err
	}
	return inv, o.mail(ctx, tx, []letter{l})
}

// CopyLink mints a link to hand over by other means. It replaces an earlier
// copy and no mailed link, ends when the invitation ends, and does not prove
// the mailbox: whoever uses it is mailed a code first.
//
// Faults: those of access.AllowGrant with invitations.manage; step_up_required
// for a role that manages anything; not_found;
// conflict already_accepted, invitation_closed, invitation_expired.
func (p *Passage) CopyLink(ctx context.Context, actor access.Actor, account id.Account, invitation id.Invitation) (token string, expires time.Time, err error) {
	err = p.change(ctx, actor, account, invitation, func(tx *db.Tx, inv Invitation, offered access.Role) error {
		if err := access.ProvenToGive(actor, offered, tx.Now()); err != nil {
			return err
		}
		if inv.Status == Expired {
			return fault.Conflict("invitation_expired", "This invitation has expired. Send it again first.")
		}
		if _, err := inv.Status.On(Resend); err != nil {
			return err
		}
		before := inv
		inv.copied, inv.copyLive = inv.copied+1, true
		inv, err := save(ctx, tx, account, before, inv)
		if err != nil {
			return err
		}
		token, expires = p.copied(account, inv.ID, inv.copied), inv.ExpiresAt
		if err := once.Keep(ctx, tx, Copied{inv.copied, expires}); err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor, audit.Event{Action: "invitation.copy_link", Subject: audit.Of("invitation", inv.ID)})
	})
	return token, expires, err
}

// Forget erases what is personal in the closed invitations of a member, and in
// those to their address that led to no place, inside the caller's write, and
// gives their ids, so that the trail can forget them too. Somebody who came back
// has another place: its invitations stay. It records nothing: the erasure of
// the member does.
func Forget(ctx context.Context, tx *db.Tx, account id.Account, m member.Member) ([]id.Invitation, error) {
	forgotten, err := db.Column[id.Invitation](ctx, tx, `UPDATE invitations SET email = '', email_key = invitation_id, message = '', version = version + 1
		WHERE account_id = $1 AND status <> 'pending' AND (member_id = $2 OR (email_key = $3 AND member_id IS NULL)) RETURNING invitation_id`, []any{string(account), string(m.ID), m.EmailKey})
	if err != nil {
		return nil, fmt.Errorf("forget invitations of %s: %w", m.ID, err)
	}
	return forgotten, nil
}
