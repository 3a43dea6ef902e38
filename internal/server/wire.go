package server

import (
	"context"
	"encoding/json"

	"tenure/internal/access"
	"tenure/internal/account"
	"tenure/internal/api"
	"tenure/internal/bearer"
	"tenure/internal/billing"
	"tenure/internal/credit"
	"tenure/internal/db"
	"tenure/internal/decision"
	"tenure/internal/departure"
	"tenure/internal/founding"
	"tenure/internal/holding"
	"tenure/internal/id"
	"tenure/internal/invitation"
	"tenure/internal/job"
	"tenure/internal/key"
	"tenure/internal/member"
	"tenure/internal/once"
	"tenure/internal/operator"
	"tenure/internal/outbox"
	"tenure/internal/resource"
	"tenure/internal/role"
	"tenure/internal/seat"
	"tenure/internal/session"
	"tenure/internal/signin"
	"tenure/internal/trail"
	"tenure/internal/user"
)

// wire puts the rooms together, from the ground up. A room that needs one
// above or beside it gets a function.
func (s *Server) wire() {
	s.hasher = user.NewHasher(s.config.PasswordCost)
	s.remembered = bearer.NewMemory(s.db)
	s.sessions = session.New(s.db, s.remembered, session.Sources{Actor: member.Actor, Epoch: user.Epoch, Seen: member.Seen, Place: member.AskEpoch, Person: user.AskEpoch}, memory)
	s.keys = key.NewRing(s.db, s.remembered, member.Actor, memory)
	if s.db.Shared() {
		s.fleet = bearer.NewFleet(s.remembered, bearer.StandardPace)
	}
	var invitations *invitation.Passage
	comings := signin.New(s.db, s.keeper, s.hasher, s.sessions, signin.Ways{
		House: s.config.house(),
		Accept: func(ctx context.Context, actor access.Actor, ask json.RawMessage, claim user.Claim) (signin.Arrival, error) {
			in, err := invitations.Resume(ctx, actor, ask, claim)
			return signin.Arrival(in), err
		},
	})
	claims := user.NewClaims(s.hasher, comings.Authenticate)
	held := resource.Ways{Rights: member.Actor, Place: place, People: people}
	ledger := credit.NewLedger(s.db, credit.Ways{Person: person, Names: member.Names})
	seating := seat.NewRegister(s.db, seatSources())
	holdings := []holding.Holding{session.Held{}, key.Held{}, resource.NewHeld(held), ledger.Holding(), seat.Held{Sources: seatSources()}, invitation.Sent{}, signin.Links{}}
	invitations = invitation.New(s.db, s.keeper, claims, holdings)
	bind := func(ctx context.Context, tx *db.Tx, actor access.Actor, acc id.Account, m member.Member) error {
		_, err := invitations.Bind(ctx, tx, actor, acc, m)
		return err
	}
	roster := member.NewRoster(s.db, holdings, member.Ways{Bind: bind, Unbind: invitation.Unbind, Pending: invitation.AskPending, RequestEmail: comings.RequestMemberEmail})
	departures := departure.New(s.db, s.keeper, holdings, departure.Ways{Bind: bind, Forget: forget})
	s.rooms = api.Rooms{
		Accounts: account.NewRegister(s.db), Roster: roster, Departures: departures,
		Invitations: invitations,
		Founding:    founding.New(s.db, s.keeper, claims, roster, founding.Ways{Bind: invitations.Bind, Offer: invitations.Offer}, s.config.SignUp),
		SignIn:      comings, Sessions: s.sessions, Keys: s.keys, Once: once.NewBook(s.db, s.keeper), Operators: operator.NewKeys(s.db, s.remembered),
		Roles:     role.NewRegister(s.db, role.Ways{Members: member.CountRole, Invited: invitation.CountRole, Owners: member.Owners, Refit: refit, Reseat: seating.Align, Narrow: narrow}),
		Resources: resource.NewRegister(s.db, held), Decisions: decision.NewDesk(s.db, s.sessions), Trail: trail.New(s.db), Credits: ledger, Seats: seating, Billing: billing.NewDesk(s.db), Overview: s.overview,
	}
	s.jobs = job.NewRunner(s.db, s.log, map[string]job.Handler{
		departure.ApplyJob: departures.Carry,
		departure.UndoJob:  departures.BringBack,
		departure.PurgeJob: departures.Purge,
		seat.CloseJob:      seating.Close,
		signin.ForgotJob:   comings.MailReset,
		signin.FollowJob:   comings.Follow,
		signin.EraseJob:    comings.EraseUser,
	})
	s.jobs.GivingUp(departure.ApplyJob, departures.GiveUp)
}

// narrow follows a role that begins to reach one single resource, or ceases to.
func narrow(ctx context.Context, tx *db.Tx, acc id.Account, key string, single bool) error {
	members, err := member.WithRole(ctx, tx, acc, key)
	if err != nil {
		return err
	}
	return resource.Narrow(ctx, tx, acc, members, single)
}

// place says how a member stands.
func place(ctx context.Context, tx *db.Tx, acc id.Account, m id.Member) (resource.Place, error) {
	here, err := member.Here(ctx, tx, acc, m)
	return resource.Place{Registered: here.Registered(), Active: here.Status == member.Active}, err
}

// people is members as those see them who share a resource with them.
func people(ctx context.Context, tx *db.Tx, acc id.Account, members []id.Member) (map[id.Member]resource.Person, error) {
	faces, err := member.Faces(ctx, tx, acc, members)
	people := make(map[id.Member]resource.Person, len(faces))
	for m, f := range faces {
		people[m] = resource.Person{ID: m, Name: f.Name, Active: f.Status == member.Active}
	}
	return people, err
}

// person is a member as the ledger of credits knows them.
func person(ctx context.Context, tx *db.Tx, acc id.Account, who id.Member) (credit.Person, error) {
	m, err := member.Here(ctx, tx, acc, who)
	if err != nil {
		return credit.Person{}, err
	}
	held, err := role.Get(ctx, tx, acc, m.Role)
	return credit.Person{Name: m.Name(), Active: m.Status == member.Active, Registered: m.Registered(), Role: held, Epoch: m.Epoch}, err
}

// forget erases what other rooms keep of a person, and names what of theirs the
// trail speaks of.
func forget(ctx context.Context, tx *db.Tx, acc id.Account, m member.Member) (theirs []string, err error) {
	if err := session.Forget(ctx, tx, acc, m.ID); err != nil {
		return nil, err
	}
	keys, err := key.Forget(ctx, tx, acc, m.ID)
	if err != nil {
		return nil, err
	}
	for _, k := range keys {
		theirs = append(theirs, string(k))
	}
	invitations, err := invitation.Forget(ctx, tx, acc, m)
	if err != nil {
		return nil, err
	}
	for _, inv := range invitations {
		theirs = append(theirs, string(inv))
		if err := outbox.Forget(ctx, tx, acc, string(inv)); err != nil {
			return nil, err
		}
	}
	return theirs, outbox.Forget(ctx, tx, acc, string(m.ID))
}

// refit gives those with a role, and those invited with it, these modules.
func refit(ctx context.Context, tx *db.Tx, acc id.Account, key string, modules []id.Module) error {
	if err := member.Refit(ctx, tx, acc, key, modules); err != nil {
		return err
	}
	return invitation.Refit(ctx, tx, acc, key, modules)
}

// overview counts members and, for who may see them, invitations.
func (s *Server) overview(ctx context.Context, actor access.Actor, acc id.Account) (api.Overview, error) {
	counts, err := s.rooms.Roster.Count(ctx, actor, acc)
	if err != nil {
		return api.Overview{}, err
	}
	o := api.Overview{Active: counts.Active, Inactive: counts.Inactive + counts.Suspended, Suspended: counts.Suspended, WithoutMFA: counts.Unguarded}
	if actor.Holds(access.InvitationsManage) {
		if o.Pending, err = s.rooms.Invitations.Count(ctx, actor, acc); err != nil {
			return api.Overview{}, err
		}
	}
	if o.Seats, err = s.seats(ctx, actor, acc); err != nil {
		return api.Overview{}, err
	}
	if actor.Holds(access.CreditsManage) {
		o.Credits, err = s.rooms.Credits.Unspent(ctx, actor, acc)
	}
	return o, err
}
