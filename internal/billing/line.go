package billing

import (
	"context"
	"fmt"
	"strings"
	"time"

	"tenure/internal/db"
	"tenure/internal/id"
)

// Kind is what a line is for.
type Kind string

// The kinds of lines.
const (
	Seat        Kind = "seat"         // a seat for a period, paid in advance
	SeatCharge  Kind = "seat_charge"  // what is left of the period when a seat begins in it
	SeatCredit  Kind = "seat_credit"  // what is left of it when a seat ends
	PriceChange Kind = "price_change" // what is left of it at another price
	Balance     Kind = "balance"      // credit that the invoice before could not use up
)

// Line is one amount that an account owes, or below nothing has to its credit.
type Line struct {
	Kind      Kind
	Member    id.Member // whose seat; empty for Balance
	Amount    int64     // minor units of Currency
	Currency  string
	Price     int64 // of a seat for the whole period
	Before    int64 // what it was before a PriceChange
	Part      int64 // seconds of the period that the line is for
	Whole     int64 // seconds of the period
	At        time.Time
	Departure id.Departure // that ended the seat
}

// Formula says how the amount came about, in words and numbers.
func (l Line) Formula() string {
	money := func(amount int64) string { return Money(amount, l.Currency) }
	share := " × " + span(l.Part) + " of " + span(l.Whole)
	result := " = " + money(l.Amount)
	switch l.Kind {
	case SeatCharge, SeatCredit:
		return money(l.Price) + share + " = " + money(max(l.Amount, -l.Amount))
	case PriceChange:
		return money(l.Price) + share + " − " + money(l.Before) + share + result
	case Balance:
		return "Credit left of the invoice before" + result
	default:
		if l.Part == l.Whole {
			return money(l.Price) + " for the period"
		}
		return money(l.Price) + share + result
	}
}

// Detail says in a sentence what the line is for.
func (l Line) Detail() string {
	switch l.Kind {
	case SeatCharge:
		return "A seat for what is left of the period."
	case SeatCredit:
		return "The unused time of a seat, as a credit for the next invoice."
	case PriceChange:
		return "Another price for what is left of the period."
	case Balance:
		return "Credit that the invoice before could not use up."
	default:
		return "A seat for the period."
	}
}

const lineColumns = `kind, member_id, amount, currency, price, price_before, part, whole, at, departure_id`

func scannedLine(scan func(...any) error, more ...any) (Line, error) {
	var l Line
	err := scan(append([]any{(*string)(&l.Kind), db.Text((*string)(&l.Member)), &l.Amount, &l.Currency, &l.Price, &l.Before, &l.Part, &l.Whole,
		db.Time(&l.At), db.Text((*string)(&l.Departure))}, more...)...)
	return l, err
}

// Note writes lines that the next invoice will have.
func Note(ctx context.Context, tx *db.Tx, account id.Account, lines ...Line) error {
	return insertLines(ctx, tx, account, "", lines)
}

const (
	insertColumns = 13
	insertRows    = 38 // 494 parameters a statement
)

// insertLines writes lines of an invoice, or of the one to come.
func insertLines(ctx context.Context, tx *db.Tx, account id.Account, invoice id.Invoice, lines []Line) error {
	if len(lines) == 0 {
		return nil
	}
	var seq int64
	if err := tx.One(ctx, `SELECT COALESCE(MAX(seq), 0) FROM billing_lines WHERE account_id = $1`, []any{string(account)}, &seq); err != nil {
		return fmt.Errorf("number lines: %w", err)
	}
	for rest := lines; len(rest) > 0; {
		part := rest[:min(len(rest), insertRows)]
		rest = rest[len(part):]
		rows, args := make([]string, len(part)), make([]any, 0, len(part)*insertColumns)
		for i, l := range part {
			seq++
			rows[i] = "(" + db.Params(len(args)+1, insertColumns) + ")"
			args = append(args, string(account), seq, string(l.Kind), db.Null(string(l.Member)), l.Amount, l.Currency, l.Price, l.Before, l.Part, l.Whole,
				db.Micros(l.At), db.Null(string(l.Departure)), db.Null(string(invoice)))
		}
		if _, err := tx.Exec(ctx, `INSERT INTO billing_lines (account_id, seq, `+lineColumns+`, invoice_id) VALUES `+strings.Join(rows, ", "), args...); err != nil {
			return fmt.Errorf("write lines: %w", err)
		}
	}
	return nil
}

// Pending reads the lines that are on no invoice yet, in their order.
func Pending(ctx context.Context, tx *db.Tx, account id.Account) ([]Line, error) {
	lines := []Line{}
	err := tx.Each(ctx, `SELECT `+lineColumns+` FROM billing_lines WHERE account_id = $1 AND invoice_id IS NULL ORDER BY seq`, []any{string(account)},
		func(scan func(...any) error) error {
			l, err := scannedLine(scan)
			lines = append(lines, l)
			return err
		})
	if err != nil {
		return nil, fmt.Errorf("read pending lines: %w", err)
	}
	return lines, nil
}

// Credited reads what a departure has credited for a member's seat. Without such
// a line found is false.
func Credited(ctx context.Context, tx *db.Tx, account id.Account, departure id.Departure, m id.Member) (l Line, found bool, err error) {
	err = tx.Each(ctx, `SELECT `+lineColumns+` FROM billing_lines WHERE account_id = $1 AND departure_id = $2 AND member_id = $3 ORDER BY seq`,
		[]any{string(account), string(departure), string(m)}, func(scan func(...any) error) error {
			var err error
			l, err = scannedLine(scan)
			found = true
			return err
		})
	if err != nil {
		return Line{}, false, fmt.Errorf("read credit: %w", err)
	}
	return l, found, nil
}

// Credit is what lines leave to an account's credit, in their order: credits
// add to it, and a charge that comes after them uses it up first.
func Credit(lines []Line) int64 {
	var credit int64
	for _, l := range lines {
		credit = max(credit-l.Amount, 0)
	}
	return credit
}
