package member

import (
	"context"

	"tenure/internal/access"
	"tenure/internal/db"
	"tenure/internal/holding"
	"tenure/internal/id"
)

// Preview gives a member as they are, with what a change of role would do. It
// changes nothing. Faults: those of Change.
func (r *Roster) Preview(ctx context.Context, actor access.Actor, account id.Account, member id.Member, p Patch) (m Member, effects []holding.Effect, err error) {
	if err := access.Allow(actor, account, access.MembersManage); err != nil {
		return m, nil, err
	}
	err = r.db.Read(ctx, func(tx *db.Tx) error {
		would, err := r.foresee(ctx, tx, actor, account, member, p, ahead{})
		if err != nil {
			return err
		}
		effects = would.found.Effects
		m, err = Here(ctx, tx, account, member)
		return err
	})
	return m, effects, err
}

// PreviewMany gives the verdicts that ChangeMany would give now, each as if those
// before it had been changed, with what these changes would do besides. It
// changes nothing. Faults: forbidden, invalid.
func (r *Roster) PreviewMany(ctx context.Context, actor access.Actor, account id.Account, members []id.Member, p Patch) (verdicts []Verdict, effects []holding.Effect, err error) {
	if err := allowMany(actor, account, members, p); err != nil {
		return nil, nil, err
	}
	verdicts, effects = make([]Verdict, 0, len(members)), []holding.Effect{}
	err = r.db.Read(ctx, func(tx *db.Tx) error {
		var first ahead
		done := map[id.Member]bool{}
		for _, m := range members {
			verdict := Verdict{Member: m, Verdict: unchanged}
			if !done[m] {
				would, err := r.foresee(ctx, tx, actor, account, m, p, first)
				if err == nil && would.changes {
					verdict.Verdict, done[m] = changed, true
					first.owners += would.ownersFewer
					first.room += would.found.Takes
					effects = append(effects, would.found.Effects...)
				}
				if err := verdict.refused(err); err != nil {
					return err
				}
			}
			verdicts = append(verdicts, verdict)
		}
		return nil
	})
	return verdicts, effects, err
}

// foreseen is what a change of role and grants would do.
type foreseen struct {
	changes     bool
	ownersFewer int
	found       holding.Finding
}

func (r *Roster) foresee(ctx context.Context, tx *db.Tx, actor access.Actor, account id.Account, member id.Member, p Patch, first ahead) (would foreseen, err error) {
	before, err := r.under(ctx, tx, actor, account, member)
	if err != nil {
		return would, err
	}
	m, err := before.with(p)
	if err != nil {
		return would, err
	}
	if m, err = m.shed(ctx, tx, account, p); err != nil {
		return would, err
	}
	c, found, err := r.regrade(ctx, tx, actor, account, before, m, first)
	would.found, would.changes = found, before.Role != m.Role || len(grantChanges(before, m)) > 0
	if before.Owns(c.From) {
		would.ownersFewer++
	}
	if m.Owns(c.To) {
		would.ownersFewer--
	}
	return would, err
}

// PreviewAdd gives the role that Add would give now, with what would follow once
// they came in, and changes nothing. Who is not active yet takes no seat. Faults:
// those of Add.
func (r *Roster) PreviewAdd(ctx context.Context, actor access.Actor, account id.Account, a Addition) (role string, effects []holding.Effect, err error) {
	if err := access.Allow(actor, account, access.MembersManage); err != nil {
		return "", nil, err
	}
	n, err := a.checked(account)
	if err != nil {
		return "", nil, err
	}
	effects = []holding.Effect{}
	err = r.db.Read(ctx, func(tx *db.Tx) error {
		c := holding.Case{Kind: holding.Invite, Account: account, At: tx.Now(), Actor: actor, Count: 1}
		known, err := fitting(ctx, tx, actor, account, a, n.Email, r.ways.Pending(account, n.Email.Key, &c.Invitation))
		role, c.To = known.role.Key, known.role
		if err != nil || !a.Active {
			return err
		}
		found, err := holding.Survey(ctx, tx, r.holdings, c)
		if err != nil {
			return err
		}
		effects = append(effects, found.Effects...)
		return found.Refusal()
	})
	return role, effects, err
}
