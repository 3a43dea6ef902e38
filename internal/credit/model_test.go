package credit_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"testing"

	"pgregory.net/rapid"

	"tenure/internal/credit"
	"tenure/internal/db"
	"tenure/internal/db/dbtest"
	"tenure/internal/fault"
	"tenure/internal/holding"
	"tenure/internal/id"
	"tenure/internal/member"
)

func TestMain(m *testing.M) {
	dbtest.Short(30, 40)
	os.Exit(m.Run())
}

// users is how many there are in a history, besides the administrator.
const users = 3

// plain is the credits of an account as maps know them. Wallet 0 is the
// company's, the others are those of the people.
type plain struct {
	held    [users + 2]int64
	used    [users + 2]int64
	bought  int64
	spent   int64
	status  [users + 2]member.Status
	records map[string]int // who downloaded each first
	zero    bool           // the policy wants wallets empty
	gone    *gone          // the last departure that can be undone
}

// gone is a departure that moved credits.
type gone struct {
	who, to int
	amount  int64
	id      id.Departure
}

// history is one run: the ledger and the model side by side.
type history struct {
	*house
	plain
	steps int
}

// TestTheLedgerDoesWhatMapsDo buys, moves, spends, lets people go and brings them
// back by chance. After every step the ledger has answered as the model says;
// every wallet holds what the model says, and the books add up.
func TestTheLedgerDoesWhatMapsDo(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		steps := 0
		rapid.Check(t, func(rt *rapid.T) {
			h := &history{house: build(t, d, users), plain: plain{records: map[string]int{}, zero: true}}
			for i := range h.status {
				h.status[i] = member.Active
			}
			rt.Repeat(map[string]func(*rapid.T){
				"buy": h.buyOne, "move": h.moveOne, "move more": h.moveOne, "download": h.downloadOne, "suspend": h.suspendOne, "activate": h.activateOne,
				"leave": h.leaveOne, "undo": h.undoOne, "": func(rt *rapid.T) { h.compare(rt) },
			})
			steps += h.steps
		})
		fmt.Printf("the ledger and the model on %s: %d steps\n", d.Engine(), steps)
	})
}

// name is the name of a wallet of the model.
func (h *history) name(w int) string {
	if w == 0 {
		return "company"
	}
	return string(h.people[w-1].ID)
}

func (h *history) draw(rt *rapid.T, what string, from int) int {
	return rapid.IntRange(from, users+1).Draw(rt, what)
}

func amounts(rt *rapid.T) int64 {
	return rapid.OneOf(rapid.Int64Range(-1, 12), rapid.SampledFrom([]int64{credit.Most, credit.Most + 1, 1 << 62, -1 << 63})).Draw(rt, "amount")
}

// answered holds an error against the code that the model expects.
func (h *history) answered(rt *rapid.T, what string, err error, code string) {
	h.steps++
	if fault.Code(err) != code {
		rt.Fatalf("%s: got %v, the model says %q", what, err, code)
	}
}

func (h *history) buyOne(rt *rapid.T) {
	amount, code := amounts(rt), ""
	if amount < 1 || amount > credit.Most-h.bought {
		code = "invalid"
	}
	_, err := h.Purchase(context.Background(), operator, h.account, amount, "")
	h.answered(rt, "purchase", err, code)
	if code == "" {
		h.bought, h.held[0] = h.bought+amount, h.held[0]+amount
	}
}

func (h *history) moveOne(rt *rapid.T) {
	from, to, amount := h.draw(rt, "from", 0), h.draw(rt, "to", 0), amounts(rt)
	code := ""
	switch {
	case from == to || amount < 1 || amount > credit.Most:
		code = "invalid"
	case from > 0 && h.status[from] == member.Deleted || to > 0 && h.status[to] == member.Deleted:
		code = "not_found"
	case to > 0 && h.status[to] != member.Active:
		code = "member_inactive"
	case h.held[from] < amount:
		code = "insufficient_credits"
	}
	_, err := h.Transfer(context.Background(), operator, h.account, credit.Order{From: h.name(from), To: h.name(to), Amount: amount})
	h.answered(rt, "transfer", err, code)
	if code == "" {
		h.held[from], h.held[to] = h.held[from]-amount, h.held[to]+amount
	}
}

func (h *history) downloadOne(rt *rapid.T) {
	who, record := h.draw(rt, "who", 1), rapid.SampledFrom([]string{"a", "b", "c", "d"}).Draw(rt, "record")
	cost := rapid.Int64Range(0, 6).Draw(rt, "cost")
	first, had := h.records[record]
	code := ""
	switch {
	case h.status[who] == member.Deleted:
		code = "not_found"
	case h.status[who] != member.Active:
		code = "member_inactive"
	case !had && h.held[who] < cost:
		code = "insufficient_credits"
	}
	d, err := h.Download(context.Background(), operator, h.account, credit.Asking{Record: record, Member: h.people[who-1].ID, Cost: &cost})
	h.answered(rt, "download", err, code)
	if code != "" {
		return
	}
	if !had {
		h.records[record], first = who, who
		h.held[who], h.used[who], h.spent = h.held[who]-cost, h.used[who]+cost, h.spent+cost
	} else {
		cost = 0
	}
	if d.Charged != cost || d.By != h.people[first-1].ID {
		rt.Fatalf("download of %s: %+v, the model says %d by %d", record, d, cost, first)
	}
}

func (h *history) suspendOne(rt *rapid.T) {
	if who := h.draw(rt, "who", 1); h.status[who] == member.Active {
		must(h.t, h.move(h.people[who-1].ID, member.Suspend))
		h.status[who] = member.Suspended
	}
}

func (h *history) activateOne(rt *rapid.T) {
	who := h.draw(rt, "who", 1)
	if h.status[who] != member.Suspended && h.status[who] != member.Inactive {
		return
	}
	must(h.t, h.move(h.people[who-1].ID, member.Activate))
	h.status[who] = member.Active
	if h.gone != nil && h.gone.who == who {
		h.gone = nil
	}
}

func (h *history) leaveOne(rt *rapid.T) {
	who, to := h.draw(rt, "who", 1), h.draw(rt, "to", -1)
	kind := rapid.SampledFrom([]holding.Kind{holding.Deactivate, holding.Deactivate, holding.Delete}).Draw(rt, "kind")
	if h.status[who] != member.Active && h.status[who] != member.Suspended {
		return
	}
	decisions := map[string]json.RawMessage{}
	if to >= 0 {
		decisions["credits"] = json.RawMessage(`{"to":"` + h.name(to) + `"}`)
	}
	c := holding.Case{Kind: kind, Account: h.account, Member: h.people[who-1].ID, Actor: operator, Departure: id.New[id.Departure](),
		Party: holding.NewParty([]id.Member{h.people[who-1].ID}, decisions)}
	code, amount := "", h.held[who]
	switch {
	case kind == holding.Delete && h.used[who] > 0:
		code = "credits_used"
	case amount > 0 && to == -1:
		code = "unused_credits"
	case amount > 0 && to > 0 && (to == who || h.status[to] != member.Active):
		code = "successor_invalid"
	}
	_, err := h.leave(c)
	h.answered(rt, string(kind), err, code)
	if code != "" {
		return
	}
	if h.gone = nil; kind == holding.Deactivate {
		h.gone = &gone{who, to, amount, c.Departure}
	}
	if amount > 0 {
		h.held[who], h.held[to] = 0, h.held[to]+amount
	}
	h.status[who] = map[holding.Kind]member.Status{holding.Deactivate: member.Inactive, holding.Delete: member.Deleted}[kind]
}

func (h *history) undoOne(rt *rapid.T) {
	g := h.gone
	if g == nil {
		return
	}
	h.gone = nil
	var effects []holding.Effect
	must(h.t, h.write(func(tx *db.Tx) (err error) {
		if err := h.moveIn(tx, h.people[g.who-1].ID, member.Undo); err != nil {
			return err
		}
		effects, err = h.Holding().Restore(context.Background(), tx, holding.Case{Kind: holding.Return, Account: h.account, Member: h.people[g.who-1].ID, Actor: operator, Departure: g.id})
		return err
	}))
	h.status[g.who] = member.Active
	if g.amount == 0 {
		return
	}
	back := min(g.amount, h.held[g.to])
	h.held[g.to], h.held[g.who] = h.held[g.to]-back, h.held[g.who]+back
	told := map[string]int64{}
	for _, e := range effects {
		told[e.Kind] += *e.Count
		if (e.Kind == "skipped") != (e.Reason == "spent") {
			rt.Fatalf("undo gives the reason %q of %s", e.Reason, e.Kind)
		}
	}
	if h.steps++; told["credits_returned"] != back || told["skipped"] != g.amount-back {
		rt.Fatalf("undo told %v, the model says %d of %d", told, back, g.amount)
	}
}

// compare holds every wallet against the model, and the books against
// themselves.
func (h *history) compare(rt *rapid.T) {
	sum, wallets := h.spent, h.wallets()
	for w := range h.held {
		is := wallets[h.name(w)]
		if is[0] != h.held[w] || w > 0 && is[1] != h.used[w] {
			rt.Fatalf("wallet %d holds %d of which %d were spent, the model says %d and %d", w, is[0], is[1], h.held[w], h.used[w])
		}
		sum += is[0]
	}
	if bought := -wallets["purchased"][0]; bought != h.bought || sum != h.bought {
		rt.Fatalf("bought %d, company, members and spent are %d, the model says %d", bought, sum, h.bought)
	}
	if defects := h.check(); len(defects) > 0 {
		rt.Fatalf("verify: %v", defects)
	}
}
