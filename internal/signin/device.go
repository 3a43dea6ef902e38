package signin

import (
	"context"
	"slices"

	"tenure/internal/access"
	"tenure/internal/db"
	"tenure/internal/fault"
	"tenure/internal/id"
	"tenure/internal/member"
	"tenure/internal/role"
	"tenure/internal/session"
	"tenure/internal/user"
)

// Sessions lists where the caller is signed in, in all their accounts, the
// newest first. Faults: unauthenticated.
func (p *Passage) Sessions(ctx context.Context, actor access.Actor) ([]session.Entry, error) {
	if actor.Kind != access.Member {
		return nil, fault.Unauthenticated()
	}
	var all []session.Entry
	err := p.db.Read(ctx, func(tx *db.Tx) (err error) {
		all, err = p.mine(ctx, tx, actor)
		return err
	})
	return all, err
}

func (p *Passage) mine(ctx context.Context, tx *db.Tx, actor access.Actor) ([]session.Entry, error) {
	all := []session.Entry{}
	places, err := member.OfUser(ctx, tx, actor.User)
	if err != nil {
		return nil, err
	}
	for _, l := range only(places, active) {
		some, err := p.sessions.List(ctx, tx, l.Account, l.Member)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	slices.SortFunc(all, func(a, b session.Entry) int { return b.CreatedAt.Compare(a.CreatedAt) })
	return all, nil
}

// EndSession ends one of the caller's own sessions, in any of their accounts.
// Faults: unauthenticated, not_found.
func (p *Passage) EndSession(ctx context.Context, actor access.Actor, which id.Session) error {
	all, err := p.Sessions(ctx, actor)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(all, func(e session.Entry) bool { return e.ID == which })
	if at < 0 {
		return fault.NotFound()
	}
	by := actor
	by.Account, by.Member = all[at].Account, all[at].Member // who they are there, for the trail there
	return p.db.Write(ctx, by.Account, func(tx *db.Tx) error {
		return session.End(ctx, tx, by, by.Account, by.Member, which)
	})
}

// EndOtherSessions ends all sessions of the caller but the one they use, in all
// their accounts, and says how many. Faults: unauthenticated.
func (p *Passage) EndOtherSessions(ctx context.Context, actor access.Actor) (ended int64, err error) {
	if actor.Kind != access.Member {
		return 0, fault.Unauthenticated()
	}
	err = p.db.WriteUser(ctx, actor.User, func(tx *db.Tx) error {
		others, err := p.mine(ctx, tx, actor)
		if err != nil {
			return err
		}
		epoch, err := user.Epoch(ctx, tx, actor.User)
		if err != nil {
			return err
		}
		others = slices.DeleteFunc(others, func(e session.Entry) bool { return e.ID == actor.Session })
		ended = int64(len(others)) // those that were over already are no news
		_, err = session.EndUser(ctx, tx, actor, actor.User, actor.Session, epoch)
		return err
	})
	return ended, err
}

// MemberSessions lists where a member is signed in.
//
// Faults: those of access.AllowOver with members.manage; not_found.
func (p *Passage) MemberSessions(ctx context.Context, actor access.Actor, account id.Account, who id.Member) (list []session.Entry, err error) {
	if err := access.Allow(actor, account, access.MembersManage); err != nil {
		return nil, err
	}
	err = p.db.Read(ctx, func(tx *db.Tx) error {
		if _, err := under(ctx, tx, actor, account, who); err != nil {
			return err
		}
		list, err = p.sessions.List(ctx, tx, account, who)
		return err
	})
	return list, err
}

// EndMemberSession ends one session of a member. Faults: those of
// MemberSessions.
func (p *Passage) EndMemberSession(ctx context.Context, actor access.Actor, account id.Account, who id.Member, which id.Session) error {
	if err := access.Allow(actor, account, access.MembersManage); err != nil {
		return err
	}
	return p.db.Write(ctx, account, func(tx *db.Tx) error {
		if _, err := under(ctx, tx, actor, account, who); err != nil {
			return err
		}
		return session.End(ctx, tx, actor, account, who, which)
	})
}

// EndMemberSessions ends all sessions of a member and says how many. Faults:
// those of MemberSessions.
func (p *Passage) EndMemberSessions(ctx context.Context, actor access.Actor, account id.Account, who id.Member) (ended int64, err error) {
	if err := access.Allow(actor, account, access.MembersManage); err != nil {
		return 0, err
	}
	err = p.db.Write(ctx, account, func(tx *db.Tx) error {
		if _, err := under(ctx, tx, actor, account, who); err != nil {
			return err
		}
		list, err := p.sessions.List(ctx, tx, account, who)
		if err != nil {
			return err
		}
		ended = int64(len(list))
		_, err = session.EndMember(ctx, tx, actor, account, who, "")
		return err
	})
	return ended, err
}

// under reads a member whom the actor may change: by rank, not_found for who is
// in another account or gone.
func under(ctx context.Context, tx *db.Tx, actor access.Actor, account id.Account, who id.Member) (member.Member, error) {
	m, err := member.Here(ctx, tx, account, who)
	if err != nil {
		return m, err
	}
	held, err := role.Get(ctx, tx, account, m.Role)
	if err != nil {
		return m, err
	}
	return m, access.AllowOver(actor, account, access.MembersManage, held)
}
