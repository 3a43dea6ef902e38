package main

import (
	"context"
	"fmt"
	"sync/atomic"

	"tenure/bench/bare"
)

// create measures adding a member: a row, an event in the chain, and the head,
// on the disk before the answer. The bare server stores the same rows with the
// same indexes, many in one commit.
func (b *bench) create(ctx context.Context) ([]Result, error) {
	one, err := b.createIn(ctx, "durable create, one account", 1)
	if err != nil {
		return nil, err
	}
	many, err := b.createIn(ctx, "durable create, an account each", b.connections)
	return []Result{one, many}, err
}

func (b *bench) createIn(ctx context.Context, name string, accounts int) (Result, error) {
	r := b.result(name, b.engine.durability, b.connections, "creates/s", "≥ 50 % of bare")
	companies := make([]company, accounts)
	ours, plain := &side{want: 201}, &side{want: 200}
	var started []*running
	defer func() {
		for _, s := range started {
			s.stop()
		}
	}()
	for _, s := range []*side{ours, plain} {
		where, err := b.engine.fresh(ctx)
		if err != nil {
			return r, err
		}
		if err := build(ctx, where, func(h house) error {
			for i := range companies {
				if companies[i], err = h.found(ctx, "Creates"); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			return r, err
		}
		if s == ours {
			s.ask, s.server, err = b.askTenure(ctx, where, companies)
		} else {
			s.ask, s.server, err = b.askBare(ctx, where, companies[0])
		}
		if err != nil {
			return r, err
		}
		started = append(started, s.server)
	}
	share, err := b.alternate(ctx, ours, plain)
	if err != nil {
		return r, err
	}
	r.Tenure, r.Bare, r.Share, r.Verdict = spread(ours.rates), spread(plain.rates), &share, verdict(share.Median >= 50)
	r.Notes = append(r.Notes, fmt.Sprintf("processor time a create, without the engine's own processes: %s µs, bare %s µs", spread(ours.costs).text(), spread(plain.costs).text()))
	return r, nil
}

var created atomic.Int64

// newcomer is a member to be added, whom nobody has added before.
func newcomer(active string) []byte {
	n := created.Add(1)
	return fmt.Appendf(nil, `{"first_name":"Nora","last_name":"Newcomer %d","email":"nora.%d@example.com","active":%s}`, n, n, active)
}

func (b *bench) askTenure(ctx context.Context, where string, companies []company) (func(connection, i int) []byte, *running, error) {
	server, err := b.tenure(ctx, where)
	owners := make([]string, len(companies))
	paths := make([]string, len(companies))
	for i, c := range companies {
		owners[i], paths[i] = c.owner.token, "/v1/accounts/"+string(c.id)+"/members"
	}
	return func(connection, _ int) []byte {
		at := connection % len(owners)
		return request("POST", paths[at], owners[at], newcomer("false"))
	}, server, err
}

func (b *bench) askBare(ctx context.Context, where string, c company) (func(connection, i int) []byte, *running, error) {
	server, err := b.bareServer(ctx, bare.Config{Database: where, Account: string(c.id), Role: ordinary})
	return func(int, int) []byte { return request("POST", "/members", c.owner.token, newcomer("false")) }, server, err
}
