package user

import (
	_ "embed"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"tenure/internal/address"
	"tenure/internal/fault"
)

// The fewest characters a password has (NIST SP 800-63B-4, section 3.1.1.1),
// and the most bytes that are looked at.
const (
	leastAlone      = 15 // when it is the only factor
	leastWithFactor = 8  // beside a second factor
	maxPassword     = 1024
)

// common is what people make long passwords of: words, names of keys and whole
// sentences, one a line, in lower case without spaces.
//
//go:embed common.txt
var common string

// CheckPassword says whether a password may be the only factor. There are no
// rules of composition; it must be long enough and not be what anybody would
// try: repetitions, rows of keys, sequences, common words and phrases, and the
// context: the person's address and names, the account's name.
//
// Faults: weak_password with field password and the code too_short, too_long,
// control_character or common.
func CheckPassword(password string, context ...string) error {
	return checkPassword(leastAlone, password, context)
}

// Alone reports whether a password is long enough to be the only factor.
func Alone(password string) bool {
	return utf8.RuneCountInString(norm.NFC.String(password)) >= leastAlone
}

// CheckPasswordWithFactor is CheckPassword for who has a second factor.
func CheckPasswordWithFactor(password string, context ...string) error {
	return checkPassword(leastWithFactor, password, context)
}

func checkPassword(least int, password string, context []string) error {
	password = norm.NFC.String(password)
	switch {
	case !utf8.ValidString(password) || strings.ContainsFunc(password, unicode.IsControl):
		return weak("control_character", "A password holds only characters that can be typed.")
	case utf8.RuneCountInString(password) < least && least == leastAlone:
		return TooShort()
	case utf8.RuneCountInString(password) < least:
		return weak("too_short", "A password has at least 8 characters.")
	case len(password) > maxPassword:
		return weak("too_long", "A password has at most 1024 bytes.")
	}
	if remainder(squeeze(password), guessable(context)) < least/2 {
		return weak("common", "This password is easy to guess. Take words that do not belong together.")
	}
	return nil
}

// TooShort says that a password cannot be the only factor.
func TooShort() error { return weak("too_short", "A password has at least 15 characters.") }

func weak(code, detail string) error {
	return fault.Unprocessable("weak_password", "This password is too weak.").And("password", code, detail)
}

// unmasked undoes the usual spelling of letters as digits and signs.
var unmasked = strings.NewReplacer("0", "o", "1", "i", "3", "e", "4", "a", "5", "s", "7", "t", "@", "a", "$", "s", "!", "i")

// squeeze gives text in lower case, without accents and spaces.
func squeeze(s string) string { return strings.ReplaceAll(address.SortKey(s), " ", "") }

// guessable gives the words that do not count.
func guessable(context []string) []string {
	words := strings.Fields(common)
	for year := 1940; year < 2060; year++ {
		words = append(words, strconv.Itoa(year))
	}
	for _, c := range context {
		key := address.SortKey(c)
		parts := strings.FieldsFunc(key, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
		words = append(words, strings.Join(parts, ""), strings.ReplaceAll(key, " ", ""))
		words = append(words, parts...)
	}
	return slices.DeleteFunc(words, func(w string) bool { return utf8.RuneCountInString(w) < 3 })
}

// remainder counts the characters of a password that nobody would guess: what
// stays when common words, runs and repetitions are taken away. A character
// that comes again and again counts twice.
func remainder(s string, guesses []string) int {
	s = unrepeated(s)
	foreseen := make([]bool, len(s))
	for _, spelling := range []string{s, unmasked.Replace(s)} { // of the same length
		for _, g := range guesses {
			mark(foreseen, spelling, g)
		}
	}
	distinct := map[rune]bool{}
	left, run, last := 0, 0, rune(-2)
	for i, r := range s {
		if foreseen[i] {
			continue
		}
		if distinct[r] = true; follows(last, r) {
			run++
		} else {
			run = 0
		}
		if last = r; run < 2 { // the third of a row and those behind it are foreseen
			left++
		}
	}
	return min(left, 2*len(distinct))
}

// mark sets what is covered by any occurrence of the word.
func mark(covered []bool, s, word string) {
	for from := 0; ; {
		at := strings.Index(s[from:], word)
		if at < 0 {
			return
		}
		at += from
		for i := range word {
			covered[at+i] = true
		}
		from = at + 1
	}
}

// unrepeated gives the part that a text repeats, or the text if it repeats none.
func unrepeated(s string) string {
	for size := 1; size <= len(s)/2; size++ {
		if strings.HasPrefix(strings.Repeat(s[:size], len(s)/size+1), s) {
			return s[:size]
		}
	}
	return s
}

// rows are the rows of the keyboards that Latin script is typed on.
var rows = []string{"1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "azertyuiop", "qsdfghjklm", "wxcvbn", "qwertzuiop", "yxcvbnm", "1qaz2wsx3edc4rfv5tgb6yhn7ujm"}

// follows reports whether b is what comes next to a: the same character, the
// next or the one before in its alphabet, or the neighbour on a keyboard.
func follows(a, b rune) bool {
	if d := b - a; d >= -1 && d <= 1 {
		return true
	}
	forth, back := string([]rune{a, b}), string([]rune{b, a})
	return slices.ContainsFunc(rows, func(row string) bool { return strings.Contains(row, forth) || strings.Contains(row, back) })
}
