// Package credit keeps the prepaid credits of an account in a ledger of double
// entry, and says which records they have been spent on.
//
// Invariants. The ledger only grows. Each transaction takes from one wallet what
// it gives to another, and so adds up to 0; purchased = company + all members +
// spent, at every moment. No wallet goes below 0: the store itself refuses that.
// A record is paid for once in an account, whoever asks for it and however many
// at the same time.
package credit

import (
	"context"
	"errors"
	"fmt"
	"time"

	"tenure/internal/access"
	"tenure/internal/db"
	"tenure/internal/fault"
	"tenure/internal/id"
)

// Most is as many credits as an account can have bought in all: exact in JSON
// (RFC 8259, section 6) and far below where a sum would overflow.
const Most = 1_000_000_000_000_000

// Wallet is one of the places in an account where credits can be: a member's is
// named by the member.
type Wallet string

// The wallets besides those of the members.
const (
	Purchased Wallet = "purchased" // where all come from; what was taken from it was bought
	Company   Wallet = "company"
	Spent     Wallet = "spent"
)

// Of is the wallet of a member.
func Of(m id.Member) Wallet { return Wallet(m) }

// Member is whose wallet it is; empty for one that is nobody's.
func (w Wallet) Member() id.Member {
	switch w {
	case Purchased, Company, Spent:
		return ""
	default:
		return id.Member(w)
	}
}

// Kind is why credits moved.
type Kind string

// The kinds.
const (
	Purchase  Kind = "purchase"  // bought, into the company's wallet
	Transfer  Kind = "transfer"  // between the company and members
	Download  Kind = "download"  // spent on a record
	Departure Kind = "departure" // of somebody who leaves
	Return    Kind = "return"    // back, because a departure was undone
)

// Transaction is credits that went from one wallet to another.
type Transaction struct {
	Seq         int64 // of the event that tells of it
	ID          id.Transaction
	Kind        Kind
	From, To    Wallet
	Amount      int64 // above 0
	FromBalance int64 // afterwards
	ToBalance   int64 // afterwards
	Record      string
	Departure   id.Departure
	Note        string
	By          access.Actor // kind and name
	At          time.Time
}

const columns = `seq, transaction_id, kind, from_wallet, to_wallet, amount, from_balance, to_balance, record_id, departure_id, note, by_kind, by_id, at`

func scanned(scan func(...any) error) (Transaction, error) {
	var t Transaction
	var kind, by string
	err := scan(&t.Seq, (*string)(&t.ID), (*string)(&t.Kind), (*string)(&t.From), (*string)(&t.To), &t.Amount, &t.FromBalance, &t.ToBalance,
		db.Text(&t.Record), db.Text((*string)(&t.Departure)), &t.Note, &kind, &by, db.Time(&t.At))
	t.By = access.Actor{Kind: access.Kind(kind)}
	if t.By.Kind == access.Member {
		t.By.Member = id.Member(by)
	} else {
		t.By.Key = by
	}
	return t, err
}

// Person is what the ledger needs to know of a member.
type Person struct {
	Name       string
	Active     bool
	Registered bool
	Role       access.Role
	Epoch      int64
}

// Ways is what the ledger needs of the rooms above it.
type Ways struct {
	// Person reads somebody who has a place in the account. Faults: not_found, also
	// for who was removed or deleted.
	Person func(ctx context.Context, tx *db.Tx, account id.Account, member id.Member) (Person, error)
	// Names gives what to call members, also those who left.
	Names func(ctx context.Context, tx *db.Tx, account id.Account, members []id.Member) (map[id.Member]string, error)
}

// Ledger is the credits of accounts as doors use them.
type Ledger struct {
	db   *db.DB
	ways Ways
}

// NewLedger makes the ledger.
func NewLedger(d *db.DB, ways Ways) *Ledger { return &Ledger{d, ways} }

// balance reads what is in a wallet; one that nobody has used yet is empty.
func balance(ctx context.Context, tx *db.Tx, acc id.Account, w Wallet) (held, used int64, err error) {
	err = tx.One(ctx, `SELECT balance, used FROM wallets WHERE account_id = $1 AND wallet = $2`, []any{string(acc), string(w)}, &held, &used)
	if err != nil && !errors.Is(err, db.ErrNone) {
		return 0, 0, fmt.Errorf("read wallet: %w", err)
	}
	return held, used, nil
}

// Balance is what is in the wallet of a row of members, 0 for who never had any,
// in SQL whose first value is their account.
const Balance = `COALESCE((SELECT w.balance FROM wallets w WHERE w.account_id = $1 AND w.wallet = members.member_id), 0)`

// Balances gives what is in the wallets of members, 0 for who never had any. It
// gives nothing where the account has never had credits.
func Balances(ctx context.Context, tx *db.Tx, acc id.Account, members []id.Member) (map[id.Member]int64, error) {
	if any, err := has(ctx, tx, acc); err != nil || !any {
		return nil, err
	}
	held := map[id.Member]int64{}
	for len(members) > 0 {
		n := min(len(members), 100)
		args := []any{string(acc)}
		for _, m := range members[:n] {
			held[m] = 0
			args = append(args, string(m))
		}
		err := tx.Each(ctx, `SELECT wallet, balance FROM wallets WHERE account_id = $1 AND wallet IN (`+db.Params(2, n)+`)`, args,
			func(scan func(...any) error) error {
				var m id.Member
				var credits int64
				err := scan((*string)(&m), &credits)
				held[m] = credits
				return err
			})
		if err != nil {
			return nil, fmt.Errorf("read wallets: %w", err)
		}
		members = members[n:]
	}
	return held, nil
}

// has reports whether credits were ever bought for the account.
func has(ctx context.Context, tx *db.Tx, acc id.Account) (bool, error) {
	var n int64
	if err := tx.One(ctx, `SELECT COUNT(*) FROM wallets WHERE account_id = $1 AND wallet = $2`, []any{string(acc), string(Company)}, &n); err != nil {
		return false, fmt.Errorf("read wallets: %w", err)
	}
	return n > 0, nil
}

// checkAmount refuses a number of credits that cannot be moved. Faults: invalid
// on field amount.
func checkAmount(amount int64) error {
	switch {
	case amount < 1:
		return fault.Invalid("amount", "out_of_range", "At least one credit, in whole credits.")
	case amount > Most:
		return tooMany()
	default:
		return nil
	}
}

func tooMany() error {
	return fault.Invalid("amount", "out_of_range", "An account has at most 1,000,000,000,000,000 credits.")
}

// insufficient says that a wallet holds less than was asked of it.
func insufficient(held int64) error {
	return fault.Conflict("insufficient_credits", "There are not enough credits.").With("balance", held)
}
