package invitation

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"tenure/internal/access"
	"tenure/internal/account"
	"tenure/internal/address"
	"tenure/internal/audit"
	"tenure/internal/db"
	"tenure/internal/factor"
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

// Arrival is a member who has come in, signed in; or, with a challenge and
// nothing else, somebody whose second factor is asked for first.
type Arrival struct {
	Session   session.Started
	Member    member.Member
	Account   account.Account
	Challenge *factor.Challenge
}

// Accept makes whoever holds the link, and has proved to own the invited
// address, a member, and signs them in. Nobody gets in by holding a link alone:
// a new person sets a password, somebody with an identity is signed in with it
// or gives its password. Of many acceptances at once exactly one succeeds. Who
// gives a password and has a second factor gets a challenge, and the invitation
// stays pending until it is answered.
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
	var arrival Arrival
	err = user.Persist(func() (err error) {
		arrival, err = p.accept(ctx, actor, link, a)
		return err
	})
	return arrival, err
}

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
	claim, err := p.claims.Prove(ctx, actor, o.to, o.identity, a.Password, o.account.Name)
	if err != nil {
		return Arrival{}, err
	}
	if challenge, err := p.challenge(ctx, actor, link, a, claim); err != nil || challenge != nil {
		return Arrival{Challenge: challenge}, err
	}
	return p.enter(ctx, actor, link, a, claim)
}

// enter is the acceptance of somebody who has proved who they are.
func (p *Passage) enter(ctx context.Context, actor access.Actor, link secret.Link, a Acceptance, claim user.Claim) (Arrival, error) {
	var arrival Arrival
	err := p.db.Write(ctx, link.Account, func(tx *db.Tx) error {
		o, err := open(ctx, tx, link)
		if err != nil {
			return err
		}
		arrival, err = p.arrive(ctx, tx, actor, o, claim, a)
		return err
	})
	if err != nil {
		return Arrival{}, err
	}
	return arrival, nil
}

// pending is an acceptance that waits for the second factor. It names the link
// and does not hold its token.
type pending struct {
	Kind       secret.Kind `json:"kind"`
	Account    id.Account  `json:"account"`
	Invitation string      `json:"invitation"`
	Rotation   int64       `json:"rotation"`
	FirstName  string      `json:"first_name,omitempty"`
	LastName   string      `json:"last_name,omitempty"`
}

// challenge asks for the second factor of somebody who has one and has given no
// more than a password; nil if there is nothing to ask.
func (p *Passage) challenge(ctx context.Context, actor access.Actor, link secret.Link, a Acceptance, claim user.Claim) (*factor.Challenge, error) {
	if claim.Owner() == "" || claim.By(actor) {
		return nil, nil
	}
	var c *factor.Challenge
	err := p.db.Housekeep(ctx, func(tx *db.Tx) error {
		f, err := factor.Get(ctx, tx, claim.Owner())
		if err != nil || !f.On() {
			return err
		}
		ask, err := json.Marshal(pending{link.Kind, link.Account, link.ID, link.Rotation, a.FirstName, a.LastName})
		if err != nil {
			return err
		}
		asked, err := f.Challenge(ctx, tx, factor.Errand{User: claim.Owner(), Epoch: claim.Epoch(), Account: link.Account, Ask: ask})
		c = &asked
		return err
	})
	return c, err
}

// Resume accepts what an acceptance was about that asked for the second factor,
// which the claim proves inside the write.
//
// Faults: those of Accept that are about the invitation and the place; those of
// the claim; gone token_used if the identity has changed since.
func (p *Passage) Resume(ctx context.Context, actor access.Actor, ask json.RawMessage, claim user.Claim) (Arrival, error) {
	var was pending
	if err := json.Unmarshal(ask, &was); err != nil {
		return Arrival{}, fmt.Errorf("resume acceptance: %w", err)
	}
	arrival, err := p.enter(ctx, actor, secret.Link{Kind: was.Kind, Account: was.Account, ID: was.Invitation, Rotation: was.Rotation},
		Acceptance{FirstName: was.FirstName, LastName: was.LastName, UserAgent: actor.Origin.UserAgent, IP: actor.Origin.IP}, claim)
	if errors.Is(err, user.ErrMoved) {
		return Arrival{}, factor.Over()
	}
	return arrival, err
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

// arrive makes the member and closes the invitation, in the write that has
// checked both again.
func (p *Passage) arrive(ctx context.Context, tx *db.Tx, actor access.Actor, o opened, claim user.Claim, a Acceptance) (Arrival, error) {
	m, err := seat(ctx, tx, actor, o, claim)
	if err != nil {
		return Arrival{}, err
	}
	by := access.Actor{Kind: access.Member, Account: o.account.ID, Member: m.ID, Email: m.Email, Origin: actor.Origin}
	u, err := claim.Settle(ctx, tx, by, language.Choose(o.invitation.Locale))
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
		Account: o.account.ID, Member: m.ID, User: u.ID, UserEpoch: u.Epoch, Role: o.role, UserAgent: a.UserAgent, IP: a.IP, ProvedAt: claim.ProvedAt(actor),
		Email: u.Email, FirstName: m.FirstName, Locale: m.Locale,
	})
	return Arrival{Session: started, Member: m, Account: o.account}, err
}

// seat gives the place to be taken: that of a bound member, or a new one.
//
// Faults: conflict already_member if somebody here has the address or is the
// user, member_inactive if they are not active.
func seat(ctx context.Context, tx *db.Tx, actor access.Actor, o opened, claim user.Claim) (member.Member, error) {
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
	if claim.Owner() != "" {
		if err := unheld(member.ByUser(ctx, tx, o.account.ID, claim.Owner())); err != nil {
			return member.Member{}, err
		}
	}
	if o.bound != nil {
		return *o.bound, nil
	}
	by := access.BySystem()
	by.Origin = actor.Origin
	return member.Create(ctx, tx, by, member.New{
		Account: o.account.ID, Email: o.to, Locale: o.invitation.Locale, Role: o.role.Key,
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

// welcome lets every holding begin with the new member. Faults: conflict, with
// the code of what blocks it.
func (p *Passage) welcome(ctx context.Context, tx *db.Tx, by access.Actor, o opened, m member.Member) error {
	c := holding.Case{Kind: holding.Arrive, Account: o.account.ID, Member: m.ID, Invitation: o.invitation.ID, To: o.role, At: tx.Now(), Actor: by}
	for _, h := range p.holdings {
		found, err := h.Survey(ctx, tx, c)
		if err != nil {
			return fmt.Errorf("arrive at %s: %w", h.Name(), err)
		}
		if err := found.Refusal(); err != nil {
			return err
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
