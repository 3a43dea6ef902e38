package operator_test

import (
	"sync"
	"testing"

	"tenure/internal/access"
	"tenure/internal/db"
	"tenure/internal/db/dbtest"
	"tenure/internal/fault"
	"tenure/internal/operator"
)

func TestKeyIsMadeOnceAndOnlyItsHashIsKept(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var mu sync.Mutex // guards made
		var made []string
		var starts sync.WaitGroup
		for range 4 {
			starts.Go(func() {
				key, err := operator.NewKeys(d, "").Ensure(t.Context())
				if err != nil {
					t.Error(err)
				}
				if key != "" {
					mu.Lock()
					made = append(made, key)
					mu.Unlock()
				}
			})
		}
		starts.Wait()
		if len(made) != 1 {
			t.Fatalf("%d keys were made by nodes that started together", len(made))
		}
		keys := operator.NewKeys(d, "")
		for range 2 { // from the store, then from memory
			actor, err := keys.Check(t.Context(), made[0])
			if err != nil || actor.Kind != access.Operator || actor.Name() == "" || actor.Name() == made[0] {
				t.Errorf("%+v %v", actor, err)
			}
		}
		for _, wrong := range []string{"", "top_", made[0] + "x", made[0][:len(made[0])-1]} {
			if _, err := keys.Check(t.Context(), wrong); fault.Code(err) != "unauthenticated" {
				t.Errorf("%q: %v", wrong, err)
			}
		}
	})
}

func TestConfiguredKeyIsTheOnlyOne(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		stored, err := operator.NewKeys(d, "").Ensure(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		keys := operator.NewKeys(d, "any words an operator chose")
		if made, err := keys.Ensure(t.Context()); made != "" || err != nil {
			t.Errorf("made %q, %v", made, err)
		}
		if _, err := keys.Check(t.Context(), "any words an operator chose"); err != nil {
			t.Error(err)
		}
		if _, err := keys.Check(t.Context(), stored); fault.Code(err) != "unauthenticated" {
			t.Errorf("the stored key: %v", err)
		}
	})
}
