package billing

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/text/language"

	"tenure/internal/access"
	"tenure/internal/address"
	"tenure/internal/audit"
	"tenure/internal/db"
	"tenure/internal/fault"
	"tenure/internal/id"
)

// Payer is who pays for an account, and where: what stands on an invoice. There
// is no place in it for a card or a bank account.
type Payer struct {
	Company    string `json:"company"`
	Name       string `json:"name"` // of the person to ask
	Email      string `json:"email"`
	Street     string `json:"street"` // may have several lines
	PostalCode string `json:"postal_code"`
	City       string `json:"city"`
	Country    string `json:"country"` // ISO 3166-1 alpha-2
	VATID      string `json:"vat_id"`
	Reference  string `json:"reference"` // the customer's own, such as an order number
	Version    int64  `json:"-"`
}

// checked trims and checks what was given. Faults: invalid on the field; a text
// that holds a card number is refused with code card_number.
func (p Payer) checked() (Payer, error) {
	for _, f := range p.fields() {
		var err error
		if f.name == "street" {
			*f.value, err = address.Lines(f.name, *f.value, f.most)
		} else {
			*f.value, err = address.Text(f.name, *f.value, f.most)
		}
		if err != nil {
			return p, err
		}
		if holdsCard(*f.value) {
			return p, fault.Invalid(f.name, "card_number", "This looks like the number of a card. Card numbers are not kept here.")
		}
	}
	if p.Email != "" {
		to, err := address.Parse(p.Email)
		if err != nil {
			return p, err
		}
		p.Email = to.Written
	}
	if p.Country != "" {
		region, err := language.ParseRegion(p.Country)
		if err != nil || !region.IsCountry() || region.String() != p.Country {
			return p, fault.Invalid("country", "unknown", "There is no such country. Give its code of two letters, as ISO 3166-1 has it.")
		}
	}
	return p, nil
}

// field is one text of a payer.
type field struct {
	name  string
	value *string
	most  int // characters
}

func (p *Payer) fields() []field {
	return []field{{"company", &p.Company, 200}, {"name", &p.Name, 160}, {"email", &p.Email, 320}, {"street", &p.Street, 400}, {"postal_code", &p.PostalCode, 20},
		{"city", &p.City, 120}, {"country", &p.Country, 2}, {"vat_id", &p.VATID, 40}, {"reference", &p.Reference, 120}}
}

// holdsCard reports whether a text has 13 to 19 digits in a row that are the
// number of a card (ISO/IEC 7812-1: the last is the Luhn digit of the others).
// Spaces and dashes may stand between groups of them, and other groups beside.
func holdsCard(text string) bool {
	var groups []string
	inside := false
	for _, c := range text {
		switch {
		case c >= '0' && c <= '9' && inside:
			groups[len(groups)-1] += string(c)
		case c >= '0' && c <= '9':
			groups, inside = append(groups, string(c)), true
		case strings.ContainsRune(" -.\u00a0\u2010\u2011\u2013", c):
			inside = false
		default:
			groups, inside = append(groups, "#"), false // nothing reaches over it
		}
	}
	for i := range groups {
		run := ""
		for _, g := range groups[i:] {
			if run += g; g == "#" || len(run) > 19 {
				break
			}
			if len(run) >= 13 && luhn(run) {
				return true
			}
		}
	}
	return false
}

// luhn reports whether the last digit checks the others (ISO/IEC 7812-1, annex B).
func luhn(digits string) bool {
	total := 0
	for i := range digits {
		d := int(digits[len(digits)-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		total += d
	}
	return total%10 == 0
}

// Desk is who pays for accounts, as doors use it.
type Desk struct{ db *db.DB }

// NewDesk makes the desk.
func NewDesk(d *db.DB) *Desk { return &Desk{d} }

// Payer gives who pays, empty until somebody has said it. Faults: those of
// access.Allow with billing.manage.
func (d *Desk) Payer(ctx context.Context, actor access.Actor, account id.Account) (p Payer, err error) {
	if err := access.Allow(actor, account, access.BillingManage); err != nil {
		return p, err
	}
	err = d.db.Read(ctx, func(tx *db.Tx) (err error) {
		p, err = payer(ctx, tx, account)
		return err
	})
	return p, err
}

// SetPayer says who pays, whole: what is not given is empty. ifVersion, when not
// 0, is the version the caller read. Faults: those of access.Allow with
// billing.manage; stale; invalid on the field that is wrong.
func (d *Desk) SetPayer(ctx context.Context, actor access.Actor, account id.Account, p Payer, ifVersion int64) (Payer, error) {
	if err := access.Allow(actor, account, access.BillingManage); err != nil {
		return Payer{}, err
	}
	p, err := p.checked()
	if err != nil {
		return Payer{}, err
	}
	err = d.db.Write(ctx, account, func(tx *db.Tx) error {
		before, err := payer(ctx, tx, account)
		if err != nil {
			return err
		}
		if ifVersion != 0 && ifVersion != before.Version {
			return fault.Stale()
		}
		p.Version = before.Version
		changes := p.changes(before)
		if len(changes) == 0 {
			return nil
		}
		p.Version++
		if err := tx.ExecOne(ctx, `INSERT INTO payers (account_id, details, version) VALUES ($1, $2, $3)
			ON CONFLICT (account_id) DO UPDATE SET details = excluded.details, version = excluded.version WHERE payers.version = $4`,
			string(account), db.JSON(p), p.Version, before.Version); err != nil {
			return fmt.Errorf("save payer: %w", err)
		}
		return audit.Record(ctx, tx, actor, audit.Event{Action: "billing.set_payer", Subject: audit.Of("account", account), Changes: changes})
	})
	return p, err
}

// changes are personal throughout: a company's address may be somebody's home.
func (p Payer) changes(before Payer) []audit.Change {
	changes := []audit.Change{}
	was := before.fields()
	for i, f := range p.fields() {
		if *f.value != *was[i].value {
			changes = append(changes, audit.Personal(f.name, *was[i].value, *f.value))
		}
	}
	return changes
}

func payer(ctx context.Context, tx *db.Tx, account id.Account) (Payer, error) {
	p := Payer{Version: 1}
	err := tx.One(ctx, `SELECT details, version FROM payers WHERE account_id = $1`, []any{string(account)}, db.Into(&p), &p.Version)
	if err != nil && !errors.Is(err, db.ErrNone) {
		return Payer{}, fmt.Errorf("read payer: %w", err)
	}
	return p, nil
}
