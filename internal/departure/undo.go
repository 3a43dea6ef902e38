package departure

import (
	"context"
	"fmt"
	"slices"

	"tenure/internal/access"
	"tenure/internal/audit"
	"tenure/internal/db"
	"tenure/internal/fault"
	"tenure/internal/holding"
	"tenure/internal/id"
	"tenure/internal/member"
	"tenure/internal/once"
)

// Undo takes an applied departure back while its window is open: the place with
// its role and grants, and what each holding can restore. Sessions and links
// stay ended. What could not be restored is told as effects of the kind skipped,
// and kept with the departure.
//
// Of one member it is done, whole, when the call returns. Of several a job brings
// back one after the other, once it is known that nothing stands in the way of
// any of them; what comes in somebody's way meanwhile keeps nobody else.
//
// Faults: forbidden, rank_exceeded, not_found, step_up_required; conflict
// departure_open, departure_over, undo_conflict, and what holdings block, such as
// seat_limit; gone undo_closed.
func (p *Passage) Undo(ctx context.Context, actor access.Actor, account id.Account, departure id.Departure) (Plan, error) {
	if err := enter(actor, account); err != nil {
		return Plan{}, err
	}
	var plan Plan
	err := p.db.Write(ctx, account, func(tx *db.Tx) error {
		d, err := find(ctx, tx, actor, account, departure)
		if err != nil {
			return err
		}
		all, err := p.undoable(ctx, tx, actor, account, d)
		if err != nil {
			return err
		}
		if err := access.Proven(actor, tx.Now()); err != nil {
			return err
		}
		if d.State, err = d.State.On(Undo); err != nil {
			return err
		}
		if err := once.Keep(ctx, tx, d.ID); err != nil {
			return err
		}
		if d.many() {
			plan, err = p.beginUndo(ctx, tx, actor, account, d, all)
			return err
		}
		plan, err = p.undo(ctx, tx, actor, account, d, all[0])
		return err
	})
	return plan, err
}

// undoable gives those whom undoing is about: who left, and of what was not
// applied those it is planned for, so that nobody is told of a departure of
// somebody who ranks above them.
func (p *Passage) undoable(ctx context.Context, tx *db.Tx, actor access.Actor, account id.Account, d Departure) ([]leaving, error) {
	if d.State != Applied {
		return p.leavers(ctx, tx, actor, account, d, d.concerned())
	}
	all, err := p.leavers(ctx, tx, actor, account, d, d.gone())
	if err == nil && !tx.Now().Before(d.UndoUntil) {
		err = fault.Gone("undo_closed", "This can no longer be undone.")
	}
	return all, err
}

// undo brings the one member of a departure back.
func (p *Passage) undo(ctx context.Context, tx *db.Tx, actor access.Actor, account id.Account, d Departure, l leaving) (Plan, error) {
	effects, err := p.restore(ctx, tx, actor, &d, l)
	if err != nil {
		return Plan{}, err
	}
	if err := save(ctx, tx, account, &d); err != nil {
		return Plan{}, err
	}
	plan := empty(d, tx.Now())
	plan.Effects, plan.Skipped = effects, skipped(effects)
	if err := name(ctx, tx, account, everybody, &plan); err != nil {
		return Plan{}, err
	}
	return plan, audit.Record(ctx, tx, actor, audit.Event{Action: "departure.undo", Subject: audit.Of("departure", d.ID), Changes: append(d.told(), reasons(effects)...)})
}

// skipped picks what could not be brought back.
func skipped(effects []holding.Effect) []holding.Effect {
	return slices.DeleteFunc(slices.Clone(effects), func(e holding.Effect) bool { return e.Kind != "skipped" })
}

// reasons is what the trail says of what could not be brought back: how much, for
// each reason; nothing if all could.
func reasons(effects []holding.Effect) []audit.Change {
	counts := map[string]int64{}
	for _, e := range skipped(effects) {
		if e.Count != nil {
			counts[e.Reason] += *e.Count
		}
	}
	if len(counts) == 0 {
		return nil
	}
	return []audit.Change{audit.Plain("skipped", nil, counts)}
}

// restore gives a member back their place and what each holding can restore.
func (p *Passage) restore(ctx context.Context, tx *db.Tx, actor access.Actor, d *Departure, l leaving) ([]holding.Effect, error) {
	was, err := p.stillFree(ctx, tx, *d, l)
	if err != nil {
		return nil, err
	}
	move := member.Undo
	if was.Status == member.Inactive {
		move = member.Retain
	}
	if _, err := member.Go(ctx, tx, actor, l.account.ID, l.member, move); err != nil {
		return nil, err
	}
	c := p.toCase(tx, actor, *d, d.party(), l, holding.Return)
	if c.Gone, err = gone(ctx, tx, l.account.ID, *d, l.member.ID); err != nil {
		return nil, err
	}
	effects := []holding.Effect{}
	for i := len(p.holdings) - 1; i >= 0; i-- {
		done, err := p.holdings[i].Restore(ctx, tx, c)
		if err != nil {
			return nil, fmt.Errorf("undo %s: %w", p.holdings[i].Name(), err)
		}
		effects = append(effects, done...)
	}
	return effects, settleBack(ctx, tx, l.account.ID, d, l.member.ID, Returned, "", effects)
}

// gone is what was told of a member when the departure was applied to them.
func gone(ctx context.Context, tx *db.Tx, account id.Account, d Departure, m id.Member) (*holding.Gone, error) {
	var left Left
	if d.many() {
		var err error
		if left, err = outcome(ctx, tx, account, d.ID, m); err != nil {
			return nil, err
		}
	} else {
		receipt, err := d.stored()
		if err != nil {
			return nil, err
		}
		left = receipt.Members[0]
	}
	return &holding.Gone{Kind: moves[d.Kind].kind, Effects: left.Effects}, nil
}

// stillFree gives the place as it was before the departure, if it can be given
// back: it is as the departure left it, its role is there, and nobody has taken
// the address or come in anew since. Faults: conflict undo_conflict.
func (p *Passage) stillFree(ctx context.Context, tx *db.Tx, d Departure, l leaving) (place, error) {
	account, m := l.account.ID, l.member
	was, err := recall(ctx, tx, account, d.ID, m.ID)
	switch {
	case err != nil:
		return was, err
	case l.roleGone:
		return was, undoConflict("The role this person had has been deleted.")
	case m.Epoch != was.Epoch:
		return was, undoConflict("This person's place has changed since.")
	case m.Status != member.Removed:
		return was, nil
	}
	held, err := member.Emails(ctx, tx, account, []string{m.EmailKey})
	if err != nil {
		return was, err
	}
	_, taken := held[m.EmailKey]
	if !taken && m.User != "" {
		_, err := member.ByUser(ctx, tx, account, m.User)
		if err != nil && fault.Code(err) != "not_found" {
			return was, err
		}
		taken = err == nil
	}
	if taken {
		return was, undoConflict("Somebody has this address in the account again.")
	}
	return was, nil
}

func undoConflict(why string) error {
	return fault.Conflict("undo_conflict", why+" Nothing was undone.")
}
