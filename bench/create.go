package main

import (
	"context"
	"fmt"
	"sync/atomic"

	"tenure/bench/bare"
	"tenure/internal/member/crowd"
)

// create measures adding a member: a row, an event in the chain, and the head,
// on the disk before the answer. The bare server stores the same rows with the
// same indexes, many in one commit. Both add to accounts that have members, of
// which the engine knows how many there are.
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
		companies := make([]company, accounts)
		if err := build(ctx, where, func(h house) error {
			for i := range companies {
				if companies[i], err = h.found(ctx, "Creates"); err != nil {
					return err
				}
				if _, err = crowd.Fill(ctx, h.DB, companies[i].id, each, func(n int) crowd.Person { return crowd.Named(n, ordinary) }); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			return r, err
		}
		if err := b.engine.settle(ctx, where); err != nil {
			return r, err
		}
		if s == ours {
			s.ask, s.server, err = b.askTenure(ctx, where, companies)
		} else {
			s.ask, s.server, err = b.askBare(ctx, where, companies)
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
	return additions("/v1", companies), server, err
}

func (b *bench) askBare(ctx context.Context, where string, companies []company) (func(connection, i int) []byte, *running, error) {
	server, err := b.bareServer(ctx, bare.Config{Database: where, Role: ordinary})
	return additions("", companies), server, err
}

// additions asks to add somebody, each connection in an account of its own while
// there are any.
func additions(base string, companies []company) func(connection, i int) []byte {
	return func(connection, _ int) []byte {
		c := companies[connection%len(companies)]
		return request("POST", base+"/accounts/"+string(c.id)+"/members", c.owner.token, newcomer("false"))
	}
}
