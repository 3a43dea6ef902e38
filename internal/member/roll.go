package member

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"slices"
	"sort"

	"tenure/internal/db"
	"tenure/internal/id"
)

// A roll is the names and addresses of an account's members in memory, to look
// for a text in: those of one status stand one after the other, in the order of
// names. A search reads through them from end to end if it must, which takes some
// three milliseconds for a hundred thousand, whatever is looked for.
//
// A roll never changes. Each change of a member's name, address or status marks
// the row with the place in the account's trail at which it happened, and what
// is marked since a roll was read makes the next one.
type roll struct {
	ranks  map[Status]*rank
	mark   int64   // the highest there was
	newest []entry // who is marked with it
}

// entry is a member as the store has them.
type entry struct {
	mark   int64
	id     string
	status Status
	name   string // the key to sort by
	text   string // the key to look in
}

const entryColumns = `marked, member_id, status, name_key, search_key`

func readEntries(ctx context.Context, tx *db.Tx, query string, args []any) ([]entry, error) {
	entries := []entry{}
	err := tx.Each(ctx, query, args, func(scan func(...any) error) error {
		var e entry
		err := scan(&e.mark, &e.id, (*string)(&e.status), &e.name, &e.text)
		entries = append(entries, e)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read roll: %w", err)
	}
	return entries, nil
}

// readRoll reads everybody who is in the account.
func readRoll(ctx context.Context, tx *db.Tx, account id.Account) (*roll, error) {
	entries, err := readEntries(ctx, tx, `SELECT `+entryColumns+` FROM members WHERE account_id = $1 AND status IN ('active', 'suspended', 'inactive')`,
		[]any{string(account)})
	if err != nil {
		return nil, err
	}
	var newest int64
	if err := tx.One(ctx, `SELECT CAST(COALESCE(MAX(marked), 0) AS BIGINT) FROM members WHERE account_id = $1 AND marked > 0`, []any{string(account)}, &newest); err != nil {
		return nil, fmt.Errorf("read mark of roll: %w", err)
	}
	return &roll{ranks: (&roll{}).merged(entries), mark: newest}, nil
}

// since reads who was marked as the newest of the roll were, or later. A roll
// that has a mark is younger than a store where nobody has one.
func (r *roll) since(ctx context.Context, tx *db.Tx, account id.Account) (entries []entry, younger bool, err error) {
	entries, err = readEntries(ctx, tx, `SELECT `+entryColumns+` FROM members WHERE account_id = $1 AND marked > 0 AND marked >= $2 ORDER BY marked, member_id`,
		[]any{string(account), r.mark})
	return entries, len(entries) == 0 && r.mark > 0, err
}

// with gives the roll in which these members stand as the entries say, which
// are in the order of their marks.
func (r *roll) with(entries []entry) *roll {
	if len(entries) == 0 || slices.Equal(entries, r.newest) {
		return r
	}
	next := &roll{ranks: r.merged(entries), mark: entries[len(entries)-1].mark}
	for _, e := range entries {
		if e.mark == next.mark {
			next.newest = append(next.newest, e)
		}
	}
	return next
}

func (r *roll) merged(entries []entry) map[Status]*rank {
	changed, come := map[string]bool{}, map[Status][]entry{}
	for _, e := range entries {
		if r.ranks != nil {
			changed[e.id] = true
		}
		if e.status.Here() {
			come[e.status] = append(come[e.status], e)
		}
	}
	ranks := map[Status]*rank{}
	for _, status := range []Status{Active, Suspended, Inactive} {
		before := r.ranks[status]
		if before == nil {
			before = &rank{}
		}
		slices.SortFunc(come[status], byName)
		ranks[status] = before.with(before.rows(changed), come[status])
	}
	return ranks
}

func byName(a, b entry) int { return cmp.Or(cmp.Compare(a.name, b.name), cmp.Compare(a.id, b.id)) }

// size is about how many bytes the roll takes.
func (r *roll) size() int {
	size := 0
	for _, k := range r.ranks {
		for _, c := range []column{k.ids, k.names, k.texts} {
			size += cap(c.data) + 4*cap(c.ends)
		}
	}
	return size
}

// search gives the members of the statuses who have the text, behind the place
// where a page ended, in the order of names or the other way round.
func (r *roll) search(text string, statuses []Status, behind *after, down bool, limit int) []string {
	found := []entry{}
	for _, status := range statuses {
		k := r.ranks[status]
		var rows []int
		if down {
			rows = k.down([]byte(text), k.edge(behind, true), limit)
		} else {
			rows = k.up([]byte(text), k.edge(behind, false), limit)
		}
		for _, i := range rows {
			found = append(found, entry{name: string(k.names.at(i)), id: string(k.ids.at(i))})
		}
	}
	slices.SortFunc(found, byName)
	if down {
		slices.Reverse(found)
	}
	ids := make([]string, min(limit, len(found)))
	for i := range ids {
		ids[i] = found[i].id
	}
	return ids
}

// rank is the members of one status, in the order of names.
type rank struct{ ids, names, texts column }

func (k *rank) len() int { return len(k.ids.ends) }

// place gives the row where a member of the name stands or would stand.
func (k *rank) place(name, id string) int {
	return sort.Search(k.len(), func(i int) bool {
		return cmp.Or(bytes.Compare(k.names.at(i), []byte(name)), bytes.Compare(k.ids.at(i), []byte(id))) >= 0
	})
}

// edge gives the first row of what is behind, going up, and the row after the
// last of it, going down.
func (k *rank) edge(behind *after, down bool) int {
	if behind == nil {
		if down {
			return k.len()
		}
		return 0
	}
	name := behind.value.(string)
	i := k.place(name, behind.member)
	if !down && i < k.len() && string(k.ids.at(i)) == behind.member && string(k.names.at(i)) == name {
		i++
	}
	return i
}

// up finds the first rows from here on that have the text.
func (k *rank) up(text []byte, from, limit int) []int { return k.between(text, from, k.len(), limit) }

// blockRows is how many rows are read forwards at a time on the way down.
const blockRows = 1024

// down finds the last rows before this one that have the text, the last first.
func (k *rank) down(text []byte, to, limit int) []int {
	rows := []int{}
	for to > 0 && len(rows) < limit {
		from := max(0, to-blockRows)
		block := k.between(text, from, to, to-from)
		slices.Reverse(block)
		rows, to = append(rows, block...), from
	}
	return rows[:min(limit, len(rows))]
}

func (k *rank) between(text []byte, from, to, limit int) []int {
	rows := []int{}
	for from < to && len(rows) < limit {
		i := k.texts.find(text, from, to)
		if i < 0 {
			break
		}
		rows, from = append(rows, i), i+1
	}
	return rows
}

// rows finds members by their ids.
func (k *rank) rows(ids map[string]bool) []int {
	rows := []int{}
	for i := range k.len() {
		if ids[string(k.ids.at(i))] {
			rows = append(rows, i)
		}
	}
	return rows
}

// with gives the rank without some rows and with those who come; both are
// sorted.
func (k *rank) with(without []int, come []entry) *rank {
	if len(without) == 0 && len(come) == 0 {
		return k
	}
	next := &rank{}
	more := [3]int{}
	for _, e := range come {
		more[0], more[1], more[2] = more[0]+len(e.id)+1, more[1]+len(e.name)+1, more[2]+len(e.text)+1
	}
	for i, c := range []*column{&next.ids, &next.names, &next.texts} {
		c.room([]column{k.ids, k.names, k.texts}[i], len(come), more[i])
	}
	from := 0
	for len(without)+len(come) > 0 {
		leaves := k.len()
		if len(without) > 0 {
			leaves = without[0]
		}
		if len(come) > 0 {
			if at := k.place(come[0].name, come[0].id); at <= leaves {
				next.copy(k, from, at)
				next.append(come[0])
				from, come = at, come[1:]
				continue
			}
		}
		next.copy(k, from, leaves)
		from, without = leaves+1, without[1:]
	}
	next.copy(k, from, k.len())
	return next
}

func (k *rank) append(e entry) {
	k.ids.append(e.id)
	k.names.append(e.name)
	k.texts.append(e.text)
}

func (k *rank) copy(of *rank, from, to int) {
	if from < to {
		k.ids.copy(of.ids, from, to)
		k.names.copy(of.names, from, to)
		k.texts.copy(of.texts, from, to)
	}
}

// column is texts one after the other, each with a NUL behind it, which is in
// none of them. It holds up to four gigabytes.
type column struct {
	data []byte
	ends []uint32 // where the NUL of each text stands
}

func (c *column) room(like column, texts, bytes int) {
	c.data, c.ends = make([]byte, 0, len(like.data)+bytes), make([]uint32, 0, len(like.ends)+texts)
}

// start is where a text begins.
func (c *column) start(i int) int {
	if i == 0 {
		return 0
	}
	return int(c.ends[i-1]) + 1
}

func (c *column) at(i int) []byte { return c.data[c.start(i):c.ends[i]] }

func (c *column) append(text string) {
	c.data = append(c.data, text...)
	c.ends = append(c.ends, uint32(len(c.data)))
	c.data = append(c.data, 0)
}

func (c *column) copy(of column, from, to int) {
	start, moved := of.start(from), len(c.data)-of.start(from)
	c.data = append(c.data, of.data[start:of.start(to)]...)
	for _, end := range of.ends[from:to] {
		c.ends = append(c.ends, uint32(int(end)+moved))
	}
}

// find gives the first of the texts in which a part is; -1 if it is in none.
func (c *column) find(part []byte, from, to int) int {
	start := c.start(from)
	at := bytes.Index(c.data[start:c.start(to)], part)
	if at < 0 {
		return -1
	}
	row, _ := slices.BinarySearch(c.ends[from:to], uint32(start+at+1))
	return from + row
}
