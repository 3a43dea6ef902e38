package session

import (
	"context"
	"fmt"
	"time"

	"tenure/internal/db"
)

// How long a session that lets nobody in any more is kept, for whoever looks
// into what happened: since its end, and, where it just ran out, since its
// beginning, which no policy can outlast.
const (
	keepEnded = 90 * 24 * time.Hour
	keepAny   = 400 * 24 * time.Hour
)

// sweepRows is how many sessions one write deletes.
const sweepRows = 200

// Sweep deletes what is left of sessions that were over long ago. It is for now
// and then.
func (c *Cache) Sweep(ctx context.Context) error {
	for {
		type old struct {
			account string
			hash    []byte
		}
		var rows []old
		now := c.db.Now()
		if err := c.db.Read(ctx, func(tx *db.Tx) error {
			rows = nil
			return tx.Each(ctx, `SELECT account_id, token_hash FROM sessions WHERE ended_at < $1 OR created_at < $2 LIMIT $3`,
				[]any{db.Micros(now.Add(-keepEnded)), db.Micros(now.Add(-keepAny)), sweepRows}, func(scan func(...any) error) error {
					var r old
					err := scan(&r.account, &r.hash)
					rows = append(rows, r)
					return err
				})
		}); err != nil {
			return fmt.Errorf("find old sessions: %w", err)
		}
		if len(rows) == 0 {
			return nil
		}
		if err := c.db.Housekeep(ctx, func(tx *db.Tx) error {
			for _, r := range rows {
				if _, err := tx.Exec(ctx, `DELETE FROM sessions WHERE account_id = $1 AND token_hash = $2`, r.account, r.hash); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			return fmt.Errorf("delete old sessions: %w", err)
		}
	}
}
