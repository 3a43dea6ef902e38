package invitation

import (
	"context"

	"tenure/internal/access"
	"tenure/internal/db"
	"tenure/internal/id"
	"tenure/internal/member"
)

// Preview gives the verdicts that Invite would give now, and changes nothing.
// Who would be invited has no invitation. Faults: those of Invite.
func (p *Passage) Preview(ctx context.Context, actor access.Actor, acc id.Account, order Order) ([]Result, error) {
	if err := access.Allow(actor, acc, access.InvitationsManage); err != nil {
		return nil, err
	}
	order, err := order.checked()
	if err != nil {
		return nil, err
	}
	var results []Result
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
		return nil
	})
	return results, err
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
