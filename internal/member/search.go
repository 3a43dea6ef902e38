package member

import (
	"context"
	"fmt"
	"strings"

	"tenure/internal/db"
)

// glances are how many members are looked at in the order of names before an
// index is asked: what most have is found on the way, and that is what an index
// is slow at.
var glances = []int64{400, 4000}

const (
	// wholeAccount is more than any account has.
	wholeAccount = 1 << 40
	// nameable is how many matches are named to a query that filters or sorts them
	// otherwise.
	nameable = 400
)

// search narrows the listing to members that have its text. Names are read in
// their order where the text is frequent, and found by the index where it is
// rare; one of the two is fast.
func (l *listing) search(ctx context.Context, tx *db.Tx) error {
	if l.narrowed || l.by.column != orders["name"].column {
		return l.searchOtherwise(ctx, tx)
	}
	for _, most := range glances {
		found, err := l.read(ctx, tx, most, l.after, l.limit+1)
		if err != nil {
			return err
		}
		if len(found) > l.limit {
			l.only(found)
			return nil
		}
	}
	found, indexed, err := l.indexed(ctx, tx, l.after, l.limit+1)
	if err == nil && !indexed {
		found, err = l.read(ctx, tx, wholeAccount, l.after, l.limit+1)
	}
	l.only(found)
	return err
}

// searchOtherwise is for lists that are filtered by more than status, or sorted
// by something else: few matches are named, many are met in the list's order.
func (l *listing) searchOtherwise(ctx context.Context, tx *db.Tx) error {
	met, err := l.read(ctx, tx, glances[1], nil, nameable/10)
	if err != nil {
		return err
	}
	if len(met) < nameable/10 {
		found, indexed, err := l.indexed(ctx, tx, nil, nameable+1)
		if err != nil {
			return err
		}
		if indexed && len(found) <= nameable {
			l.only(found)
			return nil
		}
	}
	l.add(`search_key LIKE $%d ESCAPE '\'`, l.pattern())
	return nil
}

func (l *listing) pattern() string { return "%" + db.EscapeLike(l.text) + "%" }

// only leaves those with the ids, of whom the next page was already found.
func (l *listing) only(ids []string) {
	if len(ids) == 0 {
		l.add("1 = 0")
		return
	}
	from := len(l.args) + 2
	for _, id := range ids {
		l.args = append(l.args, id)
	}
	l.where = append(l.where, "member_id IN ("+db.Params(from, len(ids))+")")
}

// read looks for the text in the order of names, at so many members, by one
// index alone.
func (l *listing) read(ctx context.Context, tx *db.Tx, most int64, from *after, limit int) ([]string, error) {
	args := []any{string(l.account), l.pattern(), most, limit}
	direction, beyond, begin := "ASC", ">", ""
	if l.down {
		direction, beyond = "DESC", "<"
	}
	if from != nil {
		begin = fmt.Sprintf(" AND (name_key, member_id) %s ($5, $6)", beyond)
		args = append(args, from.value, from.member)
	}
	names := make([]string, len(l.statuses))
	for i, s := range l.statuses {
		names[i] = "'" + string(s) + "'"
	}
	found := []string{}
	err := tx.Each(ctx, fmt.Sprintf(`SELECT member_id FROM (SELECT member_id, name_key, search_key, status FROM members WHERE account_id = $1%[1]s
		ORDER BY name_key %[2]s, member_id %[2]s LIMIT $3) AS met WHERE search_key LIKE $2 ESCAPE '\' AND status IN (%[3]s)
		ORDER BY name_key %[2]s, member_id %[2]s LIMIT $4`, begin, direction, strings.Join(names, ", ")), args, func(scan func(...any) error) error {
		var id string
		err := scan(&id)
		found = append(found, id)
		return err
	})
	return found, err
}

// indexed asks the index.
func (l *listing) indexed(ctx context.Context, tx *db.Tx, from *after, limit int) ([]string, bool, error) {
	s := db.Search{Account: l.account, Text: l.text, Down: l.down, Limit: limit}
	for _, status := range l.statuses {
		s.Statuses = append(s.Statuses, string(status))
	}
	if from != nil {
		s.AfterName, s.AfterID = from.value.(string), from.member
	}
	return tx.Search(ctx, s)
}
