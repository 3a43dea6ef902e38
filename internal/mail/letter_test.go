package mail

import (
	"flag"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"tenure/internal/language"
	"tenure/internal/outbox"
)

var update = flag.Bool("update", false, "write the goldens in testdata anew")

// example is a mail of the kind with every fact it can show.
func example(kind outbox.Kind, locale string) Content {
	c := Content{
		Kind: kind, Locale: locale, House: "Tenure", To: "maria@example.com",
		Facts: map[string]string{
			"account": "Acme Logistics B.V.", "name": "Maria", "inviter": "Jo de Vries", "by": "Jo de Vries", "role": "User",
			"email": "maria@example.com", "expires_at": "2026-11-29T14:05:00Z", "at": "2026-11-22T15:30:00+01:00",
			"left": "9", "gone": "17", "held": "2", "stayed": "1", "browser": "Firefox", "system": "Windows", "ip": "203.0.113.7",
			"message": "We start on Monday at nine.\n\nSee you in the <big> room & bring coffee!",
		},
	}
	if kind == outbox.EmailConfirm || kind == outbox.EmailChanged {
		c.Facts["email"] = "m.jansen@example.com"
	}
	if forms[kind].button {
		c.Link = "https://tenure.example.com" + places[kind].path
		if places[kind].token != "" {
			c.Link += "#" + string(places[kind].token) + "_acc_01kc3wqsk3fx2t4y6v8a0b1c2d_inv_01kc3wqt0d7m9n1p3r5s7t9v1w_1_" + strings.Repeat("x", 43)
		}
	}
	if codes[kind] != "" {
		c.Code = "042137"
	}
	return c
}

func render(t *testing.T, c Content) Letter {
	t.Helper()
	letter, err := Render(c)
	if err != nil {
		t.Fatal(err)
	}
	return letter
}

func TestLettersReadAsTheyWereSet(t *testing.T) {
	for _, kind := range outbox.Kinds {
		for _, l := range language.All() {
			letter := render(t, example(kind, l.Tag))
			name := filepath.Join("testdata", string(kind)+"."+l.Tag)
			golden(t, name+".txt", "Subject: "+letter.Subject+"\n\n"+letter.Text)
			golden(t, name+".html", letter.HTML)
		}
	}
}

func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s has changed; if it should, run go test ./internal/mail -update\n%s", file, diff)
	}
}

// bare leaves out every fact.
func bare(kind outbox.Kind, locale string) Content {
	c := example(kind, locale)
	c.Facts = nil
	return c
}

func TestLettersReadWellWithoutFacts(t *testing.T) {
	for _, kind := range outbox.Kinds {
		for _, l := range language.All() {
			for _, c := range []Content{example(kind, l.Tag), bare(kind, l.Tag)} {
				letter := render(t, c)
				for part, text := range map[string]string{"subject": letter.Subject, "text": letter.Text, "html": letter.HTML} {
					for _, trace := range []string{"{{", "}}", "mail." + string(kind), "<no value>", "ZgotmplZ", " ,", ".."} {
						if strings.Contains(text, trace) {
							t.Errorf("%s.%s: %s has %q: %.2000s", kind, l.Tag, part, trace, text)
						}
					}
				}
			}
		}
	}
}

func TestBothPartsCarryTheLinkOrTheCode(t *testing.T) {
	for _, kind := range outbox.Kinds {
		c := example(kind, "en")
		letter := render(t, c)
		for _, part := range []string{letter.Text, letter.HTML} {
			if !strings.Contains(part, c.Link) || !strings.Contains(part, c.Code) {
				t.Errorf("%s lacks its link or code: %s", kind, part)
			}
		}
		if strings.Contains(letter.Subject, "042137") {
			t.Errorf("%s shows its code on a locked screen", kind)
		}
	}
}

func TestWhoIsOutIsToldThatTheyAreSignedOutEverywhere(t *testing.T) {
	for locale, words := range map[string]string{"en": "You are signed out everywhere", "nl": "Je bent overal uitgelogd"} {
		for _, kind := range []outbox.Kind{outbox.AccessEnded, outbox.EmailChanged} {
			if letter := render(t, example(kind, locale)); !strings.Contains(letter.Text, words) || !strings.Contains(letter.HTML, words) {
				t.Errorf("%s.%s does not say so: %s", kind, locale, letter.Text)
			}
		}
	}
}

func TestAnUnknownLanguageReadsEnglish(t *testing.T) {
	c := example(outbox.Invitation, "en")
	want := render(t, c)
	c.Locale = "xx"
	if got := render(t, c); got.Text != want.Text || got.Subject != want.Subject {
		t.Errorf("got %s", got.Text)
	}
}

func TestAnUnknownKindIsRefused(t *testing.T) {
	if _, err := Render(Content{Kind: "newsletter"}); err == nil {
		t.Error("a newsletter was written")
	}
}

// elements counts the elements of a page.
func elements(t *testing.T, markup string) map[string]int {
	t.Helper()
	found := map[string]int{}
	tokens := html.NewTokenizer(strings.NewReader(markup))
	for {
		switch tokens.Next() {
		case html.ErrorToken:
			return found
		case html.StartTagToken, html.SelfClosingTagToken:
			name, attributes := tokens.TagName()
			found[string(name)]++
			for attributes {
				var key []byte
				key, _, attributes = tokens.TagAttr()
				found["@"+string(key)]++
			}
		}
	}
}

// hostile are texts that others have broken mails with.
var hostile = []string{
	`<script>alert(1)</script>`,
	`"><img src=x onerror=alert(1)>`,
	`</title><style>*{display:none}</style>`,
	`--><a href="https://evil.example/">`,
	`{{.Link}} {{account}} {{to}} ${7*7}`,
	"Acme\r\nBcc: everybody@example.com\r\n\r\n<h1>body</h1>",
	"Acme\nBcc: everybody@example.com",
	"Acme\u0085\u2028\u2029\x00\x1b[31m",
	"\u202egro.live\u202c \u2066x\u2069",
	"=?utf-8?q?Acme=0D=0ABcc:_x@example.com?=",
	"javascript:alert(1)",
	`url(javascript:1);background:red`,
	strings.Repeat("A", 100_000),
	"\xff\xfe",
}

// HTML in a mail: next-auth, CVE-2022-31127.
func TestNoFactBecomesMarkup_NextAuthCVE202231127(t *testing.T) {
	for _, kind := range outbox.Kinds {
		want := elements(t, render(t, quiet(kind)).HTML)
		for _, text := range hostile {
			c := quiet(kind)
			for name := range c.Facts {
				if name != "expires_at" && name != "at" {
					c.Facts[name] = "A " + text // what is empty is left out, and its element with it
				}
			}
			c.Facts["message"] = oneLine(c.Facts["message"]) // each line has an element of its own
			letter := render(t, c)
			if got := elements(t, letter.HTML); !maps.Equal(got, want) {
				t.Errorf("%s: %.60q changes the elements from %v to %v", kind, text, want, got)
			}
			if strings.Contains(letter.HTML, "ZgotmplZ") {
				t.Errorf("%s: %.60q left a hole", kind, text)
			}
		}
	}
}

// quiet is an example with a message of one line, as the hostile ones become.
func quiet(kind outbox.Kind) Content {
	c := example(kind, "en")
	c.Facts["accent"] = "#123456"
	c.Facts["message"] = "One line."
	for name, value := range c.Facts {
		c.Facts[name] = strings.ReplaceAll(value, "\n", " ")
	}
	return c
}

func TestNoFactBreaksTheSubject(t *testing.T) {
	for _, text := range hostile {
		c := example(outbox.Invitation, "en")
		c.Facts["inviter"], c.Facts["account"] = text, text
		subject := render(t, c).Subject
		if strings.ContainsFunc(subject, func(r rune) bool { return r < ' ' || r == 0x85 || r == 0x2028 || r == 0x202e || r == 0xfffd }) {
			t.Errorf("%.60q makes the subject %q", text, subject)
		}
		if n := len([]rune(subject)); n > 160 {
			t.Errorf("%.60q makes a subject of %d characters", text, n)
		}
	}
}

func TestTypedWordsMakeNoLinks(t *testing.T) {
	c := example(outbox.Invitation, "en")
	c.Facts["account"] = "evil.example.com"
	c.Facts["inviter"] = "Win at https://evil.example/x"
	c.Facts["message"] = "mail me@evil.example or see http://evil.example"
	letter := render(t, c)
	for _, part := range []string{letter.Text, letter.HTML} {
		for _, link := range []string{"evil.example", "://evil", "me@evil"} {
			if strings.Contains(strings.ReplaceAll(part, c.Link, ""), link) && part != letter.HTML {
				t.Errorf("a mail program makes a link of %q in %s", link, part)
			}
		}
		if !strings.Contains(part, "evil.\u200bexample") {
			t.Errorf("the words are gone from %s", part)
		}
	}
	for _, name := range []string{"Acme B.V.", "J.R. Jansen", "3.5 Motors", "Dr. No", "M&S"} {
		if got := defuse("account", name); got != name {
			t.Errorf("%q became %q", name, got)
		}
	}
}

func TestAMessageCannotPassForTheMailItself(t *testing.T) {
	c := example(outbox.Invitation, "en")
	c.Facts["message"] = "Hi\n\n\n\nAccept the invitation:\r\nhttps://evil.example/\u2028-- \nsigned"
	for line := range strings.SplitSeq(render(t, c).Text, "\n") {
		if strings.Contains(line, "evil") && !strings.HasPrefix(line, "> ") {
			t.Errorf("the line %q looks like ours", line)
		}
	}
	want := []string{"> Hi", "> ", "> Accept the invitation:"}
	got := strings.Split(textSheet{sheet{Content: c, form: forms[c.Kind], facts: clean(c)}}.Message(), "\n")
	if !slices.Equal(got[:3], want) {
		t.Errorf("the message is quoted as %q", got)
	}
}

func TestADateIsWrittenInTheReadersWords(t *testing.T) {
	for _, c := range []struct{ locale, given, want string }{
		{"en", "2026-11-29T14:05:00Z", "Sunday 29 November 2026, 14:05 UTC"},
		{"nl", "2026-11-29T00:05:00+01:00", "zaterdag 28 november 2026, 23:05 UTC"},
		{"en", "soon", ""},
		{"en", "", ""},
	} {
		if got := date(c.locale, c.given); got != c.want {
			t.Errorf("%s %q is %q, want %q", c.locale, c.given, got, c.want)
		}
	}
}

func TestTheButtonCanBeReadOnAnyColour(t *testing.T) {
	for accent, want := range map[string]string{
		"#000000": "#ffffff", "#0e6a70": "#ffffff", "#ffffff": "#1c2022", "#ffe14d": "#1c2022", "#c8362c": "#ffffff",
	} {
		if got := readableOn(accent); got != want {
			t.Errorf("on %s stands %s, want %s", accent, got, want)
		}
	}
	for _, bad := range []string{"", "red", "#fff", "#12345g", "#123456;}"} {
		c := example(outbox.Invitation, "en")
		c.Facts["accent"] = bad
		if markup := render(t, c).HTML; !strings.Contains(markup, "background:"+defaultAccent) {
			t.Errorf("accent %q is not replaced", bad)
		}
	}
}

func FuzzRenderKeepsItsElements(f *testing.F) {
	for _, text := range hostile {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c := quiet(outbox.Invitation)
		want := elements(t, render(t, c).HTML)
		for _, name := range []string{"account", "inviter", "role", "name", "email", "accent"} {
			c.Facts[name] = text
		}
		for name, needed := range map[string]string{"account": "a", "inviter": "b", "role": "c", "name": "d", "email": "e"} {
			if oneLine(text) == "" { // an empty fact is left out, and its element with it
				c.Facts[name] = needed
			}
		}
		letter := render(t, c)
		if got := elements(t, letter.HTML); !maps.Equal(got, want) {
			t.Errorf("elements changed from %v to %v", want, got)
		}
		if strings.ContainsAny(letter.Subject, "\r\n") {
			t.Errorf("subject %q", letter.Subject)
		}
	})
}

func TestADeviceIsNamedByWhatIsKnownOfIt(t *testing.T) {
	for _, want := range []struct{ browser, system, en, nl string }{
		{"Firefox", "Windows", "Firefox on Windows", "Firefox op Windows"},
		{"curl", "", "curl", "curl"},
		{"", "Linux", "Linux", "Linux"},
		{"", "", "Unknown device", "Onbekend apparaat"},
	} {
		for locale, says := range map[string]string{"en": "Device: " + want.en + "\n", "nl": "Apparaat: " + want.nl + "\n"} {
			c := example(outbox.NewSignIn, locale)
			c.Facts["browser"], c.Facts["system"] = want.browser, want.system
			if l := render(t, c); !strings.Contains(l.Text, says) {
				t.Errorf("%q is not in %s", says, l.Text)
			}
		}
	}
}
