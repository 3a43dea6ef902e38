package address

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"tenure/internal/fault"
)

// Text reads one line of human text at the door: trimmed, in Unicode normal
// form C, at most limit characters.
//
// Faults: invalid for the field, with the code control_character (also for
// invalid UTF-8, line breaks and characters that reorder text) or too_long.
func Text(field, s string, limit int) (string, error) {
	return text(field, s, limit, hidden)
}

// Lines reads human text that may have several lines, each ended by a line
// feed. Otherwise it is like Text.
func Lines(field, s string, limit int) (string, error) {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	return text(field, s, limit, func(r rune) bool { return r != '\n' && hidden(r) })
}

func text(field, s string, limit int, refused func(rune) bool) (string, error) {
	s = strings.TrimSpace(s)
	if !utf8.ValidString(s) || strings.ContainsFunc(s, refused) {
		return "", fault.Invalid(field, "control_character", "This holds characters that cannot be shown.")
	}
	s = norm.NFC.String(s)
	if utf8.RuneCountInString(s) > limit {
		return "", fault.Invalid(field, "too_long", fmt.Sprintf("At most %d characters.", limit))
	}
	return s, nil
}

// hidden reports whether a character is one that text never needs and that can
// deceive: controls, line and paragraph separators, the marks that embed,
// override or isolate a writing direction (UAX #9, section 2), and non-characters.
func hidden(r rune) bool {
	return unicode.IsControl(r) || unicode.Is(unicode.Zl, r) || unicode.Is(unicode.Zp, r) ||
		'\u202a' <= r && r <= '\u202e' || '\u2066' <= r && r <= '\u2069' || r == '\ufeff' ||
		unicode.Is(unicode.Noncharacter_Code_Point, r)
}

// unmarked spells letters that carry their mark in one piece.
var unmarked = strings.NewReplacer("ø", "o", "ł", "l", "đ", "d", "ð", "d", "æ", "ae", "œ", "oe", "þ", "th", "ı", "i", "ħ", "h")

// SortKey gives what human text is sorted and searched by: compatibility
// decomposed, case-folded, without accents, parts and words one space apart. It
// accepts any text.
func SortKey(parts ...string) string {
	words := strings.Fields(strings.ToValidUTF8(strings.Join(parts, " "), ""))
	bare := strings.Map(func(r rune) rune {
		if accent(r) || unicode.IsControl(r) {
			return -1
		}
		return r
	}, norm.NFKD.String(cases.Fold().String(norm.NFKD.String(strings.Join(words, " ")))))
	return norm.NFC.String(unmarked.Replace(bare))
}

// accent reports whether r is one of the marks that European scripts put on
// letters. Those of other scripts are vowels, and stay.
func accent(r rune) bool { return '\u0300' <= r && r <= '\u036f' }
