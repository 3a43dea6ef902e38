package server_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"tenure/internal/db/dbtest"
	"tenure/internal/server/servertest"
)

// vendor is a company of preset credits that has bought some.
func vendor(t *testing.T, s *servertest.Server, name string, bought int) *servertest.Company {
	t.Helper()
	c := s.Found(t, "credits", name, "owner@"+name+".example")
	if bought > 0 {
		s.Operator(t).Post(c.Path("/credits/purchases"), obj{"amount": bought}).OK()
	}
	return c
}

// give moves credits from the company to a member.
func give(c *servertest.Company, member string, amount int) {
	c.Owner.Post(c.Path("/credits/transfers"), obj{"from": "company", "to": member, "amount": amount}).OK()
}

// joined adds somebody the way the preset does, and lets them come in.
func joined(t *testing.T, s *servertest.Server, c *servertest.Company, email string) *servertest.Person {
	t.Helper()
	c.Owner.Post(c.Path("/members"), obj{"first_name": "Uma", "last_name": "User", "email": email, "active": true}).OK()
	return s.Accept(t, s.Mailed(t, email, "/invitation"), email)
}

// holds checks where the credits of a company are: in the company, spent, and
// with each member by turns.
func holds(t *testing.T, c *servertest.Company, company, spent float64, members ...any) {
	t.Helper()
	now := c.Owner.Get(c.Path("/credits")).OK()
	held := map[string]float64{}
	for _, m := range now.List("members") {
		held[m.(obj)["member"].(string)] = m.(obj)["balance"].(float64)
	}
	sum := company + spent
	for i := 0; i < len(members); i += 2 {
		want := float64(members[i+1].(int))
		if got := held[members[i].(string)]; got != want {
			t.Errorf("%s holds %v, want %v", members[i], got, want)
		}
		sum += want
	}
	if now.Number("company") != company || now.Number("spent") != spent || now.Number("purchased") != sum {
		t.Errorf("%s, want company %v, spent %v, purchased %v", now.Body, company, spent, sum)
	}
}

// depart plans a departure and applies it.
func depart(c *servertest.Company, member, kind string, decisions obj) *servertest.Answer {
	order := obj{"members": list{member}, "kind": kind}
	if decisions != nil {
		order["decisions"] = decisions
	}
	plan := c.Owner.Post(c.Path("/departures"), order).OK()
	return c.Owner.Post(c.Path("/departures/"+plan.Text("id")+"/apply"), obj{"digest": plan.Text("digest")})
}

func TestP4_CreditsAreAssignedOnlyToWhoWasAdded(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := vendor(t, s, "p4", 100)
		added := c.Owner.Post(c.Path("/members"), obj{"first_name": "Ada", "last_name": "Added", "email": "ada@p4.example", "active": true}).OK().Text("id")
		give(c, added, 30) // before she has come in
		silent := c.Owner.Post(c.Path("/members"), obj{"first_name": "Sil", "last_name": "Ent", "email": "sil@p4.example", "active": false}).OK().Text("id")
		transfer := func(to string) *servertest.Answer {
			return c.Owner.Post(c.Path("/credits/transfers"), obj{"from": "company", "to": to, "amount": 1})
		}
		if asleep := transfer(silent).Refused(409, "member_inactive"); asleep.Text("errors.0.field") != "to" || asleep.Text("errors.0.code") != "member_inactive" {
			t.Errorf("%s", asleep.Body)
		}
		other := vendor(t, s, "p4-other", 10)
		foreign, missing := transfer(other.Owner.Member), transfer("mem_00000000000000000000000000")
		foreign.Refused(404, "not_found")
		if string(foreign.Body) == "" || foreign.Status != missing.Status || foreign.Text("detail") != missing.Text("detail") || foreign.Text("errors.0.field") != "to" {
			t.Errorf("%s and %s", foreign.Body, missing.Body)
		}
		invited := c.Owner.Post(c.Path("/invitations"), obj{"emails": list{"ida@p4.example"}}).OK()
		transfer(invited.Text("results.0.invitation.id")).Refused(422, "invalid") // an invitation is no place yet
		holds(t, c, 70, 0, added, 30)
		ada := s.Accept(t, s.Mailed(t, "ada@p4.example", "/invitation"), "ada@p4.example")
		if a := ada.Post(c.Path("/records/r1/download"), nil).OK(); a.Number("charged") != 1 || a.Text("downloaded_by") != added {
			t.Errorf("%s", a.Body)
		}
		holds(t, c, 70, 1, added, 29)
		wantsWhole(t, s)
	})
}

func TestP7_UnusedCreditsKeepSomebodyFromBeingDeactivated(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := vendor(t, s, "p7", 100)
		jo := joined(t, s, c, "jo@p7.example")
		give(c, jo.Member, 40)
		refused := depart(c, jo.Member, "deactivate", nil).Refused(409, "blocked")
		if refused.Text("blockers.0.code") != "unused_credits" || !strings.Contains(refused.Text("blockers.0.detail"), "40 unused credits") || refused.Number("blockers.0.count") != 40 || len(refused.List("blockers.0.resolve")) != 2 {
			t.Errorf("%s", refused.Body)
		}
		jo.Get("/v1/session").OK()
		plan := c.Owner.Post(c.Path("/departures"), obj{"members": list{jo.Member}, "kind": "deactivate"}).OK()
		path := c.Path("/departures/" + plan.Text("id"))
		decided := c.Owner.Patch(path, obj{"decisions": obj{"credits": obj{"to": "company"}}}).OK()
		effect := decided.At("effects").([]any)
		if len(decided.List("blockers")) != 0 || !strings.Contains(fmt.Sprint(effect), "credits_moved") || decided.Text("decisions.credits.to") != "company" {
			t.Errorf("%s", decided.Body)
		}
		give(c, jo.Member, 2)
		changed := c.Owner.Post(path+"/apply", obj{"digest": decided.Text("digest")}).Refused(409, "plan_changed")
		receipt := c.Owner.Post(path+"/apply", obj{"digest": changed.Text("plan.digest")}).OK()
		if !strings.Contains(string(receipt.Body), `"detail":"42 credits move to the company."`) {
			t.Errorf("%s", receipt.Body)
		}
		jo.Get("/v1/session").Refused(401, "unauthenticated")
		holds(t, c, 100, 0, jo.Member, 0)
		wantsWhole(t, s)
	})
}

func TestP8_CreditsMoveBetweenCompanyAndUsers(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := vendor(t, s, "p8", 100)
		jo, al := joined(t, s, c, "jo@p8.example"), joined(t, s, c, "al@p8.example")
		move := func(from, to string, amount int) *servertest.Answer {
			return c.Owner.Post(c.Path("/credits/transfers"), obj{"from": from, "to": to, "amount": amount})
		}
		if made := move("company", jo.Member, 40).OK(); made.Status != 201 || made.Text("kind") != "transfer" || made.Number("from_balance") != 60 || made.Number("to_balance") != 40 {
			t.Errorf("%s", made.Body)
		}
		if nobody := move("mem_00000000000000000000000000", al.Member, 15).Refused(404, "not_found"); nobody.Text("errors.0.field") != "from" {
			t.Errorf("%s", nobody.Body)
		}
		move(jo.Member, al.Member, 15).OK()
		move(al.Member, "company", 5).OK()
		holds(t, c, 65, 0, jo.Member, 25, al.Member, 10)
		if poor := move(jo.Member, al.Member, 26).Refused(409, "insufficient_credits"); poor.Number("balance") != 25 {
			t.Errorf("%s", poor.Body)
		}
		jo.Post(c.Path("/credits/transfers"), obj{"from": al.Member, "to": jo.Member, "amount": 1}).Refused(403, "forbidden")
		move(jo.Member, "company", 25).OK()
		depart(c, jo.Member, "deactivate", nil).OK() // with nothing left
		move("company", jo.Member, 1).Refused(409, "member_inactive")
		holds(t, c, 90, 0, jo.Member, 0, al.Member, 10)
		entries := c.Owner.Get(c.Path("/credits/entries?limit=3")).OK()
		sum, seen := map[string]float64{}, 0
		for page := entries; ; page = c.Owner.Get(c.Path("/credits/entries?limit=3&cursor=" + page.Text("next_cursor"))).OK() {
			for _, e := range page.List("items") {
				sum[e.(obj)["transaction"].(string)] += e.(obj)["amount"].(float64)
				seen++
			}
			if page.At("next_cursor") == nil {
				break
			}
		}
		for transaction, n := range sum {
			if n != 0 {
				t.Errorf("%s adds up to %v", transaction, n)
			}
		}
		if seen != 10 || len(sum) != 5 {
			t.Errorf("%d entries of %d transactions, want 10 of 5", seen, len(sum))
		}
		if first := entries.At("items.0").(obj); first["wallet_name"] != "Nora New" || first["amount"] != -25.0 || first["other"] != "company" || first["by"].(obj)["id"] != c.Owner.Member {
			t.Errorf("%v", first)
		}
		wantsWhole(t, s)
	})
}

func TestP9_HistoryAndRecordsStayAfterADeactivation(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := vendor(t, s, "p9", 100)
		jo, al := joined(t, s, c, "jo@p9.example"), joined(t, s, c, "al@p9.example")
		give(c, jo.Member, 10)
		for _, record := range []string{"a", "b", "c"} {
			jo.Post(c.Path("/records/"+record+"/download"), nil).OK()
		}
		depart(c, jo.Member, "deactivate", obj{"credits": obj{"to": al.Member}}).OK()
		for _, record := range []string{"a", "b", "c"} {
			seen := al.Get(c.Path("/records/" + record + "/download")).OK()
			if seen.At("masked") != false || seen.Text("downloaded_by") != jo.Member || seen.Text("downloaded_by_name") != "Nora New" {
				t.Errorf("%s", seen.Body)
			}
			if again := al.Post(c.Path("/records/"+record+"/download"), nil).OK(); again.Number("charged") != 0 || again.Text("downloaded_by") != jo.Member {
				t.Errorf("%s", again.Body)
			}
		}
		history := c.Owner.Get(c.Path("/downloads?member=" + jo.Member)).OK()
		ledger := c.Owner.Get(c.Path("/credits/entries?member=" + jo.Member)).OK()
		if len(history.List("items")) != 3 || len(ledger.List("items")) != 5 || history.Text("items.0.member_name") != "Nora New" {
			t.Errorf("%s\n%s", history.Body, ledger.Body)
		}
		holds(t, c, 90, 3, jo.Member, 0, al.Member, 7)
		wantsWhole(t, s)
	})
}

func TestP10_OnlyWhoNeverUsedACreditIsDeleted(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := vendor(t, s, "p10", 100)
		jo, al := joined(t, s, c, "jo@p10.example"), joined(t, s, c, "al@p10.example")
		give(c, jo.Member, 10)
		give(c, al.Member, 10)
		jo.Post(c.Path("/records/r/download"), nil).OK()
		refused := depart(c, jo.Member, "delete", obj{"credits": obj{"to": "company"}}).Refused(409, "blocked")
		if refused.Text("blockers.0.code") != "credits_used" || refused.Text("blockers.0.resolve.0") != "deactivate" {
			t.Errorf("%s", refused.Body)
		}
		al.Post(c.Path("/records/r/download"), nil).OK() // free, and so no use of a credit
		if refused := depart(c, al.Member, "delete", nil).Refused(409, "blocked"); refused.Text("blockers.0.code") != "unused_credits" {
			t.Errorf("%s", refused.Body)
		}
		depart(c, al.Member, "delete", obj{"credits": obj{"to": "company"}}).OK()
		past := c.Owner.Get(c.Path("/downloads?member=" + al.Member)).OK()
		if past.Text("items.0.member_name") != "" {
			t.Errorf("%s", past.Body)
		}
		c.Owner.Post(c.Path("/members"), obj{"first_name": "Al", "last_name": "Again", "email": "al@p10.example", "active": true}).OK() // the address is free again
		depart(c, jo.Member, "deactivate", obj{"credits": obj{"to": "company"}}).OK()
		holds(t, c, 99, 1, jo.Member, 0)
		wantsWhole(t, s)
	})
}

func TestP12_ARecordIsMaskedUntilSomebodyPaysForItOnce(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := vendor(t, s, "p12", 100)
		jo, al := joined(t, s, c, "jo@p12.example"), joined(t, s, c, "al@p12.example")
		give(c, jo.Member, 10)
		if r := al.Get(c.Path("/records/lead%207%2FB/download")).OK(); r.At("masked") != true || r.Number("price") != 1 || r.At("downloaded_by") != nil {
			t.Errorf("%s", r.Body)
		}
		al.Post(c.Path("/records/lead%207%2FB/download"), nil).Refused(409, "insufficient_credits")
		if r := al.Get(c.Path("/records/lead%207%2FB/download")).OK(); r.At("masked") != true {
			t.Errorf("%s", r.Body)
		}
		if d := jo.Post(c.Path("/records/lead%207%2FB/download"), obj{}).OK(); d.Number("charged") != 1 || d.Text("downloaded_by") != jo.Member || d.Text("record") != "lead 7/B" {
			t.Errorf("%s", d.Body)
		}
		for _, who := range []*servertest.Person{al, jo, c.Owner} {
			if d := who.Post(c.Path("/records/lead%207%2FB/download"), nil).OK(); d.Number("charged") != 0 || d.Text("downloaded_by") != jo.Member {
				t.Errorf("%s", d.Body)
			}
		}
		holds(t, c, 90, 1, jo.Member, 9)
		records := al.Get(c.Path("/records?masked=false")).OK()
		if len(records.List("items")) != 1 || records.Text("items.0.id") != "lead 7/B" {
			t.Errorf("%s", records.Body)
		}
		if past := c.Owner.Get(c.Path("/downloads?record=lead+7/B")).OK(); len(past.List("items")) != 3 {
			t.Errorf("%s", past.Body) // each of them once, however often they asked
		}
		wantsWhole(t, s)
	})
}

// Two nodes, where the store can be shared: many ask for the same record at the
// same time, each from a wallet of their own.
func TestOneOfManyPaysForARecord(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := vendor(t, s, "once", 1000)
		nodes := []*servertest.Server{s}
		if s.Parts().DB.Engine() == dbtest.Postgres {
			nodes = append(nodes, s.Beside(t))
		}
		var people []*servertest.Person
		for i := range 4 {
			p := joined(t, s, c, fmt.Sprintf("u%d@once.example", i))
			give(c, p.Member, 100)
			people = append(people, p)
		}
		for round := range 5 {
			var all sync.WaitGroup
			charged := make([]float64, len(people))
			for i, p := range people {
				all.Go(func() {
					charged[i] = p.At(nodes[i%len(nodes)].URL).Post(c.Path(fmt.Sprintf("/records/r%d/download", round)), nil).OK().Number("charged")
				})
			}
			all.Wait()
			if sum := charged[0] + charged[1] + charged[2] + charged[3]; sum != 1 {
				t.Errorf("round %d: %v were charged, want one of them", round, charged)
			}
		}
		if now := c.Owner.Get(c.Path("/credits")).OK(); now.Number("spent") != 5 {
			t.Errorf("%s", now.Body)
		}
		wantsWhole(t, s)
	})
}

func TestCreditsAreRefusedByField(t *testing.T) {
	s := servertest.Start(t, "sqlite")
	c := vendor(t, s, "fields", 100)
	jo := joined(t, s, c, "jo@fields.example")
	key, _ := keyOf(t, s, c, c.Owner, "credits.manage", "credits.spend")
	o, transfers, purchases := c.Owner.Client, c.Path("/credits/transfers"), c.Path("/credits/purchases")
	for _, x := range []struct {
		by          *servertest.Client
		method      string
		path        string
		body        any
		field, code string
	}{
		{o, "POST", transfers, obj{"from": "company", "to": jo.Member, "amount": 0}, "amount", "out_of_range"},
		{o, "POST", transfers, obj{"from": "company", "to": jo.Member, "amount": -1}, "amount", "out_of_range"},
		{o, "POST", transfers, obj{"from": "company", "to": jo.Member, "amount": 1.5}, "amount", ""},
		{o, "POST", transfers, obj{"from": "company", "to": jo.Member, "amount": "5"}, "amount", ""},
		{o, "POST", transfers, `{"from":"company","to":"` + jo.Member + `","amount":9223372036854775808}`, "amount", ""},
		{o, "POST", transfers, `{"from":"company","to":"` + jo.Member + `","amount":1e30}`, "amount", ""},
		{o, "POST", transfers, obj{"from": "company", "to": jo.Member, "amount": int64(1e15) + 1}, "amount", "out_of_range"},
		{o, "POST", transfers, obj{"from": "company", "to": jo.Member}, "amount", "required"},
		{o, "POST", transfers, obj{"from": jo.Member, "to": jo.Member, "amount": 1}, "to", "same"},
		{o, "POST", transfers, obj{"from": "company", "to": "company", "amount": 1}, "to", "same"},
		{o, "POST", transfers, obj{"from": "purchased", "to": jo.Member, "amount": 1}, "from", "unknown"},
		{o, "POST", transfers, obj{"from": jo.Member, "to": "spent", "amount": 1}, "to", "unknown"},
		{o, "POST", transfers, obj{"from": "company", "to": c.ID, "amount": 1}, "to", "unknown"},
		{s.Operator(t), "POST", purchases, obj{"amount": 0}, "amount", "out_of_range"},
		{s.Operator(t), "POST", purchases, obj{"amount": int64(1e15) - 50}, "amount", "out_of_range"}, // together with those it has
		{s.Operator(t), "POST", purchases, obj{"amount": 1, "note": "a\nb"}, "note", "control_character"},
		{key, "PUT", c.Path("/credits/price"), obj{"price": -1}, "price", "out_of_range"},
		{key, "PUT", c.Path("/records/r/price"), obj{"price": int64(1e15) + 1}, "price", "out_of_range"},
		{key, "PUT", c.Path("/records/r/price"), obj{}, "price", "required"},
		{key, "POST", c.Path("/records/r/download"), obj{"cost": -1}, "cost", "out_of_range"},
		{key, "POST", c.Path("/records/r/download"), obj{"member": "somebody"}, "member", "malformed"},
		{s.Operator(t), "POST", c.Path("/records/r/download"), obj{}, "member", "required"},
		{o, "GET", c.Path("/credits/entries?wallet=company&member=" + jo.Member), nil, "wallet", "exclusive"},
		{o, "GET", c.Path("/credits/entries?since=2026-02-01T00:00:00Z&until=2026-01-01T00:00:00Z"), nil, "until", "out_of_range"},
		{o, "GET", c.Path("/credits/entries?limit=201"), nil, "limit", ""},
		{o, "GET", c.Path("/credits/entries?cursor=x"), nil, "cursor", "malformed"},
		{o, "GET", c.Path("/credits?cursor=x"), nil, "cursor", "malformed"},
		{o, "GET", c.Path("/records?masked=perhaps"), nil, "masked", ""},
		{o, "POST", c.Path("/departures"), obj{"members": list{jo.Member}, "kind": "deactivate", "decisions": obj{"credits": obj{"to": "charity"}}}, "decisions.credits", "malformed"},
	} {
		a := x.by.Call(x.method, x.path, x.body)
		if a.Status != 422 || a.Text("code") != "invalid" || a.Text("errors.0.field") != x.field || x.code != "" && a.Text("errors.0.code") != x.code {
			t.Errorf("%s %s %v: %d %s, want %s of field %s", x.method, x.path, x.body, a.Status, a.Body, x.code, x.field)
		}
	}
	o.Post(c.Path("/records/%20r/download"), nil).Refused(404, "not_found") // no way to write a name
	holds(t, c, 100, 0)
}

// The same transfer under one key is one; another body under it is refused.
func TestATransferIsOnceUnderAKey(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := vendor(t, s, "idem", 100)
		jo := joined(t, s, c, "jo@idem.example")
		with := c.Owner.With("Idempotency-Key", "transfer-1")
		body := obj{"from": "company", "to": jo.Member, "amount": 7}
		var all sync.WaitGroup
		ids := make([]string, 8)
		for i := range ids {
			all.Go(func() { ids[i] = with.Post(c.Path("/credits/transfers"), body).OK().Text("id") })
		}
		all.Wait()
		for _, id := range ids {
			if id != ids[0] || id == "" {
				t.Errorf("%v", ids)
			}
		}
		with.Post(c.Path("/credits/transfers"), obj{"from": "company", "to": jo.Member, "amount": 8}).Refused(422, "idempotency_mismatch")
		holds(t, c, 93, 0, jo.Member, 7)
	})
}

// Prices are the host app's and the operator's; a person pays them.
func TestPricesAreStoredAndOnlyTheHostAppNamesAnother(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := vendor(t, s, "price", 1000)
		jo := joined(t, s, c, "jo@price.example")
		give(c, jo.Member, 100)
		key, _ := keyOf(t, s, c, c.Owner, "credits.manage", "credits.spend")
		c.Owner.Put(c.Path("/credits/price"), obj{"price": 0}).Refused(403, "forbidden")
		c.Owner.Put(c.Path("/records/a/price"), obj{"price": 0}).Refused(403, "forbidden")
		key.Put(c.Path("/credits/price"), obj{"price": 3}).OK()
		key.Put(c.Path("/records/a/price"), obj{"price": 20}).OK()
		s.Operator(t).Put(c.Path("/records/gift/price"), obj{"price": 0}).OK()
		jo.Post(c.Path("/records/a/download"), obj{"cost": 1}).Refused(403, "forbidden")
		jo.Post(c.Path("/records/a/download"), obj{"member": c.Owner.Member}).Refused(403, "forbidden")
		charged := func(by *servertest.Client, record string, body any, want float64) {
			t.Helper()
			if d := by.Post(c.Path("/records/"+record+"/download"), body).OK(); d.Number("charged") != want || d.Text("downloaded_by") != jo.Member {
				t.Errorf("%s: %s, want %v", record, d.Body, want)
			}
		}
		charged(jo.Client, "a", nil, 20)
		charged(jo.Client, "b", obj{"member": jo.Member}, 3)
		charged(jo.Client, "gift", nil, 0)
		charged(key, "c", obj{"cost": 5, "member": jo.Member}, 5)
		charged(s.Operator(t), "d", obj{"cost": 0, "member": jo.Member}, 0)
		if r := jo.Get(c.Path("/records/a/download")).OK(); r.Number("price") != 20 || r.Number("own_price") != 20 || r.Number("charged") != 20 {
			t.Errorf("%s", r.Body)
		}
		key.Put(c.Path("/records/a/price"), obj{"price": nil}).OK()
		if mine := jo.Get(c.Path("/credits")).OK(); mine.At("company") != nil || mine.Number("price") != 3 || len(mine.List("members")) != 1 ||
			mine.Number("members.0.balance") != 72 || mine.Number("members.0.used") != 28 {
			t.Errorf("%s", mine.Body)
		}
		jo.Get(c.Path("/credits/entries?member="+c.Owner.Member)).Refused(403, "forbidden")
		jo.Get(c.Path("/credits/entries?wallet=company")).Refused(403, "forbidden")
		if own := jo.Get(c.Path("/credits/entries")).OK(); len(own.List("items")) != 4 {
			t.Errorf("%s", own.Body)
		}
		listed := c.Owner.Get(c.Path("/members?q=jo@")).OK()
		if listed.Number("items.0.credits") != 72 || c.Owner.Get(c.Path("/overview")).OK().Number("credits") != 972 {
			t.Errorf("%s", listed.Body)
		}
		none := s.Found(t, "team", "No credits", "owner@none.example")
		if none.Owner.Get(none.Path("/members")).OK().At("items.0.credits") != nil || none.Owner.Get(none.Path("/overview")).OK().At("credits") != nil {
			t.Error("an account without credits shows some")
		}
		wantsWhole(t, s)
	})
}

// Undoing gives back what is still there, and says what is not.
func TestUndoingGivesBackTheCreditsThatAreLeft(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := vendor(t, s, "undo", 100)
		jo, al := joined(t, s, c, "jo@undo.example"), joined(t, s, c, "al@undo.example")
		give(c, jo.Member, 40)
		undo := func(receipt *servertest.Answer) *servertest.Answer {
			return c.Owner.Post(c.Path("/departures/"+receipt.Text("departure")+"/undo"), nil).OK()
		}
		undone := undo(depart(c, jo.Member, "deactivate", obj{"credits": obj{"to": "company"}}).OK())
		if !strings.Contains(string(undone.Body), `"40 credits are back in this person's wallet."`) || strings.Contains(string(undone.Body), "skipped") {
			t.Errorf("%s", undone.Body)
		}
		holds(t, c, 60, 0, jo.Member, 40)
		left := depart(c, jo.Member, "deactivate", obj{"credits": obj{"to": al.Member}}).OK()
		al.Post(c.Path("/records/a/download"), nil).OK()
		c.Owner.Post(c.Path("/credits/transfers"), obj{"from": al.Member, "to": "company", "amount": 11}).OK()
		undone = undo(left)
		if !strings.Contains(string(undone.Body), `"28 credits are back in this person's wallet."`) || !strings.Contains(string(undone.Body), `"12 credits are not given back: who got them has spent them or passed them on."`) {
			t.Errorf("%s", undone.Body)
		}
		holds(t, c, 71, 1, jo.Member, 28, al.Member, 0)
		s.SignIn(t, "jo@undo.example")
		wantsWhole(t, s)
	})
}

func TestCreditsGoToNobodyWhoCannotHaveThem(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := vendor(t, s, "heir", 100)
		jo, out, halted := joined(t, s, c, "jo@heir.example"), joined(t, s, c, "out@heir.example"), joined(t, s, c, "halted@heir.example")
		give(c, jo.Member, 40)
		give(c, halted.Member, 5)
		depart(c, out.Member, "deactivate", nil).OK()
		c.Owner.Post(c.Path("/members/"+halted.Member+"/suspend"), nil).OK()
		holds(t, c, 55, 0, jo.Member, 40, halted.Member, 5) // a suspension moves nothing
		other := vendor(t, s, "heir-other", 10)
		for _, to := range []string{out.Member, halted.Member, other.Owner.Member, jo.Member} {
			if refused := depart(c, jo.Member, "deactivate", obj{"credits": obj{"to": to}}).Refused(409, "blocked"); refused.Text("blockers.0.code") != "successor_invalid" || refused.Text("blockers.0.to") != to {
				t.Errorf("%s", refused.Body)
			}
		}
		c.Owner.Post(c.Path("/credits/transfers"), obj{"from": "company", "to": halted.Member, "amount": 1}).Refused(409, "member_inactive")
		c.Owner.Post(c.Path("/credits/transfers"), obj{"from": halted.Member, "to": "company", "amount": 5}).OK() // the way out
		wantsWhole(t, s)
	})
}

// Where the policy does not ask for 0, a deactivated member keeps their credits.
func TestCreditsStayWherePolicyLetsThem(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := s.Found(t, "team", "Stay", "owner@stay.example")
		s.Operator(t).Post(c.Path("/credits/purchases"), obj{"amount": 50, "note": "Order 7"}).OK()
		jo := c.Invite("jo@stay.example", "member", nil)
		give(c, jo.Member, 20)
		if kept := depart(c, jo.Member, "deactivate", nil).OK(); !strings.Contains(string(kept.Body), "credits_kept") {
			t.Errorf("%s", kept.Body)
		}
		holds(t, c, 30, 0, jo.Member, 20)
		c.Owner.Post(c.Path("/members/"+jo.Member+"/activate"), nil).OK()
		depart(c, jo.Member, "remove", nil).Refused(409, "blocked")
		depart(c, jo.Member, "remove", obj{"credits": obj{"to": "company"}}).OK()
		s.Clock.Set(s.Clock.Now().Add(25 * time.Hour))
		owner := s.SignIn(t, "owner@stay.example")
		waitFor(t, func() bool {
			return owner.Get(c.Path("/credits/entries?member="+jo.Member)).OK().At("items.0.wallet_name") == nil
		})
		wantsWhole(t, s)
	})
}
