// Package servertest runs the real server inside a test: on a real store, with
// a real mail server behind it, on a port of the loopback interface. It differs
// from production in three things: passwords hash cheaply, the clock can be
// set, and the operator key is known.
package servertest

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"tenure/internal/db"
	"tenure/internal/db/dbtest"
	"tenure/internal/mailbox"
	"tenure/internal/server"
	"tenure/internal/server/contract"
	"tenure/internal/user"
)

// OperatorKey is the operator key of every server of this package.
const OperatorKey = "top_servertest-servertest-servertest-servertest"

// Password is what people of tests sign in with unless they choose another.
const Password = "a kettle sings before noon"

// Server is a running server.
type Server struct {
	*server.Server
	URL      string // of the API
	Database string
	Box      *mailbox.Mailbox
	Clock    *server.Clock
	Log      *Log
	stop     func() error // of Run
}

// Each runs a test on each engine, on a server of its own.
func Each(t *testing.T, fn func(t *testing.T, s *Server)) {
	t.Helper()
	for _, engine := range dbtest.Engines() {
		t.Run(engine, func(t *testing.T) {
			t.Parallel() // the engines beside each other; the tests one after the other
			fn(t, Start(t, engine))
		})
	}
}

// Start starts a server on the engine; it stops with the test. What is given in
// change may be set otherwise before it starts.
func Start(t testing.TB, engine string, change ...func(*server.Config)) *Server {
	t.Helper()
	s := &Server{Database: dbtest.Where(t, engine), Clock: &server.Clock{}, Log: &Log{}}
	var err error
	if s.Box, err = mailbox.Open(mailbox.Options{}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Box.Close(); err != nil {
			t.Errorf("close the mailbox: %v", err)
		}
	})
	s.start(t, change)
	return s
}

// Beside starts another node on the same store, which must be one that nodes can
// share. It has the same clock and the same mail server.
func (s *Server) Beside(t testing.TB, change ...func(*server.Config)) *Server {
	t.Helper()
	other := &Server{Database: s.Database, Box: s.Box, Clock: s.Clock, Log: s.Log}
	other.start(t, change)
	return other
}

func (s *Server) start(t testing.TB, change []func(*server.Config)) {
	t.Helper()
	c := server.Config{
		Listen: "127.0.0.1:0", Database: s.Database, OperatorKey: OperatorKey, SMTP: s.Box.URL(), MailFrom: "Tenure <tenure@tenure.example>",
		RateLimit: "1000000,1000000", // counted, and never too many
		Secret:    "servertest-servertest-servertest-servertest", SignUp: true, TestClock: true, Clock: s.Clock,
		PasswordCost: user.Cost{Memory: 64, Time: 1, Threads: 1}, Log: slog.New(slog.NewJSONHandler(s.Log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Mailbox: s.Box.Handler(),
	}
	for _, f := range change {
		f(&c)
	}
	var err error
	if s.Server, err = server.New(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	s.URL = "http://" + s.Addr().String()
	s.run(t)
}

func (s *Server) run(t testing.TB) {
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	s.stop = sync.OnceValue(func() error {
		stop()
		return <-ended
	})
	t.Cleanup(func() {
		s.Stop(t)
		if t.Failed() {
			t.Logf("what the server complained about:\n%s", s.Log.complaints())
		}
	})
}

// Stop stops the server before the test ends, and waits until it has.
func (s *Server) Stop(t testing.TB) {
	t.Helper()
	if err := s.stop(); err != nil {
		t.Errorf("the server did not stop cleanly: %v", err)
	}
}

// Tamper changes the store of an account behind the server's back; $1 in the
// queries is the account.
func (s *Server) Tamper(t testing.TB, account string, queries ...string) {
	t.Helper()
	if err := s.Parts().DB.Housekeep(t.Context(), func(tx *db.Tx) error {
		for _, q := range queries {
			if _, err := tx.Exec(t.Context(), q, account); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

// Operator is a client with the operator key.
func (s *Server) Operator(t testing.TB) *Client { return s.Client(t, OperatorKey) }

// Nobody is a client without credentials.
func (s *Server) Nobody(t testing.TB) *Client { return s.Client(t, "") }

// Client is a client with the token. What it says and hears is held against the
// description.
func (s *Server) Client(t testing.TB, token string) *Client {
	return &Client{t: t, base: s.URL, token: token, transport: contract.Described().Transport(http.DefaultTransport, func(err error) { t.Error(err) })}
}

// Witnessed is the URL of a proxy before the server, for programs that bring
// their own client: it holds what they say and hear against the description, as
// Client does by itself.
func (s *Server) Witnessed(t testing.TB) string {
	t.Helper()
	proxy := httptest.NewServer(contract.Described().Proxy(&url.URL{Scheme: "http", Host: s.Addr().String()}, func(err error) { t.Error(err) }))
	t.Cleanup(proxy.Close)
	return proxy.URL
}

// Log is what the server logged. It is safe for concurrent use.
type Log struct {
	mu   sync.Mutex // guards text
	text bytes.Buffer
}

// Write takes a record.
func (l *Log) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

// String gives all of it.
func (l *Log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// complaints is what was logged as a warning or an error.
func (l *Log) complaints() string {
	var all strings.Builder
	for line := range strings.Lines(l.String()) {
		if strings.Contains(line, `"level":"WARN"`) || strings.Contains(line, `"level":"ERROR"`) {
			all.WriteString(line)
		}
	}
	return all.String()
}
