package departure

import (
	"context"
	"encoding/json"
	"fmt"

	"tenure/internal/access"
	"tenure/internal/db"
	"tenure/internal/fault"
	"tenure/internal/id"
	"tenure/internal/page"
)

// Get gives a departure: while it is open the plan of this moment, afterwards
// what was done. Faults: forbidden, rank_exceeded, not_found.
func (p *Passage) Get(ctx context.Context, actor access.Actor, account id.Account, departure id.Departure) (plan Plan, err error) {
	if err := enter(actor, account); err != nil {
		return Plan{}, err
	}
	err = p.db.Read(ctx, func(tx *db.Tx) error {
		d, err := find(ctx, tx, actor, account, departure)
		if err != nil {
			return err
		}
		plan, err = p.show(ctx, tx, actor, account, d)
		return err
	})
	return plan, err
}

// allow says whether the actor may deal with departures of these members at
// all: with departures.manage of anybody, else of themselves. It is asked before
// anything is looked up, so that who may not learns nothing of what there is.
// Whether the member's role ranks above theirs, leaver says.
func allow(actor access.Actor, account id.Account, members []id.Member) error {
	if len(members) == 1 && actor.Is(members[0]) {
		return nil
	}
	return access.Allow(actor, account, access.DeparturesManage)
}

// find reads a departure for whoever may deal with it. Who may not is told
// that, whether or not there is one. Faults: forbidden, not_found.
func find(ctx context.Context, tx *db.Tx, actor access.Actor, account id.Account, departure id.Departure) (Departure, error) {
	d, err := get(ctx, tx, account, departure)
	if err != nil && fault.Code(err) != "not_found" {
		return d, err
	}
	if refused := allow(actor, account, d.Members()); refused != nil {
		return Departure{}, refused
	}
	return d, err
}

func enter(actor access.Actor, account id.Account) error {
	switch {
	case actor.Kind == access.Nobody:
		return fault.Unauthenticated()
	case !actor.In(account):
		return fault.NotFound()
	default:
		return nil
	}
}

// show gives a departure as it stands: planned anew while it is open, until it is
// being carried out.
func (p *Passage) show(ctx context.Context, tx *db.Tx, actor access.Actor, account id.Account, d Departure) (Plan, error) {
	if d.State.Open() && !d.underWay(tx.Now()) {
		tells := tellsGone
		if d.State == Scheduled {
			tells = tellsAll // what its time will find out
		}
		return p.survey(ctx, tx, actor, account, d, tells)
	}
	plan := empty(d, tx.Now())
	if d.receipt != "" {
		var r Receipt
		if err := json.Unmarshal([]byte(d.receipt), &r); err != nil {
			return Plan{}, fmt.Errorf("read receipt: %w", err)
		}
		for _, left := range r.Members {
			plan.Effects = append(plan.Effects, left.Effects...)
		}
	}
	if d.State == Undone {
		effects, err := restored(ctx, tx, account, d.ID)
		if err != nil {
			return Plan{}, err
		}
		plan.Skipped = skipped(effects)
	}
	return plan, name(ctx, tx, account, everybody, &plan)
}

// Filter narrows a list of departures. Empty fields do not narrow.
type Filter struct {
	State  State
	Member id.Member
	Cursor string
	Limit  int
}

// mostNamed is how many people are read and named of each departure in a list.
const mostNamed = 20

// List gives departures, newest first, without planning the open ones anew or
// telling what was done: for that, Get. Faults: forbidden, invalid.
func (p *Passage) List(ctx context.Context, actor access.Actor, account id.Account, f Filter) (list []Plan, next string, err error) {
	if err := access.Allow(actor, account, access.DeparturesManage); err != nil {
		return nil, "", err
	}
	limit, err := page.Limit(f.Limit)
	if err != nil {
		return nil, "", err
	}
	query, args := `SELECT `+listed+` FROM departures d WHERE d.account_id = $1`, []any{string(account)}
	add := func(clause, value string) {
		args = append(args, value)
		query += fmt.Sprintf(clause, len(args))
	}
	if f.State != "" {
		if _, ok := Transitions[f.State]; !ok {
			return nil, "", fault.Invalid("state", "unknown", "There is no state of this name.")
		}
		add(` AND d.state = $%d`, string(f.State))
	}
	if f.Member != "" {
		add(` AND d.departure_id IN (SELECT m.departure_id FROM departure_members m WHERE m.account_id = $1 AND m.member_id = $%d)`, string(f.Member))
	}
	if f.Cursor != "" {
		var last id.Departure
		if err := page.Read(f.Cursor, &last); err != nil {
			return nil, "", err
		}
		if !id.Valid(last) {
			return nil, "", page.Malformed()
		}
		add(` AND d.departure_id < $%d`, string(last))
	}
	args = append(args, limit+1)
	list = []Plan{}
	err = p.db.Read(ctx, func(tx *db.Tx) error {
		if err := tx.Each(ctx, query+fmt.Sprintf(` ORDER BY d.departure_id DESC LIMIT $%d`, len(args)), args,
			func(scan func(...any) error) error {
				d, err := scanned(scan)
				list = append(list, empty(d, tx.Now()))
				return err
			}); err != nil {
			return err
		}
		if len(list) > limit {
			list = list[:limit]
			next = page.Cursor(list[limit-1].ID)
		}
		shown, plans := make([]*Departure, len(list)), make([]*Plan, len(list))
		for i := range list {
			shown[i], plans[i] = &list[i].Departure, &list[i]
		}
		if err := firstOf(ctx, tx, account, shown); err != nil {
			return err
		}
		return name(ctx, tx, account, mostNamed, plans...)
	})
	return list, next, err
}

// Outcome gives again what applying came to. Faults: those of Receipt.
func (p *Passage) Outcome(ctx context.Context, actor access.Actor, account id.Account, departure id.Departure) (out Outcome, err error) {
	if err := enter(actor, account); err != nil {
		return out, err
	}
	err = p.db.Read(ctx, func(tx *db.Tx) error {
		d, err := find(ctx, tx, actor, account, departure)
		if err != nil {
			return err
		}
		if d.State == Scheduled || d.State == Failed {
			out.Plan, err = p.show(ctx, tx, actor, account, d)
			return err
		}
		receipt, err := d.stored()
		out.Receipt = &receipt
		return err
	})
	return out, err
}

// Undone gives again what undoing came to: of one member with the effects that
// brought them back. Faults: forbidden, not_found.
func (p *Passage) Undone(ctx context.Context, actor access.Actor, account id.Account, departure id.Departure) (plan Plan, err error) {
	if err := enter(actor, account); err != nil {
		return Plan{}, err
	}
	err = p.db.Read(ctx, func(tx *db.Tx) error {
		d, err := find(ctx, tx, actor, account, departure)
		if err != nil {
			return err
		}
		if plan, err = p.show(ctx, tx, actor, account, d); err != nil || d.many() {
			return err
		}
		plan.Effects, err = restored(ctx, tx, account, d.ID)
		return err
	})
	return plan, err
}

// Receipt gives the receipt of an applied departure. Faults: forbidden,
// rank_exceeded, not_found; conflict departure_open; gone receipt_erased.
func (p *Passage) Receipt(ctx context.Context, actor access.Actor, account id.Account, departure id.Departure) (r Receipt, err error) {
	if err := enter(actor, account); err != nil {
		return r, err
	}
	err = p.db.Read(ctx, func(tx *db.Tx) error {
		d, err := find(ctx, tx, actor, account, departure)
		if err != nil {
			return err
		}
		r, err = d.stored()
		return err
	})
	return r, err
}
