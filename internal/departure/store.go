package departure

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"tenure/internal/access"
	"tenure/internal/db"
	"tenure/internal/fault"
	"tenure/internal/holding"
	"tenure/internal/id"
	"tenure/internal/member"
)

// columns is a departure as scanned reads it; of a list the receipts stay where
// they are, which tell of a thousand people each.
const (
	row     = `d.departure_id, d.kind, d.state, d.due_at, d.decisions, d.digest, d.by_kind, d.by_id, d.created_at, d.applied_at, d.undo_until, d.version`
	columns = row + `, d.receipt`
	listed  = row + `, ''`
)

func scanned(scan func(...any) error) (Departure, error) {
	var d Departure
	var byKind, byID string
	err := scan((*string)(&d.ID), (*string)(&d.Kind), (*string)(&d.State), db.Time(&d.At), db.Into(&d.Decisions), &d.Digest, &byKind, &byID,
		db.Time(&d.CreatedAt), db.Time(&d.AppliedAt), db.Time(&d.UndoUntil), &d.Version, &d.receipt)
	d.By = access.Actor{Kind: access.Kind(byKind)}
	if d.By.Kind == access.Member {
		d.By.Member = id.Member(byID)
	} else {
		d.By.Key = byID
	}
	return d, err
}

// head reads a departure without its members.
func head(ctx context.Context, tx *db.Tx, account id.Account, departure id.Departure) (Departure, error) {
	d, err := scanned(func(dest ...any) error {
		return tx.One(ctx, `SELECT `+columns+` FROM departures d WHERE d.account_id = $1 AND d.departure_id = $2`, []any{string(account), string(departure)}, dest...)
	})
	if errors.Is(err, db.ErrNone) {
		return d, fault.NotFound()
	}
	if err != nil {
		return d, fmt.Errorf("read departure: %w", err)
	}
	return d, nil
}

func get(ctx context.Context, tx *db.Tx, account id.Account, departure id.Departure) (Departure, error) {
	d, err := head(ctx, tx, account, departure)
	if err == nil {
		d.Parts, err = partsOf(ctx, tx, account, departure)
	}
	return d, err
}

// waitsFor reports whether a member of the departure has not had their turn.
func waitsFor(ctx context.Context, tx *db.Tx, account id.Account, departure id.Departure, m id.Member) (waits bool, err error) {
	err = tx.One(ctx, `SELECT verdict = '' FROM departure_members WHERE account_id = $1 AND departure_id = $2 AND member_id = $3`,
		[]any{string(account), string(departure), string(m)}, &waits)
	if err != nil {
		return false, fmt.Errorf("read turn of %s: %w", m, err)
	}
	return waits, nil
}

// partColumns is a part as scannedPart reads it.
const partColumns = `member_id, verdict, code, back, back_code`

func scannedPart(scan func(...any) error, before ...any) (p Part, err error) {
	err = scan(append(before, (*string)(&p.Member), (*string)(&p.Verdict), &p.Code, (*string)(&p.Back), &p.Stays)...)
	return p, err
}

// partsOf reads who a departure is about.
func partsOf(ctx context.Context, tx *db.Tx, account id.Account, departure id.Departure) (parts []Part, err error) {
	err = tx.Each(ctx, `SELECT `+partColumns+` FROM departure_members WHERE account_id = $1 AND departure_id = $2 ORDER BY place`,
		[]any{string(account), string(departure)}, func(scan func(...any) error) error {
			p, err := scannedPart(scan)
			parts = append(parts, p)
			return err
		})
	if err != nil {
		return nil, fmt.Errorf("read members of departure: %w", err)
	}
	return parts, nil
}

// most is how many departures' members are read at once.
const most = 100

// firstOf reads of each departure the first whom it is about, and how far it is
// with all of them.
func firstOf(ctx context.Context, tx *db.Tx, account id.Account, departures []*Departure) error {
	for part := range slices.Chunk(departures, most) {
		byID, args := map[string]*Departure{}, []any{string(account)}
		for _, d := range part {
			byID[string(d.ID)] = d
			args = append(args, string(d.ID))
		}
		of := ` FROM departure_members WHERE account_id = $1 AND departure_id IN (` + db.Params(2, len(part)) + `)`
		var departure string
		err := tx.Each(ctx, `SELECT departure_id, `+partColumns+of+fmt.Sprintf(` AND place < %d ORDER BY departure_id, place`, mostNamed), args,
			func(scan func(...any) error) error {
				p, err := scannedPart(scan, &departure)
				if err == nil {
					byID[departure].Parts = append(byID[departure].Parts, p)
				}
				return err
			})
		if err == nil {
			err = tx.Each(ctx, `SELECT departure_id, COUNT(*), COUNT(CASE WHEN verdict <> '' THEN 1 END), COUNT(CASE WHEN verdict = 'applied' THEN 1 END),
				COUNT(CASE WHEN verdict = 'applied' AND back <> '' THEN 1 END)`+of+` GROUP BY departure_id`, args,
				func(scan func(...any) error) error {
					var t tally
					err := scan(&departure, &t.all, &t.done, &t.gone, &t.settled)
					if err == nil {
						byID[departure].counted = t
					}
					return err
				})
		}
		if err != nil {
			return fmt.Errorf("read members of departures: %w", err)
		}
	}
	return nil
}

// claim is the departure that has a member, and how it stands.
type claim struct {
	departure id.Departure
	state     State
}

// claimed finds the departure that a member is in already: the one a suspended
// member waits in, or the one that waits for its time.
func claimed(ctx context.Context, tx *db.Tx, account id.Account, m id.Member) (c claim, found bool, err error) {
	err = tx.One(ctx, `SELECT d.departure_id, d.state FROM departure_members m JOIN departures d ON d.account_id = m.account_id AND d.departure_id = m.departure_id
		WHERE m.account_id = $1 AND m.member_id = $2 AND m.open`, []any{string(account), string(m)}, (*string)(&c.departure), (*string)(&c.state))
	if errors.Is(err, db.ErrNone) {
		return c, false, nil
	}
	if err != nil {
		return c, false, fmt.Errorf("read open departure: %w", err)
	}
	return c, true, nil
}

// inside reads the departure that a member is in already.
func inside(ctx context.Context, tx *db.Tx, account id.Account, m id.Member) (d Departure, found bool, err error) {
	c, found, err := claimed(ctx, tx, account, m)
	if err != nil || !found {
		return d, false, err
	}
	d, err = get(ctx, tx, account, c.departure)
	return d, err == nil, err
}

// insert stores a new departure.
func insert(ctx context.Context, tx *db.Tx, account id.Account, d Departure) error {
	if err := tx.ExecOne(ctx, `INSERT INTO departures (account_id, departure_id, kind, state, due_at, decisions, by_kind, by_id, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, string(account), string(d.ID), string(d.Kind), string(d.State), db.Micros(d.At), db.JSON(d.Decisions),
		string(d.By.Kind), d.By.Name(), db.Micros(d.CreatedAt)); err != nil {
		return fmt.Errorf("create departure: %w", err)
	}
	for i, p := range d.Parts {
		if err := tx.ExecOne(ctx, `INSERT INTO departure_members (account_id, departure_id, member_id, place, open) VALUES ($1, $2, $3, $4, $5)`,
			string(account), string(d.ID), string(p.Member), i, d.State.Claims()); err != nil {
			return fmt.Errorf("create departure: %w", err)
		}
	}
	return nil
}

// save writes a departure over exactly the version that was read, and raises it.
// Its members are claimed by it as the state says, those whose turn has not come.
func save(ctx context.Context, tx *db.Tx, account id.Account, d *Departure) error {
	if err := tx.ExecOne(ctx, `UPDATE departures SET kind = $3, state = $4, due_at = $5, decisions = $6, digest = $7, by_kind = $8, by_id = $9,
		applied_at = $10, undo_until = $11, receipt = $12, version = $13 WHERE account_id = $1 AND departure_id = $2 AND version = $14`,
		string(account), string(d.ID), string(d.Kind), string(d.State), db.Micros(d.At), db.JSON(d.Decisions), d.Digest, string(d.By.Kind), d.By.Name(),
		db.Micros(d.AppliedAt), db.Micros(d.UndoUntil), d.receipt, d.Version+1, d.Version); err != nil {
		return fmt.Errorf("save departure: %w", err)
	}
	if _, err := tx.Exec(ctx, `UPDATE departure_members SET open = $3 WHERE account_id = $1 AND departure_id = $2 AND verdict = ''`,
		string(account), string(d.ID), d.State.Claims()); err != nil {
		return fmt.Errorf("save departure: %w", err)
	}
	d.Version++
	return nil
}

// judge writes down what became of a member. What is told of those it was
// applied to is kept for the receipt.
func judge(ctx context.Context, tx *db.Tx, account id.Account, d *Departure, p Part, left *Left) error {
	outcome := ""
	if left != nil {
		raw, err := json.Marshal(left)
		if err != nil {
			return fmt.Errorf("judge %s: %w", p.Member, err)
		}
		outcome = string(raw)
	}
	if err := tx.ExecOne(ctx, `UPDATE departure_members SET verdict = $4, code = $5, outcome = $6, open = FALSE
		WHERE account_id = $1 AND departure_id = $2 AND member_id = $3 AND verdict = ''`,
		string(account), string(d.ID), string(p.Member), string(p.Verdict), p.Code, outcome); err != nil {
		return fmt.Errorf("judge %s: %w", p.Member, err)
	}
	for i := range d.Parts {
		if d.Parts[i].Member == p.Member {
			d.Parts[i] = p
		}
	}
	return nil
}

// outcomes gives what is told of those a departure was applied to, in order.
func outcomes(ctx context.Context, tx *db.Tx, account id.Account, departure id.Departure) ([]Left, error) {
	all := []Left{}
	err := tx.Each(ctx, `SELECT outcome FROM departure_members WHERE account_id = $1 AND departure_id = $2 AND outcome <> '' ORDER BY place`,
		[]any{string(account), string(departure)}, func(scan func(...any) error) error {
			var left Left
			err := scan(db.Into(&left))
			all = append(all, left)
			return err
		})
	if err != nil {
		return nil, fmt.Errorf("read outcomes: %w", err)
	}
	return all, nil
}

// outcome gives what is told of one of several that a departure was applied to.
func outcome(ctx context.Context, tx *db.Tx, account id.Account, departure id.Departure, m id.Member) (left Left, err error) {
	err = tx.One(ctx, `SELECT outcome FROM departure_members WHERE account_id = $1 AND departure_id = $2 AND member_id = $3`,
		[]any{string(account), string(departure), string(m)}, db.Into(&left))
	if err != nil {
		return left, fmt.Errorf("read outcome of %s: %w", m, err)
	}
	return left, nil
}

// settleBack writes down what undoing came to for a member, and what it restored.
func settleBack(ctx context.Context, tx *db.Tx, account id.Account, d *Departure, m id.Member, back Back, why string, restored []holding.Effect) error {
	if err := tx.ExecOne(ctx, `UPDATE departure_members SET back = $4, back_code = $5, restored = $6
		WHERE account_id = $1 AND departure_id = $2 AND member_id = $3 AND back = ''`,
		string(account), string(d.ID), string(m), string(back), why, db.JSON(restored)); err != nil {
		return fmt.Errorf("bring back %s: %w", m, err)
	}
	for i := range d.Parts {
		if d.Parts[i].Member == m {
			d.Parts[i].Back, d.Parts[i].Stays = back, why
		}
	}
	return nil
}

// restored gives what an undoing brought back, and what it skipped.
func restored(ctx context.Context, tx *db.Tx, account id.Account, departure id.Departure) ([]holding.Effect, error) {
	all := []holding.Effect{}
	err := tx.Each(ctx, `SELECT restored FROM departure_members WHERE account_id = $1 AND departure_id = $2 AND restored <> '' ORDER BY place`,
		[]any{string(account), string(departure)}, func(scan func(...any) error) error {
			var of []holding.Effect
			err := scan(db.Into(&of))
			all = append(all, of...)
			return err
		})
	if err != nil {
		return nil, fmt.Errorf("read what was restored: %w", err)
	}
	return all, nil
}

// place is a member's place as it was before the departure, with what a
// suspension at its beginning has ended already.
type place struct {
	Status   member.Status `json:"status"`
	Epoch    int64         `json:"epoch"` // as the departure left it: nothing came between
	Sessions int64         `json:"sessions,omitempty"`
	Keys     int64         `json:"keys,omitempty"`
}

func remember(ctx context.Context, tx *db.Tx, account id.Account, departure id.Departure, m id.Member, was place) error {
	return tx.ExecOne(ctx, `UPDATE departure_members SET before = $4 WHERE account_id = $1 AND departure_id = $2 AND member_id = $3`,
		string(account), string(departure), string(m), db.JSON(was))
}

// recall gives what remember wrote: nothing yet in a departure that began as a
// plan.
func recall(ctx context.Context, tx *db.Tx, account id.Account, departure id.Departure, m id.Member) (place, error) {
	var was place
	if err := tx.One(ctx, `SELECT before FROM departure_members WHERE account_id = $1 AND departure_id = $2 AND member_id = $3`,
		[]any{string(account), string(departure), string(m)}, db.Into(&was)); err != nil {
		return was, fmt.Errorf("read departure: %w", err)
	}
	return was, nil
}
