package factor

import (
	"context"
	"errors"
	"fmt"
	"time"

	"tenure/internal/access"
	"tenure/internal/audit"
	"tenure/internal/db"
	"tenure/internal/fault"
	"tenure/internal/id"
	"tenure/internal/secret"
)

const (
	resetLife = 24 * time.Hour
	codeLife  = 10 * time.Minute
	codeTries = 5
)

// Reset is the way past a lost factor, at an administrator's word: for a while
// the person may show a code from their mailbox in its place. Codes and the
// tries at them make no event, like failures at a sign-in.
type Reset struct {
	Account id.Account // whose administrator opened it
	Till    time.Time  // zero: none is open

	rotation int64 // of the newest code
	expires  time.Time
	tries    int64
}

func (r Reset) open(now time.Time) bool { return now.Before(r.Till) }

// Open reports whether a mailed code may stand in for the factor now.
func (f Factor) Open(now time.Time) bool { return f.On() && f.Reset.open(now) }

// proves reports whether a code is the newest one that was mailed, in time and
// not guessed at too often.
func (r Reset) proves(keeper *secret.Keeper, user id.User, code string, now time.Time) bool {
	right := keeper.Code(secret.Link{Kind: secret.FactorCode, ID: string(user), Rotation: r.rotation})
	return same(code, right) && r.open(now) && now.Before(r.expires) && r.tries <= codeTries
}

// OpenReset lets the user, whose head the write has locked, get past their
// factor with a mailed code. Faults: conflict factor_not_enabled.
func OpenReset(ctx context.Context, tx *db.Tx, actor access.Actor, account id.Account, user id.User) error {
	opened, err := tx.Exec(ctx, `UPDATE factors SET reset_account = $2, reset_till = $3 WHERE user_id = $1 AND since IS NOT NULL`,
		string(user), string(account), db.Micros(tx.Now().Add(resetLife)))
	if err != nil {
		return fmt.Errorf("open reset of factor: %w", err)
	}
	if opened == 0 {
		return NotEnabled()
	}
	return audit.RecordUser(ctx, tx, actor, audit.Event{Action: "factor.open_reset", Subject: audit.Of("user", user),
		Changes: []audit.Change{audit.Plain("account", nil, string(account))}})
}

// NewCode makes another code of an open reset and gives its rotation and its
// end; the older ones are dead. Faults: conflict factor_not_enabled when none is
// open.
func NewCode(ctx context.Context, tx *db.Tx, user id.User) (rotation int64, expires time.Time, err error) {
	expires = tx.Now().Add(codeLife)
	err = tx.One(ctx, `UPDATE factors SET code_rotation = code_rotation + 1, code_expires = $2, code_tries = 0
		WHERE user_id = $1 AND since IS NOT NULL AND reset_till > $3 RETURNING code_rotation`,
		[]any{string(user), db.Micros(expires), db.Micros(tx.Now())}, &rotation)
	if errors.Is(err, db.ErrNone) {
		return 0, expires, NotEnabled()
	}
	if err != nil {
		return 0, expires, fmt.Errorf("make code: %w", err)
	}
	return rotation, expires, nil
}

// Try counts a try at the mailed code of a user, before any code is looked at.
// It is for db.Housekeep.
func Try(ctx context.Context, tx *db.Tx, user id.User, code string) error {
	if !digits(plain(code)) {
		return nil
	}
	_, err := tx.Exec(ctx, `UPDATE factors SET code_tries = code_tries + 1 WHERE user_id = $1 AND reset_till > $2`, string(user), db.Micros(tx.Now()))
	if err != nil {
		return fmt.Errorf("count try: %w", err)
	}
	return nil
}

// CloseReset closes the reset that an administrator of the account has opened,
// as part of what ends somebody's access; the event is the one of that.
func CloseReset(ctx context.Context, tx *db.Tx, user id.User, account id.Account) error {
	_, err := tx.Exec(ctx, `UPDATE factors SET reset_account = '', reset_till = NULL, code_expires = NULL WHERE user_id = $1 AND reset_account = $2`,
		string(user), string(account))
	if err != nil {
		return fmt.Errorf("close reset of factor: %w", err)
	}
	return nil
}

// Due says that an account wants a second factor of somebody who has none.
func Due() *fault.Fault {
	return fault.Conflict("factor_required", "An account of yours requires a second factor.")
}
