package signin

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"time"

	"tenure/internal/access"
	"tenure/internal/audit"
	"tenure/internal/db"
	"tenure/internal/factor"
	"tenure/internal/fault"
	"tenure/internal/id"
	"tenure/internal/user"
)

// How attempts are slowed down. The counters are rows, so that neither a
// restart nor many addresses make them forgotten (Argo CD CVE-2024-21652), and
// the delay has an end, so that nobody can lock somebody out for good.
const (
	freeFailures = 10 // as many cost nothing
	freeMails    = 4
	freeUnlocks  = 3
	firstPause   = 30 * time.Second
	longestPause = 15 * time.Minute
	forgetAfter  = 24 * time.Hour // a counter that was left alone begins anew
)

// pause is how long after so many attempts the next one must wait.
func pause(attempts, free int64) time.Duration {
	if attempts < free {
		return 0
	}
	wait := firstPause
	for n := free; n < attempts && wait < longestPause; n++ {
		wait *= 2
	}
	return min(wait, longestPause)
}

// counter names what attempts are counted at; it does not hold the address.
func counter(purpose, emailKey string) string {
	sum := sha256.Sum256([]byte(purpose + "\x00" + emailKey))
	return hex.EncodeToString(sum[:])
}

func passwordCounter(emailKey string) string { return counter("password", emailKey) }

// count counts one more attempt, unless it has to wait: then it gives for how
// long, and counts nothing. Of many at the same time each is counted.
func count(ctx context.Context, tx *db.Tx, key string, free int64) (wait time.Duration, err error) {
	var attempts int64
	now := tx.Now()
	err = tx.One(ctx, `INSERT INTO attempts (attempt_key, failures, failed_at, blocked_till) VALUES ($1, 1, $2, 0)
		ON CONFLICT (attempt_key) DO UPDATE SET failures = CASE WHEN attempts.failed_at < $3 THEN 1 ELSE attempts.failures + 1 END, failed_at = $2
		WHERE attempts.blocked_till <= $2 RETURNING failures`, []any{key, db.Micros(now), db.Micros(now.Add(-forgetAfter))}, &attempts)
	if errors.Is(err, db.ErrNone) {
		var till time.Time
		if err := tx.One(ctx, `SELECT blocked_till FROM attempts WHERE attempt_key = $1`, []any{key}, db.Time(&till)); err != nil {
			return 0, fmt.Errorf("count attempt: %w", err)
		}
		return till.Sub(now), nil
	}
	if err != nil {
		return 0, fmt.Errorf("count attempt: %w", err)
	}
	if wait := pause(attempts, free); wait > 0 {
		if err := tx.ExecOne(ctx, `UPDATE attempts SET blocked_till = $2 WHERE attempt_key = $1`, key, db.Micros(now.Add(wait))); err != nil {
			return 0, fmt.Errorf("count attempt: %w", err)
		}
	}
	return 0, nil
}

// attempt counts an attempt at a password, before it is looked at: of many
// guesses at the same time no more are looked at than one after the other.
// Faults: too_many_attempts.
func (p *Passage) attempt(ctx context.Context, emailKey string) error {
	return p.counted(ctx, passwordCounter(emailKey), freeFailures)
}

func (p *Passage) counted(ctx context.Context, key string, free int64) error {
	var wait time.Duration
	if err := p.db.Housekeep(ctx, func(tx *db.Tx) (err error) {
		wait, err = count(ctx, tx, key, free)
		return err
	}); err != nil {
		return err
	}
	if wait > 0 {
		return tooMany(wait)
	}
	return nil
}

// tooMany says how long to wait, in whole seconds.
func tooMany(wait time.Duration) *fault.Fault {
	seconds := math.Ceil(wait.Seconds())
	return fault.TooMany("too_many_attempts", "There were too many attempts. Please wait a little.", time.Duration(seconds)*time.Second)
}

// refund takes back an attempt that was counted and was no failure: it was not
// looked at, because the server could not, or it was right.
func (p *Passage) refund(ctx context.Context, emailKey string, because error) error {
	err := p.db.Housekeep(context.WithoutCancel(ctx), func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE attempts SET failures = failures - 1, blocked_till = 0 WHERE attempt_key = $1 AND failures > 0`, passwordCounter(emailKey))
		return err
	})
	if err == nil {
		return because
	}
	return errors.Join(because, err)
}

// forgive clears the count of an address after the right password.
func (p *Passage) forgive(ctx context.Context, emailKey string) error {
	return p.db.Housekeep(ctx, func(tx *db.Tx) error { return clearCount(ctx, tx, emailKey) })
}

func clearCount(ctx context.Context, tx *db.Tx, emailKey string) error {
	_, err := tx.Exec(ctx, `DELETE FROM attempts WHERE attempt_key = $1`, passwordCounter(emailKey))
	if err != nil {
		return fmt.Errorf("clear attempts: %w", err)
	}
	return nil
}

// Unlock lets a member who has to wait try once more at once. It lifts the wait
// and keeps the count, which only they can end, by what is right: whoever may
// unlock could guess without end otherwise. And it is counted itself, because
// the identity may have places in other accounts too.
//
// Faults: those of access.AllowOver with members.manage; not_found; forbidden for
// oneself, which takes somebody else's word; step_up_required; conflict
// not_registered for who has not come in yet; too_many_attempts.
func (p *Passage) Unlock(ctx context.Context, actor access.Actor, account id.Account, who id.Member) error {
	if err := access.Allow(actor, account, access.MembersManage); err != nil {
		return err
	}
	return p.db.Write(ctx, account, func(tx *db.Tx) error {
		m, err := under(ctx, tx, actor, account, who)
		if err != nil {
			return err
		}
		if actor.Member == m.ID {
			return fault.Forbidden("forbidden", "Somebody else has to do this for you.")
		}
		if err := access.Proven(actor, tx.Now()); err != nil {
			return err
		}
		if !m.Registered() {
			return fault.Conflict("not_registered", "This person has not come in yet.")
		}
		wait, err := count(ctx, tx, counter("unlock", string(m.User)), freeUnlocks)
		if err != nil {
			return err
		}
		if wait > 0 {
			return tooMany(wait)
		}
		if err := liftWait(ctx, tx, m.User); err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor, audit.Event{Action: "member.unlock", Subject: audit.Of("member", m.ID)})
	})
}

// liftWait ends the time that a user has to wait, and keeps what was counted.
func liftWait(ctx context.Context, tx *db.Tx, who id.User) error {
	u, err := user.Get(ctx, tx, who)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE attempts SET blocked_till = 0 WHERE attempt_key = $1`, passwordCounter(u.EmailKey)); err != nil {
		return fmt.Errorf("lift wait: %w", err)
	}
	return nil
}

// Sweep deletes counters that count nothing any more, and challenges that are
// over. It is for now and then.
func (p *Passage) Sweep(ctx context.Context) error {
	return p.db.Housekeep(ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, `DELETE FROM attempts WHERE failed_at < $1 AND blocked_till < $2`, db.Micros(tx.Now().Add(-forgetAfter)), db.Micros(tx.Now())); err != nil {
			return err
		}
		return factor.Sweep(ctx, tx)
	})
}
