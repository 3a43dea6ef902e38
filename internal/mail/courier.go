// Package mail is the courier: it takes mails from the outbox, writes them in
// the reader's language and hands them to a mail server over SMTP (RFC 5321).
//
// What holds:
//   - A link or code is derived when the mail is written, and stored nowhere.
//     Every link begins with the configured origin.
//   - A mail has one Message-ID over all its tries, so that a mail that arrived
//     twice can be told for one.
//   - Every mail ends as sent or as failed. A server that is busy or cannot be
//     reached is tried again, up to a day; a refusal is final.
//   - A courier that dies holds up what it had taken until its lease runs out.
package mail

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net/mail"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"tenure/internal/db"
	"tenure/internal/outbox"
	"tenure/internal/secret"
)

// Options say where mail goes and how.
type Options struct {
	Server      string         // smtp://user:password@host:port, or smtps://
	From        string         // the sender: no-reply@example.com, or Acme <no-reply@example.com>
	Origin      string         // every link begins with it: https://tenure.example.com
	Connections int            // to the server, at the same time; default 4
	Timeout     time.Duration  // for one mail, or for connecting; default 30 s
	Poll        time.Duration  // how often the table is looked at without a wake; default 5 s
	Roots       *x509.CertPool // who vouches for the server; those of the system if nil
	Log         *slog.Logger
}

// Courier delivers what is in the outbox. Any number may work on one store.
type Courier struct {
	db     *db.DB
	keeper *secret.Keeper
	o      Options
	from   *mail.Address
	origin string
	server server
	lines  *lines
	counts struct{ sent, failed, postponed atomic.Int64 }
}

// Counts is what a courier has done since it began.
type Counts struct {
	Sent      int64
	Failed    int64 // given up
	Postponed int64 // to be tried again
}

// New makes a courier. The error is one sentence that names the option and no
// password.
func New(d *db.DB, keeper *secret.Keeper, o Options) (*Courier, error) {
	c := &Courier{db: d, keeper: keeper, o: withDefaults(o)}
	var err error
	if c.server, err = parseServer(o.Server); err != nil {
		return nil, err
	}
	if c.from, err = parseSender(o.From); err != nil {
		return nil, err
	}
	origin, err := url.Parse(o.Origin)
	if err != nil || origin.Host == "" || (origin.Scheme != "https" && origin.Scheme != "http") {
		return nil, errors.New("the origin of links is not an address: give --origin as https://host")
	}
	c.origin = strings.TrimRight(o.Origin, "/")
	c.lines = newLines(c, c.o.Connections)
	return c, nil
}

// Check reads the options of who delivers for whom as New does, without a
// courier. An empty server is none.
func Check(server, from string) error {
	if server != "" {
		if _, err := parseServer(server); err != nil {
			return err
		}
	}
	_, err := parseSender(from)
	return err
}

func parseSender(from string) (*mail.Address, error) {
	sender, err := mail.ParseAddress(from)
	if err != nil {
		return nil, errors.New("the sender of mails is not an address: give --mail-from as name@example.com or Name <name@example.com>")
	}
	return sender, nil
}

func withDefaults(o Options) Options {
	if o.Connections <= 0 {
		o.Connections = 4
	}
	if o.Timeout <= 0 {
		o.Timeout = 30 * time.Second
	}
	if o.Poll <= 0 {
		o.Poll = 5 * time.Second
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	return o
}

// Counts tells what the courier has done so far.
func (c *Courier) Counts() Counts {
	return Counts{Sent: c.counts.sent.Load(), Failed: c.counts.failed.Load(), Postponed: c.counts.postponed.Load()}
}

// Run delivers until the context is done; it then finishes what is on its way
// and gives back what it had not begun.
func (c *Courier) Run(ctx context.Context) error {
	defer c.lines.hangUp(0)
	var work errgroup.Group
	for {
		woken := c.db.Woken(outbox.Topic)
		if err := c.dispatch(ctx, &work); err != nil && ctx.Err() == nil {
			c.o.Log.Error("mail cannot be taken from the outbox", "error", err)
		}
		again := time.NewTimer(c.o.Poll)
		select {
		case <-woken:
		case <-again.C:
			c.lines.hangUp(idle)
		case <-ctx.Done():
		}
		again.Stop()
		if ctx.Err() != nil {
			return work.Wait()
		}
	}
}

// RunDue delivers everything that is due now and returns when it is done.
func (c *Courier) RunDue(ctx context.Context) error {
	defer c.lines.hangUp(0)
	var work errgroup.Group
	return errors.Join(c.dispatch(ctx, &work), work.Wait())
}

const (
	// batch is how many mails one connection takes at a time.
	batch = 16
	// lease is how long a mail is held up by a courier that died.
	lease = 10 * time.Minute
	// margin is what must be left of a lease to begin with a mail.
	margin = 2 * time.Minute
	// idle is how long a connection is kept without a mail.
	idle = 30 * time.Second
)

// dispatch hands out what is due until nothing is. It waits for a free line
// before it takes mails, so that no lease runs for nothing.
func (c *Courier) dispatch(ctx context.Context, work *errgroup.Group) error {
	for {
		free, err := c.lines.take(ctx)
		if err != nil {
			return err
		}
		claims, err := outbox.Take(ctx, c.db, batch, lease)
		if err != nil || len(claims) == 0 {
			c.lines.give(free)
			return err
		}
		work.Go(func() error {
			defer c.lines.give(free)
			c.deliver(ctx, free, claims)
			return nil
		})
	}
}

// deliver sends the mails one after the other. What is on its way is finished
// even if the context ends.
func (c *Courier) deliver(ctx context.Context, l *line, claims []outbox.Claim) {
	unbroken := context.WithoutCancel(ctx)
	for _, claim := range claims {
		var err error
		if ctx.Err() != nil || c.db.Now().After(claim.Till.Add(-margin)) {
			err = c.db.Housekeep(unbroken, func(tx *db.Tx) error { return claim.Return(unbroken, tx) })
		} else {
			err = c.settle(unbroken, claim, c.send(unbroken, l, claim))
		}
		if err != nil {
			// The lease brings the mail back.
			c.o.Log.Error("the end of a mail cannot be recorded", "mail", claim.ID, "account", claim.Account, "error", err)
		}
	}
}

// waits are the pauses between the tries of one mail.
var waits = []time.Duration{time.Minute, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 6 * time.Hour, 12 * time.Hour}

// settle records what became of a mail.
func (c *Courier) settle(ctx context.Context, claim outbox.Claim, sent error) error {
	var r refusal
	record := claim.Deliver
	count := &c.counts.sent
	if errors.As(sent, &r) {
		log := c.o.Log.With("mail", claim.ID, "kind", claim.Kind, "account", claim.Account, "try", claim.Try, "error", r.logged())
		if retry := claim.Try - 1; !r.final && retry < int64(len(waits)) {
			log.Warn("mail will be tried again", "in", waits[retry])
			count = &c.counts.postponed
			record = func(ctx context.Context, tx *db.Tx) error {
				return claim.Postpone(ctx, tx, tx.Now().Add(waits[retry]), r.reason)
			}
		} else {
			log.Warn("mail is given up")
			count = &c.counts.failed
			record = func(ctx context.Context, tx *db.Tx) error { return claim.Fail(ctx, tx, r.reason) }
		}
	}
	err := c.db.Housekeep(ctx, func(tx *db.Tx) error { return record(ctx, tx) })
	if err == nil {
		count.Add(1)
	}
	return err
}

// place is what a kind of mail leads to.
type place struct {
	token secret.Kind // empty: the path alone
	path  string
}

var places = map[outbox.Kind]place{
	outbox.Invitation:          {secret.Invitation, "/invitation"},
	outbox.Welcome:             {secret.Invitation, "/invitation"},
	outbox.JoinExisting:        {secret.Invitation, "/invitation"},
	outbox.PasswordReset:       {secret.Reset, "/reset"},
	outbox.EmailConfirm:        {secret.Confirm, "/confirm"},
	outbox.SignUp:              {secret.SignUp, "/sign-up"},
	outbox.SignUpExisting:      {secret.SignUp, "/sign-up"},
	outbox.RoleChanged:         {"", "/"},
	outbox.DepartureHeld:       {"", "/"},
	outbox.DepartureFailed:     {"", "/"},
	outbox.DepartureUnfinished: {"", "/"},
	outbox.NewSignIn:           {"", "/"},
	outbox.PasswordChanged:     {"", "/sign-in"},
	outbox.FactorAdded:         {"", "/"},
	outbox.FactorRemoved:       {"", "/"},
	outbox.RecoveryCodeUsed:    {"", "/"},
}

// codes are the kinds of mail that carry one.
var codes = map[outbox.Kind]secret.Kind{outbox.VerificationCode: secret.InvitationCode, outbox.FactorCode: secret.FactorCode}

// write writes a mail with the link or code it carries. Tokens ride in the
// fragment, which a browser sends to nobody.
func (c *Courier) write(m outbox.Mail) (Letter, error) {
	content := Content{Kind: m.Kind, Locale: m.Locale, House: c.house(), To: m.To, Facts: m.Facts}
	link := secret.Link{Account: m.Account, ID: m.Subject, Rotation: m.Rotation}
	if to, found := places[m.Kind]; found {
		content.Link = c.origin + to.path
		if link.Kind = to.token; link.Kind != "" {
			content.Link += "#" + c.keeper.Token(link)
		}
	}
	if of, found := codes[m.Kind]; found {
		link.Kind = of
		content.Code = c.keeper.Code(link)
	}
	return Render(content)
}

// house is how mails name who runs the server.
func (c *Courier) house() string {
	if c.from.Name != "" {
		return c.from.Name
	}
	origin, err := url.Parse(c.origin)
	if err != nil {
		return ""
	}
	return origin.Hostname()
}

// messageID names a mail to the world, the same over all tries.
func (c *Courier) messageID(claim outbox.Claim) string {
	return fmt.Sprintf("%s@%s", claim.ID, domainOf(c.from.Address))
}
