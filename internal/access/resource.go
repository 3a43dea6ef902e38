package access

import (
	"tenure/internal/fault"
	"tenure/internal/id"
)

// Thing is what it rests on whether somebody reaches a resource.
type Thing struct {
	SubAccount id.SubAccount // empty: of the account as a whole
	Held       bool          // the actor owns it or is assigned to it
}

// SeesAll reports whether the actor sees every resource of the sub-accounts they
// reach, rather than what they hold.
func (a Actor) SeesAll() bool {
	return a.ReachesEverywhere() || a.Role.Reach == ReachAll
}

// ReachesEverywhere reports whether the actor reaches every sub-account, also
// those that are still to come.
func (a Actor) ReachesEverywhere() bool {
	return a.Kind == Operator || a.Kind == System || a.Role.Administers
}

// Single reports whether the role reaches one single resource, which is somebody
// else's: who has it is assigned to at most one thing and owns nothing.
func (r Role) Single() bool { return !r.Administers && r.Reach == ReachSingle }

// ReachesThing reports whether a resource is there for the actor: its
// sub-account is theirs, and so is the resource unless they see all.
func (a Actor) ReachesThing(t Thing) bool {
	return (t.SubAccount == "" || a.Reaches(t.SubAccount)) && (t.Held || a.SeesAll())
}

// AllowThing says whether the actor may use the permission on a resource.
//
// Faults: those of Allow, and not_found for what they do not reach.
func AllowThing(a Actor, account id.Account, p Permission, t Thing) error {
	if err := Allow(a, account, p); err != nil {
		return err
	}
	if !a.ReachesThing(t) {
		return fault.NotFound()
	}
	return nil
}
