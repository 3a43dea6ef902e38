package access

import (
	"slices"

	"tenure/internal/fault"
	"tenure/internal/id"
)

// Allow says whether the actor may use the permission in the account.
//
// Faults: unauthenticated for nobody, not_found for another account (as for one
// that does not exist), forbidden without the permission.
func Allow(a Actor, account id.Account, p Permission) error {
	if a.Kind == Nobody {
		return fault.Unauthenticated()
	}
	if !a.In(account) {
		return fault.NotFound()
	}
	if !a.Holds(p) {
		return fault.Forbidden("forbidden", "Your role does not allow this.")
	}
	return nil
}

// AllowOver says whether the actor may use the permission on a member who has
// the role. Who administers acts on ranks up to their own, others strictly
// below.
//
// Faults: those of Allow, and rank_exceeded.
func AllowOver(a Actor, account id.Account, p Permission, target Role) error {
	if err := Allow(a, account, p); err != nil {
		return err
	}
	if !a.outranks(target) {
		return fault.Forbidden("rank_exceeded", "This person's role ranks above what you may change.")
	}
	return nil
}

// AllowGrant says whether the actor may give somebody the role. The bound is
// the one of AllowOver, and a role with a permission that the actor lacks, or
// that sees more data or opens more modules, is above them whatever its rank.
//
// Faults: those of AllowOver.
func AllowGrant(a Actor, account id.Account, p Permission, grant Role) error {
	if err := Allow(a, account, p); err != nil {
		return err
	}
	if !a.outranks(grant) || !a.covers(grant) {
		return fault.Forbidden("rank_exceeded", "You cannot give a role that ranks above what you may grant.")
	}
	return nil
}

// AllowOwnRole says whether somebody may change their own role from one to
// another: stepping down is allowed, rising is not.
//
// Faults: rank_exceeded.
func AllowOwnRole(from, to Role) error {
	risen := to.Rank > from.Rank || !to.within(from)
	for _, p := range to.All() {
		risen = risen || !from.Holds(p)
	}
	if risen {
		return fault.Forbidden("rank_exceeded", "Nobody can raise their own role.")
	}
	return nil
}

func (a Actor) outranks(target Role) bool {
	switch a.Kind {
	case Operator, System:
		return true
	case Member, Key:
		if a.Role.Administers {
			return target.Rank <= a.Role.Rank
		}
		return target.Rank < a.Role.Rank && !target.Administers
	default:
		return false
	}
}

func (a Actor) covers(grant Role) bool {
	if (a.Kind == Member || a.Kind == Key) && !grant.within(a.Role) {
		return false
	}
	for _, p := range grant.All() {
		if !a.Holds(p) {
			return false
		}
	}
	return true
}

// AllowGrants says whether the actor may give somebody these modules and
// sub-accounts: who does not administer gives only what they have themselves.
//
// Faults: rank_exceeded.
func AllowGrants(a Actor, modules []id.Module, subs []id.SubAccount) error {
	if a.Kind == Operator || a.Kind == System || a.Role.Administers {
		return nil
	}
	for _, m := range modules {
		if !slices.Contains(a.Modules, m) {
			return fault.Forbidden("rank_exceeded", "You cannot give a module that you do not have.")
		}
	}
	for _, s := range subs {
		if !slices.Contains(a.SubAccounts, s) {
			return fault.Forbidden("rank_exceeded", "You cannot give a sub-account that you do not reach.")
		}
	}
	return nil
}
