package invitation

import (
	"context"
	"errors"
	"fmt"

	"tenure/internal/access"
	"tenure/internal/address"
	"tenure/internal/audit"
	"tenure/internal/db"
	"tenure/internal/fault"
	"tenure/internal/holding"
	"tenure/internal/id"
	"tenure/internal/language"
	"tenure/internal/member"
	"tenure/internal/secret"
	"tenure/internal/session"
	"tenure/internal/user"
)

// Acceptance is what comes with a token when somebody accepts.
type Acceptance struct {
	Token string
	// Password is the one to set, for an address without an identity, or the
	// identity's own, for whoever is not signed in.
	Password  string
	FirstName string // replaces what an administrator wrote; may be empty
	LastName  string
	Code      string // from the mail that a copied link needs
	UserAgent string
	IP        string
}

// Arrival is a member who has come in, signed in.
type Arrival struct {
	Session session.Started
	Member  member.Member
}

// Accept makes whoever holds the link, and has proved to own the invited
// address, a member, and signs them in. Nobody gets in by holding a link alone:
// a new person sets a password, somebody with an identity is signed in with it
// or gives its password. Of many acceptances at once exactly one succeeds.
//
// Faults: those of Inspect; conflict wrong_user, with the two addresses in
// invited and signed_in, which leaves the invitation pending; those of
// proveMailbox for a copied link; invalid on fields password, first_name and
// last_name; weak_password; bad_credentials and too_many_attempts; conflict
// already_member and member_inactive; and what holdings block.
func (p *Passage) Accept(ctx context.Context, actor access.Actor, a Acceptance) (Arrival, error) {
	link, err := p.read(a.Token)
	if err != nil {
		return Arrival{}, err
	}
	if a.FirstName, err = address.Text("first_name", a.FirstName, 80); err != nil {
		return Arrival{}, err
	}
	if a.LastName, err = address.Text("last_name", a.LastName, 80); err != nil {
		return Arrival{}, err
	}
	for range 3 {
		arrival, err := p.accept(ctx, actor, link, a)
		if !errors.Is(err, errMoved) {
			return arrival, err
		}
	}
	return Arrival{}, fault.Unavailable("This identity is being changed at this moment. Please try again.")
}

// errMoved says that the identity behind the address is not any more what was
// proved: it was made, or changed, at the same moment.
var errMoved = errors.New("the identity behind the address has changed")

func (p *Passage) accept(ctx context.Context, actor access.Actor, link secret.Link, a Acceptance) (Arrival, error) {
	var o opened
	if err := p.db.Read(ctx, func(tx *db.Tx) (err error) {
		o, err = open(ctx, tx, link)
		return err
	}); err != nil {
		return Arrival{}, err
	}
	if err := o.meant(actor); err != nil {
		return Arrival{}, err
	}
	if link.Kind == secret.Copy {
		if err := p.proveMailbox(ctx, o, a.Code); err != nil {
			return Arrival{}, err
		}
	}
	who, err := p.prove(ctx, actor, o, a.Password)
	if err != nil {
		return Arrival{}, err
	}
	var arrival Arrival
	err = p.db.Write(ctx, link.Account, func(tx *db.Tx) error {
		o, err := open(ctx, tx, link)
		if err != nil {
			return err
		}
		arrival, err = p.arrive(ctx, tx, actor, o, who, a)
		return err
	})
	if err != nil {
		return Arrival{}, err
	}
	return arrival, nil
}

// meant says whether an invitation is for whoever is signed in. Nobody signed
// in is no contradiction.
func (o opened) meant(actor access.Actor) error {
	if actor.Kind != access.Member || (o.identity != nil && o.identity.ID == actor.User) {
		return nil
	}
	return fault.Conflict("wrong_user", "This invitation is for somebody else than who is signed in. Sign out first.").
		With("invited", o.invitation.Email).With("signed_in", actor.Email)
}

// proof is who somebody has proved to be: an identity at an epoch, or nobody
// yet, with the password they want.
type proof struct {
	user  id.User
	epoch int64
	hash  user.Secret
}

// prove checks what whoever accepts has to show, outside any transaction.
func (p *Passage) prove(ctx context.Context, actor access.Actor, o opened, password string) (proof, error) {
	signedIn := actor.Kind == access.Member && o.identity != nil // meant has compared them
	switch {
	case signedIn:
		return proof{user: o.identity.ID, epoch: o.identity.Epoch}, nil
	case password == "":
		return proof{}, fault.Invalid("password", "required", "A password is needed.")
	case o.identity != nil:
		u, err := p.authenticate(ctx, o.identity.Email, password)
		if err != nil {
			return proof{}, err
		}
		if u.ID != o.identity.ID {
			return proof{}, errMoved
		}
		return proof{user: u.ID, epoch: u.Epoch}, nil
	}
	if err := user.CheckPassword(password, o.invitation.Email, o.account.Name); err != nil {
		return proof{}, err
	}
	hash, err := p.hasher.Hash(ctx, password)
	return proof{hash: hash}, err
}

// arrive makes the member and closes the invitation, in the write that has
// checked both again.
func (p *Passage) arrive(ctx context.Context, tx *db.Tx, actor access.Actor, o opened, who proof, a Acceptance) (Arrival, error) {
	m, err := seat(ctx, tx, actor, o, who)
	if err != nil {
		return Arrival{}, err
	}
	by := access.Actor{Kind: access.Member, Account: o.account.ID, Member: m.ID, Email: m.Email, Origin: actor.Origin}
	u, err := identify(ctx, tx, by, o, who)
	if err != nil {
		return Arrival{}, err
	}
	by.User = u.ID
	if m, err = member.Register(ctx, tx, by, o.account.ID, m.ID, u.ID, a.FirstName, a.LastName); err != nil {
		return Arrival{}, err
	}
	if err := p.welcome(ctx, tx, by, o, m); err != nil {
		return Arrival{}, err
	}
	if err := accepted(ctx, tx, by, o, m); err != nil {
		return Arrival{}, err
	}
	started, err := session.Begin(ctx, tx, session.Beginning{
		Account: o.account.ID, Member: m.ID, User: u.ID, UserEpoch: u.Epoch, Role: o.role, UserAgent: a.UserAgent, IP: a.IP,
	})
	return Arrival{Session: started, Member: m}, err
}

// seat gives the place to be taken: that of a bound member, or a new one.
//
// Faults: conflict already_member if somebody here has the address or is the
// user, member_inactive if they are not active.
func seat(ctx context.Context, tx *db.Tx, actor access.Actor, o opened, who proof) (member.Member, error) {
	if o.bound != nil {
		if o.bound.Status != member.Active {
			return member.Member{}, inactive()
		}
		if o.bound.Registered() {
			return member.Member{}, alreadyMember()
		}
	} else if err := unheld(member.ByEmail(ctx, tx, o.account.ID, o.invitation.EmailKey)); err != nil {
		return member.Member{}, err
	}
	if who.user != "" {
		if err := unheld(member.ByUser(ctx, tx, o.account.ID, who.user)); err != nil {
			return member.Member{}, err
		}
	}
	if o.bound != nil {
		return *o.bound, nil
	}
	to, err := address.Parse(o.invitation.Email)
	if err != nil {
		return member.Member{}, fmt.Errorf("accept %s: %w", o.invitation.ID, err)
	}
	by := access.BySystem()
	by.Origin = actor.Origin
	return member.Create(ctx, tx, by, member.New{
		Account: o.account.ID, Email: to, Locale: o.invitation.Locale, Role: o.role.Key,
		Modules: o.modules, SubAccounts: o.subAccounts, Active: true,
	})
}

// unheld takes the answer to a question after a member and wants none.
func unheld(m member.Member, err error) error {
	switch {
	case fault.Code(err) == "not_found":
		return nil
	case err != nil:
		return err
	case m.Status != member.Active:
		return inactive()
	default:
		return alreadyMember()
	}
}

func alreadyMember() error {
	return fault.Conflict("already_member", "You have a place in this account already. Please sign in.")
}

func inactive() error {
	return fault.Conflict("member_inactive", "Your place in this account is not active. Ask an administrator to activate it.")
}

// identify gives the identity that joins: the one proved, if it is still the
// same and still has the address, or a new one.
func identify(ctx context.Context, tx *db.Tx, by access.Actor, o opened, who proof) (user.User, error) {
	if who.user == "" {
		to, err := address.Parse(o.invitation.Email)
		if err != nil {
			return user.User{}, fmt.Errorf("accept %s: %w", o.invitation.ID, err)
		}
		u, err := user.Create(ctx, tx, by, user.New{Email: to, Hash: who.hash, Locale: language.Choose(o.invitation.Locale)})
		if fault.Code(err) == "email_taken" {
			return u, errMoved // another account was faster: now the person has an identity
		}
		return u, err
	}
	if err := tx.LockUser(ctx, who.user); err != nil {
		return user.User{}, err
	}
	u, err := user.Get(ctx, tx, who.user)
	if fault.Code(err) == "not_found" || (err == nil && (u.EmailKey != o.invitation.EmailKey || u.Epoch != who.epoch)) {
		return u, errMoved
	}
	return u, err
}

// welcome lets every holding begin with the new member. Faults: conflict, with
// the code of what blocks it.
func (p *Passage) welcome(ctx context.Context, tx *db.Tx, by access.Actor, o opened, m member.Member) error {
	c := holding.Case{Kind: holding.Arrive, Account: o.account.ID, Member: m.ID, Invitation: o.invitation.ID, To: o.role, At: tx.Now(), Actor: by}
	for _, h := range p.holdings {
		found, err := h.Survey(ctx, tx, c)
		if err != nil {
			return fmt.Errorf("arrive at %s: %w", h.Name(), err)
		}
		if len(found.Blockers) > 0 {
			return fault.Conflict(found.Blockers[0].Code, found.Blockers[0].Detail).With("blockers", found.Blockers)
		}
		if _, err := h.Apply(ctx, tx, c); err != nil {
			return fmt.Errorf("arrive at %s: %w", h.Name(), err)
		}
	}
	return nil
}

// accepted closes the invitation as the member's.
func accepted(ctx context.Context, tx *db.Tx, by access.Actor, o opened, m member.Member) error {
	before, inv := o.invitation, o.invitation
	next, err := inv.Status.On(Accept)
	if err != nil {
		return err
	}
	inv.Status, inv.Member, inv.copyLive, inv.ClosedAt = next, m.ID, false, tx.Now()
	if _, err := save(ctx, tx, o.account.ID, before, inv); err != nil {
		return err
	}
	return audit.Record(ctx, tx, by, audit.Event{Action: "invitation.accept", Subject: audit.Of("invitation", inv.ID),
		Changes: []audit.Change{audit.Plain("status", string(before.Status), string(next)), audit.Plain("member", nil, string(m.ID))}})
}
