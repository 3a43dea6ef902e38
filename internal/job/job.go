// Package job is work that is done later or after something else: written down
// in the transaction that asks for it, claimed by a lease, done at least once.
//
// Invariants. Work of a rolled-back transaction does not exist. There is one
// queued job for each account, kind and ref. A job whose worker died is taken
// up again when its lease runs out, so a handler must be able to run twice.
package job

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"tenure/internal/db"
	"tenure/internal/id"
)

// Topic is what db.DB.Woken waits for to hear of jobs that were added on this
// node. It may be missed; the table is the truth.
const Topic = "jobs"

// Add asks for work of the kind about ref, not before due. A job of the same
// kind and ref that is queued already stays as it is.
func Add(ctx context.Context, tx *db.Tx, account id.Account, kind, ref string, due time.Time) error {
	_, err := tx.Exec(ctx, `INSERT INTO jobs (account_id, job_id, kind, ref, due_at, status) VALUES ($1, $2, $3, $4, $5, 'queued') ON CONFLICT DO NOTHING`,
		string(account), string(id.New[id.Job]()), kind, ref, db.Micros(due))
	if err != nil {
		return fmt.Errorf("add job %s: %w", kind, err)
	}
	tx.Wake(Topic)
	return nil
}

// Handler does one job. An error puts it off; see Runner.
type Handler func(ctx context.Context, account id.Account, ref string) error

// How a job is worked on.
const (
	lease   = time.Minute      // how long a worker has before another may try
	patient = 10 * time.Second // the longest wait between two looks at the table
	batch   = 20
)

// delays are the waits after each failure; after the last the job is failed.
var delays = []time.Duration{10 * time.Second, time.Minute, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 6 * time.Hour, 24 * time.Hour}

// Runner does the jobs that are due.
type Runner struct {
	db       *db.DB
	log      *slog.Logger
	handlers map[string]Handler
}

// NewRunner makes a runner for the kinds of job that have a handler here; it
// leaves others to nodes that know them.
func NewRunner(d *db.DB, log *slog.Logger, handlers map[string]Handler) *Runner {
	return &Runner{d, log, handlers}
}

// claim is one job that this runner has taken.
type claim struct {
	account  id.Account
	job      id.Job
	kind     string
	ref      string
	attempts int64
}

// Run does jobs until the context ends.
func (r *Runner) Run(ctx context.Context) {
	for {
		woken := r.db.Woken(Topic)
		done, err := r.RunDue(ctx)
		if err != nil && ctx.Err() == nil {
			r.log.Error("jobs", "error", err)
		}
		if done == batch {
			continue
		}
		timer := time.NewTimer(patient)
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-woken:
		case <-timer.C:
		}
		timer.Stop()
	}
}

// RunDue does a batch of the jobs that are due now and says how many it took.
func (r *Runner) RunDue(ctx context.Context) (int, error) {
	claims, err := r.take(ctx)
	if err != nil {
		return 0, err
	}
	for _, c := range claims {
		err := r.handlers[c.kind](ctx, c.account, c.ref)
		if ctx.Err() != nil {
			return len(claims), ctx.Err() // the lease runs out, and somebody else does it
		}
		if err != nil {
			r.log.Error("job", "kind", c.kind, "account", string(c.account), "ref", c.ref, "attempt", c.attempts, "error", err)
		}
		if err := r.close(ctx, c, err); err != nil {
			return len(claims), err
		}
	}
	return len(claims), nil
}

// take claims due jobs. Looking goes over all accounts; a claim names one.
func (r *Runner) take(ctx context.Context) ([]claim, error) {
	var due []claim
	if err := r.db.Read(ctx, func(tx *db.Tx) error {
		due = due[:0]
		return tx.Each(ctx, `SELECT account_id, job_id, kind, ref FROM jobs WHERE status = 'queued' AND due_at <= $1 AND lease_till <= $1
			ORDER BY due_at, job_id LIMIT $2`, []any{db.Micros(r.db.Now()), batch}, func(scan func(...any) error) error {
			var c claim
			err := scan((*string)(&c.account), (*string)(&c.job), &c.kind, &c.ref)
			if r.handlers[c.kind] != nil {
				due = append(due, c)
			}
			return err
		})
	}); err != nil || len(due) == 0 {
		return nil, wrap("find due jobs", err)
	}
	var taken []claim
	err := r.db.Housekeep(ctx, func(tx *db.Tx) error {
		taken = taken[:0]
		for _, c := range due {
			err := tx.One(ctx, `UPDATE jobs SET attempts = attempts + 1, lease_till = $3 WHERE account_id = $1 AND job_id = $2
				AND status = 'queued' AND lease_till <= $4 RETURNING attempts`,
				[]any{string(c.account), string(c.job), db.Micros(tx.Now().Add(lease)), db.Micros(tx.Now())}, &c.attempts)
			if errors.Is(err, db.ErrNone) {
				continue // somebody else was faster
			}
			if err != nil {
				return err
			}
			taken = append(taken, c)
		}
		return nil
	})
	return taken, wrap("claim jobs", err)
}

// close writes down how a job ended, unless another worker has it by now.
func (r *Runner) close(ctx context.Context, c claim, failure error) error {
	return wrap("close job", r.db.Housekeep(ctx, func(tx *db.Tx) error {
		status, reason, due := "done", "", tx.Now()
		if failure != nil {
			status, reason = "failed", failure.Error()
			if int(c.attempts) <= len(delays) {
				status, due = "queued", tx.Now().Add(delays[c.attempts-1])
			}
		}
		_, err := tx.Exec(ctx, `UPDATE jobs SET status = $4, reason = $5, due_at = $6, lease_till = 0
			WHERE account_id = $1 AND job_id = $2 AND status = 'queued' AND attempts = $3`,
			string(c.account), string(c.job), c.attempts, status, reason, db.Micros(due))
		return err
	}))
}

func wrap(operation string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", operation, err)
}
