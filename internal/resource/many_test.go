package resource_test

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"tenure/internal/access"
	"tenure/internal/db"
	"tenure/internal/db/dbtest"
	"tenure/internal/holding"
	"tenure/internal/id"
	"tenure/internal/member"
	"tenure/internal/resource"
)

// TestThousandsOfResourcesPassInOneWrite: dealt out among three, and back.
func TestThousandsOfResourcesPassInOneWrite(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		e, many := build(t, d, 4), 2_000
		list, err := e.Import(e.by, e.account)
		if err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		for i := range many {
			refused, _, err := list.Add(t.Context(), resource.Line{Number: i + 1, Draft: resource.Draft{
				Key: resource.Key{Type: "pin", ID: fmt.Sprintf("p%05d", i)}, Name: "Pin", Owner: &e.people[0]}})
			if err != nil || len(refused) > 0 {
				t.Fatal(refused, err)
			}
		}
		if _, err := list.Commit(t.Context()); err != nil || list.Progress().Created != many {
			t.Fatal(list.Progress(), err)
		}
		stored := time.Since(began)
		began = time.Now()
		undo := e.leave(t, e.people[0], holding.Deactivate, resource.Decisions{Split: e.people[1:]})
		passed := time.Since(began)
		held := map[string]int{}
		for _, owner := range e.state(t) {
			held[owner]++
		}
		for i, want := range []int{667, 667, 666} {
			if got := held[fmt.Sprint(e.people[i+1], " []")] + held[fmt.Sprint(e.people[i+1], "[]")]; got != want {
				t.Errorf("successor %d holds %d, want %d", i+1, got, want)
			}
		}
		began = time.Now()
		effects := undo()
		t.Logf("stored in %v, surveyed and passed on in %v, given back in %v", stored, passed, time.Since(began))
		if len(effects) != 1 || *effects[0].Count != int64(many) {
			t.Errorf("given back: %+v", effects)
		}
	})
}

// TestManyWhoLeaveWithOneThingEachLeaveThemEvenly, and nobody who is to have them
// is looked for more than once.
func TestManyWhoLeaveWithOneThingEachLeaveThemEvenly(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		e, looked := build(t, d, 303), 0
		held := resource.NewHeld(resource.Ways{Place: place, People: faces, Rights: func(ctx context.Context, tx *db.Tx, acc id.Account, m id.Member) (access.Actor, error) {
			looked++
			return member.Actor(ctx, tx, acc, m)
		}})
		leavers, heirs := e.people[:300], e.people[300:]
		for i, m := range leavers {
			e.put(t, resource.Key{Type: "pin", ID: fmt.Sprintf("p%05d", i)}, m)
		}
		raw, err := json.Marshal(resource.Decisions{Split: heirs})
		if err != nil {
			t.Fatal(err)
		}
		party := func() *holding.Party {
			return holding.NewParty(leavers, map[string]json.RawMessage{"resources": raw})
		}
		c := holding.Case{Kind: holding.Remove, Account: e.account, Actor: e.by, Departure: id.New[id.Departure]()}
		planned := map[id.Member]id.Member{}
		if err := d.Read(t.Context(), func(tx *db.Tx) error {
			c.Party = party()
			for _, c.Member = range leavers {
				f, err := held.Survey(t.Context(), tx, c)
				if err != nil || len(f.Effects) != 1 {
					return fmt.Errorf("%+v %w", f, err)
				}
				planned[c.Member] = f.Effects[0].To
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if looked != len(heirs) {
			t.Errorf("the rights of %d successors were read %d times", len(heirs), looked)
		}
		got := map[id.Member]int{}
		for _, c.Member = range leavers { // each in a write of their own, as the job does it
			e.write(t, func(tx *db.Tx) error {
				c.Party = party()
				effects, err := held.Apply(t.Context(), tx, c)
				if err != nil || effects[0].To != planned[c.Member] {
					return fmt.Errorf("%+v, planned was %s: %w", effects, planned[c.Member], err)
				}
				got[effects[0].To]++
				return nil
			})
		}
		for _, heir := range heirs {
			if got[heir] != 100 {
				t.Errorf("%d went to %s", got[heir], heir)
			}
		}
	})
}
