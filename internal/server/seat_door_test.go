package server_test

import (
	"fmt"
	"testing"

	"tenure/internal/server/servertest"
)

// verdicts gives the verdicts of an answer about many.
func verdicts(a *servertest.Answer) (all []string) {
	for i := range a.List("results") {
		all = append(all, a.Text(fmt.Sprintf("results.%d.verdict", i)))
	}
	return all
}

func TestAddingSomebodyIsPricedBeforeAndAddsNobody(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		b := bill(t, s, monthly(obj{"seat_limit": 2}))
		who := obj{"first_name": "Ada", "last_name": "Dahl", "email": "ada@billed.example", "role": "standard", "active": true}
		with := func(field string, v any) obj {
			other := obj{field: v}
			for k, v := range who {
				if k != field {
					other[k] = v
				}
			}
			return other
		}
		add, asked := b.Path("/members"), b.Path("/members?preview=true")
		before := b.get("/members")
		preview := b.operator.Post(asked, who).OK()
		if preview.Status != 200 || preview.Text("role") != "standard" || effect(t, preview, "effects", "seat_charge") != 3000 || preview.Number("effects.0.count") != 1 {
			t.Errorf("%d %s", preview.Status, preview.Body)
		}
		for field, v := range map[string]any{"role": "guest", "active": false} {
			if free := b.operator.Post(asked, with(field, v)).OK(); len(free.List("effects")) != 0 {
				t.Errorf("%s %v: %s", field, v, free.Body)
			}
		}
		b.operator.Post(asked, with("email", "owner@billed.example")).Refused(409, "email_taken")
		if after := b.get("/members"); string(after.Body) != string(before.Body) {
			t.Errorf("a preview changed %s to %s", before.Body, after.Body)
		}
		b.operator.Post(b.Path("/invitations"), obj{"emails": []string{"ada@billed.example"}, "role": "standard"}).OK()
		other := with("email", "ben@billed.example")
		b.operator.Post(asked, other).Refused(409, "seat_limit")
		b.operator.Post(add, other).Refused(409, "seat_limit")
		b.operator.Post(asked, who).OK() // the seat that her invitation has reserved becomes hers
		b.operator.Post(add, who).OK()
		if seats := b.get("/overview"); seats.Number("seats.reserved") != 1 {
			t.Errorf("the overview says %s", seats.Body)
		}
	})
}

func TestChangingManyIsPricedBeforeAndChangesNobody(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		b := bill(t, s, monthly(obj{"seat_limit": 3}))
		guests := []string{b.join("ada", "guest"), b.join("ben", "guest"), b.join("cas", "guest")}
		path, order := b.Path("/members"), obj{"members": append(guests, guests[0], "mem_missing"), "role": "standard"}
		want := []string{"changed", "changed", "seat_limit", "unchanged", "not_found"}
		preview := b.operator.Patch(path+"?preview=true", order).OK()
		if fmt.Sprint(verdicts(preview)) != fmt.Sprint(want) || len(preview.List("effects")) != 2 || effect(t, preview, "effects", "seat_charge") != 3000 {
			t.Errorf("%s", preview.Body)
		}
		if used := b.get("/billing").Number("seats.used"); used != 1 {
			t.Errorf("the preview took a seat: %v", used)
		}
		if done := b.operator.Patch(path, order).OK(); fmt.Sprint(verdicts(done)) != fmt.Sprint(want) || done.At("effects") != nil {
			t.Errorf("%s", done.Body)
		}
		back := b.operator.Patch(path+"?preview=true", obj{"members": guests, "role": "guest"}).OK()
		if fmt.Sprint(verdicts(back)) != "[changed changed unchanged]" || effect(t, back, "effects", "seat_credit") != 3000 {
			t.Errorf("%s", back.Body)
		}
		b.operator.Patch(b.Path("/members/"+guests[0]), obj{"role": "admin"}).OK()
		owners := obj{"members": []string{guests[0], b.Owner.Member}, "role": "limited"}
		for _, query := range []string{"?preview=true", ""} {
			if down := b.operator.Patch(path+query, owners).OK(); fmt.Sprint(verdicts(down)) != "[changed last_owner]" {
				t.Errorf("%s: %s", query, down.Body)
			}
		}
	})
}

// TestAWelcomeWhoseTimeIsOverAsksForASeatAgain: it has given its own away.
func TestAWelcomeWhoseTimeIsOverAsksForASeatAgain(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		b := bill(t, s, monthly(obj{"seat_limit": 2}))
		added := b.operator.Post(b.Path("/members"), obj{"first_name": "Ada", "last_name": "Dahl", "email": "ada@billed.example", "role": "standard", "active": true}).OK()
		welcome := b.Path("/members/" + added.Text("id") + "/welcome")
		b.operator.Post(welcome, nil).OK() // it waits still: it has its seat
		b.on("2027-05-02T00:00:00Z")
		newer := b.operator.Post(b.Path("/invitations"), obj{"emails": []string{"ben@billed.example"}, "role": "standard"}).OK()
		if got := verdicts(newer); got[0] != "invited" {
			t.Fatalf("%s", newer.Body)
		}
		b.operator.Post(welcome, nil).Refused(409, "seat_limit")
		s.Accept(t, s.Mailed(t, "ben@billed.example", "/invitation"), "ben@billed.example")
		b.plan(monthly(obj{"seat_limit": 3})).OK()
		b.operator.Post(welcome, nil).OK()
	})
}

// TestAWelcomeReservesASeatByTheRoleOfThePlace: it follows the place, which may
// change before the person has come in.
func TestAWelcomeReservesASeatByTheRoleOfThePlace(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		b := bill(t, s, monthly(obj{"seat_limit": 2}))
		added := b.operator.Post(b.Path("/members"), obj{"first_name": "Ada", "last_name": "Dahl", "email": "ada@billed.example", "role": "guest", "active": true}).OK()
		for _, step := range []struct {
			role     string
			reserved float64
		}{{"guest", 0}, {"standard", 1}, {"limited", 1}, {"guest", 0}} {
			b.operator.Patch(b.Path("/members/"+added.Text("id")), obj{"role": step.role}).OK()
			if got := b.get("/overview").Number("seats.reserved"); got != step.reserved {
				t.Errorf("as %s: %v seats are reserved", step.role, got)
			}
			if got := b.get("/invitations?status=pending").Text("items.0.role"); got != step.role {
				t.Errorf("the invitation of a %s is for a %s", step.role, got)
			}
		}
	})
}

// TestANewOwnerIsOfferedWhatThereIsASeatFor: who raises the limit is the operator,
// who makes the offer.
func TestANewOwnerIsOfferedWhatThereIsASeatFor(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		b := bill(t, s, monthly(obj{"seat_limit": 1}))
		owners, offer := b.Path("/owners"), obj{"email": "ada@billed.example", "reason": "The only one has died"}
		refused := b.operator.Post(owners, offer).Refused(409, "seat_limit")
		if refused.Text("blockers.0.resolve.1") != "raise_the_limit" {
			t.Errorf("%s", refused.Body)
		}
		if waiting := b.get("/invitations?status=pending").List("items"); len(waiting) != 0 {
			t.Errorf("invitations: %v", waiting)
		}
		b.plan(monthly(obj{"seat_limit": 2})).OK()
		b.operator.Post(owners, offer).OK()
		s.Accept(t, s.Mailed(t, "ada@billed.example", "/invitation"), "ada@billed.example")
		if seats := b.get("/billing"); seats.Number("seats.used") != 2 {
			t.Errorf("%s", seats.Body)
		}
	})
}
