package credit

import (
	"context"
	"fmt"

	"tenure/internal/access"
	"tenure/internal/audit"
	"tenure/internal/db"
	"tenure/internal/id"
)

// posting is a transaction before it stands in the ledger.
type posting struct {
	kind      Kind
	from, to  Wallet
	amount    int64
	record    string
	departure id.Departure
	note      string
}

// after gives the balances of both wallets once the posting has been made. It is
// pure. Faults: conflict insufficient_credits; invalid on field amount if the
// account would have bought too many.
func (p posting) after(from, to int64) (fromAfter, toAfter int64, err error) {
	if err := checkAmount(p.amount); err != nil {
		return 0, 0, err
	}
	fromAfter, toAfter = from-p.amount, to+p.amount // both sides are within Most: neither overflows
	switch {
	case p.from == Purchased && fromAfter < -Most:
		return 0, 0, tooMany()
	case p.from != Purchased && fromAfter < 0:
		return 0, 0, insufficient(from)
	}
	return fromAfter, toAfter, nil
}

// post makes a posting inside the caller's write: both wallets, the event, the
// row of the ledger. Faults: those of after.
func post(ctx context.Context, tx *db.Tx, actor access.Actor, acc id.Account, p posting) (Transaction, error) {
	t := Transaction{ID: id.New[id.Transaction](), Kind: p.kind, From: p.from, To: p.to, Amount: p.amount, Record: p.record, Departure: p.departure,
		Note: p.note, By: actor, At: tx.Now()}
	held, err := both(ctx, tx, acc, p)
	if err != nil {
		return t, err
	}
	if t.FromBalance, t.ToBalance, err = p.after(held[p.from], held[p.to]); err != nil {
		return t, err
	}
	used := int64(0)
	if p.kind == Download {
		used = p.amount
	}
	if err := put(ctx, tx, acc, p.from, held[p.from], t.FromBalance, used); err != nil {
		return t, err
	}
	if err := put(ctx, tx, acc, p.to, held[p.to], t.ToBalance, 0); err != nil {
		return t, err
	}
	if err := audit.Record(ctx, tx, actor, t.event(acc)); err != nil {
		return t, err
	}
	t.Seq = tx.Chain().Seq
	if err := tx.ExecOne(ctx, `INSERT INTO credit_transactions (account_id, `+columns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`, string(acc), t.Seq, string(t.ID), string(t.Kind), string(t.From), string(t.To),
		t.Amount, t.FromBalance, t.ToBalance, db.Null(t.Record), db.Null(string(t.Departure)), t.Note, string(actor.Kind), actor.Name(), db.Micros(t.At)); err != nil {
		return t, fmt.Errorf("write ledger: %w", err)
	}
	return t, nil
}

// both reads the balances on both sides.
func both(ctx context.Context, tx *db.Tx, acc id.Account, p posting) (map[Wallet]int64, error) {
	held := map[Wallet]int64{}
	err := tx.Each(ctx, `SELECT wallet, balance FROM wallets WHERE account_id = $1 AND wallet IN ($2, $3)`, []any{string(acc), string(p.from), string(p.to)},
		func(scan func(...any) error) error {
			var w Wallet
			var n int64
			err := scan((*string)(&w), &n)
			held[w] = n
			return err
		})
	if err != nil {
		return nil, fmt.Errorf("read wallets: %w", err)
	}
	return held, nil
}

// put writes the balance of a wallet over exactly the one that was read, and
// makes the wallet if this is its first.
func put(ctx context.Context, tx *db.Tx, acc id.Account, w Wallet, before, after, used int64) error {
	if err := tx.ExecOne(ctx, `INSERT INTO wallets (account_id, wallet, member_id, balance, used) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (account_id, wallet) DO UPDATE SET balance = $4, used = wallets.used + $5 WHERE wallets.balance = $6`,
		string(acc), string(w), db.Null(string(w.Member())), after, used, before); err != nil {
		return fmt.Errorf("write wallet %s: %w", w, err)
	}
	return nil
}

// actions is what the trail calls each kind.
var actions = map[Kind]string{
	Purchase: "credits.purchase", Transfer: "credits.transfer", Download: "record.download", Departure: "credits.move", Return: "credits.return",
}

// event tells of a transaction. It is about the member who got the credits, else
// the one who gave them, else the account.
func (t Transaction) event(acc id.Account) audit.Event {
	e := audit.Event{Action: actions[t.Kind], Subject: audit.Of("account", acc)}
	for _, w := range []Wallet{t.From, t.To} {
		if m := w.Member(); m != "" {
			e.Subject = audit.Of("member", m)
		}
	}
	if t.Kind == Download {
		return downloaded(t.From.Member(), t.Record, t.Amount, t.ID)
	}
	e.Changes = []audit.Change{audit.Plain("amount", nil, t.Amount), audit.Plain("from", nil, string(t.From)), audit.Plain("to", nil, string(t.To)),
		audit.Plain("transaction", nil, string(t.ID))}
	if t.Departure != "" {
		e.Changes = append(e.Changes, audit.Plain("departure", nil, string(t.Departure)))
	}
	if t.Note != "" {
		e.Changes = append(e.Changes, audit.Plain("note", nil, t.Note))
	}
	return e
}
