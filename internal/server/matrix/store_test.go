package matrix_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"tenure/internal/db"
)

// restless are the columns that change by themselves: when somebody was last
// seen, which nodes are alive. Of a table without columns nothing is compared;
// the heads hold the hash of all events.
var restless = map[string][]string{
	"sessions": {"last_seen_at"}, "members": {"last_seen_at"}, "nodes": nil, "revocations": nil, "goose_db_version": nil, "sqlite_sequence": nil,
	"events": nil, "user_events": nil,
}

// contents is everything in the store that does not change by itself, a line a
// row.
func (w *world) contents(t *testing.T) string {
	t.Helper()
	var lines []string
	err := w.Parts().DB.Read(t.Context(), func(tx *db.Tx) error {
		tables, err := columns(t.Context(), tx, w.Parts().DB.Engine())
		if err != nil {
			return err
		}
		for table, names := range tables {
			lines = append(lines, table)
			kept := slices.DeleteFunc(names, func(name string) bool { return slices.Contains(restless[table], name) })
			if skipped, there := restless[table]; there && skipped == nil {
				continue
			}
			if err := rows(t.Context(), tx, table, kept, func(line string) { lines = append(lines, line) }); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// columns gives every table of the store with its columns.
func columns(ctx context.Context, tx *db.Tx, engine string) (map[string][]string, error) {
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
		err = fmt.Errorf("only %d tables found", len(tables))
	}
	return tables, err
}

// rows gives each row of a table as a line.
func rows(ctx context.Context, tx *db.Tx, table string, columns []string, take func(line string)) error {
	return tx.Each(ctx, `SELECT "`+strings.Join(columns, `", "`)+`" FROM `+table, nil, func(scan func(...any) error) error {
		values, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		if err := scan(into...); err != nil {
			return err
		}
		take(fmt.Sprintf("%s %v", table, values))
		return nil
	})
}

// difference gives the lines that only one of two contents has, some of them.
func difference(before, after string) string {
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
