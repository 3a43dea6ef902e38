package billing

import (
	"strconv"
	"time"

	"tenure/internal/fault"
)

// Anchor is the day on which periods begin, at 00:00 UTC: a day of the month, or
// a date, of which a month takes the day and a year the month and the day. A
// month that is too short has its last day instead, and the next one that is
// long enough the anchor's day again. The zero value is no anchor.
type Anchor struct {
	year  int // 0: a day of the month alone; for a year that is one of January
	month time.Month
	day   int
}

// AnchorOn gives the anchor of a day of the month. Faults: invalid on field
// anchor, with code out_of_range.
func AnchorOn(day int64) (Anchor, error) {
	if day < 1 || day > 31 {
		return Anchor{}, outOfRange()
	}
	return Anchor{month: time.January, day: int(day)}, nil
}

// AnchorAt gives the anchor of a date, written as RFC 3339 has it (full-date), or
// of the UTC date of a date-time. Faults: invalid on field anchor, with code
// out_of_range for a day that the month does not have.
func AnchorAt(date string) (Anchor, error) {
	at, err := time.Parse(time.DateOnly, date)
	if err != nil {
		at, err = time.Parse(time.RFC3339, date)
	}
	if err != nil {
		return Anchor{}, outOfRange()
	}
	at = at.UTC()
	if at.Year() < 1 || at.Year() > 9999 {
		return Anchor{}, outOfRange()
	}
	return Anchor{at.Year(), at.Month(), at.Day()}, nil
}

func outOfRange() error {
	return fault.Invalid("anchor", "out_of_range", "A day of the month from 1 to 31, or a date that exists, as in 2024-02-29.")
}

// Date gives the date that the anchor was made of, empty for a day of the month.
func (a Anchor) Date() string {
	if a.year == 0 {
		return ""
	}
	return time.Date(a.year, a.month, a.day, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
}

// Day gives the day of the month.
func (a Anchor) Day() int { return a.day }

// text is the anchor as the store keeps it: a date, or a number.
func (a Anchor) text() string {
	if date := a.Date(); date != "" {
		return date
	}
	return strconv.Itoa(a.day)
}

// anchorOf reads what text wrote.
func anchorOf(text string) (Anchor, error) {
	if day, err := strconv.ParseInt(text, 10, 64); err == nil {
		return AnchorOn(day)
	}
	return AnchorAt(text)
}

// within gives the beginning of a period in the month: the anchor's day, or the
// last day of a month that is too short.
func (a Anchor) within(year int, month time.Month) time.Time {
	last := time.Date(year, month+1, 0, 0, 0, 0, 0, time.UTC).Day()
	return time.Date(year, month, min(a.day, last), 0, 0, 0, 0, time.UTC)
}
