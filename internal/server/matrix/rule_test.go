package matrix_test

import (
	"encoding/json"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"

	"tenure/docs"
)

// TestTheDescriptionNamesWhatTheOracleNeeds: who reads the reference is told of
// every permission that the matrix finds to be needed, and of the operator key.
func TestTheDescriptionNamesWhatTheOracleNeeds(t *testing.T) {
	var described struct {
		Paths map[string]map[string]struct{ Description string }
	}
	if err := json.Unmarshal(docs.OpenAPI, &described); err != nil {
		t.Fatal(err)
	}
	for _, r := range table {
		method, path, _ := strings.Cut(r.route, " ")
		said, there := described.Paths[path][strings.ToLower(method)]
		if !there || path == "/access/v1/evaluations" { // which takes what one question takes
			continue
		}
		for _, permission := range r.need {
			if !strings.Contains(said.Description, "`"+permission+"`") {
				t.Errorf("%s needs %s, and its description does not say so: %s", r.route, permission, said.Description)
			}
		}
		if r.who == operators && !strings.Contains(said.Description, "operator key") {
			t.Errorf("%s is the operator's, and its description does not say so: %s", r.route, said.Description)
		}
	}
}

// TestTheOracleSharesNothingWithTheServer: a rule that is wrong in the server
// must not be wrong in the oracle by being the same code.
func TestTheOracleSharesNothingWithTheServer(t *testing.T) {
	files, err := filepath.Glob("*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	looked := 0
	for _, name := range files {
		if name != "oracle_test.go" && name != "caller_test.go" && !strings.HasPrefix(name, "route_") {
			continue
		}
		looked++
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, spec := range file.Imports {
			if strings.Contains(spec.Path.Value, "tenure/") {
				t.Errorf("%s imports %s", name, spec.Path.Value)
			}
		}
	}
	if looked < 5 {
		t.Fatalf("only %d files found: the test looks in the wrong place", looked)
	}
}
