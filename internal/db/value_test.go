package db_test

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tenure/internal/db"
	"tenure/internal/db/dbtest"
)

// What goes into a column comes out of it, alike on both engines, and the
// statements of the subset mean the same on both.

type row struct {
	At    time.Time
	Text  string
	Null  string
	JSON  map[string][]string
	Bytes []byte
	Bool  bool
	Int   int64
}

func rows(t *rapid.T) row {
	text := rapid.StringOfN(rapid.Rune().Filter(func(r rune) bool { return r != 0 }), 0, 20, -1)
	return row{
		At:    time.UnixMicro(rapid.Int64Range(-1e15, 1e16).Draw(t, "at")).UTC(),
		Text:  text.Draw(t, "text"),
		Null:  text.Draw(t, "null"),
		JSON:  rapid.MapOfN(text, rapid.SliceOfN(text, 1, 3), 1, 3).Draw(t, "json"),
		Bytes: rapid.SliceOfN(rapid.Byte(), 1, 40).Draw(t, "bytes"),
		Bool:  rapid.Bool().Draw(t, "bool"),
		Int:   rapid.Int64().Draw(t, "int"),
	}
}

func TestValuesComeOutAsTheyWentIn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		statement(t, d, "CREATE TABLE kept (at BIGINT, words TEXT NOT NULL, maybe TEXT, js TEXT, raw BYTEA NOT NULL, flag BOOLEAN NOT NULL, n BIGINT NOT NULL)")
		rapid.Check(t, func(rt *rapid.T) {
			want := rows(rt)
			var got row
			ctx := context.Background()
			err := d.Housekeep(ctx, func(tx *db.Tx) error {
				if _, err := tx.Exec(ctx, "DELETE FROM kept"); err != nil {
					return err
				}
				err := tx.ExecOne(ctx, "INSERT INTO kept (at, words, maybe, js, raw, flag, n) VALUES ("+db.Params(1, 7)+")",
					db.Micros(want.At), want.Text, db.Null(want.Null), db.JSON(want.JSON), want.Bytes, want.Bool, want.Int)
				if err != nil {
					return err
				}
				return tx.One(ctx, "SELECT at, words, maybe, js, raw, flag, n FROM kept WHERE n = $1 AND flag = $2", []any{want.Int, want.Bool},
					db.Time(&got.At), &got.Text, db.Text(&got.Null), db.Into(&got.JSON), &got.Bytes, &got.Bool, &got.Int)
			})
			if err != nil {
				rt.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				rt.Error(diff)
			}
		})
	})
}

func TestZeroAndEmptyAreNull(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		statement(t, d, "CREATE TABLE kept (at BIGINT, words TEXT, raw BYTEA NOT NULL)")
		err := d.Housekeep(ctx, func(tx *db.Tx) error {
			return tx.ExecOne(ctx, "INSERT INTO kept (at, words, raw) VALUES ($1, $2, $3)", db.Micros(time.Time{}), db.Null(""), []byte{})
		})
		if err != nil {
			t.Fatal(err)
		}
		at, words, list := time.Now(), "x", []string{"x"}
		err = d.Read(ctx, func(tx *db.Tx) error {
			return tx.One(ctx, "SELECT at, words, words FROM kept WHERE at IS NULL AND words IS NULL",
				nil, db.Time(&at), db.Text(&words), db.Into(&list))
		})
		if err != nil || !at.IsZero() || words != "" || !slices.Equal(list, []string{"x"}) {
			t.Errorf("%v: got %v, %q, %q", err, at, words, list)
		}
	})
}

func TestStatementsRefuseWhatEnginesTakeDifferently(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		marks(t, d)
		many := make([]any, 501)
		for i := range many {
			many[i] = "a"
		}
		refused := map[string][]any{
			"a time":          {time.Now()},
			"NUL":             {"a\x00b"},
			"invalid UTF-8":   {"a\xffb"},
			"501 parameters":  many,
			"what is no JSON": {db.JSON(func() {})},
		}
		for what, args := range refused {
			err := d.Housekeep(t.Context(), func(tx *db.Tx) error {
				_, err := tx.Exec(t.Context(), "INSERT INTO marks (name, n) SELECT $1, 1 WHERE 'x' NOT IN ("+db.Params(1, len(args))+")", args...)
				return err
			})
			if err == nil {
				t.Errorf("%s was taken", what)
			} else if strings.Contains(err.Error(), "a\x00b") || strings.Contains(err.Error(), "a\xffb") {
				t.Errorf("%s is repeated by the error", what)
			}
		}
		wantMarks(t, d)
	})
}

func TestParams(t *testing.T) {
	for want, got := range map[string]string{"": db.Params(1, 0), "$1": db.Params(1, 1), "$3, $4, $5": db.Params(3, 3)} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestTextIsSortedByItsBytes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		statement(t, d, "CREATE TABLE sorted (name SORTTEXT NOT NULL PRIMARY KEY)")
		rapid.Check(t, func(rt *rapid.T) {
			ctx := context.Background()
			names := rapid.SliceOfNDistinct(rapid.StringOfN(rapid.RuneFrom([]rune("aAzZéß -_ıİ\u0301中😀")), 1, 5, -1), 1, 30, rapid.ID).Draw(rt, "names")
			got := []string{}
			err := d.Housekeep(ctx, func(tx *db.Tx) error {
				if _, err := tx.Exec(ctx, "DELETE FROM sorted"); err != nil {
					return err
				}
				for _, name := range names {
					if err := tx.ExecOne(ctx, "INSERT INTO sorted (name) VALUES ($1)", name); err != nil {
						return err
					}
				}
				return tx.Each(ctx, "SELECT name FROM sorted ORDER BY name", nil, func(scan func(...any) error) error {
					var name string
					defer func() { got = append(got, name) }()
					return scan(&name)
				})
			})
			slices.SortFunc(names, func(a, b string) int { return bytes.Compare([]byte(a), []byte(b)) })
			if err != nil || !slices.Equal(got, names) {
				rt.Errorf("%v: got %q, want %q", err, got, names)
			}
		})
	})
}

func TestSubsetMeansTheSameOnBothEngines(t *testing.T) {
	probes := []struct{ name, query, want string }{
		{"a keyset of rows", "SELECT CAST(COUNT(*) AS TEXT) FROM probe WHERE (kind, n) > ('a', 1)", "3"},
		{"equal NULLs", "SELECT CAST(COUNT(*) AS TEXT) FROM probe WHERE maybe IS NOT DISTINCT FROM $1", "2"},
		{"a sum", "SELECT CAST(CAST(SUM(n) AS BIGINT) AS TEXT) FROM probe", "7"},
		{"a literal pattern", `SELECT kind FROM probe WHERE maybe LIKE '%100\%%' ESCAPE '\'`, "b"},
		{"NULLs last", "SELECT kind FROM probe ORDER BY maybe IS NULL, maybe DESC, kind LIMIT 1", "b"},
		{"a boolean", "SELECT kind FROM probe WHERE flag AND n = 3", "c"},
		{"a conflict that is passed over", "INSERT INTO probe (kind, n, flag) VALUES ('a', 1, FALSE) ON CONFLICT DO NOTHING RETURNING kind", ""},
		{"a conflict that updates", "INSERT INTO probe (kind, n, flag) VALUES ('a', 1, FALSE) ON CONFLICT (kind, n) DO UPDATE SET flag = excluded.flag RETURNING kind", "a"},
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		statement(t, d, "CREATE TABLE probe (kind TEXT NOT NULL, n BIGINT NOT NULL, flag BOOLEAN NOT NULL, maybe TEXT, PRIMARY KEY (kind, n))")
		statement(t, d, "INSERT INTO probe (kind, n, flag, maybe) VALUES ('a', 1, TRUE, NULL), ('b', 1, FALSE, '100%'), ('b', 2, FALSE, '1000'), ('c', 3, TRUE, NULL)")
		for _, probe := range probes {
			args := []any{}
			if strings.Contains(probe.query, "$1") {
				args = append(args, db.Null(""))
			}
			got := ""
			err := d.Housekeep(ctx, func(tx *db.Tx) error {
				err := tx.One(ctx, probe.query, args, &got)
				if errors.Is(err, db.ErrNone) {
					return nil
				}
				return err
			})
			if err != nil || got != probe.want {
				t.Errorf("%s: got %q, %v, want %q", probe.name, got, err, probe.want)
			}
		}
	})
}

func TestBrokenConstraintsAreTold(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		marks(t, d)
		statement(t, d, "CREATE TABLE parts (name TEXT NOT NULL REFERENCES marks (name), kind TEXT CHECK (kind <> ''))")
		statement(t, d, "CREATE UNIQUE INDEX parts_kind ON parts (kind) WHERE kind <> 'many'")
		statement(t, d, "INSERT INTO marks (name, n) VALUES ('a', 1)")
		statement(t, d, "INSERT INTO parts (name, kind) VALUES ('a', 'one'), ('a', 'many'), ('a', 'many')")
		for query, want := range map[string]string{
			"INSERT INTO marks (name, n) VALUES ('a', 2)":        "unique",
			"INSERT INTO parts (name, kind) VALUES ('a', 'one')": "unique",
			"INSERT INTO parts (name, kind) VALUES ('b', 'two')": "foreign key",
			"DELETE FROM marks": "foreign key",
			"INSERT INTO parts (name, kind) VALUES ('a', '')": "",
			"INSERT INTO marks (name) VALUES ('c')":           "",
		} {
			err := d.Housekeep(t.Context(), func(tx *db.Tx) error {
				_, err := tx.Exec(t.Context(), query)
				return err
			})
			if err == nil || db.IsUnique(err) != (want == "unique") || db.IsForeignKey(err) != (want == "foreign key") {
				t.Errorf("%s: %v, want it told as %q", query, err, want)
			}
		}
	})
}

func statement(t *testing.T, d *db.DB, query string) {
	t.Helper()
	err := d.Housekeep(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(t.Context(), query)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
