// Package dbtest gives tests real stores: both engines, migrated, a fresh copy
// for each test.
//
// PostgreSQL is a cluster of the process's own, made from the installed server
// programs at the first test that needs one, unless TENURE_TEST_POSTGRES gives
// the postgres:// address of a server where databases can be made; then that
// server keeps one template database per schema. TENURE_TEST_ENGINES
// ("sqlite", "postgres") narrows the engines for a quick loop.
package dbtest

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"tenure/internal/db"
)

// The engines.
const (
	SQLite   = "sqlite"
	Postgres = "postgres"
)

// Engines are those the tests run on.
func Engines() []string {
	switch only := os.Getenv("TENURE_TEST_ENGINES"); only {
	case "":
		return []string{SQLite, Postgres}
	case SQLite, Postgres:
		return []string{only}
	default:
		panic(fmt.Sprintf("TENURE_TEST_ENGINES is sqlite or postgres, not %q", only))
	}
}

// Each runs a test on each engine, with a store of its own and the real clock.
func Each(t *testing.T, fn func(t *testing.T, d *db.DB)) {
	t.Helper()
	EachWhere(t, func(t *testing.T, where string) {
		fn(t, Open(t, where, db.Options{}))
	})
}

// EachAt is Each with a clock that stands still until the test moves it.
func EachAt(t *testing.T, fn func(t *testing.T, d *db.DB, clock *Clock)) {
	t.Helper()
	EachWhere(t, func(t *testing.T, where string) {
		clock := NewClock()
		fn(t, Open(t, where, db.Options{Clock: clock.Now}), clock)
	})
}

// EachWhere is Each for tests that open the store themselves, perhaps more than
// once, to play several nodes or a restart: where is its address.
func EachWhere(t *testing.T, fn func(t *testing.T, where string)) {
	t.Helper()
	On(t, SQLite, fn)
	On(t, Postgres, fn)
}

// On runs a test that is about one engine, if that is among those of this run.
func On(t *testing.T, engine string, fn func(t *testing.T, where string)) {
	t.Helper()
	if slices.Contains(Engines(), engine) {
		t.Run(engine, func(t *testing.T) { fn(t, Where(t, engine)) })
	}
}

// Where makes a migrated database on the engine and gives its address. It goes
// away with the test.
func Where(t testing.TB, engine string) string {
	t.Helper()
	switch engine {
	case SQLite:
		return sqliteCopy(t)
	case Postgres:
		return postgresCopy(t)
	}
	t.Fatalf("there is no engine %q", engine)
	return ""
}

// Empty is Where without the schema.
func Empty(t testing.TB, engine string) string {
	t.Helper()
	if engine == Postgres {
		return postgresEmpty(t)
	}
	return filepath.Join(t.TempDir(), "tenure.db")
}

// Open opens the store at an address that Where gave. It is closed with the
// test.
func Open(t testing.TB, where string, o db.Options) *db.DB {
	t.Helper()
	if o.Log == nil {
		o.Log = slog.New(slog.NewTextHandler(t.Output(), nil))
	}
	d, err := db.Open(context.Background(), where, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Errorf("close the store: %v", err)
		}
	})
	return d
}

// sqliteTemplate is the file that tests copy.
var sqliteTemplate = sync.OnceValues(func() (file []byte, err error) {
	dir, err := os.MkdirTemp("", "tenure-sqlite-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "template.db")
	ctx := context.Background()
	d, err := db.Open(ctx, path, db.Options{})
	if err != nil {
		return nil, err
	}
	if err := d.Migrate(ctx); err != nil {
		return nil, err
	}
	if err := d.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

func sqliteCopy(t testing.TB) string {
	t.Helper()
	file, err := sqliteTemplate()
	if err != nil {
		t.Fatalf("make the template database: %v", err)
	}
	path := filepath.Join(t.TempDir(), "tenure.db")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// Clock is a time of day that stands still until it is moved. It may be used by
// any number of goroutines.
type Clock struct {
	mu sync.Mutex // guards at
	at time.Time
}

// NewClock gives a clock that stands at a Monday morning.
func NewClock() *Clock {
	return &Clock{at: time.Date(2026, time.March, 2, 9, 0, 0, 0, time.UTC)}
}

// Now is the time it shows.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

// Set moves it to a time, also backwards.
func (c *Clock) Set(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = at
}

// Add moves it on.
func (c *Clock) Add(d time.Duration) { c.Set(c.Now().Add(d)) }
