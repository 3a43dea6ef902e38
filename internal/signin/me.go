package signin

import (
	"context"

	"tenure/internal/access"
	"tenure/internal/account"
	"tenure/internal/db"
	"tenure/internal/fault"
	"tenure/internal/id"
	"tenure/internal/member"
	"tenure/internal/user"
)

// Me reads the caller's own place. Faults: unauthenticated.
func (p *Passage) Me(ctx context.Context, actor access.Actor) (m member.Member, err error) {
	if actor.Kind != access.Member {
		return m, fault.Unauthenticated()
	}
	err = p.db.Read(ctx, func(tx *db.Tx) error {
		m, err = member.Get(ctx, tx, actor.Account, actor.Member)
		return err
	})
	return m, err
}

// UpdateMe writes the caller's own profile: names, job title, phone, locale.
// What else the patch holds is not looked at: nobody edits their own role,
// grants, status or address here (n8n CVE-2026-56350). ifVersion, when not 0, is
// the version the caller read.
//
// Faults: unauthenticated, invalid, stale.
func (p *Passage) UpdateMe(ctx context.Context, actor access.Actor, patch member.Patch, ifVersion int64) (m member.Member, err error) {
	if actor.Kind != access.Member {
		return m, fault.Unauthenticated()
	}
	err = p.db.Write(ctx, actor.Account, func(tx *db.Tx) error {
		before, err := member.Here(ctx, tx, actor.Account, actor.Member)
		if err != nil {
			return err
		}
		if ifVersion != 0 && ifVersion != before.Version {
			return fault.Stale()
		}
		m, err = member.EditProfile(ctx, tx, actor, actor.Account, actor.Member, patch)
		return err
	})
	return m, err
}

// Place is one of the caller's own places.
type Place struct {
	Account account.Account
	Member  id.Member
	Status  member.Status
	Current bool // the one the caller is in
}

// Accounts lists the caller's places, whatever their status, in the order of
// their accounts' beginning. Faults: unauthenticated.
func (p *Passage) Accounts(ctx context.Context, actor access.Actor) ([]Place, error) {
	if actor.Kind != access.Member {
		return nil, fault.Unauthenticated()
	}
	list := []Place{}
	err := p.db.Read(ctx, func(tx *db.Tx) error {
		places, err := member.OfUser(ctx, tx, actor.User)
		if err != nil {
			return err
		}
		for _, l := range places {
			if !l.Status.Here() {
				continue
			}
			a, err := account.Get(ctx, tx, l.Account)
			if err != nil {
				return err
			}
			list = append(list, Place{a, l.Member, l.Status, l.Account == actor.Account})
		}
		return nil
	})
	return list, err
}

// Switch begins another session, in another of the caller's places. The one they
// have goes on, and its proof of who they are counts for the new one.
//
// Faults: unauthenticated; not_found for an account that is none of theirs;
// conflict member_inactive.
func (p *Passage) Switch(ctx context.Context, actor access.Actor, to id.Account) (Arrival, error) {
	if actor.Kind != access.Member {
		return Arrival{}, fault.Unauthenticated()
	}
	var u user.User
	if err := p.db.Read(ctx, func(tx *db.Tx) (err error) {
		u, err = user.Get(ctx, tx, actor.User)
		return err
	}); err != nil {
		return Arrival{}, err
	}
	place, err := p.choose(ctx, u, to)
	if err != nil {
		return Arrival{}, err
	}
	return p.enter(ctx, entry{user: u.ID, epoch: u.Epoch, place: place, proved: actor.ProvedAt})
}
