package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/mail"
	"net/textproto"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	gomail "github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"
	"golang.org/x/net/idna"
	"golang.org/x/text/unicode/norm"

	"tenure/internal/outbox"
)

// server is where mail goes.
type server struct {
	host           string
	port           int
	implicit       bool // TLS from the first byte
	demanding      bool // nothing is sent without STARTTLS
	user, password string
}

// parseServer reads the --smtp option. Its errors do not repeat it: it may hold
// a password.
func parseServer(given string) (server, error) {
	bad := errors.New("the mail server is not an address: give --smtp as smtp://user:password@host:port, smtp+starttls://host:port or smtps://host:port")
	u, err := url.Parse(given)
	if err != nil || u.Hostname() == "" || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
		return server{}, bad
	}
	s := server{host: u.Hostname(), user: u.User.Username()}
	s.password, _ = u.User.Password()
	switch u.Scheme {
	case "smtp":
		s.port = 587
	case "smtp+starttls":
		s.port, s.demanding = 587, true
	case "smtps":
		s.port, s.implicit = 465, true
	default:
		return server{}, bad
	}
	if u.Port() != "" {
		if s.port, err = strconv.Atoi(u.Port()); err != nil || s.port < 1 || s.port > 65535 {
			return server{}, bad
		}
	}
	return s, nil
}

// refusal is why a mail was not sent.
type refusal struct {
	final  bool
	reason string // for whoever sent the mail: what the server said, or one of our own sentences
	code   int    // of the server's reply; 0 if it was not one
	cause  error
}

func (r refusal) Error() string { return r.reason }
func (r refusal) Unwrap() error { return r.cause }

// logged is the refusal without the server's words, which often repeat the
// recipient's address.
func (r refusal) logged() string {
	if r.code != 0 {
		return fmt.Sprintf("the mail server answered %d", r.code)
	}
	return fmt.Sprintf("%s: %v", r.reason, r.cause)
}

// The reasons that are not the server's own words.
const (
	unreachable = "The mail server cannot be reached."
	broken      = "The connection to the mail server broke off."
	unwritable  = "This mail cannot be written."
	unusable    = "The address cannot be used."
)

// refused tells a final answer from one that may change. Everything but a reply
// of 5xx may: the connection broke, or the server was busy.
func refused(err error, otherwise string) refusal {
	var reply *textproto.Error
	if !errors.As(err, &reply) {
		return refusal{reason: otherwise, cause: err}
	}
	return refusal{
		final:  reply.Code >= 500,
		reason: shorten(oneLine(fmt.Sprintf("%d %s", reply.Code, reply.Msg)), 300),
		code:   reply.Code,
		cause:  err,
	}
}

// line is one connection to the mail server, made when it is needed and kept
// for the next mails. It belongs to one goroutine at a time.
type line struct {
	courier *Courier
	smtp    *smtp.Client
	conn    net.Conn
	used    time.Time
}

// send delivers one mail. Its error is a refusal.
func (c *Courier) send(ctx context.Context, l *line, claim outbox.Claim) error {
	to, err := recipient(claim.To)
	if err != nil {
		return refusal{final: true, reason: unusable, cause: err}
	}
	message, err := c.message(claim, to)
	if err != nil {
		return refusal{final: true, reason: unwritable, cause: err}
	}
	if err := l.open(ctx); err != nil {
		// Even a reply of 5xx says nothing about this mail: the sign-in may be
		// mended before the next try.
		r := refused(err, unreachable)
		r.final = false
		return r
	}
	return l.transmit(c.from.Address, to, message)
}

// recipient gives the bare address of a mail: one address without a name,
// quotes or anything else that means something to a mail server, its domain in
// ASCII.
func recipient(to string) (string, error) {
	parsed, err := mail.ParseAddress(to)
	if err != nil || parsed.Name != "" || parsed.Address != to || oneLine(to) != norm.NFC.String(to) || strings.ContainsAny(to, "\"<>()[]\\,;: ") {
		return "", errors.New("not one plain address")
	}
	at := strings.LastIndexByte(to, '@')
	domain, err := idna.Lookup.ToASCII(to[at+1:])
	if err != nil {
		return "", errors.New("not a domain")
	}
	return to[:at+1] + domain, nil
}

func domainOf(address string) string { return address[strings.LastIndexByte(address, '@')+1:] }

// message puts a letter into its envelope. The same claim gives the same
// message, byte for byte.
func (c *Courier) message(claim outbox.Claim, to string) (*gomail.Msg, error) {
	letter, err := c.write(claim.Mail)
	if err != nil {
		return nil, err
	}
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent(), gomail.WithBoundary("part-"+string(claim.ID)))
	if err := m.FromFormat(c.from.Name, c.from.Address); err != nil {
		return nil, fmt.Errorf("set sender: %w", err)
	}
	if err := m.To(to); err != nil {
		return nil, fmt.Errorf("set recipient: %w", err)
	}
	m.Subject(letter.Subject)
	m.SetMessageIDWithValue(c.messageID(claim))
	m.SetDateWithValue(claim.AddedAt)
	m.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: nobody's holiday answers it
	m.SetGenHeader("X-Auto-Response-Suppress", "All")
	m.SetGenHeader("Content-Language", claim.Locale)
	m.SetBodyString(gomail.TypeTextPlain, letter.Text)
	m.AddAlternativeString(gomail.TypeTextHTML, letter.HTML)
	return m, nil
}

// open makes the connection ready for a mail: the one there is if it still
// answers, else a new one.
func (l *line) open(ctx context.Context) error {
	if l.smtp != nil {
		if l.smtp.UpdateDeadline(l.courier.o.Timeout) == nil && l.smtp.Noop() == nil {
			return nil
		}
		l.close()
	}
	s, policy := l.courier.server, gomail.TLSOpportunistic
	if s.demanding {
		policy = gomail.TLSMandatory
	}
	options := []gomail.Option{
		gomail.WithPort(s.port),
		gomail.WithTimeout(l.courier.o.Timeout),
		gomail.WithHELO(domainOf(l.courier.from.Address)),
		gomail.WithTLSPolicy(policy),
		gomail.WithTLSConfig(&tls.Config{ServerName: s.host, RootCAs: l.courier.o.Roots, MinVersion: tls.VersionTLS12}),
		gomail.WithDialContextFunc(l.dial),
	}
	if s.user != "" {
		// None of these gives the password to a server in clear, but on this machine.
		options = append(options, gomail.WithUsername(s.user), gomail.WithPassword(s.password),
			gomail.WithOpportunisticSMTPAuth(gomail.SMTPAuthSCRAMSHA256, gomail.SMTPAuthPlain, gomail.SMTPAuthLogin))
	}
	client, err := gomail.NewClient(s.host, options...)
	if err != nil {
		return fmt.Errorf("set up the connection: %w", err)
	}
	l.smtp, err = client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		l.close()
		return fmt.Errorf("connect: %w", err)
	}
	return nil
}

// dial keeps the connection, so that it can be closed if greeting or sign-in
// fail.
func (l *line) dial(ctx context.Context, network, address string) (net.Conn, error) {
	dialer := &net.Dialer{}
	conn, err := dialer.DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	l.conn = conn
	if l.courier.server.implicit {
		secured := tls.Client(conn, &tls.Config{ServerName: l.courier.server.host, RootCAs: l.courier.o.Roots, MinVersion: tls.VersionTLS12})
		return secured, secured.HandshakeContext(ctx)
	}
	return conn, nil
}

// transmit gives one mail to the server. A line that broke is closed; after a
// plain refusal the next mail may follow on the same one.
func (l *line) transmit(from, to string, message *gomail.Msg) error {
	l.used = time.Now()
	err := l.converse(from, to, message)
	if err == nil {
		return nil
	}
	r := refused(err, broken)
	if r.code == 0 || r.code == 421 || l.smtp.Reset() != nil {
		l.close()
	}
	return r
}

func (l *line) converse(from, to string, message *gomail.Msg) error {
	if err := l.smtp.UpdateDeadline(l.courier.o.Timeout); err != nil {
		return err
	}
	if err := l.smtp.Mail("<" + from + ">"); err != nil {
		return err
	}
	if err := l.smtp.Rcpt("<" + to + ">"); err != nil {
		return err
	}
	w, err := l.smtp.Data()
	if err != nil {
		return err
	}
	if _, err := message.WriteTo(w); err != nil {
		return err
	}
	return w.Close()
}

// leave says goodbye.
func (l *line) leave() {
	if l.smtp != nil && l.smtp.UpdateDeadline(time.Second) == nil {
		// A server that does not answer is left all the same.
		_ = l.smtp.Quit()
	}
	l.close()
}

func (l *line) close() {
	if l.conn != nil {
		_ = l.conn.Close() // there is nothing left to lose on it
	}
	l.smtp, l.conn = nil, nil
}

// lines are the connections of a courier. One that is free is given to whoever
// comes next, the one used last first, so that few mails need few connections.
type lines struct {
	slots chan struct{} // holds one for each line that may be taken

	mu   sync.Mutex // guards free
	free []*line
}

func newLines(c *Courier, n int) *lines {
	ls := &lines{slots: make(chan struct{}, n)}
	for range n {
		ls.give(&line{courier: c})
	}
	return ls
}

// take waits for a free line.
func (ls *lines) take(ctx context.Context) (*line, error) {
	select {
	case <-ls.slots:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	ls.mu.Lock()
	defer ls.mu.Unlock()
	last := len(ls.free) - 1
	l := ls.free[last]
	ls.free = ls.free[:last]
	return l, nil
}

func (ls *lines) give(l *line) {
	ls.mu.Lock()
	ls.free = append(ls.free, l)
	ls.mu.Unlock()
	ls.slots <- struct{}{}
}

// hangUp ends the free connections that had no mail for so long.
func (ls *lines) hangUp(unused time.Duration) {
	ls.mu.Lock()
	defer ls.mu.Unlock()
	for _, l := range ls.free {
		if l.smtp != nil && time.Since(l.used) >= unused {
			l.leave()
		}
	}
}
