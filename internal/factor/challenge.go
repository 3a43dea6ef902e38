package factor

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"tenure/internal/db"
	"tenure/internal/fault"
	"tenure/internal/id"
	"tenure/internal/secret"
)

const (
	// challengePrefix is what every challenge begins with.
	challengePrefix = "tf_"
	challengeLife   = 10 * time.Minute
	challengeBytes  = 32
)

// Challenge is what somebody gets who knows their password and has a second
// factor. A code for it leads to a session, once. The token is shown once.
type Challenge struct {
	Token     string
	Methods   []Method
	ExpiresAt time.Time
}

// Errand is a sign-in that waits for the second factor: whose, and where it
// leads.
type Errand struct {
	User    id.User
	Epoch   int64 // of the user, when the password was verified
	Account id.Account
	Member  id.Member // empty: a place that is still to be taken, as Ask says
	Ask     json.RawMessage
}

// Challenge writes an errand down and asks for a code of the factor. It is
// no fact yet and makes no event: a write of it may be db.Housekeep.
func (f Factor) Challenge(ctx context.Context, tx *db.Tx, e Errand) (Challenge, error) {
	c := Challenge{Token: challengePrefix + secret.Random(challengeBytes), Methods: f.methods(tx.Now()), ExpiresAt: tx.Now().Add(challengeLife)}
	if err := tx.ExecOne(ctx, `INSERT INTO challenges (challenge_hash, user_id, user_epoch, account_id, member_id, errand, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		secret.Hash(c.Token), string(e.User), e.Epoch, string(e.Account), string(e.Member), string(e.Ask), db.Micros(c.ExpiresAt)); err != nil {
		return Challenge{}, fmt.Errorf("ask for a factor: %w", err)
	}
	return c, nil
}

// methods are the ways the factor can be shown now.
func (f Factor) methods(now time.Time) []Method {
	ways := []Method{TOTP, Recovery}
	if f.Reset.open(now) {
		ways = append(ways, Mailed)
	}
	return ways
}

// Waiting gives the errand of a challenge that can be answered now. Whether its
// user and place still are what they were is the caller's to look.
//
// Faults: not_found for what is no challenge; gone token_used, token_expired.
func Waiting(ctx context.Context, tx *db.Tx, token string) (Errand, error) {
	var e Errand
	var ask string
	var expires, used time.Time
	err := tx.One(ctx, `SELECT user_id, user_epoch, account_id, member_id, errand, expires_at, used_at FROM challenges WHERE challenge_hash = $1`,
		[]any{secret.Hash(token)}, (*string)(&e.User), &e.Epoch, (*string)(&e.Account), (*string)(&e.Member), &ask, db.Time(&expires), db.Time(&used))
	e.Ask = json.RawMessage(ask)
	switch {
	case errors.Is(err, db.ErrNone):
		return e, fault.NotFound()
	case err != nil:
		return e, fmt.Errorf("read challenge: %w", err)
	case !used.IsZero():
		return e, Over()
	case !tx.Now().Before(expires):
		return e, fault.Gone("token_expired", "The time for the code is over. Please sign in again.")
	}
	return e, nil
}

// Over says that a challenge leads nowhere any more.
func Over() *fault.Fault {
	return fault.Gone("token_used", "This sign-in is over. Please sign in again.")
}

// Answer uses a challenge up, inside the write that its code was accepted in.
// Faults: gone token_used.
func Answer(ctx context.Context, tx *db.Tx, token string) error {
	used, err := tx.Exec(ctx, `UPDATE challenges SET used_at = $2 WHERE challenge_hash = $1 AND used_at IS NULL AND expires_at > $2`,
		secret.Hash(token), db.Micros(tx.Now()))
	if err != nil {
		return fmt.Errorf("answer challenge: %w", err)
	}
	if used == 0 {
		return Over()
	}
	return nil
}

// Close ends every half-done sign-in of a user in an account, as part of what
// ends their access there; the event is the one of that.
func Close(ctx context.Context, tx *db.Tx, user id.User, account id.Account) error {
	if _, err := tx.Exec(ctx, `UPDATE challenges SET used_at = $3 WHERE user_id = $1 AND account_id = $2 AND used_at IS NULL`,
		string(user), string(account), db.Micros(tx.Now())); err != nil {
		return fmt.Errorf("close challenges: %w", err)
	}
	return nil
}

// Sweep deletes challenges that are over. It is for now and then.
func Sweep(ctx context.Context, d *db.DB) error {
	if err := d.Sweep(ctx, func(tx *db.Tx) (int64, error) {
		return tx.Exec(ctx, `DELETE FROM challenges WHERE challenge_hash IN (SELECT challenge_hash FROM challenges WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)`,
			db.Micros(tx.Now().Add(-24*time.Hour)), db.SweepRows)
	}); err != nil {
		return fmt.Errorf("delete old challenges: %w", err)
	}
	return nil
}
