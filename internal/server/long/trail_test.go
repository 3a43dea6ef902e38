// Package long_test is about what is long: trails, and whatever else has to be as
// quick and as small at a hundred thousand. It is built without the race
// detector, which would measure itself.
package long_test

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"tenure/internal/db/dbtest"
	"tenure/internal/server"
	"tenure/internal/server/servertest"
)

// many is how many events a long trail has.
const many = 100_000

// export begins an export and gives its body, which the caller reads.
func export(t *testing.T, s *servertest.Server, token, path string) *http.Response {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), "GET", s.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+token)
	response, err := http.DefaultClient.Do(request)
	if err != nil || response.StatusCode != 200 {
		t.Fatalf("%v %v", response, err)
	}
	t.Cleanup(func() { response.Body.Close() })
	return response
}

// TestALongTrail is about a trail of 100,000 events: its export comes in order
// and without a gap, in memory that does not grow with it; and whatever somebody
// does to it in the store, tenure verify says where.
func TestALongTrail(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		began := time.Now()
		c := s.Found(t, "team", "Long", "owner@long.example")
		s.FillTrail(t, c, many, "Planner of ")
		t.Logf("made in %v", time.Since(began))
		t.Run("exported", func(t *testing.T) { exportsLines(t, s, c) })
		t.Run("broken off", func(t *testing.T) { breaksOff(t, s, c) })
		t.Run("tampered with", func(t *testing.T) { isFoundOut(t, s, c) })
	})
}

func exportsLines(t *testing.T, s *servertest.Server, c *servertest.Company) {
	began := time.Now()
	response := export(t, s, c.Owner.Token(), c.Path("/events/export"))
	if kind, head := response.Header.Get("Content-Type"), response.Header.Get("X-Tenure-Head"); kind != "application/x-ndjson" || head != fmt.Sprint(many) {
		t.Errorf("%s up to %s", kind, head)
	}
	base, size := inUse(), 0
	var used []uint64
	n := 0
	lines := bufio.NewScanner(response.Body)
	for lines.Scan() {
		n++
		if !bytes.Contains(lines.Bytes(), fmt.Appendf(nil, `"seq":%d,`, n)) {
			t.Fatalf("line %d is %s", n, lines.Bytes())
		}
		if size += len(lines.Bytes()); n%20_000 == 0 {
			used = append(used, inUse())
		}
	}
	if lines.Err() != nil || n != many || response.Trailer.Get("X-Tenure-Rows") != fmt.Sprint(many) {
		t.Errorf("%v after %d lines; trailer %v", lines.Err(), n, response.Trailer)
	}
	// What gathers would be half of all by the middle; the server has other work, too, that comes and goes.
	slices.Sort(used)
	middle := used[len(used)/2]
	if middle > base+16<<20 {
		t.Errorf("%d MiB of memory more than before, for an export of %d MiB", (middle-base)>>20, size>>20)
	}
	t.Logf("%d MiB in %v, %d KiB of memory more than before", size>>20, time.Since(began), (int64(middle)-int64(base))>>10)
}

// inUse is how much memory is in use, without what is only waiting to be freed.
func inUse() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// breaksOff ends the reader's session in the middle: the reader can tell that
// something is missing.
func breaksOff(t *testing.T, s *servertest.Server, c *servertest.Company) {
	for _, format := range []string{"ndjson", "csv"} {
		reader := s.SignIn(t, c.Owner.Email)
		response := export(t, s, reader.Token(), c.Path("/events/export?format="+format))
		if _, err := io.ReadFull(response.Body, make([]byte, 1000)); err != nil {
			t.Fatal(err)
		}
		reader.Post("/v1/sign-out", nil).OK()
		n, err := io.Copy(io.Discard, response.Body)
		if !errors.Is(err, io.ErrUnexpectedEOF) || response.Trailer.Get("X-Tenure-Rows") != "" {
			t.Errorf("%s: %d more bytes and %v, trailer %v", format, n, err, response.Trailer)
		}
	}
	if strings.Contains(s.Log.String(), "request failed") {
		t.Error("the end of a reader is logged as a defect")
	}
}

// tampering is something done to a trail behind Tenure's back, and everything
// that has to be said of it then.
type tampering struct {
	queries []string // $1 is the account
	said    []string
}

// do adds a statement that is done to the trail.
func (w *tampering) do(format string, args ...any) {
	w.queries = append(w.queries, fmt.Sprintf(format, args...))
}

// expect adds what must be said of an event.
func (w *tampering) expect(event int64, format string, args ...any) {
	w.said = append(w.said, fmt.Sprintf("event %d ", event)+fmt.Sprintf(format, args...))
}

// inside edits, deletes and swaps events at places that chance picks, far from
// one another: each is found by itself.
func inside(chance *rand.Rand) *tampering {
	w := &tampering{}
	const stretch = many / 10
	place := int64(0)
	next := func() int64 {
		place += stretch
		return place + chance.Int64N(stretch/2)
	}
	column := []string{"action = 'member.read'", "actor_id = 'mem_0'", "actor_kind = 'system'", "at = at + 1", "subject_id = 'mem_0'",
		"changes = '{}', personal = NULL", "request_id = ''", "event_id = 'evt_0'"}[chance.IntN(8)]
	n := next()
	w.do(`UPDATE events SET %s WHERE account_id = $1 AND seq = %d`, column, n)
	w.expect(n, "is not what was recorded")
	n = next()
	w.do(`UPDATE events SET hash = prev WHERE account_id = $1 AND seq = %d`, n)
	w.expect(n, "is not what was recorded")
	w.expect(n+1, "does not follow the event before it")
	n = next()
	w.do(`DELETE FROM events WHERE account_id = $1 AND seq = %d`, n)
	w.expect(n+1, "follows event %d: something between them is gone", n-1)
	w.expect(n+1, "does not follow the event before it")
	n = next()
	more := n + 1 + chance.Int64N(1000)
	w.do(`DELETE FROM events WHERE account_id = $1 AND seq BETWEEN %d AND %d`, n, more)
	w.expect(more+1, "follows event %d: something between them is gone", n-1)
	w.expect(more+1, "does not follow the event before it")
	n = next()
	other := n + 2 + chance.Int64N(1000)
	w.do(`UPDATE events SET seq = -1 WHERE account_id = $1 AND seq = %d`, n)
	w.do(`UPDATE events SET seq = %d WHERE account_id = $1 AND seq = %d`, n, other)
	w.do(`UPDATE events SET seq = %d WHERE account_id = $1 AND seq = -1`, other)
	for _, swapped := range []int64{n, other} {
		w.expect(swapped, "does not follow the event before it")
		w.expect(swapped, "is not what was recorded")
		w.expect(swapped+1, "does not follow the event before it")
	}
	n = next()
	w.do(`UPDATE events SET personal = REPLACE(personal, '"salt":"', '"salt":"AAAA') WHERE account_id = $1 AND seq = %d`, n)
	w.expect(n, "has an address of origin that was not recorded")
	n = next()
	w.do(`UPDATE events SET personal = REPLACE(personal, 'Planner of', 'Founder of') WHERE account_id = $1 AND seq = %d`, n)
	w.expect(n, "has a personal value that was not recorded")
	return w
}

// isFoundOut tampers with the trail in three ways, one upon the other.
func isFoundOut(t *testing.T, s *servertest.Server, c *servertest.Company) {
	seed := dbtest.Seed(t)
	chance := rand.New(rand.NewPCG(seed, 0))
	head := int64(c.Owner.Get(c.Path("/events?limit=1")).OK().Number("items.0.seq"))
	check := func(said ...string) {
		t.Helper()
		began := time.Now()
		report, err := server.Verify(t.Context(), server.Config{Database: s.Database, Log: slog.New(slog.NewTextHandler(t.Output(), nil))})
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%d events verified in %v", report.Events, time.Since(began))
		for i, what := range said {
			said[i] = "account " + c.ID + ": " + what
		}
		if diff := cmp.Diff(said, report.Defects, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("what is found is not what was done:\n%s", diff)
		}
	}
	check()

	w := inside(chance)
	s.Tamper(t, c.ID, w.queries...)
	check(w.said...)

	cut := head - 1 - chance.Int64N(1000)
	s.Tamper(t, c.ID, fmt.Sprintf(`DELETE FROM events WHERE account_id = $1 AND seq > %d`, cut))
	check(append(inside(rand.New(rand.NewPCG(seed, 0))).said, fmt.Sprintf("event %d is the last event, but the head says %d", cut, head))...)

	s.Tamper(t, c.ID, fmt.Sprintf(`DELETE FROM events WHERE account_id = $1 AND seq < %d`, cut-1000), fmt.Sprintf(`UPDATE heads SET seq = %d WHERE account_id = $1`, cut))
	check(fmt.Sprintf("event %d follows event 0: something between them is gone", cut-1000), fmt.Sprintf("event %d does not follow the event before it", cut-1000),
		fmt.Sprintf("event %d is the last event, but not the one that the head knows", cut))
}
