package matrix_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"tenure/internal/db/dbtest"
	"tenure/internal/server/servertest"
)

// TestReadingChangesNothing walks every path of the router with GET, HEAD and
// OPTIONS, as who may see everything and as who may not, and compares the whole
// store.
func TestReadingChangesNothing(t *testing.T) {
	for _, engine := range dbtest.Engines() {
		t.Run(engine, func(t *testing.T) {
			w := build(t, engine)
			readers := slices.DeleteFunc(slices.Clone(callers), func(c caller) bool {
				return !slices.Contains([]string{"nobody", "member", "administrator", "administrator by cookie", "administrator's cookie from another site", "operator"}, c.name)
			})
			paths := map[string]row{}
			for _, r := range table {
				_, pattern, _ := strings.Cut(r.route, " ")
				if known, there := paths[pattern]; !there || known.object == "" {
					paths[pattern] = r
				}
			}
			for _, r := range paths {
				for _, c := range readers {
					w.prepare(t, first(r, c), c)
				}
			}
			before := w.Contents(t)
			for pattern, r := range paths {
				for _, c := range readers {
					client, who := w.as(t, c, false)
					a := first(r, c)
					path := "/" + strings.Trim(fill(pattern, w.values(t, a, c, who, w.thingOf(t, a, c, who, false)), url.PathEscape), "/")
					for _, method := range []string{"GET", "HEAD", "OPTIONS"} {
						if answer := client.Call(method, path, nil); answer.Status >= 500 {
							t.Errorf("%s %s: %d %s", method, pattern, answer.Status, answer.Body)
						}
					}
				}
			}
			if after := w.Contents(t); after != before {
				t.Errorf("reading changed the store:\n%s", servertest.Difference(before, after))
			}
		})
	}
}

// first is one way of asking a row.
func first(r row, c caller) ask { return asksOf(r, c)[0] }
