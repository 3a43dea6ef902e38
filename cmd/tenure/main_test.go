package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tenure/internal/db"
	"tenure/internal/db/dbtest"
	"tenure/internal/server/servertest"
)

// command runs the program in this process.
func command(t *testing.T, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	var out, errs bytes.Buffer
	code = run(t.Context(), args, &out, &errs)
	return out.String(), errs.String(), code
}

func TestMisuseIsOneSentenceAndExitTwo(t *testing.T) {
	database := filepath.Join(t.TempDir(), "tenure.db")
	for _, args := range [][]string{
		{}, {"dance"}, {"serve", "--surprise"}, {"serve", "--sign-up", "maybe"}, {"serve", "--database", database, "--listen", "nowhere:nothing"},
		{"serve", "--database", database, "--listen", "127.0.0.1:0", "--secret", "canary"},
		{"serve", "--database", database, "--listen", "127.0.0.1:0", "--operator-key", "tk_canary-canary-canary-canary"},
		{"serve", "--database", database, "--listen", "127.0.0.1:0", "--smtp", "smtp//:canary"},
		{"serve", "--database", database, "--listen", "127.0.0.1:0", "--origin", "tenure.example"},
		{"serve", "--database", database, "--listen", "127.0.0.1:0", "--mail-from", "nobody"},
		{"serve", "--database", database, "--listen", "127.0.0.1:0", "--trusted-proxies", "everybody"},
		{"serve", "--database", "mysql://root:canary@127.0.0.1/tenure", "--listen", "127.0.0.1:0"},
		{"serve", "--database", "postgres://root:canary@127.0.0.1:1/tenure", "--listen", "127.0.0.1:0"},
		{"serve", "--database", filepath.Join(database, "below", "tenure.db"), "--listen", "127.0.0.1:0"},
		{"migrate", "--database", "mysql://root:canary@127.0.0.1/tenure"}, {"migrate", "--database", t.TempDir()},
		{"verify", "--database", "postgres://root:canary@127.0.0.1:1/tenure"},
		{"account", "create", "X"}, {"account", "list"}, {"operator-key", "list"},
		{"operator-key", "reset", "--database", filepath.Join(t.TempDir(), "none.db")}, {"verify", "--database", filepath.Join(t.TempDir(), "none.db")},
		{"verify", filepath.Join(t.TempDir(), "none.json"), "--keys", "main_test.go"}, {"verify", "main_test.go", "--keys", "http://127.0.0.1:1/"},
		{"verify", "main_test.go", "--keys", "main_test.go"}, {"verify", "main_test.go", "--database", filepath.Join(t.TempDir(), "none.db")},
	} {
		t.Setenv("TENURE_OPERATOR_KEY", "") // so that it is put back
		os.Unsetenv("TENURE_OPERATOR_KEY")
		stdout, stderr, code := command(t, args...)
		sentence := lastLine(stderr)
		if code != exitMisused || !strings.HasPrefix(sentence, "tenure: ") || !strings.HasSuffix(sentence, ".") || strings.Contains(stderr, "canary") {
			t.Errorf("%v: exit %d, %q, %q", args, code, stdout, stderr)
		}
	}
}

// lastLine is what is said after the log, if any.
func lastLine(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return lines[len(lines)-1]
}

func TestHelpNamesEveryCommand(t *testing.T) {
	stdout, _, code := command(t, "--help")
	for _, name := range []string{"serve", "demo", "migrate", "verify", "account create", "account list", "account add-owner",
		"operator-key list", "operator-key add", "operator-key revoke", "operator-key reset"} {
		if code != 0 || !strings.Contains(stdout, name) {
			t.Errorf("exit %d, %s is missing", code, name)
		}
	}
}

// eachAlone runs a test on each engine, one after the other: the environment is
// that of the whole process.
func eachAlone(t *testing.T, fn func(t *testing.T, s *servertest.Server)) {
	for _, engine := range dbtest.Engines() {
		t.Run(engine, func(t *testing.T) { fn(t, servertest.Start(t, engine)) })
	}
}

func TestAccountCommandsSpeakToARunningServer(t *testing.T) {
	eachAlone(t, func(t *testing.T, s *servertest.Server) {
		t.Setenv("TENURE_OPERATOR_KEY", servertest.OperatorKey)
		t.Setenv("TENURE_SERVER", s.Witnessed(t))
		stdout, stderr, code := command(t, "account", "create", "Blue Harbour", "--preset", "portal", "--owner-email", "maria@blue.example", "--first-name", "Maria", "--last-name", "Jansen")
		account := regexp.MustCompile(`acc_\w+`).FindString(stdout)
		if code != 0 || account == "" || !strings.Contains(stdout, "maria@blue.example") {
			t.Fatalf("exit %d, %s%s", code, stdout, stderr)
		}
		if stdout, _, code := command(t, "account", "list"); code != 0 || !strings.Contains(stdout, "Blue Harbour") || !strings.Contains(stdout, "portal") {
			t.Errorf("exit %d, %s", code, stdout)
		}
		if stdout, _, code := command(t, "account", "add-owner", account, "jo@blue.example", "--reason", "the founder left"); code != 0 || !strings.Contains(stdout, "jo@blue.example is invited") {
			t.Errorf("exit %d, %s", code, stdout)
		}
		maria := s.Accept(t, s.Mailed(t, "maria@blue.example", "/invitation"), "maria@blue.example")
		if stdout, _, code := command(t, "account", "add-owner", account, maria.Member, "--reason", "to be sure"); code != 0 || !strings.Contains(stdout, "owns the account now") {
			t.Errorf("exit %d, %s", code, stdout)
		}
		waits := s.Operator(t).Post("/v1/accounts", servertest.Map{"name": "Waiting", "preset": "team", "owner": servertest.Map{"email": "o@wait.example", "first_name": "O", "last_name": "Wait"}}).OK()
		if stdout, _, code := command(t, "account", "add-owner", waits.Text("account.id"), waits.Text("owner.id"), "--reason", "once more"); code != 0 || strings.Contains(stdout, "now") || !strings.Contains(stdout, "o@wait.example has never come in") {
			t.Errorf("exit %d, %s", code, stdout)
		}
		for _, args := range [][]string{
			{"account", "create", "X", "--preset", "house", "--owner-email", "x@blue.example", "--first-name", "A", "--last-name", "B"},
			{"account", "create", "X", "--owner-email", "not an address", "--first-name", "A", "--last-name", "B"},
			{"account", "add-owner", "acc_00000000000000000000000000", "jo@blue.example", "--reason", "x"},
			{"account", "list", "--operator-key", "top_wrong"}, {"account", "list", "--server", "http://127.0.0.1:1"},
		} {
			want := exitFailed
			if slices.Contains(args, "house") {
				want = exitMisused
			}
			if _, stderr, code := command(t, args...); code != want || !strings.HasPrefix(stderr, "tenure: ") || strings.Contains(stderr, servertest.OperatorKey) {
				t.Errorf("%v: exit %d, %s", args, code, stderr)
			}
		}
	})
}

func TestVerifyFindsATouchedTrail(t *testing.T) {
	eachAlone(t, func(t *testing.T, s *servertest.Server) {
		s.Found(t, "team", "Verify", "owner@verify.example")
		if stdout, stderr, code := command(t, "verify", "--database", s.Database); code != 0 || !strings.Contains(stdout, "1 accounts, 1 users") || !strings.Contains(stdout, "all is well") {
			t.Fatalf("exit %d, %s%s", code, stdout, stderr)
		}
		if err := s.Parts().DB.Housekeep(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `UPDATE events SET action = 'nothing' WHERE seq = 2`)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if stdout, _, code := command(t, "verify", "--database", s.Database); code != exitFailed || !strings.Contains(stdout, "event 2 is not what was recorded") {
			t.Errorf("exit %d, %s", code, stdout)
		}
	})
}

// TestAReceiptTellsOfATrailThatWasCut: who may write to the database cuts the
// trail and mends its end, and verify alone cannot tell.
func TestAReceiptTellsOfATrailThatWasCut(t *testing.T) {
	eachAlone(t, func(t *testing.T, s *servertest.Server) {
		c := s.Found(t, "team", "Cut", "owner@cut.example")
		gone := c.Invite("maria@cut.example", "member", nil)
		plan := c.Owner.Post(c.Path("/departures"), servertest.Map{"members": []any{gone.Member}, "kind": "deactivate"}).OK()
		receipt := c.Owner.Post(c.Path("/departures/"+plan.Text("id")+"/apply"), servertest.Map{"digest": plan.Text("digest")}).OK()
		file, keys := filepath.Join(t.TempDir(), "receipt.json"), filepath.Join(t.TempDir(), "keys.json")
		for name, body := range map[string][]byte{file: receipt.Body, keys: s.Nobody(t).Get("/.well-known/tenure-keys.json").OK().Body} {
			if err := os.WriteFile(name, body, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		says := func(code int, sentence string) {
			t.Helper()
			stdout, stderr, got := command(t, "verify", file, "--keys", keys, "--database", s.Database)
			if got != code || !strings.Contains(stdout, sentence) {
				t.Errorf("exit %d, %s%s; want %d and %q", got, stdout, stderr, code, sentence)
			}
		}
		says(0, "so does the trail of "+c.ID)
		seq := int64(receipt.Number("chain_head.seq"))
		change := func(statement string, args ...any) {
			t.Helper()
			if err := s.Parts().DB.Housekeep(t.Context(), func(tx *db.Tx) error {
				_, err := tx.Exec(t.Context(), statement, args...)
				return err
			}); err != nil {
				t.Fatal(err)
			}
		}
		change(`UPDATE events SET hash = prev WHERE account_id = $1 AND seq = $2`, c.ID, seq)
		says(exitFailed, "is another than the one the receipt names")
		change(`DELETE FROM events WHERE account_id = $1 AND seq >= $2`, c.ID, seq)
		change(`UPDATE heads SET seq = $2 - 1, head = (SELECT hash FROM events WHERE account_id = $1 AND seq = $2 - 1) WHERE account_id = $1`, c.ID, seq)
		if stdout, _, code := command(t, "verify", "--database", s.Database); code != 0 {
			t.Fatalf("the cut is not hidden: exit %d, %s", code, stdout)
		}
		says(exitFailed, "is gone, which the receipt names")
	})
}

func TestMigrateMakesADatabase(t *testing.T) {
	for _, engine := range dbtest.Engines() {
		where := dbtest.Empty(t, engine)
		for range 2 {
			if stdout, stderr, code := command(t, "migrate", "--database", where); code != 0 || !strings.Contains(stdout, "up to date") {
				t.Errorf("%s: exit %d, %s%s", engine, code, stdout, stderr)
			}
		}
		if stdout, _, code := command(t, "verify", "--database", where); code != 0 || !strings.Contains(stdout, "0 accounts, 0 users, 0 events: all is well") {
			t.Errorf("%s: exit %d, %s", engine, code, stdout)
		}
	}
}

func TestAProgramRefusesTheSchemaOfANewerOne(t *testing.T) {
	for _, engine := range dbtest.Engines() {
		where := dbtest.Where(t, engine)
		newer := func(tx *db.Tx) error {
			return tx.ExecOne(t.Context(), "INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, $1)", true)
		}
		if err := dbtest.Open(t, where, db.Options{}).Housekeep(t.Context(), newer); err != nil {
			t.Fatal(err)
		}
		for _, args := range [][]string{{"migrate"}, {"verify"}, {"operator-key", "reset"}, {"serve", "--listen", "127.0.0.1:0", "--secret", strings.Repeat("s", 40)}} {
			_, stderr, code := command(t, append(args, "--database", where)...)
			if code != exitMisused || strings.Count(stderr, "\n") != 1 || !strings.Contains(stderr, "A newer tenure has worked on") {
				t.Errorf("%s on %s: exit %d, %s", args[0], engine, code, stderr)
			}
		}
	}
}

// TestDemoRunsAndLeavesNothingBehind reads what the demo prints and does what it
// says.
func TestDemoRunsAndLeavesNothingBehind(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	ctx, stop := context.WithCancel(t.Context())
	greeting, errs := &lines{ready: make(chan struct{}), last: "Ctrl-C"}, &lines{}
	ended := make(chan int, 1)
	go func() { ended <- run(ctx, []string{"demo", "--listen", "127.0.0.1:0"}, greeting, errs) }()
	select {
	case <-greeting.ready:
	case code := <-ended:
		t.Fatalf("it ended with %d: %s", code, errs)
	case <-time.After(time.Minute):
		t.Fatalf("it does not come up: %s%s", greeting, errs)
	}
	origin := regexp.MustCompile(`http://localhost:\d+`).FindString(greeting.String())
	password := regexp.MustCompile(`password of each is: +(\S.*)`).FindStringSubmatch(greeting.String())[1]
	emails := regexp.MustCompile(`\S+@\S+\.example`).FindAllString(greeting.String(), -1)
	if len(emails) < 4 {
		t.Errorf("it names %v", emails)
	}
	tokens := map[string]string{}
	for _, email := range emails {
		body := `{"email":"` + email + `","password":"` + password + `"}`
		response, err := http.Post(origin+"/v1/sign-in", "application/json", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		raw, _ := io.ReadAll(response.Body)
		response.Body.Close()
		if response.StatusCode != 200 && !strings.Contains(string(raw), "account_required") {
			t.Errorf("%s: %d %s", email, response.StatusCode, raw)
		}
		if token := regexp.MustCompile(`"token": ?"(tn_[^"]+)"`).FindSubmatch(raw); token != nil {
			tokens[email] = string(token[1])
		}
	}
	wantProduct(t, regexp.MustCompile(`http://localhost:\d+/app/`).FindString(greeting.String()), tokens)
	stop()
	if code := <-ended; code != 0 {
		t.Errorf("it stopped with %d: %s", code, errs)
	}
	if left, _ := filepath.Glob(filepath.Join(t.TempDir(), "..", "*", "tenure-demo-*")); len(left) > 0 {
		t.Errorf("it left %v", left)
	}
}

// wantProduct opens the example product as everybody who has signed in: there is
// a first page for each, and something written on everything that it lists.
func wantProduct(t *testing.T, product string, tokens map[string]string) {
	t.Helper()
	open := func(page, token string) string {
		request, err := http.NewRequestWithContext(t.Context(), "GET", page, nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Authorization", "Bearer "+token)
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		raw, err := io.ReadAll(response.Body)
		if err != nil || response.StatusCode != 200 {
			t.Fatalf("%s: %d %v", page, response.StatusCode, err)
		}
		return string(raw)
	}
	things := map[string]bool{}
	for _, token := range tokens {
		for _, link := range regexp.MustCompile(`href="/app/((?:cases|map)/[^"]+)"`).FindAllStringSubmatch(open(product, token), -1) {
			if !things[link[1]] && strings.Contains(open(product+link[1], token), "Nothing is written here yet.") {
				t.Errorf("nothing is written on %s", link[1])
			}
			things[link[1]] = true
		}
	}
	if len(things) != 16 {
		t.Errorf("the product shows %d cases and pins", len(things))
	}
}

// lines is a writer that says when a word has come.
type lines struct {
	mu    sync.Mutex // guards text
	text  bytes.Buffer
	last  string
	ready chan struct{}
}

func (l *lines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.last != "" && strings.Contains(string(b), l.last) {
		close(l.ready)
	}
	return l.text.Write(b)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}
