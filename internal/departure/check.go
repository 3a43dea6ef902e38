package departure

import (
	"context"
	"errors"
	"fmt"

	"tenure/internal/db"
	"tenure/internal/fault"
	"tenure/internal/id"
)

// Settlers lists the members of an account with a departure that is settling,
// for tenure verify: they are those who are suspended.
func Settlers(ctx context.Context, tx *db.Tx, account id.Account) ([]id.Member, error) {
	settlers, err := db.Column[id.Member](ctx, tx, `SELECT m.member_id FROM departures d JOIN departure_members m ON m.account_id = d.account_id AND m.departure_id = d.departure_id
		WHERE d.account_id = $1 AND d.state = $2 AND m.open ORDER BY m.member_id`, []any{string(account), string(Settling)})
	if err != nil {
		return nil, fmt.Errorf("list settling members: %w", err)
	}
	return settlers, nil
}

// AccountOf gives the account that a departure belongs to, for tenure verify: a
// receipt does not say. Faults: not_found.
func AccountOf(ctx context.Context, tx *db.Tx, departure id.Departure) (account id.Account, err error) {
	err = tx.One(ctx, `SELECT account_id FROM departures WHERE departure_id = $1`, []any{string(departure)}, (*string)(&account))
	if errors.Is(err, db.ErrNone) {
		return account, fault.NotFound()
	}
	if err != nil {
		return account, fmt.Errorf("find departure: %w", err)
	}
	return account, nil
}
