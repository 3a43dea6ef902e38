package credit

import (
	"context"
	"fmt"
	"time"

	"tenure/internal/access"
	"tenure/internal/db"
	"tenure/internal/id"
	"tenure/internal/page"
)

// allowRecords: who spends or manages credits sees which records the account
// has, and so does who reads its things. Faults: those of access.Allow.
func allowRecords(actor access.Actor, acc id.Account) error {
	if access.Allow(actor, acc, access.CreditsManage) == nil || access.Allow(actor, acc, access.ResourcesRead) == nil {
		return nil
	}
	return access.Allow(actor, acc, access.CreditsSpend)
}

// Record says whether a record is masked, what it costs, and who downloaded it.
// A record that nobody has spoken of is masked.
//
// Faults: those of access.Allow with credits.spend.
func (l *Ledger) Record(ctx context.Context, actor access.Actor, acc id.Account, name string) (r Record, err error) {
	if err := allowRecords(actor, acc); err != nil {
		return r, err
	}
	err = l.db.Read(ctx, func(tx *db.Tx) (err error) {
		if r, err = record(ctx, tx, acc, name); err != nil {
			return err
		}
		return l.callRecords(ctx, tx, acc, []*Record{&r})
	})
	return r, err
}

// callRecords puts names to who downloaded records first.
func (l *Ledger) callRecords(ctx context.Context, tx *db.Tx, acc id.Account, list []*Record) error {
	members := []id.Member{}
	for _, r := range list {
		if !r.Masked() {
			members = append(members, r.By)
		}
	}
	names, err := l.ways.Names(ctx, tx, acc, members)
	for _, r := range list {
		r.ByName = names[r.By]
	}
	return err
}

// Records gives a page of the records that the account has or that have a price
// of their own, by their names: with masked "true" only those it lacks, with
// "false" only those it has.
//
// Faults: those of Record; invalid on cursor and limit.
func (l *Ledger) Records(ctx context.Context, actor access.Actor, acc id.Account, masked, cursor string, limit int) (list []Record, next string, err error) {
	if err := allowRecords(actor, acc); err != nil {
		return nil, "", err
	}
	if limit, err = page.Limit(limit); err != nil {
		return nil, "", err
	}
	last := ""
	if cursor != "" {
		if err := page.Read(cursor, &last); err != nil {
			return nil, "", err
		}
	}
	where := map[string]string{"true": ` AND opened_at IS NULL`, "false": ` AND opened_at IS NOT NULL`}[masked]
	err = l.db.Read(ctx, func(tx *db.Tx) error {
		list = []Record{}
		standard, err := price(ctx, tx, acc)
		if err != nil {
			return err
		}
		if err := tx.Each(ctx, `SELECT `+recordColumns+` FROM records WHERE account_id = $1 AND record_id > $2`+where+` ORDER BY record_id LIMIT $3`,
			[]any{string(acc), last, limit + 1}, func(scan func(...any) error) error {
				r, err := scannedRecord(standard, scan)
				list = append(list, r)
				return err
			}); err != nil {
			return fmt.Errorf("list records: %w", err)
		}
		if next = ""; len(list) > limit {
			list = list[:limit]
			next = page.Cursor(list[limit-1].ID)
		}
		named := make([]*Record, len(list))
		for i := range list {
			named[i] = &list[i]
		}
		return l.callRecords(ctx, tx, acc, named)
	})
	return list, next, err
}

// Past is a download as the history shows it: the first of a record by a member.
type Past struct {
	Seq        int64
	Record     string
	Member     id.Member
	MemberName string
	Charged    int64
	At         time.Time
}

// Downloads gives a page of what was downloaded by whom, the newest first. It
// stays when people leave.
//
// Faults: those of Record; invalid on until, cursor and limit.
func (l *Ledger) Downloads(ctx context.Context, actor access.Actor, acc id.Account, f Filter) (list []Past, next string, err error) {
	if err := allowRecords(actor, acc); err != nil {
		return nil, "", err
	}
	if err := f.check(); err != nil {
		return nil, "", err
	}
	where, args := ``, []any{string(acc)}
	add := func(clause string, value any) {
		args = append(args, value)
		where += fmt.Sprintf(clause, len(args))
	}
	if f.Cursor != "" {
		var last int64
		if err := page.Read(f.Cursor, &last); err != nil {
			return nil, "", err
		}
		add(` AND seq < $%d`, last)
	}
	if f.Member != "" {
		add(` AND member_id = $%d`, string(f.Member))
	}
	if f.Record != "" {
		add(` AND record_id = $%d`, f.Record)
	}
	if !f.Since.IsZero() {
		add(` AND at >= $%d`, db.Micros(f.Since))
	}
	if !f.Until.IsZero() {
		add(` AND at < $%d`, db.Micros(f.Until))
	}
	args = append(args, f.Limit+1)
	query := `SELECT seq, record_id, member_id, charged, at FROM downloads WHERE account_id = $1` + where + fmt.Sprintf(` ORDER BY seq DESC LIMIT $%d`, len(args))
	err = l.db.Read(ctx, func(tx *db.Tx) (err error) {
		if list, err = pasts(ctx, tx, query, args); err != nil {
			return err
		}
		if next = ""; len(list) > f.Limit {
			list = list[:f.Limit]
			next = page.Cursor(list[f.Limit-1].Seq)
		}
		return l.callPasts(ctx, tx, acc, list)
	})
	return list, next, err
}

func pasts(ctx context.Context, tx *db.Tx, query string, args []any) ([]Past, error) {
	list := []Past{}
	err := tx.Each(ctx, query, args, func(scan func(...any) error) error {
		var p Past
		err := scan(&p.Seq, &p.Record, (*string)(&p.Member), &p.Charged, db.Time(&p.At))
		list = append(list, p)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list downloads: %w", err)
	}
	return list, nil
}

func (l *Ledger) callPasts(ctx context.Context, tx *db.Tx, acc id.Account, list []Past) error {
	members := []id.Member{}
	for _, p := range list {
		members = append(members, p.Member)
	}
	names, err := l.ways.Names(ctx, tx, acc, members)
	for i, p := range list {
		list[i].MemberName = names[p.Member]
	}
	return err
}
