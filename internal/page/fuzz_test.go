package page

import (
	"testing"

	"tenure/internal/fault"
)

// FuzzRead gives any text as a cursor: it is refused by name, or is one that
// Cursor writes.
func FuzzRead(f *testing.F) {
	for _, key := range []any{"mem_06f3k2t9d5r7v8w1x2y3z4a5b6", []string{"jansen maria", "mem_0"}, "", nil, 12, map[string]any{"a": "\x00"}, []any{[]any{"x"}}, "\u2028<é>"} {
		f.Add(Cursor(key))
	}
	for _, text := range []string{"", "=", "IiI", "IiIgIiI", "eyJhIjoxfQ", "IlwwIg", "Iv8i", "!!", "bnVsbA", "IGEi"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, cursor string) {
		var one string
		var several []string
		for _, key := range []any{&one, &several} {
			if err := Read(cursor, key); err != nil && (fault.Code(err) != "invalid" || fault.As(err).Fields[0].Field != "cursor") {
				t.Fatalf("Read(%q) fails with %v", cursor, err)
			}
		}
		if Read(cursor, &one) == nil {
			var again string
			if err := Read(Cursor(one), &again); err != nil || again != one {
				t.Fatalf("%q holds %q, and that comes back as %q, %v", cursor, one, again, err)
			}
		}
	})
}
