package credit

import (
	"context"
	"errors"
	"fmt"

	"tenure/internal/access"
	"tenure/internal/audit"
	"tenure/internal/db"
	"tenure/internal/fault"
	"tenure/internal/id"
	"tenure/internal/page"
)

// Holder is the wallet of a member.
type Holder struct {
	Member  id.Member
	Name    string
	Balance int64
	Used    int64 // ever spent
}

// Summary is where the credits of an account are: purchased is company, what all
// members hold, and spent together. Whole says that the reader sees it all; else
// it holds the price and the reader's own wallet alone.
type Summary struct {
	Whole     bool
	Purchased int64
	Company   int64
	Members   int64 // what all members hold together
	Spent     int64
	Price     int64 // of a download, unless the record has its own
	Holders   []Holder
}

// Summary gives the balances of an account, with a page of the members who ever
// had a wallet, by their ids. Who may only spend sees their own.
//
// Faults: those of access.Allow with credits.spend; invalid on cursor and limit.
func (l *Ledger) Summary(ctx context.Context, actor access.Actor, acc id.Account, cursor string, limit int) (s Summary, next string, err error) {
	if s.Whole, err = sees(actor, acc); err != nil {
		return s, "", err
	}
	if limit, err = page.Limit(limit); err != nil {
		return s, "", err
	}
	var last id.Member
	if cursor != "" {
		if err := page.Read(cursor, &last); err != nil {
			return s, "", err
		}
		if !id.Valid(last) {
			return s, "", page.Malformed()
		}
	}
	err = l.db.Read(ctx, func(tx *db.Tx) error {
		s.Holders = []Holder{}
		if s.Price, err = price(ctx, tx, acc); err != nil {
			return err
		}
		if !s.Whole {
			return l.own(ctx, tx, acc, actor.Member, &s)
		}
		if err := s.totals(ctx, tx, acc); err != nil {
			return err
		}
		s.Holders, err = holders(ctx, tx, acc, last, limit+1)
		if err != nil {
			return err
		}
		if next = ""; len(s.Holders) > limit {
			s.Holders = s.Holders[:limit]
			next = page.Cursor(s.Holders[limit-1].Member)
		}
		return l.call(ctx, tx, acc, s.Holders)
	})
	return s, next, err
}

// sees says whether the actor sees the credits of everybody, or their own alone.
// Faults: those of access.Allow.
func sees(actor access.Actor, acc id.Account) (whole bool, err error) {
	if access.Allow(actor, acc, access.CreditsManage) == nil {
		return true, nil
	}
	return false, access.Allow(actor, acc, access.CreditsSpend)
}

func (l *Ledger) own(ctx context.Context, tx *db.Tx, acc id.Account, m id.Member, s *Summary) error {
	h := Holder{Member: m}
	var err error
	if h.Balance, h.Used, err = balance(ctx, tx, acc, Of(m)); err != nil {
		return err
	}
	s.Holders = append(s.Holders, h)
	return l.call(ctx, tx, acc, s.Holders)
}

// totals reads the wallets that are nobody's, and the sum of all others.
func (s *Summary) totals(ctx context.Context, tx *db.Tx, acc id.Account) error {
	err := tx.Each(ctx, `SELECT wallet, balance FROM wallets WHERE account_id = $1 AND wallet IN ('purchased', 'company', 'spent')`, []any{string(acc)},
		func(scan func(...any) error) error {
			var w Wallet
			var n int64
			err := scan((*string)(&w), &n)
			switch w {
			case Purchased:
				s.Purchased = -n
			case Company:
				s.Company = n
			case Spent:
				s.Spent = n
			}
			return err
		})
	if err != nil {
		return fmt.Errorf("read wallets: %w", err)
	}
	s.Members = s.Purchased - s.Company - s.Spent
	return nil
}

func holders(ctx context.Context, tx *db.Tx, acc id.Account, last id.Member, limit int) ([]Holder, error) {
	list := []Holder{}
	err := tx.Each(ctx, `SELECT wallet, balance, used FROM wallets WHERE account_id = $1 AND wallet > $2 AND member_id IS NOT NULL ORDER BY wallet LIMIT $3`,
		[]any{string(acc), string(last), limit}, func(scan func(...any) error) error {
			var h Holder
			err := scan((*string)(&h.Member), &h.Balance, &h.Used)
			list = append(list, h)
			return err
		})
	if err != nil {
		return nil, fmt.Errorf("list wallets: %w", err)
	}
	return list, nil
}

// call puts names to holders.
func (l *Ledger) call(ctx context.Context, tx *db.Tx, acc id.Account, list []Holder) error {
	members := make([]id.Member, len(list))
	for i, h := range list {
		members[i] = h.Member
	}
	names, err := l.ways.Names(ctx, tx, acc, members)
	for i, h := range list {
		list[i].Name = names[h.Member]
	}
	return err
}

// Unspent gives how many credits the company and its members still have; nil
// where none were ever bought. Faults: those of access.Allow with
// credits.manage.
func (l *Ledger) Unspent(ctx context.Context, actor access.Actor, acc id.Account) (unspent *int64, err error) {
	if err := access.Allow(actor, acc, access.CreditsManage); err != nil {
		return nil, err
	}
	err = l.db.Read(ctx, func(tx *db.Tx) error {
		any, err := has(ctx, tx, acc)
		if err != nil || !any {
			return err
		}
		var s Summary
		err = s.totals(ctx, tx, acc)
		left := s.Purchased - s.Spent
		unspent = &left
		return err
	})
	return unspent, err
}

// standardPrice is what a download costs where nobody has said otherwise.
const standardPrice = 1

// price reads what a download costs in the account.
func price(ctx context.Context, tx *db.Tx, acc id.Account) (int64, error) {
	credits := int64(standardPrice)
	err := tx.One(ctx, `SELECT price FROM credit_prices WHERE account_id = $1`, []any{string(acc)}, &credits)
	if err != nil && !errors.Is(err, db.ErrNone) {
		return 0, fmt.Errorf("read price: %w", err)
	}
	return credits, nil
}

// SetPrice sets what a download costs, unless the record has a price of its own.
//
// Faults: those of allowPrice; invalid on price.
func (l *Ledger) SetPrice(ctx context.Context, actor access.Actor, acc id.Account, credits int64) error {
	if err := allowPrice(actor, acc); err != nil {
		return err
	}
	if err := checkPrice("price", credits); err != nil {
		return err
	}
	return l.db.Write(ctx, acc, func(tx *db.Tx) error {
		before, err := price(ctx, tx, acc)
		if err != nil || before == credits {
			return err
		}
		if err := tx.ExecOne(ctx, `INSERT INTO credit_prices (account_id, price) VALUES ($1, $2)
			ON CONFLICT (account_id) DO UPDATE SET price = $2, version = credit_prices.version + 1`, string(acc), credits); err != nil {
			return fmt.Errorf("set price: %w", err)
		}
		return audit.Record(ctx, tx, actor, audit.Event{Action: "credits.price", Subject: audit.Of("account", acc),
			Changes: []audit.Change{audit.Plain("price", before, credits)}})
	})
}

// allowPrice: prices are the host app's to set and the operator's, never a
// person's who pays them. Faults: those of access.Allow with credits.manage;
// forbidden.
func allowPrice(actor access.Actor, acc id.Account) error {
	if err := access.Allow(actor, acc, access.CreditsManage); err != nil {
		return err
	}
	if actor.Kind == access.Member {
		return fault.Forbidden("forbidden", "Only an API key or the operator sets prices.")
	}
	return nil
}

func checkPrice(field string, credits int64) error {
	if credits < 0 || credits > Most {
		return fault.Invalid(field, "out_of_range", "Between 0 and 1,000,000,000,000,000 credits.")
	}
	return nil
}
