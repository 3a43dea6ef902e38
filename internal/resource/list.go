package resource

import (
	"context"
	"fmt"
	"strings"

	"tenure/internal/access"
	"tenure/internal/address"
	"tenure/internal/db"
	"tenure/internal/fault"
	"tenure/internal/id"
	"tenure/internal/page"
)

// Filter narrows a list. Empty fields do not narrow.
type Filter struct {
	Type     string
	Owner    id.Member
	Assignee id.Member
	// SubAccount is of which they are; what is of the account as a whole is of
	// none.
	SubAccount id.SubAccount
	Query      string // found in name or external id, whatever the case and the accents
	Cursor     string
	Limit      int
}

// The resources that somebody owns, or is assigned to, now. Each is a part of a
// query on the resources of the account, and takes the member as its parameter.
const (
	owned    = `SELECT type_key, external_id FROM resource_owners WHERE account_id = $1 AND member_id = $%[1]d AND until IS NULL`
	assigned = `SELECT type_key, external_id FROM resource_assignments WHERE account_id = $1 AND member_id = $%[1]d AND until IS NULL`
)

// List gives a page of the resources that the actor reaches, by type and id.
// Faults: those of access.Allow with resources.read; invalid on type, cursor and
// limit.
func (r *Register) List(ctx context.Context, actor access.Actor, acc id.Account, f Filter) (list []Resource, next string, err error) {
	if err := access.Allow(actor, acc, access.ResourcesRead); err != nil {
		return nil, "", err
	}
	limit, err := page.Limit(f.Limit)
	if err != nil {
		return nil, "", err
	}
	err = r.db.Read(ctx, func(tx *db.Tx) (err error) {
		if list, err = f.read(ctx, tx, actor, acc, limit+1); err != nil {
			return err
		}
		if len(list) > limit {
			list = list[:limit]
			next = page.Cursor([2]string{list[limit-1].Type, list[limit-1].ID})
		}
		if err := loadAssignees(ctx, tx, acc, list); err != nil {
			return err
		}
		shown := make([]*Resource, len(list))
		for i := range list {
			shown[i] = &list[i]
		}
		return r.introduce(ctx, tx, acc, shown)
	})
	return list, next, err
}

// searched is how many resources a search looks through in one statement.
const searched = 2_000

// read gives the first resources of the list, so many at least if there are. A
// search looks through those that the rest of the filter leaves, in their order:
// no engine folds letters as the other does.
func (f Filter) read(ctx context.Context, tx *db.Tx, actor access.Actor, acc id.Account, least int) ([]Resource, error) {
	list, look, text := []Resource{}, least, address.SortKey(f.Query)
	if text != "" {
		look = searched
	}
	for {
		where, args, err := f.where(actor, acc)
		if err != nil {
			return nil, err
		}
		seen, last := 0, Key{}
		args = append(args, look)
		if err := tx.Each(ctx, `SELECT `+columns+from+` WHERE r.account_id = $1`+where+fmt.Sprintf(` ORDER BY r.type_key, r.external_id LIMIT $%d`, len(args)), args,
			func(scan func(...any) error) error {
				one, err := scanned(scan)
				seen, last = seen+1, one.Key
				if text == "" || strings.Contains(address.SortKey(one.Name, one.ID), text) {
					list = append(list, one)
				}
				return err
			}); err != nil {
			return nil, fmt.Errorf("list resources: %w", err)
		}
		if seen < look || len(list) >= least {
			return list, nil
		}
		f.Cursor = page.Cursor([2]string{last.Type, last.ID})
	}
}

// where gives the condition of a list behind that of the account, which is $1.
func (f Filter) where(actor access.Actor, acc id.Account) (where string, args []any, err error) {
	args = []any{string(acc)}
	add := func(clause string, values ...any) {
		first := len(args) + 1
		args = append(args, values...)
		where += fmt.Sprintf(clause, first)
	}
	if !actor.SeesAll() {
		add(` AND (r.type_key, r.external_id) IN (`+owned+` UNION `+assigned+`)`, string(actor.Member))
	}
	if !actor.ReachesEverywhere() {
		// One parameter, however many sub-accounts there are: no identifier is a part
		// of another.
		add(` AND (r.sub_account_id IS NULL OR CAST($%[1]d AS TEXT) LIKE '%%' || r.sub_account_id || '%%' ESCAPE '\')`, joined(actor.SubAccounts))
	}
	if f.Type != "" {
		if !ValidType(f.Type) {
			return "", nil, fault.Invalid("type", "unknown", "There is no such type.")
		}
		add(` AND r.type_key = $%[1]d`, f.Type)
	}
	if f.Owner != "" {
		add(` AND (r.type_key, r.external_id) IN (`+owned+`)`, string(f.Owner))
	}
	if f.Assignee != "" {
		add(` AND (r.type_key, r.external_id) IN (`+assigned+`)`, string(f.Assignee))
	}
	if f.SubAccount != "" {
		add(` AND r.sub_account_id = $%[1]d`, string(f.SubAccount))
	}
	if f.Cursor != "" {
		var last [2]string
		if err := page.Read(f.Cursor, &last); err != nil {
			return "", nil, err
		}
		if !ValidType(last[0]) || !ValidID(last[1]) {
			return "", nil, page.Malformed()
		}
		args = append(args, last[0], last[1])
		where += fmt.Sprintf(` AND (r.type_key, r.external_id) > ($%d, $%d)`, len(args)-1, len(args))
	}
	return where, args, nil
}

func joined(subs []id.SubAccount) string {
	words := make([]string, len(subs))
	for i, s := range subs {
		words[i] = string(s)
	}
	return strings.Join(words, " ")
}
