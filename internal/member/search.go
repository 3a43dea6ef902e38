package member

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"tenure/internal/db"
)

// nameable is how many matches are named to a query that filters or sorts them
// otherwise.
const nameable = 400

// search narrows the listing to members that have its text, whom the roll knows.
// A list in the order of names asks for no more than its page. One that is
// filtered by more than status, or sorted by something else, is told of all of
// them where they are few; where they are many it meets them soon in its own
// order.
func (l *listing) search(ctx context.Context, tx *db.Tx, rolls *rolls) error {
	roll, err := rolls.read(ctx, tx, l.account)
	if err != nil {
		return err
	}
	if !l.narrowed && l.by.column == orders["name"].column {
		l.named = roll.search(l.text, l.statuses, l.after, l.down, l.limit+1)
		return nil
	}
	if ids := roll.search(l.text, l.statuses, nil, false, nameable+1); len(ids) <= nameable {
		l.named = ids
		return nil
	}
	l.add(`search_key LIKE $%d ESCAPE '\'`, "%"+escapeLike(l.text)+"%")
	return nil
}

// escapeLike takes the meaning from the wildcards of LIKE … ESCAPE '\'.
func escapeLike(s string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(s)
}

// pageOf reads the page where it is known who may be on it. They are read by
// their ids and sorted here: asked for an order, an engine would read everybody
// in that order to meet them.
func (l *listing) pageOf(ctx context.Context, tx *db.Tx) ([]Member, error) {
	members := []Member{}
	for rest := l.named; len(rest) > 0; {
		n := min(len(rest), 100)
		args := append([]any{string(l.account)}, l.args...)
		query := `SELECT ` + columns + ` FROM members WHERE account_id = $1 AND member_id IN (` + db.Params(len(args)+1, n) + `)` + l.conditions()
		for _, id := range rest[:n] {
			args = append(args, id)
		}
		err := tx.Each(ctx, query, args, func(scan func(...any) error) error {
			m, err := scanned(scan)
			members = append(members, m)
			return err
		})
		if err != nil {
			return nil, err
		}
		rest = rest[n:]
	}
	if l.by.column == orders["credits"].column {
		if err := loadCredits(ctx, tx, l.account, members); err != nil {
			return nil, err
		}
	}
	members = slices.DeleteFunc(members, func(m Member) bool { return !l.behind(m) })
	slices.SortFunc(members, func(a, b Member) int { return l.order(l.by.value(a), string(a.ID), l.by.value(b), string(b.ID)) })
	return members[:min(len(members), l.limit+1)], nil
}

// behind reports whether a member comes after the end of the page before.
func (l *listing) behind(m Member) bool {
	return l.after == nil || l.order(l.by.value(m), string(m.ID), l.after.value, l.after.member) > 0
}

// order compares two members as the list is sorted.
func (l *listing) order(value any, id string, other any, otherID string) int {
	order := strings.Compare(id, otherID)
	switch v := value.(type) {
	case string:
		order = cmp.Or(strings.Compare(v, other.(string)), order)
	case int64:
		order = cmp.Or(cmp.Compare(v, other.(int64)), order)
	}
	if l.down {
		return -order
	}
	return order
}
