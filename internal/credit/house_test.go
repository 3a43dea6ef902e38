package credit_test

import (
	"context"
	"fmt"
	"testing"

	"tenure/internal/access"
	"tenure/internal/account"
	"tenure/internal/address"
	"tenure/internal/credit"
	"tenure/internal/db"
	"tenure/internal/fault"
	"tenure/internal/holding"
	"tenure/internal/id"
	"tenure/internal/member"
	"tenure/internal/role"
	"tenure/internal/user"
)

// operator is who sells the credits.
var operator = access.Actor{Kind: access.Operator, Key: "opk_test"}

// house is an account of preset credits with a ledger.
type house struct {
	*credit.Ledger
	t       testing.TB
	db      *db.DB
	account id.Account
	people  []member.Member // the first is the administrator
}

// ways are those that the server gives.
var ways = credit.Ways{
	Person: func(ctx context.Context, tx *db.Tx, acc id.Account, who id.Member) (credit.Person, error) {
		m, err := member.Here(ctx, tx, acc, who)
		if err != nil {
			return credit.Person{}, err
		}
		held, err := role.Get(ctx, tx, acc, m.Role)
		return credit.Person{Name: m.Name(), Active: m.Status == member.Active, Registered: m.Registered(), Role: held, Epoch: m.Epoch}, err
	},
	Names: member.Names,
}

// build makes an account of an administrator and so many users.
func build(t testing.TB, d *db.DB, users int) *house {
	t.Helper()
	h := &house{Ledger: credit.NewLedger(d, ways), t: t, db: d, account: id.New[id.Account]()}
	must(t, d.Found(context.Background(), h.account, func(tx *db.Tx) error {
		a, err := account.Create(context.Background(), tx, access.BySystem(), account.New{ID: h.account, Name: "Vendor", Preset: "credits"})
		if err == nil {
			err = role.Establish(context.Background(), tx, a)
		}
		return err
	}))
	h.join("admin")
	for range users {
		h.join("user")
	}
	return h
}

// join adds somebody who has come in.
func (h *house) join(roleKey string) {
	h.t.Helper()
	to, err := address.Parse(fmt.Sprintf("p%d@%s.example", len(h.people), string(h.account)[10:]))
	must(h.t, err)
	var m member.Member
	must(h.t, h.write(func(tx *db.Tx) error {
		u, err := user.Create(context.Background(), tx, access.BySystem(), user.New{Email: to, Locale: "en"})
		if err != nil {
			return err
		}
		m, err = member.Create(context.Background(), tx, access.BySystem(), member.New{Account: h.account, Email: to, FirstName: "Uma", LastName: "User",
			Locale: "en", Role: roleKey, Active: true, User: u.ID})
		return err
	}))
	h.people = append(h.people, m)
}

// write runs a function in a write on the account.
func (h *house) write(fn func(tx *db.Tx) error) error {
	return h.db.Write(context.Background(), h.account, fn)
}

// actor is the rights of a member as they are now.
func (h *house) actor(m id.Member) (a access.Actor, err error) {
	err = h.db.Read(context.Background(), func(tx *db.Tx) (err error) {
		a, err = member.Actor(context.Background(), tx, h.account, m)
		return err
	})
	return a, err
}

// move makes a move with a member.
func (h *house) move(m id.Member, move member.Move) error {
	return h.write(func(tx *db.Tx) error { return h.moveIn(tx, m, move) })
}

func (h *house) moveIn(tx *db.Tx, m id.Member, move member.Move) error {
	now, err := member.Get(context.Background(), tx, h.account, m)
	if err == nil {
		_, err = member.Go(context.Background(), tx, access.BySystem(), h.account, now, move)
	}
	return err
}

// leave lets a member go as a departure does: the place, then what they hold.
func (h *house) leave(c holding.Case) (effects []holding.Effect, err error) {
	move := map[holding.Kind]member.Move{holding.Deactivate: member.Deactivate, holding.Remove: member.Remove, holding.Delete: member.Delete}[c.Kind]
	return effects, h.write(func(tx *db.Tx) error {
		if err := h.moveIn(tx, c.Member, move); err != nil {
			return err
		}
		effects, err = h.Holding().Apply(context.Background(), tx, c)
		return err
	})
}

// wallets reads what is in each wallet, and how much of it was ever spent.
func (h *house) wallets() map[string][2]int64 {
	h.t.Helper()
	all := map[string][2]int64{}
	must(h.t, h.db.Read(context.Background(), func(tx *db.Tx) error {
		return tx.Each(context.Background(), `SELECT wallet, balance, used FROM wallets WHERE account_id = $1`, []any{string(h.account)},
			func(scan func(...any) error) error {
				var name string
				var is [2]int64
				err := scan(&name, &is[0], &is[1])
				all[name] = is
				return err
			})
	}))
	return all
}

// holds is what is in one wallet.
func (h *house) holds(w credit.Wallet) int64 {
	h.t.Helper()
	return h.wallets()[string(w)][0]
}

// check is what tenure verify says of the account.
func (h *house) check() (defects []string) {
	h.t.Helper()
	must(h.t, h.db.Read(context.Background(), func(tx *db.Tx) (err error) {
		defects, err = credit.Check(context.Background(), tx, h.account)
		return err
	}))
	return defects
}

// buy makes a purchase.
func (h *house) buy(amount int64) {
	h.t.Helper()
	_, err := h.Purchase(context.Background(), operator, h.account, amount, "")
	must(h.t, err)
}

// give moves credits from the company to a member.
func (h *house) give(m id.Member, amount int64) {
	h.t.Helper()
	_, err := h.Transfer(context.Background(), operator, h.account, credit.Order{From: "company", To: string(m), Amount: amount})
	must(h.t, err)
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func want(t testing.TB, err error, code string) {
	t.Helper()
	if fault.Code(err) != code {
		t.Errorf("got %v, want %q", err, code)
	}
}
