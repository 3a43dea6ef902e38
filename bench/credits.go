package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"tenure/bench/bare"
	"tenure/internal/server"
)

const (
	movers  = 64 // connections that move credits at the same time
	wallets = 16 // of members, between which they move; one more is the company's
	stock   = 10_000
)

// transfers moves credits between few wallets of one account over many
// connections, for as long as it is told to. On PostgreSQL they go to two nodes.
// Afterwards the wallets must hold what was bought, and the ledger must add up.
func (b *bench) transfers(ctx context.Context) (results []Result, err error) {
	m, where, err := b.market(ctx)
	if err != nil {
		return nil, err
	}
	running := []*running{}
	stop := func() (err error) {
		for _, s := range running {
			err = errors.Join(err, s.stop())
		}
		running = nil
		return err
	}
	defer func() { err = errors.Join(err, stop()) }()
	for range map[string]int{"sqlite": 1, "postgres": 2}[b.engine.name] {
		s, err := b.tenure(ctx, where)
		if err != nil {
			return nil, err
		}
		running, m.nodes = append(running, s), append(m.nodes, s.addr)
	}
	if err := m.open(); err != nil {
		return nil, err
	}
	began := time.Now()
	if err := m.trade(ctx, b.trading); err != nil {
		return nil, err
	}
	took := time.Since(began)
	drift, err := m.drift()
	if err != nil {
		return nil, err
	}
	beside, err := b.answers(ctx)
	if err != nil {
		return nil, err
	}
	if err := stop(); err != nil {
		return nil, err
	}
	defects, err := verified(ctx, where)
	if err != nil {
		return nil, err
	}
	r := b.result("contended transfers of credits", b.engine.durability, movers, "transfers/s", "drift 0")
	r.Tenure, r.Bare = single(float64(m.moved.Load())/took.Seconds()), beside
	r.Verdict = verdict(drift == 0 && defects == 0)
	r.Notes = append(r.Notes, fmt.Sprintf("%d transfers in %s between %d wallets of one account on %d nodes, %d more refused for want of credits; drift %d, verify found %d defects",
		m.moved.Load(), took.Round(time.Second), wallets+1, len(m.nodes), m.refused.Load(), drift, defects), "bare: answers of 400 bytes, which write nothing")
	return []Result{r}, nil
}

// market is an account whose members move credits.
type market struct {
	nodes   []string
	company company
	wallets []string

	moved, refused atomic.Int64
}

func (b *bench) market(ctx context.Context) (*market, string, error) {
	where, err := b.engine.fresh(ctx)
	if err != nil {
		return nil, "", err
	}
	m := &market{wallets: []string{"company"}}
	return m, where, build(ctx, where, func(h house) error {
		if m.company, err = h.found(ctx, "Market"); err != nil {
			return err
		}
		people, err := h.joinMany(ctx, m.company, wallets)
		for _, p := range people {
			m.wallets = append(m.wallets, string(p.member))
		}
		return err
	})
}

func (m *market) path(rest string) string {
	return "/v1/accounts/" + string(m.company.id) + "/credits" + rest
}

// open buys the stock.
func (m *market) open() error {
	_, err := once(m.nodes[0], "POST", m.path("/purchases"), operatorKey, fmt.Appendf(nil, `{"amount":%d}`, stock), 201)
	return err
}

// trade moves credits until the time is over.
func (m *market) trade(ctx context.Context, lasting time.Duration) error {
	end := time.Now().Add(lasting)
	var all sync.WaitGroup
	failed := make([]error, movers)
	for i := range movers {
		all.Go(func() { failed[i] = m.mover(ctx, i, end) })
	}
	all.Wait()
	return errors.Join(failed...)
}

func (m *market) mover(ctx context.Context, i int, end time.Time) error {
	w, err := dial(m.nodes[i%len(m.nodes)])
	if err != nil {
		return err
	}
	defer w.conn.Close()
	random := rand.New(rand.NewPCG(uint64(i), 1))
	for n := 0; ctx.Err() == nil && (n == 0 || time.Now().Before(end)); n++ {
		from, to := random.IntN(len(m.wallets)), random.IntN(len(m.wallets)-1)
		if to >= from {
			to++
		}
		body := fmt.Appendf(nil, `{"from":%q,"to":%q,"amount":%d}`, m.wallets[from], m.wallets[to], 1+random.IntN(stock/wallets))
		status, answer, err := w.ask(request("POST", m.path("/transfers"), m.company.owner.token, body))
		switch {
		case err != nil:
			return err
		case status == 201:
			m.moved.Add(1)
		case status == 409:
			m.refused.Add(1)
		default:
			return fmt.Errorf("a transfer was answered %d: %.200s", status, answer)
		}
	}
	return ctx.Err()
}

// drift is how far what the wallets hold is from what was bought.
func (m *market) drift() (int64, error) {
	answer, err := once(m.nodes[0], "GET", m.path("?limit=200"), m.company.owner.token, nil, 200)
	if err != nil {
		return 0, err
	}
	var held struct {
		Company, Spent int64
		Members        []struct{ Balance int64 }
	}
	if err := json.Unmarshal(answer, &held); err != nil {
		return 0, err
	}
	sum := held.Company + held.Spent
	for _, h := range held.Members {
		sum += h.Balance
	}
	return sum - stock, nil
}

// answers is what a bare server answers over as many connections.
func (b *bench) answers(ctx context.Context) (Spread, error) {
	plain, err := b.bareServer(ctx, bare.Config{})
	if err != nil {
		return Spread{}, err
	}
	ask := request("GET", "/bytes/400", "", nil)
	l, err := drive(ctx, plain.addr, movers, b.round, 200, func(int, int) []byte { return ask })
	return single(l.perSecond()), errors.Join(err, plain.stop())
}

// verified counts what tenure verify finds broken in a database.
func verified(ctx context.Context, where string) (int, error) {
	report, err := server.Verify(ctx, server.Config{Database: where, Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	return len(report.Defects), err
}
