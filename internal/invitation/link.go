package invitation

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"tenure/internal/access"
	"tenure/internal/account"
	"tenure/internal/address"
	"tenure/internal/db"
	"tenure/internal/fault"
	"tenure/internal/id"
	"tenure/internal/member"
	"tenure/internal/role"
	"tenure/internal/secret"
	"tenure/internal/user"
)

// read takes a token apart. Faults: not_found for what was not made here.
func (p *Passage) read(token string) (secret.Link, error) {
	kind := secret.Invitation
	if strings.HasPrefix(token, string(secret.Copy)+"_") {
		kind = secret.Copy
	}
	link, err := p.keeper.Read(kind, token)
	if err != nil {
		return link, err
	}
	if link.Account == "" || !id.Valid(id.Invitation(link.ID)) {
		return link, fault.NotFound()
	}
	return link, nil
}

// opens says whether the link is the newest of its kind and its invitation
// still open to the move.
//
// Faults: those of Status.On, and gone invitation_replaced. What is closed is
// told first, then what is replaced, then what has expired: each says what the
// holder can do about it.
func (inv Invitation) opens(link secret.Link, move Move) error {
	_, err := inv.Status.On(move)
	if err != nil && inv.Status != Expired {
		return err
	}
	newest := link.Rotation == inv.rotation
	if link.Kind == secret.Copy {
		newest = inv.copyLive && link.Rotation == inv.copied
	}
	if !newest {
		return replaced()
	}
	return err
}

// opened is an invitation with what accepting it gives, as things are in the
// transaction that read it.
type opened struct {
	invitation  Invitation
	to          address.Address
	account     account.Account
	role        access.Role
	modules     []id.Module
	subAccounts []id.SubAccount
	bound       *member.Member // who was added directly and waits for this
	identity    *user.User     // who owns the address, if anybody does yet
}

// open reads the invitation of a link for whoever wants to accept it.
//
// Faults: those of opens; not_found; gone invitation_closed if whoever vouches
// for it may not give this role any more, or the place is not there any more.
func open(ctx context.Context, tx *db.Tx, link secret.Link) (opened, error) {
	var o opened
	var err error
	if o.invitation, err = Get(ctx, tx, link.Account, id.Invitation(link.ID)); err != nil {
		return o, err
	}
	if err := o.invitation.opens(link, Accept); err != nil {
		return o, err
	}
	if o.to, err = address.Parse(o.invitation.Email); err != nil {
		return o, fmt.Errorf("open %s: %w", link.ID, err)
	}
	if o.account, err = account.Get(ctx, tx, link.Account); err != nil {
		return o, err
	}
	if err := o.place(ctx, tx); err != nil {
		return o, err
	}
	if err := o.vouched(ctx, tx); err != nil {
		return o, err
	}
	o.identity, err = user.Owner(ctx, tx, o.to.Key)
	return o, err
}

// place settles what is given: the place of a bound member as it is now, or
// what was offered as far as the account still has it.
func (o *opened) place(ctx context.Context, tx *db.Tx) error {
	key := o.invitation.Role
	if o.invitation.Member != "" {
		m, err := member.Get(ctx, tx, o.account.ID, o.invitation.Member)
		if err != nil {
			return err
		}
		if !m.Status.Here() || m.EmailKey != o.invitation.EmailKey {
			return closed()
		}
		o.bound, key = &m, m.Role
	}
	var err error
	if o.role, err = role.Get(ctx, tx, o.account.ID, key); err != nil {
		if fault.Code(err) == "invalid" {
			return closed().Because(err)
		}
		return err
	}
	if o.bound != nil {
		o.modules, o.subAccounts = o.bound.Modules, o.bound.SubAccounts
		return nil
	}
	return o.grants(ctx, tx)
}

// grants keeps of the modules and sub-accounts offered those that the account
// still has and the role may still have.
func (o *opened) grants(ctx context.Context, tx *db.Tx) error {
	modules, err := account.ListModules(ctx, tx, o.account.ID)
	if err != nil {
		return err
	}
	subs, err := account.ListSubAccounts(ctx, tx, o.account.ID)
	if err != nil {
		return err
	}
	o.modules, o.subAccounts = []id.Module{}, []id.SubAccount{}
	for _, m := range modules {
		if slices.Contains(o.invitation.Modules, m.ID) && (o.role.Administers || !m.AdminOnly) {
			o.modules = append(o.modules, m.ID)
		}
	}
	for _, s := range subs {
		if slices.Contains(o.invitation.SubAccounts, s.ID) {
			o.subAccounts = append(o.subAccounts, s.ID)
		}
	}
	if err := member.CheckGrants(ctx, tx, o.account.ID, o.role, o.modules, o.subAccounts); err != nil {
		return closed().Because(err)
	}
	return nil
}

// vouched says whether the sponsor may still give what is offered, with the
// rights of now: a member, or a live key. The operator always may.
func (o *opened) vouched(ctx context.Context, tx *db.Tx) error {
	now, err := member.Again(ctx, tx, o.account.ID, o.invitation.Sponsor.Kind, o.invitation.Sponsor.ID)
	if fault.Code(err) == "unauthenticated" {
		return closed().Because(err)
	}
	if err != nil {
		return err
	}
	err = access.AllowGrant(now, o.account.ID, access.InvitationsManage, o.role)
	if err != nil && o.bound != nil {
		err = access.AllowGrant(now, o.account.ID, access.MembersManage, o.role)
	}
	if err != nil {
		return closed().Because(err)
	}
	if err := access.AllowGrants(now, o.modules, o.subAccounts); err != nil {
		return closed().Because(err)
	}
	return nil
}

// View is what whoever holds a link may see of its invitation.
type View struct {
	Account    account.Account
	Inviter    string // the name of a member; empty for anybody else
	Email      string
	Role       access.Role
	ExpiresAt  time.Time
	Copied     bool // the link did not come by mail: a code will be asked for
	Registered bool // the address has an identity; always false for a copied link, which does not tell
	FirstName  string
	LastName   string // the names of who was added directly; not told by a copied link
	Message    string // what the inviter wrote to the person; not told by a copied link
}

// Inspect shows the invitation of a link. It changes nothing: mail scanners
// follow links too.
//
// Faults: not_found for a link that was not made here; conflict
// already_accepted; gone invitation_expired, invitation_replaced and
// invitation_closed.
func (p *Passage) Inspect(ctx context.Context, token string) (View, error) {
	link, err := p.read(token)
	if err != nil {
		return View{}, err
	}
	var v View
	err = p.db.Read(ctx, func(tx *db.Tx) error {
		o, err := open(ctx, tx, link)
		if err != nil {
			return err
		}
		v = View{Account: o.account, Email: o.invitation.Email, Role: o.role, ExpiresAt: o.invitation.ExpiresAt, Copied: link.Kind == secret.Copy}
		if !v.Copied {
			v.Registered, v.Message = o.identity != nil, o.invitation.Message
			if o.bound != nil {
				v.FirstName, v.LastName = o.bound.FirstName, o.bound.LastName
			}
		}
		v.Inviter, err = inviterName(ctx, tx, link.Account, o.invitation.Sponsor)
		return err
	})
	if err != nil {
		return View{}, err
	}
	return v, nil
}

// Decline closes an invitation at the wish of whoever holds its link. A place
// that was given directly stays. Faults: as Inspect.
func (p *Passage) Decline(ctx context.Context, actor access.Actor, token string) error {
	link, err := p.read(token)
	if err != nil {
		return err
	}
	by := access.BySystem()
	by.Origin = actor.Origin
	return p.db.Write(ctx, link.Account, func(tx *db.Tx) error {
		inv, err := Get(ctx, tx, link.Account, id.Invitation(link.ID))
		if err != nil {
			return err
		}
		if err := inv.opens(link, Decline); err != nil {
			return err
		}
		return end(ctx, tx, by, link.Account, inv, Decline)
	})
}
