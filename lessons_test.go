package tenure_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// testName is the name of a test in a table.
var testName = regexp.MustCompile("`((?:Test|Fuzz)[A-Za-z0-9_]+)`")

// TestEveryLessonHasItsTest holds docs/lessons.md against the tests there are.
func TestEveryLessonHasItsTest(t *testing.T) {
	page, err := os.ReadFile("docs/lessons.md")
	if err != nil {
		t.Fatal(err)
	}
	there := tests(t)
	built, _, found := strings.Cut(string(page), "## Not built yet")
	if !found {
		t.Fatal("docs/lessons.md does not say what is not built yet")
	}
	lessons := 0
	for line := range strings.Lines(built) {
		if !strings.HasPrefix(line, "| ") || strings.HasPrefix(line, "| ---") || strings.HasPrefix(line, "| what") {
			continue
		}
		lessons++
		named := testName.FindAllStringSubmatch(line, -1)
		if len(named) == 0 {
			t.Errorf("no test shows this lesson: %s", line)
		}
		for _, name := range named {
			if !there[name[1]] {
				t.Errorf("there is no %s, which shows: %s", name[1], line)
			}
		}
	}
	if lessons < 25 {
		t.Errorf("only %d lessons found", lessons)
	}
}

// tests gives the names of all tests of the module.
func tests(t *testing.T) map[string]bool {
	t.Helper()
	declared, names := regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)[A-Za-z0-9_]+)\(`), map[string]bool{}
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "node_modules" || d.Name() == "dist" || (strings.HasPrefix(d.Name(), ".") && path != ".")) {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return nil
		}
		source, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, match := range declared.FindAllStringSubmatch(string(source), -1) {
			names[match[1]] = true
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}
