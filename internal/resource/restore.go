package resource

import (
	"context"
	"fmt"

	"tenure/internal/access"
	"tenure/internal/audit"
	"tenure/internal/db"
	"tenure/internal/fault"
	"tenure/internal/holding"
	"tenure/internal/id"
)

// Restore gives back what the departure took: what its successors still own, what
// nobody has owned since, and what the member worked on. What has changed hands
// since, or what they no longer reach, stays where it is. The time between stays
// in the history.
func (h Held) Restore(ctx context.Context, tx *db.Tx, c holding.Case) ([]holding.Effect, error) {
	who, err := h.ways.Rights(ctx, tx, c.Account, c.Member)
	away := fault.Code(err) == "unauthenticated" // they left a place that was not active either
	if err != nil && !away {
		return nil, err
	}
	reaches := func(sub id.SubAccount) bool { return away || sub == "" || who.Reaches(sub) }
	back, changed, err := owedBack(ctx, tx, c, reaches)
	if err != nil {
		return nil, err
	}
	works, lost, err := workBack(ctx, tx, c, reaches)
	if err != nil {
		return nil, err
	}
	for _, g := range byType(back) {
		if err := giveBack(ctx, tx, c, g); err != nil {
			return nil, err
		}
	}
	for _, g := range byType(works) {
		if err := reassign(ctx, tx, c, g, who); err != nil {
			return nil, err
		}
	}
	if len(back)+len(works) > 0 {
		if err := audit.Record(ctx, tx, c.Actor, audit.Event{Action: "resource.restore", Subject: audit.Of("member", c.Member), Changes: []audit.Change{
			audit.Plain("departure", nil, string(c.Departure)), audit.Plain("resources", nil, len(back)), audit.Plain("assignments", nil, len(works))}}); err != nil {
			return nil, err
		}
	}
	return restored(c, len(back), len(works), changed, lost), nil
}

func restored(c holding.Case, back, works, changed, lost int) []holding.Effect {
	var effects []holding.Effect
	for _, e := range []struct {
		n               int
		kind, one, many string
	}{
		{back, "resources_restored", "is theirs again.", "are theirs again."},
		{works, "assignments_restored", "lists them again.", "list them again."},
		{changed, "skipped", "has changed since or is out of their reach, and stays where it is.", "have changed since or are out of their reach, and stay where they are."},
		{lost, "skipped", "is out of their reach, and does not list them again.", "are out of their reach, and do not list them again."},
	} {
		if e.n > 0 {
			effects = append(effects, effect(c, e.kind, e.n, e.one, e.many))
		}
	}
	return effects
}

// owedBack finds what the departure took from the member: what can go back, and
// how much cannot.
func owedBack(ctx context.Context, tx *db.Tx, c holding.Case, reaches func(id.SubAccount) bool) (back []Key, changed int, err error) {
	err = tx.Each(ctx, `SELECT o.type_key, o.external_id, r.sub_account_id, o.passed_to, n.member_id, n.begun_by,
			(SELECT COUNT(*) FROM resource_owners l WHERE l.account_id = o.account_id AND l.type_key = o.type_key AND l.external_id = o.external_id
				AND l.since_version > o.since_version)
		FROM resource_owners o
		JOIN resources r ON r.account_id = o.account_id AND r.type_key = o.type_key AND r.external_id = o.external_id
		LEFT JOIN resource_owners n ON n.account_id = o.account_id AND n.type_key = o.type_key AND n.external_id = o.external_id AND n.until IS NULL
		WHERE o.account_id = $1 AND o.ended_by = $2 AND o.member_id = $3`, []any{string(c.Account), string(c.Departure), string(c.Member)},
		func(scan func(...any) error) error {
			var k Key
			var sub id.SubAccount
			var passed, now, by string
			var later int
			if err := scan(&k.Type, &k.ID, db.Text((*string)(&sub)), db.Text(&passed), db.Text(&now), db.Text(&by), &later); err != nil {
				return err
			}
			unchanged := passed == "" && later == 0 || passed != "" && now == passed && by == string(c.Departure)
			if unchanged && reaches(sub) {
				back = append(back, k)
			} else {
				changed++
			}
			return nil
		})
	if err != nil {
		return nil, 0, fmt.Errorf("read what was handed over: %w", err)
	}
	return back, changed, nil
}

// workBack finds what the departure took the member off.
func workBack(ctx context.Context, tx *db.Tx, c holding.Case, reaches func(id.SubAccount) bool) (works []Key, lost int, err error) {
	err = tx.Each(ctx, `SELECT a.type_key, a.external_id, r.sub_account_id FROM resource_assignments a
		JOIN resources r ON r.account_id = a.account_id AND r.type_key = a.type_key AND r.external_id = a.external_id
		WHERE a.account_id = $1 AND a.ended_by = $2 AND a.member_id = $3`, []any{string(c.Account), string(c.Departure), string(c.Member)},
		func(scan func(...any) error) error {
			var k Key
			var sub id.SubAccount
			err := scan(&k.Type, &k.ID, db.Text((*string)(&sub)))
			if reaches(sub) {
				works = append(works, k)
			} else {
				lost++
			}
			return err
		})
	if err != nil {
		return nil, 0, fmt.Errorf("read ended assignments: %w", err)
	}
	return works, lost, nil
}

// giveBack ends the successors' ownership and begins the member's anew.
func giveBack(ctx context.Context, tx *db.Tx, c holding.Case, g group) error {
	now := db.Micros(tx.Now())
	if _, err := tx.Exec(ctx, `UPDATE resource_owners SET until = $3 WHERE account_id = $1 AND until IS NULL AND begun_by = $4 AND`+g.in(2),
		g.args(c.Account, now, string(c.Departure))...); err != nil {
		return fmt.Errorf("end ownership: %w", err)
	}
	if err := raiseAll(ctx, tx, c.Account, g); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `INSERT INTO resource_owners (account_id, type_key, external_id, since_version, member_id, since)
		SELECT account_id, type_key, external_id, version, CAST($3 AS TEXT), CAST($4 AS BIGINT) FROM resources WHERE account_id = $1 AND`+g.in(2),
		g.args(c.Account, string(c.Member), now)...); err != nil {
		return fmt.Errorf("begin ownership: %w", err)
	}
	return nil
}

// reassign lists the member again.
func reassign(ctx context.Context, tx *db.Tx, c holding.Case, g group, who access.Actor) error {
	if err := raiseAll(ctx, tx, c.Account, g); err != nil {
		return err
	}
	single := who.Role.Single() || c.From.Single()
	if _, err := tx.Exec(ctx, `INSERT INTO resource_assignments (account_id, type_key, external_id, since_version, member_id, single, since)
		SELECT account_id, type_key, external_id, version, CAST($3 AS TEXT), CAST($4 AS BOOLEAN), CAST($5 AS BIGINT)
		FROM resources WHERE account_id = $1 AND`+g.in(3), g.args(c.Account, string(c.Member), single, db.Micros(tx.Now()))...); err != nil {
		return fmt.Errorf("assign again: %w", err)
	}
	return nil
}

// raiseAll gives resources their next version.
func raiseAll(ctx context.Context, tx *db.Tx, acc id.Account, g group) error {
	if _, err := tx.Exec(ctx, `UPDATE resources SET version = version + 1 WHERE account_id = $1 AND`+g.in(0), g.args(acc)...); err != nil {
		return fmt.Errorf("raise versions: %w", err)
	}
	return nil
}
