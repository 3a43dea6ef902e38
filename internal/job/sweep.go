package job

import (
	"context"
	"fmt"
	"time"

	"tenure/internal/db"
)

// keptFailed is how long a job that failed in the end stays with its reason, for
// whoever looks into what happened.
const keptFailed = 90 * 24 * time.Hour

// Sweep deletes the jobs that failed long ago. It is for now and then.
func Sweep(ctx context.Context, d *db.DB) error {
	if err := d.Sweep(ctx, func(tx *db.Tx) (int64, error) { return sweep(ctx, tx) }); err != nil {
		return fmt.Errorf("delete failed jobs: %w", err)
	}
	return nil
}

func sweep(ctx context.Context, tx *db.Tx) (int64, error) {
	var old []claim
	if err := tx.Each(ctx, `SELECT account_id, job_id FROM jobs WHERE status = 'failed' AND due_at <= $1 ORDER BY due_at LIMIT $2`,
		[]any{db.Micros(tx.Now().Add(-keptFailed)), db.SweepRows}, func(scan func(...any) error) error {
			var c claim
			err := scan((*string)(&c.account), (*string)(&c.job))
			old = append(old, c)
			return err
		}); err != nil {
		return 0, err
	}
	for _, c := range old {
		if _, err := tx.Exec(ctx, `DELETE FROM jobs WHERE account_id = $1 AND job_id = $2 AND status = 'failed'`, string(c.account), string(c.job)); err != nil {
			return 0, err
		}
	}
	return int64(len(old)), nil
}
