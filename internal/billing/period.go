package billing

import "time"

// Unit is how long a period is.
type Unit string

// The units.
const (
	Month Unit = "month"
	Year  Unit = "year"
)

// Known reports whether there is such a unit.
func (u Unit) Known() bool { return u == Month || u == Year }

// Period is the time that one price is for. Both ends are whole seconds, UTC;
// the end belongs to the next period.
type Period struct{ Start, End time.Time }

// PeriodOf gives the period of the unit that a time lies in.
func PeriodOf(u Unit, a Anchor, t time.Time) Period {
	t = t.UTC()
	begin := func(step int) time.Time {
		if u == Year {
			return a.within(t.Year()+step, a.month)
		}
		first := time.Date(t.Year(), t.Month()+time.Month(step), 1, 0, 0, 0, 0, time.UTC)
		return a.within(first.Year(), first.Month())
	}
	if here := begin(0); !t.Before(here) {
		return Period{here, begin(1)}
	}
	return Period{begin(-1), begin(0)}
}

// Seconds is how long the period is.
func (p Period) Seconds() int64 { return p.End.Unix() - p.Start.Unix() }

// Left is how many seconds of the period are left at a time: all of them before
// it, none after it.
func (p Period) Left(t time.Time) int64 {
	return min(max(p.End.Unix()-t.Unix(), 0), p.Seconds())
}
