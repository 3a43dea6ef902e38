package credit

import (
	"context"
	"fmt"
	"math"

	"tenure/internal/audit"
	"tenure/internal/db"
	"tenure/internal/id"
)

// told is a transaction as the trail tells of it.
type told struct {
	id       string
	from, to Wallet
	amount   int64
}

// stretch is how many rows of the ledger are held against the trail at a time.
const stretch = 1000

// againstTrail holds every row of the ledger against the event that tells of it:
// the trail is chained, so that a row that was changed together with its wallets
// is found all the same.
func (b *books) againstTrail(ctx context.Context, tx *db.Tx, acc id.Account) error {
	for last := int64(0); ; {
		rows := map[int64]told{}
		end := int64(math.MaxInt64)
		if err := tx.Each(ctx, `SELECT seq, transaction_id, from_wallet, to_wallet, amount FROM credit_transactions WHERE account_id = $1 AND seq > $2 ORDER BY seq LIMIT $3`,
			[]any{string(acc), last, stretch}, func(scan func(...any) error) error {
				var seq int64
				var t told
				err := scan(&seq, &t.id, (*string)(&t.from), (*string)(&t.to), &t.amount)
				rows[seq] = t
				if len(rows) == stretch {
					end = seq + 1
				}
				return err
			}); err != nil {
			return fmt.Errorf("check ledger: %w", err)
		}
		events, err := tellings(ctx, tx, acc, last, end)
		if err != nil {
			return err
		}
		b.compare(rows, events)
		if end == math.MaxInt64 {
			return nil
		}
		last = end - 1
	}
}

// compare holds rows against events of the same numbers.
func (b *books) compare(rows, events map[int64]told) {
	for seq, row := range rows {
		if row != events[seq] {
			b.found("transaction %s of the ledger is not what event %d tells", row.id, seq)
		}
	}
	for seq, event := range events {
		if _, there := rows[seq]; !there {
			b.found("event %d tells of transaction %s, which the ledger has not", seq, event.id)
		}
	}
}

// tellings reads the events that tell of transactions, by their numbers between
// two others.
func tellings(ctx context.Context, tx *db.Tx, acc id.Account, after, before int64) (map[int64]told, error) {
	events := map[int64]told{}
	for _, action := range []string{"credits.", actions[Download]} {
		for last := after; ; {
			list, err := audit.Walk(ctx, tx, acc, audit.Filter{Action: action, After: last, Before: before, Limit: stretch})
			if err != nil {
				return nil, err
			}
			for _, e := range list {
				if t, tells := telling(e); tells {
					events[e.Seq] = t
				}
				last = e.Seq
			}
			if len(list) < stretch {
				break
			}
		}
	}
	return events, nil
}

// telling reads an event, if it tells of a transaction.
func telling(e audit.Entry) (told, bool) {
	text := func(field string) string {
		s, _ := e.Changes[field][1].(string)
		return s
	}
	number := func(field string) int64 {
		n, _ := e.Changes[field][1].(float64) // exact up to Most
		return int64(n)
	}
	t := told{id: text("transaction"), from: Wallet(text("from")), to: Wallet(text("to")), amount: number("amount")}
	if e.Action == actions[Download] {
		t.from, t.to, t.amount = Wallet(e.Subject.ID), Spent, number("charged")
	}
	return t, t.id != ""
}
