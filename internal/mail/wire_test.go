package mail

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"net"
	"strings"
	"testing"
	"time"

	"tenure/internal/db"
	"tenure/internal/db/dbtest"
	"tenure/internal/mailbox"
	"tenure/internal/outbox"
)

// onSQLite runs a test that is about the wire and not about the store.
func onSQLite(t *testing.T, o mailbox.Options) *stage {
	t.Helper()
	clock := dbtest.NewClock()
	return newStage(t, dbtest.Open(t, dbtest.Where(t, dbtest.SQLite), db.Options{Clock: clock.Now}), clock, o)
}

// Header injection by line breaks in names.
func TestNoNameAddsAHeader(t *testing.T) {
	s := onSQLite(t, mailbox.Options{})
	want := []string{"Auto-Submitted", "Content-Language", "Content-Type", "Date", "From", "Message-Id", "Mime-Version", "Subject", "To", "X-Auto-Response-Suppress"}
	for _, text := range hostile {
		text = strings.ReplaceAll(strings.ToValidUTF8(text, ""), "\x00", "") // the store takes no others
		m := letterTo("maria@example.com")
		for _, name := range []string{"account", "inviter", "role", "message", "name", "email", "accent"} {
			m.Facts[name] = text
		}
		s.add(t, m)
		s.run(t)
		if d := s.delivery(t, m); d.Status != outbox.Sent {
			t.Errorf("%.60q: %+v", text, d)
		}
		message := s.box.Messages("")[0]
		if len(message.Header) != len(want) {
			t.Errorf("%.60q makes the header %q", text, message.Header)
		}
		for _, name := range want {
			if len(message.Header[name]) != 1 {
				t.Errorf("%.60q: %s is %q", text, name, message.Header[name])
			}
		}
		if len(message.To) != 1 || message.To[0] != "maria@example.com" || message.HTML == "" || message.Text == "" {
			t.Errorf("%.60q: to %q", text, message.To)
		}
	}
}

// An address that becomes another command or recipient: go-mail, CVE-2025-59937.
func TestNoAddressReachesSomebodyElse_GoMailCVE202559937(t *testing.T) {
	s := onSQLite(t, mailbox.Options{})
	for _, to := range []string{
		`"maria@example.com> ORCPT=admin@admin.test"@example.com`,
		`"maria@evil.test"@example.com`,
		"maria@example.com>\r\nRCPT TO:<evil@evil.test",
		"maria@example.com\r\nBcc: evil@evil.test",
		"Maria <maria@example.com>",
		"<maria@example.com>",
		"maria@example.com, evil@evil.test",
		"maria@example.com evil@evil.test",
		"maria(comment)@example.com",
		"@example.com", "maria@", "maria", "", "maria@exa mple.com", "maria@[127.0.0.1]", "maria@ex\u200bample.com", "a@b@c.example",
	} {
		m := letterTo(to)
		s.add(t, m)
		s.run(t)
		if d := s.delivery(t, m); d.Status != outbox.Failed || d.Reason != unusable {
			t.Errorf("%q: %+v", to, d)
		}
	}
	if n := s.box.Total(); n != 0 {
		t.Errorf("%d mails went out: %q", n, s.box.Messages("")[0].To)
	}
}

func TestAddressesOfAllAlphabetsAreReached(t *testing.T) {
	s := onSQLite(t, mailbox.Options{})
	for to, want := range map[string]string{
		"maria+2@example.com":       "maria+2@example.com",
		"O'Neil@example.com":        "O'Neil@example.com",
		"maria@bücher.example":      "maria@xn--bcher-kva.example",
		"josé@example.com":          "josé@example.com",
		"a/b=c!{d}~@sub.example.co": "a/b=c!{d}~@sub.example.co",
	} {
		m := letterTo(to)
		s.add(t, m)
		s.run(t)
		if d := s.delivery(t, m); d.Status != outbox.Sent {
			t.Errorf("%s: %+v", to, d)
			continue
		}
		if got := s.box.Messages("")[0].To; len(got) != 1 || got[0] != want {
			t.Errorf("%s reached %q, want %q", to, got, want)
		}
	}
}

// certificate makes one for 127.0.0.1 that vouches for itself.
func certificate(t *testing.T) (*tls.Config, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	form := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "mailbox"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, form, form, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(leaf)
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}, roots
}

func TestMailIsSignedInAndEncrypted(t *testing.T) {
	config, roots := certificate(t)
	for name, implicit := range map[string]bool{"STARTTLS": false, "TLS from the first byte": true} {
		t.Run(name, func(t *testing.T) {
			s := onSQLite(t, mailbox.Options{TLS: config, Implicit: implicit, User: "tenure", Password: "p@ss/word"})
			m := letterTo("maria@example.com")
			s.add(t, m)
			server := strings.Replace(s.box.URL(), "://", "://tenure:p%40ss%2Fword@", 1)
			s.Courier = s.courier(t, Options{Server: server})
			s.run(t)
			if d := s.delivery(t, m); d.Status != outbox.Queued || d.Reason != unreachable {
				t.Errorf("a server that nobody vouches for: %+v", d)
			}
			s.clock.Add(time.Minute)
			s.Courier = s.courier(t, Options{Server: server, Roots: roots})
			s.run(t)
			if d := s.delivery(t, m); d.Status != outbox.Sent {
				t.Errorf("delivery is %+v: %s", d, s.log)
			}
			if strings.Contains(s.log.String(), "p@ss") {
				t.Errorf("the log holds the password: %s", s.log)
			}
		})
	}
}

// TestAServerThatOffersNoTLSGetsNothingWhereItIsDemanded: somebody on the way may
// have taken the offer out (RFC 3207, section 6).
func TestAServerThatOffersNoTLSGetsNothingWhereItIsDemanded(t *testing.T) {
	config, roots := certificate(t)
	for name, offered := range map[string]*tls.Config{"offered": config, "not offered": nil} {
		t.Run(name, func(t *testing.T) {
			s := onSQLite(t, mailbox.Options{TLS: offered})
			m := letterTo("maria@example.com")
			s.add(t, m)
			s.Courier = s.courier(t, Options{Server: strings.Replace(s.box.URL(), "smtp://", "smtp+starttls://", 1), Roots: roots})
			s.run(t)
			d := s.delivery(t, m)
			if offered != nil && d.Status != outbox.Sent {
				t.Errorf("delivery is %+v: %s", d, s.log)
			}
			if offered == nil && (d.Status != outbox.Queued || len(s.box.Messages("")) != 0 || !strings.Contains(s.log.String(), "STARTTLS")) {
				t.Errorf("delivery is %+v: %s", d, s.log)
			}
		})
	}
}

func TestAWrongPasswordOfTheServerFailsNoMail(t *testing.T) {
	s := onSQLite(t, mailbox.Options{User: "tenure", Password: "right"})
	m := letterTo("maria@example.com")
	s.add(t, m)
	s.Courier = s.courier(t, Options{Server: strings.Replace(s.box.URL(), "://", "://tenure:wrong@", 1)})
	s.run(t)
	if d := s.delivery(t, m); d.Status != outbox.Queued || !strings.HasPrefix(d.Reason, "535 ") {
		t.Errorf("delivery is %+v", d)
	}
	s.Courier = s.courier(t, Options{Server: strings.Replace(s.box.URL(), "://", "://tenure:right@", 1)})
	s.clock.Add(time.Minute)
	s.run(t)
	if d := s.delivery(t, m); d.Status != outbox.Sent {
		t.Errorf("delivery is %+v", d)
	}
}

func TestBadOptionsAreRefusedInOneSentence(t *testing.T) {
	keeper := newKeeper(t)
	good := Options{Server: "smtp://localhost:25", From: "no-reply@tenure.test", Origin: "https://tenure.test"}
	if _, err := New(nil, keeper, good); err != nil {
		t.Error(err)
	}
	for _, server := range []string{"", "localhost:25", "http://localhost", "smtp://", "smtp://user:hunter2@", "smtp://h:0", "smtp://h:99999",
		"smtp://user:hunter2@host:port", "smtp://user:hun%ter2@host", "smtp://h/path", "smtp://h?x=hunter2", "smtp+tls://h", "smtps+starttls://h"} {
		o := good
		o.Server = server
		if _, err := New(nil, keeper, o); err == nil || strings.Contains(err.Error(), "hun") || !strings.Contains(err.Error(), "--smtp") {
			t.Errorf("%q: %v", server, err)
		}
	}
	for _, from := range []string{"", "nobody", "a@b, c@d", "a@b\r\nBcc: c@d"} {
		o := good
		o.From = from
		if _, err := New(nil, keeper, o); err == nil || !strings.Contains(err.Error(), "--mail-from") {
			t.Errorf("%q: %v", from, err)
		}
	}
	for _, origin := range []string{"", "tenure.test", "ftp://tenure.test", "https://", "javascript:alert(1)"} {
		o := good
		o.Origin = origin
		if _, err := New(nil, keeper, o); err == nil || !strings.Contains(err.Error(), "--origin") {
			t.Errorf("%q: %v", origin, err)
		}
	}
}

func TestServerAddressesAreRead(t *testing.T) {
	for given, want := range map[string]server{
		"smtp://mail.example.com":                {host: "mail.example.com", port: 587},
		"smtps://mail.example.com":               {host: "mail.example.com", port: 465, implicit: true},
		"smtp://127.0.0.1:2525/":                 {host: "127.0.0.1", port: 2525},
		"smtp://u%40x:p%3Aw@mail.example.com:25": {host: "mail.example.com", port: 25, user: "u@x", password: "p:w"},
		"smtps://user:secret@[2001:db8::1]:465":  {host: "2001:db8::1", port: 465, implicit: true, user: "user", password: "secret"},
	} {
		if got, err := parseServer(given); err != nil || got != want {
			t.Errorf("%s is %+v, %v", given, got, err)
		}
	}
}
