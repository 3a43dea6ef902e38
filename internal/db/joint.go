package db

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// joint is a transaction of PostgreSQL. What needs no answer at once is kept and
// sent with the next statement that does, in one way to the server and back:
// each way takes longer than most statements do.
//
// There are no savepoints. A row that others refer to is locked once for each
// savepoint that refers to it, and the list of its locks is written anew each
// time: sixteen additions that share a commit took seven times as long. A
// function that fails has mostly only read; where it has written, the
// transaction is given up.
type joint struct {
	conn    *pgxpool.Conn
	ahead   []errand
	from    int   // where the errands of the function begin; -1: they were sent
	wrote   bool  // something that the function wrote was sent
	spoiled error // what an errand failed with
	final   bool
}

// errand is a statement that is sent with another.
type errand struct {
	query string
	args  []any
	rows  int64 // it must change so many; negative: any number
}

// control is an errand of the transaction's own.
func control(query string) errand { return errand{query: query, rows: -1} }

func (j *joint) begin() (statements, error) {
	j.from, j.wrote = len(j.ahead), false
	return j, nil
}

func (j *joint) end(keep bool) error {
	switch {
	case j.spoiled != nil:
		return j.spoiled
	case j.conn.Conn().IsClosed():
		return errLost
	case keep:
		return nil
	case j.wrote || j.conn.Conn().PgConn().TxStatus() == 'E':
		return errGivenUp
	}
	j.ahead = j.ahead[:max(j.from, 0)]
	return nil
}

func (j *joint) full() bool { return j.final }

// commit sends what is left and looks at what it did before it commits.
func (j *joint) commit() error {
	defer j.conn.Release()
	if err := j.flush(); err != nil {
		j.undo()
		return err
	}
	tag, err := j.conn.Exec(context.Background(), "COMMIT")
	if err == nil && tag.String() == "ROLLBACK" {
		err = pgx.ErrTxCommitRollback
	}
	return commitError(err)
}

func (j *joint) rollback() {
	j.undo()
	j.conn.Release()
}

// undo ends the transaction if it has begun; the pool throws away what has not
// ended.
func (j *joint) undo() {
	if j.conn.Conn().PgConn().TxStatus() != 'I' && !j.conn.Conn().IsClosed() {
		_ = j.do("ROLLBACK")
	}
}

// do runs statements of the transaction's own, which nobody can cancel.
func (j *joint) do(statements string) error {
	_, err := j.conn.Conn().PgConn().Exec(context.Background(), statements).ReadAll()
	return err
}

func (j *joint) exec(ctx context.Context, query string, args []any) (of int64, err error) {
	if args, err = plain(args); err != nil {
		return 0, err
	}
	defer func() { j.wrote = j.wrote || of != 0 }()
	if len(j.ahead) == 0 {
		tag, err := j.conn.Exec(ctx, query, args...)
		return tag.RowsAffected(), err
	}
	var batch pgx.Batch
	batch.Queue(query, args...)
	results, err := j.send(ctx, &batch)
	if err != nil {
		return 0, err
	}
	tag, err := results.Exec()
	if closing := results.Close(); err == nil {
		err = closing
	}
	return tag.RowsAffected(), err
}

func (j *joint) ask(ctx context.Context, questions []Question, read func(Question, rows, error) error) error {
	var batch pgx.Batch
	for _, q := range questions {
		args, err := plain(q.args)
		if err != nil {
			return read(q, nil, err)
		}
		j.wrote = j.wrote || !reads(q.query)
		batch.Queue(q.query, args...)
	}
	if len(questions) == 1 && len(j.ahead) == 0 {
		found, err := j.conn.Query(ctx, questions[0].query, batch.QueuedQueries[0].Arguments...)
		return read(questions[0], answer{found}, err)
	}
	results, err := j.send(ctx, &batch)
	if err != nil {
		return read(questions[0], nil, err)
	}
	defer results.Close() // of what is not asked for any more; the rows have said what went wrong
	for _, q := range questions {
		found, err := results.Query()
		if err := read(q, answer{found}, err); err != nil {
			return err
		}
	}
	return nil
}

func (j *joint) promise(_ context.Context, rows int64, query string, args []any) error {
	args, err := plain(args)
	j.ahead = append(j.ahead, errand{query, args, rows})
	return err
}

func (j *joint) last() { j.final = true }

// flush sends the errands alone.
func (j *joint) flush() error {
	results, err := j.send(context.Background(), &pgx.Batch{})
	if err != nil {
		return err
	}
	return results.Close()
}

// send sends the errands before what the batch holds, and reads what they did.
// An errand that failed may be that of a function before this one: the whole
// transaction is spoiled.
func (j *joint) send(ctx context.Context, then *pgx.Batch) (pgx.BatchResults, error) {
	var batch pgx.Batch
	for i, e := range j.ahead {
		batch.Queue(e.query, e.args...)
		j.wrote = j.wrote || i >= j.from && e.rows != 0
	}
	batch.QueuedQueries = append(batch.QueuedQueries, then.QueuedQueries...)
	sent := j.ahead
	j.ahead, j.from = nil, -1
	results := j.conn.SendBatch(ctx, &batch)
	for _, e := range sent {
		tag, err := results.Exec()
		if err == nil && e.rows >= 0 && tag.RowsAffected() != e.rows {
			err = ErrGuard
		}
		if err != nil {
			_ = results.Close() // says the same
			j.spoiled = fmt.Errorf("%s: %w", gist(e.query), err)
			return nil, j.spoiled
		}
	}
	return results, nil
}

// answer is the rows of a query, whose end says what went wrong.
type answer struct{ pgx.Rows }

// Close reads past what was not read.
func (a answer) Close() error {
	a.Rows.Close()
	return nil
}

// plain makes of arguments what drivers take, as database/sql does.
func plain(args []any) ([]any, error) {
	if len(args) == 0 {
		return nil, nil
	}
	values := make([]any, len(args))
	for i, arg := range args {
		value, err := driver.DefaultParameterConverter.ConvertValue(arg)
		if err != nil {
			return nil, fmt.Errorf("argument %d: %w", i+1, err)
		}
		values[i] = value
	}
	return values, nil
}

var errLost = errors.New("the connection is lost")

// lost makes of an error that took the connection with it the fault that says
// so. A statement whose caller went away takes it, too.
func (j *joint) lost(ctx context.Context, err error) error {
	switch {
	case err == nil || !j.conn.Conn().IsClosed():
		return err
	case ctx.Err() != nil:
		return ctx.Err()
	}
	return unavailable(err)
}

// commitError tells a commit that was refused from one that nobody knows about.
// Only the server's own word counts: pgx calls it safe to retry when the
// connection breaks after the COMMIT was sent.
func commitError(err error) error {
	if err == nil {
		return nil
	}
	wrapped := fmt.Errorf("commit: %w", err)
	var said *pgconn.PgError
	if errors.Is(err, pgx.ErrTxCommitRollback) || errors.As(err, &said) && said.SeverityUnlocalized == "ERROR" {
		return wrapped
	}
	return unknown(wrapped)
}
