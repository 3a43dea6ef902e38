// Package signin is how people with a place come and go: signing in and out,
// passwords, second factors, their own profile, address and devices.
//
// Invariants. Answers and the time they take do not tell whether an address has
// an identity. Failures are counted before a password or a code is looked at,
// durably, by address and on every path alike; they delay and never lock for
// good, and where a second factor follows only its code clears them. A change of
// password, address or factor ends every other session, link and half-done
// sign-in of the user, everywhere. Nothing here makes a member active.
package signin

import (
	"context"
	"encoding/json"
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
	"tenure/internal/secret"
	"tenure/internal/session"
	"tenure/internal/user"
)

// Passage is signing in and what goes with it, as doors use it.
type Passage struct {
	db       *db.DB
	keeper   *secret.Keeper
	hasher   *user.Hasher
	sessions *session.Cache
	ways     Ways
}

// Ways is what signing in needs besides.
type Ways struct {
	// House is what authenticator apps call this server.
	House string
	// Accept takes the place that an invitation offers, for somebody whose password
	// was verified before and whose claim proves the second factor inside the write.
	Accept func(ctx context.Context, actor access.Actor, ask json.RawMessage, claim user.Claim) (Arrival, error)
}

// New makes the passage.
func New(d *db.DB, keeper *secret.Keeper, hasher *user.Hasher, sessions *session.Cache, ways Ways) *Passage {
	return &Passage{d, keeper, hasher, sessions, ways}
}

// Credentials is what somebody signs in with.
type Credentials struct {
	Email    string
	Password string
	Account  id.Account // which of several places; may be empty
}

// Arrival is somebody signed in; or, with a challenge and nothing else, somebody
// whose second factor is asked for first.
type Arrival struct {
	Session   session.Started
	Member    member.Member
	Account   account.Account
	Challenge *factor.Challenge
}

// Choice is one of several places, for who has to say which.
type Choice struct {
	ID   id.Account `json:"id"`
	Name string     `json:"name"`
	Logo string     `json:"logo"`
}

// SignIn begins a session, with a token that is always new. Where from is told
// by the origin in the context. Who has a second factor gets a challenge instead.
//
// Faults: invalid for what is no address; too_many_attempts; bad_credentials,
// also for an address that nobody has. Only with the right password: conflict
// account_required with accounts, member_inactive without an active place,
// not_found for an account that is none of theirs.
func (p *Passage) SignIn(ctx context.Context, c Credentials) (Arrival, error) {
	u, count, err := p.verify(ctx, c.Email, c.Password)
	if err != nil {
		return Arrival{}, err
	}
	p.rehash(ctx, u, c.Password)
	f, err := p.factorOf(ctx, u.ID)
	if err != nil {
		return Arrival{}, err
	}
	place, err := p.choose(ctx, u, c.Account)
	if err != nil {
		if forgiving := p.passed(ctx, count, f); forgiving != nil {
			return Arrival{}, forgiving
		}
		return Arrival{}, err
	}
	if f.On() {
		return p.ask(ctx, u, count, f, place)
	}
	return p.enter(ctx, entry{user: u.ID, epoch: u.Epoch, place: place, count: count})
}

// Authenticate says whose address and password these are, with the same work
// and the same counting of failures as SignIn.
//
// Faults: invalid for what is no address, too_many_attempts, bad_credentials.
func (p *Passage) Authenticate(ctx context.Context, email, password string) (user.User, error) {
	u, count, err := p.verify(ctx, email, password)
	if err != nil {
		return user.User{}, err
	}
	f, err := p.factorOf(ctx, u.ID)
	if err != nil {
		return user.User{}, err
	}
	return u, p.passed(ctx, count, f)
}

// factorOf reads the second factor of somebody whose password was the right one.
func (p *Passage) factorOf(ctx context.Context, who id.User) (f factor.Factor, err error) {
	err = p.db.Read(ctx, func(tx *db.Tx) error {
		f, err = factor.Get(ctx, tx, who)
		return err
	})
	return f, err
}

// passed takes the right password off the count: the failures before it too,
// unless a second factor follows, which could be guessed at for ever otherwise.
func (p *Passage) passed(ctx context.Context, count attempt.Count, f factor.Factor) error {
	if f.On() {
		return p.refund(ctx, count, nil)
	}
	return p.db.Housekeep(ctx, func(tx *db.Tx) error { return count.Clear(ctx, tx) })
}

// verify counts an attempt at the address and looks whether the password is the
// right one. The failures before are still counted when it is.
func (p *Passage) verify(ctx context.Context, email, password string) (u user.User, count attempt.Count, err error) {
	to, err := address.Parse(email)
	if err != nil {
		return u, count, err
	}
	err = p.db.Read(ctx, func(tx *db.Tx) (err error) {
		u, err = user.ByEmail(ctx, tx, to.Key)
		return err
	})
	if err != nil && fault.Code(err) != "not_found" {
		return u, count, err
	}
	count = p.countOf(ctx, u, to.Key)
	return u, count, p.check(ctx, count, u, password)
}

// check counts an attempt and looks whether the password is that of the user, who
// may be nobody. Faults: too_many_attempts, bad_credentials.
func (p *Passage) check(ctx context.Context, count attempt.Count, u user.User, password string) error {
	if err := p.attempt(ctx, count); err != nil {
		return err
	}
	right, err := p.hasher.Verify(ctx, u.PasswordHash, password)
	if err != nil {
		return p.refund(ctx, count, err)
	}
	if !right {
		return fault.BadCredentials()
	}
	return nil
}

// rehash brings a hash to the cost of today. That it failed is no reason not to
// let somebody in; the next time tries again.
func (p *Passage) rehash(ctx context.Context, u user.User, password string) {
	if !p.hasher.Outdated(u.PasswordHash) {
		return
	}
	hash, err := p.hasher.Hash(ctx, password)
	if err != nil {
		return
	}
	_ = p.db.Housekeep(ctx, func(tx *db.Tx) error { return user.Rehash(ctx, tx, u, hash) })
}

// choose finds the place to go to.
func (p *Passage) choose(ctx context.Context, u user.User, wanted id.Account) (member.Place, error) {
	var places []member.Place
	choices := []Choice{}
	err := p.db.Read(ctx, func(tx *db.Tx) (err error) {
		if places, err = member.OfUser(ctx, tx, u.ID); err != nil {
			return err
		}
		if wanted != "" {
			places = only(places, func(l member.Place) bool { return l.Account == wanted && l.Status.Here() })
			return nil
		}
		places = only(places, active)
		for _, l := range places {
			a, err := account.Get(ctx, tx, l.Account)
			if err != nil {
				return err
			}
			choices = append(choices, Choice{a.ID, a.Name, a.Logo})
		}
		return nil
	})
	switch {
	case err != nil:
		return member.Place{}, err
	case wanted != "" && len(places) == 0:
		return member.Place{}, fault.NotFound()
	case len(places) > 1:
		return member.Place{}, fault.Conflict("account_required", "You have several places. Say which account.").With("accounts", choices)
	case len(places) == 0 || !active(places[0]):
		return member.Place{}, inactive()
	}
	return places[0], nil
}

func active(l member.Place) bool { return l.Status == member.Active }

func only(places []member.Place, keep func(member.Place) bool) []member.Place {
	kept := []member.Place{}
	for _, l := range places {
		if keep(l) {
			kept = append(kept, l)
		}
	}
	return kept
}

func inactive() error {
	return fault.Conflict("member_inactive", "Your place is not active. Ask an administrator of the account.")
}

// entry is what a session begins with.
type entry struct {
	user    id.User
	epoch   int64 // of the user, when the password was verified
	place   member.Place
	further user.Further  // proves what else is asked for; may be nil
	proved  time.Time     // when the person proved who they are; zero: now
	count   attempt.Count // of failures, which what was proved ends; zero: none
}

// enter begins the session. What was verified before the write is looked at
// again inside it: the epoch of the user and the place.
func (p *Passage) enter(ctx context.Context, e entry) (Arrival, error) {
	var in Arrival
	place := e.place
	err := p.db.Write(ctx, place.Account, func(tx *db.Tx) error {
		in = Arrival{}
		u, err := e.admitted(ctx, tx)
		if err != nil {
			return err
		}
		actor, err := member.Actor(ctx, tx, place.Account, place.Member)
		if fault.Code(err) == "unauthenticated" || (err == nil && actor.User != e.user) {
			return inactive()
		}
		if err != nil {
			return err
		}
		if err := member.Seen(ctx, tx, place.Account, place.Member, tx.Now()); err != nil {
			return err
		}
		if in.Member, err = member.Get(ctx, tx, place.Account, place.Member); err != nil {
			return err
		}
		origin := access.From(ctx).Origin
		if in.Session, err = session.Begin(ctx, tx, session.Beginning{Account: place.Account, Member: place.Member, User: e.user, UserEpoch: u.Epoch,
			Role: actor.Role, UserAgent: origin.UserAgent, IP: origin.IP, ProvedAt: e.proved, Email: u.Email, FirstName: in.Member.FirstName, Locale: in.Member.Locale}); err != nil {
			return err
		}
		if err := e.count.Clear(ctx, tx); err != nil {
			return err
		}
		in.Account, err = account.Get(ctx, tx, place.Account)
		return err
	})
	return in, err
}

// admitted reads who comes in, as they were when their password was verified,
// and has them prove the rest.
func (e entry) admitted(ctx context.Context, tx *db.Tx) (user.User, error) {
	if e.further != nil {
		if err := tx.LockUser(ctx, e.user); err != nil {
			return user.User{}, err
		}
	}
	u, err := user.Get(ctx, tx, e.user)
	if fault.Code(err) == "not_found" || (err == nil && u.Epoch != e.epoch) {
		return u, fault.BadCredentials() // it was changed since the password was verified
	}
	if err != nil || e.further == nil {
		return u, err
	}
	return e.further(ctx, tx, u)
}

// written is a time as facts of mails have it.
func written(at time.Time) string { return at.UTC().Format(time.RFC3339) }

// SignOut ends the session of the caller, also if their rights change at this
// moment. One that has ended already is no fault, and is waited for as well: the
// call that ended it may not have reached every node yet.
func (p *Passage) SignOut(ctx context.Context, actor access.Actor) error {
	if actor.Kind != access.Member {
		return fault.Unauthenticated()
	}
	return p.db.Write(db.WithoutGuards(ctx), actor.Account, func(tx *db.Tx) error {
		err := session.End(ctx, tx, actor, actor.Account, actor.Member, actor.Session)
		if fault.Code(err) == "not_found" {
			tx.Stale(string(actor.Member))
			return nil
		}
		return err
	})
}
