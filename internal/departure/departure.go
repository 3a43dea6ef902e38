// Package departure is the way out: one engine for deactivating, removing and
// deleting, through every door. A departure is planned, shown in advance, and
// applied whole or not at all.
//
// Invariants. A plan changes nothing. What is applied is what the digest of the
// plan says, or nothing. After Apply or Suspend has returned, no credential of
// the member works. Whoever is the last owner stays.
package departure

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"tenure/internal/access"
	"tenure/internal/audit"
	"tenure/internal/db"
	"tenure/internal/fault"
	"tenure/internal/holding"
	"tenure/internal/id"
	"tenure/internal/member"
)

// Kind is how a member leaves.
type Kind string

// The kinds.
const (
	Deactivate Kind = "deactivate" // out, and may come back
	Remove     Kind = "remove"     // gone from the account, the address free
	Delete     Kind = "delete"     // erased at once
)

// moves is what each kind does with the member and what it is called before
// the holdings.
var moves = map[Kind]struct {
	move member.Move
	kind holding.Kind
}{
	Deactivate: {member.Deactivate, holding.Deactivate},
	Remove:     {member.Remove, holding.Remove},
	Delete:     {member.Delete, holding.Delete},
}

// Departure is a departure as stored.
type Departure struct {
	ID        id.Departure
	Kind      Kind
	State     State
	Member    id.Member
	Decisions map[string]json.RawMessage
	Digest    string // of the plan that was applied
	By        access.Actor
	CreatedAt time.Time
	AppliedAt time.Time
	UndoUntil time.Time
	Version   int64
	receipt   string
}

// Plan is what a departure will do, or did.
type Plan struct {
	Departure
	Name     string // of the member
	Digest   string
	Blockers []holding.Blocker
	Needed   []holding.Need
	Effects  []holding.Effect
}

// Ways is what departures need of rooms beside and above them.
type Ways struct {
	// Bind sends the invitation of a member who is activated and has never come in.
	Bind func(ctx context.Context, tx *db.Tx, actor access.Actor, account id.Account, m member.Member) error
	// Forget erases what other rooms hold of a person and names their things, such
	// as invitations and keys, so that the trail can forget those too.
	Forget func(ctx context.Context, tx *db.Tx, account id.Account, m member.Member) ([]string, error)
}

// Passage is the way out as doors use it.
type Passage struct {
	db       *db.DB
	holdings []holding.Holding
	signer   Signer
	ways     Ways
}

// New makes the passage. The holdings are settled in the order given and
// restored in reverse.
func New(d *db.DB, signer Signer, holdings []holding.Holding, ways Ways) *Passage {
	return &Passage{d, holdings, signer, ways}
}

const columns = `d.departure_id, d.kind, d.state, m.member_id, d.decisions, d.digest, d.by_kind, d.by_id, d.created_at, d.applied_at, d.undo_until, d.receipt, d.version`

const from = ` FROM departures d JOIN departure_members m ON m.account_id = d.account_id AND m.departure_id = d.departure_id`

func scanned(scan func(...any) error) (Departure, error) {
	var d Departure
	var byKind, byID string
	err := scan((*string)(&d.ID), (*string)(&d.Kind), (*string)(&d.State), (*string)(&d.Member), db.Into(&d.Decisions), &d.Digest, &byKind, &byID,
		db.Time(&d.CreatedAt), db.Time(&d.AppliedAt), db.Time(&d.UndoUntil), &d.receipt, &d.Version)
	d.By = access.Actor{Kind: access.Kind(byKind)}
	if d.By.Kind == access.Member {
		d.By.Member = id.Member(byID)
	} else {
		d.By.Key = byID
	}
	return d, err
}

func get(ctx context.Context, tx *db.Tx, account id.Account, departure id.Departure) (Departure, error) {
	d, err := scanned(func(dest ...any) error {
		return tx.One(ctx, `SELECT `+columns+from+` WHERE d.account_id = $1 AND d.departure_id = $2`, []any{string(account), string(departure)}, dest...)
	})
	if errors.Is(err, db.ErrNone) {
		return d, fault.NotFound()
	}
	if err != nil {
		return d, fmt.Errorf("read departure: %w", err)
	}
	return d, nil
}

// settling finds the departure that a suspended member waits in.
func settling(ctx context.Context, tx *db.Tx, account id.Account, m id.Member) (Departure, bool, error) {
	d, err := scanned(func(dest ...any) error {
		return tx.One(ctx, `SELECT `+columns+from+` WHERE m.account_id = $1 AND m.member_id = $2 AND m.open`, []any{string(account), string(m)}, dest...)
	})
	if errors.Is(err, db.ErrNone) {
		return d, false, nil
	}
	if err != nil {
		return d, false, fmt.Errorf("read settling departure: %w", err)
	}
	return d, true, nil
}

// insert stores a new departure. It is open, and so the only one of its member,
// from the moment it settles.
func insert(ctx context.Context, tx *db.Tx, account id.Account, d Departure) error {
	if err := tx.ExecOne(ctx, `INSERT INTO departures (account_id, departure_id, kind, state, decisions, by_kind, by_id, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, string(account), string(d.ID), string(d.Kind), string(d.State), db.JSON(d.Decisions),
		string(d.By.Kind), d.By.Name(), db.Micros(d.CreatedAt)); err != nil {
		return fmt.Errorf("create departure: %w", err)
	}
	if err := tx.ExecOne(ctx, `INSERT INTO departure_members (account_id, departure_id, member_id, open) VALUES ($1, $2, $3, $4)`,
		string(account), string(d.ID), string(d.Member), d.State == Settling); err != nil {
		return fmt.Errorf("create departure: %w", err)
	}
	return nil
}

// save writes a departure over exactly the version that was read, and raises it.
func save(ctx context.Context, tx *db.Tx, account id.Account, d *Departure) error {
	if err := tx.ExecOne(ctx, `UPDATE departures SET kind = $3, state = $4, decisions = $5, digest = $6, applied_at = $7, undo_until = $8, receipt = $9, version = $10
		WHERE account_id = $1 AND departure_id = $2 AND version = $11`, string(account), string(d.ID), string(d.Kind), string(d.State), db.JSON(d.Decisions),
		d.Digest, db.Micros(d.AppliedAt), db.Micros(d.UndoUntil), d.receipt, d.Version+1, d.Version); err != nil {
		return fmt.Errorf("save departure: %w", err)
	}
	if err := tx.ExecOne(ctx, `UPDATE departure_members SET open = $4 WHERE account_id = $1 AND departure_id = $2 AND member_id = $3`,
		string(account), string(d.ID), string(d.Member), d.State == Settling); err != nil {
		return fmt.Errorf("save departure: %w", err)
	}
	d.Version++
	return nil
}

// checkDecisions refuses what no holding and no rule asks for.
func (p *Passage) checkDecisions(decisions map[string]json.RawMessage) error {
	known := []string{phoneDecision}
	for _, h := range p.holdings {
		known = append(known, h.Name())
	}
	for name := range decisions {
		if !slices.Contains(known, name) {
			return fault.Unprocessable("unknown_field", "The request has a field that is not known here.").
				And("decisions."+name, "unknown_field", "There is nothing of this name to decide.")
		}
	}
	_, err := decidedPhone(decisions)
	return err
}

// decide gives the decisions with others in their place, null taking one back,
// and what that changes for the trail.
func decide(before, given map[string]json.RawMessage) (map[string]json.RawMessage, []audit.Change) {
	after, changes := maps.Clone(before), []audit.Change{}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if string(given[name]) == "null" {
			delete(after, name)
		} else {
			after[name] = given[name]
		}
		was, is := string(before[name]), string(after[name])
		if was != is {
			changes = append(changes, audit.Change{Field: name, Before: was, After: is, Personal: name == phoneDecision})
		}
	}
	return after, changes
}

// phoneDecision is the telephone number given where the policy wants one.
const phoneDecision = "phone"

func decidedPhone(decisions map[string]json.RawMessage) (string, error) {
	raw, ok := decisions[phoneDecision]
	if !ok {
		return "", nil
	}
	var phone string
	if json.Unmarshal(raw, &phone) != nil {
		return "", fault.Invalid("decisions.phone", "invalid", "A telephone number is text.")
	}
	checked, err := member.Phone(phone)
	if err != nil {
		return "", fault.Invalid("decisions.phone", "invalid", "A telephone number has 5 to 15 digits.")
	}
	return checked, nil
}
