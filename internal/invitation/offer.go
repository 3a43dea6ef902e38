package invitation

import (
	"context"
	"fmt"
	"strings"
	"time"

	"tenure/internal/access"
	"tenure/internal/account"
	"tenure/internal/address"
	"tenure/internal/audit"
	"tenure/internal/db"
	"tenure/internal/id"
	"tenure/internal/language"
	"tenure/internal/member"
	"tenure/internal/outbox"
	"tenure/internal/role"
	"tenure/internal/user"
)

// offer is what the invitations of one call have in common.
type offer struct {
	account     account.Account
	role        access.Role
	modules     []id.Module
	subAccounts []id.SubAccount
	message     string
	locale      string
	inviter     string
}

// letter is one invitation to be mailed.
type letter struct {
	invitation Invitation
	kind       outbox.Kind
	name       string // first name of the reader, where it is known
}

// fresh makes an invitation of the offer, not yet stored.
func (o offer) fresh(now time.Time, actor access.Actor, to address.Address) Invitation {
	return Invitation{
		ID: id.New[id.Invitation](), Email: to.Written, EmailKey: to.Key, Role: o.role.Key, Modules: list(o.modules), SubAccounts: list(o.subAccounts),
		Message: o.message, Locale: o.locale, Status: Pending, Sponsor: sponsorOf(actor), ExpiresAt: now.Add(o.account.Policy.InvitationTTL.Duration()),
		Version: 1, CreatedAt: now, SentAt: now, stored: Pending, rotation: 1,
	}
}

func list[T any](ids []T) []T {
	if ids == nil {
		return []T{}
	}
	return ids
}

const (
	insertColumns = 16
	insertRows    = 31 // 496 parameters a statement
)

// send stores fresh invitations with their events and mails them.
func (o offer) send(ctx context.Context, tx *db.Tx, actor access.Actor, letters []letter) error {
	for rest := letters; len(rest) > 0; {
		chunk := rest[:min(len(rest), insertRows)]
		rest = rest[len(chunk):]
		if err := o.insert(ctx, tx, chunk); err != nil {
			return err
		}
	}
	events := make([]audit.Event, len(letters))
	for i, l := range letters {
		events[i] = audit.Event{Action: "invitation.create", Subject: audit.Of("invitation", l.invitation.ID), Changes: created(l.invitation)}
	}
	if err := audit.RecordMany(ctx, tx, actor, events); err != nil {
		return err
	}
	return o.mail(ctx, tx, letters)
}

func created(inv Invitation) []audit.Change {
	changes := []audit.Change{
		audit.Personal("email", nil, inv.Email), audit.Plain("role", nil, inv.Role), audit.Plain("expires_at", nil, stamp(inv.ExpiresAt)),
	}
	if len(inv.Modules) > 0 {
		changes = append(changes, audit.Plain("modules", nil, inv.Modules))
	}
	if len(inv.SubAccounts) > 0 {
		changes = append(changes, audit.Plain("sub_accounts", nil, inv.SubAccounts))
	}
	if inv.Member != "" {
		changes = append(changes, audit.Plain("member", nil, string(inv.Member)))
	}
	return changes
}

func stamp(t time.Time) string { return t.Format(time.RFC3339) }

func (o offer) insert(ctx context.Context, tx *db.Tx, letters []letter) error {
	rows := make([]string, len(letters))
	args := make([]any, 0, len(letters)*insertColumns)
	for i, l := range letters {
		inv := l.invitation
		rows[i] = "(" + db.Params(len(args)+1, insertColumns) + ")"
		args = append(args, string(o.account.ID), string(inv.ID), inv.Email, inv.EmailKey, inv.Role, db.JSON(inv.Modules), db.JSON(inv.SubAccounts),
			inv.Message, inv.Locale, string(inv.Status), db.Null(string(inv.Member)), string(inv.Sponsor.Kind), inv.Sponsor.ID,
			db.Micros(inv.ExpiresAt), db.Micros(inv.CreatedAt), db.Micros(inv.SentAt))
	}
	_, err := tx.Exec(ctx, `INSERT INTO invitations (account_id, invitation_id, email, email_key, role_key, modules, sub_accounts, message, locale, status,
		member_id, sponsor_kind, sponsor_id, expires_at, created_at, sent_at) VALUES `+strings.Join(rows, ", "), args...)
	if err != nil {
		return fmt.Errorf("store invitations: %w", err)
	}
	return nil
}

// mail writes the mails of invitations as they stand.
func (o offer) mail(ctx context.Context, tx *db.Tx, letters []letter) error {
	mails := make([]outbox.Mail, len(letters))
	for i, l := range letters {
		inv := l.invitation
		mails[i] = outbox.Mail{
			Account: o.account.ID, Kind: l.kind, To: inv.Email, Locale: inv.Locale, Subject: string(inv.ID), Rotation: inv.rotation,
			Facts: map[string]string{
				"account": o.account.Name, "accent": o.account.Accent, "inviter": o.inviter, "email": inv.Email, "role": o.role.Name,
				"message": inv.Message, "expires_at": stamp(inv.ExpiresAt), "name": l.name,
			},
		}
	}
	_, err := outbox.AddMany(ctx, tx, mails)
	return err
}

// inviterName is how the mails and pages name whoever invites: a member by
// name, anybody else not at all.
func inviterName(ctx context.Context, tx *db.Tx, account id.Account, s Sponsor) (string, error) {
	if s.Kind != access.Member {
		return "", nil
	}
	names, err := member.Names(ctx, tx, account, []id.Member{id.Member(s.ID)})
	return names[id.Member(s.ID)], err
}

// Bind makes the invitation that belongs to a member who was added directly,
// inside the caller's write, and sends it; one that is pending already is sent
// anew under its id, with a new link. Whatever else is pending for the member
// or their address is withdrawn. The mail asks somebody new to set a password
// and somebody with an identity to sign in; the caller learns nothing of it.
// The caller has checked who may do this. Faults: conflict, with the code of what
// blocks one more that waits.
func (p *Passage) Bind(ctx context.Context, tx *db.Tx, actor access.Actor, acc id.Account, m member.Member) (id.Invitation, error) {
	open, err := some(ctx, tx, acc, `status = 'pending' AND (email_key = $2 OR member_id = $3)`, m.EmailKey, string(m.ID))
	if err != nil {
		return "", err
	}
	o, err := offerOf(ctx, tx, actor, acc, m.Role)
	if err != nil {
		return "", err
	}
	for _, inv := range open {
		if inv.Member == m.ID && inv.EmailKey == m.EmailKey {
			if inv.Status == Expired { // it has given its seat away
				if err := p.reserve(ctx, tx, actor, acc, o.role); err != nil {
					return "", err
				}
			}
			_, err := resend(ctx, tx, actor, acc, inv)
			return inv.ID, err
		}
		if err := end(ctx, tx, actor, acc, inv, Withdraw); err != nil {
			return "", err
		}
	}
	if err := p.reserve(ctx, tx, actor, acc, o.role); err != nil {
		return "", err
	}
	to, err := address.Parse(m.Email)
	if err != nil {
		return "", fmt.Errorf("bind %s: %w", m.ID, err)
	}
	o.modules, o.subAccounts, o.locale = m.Modules, m.SubAccounts, language.Choose(m.Locale)
	inv := o.fresh(tx.Now(), actor, to)
	inv.Member = m.ID
	l, err := letterOf(ctx, tx, acc, inv)
	if err != nil {
		return "", err
	}
	return inv.ID, o.send(ctx, tx, actor, []letter{l})
}

// AskPending asks for the invitation that is pending for the address, given as its
// key, also when its time is over.
func AskPending(account id.Account, emailKey string, found *id.Invitation) db.Question {
	return db.AskIfThere(`SELECT invitation_id FROM invitations WHERE account_id = $1 AND status = 'pending' AND email_key = $2`,
		[]any{string(account), emailKey}, (*string)(found))
}

// Unbind looks for whatever invitation is pending for the address, given as its
// key, and then closes it, inside the caller's write.
func Unbind(actor access.Actor, account id.Account, emailKey string, now time.Time) db.Inquiry {
	open := []Invitation{}
	pending := askSome(account, now, &open, `status = 'pending' AND email_key = $2`, emailKey)
	return db.Inquiry{Questions: []db.Question{pending}, Then: func(ctx context.Context, tx *db.Tx) error {
		for _, inv := range open {
			move := Withdraw
			if inv.Status == Expired {
				move = Expire
			}
			if err := end(ctx, tx, actor, account, inv, move); err != nil {
				return err
			}
		}
		return nil
	}}
}

// Offer invites one address with one role inside the caller's write, in the
// place of whatever is pending for it. The caller has checked who may do this
// and that nobody in the account has the address. Faults: conflict, with the code
// of what blocks one more that waits.
func (p *Passage) Offer(ctx context.Context, tx *db.Tx, actor access.Actor, acc id.Account, to address.Address, roleKey string) (id.Invitation, error) {
	if err := tx.Inquire(ctx, Unbind(actor, acc, to.Key, tx.Now())); err != nil {
		return "", err
	}
	o, err := offerOf(ctx, tx, actor, acc, roleKey)
	if err != nil {
		return "", err
	}
	if err := p.reserve(ctx, tx, actor, acc, o.role); err != nil {
		return "", err
	}
	inv := o.fresh(tx.Now(), actor, to)
	return inv.ID, o.send(ctx, tx, actor, []letter{{invitation: inv, kind: outbox.Invitation}})
}

// offerOf begins an offer of a role by the actor.
func offerOf(ctx context.Context, tx *db.Tx, actor access.Actor, acc id.Account, roleKey string) (offer, error) {
	o := offer{locale: language.Default}
	var err error
	if o.account, err = account.Get(ctx, tx, acc); err != nil {
		return o, err
	}
	if o.role, err = role.Get(ctx, tx, acc, roleKey); err != nil {
		return o, err
	}
	o.inviter, err = inviterName(ctx, tx, acc, sponsorOf(actor))
	return o, err
}

// letterOf says which mail an invitation is sent with: one that is bound to a
// member who was added directly is a welcome.
func letterOf(ctx context.Context, tx *db.Tx, account id.Account, inv Invitation) (letter, error) {
	l := letter{invitation: inv, kind: outbox.Invitation}
	if inv.Member == "" {
		return l, nil
	}
	m, err := member.Get(ctx, tx, account, inv.Member)
	if err != nil {
		return l, err
	}
	l.name = m.FirstName
	owner, err := user.Owner(ctx, tx, inv.EmailKey)
	l.kind = outbox.Welcome
	if owner != nil {
		l.kind = outbox.JoinExisting
	}
	return l, err
}
