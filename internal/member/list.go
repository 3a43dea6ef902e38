package member

import (
	"context"
	"fmt"
	"strings"
	"time"

	"tenure/internal/address"
	"tenure/internal/credit"
	"tenure/internal/db"
	"tenure/internal/factor"
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
	MFA        string // "true" or "false": has a second factor, or none
	Query      string // part of a name or address
	// Sort is name, email, created_at, last_seen_at or credits, with a minus in
	// front for the other way round. Empty is name.
	Sort   string
	Cursor string
	Limit  int
}

// order is a way to sort: its column and how a cursor holds its value.
type order struct {
	column string
	value  func(Member) any
	number bool
}

var orders = map[string]order{
	"name":         {"name_key", func(m Member) any { return m.nameKey() }, false},
	"email":        {"email_key", func(m Member) any { return m.EmailKey }, false},
	"created_at":   {"created_at", func(m Member) any { return m.CreatedAt.UnixMicro() }, true},
	"last_seen_at": {"last_seen_at", func(m Member) any { return seenMicros(m.LastSeenAt) }, true},
	"credits":      {credit.Balance, func(m Member) any { return m.held() }, true},
}

// never is what the column holds of whoever was not seen yet, so that they are
// sorted with the others.
var never = time.UnixMicro(0)

// held is what is in the wallet, 0 where the account has never had credits.
func (m Member) held() int64 {
	if m.Credits == nil {
		return 0
	}
	return *m.Credits
}

func seenMicros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

// ended is where a page ended: the sort it was made with, the value there, the
// member.
type ended struct {
	Sort   string `json:"s"`
	Text   string `json:"t,omitempty"`
	Number int64  `json:"n,omitempty"`
	Member string `json:"m"`
}

// listing is a filter that was read and found right.
type listing struct {
	account  id.Account
	by       order
	down     bool
	limit    int
	statuses []Status
	text     string   // to look for; empty: none
	named    []string // who may be on the page; nil: whoever the conditions leave
	narrowed bool     // by more than status and text
	where    []string
	args     []any // of where, after the account
	after    *after
}

// after is where the page before ended.
type after struct {
	value  any
	member string
}

// list gives a page of members and the cursor of the next one, empty at the end.
// Faults: invalid on status, mfa, sort, cursor, limit.
func list(ctx context.Context, tx *db.Tx, rolls *rolls, account id.Account, f Filter) ([]Member, string, error) {
	l, err := f.listing(account)
	if err != nil {
		return nil, "", err
	}
	if l.text != "" {
		if err := l.search(ctx, tx, rolls); err != nil {
			return nil, "", fmt.Errorf("list members: %w", err)
		}
	}
	members, err := l.page(ctx, tx)
	if err != nil {
		return nil, "", fmt.Errorf("list members: %w", err)
	}
	if err := loadCredits(ctx, tx, account, members); err != nil {
		return nil, "", err
	}
	next := ""
	if len(members) > l.limit {
		members = members[:l.limit]
		next = f.end(l.by, members[l.limit-1])
	}
	return members, next, load(ctx, tx, account, members)
}

func (f Filter) listing(account id.Account) (l *listing, err error) {
	l = &listing{account: account, text: address.SortKey(f.Query)}
	if l.limit, err = page.Limit(f.Limit); err != nil {
		return nil, err
	}
	name := f.sort()
	if rest, down := strings.CutPrefix(name, "-"); down {
		name, l.down = rest, true
	}
	known := false
	if l.by, known = orders[name]; !known {
		return nil, fault.Invalid("sort", "unknown", "One of name, email, created_at, last_seen_at and credits.")
	}
	if f.MFA != "" && f.MFA != "true" && f.MFA != "false" {
		return nil, fault.Invalid("mfa", "unknown", "Either true or false.")
	}
	if l.statuses, err = f.statuses(); err != nil {
		return nil, err
	}
	f.narrow(l)
	if f.Cursor == "" {
		return l, nil
	}
	l.after, err = f.resume(l.by)
	return l, err
}

func (f Filter) sort() string {
	if f.Sort == "" {
		return "name"
	}
	return f.Sort
}

func (f Filter) statuses() ([]Status, error) {
	switch Status(f.Status) {
	case "":
		return []Status{Active, Suspended, Inactive}, nil
	case Active, Suspended:
		return []Status{Status(f.Status)}, nil
	case Inactive:
		return []Status{Inactive, Suspended}, nil
	default:
		return nil, fault.Invalid("status", "unknown", "One of active, suspended and inactive.")
	}
}

// narrow adds the conditions besides status and text.
func (f Filter) narrow(l *listing) {
	switch f.MFA {
	case "true":
		l.add(factor.Held("members"))
	case "false":
		l.add("NOT " + factor.Held("members"))
	}
	if f.Role != "" {
		l.add("role_key = $%d", f.Role)
	}
	if f.SubAccount != "" {
		l.add(`EXISTS (SELECT 1 FROM member_sub_accounts g WHERE g.account_id = members.account_id AND g.member_id = members.member_id AND g.sub_account_id = $%d)`,
			string(f.SubAccount))
	}
	l.narrowed = len(l.where) > 0
}

// add adds a condition with at most one value, whose number it leaves open.
func (l *listing) add(condition string, values ...any) {
	for _, v := range values {
		l.args = append(l.args, v)
		condition = fmt.Sprintf(condition, len(l.args)+1)
	}
	l.where = append(l.where, condition)
}

// conditions are those besides status, to follow others.
func (l *listing) conditions() string {
	if len(l.where) == 0 {
		return ""
	}
	return " AND " + strings.Join(l.where, " AND ")
}

// page reads one member more than the page has. Each status is read by itself,
// in the order of an index that begins with it, and no further than a page:
// whoever stands beyond that in their status does not come onto this page.
func (l *listing) page(ctx context.Context, tx *db.Tx) ([]Member, error) {
	if l.named != nil {
		return l.pageOf(ctx, tx)
	}
	args := append([]any{string(l.account)}, l.args...)
	conditions := l.conditions()
	direction, beyond := "ASC", ">"
	if l.down {
		direction, beyond = "DESC", "<"
	}
	if l.after != nil {
		conditions += fmt.Sprintf(" AND (%s, member_id) %s ($%d, $%d)", l.by.column, beyond, len(args)+1, len(args)+2)
		args = append(args, l.after.value, l.after.member)
	}
	args = append(args, l.limit+1)
	parts := make([]string, len(l.statuses))
	for i, status := range l.statuses {
		parts[i] = fmt.Sprintf(`SELECT %s, sort_key FROM (SELECT %s, %s AS sort_key FROM members WHERE account_id = $1 AND status = '%s'%s ORDER BY %s %s, member_id %s LIMIT $%d) AS %s`,
			columns, columns, l.by.column, status, conditions, l.by.column, direction, direction, len(args), status)
	}
	query := `SELECT ` + columns + ` FROM (` + strings.Join(parts, " UNION ALL ") + `) AS page` +
		fmt.Sprintf(` ORDER BY sort_key %s, member_id %s LIMIT $%d`, direction, direction, len(args))
	members := []Member{}
	err := tx.Each(ctx, query, args, func(scan func(...any) error) error {
		m, err := scanned(scan)
		members = append(members, m)
		return err
	})
	return members, err
}

func (f Filter) end(by order, last Member) string {
	e := ended{Sort: f.sort(), Member: string(last.ID)}
	switch v := by.value(last).(type) {
	case string:
		e.Text = v
	case int64:
		e.Number = v
	}
	return page.Cursor(e)
}

func (f Filter) resume(by order) (*after, error) {
	var e ended
	if err := page.Read(f.Cursor, &e); err != nil {
		return nil, err
	}
	if e.Sort != f.sort() || !id.Valid(id.Member(e.Member)) {
		return nil, page.Malformed()
	}
	if by.number {
		return &after{e.Number, e.Member}, nil
	}
	return &after{e.Text, e.Member}, nil
}

// Counts is how many members stand where.
type Counts struct {
	Active    int64
	Suspended int64
	Inactive  int64
	Unguarded int64 // active without a second factor
}

// countOf counts the members of an account by status.
func countOf(ctx context.Context, tx *db.Tx, account id.Account) (Counts, error) {
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
	err = tx.One(ctx, `SELECT COUNT(*) FROM members WHERE account_id = $1 AND status = 'active' AND NOT `+factor.Held("members"), []any{string(account)}, &c.Unguarded)
	if err != nil {
		return c, fmt.Errorf("count members without a second factor: %w", err)
	}
	return c, nil
}
