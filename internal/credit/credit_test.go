package credit_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"tenure/internal/access"
	"tenure/internal/credit"
	"tenure/internal/db"
	"tenure/internal/db/dbtest"
	"tenure/internal/fault"
	"tenure/internal/holding"
	"tenure/internal/id"
	"tenure/internal/member"
)

// What the code must never do, the store does not let anybody do.
func TestTheStoreRefusesWhatALedgerCannotHold(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h, other := build(t, d, 2), build(t, d, 1)
		h.buy(100)
		jo := h.people[1].ID
		h.give(jo, 40)
		_, err := h.Download(context.Background(), operator, h.account, credit.Asking{Record: "r", Member: jo})
		must(t, err)
		const row = `INSERT INTO credit_transactions (account_id, seq, transaction_id, kind, from_wallet, to_wallet, amount, from_balance, to_balance, record_id, by_kind, by_id, at) VALUES ($1, 9999, 'crt_x', `
		for name, query := range map[string]string{
			"a balance below 0":                       `UPDATE wallets SET balance = -1 WHERE account_id = $1 AND wallet = '` + string(jo) + `'`,
			"a company below 0":                       `UPDATE wallets SET balance = balance - 61 WHERE account_id = $1 AND wallet = 'company'`,
			"a source above 0":                        `UPDATE wallets SET balance = 1 WHERE account_id = $1 AND wallet = 'purchased'`,
			"a balance that sums would overflow with": `UPDATE wallets SET balance = 9223372036854775807 WHERE account_id = $1 AND wallet = 'company'`,
			"a wallet of somebody elsewhere":          `INSERT INTO wallets (account_id, wallet, member_id, balance) VALUES ($1, '` + string(other.people[1].ID) + `', '` + string(other.people[1].ID) + `', 0)`,
			"a wallet named after somebody else":      `INSERT INTO wallets (account_id, wallet, member_id, balance) VALUES ($1, 'mem_other', '` + string(jo) + `', 0)`,
			"a wallet that is nobody's":               `INSERT INTO wallets (account_id, wallet, balance) VALUES ($1, 'pocket', 0)`,
			"a deletion of who has spent":             `UPDATE wallets SET balance = 0, erased = TRUE WHERE account_id = $1 AND wallet = '` + string(jo) + `'`,
			"a transaction of nothing":                row + `'transfer', 'company', '` + string(jo) + `', 0, 0, 0, NULL, 'x', 'x', 0)`,
			"a transaction of less":                   row + `'transfer', 'company', '` + string(jo) + `', -5, 0, 0, NULL, 'x', 'x', 0)`,
			"a transaction to itself":                 row + `'transfer', 'company', 'company', 5, 0, 0, NULL, 'x', 'x', 0)`,
			"a transaction from nowhere":              row + `'transfer', 'pocket', 'company', 5, 0, 0, NULL, 'x', 'x', 0)`,
			"a purchase into a member's wallet":       row + `'purchase', 'purchased', '` + string(jo) + `', 5, 0, 0, NULL, 'x', 'x', 0)`,
			"credits out of what is spent":            row + `'transfer', 'spent', 'company', 1, 0, 0, NULL, 'x', 'x', 0)`,
			"a second charge for a record":            row + `'download', '` + string(jo) + `', 'spent', 1, 0, 0, 'r', 'x', 'x', 0)`,
			"a record that somebody elsewhere has":    `UPDATE records SET member_id = '` + string(other.people[1].ID) + `' WHERE account_id = $1`,
			"a price below 0":                         `INSERT INTO credit_prices (account_id, price) VALUES ($1, -1)`,
		} {
			if err := d.Housekeep(context.Background(), func(tx *db.Tx) error {
				_, err := tx.Exec(context.Background(), query, string(h.account))
				return err
			}); err == nil {
				t.Errorf("the store takes %s", name)
			}
		}
		if defects := h.check(); len(defects) > 0 {
			t.Error(defects)
		}
	})
}

func TestVerifyFindsWhatDoesNotAddUp(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for name, c := range map[string]struct{ query, says string }{
			"a wallet that grew":              {`UPDATE wallets SET balance = balance + 1 WHERE account_id = $1 AND wallet = 'company'`, "but the ledger says"},
			"an amount that was edited":       {`UPDATE credit_transactions SET amount = amount + 1 WHERE account_id = $1 AND kind = 'transfer'`, "does not follow from those before it"},
			"a row that was deleted":          {`DELETE FROM credit_transactions WHERE account_id = $1 AND kind = 'transfer'`, "does not follow from those before it"},
			"a last row that is gone":         {`DELETE FROM credit_transactions WHERE account_id = $1 AND kind = 'download'`, "but the ledger says"},
			"a use that was forgotten":        {`UPDATE wallets SET used = 0 WHERE account_id = $1`, "were ever spent"},
			"a charge that was changed":       {`UPDATE records SET charged = 0 WHERE account_id = $1`, "its downloads say 1"},
			"a download that was wiped":       {`DELETE FROM downloads WHERE account_id = $1`, "which nobody has downloaded"},
			"a purchase of more, all through": {`UPDATE credit_transactions SET amount = amount + 5, from_balance = from_balance - 5, to_balance = to_balance + 5 WHERE account_id = $1 AND kind = 'purchase'`, "is not what event"},
			"a purchase nobody heard of":      {`UPDATE credit_transactions SET amount = 2000, to_balance = 2000, from_balance = -2000 WHERE account_id = $1 AND kind = 'purchase'`, "transaction crt_"},
		} {
			h := build(t, d, 1)
			h.buy(100)
			h.give(h.people[1].ID, 40)
			_, err := h.Download(context.Background(), operator, h.account, credit.Asking{Record: "r", Member: h.people[1].ID})
			must(t, err)
			if defects := h.check(); len(defects) > 0 {
				t.Fatal(defects)
			}
			must(t, d.Housekeep(context.Background(), func(tx *db.Tx) error {
				_, err := tx.Exec(context.Background(), c.query, string(h.account))
				return err
			}))
			if said := strings.Join(h.check(), "; "); !strings.Contains(said, c.says) {
				t.Errorf("%s: verify says %q", name, said)
			}
		}
	})
}

// Many move credits between the same wallets at the same time, on two nodes
// where the store can be shared. None is lost and none is made.
func TestContendedTransfersLeaveNoDrift(t *testing.T) {
	dbtest.EachWhere(t, func(t *testing.T, where string) {
		d := dbtest.Open(t, where, db.Options{})
		h := build(t, d, 4)
		h.buy(50)
		ledgers := []*credit.Ledger{h.Ledger}
		if d.Shared() {
			ledgers = append(ledgers, credit.NewLedger(dbtest.Open(t, where, db.Options{}), ways))
		}
		var all sync.WaitGroup
		var done, refused atomic.Int64
		for i := range 16 {
			all.Go(func() {
				random := rand.New(rand.NewPCG(uint64(i), 7))
				for range 15 {
					o := credit.Order{From: h.some(random), To: h.some(random), Amount: 1 + random.Int64N(12)}
					_, err := ledgers[i%len(ledgers)].Transfer(context.Background(), operator, h.account, o)
					switch fault.Code(err) {
					case "":
						done.Add(1)
					case "insufficient_credits", "invalid": // from a wallet to itself
						refused.Add(1)
					default:
						t.Error(err)
					}
				}
			})
		}
		all.Wait()
		sum := int64(0)
		for w, is := range h.wallets() {
			if w != string(credit.Purchased) {
				sum += is[0]
			}
		}
		if defects := h.check(); len(defects) > 0 || sum != 50 || done.Load() == 0 || refused.Load() == 0 {
			t.Errorf("after %d transfers and %d refusals there are %d credits of 50: %v", done.Load(), refused.Load(), sum, defects)
		}
	})
}

// some is one of the wallets, the company's more often.
func (h *house) some(random *rand.Rand) string {
	if n := random.IntN(len(h.people) + 2); n < len(h.people) {
		return string(h.people[n].ID)
	}
	return "company"
}

// Of many who ask for one record, with credits for one of them alone, one pays.
func TestARecordIsPaidForOnce(t *testing.T) {
	dbtest.EachWhere(t, func(t *testing.T, where string) {
		d := dbtest.Open(t, where, db.Options{})
		h := build(t, d, 6)
		h.buy(6)
		ledgers := []*credit.Ledger{h.Ledger}
		if d.Shared() {
			ledgers = append(ledgers, credit.NewLedger(dbtest.Open(t, where, db.Options{}), ways))
		}
		for _, m := range h.people[1:] {
			h.give(m.ID, 1)
		}
		for round := range 6 {
			var all sync.WaitGroup
			var charged atomic.Int64
			for i, m := range h.people[1:] {
				all.Go(func() {
					by, err := h.actor(m.ID)
					if err != nil {
						t.Error(err)
						return
					}
					got, err := ledgers[i%len(ledgers)].Download(context.Background(), by, h.account, credit.Asking{Record: fmt.Sprint("r", round)})
					switch fault.Code(err) {
					case "":
						charged.Add(got.Charged)
					case "insufficient_credits": // who has paid before and comes first
					default:
						t.Error(err)
					}
				})
			}
			all.Wait()
			if charged.Load() != 1 {
				t.Errorf("round %d: %d were charged", round, charged.Load())
			}
		}
		if spent := h.holds(credit.Spent); spent != 6 || len(h.check()) > 0 {
			t.Errorf("%d are spent: %v", spent, h.check())
		}
	})
}

// Who manages credits takes them from nobody who ranks above.
func TestNobodyTakesCreditsFromAboveTheirRank(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := build(t, d, 2)
		h.buy(10)
		h.give(h.people[0].ID, 5)
		h.give(h.people[1].ID, 5)
		clerk := access.Actor{Kind: access.Member, Account: h.account, Member: h.people[1].ID, Role: access.Role{Key: "clerk", Rank: 20, Permissions: []access.Permission{access.CreditsManage, access.CreditsSpend}}}
		move := func(from, to id.Member) error {
			_, err := h.Transfer(context.Background(), clerk, h.account, credit.Order{From: string(from), To: string(to), Amount: 1})
			return err
		}
		want(t, move(h.people[0].ID, h.people[1].ID), "rank_exceeded")
		want(t, move(h.people[1].ID, h.people[0].ID), "") // one's own, to anybody
		want(t, move(h.people[1].ID, h.people[2].ID), "")
		want(t, move(h.people[2].ID, h.people[0].ID), "")
		key := clerk
		key.Kind, key.Key, key.Scopes = access.Key, "key_x", []access.Permission{access.CreditsSpend}
		_, err := h.Download(context.Background(), key, h.account, credit.Asking{Record: "r", Member: h.people[0].ID})
		want(t, err, "rank_exceeded")
		key.Role.Permissions = []access.Permission{access.CreditsSpend} // its maker manages no credits
		free := int64(0)
		_, err = h.Download(context.Background(), key, h.account, credit.Asking{Record: "r", Cost: &free})
		want(t, err, "forbidden")
	})
}

// A plan that was made while somebody had nothing does not apply once they have.
func TestACreditThatCameMeanwhileIsNotLost(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := build(t, d, 2)
		h.buy(10)
		jo := h.people[1].ID
		c := holding.Case{Kind: holding.Deactivate, Account: h.account, Member: jo, Actor: operator, Departure: id.New[id.Departure](), Party: holding.NewParty([]id.Member{jo, h.people[2].ID}, nil)}
		survey := func() holding.Finding {
			var found holding.Finding
			must(t, d.Read(context.Background(), func(tx *db.Tx) (err error) {
				found, err = h.Holding().Survey(context.Background(), tx, c)
				return err
			}))
			return found
		}
		before := survey()
		h.give(jo, 1)
		after := survey()
		if len(before.Blockers)+len(before.Effects) != 0 || len(after.Blockers) != 1 || after.Blockers[0].Code != "unused_credits" || before.Basis == after.Basis {
			t.Errorf("%+v, then %+v", before, after)
		}
		_, err := h.leave(c)
		want(t, err, "unused_credits")
		decide := func(decision string) {
			c.Party = holding.NewParty([]id.Member{jo, h.people[2].ID}, map[string]json.RawMessage{"credits": json.RawMessage(decision)})
		}
		decide(`{"to":"` + string(h.people[2].ID) + `"}`)
		_, err = h.leave(c) // who leaves in the same departure
		want(t, err, "successor_invalid")
		decide(`{"to":"company","all":true}`)
		_, err = h.leave(c)
		want(t, err, "invalid")
		must(t, h.move(jo, member.Suspend))
		if held := h.holds(credit.Of(jo)); held != 1 {
			t.Errorf("%d credits after a suspension", held)
		}
	})
}
