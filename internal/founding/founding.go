// Package founding is how an account begins: by somebody who signs up and
// confirms it from their mailbox, or by the operator. It also gives an account
// that has lost its owners a new one.
//
// Invariants. Asking for an account answers the same whatever is known about
// the address, and makes nothing but a mail. A confirmation works once and
// makes the whole account or nothing. No credential of an existing identity
// changes.
package founding

import (
	"context"
	"fmt"
	"strings"

	"tenure/internal/access"
	"tenure/internal/account"
	"tenure/internal/address"
	"tenure/internal/audit"
	"tenure/internal/db"
	"tenure/internal/factor"
	"tenure/internal/fault"
	"tenure/internal/id"
	"tenure/internal/language"
	"tenure/internal/member"
	"tenure/internal/once"
	"tenure/internal/resource"
	"tenure/internal/role"
	"tenure/internal/secret"
	"tenure/internal/session"
	"tenure/internal/user"
)

// Ways is what founding needs of the way in.
type Ways struct {
	// Bind makes the invitation that belongs to a member who was added directly.
	Bind func(ctx context.Context, tx *db.Tx, actor access.Actor, account id.Account, m member.Member) (id.Invitation, error)
	// Offer invites an address with a role, in the place of what is pending for it.
	// Faults: conflict, with the code of what blocks it.
	Offer func(ctx context.Context, tx *db.Tx, actor access.Actor, account id.Account, to address.Address, role string) (id.Invitation, error)
}

// Passage is how accounts begin, as doors use it.
type Passage struct {
	db     *db.DB
	keeper *secret.Keeper
	claims *user.Claims
	roster *member.Roster
	ways   Ways
	open   bool
}

// New makes the passage. Where it is not open, only the operator makes accounts.
func New(d *db.DB, keeper *secret.Keeper, claims *user.Claims, roster *member.Roster, ways Ways, open bool) *Passage {
	return &Passage{d, keeper, claims, roster, ways, open}
}

// Order is what an account begins with.
type Order struct {
	Name      string
	Preset    string
	Email     string // of the first administrator
	FirstName string
	LastName  string
	Locale    string // of the mail; empty or unknown: the default
}

// plan is an order that was checked.
type plan struct {
	name      string
	preset    account.Preset
	to        address.Address
	firstName string
	lastName  string
	locale    string
}

// checked checks an order. Faults: invalid on fields name, preset, email,
// first_name and last_name.
func (o Order) checked() (plan, error) {
	p := plan{locale: language.Choose(o.Locale)}
	var err error
	if p.preset, err = account.PresetOf(o.Preset); err != nil {
		return p, err
	}
	if p.to, err = address.Parse(o.Email); err != nil {
		return p, err
	}
	for _, f := range []struct {
		field string
		from  string
		to    *string
		most  int
	}{
		{"name", o.Name, &p.name, 120}, {"first_name", o.FirstName, &p.firstName, 80}, {"last_name", o.LastName, &p.lastName, 80},
	} {
		if *f.to, err = required(f.field, f.from, f.most); err != nil {
			return p, err
		}
	}
	return p, nil
}

func required(field, s string, most int) (string, error) {
	if strings.TrimSpace(s) == "" {
		return "", fault.Invalid(field, "required", "This is required.")
	}
	return address.Text(field, s, most)
}

// begin makes the account of a plan and its administrator, inside db.Found.
// Without a user the administrator waits for an invitation.
func (p plan) begin(ctx context.Context, tx *db.Tx, actor access.Actor, acc id.Account, u id.User) (account.Account, member.Member, error) {
	made, err := account.Create(ctx, tx, actor, account.New{ID: acc, Name: p.name, Preset: p.preset.Name})
	if err != nil {
		return made, member.Member{}, err
	}
	if err := role.Establish(ctx, tx, made); err != nil {
		return made, member.Member{}, err
	}
	if err := resource.Establish(ctx, tx, actor, acc, p.preset); err != nil {
		return made, member.Member{}, err
	}
	m, err := member.Create(ctx, tx, actor, member.New{
		Account: acc, Email: p.to, FirstName: p.firstName, LastName: p.lastName, Locale: p.locale,
		Role: p.preset.Administrator(), Active: true, User: u,
	})
	return made, m, err
}

// Founded is an account that has just begun.
type Founded struct {
	Account    account.Account
	Owner      member.Member
	Invitation id.Invitation     // bound to an owner who has not come in yet
	Session    session.Started   // of an owner who has
	Challenge  *factor.Challenge // instead of a session, of an owner whose second factor is asked for first
}

// Made names what Create and AddOwner made, and is what they keep under an
// Idempotency-Key.
type Made struct {
	Account    id.Account
	Member     id.Member
	Invitation id.Invitation
}

// Create makes an account for the operator. Its owner is active and not
// registered: they are mailed an invitation. The answer is the same whether or
// not the address has an identity.
//
// Faults: unauthenticated, forbidden for anybody but the operator; invalid.
func (p *Passage) Create(ctx context.Context, actor access.Actor, o Order) (Founded, error) {
	if err := operatorOnly(actor); err != nil {
		return Founded{}, err
	}
	plan, err := o.checked()
	if err != nil {
		return Founded{}, err
	}
	var f Founded
	acc := id.New[id.Account]()
	err = p.db.Found(ctx, acc, func(tx *db.Tx) (err error) {
		f = Founded{}
		if f.Account, f.Owner, err = plan.begin(ctx, tx, actor, acc, ""); err != nil {
			return err
		}
		if f.Invitation, err = p.ways.Bind(ctx, tx, actor, acc, f.Owner); err != nil {
			return err
		}
		return once.Keep(ctx, tx, Made{Account: acc, Member: f.Owner.ID, Invitation: f.Invitation})
	})
	return f, err
}

// Founded gives again what Create made, as it is now. Faults: those of Create;
// not_found for who is not there any more.
func (p *Passage) Founded(ctx context.Context, actor access.Actor, made Made) (Founded, error) {
	if err := operatorOnly(actor); err != nil {
		return Founded{}, err
	}
	f := Founded{Invitation: made.Invitation}
	err := p.db.Read(ctx, func(tx *db.Tx) (err error) {
		if f.Account, err = account.Get(ctx, tx, made.Account); err != nil {
			return err
		}
		f.Owner, err = member.Here(ctx, tx, made.Account, made.Member)
		return err
	})
	return f, err
}

func operatorOnly(actor access.Actor) error {
	switch actor.Kind {
	case access.Operator:
		return nil
	case access.Nobody:
		return fault.Unauthenticated()
	default:
		return fault.Forbidden("forbidden", "Only the operator of the server may do this.")
	}
}

// Successor names who is to own an account: a member of it, or an address.
type Successor struct {
	Email  string
	Member id.Member
	Reason string // why, for the trail
}

// NewOwner is who was made an owner, or the invitation of who will be.
type NewOwner struct {
	Member     *member.Member
	Invitation id.Invitation // also of a member who has not come in yet
}

// AddOwner gives an account another owner: it promotes an active member, or
// invites an address that nobody in the account has. Nobody is activated by it.
//
// Faults: unauthenticated, forbidden for anybody but the operator; not_found;
// invalid on fields email and reason; conflict member_inactive, and seat_limit
// where every seat is taken or reserved: the operator raises the limit first.
func (p *Passage) AddOwner(ctx context.Context, actor access.Actor, acc id.Account, s Successor) (NewOwner, error) {
	if err := operatorOnly(actor); err != nil {
		return NewOwner{}, err
	}
	reason, err := required("reason", s.Reason, 500)
	if err != nil {
		return NewOwner{}, err
	}
	if (s.Email == "") == (s.Member == "") {
		return NewOwner{}, fault.Invalid("email", "required", "Name either an e-mail address or a member.")
	}
	var to address.Address
	if s.Email != "" {
		if to, err = address.Parse(s.Email); err != nil {
			return NewOwner{}, err
		}
	}
	var n NewOwner
	err = p.db.Write(ctx, acc, func(tx *db.Tx) error {
		owner, err := administrator(ctx, tx, acc)
		if err != nil {
			return err
		}
		m, err := successor(ctx, tx, acc, s.Member, to)
		if err != nil {
			return err
		}
		subject := audit.Of("member", s.Member)
		if m != nil {
			n, err = p.promote(ctx, tx, actor, acc, *m, owner)
			subject.ID = string(m.ID)
		} else {
			n = NewOwner{}
			n.Invitation, err = p.invite(ctx, tx, actor, acc, to, owner)
			subject = audit.Of("invitation", n.Invitation)
		}
		if err != nil {
			return err
		}
		made := Made{Account: acc, Invitation: n.Invitation}
		if m != nil {
			made.Member = m.ID
		}
		if err := once.Keep(ctx, tx, made); err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor, audit.Event{Action: "owner.add", Subject: subject,
			Changes: []audit.Change{audit.Plain("role", nil, owner), audit.Plain("reason", nil, reason)}})
	})
	if err != nil {
		return NewOwner{}, err
	}
	return n, nil
}

// Owner gives again whom AddOwner made an owner, as they are now. Faults: those of
// Founded.
func (p *Passage) Owner(ctx context.Context, actor access.Actor, made Made) (NewOwner, error) {
	if err := operatorOnly(actor); err != nil {
		return NewOwner{}, err
	}
	n := NewOwner{Invitation: made.Invitation}
	if made.Member == "" {
		return n, nil
	}
	err := p.db.Read(ctx, func(tx *db.Tx) error {
		m, err := member.Here(ctx, tx, made.Account, made.Member)
		n.Member = &m
		return err
	})
	return n, err
}

// administrator gives the key of the highest role that administers.
func administrator(ctx context.Context, tx *db.Tx, acc id.Account) (string, error) {
	roles, err := role.List(ctx, tx, acc)
	if err != nil {
		return "", err
	}
	for _, r := range roles { // the highest rank first
		if r.Administers {
			return r.Key, nil
		}
	}
	return "", fmt.Errorf("account %s has no role that administers", acc)
}

// successor finds the member who is meant, or nil if nobody has the address.
func successor(ctx context.Context, tx *db.Tx, acc id.Account, named id.Member, to address.Address) (*member.Member, error) {
	var m member.Member
	var err error
	if named != "" {
		m, err = member.Here(ctx, tx, acc, named)
	} else {
		m, err = member.ByEmail(ctx, tx, acc, to.Key)
		if fault.Code(err) == "not_found" {
			return nil, nil
		}
	}
	if err != nil {
		return nil, err
	}
	if m.Status != member.Active {
		return nil, fault.Conflict("member_inactive", "This person is not active. Activate them first, or name somebody else.")
	}
	return &m, nil
}

// promote gives an active member the role, and sends who has not come in yet
// their invitation once more.
func (p *Passage) promote(ctx context.Context, tx *db.Tx, actor access.Actor, acc id.Account, m member.Member, owner string) (NewOwner, error) {
	modules := []id.Module{}
	m, err := p.roster.Regrade(ctx, tx, actor, acc, m.ID, member.Patch{Role: &owner, Modules: &modules})
	if err != nil {
		return NewOwner{}, err
	}
	n := NewOwner{Member: &m}
	if !m.Registered() {
		n.Invitation, err = p.ways.Bind(ctx, tx, actor, acc, m)
	}
	return n, err
}

// invite invites somebody from outside as an owner, if the account takes the
// address.
func (p *Passage) invite(ctx context.Context, tx *db.Tx, actor access.Actor, acc id.Account, to address.Address, owner string) (id.Invitation, error) {
	a, err := account.Get(ctx, tx, acc)
	if err != nil {
		return "", err
	}
	if err := a.Policy.Admits(to); err != nil {
		return "", err
	}
	return p.ways.Offer(ctx, tx, actor, acc, to, owner)
}
