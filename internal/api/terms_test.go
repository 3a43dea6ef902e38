package api

import (
	"encoding/json"
	"strings"
	"testing"

	"tenure/docs"
)

// TestEveryOperationHasItsTerm: the reference says of each operation whom it
// takes, and there is no term of an operation that is none.
func TestEveryOperationHasItsTerm(t *testing.T) {
	var described struct {
		Paths map[string]map[string]struct{ OperationID string }
	}
	if err := json.Unmarshal(docs.OpenAPI, &described); err != nil {
		t.Fatal(err)
	}
	there := map[string]bool{}
	for path, item := range described.Paths {
		for method, op := range item {
			there[op.OperationID] = true
			if !strings.HasPrefix(terms[op.OperationID].about, "Takes ") {
				t.Errorf("%s %s: terms.go does not say whom %s takes", strings.ToUpper(method), path, op.OperationID)
			}
		}
	}
	for id := range terms {
		if !there[id] {
			t.Errorf("terms.go has a term of %s, which is no operation", id)
		}
	}
	if len(there) < 100 {
		t.Fatalf("only %d operations found: the test looks in the wrong place", len(there))
	}
}
