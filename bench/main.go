// Bench measures Tenure as it is built and run, on SQLite and on PostgreSQL, and
// says of each row whether it holds what was promised. Beside each row stands a
// bare net/http server, measured in the same run, turn by turn:
//
//	go run ./bench
//
// It builds the program, fills databases of its own, starts and stops servers on
// the loopback interface, and leaves nothing behind. A row that does not hold is
// shown as a miss; the exit code is 0 whatever the rows say, and 1 when
// something could not be measured or was not correct.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"tenure/bench/bare"
)

// options is what is measured, and how long.
type options struct {
	rows        []string
	engines     []string
	connections int
	rounds      int
	round       time.Duration // of one side in one round
	members     int           // of the large account
	huge        int           // of the account beyond that; 0: none
	invitations int
	leavers     int           // who are deactivated under load
	holdings    int           // resources of somebody who leaves
	bulkLeavers int           // who leave in one departure; at most a thousand do
	imported    int           // resources of one stream
	trading     time.Duration // how long credits are moved
	lease       time.Duration // how long a node of several is waited for until it believes its memory
	dir         string        // where databases are put
	program     string        // the built program; empty: build it
	postgres    string        // a server where databases can be made; empty: one of its own
	profiles    string        // directory for CPU profiles; empty: none
	json        bool
}

// defaults is the whole run; docs/measured.md says with which rounds its figures
// were made.
func defaults() options {
	return options{
		rows: rowNames(), engines: []string{"sqlite", "postgres"}, connections: 16, rounds: 9, round: time.Second,
		members: 100_000, huge: 1_000_000, invitations: 10_000, leavers: 100, holdings: 10_000, bulkLeavers: 1000, imported: 100_000, trading: 10 * time.Second, lease: 3 * time.Second, dir: os.TempDir(),
	}
}

func main() {
	if os.Getenv(bare.Environment) != "" {
		os.Exit(bare.Main())
	}
	o := defaults()
	rows, engines := strings.Join(o.rows, ","), strings.Join(o.engines, ",")
	flag.StringVar(&rows, "rows", rows, "which rows")
	flag.StringVar(&engines, "engines", engines, "on which engines")
	flag.IntVar(&o.connections, "connections", o.connections, "connections of the rows under load")
	flag.IntVar(&o.rounds, "rounds", o.rounds, "how often both sides take turns")
	flag.DurationVar(&o.round, "round", o.round, "how long a turn takes")
	flag.IntVar(&o.members, "members", o.members, "members of the large account")
	flag.IntVar(&o.huge, "huge", o.huge, "members of the huge account, which is only reported; 0 leaves it out")
	flag.IntVar(&o.invitations, "invitations", o.invitations, "invitations of one call")
	flag.IntVar(&o.leavers, "leavers", o.leavers, "members who are deactivated under load")
	flag.IntVar(&o.holdings, "holdings", o.holdings, "resources of a member who leaves")
	flag.IntVar(&o.bulkLeavers, "together", o.bulkLeavers, "members who leave in one departure")
	flag.IntVar(&o.imported, "imported", o.imported, "resources that are registered in one stream")
	flag.DurationVar(&o.trading, "trading", o.trading, "how long credits are moved")
	flag.StringVar(&o.dir, "dir", o.dir, "where databases are put, on the disk that is to be measured")
	flag.StringVar(&o.program, "program", "", "the built program; without it, it is built")
	flag.StringVar(&o.postgres, "postgres", "", "the postgres:// address of a server where databases can be made; without it, one is started and thrown away")
	flag.StringVar(&o.profiles, "profiles", "", "run the server inside this process and write a CPU profile of each row into this directory")
	flag.BoolVar(&o.json, "json", false, "print JSON instead of a table")
	flag.Parse()
	o.rows, o.engines = strings.Split(rows, ","), strings.Split(engines, ",")
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, o, os.Stdout, os.Stderr)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// run measures and prints.
func run(ctx context.Context, o options, out, progress io.Writer) error {
	if flag.NArg() > 0 {
		return fmt.Errorf("%q is not understood", flag.Arg(0))
	}
	for _, name := range o.rows {
		if !slices.Contains(rowNames(), name) {
			return fmt.Errorf("there is no row %q; there are %s", name, strings.Join(rowNames(), ", "))
		}
	}
	report, err := measure(ctx, o, progress)
	if o.json { // also what was measured before something went wrong
		return errors.Join(err, report.json(out))
	}
	return errors.Join(err, report.table(out))
}

// measure runs the rows on each engine.
func measure(ctx context.Context, o options, progress io.Writer) (report Report, err error) {
	report.Began = time.Now().UTC()
	place, err := prepare(o)
	if err != nil {
		return report, err
	}
	defer func() { err = errors.Join(err, place.clear()) }()
	if report.Machine, err = machine(place.dir); err != nil {
		return report, err
	}
	for _, engine := range o.engines {
		results, version, err := place.measure(ctx, o, engine, progress)
		report.Results = append(report.Results, results...)
		report.Machine.Engines[engine] = version
		if err != nil {
			return report, err
		}
	}
	report.Load = loadAverage()
	return report, nil
}

// measure runs the rows on one engine.
func (p *place) measure(ctx context.Context, o options, engine string, progress io.Writer) (results []Result, version string, err error) {
	e, err := p.engine(engine)
	if err != nil {
		return nil, "", err
	}
	defer func() { err = errors.Join(err, e.clear(context.WithoutCancel(ctx))) }()
	if version, err = e.version(ctx); err != nil {
		return nil, "", err
	}
	for _, row := range rows {
		if !slices.Contains(o.rows, row.name) {
			continue
		}
		fmt.Fprintf(progress, "%s %s on %s …\n", time.Now().Format("15:04:05"), row.name, engine)
		b := &bench{options: o, place: p, engine: e, progress: progress}
		of, err := b.row(ctx, row)
		results = append(results, of...)
		if err != nil {
			return results, version, fmt.Errorf("%s on %s: %w", row.name, engine, err)
		}
	}
	return results, version, nil
}
