package member

import (
	"context"
	"fmt"
	"strings"

	"tenure/internal/address"
	"tenure/internal/db"
	"tenure/internal/fault"
	"tenure/internal/id"
	"tenure/internal/page"
)

// Filter narrows and orders a list of members. Empty fields do not narrow.
type Filter struct {
	// Status is active, suspended or inactive; inactive lists who is suspended
	// too, since both are out. Empty lists everybody who is in the account.
	Status     string
	Role       string
	SubAccount id.SubAccount
	MFA        string // "true" or "false": has a second factor, which nobody can have yet
	Query      string // part of a name or address
	// Sort is name, email, created_at or last_seen_at, with a minus in front for
	// the other way round. Empty is name.
	Sort   string
	Cursor string
	Limit  int
}

// order is a way to sort: its expression and how a cursor holds its value.
type order struct {
	expression string
	value      func(Member) any
	number     bool
}

var orders = map[string]order{
	"name":         {"name_key", func(m Member) any { return m.nameKey() }, false},
	"email":        {"email_key", func(m Member) any { return m.EmailKey }, false},
	"created_at":   {"created_at", func(m Member) any { return m.CreatedAt.UnixMicro() }, true},
	"last_seen_at": {"COALESCE(last_seen_at, 0)", func(m Member) any { return seenMicros(m) }, true},
}

func seenMicros(m Member) int64 {
	if m.LastSeenAt.IsZero() {
		return 0
	}
	return m.LastSeenAt.UnixMicro()
}

// ended is where a page ended: the sort it was made with, the value there, the
// member.
type ended struct {
	Sort   string `json:"s"`
	Text   string `json:"t,omitempty"`
	Number int64  `json:"n,omitempty"`
	Member string `json:"m"`
}

// List gives a page of members and the cursor of the next one, empty at the end.
// Faults: invalid on status, sort, cursor, limit.
func List(ctx context.Context, tx *db.Tx, account id.Account, f Filter) ([]Member, string, error) {
	limit, err := page.Limit(f.Limit)
	if err != nil {
		return nil, "", err
	}
	if f.Sort == "" {
		f.Sort = "name"
	}
	name, down := strings.CutPrefix(f.Sort, "-")
	by, ok := orders[name]
	if !ok {
		return nil, "", fault.Invalid("sort", "unknown", "One of name, email, created_at and last_seen_at.")
	}
	where, args, err := f.where(account)
	if err != nil {
		return nil, "", err
	}
	direction, beyond := "ASC", ">"
	if down {
		direction, beyond = "DESC", "<"
	}
	if f.Cursor != "" {
		value, member, err := f.resume(by)
		if err != nil {
			return nil, "", err
		}
		args = append(args, value, member)
		where = append(where, fmt.Sprintf("(%s, member_id) %s ($%d, $%d)", by.expression, beyond, len(args)-1, len(args)))
	}
	args = append(args, limit+1)
	query := `SELECT ` + columns + ` FROM members WHERE account_id = $1 AND ` + strings.Join(where, " AND ") +
		fmt.Sprintf(` ORDER BY %s %s, member_id %s LIMIT $%d`, by.expression, direction, direction, len(args))
	members := []Member{}
	err = tx.Each(ctx, query, args, func(scan func(...any) error) error {
		m, err := scanned(scan)
		members = append(members, m)
		return err
	})
	if err != nil {
		return nil, "", fmt.Errorf("list members: %w", err)
	}
	next := ""
	if len(members) > limit {
		members = members[:limit]
		next = f.end(by, members[limit-1])
	}
	return members, next, loadGrants(ctx, tx, account, members)
}

func (f Filter) where(account id.Account) ([]string, []any, error) {
	where, args := []string{}, []any{string(account)}
	add := func(clause string, value any) {
		args = append(args, value)
		where = append(where, fmt.Sprintf(clause, len(args)))
	}
	switch Status(f.Status) {
	case "":
		where = append(where, "status IN ('active', 'suspended', 'inactive')")
	case Active:
		where = append(where, "status = 'active'")
	case Suspended:
		where = append(where, "status = 'suspended'")
	case Inactive:
		where = append(where, "status IN ('inactive', 'suspended')")
	default:
		return nil, nil, fault.Invalid("status", "unknown", "One of active, suspended and inactive.")
	}
	if f.MFA == "true" {
		where = append(where, "1 = 0")
	}
	if f.Role != "" {
		add("role_key = $%d", f.Role)
	}
	if f.SubAccount != "" {
		add(`EXISTS (SELECT 1 FROM member_sub_accounts g WHERE g.account_id = members.account_id AND g.member_id = members.member_id AND g.sub_account_id = $%d)`,
			string(f.SubAccount))
	}
	if key := address.SortKey(f.Query); key != "" {
		add(`search_key LIKE $%d ESCAPE '\'`, "%"+escapeLike(key)+"%")
	}
	return where, args, nil
}

// escapeLike takes the meaning from the wildcards of LIKE … ESCAPE '\'.
func escapeLike(s string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(s)
}

func (f Filter) end(by order, last Member) string {
	e := ended{Sort: f.Sort, Member: string(last.ID)}
	switch v := by.value(last).(type) {
	case string:
		e.Text = v
	case int64:
		e.Number = v
	}
	return page.Cursor(e)
}

func (f Filter) resume(by order) (value any, member string, err error) {
	var e ended
	if err := page.Read(f.Cursor, &e); err != nil {
		return nil, "", err
	}
	if e.Sort != f.Sort || !id.Valid(id.Member(e.Member)) {
		return nil, "", page.Malformed()
	}
	if by.number {
		return e.Number, e.Member, nil
	}
	return e.Text, e.Member, nil
}

// Counts is how many members stand where.
type Counts struct {
	Active    int64
	Suspended int64
	Inactive  int64
}

// Count counts the members of an account by status.
func Count(ctx context.Context, tx *db.Tx, account id.Account) (Counts, error) {
	var c Counts
	err := tx.Each(ctx, `SELECT status, COUNT(*) FROM members WHERE account_id = $1 AND status IN ('active', 'suspended', 'inactive') GROUP BY status`,
		[]any{string(account)}, func(scan func(...any) error) error {
			var status Status
			var n int64
			err := scan((*string)(&status), &n)
			switch status {
			case Active:
				c.Active = n
			case Suspended:
				c.Suspended = n
			case Inactive:
				c.Inactive = n
			}
			return err
		})
	if err != nil {
		return c, fmt.Errorf("count members: %w", err)
	}
	return c, nil
}
