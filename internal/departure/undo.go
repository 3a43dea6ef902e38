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
// stay ended. What could not be restored is told as effects of the kind skipped.
// Of several members all come back or none.
//
// Faults: forbidden, rank_exceeded, not_found, step_up_required; conflict
// departure_open, departure_over, undo_conflict; gone undo_closed.
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
		whom := d.gone()
		if len(whom) == 0 { // what was not applied tells nobody so whom the members rank above
			whom = d.Members()
		}
		all, err := p.leavers(ctx, tx, actor, account, d, whom)
		if err != nil {
			return err
		}
		if err := access.Proven(actor, tx.Now()); err != nil {
			return err
		}
		if d.State, err = d.State.On(Undo); err != nil {
			return err
		}
		if !tx.Now().Before(d.UndoUntil) {
			return fault.Gone("undo_closed", "This can no longer be undone.")
		}
		effects := []holding.Effect{}
		for _, l := range slices.Backward(all) {
			back, err := p.restore(ctx, tx, actor, d, l)
			if err != nil {
				return err
			}
			effects = append(effects, back...)
		}
		if err := save(ctx, tx, account, &d); err != nil {
			return err
		}
		plan = empty(d, tx.Now())
		plan.Effects = effects
		if err := name(ctx, tx, account, everybody, &plan); err != nil {
			return err
		}
		if err := once.Keep(ctx, tx, effects); err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor, audit.Event{Action: "departure.undo", Subject: audit.Of("departure", d.ID),
			Changes: d.told()})
	})
	return plan, err
}

func (p *Passage) restore(ctx context.Context, tx *db.Tx, actor access.Actor, d Departure, l leaving) ([]holding.Effect, error) {
	account := l.account.ID
	was, err := recall(ctx, tx, account, d.ID, l.member.ID)
	if err != nil {
		return nil, err
	}
	if l.roleGone {
		return nil, fault.Conflict("undo_conflict", "The role this person had has been deleted. Nothing was undone.")
	}
	if err := p.stillFree(ctx, tx, account, l.member, was); err != nil {
		return nil, err
	}
	move := member.Undo
	if was.Status == member.Inactive {
		move = member.Retain
	}
	if _, err := member.Go(ctx, tx, actor, account, l.member, move); err != nil {
		return nil, err
	}
	c := p.toCase(tx, actor, d, d.party(), l, holding.Return)
	effects := []holding.Effect{}
	for i := len(p.holdings) - 1; i >= 0; i-- {
		done, err := p.holdings[i].Restore(ctx, tx, c)
		if err != nil {
			return nil, fmt.Errorf("undo %s: %w", p.holdings[i].Name(), err)
		}
		effects = append(effects, done...)
	}
	return effects, nil
}

// stillFree says whether the place is as the departure left it and nobody has
// taken the address or come in anew since.
func (p *Passage) stillFree(ctx context.Context, tx *db.Tx, account id.Account, m member.Member, was place) error {
	if m.Epoch != was.Epoch {
		return fault.Conflict("undo_conflict", "This person's place has changed since. Nothing was undone.")
	}
	if m.Status != member.Removed {
		return nil
	}
	held, err := member.Emails(ctx, tx, account, []string{m.EmailKey})
	if err != nil {
		return err
	}
	_, taken := held[m.EmailKey]
	if !taken && m.User != "" {
		_, err := member.ByUser(ctx, tx, account, m.User)
		if err != nil && fault.Code(err) != "not_found" {
			return err
		}
		taken = err == nil
	}
	if taken {
		return fault.Conflict("undo_conflict", "Somebody has this address in the account again. Nothing was undone.")
	}
	return nil
}
