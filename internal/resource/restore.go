package resource

import (
	"context"
	"fmt"
	"time"

	"tenure/internal/audit"
	"tenure/internal/db"
	"tenure/internal/fault"
	"tenure/internal/holding"
	"tenure/internal/id"
)

// Restore gives back what the departure took: what its successors still own, what
// nobody has owned since, and what the member worked on. What has changed hands
// since, what they no longer reach, and what their role may not have, as it is
// now, stays where it is. What was deleted meanwhile is told by its number: no row
// is left of it. The time between stays in the history.
func (h Held) Restore(ctx context.Context, tx *db.Tx, c holding.Case) ([]holding.Effect, error) {
	who, err := h.ways.Rights(ctx, tx, c.Account, c.Member)
	away := fault.Code(err) == "unauthenticated" // they left a place that was not active either
	if err != nil && !away {
		return nil, err
	}
	reaches := func(sub id.SubAccount) bool { return away || sub == "" || who.Reaches(sub) }
	back, changed, err := owedBack(ctx, tx, c, func(sub id.SubAccount) bool { return !c.To.Single() && reaches(sub) })
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
		if err := reassign(ctx, tx, c, g); err != nil {
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

// deleted counts what the departure took and what is not there any more: of what
// they owned, and of what they worked on, given how many of both are.
func deleted(g *holding.Gone, owned, worked int) (int, int) {
	if g == nil {
		return 0, 0
	}
	took := holding.Count(g.Effects, "resources_transferred")
	if g.Kind != holding.Deactivate { // who is deactivated keeps what is left
		took += holding.Count(g.Effects, "resources_left")
	}
	return max(0, int(took)-owned), max(0, int(holding.Count(g.Effects, "assignments_ended"))-worked)
}

func restored(c holding.Case, back, works, changed, lost int) []holding.Effect {
	ownedGone, workedGone := deleted(c.Gone, back+changed, works+lost)
	var effects []holding.Effect
	for _, e := range []struct {
		n                       int
		kind, reason, one, many string
	}{
		{back, "resources_restored", "", "is theirs again.", "are theirs again."},
		{works, "assignments_restored", "", "lists them again.", "list them again."},
		{changed, "skipped", "changed", "has changed since or is out of their reach, and stays where it is.", "have changed since or are out of their reach, and stay where they are."},
		{lost, "skipped", "out_of_reach", "is out of their reach, and does not list them again.", "are out of their reach, and do not list them again."},
		{ownedGone, "skipped", "deleted", "that was theirs has been deleted since.", "that were theirs have been deleted since."},
		{workedGone, "skipped", "assignment_deleted", "that listed them has been deleted since.", "that listed them have been deleted since."},
	} {
		if e.n > 0 {
			told := effect(c, e.kind, e.n, e.one, e.many)
			told.Reason = e.reason
			effects = append(effects, told)
		}
	}
	return effects
}

// owedBack finds what the departure took from the member: what can go back, and
// how much cannot.
func owedBack(ctx context.Context, tx *db.Tx, c holding.Case, owns func(id.SubAccount) bool) (back []Key, changed int, err error) {
	taken, err := taken(ctx, tx, c, `resource_owners`)
	if err != nil {
		return nil, 0, err
	}
	unchanged := map[Key]bool{}
	for _, g := range byType(taken) {
		// Of each the last interval: the one that the departure ended or began.
		err := tx.Each(ctx, `SELECT external_id, until, begun_by, ended_by, member_id, passed_to FROM resource_owners WHERE account_id = $1 AND`+g.in(0)+`
			ORDER BY external_id, since_version`, g.args(c.Account), func(scan func(...any) error) error {
			k := Key{Type: g.kind}
			var until time.Time
			var begun, ended, member, passed string
			err := scan(&k.ID, db.Time(&until), db.Text(&begun), db.Text(&ended), &member, db.Text(&passed))
			began := until.IsZero() && begun == string(c.Departure)
			stopped := ended == string(c.Departure) && member == string(c.Member) && passed == ""
			unchanged[k] = began || stopped
			return err
		})
		if err != nil {
			return nil, 0, fmt.Errorf("read what was handed over: %w", err)
		}
	}
	held, err := standing(ctx, tx, c.Account, taken)
	for _, one := range held {
		if unchanged[one.Key] && owns(one.sub) {
			back = append(back, one.Key)
		} else {
			changed++
		}
	}
	return back, changed, err
}

// taken gives what the departure took from the member.
func taken(ctx context.Context, tx *db.Tx, c holding.Case, table string) ([]Key, error) {
	keys := []Key{}
	err := tx.Each(ctx, `SELECT h.type_key, h.external_id FROM `+table+` h WHERE h.account_id = $1 AND h.ended_by = $2 AND h.member_id = $3`,
		[]any{string(c.Account), string(c.Departure), string(c.Member)}, func(scan func(...any) error) error {
			var k Key
			err := scan(&k.Type, &k.ID)
			keys = append(keys, k)
			return err
		})
	if err != nil {
		return nil, fmt.Errorf("read what was taken: %w", err)
	}
	return keys, nil
}

// workBack finds what the departure took the member off, as far as they may work
// on it.
func workBack(ctx context.Context, tx *db.Tx, c holding.Case, reaches func(id.SubAccount) bool) (works []Key, lost int, err error) {
	taken, err := taken(ctx, tx, c, `resource_assignments`)
	if err != nil {
		return nil, 0, err
	}
	held, err := standing(ctx, tx, c.Account, taken)
	if err != nil {
		return nil, 0, err
	}
	room := len(held)
	if c.To.Single() {
		if room, err = free(ctx, tx, c); err != nil {
			return nil, 0, err
		}
	}
	for _, one := range held {
		if reaches(one.sub) && len(works) < room {
			works = append(works, one.Key)
		} else {
			lost++
		}
	}
	return works, lost, err
}

// free is how many resources somebody can still be assigned to whose role reaches
// one.
func free(ctx context.Context, tx *db.Tx, c holding.Case) (int, error) {
	err := unoccupied(ctx, tx, c.Account, c.Member)
	switch {
	case fault.Code(err) == "guest_limit":
		return 0, nil
	case err != nil:
		return 0, err
	default:
		return 1, nil
	}
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
func reassign(ctx context.Context, tx *db.Tx, c holding.Case, g group) error {
	if err := raiseAll(ctx, tx, c.Account, g); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `INSERT INTO resource_assignments (account_id, type_key, external_id, since_version, member_id, single, since)
		SELECT account_id, type_key, external_id, version, CAST($3 AS TEXT), CAST($4 AS BOOLEAN), CAST($5 AS BIGINT)
		FROM resources WHERE account_id = $1 AND`+g.in(3), g.args(c.Account, string(c.Member), c.To.Single(), db.Micros(tx.Now()))...); err != nil {
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
