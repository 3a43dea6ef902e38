package db

import (
	"fmt"
	"log/slog"

	codes "modernc.org/sqlite/lib"
)

// writer is the one connection of SQLite that writes, and the queue for it.
type writer struct {
	*queue
	line *line
}

func newWriter(l *line, tally *tally, log *slog.Logger) *writer {
	w := &writer{line: l}
	w.queue = &queue{open: w.open, tally: tally, log: log}
	return w
}

// close lets the group under way finish and closes the connection.
func (w *writer) close() error {
	w.stop()
	return w.line.close()
}

// open begins a transaction; one that an earlier failure left open is rolled
// back first.
func (w *writer) open() (shared, error) {
	err := w.line.do("BEGIN IMMEDIATE")
	if primary(err) == codes.SQLITE_ERROR {
		w.rollback()
		err = w.line.do("BEGIN IMMEDIATE")
	}
	return w, unavailable(err)
}

func (w *writer) begin() (statements, error) { return w.line, w.line.do("SAVEPOINT member") }

func (w *writer) end(keep bool) error {
	if !keep {
		if err := w.line.do("ROLLBACK TO member"); err != nil {
			return err
		}
	}
	return w.line.do("RELEASE member")
}

func (w *writer) full() bool { return false }

func (w *writer) commit() error {
	err := w.line.do("COMMIT")
	if err == nil {
		return nil
	}
	w.rollback()
	if surelyRolledBack(err) {
		return fmt.Errorf("commit: %w", err)
	}
	// The frames may be in the log or not, and what is written after them would
	// decide it. Only a new start reads the log again.
	err = unknown(fmt.Errorf("commit: %w", err))
	w.fail(unavailable(fmt.Errorf("nothing is written any more after a commit with unknown outcome; start again: %w", err)))
	w.log.Error("a commit failed with unknown outcome, nothing is written any more until a restart", "error", err)
	return err
}

// rollback ends the transaction; SQLite may have done so already.
func (w *writer) rollback() {
	err := w.line.do("ROLLBACK")
	if err != nil && primary(err) != codes.SQLITE_ERROR {
		w.log.Warn("a transaction could not be rolled back", "error", err)
	}
}

// surelyRolledBack reports whether a COMMIT that gave this error left nothing
// behind: it was refused before anything reached the log.
func surelyRolledBack(err error) bool {
	switch primary(err) {
	case codes.SQLITE_BUSY, codes.SQLITE_LOCKED, codes.SQLITE_CONSTRAINT, codes.SQLITE_ERROR, codes.SQLITE_FULL:
		return true
	}
	return false
}

// primary gives SQLite's primary result code: the low byte.
func primary(err error) int { return sqliteCode(err) & 0xff }
