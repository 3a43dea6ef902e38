// Package job is work that is done later or after something else: written down
// in the transaction that asks for it, claimed by a lease, done at least once.
//
// Invariants:
//   - Work of a rolled-back transaction does not exist.
//   - There is one queued job for each account, kind and ref.
//   - What was asked for is done after it was asked for: asking again for a job
//     that is being worked on has it done once more.
//   - A worker that lost its lease writes nothing about the job. Another one
//     does the job again, so a handler must be able to run twice.
package job

import (
	"context"
	"fmt"
	"time"

	"tenure/internal/db"
	"tenure/internal/id"
)

// Topic is what db.DB.Woken waits for to hear of jobs that were added on this
// node. It may be missed; the table is the truth.
const Topic = "jobs"

// Add asks for work of the kind about ref, not before due. Where such a job is
// queued already, it is due at the earlier of the two times. One with a worker is
// done once more, also if the lease has run out: the worker may be about to close
// it without knowing.
func Add(ctx context.Context, tx *db.Tx, account id.Account, kind, ref string, due time.Time) error {
	const running, sooner = `jobs.lease_till > 0`, `excluded.due_at < jobs.due_at`
	_, err := tx.Exec(ctx, `INSERT INTO jobs (account_id, job_id, kind, ref, due_at, status) VALUES ($1, $2, $3, $4, $5, 'queued')
		ON CONFLICT (account_id, kind, ref) WHERE status = 'queued' DO UPDATE SET
			due_at = CASE WHEN NOT `+running+` AND `+sooner+` THEN excluded.due_at ELSE jobs.due_at END,
			again_at = CASE WHEN NOT `+running+` THEN jobs.again_at
				WHEN jobs.again_at IS NULL OR excluded.due_at < jobs.again_at THEN excluded.due_at ELSE jobs.again_at END`,
		string(account), string(id.New[id.Job]()), kind, ref, db.Micros(due))
	if err != nil {
		return fmt.Errorf("add job %s: %w", kind, err)
	}
	tx.Wake(Topic)
	return nil
}

// Drop takes back what was asked for. Work under way is not stopped, and not
// done again.
func Drop(ctx context.Context, tx *db.Tx, account id.Account, kind, ref string) error {
	_, err := tx.Exec(ctx, `DELETE FROM jobs WHERE account_id = $1 AND kind = $2 AND ref = $3 AND status = 'queued'`,
		string(account), kind, ref)
	if err != nil {
		return fmt.Errorf("drop job %s: %w", kind, err)
	}
	return nil
}
