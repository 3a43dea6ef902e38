package resource

import (
	"context"
	"fmt"

	"tenure/internal/db"
	"tenure/internal/id"
)

// Check says what is broken among the resources of an account, for tenure verify:
// an interval that lasts longer than the next one has begun, or that is open with
// another behind it.
func Check(ctx context.Context, tx *db.Tx, acc id.Account) (defects []string, err error) {
	err = tx.Each(ctx, `SELECT type_key, external_id FROM (
			SELECT type_key, external_id, until, LEAD(since) OVER (PARTITION BY type_key, external_id ORDER BY since_version) AS next
			FROM resource_owners WHERE account_id = $1) AS intervals
		WHERE next IS NOT NULL AND (until IS NULL OR until > next) ORDER BY type_key, external_id LIMIT 100`, []any{string(acc)},
		func(scan func(...any) error) error {
			var k Key
			err := scan(&k.Type, &k.ID)
			defects = append(defects, "resource "+k.String()+" had two owners at a time")
			return err
		})
	if err != nil {
		return nil, fmt.Errorf("check resources: %w", err)
	}
	return defects, nil
}

// Holders lists the members who own or work on something now, for tenure verify:
// each of them has a place.
func Holders(ctx context.Context, tx *db.Tx, acc id.Account) ([]id.Member, error) {
	holders, err := db.Column[id.Member](ctx, tx, `SELECT member_id FROM resource_owners WHERE account_id = $1 AND until IS NULL
		UNION SELECT member_id FROM resource_assignments WHERE account_id = $1 AND until IS NULL ORDER BY member_id`, []any{string(acc)})
	if err != nil {
		return nil, fmt.Errorf("list holders of resources: %w", err)
	}
	return holders, nil
}

// Narrow follows a role that begins to reach one single thing, or ceases to, for
// those who have it. Faults: conflict guest_limit, with what stands in the way,
// where one of them owns something or works on more than one.
func Narrow(ctx context.Context, tx *db.Tx, acc id.Account, members []id.Member, single bool) error {
	for len(members) > 0 {
		part := members[:min(len(members), 400)]
		members = members[len(part):]
		asked, set := []any{string(acc)}, []any{string(acc), single}
		for _, m := range part {
			asked, set = append(asked, string(m)), append(set, string(m))
		}
		among := ` AND until IS NULL AND member_id IN (` + db.Params(2, len(part)) + `)`
		if single {
			var over int64
			if err := tx.One(ctx, `SELECT (SELECT COUNT(*) FROM resource_owners WHERE account_id = $1`+among+`)
				+ (SELECT COUNT(*) - COUNT(DISTINCT member_id) FROM resource_assignments WHERE account_id = $1`+among+`)`, asked, &over); err != nil {
				return fmt.Errorf("count what is held: %w", err)
			}
			if over > 0 {
				return crowded(ctx, tx, among, asked)
			}
		}
		if _, err := tx.Exec(ctx, `UPDATE resource_assignments SET single = $2 WHERE account_id = $1 AND until IS NULL AND member_id IN (`+db.Params(3, len(part))+`)`, set...); err != nil {
			return fmt.Errorf("seat guests: %w", err)
		}
	}
	return nil
}

// crowded names what some members own, and work on beside something else.
func crowded(ctx context.Context, tx *db.Tx, among string, args []any) error {
	keys := []Key{}
	err := tx.Each(ctx, fmt.Sprintf(`SELECT type_key, external_id FROM resource_owners WHERE account_id = $1%[1]s
		UNION SELECT type_key, external_id FROM resource_assignments WHERE account_id = $1%[1]s AND member_id IN
			(SELECT member_id FROM resource_assignments WHERE account_id = $1%[1]s GROUP BY member_id HAVING COUNT(*) > 1)
		ORDER BY type_key, external_id LIMIT %[2]d`, among, mostNamed), args, func(scan func(...any) error) error {
		var k Key
		err := scan(&k.Type, &k.ID)
		keys = append(keys, k)
		return err
	})
	if err != nil {
		return fmt.Errorf("read what is held: %w", err)
	}
	return overLimit("", keys, "People with this role own resources or work on more than one. Take those from them first.").Refusal()
}
