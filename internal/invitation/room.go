package invitation

import (
	"context"
	"fmt"

	"tenure/internal/access"
	"tenure/internal/db"
	"tenure/internal/holding"
	"tenure/internal/id"
)

// ask asks the holdings about so many invitations with a role: how many there is
// room for, where they say so, and what those who accept would bring about.
func (p *Passage) ask(ctx context.Context, tx *db.Tx, actor access.Actor, account id.Account, to access.Role, n int) (holding.Finding, error) {
	return holding.Survey(ctx, tx, p.holdings, holding.Case{Kind: holding.Invite, Account: account, To: to, At: tx.Now(), Actor: actor, Count: int64(n)})
}

// fit leaves out whom there is no room for, in the order given, and takes the
// others off the room.
func fit(results []Result, room *int64) {
	for i := range results {
		switch {
		case room == nil || results[i].Verdict != Invited:
		case *room < 1:
			results[i].Verdict = OverSeatLimit
		default:
			*room--
		}
	}
}

// reserve says whether there is room for one more invitation that waits. Faults:
// conflict, with the code of what blocks it.
func (p *Passage) reserve(ctx context.Context, tx *db.Tx, actor access.Actor, account id.Account, to access.Role) error {
	found, err := p.ask(ctx, tx, actor, account, to, 1)
	if err != nil {
		return err
	}
	return found.Refusal()
}

// Waiting counts the invitations that wait and have not expired, by role. Before,
// where it is not empty, leaves out those that were not made before it; but leaves
// out itself.
func Waiting(ctx context.Context, tx *db.Tx, account id.Account, before, but id.Invitation) (map[string]int64, error) {
	query, args := `SELECT role_key, COUNT(*) FROM invitations WHERE account_id = $1 AND status = 'pending' AND expires_at > $2 AND invitation_id <> $3`,
		[]any{string(account), db.Micros(tx.Now()), string(but)}
	if before != "" {
		query, args = query+` AND invitation_id < $4`, append(args, string(before))
	}
	byRole := map[string]int64{}
	err := tx.Each(ctx, query+` GROUP BY role_key`, args, func(scan func(...any) error) error {
		var key string
		var n int64
		err := scan(&key, &n)
		byRole[key] = n
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("count invitations: %w", err)
	}
	return byRole, nil
}
