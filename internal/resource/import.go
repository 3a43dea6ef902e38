package resource

import (
	"context"
	"fmt"
	"strings"

	"tenure/internal/access"
	"tenure/internal/account"
	"tenure/internal/audit"
	"tenure/internal/db"
	"tenure/internal/fault"
	"tenure/internal/id"
)

// importChunk is how many lines of a list one transaction takes, so that others'
// writes go on meanwhile.
const importChunk = 500

// Import is a list of resources being handed over. What is committed stays,
// whatever becomes of the rest, and handing the same list over again changes
// nothing. It belongs to one goroutine.
type Import struct {
	ID       id.Import
	register *Register
	actor    access.Actor
	account  id.Account
	waiting  []Line
	keys     map[Key]bool // of the waiting lines
	done     Progress
	weighed  int // how many had been written when the store was told last that it was much
}

// Line is one line of a list.
type Line struct {
	Number int // counts from 1
	Draft
}

// Progress is how far a list has come.
type Progress struct {
	Line      int // the last line that was looked at
	Created   int
	Changed   int
	Unchanged int
	Refused   int
}

// Refusal is why a line was left out.
type Refusal struct {
	Line int
	Why  *fault.Fault
}

// Import begins to take a list. Faults: those of access.Allow with
// resources.manage; forbidden for who does not see all resources.
func (r *Register) Import(actor access.Actor, acc id.Account) (*Import, error) {
	if err := access.Allow(actor, acc, access.ResourcesManage); err != nil {
		return nil, err
	}
	if !actor.SeesAll() {
		return nil, fault.Forbidden("forbidden", "Only who sees all resources hands over a list of them.")
	}
	return &Import{ID: id.New[id.Import](), register: r, actor: actor, account: acc, keys: map[Key]bool{}}, nil
}

// Progress is how far the list has come, as committed.
func (i *Import) Progress() Progress { return i.done }

// Refuse notes a line that could not be read.
func (i *Import) Refuse() { i.done.Refused++ }

// Add takes a line. It commits when a chunk is full, and then says so and which
// lines of the chunk were refused.
//
// Faults, which end the list: unauthenticated and rights_changed where the
// caller's rights have ended or changed meanwhile; unavailable. Refusals have the
// codes of Put.
func (i *Import) Add(ctx context.Context, line Line) (refused []Refusal, committed bool, err error) {
	if i.keys[line.Key] { // what is there twice is done in order
		if refused, err = i.Commit(ctx); err != nil {
			return nil, false, err
		}
		committed = true
	}
	i.waiting = append(i.waiting, line)
	i.keys[line.Key] = true
	if len(i.waiting) < importChunk {
		return refused, committed, nil
	}
	more, err := i.Commit(ctx)
	return append(refused, more...), true, err
}

// Commit commits the lines that wait. Faults and refusals are those of Add.
func (i *Import) Commit(ctx context.Context) ([]Refusal, error) {
	if len(i.waiting) == 0 {
		return nil, nil
	}
	var c *chunk
	if err := i.register.db.Write(ctx, i.account, func(tx *db.Tx) error {
		c = &chunk{Import: i, tx: tx, owners: map[id.Member]owner{}}
		return c.store(ctx)
	}); err != nil {
		return nil, err
	}
	i.done.Line = i.waiting[len(i.waiting)-1].Number
	i.done.Created += len(c.created)
	i.done.Changed += len(c.changed)
	i.done.Refused += len(c.refused)
	i.done.Unchanged += len(i.waiting) - len(c.created) - len(c.changed) - len(c.refused)
	i.waiting = i.waiting[:0]
	clear(i.keys)
	if written := i.done.Created + i.done.Changed; written >= 2*max(i.weighed, importChunk) {
		i.register.db.Weigh(ctx, "resources", "resource_owners")
		i.weighed = written
	}
	return c.refused, nil
}

// chunk is one transaction of an import.
type chunk struct {
	*Import
	tx      *db.Tx
	types   map[string]bool
	subs    map[id.SubAccount]bool
	owners  map[id.Member]owner
	created []Resource
	changed []audit.Event // one for each that was
	refused []Refusal
}

// owner is who is named as an owner, or why they may not be one.
type owner struct {
	who access.Actor
	err error
}

func (c *chunk) store(ctx context.Context) error {
	there, err := c.prepare(ctx)
	if err != nil {
		return err
	}
	for _, line := range c.waiting {
		before, found := there[line.Key]
		if !found {
			before = Resource{Key: line.Key}
		}
		after, err := c.checked(ctx, before, line.Draft)
		if f := fault.As(err); f != nil {
			c.refused = append(c.refused, Refusal{line.Number, f})
			continue
		}
		if err != nil {
			return err
		}
		if !found {
			c.created = append(c.created, after)
		} else if err := c.change(ctx, before, after); err != nil {
			return err
		}
	}
	if err := c.insert(ctx); err != nil {
		return err
	}
	return c.record(ctx)
}

// record tells of each resource that was changed what it was before, and of those
// that were added how many.
func (c *chunk) record(ctx context.Context) error {
	if len(c.created)+len(c.changed) == 0 {
		return nil
	}
	return audit.RecordMany(ctx, c.tx, c.actor, append(c.changed, audit.Event{Action: "resource.import", Subject: audit.Of("import", c.ID), Changes: []audit.Change{
		audit.Plain("lines", nil, fmt.Sprintf("%d-%d", c.waiting[0].Number, c.waiting[len(c.waiting)-1].Number)),
		audit.Plain("created", nil, len(c.created)), audit.Plain("changed", nil, len(c.changed))}}))
}

// prepare reads what the lines of the chunk are held against.
func (c *chunk) prepare(ctx context.Context) (map[Key]Resource, error) {
	types, err := Types(ctx, c.tx, c.account)
	if err != nil {
		return nil, err
	}
	c.types = map[string]bool{}
	for _, t := range types {
		c.types[t.Key] = true
	}
	subs, err := account.ListSubAccounts(ctx, c.tx, c.account)
	if err != nil {
		return nil, err
	}
	c.subs = map[id.SubAccount]bool{"": true}
	for _, s := range subs {
		c.subs[s.ID] = c.actor.Reaches(s.ID)
	}
	keys := make([]Key, len(c.waiting))
	for i, line := range c.waiting {
		keys[i] = line.Key
	}
	there := map[Key]Resource{}
	for _, g := range byType(keys) {
		err := c.tx.Each(ctx, `SELECT `+columns+from+` WHERE r.account_id = $1 AND r.type_key = $2 AND r.external_id BETWEEN $3 AND $4 AND r.external_id IN (`+db.Params(5, len(g.ids))+`)`, g.args(c.account),
			func(scan func(...any) error) error {
				r, err := scanned(scan)
				there[r.Key] = r
				return err
			})
		if err != nil {
			return nil, fmt.Errorf("read resources: %w", err)
		}
	}
	return there, nil
}

// checked gives the resource that a line makes. Its faults are refusals of the
// line.
func (c *chunk) checked(ctx context.Context, before Resource, d Draft) (Resource, error) {
	if !c.types[d.Type] {
		return before, fault.Invalid("type", "unknown", "There is no such type of resources.")
	}
	if !ValidID(d.ID) {
		return before, fault.Invalid("id", "invalid", "Up to 100 letters, digits and _ . : ~ @ + = -.")
	}
	if before.SubAccount != "" && !c.subs[before.SubAccount] {
		return before, fault.NotFound()
	}
	after, err := before.with(d)
	if err != nil {
		return after, err
	}
	if after.SubAccount != before.SubAccount && !c.subs[after.SubAccount] {
		return after, fault.Invalid("sub_account", "unknown", "The account has no such sub-account.")
	}
	if after.Owner == "" || after.Owner == before.Owner && after.SubAccount == before.SubAccount {
		return after, nil
	}
	named, known := c.owners[after.Owner]
	if !known {
		named.who, named.err = c.register.ways.candidate(ctx, c.tx, c.account, after.Owner)
		if named.err != nil && fault.As(named.err) == nil {
			return after, named.err
		}
		c.owners[after.Owner] = named
	}
	if named.err != nil && after.Owner == before.Owner && fault.Code(named.err) != "not_registered" {
		return after, nil // nothing is handed to who has left
	}
	if named.err != nil {
		return after, named.err
	}
	return after, mayOwn(named.who, after.SubAccount)
}

func (c *chunk) change(ctx context.Context, before, after Resource) error {
	if after.Name == before.Name && after.Owner == before.Owner && after.SubAccount == before.SubAccount {
		return nil
	}
	c.changed = append(c.changed, written(before, after))
	return write(ctx, c.tx, c.account, before, &after)
}

const insertRows = 100

// insert stores what is new, many rows a statement.
func (c *chunk) insert(ctx context.Context) error {
	owned := []Resource{}
	for rest := c.created; len(rest) > 0; {
		part := rest[:min(len(rest), insertRows)]
		rest = rest[len(part):]
		rows, args := make([]string, len(part)), []any{string(c.account), db.Micros(c.tx.Now())}
		for i, r := range part {
			rows[i] = "($1, " + db.Params(len(args)+1, 4) + ", $2)"
			args = append(args, r.Type, r.ID, r.Name, db.Null(string(r.SubAccount)))
			if r.Owner != "" {
				owned = append(owned, r)
			}
		}
		if _, err := c.tx.Exec(ctx, `INSERT INTO resources (account_id, type_key, external_id, name, sub_account_id, created_at) VALUES `+strings.Join(rows, ", "), args...); err != nil {
			return fmt.Errorf("create resources: %w", err)
		}
	}
	for rest := owned; len(rest) > 0; {
		part := rest[:min(len(rest), insertRows)]
		rest = rest[len(part):]
		rows, args := make([]string, len(part)), []any{string(c.account), db.Micros(c.tx.Now())}
		for i, r := range part {
			rows[i] = "($1, " + db.Params(len(args)+1, 3) + ", 1, $2)"
			args = append(args, r.Type, r.ID, string(r.Owner))
		}
		if _, err := c.tx.Exec(ctx, `INSERT INTO resource_owners (account_id, type_key, external_id, member_id, since_version, since) VALUES `+strings.Join(rows, ", "), args...); err != nil {
			return fmt.Errorf("begin ownership: %w", err)
		}
	}
	return nil
}
