package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"tenure/bench/bare"
	"tenure/internal/server"
)

// devices is how many sessions the checks go round.
const devices = 64

// session measures GET /v1/session, the question that a host app asks on every
// request.
func (b *bench) session(ctx context.Context) ([]Result, error) {
	where, err := b.engine.fresh(ctx)
	if err != nil {
		return nil, err
	}
	var c company
	var people []person
	if err := build(ctx, where, func(h house) error {
		if c, err = h.found(ctx, "Sessions"); err == nil {
			people, err = h.joinMany(ctx, c, devices)
		}
		return err
	}); err != nil {
		return nil, err
	}
	alone, err := allocationsInside(ctx, where, people[0].token)
	if err != nil {
		return nil, err
	}
	ours, err := b.tenure(ctx, where)
	if err != nil {
		return nil, err
	}
	defer ours.stop()
	answer, err := once(ours.addr, "GET", "/v1/session", people[0].token, nil, 200)
	if err != nil {
		return nil, err
	}
	plain, err := b.bareServer(ctx, bare.Config{})
	if err != nil {
		return nil, err
	}
	defer plain.stop()
	if err := b.believed(ctx); err != nil {
		return nil, err
	}
	asks := make([][]byte, len(people))
	for i, p := range people {
		asks[i] = request("GET", "/v1/session", p.token, nil)
	}
	ask := request("GET", fmt.Sprintf("/bytes/%d", len(answer)), people[0].token, nil)
	checked := &side{server: ours, want: 200, ask: func(connection, i int) []byte { return asks[(connection+i)%len(asks)] }}
	answered := &side{server: plain, want: 200, ask: func(int, int) []byte { return ask }}
	r := b.result("session check", noWrite, b.connections, "answers/s", "≥ 60 % of bare")
	share, err := b.alternate(ctx, checked, answered)
	if err != nil {
		return nil, err
	}
	whole, err := b.allocationsOutside(ctx, checked)
	if err != nil {
		return nil, err
	}
	r.Tenure, r.Bare, r.Share, r.Verdict = spread(checked.rates), spread(answered.rates), &share, verdict(share.Median >= 60)
	r.Notes = append(r.Notes,
		fmt.Sprintf("processor time an answer: %s µs, bare %s µs", spread(checked.costs).text(), spread(answered.costs).text()),
		fmt.Sprintf("allocations an answer: %.1f in the whole process with net/http%s", whole, alone))
	return []Result{r}, nil
}

// believed waits until a node of several believes its memory: a lease after it
// came.
func (b *bench) believed(ctx context.Context) error {
	if b.engine.name == "sqlite" {
		return nil
	}
	select {
	case <-time.After(b.lease):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// allocationsOutside is how many objects the whole server allocates for an
// answer.
func (b *bench) allocationsOutside(ctx context.Context, s *side) (float64, error) {
	before, err := s.server.allocations()
	if err != nil {
		return 0, err
	}
	l, err := drive(ctx, s.server.addr, b.connections, b.round, s.want, s.ask)
	if err != nil {
		return 0, err
	}
	after, err := s.server.allocations()
	return (after - before) / float64(max(l.answers, 1)), err
}

// counted is how many objects an answer allocates, by part.
type counted struct{ handler, check float64 }

func (n *counted) String() string {
	if n == nil {
		return ""
	}
	return fmt.Sprintf(", %.0f in the handler, %.0f in the check itself", n.handler, n.check)
}

// allocationsInside counts in this process, on the handler and on the check. It
// counts nothing on a node of several: that believes its memory under a lease
// which only a server that runs takes.
func allocationsInside(ctx context.Context, where, token string) (n *counted, err error) {
	s, err := server.New(ctx, server.Config{Listen: "127.0.0.1:0", Database: where, OperatorKey: operatorKey, Secret: serverKey,
		Log: slog.New(slog.NewJSONHandler(io.Discard, nil))})
	if err != nil {
		return n, err
	}
	defer s.Close()
	if s.Parts().DB.Shared() {
		return nil, nil
	}
	n = &counted{}
	ask := httptest.NewRequest(http.MethodGet, "/v1/session", nil)
	ask.Header.Set("Authorization", "Bearer "+token)
	to := &nowhere{header: http.Header{}}
	n.handler = testing.AllocsPerRun(1000, func() {
		clear(to.header)
		s.Handler().ServeHTTP(to, ask)
	})
	if to.status != http.StatusOK {
		return n, fmt.Errorf("the handler answered %d", to.status)
	}
	n.check = testing.AllocsPerRun(1000, func() { _, _, err = s.Parts().Rooms.Sessions.Check(ctx, token) })
	return n, err
}

// nowhere takes an answer that nobody reads.
type nowhere struct {
	header http.Header
	status int
}

func (n *nowhere) Header() http.Header    { return n.header }
func (n *nowhere) WriteHeader(status int) { n.status = status }

func (n *nowhere) Write(b []byte) (int, error) {
	if n.status == 0 {
		n.status = http.StatusOK
	}
	return len(b), nil
}
