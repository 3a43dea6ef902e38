package credit

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"tenure/internal/db"
	"tenure/internal/id"
)

// books is the ledger of an account added up row by row.
type books struct {
	balance map[Wallet]int64
	used    map[Wallet]int64
	paid    map[string]int64 // by record
	defects []string
}

// Check says what is broken in the credits of an account, for tenure verify:
// every row of the ledger follows from those before it and is what its event
// tells, every wallet holds what the ledger says, and every charge for a record
// stands in both.
func Check(ctx context.Context, tx *db.Tx, acc id.Account) ([]string, error) {
	b := books{balance: map[Wallet]int64{}, used: map[Wallet]int64{}, paid: map[string]int64{}}
	if err := tx.Each(ctx, `SELECT `+columns+` FROM credit_transactions WHERE account_id = $1 ORDER BY seq`, []any{string(acc)},
		func(scan func(...any) error) error {
			t, err := scanned(scan)
			b.add(t)
			return err
		}); err != nil {
		return nil, fmt.Errorf("check ledger: %w", err)
	}
	if err := b.wallets(ctx, tx, acc); err != nil {
		return nil, err
	}
	if err := b.records(ctx, tx, acc); err != nil {
		return nil, err
	}
	err := b.againstTrail(ctx, tx, acc)
	return b.defects, err
}

func (b *books) found(format string, args ...any) {
	b.defects = append(b.defects, fmt.Sprintf(format, args...))
}

// add enters a row. It is pure but for the books.
func (b *books) add(t Transaction) {
	b.balance[t.From] -= t.Amount
	b.balance[t.To] += t.Amount
	if t.Kind == Download {
		b.used[t.From] += t.Amount
		b.paid[t.Record] += t.Amount
	}
	if b.balance[t.From] != t.FromBalance || b.balance[t.To] != t.ToBalance {
		b.found("transaction %s of the ledger does not follow from those before it", t.ID)
		b.balance[t.From], b.balance[t.To] = t.FromBalance, t.ToBalance // say it once
	}
	if t.From != Purchased && t.FromBalance < 0 || t.To != Purchased && t.ToBalance < 0 {
		b.found("transaction %s of the ledger leaves a wallet below 0", t.ID)
	}
}

// wallets holds every wallet against the ledger, and all of them against each
// other.
func (b *books) wallets(ctx context.Context, tx *db.Tx, acc id.Account) error {
	balance, used := maps.Clone(b.balance), maps.Clone(b.used)
	if err := tx.Each(ctx, `SELECT wallet, balance, used FROM wallets WHERE account_id = $1 ORDER BY wallet`, []any{string(acc)},
		func(scan func(...any) error) error {
			var w Wallet
			var held, spent int64
			if err := scan((*string)(&w), &held, &spent); err != nil {
				return err
			}
			if held != balance[w] || spent != used[w] {
				b.found("wallet %s holds %d credits of which %d were ever spent, but the ledger says %d and %d", w, held, spent, balance[w], used[w])
			}
			delete(balance, w)
			return nil
		}); err != nil {
		return fmt.Errorf("check wallets: %w", err)
	}
	for _, w := range slices.Sorted(maps.Keys(balance)) {
		b.found("the ledger knows wallet %s, which is gone", w)
	}
	var sum int64
	if err := tx.One(ctx, `SELECT CAST(COALESCE(SUM(balance), 0) AS BIGINT) FROM wallets WHERE account_id = $1`, []any{string(acc)}, &sum); err != nil {
		return fmt.Errorf("check wallets: %w", err)
	}
	if sum != 0 {
		b.found("the wallets add up to %d credits more than were bought", sum)
	}
	return nil
}

// records holds what records were charged against the ledger.
func (b *books) records(ctx context.Context, tx *db.Tx, acc id.Account) error {
	paid := maps.Clone(b.paid)
	if err := tx.Each(ctx, `SELECT r.record_id, r.charged, CAST(COALESCE(SUM(d.charged), 0) AS BIGINT) FROM records r
		JOIN downloads d ON d.account_id = r.account_id AND d.record_id = r.record_id
		WHERE r.account_id = $1 GROUP BY r.record_id, r.charged ORDER BY r.record_id`, []any{string(acc)},
		func(scan func(...any) error) error {
			var name string
			var charged, noted int64
			if err := scan(&name, &charged, &noted); err != nil {
				return err
			}
			if charged != noted || charged != paid[name] {
				b.found("record %q cost %d credits, its downloads say %d and the ledger %d", name, charged, noted, paid[name])
			}
			delete(paid, name)
			return nil
		}); err != nil {
		return fmt.Errorf("check records: %w", err)
	}
	for _, name := range slices.Sorted(maps.Keys(paid)) {
		b.found("the ledger has a charge for record %q, which nobody has downloaded", name)
	}
	return nil
}
