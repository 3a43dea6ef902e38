// Package invitation is the way in: the offer of a place in an account to an
// e-mail address, from the sending of it to the arrival of a member.
//
// Invariants. An invitation leaves pending at most once into accepted, and
// accepted means exactly one membership. An address has at most one pending
// invitation in an account. Address, role and grants come from the invitation
// alone, and whoever vouches for it must still be allowed to give them when it
// is accepted. Only the identity that owns the address is made or joined, and
// no credential of an existing identity changes. A link works while it is the
// newest of its kind and its time is not over; nothing needs to sweep.
package invitation

import (
	"context"
	"errors"
	"fmt"
	"time"

	"tenure/internal/access"
	"tenure/internal/db"
	"tenure/internal/fault"
	"tenure/internal/holding"
	"tenure/internal/id"
	"tenure/internal/secret"
	"tenure/internal/user"
)

// Invitation is an offer of a place. It holds no token and no code.
type Invitation struct {
	ID          id.Invitation
	Email       string // as written
	EmailKey    string // as compared
	Role        string
	Modules     []id.Module
	SubAccounts []id.SubAccount
	Message     string
	Locale      string
	Status      Status // at the time it was read
	// Member is whose place this is: made by accepting, or there before, when
	// somebody was added directly and the invitation is bound to them.
	Member    id.Member
	Sponsor   Sponsor
	ExpiresAt time.Time
	Version   int64
	CreatedAt time.Time
	SentAt    time.Time // when the newest link was mailed
	ClosedAt  time.Time

	stored   Status // as the row says: pending also when time is over
	rotation int64  // of the mailed link
	copied   int64  // rotation of the copied link; 0: never copied
	copyLive bool
	// departure is the one that withdrew or passed on the invitation, and
	// formerly who vouched for it before.
	departure id.Departure
	formerly  string
}

// Sponsor is who vouches for an invitation: who sent it last, or took it over.
type Sponsor struct {
	Kind access.Kind
	ID   string // of the member, or of the key
}

func sponsorOf(a access.Actor) Sponsor { return Sponsor{a.Kind, a.Name()} }

// Passage is the way in as doors use it.
type Passage struct {
	db       *db.DB
	keeper   *secret.Keeper
	claims   *user.Claims
	holdings []holding.Holding
}

// New makes the passage. The holdings are asked when somebody arrives.
func New(d *db.DB, keeper *secret.Keeper, claims *user.Claims, holdings []holding.Holding) *Passage {
	return &Passage{d, keeper, claims, holdings}
}

const columns = `invitation_id, email, email_key, role_key, modules, sub_accounts, message, locale, status, member_id, sponsor_kind, sponsor_id,
	rotation, expires_at, copy_rotation, copy_live, departure_id, sponsor_before, version, created_at, sent_at, closed_at`

// scanned reads a row as it stands at the time.
func scanned(scan func(...any) error, now time.Time) (Invitation, error) {
	var inv Invitation
	err := scan((*string)(&inv.ID), &inv.Email, &inv.EmailKey, &inv.Role, db.Into(&inv.Modules), db.Into(&inv.SubAccounts), &inv.Message, &inv.Locale,
		(*string)(&inv.stored), db.Text((*string)(&inv.Member)), (*string)(&inv.Sponsor.Kind), &inv.Sponsor.ID,
		&inv.rotation, db.Time(&inv.ExpiresAt), &inv.copied, &inv.copyLive, db.Text((*string)(&inv.departure)), &inv.formerly,
		&inv.Version, db.Time(&inv.CreatedAt), db.Time(&inv.SentAt), db.Time(&inv.ClosedAt))
	inv.Status = inv.stored
	if inv.stored == Pending && !now.Before(inv.ExpiresAt) {
		inv.Status = Expired
	}
	return inv, err
}

// Get reads an invitation of the account. Faults: not_found.
func Get(ctx context.Context, tx *db.Tx, account id.Account, invitation id.Invitation) (Invitation, error) {
	inv, err := scanned(func(dest ...any) error {
		return tx.One(ctx, `SELECT `+columns+` FROM invitations WHERE account_id = $1 AND invitation_id = $2`,
			[]any{string(account), string(invitation)}, dest...)
	}, tx.Now())
	if errors.Is(err, db.ErrNone) {
		return Invitation{}, fault.NotFound()
	}
	if err != nil {
		return Invitation{}, fmt.Errorf("read invitation: %w", err)
	}
	return inv, nil
}

// some reads invitations by a condition on the columns after account_id, whose
// parameters begin at $2.
func some(ctx context.Context, tx *db.Tx, account id.Account, where string, args ...any) ([]Invitation, error) {
	found := []Invitation{}
	if err := tx.Ask(ctx, askSome(account, tx.Now(), &found, where, args...)); err != nil {
		return nil, fmt.Errorf("read invitations: %w", err)
	}
	return found, nil
}

// askSome is some as a question, of invitations as they are then.
func askSome(account id.Account, then time.Time, found *[]Invitation, where string, args ...any) db.Question {
	return db.AskEach(`SELECT `+columns+` FROM invitations WHERE account_id = $1 AND `+where, append([]any{string(account)}, args...),
		func(scan func(...any) error) error {
			inv, err := scanned(scan, then)
			*found = append(*found, inv)
			return err
		})
}

// pendingFor reads the pending invitations for the addresses, given as keys,
// also those whose time is over.
func pendingFor(ctx context.Context, tx *db.Tx, account id.Account, keys []string) (map[string]Invitation, error) {
	open := make(map[string]Invitation, len(keys))
	for len(keys) > 0 {
		n := min(len(keys), 100)
		args := make([]any, n)
		for i, key := range keys[:n] {
			args[i] = key
		}
		found, err := some(ctx, tx, account, `status = 'pending' AND email_key IN (`+db.Params(2, n)+`)`, args...)
		if err != nil {
			return nil, err
		}
		for _, inv := range found {
			open[inv.EmailKey] = inv
		}
		keys = keys[n:]
	}
	return open, nil
}

// save writes an invitation over exactly what it was before.
func save(ctx context.Context, tx *db.Tx, account id.Account, before, inv Invitation) (Invitation, error) {
	inv.Version = before.Version + 1
	inv.stored = inv.Status
	err := tx.ExecOne(ctx, `UPDATE invitations SET role_key = $3, modules = $4, sub_accounts = $5, status = $6, member_id = $7, sponsor_kind = $8, sponsor_id = $9,
		rotation = $10, expires_at = $11, copy_rotation = $12, copy_live = $13, departure_id = $14, sponsor_before = $15, version = $16, sent_at = $17, closed_at = $18
		WHERE account_id = $1 AND invitation_id = $2 AND version = $19 AND status = $20`,
		string(account), string(inv.ID), inv.Role, db.JSON(inv.Modules), db.JSON(inv.SubAccounts), string(inv.Status), db.Null(string(inv.Member)),
		string(inv.Sponsor.Kind), inv.Sponsor.ID, inv.rotation, db.Micros(inv.ExpiresAt), inv.copied, inv.copyLive,
		db.Null(string(inv.departure)), inv.formerly, inv.Version, db.Micros(inv.SentAt), db.Micros(inv.ClosedAt),
		before.Version, string(before.stored))
	if err != nil {
		return Invitation{}, fmt.Errorf("save invitation %s: %w", inv.ID, err)
	}
	return inv, nil
}
