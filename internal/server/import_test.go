package server_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"strings"
	"testing"

	"tenure/internal/server/servertest"
)

// lineOf is a line of a list of cases.
func lineOf(n int, owner string) string {
	return fmt.Sprintf(`{"type":"case","id":"%d","name":"Case %d","owner":%q}`+"\n", n, n, owner)
}

// TestAListIsStoredWhileItArrives: whoever sends it is told of the first
// resources before they have sent the rest. How long a hundred thousand take is
// measured in bench.
func TestAListIsStoredWhileItArrives(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		const all, first = 4_000, 700
		o := newOffice(t, s)
		list, to := io.Pipe()
		request, err := http.NewRequestWithContext(t.Context(), "POST", s.URL+o.Path("/resources/import"), list)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Authorization", "Bearer "+servertest.OperatorKey)
		request.Header.Set("Content-Type", "application/x-ndjson")
		stored := make(chan struct{}) // closed when the first 500 are
		go func() {
			w := bufio.NewWriter(to)
			for n := range all {
				if n == first {
					_ = w.Flush()
					<-stored
				}
				_, _ = w.WriteString(lineOf(n, o.standard.Member))
			}
			_ = w.Flush()
			_ = to.Close()
		}()
		answer, err := http.DefaultTransport.RoundTrip(request)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		told, last := 0, obj{}
		for lines := json.NewDecoder(answer.Body); last["done"] == nil; told++ {
			last = obj{}
			if err := lines.Decode(&last); err != nil {
				t.Fatal(err)
			}
			if told == 0 {
				close(stored)
			}
		}
		if last["done"] != true || last["created"] != float64(all) || last["refused"] != 0.0 || told != all/500+1 {
			t.Errorf("told of %d times, at the end %v", told, last)
		}
		sound(t, s)
	})
}

// TestWhatAListChangesIsRecordedAsIfItWereChangedAlone: of each resource whose
// owner, name or sub-account is another, what was before and after; of those that
// it adds, how many.
func TestWhatAListChangesIsRecordedAsIfItWereChangedAlone(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		o := newOffice(t, s)
		sub := o.Owner.Post(o.Path("/sub-accounts"), obj{"name": "North"}).OK().Text("id")
		for _, key := range []string{"owner", "name", "sub", "same", "alone"} {
			put(t, o.Company, "case/"+key, obj{"name": "Case", "owner": o.standard.Member})
		}
		put(t, o.Company, "case/alone", obj{"name": "Other", "owner": o.limited.Member})
		line := func(key string, more obj) string {
			line := obj{"type": "case", "id": key, "name": "Case"}
			maps.Copy(line, more)
			text, err := json.Marshal(line)
			if err != nil {
				t.Fatal(err)
			}
			return string(text) + "\n"
		}
		text := line("owner", obj{"owner": o.limited.Member}) + line("name", obj{"name": "Other"}) + line("sub", obj{"owner": nil, "sub_account": sub}) +
			line("same", nil) + line("new", obj{"owner": o.standard.Member}) + line("refused", obj{"name": ""})
		send := func() *servertest.Answer {
			status, told := ndjson(t, s, servertest.OperatorKey, o.Path("/resources/import"), strings.NewReader(text))
			if last := told[len(told)-1]; status != 200 || last["refused"] != 1.0 || last["created"].(float64)+last["changed"].(float64)+last["unchanged"].(float64) != 5 {
				t.Fatalf("%d %v", status, told)
			}
			return o.Owner.Get(o.Path("/events?action=resource.")).OK()
		}
		trail := send()
		want := []string{
			fmt.Sprint("resource.import ", obj{"changed": list{nil, 3.0}, "created": list{nil, 1.0}, "lines": list{nil, "1-6"}}),
			fmt.Sprint("resource.update case/sub ", obj{"owner": list{o.standard.Member, ""}, "sub_account": list{"", sub}}),
			fmt.Sprint("resource.update case/name ", obj{"name": list{"Case", "Other"}}),
			fmt.Sprint("resource.update case/owner ", obj{"owner": list{o.standard.Member, o.limited.Member}}),
			fmt.Sprint("resource.update case/alone ", obj{"name": list{"Case", "Other"}, "owner": list{o.standard.Member, o.limited.Member}}),
		}
		for i, want := range want {
			at := fmt.Sprintf("items.%d.", i)
			got := trail.Text(at+"action") + " "
			if trail.Text(at+"subject.kind") == "resource" {
				got += trail.Text(at+"subject.id") + " "
			}
			if got += fmt.Sprint(trail.At(at + "changes")); got != want {
				t.Errorf("event %d: %s, want %s", i, got, want)
			}
		}
		if again := send(); string(again.Body) != string(trail.Body) {
			t.Errorf("the same list again has events: %s", again.Body)
		}
	})
}

// TestAListThatBreaksOffLeavesWhatWasToldAndNothingHalf: the line is cut in the
// middle of a resource, once with a length that was promised and once without;
// who hears the answer is told what is stored, and the same list again does the
// rest.
func TestAListThatBreaksOffLeavesWhatWasToldAndNothingHalf(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		o := newOffice(t, s)
		var whole strings.Builder
		for n := range 1_300 {
			whole.WriteString(lineOf(n, o.standard.Member))
		}
		part := whole.String()[:strings.Index(whole.String(), `{"type":"case","id":"700"`)+20]
		framings := map[string]string{
			fmt.Sprintf("Content-Length: %d\r\n\r\n", whole.Len()):     part,
			"Transfer-Encoding: chunked\r\n\r\n":                       fmt.Sprintf("%x\r\n%s\r\n", len(part), part),
			"Transfer-Encoding: chunked\r\nX-Case: in a chunk\r\n\r\n": fmt.Sprintf("%x\r\n%s", whole.Len(), part),
		}
		for framing, sent := range framings {
			line := broken(t, s, o.Path("/resources/import"), framing+sent)
			if line["code"] != "broken_off" || line["done"] != false || line["line"] != 500.0 || line["created"].(float64)+line["unchanged"].(float64) != 500 {
				t.Errorf("%q: the last that is told is %v", framing, line)
			}
		}
		held := 0
		for path := o.Path("/resources?limit=200"); path != ""; {
			page := o.Owner.Get(path).OK()
			held += len(page.List("items"))
			if path = page.Text("next_cursor"); path != "" {
				path = o.Path("/resources?limit=200&cursor=" + path)
			}
		}
		if held != 500 {
			t.Errorf("%d resources are stored", held)
		}
		_, again := ndjson(t, s, servertest.OperatorKey, o.Path("/resources/import"), strings.NewReader(whole.String()))
		if last := again[len(again)-1]; last["done"] != true || last["unchanged"] != 500.0 || last["created"] != 800.0 {
			t.Errorf("the same list again: %v", last)
		}
		sound(t, s)
	})
}

// broken sends a request over a connection that is cut behind it, and gives the
// last line of the answer.
func broken(t *testing.T, s *servertest.Server, path, rest string) obj {
	t.Helper()
	to, err := net.Dial("tcp", s.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer to.Close()
	if _, err := fmt.Fprintf(to, "POST %s HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\nContent-Type: application/x-ndjson\r\n%s",
		path, s.Addr(), servertest.OperatorKey, rest); err != nil {
		t.Fatal(err)
	}
	if err := to.(*net.TCPConn).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	answer, err := http.ReadResponse(bufio.NewReader(to), nil)
	if err != nil {
		t.Fatal(err)
	}
	last := obj{}
	for lines := json.NewDecoder(answer.Body); ; {
		line := obj{}
		if err := lines.Decode(&line); err != nil {
			return last
		}
		last = line
	}
}

// TestAListWhoseSenderIsGoneLeavesWholeChunks: nobody hears the answer.
func TestAListWhoseSenderIsGoneLeavesWholeChunks(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		o := newOffice(t, s)
		list, to := io.Pipe()
		request, err := http.NewRequestWithContext(t.Context(), "POST", s.URL+o.Path("/resources/import"), list)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Authorization", "Bearer "+servertest.OperatorKey)
		request.Header.Set("Content-Type", "application/x-ndjson")
		go func() {
			for n := range 700 {
				_, _ = io.WriteString(to, lineOf(n, o.standard.Member))
			}
		}()
		answer, err := (&http.Transport{}).RoundTrip(request)
		if err != nil {
			t.Fatal(err)
		}
		line := obj{}
		if err := json.NewDecoder(answer.Body).Decode(&line); err != nil || line["created"] != 500.0 {
			t.Fatal(line, err)
		}
		answer.Body.Close() // cuts the connection
		to.CloseWithError(io.ErrClosedPipe)
		var text strings.Builder
		for n := range 700 {
			text.WriteString(lineOf(n, o.standard.Member))
		}
		_, again := ndjson(t, s, servertest.OperatorKey, o.Path("/resources/import"), strings.NewReader(text.String()))
		if last := again[len(again)-1]; last["unchanged"] != 500.0 || last["created"] != 200.0 {
			t.Errorf("the same list again: %v", last)
		}
		sound(t, s)
	})
}
