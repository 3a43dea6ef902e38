package resource

import (
	"context"
	"errors"
	"fmt"

	"tenure/internal/access"
	"tenure/internal/db"
	"tenure/internal/id"
)

// Thing gives what it rests on whether a member reaches a resource. It is not
// kept if the account has no such type; it is nil if the type has no such
// resource.
func Thing(ctx context.Context, tx *db.Tx, acc id.Account, member id.Member, k Key) (thing *access.Thing, kept bool, err error) {
	var name, sub, owner, assignee string
	err = tx.One(ctx, `SELECT r.external_id, r.sub_account_id, o.member_id, a.member_id FROM resource_types t
		LEFT JOIN resources r ON r.account_id = t.account_id AND r.type_key = t.type_key AND r.external_id = $3
		LEFT JOIN resource_owners o ON o.account_id = r.account_id AND o.type_key = r.type_key AND o.external_id = r.external_id AND o.until IS NULL
		LEFT JOIN resource_assignments a ON a.account_id = r.account_id AND a.type_key = r.type_key AND a.external_id = r.external_id
			AND a.member_id = $4 AND a.until IS NULL
		WHERE t.account_id = $1 AND t.type_key = $2`, []any{string(acc), k.Type, k.ID, string(member)},
		db.Text(&name), db.Text(&sub), db.Text(&owner), db.Text(&assignee))
	switch {
	case errors.Is(err, db.ErrNone):
		return nil, false, nil
	case err != nil:
		return nil, false, fmt.Errorf("read resource: %w", err)
	case name == "":
		return nil, true, nil
	}
	held := member != "" && (owner == string(member) || assignee == string(member))
	return &access.Thing{SubAccount: id.SubAccount(sub), Held: held}, true, nil
}
