package invitation

import (
	"context"
	"slices"
	"strings"

	"tenure/internal/access"
	"tenure/internal/account"
	"tenure/internal/address"
	"tenure/internal/db"
	"tenure/internal/fault"
	"tenure/internal/id"
	"tenure/internal/language"
	"tenure/internal/member"
	"tenure/internal/once"
	"tenure/internal/outbox"
	"tenure/internal/role"
)

// chunk is how many addresses one transaction takes, so that the writes of
// others go on between two of them.
const chunk = 500

// longestMessage is how many characters the sender may add to the mail.
const longestMessage = 1000

// Order asks for any number of addresses to be invited.
type Order struct {
	Emails      []string
	Role        string // empty: the account's ordinary role
	Modules     []id.Module
	SubAccounts []id.SubAccount
	Message     string // a personal word in the mail; may have several lines
	Locale      string // of the mail; empty: the language of whoever invites
}

// Result says what became of one address.
type Result struct {
	Email      string // as given
	Verdict    Verdict
	Code       string    // why, for invalid
	Invitation *Listed   // for invited and already_invited
	Member     id.Member // for already_member and inactive_member
}

// Invite invites addresses, with one verdict for each as given, in the order
// given. It commits in chunks and tells progress, which may be nil, how many
// addresses are done after each; what is done stays done. The same order twice
// invites nobody twice, and under one Idempotency-Key gives the same verdicts:
// what was cut short goes on where it was. Verdicts look only inside the account.
//
// Faults: those of access.AllowGrant with invitations.manage and of
// access.AllowGrants; step_up_required for a role that manages anything, asked
// once for all of them; the faults of member.CheckGrants; invalid on fields
// emails, role, message and locale.
func (p *Passage) Invite(ctx context.Context, actor access.Actor, acc id.Account, order Order, progress func(done int)) ([]Result, error) {
	if err := access.Allow(actor, acc, access.InvitationsManage); err != nil {
		return nil, err
	}
	order, err := order.checked()
	if err != nil {
		return nil, err
	}
	var policy account.Policy
	if err := p.db.Read(ctx, func(tx *db.Tx) error {
		o, err := order.offer(ctx, tx, actor, acc)
		if err != nil {
			return err
		}
		policy = o.account.Policy
		return access.ProvenToGive(actor, o.role, tx.Now())
	}); err != nil {
		return nil, err
	}
	all := candidates(order.Emails, policy)
	results := make([]Result, 0, len(all))
	for part := range slices.Chunk(all, chunk) {
		done, err := p.inviteOnce(once.Step(ctx, len(results)/chunk), actor, acc, order, part)
		if err != nil {
			return nil, err
		}
		results = append(results, done...)
		if progress != nil {
			progress(len(results))
		}
	}
	return results, nil
}

// inviteOnce takes one chunk, or says again what became of it when it was taken
// under the same key.
func (p *Passage) inviteOnce(ctx context.Context, actor access.Actor, acc id.Account, order Order, part []candidate) (done []Result, err error) {
	err = p.db.Write(ctx, acc, func(tx *db.Tx) error {
		if done, err = p.invite(ctx, tx, actor, acc, order, part); err != nil {
			return err
		}
		return once.Keep(ctx, tx, verdictsOf(done))
	})
	if kept, before := once.Done(err); before {
		return p.recall(ctx, acc, part, kept)
	}
	return done, err
}

func (o Order) checked() (Order, error) {
	if len(o.Emails) == 0 {
		return o, fault.Invalid("emails", "required", "Name at least one e-mail address.")
	}
	if o.Locale != "" && !language.Known(o.Locale) {
		return o, fault.Invalid("locale", "unknown", "There are no mails in this language.")
	}
	var err error
	o.Message, err = address.Lines("message", o.Message, longestMessage)
	return o, err
}

// offer settles what the order offers and whether the actor may, as things are
// in this transaction: a member's rights are read anew.
func (o Order) offer(ctx context.Context, tx *db.Tx, actor access.Actor, acc id.Account) (offer, error) {
	if actor.Kind == access.Member {
		now, err := member.Actor(ctx, tx, acc, actor.Member)
		if err != nil {
			return offer{}, err
		}
		now.Session, now.Origin = actor.Session, actor.Origin
		actor = now
	}
	key := strings.TrimSpace(o.Role)
	if key == "" {
		roles, err := role.List(ctx, tx, acc)
		if err != nil {
			return offer{}, err
		}
		key = role.Lowest(roles).Key
	}
	made, err := offerOf(ctx, tx, actor, acc, key)
	if err != nil {
		return offer{}, err
	}
	if err := access.AllowGrant(actor, acc, access.InvitationsManage, made.role); err != nil {
		return offer{}, err
	}
	if err := access.AllowGrants(actor, o.Modules, o.SubAccounts); err != nil {
		return offer{}, err
	}
	if err := member.CheckGrants(ctx, tx, acc, made.role, o.Modules, o.SubAccounts); err != nil {
		return offer{}, err
	}
	made.modules, made.subAccounts, made.message = o.Modules, o.SubAccounts, o.Message
	made.locale, err = member.LocaleFor(ctx, tx, actor, acc, o.Locale)
	return made, err
}

// invite judges one chunk and invites whom it can.
func (p *Passage) invite(ctx context.Context, tx *db.Tx, actor access.Actor, acc id.Account, o Order, part []candidate) ([]Result, error) {
	made, err := o.offer(ctx, tx, actor, acc)
	if err != nil {
		return nil, err
	}
	v, err := made.survey(ctx, tx, part)
	if err != nil {
		return nil, err
	}
	found, err := p.ask(ctx, tx, actor, acc, made.role, len(part))
	if err != nil {
		return nil, err
	}
	fit(v.results, found.Room)
	var letters []letter
	for i, c := range part {
		if v.results[i].Verdict != Invited {
			continue
		}
		if over := v.open[c.address.Key]; over.ID != "" { // its time is over; it never blocks a new one
			if err := end(ctx, tx, actor, acc, over, Expire); err != nil {
				return nil, err
			}
		}
		inv := made.fresh(tx.Now(), actor, c.address)
		letters = append(letters, letter{invitation: inv, kind: outbox.Invitation})
		v.results[i].Invitation = &Listed{Invitation: inv, Inviter: made.inviter, Mail: outbox.Delivery{Status: outbox.Queued, At: tx.Now()}}
	}
	if err := made.send(ctx, tx, actor, letters); err != nil {
		return nil, err
	}
	return v.results, point(ctx, tx, acc, v.results, v.waiting)
}

// point gives the results of those who were invited before their invitations,
// which stand in the same order.
func point(ctx context.Context, tx *db.Tx, account id.Account, results []Result, waiting []Invitation) error {
	all, err := listed(ctx, tx, account, waiting)
	if err != nil {
		return err
	}
	for i := range results {
		if results[i].Verdict == AlreadyInvited {
			results[i].Invitation, all = &all[0], all[1:]
		}
	}
	return nil
}
