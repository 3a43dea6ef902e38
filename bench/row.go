package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/pprof"
	"time"
)

// bench is one row being measured on one engine.
type bench struct {
	options
	place    *place
	engine   *engine
	progress io.Writer
}

// row is what can be measured.
type row struct {
	name    string
	measure func(b *bench, ctx context.Context) ([]Result, error)
}

var rows = []row{
	{"session", (*bench).session},
	{"create", (*bench).create},
	{"list", (*bench).list},
	{"search", (*bench).search},
	{"invitations", (*bench).invite},
	{"leaving", (*bench).leaving},
	{"departures", (*bench).departures},
	{"together", (*bench).leaveTogether},
	{"registration", (*bench).registration},
	{"transfers", (*bench).transfers},
	{"start", (*bench).start},
	{"idle", (*bench).idle},
	{"huge", (*bench).hugeAccount},
}

func rowNames() []string {
	names := make([]string, len(rows))
	for i, r := range rows {
		names[i] = r.name
	}
	return names
}

// row measures one row, under a profile if that is asked for.
func (b *bench) row(ctx context.Context, r row) (results []Result, err error) {
	if b.profiles == "" {
		return r.measure(b, ctx)
	}
	file, err := os.Create(filepath.Join(b.profiles, r.name+"-"+b.engine.name+".pprof"))
	if err != nil {
		return nil, err
	}
	defer file.Close()
	if err := pprof.StartCPUProfile(file); err != nil {
		return nil, err
	}
	defer pprof.StopCPUProfile()
	return r.measure(b, ctx)
}

// result begins a line of the table.
func (b *bench) result(name, durability string, connections int, unit, bar string) Result {
	return Result{Row: name, Engine: b.engine.name, Durability: durability, Connections: connections, Unit: unit, Bar: bar, Verdict: reported,
		Bare: spread(nil), Tenure: spread(nil)}
}

const noWrite = "nothing is written"

// side is one of two that take turns.
type side struct {
	server *running
	ask    func(connection, i int) []byte
	want   int

	rates []float64 // answers a second, by round
	costs []float64 // microseconds of processor time an answer, by round
}

func (s *side) turn(ctx context.Context, connections int, lasting time.Duration) error {
	before, err := s.server.processorTime()
	if err != nil {
		return err
	}
	l, err := drive(ctx, s.server.addr, connections, lasting, s.want, s.ask)
	if err != nil {
		return err
	}
	after, err := s.server.processorTime()
	s.rates = append(s.rates, l.perSecond())
	s.costs = append(s.costs, float64((after-before).Microseconds())/float64(max(l.answers, 1)))
	return err
}

// alternate lets both sides take turns, the one that begins alternating, after a
// turn that does not count.
func (b *bench) alternate(ctx context.Context, ours, bare *side) (share Spread, err error) {
	for _, s := range []*side{ours, bare} {
		if err := s.turn(ctx, b.connections, b.round/2); err != nil {
			return share, err
		}
		s.rates, s.costs = nil, nil
	}
	for i := range b.rounds {
		order := []*side{ours, bare}
		if i%2 == 1 {
			order = []*side{bare, ours}
		}
		for _, s := range order {
			if err := s.turn(ctx, b.connections, b.round); err != nil {
				return share, err
			}
		}
	}
	shares := make([]float64, b.rounds)
	for i := range shares {
		shares[i] = 100 * ours.rates[i] / bare.rates[i]
	}
	return spread(shares), nil
}

// timed asks one question again and again on one connection and gives the median
// time of an answer, in milliseconds.
func timed(ctx context.Context, addr string, lasting time.Duration, ask []byte) (float64, error) {
	l, err := drive(ctx, addr, 1, lasting, 200, func(int, int) []byte { return ask })
	return float64(l.at(0.5).Microseconds()) / 1000, err
}

func members(c company, query string) []byte {
	return request("GET", fmt.Sprintf("/v1/accounts/%s/members?%s", c.id, query), c.owner.token, nil)
}
