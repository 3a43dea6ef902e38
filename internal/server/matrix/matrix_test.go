// Package matrix_test asks every route of the server as every kind of caller,
// about what is their own, somebody else's and nobody's, and compares each
// answer with an oracle that shares nothing with the server.
package matrix_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"

	"tenure/internal/db/dbtest"
	"tenure/internal/server/servertest"
)

// groups is all that the oracle knows of routes, and table the same in one.
var (
	groups = [][]row{openRoutes, ownRoutes, operatorRoutes, accountRoutes, memberRoutes, invitationRoutes, departureRoutes, resourceRoutes, accessRoutes, keyRoutes, creditRoutes, billingRoutes}
	table  = slices.Concat(groups...)
)

// TestEveryRouteAnswersEveryCallerAsTheOracleSays is the authorisation matrix.
// The rows of a group are asked first by those they refuse, of things that all
// share: afterwards the store must be what it was. Then by those they allow, each
// of things of their own. SQLite takes all cells; PostgreSQL, whose answers come
// from the same rules, a sample, or with TENURE_MATRIX=whole all as well.
func TestEveryRouteAnswersEveryCallerAsTheOracleSays(t *testing.T) {
	for _, engine := range dbtest.Engines() {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			w := build(t, engine)
			w.known(t)
			cells, whole := 0, engine == dbtest.SQLite || os.Getenv("TENURE_MATRIX") == "whole"
			seed := dbtest.Seed(t)
			random := rand.New(rand.NewPCG(seed, 1))
			for _, group := range groups {
				cells += w.try(t, group, func() []caller {
					if whole {
						return callers
					}
					return some(random, callers)
				})
			}
			sample := ""
			if !whole {
				sample = fmt.Sprintf(", a sample of seed %d", seed)
			}
			fmt.Printf("authorisation matrix on %s: %d cells: %d routes, asked in %d ways by %d kinds of callers%s\n",
				engine, cells, len(w.Routes()), len(table), len(callers), sample)
		})
	}
}

// some gives a sixth of the callers.
func some(random *rand.Rand, all []caller) []caller {
	var picked []caller
	for _, i := range random.Perm(len(all))[:len(all)/6] {
		picked = append(picked, all[i])
	}
	return picked
}

// known fails for every route that the oracle does not know, and for every one
// it knows that is not there.
func (w *world) known(t *testing.T) {
	t.Helper()
	there := w.Routes()
	for _, route := range there {
		if !slices.ContainsFunc(table, func(r row) bool { return r.route == route }) {
			t.Errorf("the oracle does not know %q: add a row for each way of asking it to internal/server/matrix/route_*_test.go, "+
				"saying who is let in, which permission it needs, what it names and what it answers to who may", route)
		}
	}
	for _, r := range table {
		if !slices.Contains(there, r.route) {
			t.Errorf("the oracle knows %q, which the router has not", r.route)
		}
	}
}

// try asks the rows of a group in every way as every caller that is chosen for
// each, and says how many cells that were.
func (w *world) try(t *testing.T, group []row, choose func() []caller) int {
	t.Helper()
	cells := 0
	var open, closed, allowed []func()
	for _, r := range group {
		who := slices.DeleteFunc(slices.Clone(choose()), func(c caller) bool { return c.factor && r.plain })
		for _, c := range who {
			for _, a := range asksOf(r, c) {
				cells++
				if r.lets(a, c) {
					allowed = append(allowed, func() { w.cell(t, a, c, true) })
				} else {
					w.prepare(t, a, c)
				}
			}
		}
		refuse := func() { w.refuse(t, r, who) }
		if r.who == anyone {
			open = append(open, refuse)
		} else {
			closed = append(closed, refuse)
		}
	}
	before := w.Contents(t)
	run(closed)
	if after := w.Contents(t); after != before {
		t.Errorf("%s to %s: who was refused or only read changed something:\n%s",
			group[0].route, group[len(group)-1].route, servertest.Difference(before, after))
	}
	run(open)
	run(allowed)
	return cells
}

func run(asks []func()) {
	for _, ask := range asks {
		ask()
	}
}

// refuse asks one row as all who may not change anything by it, and compares
// what they are told of foreign and of missing things.
func (w *world) refuse(t *testing.T, r row, who []caller) {
	t.Helper()
	for _, c := range who {
		answers := map[string]string{}
		for _, a := range asksOf(r, c) {
			if !r.lets(a, c) {
				answers[a.account+" "+a.thing] = w.cell(t, a, c, false)
			}
		}
		alike(t, r, c, answers)
	}
}

// lets says whether the caller changes something by asking so.
func (r row) lets(a ask, c caller) bool { return r.changes && a.expected(c) == a.granted(c) }

// prepare makes what a request shares before the store is looked at.
func (w *world) prepare(t *testing.T, a ask, c caller) {
	t.Helper()
	_, who := w.as(t, c, false)
	w.values(t, a, c, who, w.thingOf(t, a, c, who, false))
}

// cell asks one thing as one caller, compares the answer, and gives its bytes.
func (w *world) cell(t *testing.T, a ask, c caller, fresh bool) string {
	t.Helper()
	client, who := w.as(t, c, fresh && (a.self || a.thing == "self"))
	about := w.thingOf(t, a, c, who, fresh)
	values := w.values(t, a, c, who, about)
	method, pattern, _ := strings.Cut(a.route, " ")
	path := "/" + strings.Trim(fill(pattern, values, url.PathEscape), "/")
	if a.query != "" {
		path += "?" + fill(a.query, values, url.QueryEscape)
	}
	for name, value := range a.header {
		client = client.With(name, value)
	}
	var body any
	if a.body != "" {
		body = fill(a.body, values, func(s string) string { return s })
	}
	answer := client.Call(method, path, body)
	if got, want := said(answer), a.expected(c); got != want {
		t.Errorf("%s, as %s: got %s, want %s\n%.300s", a, c.name, got, want, answer.Body)
	}
	text := bytesOf(answer)
	if a.many { // the verdict repeats what was named
		text = strings.ReplaceAll(text, about["member"], "{member}")
	}
	return text
}

// fill puts values in the place of placeholders.
func fill(text string, values map[string]string, escape func(string) string) string {
	for name, value := range values {
		text = strings.ReplaceAll(text, "{"+name+"}", escape(value))
	}
	return text
}

// said is an answer as the oracle words it: the status, and the code of the
// problem or the verdict on the one thing that was named.
func said(a *servertest.Answer) string {
	code := ""
	switch {
	case a.Header.Get("Content-Type") == "application/problem+json":
		code = a.Text("code")
	case a.Status == http.StatusOK && strings.HasPrefix(a.Header.Get("Content-Type"), "application/json"):
		code = a.Text("results.0.verdict")
	}
	return strings.TrimSpace(fmt.Sprintf("%d %s", a.Status, code))
}

// alike checks that what is another account's answers byte for byte as what
// nobody has, headers included.
func alike(t *testing.T, r row, c caller, answers map[string]string) {
	t.Helper()
	for _, pair := range [][2]string{{"ours foreign", "ours missing"}, {" foreign", " missing"}, {"theirs ", "missing "}, {"theirs there", "missing missing"}} {
		foreign, missing := answers[pair[0]], answers[pair[1]]
		theirOwn := strings.HasPrefix(pair[0], "theirs") && (c.account == "theirs" || c.kind == byOperator)
		if foreign != "" && missing != "" && foreign != missing && !theirOwn {
			t.Errorf("%s %s, as %s: %s and %s differ:\n%s\n%s", r.route, r.note, c.name, pair[0], pair[1], foreign, missing)
		}
	}
}

// bytesOf is an answer but for what tells one request from another.
func bytesOf(a *servertest.Answer) string {
	h := a.Header.Clone()
	h.Del("X-Request-Id")
	h.Del("Date")
	var text strings.Builder
	fmt.Fprintln(&text, a.Status)
	for _, name := range slices.Sorted(maps.Keys(h)) {
		fmt.Fprintln(&text, name, h[name])
	}
	text.Write(a.Body)
	return text.String()
}
