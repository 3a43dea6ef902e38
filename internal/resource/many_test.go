package resource_test

import (
	"fmt"
	"testing"
	"time"

	"tenure/internal/db"
	"tenure/internal/db/dbtest"
	"tenure/internal/holding"
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
