package matrix_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"tenure/internal/server/servertest"
)

// restless are the columns that change by themselves: when somebody was last
// seen, which nodes are alive. Of a table without columns nothing is compared;
// the heads hold the hash of all events.
var restless = map[string][]string{
	"sessions": {"last_seen_at"}, "members": {"last_seen_at"}, "api_keys": {"last_used_at"}, "operator_keys": {"last_used_at"}, "nodes": nil, "revocations": nil, "goose_db_version": nil, "sqlite_sequence": nil,
	"events": nil, "user_events": nil,
}

// contents is everything in the store that does not change by itself, a line a
// row.
func (w *world) contents(t *testing.T) string {
	t.Helper()
	var lines []string
	w.Store(t, func(r servertest.Row) {
		skipped, there := restless[r.Table]
		if there && skipped == nil {
			return
		}
		var line strings.Builder
		line.WriteString(r.Table)
		for i, column := range r.Columns {
			if !slices.Contains(skipped, column) {
				fmt.Fprintf(&line, " %s=%v", column, r.Values[i])
			}
		}
		lines = append(lines, line.String())
	})
	slices.Sort(lines)
	return strings.Join(lines, "\n")
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
