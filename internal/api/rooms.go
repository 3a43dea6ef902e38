package api

import (
	"context"

	"tenure/internal/access"
	"tenure/internal/account"
	"tenure/internal/audit"
	"tenure/internal/departure"
	"tenure/internal/founding"
	"tenure/internal/id"
	"tenure/internal/invitation"
	"tenure/internal/member"
	"tenure/internal/operator"
	"tenure/internal/session"
	"tenure/internal/signin"
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
	Roles       func(ctx context.Context, actor access.Actor, account id.Account) ([]access.Role, error)
	Trail       func(ctx context.Context, actor access.Actor, account id.Account, f audit.Filter, cursor string) (facts []Fact, next string, err error)
	Overview    func(ctx context.Context, actor access.Actor, account id.Account) (Overview, error)
}
