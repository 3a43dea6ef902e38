package mail

import (
	"bytes"
	"embed"
	"fmt"
	html "html/template"
	"strings"
	text "text/template"

	"tenure/internal/language"
	"tenure/internal/outbox"
)

// Letter is a mail as it is read.
type Letter struct {
	Subject string
	Text    string
	HTML    string
}

// Content is what a letter is written from.
type Content struct {
	Kind   outbox.Kind
	Locale string
	// House is who runs the server, as its mails name it. It stands in for the
	// account where a mail has none.
	House string
	To    string
	Facts map[string]string
	Link  string // the whole address; empty if there is none
	Code  string
}

// form is how a kind is laid out: which parts it has besides subject, title,
// lead and reason, which each kind has.
type form struct {
	names   string   // the fact that subject and lead name; without it they are "_unnamed"
	message bool     // shows the fact "message"
	button  bool     // leads somewhere
	until   bool     // says until when, by the fact "expires_at"
	details []string // facts shown as a list
}

var forms = map[outbox.Kind]form{
	outbox.Invitation:          {names: "inviter", message: true, button: true, until: true, details: []string{"email", "role"}},
	outbox.Welcome:             {names: "inviter", button: true, until: true, details: []string{"email", "role"}},
	outbox.JoinExisting:        {names: "inviter", button: true, until: true, details: []string{"email", "role"}},
	outbox.VerificationCode:    {until: true},
	outbox.RoleChanged:         {names: "by", button: true, details: []string{"role"}},
	outbox.AccessEnded:         {details: []string{"at"}},
	outbox.DepartureHeld:       {names: "who", button: true, details: []string{"at"}},
	outbox.DepartureFailed:     {names: "who", button: true, details: []string{"at"}},
	outbox.DepartureUnfinished: {button: true, details: []string{"gone", "held", "stayed", "at"}},
	outbox.NewSignIn:           {button: true, details: []string{"device", "ip", "at"}},
	outbox.PasswordReset:       {button: true, until: true},
	outbox.PasswordChanged:     {button: true, details: []string{"at"}},
	outbox.EmailConfirm:        {names: "by", button: true, until: true},
	outbox.EmailChanged:        {names: "email", details: []string{"at"}},
	outbox.SignUp:              {button: true, until: true},
	outbox.SignUpExisting:      {button: true, until: true},
	outbox.FactorAdded:         {button: true, details: []string{"at"}},
	outbox.FactorRemoved:       {button: true, details: []string{"at"}},
	outbox.RecoveryCodeUsed:    {button: true, details: []string{"at"}},
	outbox.FactorCode:          {until: true},
}

//go:embed letter.html letter.txt
var sources embed.FS

var (
	htmlPart = html.Must(html.New("letter.html").ParseFS(sources, "letter.html"))
	textPart = text.Must(text.New("letter.txt").ParseFS(sources, "letter.txt"))
)

// Render writes a letter. Facts may come from anybody: none of them can become
// markup, a header, or a link.
func Render(c Content) (Letter, error) {
	f, found := forms[c.Kind]
	if !found {
		return Letter{}, fmt.Errorf("there is no mail of kind %q", c.Kind)
	}
	s := sheet{Content: c, form: f, facts: clean(c)}
	var markup, plain bytes.Buffer
	if err := htmlPart.Execute(&markup, htmlSheet{s}); err != nil {
		return Letter{}, fmt.Errorf("write %s: %w", c.Kind, err)
	}
	if err := textPart.Execute(&plain, textSheet{s}); err != nil {
		return Letter{}, fmt.Errorf("write %s: %w", c.Kind, err)
	}
	return Letter{Subject: s.Subject(), Text: plain.String(), HTML: markup.String()}, nil
}

// sheet is what both parts are written from. Its facts are clean, but not yet
// escaped.
type sheet struct {
	Content
	form
	facts map[string]string
}

// key finds a text of the letter: its kind's own, in the variant without a name
// if nobody is named.
func (s sheet) key(name string) string {
	return "mail." + string(s.Kind) + "." + name + s.variant(name)
}

func (s sheet) variant(name string) string {
	named := name == "subject" && s.Kind == outbox.Invitation || name == "lead"
	if named && s.names != "" && s.facts[s.names] == "" {
		return "_unnamed"
	}
	return ""
}

// words gives a text that is still to be filled. A full stop after a fact that
// ends with one itself is left out: "You joined Acme B.V."
func (s sheet) words(key string) string {
	text := language.Raw(s.Locale, key, "")
	for name, value := range s.facts {
		if strings.HasSuffix(value, ".") {
			text = strings.ReplaceAll(text, "{{"+name+"}}.", "{{"+name+"}}")
		}
	}
	return text
}

// Subject is the subject line. It is not defused: nothing makes a link of it.
func (s sheet) Subject() string {
	line := language.Fill(s.words(s.key("subject")), func(name string) string {
		return shorten(s.facts[name], 70)
	})
	return shorten(line, 160)
}

// Brand is the name at the top.
func (s sheet) Brand() string { return s.facts["account"] }

// Initial stands where a logo would.
func (s sheet) Initial() string {
	for _, r := range s.facts["account"] {
		return strings.ToUpper(string(r))
	}
	return ""
}

// HasMessage reports whether somebody wrote a word with it.
func (s sheet) HasMessage() bool { return s.message && s.facts["message"] != "" }

// HasUntil reports whether link or code have an end.
func (s sheet) HasUntil() bool { return s.until && s.facts["until"] != "" }

// HasButton reports whether the letter leads somewhere.
func (s sheet) HasButton() bool { return s.button && s.Link != "" }

// HasName reports whether the reader is addressed by name.
func (s sheet) HasName() bool { return s.facts["name"] != "" }

// HasHouse reports whether somebody else sends the mail for the account.
func (s sheet) HasHouse() bool { return s.House != "" && s.facts["account"] != s.facts["house"] }

// Shown lists the facts that stand in a list.
func (s sheet) Shown() []string {
	shown := []string{}
	for _, name := range s.details {
		if s.facts[name] != "" {
			shown = append(shown, name)
		}
	}
	return shown
}

// textSheet fills texts for the text part.
type textSheet struct{ sheet }

// Say gives a text of this kind of letter.
func (s textSheet) Say(name string) string { return s.fill(s.key(name)) }

// Tell gives a text that all kinds share.
func (s textSheet) Tell(name string) string { return s.fill("mail." + name) }

// Writes says who wrote the message.
func (s textSheet) Writes() string { return s.fill(s.writesKey()) }

// Fact gives one fact.
func (s textSheet) Fact(name string) string { return defuse(name, s.facts[name]) }

// Message is the message as a quotation.
func (s textSheet) Message() string {
	return "> " + strings.ReplaceAll(defuse("message", s.facts["message"]), "\n", "\n> ")
}

func (s textSheet) fill(key string) string {
	return language.Fill(s.words(key), s.Fact)
}

func (s sheet) writesKey() string {
	if s.facts[s.names] == "" {
		return "mail.writes_unnamed"
	}
	return "mail.writes"
}

// htmlSheet fills texts for the HTML part.
type htmlSheet struct{ sheet }

// Say gives a text of this kind of letter, with what was filled in set bold.
func (s htmlSheet) Say(name string) html.HTML { return s.fill(s.key(name), "<strong>", "</strong>") }

// Plain is Say for what is set in one weight: titles, buttons, small print.
func (s htmlSheet) Plain(name string) html.HTML { return s.fill(s.key(name), "", "") }

// Tell gives a text that all kinds share.
func (s htmlSheet) Tell(name string) html.HTML { return s.fill("mail."+name, "", "") }

// Writes says who wrote the message.
func (s htmlSheet) Writes() html.HTML { return s.fill(s.writesKey(), "", "") }

// Fact gives one fact. The template escapes it.
func (s htmlSheet) Fact(name string) string { return defuse(name, s.facts[name]) }

// Message is the message, line by line.
func (s htmlSheet) Message() []string { return strings.Split(s.Fact("message"), "\n") }

// Accent is the account's colour.
func (s htmlSheet) Accent() html.CSS { return html.CSS(s.facts["accent"]) } // #nosec G203 -- clean lets only #rrggbb pass

// OnAccent is the colour of text on Accent: black or white, whichever can be
// read better.
func (s htmlSheet) OnAccent() html.CSS { return html.CSS(readableOn(s.facts["accent"])) } // #nosec G203 -- one of two constants

// Outlook opens and closes what only Outlook's own layout engine reads; the
// template package would take a comment out.
func (s htmlSheet) Outlook(part string) html.HTML {
	return html.HTML("<!--[if mso]>" + outlook[part] + "<![endif]-->") // #nosec G203 -- constants
}

var outlook = map[string]string{
	"open":         `<table role="presentation" align="center" width="560" cellpadding="0" cellspacing="0"><tr><td>`,
	"close":        `</td></tr></table>`,
	"button open":  `<table role="presentation" cellpadding="12" cellspacing="0"><tr><td style="border:2px solid #1c2022">`,
	"button close": `</td></tr></table>`,
}

// fill escapes the text as well as what it is filled with.
func (s htmlSheet) fill(key, before, after string) html.HTML {
	filled := language.Fill(html.HTMLEscapeString(s.words(key)), func(name string) string {
		return before + html.HTMLEscapeString(s.Fact(name)) + after
	})
	return html.HTML(filled) // #nosec G203 -- every piece was escaped
}
