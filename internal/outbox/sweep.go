package outbox

import (
	"context"
	"time"

	"tenure/internal/db"
	"tenure/internal/id"
)

const (
	// keptSent is how long it stays written that a mail was sent: longer than any
	// link holds, so that whatever waits for an answer still shows its mail.
	keptSent  = 100 * 24 * time.Hour
	sweepRows = 500
)

// Sweep deletes the mails that were sent long ago, with those before them about
// the same subject, so that a subject without a mail is one whose newest was
// sent. What failed in the end stays, with the reason. It is for now and then.
func Sweep(ctx context.Context, d *db.DB) error {
	for {
		var deleted int
		if err := d.Housekeep(ctx, func(tx *db.Tx) (err error) {
			deleted, err = sweep(ctx, tx)
			return err
		}); err != nil {
			return wrap("delete old mails", err)
		}
		if deleted < sweepRows {
			return nil
		}
	}
}

func sweep(ctx context.Context, tx *db.Tx) (deleted int, err error) {
	type row struct {
		account id.Account
		subject string
		mail    id.Mail
	}
	var old []row
	if err := tx.Each(ctx, `SELECT account_id, subject_id, mail_id FROM outbox WHERE status = 'sent' AND closed_at <= $1 ORDER BY closed_at LIMIT $2`,
		[]any{db.Micros(tx.Now().Add(-keptSent)), sweepRows}, func(scan func(dest ...any) error) error {
			var r row
			err := scan(&r.account, &r.subject, &r.mail)
			old = append(old, r)
			return err
		}); err != nil {
		return 0, err
	}
	for _, r := range old {
		if _, err := tx.Exec(ctx, `DELETE FROM outbox WHERE account_id = $1 AND subject_id = $2 AND mail_id <= $3 AND status <> 'queued'`,
			r.account, r.subject, r.mail); err != nil {
			return 0, err
		}
	}
	return len(old), nil
}
