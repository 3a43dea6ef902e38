// Package address reads what people type: e-mail addresses and human text. It
// settles once which addresses are the same, so that no two rooms disagree.
//
// Invariants: two addresses belong to the same mailbox for Tenure exactly when
// their keys are equal; the key of a key is itself; a key holds no character
// that another system's case folding would turn into an ASCII letter.
package address

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
	"golang.org/x/text/secure/precis"
	"golang.org/x/text/unicode/norm"

	"tenure/internal/fault"
)

// The limits in octets: RFC 5321, section 4.5.3.1, and for the whole address
// the path of 256 octets less its two angle brackets.
const (
	maxLocal   = 64
	maxAddress = 254
	maxInput   = 4 * maxAddress // what is longer is not worth normalising
)

// Address is one e-mail address.
type Address struct {
	Written string // as given: trimmed, in Unicode normal form C
	Key     string // what it is compared by: case-folded local part, domain in ASCII
	Domain  string // in ASCII (IDNA2008), lowercase
}

// Envelope gives the address as SMTP carries it: the local part as written, the
// domain in ASCII.
func (a Address) Envelope() string {
	local, _, _ := cutLast(a.Written)
	return local + "@" + a.Domain
}

// Parse reads one address of the form local@domain, an addr-spec without
// comments, quoting or routing (RFC 5322, section 3.4.1; RFC 6531 for letters
// beyond ASCII). Dots and +tags in the local part are kept.
//
// A local part or label that mixes scripts in a way people cannot tell apart is
// refused (UTS #39, section 5.2, highly restrictive), and so is every character
// beyond ASCII that some case folding or compatibility mapping turns into ASCII.
//
// Faults: invalid, field "email", with the code required, too_long,
// control_character, malformed or lookalike.
func Parse(s string) (Address, error) {
	s = strings.Trim(s, " \u00a0\u3000")
	switch {
	case s == "":
		return Address{}, invalid("required", "An e-mail address is needed.")
	case len(s) > maxInput:
		return Address{}, tooLong()
	case !utf8.ValidString(s):
		return Address{}, malformed()
	case strings.ContainsFunc(s, hidden):
		return Address{}, invalid("control_character", "An e-mail address has no control characters.")
	case strings.ContainsFunc(s, nearASCII): // before composing: it would turn some into ASCII
		return Address{}, lookalike()
	}
	local, domain, found := cutLast(norm.NFC.String(s))
	switch {
	case !found:
		return Address{}, malformed()
	case len(local) > maxLocal || len(local)+1+len(domain) > maxAddress:
		return Address{}, tooLong()
	}
	if err := checkLocal(local); err != nil {
		return Address{}, err
	}
	ascii, err := checkDomain(domain)
	if err != nil {
		return Address{}, err
	}
	folded := Fold(local)
	if Fold(folded) != folded || strings.ContainsFunc(folded, nearASCII) || checkLocal(folded) != nil {
		return Address{}, lookalike() // a mark that becomes a letter when its case is folded
	}
	a := Address{Written: local + "@" + domain, Key: folded + "@" + ascii, Domain: ascii}
	if len(folded) > maxLocal || max(len(a.Key), len(a.Envelope())) > maxAddress {
		return Address{}, tooLong()
	}
	return a, nil
}

func cutLast(s string) (local, domain string, found bool) {
	at := strings.LastIndexByte(s, '@')
	if at < 0 {
		return "", "", false
	}
	return s[:at], s[at+1:], true
}

// identifier is the class of letters and digits of all scripts (RFC 8264,
// section 4.2), without anything that has a compatibility form.
var identifier = precis.NewIdentifier(precis.Norm(norm.NFC), precis.BidiRule)

// checkLocal says whether text in normal form C may stand before the @.
func checkLocal(local string) error {
	if local == "" || strings.HasPrefix(local, ".") || strings.HasSuffix(local, ".") || strings.Contains(local, "..") {
		return malformed()
	}
	// Encoded words (RFC 2047) in a local part are read differently by
	// different mail programs.
	if strings.Contains(local, "=?") {
		return malformed()
	}
	plain := true
	for _, r := range local {
		switch {
		case r >= utf8.RuneSelf:
			plain = false
		case !atom(r):
			return malformed()
		}
	}
	if plain {
		return nil
	}
	if same, err := identifier.String(local); err != nil || same != local {
		return malformed()
	}
	if mixed(local) {
		return lookalike()
	}
	return nil
}

// atom reports whether a character may stand in an unquoted local part: atext
// of RFC 5322, section 3.2.3, and the dot, without the two characters that old
// mail systems route by ("a%b@c", "b!a@c").
func atom(r rune) bool {
	return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune("#$&'*+-/=?^_`{|}~.", r)
}

var domains = idna.New(
	idna.MapForLookup(), idna.Transitional(false), idna.StrictDomainName(true), idna.ValidateLabels(true),
	idna.CheckHyphens(true), idna.CheckJoiners(true), idna.BidiRule(), idna.VerifyDNSLength(true),
)

// checkDomain gives the domain, which is in normal form C, in ASCII.
func checkDomain(domain string) (string, error) {
	if strings.ContainsAny(domain, "。．｡") {
		return "", lookalike()
	}
	ascii, err := domains.ToASCII(domain)
	if err != nil || strings.HasSuffix(ascii, ".") {
		return "", malformed()
	}
	readable, err := domains.ToUnicode(ascii)
	if err != nil {
		return "", malformed()
	}
	if again, err := domains.ToASCII(readable); err != nil || again != ascii {
		return "", malformed()
	}
	labels := strings.Split(readable, ".")
	if len(labels) < 2 || !strings.ContainsFunc(labels[len(labels)-1], unicode.IsLetter) {
		return "", malformed()
	}
	if slices.ContainsFunc(labels, mixed) {
		return "", lookalike()
	}
	return ascii, nil
}

// Fold gives text as keys have it: without difference of case, in normal form C.
// Folding is by single characters: ß and ss stay two spellings.
func Fold(s string) string {
	return norm.NFC.String(strings.Map(foldRune, s))
}

// foldRune gives the one character that stands for all that differ from r only
// in case: the smallest lowercase one.
func foldRune(r rune) rune {
	least := r
	for next := unicode.SimpleFold(r); next != r; next = unicode.SimpleFold(next) {
		if better := unicode.IsLower(next) && (!unicode.IsLower(least) || next < least); better {
			least = next
		}
	}
	return least
}

// nearASCII reports whether a character beyond ASCII becomes ASCII under
// lowering, raising, folding or compatibility mapping: dotless and dotted i,
// long s, the Kelvin sign, full-width and other styled letters.
func nearASCII(r rune) bool {
	if r < utf8.RuneSelf {
		return false
	}
	if unicode.ToLower(r) < utf8.RuneSelf || unicode.ToUpper(r) < utf8.RuneSelf {
		return true
	}
	for next := unicode.SimpleFold(r); next != r; next = unicode.SimpleFold(next) {
		if next < utf8.RuneSelf {
			return true
		}
	}
	return strings.ContainsFunc(norm.NFKC.String(string(r)), func(r rune) bool { return r < utf8.RuneSelf })
}

// together are the sets of scripts that people write together and can tell
// apart: UTS #39, section 5.2, "highly restrictive".
var together = [][]string{
	{"Latin", "Han", "Hiragana", "Katakana"},
	{"Latin", "Han", "Bopomofo"},
	{"Latin", "Han", "Hangul"},
}

// mixed reports whether text uses scripts that do not belong together.
func mixed(s string) bool {
	var used []string
	for _, r := range s {
		if name := script(r); name != "" && !slices.Contains(used, name) {
			used = append(used, name)
		}
	}
	if len(used) <= 1 {
		return false
	}
	return !slices.ContainsFunc(together, func(set []string) bool {
		return !slices.ContainsFunc(used, func(name string) bool { return !slices.Contains(set, name) })
	})
}

// script names the script of a letter or digit; what all scripts share has none.
func script(r rune) string {
	if r < utf8.RuneSelf {
		if unicode.IsLetter(r) {
			return "Latin"
		}
		return ""
	}
	for name, table := range unicode.Scripts {
		if unicode.Is(table, r) {
			if name == "Common" || name == "Inherited" {
				return ""
			}
			return name
		}
	}
	return "unknown"
}

func invalid(code, detail string) error { return fault.Invalid("email", code, detail) }

func malformed() error {
	return invalid("malformed", "This is not one e-mail address of the form name@example.com.")
}

func lookalike() error {
	return invalid("lookalike", "This e-mail address has letters that look like others.")
}

func tooLong() error {
	return invalid("too_long", "An e-mail address has at most 254 characters, 64 of them before the @.")
}
