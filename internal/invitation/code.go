package invitation

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"strings"
	"time"

	"tenure/internal/db"
	"tenure/internal/fault"
	"tenure/internal/id"
	"tenure/internal/outbox"
	"tenure/internal/secret"
)

// A copied link proves no mailbox, so a code is mailed to the address. Codes
// and the tries at them are challenges and not facts: they make no event, like
// the failures at a sign-in.
const (
	codeLife  = 10 * time.Minute
	codeTries = 5
)

// codePause is how long after one code the next may be mailed: a minute at
// first, then twice as long each time, up to an hour. It bounds how often
// somebody can guess.
func codePause(mailed int64) time.Duration {
	pause := time.Minute
	for n := int64(3); n < mailed && pause < time.Hour; n++ {
		pause *= 2
	}
	return min(pause, time.Hour)
}

// challenge is the newest code of an invitation, as the row has it.
type challenge struct {
	rotation int64 // how many were mailed
	expires  time.Time
	tries    int64
}

func challengeOf(ctx context.Context, tx *db.Tx, account id.Account, invitation id.Invitation) (challenge, error) {
	var c challenge
	err := tx.One(ctx, `SELECT code_rotation, code_expires, code_tries FROM invitations WHERE account_id = $1 AND invitation_id = $2`,
		[]any{string(account), string(invitation)}, &c.rotation, db.Time(&c.expires), &c.tries)
	if err != nil {
		return c, fmt.Errorf("read code: %w", err)
	}
	return c, nil
}

// next is the earliest time at which another code may be mailed.
func (c challenge) next() time.Time {
	if c.rotation == 0 {
		return time.Time{}
	}
	return c.expires.Add(-codeLife).Add(codePause(c.rotation))
}

// proveMailbox asks for the code that goes with a copied link, or looks at the
// one given. Without a code, or with one whose time is over, it mails a new one
// unless one was mailed just now.
//
// Faults: conflict verification_required when a code is to be typed in; invalid
// on field code for a wrong one; too_many_attempts.
func (p *Passage) proveMailbox(ctx context.Context, o opened, code string) error {
	code = strings.TrimSpace(code)
	if code == "" {
		return p.mailCode(ctx, o)
	}
	account, invitation := o.account.ID, o.invitation.ID
	var rotation int64
	err := p.db.Housekeep(ctx, func(tx *db.Tx) error {
		// The try is counted before the code is looked at.
		return tx.One(ctx, `UPDATE invitations SET code_tries = code_tries + 1 WHERE account_id = $1 AND invitation_id = $2
			AND status = 'pending' AND code_tries < $3 AND code_expires > $4 RETURNING code_rotation`,
			[]any{string(account), string(invitation), codeTries, db.Micros(tx.Now())}, &rotation)
	})
	if errors.Is(err, db.ErrNone) {
		return p.noTryLeft(ctx, o)
	}
	if err != nil {
		return fmt.Errorf("count try: %w", err)
	}
	right := p.keeper.Code(secret.Link{Kind: secret.InvitationCode, Account: account, ID: string(invitation), Rotation: rotation})
	if subtle.ConstantTimeCompare([]byte(code), []byte(right)) != 1 {
		return fault.Invalid("code", "wrong", "This is not the code from the newest mail.")
	}
	// The right code is no failure: it may come again with a better password.
	return p.db.Housekeep(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE invitations SET code_tries = code_tries - 1 WHERE account_id = $1 AND invitation_id = $2
			AND code_rotation = $3 AND code_tries > 0`, string(account), string(invitation), rotation)
		return err
	})
}

// noTryLeft answers a code where none can be tried: the time of the last one is
// over, or it was tried too often.
func (p *Passage) noTryLeft(ctx context.Context, o opened) error {
	var c challenge
	var now time.Time
	if err := p.db.Read(ctx, func(tx *db.Tx) (err error) {
		now = tx.Now()
		c, err = challengeOf(ctx, tx, o.account.ID, o.invitation.ID)
		return err
	}); err != nil {
		return err
	}
	if c.tries >= codeTries && now.Before(c.next()) {
		return fault.TooMany("too_many_attempts", "The code was wrong too often. Please ask for a new one later.", c.next().Sub(now))
	}
	return p.mailCode(ctx, o)
}

// mailCode mails another code, unless the last one is too fresh, and asks for it.
func (p *Passage) mailCode(ctx context.Context, o opened) error {
	err := p.db.Housekeep(ctx, func(tx *db.Tx) error {
		c, err := challengeOf(ctx, tx, o.account.ID, o.invitation.ID)
		if err != nil || tx.Now().Before(c.next()) {
			return err
		}
		expires := tx.Now().Add(codeLife)
		changed, err := tx.Exec(ctx, `UPDATE invitations SET code_rotation = $3, code_expires = $4, code_tries = 0
			WHERE account_id = $1 AND invitation_id = $2 AND status = 'pending' AND code_rotation = $5`,
			string(o.account.ID), string(o.invitation.ID), c.rotation+1, db.Micros(expires), c.rotation)
		if err != nil || changed == 0 { // somebody else asked at the same moment
			return err
		}
		_, err = outbox.Add(ctx, tx, outbox.Mail{
			Account: o.account.ID, Kind: outbox.VerificationCode, To: o.invitation.Email, Locale: o.invitation.Locale,
			Subject: string(o.invitation.ID), Rotation: c.rotation + 1,
			Facts: map[string]string{"account": o.account.Name, "accent": o.account.Accent, "expires_at": stamp(expires)},
		})
		return err
	})
	if err != nil {
		return fmt.Errorf("mail code: %w", err)
	}
	return fault.Conflict("verification_required", "We have mailed a code to the invited address. Please type it in.")
}
