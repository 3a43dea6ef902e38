package api

import (
	"testing"

	"github.com/go-json-experiment/json"
)

func TestPatchTellsAbsentFromNullFromEmpty(t *testing.T) {
	for text, want := range map[string]struct{ value, orNull string }{
		`{}`:                {"absent", "-"},
		`{"title":null}`:    {"", "null"},
		`{"title":""}`:      {"", ""},
		`{"title":"Chief"}`: {"Chief", "Chief"},
	} {
		var body struct {
			Title Patch[string] `json:"title,omitzero"`
		}
		if err := json.Unmarshal([]byte(text), &body); err != nil {
			t.Fatal(err)
		}
		if got := shown(body.Title.Value(), "absent"); got != want.value {
			t.Errorf("%s: Value %s, want %s", text, got, want.value)
		}
		if got := shown(body.Title.orNull(), "null"); want.orNull != "-" && got != want.orNull {
			t.Errorf("%s: orNull %s, want %s", text, got, want.orNull)
		}
	}
}

func shown(s *string, none string) string {
	if s == nil {
		return none
	}
	return *s
}
