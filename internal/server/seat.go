package server

import (
	"context"

	"tenure/internal/access"
	"tenure/internal/api"
	"tenure/internal/db"
	"tenure/internal/id"
	"tenure/internal/invitation"
	"tenure/internal/member"
	"tenure/internal/seat"
)

// seatSources is what seats must know of members and invitations.
func seatSources() seat.Sources {
	return seat.Sources{Place: standing, Billable: member.Billable, Reserved: reserved, Names: member.Names}
}

// standing says how a member stands.
func standing(ctx context.Context, tx *db.Tx, acc id.Account, who id.Member) (seat.Place, error) {
	m, err := member.Get(ctx, tx, acc, who)
	return seat.Place{Active: m.Status == member.Active, Registered: m.Registered()}, err
}

// reserved counts the invitations that wait for a seat.
func reserved(ctx context.Context, tx *db.Tx, acc id.Account, q seat.Queue) (int64, error) {
	byRole, err := invitation.Waiting(ctx, tx, acc, q.Before, q.But)
	if err != nil {
		return 0, err
	}
	keys, err := member.BillableRoles(ctx, tx, acc)
	if err != nil {
		return 0, err
	}
	n := int64(0)
	for _, key := range keys {
		n += byRole[key]
	}
	return n, nil
}

// seatsAgree holds seats against the members who should have one.
func seatsAgree(ctx context.Context, tx *db.Tx, acc id.Account) ([]string, error) {
	should, err := member.Billable(ctx, tx, acc)
	if err != nil {
		return nil, err
	}
	return seat.Check(ctx, tx, acc, should)
}

// seats counts the seats of an account for its overview, null without a plan.
func (s *Server) seats(ctx context.Context, actor access.Actor, acc id.Account) (*api.Seats, error) {
	u, found, err := s.rooms.Seats.Usage(ctx, actor, acc)
	if err != nil || !found {
		return nil, err
	}
	return &api.Seats{Used: u.Used, Reserved: u.Reserved, Limit: u.Limit}, nil
}
