// Package db is the store: it opens it, migrates it, and owns every
// transaction. It is the only place that knows which engine stands behind.
//
// There are two engines and one SQL. The statements of the rooms are written
// once, with $n placeholders, in the subset that SQLite and PostgreSQL share.
//
// What holds on both engines:
//   - A Write takes one account or one user, and takes its head first: the head
//     is the lock, the clock that never goes back, and the end of the trail.
//   - A Write that changed rows without recording an event is refused.
//   - Writers who wait for the same account, user or connection share one commit;
//     one who fails harms no other.
//   - A write function may run twice, so nothing leaves the process from inside
//     it. What must happen afterwards goes into Tx.After.
//   - Statements of a write run detached from the caller's context. Whether the
//     caller is still there is looked at on entry and before the commit.
//   - After a statement failed, the transaction is over: no further statement
//     runs in it and it cannot be committed.
//   - A transaction begun inside another one is refused.
//   - A commit of which nobody can say whether it happened is never retried.
package db

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync/atomic"
	"time"
)

// Options is how a store is opened. The zero value is usable.
type Options struct {
	Clock   func() time.Time // the time of day; time.Now if nil
	Log     *slog.Logger     // slog.Default() if nil
	Readers int              // connections that read at the same time; chosen by the engine if 0
	Steps   func(Step) error // asked at every step of a transaction, to cut the store there; nil: nobody is
}

// DB is an open store. It may be used by any number of goroutines.
type DB struct {
	engine  engine
	clock   func() time.Time
	log     *slog.Logger
	tally   *tally
	onStale []func(ctx context.Context, tx *Tx, subjects []string) (settled func(), err error)
	bells   bells
}

// engine is what differs between the two stores.
type engine interface {
	name() string
	// shared says that other nodes may use the same store.
	shared() bool
	// write runs a function in a transaction that writes, and commits it if the
	// function gives no error. The function may run more than once, each time on
	// fresh statements. Those of one lane run one after the other.
	write(ctx context.Context, lane string, run func(statements) error) error
	// read runs a function on one snapshot, in which nothing can be written.
	read(ctx context.Context, run func(statements) error) error
	// lock is what a SELECT ends with to hold the row until the commit.
	lock() string
	// weigh looks at how much is in tables, where statements are planned by it.
	weigh(ctx context.Context, tables []string) error
	migrate(ctx context.Context) error
	// claim keeps other servers away until close, where nodes cannot share.
	claim(ctx context.Context) error
	ping(ctx context.Context) error
	close() error
}

// statements runs the statements of one function in a transaction.
type statements interface {
	// exec gives the number of rows that were changed.
	exec(ctx context.Context, query string, args []any) (int64, error)
	// ask gives read the rows of one question after the other, or why there are
	// none, until it gives an error, which is returned. It reads them to their end
	// or closes them.
	ask(ctx context.Context, questions []Question, read func(Question, rows, error) error) error
	// promise is exec of a statement that has to change so many rows. It may run
	// later, before the next one or the commit, which then gives its error.
	promise(ctx context.Context, rows int64, query string, args []any) error
	// last says that the transaction holds now what others wait for: no other
	// function is to join it.
	last()
}

// rows are the rows of a query, as *sql.Rows has them.
type rows interface {
	Next() bool
	Scan(dest ...any) error
	Err() error
	Close() error
}

// Open opens the store at a file path (SQLite; the file is made if it is not
// there) or at a postgres:// address. It does not migrate it.
func Open(ctx context.Context, where string, o Options) (*DB, error) {
	d := &DB{clock: o.Clock, log: o.Log, tally: &tally{}}
	if d.clock == nil {
		d.clock = time.Now
	}
	if d.log == nil {
		d.log = slog.Default()
	}
	var err error
	switch {
	case where == "":
		err = fmt.Errorf("no database given: a file path or a postgres:// address")
	case strings.HasPrefix(where, "postgres://"), strings.HasPrefix(where, "postgresql://"):
		d.engine, err = openPostgres(ctx, where, o.Readers, d.tally, d.log)
	case strings.Contains(where, "://"):
		err = fmt.Errorf("the database is neither a file path nor a postgres:// address")
	default:
		d.engine, err = openSQLite(ctx, where, o.Readers, d.tally, d.log)
	}
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	if o.Steps != nil {
		d.engine = stepped{d.engine, o.Steps}
	}
	return d, nil
}

// Migrate brings the schema up to date. Nodes that start together migrate once.
// A schema that a newer program made is left alone: ErrNewer.
func (d *DB) Migrate(ctx context.Context) error {
	if err := d.engine.migrate(ctx); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}

// Close waits for the writes under way, closes the store and gives up a claim.
func (d *DB) Close() error { return d.engine.close() }

// Ping reports whether the store can be read and written.
func (d *DB) Ping(ctx context.Context) error { return d.engine.ping(ctx) }

// Engine is "sqlite" or "postgres", for logs.
func (d *DB) Engine() string { return d.engine.name() }

// Now is the clock, in UTC, cut to the microsecond that columns keep.
func (d *DB) Now() time.Time { return d.clock().UTC().Truncate(time.Microsecond) }

// Stats counts what the store has done since it was opened.
type Stats struct {
	Writes  int64 // write functions that were committed
	Commits int64 // transactions that were committed for them; fewer where waiting writers share one
	Reruns  int64 // runs of a write function after its first
	Waiting int64 // writers that wait for their turn now
}

// Stats gives the counts so far.
func (d *DB) Stats() Stats {
	return Stats{
		Writes:  d.tally.writes.Load(),
		Commits: d.tally.commits.Load(),
		Reruns:  d.tally.reruns.Load(),
		Waiting: d.tally.waiting.Load(),
	}
}

type tally struct {
	writes, commits, reruns, waiting atomic.Int64
}

// Weigh is for whoever has just written much into tables, outside of a
// transaction: PostgreSQL plans its statements by how much there is, and looks by
// itself only once a minute. Until then it reads a whole account for each row.
func (d *DB) Weigh(ctx context.Context, tables ...string) {
	if err := d.engine.weigh(ctx, tables); err != nil {
		d.log.Warn("tables could not be weighed, what reads them may be slow for a while", "tables", tables, "error", err)
	}
}
