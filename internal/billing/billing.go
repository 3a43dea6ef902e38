// Package billing is what an account pays: its plan, the periods, the lines that
// seats leave behind, the invoices and who pays them. Who has a seat, and when,
// is the business of the room seat; here a seat is a member and a price.
//
// Seats are paid for in advance. An invoice is issued when billing begins, for
// what is left of the period, and at the beginning of each period after it; it
// has a line for each seat that is taken then, and the lines that have come up
// since the one before. What these come to below nothing is never paid out: it
// is carried to the next.
//
// Invariants. Amounts are whole minor units of one currency, which an account
// keeps once it has a plan. There is one invoice for each period, numbered
// without a gap; its lines, carried credit included, add up to what it says. A
// line never changes, but for the invoice it comes to stand on.
package billing

import (
	"context"
	"errors"
	"fmt"
	"time"

	"tenure/internal/access"
	"tenure/internal/audit"
	"tenure/internal/db"
	"tenure/internal/fault"
	"tenure/internal/id"
)

// The bounds of what the operator may ask for.
const (
	MostPrice = 100_000_000_000 // minor units, a seat
	mostSeats = 1_000_000
)

// Terms is what an account pays for a seat, as the operator gives it.
type Terms struct {
	Price     int64 // minor units of Currency, for one seat and one period
	Currency  string
	Unit      Unit
	Anchor    Anchor
	SeatLimit *int64 // nil: as many as come
}

// Checked says whether there can be such terms. Faults: invalid on fields
// price, currency, period and seat_limit.
func (t Terms) Checked() error {
	switch {
	case t.Price < 0 || t.Price > MostPrice:
		return fault.Invalid("price", "out_of_range", "Between 0 and 100,000,000,000, in minor units of the currency.")
	case !KnownCurrency(t.Currency):
		return fault.Invalid("currency", "unknown", "There is no such currency. Give its code of three letters, as ISO 4217 has it.")
	case !t.Unit.Known():
		return fault.Invalid("period", "not_offered", "Either month or year.")
	case t.SeatLimit != nil && (*t.SeatLimit < 0 || *t.SeatLimit > mostSeats):
		return fault.Invalid("seat_limit", "out_of_range", "Between 0 and 1,000,000; null for no limit.")
	default:
		return nil
	}
}

func (t Terms) equal(other Terms) bool {
	limits := t.SeatLimit == other.SeatLimit || t.SeatLimit != nil && other.SeatLimit != nil && *t.SeatLimit == *other.SeatLimit
	return limits && t.Price == other.Price && t.Currency == other.Currency && t.Unit == other.Unit && t.Anchor == other.Anchor
}

// Plan is the terms of an account and the period that runs now.
type Plan struct {
	Account id.Account
	Terms   Terms // as last given; what a running period does not take up holds from the next
	Period  Period
	Price   int64 // of a seat in this period
	Version int64

	unit   Unit      // of this period
	billed time.Time // from when: later than its start where billing began in the middle
}

// Second is the time at which something counts for billing: seconds are whole.
func Second(tx *db.Tx) time.Time { return tx.Now().Truncate(time.Second) }

// Load reads an account's plan as the store has it: its period may be over.
// Without a plan found is false.
func Load(ctx context.Context, tx *db.Tx, account id.Account) (p Plan, found bool, err error) {
	p.Account = account
	var anchor string
	var limit *int64
	err = tx.One(ctx, `SELECT price, currency, unit, anchor, seat_limit, period_unit, period_price, period_start, period_end, billed_from, version
		FROM billing_plans WHERE account_id = $1`, []any{string(account)}, &p.Terms.Price, &p.Terms.Currency, (*string)(&p.Terms.Unit), &anchor, &limit,
		(*string)(&p.unit), &p.Price, db.Time(&p.Period.Start), db.Time(&p.Period.End), db.Time(&p.billed), &p.Version)
	if errors.Is(err, db.ErrNone) {
		return Plan{}, false, nil
	}
	if err != nil {
		return Plan{}, false, fmt.Errorf("read plan: %w", err)
	}
	p.Terms.SeatLimit = limit
	p.Terms.Anchor, err = anchorOf(anchor)
	return p, true, err
}

// Over reports whether the plan's period has ended.
func (p Plan) Over(now time.Time) bool { return !now.Before(p.Period.End) }

// At gives the plan as it is at a time: in the period that runs then.
func (p Plan) At(now time.Time) Plan {
	for p.Over(now) {
		p.turn()
	}
	return p
}

// turn goes on to the next period, on the terms as they were last given.
func (p *Plan) turn() {
	p.billed = p.Period.End
	p.Period = PeriodOf(p.Terms.Unit, p.Terms.Anchor, p.Period.End)
	p.unit, p.Price = p.Terms.Unit, p.Terms.Price
}

// fee is the line of a seat for the period, or what is left of it when billing
// begins in its middle.
func (p Plan) fee(m id.Member) Line {
	return Line{Kind: Seat, Member: m, Amount: Unused(p.Price, p.Period, p.billed), Currency: p.Terms.Currency, Price: p.Price,
		Part: p.Period.Left(p.billed), Whole: p.Period.Seconds(), At: p.billed}
}

// Charge is the line of a seat that begins at a time in the period.
func (p Plan) Charge(m id.Member, at time.Time) Line {
	l := p.line(SeatCharge, m, at)
	l.Amount = Unused(p.Price, p.Period, at)
	return l
}

// Credit is the line of a seat that ends at a time in the period.
func (p Plan) Credit(m id.Member, at time.Time, departure id.Departure) Line {
	l := p.line(SeatCredit, m, at)
	l.Amount, l.Departure = -Unused(p.Price, p.Period, at), departure
	return l
}

func (p Plan) line(k Kind, m id.Member, at time.Time) Line {
	return Line{Kind: k, Member: m, Currency: p.Terms.Currency, Price: p.Price, Part: p.Period.Left(at), Whole: p.Period.Seconds(), At: at}
}

// Begin gives an account its first plan: billing begins at this second, in the
// middle of whatever period it lies in, with an invoice for who has a seat.
// Who may do this, and that the terms can be, the caller has checked.
func Begin(ctx context.Context, tx *db.Tx, actor access.Actor, account id.Account, t Terms, seats []id.Member) (Plan, error) {
	at := Second(tx)
	p := Plan{Account: account, Terms: t, Price: t.Price, Version: 1, Period: PeriodOf(t.Unit, t.Anchor, at), unit: t.Unit, billed: at}
	if err := tx.ExecOne(ctx, `INSERT INTO billing_plans (account_id, price, currency, unit, anchor, seat_limit, period_unit, period_price, period_start, period_end, billed_from)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`, p.row()[:11]...); err != nil {
		return Plan{}, fmt.Errorf("begin plan: %w", err)
	}
	if err := audit.Record(ctx, tx, actor, audit.Event{Action: "billing.begin", Subject: audit.Of("account", account), Changes: termChanges(nil, t)}); err != nil {
		return Plan{}, err
	}
	return p, p.issue(ctx, tx, nil, seats)
}

// Change puts other terms in the place of a plan's, whose period is not over. A
// change of price holds at once, with a line for each seat; one of the unit,
// with its price, or of the anchor, from the next period. The same terms change
// nothing. Faults: conflict currency_fixed.
func (p Plan) Change(ctx context.Context, tx *db.Tx, actor access.Actor, t Terms, seats []id.Member) (Plan, error) {
	if p.Terms.equal(t) {
		return p, nil
	}
	if p.Terms.Currency != t.Currency {
		return Plan{}, fault.Conflict("currency_fixed", "An account keeps its currency: what it owes and has to its credit is in it.").
			And("currency", "currency_fixed", "This stays "+p.Terms.Currency+".")
	}
	before, at := p, Second(tx)
	p.Terms, p.Version = t, p.Version+1
	if t.Unit == p.unit && t.Price != p.Price {
		p.Price = t.Price
		lines := make([]Line, len(seats))
		for i, m := range seats {
			lines[i] = p.line(PriceChange, m, at)
			lines[i].Before, lines[i].Amount = before.Price, Repriced(before.Price, t.Price, p.Period, at)
		}
		if err := Note(ctx, tx, p.Account, lines...); err != nil {
			return Plan{}, err
		}
	}
	if err := p.save(ctx, tx, before); err != nil {
		return Plan{}, err
	}
	return p, audit.Record(ctx, tx, actor, audit.Event{Action: "billing.update", Subject: audit.Of("account", p.Account), Changes: termChanges(&before.Terms, t)})
}

// row gives the plan's columns in the order of the table.
func (p Plan) row() []any {
	return []any{string(p.Account), p.Terms.Price, p.Terms.Currency, string(p.Terms.Unit), p.Terms.Anchor.text(), p.Terms.SeatLimit,
		string(p.unit), p.Price, db.Micros(p.Period.Start), db.Micros(p.Period.End), db.Micros(p.billed), p.Version}
}

// save writes a plan over exactly what it was.
func (p Plan) save(ctx context.Context, tx *db.Tx, before Plan) error {
	err := tx.ExecOne(ctx, `UPDATE billing_plans SET price = $2, currency = $3, unit = $4, anchor = $5, seat_limit = $6, period_unit = $7, period_price = $8,
		period_start = $9, period_end = $10, billed_from = $11, version = $12 WHERE account_id = $1 AND version = $13 AND period_end = $14`,
		append(p.row(), before.Version, db.Micros(before.Period.End))...)
	if err != nil {
		return fmt.Errorf("save plan: %w", err)
	}
	return nil
}

func termChanges(before *Terms, t Terms) []audit.Change {
	was := map[string]any{}
	if before != nil {
		was = before.facts()
	}
	changes := []audit.Change{}
	now := t.facts()
	for _, field := range []string{"price", "currency", "period", "anchor", "seat_limit"} {
		if before == nil || was[field] != now[field] {
			changes = append(changes, audit.Plain(field, was[field], now[field]))
		}
	}
	return changes
}

func (t Terms) facts() map[string]any {
	facts := map[string]any{"price": t.Price, "currency": t.Currency, "period": string(t.Unit), "anchor": t.Anchor.text()}
	if t.SeatLimit != nil {
		facts["seat_limit"] = *t.SeatLimit
	}
	return facts
}
