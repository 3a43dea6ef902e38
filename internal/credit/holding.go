package credit

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strconv"

	"tenure/internal/account"
	"tenure/internal/db"
	"tenure/internal/fault"
	"tenure/internal/holding"
	"tenure/internal/id"
)

// Held is the credits as something a member has. Whoever leaves for good keeps
// none, and neither does who is deactivated where the policy says so: then it
// has to be decided where they go. Otherwise they stay in the member's wallet. A
// suspension moves nothing. Nobody is deleted who ever spent a credit.
type Held struct{ ways Ways }

var _ holding.Holding = Held{}

// Holding is the credits of the ledger as something a member has.
func (l *Ledger) Holding() Held { return Held{l.ways} }

// Name is the key of the decision: {"to":"company"} or {"to":"mem_…"}.
func (Held) Name() string { return "credits" }

// decided reads the decision: the wallet they go to, empty if nothing was
// decided. Faults: invalid on field decisions.credits.
func decided(c holding.Case) (Wallet, error) {
	raw, given := c.Party.Decision(Held{}.Name())
	if !given {
		return "", nil
	}
	var d struct {
		To string `json:"to"`
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&d); err != nil || d.To != string(Company) && !id.Valid(id.Member(d.To)) {
		return "", fault.Invalid("decisions.credits", "malformed", `Either {"to":"company"} or {"to":"…"} with the id of a member.`)
	}
	return Wallet(d.To), nil
}

// fate is what a departure does with the credits of a leaver.
type fate struct {
	name      string // of the leaver
	held      int64
	used      int64
	must      bool   // none may be left
	erases    bool   // the leaver is deleted
	to        Wallet // empty: nothing was decided
	heir      Person // whose wallet it is, if it is a member's
	heirFault string // why that member cannot have them
}

// fate reads what there is to settle. Nothing is, for moves that are no
// departure.
func (h Held) fate(ctx context.Context, tx *db.Tx, c holding.Case) (f fate, departs bool, err error) {
	switch c.Kind {
	case holding.Deactivate, holding.Remove, holding.Delete:
	default:
		return f, false, nil
	}
	if f.to, err = decided(c); err != nil {
		return f, true, err
	}
	if f.held, f.used, err = balance(ctx, tx, c.Account, Of(c.Member)); err != nil {
		return f, true, err
	}
	f.erases, f.must = c.Kind == holding.Delete, c.Kind != holding.Deactivate
	if !f.must {
		a, err := account.Get(ctx, tx, c.Account)
		if err != nil {
			return f, true, err
		}
		f.must = a.Policy.CreditsMustBeZero
	}
	names, err := h.ways.Names(ctx, tx, c.Account, []id.Member{c.Member})
	if err != nil {
		return f, true, err
	}
	f.name = names[c.Member]
	return f, true, h.inherit(ctx, tx, c, &f)
}

// inherit looks at the member who is to have the credits.
func (h Held) inherit(ctx context.Context, tx *db.Tx, c holding.Case, f *fate) error {
	m := f.to.Member()
	if f.to == "" || f.to == Company {
		return nil
	}
	var err error
	f.heir, err = h.ways.Person(ctx, tx, c.Account, m)
	switch {
	case fault.Code(err) == "not_found":
		f.heirFault = "Whoever is to have the credits is not in this account."
		return nil
	case err != nil:
		return err
	case m == c.Member || c.Party.Has(m):
		f.heirFault = "Whoever is to have the credits leaves as well."
	case !f.heir.Active:
		f.heirFault = "Whoever is to have the credits is not active."
	}
	return nil
}

// blockers is why the credits keep the departure from happening. It is pure.
func (f fate) blockers(m id.Member) []holding.Blocker {
	var list []holding.Blocker
	if f.erases && f.used > 0 {
		list = append(list, holding.Blocker{Code: "credits_used", Member: m, Resolve: []string{"deactivate"},
			Detail: f.name + " has used credits and cannot be deleted. Deactivate them instead: their history stays."})
	}
	switch {
	case f.held == 0:
	case f.heirFault != "":
		list = append(list, holding.Blocker{Code: "successor_invalid", Member: m, Resolve: []string{"decisions.credits"}, To: f.to.Member(), Count: f.held, Detail: f.heirFault})
	case f.must && f.to == "":
		list = append(list, holding.Blocker{Code: "unused_credits", Member: m, Resolve: []string{"decisions.credits.to_company", "decisions.credits.to_member"}, Count: f.held,
			Detail: f.name + " has " + counted(f.held) + " left. Move them to the company or to another member first."})
	}
	return list
}

// basis is what the digest of a plan rests on.
type basis struct {
	Balance int64  `json:"balance"`
	Used    bool   `json:"used"`
	Must    bool   `json:"must"`
	To      Wallet `json:"to,omitempty"`
	Epoch   int64  `json:"epoch,omitempty"` // of the member they go to
}

// Survey says what would become of the credits.
func (h Held) Survey(ctx context.Context, tx *db.Tx, c holding.Case) (holding.Finding, error) {
	f, departs, err := h.fate(ctx, tx, c)
	if err != nil || !departs {
		return holding.Finding{}, err
	}
	found := holding.Finding{Blockers: f.blockers(c.Member), Basis: basis{f.held, f.used > 0, f.must, f.to, f.heir.Epoch}}
	if f.held > 0 && len(found.Blockers) == 0 {
		found.Effects = []holding.Effect{f.effect(c.Member)}
	}
	return found, nil
}

// effect tells where the credits go, or that they stay. It is kept in receipts
// longer than people are: it names them by their ids alone.
func (f fate) effect(m id.Member) holding.Effect {
	e := holding.Effect{Kind: "credits_moved", Member: m, Count: &f.held}
	switch f.to {
	case "":
		e.Kind, e.Detail = "credits_kept", sentence(f.held, "stay", "stays")+" in this person's wallet."
	case Company:
		e.Detail = sentence(f.held, "move", "moves") + " to the company."
	default:
		e.To, e.Detail = f.to.Member(), sentence(f.held, "move", "moves")+" to another member."
	}
	return e
}

// Apply moves the credits where it was decided. What a plan would have blocked
// it refuses. Faults: conflict with the code of the blocker.
func (h Held) Apply(ctx context.Context, tx *db.Tx, c holding.Case) ([]holding.Effect, error) {
	f, departs, err := h.fate(ctx, tx, c)
	if err != nil || !departs {
		return nil, err
	}
	if blocked := f.blockers(c.Member); len(blocked) > 0 {
		return nil, fault.Conflict(blocked[0].Code, blocked[0].Detail).With("blockers", blocked)
	}
	var effects []holding.Effect
	if f.held > 0 {
		effects = append(effects, f.effect(c.Member))
	}
	if f.held > 0 && f.to != "" {
		if _, err := post(ctx, tx, c.Actor, c.Account, posting{kind: Departure, from: Of(c.Member), to: f.to, amount: f.held, departure: c.Departure}); err != nil {
			return nil, err
		}
	}
	if f.erases { // the store refuses that for a wallet with anything in it, or that was ever spent from
		if _, err := tx.Exec(ctx, `UPDATE wallets SET erased = TRUE WHERE account_id = $1 AND wallet = $2`, string(c.Account), string(Of(c.Member))); err != nil {
			return nil, fmt.Errorf("close wallet: %w", err)
		}
	}
	return effects, nil
}

// Restore gives back what the departure moved, as far as who got it still has
// it. The rest is told as skipped.
func (h Held) Restore(ctx context.Context, tx *db.Tx, c holding.Case) ([]holding.Effect, error) {
	var moved []Transaction
	err := tx.Each(ctx, `SELECT `+columns+` FROM credit_transactions WHERE account_id = $1 AND departure_id = $2 AND from_wallet = $3 AND kind = 'departure' ORDER BY seq`,
		[]any{string(c.Account), string(c.Departure), string(Of(c.Member))}, func(scan func(...any) error) error {
			t, err := scanned(scan)
			moved = append(moved, t)
			return err
		})
	if err != nil {
		return nil, fmt.Errorf("read ledger: %w", err)
	}
	var effects []holding.Effect
	for _, t := range moved {
		done, err := h.giveBack(ctx, tx, c, t)
		if err != nil {
			return nil, err
		}
		effects = append(effects, done...)
	}
	return effects, nil
}

func (h Held) giveBack(ctx context.Context, tx *db.Tx, c holding.Case, t Transaction) (effects []holding.Effect, err error) {
	left, _, err := balance(ctx, tx, c.Account, t.To)
	if err != nil {
		return nil, err
	}
	back := min(left, t.Amount)
	lost := t.Amount - back
	if back > 0 {
		if _, err := post(ctx, tx, c.Actor, c.Account, posting{kind: Return, from: t.To, to: t.From, amount: back, departure: c.Departure}); err != nil {
			return nil, err
		}
		effects = append(effects, holding.Effect{Kind: "credits_returned", Member: c.Member, Count: &back, Detail: sentence(back, "are", "is") + " back in this person's wallet."})
	}
	if lost > 0 {
		effects = append(effects, holding.Effect{Kind: "skipped", Member: c.Member, Count: &lost, Reason: "spent",
			Detail: sentence(lost, "are", "is") + " not given back: who got them has spent them or passed them on."})
	}
	return effects, nil
}

// counted writes a number of credits out.
func counted(n int64) string {
	if n == 1 {
		return "1 unused credit"
	}
	return strconv.FormatInt(n, 10) + " unused credits"
}

// sentence begins a sentence about so many credits.
func sentence(n int64, many, one string) string {
	if n == 1 {
		return "1 credit " + one
	}
	return strconv.FormatInt(n, 10) + " credits " + many
}
