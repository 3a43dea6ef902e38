package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"runtime"
	"sync"
	"time"

	driver "modernc.org/sqlite"
	codes "modernc.org/sqlite/lib"
)

// busyWait is how long a statement waits for another process that holds the
// file.
const busyWait = 10 * time.Second

// sqlite is the embedded engine: one file, one connection that writes, and a
// few that read beside it, each on its own snapshot.
type sqlite struct {
	path    string
	pool    *sql.DB
	writer  *writer
	readers chan *line // idle connections; a nil one is still to be made
	closing sync.Once
	closed  chan struct{}
	claimed *fileLock // nil: no claim was made
}

func openSQLite(ctx context.Context, path string, readers int, tally *tally, log *slog.Logger) (*sqlite, error) {
	if err := claimFile(path); err != nil {
		return nil, err
	}
	if readers <= 0 {
		readers = max(4, runtime.GOMAXPROCS(0))
	}
	pool, err := openFile(path, nil)
	if err != nil {
		return nil, err
	}
	s := &sqlite{path: path, pool: pool, readers: make(chan *line, readers), closed: make(chan struct{})}
	for range readers {
		s.readers <- nil
	}
	writing, err := s.dial(ctx)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", path, err), pool.Close())
	}
	s.writer = newWriter(writing, tally, log)
	return s, nil
}

// claimFile makes the file if it is not there, so that nobody else on the
// machine can read what is in it. SQLite gives its other files the same mode.
func claimFile(path string) error {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	return file.Close()
}

// openFile opens a SQLite file with the settings that every connection has.
func openFile(path string, more url.Values) (*sql.DB, error) {
	settings := url.Values{
		"_busy_timeout": {fmt.Sprint(busyWait.Milliseconds())},
		"_journal_mode": {"WAL"},
		"_synchronous":  {"FULL"},
		"_foreign_keys": {"on"},
		"_dqs":          {"false"}, // "x" is never a text
		"_pragma":       {"cache_size(-16000)", "temp_store(memory)"},
	}
	for name, values := range more {
		settings[name] = values
	}
	return sql.Open("sqlite", fileName(path, settings))
}

// fileName writes a path and settings as SQLite's URI, whatever is in the path.
func fileName(path string, settings url.Values) string {
	name := url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: settings.Encode()}
	return name.String()
}

func (s *sqlite) dial(ctx context.Context) (*line, error) {
	conn, err := s.pool.Conn(ctx)
	if err != nil {
		return nil, err
	}
	return &line{conn: conn, prepared: map[string]*sql.Stmt{}}, nil
}

func (s *sqlite) name() string { return "sqlite" }

func (s *sqlite) shared() bool { return false }

func (s *sqlite) lock() string { return "" }

func (s *sqlite) weigh(context.Context, []string) error { return nil }

func (s *sqlite) write(ctx context.Context, _ string, run func(statements) error) error {
	return s.writer.write(ctx, run)
}

func (s *sqlite) read(ctx context.Context, run func(statements) error) error {
	var reader *line
	select {
	case reader = <-s.readers:
	case <-ctx.Done():
		return ctx.Err()
	case <-s.closed:
		return errClosed
	}
	keep := false
	defer func() {
		if !keep && reader != nil {
			reader.close()
			reader = nil
		}
		s.readers <- reader
	}()
	if reader == nil {
		fresh, err := s.dial(ctx)
		if err != nil {
			return unavailable(err)
		}
		reader = fresh
		if err := reader.do("PRAGMA query_only = on"); err != nil {
			return unavailable(err)
		}
	}
	if err := reader.do("BEGIN"); err != nil {
		return unavailable(err)
	}
	defer func() { keep = reader.do("ROLLBACK") == nil }()
	return run(reader)
}

func (s *sqlite) ping(ctx context.Context) error {
	if err := s.writer.health(); err != nil {
		return err
	}
	return s.read(ctx, func(st statements) error {
		_, err := st.exec(ctx, "SELECT 1", nil)
		return err
	})
}

func (s *sqlite) close() error {
	var err error
	s.closing.Do(func() {
		close(s.closed)
		err = s.writer.close()
		for range cap(s.readers) {
			if reader := <-s.readers; reader != nil {
				reader.close()
			}
		}
		err = errors.Join(err, s.pool.Close())
		if s.claimed != nil {
			err = errors.Join(err, s.claimed.Close())
		}
	})
	return err
}

// line is one connection with the statements that are prepared on it.
type line struct {
	conn     *sql.Conn
	prepared map[string]*sql.Stmt
}

// maxPrepared bounds the statements kept on a connection: lists of different
// lengths are different statements.
const maxPrepared = 500

func (l *line) prepare(ctx context.Context, query string) (*sql.Stmt, error) {
	if stmt := l.prepared[query]; stmt != nil {
		return stmt, nil
	}
	if len(l.prepared) >= maxPrepared {
		for query, stmt := range l.prepared {
			stmt.Close()
			delete(l.prepared, query)
		}
	}
	stmt, err := l.conn.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	l.prepared[query] = stmt
	return stmt, nil
}

func (l *line) exec(ctx context.Context, query string, args []any) (int64, error) {
	stmt, err := l.prepare(ctx, query)
	if err != nil {
		return 0, err
	}
	result, err := stmt.ExecContext(ctx, args...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

func (l *line) ask(ctx context.Context, questions []Question, read func(Question, rows, error) error) error {
	for _, q := range questions {
		stmt, err := l.prepare(ctx, q.query)
		var found *sql.Rows
		if err == nil {
			found, err = stmt.QueryContext(ctx, q.args...)
		}
		if err := read(q, found, err); err != nil {
			return err
		}
	}
	return nil
}

func (l *line) promise(ctx context.Context, rows int64, query string, args []any) error {
	n, err := l.exec(ctx, query, args)
	if err == nil && n != rows {
		err = ErrGuard
	}
	return err
}

// last changes nothing: whoever writes to SQLite waits for all others.
func (l *line) last() {}

// do runs a statement of the transaction's own, which nobody can cancel.
func (l *line) do(statement string) error {
	_, err := l.exec(context.Background(), statement, nil)
	return err
}

func (l *line) close() error {
	for _, stmt := range l.prepared {
		stmt.Close()
	}
	return l.conn.Close()
}

// sqliteCode gives SQLite's extended result code of an error; 0 if it is not
// SQLite's.
func sqliteCode(err error) int {
	var e *driver.Error
	if errors.As(err, &e) {
		return e.Code()
	}
	return 0
}

// IsForeignKey reports whether a statement failed because a row refers to one
// that is not there, or is referred to. The transaction is over: this is to
// choose the fault, not to go on.
func IsForeignKey(err error) bool {
	return sqliteCode(err) == codes.SQLITE_CONSTRAINT_FOREIGNKEY || postgresCode(err) == "23503"
}

// IsUnique reports whether a statement failed because a row with that key is
// already there. As with IsForeignKey, the transaction is over.
func IsUnique(err error) bool {
	switch sqliteCode(err) {
	case codes.SQLITE_CONSTRAINT_UNIQUE, codes.SQLITE_CONSTRAINT_PRIMARYKEY, codes.SQLITE_CONSTRAINT_ROWID:
		return true
	}
	return postgresCode(err) == "23505"
}
