package mail

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"tenure/internal/language"
	"tenure/internal/outbox"
)

// defaultAccent is the colour of accounts without one of their own.
const defaultAccent = "#0e6a70"

// Lengths beyond which a fact is cut, in characters.
const (
	longestMessage = 2000
	longestFact    = 200
)

// clean gives the facts of a letter, and what follows from them, as plain text:
// one line each but for the message, without control characters, characters
// that turn the direction of writing, and excess.
func clean(c Content) map[string]string {
	facts := make(map[string]string, len(c.Facts)+6)
	for name, value := range c.Facts {
		if name == "message" {
			facts[name] = shorten(inLines(value), longestMessage)
		} else {
			facts[name] = shorten(oneLine(value), longestFact)
		}
	}
	facts["house"] = oneLine(c.House)
	facts["to"] = oneLine(c.To)
	if facts["account"] == "" {
		facts["account"] = facts["house"]
	}
	if facts["email"] == "" && c.Kind != outbox.EmailChanged {
		facts["email"] = facts["to"]
	}
	facts["until"] = date(c.Locale, facts["expires_at"])
	facts["at"] = date(c.Locale, facts["at"])
	facts["device"] = device(c.Locale, facts["browser"], facts["system"])
	if !colour.MatchString(facts["accent"]) {
		facts["accent"] = defaultAccent
	}
	return facts
}

// oneLine makes every run of white space and controls one space, and drops what
// cannot be seen.
func oneLine(s string) string {
	visible := strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r), unicode.IsControl(r):
			return ' '
		case invisible(r):
			return -1
		default:
			return r
		}
	}, strings.ToValidUTF8(s, ""))
	return norm.NFC.String(strings.Join(strings.Fields(visible), " "))
}

// inLines keeps line breaks, at most one empty line in a row.
func inLines(s string) string {
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n\n").Replace(s)
	kept := []string{}
	for line := range strings.SplitSeq(s, "\n") {
		line = oneLine(line)
		if line == "" && (len(kept) == 0 || kept[len(kept)-1] == "") {
			continue
		}
		kept = append(kept, line)
	}
	return strings.TrimRight(strings.Join(kept, "\n"), "\n")
}

// invisible characters say nothing and can make a text look like another, such
// as those that turn the direction of writing. Two joiners that some scripts
// are written with may stay.
func invisible(r rune) bool {
	const nonJoiner, joiner = '\u200c', '\u200d'
	return r != nonJoiner && r != joiner && unicode.In(r, unicode.Cf, unicode.Co)
}

// shorten cuts a text to so many characters, the last one an ellipsis.
func shorten(s string, most int) string {
	runes := []rune(s)
	if len(runes) <= most {
		return s
	}
	return strings.TrimRight(string(runes[:most-1]), " ") + "…"
}

// ownWords are the facts that somebody could type at will.
var ownWords = map[string]bool{
	"account": true, "name": true, "inviter": true, "by": true, "role": true, "message": true, "device": true,
}

var (
	colour = regexp.MustCompile(`^#[0-9a-fA-F]{6}$`)
	// Mail programs make a link of what looks like an address, even inside a name.
	scheme = regexp.MustCompile(`:(//)`)
	dotted = regexp.MustCompile(`([\p{L}\p{N}])([.@])([\p{L}\p{N}][\p{L}\p{N}])`)
)

// defuse keeps mail programs from making a link of what somebody typed: a
// space of no width stands where an address would go on.
func defuse(name, value string) string {
	if !ownWords[name] {
		return value
	}
	value = scheme.ReplaceAllString(value, ":\u200b$1")
	return dotted.ReplaceAllString(value, "$1$2\u200b$3")
}

// date writes a time given in RFC 3339 in words, in UTC. What is no time is
// left out.
func date(locale, given string) string {
	at, err := time.Parse(time.RFC3339, given)
	if err != nil {
		return ""
	}
	at = at.UTC()
	return language.T(locale, "mail.date", language.Args{
		"weekday": language.T(locale, "mail.weekdays."+strconv.Itoa(int(at.Weekday())), nil),
		"day":     strconv.Itoa(at.Day()),
		"month":   language.T(locale, "mail.months."+strconv.Itoa(int(at.Month())), nil),
		"year":    strconv.Itoa(at.Year()),
		"time":    at.Format("15:04"),
	})
}

// device names what somebody signed in from, by what of it is known.
func device(locale, browser, system string) string {
	switch {
	case browser != "" && system != "":
		return language.T(locale, "mail.device", language.Args{"browser": browser, "system": system})
	case browser+system != "":
		return browser + system
	default:
		return language.T(locale, "mail.unknown_device", nil)
	}
}

// readableOn gives black or white, whichever has more contrast with a colour
// given as #rrggbb (WCAG 2.2, "contrast ratio").
func readableOn(background string) string {
	const black, white = "#1c2022", "#ffffff"
	b := luminance(background)
	if (luminance(white)+0.05)/(b+0.05) >= (b+0.05)/(luminance(black)+0.05) {
		return white
	}
	return black
}

// luminance is the relative luminance of a colour (WCAG 2.2), 0 to 1.
func luminance(hex string) float64 {
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		channel, _ := strconv.ParseUint(hex[1+2*i:3+2*i], 16, 8)
		sum += weight * linear(float64(channel)/255)
	}
	return sum
}

// linear undoes the gamma of sRGB.
func linear(channel float64) float64 {
	if channel <= 0.04045 {
		return channel / 12.92
	}
	return math.Pow((channel+0.055)/1.055, 2.4)
}
