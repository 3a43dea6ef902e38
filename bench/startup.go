package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	"tenure/bench/bare"
)

// start measures from the start of the process to its first answer, on the
// crowded database.
func (b *bench) start(ctx context.Context) (results []Result, err error) {
	c, err := b.crowd(ctx)
	if err != nil {
		return nil, err
	}
	if err := c.server.stop(); err != nil {
		return nil, err
	}
	defer func() {
		c.server, err = b.tenure(ctx, c.where)
	}()
	ours, plain := []float64{}, []float64{}
	for range b.rounds {
		for _, one := range []struct {
			took *[]float64
			path string
			run  func(listen string) (*running, error)
		}{
			{&ours, "/v1/about", func(listen string) (*running, error) { return b.tenure(ctx, c.where, "--listen", listen) }},
			{&plain, "/bytes/100", func(listen string) (*running, error) { return b.bareServer(ctx, bare.Config{Listen: listen}) }},
		} {
			ms, err := firstAnswer(one.path, one.run)
			if err != nil {
				return nil, err
			}
			*one.took = append(*one.took, ms)
		}
	}
	r := b.result("start to first answer", noWrite, 1, "ms", "≤ 150 ms")
	r.Tenure, r.Bare = spread(ours), spread(plain)
	r.Verdict = verdict(r.Tenure.Least <= 150)
	r.Notes = append(r.Notes, fmt.Sprintf("the process is started on a migrated database of %d members; judged by the best round", b.members))
	return []Result{r}, nil
}

// firstAnswer starts a server and asks it until it answers.
func firstAnswer(path string, run func(listen string) (*running, error)) (float64, error) {
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	listen := free.Addr().String()
	if err := free.Close(); err != nil {
		return 0, err
	}
	began := time.Now()
	answered := make(chan float64, 1)
	go func() {
		for time.Since(began) < time.Minute {
			if _, err := once(listen, "GET", path, "", nil, 200); err == nil {
				answered <- float64(time.Since(began).Microseconds()) / 1000
				return
			}
			time.Sleep(time.Millisecond)
		}
		answered <- -1
	}()
	server, err := run(listen)
	if err != nil {
		return 0, err
	}
	ms := <-answered
	if ms < 0 {
		err = errors.New("the server did not answer within a minute")
	}
	return ms, errors.Join(err, server.stop())
}

// idle measures the memory of a server that has nothing to do, on the crowded
// database.
func (b *bench) idle(ctx context.Context) ([]Result, error) {
	c, err := b.crowd(ctx)
	if err != nil {
		return nil, err
	}
	ours, err := b.fresh(ctx, c)
	if err != nil {
		return nil, err
	}
	plain, err := b.bareServer(ctx, bare.Config{})
	if err != nil {
		return nil, err
	}
	defer plain.stop()
	if _, err := once(ours.addr, "GET", "/v1/about", "", nil, 200); err != nil {
		return nil, err
	}
	took, beside := []float64{}, []float64{}
	for range 3 {
		select {
		case <-time.After(b.round):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		mine, err := ours.resident()
		if err != nil {
			return nil, err
		}
		its, err := plain.resident()
		if err != nil {
			return nil, err
		}
		took, beside = append(took, mine), append(beside, its)
	}
	r := b.result("memory when idle", noWrite, 0, "MiB", "≤ 80 MiB")
	r.Tenure, r.Bare = spread(took), spread(beside)
	r.Verdict = verdict(r.Tenure.Most <= 80)
	r.Notes = append(r.Notes, fmt.Sprintf("resident memory of a server that was just started on %d members and asked once", b.members))
	return []Result{r}, nil
}

// fresh starts the server of the crowded database anew.
func (b *bench) fresh(ctx context.Context, c *crowded) (*running, error) {
	if err := c.server.stop(); err != nil {
		return nil, err
	}
	var err error
	c.server, err = b.tenure(ctx, c.where)
	return c.server, err
}
