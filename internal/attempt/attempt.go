// Package attempt counts what may be tried or asked for only so often: guesses
// at a password or a code, mails to one address.
//
// Invariants. A count is a row, so that neither a restart nor many other counts
// make it forgotten (Argo CD CVE-2024-21652). It is raised before what is tried
// is looked at, and of many at the same time each is counted. It delays and never
// locks for good (Vikunja, Zitadel). Counts tell nothing of whom they are about,
// make no event and take no lock but their own row.
package attempt

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"time"

	"tenure/internal/db"
	"tenure/internal/fault"
)

// Pace is how often something may be tried.
type Pace struct {
	Free    int64         // as many follow each other without a wait
	First   time.Duration // the wait after the last of these; each further one doubles it
	Longest time.Duration // the longest wait
	Forget  time.Duration // a count that was left alone for longer begins anew
}

// Mails is how often somebody may have one and the same mail sent.
var Mails = Pace{Free: 4, First: 30 * time.Second, Longest: time.Hour, Forget: 24 * time.Hour}

// wait is how long after so many attempts the next one must wait.
func (p Pace) wait(attempts int64) time.Duration {
	if attempts < p.Free {
		return 0
	}
	wait := p.First
	for n := p.Free; n < attempts && wait < p.Longest; n++ {
		wait *= 2
	}
	return min(wait, p.Longest)
}

// Count is what is counted of one purpose about one subject. The zero value
// counts nothing, and only Clear may be asked of it.
type Count struct {
	key  string
	pace Pace
}

// Of names a count. What is kept of purpose and subject is a hash.
func Of(purpose, subject string, pace Pace) Count {
	sum := sha256.Sum256([]byte(purpose + "\x00" + subject))
	return Count{hex.EncodeToString(sum[:]), pace}
}

// Add counts one more attempt. Faults: too_many_attempts for one that has to
// wait, which is not counted.
func (c Count) Add(ctx context.Context, tx *db.Tx) error {
	var attempts int64
	now := tx.Now()
	err := tx.One(ctx, `INSERT INTO attempts (attempt_key, failures, failed_at, blocked_till) VALUES ($1, 1, $2, 0)
		ON CONFLICT (attempt_key) DO UPDATE SET failures = CASE WHEN attempts.failed_at < $3 THEN 1 ELSE attempts.failures + 1 END, failed_at = $2
		WHERE attempts.blocked_till <= $2 RETURNING failures`, []any{c.key, db.Micros(now), db.Micros(now.Add(-c.pace.Forget))}, &attempts)
	if errors.Is(err, db.ErrNone) {
		var till time.Time
		if err := tx.One(ctx, `SELECT blocked_till FROM attempts WHERE attempt_key = $1`, []any{c.key}, db.Time(&till)); err != nil {
			return fmt.Errorf("count attempt: %w", err)
		}
		return tooMany(till.Sub(now))
	}
	if err != nil {
		return fmt.Errorf("count attempt: %w", err)
	}
	if wait := c.pace.wait(attempts); wait > 0 {
		if err := tx.ExecOne(ctx, `UPDATE attempts SET blocked_till = $2 WHERE attempt_key = $1`, c.key, db.Micros(now.Add(wait))); err != nil {
			return fmt.Errorf("count attempt: %w", err)
		}
	}
	return nil
}

// TooMany reports whether an error says that an attempt has to wait, to who
// keeps that to themselves.
func TooMany(err error) bool { return fault.Code(err) == "too_many_attempts" }

// tooMany says how long to wait, in whole seconds.
func tooMany(wait time.Duration) *fault.Fault {
	seconds := math.Ceil(wait.Seconds())
	return fault.TooMany("too_many_attempts", "There were too many attempts. Please wait a little.", time.Duration(seconds)*time.Second)
}

// Refund takes back an attempt that was counted and was no failure: it was not
// looked at, because the server could not, or it was right.
func (c Count) Refund(ctx context.Context, tx *db.Tx) error {
	return c.write(ctx, tx, `UPDATE attempts SET failures = failures - 1, blocked_till = 0 WHERE attempt_key = $1 AND failures > 0`)
}

// Clear forgets all attempts.
func (c Count) Clear(ctx context.Context, tx *db.Tx) error {
	return c.write(ctx, tx, `DELETE FROM attempts WHERE attempt_key = $1`)
}

// Lift ends the wait and keeps the count: one more attempt is free.
func (c Count) Lift(ctx context.Context, tx *db.Tx) error {
	return c.write(ctx, tx, `UPDATE attempts SET blocked_till = 0 WHERE attempt_key = $1`)
}

func (c Count) write(ctx context.Context, tx *db.Tx, statement string) error {
	if c.key == "" {
		return nil
	}
	if _, err := tx.Exec(ctx, statement, c.key); err != nil {
		return fmt.Errorf("count attempts: %w", err)
	}
	return nil
}
