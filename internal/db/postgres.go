package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"

	"tenure/internal/fault"
)

// poolSize is how many connections a node has unless the address says
// pool_max_conns.
const poolSize = 16

// postgres is the engine of many nodes.
type postgres struct {
	pool  *pgxpool.Pool
	db    *sql.DB
	lanes *lanes
	tally *tally
}

func openPostgres(ctx context.Context, where string, readers int, tally *tally) (*postgres, error) {
	config, err := pgxpool.ParseConfig(where)
	if err != nil {
		return nil, errors.New("the postgres:// address cannot be read") // the error repeats the address and its password
	}
	if address, err := url.Parse(where); err == nil && !address.Query().Has("pool_max_conns") {
		config.MaxConns = int32(max(poolSize, readers))
	}
	config.AfterConnect = func(ctx context.Context, c *pgx.Conn) error {
		// A node that hangs in a transaction must not hold an account for ever.
		_, err := c.Exec(ctx, "SET idle_in_transaction_session_timeout = '60s'")
		return err
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, err
	}
	p := &postgres{pool: pool, db: stdlib.OpenDBFromPool(pool), lanes: newLanes(), tally: tally}
	if err := p.ping(ctx); err != nil {
		return nil, errors.Join(err, p.close())
	}
	return p, nil
}

func (p *postgres) name() string { return "postgres" }

func (p *postgres) shared() bool { return true }

func (p *postgres) lock() string { return " FOR UPDATE" }

func (p *postgres) ping(ctx context.Context) error { return p.pool.Ping(ctx) }

func (p *postgres) close() error {
	err := p.db.Close()
	p.pool.Close()
	return err
}

// retries are the waits before a write runs again that another transaction got
// in the way of. Within one node writers of an account queue, so that this is
// between nodes, and rare.
var retries = []time.Duration{
	time.Millisecond, 3 * time.Millisecond, 9 * time.Millisecond, 27 * time.Millisecond,
	81 * time.Millisecond, 243 * time.Millisecond, 729 * time.Millisecond,
}

func (p *postgres) write(ctx context.Context, lane string, run func(statements) error) error {
	p.tally.waiting.Add(1)
	leave, err := p.lanes.enter(ctx, lane)
	p.tally.waiting.Add(-1)
	if err != nil {
		return err
	}
	defer leave()
	for try := 0; ; try++ {
		err := p.once(ctx, run)
		if err == nil {
			p.tally.writes.Add(1)
			return nil
		}
		if try == len(retries) || !inTheWay(err) {
			return err
		}
		if waiting := pause(ctx, retries[try]); waiting != nil {
			return waiting
		}
		p.tally.reruns.Add(1)
	}
}

// pause waits, but not longer than the context lives.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// once runs the function in one transaction. Whatever way the function ends,
// the transaction ends with it.
func (p *postgres) once(ctx context.Context, run func(statements) error) error {
	conn, err := p.db.Conn(ctx)
	if err != nil {
		return unavailable(err)
	}
	defer conn.Close()
	tx, err := conn.BeginTx(context.WithoutCancel(ctx), &sql.TxOptions{Isolation: sql.LevelReadCommitted})
	if err != nil {
		return unavailable(err)
	}
	defer tx.Rollback() // nothing happens after a commit
	if err := run(running{tx}); err != nil {
		return lost(ctx, conn, err)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return commitError(err)
	}
	p.tally.commits.Add(1)
	return nil
}

func (p *postgres) read(ctx context.Context, run func(statements) error) error {
	conn, err := p.db.Conn(ctx)
	if err != nil {
		return unavailable(err)
	}
	defer conn.Close()
	tx, err := conn.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return unavailable(err)
	}
	defer tx.Rollback()
	return lost(ctx, conn, run(running{tx}))
}

// lost makes of an error that took the connection with it the fault that says
// so. A statement whose caller went away takes it too, and may say no more of it
// than that the connection is bad.
func lost(ctx context.Context, conn *sql.Conn, err error) error {
	if err == nil || fault.As(err) != nil {
		return err
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	closed := false
	raw := conn.Raw(func(c any) error {
		closed = c.(*stdlib.Conn).Conn().IsClosed()
		return nil
	})
	if closed || errors.Is(raw, driver.ErrBadConn) {
		return unavailable(err)
	}
	return err
}

// commitError tells a commit that was refused from one that nobody knows about.
// Only the server's own word counts: pgx calls it safe to retry when the
// connection breaks after the COMMIT was sent.
func commitError(err error) error {
	wrapped := fmt.Errorf("commit: %w", err)
	var said *pgconn.PgError
	if errors.Is(err, pgx.ErrTxCommitRollback) || errors.As(err, &said) && said.SeverityUnlocalized == "ERROR" {
		return wrapped
	}
	return unknown(wrapped)
}

// inTheWay reports whether the transaction failed only because another one ran
// at the same time: serialization_failure and deadlock_detected.
func inTheWay(err error) bool {
	code := postgresCode(err)
	return code == "40001" || code == "40P01"
}

// postgresCode gives the SQLSTATE of an error; empty if it is not PostgreSQL's.
func postgresCode(err error) string {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

// running is the statements of a transaction under way; pgx keeps them prepared.
type running struct{ tx *sql.Tx }

func (r running) exec(ctx context.Context, query string, args []any) (sql.Result, error) {
	return r.tx.ExecContext(ctx, query, args...)
}

func (r running) query(ctx context.Context, query string, args []any) (*sql.Rows, error) {
	return r.tx.QueryContext(ctx, query, args...)
}
