package credit

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"tenure/internal/access"
	"tenure/internal/address"
	"tenure/internal/db"
	"tenure/internal/fault"
	"tenure/internal/id"
	"tenure/internal/once"
)

// longestNote is how many characters the note of a purchase may have.
const longestNote = 200

// Purchase adds credits to the company's wallet. It is for the operator and for
// Tenure itself: who uses credits does not say how many they have paid for.
//
// Faults: those of access.Allow with credits.manage; forbidden; invalid on
// amount and note.
func (l *Ledger) Purchase(ctx context.Context, actor access.Actor, acc id.Account, amount int64, note string) (Transaction, error) {
	if err := access.Allow(actor, acc, access.CreditsManage); err != nil {
		return Transaction{}, err
	}
	if actor.Kind != access.Operator && actor.Kind != access.System {
		return Transaction{}, fault.Forbidden("forbidden", "Only the operator adds credits.")
	}
	note, err := address.Text("note", note, longestNote)
	if err == nil {
		err = checkAmount(amount)
	}
	if err != nil {
		return Transaction{}, err
	}
	return l.write(ctx, actor, acc, func(*db.Tx) (posting, error) {
		return posting{kind: Purchase, from: Purchased, to: Company, amount: amount, note: note}, nil
	})
}

// Order asks for a transfer. From and To are "company" or a member's id.
type Order struct {
	From, To string
	Amount   int64
}

// Transfer moves credits between the company and members, or from one member to
// another. Who takes from somebody else's wallet must be allowed to act on that
// member. Credits go only to somebody active, who need not have come in yet.
//
// Faults: those of access.AllowOver with credits.manage; invalid on from, to and
// amount; not_found for somebody who is not in the account; conflict
// insufficient_credits (with the balance), member_inactive.
func (l *Ledger) Transfer(ctx context.Context, actor access.Actor, acc id.Account, o Order) (Transaction, error) {
	if err := access.Allow(actor, acc, access.CreditsManage); err != nil {
		return Transaction{}, err
	}
	if err := o.check(); err != nil {
		return Transaction{}, err
	}
	p := posting{kind: Transfer, from: Wallet(o.From), to: Wallet(o.To), amount: o.Amount}
	return l.write(ctx, actor, acc, func(tx *db.Tx) (posting, error) {
		if err := l.mayGive(ctx, tx, actor, acc, p.from); err != nil {
			return p, err
		}
		return p, l.mayGet(ctx, tx, acc, p.to)
	})
}

func (o Order) check() error {
	for _, side := range []struct{ field, wallet string }{{"from", o.From}, {"to", o.To}} {
		if side.wallet != string(Company) && !id.Valid(id.Member(side.wallet)) {
			return fault.Invalid(side.field, "unknown", `Either "company" or the id of a member.`)
		}
	}
	if o.From == o.To {
		return fault.Invalid("to", "same", "Credits move from one wallet to another.")
	}
	return checkAmount(o.Amount)
}

// mayGive says whether the actor may take from the wallet.
func (l *Ledger) mayGive(ctx context.Context, tx *db.Tx, actor access.Actor, acc id.Account, w Wallet) error {
	if w == Company {
		return nil
	}
	p, err := l.ways.Person(ctx, tx, acc, w.Member())
	if err != nil || w.Member() == actor.Member { // one's own, also by one's key
		return side("from", err)
	}
	return side("from", access.AllowOver(actor, acc, access.CreditsManage, p.Role))
}

// side says of a refusal which of the two wallets it is about.
func side(field string, err error) error {
	if f := fault.As(err); f != nil {
		return f.And(field, f.Code, f.Message)
	}
	return err
}

// mayGet says whether credits may go into the wallet.
func (l *Ledger) mayGet(ctx context.Context, tx *db.Tx, acc id.Account, w Wallet) error {
	if w == Company {
		return nil
	}
	p, err := l.ways.Person(ctx, tx, acc, w.Member())
	if err == nil && !p.Active {
		err = fault.Conflict("member_inactive", "Credits go only to somebody active.")
	}
	return side("to", err)
}

// write posts what the function settles on, in one write.
func (l *Ledger) write(ctx context.Context, actor access.Actor, acc id.Account, settle func(*db.Tx) (posting, error)) (Transaction, error) {
	var t Transaction
	err := l.db.Write(ctx, acc, func(tx *db.Tx) error {
		p, err := settle(tx)
		if err != nil {
			return err
		}
		if t, err = post(ctx, tx, actor, acc, p); err != nil {
			return err
		}
		return once.Keep(ctx, tx, t.ID)
	})
	return t, err
}

// Get reads one transaction. Faults: those of access.Allow with credits.manage;
// not_found.
func (l *Ledger) Get(ctx context.Context, actor access.Actor, acc id.Account, transaction id.Transaction) (t Transaction, err error) {
	if err := access.Allow(actor, acc, access.CreditsManage); err != nil {
		return t, err
	}
	err = l.db.Read(ctx, func(tx *db.Tx) (err error) {
		t, err = scanned(func(dest ...any) error {
			return tx.One(ctx, `SELECT `+columns+` FROM credit_transactions WHERE account_id = $1 AND transaction_id = $2`, []any{string(acc), string(transaction)}, dest...)
		})
		return err
	})
	if errors.Is(err, db.ErrNone) {
		return t, fault.NotFound()
	}
	if err != nil {
		return t, fmt.Errorf("read transaction: %w", err)
	}
	return t, nil
}

// names gives what to call everybody in the transactions.
func (l *Ledger) names(ctx context.Context, tx *db.Tx, acc id.Account, list []Transaction) (map[id.Member]string, error) {
	members := []id.Member{}
	for _, t := range list {
		for _, m := range []id.Member{t.From.Member(), t.To.Member(), t.By.Member} {
			if m != "" && !slices.Contains(members, m) {
				members = append(members, m)
			}
		}
	}
	return l.ways.Names(ctx, tx, acc, members)
}
