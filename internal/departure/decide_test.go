package departure

import (
	"encoding/json"
	"testing"
)

// TestAPatchIsMergedAsTheStandardSays: the examples of RFC 7396, appendix A, and
// what a decision of which nothing is left comes to.
func TestAPatchIsMergedAsTheStandardSays(t *testing.T) {
	for _, one := range []struct{ decision, patch, want string }{
		{`{"a":"b"}`, `{"a":"c"}`, `{"a":"c"}`},
		{`{"a":"b"}`, `{"b":"c"}`, `{"a":"b","b":"c"}`},
		{`{"a":"b","b":"c"}`, `{"a":null}`, `{"b":"c"}`},
		{`{"a":["b"]}`, `{"a":"c"}`, `{"a":"c"}`},
		{`{"a":"c"}`, `{"a":["b"]}`, `{"a":["b"]}`},
		{`{"a":{"b":"c"}}`, `{"a":{"b":"d","c":null}}`, `{"a":{"b":"d"}}`},
		{`{"a":[{"b":"c"}]}`, `{"a":[1]}`, `{"a":[1]}`},
		{`["a","b"]`, `["c","d"]`, `["c","d"]`},
		{`{"a":"b"}`, `["c"]`, `["c"]`},
		{`{"a":"foo"}`, `"bar"`, `"bar"`},
		{`{"e":null}`, `{"a":1}`, `{"a":1,"e":null}`},
		{`[1,2]`, `{"a":"b","c":null}`, `{"a":"b"}`},
		{``, `{"a":{"bb":{"ccc":null}}}`, `{"a":{"bb":{}}}`},
		{`{"a":"b"}`, `{"a":null}`, ``},
		{`{"a":"foo"}`, `null`, ``},
		{``, `{}`, ``},
		{`{"b":1, "a":2}`, `{"a":2}`, `{"b":1, "a":2}`}, // the same stays as it was written
	} {
		var decision json.RawMessage
		if one.decision != "" {
			decision = json.RawMessage(one.decision)
		}
		if got, err := mergeInto(decision, json.RawMessage(one.patch)); err != nil || string(got) != one.want {
			t.Errorf("%s with %s: %s (%v), want %s", one.decision, one.patch, got, err, one.want)
		}
	}
}
