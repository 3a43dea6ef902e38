package server_test

import (
	"fmt"
	"testing"
	"time"

	"tenure/internal/server/servertest"
)

// billed is a company of the preset cases that pays for its seats.
type billed struct {
	*servertest.Company
	s        *servertest.Server
	operator *servertest.Client
	t        *testing.T
}

// bill founds a company on 31 March 2027 and gives it a plan on 1 April.
func bill(t *testing.T, s *servertest.Server, plan servertest.Map) billed {
	t.Helper()
	b := billed{s: s, operator: s.Operator(t), t: t}
	b.on("2027-03-31T12:00:00Z")
	b.Company = s.Found(t, "cases", "Billed", "owner@billed.example")
	b.on("2027-04-01T00:00:00Z")
	b.plan(plan).OK()
	return b
}

// on sets the clock; what follows happens within the next seconds.
func (b billed) on(when string) {
	b.t.Helper()
	at, err := time.Parse(time.RFC3339, when)
	if err != nil {
		b.t.Fatal(err)
	}
	b.s.Clock.Set(at)
}

// monthly is a plan of $30.00 a month from the first.
func monthly(more servertest.Map) servertest.Map {
	plan := servertest.Map{"price": 3000, "currency": "USD", "period": "month", "anchor": 1, "seat_limit": nil}
	for k, v := range more {
		plan[k] = v
	}
	return plan
}

func (b billed) plan(plan servertest.Map) *servertest.Answer {
	b.t.Helper()
	return b.operator.Call("PUT", b.Path("/billing"), plan)
}

func (b billed) get(path string) *servertest.Answer {
	b.t.Helper()
	return b.operator.Get(b.Path(path)).OK()
}

// join lets somebody come in.
func (b billed) join(name, role string) string {
	b.t.Helper()
	email := name + "@billed.example"
	sent := b.operator.Post(b.Path("/invitations"), servertest.Map{"emails": []string{email}, "role": role}).OK()
	if verdict := sent.Text("results.0.verdict"); verdict != "invited" {
		b.t.Fatalf("%s: %s", email, sent.Body)
	}
	return b.s.Accept(b.t, b.s.Mailed(b.t, email, "/invitation"), email).Member
}

// leave plans and applies a deactivation, and gives plan and receipt.
func (b billed) leave(member string) (plan, receipt *servertest.Answer) {
	b.t.Helper()
	plan = b.operator.Post(b.Path("/departures"), servertest.Map{"members": []string{member}, "kind": "deactivate"}).OK()
	receipt = b.operator.Post(b.Path("/departures/"+plan.Text("id")+"/apply"), servertest.Map{"digest": plan.Text("digest")}).OK()
	return plan, receipt
}

// effect gives the amount of the one effect of the kind at a path of an answer.
func effect(t *testing.T, a *servertest.Answer, path, kind string) float64 {
	t.Helper()
	for i := range a.List(path) {
		if at := fmt.Sprintf("%s.%d.", path, i); a.Text(at+"kind") == kind {
			if a.Text(at+"currency") != "USD" || a.Text(at+"formula") == "" || a.Text(at+"detail") == "" || a.Number(at+"share.period_seconds") != 30*86400 {
				t.Errorf("%s says %s", kind, a.Body)
			}
			return a.Number(at + "amount")
		}
	}
	t.Errorf("no %s in %s", kind, a.Body)
	return 0
}

func (b billed) balance(want float64) {
	b.t.Helper()
	if got := b.get("/billing").Number("balance"); got != want {
		b.t.Errorf("the balance is %v, want %v", got, want)
	}
}

func (b billed) upcoming(want float64) *servertest.Answer {
	b.t.Helper()
	a := b.get("/billing/upcoming")
	if got := a.Number("total"); got != want {
		b.t.Errorf("the next invoice comes to %v, want %v: %s", got, want, a.Body)
	}
	return a
}

func TestC7_LeavingCreditsTheUnusedTimeOfTheSeatAndRefundsNothing(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		b := bill(t, s, monthly(nil))
		ada, ben := b.join("ada", "standard"), b.join("ben", "limited")
		if used := b.get("/billing").Number("seats.used"); used != 3 {
			t.Errorf("%v seats are taken", used)
		}
		b.upcoming(3*3000 + 2*3000) // two came after the invoice of April

		b.on("2027-04-11T00:00:00Z")
		plan, receipt := b.leave(ada)
		if got := effect(t, plan, "effects", "seat_credit"); got != 2000 {
			t.Errorf("the plan credits %v", got)
		}
		if got := effect(t, receipt, "members.0.effects", "seat_credit"); got != 2000 {
			t.Errorf("the receipt says %v", got)
		}
		b.balance(2000)
		b.on("2027-04-16T12:00:00Z")
		if _, receipt := b.leave(ben); effect(t, receipt, "members.0.effects", "seat_credit") != 1450 {
			t.Errorf("on the sixteenth at noon: %s", receipt.Body)
		}
		b.balance(3450)
		b.upcoming(1*3000 + 2*3000 - 3450)
		if invoices := b.get("/invoices").List("items"); len(invoices) != 1 {
			t.Errorf("a refund? %v", invoices)
		}
	})
}

func TestC8_ReactivationIsPricedBeforeAndBookedAfter(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		b := bill(t, s, monthly(nil))
		ada := b.join("ada", "standard")
		b.on("2027-04-11T00:00:00Z")
		before := b.get("/billing/upcoming").Number("total")
		b.leave(ada)
		preview := b.operator.Post(b.Path("/members/"+ada+"/activate?preview=true"), nil).OK()
		if got := effect(t, preview, "effects", "seat_charge"); got != 2000 || preview.Text("status") != "inactive" {
			t.Errorf("the preview says %s", preview.Body)
		}
		b.balance(2000)
		if back := b.operator.Post(b.Path("/members/"+ada+"/activate"), nil).OK(); effect(t, back, "effects", "seat_charge") != 2000 {
			t.Errorf("coming back says %s", back.Body)
		}
		b.balance(0)
		b.upcoming(before)

		b.leave(ada)
		b.on("2027-04-16T12:00:00Z")
		b.operator.Post(b.Path("/members/"+ada+"/activate"), nil).OK()
		b.balance(550) // the charge uses up the credit first
		b.upcoming(before - 550)
	})
}

// TestBillingSaysWhenItWasTold: how far a period is must not hang on the clock
// of whoever looks.
func TestBillingSaysWhenItWasTold(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		s.Clock.Set(time.Date(2027, 4, 11, 0, 0, 0, 0, time.UTC))
		c := s.Found(t, "cases", "Told", "owner@told.example")
		b := billed{Company: c, s: s, operator: s.Operator(t), t: t}
		told := func() (*servertest.Answer, time.Time) {
			a := b.get("/billing")
			at, err := time.Parse(time.RFC3339, a.Text("now"))
			if err != nil || at.Before(time.Date(2027, 4, 11, 0, 0, 0, 0, time.UTC)) || at.After(s.Clock.Now()) {
				t.Errorf("%v: %s", err, a.Body)
			}
			return a, at
		}
		told() // also without a plan
		b.plan(monthly(nil)).OK()
		before, at := told()
		s.Clock.Set(s.Clock.Now().Add(time.Second))
		if after, then := told(); !then.After(at) || after.Header.Get("ETag") != before.Header.Get("ETag") {
			t.Errorf("%v and %v: %s", at, then, after.Body)
		}
	})
}

func TestF5_BillingEndsAtTheInstantOfTheSuspensionAndIsNotCreditedTwice(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		b := bill(t, s, monthly(nil))
		ada := b.join("ada", "standard")
		b.on("2027-04-11T00:00:00Z")
		suspended := b.operator.Post(b.Path("/members/"+ada+"/suspend"), nil).OK()
		b.balance(2000)
		if used := b.get("/billing").Number("seats.used"); used != 1 {
			t.Errorf("%v seats are taken", used)
		}
		if got := effect(t, suspended, "departure.effects", "seat_credit"); got != 2000 {
			t.Errorf("what is still to settle says %v", got)
		}

		b.on("2027-04-16T12:00:00Z")
		plan := b.operator.Get(b.Path("/departures/" + suspended.Text("departure.id"))).OK()
		receipt := b.operator.Post(b.Path("/departures/"+plan.Text("id")+"/apply"), servertest.Map{"digest": plan.Text("digest")}).OK()
		if got := effect(t, receipt, "members.0.effects", "seat_credit"); got != 2000 {
			t.Errorf("the receipt says %v", got)
		}
		b.balance(2000)
		undone := b.operator.Post(b.Path("/departures/"+plan.Text("id")+"/undo"), nil).OK()
		if got := effect(t, undone, "effects", "seat_charge"); got != 1450 {
			t.Errorf("undo charges %v", got)
		}
		b.balance(550)
	})
}
