package server_test

import (
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"tenure/internal/server"
	"tenure/internal/server/servertest"
)

// hasty is a server that waits a moment for whoever is slow.
func hasty(t *testing.T) *servertest.Server {
	t.Helper()
	return servertest.Start(t, "sqlite", func(c *server.Config) { c.Slowest = 200 * time.Millisecond })
}

// dialled is a connection on which a test writes what it likes. Nothing on it takes
// longer than half a minute.
func dialled(t *testing.T, s *servertest.Server) *net.TCPConn {
	t.Helper()
	c, err := net.Dial("tcp", s.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	if err := c.SetDeadline(time.Now().Add(30 * time.Second)); err != nil {
		t.Fatal(err)
	}
	return c.(*net.TCPConn)
}

// Each of these held a connection for ever, without credentials.
func TestABodyThatDoesNotArriveHoldsNoConnection(t *testing.T) {
	s := hasty(t)
	for _, head := range []string{
		"POST /v1/sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{",
		"POST /v1/sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n",
		"GET /v1/about HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{",
		"POST /v1/nowhere HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{",
		"POST /v1/accounts/acc_x/resources/import HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{",
	} {
		c := dialled(t, s)
		if _, err := io.WriteString(c, head); err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, c); errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("still open after %q", strings.SplitN(head, "\r\n", 2)[0])
		}
	}
}

func TestAnAnswerThatNobodyTakesHoldsNoConnection(t *testing.T) {
	c := dialled(t, hasty(t))
	if err := c.SetReadBuffer(4 << 10); err != nil {
		t.Fatal(err)
	}
	for { // one request after the other, and no answer read, until the server lets go
		if _, err := io.WriteString(c, "GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n"); errors.Is(err, os.ErrDeadlineExceeded) {
			t.Fatal("the server still waits for its answers to be read")
		} else if err != nil {
			return
		}
	}
}

// What lasts is not bound by it: a stream stays open while the server says
// something on it now and then.
func TestAStreamOutlastsTheTimeOfARequest(t *testing.T) {
	s := servertest.Start(t, "sqlite", func(c *server.Config) {
		c.Slowest, c.Heartbeat = 100*time.Millisecond, 50*time.Millisecond
	})
	c := s.Found(t, "team", "Lasting", "owner@lasting.example")
	ask, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+c.Path("/events/stream"), nil)
	if err != nil {
		t.Fatal(err)
	}
	ask.Header.Set("Authorization", "Bearer "+c.Owner.Token())
	answer, err := http.DefaultClient.Do(ask)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	beats := make([]byte, 0, 1<<10)
	for piece := make([]byte, 64); strings.Count(string(beats), "id: ") < 8; {
		n, err := answer.Body.Read(piece)
		if beats = append(beats, piece[:n]...); err != nil {
			t.Fatalf("the stream ended: %v after %q", err, beats)
		}
	}
}
