package departure

import (
	"context"

	"tenure/internal/access"
	"tenure/internal/audit"
	"tenure/internal/db"
	"tenure/internal/fault"
	"tenure/internal/holding"
	"tenure/internal/id"
	"tenure/internal/job"
	"tenure/internal/member"
)

// UndoJob is the kind of the job that brings back the members of a departure of
// several that was undone. Its ref is the departure.
const UndoJob = "departure.undo"

// beginUndo has a job bring several members back. What stands in the way of any
// of them is told before anybody is back.
func (p *Passage) beginUndo(ctx context.Context, tx *db.Tx, actor access.Actor, account id.Account, d Departure, all []leaving) (Plan, error) {
	taken := int64(0)
	for _, l := range all {
		if err := p.mayReturn(ctx, tx, actor, d, l, &taken); err != nil {
			return Plan{}, err
		}
	}
	d.By = actor
	if err := save(ctx, tx, account, &d); err != nil {
		return Plan{}, err
	}
	if err := job.Add(ctx, tx, account, UndoJob, string(d.ID), tx.Now()); err != nil {
		return Plan{}, err
	}
	if err := audit.Record(ctx, tx, actor, audit.Event{Action: "departure.undo", Subject: audit.Of("departure", d.ID), Changes: d.told()}); err != nil {
		return Plan{}, err
	}
	return p.show(ctx, tx, actor, account, d)
}

// mayReturn says whether a member can be brought back after those who were asked
// about before them and take so much room, and adds what this one takes.
func (p *Passage) mayReturn(ctx context.Context, tx *db.Tx, actor access.Actor, d Departure, l leaving, taken *int64) error {
	was, err := p.stillFree(ctx, tx, d, l)
	if err != nil || was.Status == member.Inactive {
		return err
	}
	c := p.toCase(tx, actor, d, d.party(), l, holding.Return)
	c.Taken = *taken
	found, err := holding.Survey(ctx, tx, p.holdings, c)
	if err != nil {
		return err
	}
	*taken += found.Takes
	return found.Refusal()
}

// BringBack is the handler of UndoJob. Each member comes back in a write of their
// own, so that who is killed half-way goes on where it stopped, by the rights
// that whoever asked for it has at that moment.
func (p *Passage) BringBack(ctx context.Context, account id.Account, ref string) error {
	for {
		more, err := p.stepBack(ctx, account, id.Departure(ref))
		if err != nil || !more {
			return err
		}
	}
}

// stepBack brings back who is next. There is no more once everybody has had their
// turn.
func (p *Passage) stepBack(ctx context.Context, account id.Account, departure id.Departure) (more bool, err error) {
	var m id.Member
	err = p.db.Write(ctx, account, func(tx *db.Tx) error {
		more = false
		d, err := get(ctx, tx, account, departure)
		if err != nil {
			return err
		}
		next := d.returning()
		if len(next) == 0 {
			return nil
		}
		more, m = true, next[0]
		return p.turnBack(ctx, tx, account, d, m)
	})
	if refused := fault.As(err); more && refused != nil && refused.Kind != fault.KindUnavailable {
		err = p.db.Write(ctx, account, func(tx *db.Tx) error { return p.leaveAway(ctx, tx, account, departure, m, refused) })
	}
	return more && err == nil, err
}

// turnBack brings one of several back, by whoever asked for it as they are now.
func (p *Passage) turnBack(ctx context.Context, tx *db.Tx, account id.Account, d Departure, m id.Member) error {
	by, err := again(ctx, tx, account, d)
	if err != nil {
		return err
	}
	if err := allow(by, account, d.Members()); err != nil {
		return err
	}
	all, err := p.leavers(ctx, tx, by, account, d, []id.Member{m})
	if err != nil {
		return err
	}
	effects, err := p.restore(ctx, tx, by, &d, all[0])
	if err != nil {
		return err
	}
	if why := reasons(effects); why != nil {
		if err := audit.Record(ctx, tx, by, audit.Event{Action: "departure.skip", Subject: audit.Of("departure", d.ID),
			Changes: append(why, audit.Plain("member", nil, string(m)))}); err != nil {
			return err
		}
	}
	return p.endUndo(ctx, tx, account, d)
}

// leaveAway leaves a member as the departure left them, and says why.
func (p *Passage) leaveAway(ctx context.Context, tx *db.Tx, account id.Account, departure id.Departure, m id.Member, why *fault.Fault) error {
	d, err := get(ctx, tx, account, departure)
	if err != nil {
		return err
	}
	if err := settleBack(ctx, tx, account, &d, m, Stays, codeOf(why), []holding.Effect{}); err != nil {
		return err
	}
	if err := audit.Record(ctx, tx, access.BySystem(), audit.Event{Action: "departure.stay", Subject: audit.Of("departure", d.ID),
		Changes: []audit.Change{audit.Plain("member", nil, string(m)), audit.Plain("code", nil, codeOf(why))}}); err != nil {
		return err
	}
	return p.endUndo(ctx, tx, account, d)
}

// endUndo is for when everybody has had their turn: who was removed and could not
// come back is erased when the window closes, as they would have been.
func (p *Passage) endUndo(ctx context.Context, tx *db.Tx, account id.Account, d Departure) error {
	if d.Kind != Remove || len(d.returning()) > 0 || len(d.away()) == 0 {
		return nil
	}
	return job.Add(ctx, tx, account, PurgeJob, string(d.ID), d.UndoUntil)
}
