package address

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"tenure/internal/fault"
)

func TestParseKeepsTheWrittenFormAndComparesByTheKey(t *testing.T) {
	for given, want := range map[string]Address{
		"jo@example.com":           {"jo@example.com", "jo@example.com", "example.com"},
		"  Jo.Smith@Example.COM ":  {"Jo.Smith@Example.COM", "jo.smith@example.com", "example.com"},
		"jo+2@example.com":         {"jo+2@example.com", "jo+2@example.com", "example.com"},
		"o'brien@example.com":      {"o'brien@example.com", "o'brien@example.com", "example.com"},
		"1@b.co":                   {"1@b.co", "1@b.co", "b.co"},
		"JÖRG@example.com":         {"JÖRG@example.com", "jörg@example.com", "example.com"},
		"jo\u0308rg@example.com":   {"jörg@example.com", "jörg@example.com", "example.com"},
		"jo@BÜCHER.example":        {"jo@BÜCHER.example", "jo@xn--bcher-kva.example", "xn--bcher-kva.example"},
		"jo@xn--bcher-kva.example": {"jo@xn--bcher-kva.example", "jo@xn--bcher-kva.example", "xn--bcher-kva.example"},
		"jo@faß.example":           {"jo@faß.example", "jo@xn--fa-hia.example", "xn--fa-hia.example"},
		"иван@пример.рф":           {"иван@пример.рф", "иван@xn--e1afmkfd.xn--p1ai", "xn--e1afmkfd.xn--p1ai"},
		"用户+news@例子.example":       {"用户+news@例子.example", "用户+news@xn--fsqu00a.example", "xn--fsqu00a.example"},
		"やまだ太郎@example.jp":         {"やまだ太郎@example.jp", "やまだ太郎@example.jp", "example.jp"},
	} {
		got, err := Parse(given)
		if err != nil || got != want {
			t.Errorf("Parse(%q) = %+v, %v; want %+v", given, got, err, want)
		}
	}
}

func TestParseRefusesWhatIsNotOneAddress(t *testing.T) {
	long := strings.Repeat("a", 64)
	for given, code := range map[string]string{
		"":                                            "required",
		" \u00a0 ":                                    "required",
		"jo":                                          "malformed",
		"@example.com":                                "malformed",
		"jo@":                                         "malformed",
		"jo@example":                                  "malformed",
		"jo@localhost":                                "malformed",
		"jo@example.com.":                             "malformed",
		"jo@.example.com":                             "malformed",
		"jo@exa mple.com":                             "malformed",
		"jo@exa_mple.com":                             "malformed",
		"jo@-example.com":                             "malformed",
		"jo@127.0.0.1":                                "malformed",
		"jo@[127.0.0.1]":                              "malformed",
		"jo@xn--a.example":                            "malformed",
		"jo@XN--BCHER-KVA.xn--":                       "malformed",
		".jo@example.com":                             "malformed",
		"jo.@example.com":                             "malformed",
		"j..o@example.com":                            "malformed",
		"jo smith@example.com":                        "malformed",
		"jo@a.example,al@b.example":                   "malformed",
		"jo@a.example al@b.example":                   "malformed",
		"jo@a.example;al@b.example":                   "malformed",
		"jo@evil.example@example.com":                 "malformed",
		"Jo <jo@example.com>":                         "malformed",
		"<jo@example.com>":                            "malformed",
		"jo(comment)@example.com":                     "malformed",
		"jo@example.com(comment)":                     "malformed",
		`"jo"@example.com`:                            "malformed",
		`"jo@evil.example"@example.com`:               "malformed",
		`jo\@evil.example@example.com`:                "malformed",
		"jo%evil.example@example.com":                 "malformed",
		"evil.example!jo@example.com":                 "malformed",
		"=?utf-8?q?=61=62?=@example.com":              "malformed",
		"jo@example.com\r\nBcc: al@example.com":       "control_character",
		"jo\x00@example.com":                          "control_character",
		"jo\t@example.com":                            "control_character",
		"jo\u202e@example.com":                        "control_character",
		"\ufeffjo@example.com":                        "control_character",
		"jo\u200b@example.com":                        "malformed",
		"\xffjo@example.com":                          "malformed",
		"j\u200do@example.com":                        "malformed",
		"😀@example.com":                               "malformed",
		"\u0301jo@example.com":                        "malformed",
		long + "a@example.com":                        "too_long",
		"jo@" + strings.Repeat("a.", 124) + "example": "too_long",
		strings.Repeat("a", 2000) + "@example.com":    "too_long",
		"jо@example.com":                              "lookalike", // Cyrillic о
		"jo@exаmple.com":                              "lookalike", // Cyrillic а
		"jo@xn--exmple-4nf.com":                       "lookalike", // the same, encoded
		"jo@ｅxample.com":                              "lookalike",
		"jo@example。com":                              "lookalike",
		"ｊo@example.com":                              "lookalike",
		"ⓙo@example.com":                              "lookalike",
		"oﬃce@example.com":                            "lookalike",
	} {
		got, err := Parse(given)
		f := fault.As(err)
		if f == nil || f.Code != "invalid" || len(f.Fields) != 1 || f.Fields[0].Field != "email" || f.Fields[0].Code != code {
			t.Errorf("Parse(%q) = %+v, %v; want code %s", given, got, err, code)
			continue
		}
		if got != (Address{}) {
			t.Errorf("Parse(%q) refuses and still gives %+v", given, got)
		}
	}
}

func TestUnicodeCaseCollisionNeverReachesSomebodyElse_DjangoCVE201919844(t *testing.T) {
	for _, given := range []string{
		"mıke@example.com", "mİke@example.com", "mi\u212ae@example.com", "ſam@example.com",
		"jo@gıthub.com", "jo@GİTHUB.com", "jo@\u212aiwi.example", "jo@aſk.example",
	} {
		if a, err := Parse(given); err == nil {
			t.Errorf("Parse(%q) = %+v; it must be refused", given, a)
		}
	}
	same := [][2]string{{"ΣΟΦΟΣ@example.com", "σοφος@example.com"}, {"σοφος@example.com", "σοφοσ@example.com"}, {"ÉVA@example.com", "e\u0301va@example.com"}}
	for _, pair := range same {
		a, errA := Parse(pair[0])
		b, errB := Parse(pair[1])
		if errA != nil || errB != nil || a.Key != b.Key {
			t.Errorf("%q and %q have the keys %q and %q (%v, %v); want one", pair[0], pair[1], a.Key, b.Key, errA, errB)
		}
	}
	street, _ := Parse("straße@example.com")
	other, _ := Parse("strasse@example.com")
	if street.Key == other.Key {
		t.Errorf("straße and strasse share the key %q", street.Key)
	}
}

func TestEveryCharacterThatIsKeptHasOneKeyInAllItsCases(t *testing.T) {
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if nearASCII(r) {
			continue
		}
		key := foldRune(r)
		if foldRune(unicode.ToLower(r)) != key || foldRune(unicode.ToUpper(r)) != key || foldRune(unicode.ToTitle(r)) != key || foldRune(key) != key {
			t.Errorf("%q (%U) has several keys over its cases", r, r)
		}
	}
}

func TestEnvelopeHasTheDomainInASCII(t *testing.T) {
	a, err := Parse("Jo@BÜCHER.example")
	if err != nil || a.Envelope() != "Jo@xn--bcher-kva.example" {
		t.Errorf("Envelope() = %q, %v", a.Envelope(), err)
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"jo@example.com", "Jo.Smith+tag@BÜCHER.example", "иван@пример.рф", "mıke@example.com", `"a b"@c.example`,
		"a@xn--bcher-kva.example", "jo@example.com\r\nBcc: x@y.example", "ǅ@ǆ.example", "ᾳ\u0345@example.com", "\u1e9e@ẞ.example",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		a, err := Parse(s)
		if err != nil {
			if fault.Code(err) != "invalid" {
				t.Fatalf("Parse(%q) fails with %v", s, err)
			}
			return
		}
		b, err := Parse(a.Key)
		if err != nil || b.Key != a.Key || b.Domain != a.Domain {
			t.Fatalf("Parse(%q) has the key %q, and that parses to %+v, %v", s, a.Key, b, err)
		}
		if c, err := Parse(a.Written); err != nil || c != a {
			t.Fatalf("Parse(%q) is written %q, and that parses to %+v, %v", s, a.Written, c, err)
		}
		for _, text := range []string{a.Written, a.Key, a.Envelope()} {
			if !utf8.ValidString(text) || !norm.NFC.IsNormalString(text) || len(text) > maxAddress || strings.ContainsFunc(text, unicode.IsControl) || strings.Count(text, "@") != 1 {
				t.Fatalf("Parse(%q) gives %q", s, text)
			}
		}
		for _, turned := range []string{strings.ToLower(a.Written), strings.ToUpper(a.Written)} {
			if d, err := Parse(turned); err == nil && d.Key != a.Key && !strings.ContainsFunc(turned+a.Written, func(r rune) bool { return r >= utf8.RuneSelf }) {
				t.Fatalf("%q and %q differ only in case and have the keys %q and %q", s, turned, a.Key, d.Key)
			}
		}
	})
}
