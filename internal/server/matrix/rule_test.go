package matrix_test

import (
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"
)

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
