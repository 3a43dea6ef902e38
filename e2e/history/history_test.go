// Package history lets many clients work at the same time, writes down what they
// asked and heard and when, and looks whether one after the other could have
// heard the same (linearizability, by porcupine). Each history has a model of a
// few lines and nothing else to go by.
package history

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"tenure/internal/db/dbtest"
	"tenure/internal/server"
	"tenure/internal/server/servertest"
)

type obj = servertest.Map

// number reads a number from the environment: TENURE_HISTORIES is how many
// histories of each kind there are, TENURE_HISTORY_OPERATIONS how long they are.
func number(t *testing.T, name string, otherwise int) int {
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return n
}

// stage is a company on one or several nodes.
type stage struct {
	t     *testing.T
	nodes []*servertest.Server
	*servertest.Company
	operators []*servertest.Client // by node
}

// onStages runs histories on every engine and, where nodes can share a store, on
// two of them.
func onStages(t *testing.T, operations int, play func(t *testing.T, s *stage, chance *rand.Rand, number int)) {
	seed := dbtest.Seed(t)
	quiet := func(c *server.Config) { c.SMTP = "" } // what mails carry is derived
	for _, engine := range dbtest.Engines() {
		for nodes := range 2 {
			if nodes == 1 && engine == dbtest.SQLite {
				continue // one process has the file to itself
			}
			t.Run(fmt.Sprintf("%s on %d", engine, nodes+1), func(t *testing.T) {
				first := servertest.Start(t, engine, quiet)
				s := &stage{t: t, nodes: []*servertest.Server{first}}
				for range nodes {
					s.nodes = append(s.nodes, first.Beside(t, quiet))
				}
				for _, n := range s.nodes {
					s.operators = append(s.operators, n.Operator(t))
				}
				many := number(t, "TENURE_HISTORIES", 3)
				for n := range many {
					play(t, s, rand.New(rand.NewPCG(seed, uint64(n))), n)
					if t.Failed() {
						t.Fatalf("history %d of seed %d", n, seed)
					}
				}
				t.Logf("%d histories of %d operations", many, operations)
			})
		}
	}
}

// found makes an account whose owner came in by the link.
func (s *stage) found(name string) (account, owner string) {
	s.t.Helper()
	made := s.operators[0].Post("/v1/accounts", obj{"name": "Acme", "preset": "team",
		"owner": obj{"email": "owner@" + name + ".example", "first_name": "Olga", "last_name": "Owner"}}).OK()
	account = made.Text("account.id")
	in := s.nodes[0].Nobody(s.t).Post("/v1/invitations/accept", obj{"token": s.link(account, made.Text("invitation.id"), 1), "password": servertest.Password}).OK()
	return "/v1/accounts/" + account, in.Text("member.id")
}

// recorder writes a history down. Its clock only counts.
type recorder struct {
	tick atomic.Int64

	mu         sync.Mutex // guards operations
	operations []porcupine.Operation
}

// do makes one call of a client.
func (r *recorder) do(client int, input any, call func() (output any)) {
	o := porcupine.Operation{ClientId: client, Input: input, Call: r.tick.Add(1)}
	o.Output = call()
	o.Return = r.tick.Add(1)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.operations = append(r.operations, o)
}

// check looks whether the history could have been one call after the other.
func (r *recorder) check(t *testing.T, model porcupine.Model) {
	t.Helper()
	switch porcupine.CheckOperationsTimeout(model, r.operations, time.Minute) {
	case porcupine.Illegal:
		t.Error("no order of these calls explains what was answered")
		for _, o := range r.operations {
			t.Logf("%4d–%4d client %d: %+v → %+v", o.Call, o.Return, o.ClientId, o.Input, o.Output)
		}
	case porcupine.Unknown:
		t.Log("a history was too wide to be decided within a minute")
	}
}

// clients work at the same time, each with a chance of its own, until so many
// calls were made.
func clients(many, operations int, chance *rand.Rand, work func(client int, chance *rand.Rand)) {
	var left atomic.Int64
	left.Store(int64(operations))
	var all sync.WaitGroup
	for client := range many {
		own := rand.New(rand.NewPCG(chance.Uint64(), chance.Uint64()))
		all.Go(func() {
			for left.Add(-1) >= 0 {
				work(client, own)
			}
		})
	}
	all.Wait()
}

// said is how a call ended: with a code, empty for a success.
func said(a *servertest.Answer) string {
	if a.Status < 300 {
		return ""
	}
	return a.Text("code")
}
