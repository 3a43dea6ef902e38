package server

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	netmail "net/mail"
	"net/netip"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"tenure/internal/api"
	"tenure/internal/db"
	"tenure/internal/key"
	"tenure/internal/mail"
	"tenure/internal/rate"
	"tenure/internal/secret"
	"tenure/internal/session"
	"tenure/internal/user"
)

// Config is all that a server must be told. The zero value of a field is its
// default.
type Config struct {
	Listen         string   // host and port; 127.0.0.1:8080
	Database       string   // a file path or postgres://…; tenure.db
	Origin         string   // where people reach the server; http://localhost and the port
	Product        string   // the address of the product that embeds the server, for the way back to it
	OperatorKey    string   // becomes one of the operator keys; without any, the first start makes one
	SMTP           string   // smtp://user:password@host:port; mails wait while empty
	MailFrom       string   // the sender of every mail
	Secret         string   // at least 32 characters; a file beside the database
	SignUp         bool     // people may make accounts by themselves
	TestClock      bool     // the operator may set the clock over the API
	TrustedProxies []string // networks whose X-Forwarded-For counts
	MetricsToken   string   // what /metrics asks for; empty: only this machine and the operator read it
	RateLimit      string   // requests a second of a caller, and of an address without one: 1000,100; or off

	Clock        *Clock // the time of day unless given
	Version      string
	Log          *slog.Logger
	PasswordCost user.Cost
	Mailbox      http.Handler        // the mailbox page of the demo
	Steps        func(db.Step) error // see db.Options
	Heartbeat    time.Duration
	Slowest      time.Duration
}

// heartbeat is how long a live stream is silent at most, so that nothing on the
// way takes it for dead.
const heartbeat = 15 * time.Second

// slowest is how long a request may take to arrive, and an answer to be taken:
// longer, and a few callers without credentials could hold every connection.
const slowest = time.Minute

const shortestOperatorKey, shortestMetricsToken = 24, 24

// ConfigError is a configuration that cannot work, said in one sentence for who
// started the server.
type ConfigError struct{ sentence string }

// Error is the sentence.
func (e *ConfigError) Error() string { return e.sentence }

func wrong(format string, args ...any) error { return &ConfigError{fmt.Sprintf(format, args...)} }

// withDefaults fills in what was left empty.
func (c Config) withDefaults() Config {
	put := func(field *string, value string) {
		if *field == "" {
			*field = value
		}
	}
	put(&c.Listen, "127.0.0.1:8080")
	put(&c.Database, "tenure.db")
	put(&c.MailFrom, "Tenure <tenure@localhost>")
	put(&c.Version, "dev")
	put(&c.RateLimit, standardRateLimit)
	if c.Log == nil {
		c.Log = slog.Default()
	}
	if c.TestClock && c.Clock == nil {
		c.Clock = &Clock{}
	}
	if c.Heartbeat == 0 {
		c.Heartbeat = heartbeat
	}
	if c.Slowest == 0 {
		c.Slowest = slowest
	}
	if c.PasswordCost == (user.Cost{}) {
		c.PasswordCost = user.StandardCost
	}
	return c
}

// check reads every field that can be wrong by itself, and changes nothing.
func (c Config) check() error {
	if c.Origin != "" {
		if _, err := c.origin(nil); err != nil {
			return err
		}
	}
	if err := c.checkProduct(); err != nil {
		return err
	}
	if _, err := c.proxies(); err != nil {
		return err
	}
	if _, err := c.limits(); err != nil {
		return err
	}
	if err := mail.Check(c.SMTP, c.MailFrom); err != nil {
		return wrong("%v.", err)
	}
	if k := c.OperatorKey; strings.HasPrefix(k, session.Prefix) || strings.HasPrefix(k, key.Prefix) {
		return wrong("--operator-key must not begin with %s or %s: sessions and API keys do.", session.Prefix, key.Prefix)
	}
	if n := len(c.OperatorKey); n > 0 && n < shortestOperatorKey {
		return wrong("--operator-key must have at least %d characters: somebody might guess a shorter one.", shortestOperatorKey)
	}
	if n := len(c.MetricsToken); n > 0 && n < shortestMetricsToken {
		return wrong("--metrics-token must have at least %d characters: somebody might guess a shorter one.", shortestMetricsToken)
	}
	if c.Secret != "" {
		if _, err := secret.NewKeeper([]byte(c.Secret)); err != nil {
			return wrong("--secret must have at least 32 characters.")
		}
	}
	return c.checkDatabase()
}

func (c Config) checkDatabase() error {
	if strings.Contains(c.Database, "://") && !c.onPostgres() {
		return wrong("--database must be a file path or a postgres:// address.")
	}
	return nil
}

// origin is where links lead: as configured, never as a request says.
func (c Config) origin(bound net.Addr) (*url.URL, error) {
	if c.Origin == "" {
		_, port, err := net.SplitHostPort(bound.String())
		if err != nil {
			return nil, err
		}
		return &url.URL{Scheme: "http", Host: net.JoinHostPort("localhost", port)}, nil
	}
	o, err := url.Parse(c.Origin)
	if err != nil || (o.Scheme != "http" && o.Scheme != "https") || o.Host == "" || strings.Trim(o.Path, "/") != "" ||
		o.RawQuery != "" || o.Fragment != "" || o.User != nil {
		return nil, wrong("--origin must be the scheme and host people use, such as https://tenure.example.com.")
	}
	o.Path = ""
	return o, nil
}

// checkProduct: people are sent back to the product and to nowhere else, so it
// must be plain what is the product.
func (c Config) checkProduct() error {
	if c.Product == "" {
		return nil
	}
	p, err := url.Parse(c.Product)
	if err != nil || (p.Scheme != "http" && p.Scheme != "https") || p.Host == "" || !strings.HasSuffix(p.Path, "/") ||
		p.RawQuery != "" || p.Fragment != "" || p.User != nil {
		return wrong("--product must be the address below which all pages of the product are, such as https://example.com/app/.")
	}
	return nil
}

// house is what authenticator apps call this server: the name that its mails
// come from, or its host.
func (c Config) house() string {
	if from, err := netmail.ParseAddress(c.MailFrom); err == nil && from.Name != "" {
		return from.Name
	}
	if origin, err := url.Parse(c.Origin); err == nil && origin.Hostname() != "" {
		return origin.Hostname()
	}
	return "Tenure"
}

func (c Config) proxies() ([]netip.Prefix, error) {
	var trusted []netip.Prefix
	for _, text := range c.TrustedProxies {
		prefix, err := netip.ParsePrefix(text)
		if err != nil {
			single, asAddress := netip.ParseAddr(text)
			if asAddress != nil {
				return nil, wrong("--trusted-proxies must list networks such as 10.0.0.0/8; %q is none.", text)
			}
			prefix = netip.PrefixFrom(single, single.BitLen())
		}
		trusted = append(trusted, prefix.Masked())
	}
	return trusted, nil
}

// standardRateLimit is how many requests are answered unless the operator says
// otherwise.
const standardRateLimit = "1000,100"

const (
	burst = 10 // seconds' worth of requests that may come at once
	// Of what an address may ask in a second, so large a part may be costly: as a
	// rule, and at once.
	costlyShare, burstShare = 20, 5
	leastBurst              = 4
	// mostKept is how many callers are kept in mind at a time, some 10 MiB.
	mostKept = 100_000
	// mostRate keeps the time of one request above a nanosecond.
	mostRate = 100_000_000
)

// limits reads how many requests a second are answered of each person or key,
// and of each address without one.
func (c Config) limits() (api.Limits, error) {
	if c.RateLimit == "off" {
		return api.Limits{}, nil
	}
	caller, address, two := strings.Cut(c.RateLimit, ",")
	callers, err := strconv.Atoi(caller)
	addresses, other := strconv.Atoi(address)
	if !two || err != nil || other != nil || min(callers, addresses) < 1 || max(callers, addresses) > mostRate {
		return api.Limits{}, wrong("--rate-limit must be two numbers of requests a second, such as %s, or off.", standardRateLimit)
	}
	limiter := func(each int) *rate.Limiter {
		return rate.New(rate.Limit{PerSecond: each, Burst: burst * each}, mostKept, time.Now)
	}
	return api.Limits{Callers: limiter(callers), Addresses: limiter(addresses), Tokens: limiter(addresses),
		Costly: rate.New(rate.Limit{PerSecond: max(1, addresses/costlyShare), Burst: max(leastBurst, addresses/burstShare)}, mostKept, time.Now)}, nil
}

// onPostgres reports whether the database is a server and not a file.
func (c Config) onPostgres() bool {
	return strings.HasPrefix(c.Database, "postgres://") || strings.HasPrefix(c.Database, "postgresql://")
}

// keeper reads the secret, or the file that keeps it.
func (c Config) keeper() (*secret.Keeper, error) {
	master := []byte(c.Secret)
	if c.Secret == "" {
		file := c.secretFile()
		if c.onPostgres() {
			c.Log.Warn("the secret is kept in a file of this machine; give every node the same --secret", "file", file)
		}
		var err error
		if master, err = secret.Load(file); err != nil {
			return nil, wrong("%s.", oneLine(err))
		}
	}
	keeper, err := secret.NewKeeper(master)
	if err != nil {
		return nil, wrong("--secret must have at least 32 characters.")
	}
	return keeper, nil
}

// secretFile is where the secret is kept that nobody gave.
func (c Config) secretFile() string {
	if c.onPostgres() {
		return "tenure.secret"
	}
	return strings.TrimSuffix(c.Database, filepath.Ext(c.Database)) + ".secret"
}

// IsConfigError reports whether an error is about the configuration.
func IsConfigError(err error) bool {
	var wrong *ConfigError
	return errors.As(err, &wrong)
}
