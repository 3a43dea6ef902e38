package job

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"

	"tenure/internal/db"
	"tenure/internal/id"
)

// Handler does one job. An error puts it off. Its context ends when the lease
// is lost.
type Handler func(ctx context.Context, account id.Account, ref string) error

// How jobs are worked on.
const (
	lease   = time.Minute      // how long a worker is believed to be alive
	renewal = lease / 3        // how often it says so
	patient = 10 * time.Second // the longest wait between two looks at the table
	workers = 4                // jobs done at the same time on a node
	batch   = 20               // jobs looked at together
)

// delays are the waits after each failure; after the last the job is failed.
var delays = []time.Duration{10 * time.Second, time.Minute, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 6 * time.Hour, 24 * time.Hour}

// longestReason bounds what is kept of an error, in bytes.
const longestReason = 500

// errLostLease ends the context of a handler whose job somebody else may have
// by now.
var errLostLease = errors.New("the lease of the job was lost")

// Runner does the jobs that are due.
type Runner struct {
	db       *db.DB
	log      *slog.Logger
	handlers map[string]Handler
	givingUp map[string]Handler
	observe  func(kind string, took time.Duration, err error)
}

// NewRunner makes a runner for the kinds of job that have a handler here; it
// leaves others to nodes that know them.
func NewRunner(d *db.DB, log *slog.Logger, handlers map[string]Handler) *Runner {
	return &Runner{db: d, log: log, handlers: handlers, givingUp: map[string]Handler{}, observe: func(string, time.Duration, error) {}}
}

// Observe has the function told of every run of a job, by many goroutines.
// Call it before Run.
func (r *Runner) Observe(fn func(kind string, took time.Duration, err error)) { r.observe = fn }

// GivingUp has the function called when a job of the kind has failed for the last
// time, before that is written down. If it fails as well, the job is put off
// instead. Call it before Run.
func (r *Runner) GivingUp(kind string, fn Handler) { r.givingUp[kind] = fn }

// claim is one job that this runner has taken.
type claim struct {
	account  id.Account
	job      id.Job
	kind     string
	ref      string
	attempts int64
	till     time.Time // what the row says of the lease, while it is ours
	goesOn   bool      // it is tried again, however often it has failed
}

// Run does jobs until the context ends, and returns when those under way have.
func (r *Runner) Run(ctx context.Context) {
	var all sync.WaitGroup
	for range workers {
		all.Go(func() { r.work(ctx) })
	}
	all.Wait()
}

func (r *Runner) work(ctx context.Context) {
	for {
		woken := r.db.Woken(Topic)
		if _, err := r.RunDue(ctx); err != nil && ctx.Err() == nil {
			r.log.Error("jobs", "error", err)
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

// RunDue does the jobs that are due, one after the other, until there are none,
// and says how many it did.
func (r *Runner) RunDue(ctx context.Context) (done int, err error) {
	for {
		due, err := r.due(ctx)
		if err != nil {
			return done, fmt.Errorf("find due jobs: %w", err)
		}
		taken := 0
		for _, c := range due {
			ours, err := r.take(ctx, &c)
			if err != nil {
				return done, fmt.Errorf("claim job: %w", err)
			}
			if !ours {
				continue
			}
			taken++
			if err := r.do(ctx, &c); err != nil {
				return done, err
			}
			done++
		}
		if taken == 0 {
			return done, nil
		}
	}
}

// due looks for jobs over all accounts; a claim names one.
func (r *Runner) due(ctx context.Context) ([]claim, error) {
	kinds := slices.Sorted(maps.Keys(r.handlers))
	if len(kinds) == 0 {
		return nil, nil
	}
	args := []any{db.Micros(r.db.Now()), batch}
	for _, kind := range kinds {
		args = append(args, kind)
	}
	var due []claim
	err := r.db.Read(ctx, func(tx *db.Tx) error {
		due = nil
		return tx.Each(ctx, `SELECT account_id, job_id, kind, ref FROM jobs WHERE status = 'queued' AND due_at <= $1 AND lease_till <= $1
			AND kind IN (`+db.Params(3, len(kinds))+`) ORDER BY due_at, job_id LIMIT $2`, args, func(scan func(...any) error) error {
			var c claim
			err := scan((*string)(&c.account), (*string)(&c.job), &c.kind, &c.ref)
			due = append(due, c)
			return err
		})
	})
	return due, err
}

// take claims the job, unless somebody was faster.
func (r *Runner) take(ctx context.Context, c *claim) (ours bool, err error) {
	err = r.db.Housekeep(ctx, func(tx *db.Tx) error {
		c.till = tx.Now().Add(lease)
		return tx.One(ctx, `UPDATE jobs SET attempts = attempts + 1, lease_till = $3
			WHERE account_id = $1 AND job_id = $2 AND status = 'queued' AND due_at <= $4 AND lease_till <= $4 RETURNING attempts`,
			[]any{string(c.account), string(c.job), db.Micros(c.till), db.Micros(tx.Now())}, &c.attempts)
	})
	if errors.Is(err, db.ErrNone) {
		return false, nil
	}
	return err == nil, err
}

// do does the job and writes down how it ended. If the runner is stopped
// meanwhile it writes nothing: the lease runs out, and somebody else does it.
func (r *Runner) do(ctx context.Context, c *claim) error {
	began := r.db.Now()
	failure := r.handle(ctx, c)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	r.observe(c.kind, r.db.Now().Sub(began), failure)
	if failure != nil {
		r.log.Error("job", "kind", c.kind, "account", string(c.account), "ref", c.ref, "attempt", c.attempts, "error", failure)
	}
	if errors.Is(failure, errLostLease) {
		return nil
	}
	err := r.db.Housekeep(ctx, func(tx *db.Tx) error { return c.close(ctx, tx, failure) })
	if err != nil && !errors.Is(err, db.ErrGuard) {
		return fmt.Errorf("close job: %w", err)
	}
	return nil
}

// handle runs the handler and renews the lease as long as it runs.
func (r *Runner) handle(ctx context.Context, c *claim) (err error) {
	ctx, end := context.WithCancelCause(ctx)
	var renewing sync.WaitGroup
	renewing.Go(func() { r.renew(ctx, c, end) })
	defer func() {
		if errors.Is(context.Cause(ctx), errLostLease) {
			err = errors.Join(err, errLostLease)
		}
		end(nil)
		renewing.Wait()
	}()
	err = c.run(ctx, r.handlers[c.kind])
	if giveUp, found := r.givingUp[c.kind]; found && err != nil && ctx.Err() == nil && c.last() {
		if failed := c.run(ctx, giveUp); failed != nil {
			c.goesOn, err = true, errors.Join(err, failed)
		}
	}
	return err
}

// run calls a handler, and gives its panic as an error.
func (c *claim) run(ctx context.Context, handler Handler) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the handler panicked: %v\n%s", p, debug.Stack())
		}
	}()
	return handler(ctx, c.account, c.ref)
}

// last reports whether no delay is left after this attempt.
func (c *claim) last() bool { return c.attempts > int64(len(delays)) }

func (r *Runner) renew(ctx context.Context, c *claim, end context.CancelCauseFunc) {
	ticker := time.NewTicker(renewal)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		err := r.db.Housekeep(ctx, func(tx *db.Tx) error { return c.renew(ctx, tx) })
		if errors.Is(err, db.ErrGuard) {
			end(errLostLease)
			return
		}
		if err != nil && ctx.Err() == nil {
			r.log.Warn("a lease was not renewed", "kind", c.kind, "error", err) // there is time to try again
		}
	}
}

// renew moves the end of the lease on. It gives db.ErrGuard if the lease was
// lost.
func (c *claim) renew(ctx context.Context, tx *db.Tx) error {
	till := tx.Now().Add(lease)
	err := tx.ExecOne(ctx, `UPDATE jobs SET lease_till = $4 WHERE account_id = $1 AND job_id = $2 AND status = 'queued' AND lease_till = $3`,
		string(c.account), string(c.job), db.Micros(c.till), db.Micros(till))
	if err == nil {
		tx.After(func() { c.till = till })
	}
	return err
}

// close writes down how the job ended. It gives db.ErrGuard if the lease was
// lost. A job that was asked for again meanwhile begins anew.
func (c *claim) close(ctx context.Context, tx *db.Tx, failure error) error {
	const ours = ` AND status = 'queued' AND lease_till = $3`
	args := []any{string(c.account), string(c.job), db.Micros(c.till)}
	n, err := tx.Exec(ctx, `UPDATE jobs SET due_at = again_at, again_at = NULL, lease_till = 0, attempts = 0
		WHERE account_id = $1 AND job_id = $2`+ours+` AND again_at IS NOT NULL`, args...)
	if err != nil || n == 1 {
		return err
	}
	if failure == nil {
		return tx.ExecOne(ctx, `DELETE FROM jobs WHERE account_id = $1 AND job_id = $2`+ours, args...)
	}
	status, due := "failed", tx.Now()
	if !c.last() || c.goesOn {
		status, due = "queued", due.Add(delays[min(c.attempts, int64(len(delays)))-1])
	}
	return tx.ExecOne(ctx, `UPDATE jobs SET status = $4, reason = $5, due_at = $6, lease_till = 0
		WHERE account_id = $1 AND job_id = $2`+ours,
		append(args, status, reason(failure), db.Micros(due))...)
}

// reason is what is kept of an error.
func reason(err error) string {
	text := err.Error()
	if len(text) > longestReason {
		text = text[:longestReason]
	}
	return strings.ReplaceAll(strings.ToValidUTF8(text, ""), "\x00", "")
}
