package server_test

import (
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"tenure/internal/db/dbtest"
	"tenure/internal/server/servertest"
)

func TestAnotherPriceLeavesALineForEachSeat(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		b := bill(t, s, monthly(obj{"price": 1000}))
		b.join("ada", "standard")
		before := b.get("/billing/upcoming").Number("total")
		b.on("2027-04-16T00:00:00Z")
		b.plan(monthly(obj{"price": 2000})).OK()
		lines := 0
		upcoming := b.upcoming(before + 2*500 + 2*1000) // what is left of April, and what May costs more
		for i := range upcoming.List("lines") {
			at := fmt.Sprintf("lines.%d.", i)
			if upcoming.Text(at+"formula") == "" || upcoming.Text(at+"detail") == "" || upcoming.Text(at+"name") == "" {
				t.Errorf("a line does not say what it is: %v", upcoming.At(fmt.Sprintf("lines.%d", i)))
			}
			if upcoming.Text(at+"kind") == "price_change" {
				lines++
				if upcoming.Number(at+"amount") != 500 || !strings.Contains(upcoming.Text(at+"formula"), "20.00 USD × ") {
					t.Errorf("the change of price says %v", upcoming.At(fmt.Sprintf("lines.%d", i)))
				}
			}
		}
		if lines != 2 {
			t.Errorf("%d lines in %s", lines, upcoming.Body)
		}
		if again := b.plan(monthly(obj{"price": 2000})).OK(); again.Number("plan.price") != 2000 {
			t.Errorf("the same again: %s", again.Body)
		}
		b.upcoming(before + 3000)
	})
}

// TestTheSeatsThatBillingBeginsWithHaveTheirEvents: each one as if it had begun
// alone, after that of the plan, with what is on the first invoice for it.
func TestTheSeatsThatBillingBeginsWithHaveTheirEvents(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		b := billed{s: s, operator: s.Operator(t), t: t}
		b.on("2027-04-11T00:00:00Z")
		b.Company = s.Found(t, "cases", "Billed", "owner@billed.example")
		seats := map[string]bool{b.Owner.Member: true, b.join("ada", "standard"): true}
		b.join("gus", "guest")
		b.on("2027-04-16T00:00:00Z")
		b.plan(monthly(nil)).OK()

		trail := b.get("/events?action=seat.begin")
		began := b.get("/events?action=billing.begin").Number("items.0.seq")
		for i := range trail.List("items") {
			at := fmt.Sprintf("items.%d.", i)
			who := trail.Text(at + "subject.id")
			if !seats[who] || trail.Number(at+"seq") <= began || trail.Text(at+"actor.kind") != "operator" ||
				trail.At(at+"changes.amount.0") != nil || trail.Number(at+"changes.amount.1") != 1500 || trail.Text(at+"changes.currency.1") != "USD" {
				t.Errorf("%s: %v", who, trail.At(fmt.Sprintf("items.%d", i)))
			}
			delete(seats, who)
		}
		if len(seats) > 0 {
			t.Errorf("no event of the seats of %v: %s", seats, trail.Body)
		}
	})
}

// TestC2_WhatSomebodyHoldsIsSaidInOneAnswer: since when a seat is billed for them,
// which of a guest it never is, and their credits.
func TestC2_WhatSomebodyHoldsIsSaidInOneAnswer(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		b := bill(t, s, monthly(nil))
		ada, gus := b.join("ada", "standard"), b.join("gus", "guest")
		held := func(who string) *servertest.Answer { return b.get("/members/" + who + "/holdings") }
		came := strings.TrimSuffix(b.get("/members/"+ada).Text("registered_at"), "Z")
		if h := held(ada); h.At("credits") != nil || !strings.HasPrefix(came, strings.TrimSuffix(h.Text("seat_since"), "Z")) {
			t.Errorf("who came in at %s holds %s", came, h.Body)
		}
		if h := held(gus); h.At("seat_since") != nil {
			t.Errorf("a guest has no seat: %s", h.Body)
		}
		b.operator.Post(b.Path("/credits/purchases"), obj{"amount": 100}).OK()
		b.operator.Post(b.Path("/credits/transfers"), obj{"from": "company", "to": ada, "amount": 40}).OK()
		if held(ada).Number("credits") != 40 || held(gus).Number("credits") != 0 {
			t.Errorf("with credits: %s and %s", held(ada).Body, held(gus).Body)
		}
		b.leave(ada)
		if h := held(ada); h.At("seat_since") != nil || h.Number("credits") != 40 {
			t.Errorf("after they have left: %s", h.Body)
		}
	})
}

func TestAYearIsPaidByItsAnchorFromTheNextPeriodOn(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		b := bill(t, s, monthly(nil))
		changed := b.plan(obj{"price": 30000, "currency": "USD", "period": "year", "anchor": "2024-02-29"}).OK()
		if changed.Text("period.end") != "2027-05-01T00:00:00Z" || changed.Text("plan.anchor") != "2024-02-29" || changed.Text("plan.period") != "year" {
			t.Errorf("the month that is paid goes on: %s", changed.Body)
		}
		upcoming := b.get("/billing/upcoming")
		if upcoming.Text("period.start") != "2027-05-01T00:00:00Z" || upcoming.Text("period.end") != "2028-02-29T00:00:00Z" {
			t.Errorf("the rest of the year: %s", upcoming.Body)
		}
		b.on("2027-05-01T00:00:02Z")
		if now := b.get("/billing"); now.Text("period.start") != "2027-02-28T00:00:00Z" || now.Text("period.end") != "2028-02-29T00:00:00Z" {
			t.Errorf("in the year: %s", now.Body)
		}
	})
}

// invoices waits until so many are there, and gives them the newest first.
func (b billed) invoices(want int) *servertest.Answer {
	b.t.Helper()
	b.operator.Call("PUT", "/v1/clock", obj{"now": b.s.Clock.Now().Format(time.RFC3339Nano)}).OK() // wakes the runners
	for end := time.Now().Add(30 * time.Second); ; {
		a := b.get("/invoices?limit=200")
		if len(a.List("items")) >= want || time.Now().After(end) {
			if len(a.List("items")) != want {
				b.t.Errorf("%d invoices, want %d: %s", len(a.List("items")), want, a.Body)
			}
			return a
		}
	}
}

func TestAfterADowntimeEveryMissedPeriodIsClosedInOrder(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		b := bill(t, s, monthly(nil))
		ada := b.join("ada", "standard")
		b.on("2027-04-11T00:00:00Z")
		b.leave(ada)
		b.operator.Post(b.Path("/departures"), obj{"members": []string{ada}, "kind": "remove"}).Refused(409, "kind_not_offered")
		b.on("2027-07-03T09:00:00Z") // nobody was there in May and June
		all := b.invoices(4)
		for i, want := range []struct {
			start   string
			total   float64
			carried float64
		}{{"2027-07-01T00:00:00Z", 3000, 0}, {"2027-06-01T00:00:00Z", 3000, 0}, {"2027-05-01T00:00:00Z", 4000, 0}, {"2027-04-01T", 3000, 0}} {
			at := fmt.Sprintf("items.%d.", i)
			if got := all.Text(at + "period.start"); !strings.HasPrefix(got, want.start) || all.Number(at+"total") != want.total || all.Number(at+"number") != float64(4-i) {
				t.Errorf("invoice %d: %v, want %+v", 4-i, all.At(fmt.Sprintf("items.%d", i)), want)
			}
		}
		may := b.get("/invoices/" + all.Text("items.2.id"))
		if may.Number("total") != 4000 || len(may.List("lines")) != 3 || may.Text("lines.0.kind") != "seat_charge" || may.Number("lines.0.amount") != 3000 || may.Number("lines.1.amount") != -2000 {
			t.Errorf("the invoice of May: %s", may.Body)
		}
		if all.At("items.2.lines") != nil {
			t.Errorf("the list has lines: %s", all.Body)
		}
		other := s.Found(t, "cases", "Other", "owner@other.example")
		other.Owner.Get(other.Path("/invoices/"+all.Text("items.2.id"))).Refused(404, "not_found")
		first := b.get("/invoices?limit=3")
		rest := b.get("/invoices?limit=3&cursor=" + first.Text("next_cursor"))
		if len(first.List("items")) != 3 || len(rest.List("items")) != 1 || rest.Number("items.0.number") != 1 || rest.Text("next_cursor") != "" {
			t.Errorf("pages: %s and %s", first.Body, rest.Body)
		}
		if said := verified(t, s); said != "" {
			t.Error(said)
		}
	})
}

func TestCreditThatIsNotUsedUpIsCarriedAndNeverPaidOut(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		b := bill(t, s, monthly(nil))
		members := []string{b.join("ada", "standard"), b.join("ben", "standard"), b.join("cas", "standard")}
		b.on("2027-05-01T00:00:01Z")
		b.invoices(2)
		b.on("2027-05-02T00:00:00Z")
		for _, m := range members {
			b.leave(m)
		}
		left := b.get("/billing").Number("balance")
		if left < 8700 || left > 8710 { // three times thirty of thirty-one days
			t.Errorf("the balance is %v", left)
		}
		if next := b.upcoming(0); next.Number("carried") != left-3000 {
			t.Errorf("the next invoice: %s", next.Body)
		}
		b.on("2027-06-01T00:00:01Z")
		b.invoices(3)
		b.balance(left - 3000)
		if said := verified(t, s); said != "" {
			t.Error(said)
		}
	})
}

func TestTwoNodesCloseAPeriodOnce(t *testing.T) {
	for _, engine := range dbtest.Engines() {
		if engine != dbtest.Postgres {
			continue // nodes share a store of this engine alone
		}
		t.Run(engine, func(t *testing.T) {
			s := servertest.Start(t, engine)
			s.Beside(t)
			b := bill(t, s, monthly(nil))
			b.on("2027-06-15T00:00:00Z")
			b.invoices(3)
			if said := verified(t, s); said != "" {
				t.Error(said)
			}
		})
	}
}

func TestInvitationsReserveSeatsInTheOrderGiven(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		b := bill(t, s, monthly(obj{"seat_limit": 3}))
		order := obj{"emails": []string{"ada@billed.example", "owner@billed.example", "ben@billed.example", "cas@billed.example"}, "role": "standard"}
		preview := b.operator.Post(b.Path("/invitations?preview=true"), order).OK()
		sent := b.operator.Post(b.Path("/invitations"), order).OK()
		for i, want := range []string{"invited", "already_member", "invited", "over_seat_limit"} {
			for _, a := range []*servertest.Answer{preview, sent} {
				if got := a.Text(fmt.Sprintf("results.%d.verdict", i)); got != want {
					t.Errorf("address %d: %s, want %s", i, got, want)
				}
			}
		}
		if got := effect(t, preview, "effects", "seat_charge"); got != 6000 {
			t.Errorf("two who come in now cost %v", got)
		}
		if seats := b.get("/overview"); seats.Number("seats.used") != 1 || seats.Number("seats.reserved") != 2 || seats.Number("seats.limit") != 3 {
			t.Errorf("the overview says %s", seats.Body)
		}
		free := b.operator.Post(b.Path("/invitations"), obj{"emails": []string{"guest@billed.example"}, "role": "guest"}).OK()
		if got := free.Text("results.0.verdict"); got != "invited" {
			t.Errorf("a guest: %s", got)
		}
		guest := s.Accept(t, s.Mailed(t, "guest@billed.example", "/invitation"), "guest@billed.example").Member
		b.operator.Patch(b.Path("/members/"+guest), obj{"role": "standard"}).Refused(409, "seat_limit")
		b.operator.Patch(b.Path("/members/"+guest+"?preview=true"), obj{"role": "standard"}).Refused(409, "seat_limit")
		b.plan(monthly(obj{"seat_limit": 2})).OK() // evicts nobody; ben has no seat reserved any more
		s.Nobody(t).Post("/v1/invitations/accept", obj{"token": s.Mailed(t, "ben@billed.example", "/invitation"), "password": servertest.Password, "first_name": "B", "last_name": "En"}).Refused(409, "seat_limit")
		s.Accept(t, s.Mailed(t, "ada@billed.example", "/invitation"), "ada@billed.example")
		b.operator.Delete(b.Path("/invitations/" + sent.Text("results.2.invitation.id"))).OK()
		b.plan(monthly(obj{"seat_limit": 3})).OK()
		if priced := b.operator.Patch(b.Path("/members/"+guest+"?preview=true"), obj{"role": "standard"}).OK(); effect(t, priced, "effects", "seat_charge") != 3000 {
			t.Errorf("a guest who becomes a user: %s", priced.Body)
		}
		b.operator.Patch(b.Path("/members/"+guest), obj{"role": "standard"}).OK()
		if used := b.get("/billing").Number("seats.used"); used != 3 {
			t.Errorf("%v seats are taken", used)
		}
	})
}

func TestActivationAndUndoAskForASeatAgain(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		b := bill(t, s, monthly(nil))
		ada, ben := b.join("ada", "standard"), b.join("ben", "standard")
		plan, _ := b.leave(ada)
		b.leave(ben)
		b.plan(monthly(obj{"seat_limit": 1})).OK()
		before := b.get("/billing/upcoming")
		b.operator.Post(b.Path("/departures/"+plan.Text("id")+"/undo"), nil).Refused(409, "seat_limit")
		b.operator.Post(b.Path("/members/"+ben+"/activate"), nil).Refused(409, "seat_limit")
		b.operator.Post(b.Path("/members/"+ben+"/activate?preview=true"), nil).Refused(409, "seat_limit")
		if after := b.get("/billing/upcoming"); string(after.Body) != string(before.Body) {
			t.Errorf("what was refused changed %s to %s", before.Body, after.Body)
		}
		if said := verified(t, s); said != "" {
			t.Error(said)
		}
	})
}

// TestSeveralAskForTheirSeatsTogether: one seat is free, and each of two alone
// could have it.
func TestSeveralAskForTheirSeatsTogether(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		b := bill(t, s, monthly(nil))
		members := list{b.join("ada", "standard"), b.join("ben", "standard")}
		plan := b.operator.Post(b.Path("/departures"), obj{"members": members, "kind": "deactivate"}).OK()
		path := b.Path("/departures/" + plan.Text("id"))
		b.operator.Post(path+"/apply", obj{"digest": plan.Text("digest")}).OK()
		carried(t, b.operator, path)
		b.plan(monthly(obj{"seat_limit": 2})).OK() // of which the owner has one
		b.operator.Post(path+"/undo", nil).Refused(409, "seat_limit")
		if still := b.operator.Get(path).OK(); still.Text("state") != "applied" || still.Text("results.0.verdict") != "applied" {
			t.Errorf("%s", still.Body)
		}
		b.plan(monthly(obj{"seat_limit": 3})).OK()
		b.operator.Post(path+"/undo", nil).OK()
		if back := carried(t, b.operator, path); back.Text("results.0.verdict") != "undone" || back.Text("results.1.verdict") != "undone" {
			t.Errorf("%s", back.Body)
		}
	})
}

// TestOf64AcceptancesForTheLastSeatOneSucceeds: on PostgreSQL half of them come
// by another node.
func TestOf64AcceptancesForTheLastSeatOneSucceeds(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		nodes := []*servertest.Server{s, s}
		if strings.HasPrefix(s.Database, "postgres") {
			nodes[1] = s.Beside(t)
		}
		b := bill(t, s, monthly(nil))
		emails := make([]string, 64)
		for i := range emails {
			emails[i] = fmt.Sprintf("p%d@billed.example", i)
		}
		b.operator.Post(b.Path("/invitations"), obj{"emails": emails, "role": "standard"}).OK()
		tokens := make([]string, len(emails))
		for i, e := range emails {
			tokens[i] = s.Mailed(t, e, "/invitation")
		}
		b.plan(monthly(obj{"seat_limit": 2})).OK()
		codes := make([]string, len(emails))
		var all sync.WaitGroup
		for i := range tokens {
			client := nodes[i%2].Nobody(t)
			all.Go(func() {
				a := client.Post("/v1/invitations/accept", obj{"token": tokens[i], "password": servertest.Password, "first_name": "P", "last_name": "Erson"})
				codes[i] = fmt.Sprint(a.Status, a.Text("code"))
			})
		}
		all.Wait()
		counts := map[string]int{}
		for _, c := range codes {
			counts[c]++
		}
		if counts["200"] != 1 || counts["409seat_limit"] != 63 {
			t.Errorf("answers: %v", counts)
		}
		if used := b.get("/billing").Number("seats.used"); used != 2 {
			t.Errorf("%v seats are taken", used)
		}
	})
}

func TestSeatsFollowARoleThatBecomesBillableAndCeasesToBe(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		b := bill(t, s, monthly(obj{"seat_limit": 2}))
		b.join("ada", "guest")
		b.join("ben", "guest")
		b.operator.Patch(b.Path("/roles/guest"), obj{"billable": true}).Refused(409, "seat_limit")
		b.plan(monthly(nil)).OK()
		b.operator.Patch(b.Path("/roles/guest"), obj{"billable": true}).OK()
		if used := b.get("/billing").Number("seats.used"); used != 3 {
			t.Errorf("%v seats are taken", used)
		}
		b.operator.Patch(b.Path("/roles/guest"), obj{"billable": false}).OK()
		if used := b.get("/billing").Number("seats.used"); used != 1 {
			t.Errorf("%v seats are taken", used)
		}
		if said := verified(t, s); said != "" {
			t.Error(said)
		}
	})
}

func TestTheChartOfSeatsStepsWhereTheyChange(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		b := bill(t, s, monthly(nil))
		ada := b.join("ada", "standard")
		b.on("2027-04-11T00:00:00Z")
		b.leave(ada)
		chart := b.get("/billing/seats?since=2027-03-01T00:00:00Z&until=2027-04-12T00:00:00Z")
		var used []float64
		for i := range chart.List("steps") {
			used = append(used, chart.Number(fmt.Sprintf("steps.%d.used", i)))
		}
		if got := fmt.Sprint(used); got != "[0 1 2 1]" && got != "[0 2 1]" { // in one second or two
			t.Errorf("the steps are %s: %s", got, chart.Body)
		}
		b.operator.Get(b.Path("/billing/seats?since=2027-04-12T00:00:00Z&until=2027-04-12T00:00:00Z")).Refused(422, "invalid")
	})
}

func TestAPlanThatCannotBeIsRefusedWithItsField(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		b := bill(t, s, monthly(nil))
		before := b.get("/billing")
		for _, c := range []struct {
			change      obj
			field, code string
		}{
			{obj{"price": -1}, "price", "out_of_range"}, {obj{"price": 100_000_000_001}, "price", "out_of_range"}, {obj{"price": 30.5}, "price", "type"},
			{obj{"currency": "XYZ"}, "currency", "unknown"}, {obj{"currency": "usd"}, "currency", "unknown"}, {obj{"currency": ""}, "currency", "unknown"},
			{obj{"period": "week"}, "period", "not_offered"}, {obj{"anchor": 0}, "anchor", "out_of_range"}, {obj{"anchor": 32}, "anchor", "out_of_range"},
			{obj{"anchor": "2026-02-29"}, "anchor", "out_of_range"}, {obj{"anchor": "2026-04-31"}, "anchor", "out_of_range"}, {obj{"anchor": 30.5}, "anchor", "type"},
			{obj{"seat_limit": -1}, "seat_limit", "out_of_range"}, {obj{"seat_limit": 1_000_001}, "seat_limit", "out_of_range"},
		} {
			a := b.plan(monthly(c.change)).Refused(422, "invalid")
			if a.Text("errors.0.field") != c.field || a.Text("errors.0.code") != c.code {
				t.Errorf("%v: %s", c.change, a.Body)
			}
		}
		b.plan(monthly(obj{"currency": "EUR"})).Refused(409, "currency_fixed")
		b.operator.Call("PUT", b.Path("/billing"), `{"price":1e30,"currency":"USD","period":"month"}`).Refused(422, "invalid")
		b.operator.Call("PUT", b.Path("/billing"), obj{"price": 1}).Refused(422, "invalid")
		b.s.SignIn(t, "owner@billed.example").Call("PUT", b.Path("/billing"), monthly(nil)).Refused(403, "forbidden")
		after := b.get("/billing")
		for _, field := range []string{"plan", "period", "seats", "balance"} {
			if before.At(field) == nil || !reflect.DeepEqual(after.At(field), before.At(field)) {
				t.Errorf("what was refused changed %s to %s", before.Body, after.Body)
			}
		}
	})
}

func TestC2_AdministratorsSayWhoPaysAndNoCardIsKept(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := s.Found(t, "cases", "Billed", "owner@billed.example")
		user := c.Invite("user@billed.example", "standard", nil)
		payer := obj{"company": "Billed BV", "email": "Money@billed.example", "street": "Kade 1\nBus 2", "city": "Gent", "country": "BE", "vat_id": "BE0123456749", "reference": "PO 4711"}
		saved := c.Owner.Call("PUT", c.Path("/billing/payment"), payer).OK()
		if read := c.Owner.Get(c.Path("/billing/payment")).OK(); string(read.Body) != string(saved.Body) || read.Text("street") != "Kade 1\nBus 2" {
			t.Errorf("read %s", read.Body)
		}
		user.Get(c.Path("/billing/payment")).Refused(403, "forbidden")
		user.Call("PUT", c.Path("/billing/payment"), payer).Refused(403, "forbidden")
		user.Get(c.Path("/billing")).Refused(403, "forbidden")
		for field, text := range map[string]string{
			"reference": "4111 1111 1111 1111", "company": "card 5500-0000-0000-0004 please", "street": "x\n378282246310005", "vat_id": "12 4111111111111111", "name": "6011.0000.0000.0004",
		} {
			a := c.Owner.Call("PUT", c.Path("/billing/payment"), obj{field: text}).Refused(422, "invalid")
			if a.Text("errors.0.field") != field || a.Text("errors.0.code") != "card_number" || strings.Contains(string(a.Body), "1111") {
				t.Errorf("%s: %s", field, a.Body)
			}
		}
		for field, text := range map[string]string{"country": "XQ", "email": "nobody", "city": "a\u0000b"} {
			if a := c.Owner.Call("PUT", c.Path("/billing/payment"), obj{field: text}).Refused(422, "invalid"); a.Text("errors.0.field") != field {
				t.Errorf("%s: %s", field, a.Body)
			}
		}
		if read := c.Owner.Get(c.Path("/billing/payment")).OK(); string(read.Body) != string(saved.Body) {
			t.Errorf("what was refused changed it to %s", read.Body)
		}
	})
}

// What seats and invoices say is changed behind the server's back.
func TestVerifyFindsSeatsAndInvoicesThatDoNotAgree(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		b := bill(t, s, monthly(nil))
		b.join("ada", "standard")
		if said := verified(t, s); said != "" {
			t.Error(said)
		}
		for _, c := range []struct{ broken, mended, want string }{
			{`UPDATE invoices SET total = total + 1 WHERE account_id = $1`, `UPDATE invoices SET total = total - 1 WHERE account_id = $1`, "its lines add up to"},
			{`UPDATE billing_lines SET amount = amount + 1 WHERE account_id = $1`, `UPDATE billing_lines SET amount = amount - 1 WHERE account_id = $1`, "its lines add up to"},
			{`UPDATE invoices SET number = 7 WHERE account_id = $1`, `UPDATE invoices SET number = 1 WHERE account_id = $1`, "has the number 7"},
			{`UPDATE seats SET ended_at = began_at WHERE account_id = $1`, `UPDATE seats SET ended_at = NULL WHERE account_id = $1`, "should have a seat and has none"},
		} {
			s.Tamper(t, b.ID, c.broken)
			if said := verified(t, s); !strings.Contains(said, c.want) {
				t.Errorf("after %s verify says %q", c.broken, said)
			}
			s.Tamper(t, b.ID, c.mended)
		}
		if said := verified(t, s); said != "" {
			t.Error(said)
		}
	})
}
