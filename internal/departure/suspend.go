package departure

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"tenure/internal/access"
	"tenure/internal/account"
	"tenure/internal/db"
	"tenure/internal/fault"
	"tenure/internal/holding"
	"tenure/internal/id"
	"tenure/internal/job"
	"tenure/internal/member"
	"tenure/internal/once"
)

// Suspend ends a member's access now and leaves everything else to be settled:
// a departure that waits. A member who is suspended already gives the same
// departure again. Who is in a departure of many is taken out of it, into one of
// their own with the same decisions.
//
// Faults: forbidden, rank_exceeded, not_found, step_up_required; conflict
// last_owner, member_inactive.
func (p *Passage) Suspend(ctx context.Context, actor access.Actor, account id.Account, m id.Member) (member.Member, Plan, error) {
	if err := enter(actor, account); err != nil {
		return member.Member{}, Plan{}, err
	}
	if err := allow(actor, account, []id.Member{m}); err != nil {
		return member.Member{}, Plan{}, err
	}
	var out member.Member
	var plan Plan
	err := p.db.Write(ctx, account, func(tx *db.Tx) error {
		d, found, err := inside(ctx, tx, account, m)
		if err != nil {
			return err
		}
		if !found {
			d = Departure{ID: id.New[id.Departure](), Kind: Deactivate, Parts: of(m), Decisions: map[string]json.RawMessage{}, By: actor, CreatedAt: tx.Now(), Version: 1}
		}
		all, err := p.leavers(ctx, tx, actor, account, d, []id.Member{m})
		if err != nil {
			return err
		}
		l := all[0]
		out = l.member
		switch {
		case d.State == Settling:
			tx.Stale(string(m)) // whoever asks again is told when no node lets them in, too
		default:
			if err := access.Proven(actor, tx.Now()); err != nil {
				return err
			}
			if d.many() {
				if d, err = p.apart(ctx, tx, actor, account, d, m, suspended); err != nil {
					return err
				}
			}
			if out, d, err = p.suspend(ctx, tx, actor, d, l); err != nil {
				return err
			}
		}
		if err := once.Keep(ctx, tx, d.ID); err != nil {
			return err
		}
		plan, err = p.survey(ctx, tx, actor, account, d, nil)
		return err
	})
	return out, plan, err
}

func firstOffered(policy account.Policy) Kind {
	if policy.Offers(string(Deactivate)) {
		return Deactivate
	}
	return Kind(policy.DepartureKinds[0])
}

// suspend ends the access of a member and has the departure wait: one that is
// new, or one whose time had not come.
func (p *Passage) suspend(ctx context.Context, tx *db.Tx, actor access.Actor, d Departure, l leaving) (member.Member, Departure, error) {
	account := l.account.ID
	m, err := member.Go(ctx, tx, actor, account, l.member, member.Suspend)
	if err != nil {
		return m, d, err
	}
	if err := member.KeepOwner(ctx, tx, account, l.member); err != nil {
		return m, d, err
	}
	if d, err = p.wait(ctx, tx, d, l); err != nil {
		return m, d, err
	}
	effects, err := p.settle(ctx, tx, p.toCase(tx, actor, d, d.party(), l, holding.Suspend))
	if err != nil {
		return m, d, err
	}
	was := place{Status: l.member.Status, Sessions: holding.Count(effects, "sessions_ended"), Keys: holding.Count(effects, "keys_ended")}
	if err := remember(ctx, tx, account, d.ID, m.ID, was); err != nil {
		return m, d, err
	}
	return m, d, p.tell(ctx, tx, l, m)
}

// wait makes the departure one that is settling.
func (p *Passage) wait(ctx context.Context, tx *db.Tx, d Departure, l leaving) (Departure, error) {
	if d.State == "" {
		d.State, d.Kind = Settling, firstOffered(l.account.Policy)
		return d, insert(ctx, tx, l.account.ID, d)
	}
	next, err := d.State.On(Suspend)
	if err != nil {
		return d, err
	}
	d.State, d.At = next, time.Time{}
	if err := save(ctx, tx, l.account.ID, &d); err != nil {
		return d, err
	}
	return d, job.Drop(ctx, tx, l.account.ID, ApplyJob, string(d.ID))
}

// Activate makes a suspended or inactive member active again: role, grants and
// assignments are as they were, sessions and links are not. It gives up the
// departure that the member waits in; of one of many they are taken out, and the
// others leave all the same. Somebody who never came in is sent their invitation.
// With preview it only says what it would do.
//
// Faults: forbidden, rank_exceeded, not_found, step_up_required unless it is a
// preview; conflict already_active, and what holdings block.
func (p *Passage) Activate(ctx context.Context, actor access.Actor, account id.Account, m id.Member, preview bool) (member.Member, []holding.Effect, error) {
	if err := access.Allow(actor, account, access.MembersManage); err != nil {
		return member.Member{}, nil, err
	}
	var out member.Member
	effects := []holding.Effect{}
	work := func(tx *db.Tx) error {
		before, err := member.Here(ctx, tx, account, m)
		if err != nil {
			return err
		}
		held, err := member.AllowGiven(ctx, tx, actor, account, before)
		if err != nil {
			return err
		}
		if _, err := before.Status.On(member.Activate); err != nil {
			return err
		}
		c := holding.Case{Kind: holding.Return, Account: account, Member: m, From: held, To: held, At: tx.Now(), Actor: actor}
		if effects, err = p.returning(ctx, tx, c); err != nil {
			return err
		}
		out = before
		if preview {
			return nil
		}
		if err := access.Proven(actor, tx.Now()); err != nil {
			return err
		}
		if out, err = p.activate(ctx, tx, actor, account, before, c); err != nil {
			return err
		}
		return once.Keep(ctx, tx, effects)
	}
	run := func() error { return p.db.Write(ctx, account, work) }
	if preview {
		run = func() error { return p.db.Read(ctx, work) }
	}
	err := run()
	return out, effects, err
}

// returning asks the holdings what a return would do.
func (p *Passage) returning(ctx context.Context, tx *db.Tx, c holding.Case) ([]holding.Effect, error) {
	effects := []holding.Effect{}
	for _, h := range p.holdings {
		found, err := h.Survey(ctx, tx, c)
		if err != nil {
			return nil, fmt.Errorf("survey %s: %w", h.Name(), err)
		}
		if len(found.Blockers) > 0 {
			return nil, fault.Conflict(found.Blockers[0].Code, found.Blockers[0].Detail).With("blockers", found.Blockers)
		}
		effects = append(effects, found.Effects...)
	}
	return effects, nil
}

func (p *Passage) activate(ctx context.Context, tx *db.Tx, actor access.Actor, account id.Account, before member.Member, c holding.Case) (member.Member, error) {
	if err := p.giveUp(ctx, tx, actor, account, before.ID); err != nil {
		return before, err
	}
	m, err := member.Go(ctx, tx, actor, account, before, member.Activate)
	if err != nil {
		return before, err
	}
	if _, err := p.settle(ctx, tx, c); err != nil {
		return before, err
	}
	if m.Registered() {
		return m, nil
	}
	return m, p.ways.Bind(ctx, tx, actor, account, m)
}

// giveUp ends the departure that a member is in, for them.
func (p *Passage) giveUp(ctx context.Context, tx *db.Tx, actor access.Actor, account id.Account, m id.Member) error {
	d, found, err := inside(ctx, tx, account, m)
	switch {
	case err != nil || !found:
		return err
	case d.many():
		return p.takeOut(ctx, tx, actor, account, d, Part{Member: m, Verdict: Blocked, Code: reactivated})
	default:
		return p.discard(ctx, tx, actor, account, d)
	}
}

// apart takes a member out of a departure of many and gives them one of their
// own with the same decisions, which is still to be suspended.
func (p *Passage) apart(ctx context.Context, tx *db.Tx, by access.Actor, account id.Account, d Departure, m id.Member, code string) (Departure, error) {
	if err := p.takeOut(ctx, tx, by, account, d, Part{Member: m, Verdict: Waits, Code: code}); err != nil {
		return d, err
	}
	own := Departure{ID: id.New[id.Departure](), Kind: d.Kind, State: Scheduled, Parts: of(m), Decisions: d.Decisions, By: by, CreatedAt: tx.Now(), Version: 1}
	return own, insert(ctx, tx, account, own)
}

// takeOut gives a member of a departure of many a verdict of their own. If
// nobody is left in it before its time, it is given up; what is under way, its
// job closes.
func (p *Passage) takeOut(ctx context.Context, tx *db.Tx, by access.Actor, account id.Account, d Departure, part Part) error {
	if err := record(ctx, tx, by, account, &d, part); err != nil {
		return err
	}
	if len(d.waiting()) > 0 || d.underWay(tx.Now()) {
		return nil
	}
	return p.discard(ctx, tx, by, account, d)
}
