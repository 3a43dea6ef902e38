// Package access decides who may do what. It is pure: values in, a verdict
// out. It reads no store and knows no protocol.
//
// Two rules hold everywhere. Who administers acts on members of rank up to
// their own; anybody else, given the permission, only on ranks strictly below
// theirs. And nobody raises their own role or grants.
package access

import (
	"context"
	"slices"
	"time"

	"tenure/internal/fault"
	"tenure/internal/id"
)

// Kind says what sort of actor it is, as the trail names it.
type Kind string

// The kinds of actor.
const (
	Nobody   Kind = ""         // not signed in
	Member   Kind = "member"   // a member, by one of their sessions
	Key      Kind = "key"      // an API key of an account
	Operator Kind = "operator" // who runs the server
	System   Kind = "system"   // Tenure itself, at a time or after an event
)

// Actor is who does something, with the rights they had when they were last
// read. Whoever changes something reads them again inside the transaction.
type Actor struct {
	Kind    Kind
	Account id.Account // empty for the operator, who may act in any
	Member  id.Member  // for Member, and for Key the maker
	User    id.User
	Session id.Session
	Key     string // for Key and Operator: the identifier of the key, never the key
	Email   string
	Role    Role
	// Scopes is, for Key, what the key was made for: of the maker's rights it has
	// these and no others.
	Scopes []Permission
	// Modules and SubAccounts are what the member reaches now, resolved: role,
	// grants and administration already applied.
	Modules     []id.Module
	ModuleKeys  []string // of Modules, in their order
	SubAccounts []id.SubAccount
	// Epoch is the member's access epoch these rights were read at.
	Epoch int64
	// AccountEpoch and UserEpoch are those of the account and the user, read in the
	// same moment: while none of the three is higher, the rights are these.
	AccountEpoch, UserEpoch int64
	// ProvedAt is when the person behind the session last proved who they are.
	ProvedAt time.Time
	// FactorDue says that the account requires a second factor and the person has
	// none: until then they may set one up and do nothing else.
	FactorDue bool
	// Origin is where the request came from.
	Origin Origin
}

// Origin is where a request came from, for the trail.
type Origin struct {
	RequestID string
	IP        string
	UserAgent string
	// Browser is the token by which the browser is known of somebody who was signed
	// in there, if it shows one. It is never written down.
	Browser string
}

// Name gives the identifier the trail knows the actor by.
func (a Actor) Name() string {
	switch a.Kind {
	case Member:
		return string(a.Member)
	case Key, Operator:
		return a.Key
	default:
		return string(a.Kind)
	}
}

// In reports whether the actor may touch the account at all.
func (a Actor) In(account id.Account) bool {
	switch a.Kind {
	case Operator, System:
		return true
	case Member, Key:
		return a.Account == account && account != ""
	default:
		return false
	}
}

// Is reports whether the actor is the member in person. A key that the member
// made is not: it has the rights it was made for, and not what everybody may do
// with their own place.
func (a Actor) Is(member id.Member) bool {
	return a.Kind == Member && a.Member == member && member != ""
}

// Holds reports whether the actor has the permission in its account. The
// operator may do what an administrator may.
func (a Actor) Holds(p Permission) bool {
	switch a.Kind {
	case Operator, System:
		return true
	case Member:
		return a.Role.Holds(p)
	case Key:
		return a.Role.Holds(p) && slices.Contains(a.Scopes, p)
	default:
		return false
	}
}

// Unchanged says whether the rights that a caller was let in with are those they
// have now. Faults: conflict rights_changed.
func (a Actor) Unchanged(now Actor) error {
	one, other := a.Role, now.Role
	if one.Key == other.Key && one.Rank == other.Rank && one.Administers == other.Administers && one.Reach == other.Reach &&
		a.FactorDue == now.FactorDue && one.Modules == other.Modules && slices.Equal(one.All(), other.All()) && slices.Equal(a.Scopes, now.Scopes) &&
		slices.Equal(a.Modules, now.Modules) && slices.Equal(a.SubAccounts, now.SubAccounts) {
		return nil
	}
	return fault.Conflict("rights_changed", "What you may do has just changed. Please try again.")
}

// Reaches reports whether the sub-account is among those the actor reaches.
func (a Actor) Reaches(sub id.SubAccount) bool {
	return a.ReachesEverywhere() || slices.Contains(a.SubAccounts, sub)
}

// BySystem is the actor of work that nobody asked for by hand.
func BySystem() Actor { return Actor{Kind: System} }

// ActorKey is under which a context keeps the *Actor of a request, who is not
// changed there.
type ActorKey struct{}

// With puts the actor of a request into its context.
func With(ctx context.Context, a Actor) context.Context {
	return context.WithValue(ctx, ActorKey{}, &a)
}

// From gives the actor of a request; without one it is Nobody.
func From(ctx context.Context) Actor {
	if a, ok := ctx.Value(ActorKey{}).(*Actor); ok {
		return *a
	}
	return Actor{}
}
