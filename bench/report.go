package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

// Report is all that a run has measured.
type Report struct {
	Began   time.Time `json:"began"`
	Machine Machine   `json:"machine"`
	Load    string    `json:"load"` // the load averages at the end
	Results []Result  `json:"results"`
}

// Result is one line of the table.
type Result struct {
	Row         string   `json:"row"`
	Engine      string   `json:"engine"`
	Durability  string   `json:"durability"`
	Connections int      `json:"connections"`
	Unit        string   `json:"unit"`
	Tenure      Spread   `json:"tenure"`
	Bare        Spread   `json:"bare"`
	Share       *Spread  `json:"share,omitempty"` // of the bare server's throughput, in percent, round by round
	Bar         string   `json:"bar"`
	Verdict     string   `json:"verdict"` // pass, miss, or reported where nothing was promised
	Notes       []string `json:"notes,omitempty"`
}

// The verdicts.
const (
	pass     = "pass"
	miss     = "miss"
	reported = "reported"
)

func verdict(holds bool) string {
	if holds {
		return pass
	}
	return miss
}

// Spread is what several rounds gave.
type Spread struct {
	Median float64 `json:"median"`
	Least  float64 `json:"least"`
	Most   float64 `json:"most"`
}

func spread(values []float64) Spread {
	if len(values) == 0 {
		return Spread{math.NaN(), math.NaN(), math.NaN()}
	}
	sorted := slices.Sorted(slices.Values(values))
	middle := sorted[len(sorted)/2]
	if len(sorted)%2 == 0 {
		middle = (middle + sorted[len(sorted)/2-1]) / 2
	}
	return Spread{middle, sorted[0], sorted[len(sorted)-1]}
}

// single is what was measured once.
func single(value float64) Spread { return Spread{value, value, value} }

// MarshalJSON leaves out what was not measured.
func (s Spread) MarshalJSON() ([]byte, error) {
	if math.IsNaN(s.Median) {
		return []byte("null"), nil
	}
	type plain Spread
	return json.Marshal(plain(s))
}

func (s Spread) text() string {
	if math.IsNaN(s.Median) {
		return "–"
	}
	if s.Least == s.Most {
		return number(s.Median)
	}
	return fmt.Sprintf("%s (%s–%s)", number(s.Median), number(s.Least), number(s.Most))
}

// number shows three digits that count.
func number(v float64) string {
	switch {
	case v >= 100 || v == math.Trunc(v):
		return fmt.Sprintf("%.0f", v)
	case v >= 10:
		return fmt.Sprintf("%.1f", v)
	default:
		return fmt.Sprintf("%.2f", v)
	}
}

func (r Report) json(out io.Writer) error {
	encoder := json.NewEncoder(out)
	encoder.SetIndent("", "  ")
	return encoder.Encode(r)
}

func (r Report) table(out io.Writer) error {
	fmt.Fprintln(out, r.Machine)
	fmt.Fprintf(out, "Measured %s; load at the end %s. Median of the rounds (least–most).\n\n", r.Began.Format("2006-01-02 15:04 UTC"), r.Load)
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "row\tengine\tdurability\tconn.\tunit\tTenure\tbare\tshare\tbar\t")
	for _, l := range r.Results {
		share := "–"
		if l.Share != nil {
			share = l.Share.text() + " %"
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%d\t%s\t%s\t%s\t%s\t%s\t%s\n", l.Row, l.Engine, l.Durability, l.Connections, l.Unit,
			l.Tenure.text(), l.Bare.text(), share, l.Bar, strings.ToUpper(l.Verdict))
	}
	if err := table.Flush(); err != nil {
		return err
	}
	fmt.Fprintln(out)
	for _, l := range r.Results {
		for _, note := range l.Notes {
			fmt.Fprintf(out, "%s, %s: %s\n", l.Row, l.Engine, note)
		}
	}
	return nil
}
