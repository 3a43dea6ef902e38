package servertest

import (
	"context"
	"fmt"
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
