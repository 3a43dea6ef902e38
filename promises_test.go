package tenure_test

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "have docs/promises.md name every test that carries the id of a promise")

// promised is how many promises each page makes.
var promised = []struct {
	letter string
	many   int
}{{"P", 12}, {"C", 10}, {"W", 10}, {"S", 8}, {"F", 7}}

// row is a row of docs/promises.md: id, words, tests.
var row = regexp.MustCompile(`(?m)^\| ([PCWSF]\d+) \| (.+) \| (.*) \|$`)

// TestEveryPromiseHasItsTest holds docs/promises.md against the tests there are:
// each promise has its row, the tests it names exist, and one of them carries its
// id.
func TestEveryPromiseHasItsTest(t *testing.T) {
	page, err := os.ReadFile("docs/promises.md")
	if err != nil {
		t.Fatal(err)
	}
	there := tests(t)
	maps.Copy(there, walks(t))
	if *update {
		page = row.ReplaceAllFunc(page, func(line []byte) []byte {
			cells := row.FindSubmatch(line)
			return fmt.Appendf(nil, "| %s | %s | %s |", cells[1], cells[2], carriers(string(cells[1]), there))
		})
		if err := os.WriteFile("docs/promises.md", page, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	shown := map[string]string{}
	for _, cells := range row.FindAllStringSubmatch(string(page), -1) {
		if _, twice := shown[cells[1]]; twice {
			t.Errorf("%s has two rows", cells[1])
		}
		shown[cells[1]] = cells[3]
	}
	all := 0
	for _, p := range promised {
		for n := range p.many {
			id := fmt.Sprintf("%s%d", p.letter, n+1)
			if cell, has := shown[id]; has {
				isShown(t, id, cell, there)
			} else {
				t.Errorf("%s has no row in docs/promises.md", id)
			}
			all++
		}
	}
	if len(shown) > all {
		t.Errorf("%d rows for %d promises", len(shown), all)
	}
}

// isShown checks the tests that a row names.
func isShown(t *testing.T, id, cell string, there map[string]bool) {
	t.Helper()
	own := false
	for _, name := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(cell, -1) {
		if !there[name[1]] {
			t.Errorf("%s: there is no test %q", id, name[1])
		}
		own = own || carries(id, name[1])
	}
	if !own {
		t.Errorf("%s: none of the tests it names carries its id: %s", id, cell)
	}
}

// carries reports whether the name of a test says that it is about a promise.
func carries(id, name string) bool {
	return regexp.MustCompile(`(^Test|_|\b)` + id + `(_|\b)`).MatchString(name)
}

// carriers names the tests that carry an id, those in Go first.
func carriers(id string, there map[string]bool) string {
	var goes, walked []string
	for _, name := range slices.Sorted(maps.Keys(there)) {
		switch {
		case carries(id, name) && strings.HasPrefix(name, "Test"):
			goes = append(goes, "`"+name+"`")
		case carries(id, name):
			walked = append(walked, "`"+name+"`")
		}
	}
	return strings.Join(append(goes, walked...), ", ")
}

// walks gives the titles of all walks in the browser, and of their steps.
func walks(t *testing.T) map[string]bool {
	t.Helper()
	files, err := filepath.Glob("e2e/browser/*.spec.ts")
	if err != nil || len(files) < 10 {
		t.Fatalf("%d files of walks, %v", len(files), err)
	}
	titled, found := regexp.MustCompile(`\btest(?:\.step)?\(\s*(?:'([^'\n]+)'|"([^"\n]+)")`), map[string]bool{}
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range titled.FindAllStringSubmatch(string(source), -1) {
			found[match[1]+match[2]] = true
		}
	}
	return found
}
