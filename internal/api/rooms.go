package api

import (
	"context"
	"errors"

	"tenure/internal/access"
	"tenure/internal/account"
	"tenure/internal/audit"
	"tenure/internal/departure"
	"tenure/internal/id"
	"tenure/internal/invitation"
	"tenure/internal/member"
	"tenure/internal/operator"
	"tenure/internal/session"
)

// Rooms is what the door opens onto.
type Rooms struct {
	Accounts    *account.Register
	Roster      *member.Roster
	Departures  *departure.Passage
	Operators   *operator.Keys
	Invitations *invitation.Passage
	Sessions    *session.Cache
	Roles       func(ctx context.Context, actor access.Actor, account id.Account) ([]access.Role, error)
	Trail       func(ctx context.Context, actor access.Actor, account id.Account, f audit.Filter, cursor string) (facts []Fact, next string, err error)
	Overview    func(ctx context.Context, actor access.Actor, account id.Account) (Overview, error)
}

func pending[I, O any](context.Context, access.Actor, *I) (*O, error) {
	return nil, errors.New("the room is not there yet")
}

func (d *door) createAccount(ctx context.Context, a access.Actor, in *newAccountInput) (*object[Founded], error) {
	return nil, errors.New("the room is not there yet")
}

func (d *door) addOwner(ctx context.Context, a access.Actor, in *ownerInput) (*out[NewOwner], error) {
	return nil, errors.New("the room is not there yet")
}
