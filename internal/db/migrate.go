package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"

	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"

	"tenure/internal/db/migrations"
)

// ErrNewer is a database that a newer program has brought up to date: this one
// does not know its schema, and would write what breaks the rules of the other.
var ErrNewer = errors.New("the schema is newer than this program")

// up runs the migrations that are missing.
func up(ctx context.Context, db *sql.DB, dialect goose.Dialect) error {
	provider, err := newProvider(db, dialect)
	if err != nil {
		return err
	}
	if err := refuseNewer(ctx, provider); err != nil {
		return err
	}
	_, err = provider.Up(ctx)
	return err
}

// refuseNewer gives ErrNewer where the database has a migration after the last
// one that there is here.
func refuseNewer(ctx context.Context, provider *goose.Provider) error {
	current, last, err := provider.GetVersions(ctx)
	if err != nil {
		return err
	}
	return notNewer(current, last)
}

func notNewer(current, last int64) error {
	if current > last {
		return fmt.Errorf("%w: it has step %d, the last known is %d", ErrNewer, current, last)
	}
	return nil
}

// Known gives ErrNewer for a schema that a newer program made. It changes nothing,
// and fails where there is no schema at all.
func (d *DB) Known(ctx context.Context) error {
	steps, err := migrations.For(d.engine.name())
	if err != nil {
		return err
	}
	sources, err := fs.Glob(steps, "*.sql")
	if err != nil {
		return err
	}
	var last, current int64
	for _, name := range sources {
		step, err := goose.NumericComponent(name)
		if err != nil {
			return err
		}
		last = max(last, step)
	}
	err = d.Read(ctx, func(tx *Tx) error {
		return tx.One(ctx, `SELECT MAX(version_id) FROM goose_db_version`, nil, &current)
	})
	if err != nil {
		return fmt.Errorf("read version of schema: %w", err)
	}
	return notNewer(current, last)
}

func newProvider(db *sql.DB, dialect goose.Dialect) (*goose.Provider, error) {
	engine := "sqlite"
	if dialect == goose.DialectPostgres {
		engine = "postgres"
	}
	steps, err := migrations.For(engine)
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(dialect, db, steps, goose.WithDisableGlobalRegistry(true))
}

// migrate runs the migrations under the lock of a second file beside the
// database. The lock ends with the process that holds it.
func (s *sqlite) migrate(ctx context.Context) (err error) {
	db, err := openFile(s.path, url.Values{"_txlock": {"immediate"}})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	provider, err := newProvider(db, goose.DialectSQLite3)
	if err != nil {
		return err
	}
	if err := refuseNewer(ctx, provider); err != nil {
		return err
	}
	pending, err := provider.HasPending(ctx)
	if err != nil || !pending {
		return err
	}
	lock, err := lockFile(ctx, s.path+"-migrate", 60_000)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, lock.Close()) }()
	return up(ctx, db, goose.DialectSQLite3)
}

// sortText is the type of text that is sorted by its bytes, as SQLite does. It
// is made before the migrations that name it.
const sortText = `DO $$ BEGIN
	CREATE DOMAIN sorttext AS TEXT COLLATE "C";
EXCEPTION WHEN duplicate_object THEN NULL;
END $$`

// migrationLock is the advisory lock of nodes that start together.
const migrationLock = 0x74656e757265 // "tenure"

func (p *postgres) migrate(ctx context.Context) (err error) {
	db := stdlib.OpenDBFromPool(p.pool)
	defer func() { err = errors.Join(err, db.Close()) }()
	held, err := db.BeginTx(ctx, nil)
	if err != nil {
		return unavailable(err)
	}
	defer held.Rollback()
	if _, err := held.ExecContext(ctx, "SET LOCAL idle_in_transaction_session_timeout = 0"); err != nil {
		return err
	}
	if _, err := held.ExecContext(ctx, "SELECT pg_advisory_xact_lock($1)", int64(migrationLock)); err != nil {
		return err
	}
	if _, err := db.ExecContext(ctx, sortText); err != nil {
		return err
	}
	return up(ctx, db, goose.DialectPostgres)
}
