// Package crash cuts the store at every step of the riskiest commands, and kills
// the process there, and looks at what is left: all of the command or nothing,
// and the same call again ends where one call would have.
package crash

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"tenure/internal/db"
	"tenure/internal/db/dbtest"
	"tenure/internal/id"
	"tenure/internal/server"
	"tenure/internal/server/servertest"
	"tenure/internal/user"
)

// call is one request, as it is handed to a process that will not outlive it.
type call struct {
	Database, Method, Path, Token, Body string
	Step                                int64 // at which the store is cut; 0: never
	// Carry is the departure that is carried out in an account instead of a
	// request, as a job does.
	Account, Carry string
}

// killed names the variable that makes a process of this test one that is
// killed at a step of a call.
const killed = "TENURE_TEST_KILLED_IN"

func TestMain(m *testing.M) {
	text := os.Getenv(killed)
	if text == "" {
		os.Exit(m.Run())
	}
	var c call
	if err := json.Unmarshal([]byte(text), &c); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	_, err := c.make(func() error { return syscall.Kill(os.Getpid(), syscall.SIGKILL) }, nil)
	fmt.Fprintln(os.Stderr, "it was not killed:", err)
	os.Exit(1)
}

var errCut = errors.New("the store is cut")

// make starts a server, makes the call and has cut run when its step comes. From
// then on nothing reaches the store. It tells heard of every step.
func (c call) make(cut func() error, heard func(db.Step)) (*httptest.ResponseRecorder, error) {
	var armed, over atomic.Bool
	var steps atomic.Int64
	s, err := open(c.Database, func(step db.Step) error {
		if !armed.Load() {
			return nil
		}
		if heard != nil {
			heard(step)
		}
		if steps.Add(1) == c.Step {
			over.Store(true)
			if err := cut(); err != nil {
				return err
			}
		}
		if over.Load() {
			return errCut
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	armed.Store(true)
	w := c.send(s)
	armed.Store(false)
	return w, s.Close()
}

func open(database string, steps func(db.Step) error) (*server.Server, error) {
	return server.New(bare, server.Config{
		Listen: "127.0.0.1:0", Database: database, OperatorKey: servertest.OperatorKey, Secret: "crash-crash-crash-crash-crash-crash-crash",
		PasswordCost: user.Cost{Memory: 64, Time: 1, Threads: 1}, Log: slog.New(slog.DiscardHandler), Steps: steps,
	})
}

func (c call) send(s *server.Server) *httptest.ResponseRecorder {
	if c.Carry != "" {
		w := httptest.NewRecorder()
		if err := s.Parts().Rooms.Departures.Carry(bare, id.Account(c.Account), c.Carry); err != nil {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		return w
	}
	var body io.Reader
	if c.Body != "" {
		body = strings.NewReader(c.Body)
	}
	r := httptest.NewRequest(c.Method, c.Path, body)
	r.Header.Set("Content-Type", "application/json")
	if c.Token != "" {
		r.Header.Set("Authorization", "Bearer "+c.Token)
	}
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, r)
	return w
}

// stage is a database with a company.
type stage struct {
	t        *testing.T
	database string
	account  string
	owner    string
	*server.Server
}

func newStage(t *testing.T, engine string) *stage {
	t.Helper()
	s := &stage{t: t, database: dbtest.Where(t, engine)}
	s.up()
	made := s.ok("POST", "/v1/accounts", servertest.OperatorKey, obj{"name": "Acme", "preset": "team", "owner": obj{"email": "owner@acme.example", "first_name": "O", "last_name": "Wner"}})
	s.account = made["account"].(obj)["id"].(string)
	s.owner, _, _ = s.comeIn(made["invitation"].(obj)["id"].(string))
	for _, key := range []string{"pin", "desk"} {
		s.ok("PUT", s.path("/resource-types/"+key), servertest.OperatorKey, obj{"name": key, "on_leave": "ask"})
	}
	s.ok("PATCH", s.path("/roles/member"), servertest.OperatorKey, obj{"billable": true})
	s.ok("POST", s.path("/credits/purchases"), servertest.OperatorKey, obj{"amount": 1_000_000})
	s.ok("PUT", s.path("/billing"), servertest.OperatorKey, obj{"price": 3000, "currency": "EUR", "period": "month", "anchor": 1})
	return s
}

// up starts the server, as after a crash, and down stops it.
func (s *stage) up() {
	s.t.Helper()
	var err error
	if s.Server, err = open(s.database, nil); err != nil {
		s.t.Fatal(err)
	}
}

func (s *stage) down() {
	s.t.Helper()
	if err := s.Server.Close(); err != nil {
		s.t.Fatal(err)
	}
}

// ask makes a call to the server that is up.
func (s *stage) ask(c call) (status int, answer obj) {
	s.t.Helper()
	w := c.send(s.Server)
	if raw := w.Body.Bytes(); len(bytes.TrimSpace(raw)) > 0 {
		if err := json.Unmarshal(raw, &answer); err != nil {
			s.t.Fatalf("%s %s: %v in %s", c.Method, c.Path, err, raw)
		}
	}
	return w.Code, answer
}

func (s *stage) ok(method, path, token string, body any) obj {
	s.t.Helper()
	c := call{Method: method, Path: path, Token: token, Body: text(s.t, body)}
	status, answer := s.ask(c)
	if status >= 300 {
		s.t.Fatalf("%s %s: %d %v", method, path, status, answer)
	}
	return answer
}

func text(t *testing.T, body any) string {
	t.Helper()
	if body == nil {
		return ""
	}
	raw, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// counts gives how many rows each query of a subject finds.
func (s *stage) counts(x subject) string {
	s.t.Helper()
	found := []string{}
	err := s.Parts().DB.Read(s.t.Context(), func(tx *db.Tx) error {
		found = found[:0]
		for _, f := range x.facts {
			var n int64
			if err := tx.One(s.t.Context(), "SELECT COUNT(*) FROM "+f.from, f.args, &n); err != nil {
				return err
			}
			found = append(found, fmt.Sprint(n))
		}
		return nil
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return strings.Join(found, " ")
}

// TestACrashLeavesAllOrNothing cuts each command at its steps: nothing of what
// was not committed is there, all of what was is, and calling again converges.
// At each commit, before and after, the process is really killed.
func TestACrashLeavesAllOrNothing(t *testing.T) {
	seed := dbtest.Seed(t)
	for _, engine := range dbtest.Engines() {
		t.Run(engine, func(t *testing.T) {
			chance := rand.New(rand.NewPCG(seed, 0))
			s := newStage(t, engine)
			for _, c := range commands {
				t.Run(c.name, func(t *testing.T) {
					s.t = t
					s.crash(c, chance)
				})
			}
			s.t = t
			s.down()
			report, err := server.Verify(t.Context(), server.Config{Database: s.database})
			if err != nil || len(report.Defects) > 0 {
				t.Errorf("%v, %s", err, strings.Join(report.Defects, "\n"))
			}
		})
	}
}

// crash runs a command undisturbed, to learn its steps and what it leaves, and
// then cuts it.
func (s *stage) crash(c command, chance *rand.Rand) {
	x := c.prepare(s)
	before, steps := s.counts(x), []db.Step{}
	s.down()
	x.call.Database = s.database
	w, err := x.call.make(nil, func(step db.Step) { steps = append(steps, step) })
	s.up()
	if err != nil || w.Code >= 300 {
		s.t.Fatalf("undisturbed: %d %s, %v", w.Code, w.Body, err)
	}
	after := s.counts(x)
	if before == after {
		s.t.Fatalf("it changed nothing: %s", before)
	}
	allowed := append(slices.Clone(c.between), before, after)
	cuts, kills := 0, 0
	for n, step := range steps {
		boundary := step == db.Commit || step == db.Committed
		if !boundary && os.Getenv("TENURE_CRASH_EVERYWHERE") == "" && chance.IntN(len(steps)) >= 3 {
			continue
		}
		cuts++
		s.cutAt(c, int64(n+1), step, allowed, after, call.cut)
		if boundary {
			kills++
			s.cutAt(c, int64(n+1), step, allowed, after, call.kill)
		}
	}
	s.t.Logf("%d steps, cut at %d, killed at %d; from %q to %q", len(steps), cuts, kills, before, after)
}

// cut makes the call and cuts the store under it. The caller hears of no success.
func (c call) cut(t *testing.T) {
	w, err := c.make(func() error { return nil }, nil)
	if err != nil || w.Code != http.StatusServiceUnavailable {
		t.Errorf("cut at step %d: %d %s, %v", c.Step, w.Code, w.Body, err)
	}
}

// kill has another process make the call, which is killed in it.
func (c call) kill(t *testing.T) {
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), killed+"="+text(t, c))
	said, err := child.CombinedOutput()
	if status, ok := child.ProcessState.Sys().(syscall.WaitStatus); err == nil || !ok || status.Signal() != syscall.SIGKILL {
		t.Errorf("step %d: the process ended otherwise: %v\n%s", c.Step, err, said)
	}
}

func (s *stage) cutAt(c command, step int64, kind db.Step, allowed []string, after string, end func(call, *testing.T)) {
	s.t.Helper()
	x := c.prepare(s)
	x.call.Database, x.call.Step = s.database, step
	s.down()
	end(x.call, s.t)
	s.up()
	left := s.counts(x)
	if !slices.Contains(allowed, left) {
		s.t.Errorf("cut at step %d (%d) leaves %q, want one of %q", step, kind, left, allowed)
	}
	again := x.call
	status, answer := s.ask(again)
	code, _ := answer["code"].(string)
	if status >= 300 && (left != after || code != c.again) {
		s.t.Errorf("cut at step %d, called again: %d %v", step, status, answer)
	}
	if got := s.counts(x); got != after {
		s.t.Errorf("cut at step %d and called again it leaves %q, want %q", step, got, after)
	}
}
