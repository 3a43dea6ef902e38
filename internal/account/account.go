// Package account is the tenant: a customer company with its policy, its
// modules and its sub-accounts. Every row that is not a user's belongs to
// exactly one account.
package account

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"tenure/internal/access"
	"tenure/internal/address"
	"tenure/internal/audit"
	"tenure/internal/db"
	"tenure/internal/fault"
	"tenure/internal/id"
)

// Account is a customer company.
type Account struct {
	ID     id.Account
	Name   string
	Preset string
	Policy Policy
	Logo   string // a data: URL of a small picture, or empty
	Accent string // "#rrggbb", or empty for the default
	// Epoch rises with every change that bears on anybody's rights or limits:
	// policy, roles, modules, sub-accounts.
	Epoch     int64
	Version   int64
	CreatedAt time.Time
}

// Seconds is a length of time in whole seconds, as the API gives it.
type Seconds int64

// Duration gives the length as a time.Duration.
func (s Seconds) Duration() time.Duration { return time.Duration(s) * time.Second }

// Policy is what an account has decided about its members. A preset gives the
// first one.
type Policy struct {
	InvitationTTL     Seconds  `json:"invitation_ttl"`       // how long a mailed link holds
	AddDirectly       bool     `json:"add_directly"`         // members are added by form rather than invited
	DepartureKinds    []string `json:"departure_kinds"`      // deactivate, remove, delete: those offered
	CreditsMustBeZero bool     `json:"credits_must_be_zero"` // before a deactivation
	PhoneRequired     bool     `json:"phone_required"`       // before a deactivation
	AccessEnds        string   `json:"access_ends"`          // "apply", or "confirm": before anything else is asked
	UndoWindow        Seconds  `json:"undo_window"`          // how long a departure can be undone
	MFA               string   `json:"mfa"`                  // "optional" or "required"
	SessionIdle       *Seconds `json:"session_idle"`         // null: 30 minutes for who administers, 30 days for others
	SessionAbsolute   *Seconds `json:"session_absolute"`     // null: 12 hours for who administers, 30 days for others
	DisposableAllowed bool     `json:"disposable_allowed"`   // invite throw-away addresses too
	EmailDomains      []string `json:"email_domains"`        // when not empty, only these may be invited
}

// Whether members have a second factor.
const (
	MFAOptional = "optional"
	MFARequired = "required" // who has none may only set one up
)

// Offers reports whether the policy offers departures of the kind.
func (p Policy) Offers(kind string) bool {
	return slices.Contains(p.DepartureKinds, kind)
}

// Admits says whether somebody with the address may be given a place. Faults:
// invalid on field email, with code domain_not_allowed or disposable.
func (p Policy) Admits(to address.Address) error {
	if len(p.EmailDomains) > 0 && !slices.Contains(p.EmailDomains, to.Domain) {
		return fault.Invalid("email", "domain_not_allowed", "This account takes only addresses of its own domains.")
	}
	if !p.DisposableAllowed && address.Disposable(to.Domain) {
		return fault.Invalid("email", "disposable", "This is a throw-away address.")
	}
	return nil
}

// Module is a menu area of the host product.
type Module struct {
	ID        id.Module
	Key       string
	Name      string
	AdminOnly bool // only for who administers
	Version   int64
}

// SubAccount is a part of an account.
type SubAccount struct {
	ID      id.SubAccount
	Name    string
	Version int64
}

// Get reads an account. Faults: not_found.
func Get(ctx context.Context, tx *db.Tx, account id.Account) (Account, error) {
	a := Account{ID: account}
	err := tx.One(ctx, `SELECT name, preset, policy, logo, accent, epoch, version, created_at FROM accounts WHERE account_id = $1`,
		[]any{string(account)}, &a.Name, &a.Preset, db.Into(&a.Policy), &a.Logo, &a.Accent, &a.Epoch, &a.Version, db.Time(&a.CreatedAt))
	if errors.Is(err, db.ErrNone) {
		return Account{}, fault.NotFound()
	}
	if err != nil {
		return Account{}, fmt.Errorf("read account %s: %w", account, err)
	}
	return a, nil
}

// AskPolicy asks for the account's policy alone.
func AskPolicy(account id.Account, policy *Policy) db.Question {
	return db.AskOne(`SELECT policy FROM accounts WHERE account_id = $1`, []any{string(account)}, db.Into(policy))
}

// AskEpoch asks for the account's epoch alone: 0 if there is no account.
func AskEpoch(account id.Account, epoch *int64) db.Question {
	return db.AskIfThere(`SELECT epoch FROM accounts WHERE account_id = $1`, []any{string(account)}, epoch)
}

// RequiresFactor reports whether the account wants a second factor of everybody.
// Faults: not_found.
func RequiresFactor(ctx context.Context, tx *db.Tx, account id.Account) (bool, error) {
	a, err := Get(ctx, tx, account)
	return a.Policy.MFA == MFARequired, err
}

// All lists every account, oldest first. It is for the operator.
func All(ctx context.Context, tx *db.Tx) ([]Account, error) {
	accounts := []Account{}
	err := tx.Each(ctx, `SELECT account_id, name, preset, policy, logo, accent, epoch, version, created_at FROM accounts ORDER BY account_id`, nil,
		func(scan func(...any) error) error {
			var a Account
			err := scan((*string)(&a.ID), &a.Name, &a.Preset, db.Into(&a.Policy), &a.Logo, &a.Accent, &a.Epoch, &a.Version, db.Time(&a.CreatedAt))
			accounts = append(accounts, a)
			return err
		})
	if err != nil {
		return nil, fmt.Errorf("list accounts: %w", err)
	}
	return accounts, nil
}

// New is what an account begins with.
type New struct {
	ID     id.Account
	Name   string
	Preset string
}

// Create makes an account from its preset, inside db.Found: the row and the
// modules. Its roles and resource types are those rooms' to establish. Faults: invalid for a preset that does not exist.
func Create(ctx context.Context, tx *db.Tx, actor access.Actor, n New) (Account, error) {
	preset, err := PresetOf(n.Preset)
	if err != nil {
		return Account{}, err
	}
	a := Account{ID: n.ID, Name: n.Name, Preset: n.Preset, Policy: preset.Policy, Epoch: 1, Version: 1, CreatedAt: tx.Now()}
	if err := tx.ExecOne(ctx, `INSERT INTO accounts (account_id, name, preset, policy, created_at) VALUES ($1, $2, $3, $4, $5)`,
		string(a.ID), a.Name, a.Preset, db.JSON(a.Policy), db.Micros(a.CreatedAt)); err != nil {
		return Account{}, fmt.Errorf("create account: %w", err)
	}
	for i, m := range preset.Modules {
		if err := insertModule(ctx, tx, a.ID, Module{ID: id.New[id.Module](), Key: m.Key, Name: m.Name, AdminOnly: m.AdminOnly}, int64(i+1)); err != nil {
			return Account{}, err
		}
	}
	err = audit.Record(ctx, tx, actor, audit.Event{Action: "account.create", Subject: audit.Of("account", a.ID),
		Changes: []audit.Change{audit.Plain("name", nil, a.Name), audit.Plain("preset", nil, a.Preset)}})
	return a, err
}

// encoded is a value as it stands in an event: JSON that was marshalled once.
func encoded(v any) json.RawMessage {
	raw, err := json.Marshal(v)
	if err != nil {
		return json.RawMessage("null")
	}
	return raw
}
