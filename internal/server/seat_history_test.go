package server_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"tenure/internal/billing"
	"tenure/internal/db/dbtest"
	"tenure/internal/server/servertest"
)

// plainSeats is what seats should be, in plain values: who has had one from when
// to when, and what a seat cost.
type plainSeats struct {
	anchor billing.Anchor
	status map[string]string // active, suspended or inactive
	role   map[string]string
	open   map[string]time.Time
	past   []plainSeat
	prices []plainPrice
}

type plainSeat struct{ from, to time.Time }

type plainPrice struct {
	from  time.Time
	price float64
}

// settle begins and ends seats so that they agree with status and role.
func (p *plainSeats) settle(now time.Time) {
	for m, status := range p.status {
		from, has := p.open[m]
		switch should := status == "active" && p.role[m] != "guest"; {
		case should && !has:
			p.open[m] = now
		case !should && has:
			p.past = append(p.past, plainSeat{from, now})
			delete(p.open, m)
		}
	}
}

// cost is what the time of seats until now comes to, and of those that are taken
// also what is left of the period, which is paid already.
func (p *plainSeats) cost(now time.Time) (total float64) {
	all := slices.Clone(p.past)
	until := billing.PeriodOf(billing.Month, p.anchor, now).End
	for _, from := range p.open {
		all = append(all, plainSeat{from, until})
	}
	for _, s := range all {
		for i, price := range p.prices {
			from, to := later(s.from, price.from), s.to
			if i+1 < len(p.prices) && p.prices[i+1].from.Before(to) {
				to = p.prices[i+1].from
			}
			for from.Before(to) {
				period := billing.PeriodOf(billing.Month, p.anchor, from)
				end := period.End
				if to.Before(end) {
					end = to
				}
				total += price.price * end.Sub(from).Seconds() / float64(period.Seconds())
				from = end
			}
		}
	}
	return total
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// TestSeatsAndMoneyFollowAPlainModelOverRandomHistories: whatever happens in
// whatever order, the time that is billed is the time for which seats were taken.
func TestSeatsAndMoneyFollowAPlainModelOverRandomHistories(t *testing.T) {
	seed := dbtest.Seed(t)
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		random := rand.New(rand.NewPCG(seed, 1))
		b := bill(t, s, obj{"price": 3000, "currency": "EUR", "period": "month", "anchor": 31})
		anchor, err := billing.AnchorOn(31)
		if err != nil {
			t.Fatal(err)
		}
		begun := s.Clock.Now().Truncate(time.Second)
		m := &plainSeats{anchor: anchor, status: map[string]string{"": "active"}, role: map[string]string{}, open: map[string]time.Time{"": begun}, prices: []plainPrice{{begun, 3000}}}
		var people []string
		for i, role := range []string{"standard", "guest", "limited", "standard"} {
			p := b.join(fmt.Sprintf("p%d", i), role)
			people, m.status[p], m.role[p] = append(people, p), "active", role
			m.settle(s.Clock.Now().Truncate(time.Second))
		}
		for range 40 {
			if random.IntN(3) > 0 {
				s.Clock.Set(s.Clock.Now().Add(time.Duration(random.IntN(12*24*3600)) * time.Second))
			}
			b.stir(m, random, people)
			m.settle(s.Clock.Now().Truncate(time.Second))
			if used := b.get("/billing").Number("seats.used"); used != float64(len(m.open)) {
				t.Fatalf("%v seats are taken, want %d", used, len(m.open))
			}
		}
		billedTotal, lines := b.billed()
		if want := m.cost(s.Clock.Now()); math.Abs(billedTotal-want) > float64(lines)+5 {
			t.Errorf("%v was billed in %d lines, and the seats come to %v", billedTotal, lines, want)
		}
		if said := verified(t, s); said != "" {
			t.Error(said)
		}
	})
}

// stir does one thing by chance, to the account and to the model.
func (b billed) stir(m *plainSeats, random *rand.Rand, people []string) {
	b.t.Helper()
	who := people[random.IntN(len(people))]
	path := b.Path("/members/" + who)
	switch what := random.IntN(5); {
	case what == 0:
		role := []string{"standard", "limited", "guest"}[random.IntN(3)]
		b.operator.Patch(path, obj{"role": role}).OK()
		m.role[who] = role
	case what == 1:
		price := 1000 + random.IntN(5000)
		b.plan(obj{"price": price, "currency": "EUR", "period": "month", "anchor": 31}).OK()
		m.prices = append(m.prices, plainPrice{b.s.Clock.Now().Truncate(time.Second), float64(price)})
	case m.status[who] == "inactive" || m.status[who] == "suspended" && what == 2:
		b.operator.Post(path+"/activate", nil).OK()
		m.status[who] = "active"
	case m.status[who] == "active" && what == 3:
		b.operator.Post(path+"/suspend", nil).OK()
		m.status[who] = "suspended"
	case m.status[who] == "suspended":
		d := b.operator.Get(b.Path("/departures?state=settling&member=" + who)).OK().Text("items.0.id")
		plan := b.operator.Get(b.Path("/departures/" + d)).OK()
		b.operator.Post(b.Path("/departures/"+d+"/apply"), obj{"digest": plan.Text("digest")}).OK()
		m.status[who] = "inactive"
	default:
		plan, _ := b.leave(who)
		m.status[who] = "inactive"
		if random.IntN(2) == 0 {
			b.operator.Post(b.Path("/departures/"+plan.Text("id")+"/undo"), nil).OK()
			m.status[who] = "active"
		}
	}
}

// billed adds up every line that there is, but for credit carried over, which is
// there twice.
func (b billed) billed() (total float64, lines int) {
	b.t.Helper()
	b.plan(b.get("/billing").At("plan").(map[string]any)).OK() // the same again: closes what is over
	add := func(list []any, fees bool) {
		for _, l := range list {
			line := l.(map[string]any)
			if line["kind"] == "balance" || line["kind"] == "seat" && !fees {
				continue
			}
			total += line["amount"].(float64)
			lines++
		}
	}
	for _, inv := range b.get("/invoices?limit=200").List("items") {
		add(b.get("/invoices/"+inv.(map[string]any)["id"].(string)).List("lines"), true)
	}
	add(b.get("/billing/upcoming").List("lines"), false)
	return total, lines
}
