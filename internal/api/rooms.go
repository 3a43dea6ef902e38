package api

import (
	"context"

	"tenure/internal/access"
	"tenure/internal/account"
	"tenure/internal/billing"
	"tenure/internal/credit"
	"tenure/internal/decision"
	"tenure/internal/departure"
	"tenure/internal/founding"
	"tenure/internal/id"
	"tenure/internal/invitation"
	"tenure/internal/key"
	"tenure/internal/member"
	"tenure/internal/once"
	"tenure/internal/operator"
	"tenure/internal/resource"
	"tenure/internal/role"
	"tenure/internal/seat"
	"tenure/internal/session"
	"tenure/internal/signin"
	"tenure/internal/trail"
)

// Rooms is what the door opens onto.
type Rooms struct {
	Accounts    *account.Register
	Roster      *member.Roster
	SignIn      *signin.Passage
	Founding    *founding.Passage
	Departures  *departure.Passage
	Operators   *operator.Keys
	Invitations *invitation.Passage
	Sessions    *session.Cache
	Once        *once.Book
	Roles       *role.Register
	Keys        *key.Ring
	Resources   *resource.Register
	Decisions   *decision.Desk
	Trail       *trail.Reader
	Credits     *credit.Ledger
	Seats       *seat.Register
	Billing     *billing.Desk
	Overview    func(ctx context.Context, actor access.Actor, account id.Account) (Overview, error)
}
