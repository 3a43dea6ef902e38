package api

import (
	"testing"

	"github.com/go-json-experiment/json"

	"tenure/internal/fault"
)

func TestPatchTellsAbsentFromNullFromEmpty(t *testing.T) {
	for text, want := range map[string]struct{ value, orEmpty, orNull string }{
		`{}`:                {"absent", "absent", "-"},
		`{"title":null}`:    {"refused", "", "null"},
		`{"title":""}`:      {"", "", ""},
		`{"title":"Chief"}`: {"Chief", "Chief", "Chief"},
	} {
		var body struct {
			Title Patch[string] `json:"title,omitzero"`
		}
		if err := json.Unmarshal([]byte(text), &body); err != nil {
			t.Fatal(err)
		}
		value, err := body.Title.Value("title")
		if got := shown(value, "absent"); err == nil && got != want.value || err != nil && (want.value != "refused" || fault.Code(err) != "invalid") {
			t.Errorf("%s: Value %s %v, want %s", text, got, err, want.value)
		}
		if got := shown(body.Title.OrEmpty(), "absent"); got != want.orEmpty {
			t.Errorf("%s: OrEmpty %s, want %s", text, got, want.orEmpty)
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
