package credit

import (
	"context"
	"fmt"
	"time"

	"tenure/internal/access"
	"tenure/internal/db"
	"tenure/internal/fault"
	"tenure/internal/id"
	"tenure/internal/page"
)

// Entry is one side of a transaction: what it did to one wallet.
type Entry struct {
	Transaction
	Wallet  Wallet
	Other   Wallet // the other side
	Change  int64  // below 0: taken out
	Balance int64  // afterwards

	WalletName, OtherName, ByName string // of members
}

// Filter narrows a list of entries or downloads. Empty fields do not narrow.
type Filter struct {
	Member id.Member // whose wallet, or who downloaded
	Wallet Wallet    // of entries alone: one that is nobody's
	Record string    // of downloads alone
	Kind   Kind      // of entries alone
	Since  time.Time
	Until  time.Time
	Cursor string
	Limit  int
}

// check refuses what no list could mean. Faults: invalid on wallet, until and
// limit.
func (f *Filter) check() (err error) {
	if f.Wallet != "" && f.Member != "" {
		return fault.Invalid("wallet", "exclusive", "Either a member or a wallet that is nobody's.")
	}
	if !f.Since.IsZero() && !f.Until.IsZero() && !f.Until.After(f.Since) {
		return fault.Invalid("until", "out_of_range", "It must be later than since.")
	}
	f.Limit, err = page.Limit(f.Limit)
	return err
}

// own narrows a list to the wallet of the actor. Faults: forbidden.
func (f *Filter) own(actor access.Actor) error {
	if f.Wallet != "" || f.Member != "" && f.Member != actor.Member {
		return fault.Forbidden("forbidden", "Your role does not allow this.")
	}
	f.Member = actor.Member
	return nil
}

// ended is where a page of entries ended.
type ended struct {
	Seq  int64 `json:"s"`
	Gave bool  `json:"g,omitempty"` // after the giving side, which comes first
}

// Entries gives a page of the ledger, the newest first, of each transaction the
// giving side before the receiving one. Who may only spend sees those of their
// own wallet.
//
// Faults: those of access.Allow with credits.spend; forbidden for another wallet
// than one's own; invalid on wallet, until, cursor and limit.
func (l *Ledger) Entries(ctx context.Context, actor access.Actor, acc id.Account, f Filter) (entries []Entry, next string, err error) {
	whole, err := sees(actor, acc)
	if err == nil && !whole {
		err = f.own(actor)
	}
	if err == nil {
		err = f.check()
	}
	if err != nil {
		return nil, "", err
	}
	var last ended
	if f.Cursor != "" {
		if err := page.Read(f.Cursor, &last); err != nil {
			return nil, "", err
		}
	}
	if f.Member != "" {
		f.Wallet = Of(f.Member)
	}
	err = l.db.Read(ctx, func(tx *db.Tx) error {
		list, err := transactions(ctx, tx, acc, f, last)
		if err != nil {
			return err
		}
		entries = f.entries(list, last)
		if next = ""; len(entries) > f.Limit {
			entries = entries[:f.Limit]
			end := entries[f.Limit-1]
			next = page.Cursor(ended{end.Seq, end.Change < 0})
		}
		names, err := l.names(ctx, tx, acc, list)
		for i, e := range entries {
			entries[i].WalletName, entries[i].OtherName, entries[i].ByName = names[e.Wallet.Member()], names[e.Other.Member()], names[e.By.Member]
		}
		return err
	})
	return entries, next, err
}

// transactions reads as many as a page of their entries can need.
func transactions(ctx context.Context, tx *db.Tx, acc id.Account, f Filter, last ended) ([]Transaction, error) {
	from, args := ` FROM credit_transactions WHERE account_id = $1`, []any{string(acc)}
	add := func(clause string, value any) {
		args = append(args, value)
		from += fmt.Sprintf(clause, len(args))
	}
	if last.Seq != 0 {
		add(` AND seq <= $%d`, last.Seq)
	}
	if f.Kind != "" {
		add(` AND kind = $%d`, string(f.Kind))
	}
	if !f.Since.IsZero() {
		add(` AND at >= $%d`, db.Micros(f.Since))
	}
	if !f.Until.IsZero() {
		add(` AND at < $%d`, db.Micros(f.Until))
	}
	args = append(args, f.Limit+2)
	end := fmt.Sprintf(` ORDER BY seq DESC LIMIT $%d`, len(args))
	query := `SELECT ` + columns + from + end
	if f.Wallet != "" { // each side by its own index
		args = append(args, string(f.Wallet))
		side := func(column string) string {
			return `SELECT ` + columns + ` FROM (SELECT ` + columns + from + fmt.Sprintf(` AND %s = $%d`, column, len(args)) + end + `) AS ` + column
		}
		query = `SELECT ` + columns + ` FROM (` + side("from_wallet") + ` UNION ALL ` + side("to_wallet") + `) AS sides` + end
	}
	list := []Transaction{}
	err := tx.Each(ctx, query, args, func(scan func(...any) error) error {
		t, err := scanned(scan)
		list = append(list, t)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read ledger: %w", err)
	}
	return list, nil
}

// entries takes transactions apart, leaving out what the page before had.
func (f Filter) entries(list []Transaction, last ended) []Entry {
	entries := []Entry{}
	for _, t := range list {
		gave := Entry{Transaction: t, Wallet: t.From, Other: t.To, Change: -t.Amount, Balance: t.FromBalance}
		got := Entry{Transaction: t, Wallet: t.To, Other: t.From, Change: t.Amount, Balance: t.ToBalance}
		for _, e := range []Entry{gave, got} {
			seen := t.Seq == last.Seq && (!last.Gave || e.Change < 0)
			if !seen && (f.Wallet == "" || f.Wallet == e.Wallet) {
				entries = append(entries, e)
			}
		}
	}
	return entries
}
