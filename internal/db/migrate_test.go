package db_test

import (
	"context"
	"slices"
	"sync"
	"testing"

	"tenure/internal/db"
	"tenure/internal/db/dbtest"
)

func TestNodesThatStartTogetherMigrateOnce(t *testing.T) {
	for _, engine := range dbtest.Engines() {
		t.Run(engine, func(t *testing.T) {
			where := dbtest.Empty(t, engine)
			nodes := []*db.DB{}
			for range 4 {
				nodes = append(nodes, dbtest.Open(t, where, db.Options{}))
			}
			var all sync.WaitGroup
			for _, node := range nodes {
				all.Go(func() {
					if err := node.Migrate(context.Background()); err != nil {
						t.Error(err)
					}
				})
			}
			all.Wait()
			d := dbtest.Open(t, where, db.Options{})
			versions := []int64{}
			err := d.Read(t.Context(), func(tx *db.Tx) error {
				return tx.Each(t.Context(), "SELECT version_id FROM goose_db_version ORDER BY version_id", nil, func(scan func(...any) error) error {
					var version int64
					defer func() { versions = append(versions, version) }()
					return scan(&version)
				})
			})
			if err != nil {
				t.Fatal(err)
			}
			if len(versions) < 2 || len(slices.Compact(slices.Clone(versions))) != len(versions) {
				t.Errorf("the migrations that ran are %v, want each once", versions)
			}
			found(t, d, acme)
		})
	}
}

func TestMigratedStoreIsLeftAsItIs(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		found(t, d, acme)
		if err := d.Migrate(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := sequence(t, d); got != 1 {
			t.Errorf("the account's trail has %d events, want 1", got)
		}
	})
}
