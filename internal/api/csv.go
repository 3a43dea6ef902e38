package api

import (
	"io"
	"strings"
	"time"
)

const csvType = "text/csv"

// sheet writes rows of text as CSV (RFC 4180). Every cell stands in quotes, so
// that nothing in it can begin another cell, whatever a reader takes for the
// separator.
type sheet struct {
	to  io.Writer
	row strings.Builder
	err error // of the first write that failed; later ones do nothing
}

// write writes one row.
func (s *sheet) write(cells ...string) {
	if s.err != nil {
		return
	}
	s.row.Reset()
	for i, c := range cells {
		if i > 0 {
			s.row.WriteByte(',')
		}
		s.row.WriteByte('"')
		s.row.WriteString(strings.ReplaceAll(cell(c), `"`, `""`))
		s.row.WriteByte('"')
	}
	s.row.WriteString("\r\n")
	_, s.err = io.WriteString(s.to, s.row.String())
}

// cell keeps a spreadsheet from running what somebody typed as a formula
// (OWASP, CSV Injection): every line in it that would begin one begins with an
// apostrophe instead. Taking one apostrophe away where a line begins with one
// and would be a formula, with all of them and all quotes and blanks left aside,
// gives back exactly what was there.
func cell(s string) string {
	if !strings.ContainsAny(s, formulaStart) {
		return s
	}
	var safe strings.Builder
	for line := range strings.Lines(s) {
		if formula(line) {
			safe.WriteByte('\'')
		}
		safe.WriteString(line)
	}
	return safe.String()
}

// formulaStart is what a formula begins with, also in the wide forms that
// spreadsheets of East Asian languages take for the same. Tabs and the ends of
// lines are dropped by programs that then look at what follows.
const formulaStart = "=+-@\t\r\n＝＋－＠"

// formula reports whether a line begins a formula once a reader has taken away
// the quotes and blanks around it.
func formula(line string) bool {
	rest := strings.TrimLeft(line, "'\"` \u00a0\ufeff")
	return rest != "" && strings.IndexAny(rest, formulaStart) == 0
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
