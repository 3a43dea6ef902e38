package tenure_test

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tenure/internal/account"
)

// recorded is what the rooms write into the trail, each with a place where they do.
type recorded struct{ actions, fields map[string]string }

// unshown are literals in the form of an action that the trail of an account never has: what stands in a person's or an
// operator's own trail, names of jobs, and permissions.
var unshown = regexp.MustCompile(`^(factor|operator_key|decisions|policy)\.|\.(manage|spend|read)$|^(session\.step_up|member\.follow_email)$`)

// moved are the rooms whose actions end with a move of their state machine.
var moved = []string{"member", "invitation"}

// given are the fields of what was decided of a departure, which the rooms do not name themselves.
var given = []string{"credits", "resources", "invitations", "phone", "default", "by_type", "by_id", "to", "leave"}

var (
	actionForm = regexp.MustCompile(`^[a-z_]+\.[a-z_]+$`)
	fieldForm  = regexp.MustCompile(`^[a-z_]+$`)
)

// TestTheAppHasWordsForWhateverIsRecorded fails on an action or a field of the trail that the language files have no words for:
// people would read its key.
func TestTheAppHasWordsForWhateverIsRecorded(t *testing.T) {
	found := recorded{map[string]string{}, map[string]string{}}
	fset := token.NewFileSet()
	err := filepath.WalkDir("internal", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(fset, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(file.Imports, func(i *ast.ImportSpec) bool { return strings.HasSuffix(i.Path.Value, `/internal/audit"`) }) {
			found.read(file, path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, room := range moved {
		found.moves(t, room)
	}
	for _, field := range given {
		found.fields[field] = "a decision"
	}
	for rule := range reflect.TypeFor[account.Policy]().Fields() {
		found.fields[rule.Tag.Get("json")] = "the policy"
	}
	if len(found.actions) < 50 || len(found.fields) < 50 {
		t.Fatalf("%d actions and %d fields were found: this test has lost sight of them", len(found.actions), len(found.fields))
	}
	for _, name := range []string{"en", "nl"} {
		events, changes := wordsOf(t, name)
		for _, action := range slices.Sorted(maps.Keys(found.actions)) {
			family, verb, _ := strings.Cut(action, ".")
			if events[family][verb] == "" {
				t.Errorf("%s.json has no words for the action %s of %s", name, action, found.actions[action])
			}
		}
		for _, field := range slices.Sorted(maps.Keys(found.fields)) {
			if changes[field] == "" {
				t.Errorf("%s.json has no words for the field %s of %s", name, field, found.fields[field])
			}
		}
	}
}

// read notes the actions and the fields that a file of a room records.
func (r recorded) read(file *ast.File, path string) {
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.KeyValueExpr:
			r.action(n.Value, path)
		case *ast.AssignStmt:
			for _, value := range n.Rhs {
				r.action(value, path)
			}
		case *ast.ValueSpec:
			for _, value := range n.Values {
				r.action(value, path)
			}
		case *ast.CallExpr:
			called, ok := n.Fun.(*ast.SelectorExpr)
			if ok && (called.Sel.Name == "Plain" || called.Sel.Name == "Personal") && fieldForm.MatchString(literal(n.Args[0])) {
				r.fields[literal(n.Args[0])] = path
				return true
			}
			for _, arg := range n.Args {
				r.action(arg, path)
			}
		}
		return true
	})
}

// moves notes the actions that are put together of a room's name and each of its moves.
func (r recorded) moves(t *testing.T, room string) {
	t.Helper()
	path := "internal/" + room + "/state.go"
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if spec, ok := n.(*ast.ValueSpec); ok {
			if of, ok := spec.Type.(*ast.Ident); ok && of.Name == "Move" {
				r.actions[room+"."+literal(spec.Values[0])] = path
			}
		}
		return true
	})
}

// action notes an action, if the expression is one.
func (r recorded) action(value ast.Expr, path string) {
	if text := literal(value); actionForm.MatchString(text) && !unshown.MatchString(text) {
		r.actions[text] = path
	}
}

func literal(value ast.Expr) string {
	if lit, ok := value.(*ast.BasicLit); ok && lit.Kind == token.STRING {
		text, _ := strconv.Unquote(lit.Value)
		return text
	}
	return ""
}

// wordsOf reads what the app says of actions and of fields in a language.
func wordsOf(t *testing.T, language string) (events map[string]map[string]string, changes map[string]string) {
	t.Helper()
	raw, err := os.ReadFile("internal/language/" + language + ".json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		App struct {
			Event  map[string]map[string]string
			Change map[string]string
		}
	}
	if err := json.Unmarshal(raw, &file); err != nil {
		t.Fatal(err)
	}
	return file.App.Event, file.App.Change
}
