package api_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const codesPage = "../../docs/guide/codes.md"

// makers are the functions and kinds that refusals are made with, and the status
// that the door gives them.
var makers = map[string]string{
	"Forbidden": "403", "Conflict": "409", "Gone": "410", "Unprocessable": "422", "TooMany": "429",
	"KindInternal": "500", "KindInvalid": "422", "KindUnauthenticated": "401", "KindForbidden": "403", "KindNotFound": "404", "KindConflict": "409",
	"KindGone": "410", "KindStale": "412", "KindTooLarge": "413", "KindTooMany": "429", "KindUnavailable": "503",
}

// said is what refusals say, by status and code, and by the code of a field.
type said struct {
	consts map[string]string
	codes  map[string]map[string]bool
	fields map[string]map[string]bool
}

// TestDescriptionIsTheOneInDocsAlsoOfCodes keeps docs/guide/codes.md equal to the
// refusals that stand in the code.
func TestDescriptionIsTheOneInDocsAlsoOfCodes(t *testing.T) {
	s := said{map[string]string{}, map[string]map[string]bool{}, map[string]map[string]bool{}}
	var files []*ast.File
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		files = append(files, file)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, read := range []func(ast.Node) bool{s.constant, s.refusal} {
		for _, file := range files {
			ast.Inspect(file, read)
		}
	}
	if len(s.codes) < 60 || len(s.fields) < 15 {
		t.Fatalf("only %d codes and %d of fields found: the test looks in the wrong place", len(s.codes), len(s.fields))
	}
	page := s.page()
	if *update {
		if err := os.WriteFile(codesPage, []byte(page), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := os.ReadFile(codesPage)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(kept), page); diff != "" {
		t.Errorf("docs/guide/codes.md does not say what is refused; go test ./internal/api -update writes it:\n%s", diff)
	}
}

// constant remembers what names of codes stand for.
func (s said) constant(n ast.Node) bool {
	if spec, is := n.(*ast.ValueSpec); is {
		for i, name := range spec.Names {
			if i < len(spec.Values) {
				if text, whole := s.text(spec.Values[i]); whole {
					s.consts[name.Name] = text
				}
			}
		}
	}
	return true
}

// refusal notes what a call or a value refuses with.
func (s said) refusal(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.CallExpr:
		name := last(n.Fun)
		switch {
		case (name == "Invalid" || name == "And") && len(n.Args) == 3:
			s.note(s.fields, "", n.Args[1], n.Args[2])
		case name == "Unavailable" && len(n.Args) == 1:
			s.note(s.codes, "503", &ast.BasicLit{Kind: token.STRING, Value: `"unavailable"`}, n.Args[0])
		case makers[name] != "" && len(n.Args) >= 2:
			s.note(s.codes, makers[name], n.Args[0], n.Args[1])
		}
	case *ast.CompositeLit:
		given := map[string]ast.Expr{}
		for _, element := range n.Elts {
			if pair, is := element.(*ast.KeyValueExpr); is {
				given[last(pair.Key)] = pair.Value
			}
		}
		switch {
		case last(n.Type) == "Fault" && given["Code"] != nil:
			s.note(s.codes, makers[last(given["Kind"])], given["Code"], given["Message"])
		case last(n.Type) == "Field" && given["Code"] != nil:
			s.note(s.fields, "", given["Code"], given["Detail"])
		}
	}
	return true
}

// note keeps a code with its sentence. What carries on the code of another
// refusal, or makes its own of one, has none of its own.
func (s said) note(into map[string]map[string]bool, status string, code, sentence ast.Expr) {
	name, whole := s.text(code)
	if !whole {
		return
	}
	key := strings.TrimSpace(status + " " + name)
	if into[key] == nil {
		into[key] = map[string]bool{}
	}
	if text, _ := s.text(sentence); text != "" {
		into[key][text] = true
	}
}

// text reads a text off the code; … stands for what is only known when it runs.
func (s said) text(e ast.Expr) (text string, whole bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		if e.Kind == token.STRING {
			text, err := strconv.Unquote(e.Value)
			return text, err == nil
		}
	case *ast.Ident:
		text, whole = s.consts[e.Name]
		return text, whole
	case *ast.BinaryExpr:
		left, _ := s.text(e.X)
		right, _ := s.text(e.Y)
		return orUnknown(left) + orUnknown(right), false
	case *ast.CallExpr:
		if last(e.Fun) == "Sprintf" {
			format, _ := s.text(e.Args[0])
			return strings.NewReplacer("%d", "…", "%s", "…", "%q", "…", "%v", "…").Replace(format), false
		}
	}
	return "", false
}

// orUnknown is a part of a sentence, or … for one that is not known.
func orUnknown(part string) string {
	if part == "" {
		return "…"
	}
	return part
}

// last is the name at the end of an expression.
func last(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	}
	return ""
}

func (s said) page() string {
	var page strings.Builder
	page.WriteString(`# Codes

What programs read of a refusal ([the API](api.md#refusals)): its ` + "`code`" + `, and where fields are wrong the code of each in ` + "`errors`" + `. A test makes this page of the code. Sentences are shown to people and may change; codes do not. An answer of the AuthZEN endpoints has status 400 in place of 422.

| status | code | what it says |
| --- | --- | --- |
`)
	for _, key := range slices.Sorted(maps.Keys(s.codes)) {
		status, code, _ := strings.Cut(key, " ")
		fmt.Fprintf(&page, "| %s | `%s` | %s |\n", status, code, sentences(s.codes[key]))
	}
	page.WriteString(`
## Of a field

With ` + "`invalid`" + ` (422), and with a code of its own where one of the fields is the reason.

| code | what it says |
| --- | --- |
`)
	for _, code := range slices.Sorted(maps.Keys(s.fields)) {
		fmt.Fprintf(&page, "| `%s` | %s |\n", code, sentences(s.fields[code]))
	}
	return page.String()
}

// most is how many sentences of one code the page shows.
const most = 5

func sentences(all map[string]bool) string {
	if len(all) == 0 {
		return "What stands in the way, in each case."
	}
	sorted := slices.Sorted(maps.Keys(all))
	if len(sorted) > most {
		sorted = append(sorted[:most], "…")
	}
	return strings.ReplaceAll(strings.Join(sorted, "<br>"), "|", "\\|")
}
