package outbox

import (
	"context"
	"errors"
	"fmt"
	"time"

	"tenure/internal/db"
	"tenure/internal/id"
)

// Topic is what db.DB.Woken waits for to hear of mail that was added on this
// node. It may be missed; the table is the truth.
const Topic = "outbox"

// Claim is one mail that somebody has taken to deliver. Nobody else gets it
// before Till.
type Claim struct {
	ID id.Mail
	Mail
	Try     int64     // 1 for the first
	Till    time.Time // when the lease runs out
	AddedAt time.Time
}

// Take claims up to limit mails that are due, the most urgent first, for as
// long as the lease. Mails whose lease ran out count as due.
func Take(ctx context.Context, d *db.DB, limit int, lease time.Duration) ([]Claim, error) {
	type row struct {
		account id.Account
		mail    id.Mail
	}
	var due []row
	err := d.Read(ctx, func(tx *db.Tx) error {
		due = due[:0]
		return tx.Each(ctx, `SELECT account_id, mail_id FROM outbox WHERE status = 'queued' AND due_at <= $1
			ORDER BY due_at, mail_id LIMIT $2`, []any{db.Micros(d.Now()), limit}, func(scan func(dest ...any) error) error {
			var r row
			err := scan(&r.account, &r.mail)
			due = append(due, r)
			return err
		})
	})
	if err != nil || len(due) == 0 {
		return nil, wrap("find due mails", err)
	}
	var claims []Claim
	err = d.Housekeep(ctx, func(tx *db.Tx) error {
		claims = claims[:0]
		for _, r := range due {
			c, err := take(ctx, tx, r.account, r.mail, lease)
			if errors.Is(err, db.ErrNone) {
				continue // somebody else was faster
			}
			if err != nil {
				return err
			}
			claims = append(claims, c)
		}
		return nil
	})
	return claims, wrap("claim mails", err)
}

// take claims one mail. A claimed mail is due again when its lease runs out,
// which is all that recovery from a crash needs.
func take(ctx context.Context, tx *db.Tx, account id.Account, mail id.Mail, lease time.Duration) (Claim, error) {
	now := tx.Now()
	c := Claim{ID: mail, Till: now.Add(lease)}
	c.Account = account
	err := tx.One(ctx, `UPDATE outbox SET attempts = attempts + 1, lease_till = $1, due_at = $1
		WHERE account_id = $2 AND mail_id = $3 AND status = 'queued' AND due_at <= $4
		RETURNING kind, recipient, locale, subject_id, rotation, facts, attempts, created_at`,
		[]any{db.Micros(c.Till), account, mail, db.Micros(now)},
		&c.Kind, &c.To, &c.Locale, &c.Subject, &c.Rotation, db.Into(&c.Facts), &c.Try, db.Time(&c.AddedAt))
	return c, err
}

// Deliver closes a claimed mail as sent. It keeps neither recipient nor words.
func (c Claim) Deliver(ctx context.Context, tx *db.Tx) error {
	return c.close(ctx, tx, Sent, "")
}

// Fail closes a claimed mail as one that will not be sent.
func (c Claim) Fail(ctx context.Context, tx *db.Tx, reason string) error {
	return c.close(ctx, tx, Failed, reason)
}

// close does nothing if the mail is no longer this claim's: it was recalled, or
// the lease ran out and another claim holds it.
func (c Claim) close(ctx context.Context, tx *db.Tx, s Status, reason string) error {
	_, err := tx.Exec(ctx, `UPDATE outbox SET status = $1, reason = $2, recipient = '', facts = '{}', closed_at = $3
		WHERE account_id = $4 AND mail_id = $5 AND status = 'queued' AND attempts = $6`,
		s, reason, db.Micros(tx.Now()), c.Account, c.ID, c.Try)
	return wrap("close mail", err)
}

// Postpone gives a claimed mail back, to be tried again at the time.
func (c Claim) Postpone(ctx context.Context, tx *db.Tx, until time.Time, reason string) error {
	_, err := tx.Exec(ctx, `UPDATE outbox SET due_at = $1, lease_till = 0, reason = $2
		WHERE account_id = $3 AND mail_id = $4 AND status = 'queued' AND attempts = $5`,
		db.Micros(until), reason, c.Account, c.ID, c.Try)
	return wrap("postpone mail", err)
}

// Return gives back a claimed mail that was not tried, because the courier
// stops. It is due at once and the try does not count.
func (c Claim) Return(ctx context.Context, tx *db.Tx) error {
	_, err := tx.Exec(ctx, `UPDATE outbox SET due_at = $1, lease_till = 0, attempts = attempts - 1
		WHERE account_id = $2 AND mail_id = $3 AND status = 'queued' AND attempts = $4`,
		db.Micros(tx.Now()), c.Account, c.ID, c.Try)
	return wrap("return mail", err)
}

func wrap(operation string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", operation, err)
}
