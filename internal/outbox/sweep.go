package outbox

import (
	"context"
	"time"

	"tenure/internal/db"
	"tenure/internal/id"
)

// keptSent is how long it stays written that a mail was sent: longer than any
// link holds, so that whatever waits for an answer still shows its mail.
const keptSent = 100 * 24 * time.Hour

// Sweep deletes the mails that were sent long ago, with those before them about
// the same subject, so that a subject without a mail is one whose newest was
// sent. What failed in the end stays, with the reason. It is for now and then.
func Sweep(ctx context.Context, d *db.DB) error {
	if err := d.Sweep(ctx, func(tx *db.Tx) (int64, error) { return sweep(ctx, tx) }); err != nil {
		return wrap("delete old mails", err)
	}
	return nil
}

func sweep(ctx context.Context, tx *db.Tx) (deleted int64, err error) {
	type row struct {
		account id.Account
		subject string
		mail    id.Mail
	}
	var old []row
	if err := tx.Each(ctx, `SELECT account_id, subject_id, mail_id FROM outbox WHERE status = 'sent' AND closed_at <= $1 ORDER BY closed_at LIMIT $2`,
		[]any{db.Micros(tx.Now().Add(-keptSent)), db.SweepRows}, func(scan func(dest ...any) error) error {
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
	return int64(len(old)), nil
}
