// Package mailbox is a mail server that delivers to nobody: it takes every
// mail over real SMTP (RFC 5321), keeps it in memory and shows it. It stands
// behind `tenure demo` and in tests, where it can be told to refuse, to stall
// and to hang up.
package mailbox

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-smtp"
)

// Options say how a mailbox listens and what it keeps. The zero value listens
// on a free port of the loopback interface, in clear, for anybody.
type Options struct {
	Listen   string           // host:port; default 127.0.0.1:0
	Keep     int              // how many mails are kept, the oldest go first; default 2000
	MaxBytes int64            // the largest mail that is taken; default 1 MiB
	Clock    func() time.Time // when a mail came in; default time.Now
	// TLS offers STARTTLS, or, with Implicit, expects TLS from the first byte.
	TLS      *tls.Config
	Implicit bool
	// User and Password, if set, must be presented before the first mail.
	User, Password string
}

// Mailbox is a running mail server with what it took. It is safe for
// concurrent use.
type Mailbox struct {
	options  Options
	listener net.Listener
	server   *smtp.Server
	served   chan error

	mu       sync.Mutex // guards what follows
	messages []Message  // oldest first
	total    int64      // how many were taken since the start
	conns    int64      // how many connections were made
	talking  map[*smtp.Conn]bool
	held     int                 // mails that a script holds back now
	arrived  chan struct{}       // closed and replaced at every change
	scripts  map[string][]Answer // by lower-case recipient; "" for anybody
}

// Open starts a mailbox. Close stops it.
func Open(o Options) (*Mailbox, error) {
	if o.Listen == "" {
		o.Listen = "127.0.0.1:0"
	}
	if o.Keep <= 0 {
		o.Keep = 2000
	}
	if o.MaxBytes <= 0 {
		o.MaxBytes = 1 << 20
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	listener, err := net.Listen("tcp", o.Listen)
	if err != nil {
		return nil, fmt.Errorf("open mailbox: %w", err)
	}
	if o.Implicit {
		listener = tls.NewListener(listener, o.TLS)
	}
	m := &Mailbox{
		options: o, listener: listener, served: make(chan error, 1),
		arrived: make(chan struct{}), scripts: map[string][]Answer{}, talking: map[*smtp.Conn]bool{},
	}
	m.server = smtp.NewServer(smtp.BackendFunc(m.begin))
	m.server.Domain = "mailbox.localhost"
	m.server.MaxMessageBytes = o.MaxBytes
	m.server.MaxRecipients = 50
	m.server.EnableSMTPUTF8 = true
	m.server.AllowInsecureAuth = true
	m.server.ErrorLog = log.New(io.Discard, "", 0) // a client that hangs up is no news
	if !o.Implicit {
		m.server.TLSConfig = o.TLS
	}
	go func() { m.served <- m.server.Serve(listener) }()
	return m, nil
}

// Addr gives host:port.
func (m *Mailbox) Addr() string { return m.listener.Addr().String() }

// URL gives the address in the form of the --smtp option.
func (m *Mailbox) URL() string {
	scheme := "smtp"
	if m.options.Implicit {
		scheme = "smtps"
	}
	return scheme + "://" + m.Addr()
}

// Close hangs up on everybody and stops. What was taken can still be read.
func (m *Mailbox) Close() error {
	// The listener is closed first: the server does not know it yet if it was
	// closed before it got to run.
	err := m.listener.Close()
	if stopped := m.server.Close(); !errors.Is(stopped, net.ErrClosed) {
		err = errors.Join(err, stopped)
	}
	if served := <-m.served; !errors.Is(served, net.ErrClosed) {
		err = errors.Join(err, served)
	}
	return err
}

// Connections tells how many connections were made since the start.
func (m *Mailbox) Connections() int64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.conns
}

// HangUp drops every connection there is, as a server does that was restarted.
func (m *Mailbox) HangUp() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	var err error
	for conn := range m.talking {
		err = errors.Join(err, conn.Conn().Close())
	}
	return err
}

// Total tells how many mails were taken since the start, kept or not.
func (m *Mailbox) Total() int64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.total
}

// Messages lists the mails kept, newest first: all of them, or those whose
// recipient contains the text.
func (m *Mailbox) Messages(to string) []Message {
	m.mu.Lock()
	defer m.mu.Unlock()
	found := []Message{}
	for _, message := range slices.Backward(m.messages) {
		if message.isTo(to) {
			found = append(found, message)
		}
	}
	return found
}

// Message gives the mail of a number, if it is still kept.
func (m *Mailbox) Message(number int64) (Message, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, message := range m.messages {
		if message.Number == number {
			return message, true
		}
	}
	return Message{}, false
}

// Wait gives the newest mail to the address that the function accepts, and
// waits for one if there is none yet. A nil function accepts every mail, an
// empty address is anybody's. The error is that of the context.
func (m *Mailbox) Wait(ctx context.Context, to string, accept func(Message) bool) (Message, error) {
	for {
		m.mu.Lock()
		arrived := m.arrived
		for _, message := range slices.Backward(m.messages) {
			if (to == "" || message.isFor(to)) && (accept == nil || accept(message)) {
				m.mu.Unlock()
				return message, nil
			}
		}
		m.mu.Unlock()
		select {
		case <-arrived:
		case <-ctx.Done():
			return Message{}, fmt.Errorf("no mail to %q: %w", to, context.Cause(ctx))
		}
	}
}

// WaitTotal returns once so many mails were taken since the start.
func (m *Mailbox) WaitTotal(ctx context.Context, total int64) error {
	for {
		m.mu.Lock()
		arrived, have := m.arrived, m.total
		m.mu.Unlock()
		if have >= total {
			return nil
		}
		select {
		case <-arrived:
		case <-ctx.Done():
			return fmt.Errorf("%d of %d mails: %w", have, total, context.Cause(ctx))
		}
	}
}

// WaitHeld returns once a script holds a mail back.
func (m *Mailbox) WaitHeld(ctx context.Context) error {
	for {
		m.mu.Lock()
		arrived, held := m.arrived, m.held
		m.mu.Unlock()
		if held > 0 {
			return nil
		}
		select {
		case <-arrived:
		case <-ctx.Done():
			return fmt.Errorf("no mail is held back: %w", context.Cause(ctx))
		}
	}
}

// Clear forgets every mail kept.
func (m *Mailbox) Clear() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.messages = nil
}

// Script lays down what is answered to the next mails to the address, or to
// anybody if it is empty, one answer a mail; after that mails are taken again.
func (m *Mailbox) Script(to string, answers ...Answer) {
	m.mu.Lock()
	defer m.mu.Unlock()
	key := strings.ToLower(to)
	m.scripts[key] = append(m.scripts[key], answers...)
}

// next takes the answer that is due to a recipient.
func (m *Mailbox) next(to string) Answer {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, key := range []string{strings.ToLower(to), ""} {
		if script := m.scripts[key]; len(script) > 0 {
			m.scripts[key] = script[1:]
			return script[0]
		}
	}
	return Answer{}
}

func (m *Mailbox) take(message Message) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.total++
	message.Number = m.total
	m.messages = append(m.messages, message)
	if over := len(m.messages) - m.options.Keep; over > 0 {
		m.messages = slices.Delete(m.messages, 0, over)
	}
	m.tell()
}

// hold keeps a mail back until the channel is closed.
func (m *Mailbox) hold(until <-chan struct{}) {
	m.count(+1)
	<-until
	m.count(-1)
}

func (m *Mailbox) count(held int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.held += held
	m.tell()
}

// tell wakes everybody who waits. It is called with mu held.
func (m *Mailbox) tell() {
	close(m.arrived)
	m.arrived = make(chan struct{})
}
