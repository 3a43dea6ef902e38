package address

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"tenure/internal/fault"
)

func TestTextIsTrimmedAndComposed(t *testing.T) {
	for given, want := range map[string]string{
		"":                "",
		"  Jo \n":         "Jo",
		"Jo\u0308rg":      "Jörg",
		"Zoë O'Brien-Łuk": "Zoë O'Brien-Łuk",
		"👩‍💻 نیما":        "👩‍💻 نیما",
	} {
		if got, err := Text("first_name", given, 20); err != nil || got != want {
			t.Errorf("Text(%q) = %q, %v; want %q", given, got, err, want)
		}
	}
}

func TestTextRefusesWhatCannotBeShown(t *testing.T) {
	for given, code := range map[string]string{
		"Jo\x00":                      "control_character",
		"Jo\r\nBcc: al@example.com":   "control_character",
		"\xff\xfe":                    "control_character",
		"Jo \u202egnp.exe":            "control_character",
		"a\u2028b":                    "control_character",
		strings.Repeat("é", 20) + "x": "too_long",
	} {
		got, err := Text("first_name", given, 20)
		if f := fault.As(err); got != "" || f == nil || f.Fields[0].Field != "first_name" || f.Fields[0].Code != code {
			t.Errorf("Text(%q) = %q, %v; want code %s", given, got, err, code)
		}
	}
	if _, err := Text("first_name", strings.Repeat("e\u0301", 20), 20); err != nil {
		t.Errorf("twenty letters of two code points each: %v", err)
	}
}

func TestLinesKeepsLineFeedsAndNoOtherControls(t *testing.T) {
	if got, err := Lines("message", "Hello\r\nJo\n", 20); err != nil || got != "Hello\nJo" {
		t.Errorf("Lines = %q, %v", got, err)
	}
	for _, given := range []string{"a\rb", "a\x1b[31mb", "a\u202eb"} {
		if got, err := Lines("message", given, 20); err == nil {
			t.Errorf("Lines(%q) = %q; want a refusal", given, got)
		}
	}
}

func TestSortKeyOrdersPeopleAsAReaderWould(t *testing.T) {
	names := []string{"Zoë", "émile", "Eve", "Øster", "Ostrow", "de Vries", "Łuk", "Lum", "straße", "Strand"}
	slices.SortFunc(names, func(a, b string) int { return strings.Compare(SortKey(a), SortKey(b)) })
	want := []string{"de Vries", "émile", "Eve", "Łuk", "Lum", "Øster", "Ostrow", "Strand", "straße", "Zoë"}
	if !slices.Equal(names, want) {
		t.Errorf("sorted %q; want %q", names, want)
	}
	if got := SortKey(" Ångström ", "", "José  María"); got != "angstrom jose maria" {
		t.Errorf("SortKey = %q", got)
	}
}

func FuzzSortKey(f *testing.F) {
	f.Add("Zoë", "van der Straße")
	f.Add("\xff\x00", "ﬃ\u0345")
	f.Fuzz(func(t *testing.T, a, b string) {
		key := SortKey(a, b)
		if !utf8.ValidString(key) || strings.ContainsAny(key, "\x00\n") {
			t.Fatalf("SortKey(%q, %q) = %q", a, b, key)
		}
	})
}
