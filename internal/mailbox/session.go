package mailbox

import (
	"crypto/subtle"
	"io"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// Answer is what a mailbox does with one mail. The zero value takes it.
type Answer struct {
	// Code refuses with this reply code, at RCPT, or after DATA with InData.
	Code   int
	Text   string
	InData bool
	// HangUp drops the connection in the middle of DATA; nothing is kept.
	HangUp bool
	// Lost takes the mail and drops the connection before saying so.
	Lost bool
	// Until holds the mail back at the end of DATA until it is closed.
	Until <-chan struct{}
}

// The usual refusals.
var (
	Busy    = Answer{Code: 451, Text: "Try again later"}
	Unknown = Answer{Code: 550, Text: "No such user here"}
)

func (a Answer) refusal() error {
	if a.Code == 0 {
		return nil
	}
	class := a.Code / 100
	return &smtp.SMTPError{Code: a.Code, EnhancedCode: smtp.EnhancedCode{class, 1, 1}, Message: a.Text}
}

// session is one connection.
type session struct {
	mailbox *Mailbox
	conn    *smtp.Conn
	known   bool // has presented user and password
	from    string
	to      []string
	answer  Answer
}

func (m *Mailbox) begin(conn *smtp.Conn) (smtp.Session, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.conns++
	m.talking[conn] = true
	return &session{mailbox: m, conn: conn, known: m.options.User == ""}, nil
}

// AuthMechanisms is what go-smtp offers to the client.
func (s *session) AuthMechanisms() []string {
	if s.mailbox.options.User == "" {
		return nil
	}
	return []string{sasl.Plain}
}

// Auth checks user and password.
func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		want := s.mailbox.options
		same := subtle.ConstantTimeCompare([]byte(user+"\x00"+password), []byte(want.User+"\x00"+want.Password))
		if s.known = same == 1; !s.known {
			return smtp.ErrAuthFailed
		}
		return nil
	}), nil
}

// Mail begins a mail.
func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	if !s.known {
		return smtp.ErrAuthRequired
	}
	s.from = from
	return nil
}

// Rcpt names a recipient; a script may refuse them here.
func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	answer := s.mailbox.next(to)
	if !answer.InData {
		if err := answer.refusal(); err != nil {
			return err
		}
	}
	s.answer = answer
	s.to = append(s.to, to)
	return nil
}

// Data takes the mail, or does what the script says.
func (s *session) Data(r io.Reader) error {
	if s.answer.HangUp {
		io.ReadFull(r, make([]byte, 64)) // some of it, so that it breaks in the middle
		return s.conn.Conn().Close()
	}
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if s.answer.Until != nil {
		s.mailbox.hold(s.answer.Until)
	}
	if err := s.answer.refusal(); err != nil {
		return err
	}
	message, err := parse(raw)
	if err != nil {
		return &smtp.SMTPError{Code: 554, EnhancedCode: smtp.EnhancedCode{5, 6, 0}, Message: "This is not a mail"}
	}
	message.From, message.To, message.At = s.from, s.to, s.mailbox.options.Clock().UTC()
	s.mailbox.take(message)
	if s.answer.Lost {
		return s.conn.Conn().Close()
	}
	return nil
}

// Reset ends a mail.
func (s *session) Reset() { s.from, s.to, s.answer = "", nil, Answer{} }

// Logout ends the connection.
func (s *session) Logout() error {
	s.mailbox.mu.Lock()
	defer s.mailbox.mu.Unlock()
	delete(s.mailbox.talking, s.conn)
	return nil
}
