package seat

import (
	"context"
	"fmt"
	"time"

	"tenure/internal/billing"
	"tenure/internal/db"
	"tenure/internal/id"
)

// Check holds an account's seats against who should have one, for tenure
// verify, and against each other: those of a member do not overlap.
func Check(ctx context.Context, tx *db.Tx, account id.Account, should []id.Member) (defects []string, err error) {
	_, found, err := billing.Load(ctx, tx, account)
	if err != nil {
		return nil, err
	}
	if !found {
		should = nil
	}
	have, err := seated(ctx, tx, account)
	if err != nil {
		return nil, err
	}
	for _, m := range without(have, should) {
		defects = append(defects, "member "+string(m)+" has a seat and should not")
	}
	for _, m := range without(should, have) {
		defects = append(defects, "member "+string(m)+" should have a seat and has none")
	}
	var of id.Member
	var ended, began, last time.Time
	err = tx.Each(ctx, `SELECT member_id, began_at, ended_at FROM seats WHERE account_id = $1 ORDER BY member_id, number`, []any{string(account)},
		func(scan func(...any) error) error {
			var m id.Member
			ended = time.Time{}
			if err := scan((*string)(&m), db.Time(&began), db.Time(&ended)); err != nil {
				return err
			}
			if m == of && (last.IsZero() || began.Before(last)) {
				defects = append(defects, "member "+string(m)+" has two seats at a time")
			}
			of, last = m, ended
			return nil
		})
	if err != nil {
		return nil, fmt.Errorf("check seats: %w", err)
	}
	return defects, nil
}
