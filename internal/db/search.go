package db

import (
	"context"
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"strings"

	"tenure/internal/id"
)

// Search looks for a text in the names and addresses of an account's members.
// The engines index text so differently that this one query is the store's.
type Search struct {
	Account  id.Account
	Text     string   // as address.SortKey gives it; not empty
	Statuses []string // those to look among
	// After is the name and the id behind which to begin; empty: at the beginning.
	AfterName, AfterID string
	Down               bool // in falling order
	Limit              int
}

// Search gives the ids of the members that have the text, in the order of their
// names, by an index that costs what the text's matches cost, and nothing for
// other accounts. It finds nothing, and says so, where reading in the order of
// names is surely cheaper: where there are very many.
func (t *Tx) Search(ctx context.Context, s Search) (ids []string, found bool, err error) {
	ids, found, err = t.db.engine.search(ctx, t, s)
	if err != nil {
		return nil, false, fmt.Errorf("search: %w", err)
	}
	return ids, found, nil
}

// shard is the beginning of every word of an account: enough to keep accounts
// apart, not enough to tell them for sure, which is what account_id is for.
func shard(account id.Account) string {
	sum := md5.Sum([]byte(account))
	return hex.EncodeToString(sum[:4])
}

// gramLength is how many characters a word has.
const gramLength = 3

// grams gives every three characters that follow one another, and where the
// text ends those that are left: "abcd" is abc, bcd, cd, d.
func grams(text string) []string {
	runes := []rune(text)
	all := make([]string, len(runes))
	for i := range runes {
		all[i] = string(runes[i:min(i+gramLength, len(runes))])
	}
	return all
}

// wholeGrams is grams for what is looked for: a text of less than three
// characters is the beginning of one gram, a longer one has only whole ones.
func wholeGrams(text string) (all []string, beginning bool) {
	all = grams(text)
	if n := len(all) - gramLength + 1; n > 0 {
		return all[:n], false
	}
	return all[:1], true
}

// window writes what follows the word query of a search: statuses, where to
// begin, order and limit. The columns are those of the table with the prefix.
func (s Search) window(prefix string, args []any) (string, []any) {
	var b strings.Builder
	b.WriteString(" AND " + prefix + "status IN (" + Params(len(args)+1, len(s.Statuses)) + ")")
	for _, status := range s.Statuses {
		args = append(args, status)
	}
	beyond, direction := ">", "ASC"
	if s.Down {
		beyond, direction = "<", "DESC"
	}
	if s.AfterID != "" {
		fmt.Fprintf(&b, " AND (%[1]sname_key, %[1]smember_id) %[2]s ($%[3]d, $%[4]d)", prefix, beyond, len(args)+1, len(args)+2)
		args = append(args, s.AfterName, s.AfterID)
	}
	fmt.Fprintf(&b, " ORDER BY %[1]sname_key %[2]s, %[1]smember_id %[2]s LIMIT $%[3]d", prefix, direction, len(args)+1)
	return b.String(), append(args, s.Limit)
}

func (t *Tx) texts(ctx context.Context, query string, args []any) ([]string, error) {
	found := []string{}
	err := t.Each(ctx, query, args, func(scan func(...any) error) error {
		var text string
		err := scan(&text)
		found = append(found, text)
		return err
	})
	return found, err
}

// search reads the words from a GIN index, and makes sure of each match: words
// do not know their order.
func (p *postgres) search(ctx context.Context, t *Tx, s Search) ([]string, bool, error) {
	words, beginning := wholeGrams(s.Text)
	for i, word := range words {
		words[i] = "'" + strings.NewReplacer(`\`, `\\`, `'`, `''`).Replace(shard(s.Account)+word) + "'"
	}
	query := strings.Join(words, " & ")
	if beginning {
		query += ":*"
	}
	where, args := s.window("", []any{string(s.Account), query, "%" + EscapeLike(s.Text) + "%"})
	ids, err := t.texts(ctx, `SELECT member_id FROM members WHERE account_id = $1
		AND search_words(account_id, search_key) @@ CAST(CAST($2 AS TEXT) AS tsquery) AND search_key LIKE $3 ESCAPE '\'`+where, args)
	return ids, true, err
}

// manyMatches is where SQLite gives up sorting matches: by then every dozenth
// member of a hundred thousand has the text.
const manyMatches = 8000

// search reads the words from an FTS5 table, which knows their order.
func (s *sqlite) search(ctx context.Context, t *Tx, looked Search) ([]string, bool, error) {
	words, beginning := wholeGrams(looked.Text)
	for i, word := range words {
		words[i] = searchWord(looked.Account, word)
	}
	query := `"` + strings.Join(words, " ") + `"`
	if beginning {
		query += " *"
	}
	var many int64
	if err := t.One(ctx, `SELECT COUNT(*) FROM (SELECT rowid FROM search_text WHERE search_text MATCH $1 LIMIT $2)`, []any{query, manyMatches}, &many); err != nil || many == manyMatches {
		return nil, false, err
	}
	where, args := looked.window("r.", []any{query, string(looked.Account)})
	ids, err := t.texts(ctx, `SELECT r.member_id FROM search_text s JOIN search_rows r ON r.number = s.rowid
		WHERE s.search_text MATCH $1 AND r.account_id = $2`+where, args)
	return ids, true, err
}

// searchWord writes a gram as a word that the tokenizer leaves whole.
func searchWord(account id.Account, gram string) string {
	return shard(account) + hex.EncodeToString([]byte(gram))
}

// searchText is the words of a member, as they follow one another in the key.
func searchText(account id.Account, key string) string {
	words := grams(key)
	for i, gram := range words {
		words[i] = searchWord(account, gram)
	}
	return strings.Join(words, " ")
}

// due is a member whose words are to be written.
type due struct {
	account, member string
	number          *int64  // nil: has no words yet
	name, key       *string // nil: the member is no more
	status          *string
}

// duePart is how many are read before they are written.
const duePart = 500

// index brings the search words up to what was changed in the transaction. In a
// store that is not migrated there are none.
func (w *writer) index() error {
	if !w.indexed {
		rows, err := w.line.query(context.Background(), "SELECT name FROM sqlite_master WHERE name = 'search_due'", nil)
		if err != nil {
			return err
		}
		w.indexed = rows.Next()
		if err := rows.Close(); err != nil || !w.indexed {
			return err
		}
	}
	return w.line.index()
}

// index writes the words of those who were changed in the transaction.
func (l *line) index() error {
	for {
		part, err := l.readDue()
		if err != nil {
			return fmt.Errorf("search index: %w", err)
		}
		for _, d := range part {
			if err := l.indexOne(d); err != nil {
				return fmt.Errorf("search index: %w", err)
			}
		}
		if len(part) < duePart {
			return nil
		}
	}
}

func (l *line) readDue() ([]due, error) {
	rows, err := l.query(context.Background(), `SELECT d.account_id, d.member_id, r.number, m.name_key, m.search_key, m.status FROM search_due d
		LEFT JOIN search_rows r ON r.account_id = d.account_id AND r.member_id = d.member_id
		LEFT JOIN members m ON m.account_id = d.account_id AND m.member_id = d.member_id LIMIT $1`, []any{duePart})
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	part := []due{}
	for rows.Next() {
		var d due
		if err := rows.Scan(&d.account, &d.member, &d.number, &d.name, &d.key, &d.status); err != nil {
			return nil, err
		}
		part = append(part, d)
	}
	return part, rows.Err()
}

func (l *line) indexOne(d due) error {
	ctx := context.Background()
	if d.number != nil {
		if _, err := l.exec(ctx, `DELETE FROM search_text WHERE rowid = $1`, []any{*d.number}); err != nil {
			return err
		}
		if _, err := l.exec(ctx, `DELETE FROM search_rows WHERE number = $1`, []any{*d.number}); err != nil {
			return err
		}
	}
	if d.key != nil && *d.status != "removed" && *d.status != "deleted" {
		added, err := l.exec(ctx, `INSERT INTO search_rows (account_id, member_id, name_key, status) VALUES ($1, $2, $3, $4)`, []any{d.account, d.member, *d.name, *d.status})
		if err != nil {
			return err
		}
		number, err := added.LastInsertId()
		if err != nil {
			return err
		}
		if _, err := l.exec(ctx, `INSERT INTO search_text (rowid, grams) VALUES ($1, $2)`, []any{number, searchText(id.Account(d.account), *d.key)}); err != nil {
			return err
		}
	}
	_, err := l.exec(ctx, `DELETE FROM search_due WHERE account_id = $1 AND member_id = $2`, []any{d.account, d.member})
	return err
}

// EscapeLike takes the meaning from the wildcards of LIKE … ESCAPE '\'.
func EscapeLike(s string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(s)
}
