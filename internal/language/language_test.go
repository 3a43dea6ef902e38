package language

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/feature/plural"
)

// forms are the plural categories a language has for whole numbers.
func forms(l library, tag string) []string {
	found := map[string]bool{}
	for n := range 200 {
		found[categories[plural.Cardinal.MatchPlural(l.tags[tag], n, 0, 0, 0, 0)]] = true
	}
	return slices.Sorted(maps.Keys(found))
}

var suffix = regexp.MustCompile(`_(zero|one|two|few|many|other)$`)

// stems gives the keys of a language without their plural suffixes, and the
// forms each one comes in. The form for none stands beside others only; a rule
// may be called credits_must_be_zero.
func stems(texts map[string]string) map[string][]string {
	found := map[string][]string{}
	for key := range texts {
		stem, form := key, ""
		if m := suffix.FindString(key); m != "" {
			stem, form = strings.TrimSuffix(key, m), m[1:]
			if _, counted := texts[stem+"_other"]; form == "zero" && !counted {
				stem, form = key, ""
			}
		}
		found[stem] = append(found[stem], form)
	}
	return found
}

func TestEveryLanguageHasEveryText(t *testing.T) {
	l := shelf()
	want := stems(l.texts[Default])
	for tag, texts := range l.texts {
		have := stems(texts)
		for stem, formsOfDefault := range want {
			expected := []string{""}
			if !slices.Contains(formsOfDefault, "") {
				expected = forms(l, tag)
			}
			got := have[stem]
			slices.Sort(got)
			if !slices.Equal(got, expected) {
				t.Errorf("%s.json: %q comes in the forms %q, must come in %q", tag, stem, got, expected)
			}
		}
		for stem := range have {
			if want[stem] == nil {
				t.Errorf("%s.json: %q is not in %s.json", tag, stem, Default)
			}
		}
	}
}

var placeholder = regexp.MustCompile(`\{\{[^}]*\}\}|<[^>]*>|\$t\([^)]*\)`)

// parts gives what must be the same in every language: placeholders, tags, and
// texts that are pulled in.
func parts(text string) []string {
	found := placeholder.FindAllString(text, -1)
	slices.Sort(found)
	return slices.Compact(found)
}

func TestEveryLanguageFillsTheSamePlaceholders(t *testing.T) {
	l := shelf()
	for tag, texts := range l.texts {
		for key, text := range texts {
			original, found := l.texts[Default][key]
			if !found {
				original = l.texts[Default][suffix.ReplaceAllString(key, "_other")]
			}
			got, want := parts(text), parts(original)
			if strings.HasSuffix(key, "_one") || strings.HasSuffix(key, "_zero") {
				continue // "one person" may do without the number
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s.json: %q has %q, in %s.json it has %q", tag, key, got, Default, want)
			}
		}
	}
}

func TestTextsAreSet(t *testing.T) {
	for tag, texts := range shelf().texts {
		for key, text := range texts {
			if strings.TrimSpace(text) == "" || strings.TrimSpace(text) != text {
				t.Errorf("%s.json: %q is empty or has space around it", tag, key)
			}
			if strings.Count(text, "{{") != strings.Count(text, "}}") {
				t.Errorf("%s.json: %q has an open placeholder", tag, key)
			}
		}
	}
}

func TestEnglishIsTheFirstLanguage(t *testing.T) {
	got := All()
	if len(got) < 2 || got[0] != (Language{Tag: "en", Name: "English"}) {
		t.Errorf("languages are %v", got)
	}
	if !Known("nl") || Known("xx") || Known("NL") || Known("") {
		t.Error("Known does not tell the tags of files from others")
	}
}

func TestChooseTakesTheBestWish(t *testing.T) {
	for _, c := range []struct {
		wishes []string
		want   string
	}{
		{nil, "en"},
		{[]string{""}, "en"},
		{[]string{"nl"}, "nl"},
		{[]string{"nl_BE"}, "nl"},
		{[]string{"fr-FR,fr;q=0.9,nl;q=0.8,en;q=0.7"}, "nl"},
		{[]string{"en-GB;q=0.3, nl-NL;q=0.9"}, "nl"},
		{[]string{"", "nl"}, "nl"},
		{[]string{"en", "nl"}, "en"},
		{[]string{"xx"}, "en"},
		{[]string{"\x00;;q=,"}, "en"},
		{[]string{strings.Repeat("nl-", 10_000)}, "en"},
	} {
		if got := Choose(c.wishes...); got != c.want {
			t.Errorf("Choose(%.60q) is %q, want %q", c.wishes, got, c.want)
		}
	}
}

func TestTextFallsBackToEnglishAndThenToItsKey(t *testing.T) {
	if got := T("xx", "name", nil); got != "English" {
		t.Errorf("unknown language gives %q", got)
	}
	if got := T("nl", "no.such.text", nil); got != "no.such.text" {
		t.Errorf("unknown key gives %q", got)
	}
}

func TestPluralFormFollowsTheCountOfTheLanguage(t *testing.T) {
	l := shelf()
	for _, c := range []struct{ tag, count, want string }{
		{"en", "1", "one"}, {"en", "0", "other"}, {"en", "2", "other"}, {"nl", "1", "one"}, {"nl", "11", "other"}, {"nl", "many", "other"},
	} {
		if got := l.category(c.tag, c.count); got != c.want {
			t.Errorf("%s %s is %q, want %q", c.tag, c.count, got, c.want)
		}
	}
}

func TestFillLooksAtEachPlaceholderOnce(t *testing.T) {
	args := Args{"name": "{{secret}}", "secret": "leaked"}
	for text, want := range map[string]string{
		"Hello {{name}}":              "Hello {{secret}}",
		"{{ name }} and {{name, up}}": "{{secret}} and {{secret}}",
		"open {{name":                 "open {{name",
		"none":                        "none",
		"{{unknown}}.":                ".",
	} {
		if got := Fill(text, func(name string) string { return args[name] }); got != want {
			t.Errorf("Fill(%q) is %q, want %q", text, got, want)
		}
	}
}

func FuzzChooseNeverFails(f *testing.F) {
	f.Add("nl-NL,nl;q=0.9")
	f.Fuzz(func(t *testing.T, header string) {
		if got := Choose(header); !Known(got) {
			t.Errorf("Choose gave %q, which there is not", got)
		}
	})
}
