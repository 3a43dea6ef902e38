package server_test

import (
	"context"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"tenure/internal/db/dbtest"
	"tenure/internal/server"
	"tenure/internal/server/servertest"
)

// TestBadConfigurationIsOneClearSentence: whoever starts the server reads which
// flag is wrong, and no secret they gave.
func TestBadConfigurationIsOneClearSentence(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*server.Config)
		says   string
	}{
		"listen":          {func(c *server.Config) { c.Listen = "127.0.0.1:notaport" }, "--listen"},
		"origin":          {func(c *server.Config) { c.Origin = "tenure.example" }, "--origin"},
		"origin and path": {func(c *server.Config) { c.Origin = "https://tenure.example/app" }, "--origin"},
		"origin and user": {func(c *server.Config) { c.Origin = "https://user:canary@tenure.example" }, "--origin"},
		"product":         {func(c *server.Config) { c.Product = "javascript:canary()" }, "--product"},
		"product, a page": {func(c *server.Config) { c.Product = "https://example.com/app" }, "--product"},
		"product, a user": {func(c *server.Config) { c.Product = "https://canary@example.com/" }, "--product"},
		"secret":          {func(c *server.Config) { c.Secret = "canary" }, "--secret"},
		"metrics token":   {func(c *server.Config) { c.MetricsToken = "canary" }, "--metrics-token"},
		"smtp":            {func(c *server.Config) { c.SMTP = "mail.example:25:canary" }, "--smtp"},
		"mail from":       {func(c *server.Config) { c.MailFrom = "nobody at all" }, "--mail-from"},
		"proxies":         {func(c *server.Config) { c.TrustedProxies = []string{"everybody"} }, "--trusted-proxies"},
		"no mail server":  {func(c *server.Config) { c.SMTP, c.MailFrom = "", "nobody at all" }, "--mail-from"},
		"other engine":    {func(c *server.Config) { c.Database = "mysql://root:canary@127.0.0.1/tenure" }, "--database"},
		"no such folder":  {func(c *server.Config) { c.Database = filepath.Join(c.Database, "below", "tenure.db") }, "--database"},
		"no database": {func(c *server.Config) {
			c.Database = written(t, "tenure.db", strings.Repeat("no database ", 100), 0o600)
		}, "--database"},
		"no postgres":   {func(c *server.Config) { c.Database = "postgres://tenure:canary@127.0.0.1:1/tenure" }, "--database"},
		"postgres port": {func(c *server.Config) { c.Database = "postgres://tenure:canary@127.0.0.1:port/tenure" }, "--database"},
		"open secret": {func(c *server.Config) {
			c.Database = besides(written(t, "tenure.secret", strings.Repeat("canary", 9), 0o644))
		}, "tenure.secret"},
		"short secret": {func(c *server.Config) { c.Database = besides(written(t, "tenure.secret", "canary", 0o600)) }, "tenure.secret"},
	} {
		t.Run(name, func(t *testing.T) {
			config := server.Config{Listen: "127.0.0.1:0", Database: filepath.Join(t.TempDir(), "tenure.db"), SMTP: "smtp://127.0.0.1:1", Log: slog.New(slog.DiscardHandler)}
			good := config
			c.change(&config)
			_, err := server.New(t.Context(), config)
			if err == nil || !server.IsConfigError(err) {
				t.Fatalf("got %v, want an error of the configuration", err)
			}
			if text := err.Error(); !strings.Contains(text, c.says) || strings.Contains(text, "\n") || strings.Contains(text, "canary") {
				t.Errorf("it says: %s", text)
			}
			if config.Database != good.Database {
				return
			}
			if s := start(t, good); s.OperatorKey() == "" {
				t.Error("the key is lost: the start that failed has made it")
			}
		})
	}
}

// written makes a file of its own.
func written(t *testing.T, name, text string, mode os.FileMode) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
	return file
}

// besides is the database whose secret the file keeps.
func besides(secret string) string { return strings.TrimSuffix(secret, ".secret") + ".db" }

// TestOneServerServesAFile: two would each go on with the sessions that the
// other has ended.
func TestOneServerServesAFile(t *testing.T) {
	config := server.Config{Listen: "127.0.0.1:0", Database: dbtest.Where(t, dbtest.SQLite), Secret: strings.Repeat("s", 40), Log: slog.New(slog.DiscardHandler)}
	first, err := server.New(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // being refused lets nobody in
		_, err := server.New(t.Context(), config)
		if err == nil || !server.IsConfigError(err) || !strings.Contains(err.Error(), config.Database) || strings.Contains(err.Error(), "\n") {
			t.Errorf("a second server: %v", err)
		}
	}
	if _, err := server.Verify(t.Context(), config); err != nil {
		t.Errorf("verify beside it: %v", err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	start(t, config)
}

func TestOperatorKeyIsMadeOnce(t *testing.T) {
	for _, engine := range dbtest.Engines() {
		t.Run(engine, func(t *testing.T) {
			config := server.Config{Listen: "127.0.0.1:0", Database: dbtest.Where(t, engine), Secret: strings.Repeat("s", 40), Log: slog.New(slog.DiscardHandler)}
			first, stop := started(t, config)
			if !strings.HasPrefix(first.OperatorKey(), "top_") || len(first.OperatorKey()) < 40 {
				t.Errorf("the key is %q", first.OperatorKey())
			}
			client := func(s *server.Server, key string) int {
				request, _ := http.NewRequest("GET", "http://"+s.Addr().String()+"/v1/accounts", nil)
				request.Header.Set("Authorization", "Bearer "+key)
				response, err := http.DefaultClient.Do(request)
				if err != nil {
					t.Fatal(err)
				}
				response.Body.Close()
				return response.StatusCode
			}
			stop()
			second, stop := started(t, config)
			if second.OperatorKey() != "" {
				t.Error("a second start made another key")
			}
			if got := client(second, first.OperatorKey()); got != 200 {
				t.Errorf("the key of the first start: %d", got)
			}
			config.OperatorKey = "top_configured-configured-configured"
			stop()
			third := start(t, config)
			if given, stored := client(third, config.OperatorKey), client(third, first.OperatorKey()); given != 200 || stored != 200 {
				t.Errorf("with a configured key: %d, with the stored one: %d", given, stored)
			}
		})
	}
}

func start(t *testing.T, c server.Config) *server.Server {
	t.Helper()
	s, _ := started(t, c)
	return s
}

// started starts a server that stops with the test unless it is stopped before.
func started(t *testing.T, c server.Config) (s *server.Server, stop func()) {
	t.Helper()
	s, err := server.New(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(stop)
	return s, stop
}

// TestStoppingFinishesWhatIsInFlight: a request that is being answered when the
// server is told to stop gets its answer.
func TestStoppingFinishesWhatIsInFlight(t *testing.T) {
	arrived, release, stopping := make(chan struct{}), make(chan struct{}), word{`"stopping"`, make(chan struct{})}
	held := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		close(arrived)
		<-release
		w.WriteHeader(http.StatusTeapot)
	})
	s, err := server.New(t.Context(), server.Config{Listen: "127.0.0.1:0", Database: dbtest.Where(t, dbtest.SQLite), Secret: strings.Repeat("s", 40),
		Mailbox: held, Log: slog.New(slog.NewJSONHandler(stopping, nil))})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended, answered := make(chan error, 1), make(chan int, 1)
	go func() { ended <- s.Run(ctx) }()
	go func() {
		response, err := http.Get("http://" + s.Addr().String() + "/mailbox")
		if err != nil {
			answered <- 0
			return
		}
		response.Body.Close()
		answered <- response.StatusCode
	}()
	<-arrived
	stop()
	<-stopping.said
	close(release)
	if status := <-answered; status != http.StatusTeapot {
		t.Errorf("the request got %d", status)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// word is a log that says when a word comes.
type word struct {
	text string
	said chan struct{}
}

func (w word) Write(b []byte) (int, error) {
	if strings.Contains(string(b), w.text) {
		close(w.said)
	}
	return len(b), nil
}

func TestClockIsSetByTheOperatorWhereThereIsOne(t *testing.T) {
	s := servertest.Start(t, "sqlite")
	c := s.Found(t, "team", "Clock", "owner@clock.example")
	c.Owner.Call("PUT", "/v1/clock", obj{"now": "2030-01-01T00:00:00Z"}).Refused(403, "forbidden")
	s.Operator(t).Call("PUT", "/v1/clock", obj{"now": "soon"}).Refused(422, "invalid")
	set := s.Operator(t).Call("PUT", "/v1/clock", obj{"now": "2030-01-01T00:00:00Z"}).OK()
	if got := s.Operator(t).Get("/v1/clock").OK(); !strings.HasPrefix(got.Text("now"), "2030-01-01T00:00:0") || !strings.HasPrefix(set.Text("now"), "2030-01-01T00:00:0") {
		t.Errorf("the clock says %s", got.Body)
	}
	c.Owner.Get("/v1/session").Refused(401, "unauthenticated") // it was idle for years
	without := servertest.Start(t, "sqlite", func(c *server.Config) { c.TestClock = false })
	without.Operator(t).Get("/v1/clock").Refused(404, "not_found")
	without.Operator(t).Call("PUT", "/v1/clock", obj{"now": "2030-01-01T00:00:00Z"}).Refused(404, "not_found")
}

func TestHealthIsTold(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		nobody := s.Nobody(t)
		nobody.Get("/healthz").OK()
		nobody.Get("/readyz").OK()
		s.Found(t, "team", "Health", "owner@health.example").Owner.Get("/v1/session").OK()
		text := string(nobody.Get("/metrics").OK().Body)
		for _, metric := range []string{`tenure_request_seconds_count{method="GET",route="/v1/session",status="200"} 1`, "tenure_outbox_queued ", "tenure_sessions_in_memory 1", "tenure_hashes_waiting 0",
			`tenure_mails_total{end="sent"} `, `tenure_mails_total{end="failed"} 0`, `tenure_mails_total{end="postponed"} 0`} {
			if !strings.Contains(text, metric) {
				t.Errorf("/metrics lacks %s", metric)
			}
		}
	})
}

// TestMetricsAreNotForEverybody: without a token this machine reads them, and not
// what a proxy on it passes on; with one, whoever shows it.
func TestMetricsAreNotForEverybody(t *testing.T) {
	open := servertest.Start(t, "sqlite")
	open.Nobody(t).Get("/metrics").OK()
	open.Nobody(t).With("X-Forwarded-For", "203.0.113.9").Get("/metrics").Refused(401, "unauthenticated")
	open.Operator(t).With("X-Forwarded-For", "203.0.113.9").Get("/metrics").OK()
	const token = "what prometheus shows here"
	closed := servertest.Start(t, "sqlite", func(c *server.Config) { c.MetricsToken = token })
	closed.Nobody(t).Get("/metrics").Refused(401, "unauthenticated")
	closed.Client(t, token+"?").Get("/metrics").Refused(401, "unauthenticated")
	closed.Client(t, token).With("X-Forwarded-For", "203.0.113.9").Get("/metrics").OK()
	closed.Client(t, token).Get("/v1/accounts").Refused(401, "unauthenticated")
	closed.Operator(t).Get("/metrics").OK()
	closed.Found(t, "team", "Curious", "owner@curious.example").Owner.Get("/metrics").Refused(401, "unauthenticated")
}

// TestVerifyFindsNothingAfterAWorkingDay: and finds a trail that was touched.
func TestVerifyFindsNothingAfterAWorkingDay(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := s.Found(t, "team", "Verify", "owner@verify.example")
		m := c.Invite("m@verify.example", "member", nil)
		c.Owner.Post(c.Path("/members/"+m.Member+"/suspend"), nil).OK()
		report, err := server.Verify(t.Context(), server.Config{Database: s.Database, Log: slog.New(slog.DiscardHandler)})
		if err != nil || len(report.Defects) > 0 || report.Accounts != 1 || report.Users != 2 || report.Events < 8 {
			t.Fatalf("%+v %v", report, err)
		}
	})
	if _, err := server.Verify(t.Context(), server.Config{Database: filepath.Join(t.TempDir(), "none.db")}); !server.IsConfigError(err) {
		t.Errorf("a database that is not there: %v", err)
	}
}
