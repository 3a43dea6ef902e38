package seat

import (
	"context"
	"fmt"
	"strconv"

	"tenure/internal/access"
	"tenure/internal/billing"
	"tenure/internal/db"
	"tenure/internal/holding"
	"tenure/internal/id"
)

// Held is a seat as something a member has: it begins when they arrive or come
// back, and ends at the instant their access does. What is left of the period
// is charged and credited.
type Held struct{ Sources Sources }

// Name is the key of its decisions; it has none.
func (Held) Name() string { return "seat" }

// step is what a move does to a member's seat.
type step int

const (
	stays    step = iota
	begins        // a seat is taken
	ends          // a seat is free again
	reserves      // an invitation begins to wait for one
)

// step says what a move does. The moves that give a place are asked about before
// it is given.
func (h Held) step(ctx context.Context, tx *db.Tx, c holding.Case) (step, error) {
	if c.Kind == holding.Withdraw {
		return stays, nil
	}
	has, err := taken(ctx, tx, c.Account, c.Member)
	if err != nil {
		return stays, err
	}
	if c.Kind.EndsAccess() || !c.To.Billable {
		if has {
			return ends, nil
		}
		return stays, nil
	}
	if has {
		return stays, nil
	}
	if c.Kind == holding.Arrive {
		return begins, nil
	}
	place, err := h.Sources.Place(ctx, tx, c.Account, c.Member)
	switch {
	case err != nil:
		return stays, err
	case c.Kind == holding.Regrade && (!place.Active || !place.Registered && c.From.Billable):
		return stays, nil
	case !place.Registered:
		return reserves, nil
	default:
		return begins, nil
	}
}

// Survey says what the move would charge or credit, and what stands in its way:
// the limit. The basis is price and period, never the amount, which falls with
// every second.
func (h Held) Survey(ctx context.Context, tx *db.Tx, c holding.Case) (holding.Finding, error) {
	p, found, err := billing.Load(ctx, tx, c.Account)
	if err != nil || !found {
		return holding.Finding{}, err
	}
	p = p.At(tx.Now())
	if c.Kind == holding.Invite {
		return h.invite(ctx, tx, p, c)
	}
	does, err := h.step(ctx, tx, c)
	if err != nil {
		return holding.Finding{}, err
	}
	f := holding.Finding{}
	switch does {
	case begins:
		f.Takes = 1
		f.Effects = append(f.Effects, charged(p.Charge(c.Member, billing.Second(tx)), p))
	case reserves:
		f.Takes = 1
	case ends:
		f.Takes = -1
		f.Effects = append(f.Effects, credited(p.Credit(c.Member, billing.Second(tx), c.Departure), p))
	case stays:
		f.Effects, err = before(ctx, tx, p, c)
		return f, err
	}
	f.Basis = map[string]any{"price": p.Price, "currency": p.Terms.Currency, "period": p.Terms.Unit}
	if does == ends {
		return f, nil
	}
	left, err := room(ctx, tx, h.Sources, p, Queue{Before: c.Invitation})
	if err == nil && left != nil && *left-c.Taken < 1 {
		f.Blockers = []holding.Blocker{full(c)}
	}
	return f, err
}

// invite says how many invitations there is room for, and what those who accept
// would cost.
func (h Held) invite(ctx context.Context, tx *db.Tx, p billing.Plan, c holding.Case) (holding.Finding, error) {
	if !c.To.Billable {
		return holding.Finding{}, nil
	}
	left, err := room(ctx, tx, h.Sources, p, Queue{But: c.Invitation})
	f := holding.Finding{Room: left}
	if left != nil && *left < c.Count {
		f.Blockers = []holding.Blocker{full(c)}
	}
	if err == nil && c.Count > 0 {
		f.Effects = []holding.Effect{expected(p.Charge("", billing.Second(tx)), c.Count)}
	}
	return f, err
}

func full(c holding.Case) holding.Blocker {
	return holding.Blocker{Code: "seat_limit", Member: c.Member, Detail: seatLimit().Message, Resolve: []string{"free_a_seat", "raise_the_limit"}}
}

// Apply does it.
func (h Held) Apply(ctx context.Context, tx *db.Tx, c holding.Case) ([]holding.Effect, error) {
	if c.Kind == holding.Invite {
		return nil, nil
	}
	p, found, err := plan(ctx, tx, c.Account)
	if err != nil || !found {
		return nil, err
	}
	does, err := h.step(ctx, tx, c)
	if err != nil {
		return nil, err
	}
	switch does {
	case begins:
		line, err := begin(ctx, tx, c.Actor, p, c.Member)
		return []holding.Effect{charged(line, p)}, err
	case ends:
		line, err := end(ctx, tx, c.Actor, p, c.Member, c.Departure)
		return []holding.Effect{credited(line, p)}, err
	case stays:
		return before(ctx, tx, p, c)
	default:
		return nil, nil
	}
}

// Restore begins a new seat for somebody who is back: the time in between stays
// credited. Faults: conflict seat_limit.
func (h Held) Restore(ctx context.Context, tx *db.Tx, c holding.Case) ([]holding.Effect, error) {
	place, err := h.Sources.Place(ctx, tx, c.Account, c.Member)
	if err != nil || !place.Active {
		return nil, err
	}
	f, err := h.Survey(ctx, tx, c)
	if err != nil {
		return nil, err
	}
	if len(f.Blockers) > 0 {
		return nil, seatLimit()
	}
	return h.Apply(ctx, tx, c)
}

// before tells of a seat that the same departure has ended already, when the
// access did.
func before(ctx context.Context, tx *db.Tx, p billing.Plan, c holding.Case) ([]holding.Effect, error) {
	if c.Departure == "" || !c.Kind.EndsAccess() {
		return nil, nil
	}
	line, found, err := billing.Credited(ctx, tx, c.Account, c.Departure, c.Member)
	if err != nil || !found {
		return nil, err
	}
	e := credited(line, p)
	e.Detail = "The seat ended on " + line.At.Format("2 January 2006 at 15:04:05 UTC") + ". Its unused time has been credited already."
	return []holding.Effect{e}, nil
}

func charged(l billing.Line, p billing.Plan) holding.Effect {
	return holding.Effect{Kind: "seat_charge", Member: l.Member, Amount: &l.Amount, Currency: l.Currency, Formula: l.Formula(), Share: shareOf(l),
		Detail: "A seat for what is left of the period, until " + p.Period.End.Format("2 January 2006") + "."}
}

func credited(l billing.Line, p billing.Plan) holding.Effect {
	amount := -l.Amount
	return holding.Effect{Kind: "seat_credit", Member: l.Member, Amount: &amount, Currency: l.Currency, Formula: l.Formula(), Share: shareOf(l),
		Detail: "The seat ends. Its unused time until " + p.Period.End.Format("2 January 2006") + " becomes a credit for the next period; nothing is refunded."}
}

func shareOf(l billing.Line) *holding.Share {
	return &holding.Share{Price: l.Price, Seconds: l.Part, PeriodSeconds: l.Whole}
}

// expected is what n people would be charged who all came in now.
func expected(l billing.Line, n int64) holding.Effect {
	amount := l.Amount * n
	return holding.Effect{Kind: "seat_charge", Count: &n, Amount: &amount, Currency: l.Currency, Formula: strconv.FormatInt(n, 10) + " × " + l.Formula() + " each", Share: shareOf(l),
		Detail: fmt.Sprintf("Each of them who comes in takes a seat: %s if it were now, and less with every day.", billing.Money(l.Amount, l.Currency))}
}

// align begins and ends seats so that exactly those have one who should, after
// something about all of them has changed.
func align(ctx context.Context, tx *db.Tx, s Sources, actor access.Actor, account id.Account) error {
	p, found, err := plan(ctx, tx, account)
	if err != nil || !found {
		return err
	}
	should, err := s.Billable(ctx, tx, account)
	if err != nil {
		return err
	}
	have, err := seated(ctx, tx, account)
	if err != nil {
		return err
	}
	for _, m := range without(have, should) {
		if _, err := end(ctx, tx, actor, p, m, ""); err != nil {
			return err
		}
	}
	coming := without(should, have)
	left, err := room(ctx, tx, s, p, Queue{})
	if err != nil {
		return err
	}
	if left != nil && len(coming) > 0 && *left < int64(len(coming)) {
		return seatLimit()
	}
	for _, m := range coming {
		if _, err := begin(ctx, tx, actor, p, m); err != nil {
			return err
		}
	}
	return nil
}

// without gives those of the first list who are not in the second.
func without(some, others []id.Member) []id.Member {
	known := make(map[id.Member]bool, len(others))
	for _, m := range others {
		known[m] = true
	}
	left := []id.Member{}
	for _, m := range some {
		if !known[m] {
			left = append(left, m)
		}
	}
	return left
}
