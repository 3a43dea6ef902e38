package server_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"tenure/internal/db/dbtest"
	"tenure/internal/server"
	"tenure/internal/server/servertest"
)

func seqOf(t *testing.T, b servertest.Block) int64 {
	t.Helper()
	var e struct {
		Seq int64 `json:"seq"`
	}
	if err := json.Unmarshal([]byte(b.Data), &e); err != nil || strconv.FormatInt(e.Seq, 10) != b.ID {
		t.Fatalf("block %+v: %v", b, err)
	}
	return e.Seq
}

func TestTheStreamGivesWhatTheListGives(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := s.Found(t, "team", "Live", "owner@live.example")
		live := c.Owner.Stream(c.Path("/events/stream"))
		if live.Status != 200 || live.Header.Get("Content-Type") != "text/event-stream" || live.Header.Get("Cache-Control") != "no-store" {
			t.Fatalf("%d %v", live.Status, live.Header)
		}
		began := live.Next()
		if last := c.Owner.Get(c.Path("/events?limit=1")).OK(); began.Data != "" || began.ID != fmt.Sprint(last.Number("items.0.seq")) {
			t.Errorf("it begins with %+v, the last event is %s", began, last.Body)
		}
		c.Owner.Patch(c.Path("/members/"+c.Owner.Member), obj{"job_title": "Planner"}).OK()
		got := live.Next()
		seqOf(t, got)
		var item json.RawMessage
		if err := json.Unmarshal(c.Owner.Get(c.Path("/events?limit=1")).OK().Body, &struct{ Items []*json.RawMessage }{[]*json.RawMessage{&item}}); err != nil {
			t.Fatal(err)
		}
		if got.Data != string(item) {
			t.Errorf("the stream says %s, the list %s", got.Data, item)
		}
	})
}

// TestTheStreamHasNoGapAndNoDuplicate: while several people write, a reader
// loses the connection again and again, and comes back with the id it was given
// last.
func TestTheStreamHasNoGapAndNoDuplicate(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := s.Found(t, "team", "Gapless", "owner@gapless.example")
		start := int64(c.Owner.Get(c.Path("/events?limit=1")).OK().Number("items.0.seq"))
		const writers, each = 4, 15
		var writing sync.WaitGroup
		for w := range writers {
			client := s.Operator(t)
			writing.Go(func() {
				for i := range each {
					client.Post(c.Path("/sub-accounts"), obj{"name": fmt.Sprintf("Part %d of %d", i, w)}).OK()
				}
			})
		}
		last, seen := start, 0
		for seen < writers*each {
			live := c.Owner.With("Last-Event-ID", fmt.Sprint(last)).Stream(c.Path("/events/stream?since_seq=0"))
			if began := live.Next(); began.ID != fmt.Sprint(last) {
				t.Fatalf("asked for %d, begins at %+v", last, began)
			}
			for range 7 {
				seq := seqOf(t, live.Next())
				if seq != last+1 {
					t.Fatalf("event %d after %d", seq, last)
				}
				last = seq
				if seen++; seen == writers*each {
					break
				}
			}
			live.Close()
		}
		writing.Wait()
		if end := int64(c.Owner.Get(c.Path("/events?limit=1")).OK().Number("items.0.seq")); end != last {
			t.Errorf("the trail ends at %d, the stream at %d", end, last)
		}
	})
}

// soon is more than anything here needs, also under the race detector beside other
// tests; by itself it takes a fraction of a second.
const soon = 10 * time.Second

// TestTheStreamEndsWithItsReader: soon after the end of the session, the right or
// the member, though nothing else happens, and says why.
func TestTheStreamEndsWithItsReader(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := s.Found(t, "team", "Ends", "owner@ends.example")
		other := c.Invite("second@ends.example", "owner", nil)
		ended := func(live *servertest.Stream, code string) {
			t.Helper()
			took, last := live.Ended()
			var why struct{ Code string }
			if err := json.Unmarshal([]byte(last.Data), &why); err != nil || last.Event != "end" || why.Code != code {
				t.Errorf("the last block is %+v, want %s", last, code)
			}
			if took > soon {
				t.Errorf("it took %v", took)
			}
			t.Logf("ended after %v", took)
		}
		path := c.Path("/events/stream")

		again := s.SignIn(t, other.Email)
		live := again.Stream(path)
		live.Next()
		again.Post("/v1/sign-out", nil).OK()
		ended(live, "unauthenticated")

		live = other.Stream(path)
		live.Next()
		c.Owner.Patch(c.Path("/members/"+other.Member), obj{"role": "member"}).OK()
		ended(live, "forbidden")

		live = other.Stream(path + "?subject=" + other.Member)
		live.Next()
		c.Owner.Post(c.Path("/members/"+other.Member+"/suspend"), nil).OK()
		ended(live, "unauthenticated")
	})
}

// TestNothingAfterTheirEndReachesTheReader: what is committed after the call
// that ended somebody returned is not in their stream, though the stream still
// wakes for it.
func TestNothingAfterTheirEndReachesTheReader(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := s.Found(t, "team", "After", "owner@after.example")
		other := c.Invite("second@after.example", "owner", nil)
		live := other.Stream(c.Path("/events/stream"))
		live.Next()
		c.Owner.Post(c.Path("/members/"+other.Member+"/suspend"), nil).OK()
		end := int64(c.Owner.Get(c.Path("/events?limit=1")).OK().Number("items.0.seq"))
		for i := range 5 {
			c.Owner.Post(c.Path("/sub-accounts"), obj{"name": fmt.Sprint("Later ", i)}).OK()
		}
		var last servertest.Block
		for b := range live.Blocks {
			if b.Data != "" && b.Event == "" && seqOf(t, b) > end {
				t.Errorf("event %s came after the end at %d", b.ID, end)
			}
			last = b
		}
		if last.Event != "end" {
			t.Errorf("the last block is %+v, want the end", last)
		}
	})
}

// TestAnOpenStreamKeepsNoSessionAlive: a page that is left open is no use of
// the session, which ends when nobody has done anything for half an hour.
func TestAnOpenStreamKeepsNoSessionAlive(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := s.Found(t, "team", "Idle", "owner@idle.example")
		live := c.Owner.Stream(c.Path("/events/stream"))
		live.Next()
		start := time.Now()
		for _, after := range []time.Duration{20 * time.Minute, 40 * time.Minute} {
			s.Operator(t).Call("PUT", "/v1/clock", obj{"now": start.Add(after)}).OK()
			if after < 30*time.Minute {
				s.Operator(t).Post(c.Path("/sub-accounts"), obj{"name": "Half way"}).OK()
				seqOf(t, live.Next())
			}
		}
		if took, last := live.Ended(); last.Event != "end" || took > soon {
			t.Errorf("it ended after %v with %+v", took, last)
		}
	})
}

// TestAStopEndsStreamsAtOnce: also one whose reader takes nothing.
func TestAStopEndsStreamsAtOnce(t *testing.T) {
	for _, engine := range dbtest.Engines() {
		t.Run(engine, func(t *testing.T) {
			s := servertest.Start(t, engine)
			c := s.Found(t, "team", "Stop", "owner@stop.example")
			live := c.Owner.Stream(c.Path("/events/stream"))
			live.Next()
			began := time.Now()
			s.Stop(t)
			if took, last := live.Ended(); last.Event == "end" || took > soon { // an end is for who is out; this reader comes back
				t.Errorf("ended after %v with %+v", took, last)
			}
			if took := time.Since(began); took > soon {
				t.Errorf("the server needed %v to stop", took)
			}
		})
	}
}

func TestAStreamBeatsWhenNothingHappens(t *testing.T) {
	s := servertest.Start(t, "sqlite", func(c *server.Config) { c.Heartbeat = 20 * time.Millisecond })
	c := s.Found(t, "team", "Beat", "owner@beat.example")
	live := c.Owner.Stream(c.Path("/events/stream?action=departure."))
	at := live.Next().ID
	if b := live.Next(); b != (servertest.Block{ID: at}) {
		t.Errorf("a beat is %+v", b)
	}
	c.Owner.Post(c.Path("/sub-accounts"), obj{"name": "Left out"}).OK()
	for b := live.Next(); b.ID == at; b = live.Next() {
		if b.Data != "" {
			t.Fatalf("%+v", b)
		}
	}
}

func TestACallerHasAFewStreams(t *testing.T) {
	s := servertest.Start(t, "sqlite")
	c := s.Found(t, "team", "Few", "owner@few.example")
	streams := make([]*servertest.Stream, 10)
	for i := range streams {
		if streams[i] = c.Owner.Stream(c.Path("/events/stream")); streams[i].Status != 200 {
			t.Fatalf("stream %d: %d", i, streams[i].Status)
		}
		streams[i].Next()
	}
	refused := c.Owner.Get(c.Path("/events/stream"))
	refused.Refused(http.StatusTooManyRequests, "too_many_streams")
	if refused.Header.Get("Retry-After") == "" {
		t.Error("nothing says when to come back")
	}
	other := s.Operator(t).Stream(c.Path("/events/stream"))
	if other.Status != 200 {
		t.Errorf("another caller: %d", other.Status)
	}
	streams[0].Close()
	for range streams[0].Blocks {
	}
	deadline := time.Now().Add(10 * time.Second)
	for c.Owner.Get(c.Path("/events/stream")).Status != 200 {
		if time.Now().After(deadline) {
			t.Fatal("the place was not given back")
		}
	}
}

// TestAPageOfAnotherOriginOpensNoStream: with the cookie that the browser adds
// by itself. The app's own page does, and a bearer token may from anywhere.
func TestAPageOfAnotherOriginOpensNoStream(t *testing.T) {
	s := servertest.Start(t, "sqlite")
	c := s.Found(t, "team", "Origin", "owner@origin.example")
	path := c.Path("/events/stream")
	cookie := s.Nobody(t).With("Cookie", "tenure="+c.Owner.Token())
	for _, asked := range []struct {
		from   *servertest.Client
		status int
	}{
		{cookie.With("Sec-Fetch-Site", "same-origin"), 200},
		{cookie.With("Sec-Fetch-Site", "none"), 200},
		{cookie.With("Sec-Fetch-Site", "cross-site"), 403},
		{cookie.With("Sec-Fetch-Site", "same-site"), 403},
		{cookie.With("Origin", "https://evil.example"), 403},
		{cookie.With("Origin", s.Origin()), 200},
		{c.Owner.With("Origin", "https://app.example"), 200},
	} {
		a := asked.from.Get(path)
		if a.Status != asked.status {
			t.Errorf("%d %s, want %d", a.Status, a.Body, asked.status)
		}
		if a.Header.Get("Access-Control-Allow-Origin") != "" {
			t.Error("another origin is let in")
		}
	}
}

func TestWhereAStreamBeginsIsReadStrictly(t *testing.T) {
	s := servertest.Start(t, "sqlite")
	c := s.Found(t, "team", "Begins", "owner@begins.example")
	for _, bad := range []struct {
		client       *servertest.Client
		query, field string
	}{
		{c.Owner.Client, "?since_seq=x", "since_seq"}, {c.Owner.Client, "?since_seq=-1", "since_seq"}, {c.Owner.Client, "?since_seq=999999", "since_seq"},
		{c.Owner.With("Last-Event-ID", "abc"), "?since_seq=1", "Last-Event-ID"},
		{c.Owner.Client, "?action=Member", "action"}, {c.Owner.Client, "?subject=a%09b", "subject"}, {c.Owner.Client, "?actor=%27", "actor"},
	} {
		a := bad.client.Get(c.Path("/events/stream" + bad.query))
		a.Refused(422, "invalid")
		if a.Text("errors.0.field") != bad.field {
			t.Errorf("%s: %s", bad.query, a.Body)
		}
	}
	if a := c.Owner.Call("HEAD", c.Path("/events/stream"), nil); a.Status != 200 || len(a.Body) > 0 {
		t.Errorf("HEAD: %d %s", a.Status, a.Body)
	}
}

// TestAStreamSeesWhatAnotherNodeWrites: nobody wakes it; the store is the truth.
func TestAStreamSeesWhatAnotherNodeWrites(t *testing.T) {
	dbtest.On(t, dbtest.Postgres, func(t *testing.T, where string) {
		one := servertest.Start(t, dbtest.Postgres)
		two := servertest.Start(t, dbtest.Postgres, func(c *server.Config) { c.Database = one.Database })
		c := one.Found(t, "team", "Nodes", "owner@nodes.example")
		live := two.Client(t, c.Owner.Token()).Stream(c.Path("/events/stream"))
		live.Next()
		for i := range 3 {
			began := time.Now()
			c.Owner.Post(c.Path("/sub-accounts"), obj{"name": fmt.Sprint("Part ", i)}).OK()
			seqOf(t, live.Next())
			if took := time.Since(began); took > soon {
				t.Errorf("it took %v", took)
			}
		}
		c.Owner.Post("/v1/sign-out", nil).OK()
		if took, last := live.Ended(); took > soon || last.Event != "end" {
			t.Errorf("it ended %v after a sign-out elsewhere, with %+v", took, last)
		}
	})
}

// TestAReaderWhoTakesNothingHoldsNobodyUp: not who writes, nor the
// server when it stops.
func TestAReaderWhoTakesNothingHoldsNobodyUp(t *testing.T) {
	for _, engine := range dbtest.Engines() {
		t.Run(engine, func(t *testing.T) {
			s := servertest.Start(t, engine)
			c := s.Found(t, "team", "Slow", "owner@slow.example")
			s.FillTrail(t, c, 60, strings.Repeat("long ", 100_000)) // 30 MB: more than what fits between a server and a reader
			conn, err := net.Dial("tcp", s.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: tenure\r\nAuthorization: Bearer %s\r\n\r\n", c.Path("/events/stream?since_seq=0"), c.Owner.Token())
			if _, err := io.ReadFull(conn, make([]byte, 1<<20)); err != nil {
				t.Fatal(err)
			}
			for i := range 20 {
				c.Owner.Post(c.Path("/sub-accounts"), obj{"name": fmt.Sprint("Part ", i)}).OK()
			}
			began := time.Now()
			s.Stop(t)
			if took := time.Since(began); took > 5*time.Second {
				t.Errorf("the server needed %v to stop", took)
			}
			n, err := io.Copy(io.Discard, conn)
			if n > 15<<20 {
				t.Errorf("%d MiB came, %v: nothing was held up", n>>20, err)
			}
		})
	}
}

// TestAStreamEndsWhenASecondFactorIsRequired of who has none: their session
// may do nothing else either, from the moment the policy says so.
func TestAStreamEndsWhenASecondFactorIsRequired(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := s.Found(t, "team", "Factor", "owner@factor.example")
		live := c.Owner.Stream(c.Path("/events/stream"))
		live.Next()
		s.Operator(t).Patch(c.Path(""), obj{"policy": obj{"mfa": "required"}}).OK()
		if took, last := live.Ended(); last.Event != "end" || !strings.Contains(last.Data, `"code":"factor_required"`) || took > soon {
			t.Errorf("ended after %v with %+v", took, last)
		}
	})
}
