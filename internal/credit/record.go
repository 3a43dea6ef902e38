package credit

import (
	"context"
	"errors"
	"fmt"
	"time"
	"unicode/utf8"

	"tenure/internal/access"
	"tenure/internal/address"
	"tenure/internal/audit"
	"tenure/internal/db"
	"tenure/internal/fault"
	"tenure/internal/id"
	"tenure/internal/once"
)

// Record is a thing of the host app that is masked until somebody in the account
// downloads it.
type Record struct {
	ID       string
	Price    int64     // what it costs, or would have
	Own      *int64    // its own price; nil: it costs what any download costs
	By       id.Member // who downloaded it first; empty: it is masked
	ByName   string
	Charged  int64
	OpenedAt time.Time
}

// Masked reports whether nobody in the account has downloaded it.
func (r Record) Masked() bool { return r.By == "" }

// longestRecord is how many characters the name of a record may have.
const longestRecord = 200

// ValidRecord reports whether a record can be called that: up to 200 characters
// that can be seen, written in one way (Unicode normal form C).
func ValidRecord(record string) bool {
	clean, err := address.Text("record", record, longestRecord)
	return err == nil && clean == record && record != "" && utf8.ValidString(record)
}

const recordColumns = `record_id, price, member_id, charged, opened_at`

func scannedRecord(standard int64, scan func(...any) error) (Record, error) {
	var r Record
	err := scan(&r.ID, &r.Own, db.Text((*string)(&r.By)), &r.Charged, db.Time(&r.OpenedAt))
	r.Price = standard
	if r.Own != nil {
		r.Price = *r.Own
	}
	return r, err
}

// record reads a record; one that nobody has spoken of is masked and costs what
// the account's downloads cost.
func record(ctx context.Context, tx *db.Tx, acc id.Account, name string) (Record, error) {
	standard, err := price(ctx, tx, acc)
	if err != nil {
		return Record{}, err
	}
	r, err := scannedRecord(standard, func(dest ...any) error {
		return tx.One(ctx, `SELECT `+recordColumns+` FROM records WHERE account_id = $1 AND record_id = $2`, []any{string(acc), name}, dest...)
	})
	if errors.Is(err, db.ErrNone) {
		return Record{ID: name, Price: standard}, nil
	}
	if err != nil {
		return Record{}, fmt.Errorf("read record: %w", err)
	}
	return r, nil
}

// SetRecordPrice gives a record a price of its own, or with nil the account's.
// What was downloaded already is not charged again.
//
// Faults: those of allowPrice; invalid on price.
func (l *Ledger) SetRecordPrice(ctx context.Context, actor access.Actor, acc id.Account, name string, own *int64) (Record, error) {
	if err := allowPrice(actor, acc); err != nil {
		return Record{}, err
	}
	if own != nil {
		if err := checkPrice("price", *own); err != nil {
			return Record{}, err
		}
	}
	var r Record
	err := l.db.Write(ctx, acc, func(tx *db.Tx) error {
		before, err := record(ctx, tx, acc, name)
		if err != nil {
			return err
		}
		if !same(before.Own, own) {
			if err := tx.ExecOne(ctx, `INSERT INTO records (account_id, record_id, price) VALUES ($1, $2, $3)
				ON CONFLICT (account_id, record_id) DO UPDATE SET price = $3, version = records.version + 1`, string(acc), name, own); err != nil {
				return fmt.Errorf("price record: %w", err)
			}
			if err := audit.Record(ctx, tx, actor, audit.Event{Action: "record.price", Subject: audit.Of("record", name),
				Changes: []audit.Change{audit.Plain("price", before.Own, own)}}); err != nil {
				return err
			}
		}
		if r, err = record(ctx, tx, acc, name); err != nil {
			return err
		}
		return l.callRecords(ctx, tx, acc, []*Record{&r})
	})
	return r, err
}

func same(a, b *int64) bool {
	return a == b || a != nil && b != nil && *a == *b
}

// Asking asks for a record. Member and Cost are only for an API key and for the
// operator to name: empty, the caller pays the stored price.
type Asking struct {
	Record string
	Member id.Member
	Cost   *int64
}

// Downloaded is what a download came to.
type Downloaded struct {
	Charged int64     `json:"charged"` // 0: the account had it, or it is free
	By      id.Member `json:"by"`      // who downloaded it first
	At      time.Time `json:"at"`      // when that was
}

// Download gives the account a record. If nobody in it has it yet, the member
// pays from their wallet; otherwise it is free. Of many at the same time one
// pays.
//
// Faults: those of access.Allow with credits.spend, of access.AllowOver for
// somebody else's wallet; forbidden for who may not name a cost or a member;
// not_found; invalid on member and cost; conflict member_inactive,
// not_registered, insufficient_credits (with the balance).
func (l *Ledger) Download(ctx context.Context, actor access.Actor, acc id.Account, a Asking) (Downloaded, error) {
	who, err := a.payer(actor, acc)
	if err != nil {
		return Downloaded{}, err
	}
	var d Downloaded
	err = l.db.Write(ctx, acc, func(tx *db.Tx) error {
		if err := l.mayPay(ctx, tx, actor, acc, who); err != nil {
			return err
		}
		r, err := record(ctx, tx, acc, a.Record)
		if err != nil {
			return err
		}
		cost := r.Price
		if a.Cost != nil {
			cost = *a.Cost
		}
		if d, err = obtain(ctx, tx, actor, acc, r, who, cost); err != nil {
			return err
		}
		return once.Keep(ctx, tx, d)
	})
	return d, err
}

// payer settles whose wallet pays, before anything is looked up.
func (a Asking) payer(actor access.Actor, acc id.Account) (id.Member, error) {
	if err := access.Allow(actor, acc, access.CreditsSpend); err != nil {
		return "", err
	}
	other := a.Member != "" && a.Member != actor.Member
	trusted := actor.Kind == access.Operator || actor.Kind == access.Key && actor.Role.Holds(access.CreditsManage)
	switch {
	case (other || a.Cost != nil) && !trusted:
		return "", fault.Forbidden("forbidden", "Only the operator, or an API key of somebody who manages credits, names a cost or another member.")
	case a.Member != "" && !id.Valid(a.Member):
		return "", fault.Invalid("member", "malformed", "The id of a member.")
	case a.Cost != nil:
		if err := checkPrice("cost", *a.Cost); err != nil {
			return "", err
		}
	}
	switch {
	case a.Member != "":
		return a.Member, nil
	case actor.Member != "":
		return actor.Member, nil
	default:
		return "", fault.Invalid("member", "required", "Say who downloads it.")
	}
}

// mayPay says whether the actor may spend from the member's wallet now.
func (l *Ledger) mayPay(ctx context.Context, tx *db.Tx, actor access.Actor, acc id.Account, who id.Member) error {
	p, err := l.ways.Person(ctx, tx, acc, who)
	if err != nil {
		return err
	}
	if who != actor.Member {
		if err := access.AllowOver(actor, acc, access.CreditsSpend, p.Role); err != nil {
			return err
		}
	}
	switch {
	case !p.Active:
		return fault.Conflict("member_inactive", "Only somebody active downloads records.")
	case !p.Registered:
		return fault.Conflict("not_registered", "This person has not come in yet.")
	default:
		return nil
	}
}

// obtain charges for a record that is masked, unmasks it, and notes that the
// member has it now, once.
func obtain(ctx context.Context, tx *db.Tx, actor access.Actor, acc id.Account, r Record, who id.Member, cost int64) (Downloaded, error) {
	d := Downloaded{By: r.By, At: r.OpenedAt}
	if !r.Masked() {
		had, err := hasDownloaded(ctx, tx, acc, r.ID, who)
		if err != nil || had {
			return d, err
		}
	} else {
		d = Downloaded{Charged: cost, By: who, At: tx.Now()}
		if err := unmask(ctx, tx, acc, r.ID, d); err != nil {
			return d, err
		}
	}
	if d.Charged > 0 {
		if _, err := post(ctx, tx, actor, acc, posting{kind: Download, from: Of(who), to: Spent, amount: cost, record: r.ID}); err != nil {
			return d, err
		}
	} else if err := audit.Record(ctx, tx, actor, downloaded(who, r.ID, 0, "")); err != nil {
		return d, err
	}
	if err := tx.ExecOne(ctx, `INSERT INTO downloads (account_id, seq, record_id, member_id, charged, at) VALUES ($1, $2, $3, $4, $5, $6)`,
		string(acc), tx.Chain().Seq, r.ID, string(who), d.Charged, db.Micros(tx.Now())); err != nil {
		return d, fmt.Errorf("note download: %w", err)
	}
	return d, nil
}

// unmask guards that the record is masked until now.
func unmask(ctx context.Context, tx *db.Tx, acc id.Account, name string, d Downloaded) error {
	if err := tx.ExecOne(ctx, `INSERT INTO records (account_id, record_id, member_id, charged, opened_at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (account_id, record_id) DO UPDATE SET member_id = $3, charged = $4, opened_at = $5, version = records.version + 1
		WHERE records.opened_at IS NULL`, string(acc), name, string(d.By), d.Charged, db.Micros(d.At)); err != nil {
		return fmt.Errorf("unmask record: %w", err)
	}
	return nil
}

func hasDownloaded(ctx context.Context, tx *db.Tx, acc id.Account, name string, who id.Member) (bool, error) {
	var n int64
	if err := tx.One(ctx, `SELECT COUNT(*) FROM downloads WHERE account_id = $1 AND record_id = $2 AND member_id = $3`,
		[]any{string(acc), name, string(who)}, &n); err != nil {
		return false, fmt.Errorf("read downloads: %w", err)
	}
	return n > 0, nil
}

// downloaded is the event of a download.
func downloaded(who id.Member, name string, charged int64, transaction id.Transaction) audit.Event {
	e := audit.Event{Action: actions[Download], Subject: audit.Of("member", who), Changes: []audit.Change{
		audit.Plain("record", nil, name), audit.Plain("charged", nil, charged)}}
	if transaction != "" {
		e.Changes = append(e.Changes, audit.Plain("transaction", nil, string(transaction)))
	}
	return e
}
