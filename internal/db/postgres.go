package db

import (
	"context"
	"errors"
	"log/slog"
	"net/url"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// poolSize is how many connections a node has unless the address says
// pool_max_conns.
const poolSize = 16

// postgres is the engine of many nodes.
type postgres struct {
	pool  *pgxpool.Pool
	lanes *lanes
	tally *tally
}

func openPostgres(ctx context.Context, where string, readers int, tally *tally, log *slog.Logger) (*postgres, error) {
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
	p := &postgres{pool: pool, tally: tally}
	p.lanes = newLanes(func() *queue { return &queue{open: p.open, tally: tally, log: log} })
	if err := p.ping(ctx); err != nil {
		return nil, errors.Join(err, p.close())
	}
	return p, nil
}

func (p *postgres) name() string { return "postgres" }

func (p *postgres) shared() bool { return true }

func (p *postgres) lock() string { return " FOR UPDATE" }

func (p *postgres) weigh(ctx context.Context, tables []string) error {
	_, err := p.pool.Exec(ctx, "ANALYZE "+strings.Join(tables, ", "))
	return err
}

func (p *postgres) ping(ctx context.Context) error { return p.pool.Ping(ctx) }

func (p *postgres) close() error {
	p.pool.Close()
	return nil
}

// retries are the waits before a write runs again that another transaction got
// in the way of. Within one node writers of an account queue, so that this is
// between nodes, and rare.
var retries = []time.Duration{
	time.Millisecond, 3 * time.Millisecond, 9 * time.Millisecond, 27 * time.Millisecond,
	81 * time.Millisecond, 243 * time.Millisecond, 729 * time.Millisecond,
}

func (p *postgres) write(ctx context.Context, lane string, run func(statements) error) error {
	queue, leave := p.lanes.enter(lane)
	defer leave()
	for try := 0; ; try++ {
		err := queue.write(ctx, func(s statements) error { return s.(*joint).lost(ctx, run(s)) })
		if err == nil || try == len(retries) || !inTheWay(err) {
			return err
		}
		if waiting := pause(ctx, retries[try]); waiting != nil {
			return waiting
		}
		p.tally.reruns.Add(1)
	}
}

// open takes a connection for a transaction that writes.
func (p *postgres) open() (shared, error) {
	return p.joint(context.Background(), "BEGIN ISOLATION LEVEL READ COMMITTED")
}

func (p *postgres) joint(ctx context.Context, begin string) (*joint, error) {
	conn, err := p.pool.Acquire(ctx)
	if err != nil {
		return nil, unavailable(err)
	}
	return &joint{conn: conn, ahead: []errand{control(begin)}}, nil
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

func (p *postgres) read(ctx context.Context, run func(statements) error) error {
	j, err := p.joint(ctx, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
	if err != nil {
		return err
	}
	defer func() { go j.rollback() }() // nobody needs to wait for it
	return j.lost(ctx, run(j))
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
