package servertest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"tenure/internal/db"
)

// Row is one row of the store, whatever the table.
type Row struct {
	Table   string
	Columns []string
	Values  []any // as the driver gives them
}

// Store gives every row of every table to the function.
func (s *Server) Store(t testing.TB, take func(Row)) {
	t.Helper()
	err := s.Parts().DB.Read(t.Context(), func(tx *db.Tx) error {
		tables, err := tablesOf(t.Context(), tx, s.Parts().DB.Engine())
		if err != nil {
			return err
		}
		for table, columns := range tables {
			query := `SELECT "` + strings.Join(columns, `", "`) + `" FROM "` + table + `"`
			if err := tx.Each(t.Context(), query, nil, func(scan func(...any) error) error {
				row := Row{table, columns, make([]any, len(columns))}
				into := make([]any, len(columns))
				for i := range into {
					into[i] = &row.Values[i]
				}
				err := scan(into...)
				take(row)
				return err
			}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// tablesOf gives every table of the store with its columns.
func tablesOf(ctx context.Context, tx *db.Tx, engine string) (map[string][]string, error) {
	query := `SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c ON 1 = 1 WHERE m.type = 'table'`
	if engine == "postgres" {
		query = `SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'`
	}
	tables := map[string][]string{}
	err := tx.Each(ctx, query, nil, func(scan func(...any) error) error {
		var table, column string
		err := scan(&table, &column)
		tables[table] = append(tables[table], column)
		return err
	})
	if err == nil && len(tables) < 20 {
		err = fmt.Errorf("only %d tables found: the query looks in the wrong place", len(tables))
	}
	return tables, err
}

// restless are the columns that change by themselves: when somebody was last
// seen, which nodes are alive. Of a table without columns nothing is compared;
// the heads hold the hash of all events.
var restless = map[string][]string{
	"sessions": {"last_seen_at"}, "members": {"last_seen_at"}, "api_keys": {"last_used_at"}, "operator_keys": {"last_used_at"}, "nodes": nil, "revocations": nil, "goose_db_version": nil, "sqlite_sequence": nil,
	"events": nil, "user_events": nil,
}

// OnTheWay are the columns of mails that change while a courier delivers, and
// forgets to whom.
var OnTheWay = []string{"outbox.status", "outbox.attempts", "outbox.due_at", "outbox.lease_till", "outbox.reason", "outbox.closed_at", "outbox.recipient", "outbox.facts"}

// Contents is everything in the store that does not change by itself, a line a
// row, but for the columns that are named as table.column.
func (s *Server) Contents(t testing.TB, but ...string) string {
	t.Helper()
	var lines []string
	s.Store(t, func(r Row) {
		skipped, there := restless[r.Table]
		if there && skipped == nil {
			return
		}
		var line strings.Builder
		line.WriteString(r.Table)
		for i, column := range r.Columns {
			if !slices.Contains(skipped, column) && !slices.Contains(but, r.Table+"."+column) {
				fmt.Fprintf(&line, " %s=%v", column, r.Values[i])
			}
		}
		lines = append(lines, line.String())
	})
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// Difference gives the lines that only one of two contents has, some of them.
func Difference(before, after string) string {
	was, is := strings.Split(before, "\n"), strings.Split(after, "\n")
	var told []string
	for _, line := range was {
		if _, there := slices.BinarySearch(is, line); !there {
			told = append(told, "- "+line)
		}
	}
	for _, line := range is {
		if _, there := slices.BinarySearch(was, line); !there {
			told = append(told, "+ "+line)
		}
	}
	return strings.Join(told[:min(len(told), 8)], "\n")
}
