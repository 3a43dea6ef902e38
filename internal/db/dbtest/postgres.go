package dbtest

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"tenure/internal/db"
	"tenure/internal/db/migrations"
)

// server is the PostgreSQL server of this run: the one of TENURE_TEST_POSTGRES,
// or else one that is started for this process and stops when the process ends,
// for which it has to stay referred to.
var server = sync.OnceValues(func() (*Cluster, error) {
	if given := os.Getenv("TENURE_TEST_POSTGRES"); given != "" {
		return &Cluster{URL: given}, nil
	}
	return StartCluster()
})

// template gives the name of the migrated database that tests copy. It is named
// by its schema, so that processes that share a server share it.
var template = sync.OnceValues(func() (string, error) {
	digest, err := migrations.Digest()
	if err != nil {
		return "", err
	}
	name := "tenure_template_" + digest
	return name, administer(context.Background(), func(ctx context.Context, c *pgx.Conn) error {
		return makeTemplate(ctx, c, name)
	})
})

func makeTemplate(ctx context.Context, c *pgx.Conn, name string) error {
	const lock = 0x74656d706c617465 // "template"
	if _, err := c.Exec(ctx, "SELECT pg_advisory_lock($1)", int64(lock)); err != nil {
		return err
	}
	var there bool
	err := c.QueryRow(ctx, "SELECT EXISTS (SELECT 1 FROM pg_database WHERE datname = $1)", name).Scan(&there)
	if err != nil || there {
		return err
	}
	raw := name + "_" + unique()
	if _, err := c.Exec(ctx, "CREATE DATABASE "+raw); err != nil {
		return err
	}
	base, err := server()
	if err != nil {
		return err
	}
	d, err := db.Open(ctx, withDatabase(base.URL, raw), db.Options{})
	if err != nil {
		return err
	}
	if err := errors.Join(d.Migrate(ctx), d.Close()); err != nil {
		return err
	}
	_, err = c.Exec(ctx, "ALTER DATABASE "+raw+" RENAME TO "+name)
	return err
}

// postgresCopy makes a migrated database for the test and gives its address.
func postgresCopy(t testing.TB) string {
	t.Helper()
	original, err := template()
	if err != nil {
		t.Fatalf("PostgreSQL for tests: %v", err)
	}
	return postgresDatabase(t, original)
}

// postgresEmpty makes a database without tables.
func postgresEmpty(t testing.TB) string {
	t.Helper()
	return postgresDatabase(t, "template1")
}

func postgresDatabase(t testing.TB, original string) string {
	t.Helper()
	base, err := server()
	if err != nil {
		t.Fatalf("PostgreSQL for tests: %v", err)
	}
	name := "tenure_" + unique()
	err = administer(context.Background(), func(ctx context.Context, c *pgx.Conn) error {
		return copyDatabase(ctx, c, name, original)
	})
	if err != nil {
		t.Fatalf("make a database for the test: %v", err)
	}
	t.Cleanup(func() {
		err := administer(context.Background(), func(ctx context.Context, c *pgx.Conn) error {
			_, err := c.Exec(ctx, "DROP DATABASE "+name+" WITH (FORCE)")
			return err
		})
		if err != nil {
			t.Errorf("drop the test's database: %v", err)
		}
	})
	return withDatabase(base.URL, name)
}

// copyDatabase copies a database that nobody is connected to; the server may
// take a moment to see that they left.
func copyDatabase(ctx context.Context, c *pgx.Conn, name, original string) error {
	const objectInUse = "55006"
	for try := 0; ; try++ {
		_, err := c.Exec(ctx, "CREATE DATABASE "+name+" TEMPLATE "+original)
		var said *pgconn.PgError
		if err == nil || try == 10 || !errors.As(err, &said) || said.Code != objectInUse {
			return err
		}
	}
}

func administer(ctx context.Context, do func(context.Context, *pgx.Conn) error) error {
	base, err := server()
	if err != nil {
		return err
	}
	c, err := pgx.Connect(ctx, base.URL)
	if err != nil {
		return fmt.Errorf("reach the PostgreSQL server for tests: %w", err)
	}
	return errors.Join(do(ctx, c), c.Close(ctx))
}

func withDatabase(base, name string) string {
	u, err := url.Parse(base)
	if err != nil {
		panic(fmt.Sprintf("TENURE_TEST_POSTGRES is no postgres:// address: %v", err))
	}
	u.Path = "/" + name
	return u.String()
}

func unique() string { return strings.ToLower(rand.Text()[:16]) }
