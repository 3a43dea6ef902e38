package account

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/idna"

	"tenure/internal/access"
	"tenure/internal/address"
	"tenure/internal/audit"
	"tenure/internal/db"
	"tenure/internal/fault"
	"tenure/internal/id"
)

// Register is the accounts as doors use them.
type Register struct {
	db *db.DB
}

// NewRegister makes the register.
func NewRegister(d *db.DB) *Register { return &Register{d} }

// Get reads an account for anybody who belongs to it. Faults: unauthenticated;
// not_found for everybody else.
func (r *Register) Get(ctx context.Context, actor access.Actor, account id.Account) (Account, error) {
	if actor.Kind == access.Nobody {
		return Account{}, fault.Unauthenticated()
	}
	if !actor.In(account) {
		return Account{}, fault.NotFound()
	}
	var a Account
	err := r.db.Read(ctx, func(tx *db.Tx) (err error) {
		a, err = Get(ctx, tx, account)
		return err
	})
	return a, err
}

// Areas gives the modules of an account to anybody who belongs to it, and those
// of its sub-accounts that they reach. Faults: those of Get.
func (r *Register) Areas(ctx context.Context, actor access.Actor, account id.Account) (modules []Module, subs []SubAccount, err error) {
	if _, err := r.Get(ctx, actor, account); err != nil {
		return nil, nil, err
	}
	err = r.db.Read(ctx, func(tx *db.Tx) (err error) {
		if modules, err = ListModules(ctx, tx, account); err != nil {
			return err
		}
		subs, err = ListSubAccounts(ctx, tx, account)
		return err
	})
	subs = slices.DeleteFunc(subs, func(s SubAccount) bool { return !actor.Reaches(s.ID) })
	return modules, subs, err
}

// Module reads a module for anybody who belongs to the account. Faults:
// not_found.
func (r *Register) Module(ctx context.Context, actor access.Actor, account id.Account, module id.Module) (m Module, err error) {
	if _, err := r.Get(ctx, actor, account); err != nil {
		return Module{}, err
	}
	err = r.db.Read(ctx, func(tx *db.Tx) (err error) {
		m, err = moduleOf(ctx, tx, account, module)
		return err
	})
	return m, err
}

// SubAccount reads a sub-account for whoever reaches it. Faults: not_found.
func (r *Register) SubAccount(ctx context.Context, actor access.Actor, account id.Account, sub id.SubAccount) (s SubAccount, err error) {
	if _, err := r.Get(ctx, actor, account); err != nil {
		return SubAccount{}, err
	}
	if !actor.Reaches(sub) {
		return SubAccount{}, fault.NotFound()
	}
	err = r.db.Read(ctx, func(tx *db.Tx) (err error) {
		s, err = subAccountOf(ctx, tx, account, sub)
		return err
	})
	return s, err
}

// Patch is what may change of an account; nil leaves it.
type Patch struct {
	Name   *string
	Logo   *string
	Accent *string
	Policy func(Policy) Policy // applied to the policy of today
}

// Update changes name, looks and policy. ifVersion, when not 0, is the version
// the caller read. Faults: forbidden, not_found, invalid, stale; step_up_required
// for the policy.
func (r *Register) Update(ctx context.Context, actor access.Actor, account id.Account, p Patch, ifVersion int64) (Account, error) {
	var a Account
	err := r.change(ctx, actor, account, func(tx *db.Tx) error {
		before, err := Get(ctx, tx, account)
		if err != nil {
			return err
		}
		if ifVersion != 0 && ifVersion != before.Version {
			return fault.Stale()
		}
		if a, err = before.with(p); err != nil {
			return err
		}
		if !reflect.DeepEqual(a.Policy, before.Policy) {
			if err := access.Proven(actor, tx.Now()); err != nil {
				return err
			}
		}
		if reflect.DeepEqual(a, before) {
			return nil
		}
		a.Version++
		if err := tx.ExecOne(ctx, `UPDATE accounts SET name = $2, logo = $3, accent = $4, policy = $5, version = $6 WHERE account_id = $1 AND version = $7`,
			string(account), a.Name, a.Logo, a.Accent, db.JSON(a.Policy), a.Version, before.Version); err != nil {
			return fmt.Errorf("update account: %w", err)
		}
		return audit.Record(ctx, tx, actor, audit.Event{Action: "account.update", Subject: audit.Of("account", account), Changes: changed(
			audit.Plain("name", before.Name, a.Name), audit.Plain("accent", before.Accent, a.Accent),
			audit.Plain("logo", fingerprint(before.Logo), fingerprint(a.Logo)), audit.Plain("policy", encoded(before.Policy), encoded(a.Policy)))})
	})
	return a, err
}

// change runs a write that account.manage allows and raises the account's epoch.
func (r *Register) change(ctx context.Context, actor access.Actor, account id.Account, fn func(tx *db.Tx) error) error {
	if err := access.Allow(actor, account, access.AccountManage); err != nil {
		return err
	}
	return r.db.Write(ctx, account, func(tx *db.Tx) error {
		seq := tx.Chain().Seq
		if err := fn(tx); err != nil || tx.Chain().Seq == seq {
			return err
		}
		return RaiseEpoch(ctx, tx, account)
	})
}

// RaiseEpoch says that the rights or limits of everybody in the account may have
// changed: what is remembered of any of them is read again at their next request.
func RaiseEpoch(ctx context.Context, tx *db.Tx, account id.Account) error {
	if err := tx.ExecOne(ctx, `UPDATE accounts SET epoch = epoch + 1 WHERE account_id = $1`, string(account)); err != nil {
		return fmt.Errorf("raise epoch of account: %w", err)
	}
	tx.Stale(string(account))
	return nil
}

// fingerprint stands for a picture in the trail: the SHA-256 of its text.
func fingerprint(picture string) string {
	if picture == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(picture))
	return hex.EncodeToString(sum[:])
}

// changed keeps the changes whose value did change.
func changed(all ...audit.Change) []audit.Change {
	kept := []audit.Change{}
	for _, c := range all {
		if !reflect.DeepEqual(c.Before, c.After) {
			kept = append(kept, c)
		}
	}
	return kept
}

var (
	accentForm = regexp.MustCompile(`^#[0-9a-f]{6}$`)
	logoForm   = regexp.MustCompile(`^data:image/(png|jpeg|webp);base64,([A-Za-z0-9+/]+=*)$`)
)

// with gives the account with the patch applied and checked.
func (a Account) with(p Patch) (Account, error) {
	var err error
	if p.Name != nil {
		if a.Name, err = address.Text("name", *p.Name, 120); err != nil {
			return a, err
		}
	}
	if p.Accent != nil {
		a.Accent = strings.ToLower(*p.Accent)
		if a.Accent != "" && !accentForm.MatchString(a.Accent) {
			return a, fault.Invalid("accent", "invalid", "A colour is written as #rrggbb.")
		}
	}
	if p.Logo != nil {
		a.Logo = *p.Logo
		if err := checkLogo(a.Logo); err != nil {
			return a, err
		}
	}
	if p.Policy != nil {
		if a.Policy, err = p.Policy(a.Policy).checked(); err != nil {
			return a, err
		}
	}
	return a, nil
}

func checkLogo(logo string) error {
	if logo == "" {
		return nil
	}
	if len(logo) > 96<<10 {
		return fault.Invalid("logo", "too_long", "A logo is at most 64 KiB.")
	}
	parts := logoForm.FindStringSubmatch(logo)
	if parts == nil {
		return fault.Invalid("logo", "invalid", "A logo is a data: URL of a PNG, JPEG or WebP picture.")
	}
	if _, err := base64.StdEncoding.DecodeString(parts[2]); err != nil {
		return fault.Invalid("logo", "invalid", "A logo is a data: URL of a PNG, JPEG or WebP picture.")
	}
	return nil
}

const day = Seconds(24 * 60 * 60)

// checked gives the policy in its normal form, or says what is wrong with it.
func (p Policy) checked() (Policy, error) {
	within := func(field string, v, low, high Seconds) error {
		if v < low || v > high {
			return fault.Invalid("policy."+field, "out_of_range", fmt.Sprintf("Between %d and %d seconds.", low, high))
		}
		return nil
	}
	if err := within("invitation_ttl", p.InvitationTTL, 60*60, 90*day); err != nil {
		return p, err
	}
	if err := within("undo_window", p.UndoWindow, 0, 30*day); err != nil {
		return p, err
	}
	if p.SessionIdle != nil {
		if err := within("session_idle", *p.SessionIdle, 60, 90*day); err != nil {
			return p, err
		}
	}
	if p.SessionAbsolute != nil {
		if err := within("session_absolute", *p.SessionAbsolute, 5*60, 365*day); err != nil {
			return p, err
		}
	}
	if p.AccessEnds != "apply" && p.AccessEnds != "confirm" {
		return p, fault.Invalid("policy.access_ends", "unknown", "Either apply or confirm.")
	}
	if p.MFA != MFAOptional && p.MFA != MFARequired {
		return p, fault.Invalid("policy.mfa", "unknown", "Either optional or required.")
	}
	if err := p.checkKinds(); err != nil {
		return p, err
	}
	domains := []string{}
	for _, d := range p.EmailDomains {
		ascii, err := idna.Lookup.ToASCII(strings.ToLower(strings.TrimSpace(d)))
		if err != nil || !strings.Contains(ascii, ".") {
			return p, fault.Invalid("policy.email_domains", "invalid", "Each is a domain, such as example.com.")
		}
		domains = append(domains, ascii)
	}
	slices.Sort(domains)
	p.EmailDomains = slices.Compact(domains)
	return p, nil
}

func (p Policy) checkKinds() error {
	if len(p.DepartureKinds) == 0 {
		return fault.Invalid("policy.departure_kinds", "required", "At least one way to let somebody go must be offered.")
	}
	for i, k := range p.DepartureKinds {
		if !slices.Contains([]string{"deactivate", "remove", "delete"}, k) || slices.Contains(p.DepartureKinds[:i], k) {
			return fault.Invalid("policy.departure_kinds", "unknown", "Each of deactivate, remove and delete at most once.")
		}
	}
	return nil
}
