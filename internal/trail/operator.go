package trail

import (
	"context"

	"tenure/internal/access"
	"tenure/internal/audit"
	"tenure/internal/db"
	"tenure/internal/fault"
)

// Operator gives one page of the operator's own trail, the newest events first:
// what was done to operator keys.
//
// Faults: forbidden for anybody but the operator; invalid.
func (r *Reader) Operator(ctx context.Context, actor access.Actor, f audit.Filter, cursor string) (facts []Fact, next string, err error) {
	if actor.Kind != access.Operator {
		return nil, "", fault.Forbidden("forbidden", "Only the operator reads this trail.")
	}
	if err := check(f); err != nil {
		return nil, "", err
	}
	if f, err = onPage(f, cursor); err != nil {
		return nil, "", err
	}
	err = r.db.Read(ctx, func(tx *db.Tx) error {
		entries, err := audit.ListUser(ctx, tx, audit.Operator, f)
		if err != nil {
			return err
		}
		entries, next = cut(entries, f)
		named, asked := map[audit.Ref]string{}, map[string][]string{}
		for _, e := range entries {
			asked[e.Actor.Kind] = append(asked[e.Actor.Kind], e.Actor.ID)
			asked[e.Subject.Kind] = append(asked[e.Subject.Kind], e.Subject.ID)
		}
		if err := nameOperator(ctx, tx, asked, named); err != nil {
			return err
		}
		facts = called(entries, named)
		return nil
	})
	return facts, next, err
}
