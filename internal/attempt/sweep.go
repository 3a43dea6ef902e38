package attempt

import (
	"context"
	"fmt"
	"time"

	"tenure/internal/db"
)

// kept is how long a count stays that was left alone: as long as the longest pace
// remembers it.
const kept = 24 * time.Hour

// Sweep deletes the counts that count nothing any more. It is for now and then.
func Sweep(ctx context.Context, d *db.DB) error {
	if err := d.Sweep(ctx, func(tx *db.Tx) (int64, error) {
		return tx.Exec(ctx, `DELETE FROM attempts WHERE failed_at < $1 AND blocked_till < $2 AND attempt_key IN
			(SELECT attempt_key FROM attempts WHERE failed_at < $1 AND blocked_till < $2 ORDER BY failed_at LIMIT $3)`,
			db.Micros(tx.Now().Add(-kept)), db.Micros(tx.Now()), db.SweepRows)
	}); err != nil {
		return fmt.Errorf("delete old counts: %w", err)
	}
	return nil
}
