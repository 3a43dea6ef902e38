package invitation

import (
	"context"

	"tenure/internal/access"
	"tenure/internal/db"
	"tenure/internal/holding"
	"tenure/internal/id"
	"tenure/internal/member"
)

// Preview gives the verdicts that Invite would give now, with what would follow
// if everybody it would invite came in now, and changes nothing. Who would be
// invited has no invitation. Faults: those of Invite.
func (p *Passage) Preview(ctx context.Context, actor access.Actor, acc id.Account, order Order) (results []Result, effects []holding.Effect, err error) {
	if err := access.Allow(actor, acc, access.InvitationsManage); err != nil {
		return nil, nil, err
	}
	if order, err = order.checked(); err != nil {
		return nil, nil, err
	}
	err = p.db.Read(ctx, func(tx *db.Tx) error {
		made, err := order.offer(ctx, tx, actor, acc)
		if err != nil {
			return err
		}
		all := candidates(order.Emails, made.account.Policy)
		results = make([]Result, 0, len(all))
		for rest := all; len(rest) > 0; {
			part := rest[:min(len(rest), chunk)]
			rest = rest[len(part):]
			v, err := made.survey(ctx, tx, part)
			if err == nil {
				err = point(ctx, tx, acc, v.results, v.waiting)
			}
			if err != nil {
				return err
			}
			results = append(results, v.results...)
		}
		effects, err = p.foresee(ctx, tx, actor, made, results)
		return err
	})
	return results, effects, err
}

// foresee leaves out of the results whom there is no room for, and says what
// would follow if everybody else came in.
func (p *Passage) foresee(ctx context.Context, tx *db.Tx, actor access.Actor, made offer, results []Result) ([]holding.Effect, error) {
	found, err := p.ask(ctx, tx, actor, made.account.ID, made.role, 0)
	if err != nil {
		return nil, err
	}
	fit(results, found.Room)
	coming := 0
	for _, r := range results {
		if r.Verdict == Invited {
			coming++
		}
	}
	found, err = p.ask(ctx, tx, actor, made.account.ID, made.role, coming)
	return found.Effects, err
}

// surveyed is the verdicts on some candidates.
type surveyed struct {
	results []Result
	open    map[string]Invitation // by address: those not closed, also when their time is over
	waiting []Invitation          // those pending, in the order of the results
}

// survey judges candidates by who is in the account, and changes nothing.
func (o offer) survey(ctx context.Context, tx *db.Tx, part []candidate) (surveyed, error) {
	keys := make([]string, 0, len(part))
	for _, c := range part {
		if c.final == "" {
			keys = append(keys, c.address.Key)
		}
	}
	held, err := member.Emails(ctx, tx, o.account.ID, keys)
	if err != nil {
		return surveyed{}, err
	}
	v := surveyed{results: make([]Result, len(part))}
	if v.open, err = pendingFor(ctx, tx, o.account.ID, keys); err != nil {
		return surveyed{}, err
	}
	for i, c := range part {
		holder, pending := held[c.address.Key], v.open[c.address.Key]
		r := Result{Email: c.given, Verdict: judge(c, holder.Status, pending.Status == Pending)}
		switch r.Verdict {
		case Invalid:
			r.Code = c.code
		case AlreadyMember, InactiveMember:
			r.Member = holder.ID
		case AlreadyInvited:
			v.waiting = append(v.waiting, pending)
		}
		v.results[i] = r
	}
	return v, nil
}
