package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"

	codes "modernc.org/sqlite/lib"
)

// ErrClaimed is a store that another server has claimed.
var ErrClaimed = errors.New("another server works on this database")

// Claim makes this the only server of a store that has no way to tell other
// nodes what has changed: each remembers rights and sessions, and would go on
// with those the other has ended. Until Close, or until the process ends in
// whatever way, a second Claim gives ErrClaimed. Reading and writing without a
// claim stay possible. A store that nodes share is never claimed.
func (d *DB) Claim(ctx context.Context) error { return d.engine.claim(ctx) }

func (p *postgres) claim(context.Context) error { return nil }

func (s *sqlite) claim(ctx context.Context) (err error) {
	s.claimed, err = lockFile(ctx, s.path+"-serve", 0)
	if sqliteCode(err)&0xff == codes.SQLITE_BUSY {
		return ErrClaimed
	}
	if err != nil {
		return fmt.Errorf("claim database: %w", err)
	}
	return nil
}

// fileLock is a file that is only there to be locked. The lock is SQLite's, so
// that it works wherever the database does, and ends with the process.
type fileLock struct {
	file *sql.DB
	held *sql.Tx
}

// lockFile takes the lock within so many milliseconds.
func lockFile(ctx context.Context, path string, patience int) (*fileLock, error) {
	if err := makeFile(path); err != nil {
		return nil, err
	}
	file, err := sql.Open("sqlite", fileName(path, map[string][]string{"_busy_timeout": {fmt.Sprint(patience)}, "_txlock": {"exclusive"}}))
	if err != nil {
		return nil, err
	}
	held, err := file.BeginTx(context.WithoutCancel(ctx), nil) // it outlives what took it
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return &fileLock{file, held}, nil
}

// makeFile makes the file if it is not there. One that is there it does not
// open: to close it again would end the locks that this process has on it.
func makeFile(path string) error {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return file.Close()
}

// Close lets go of the lock.
func (l *fileLock) Close() error { return errors.Join(l.held.Rollback(), l.file.Close()) }
