// Package user is a person's sign-in identity: one verified e-mail address and a
// password. A user belongs to no account; their places in accounts are members.
//
// Invariants. At most one user has an address. Every change of password, address
// or second factor raises the user's epoch, which ends the sessions begun before
// it, and closes the reset link that may be open. A password hash never leaves this
// package but to be verified.
package user

import (
	"context"
	"errors"
	"fmt"
	"time"

	"tenure/internal/access"
	"tenure/internal/address"
	"tenure/internal/audit"
	"tenure/internal/db"
	"tenure/internal/factor"
	"tenure/internal/fault"
	"tenure/internal/id"
)

// User is a sign-in identity.
type User struct {
	ID           id.User
	Email        string // as written
	EmailKey     string // as compared
	Locale       string
	PasswordHash Secret // empty until a password is set
	Alone        bool   // the password is long enough to be the only factor
	Epoch        int64  // raised by a change of password, address or second factor
	Version      int64
	Reset        Reset
}

// Reset is the link that lets the person choose a new password.
type Reset struct {
	Rotation  int64     // of the last link; older ones are dead
	ExpiresAt time.Time // zero: none is open
}

// Secret is text that shows itself nowhere: not in logs, not in JSON.
type Secret string

// String hides the text from logs and formatted messages.
func (Secret) String() string { return "[hidden]" }

// GoString hides the text from %#v.
func (Secret) GoString() string { return "[hidden]" }

// MarshalText hides the text from JSON.
func (Secret) MarshalText() ([]byte, error) { return []byte("[hidden]"), nil }

const columns = `user_id, email, email_key, locale, password_hash, password_alone, epoch, version, reset_rotation, reset_expires`

// Get reads a user. Faults: not_found.
func Get(ctx context.Context, tx *db.Tx, user id.User) (User, error) {
	return one(ctx, tx, `SELECT `+columns+` FROM users WHERE user_id = $1`, string(user))
}

// ByEmail reads who has the address, given as its key. Faults: not_found.
func ByEmail(ctx context.Context, tx *db.Tx, emailKey string) (User, error) {
	return one(ctx, tx, `SELECT `+columns+` FROM users WHERE email_key = $1`, emailKey)
}

// Epoch reads the user's epoch alone. Faults: not_found.
func Epoch(ctx context.Context, tx *db.Tx, user id.User) (int64, error) {
	var epoch int64
	err := tx.Ask(ctx, AskEpoch(user, &epoch))
	if err != nil {
		return 0, fmt.Errorf("read epoch of user: %w", err)
	}
	if epoch == 0 {
		return 0, fault.NotFound()
	}
	return epoch, nil
}

// AskEpoch is Epoch as a question: 0 if there is no such user.
func AskEpoch(user id.User, epoch *int64) db.Question {
	return db.AskIfThere(`SELECT epoch FROM users WHERE user_id = $1`, []any{string(user)}, epoch)
}

func one(ctx context.Context, tx *db.Tx, query, value string) (User, error) {
	var u User
	err := tx.One(ctx, query, []any{value}, (*string)(&u.ID), &u.Email, &u.EmailKey, &u.Locale, (*string)(&u.PasswordHash), &u.Alone,
		&u.Epoch, &u.Version, &u.Reset.Rotation, db.Time(&u.Reset.ExpiresAt))
	if errors.Is(err, db.ErrNone) {
		return User{}, fault.NotFound()
	}
	if err != nil {
		return User{}, fmt.Errorf("read user: %w", err)
	}
	return u, nil
}

// New is what an identity begins with. The caller has proof that the address is
// the person's. Without a hash there is no way to sign in until a reset. A
// password must be one that may be the only factor.
type New struct {
	Email  address.Address
	Hash   Secret
	Locale string
}

// Create makes an identity, and locks it. Faults: conflict email_taken if the
// address has an identity already, also when two make it at once.
func Create(ctx context.Context, tx *db.Tx, actor access.Actor, n New) (User, error) {
	u := User{ID: id.New[id.User](), Email: n.Email.Written, EmailKey: n.Email.Key, Locale: n.Locale, PasswordHash: n.Hash, Alone: true, Epoch: 1, Version: 1}
	if err := tx.LockUser(ctx, u.ID); err != nil {
		return User{}, err
	}
	made, err := tx.Exec(ctx, `INSERT INTO users (user_id, email, email_key, password_hash, locale, created_at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (email_key) DO NOTHING`, string(u.ID), u.Email, u.EmailKey, string(u.PasswordHash), u.Locale, db.Micros(tx.Now()))
	if err != nil {
		return User{}, fmt.Errorf("create user: %w", err)
	}
	if made == 0 {
		return User{}, emailTaken()
	}
	return u, audit.RecordUser(ctx, tx, actor, audit.Event{Action: "user.create", Subject: audit.Of("user", u.ID),
		Changes: []audit.Change{audit.Personal("email", nil, u.Email), audit.Plain("password", nil, n.Hash != "")}})
}

func emailTaken() *fault.Fault {
	return fault.Conflict("email_taken", "Somebody else has this e-mail address already.")
}

// Why says how a password came to be another one; it is the event's action.
type Why string

// The ways.
const (
	Changed   Why = "password.change" // by the person, who knew the old one
	ResetLink Why = "password.reset"  // by a link mailed to the person
)

// SetPassword gives the user, whose head the write has locked, another
// password, raises the epoch and closes the reset link. The caller ends the
// sessions. Alone says that it may be the only factor.
func SetPassword(ctx context.Context, tx *db.Tx, actor access.Actor, u User, hash Secret, alone bool, why Why) (User, error) {
	after := u
	after.PasswordHash, after.Alone, after.Epoch, after.Version = hash, alone, u.Epoch+1, u.Version+1
	after.Reset = Reset{Rotation: u.Reset.Rotation + 1}
	if err := save(ctx, tx, u, after); err != nil {
		return User{}, err
	}
	return after, audit.RecordUser(ctx, tx, actor, audit.Event{Action: string(why), Subject: audit.Of("user", u.ID)})
}

// Raise raises the epoch of the user, whose head the write has locked, and
// closes the reset link, after their second factor has changed; the event is the
// one of that. The caller ends the sessions.
func Raise(ctx context.Context, tx *db.Tx, u User) (User, error) {
	after := u
	after.Epoch, after.Version = u.Epoch+1, u.Version+1
	after.Reset = Reset{Rotation: u.Reset.Rotation + 1}
	return after, save(ctx, tx, u, after)
}

// ChangeEmail gives the user, whose head the write has locked, another address,
// raises the epoch and closes the reset link. The caller has proof of the new
// mailbox, and ends the sessions. Faults: conflict email_taken.
func ChangeEmail(ctx context.Context, tx *db.Tx, actor access.Actor, u User, email address.Address) (User, error) {
	holder, err := ByEmail(ctx, tx, email.Key)
	if err == nil && holder.ID != u.ID {
		return User{}, emailTaken()
	}
	if err != nil && fault.Code(err) != "not_found" {
		return User{}, err
	}
	after := u
	after.Email, after.EmailKey = email.Written, email.Key
	after.Epoch, after.Version = u.Epoch+1, u.Version+1
	after.Reset = Reset{Rotation: u.Reset.Rotation + 1}
	if err := save(ctx, tx, u, after); db.IsUnique(err) {
		return User{}, emailTaken().Because(err)
	} else if err != nil {
		return User{}, err
	}
	return after, audit.RecordUser(ctx, tx, actor, audit.Event{Action: "email.change", Subject: audit.Of("user", u.ID),
		Changes: []audit.Change{audit.Personal("email", u.Email, after.Email)}})
}

// OpenReset makes another reset link for the user, whose head the write has
// locked, and gives what it is. Every older link is dead.
func OpenReset(ctx context.Context, tx *db.Tx, actor access.Actor, u User, expires time.Time) (Reset, error) {
	after := u
	after.Version, after.Reset = u.Version+1, Reset{Rotation: u.Reset.Rotation + 1, ExpiresAt: expires}
	if err := save(ctx, tx, u, after); err != nil {
		return Reset{}, err
	}
	return after.Reset, audit.RecordUser(ctx, tx, actor, audit.Event{Action: "password.forgot", Subject: audit.Of("user", u.ID)})
}

// CloseReset closes the reset link that may be open, as part of what ends
// somebody's access; the event is the one of that.
func CloseReset(ctx context.Context, tx *db.Tx, user id.User) error {
	_, err := tx.Exec(ctx, `UPDATE users SET reset_expires = NULL WHERE user_id = $1 AND reset_expires IS NOT NULL`, string(user))
	if err != nil {
		return fmt.Errorf("close reset link: %w", err)
	}
	return nil
}

// save writes a user over exactly the version it was read at.
func save(ctx context.Context, tx *db.Tx, before, after User) error {
	err := tx.ExecOne(ctx, `UPDATE users SET email = $2, email_key = $3, password_hash = $4, epoch = $5, version = $6, reset_rotation = $7, reset_expires = $8,
		password_alone = $10 WHERE user_id = $1 AND version = $9`, string(after.ID), after.Email, after.EmailKey, string(after.PasswordHash), after.Epoch, after.Version,
		after.Reset.Rotation, db.Micros(after.Reset.ExpiresAt), before.Version, after.Alone)
	if err != nil {
		return fmt.Errorf("save user %s: %w", after.ID, err)
	}
	return nil
}

// Rehash keeps the same password under another cost, unless it was changed
// meanwhile. It is no change anybody could notice and makes no event: it is for
// db.Housekeep.
func Rehash(ctx context.Context, tx *db.Tx, u User, hash Secret) error {
	_, err := tx.Exec(ctx, `UPDATE users SET password_hash = $3 WHERE user_id = $1 AND password_hash = $2`, string(u.ID), string(u.PasswordHash), string(hash))
	if err != nil {
		return fmt.Errorf("rehash: %w", err)
	}
	return nil
}

// Erase deletes an identity that has no place any more, inside the write that
// took its last one, and takes what is personal out of its trail.
func Erase(ctx context.Context, tx *db.Tx, actor access.Actor, user id.User) error {
	if err := tx.LockUser(ctx, user); err != nil {
		return err
	}
	if err := factor.Forget(ctx, tx, user); err != nil {
		return err
	}
	if err := tx.ExecOne(ctx, `DELETE FROM users WHERE user_id = $1`, string(user)); err != nil {
		return fmt.Errorf("erase user: %w", err)
	}
	if err := audit.EraseUser(ctx, tx); err != nil {
		return err
	}
	return audit.RecordUser(ctx, tx, actor, audit.Event{Action: "user.erase", Subject: audit.Of("user", user)})
}
