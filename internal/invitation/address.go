package invitation

import (
	"context"
	"fmt"

	"tenure/internal/db"
	"tenure/internal/id"
)

// Addresses gives whom invitations of the account were sent to, also when they
// are closed. What is not there is left out.
func Addresses(ctx context.Context, tx *db.Tx, account id.Account, invitations []id.Invitation) (map[id.Invitation]string, error) {
	found := map[id.Invitation]string{}
	for rest := invitations; len(rest) > 0; {
		part := rest[:min(len(rest), 100)]
		rest = rest[len(part):]
		args := []any{string(account)}
		for _, i := range part {
			args = append(args, string(i))
		}
		err := tx.Each(ctx, `SELECT invitation_id, email FROM invitations WHERE account_id = $1 AND invitation_id IN (`+db.Params(2, len(part))+`)`, args,
			func(scan func(...any) error) error {
				var i id.Invitation
				var email string
				err := scan((*string)(&i), &email)
				found[i] = email
				return err
			})
		if err != nil {
			return nil, fmt.Errorf("addresses of invitations: %w", err)
		}
	}
	return found, nil
}
