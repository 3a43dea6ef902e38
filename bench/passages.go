package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"tenure/bench/bare"
)

// invite measures one call that invites very many addresses.
func (b *bench) invite(ctx context.Context) ([]Result, error) {
	where, err := b.engine.fresh(ctx)
	if err != nil {
		return nil, err
	}
	turns := min(b.rounds, 3)
	companies := make([]company, turns)
	if err := build(ctx, where, func(h house) error {
		for i := range companies {
			if companies[i], err = h.found(ctx, "Invites"); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		return nil, err
	}
	server, err := b.tenure(ctx, where)
	if err != nil {
		return nil, err
	}
	defer server.stop()
	plain, err := b.bareServer(ctx, bare.Config{})
	if err != nil {
		return nil, err
	}
	defer plain.stop()
	took, beside := []float64{}, []float64{}
	for _, c := range companies {
		var order bytes.Buffer
		order.WriteString(`{"role":"` + ordinary + `","emails":[`)
		for i := range b.invitations {
			fmt.Fprintf(&order, `%s"invitee.%d@example.com"`, []string{"", ","}[min(i, 1)], i)
		}
		order.WriteString("]}")
		began := time.Now()
		answer, err := once(server.addr, "POST", "/v1/accounts/"+string(c.id)+"/invitations", c.owner.token, order.Bytes(), 200)
		took = append(took, time.Since(began).Seconds())
		if err != nil {
			return nil, err
		}
		if n := bytes.Count(answer, []byte(`"verdict":"invited"`)); n != b.invitations {
			return nil, fmt.Errorf("%d were invited, not %d", n, b.invitations)
		}
		ms, err := timed(ctx, plain.addr, b.round/4, request("GET", "/bytes/60000", "", nil))
		if err != nil {
			return nil, err
		}
		beside = append(beside, ms/1000)
	}
	r := b.result(fmt.Sprintf("%d invitations in one call", b.invitations), b.engine.durability, 1, "s", "≤ 5 s")
	r.Tenure, r.Bare = spread(took), spread(beside)
	r.Verdict = verdict(r.Tenure.Least <= 5)
	r.Notes = append(r.Notes, "each with an event and a mail in the outbox, which no mail server takes; judged by the best round; bare: an answer of 60 kB")
	return []Result{r}, nil
}

// leaving measures how soon those who are deactivated are refused, while every
// connection checks sessions. On PostgreSQL the checks go to two nodes, and the
// deactivations to one of them.
func (b *bench) leaving(ctx context.Context) (results []Result, err error) {
	where, err := b.engine.fresh(ctx)
	if err != nil {
		return nil, err
	}
	var c company
	var people []person
	if err := build(ctx, where, func(h house) error {
		if c, err = h.found(ctx, "Leaving"); err == nil {
			people, err = h.joinMany(ctx, c, b.leavers)
		}
		return err
	}); err != nil {
		return nil, err
	}
	nodes := []string{}
	for range map[string]int{"sqlite": 1, "postgres": 2}[b.engine.name] {
		server, err := b.tenure(ctx, where)
		if err != nil {
			return nil, err
		}
		defer func() { err = errors.Join(err, server.stop()) }()
		nodes = append(nodes, server.addr)
	}
	l := &leaving{nodes: nodes, company: c, people: people, asks: make([][]byte, len(people)), gone: make([]atomic.Int64, len(people)), began: time.Now()}
	for i, p := range people {
		l.asks[i] = request("GET", "/v1/session", p.token, nil)
	}
	if err := l.run(ctx, b.connections); err != nil {
		return nil, err
	}
	r := b.result("deactivation until refused, under load", b.engine.durability, b.connections, "accepted", "0 accepted")
	r.Tenure, r.Verdict = single(float64(l.late.Load())), verdict(l.late.Load() == 0)
	r.Notes = append(r.Notes, fmt.Sprintf("%d were deactivated on one of %d nodes, each call took %s ms; of %d checks meanwhile, %d of who had left began after the call had returned",
		len(people), len(nodes), spread(l.took).text(), l.checks.Load(), l.after.Load()),
		"a bare server has nothing to compare: it refuses nobody")
	return []Result{r}, nil
}

// leaving is a company that everybody leaves.
type leaving struct {
	nodes   []string
	company company
	people  []person
	asks    [][]byte
	began   time.Time
	gone    []atomic.Int64 // when the call that deactivated each returned, in nanoseconds since the beginning; 0: not yet
	took    []float64      // milliseconds

	checks, after, late atomic.Int64
	over                atomic.Bool
}

func (l *leaving) run(ctx context.Context, connections int) error {
	var all sync.WaitGroup
	failed := make([]error, connections+1)
	for c := range connections {
		all.Go(func() { failed[c] = l.check(ctx, c) })
	}
	all.Go(func() {
		defer l.over.Store(true)
		failed[connections] = l.deactivateAll(ctx)
	})
	all.Wait()
	return errors.Join(failed...)
}

// check checks one session after the other, and counts who is let in although
// they were gone before the question was asked.
func (l *leaving) check(ctx context.Context, connection int) error {
	w, err := dial(l.nodes[connection%len(l.nodes)])
	if err != nil {
		return err
	}
	defer w.conn.Close()
	last := 2 * len(l.people) // after all have left, everybody is asked for twice
	for i := connection; last > 0 && ctx.Err() == nil; i++ {
		if l.over.Load() {
			last--
		}
		who := i % len(l.people)
		asked := time.Since(l.began).Nanoseconds()
		status, body, err := w.ask(l.asks[who])
		if err != nil {
			return err
		}
		gone := l.gone[who].Load()
		before := gone != 0 && asked > gone
		l.checks.Add(1)
		if before {
			l.after.Add(1)
		}
		switch {
		case status == 200 && before:
			l.late.Add(1)
		case status != 200 && status != 401:
			return fmt.Errorf("a check was answered %d: %.200s", status, body)
		}
	}
	return ctx.Err()
}

func (l *leaving) deactivateAll(ctx context.Context) error {
	for i, p := range l.people {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		path := "/v1/accounts/" + string(l.company.id) + "/departures"
		answer, err := once(l.nodes[0], "POST", path, l.company.owner.token, fmt.Appendf(nil, `{"members":[%q],"kind":"deactivate"}`, p.member), 201)
		if err != nil {
			return err
		}
		var plan struct{ ID, Digest string }
		if err := json.Unmarshal(answer, &plan); err != nil {
			return err
		}
		began := time.Now()
		if _, err := once(l.nodes[0], "POST", path+"/"+plan.ID+"/apply", l.company.owner.token, fmt.Appendf(nil, `{"digest":%q}`, plan.Digest), 200); err != nil {
			return err
		}
		l.gone[i].Store(time.Since(l.began).Nanoseconds())
		l.took = append(l.took, float64(time.Since(began).Microseconds())/1000)
	}
	return nil
}
