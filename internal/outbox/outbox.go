// Package outbox keeps the mails that were decided on and are not yet sent.
//
// A mail is added in the transaction that decided on it, so that nothing goes
// out for work that was rolled back, and nothing is lost that was committed.
// The row names the link or code it carries by kind, subject and rotation and
// never holds it: there is nothing in it to steal, and every try sends the
// same link. The words to show are facts, kept until the mail is closed and
// emptied then.
//
// A mail is queued until it is closed, as sent or as failed. Who delivers it
// claims it for a time; when that lease runs out, somebody else may claim it,
// and only the holder of the newest claim can close it.
package outbox

import (
	"context"
	"fmt"
	"strings"
	"time"

	"tenure/internal/db"
	"tenure/internal/id"
)

// Kind says which mail it is.
type Kind string

// The kinds, with the facts each one shows. Every kind may have account (the
// account's name), accent (its colour, #rrggbb) and name (the first name of
// whoever reads it). Times are in RFC 3339. A fact that is not there leaves out
// what tells it.
//
// The link or code is that of secret.Link with the mail's own Account, Subject
// as ID, and Rotation.
const (
	// Invitation offers a place. Subject: the invitation. Facts: inviter, email,
	// role, message, expires_at.
	Invitation Kind = "invitation"
	// Welcome asks somebody who was added directly to set a password. Subject:
	// the invitation bound to the member. Facts: inviter, email, role, expires_at.
	Welcome Kind = "welcome"
	// JoinExisting is Welcome for an address that has an identity: sign in and
	// accept. Subject and facts as Welcome.
	JoinExisting Kind = "join_existing"
	// VerificationCode carries the six digits that prove the mailbox to whoever
	// accepts with a copied link. Subject: the invitation. Facts: expires_at.
	VerificationCode Kind = "verification_code"
	// RoleChanged says what a member may do from now on. Subject: the member.
	// Facts: role (its name), by.
	RoleChanged Kind = "role_changed"
	// AccessEnded says that a member is out. Subject: the member. Facts: at.
	AccessEnded Kind = "access_ended"
	// DepartureHeld tells an administrator that something new stands in the way of
	// a departure whose time has come: access has ended, the rest is to be settled.
	// Subject: the member who leaves. Facts: who (their name), at.
	DepartureHeld Kind = "departure_held"
	// DepartureFailed tells an administrator that a departure whose time has come
	// could not be applied. Subject and facts as DepartureHeld.
	DepartureFailed Kind = "departure_failed"
	// DepartureUnfinished tells an administrator, once, that a departure of several
	// members was not carried out for each of them. Subject: the departure. Facts:
	// gone, held (access has ended, the rest is to be settled), stayed, each how
	// many; at.
	DepartureUnfinished Kind = "departure_unfinished"
	// NewSignIn tells of a sign-in from a device not seen before. Subject: the
	// session. Facts: browser, system, ip, at.
	NewSignIn Kind = "new_sign_in"
	// PasswordReset carries the link to choose a new password. Subject: the
	// user. Facts: expires_at.
	PasswordReset Kind = "password_reset"
	// PasswordChanged tells that the password is another one. Subject: the user.
	// Facts: at.
	PasswordChanged Kind = "password_changed"
	// EmailConfirm goes to a new address and carries the link that confirms it.
	// Subject: the user or the member. Facts: email (the new one), expires_at, and
	// by, if somebody else changed it.
	EmailConfirm Kind = "email_confirm"
	// EmailChanged goes to the old address. Subject: the user. Facts: email (the
	// new one), at.
	EmailChanged Kind = "email_changed"
	// SignUp carries the link that makes an account. Subject: the sign-up.
	// Facts: account, expires_at.
	SignUp Kind = "sign_up"
	// SignUpExisting is SignUp for an address that has an identity: the link
	// asks for its password. Subject and facts as SignUp.
	SignUpExisting Kind = "sign_up_existing"
	// FactorAdded tells that signing in takes a second factor now. Subject: the
	// user. Facts: at.
	FactorAdded Kind = "factor_added"
	// FactorRemoved tells that it takes none any more. Subject: the user. Facts:
	// at.
	FactorRemoved Kind = "factor_removed"
	// RecoveryCodeUsed tells that somebody signed in with a recovery code. Subject:
	// the user. Facts: at, left (how many there are still).
	RecoveryCodeUsed Kind = "recovery_code_used"
	// FactorCode carries the six digits that stand in for a lost factor. Subject:
	// the user. Facts: expires_at.
	FactorCode Kind = "factor_code"
)

// Kinds lists every kind.
var Kinds = []Kind{
	Invitation, Welcome, JoinExisting, VerificationCode, RoleChanged, AccessEnded, DepartureHeld, DepartureFailed, DepartureUnfinished, NewSignIn,
	PasswordReset, PasswordChanged, EmailConfirm, EmailChanged, SignUp, SignUpExisting,
	FactorAdded, FactorRemoved, RecoveryCodeUsed, FactorCode,
}

// awaited kinds are those that a person sits and waits for.
var awaited = map[Kind]bool{VerificationCode: true, PasswordReset: true, EmailConfirm: true, SignUp: true, SignUpExisting: true, FactorCode: true}

// headStart is how much earlier than it was added an awaited mail counts as
// due, so that a code of ten minutes does not stand behind ten thousand
// invitations.
const headStart = time.Hour

// Mail is one message to one address.
type Mail struct {
	Account  id.Account // empty for mail to a user, whatever their accounts
	Kind     Kind
	To       string // one address, already parsed at the door
	Locale   string
	Subject  string // the id of what it is about
	Rotation int64  // of the link or code it carries
	Facts    map[string]string
}

// Status is how far a mail has come.
type Status string

// The statuses.
const (
	Queued Status = "queued"
	Sent   Status = "sent"
	Failed Status = "failed"
)

// Delivery is how far the newest mail about a subject has come.
type Delivery struct {
	Status Status
	// Reason is what the mail server said last. A queued mail has one when a
	// try has failed.
	Reason string
	At     time.Time // when it was closed; for a queued mail, when it was added
}

// Add puts one mail into the outbox. It goes out after the commit.
func Add(ctx context.Context, tx *db.Tx, m Mail) (id.Mail, error) {
	ids, err := AddMany(ctx, tx, []Mail{m})
	if err != nil {
		return "", err
	}
	return ids[0], nil
}

const (
	insertColumns = 11
	insertRows    = 45 // 495 parameters a statement
)

// AddMany puts mails into the outbox, many in one statement, and gives their
// ids in the order of the mails.
func AddMany(ctx context.Context, tx *db.Tx, mails []Mail) ([]id.Mail, error) {
	ids := make([]id.Mail, 0, len(mails))
	for rest := mails; len(rest) > 0; {
		chunk := rest[:min(len(rest), insertRows)]
		rest = rest[len(chunk):]
		added, err := insert(ctx, tx, chunk)
		if err != nil {
			return nil, fmt.Errorf("add to outbox: %w", err)
		}
		ids = append(ids, added...)
	}
	if len(ids) > 0 {
		tx.Wake(Topic)
	}
	return ids, nil
}

func insert(ctx context.Context, tx *db.Tx, mails []Mail) ([]id.Mail, error) {
	now := tx.Now()
	ids := make([]id.Mail, len(mails))
	rows := make([]string, len(mails))
	args := make([]any, 0, len(mails)*insertColumns)
	for i, m := range mails {
		ids[i] = id.New[id.Mail]()
		due, facts := now, m.Facts
		if awaited[m.Kind] {
			due = now.Add(-headStart)
		}
		if facts == nil {
			facts = map[string]string{}
		}
		rows[i] = "(" + db.Params(len(args)+1, insertColumns) + ")"
		args = append(args, m.Account, ids[i], m.Kind, m.To, m.Locale, m.Subject, m.Rotation,
			db.JSON(facts), Queued, db.Micros(due), db.Micros(now))
	}
	_, err := tx.Exec(ctx, `INSERT INTO outbox (account_id, mail_id, kind, recipient, locale, subject_id, rotation,
		facts, status, due_at, created_at) VALUES `+strings.Join(rows, ", "), args...)
	return ids, err
}

// Latest tells, by subject, how far the newest mail about it has come.
// Verification codes are left out: they are about an invitation too, but say
// nothing about whether it arrived. A subject without a mail is not in the map:
// it never had one, or Sweep has deleted it.
func Latest(ctx context.Context, tx *db.Tx, account id.Account, subjects []string) (map[string]Delivery, error) {
	latest := make(map[string]Delivery, len(subjects))
	for rest := subjects; len(rest) > 0; {
		chunk := rest[:min(len(rest), 100)]
		rest = rest[len(chunk):]
		args := []any{account, VerificationCode}
		for _, s := range chunk {
			args = append(args, s)
		}
		err := tx.Each(ctx, `SELECT subject_id, status, reason, COALESCE(closed_at, created_at) FROM outbox
			WHERE account_id = $1 AND kind <> $2 AND subject_id IN (`+db.Params(3, len(chunk))+`)
			ORDER BY subject_id, mail_id`, args, func(scan func(dest ...any) error) error {
			var subject string
			var d Delivery
			if err := scan(&subject, &d.Status, &d.Reason, db.Time(&d.At)); err != nil {
				return err
			}
			latest[subject] = d // the last one read is the newest
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("latest mails: %w", err)
		}
	}
	return latest, nil
}

// Recall closes what is still queued about a subject, because the link it
// carries is dead: the invitation was withdrawn, or is sent anew. A mail that
// is on its way at this moment still goes out.
func Recall(ctx context.Context, tx *db.Tx, account id.Account, subject string) error {
	_, err := tx.Exec(ctx, `UPDATE outbox SET status = $1, reason = $2, recipient = '', facts = '{}', closed_at = $3
		WHERE account_id = $4 AND subject_id = $5 AND status = $6`,
		Failed, "recalled", db.Micros(tx.Now()), account, subject, Queued)
	if err != nil {
		return fmt.Errorf("recall mail about %s: %w", subject, err)
	}
	return nil
}

// Forget takes what mail servers said out of the closed mails about a subject:
// it may name the person, who is being erased. Nothing else of them is kept.
func Forget(ctx context.Context, tx *db.Tx, account id.Account, subject string) error {
	_, err := tx.Exec(ctx, `UPDATE outbox SET reason = '' WHERE account_id = $1 AND subject_id = $2 AND status <> $3`, account, subject, Queued)
	if err != nil {
		return fmt.Errorf("forget mail about %s: %w", subject, err)
	}
	return nil
}

// Depth is how much is waiting.
type Depth struct {
	Queued int64
	Oldest time.Time // when the oldest of the queued ones was added; zero if none
}

// Measure gives the depth of the outbox over all accounts.
func Measure(ctx context.Context, tx *db.Tx) (Depth, error) {
	var d Depth
	err := tx.One(ctx, `SELECT COUNT(*), MIN(created_at) FROM outbox WHERE status = 'queued'`, nil, &d.Queued, db.Time(&d.Oldest))
	if err != nil {
		return Depth{}, fmt.Errorf("measure outbox: %w", err)
	}
	return d, nil
}
