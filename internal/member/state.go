package member

import (
	"tenure/internal/fault"
)

// Status is where a member stands.
type Status string

// The statuses. Removed and deleted members are nobody's colleagues any more;
// their rows stay so that history has somebody to point to.
const (
	Active    Status = "active"
	Suspended Status = "suspended" // access ended, everything else still to settle
	Inactive  Status = "inactive"
	Removed   Status = "removed"
	Deleted   Status = "deleted"
)

// Move is what changes a status.
type Move string

// The moves.
const (
	Suspend    Move = "suspend"
	Deactivate Move = "deactivate"
	Activate   Move = "activate"
	Remove     Move = "remove"
	Delete     Move = "delete"
	Undo       Move = "undo"   // of a departure that found an active member
	Retain     Move = "retain" // undo of a removal that found an inactive member
)

// Transitions is the whole of it: what each move makes of each status.
var Transitions = map[Status]map[Move]Status{
	Active:    {Suspend: Suspended, Deactivate: Inactive, Remove: Removed, Delete: Deleted},
	Suspended: {Suspend: Suspended, Activate: Active, Deactivate: Inactive, Remove: Removed, Delete: Deleted},
	Inactive:  {Activate: Active, Remove: Removed, Delete: Deleted, Undo: Active},
	Removed:   {Undo: Active, Retain: Inactive},
	Deleted:   {},
}

// On gives the status after a move. Faults: conflict already_active,
// member_inactive; not_found for who is gone.
func (s Status) On(move Move) (Status, error) {
	if next, ok := Transitions[s][move]; ok {
		return next, nil
	}
	switch {
	case s == Removed || s == Deleted:
		return s, fault.NotFound()
	case move == Activate:
		return s, fault.Conflict("already_active", "This person is active already.")
	default:
		return s, fault.Conflict("member_inactive", "This person is not active.")
	}
}

// Here reports whether the member is still in the account.
func (s Status) Here() bool { return s == Active || s == Suspended || s == Inactive }
