package operator

import (
	"context"
	"fmt"

	"tenure/internal/db"
)

// Check holds the keys against what must never break, for tenure verify: where
// there were keys, one counts that does not run out.
func Check(ctx context.Context, tx *db.Tx) (defects []string, err error) {
	var ever int64
	if err := tx.One(ctx, `SELECT COUNT(*) FROM operator_keys`, nil, &ever); err != nil {
		return nil, fmt.Errorf("count operator keys: %w", err)
	}
	left, err := lasting(ctx, tx, "")
	if err == nil && ever > 0 && left == 0 {
		defects = append(defects, "no key counts that does not run out")
	}
	return defects, err
}
