package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"

	"tenure/internal/server"
)

// storage is where the data is.
type storage struct {
	Database string `env:"TENURE_DATABASE" default:"tenure.db" placeholder:"WHERE" help:"A file path (SQLite) or a postgres://… address; ${default} unless named."`
}

// serve runs the server.
type serve struct {
	storage
	Listen         string   `env:"TENURE_LISTEN" default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"Where to listen; ${default} unless named."`
	Origin         string   `env:"TENURE_ORIGIN" placeholder:"URL" help:"Where people reach the server; every link begins with it. By default http://localhost and the port."`
	Product        string   `env:"TENURE_PRODUCT" placeholder:"URL" help:"The address below which the pages of your product are. Whoever it sends to sign in goes back there."`
	OperatorKey    string   `env:"TENURE_OPERATOR_KEY" placeholder:"KEY" help:"The key of who runs the server. Without one, the first start makes one and prints it once."`
	SMTP           string   `name:"smtp" env:"TENURE_SMTP" placeholder:"URL" help:"The mail server: smtp://user:password@host:port, or smtp+starttls:// or smtps:// where TLS is demanded. Without one, mails wait."`
	MailFrom       string   `env:"TENURE_MAIL_FROM" default:"Tenure <tenure@localhost>" placeholder:"ADDRESS" help:"The sender of mails; ${default} unless named."`
	Secret         string   `env:"TENURE_SECRET" placeholder:"TEXT" help:"What links and seals are derived from, at least 32 characters. By default kept in a file beside the database."`
	SignUp         string   `env:"TENURE_SIGN_UP" enum:"open,closed" default:"closed" help:"Whether people may make accounts by themselves: open or closed."`
	TestClock      bool     `env:"TENURE_TEST_CLOCK" help:"Let the operator set the clock over the API. For tests and demos only."`
	RateLimit      string   `env:"TENURE_RATE_LIMIT" default:"1000,100" placeholder:"N,N" help:"How many requests a second are answered of each person or key, and of each address without one; ten times as many at once. Or off. ${default} unless named."`
	MetricsToken   string   `env:"TENURE_METRICS_TOKEN" placeholder:"TEXT" help:"The bearer token that /metrics asks for, at least 24 characters. Without one, only this machine and the operator read it."`
	TrustedProxies []string `env:"TENURE_TRUSTED_PROXIES" placeholder:"NETWORK" help:"Networks of proxies whose X-Forwarded-For is believed."`
}

// Run serves until the context ends, then finishes what is in flight.
func (s *serve) Run(ctx context.Context, to *streams) error {
	config := server.Config{
		Listen: s.Listen, Database: s.Database, Origin: s.Origin, Product: s.Product, OperatorKey: s.OperatorKey, SMTP: s.SMTP, MailFrom: s.MailFrom,
		Secret: s.Secret, SignUp: s.SignUp == "open", TestClock: s.TestClock, TrustedProxies: s.TrustedProxies, RateLimit: s.RateLimit,
		MetricsToken: s.MetricsToken,
		Version:      version(), Log: logger(to, slog.LevelInfo),
	}
	running, err := server.New(ctx, config)
	if err != nil {
		return err
	}
	if key := running.OperatorKey(); key != "" {
		fmt.Fprintf(to.out, "The operator key, shown this once: %s\n", key)
	}
	return running.Run(ctx)
}

// logger writes text for people at a terminal and JSON for everything else.
func logger(to *streams, level slog.Level) *slog.Logger {
	options := &slog.HandlerOptions{Level: level}
	if file, ok := to.err.(*os.File); ok {
		if info, err := file.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
			return slog.New(slog.NewTextHandler(to.err, options))
		}
	}
	return slog.New(slog.NewJSONHandler(to.err, options))
}

// migrate brings the schema up to date.
type migrate struct{ storage }

// Run migrates and says so.
func (m *migrate) Run(ctx context.Context, to *streams) error {
	if err := server.Migrate(ctx, server.Config{Database: m.Database, Log: logger(to, slog.LevelWarn)}); err != nil {
		return err
	}
	fmt.Fprintln(to.out, "The database is up to date.")
	return nil
}
