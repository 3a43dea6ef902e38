package billing

import (
	"context"
	"fmt"

	"tenure/internal/db"
	"tenure/internal/id"
)

// Check holds an account's invoices against their lines and against each other,
// for tenure verify: what each says is what its lines add up to, they are
// numbered without a gap, each period begins where the one before ended, and
// what one carries the next begins with.
func Check(ctx context.Context, tx *db.Tx, account id.Account) (defects []string, err error) {
	p, found, err := Load(ctx, tx, account)
	if err != nil || !found {
		return nil, err
	}
	invoices := []Invoice{}
	err = tx.Each(ctx, `SELECT invoice_id, number, starts_at, ends_at, currency, total, carried FROM invoices WHERE account_id = $1 ORDER BY number`, []any{string(account)},
		func(scan func(...any) error) error {
			var inv Invoice
			err := scan((*string)(&inv.ID), &inv.Number, db.Time(&inv.Period.Start), db.Time(&inv.Period.End), &inv.Currency, &inv.Total, &inv.Carried)
			invoices = append(invoices, inv)
			return err
		})
	if err != nil {
		return nil, fmt.Errorf("check invoices: %w", err)
	}
	var carried int64
	for i, inv := range invoices {
		if err := readLines(ctx, tx, account, &inv); err != nil {
			return nil, err
		}
		defects = append(defects, inv.defects(carried)...)
		if inv.Number != int64(i+1) {
			defects = append(defects, fmt.Sprintf("invoice %d has the number %d", i+1, inv.Number))
		}
		if i > 0 && !inv.Period.Start.Equal(invoices[i-1].Period.End) {
			defects = append(defects, fmt.Sprintf("invoice %d does not begin where the one before ends", inv.Number))
		}
		carried = inv.Carried
	}
	if n := len(invoices); n == 0 || !invoices[n-1].Period.End.Equal(p.Period.End) {
		defects = append(defects, "the period that runs has no invoice")
	}
	pending, err := Pending(ctx, tx, account)
	if err == nil && broughtIn(pending) != carried {
		defects = append(defects, fmt.Sprintf("the last invoice carries %d and the next begins with %d", carried, broughtIn(pending)))
	}
	return defects, err
}

// defects holds an invoice against its lines and what the one before carried.
func (inv Invoice) defects(carried int64) (defects []string) {
	amounts := make([]int64, len(inv.Lines))
	for i, l := range inv.Lines {
		amounts[i] = l.Amount
		if l.Currency != inv.Currency {
			defects = append(defects, fmt.Sprintf("invoice %d in %s has a line in %s", inv.Number, inv.Currency, l.Currency))
		}
	}
	due, err := sum(amounts)
	if err != nil || due != inv.Total-inv.Carried {
		defects = append(defects, fmt.Sprintf("invoice %d says %d and its lines add up to %d", inv.Number, inv.Total-inv.Carried, due))
	}
	if got := broughtIn(inv.Lines); got != carried {
		defects = append(defects, fmt.Sprintf("invoice %d begins with a credit of %d, and %d was carried to it", inv.Number, got, carried))
	}
	return defects
}

// broughtIn is the credit that lines begin with.
func broughtIn(lines []Line) (credit int64) {
	for _, l := range lines {
		if l.Kind == Balance {
			credit -= l.Amount
		}
	}
	return credit
}
