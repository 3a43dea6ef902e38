// Package factor is the second factor of a user: time-based one-time codes (RFC
// 6238), recovery codes, and the sign-ins that wait for either.
//
// Invariants. A seed is stored sealed, a recovery code as its hash only. A code
// works once: a step of time is accepted at most once and never after a later
// one (Gitea CVE-2026-20779), a recovery code is gone when it is used, a mailed
// code is dead when there is a newer one. A challenge leads to one session and
// holds only while the user is as they were when it was made.
package factor

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"tenure/internal/access"
	"tenure/internal/audit"
	"tenure/internal/db"
	"tenure/internal/fault"
	"tenure/internal/id"
	"tenure/internal/secret"
)

// Factor is the second factor of a user as it stands.
type Factor struct {
	User  id.User
	Since time.Time // when it was confirmed; zero: they have none
	Reset Reset
	Left  int64 // recovery codes that can still be used

	seed []byte // sealed; also of one that is not confirmed yet
	step int64  // the last one accepted
}

// On reports whether the user has a second factor.
func (f Factor) On() bool { return !f.Since.IsZero() }

// AskHolders asks which of the users have a second factor, and marks them.
func AskHolders(users []id.User, held map[id.User]bool) []db.Question {
	questions := []db.Question{}
	for part := range slices.Chunk(users, 100) {
		args := make([]any, len(part))
		for i, u := range part {
			args[i] = string(u)
		}
		questions = append(questions, db.AskEach(`SELECT user_id FROM factors WHERE since IS NOT NULL AND user_id IN (`+db.Params(1, len(part))+`)`, args,
			func(scan func(...any) error) error {
				var u id.User
				err := scan((*string)(&u))
				held[u] = true
				return err
			}))
	}
	return questions
}

// Held is a condition on the rows of a table that have a user_id, in SQL: the
// user has a second factor.
func Held(table string) string {
	return `EXISTS (SELECT 1 FROM factors f WHERE f.user_id = ` + table + `.user_id AND f.since IS NOT NULL)`
}

// Get reads the factor of a user; one that is off if they have none.
func Get(ctx context.Context, tx *db.Tx, user id.User) (Factor, error) {
	f := Factor{User: user}
	err := tx.One(ctx, `SELECT since, seed, step, reset_account, reset_till, code_rotation, code_expires, code_tries,
		(SELECT COUNT(*) FROM recovery_codes r WHERE r.user_id = factors.user_id) FROM factors WHERE user_id = $1`, []any{string(user)},
		db.Time(&f.Since), &f.seed, &f.step, (*string)(&f.Reset.Account), db.Time(&f.Reset.Till), &f.Reset.rotation, db.Time(&f.Reset.expires), &f.Reset.tries, &f.Left)
	if errors.Is(err, db.ErrNone) {
		return f, nil
	}
	if err != nil {
		return f, fmt.Errorf("read factor: %w", err)
	}
	return f, nil
}

// Begin writes down a new seed for the user, whose head the write has locked. It
// is no factor before its first code is given, and replaces one that never was.
//
// Faults: conflict factor_enabled.
func Begin(ctx context.Context, tx *db.Tx, actor access.Actor, keeper *secret.Keeper, user id.User, seed []byte) error {
	sealed, err := keeper.Seal(purpose(user), seed)
	if err != nil {
		return err
	}
	written, err := tx.Exec(ctx, `INSERT INTO factors (user_id, seed) VALUES ($1, $2)
		ON CONFLICT (user_id) DO UPDATE SET seed = $2, step = 0 WHERE factors.since IS NULL`, string(user), sealed)
	if err != nil {
		return fmt.Errorf("begin factor: %w", err)
	}
	if written == 0 {
		return fault.Conflict("factor_enabled", "You have a second factor already. Remove it first.")
	}
	return audit.RecordUser(ctx, tx, actor, audit.Event{Action: "factor.request", Subject: audit.Of("user", user)})
}

// purpose is what a seed is sealed for: the seed of another user does not open.
func purpose(user id.User) string { return "totp seed of " + string(user) }

// Confirm makes what was begun the second factor of the user, whose head the
// write has locked, by its first code, and gives recovery codes. The caller
// raises the user's epoch and ends what has to end.
//
// Faults: conflict factor_enabled; conflict factor_not_begun; bad_credentials
// for a wrong code.
func Confirm(ctx context.Context, tx *db.Tx, actor access.Actor, keeper *secret.Keeper, user id.User, code string) ([]string, error) {
	f, err := Get(ctx, tx, user)
	switch {
	case err != nil:
		return nil, err
	case f.On():
		return nil, fault.Conflict("factor_enabled", "You have a second factor already.")
	case len(f.seed) == 0:
		return nil, fault.Conflict("factor_not_begun", "Set the second factor up first.")
	}
	step, err := f.match(keeper, code, tx.Now())
	if err != nil {
		return nil, err
	}
	if err := tx.ExecOne(ctx, `UPDATE factors SET since = $2, step = $3 WHERE user_id = $1 AND since IS NULL`, string(user), db.Micros(tx.Now()), step); err != nil {
		return nil, fmt.Errorf("confirm factor: %w", err)
	}
	codes, err := issue(ctx, tx, user)
	if err != nil {
		return nil, err
	}
	return codes, audit.RecordUser(ctx, tx, actor, audit.Event{Action: "factor.add", Subject: audit.Of("user", user)})
}

// Renew replaces the recovery codes of the user, whose head the write has
// locked.
func Renew(ctx context.Context, tx *db.Tx, actor access.Actor, user id.User) ([]string, error) {
	codes, err := issue(ctx, tx, user)
	if err != nil {
		return nil, err
	}
	return codes, audit.RecordUser(ctx, tx, actor, audit.Event{Action: "factor.renew_codes", Subject: audit.Of("user", user)})
}

// How a factor comes to be no more; it is the event's action.
const (
	Removed     = "factor.remove" // by the person, who had a code
	WasReset    = "factor.reset"  // by the person, with a mailed code, at an administrator's word
	noFactorNow = `UPDATE factors SET seed = $2, since = NULL, step = 0, reset_account = '', reset_till = NULL, code_expires = NULL, code_tries = 0
		WHERE user_id = $1 AND since IS NOT NULL`
)

// Remove takes the factor and the recovery codes from the user, whose head the
// write has locked. The caller raises the user's epoch and ends what has to end.
// Faults: conflict factor_not_enabled.
func Remove(ctx context.Context, tx *db.Tx, actor access.Actor, user id.User, why string) error {
	gone, err := tx.Exec(ctx, noFactorNow, string(user), []byte{})
	if err != nil {
		return fmt.Errorf("remove factor: %w", err)
	}
	if gone == 0 {
		return NotEnabled()
	}
	if _, err := tx.Exec(ctx, `DELETE FROM recovery_codes WHERE user_id = $1`, string(user)); err != nil {
		return fmt.Errorf("remove recovery codes: %w", err)
	}
	return audit.RecordUser(ctx, tx, actor, audit.Event{Action: why, Subject: audit.Of("user", user)})
}

// NotEnabled says that there is no second factor to do this with.
func NotEnabled() *fault.Fault {
	return fault.Conflict("factor_not_enabled", "You have no second factor.")
}

// Forget deletes everything about a user who is erased; the event is the one of
// the erasure.
func Forget(ctx context.Context, tx *db.Tx, user id.User) error {
	for _, table := range []string{"factors", "recovery_codes", "challenges"} {
		if _, err := tx.Exec(ctx, `DELETE FROM `+table+` WHERE user_id = $1`, string(user)); err != nil {
			return fmt.Errorf("forget %s: %w", table, err)
		}
	}
	return nil
}
