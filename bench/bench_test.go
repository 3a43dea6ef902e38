package main

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"tenure/bench/bare"
	"tenure/internal/db/dbtest"
)

func TestMain(m *testing.M) {
	if os.Getenv(bare.Environment) != "" {
		os.Exit(bare.Main())
	}
	os.Exit(m.Run())
}

// TestEveryRowIsMeasured runs the whole of it, very small: what it says about
// speed means nothing then, and is not looked at.
func TestEveryRowIsMeasured(t *testing.T) {
	o := defaults()
	o.engines, o.postgres = dbtest.Engines(), os.Getenv("TENURE_TEST_POSTGRES")
	o.rounds, o.round, o.lease, o.connections = 1, 40*time.Millisecond, 0, 4
	o.members, o.huge, o.invitations, o.leavers, o.trading, o.dir = 300, 150, 30, 3, 40*time.Millisecond, t.TempDir()
	o.holdings, o.bulkLeavers, o.imported = 40, 5, 60
	if o.postgres == "" {
		o.dir = os.TempDir() // where another user may go, who runs the server
	}
	report, err := measure(t.Context(), o, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	const lines = 16 // thirteen rows, of which three have two lines
	if len(report.Results) != lines*len(o.engines) {
		t.Errorf("%d lines on %d engines, want %d each", len(report.Results), len(o.engines), lines)
	}
	for _, r := range report.Results {
		if r.Row == "" || r.Durability == "" || r.Unit == "" || r.Bar == "" {
			t.Errorf("a line does not say all: %+v", r)
		}
		switch {
		case strings.HasPrefix(r.Row, "deactivation"):
			if r.Tenure.Most != 0 || r.Verdict != pass {
				t.Errorf("%s: %v requests were accepted after their end", r.Engine, r.Tenure.Most)
			}
		case !(r.Tenure.Median > 0) || !(r.Bare.Median > 0):
			t.Errorf("%s on %s was not measured: %+v beside %+v", r.Row, r.Engine, r.Tenure, r.Bare)
		}
	}
	var table, raw bytes.Buffer
	if err := report.table(&table); err != nil {
		t.Error(err)
	}
	if got := strings.Count(table.String(), "\n"); got < len(report.Results)+3 {
		t.Errorf("the table has %d lines:\n%s", got, &table)
	}
	if err := report.json(&raw); err != nil {
		t.Error(err)
	}
	if !json.Valid(raw.Bytes()) {
		t.Errorf("no JSON: %s", &raw)
	}
}

func TestAMissIsShownAsAMiss(t *testing.T) {
	r := Report{Results: []Result{{Row: "slow", Engine: "sqlite", Tenure: single(7), Bare: spread(nil), Verdict: verdict(false)}}}
	var table bytes.Buffer
	if err := r.table(&table); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(table.String(), "MISS") || strings.Contains(table.String(), "PASS") {
		t.Error(table.String())
	}
}

func TestAnswersAreReadInOnePieceAndInChunks(t *testing.T) {
	place, err := prepare(options{dir: t.TempDir(), program: "none"})
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{place: place}
	server, err := b.bareServer(t.Context(), bare.Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer server.stop()
	for _, n := range []string{"2", "2000", "60000"} {
		answer, err := once(server.addr, "GET", "/bytes/"+n, "", nil, 200)
		if err != nil {
			t.Fatal(err)
		}
		var text string
		if err := json.Unmarshal(answer, &text); err != nil || strconv.Itoa(len(answer)) != n {
			t.Errorf("%s bytes: got %d, %v", n, len(answer), err)
		}
	}
}
