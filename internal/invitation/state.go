package invitation

import (
	"tenure/internal/fault"
)

// Status is where an invitation stands.
type Status string

// The statuses. An invitation whose time is over is expired from that instant
// on, whether or not somebody has written that down.
const (
	Pending   Status = "pending"
	Accepted  Status = "accepted"
	Declined  Status = "declined"
	Withdrawn Status = "withdrawn"
	Expired   Status = "expired"
)

// Move is what changes a status.
type Move string

// The moves. Accept and Decline are made by whoever holds the link, the others
// by whoever manages invitations; Expire also by time alone.
const (
	Accept   Move = "accept"
	Decline  Move = "decline"
	Withdraw Move = "withdraw"
	Expire   Move = "expire"
	Resend   Move = "resend"
)

// Transitions is the whole of it: what each move makes of each status.
var Transitions = map[Status]map[Move]Status{
	Pending:   {Accept: Accepted, Decline: Declined, Withdraw: Withdrawn, Expire: Expired, Resend: Pending},
	Expired:   {Withdraw: Withdrawn, Resend: Pending},
	Accepted:  {},
	Declined:  {},
	Withdrawn: {},
}

// On gives the status after a move.
//
// Faults: conflict already_accepted; gone invitation_expired and
// invitation_closed for whoever holds a link, conflict invitation_closed for
// whoever manages invitations.
func (s Status) On(move Move) (Status, error) {
	if next, ok := Transitions[s][move]; ok {
		return next, nil
	}
	byLink := move == Accept || move == Decline
	switch {
	case s == Accepted:
		return s, fault.Conflict("already_accepted", "This invitation has been accepted already.")
	case s == Expired:
		return s, expired()
	case byLink:
		return s, closed()
	default:
		return s, fault.Conflict("invitation_closed", "This invitation is closed. Invite the person anew.")
	}
}

func expired() *fault.Fault {
	return fault.Gone("invitation_expired", "This invitation has expired. Ask whoever invited you to send it again.")
}

func closed() *fault.Fault {
	return fault.Gone("invitation_closed", "This invitation is not open any more. Ask whoever invited you for a new one.")
}

func replaced() *fault.Fault {
	return fault.Gone("invitation_replaced", "A newer link has replaced this one. Please use the newest mail.")
}
