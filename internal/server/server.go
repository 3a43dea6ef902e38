// Package server puts Tenure together: a configuration in, a handler and its
// runners out. The program and the tests use the same one. What one room needs
// of another beside or above it is given here, as a function.
package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"tenure/internal/api"
	"tenure/internal/attempt"
	"tenure/internal/bearer"
	"tenure/internal/db"
	"tenure/internal/factor"
	"tenure/internal/fault"
	"tenure/internal/job"
	"tenure/internal/key"
	"tenure/internal/language"
	"tenure/internal/mail"
	"tenure/internal/operator"
	"tenure/internal/outbox"
	"tenure/internal/secret"
	"tenure/internal/session"
	"tenure/internal/user"
	"tenure/ui"
)

// Server is a server that is put together and listens, but does not serve yet.
type Server struct {
	config      Config
	log         *slog.Logger
	db          *db.DB
	keeper      *secret.Keeper
	hasher      *user.Hasher
	sessions    *session.Cache
	keys        *key.Ring
	remembered  *bearer.Memory
	fleet       *bearer.Fleet // nil: this node has the store to itself
	rooms       api.Rooms
	jobs        *job.Runner
	courier     *mail.Courier // nil: mails wait
	listener    net.Listener
	handler     *api.Handler
	origin      *url.URL
	operatorKey string
}

// memory is how many sessions are answered without asking the store.
const memory = 200_000

// New opens the database, brings it up to date, puts the rooms together and
// listens. An error of the configuration is a *ConfigError.
func New(ctx context.Context, c Config) (*Server, error) {
	c = c.withDefaults()
	s := &Server{config: c, log: c.Log}
	if err := s.begin(ctx, c); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// begin looks at the whole configuration before it leaves any trace, and makes
// the operator key last: it is shown once, at the start that made it.
func (s *Server) begin(ctx context.Context, c Config) (err error) {
	if err := c.check(); err != nil {
		return err
	}
	if s.listener, err = net.Listen("tcp", c.Listen); err != nil {
		return wrong("--listen %s does not work: %v.", c.Listen, errors.Unwrap(err))
	}
	if s.db, err = open(ctx, c); err != nil {
		return err
	}
	if err := s.db.Claim(ctx); errors.Is(err, db.ErrClaimed) {
		return wrong("Another tenure serve works on %s already: stop it first, or give this one another --database.", c.Database)
	} else if err != nil {
		return err
	}
	if s.keeper, err = c.keeper(); err != nil {
		return err
	}
	if err := migrate(ctx, s.db, c); err != nil {
		return err
	}
	s.wire()
	if err := s.openDoor(); err != nil {
		return err
	}
	s.operatorKey, err = s.rooms.Operators.Ensure(ctx, c.OperatorKey)
	if fault.Code(err) == "key_ended" {
		s.log.Warn("the configured operator key has been revoked or has run out: it does not count", "flag", "--operator-key")
		return nil
	}
	return err
}

// open opens the database. It leaves out of what it says how the driver came to
// it, which has more than one line.
func open(ctx context.Context, c Config) (*db.DB, error) {
	if err := c.checkDatabase(); err != nil {
		return nil, err
	}
	o := db.Options{Log: c.Log, Steps: c.Steps}
	if c.Clock != nil {
		o.Clock = c.Clock.Now
	}
	d, err := db.Open(ctx, c.Database, o)
	switch {
	case err == nil:
		return d, nil
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case c.onPostgres():
		return nil, wrong("--database does not lead to a PostgreSQL server that works: %s.", oneLine(err))
	default:
		return nil, wrong("--database %s cannot be opened: %s.", c.Database, oneLine(err))
	}
}

// migrate brings the schema up to date, and refuses one that a newer program made.
func migrate(ctx context.Context, d *db.DB, c Config) error {
	return c.newer(d.Migrate(ctx))
}

// newer says of a schema that a newer program made what to do.
func (c Config) newer(err error) error {
	switch {
	case !errors.Is(err, db.ErrNewer):
		return err
	case c.onPostgres(): // its address has a password
		return wrong("A newer tenure has worked on this database: start that one or a later one.")
	default:
		return wrong("A newer tenure has worked on %s: start that one or a later one.", c.Database)
	}
}

// oneLine gives what went wrong in one line, without the full stop.
func oneLine(err error) string {
	return strings.TrimSuffix(strings.Join(strings.Fields(strings.TrimPrefix(err.Error(), "open database: ")), " "), ".")
}

// openDoor makes the handler and the courier: both need to know the origin.
func (s *Server) openDoor() error {
	origin, err := s.config.origin(s.listener.Addr())
	if err != nil {
		return err
	}
	s.origin = origin
	proxies, err := s.config.proxies()
	if err != nil {
		return err
	}
	if s.config.SMTP == "" {
		s.log.Warn("no mail server is given, so mails wait in the outbox", "flag", "--smtp")
	} else if s.courier, err = mail.New(s.db, s.keeper, mail.Options{
		Server: s.config.SMTP, From: s.config.MailFrom, Origin: origin.String(), Log: s.log,
	}); err != nil {
		return wrong("%v.", err)
	}
	limits, err := s.config.limits()
	if err != nil {
		return err
	}
	s.remembered.Guard(limits)
	measured := newMetrics(s, limits)
	c := api.Config{
		Origin: origin, Version: s.config.Version, SignUpOpen: s.config.SignUp, MailFrom: s.config.MailFrom, Product: s.config.Product, Languages: languages(),
		TrustedProxies: proxies, Limits: limits, Log: s.log, Mailbox: s.config.Mailbox, Ready: s.ready,
		Metrics: measured.handler(), MetricsToken: s.config.MetricsToken, Observe: measured.observe, Keys: s.keeper,
		Heartbeat: s.config.Heartbeat, Slowest: s.config.Slowest,
	}
	c.App, c.AppBuilt = ui.Dist()
	if s.config.TestClock && s.config.Clock != nil {
		c.Clock = &turned{s.config.Clock, s.db}
	}
	s.handler, err = api.New(c, s.rooms)
	return err
}

func languages() []api.Language {
	var spoken []api.Language
	for _, l := range language.All() {
		spoken = append(spoken, api.Language{Code: l.Tag, Name: l.Name})
	}
	return spoken
}

// ready says why requests cannot be taken.
func (s *Server) ready(ctx context.Context) error { return s.db.Ping(ctx) }

// Parts is what the server is made of, for who fills it with a made-up company.
type Parts struct {
	DB     *db.DB
	Keeper *secret.Keeper
	Hasher *user.Hasher
	Rooms  api.Rooms
}

// Parts gives them.
func (s *Server) Parts() Parts { return Parts{s.db, s.keeper, s.hasher, s.rooms} }

// Handler answers every request.
func (s *Server) Handler() http.Handler { return s.handler }

// Routes gives every route of the server, as method and pattern.
func (s *Server) Routes() []string { return s.handler.Routes() }

// Addr is where the server listens.
func (s *Server) Addr() net.Addr { return s.listener.Addr() }

// Origin is where people reach the server.
func (s *Server) Origin() string { return s.origin.String() }

// OperatorKey is the key that was made at this start, or nothing.
func (s *Server) OperatorKey() string { return s.operatorKey }

// patience is how long requests in flight may take to finish.
const patience = 20 * time.Second

// Run serves and works until the context ends. Then it takes no new request,
// finishes what is in flight, stops the runners and closes the database.
func (s *Server) Run(ctx context.Context) error {
	working, stop := context.WithCancel(context.WithoutCancel(ctx))
	var runners errgroup.Group
	s.work(working, &runners)
	web := &http.Server{
		Handler: s.handler, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: s.config.Slowest, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
		ErrorLog: slog.NewLogLogger(s.log.Handler(), slog.LevelWarn),
	}
	served := make(chan error, 1)
	go func() { served <- web.Serve(s.listener) }()
	s.log.Info("serving", "address", s.listener.Addr().String(), "database", s.db.Engine())
	var err error
	select {
	case err = <-served:
	case <-ctx.Done():
		s.log.Info("stopping")
		finishing, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
		defer cancel()
		s.rooms.Trail.Close() // what never finishes by itself
		if err = web.Shutdown(finishing); err != nil {
			err = errors.Join(err, web.Close()) // whoever is not done by now is cut off, before the store closes under them
		}
		<-served
	}
	if errors.Is(err, http.ErrServerClosed) {
		err = nil
	}
	stop()
	err = errors.Join(err, runners.Wait(), s.Close())
	if err == nil {
		s.log.Info("stopped")
	}
	return err
}

// work starts what runs beside the requests.
func (s *Server) work(ctx context.Context, runners *errgroup.Group) {
	runners.Go(func() error {
		s.sessions.Run(ctx, func(err error) { s.log.Error("when sessions were last seen cannot be written", "error", err) })
		return nil
	})
	runners.Go(func() error {
		s.keys.Run(ctx, func(err error) { s.log.Error("when keys were last used cannot be written", "error", err) })
		return nil
	})
	runners.Go(func() error {
		s.rooms.Operators.Run(ctx, func(err error) { s.log.Error("when operator keys were last used cannot be written", "error", err) })
		return nil
	})
	if s.fleet != nil {
		runners.Go(func() error {
			s.fleet.Run(ctx, func(err error) { s.log.Error("what other nodes have ended cannot be read", "error", err) })
			return nil
		})
	}
	runners.Go(func() error {
		s.jobs.Run(ctx)
		return nil
	})
	runners.Go(func() error {
		s.sweep(ctx)
		return nil
	})
	if s.courier != nil {
		runners.Go(func() error { return s.courier.Run(ctx) })
	}
}

// When what counts nothing any more is deleted: for the first time once the
// server has got going, also one that never runs for long.
const (
	firstSweep = time.Minute
	sweepEvery = time.Hour
)

// sweep deletes now and then what counts nothing any more.
func (s *Server) sweep(ctx context.Context) {
	next := time.NewTimer(firstSweep)
	defer next.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-next.C:
			s.sweepOnce(ctx)
			next.Reset(sweepEvery)
		}
	}
}

func (s *Server) sweepOnce(ctx context.Context) {
	of := func(sweep func(context.Context, *db.DB) error) func(context.Context) error {
		return func(ctx context.Context) error { return sweep(ctx, s.db) }
	}
	for _, sweep := range []func(context.Context) error{
		of(attempt.Sweep), of(factor.Sweep), s.rooms.Once.Sweep, s.sessions.Sweep, of(outbox.Sweep), of(job.Sweep),
	} {
		if err := sweep(ctx); err != nil && ctx.Err() == nil {
			s.log.Error("what counts nothing any more cannot be deleted", "error", err)
		}
	}
}

// Close lets go of what New took, for a server that is not run.
func (s *Server) Close() error {
	var errs []error
	if s.listener != nil {
		if err := s.listener.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
			errs = append(errs, err)
		}
	}
	if s.db != nil {
		errs = append(errs, s.db.Close())
	}
	return errors.Join(errs...)
}

// ResetOperatorKeys revokes every operator key in a database and gives the one it
// makes, once other nodes know. Where nodes cannot tell one another it works only
// while none serves.
func ResetOperatorKeys(ctx context.Context, c Config) (made string, ended int, err error) {
	c = c.withDefaults()
	d, err := openThere(ctx, c)
	if err != nil {
		return "", 0, err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	if err := d.Claim(ctx); errors.Is(err, db.ErrClaimed) {
		return "", 0, wrong("tenure serve works on %s: stop it first.", c.Database)
	} else if err != nil {
		return "", 0, err
	}
	remembered := bearer.NewMemory(d)
	if d.Shared() {
		bearer.NewFleet(remembered, bearer.StandardPace)
	}
	return operator.NewKeys(d, remembered).Reset(ctx)
}

// Migrate brings a database up to date without serving.
func Migrate(ctx context.Context, c Config) error {
	c = c.withDefaults()
	d, err := open(ctx, c)
	if err != nil {
		return err
	}
	if err := migrate(ctx, d, c); err != nil {
		return errors.Join(err, d.Close())
	}
	if err := d.Close(); err != nil {
		return fmt.Errorf("close database: %w", err)
	}
	return nil
}
