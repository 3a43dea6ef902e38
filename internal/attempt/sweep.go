package attempt

import (
	"context"
	"fmt"
	"time"

	"tenure/internal/db"
)

const (
	// kept is how long a count stays that was left alone: longer than any pace
	// remembers it.
	kept = 24 * time.Hour
	// sweepRows is how many one write deletes.
	sweepRows = 500
)

// Sweep deletes the counts that count nothing any more. It is for now and then.
func Sweep(ctx context.Context, d *db.DB) error {
	for {
		var deleted int64
		if err := d.Housekeep(ctx, func(tx *db.Tx) (err error) {
			deleted, err = tx.Exec(ctx, `DELETE FROM attempts WHERE failed_at < $1 AND blocked_till < $2 AND attempt_key IN
				(SELECT attempt_key FROM attempts WHERE failed_at < $1 AND blocked_till < $2 ORDER BY failed_at LIMIT $3)`,
				db.Micros(tx.Now().Add(-kept)), db.Micros(tx.Now()), sweepRows)
			return err
		}); err != nil {
			return fmt.Errorf("delete old counts: %w", err)
		}
		if deleted < sweepRows {
			return nil
		}
	}
}
