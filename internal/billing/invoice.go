package billing

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"tenure/internal/access"
	"tenure/internal/audit"
	"tenure/internal/db"
	"tenure/internal/fault"
	"tenure/internal/id"
	"tenure/internal/page"
)

// Invoice is what an account owes for a period, which is paid in advance, and
// for what has come up since the invoice before.
type Invoice struct {
	ID       id.Invoice
	Number   int64  // from 1 in each account, without a gap
	Period   Period // that it is for
	Currency string
	Lines    []Line // nil in a list
	Total    int64  // what is owed, never below 0
	Carried  int64  // what is left of credits, which the next one begins with
	IssuedAt time.Time
}

// bill makes the invoice of the plan's period: the lines that have come up, and
// one for each seat that is taken when it begins.
func (p Plan) bill(pending []Line, seats []id.Member) (Invoice, error) {
	inv := Invoice{Period: Period{p.billed, p.Period.End}, Currency: p.Terms.Currency, Lines: slices.Clone(pending)}
	for _, m := range seats {
		inv.Lines = append(inv.Lines, p.fee(m))
	}
	amounts := make([]int64, len(inv.Lines))
	for i, l := range inv.Lines {
		amounts[i] = l.Amount
	}
	due, err := sum(amounts)
	inv.Total, inv.Carried = max(due, 0), max(-due, 0)
	return inv, err
}

// carry is the line that the next invoice begins with, if credit is left.
func (inv Invoice) carry() []Line {
	if inv.Carried == 0 {
		return nil
	}
	return []Line{{Kind: Balance, Amount: -inv.Carried, Currency: inv.Currency, At: inv.Period.Start}}
}

// issue writes the invoice of the plan's period: pending lines, which are in the
// store already, and one for each seat. It records invoice.issue.
func (p Plan) issue(ctx context.Context, tx *db.Tx, pending []Line, seats []id.Member) error {
	inv, err := p.bill(pending, seats)
	if err != nil {
		return err
	}
	inv.ID, inv.IssuedAt = id.New[id.Invoice](), tx.Now()
	if err := tx.One(ctx, `SELECT COALESCE(MAX(number), 0) + 1 FROM invoices WHERE account_id = $1`, []any{string(p.Account)}, &inv.Number); err != nil {
		return fmt.Errorf("number invoice: %w", err)
	}
	if err := tx.ExecOne(ctx, `INSERT INTO invoices (account_id, invoice_id, number, starts_at, ends_at, currency, total, carried, issued_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, string(p.Account), string(inv.ID), inv.Number, db.Micros(inv.Period.Start), db.Micros(inv.Period.End),
		inv.Currency, inv.Total, inv.Carried, db.Micros(inv.IssuedAt)); err != nil {
		return fmt.Errorf("issue invoice: %w", err)
	}
	if _, err := tx.Exec(ctx, `UPDATE billing_lines SET invoice_id = $2 WHERE account_id = $1 AND invoice_id IS NULL`, string(p.Account), string(inv.ID)); err != nil {
		return fmt.Errorf("put lines on invoice: %w", err)
	}
	if err := insertLines(ctx, tx, p.Account, inv.ID, inv.Lines[len(pending):]); err != nil {
		return err
	}
	if err := Note(ctx, tx, p.Account, inv.carry()...); err != nil {
		return err
	}
	return audit.Record(ctx, tx, access.BySystem(), audit.Event{Action: "invoice.issue", Subject: audit.Of("invoice", inv.ID), Changes: []audit.Change{
		audit.Plain("number", nil, inv.Number), audit.Plain("total", nil, inv.Total), audit.Plain("currency", nil, inv.Currency)}})
}

// CatchUp closes every period of the plan that is over, in their order, and
// issues the invoice of the one that follows each. Who has a seat has had it
// since before: whoever changes that catches up first. It does nothing while the
// period runs.
func (p Plan) CatchUp(ctx context.Context, tx *db.Tx, seats []id.Member) (Plan, error) {
	before := p
	for p.Over(tx.Now()) {
		pending, err := Pending(ctx, tx, p.Account)
		if err != nil {
			return p, err
		}
		p.turn()
		if err := p.issue(ctx, tx, pending, seats); err != nil {
			return p, err
		}
	}
	if p.Period == before.Period {
		return p, nil
	}
	return p, p.save(ctx, tx, before)
}

// Look gives the plan as it is now, with the lines that are on no invoice then:
// also when a period is over that no invoice has closed yet. It changes nothing.
// The seats matter only where a period is over.
func (p Plan) Look(now time.Time, pending []Line, seats []id.Member) (Plan, []Line, error) {
	for p.Over(now) {
		p.turn()
		inv, err := p.bill(pending, seats)
		if err != nil {
			return p, nil, err
		}
		pending = inv.carry()
	}
	return p, pending, nil
}

// Upcoming is the invoice that the period after the plan's will begin with, if
// nothing changes until then.
func (p Plan) Upcoming(pending []Line, seats []id.Member) (Invoice, error) {
	p.turn()
	return p.bill(pending, seats)
}

const invoiceColumns = `invoice_id, number, starts_at, ends_at, currency, total, carried, issued_at`

func scannedInvoice(scan func(...any) error) (inv Invoice, err error) {
	err = scan((*string)(&inv.ID), &inv.Number, db.Time(&inv.Period.Start), db.Time(&inv.Period.End), &inv.Currency, &inv.Total, &inv.Carried, db.Time(&inv.IssuedAt))
	return inv, err
}

// Get reads an invoice with its lines. Faults: not_found.
func Get(ctx context.Context, tx *db.Tx, account id.Account, invoice id.Invoice) (Invoice, error) {
	inv, err := scannedInvoice(func(to ...any) error {
		return tx.One(ctx, `SELECT `+invoiceColumns+` FROM invoices WHERE account_id = $1 AND invoice_id = $2`, []any{string(account), string(invoice)}, to...)
	})
	if errors.Is(err, db.ErrNone) {
		return Invoice{}, fault.NotFound()
	}
	if err != nil {
		return Invoice{}, fmt.Errorf("read invoice: %w", err)
	}
	err = readLines(ctx, tx, account, &inv)
	return inv, err
}

// List gives a page of an account's invoices without their lines, the newest
// first, and the cursor of the next page. Faults: invalid on cursor and limit.
func List(ctx context.Context, tx *db.Tx, account id.Account, cursor string, limit int) ([]Invoice, string, error) {
	limit, err := page.Limit(limit)
	if err != nil {
		return nil, "", err
	}
	behind, args := "", []any{string(account)}
	if cursor != "" {
		var last int64
		if err := page.Read(cursor, &last); err != nil {
			return nil, "", err
		}
		behind, args = ` AND number < $2`, append(args, last)
	}
	args = append(args, limit+1)
	invoices := []Invoice{}
	err = tx.Each(ctx, `SELECT `+invoiceColumns+` FROM invoices WHERE account_id = $1`+behind+
		fmt.Sprintf(` ORDER BY number DESC LIMIT $%d`, len(args)), args, func(scan func(...any) error) error {
		inv, err := scannedInvoice(scan)
		invoices = append(invoices, inv)
		return err
	})
	if err != nil {
		return nil, "", fmt.Errorf("list invoices: %w", err)
	}
	next := ""
	if len(invoices) > limit {
		invoices = invoices[:limit]
		next = page.Cursor(invoices[limit-1].Number)
	}
	return invoices, next, nil
}

// readLines fills in the lines of an invoice.
func readLines(ctx context.Context, tx *db.Tx, account id.Account, inv *Invoice) error {
	inv.Lines = []Line{}
	err := tx.Each(ctx, `SELECT `+lineColumns+` FROM billing_lines WHERE account_id = $1 AND invoice_id = $2 ORDER BY seq`, []any{string(account), string(inv.ID)},
		func(scan func(...any) error) error {
			l, err := scannedLine(scan)
			inv.Lines = append(inv.Lines, l)
			return err
		})
	if err != nil {
		return fmt.Errorf("read lines: %w", err)
	}
	return nil
}
