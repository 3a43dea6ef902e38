package mailbox

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func open(t *testing.T, o Options) *Mailbox {
	t.Helper()
	m, err := Open(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := m.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return m
}

const letter = "From: Acme <no-reply@tenure.test>\r\n" +
	"To: <Maria@example.com>\r\n" +
	"Subject: =?utf-8?q?Jos=C3=A9_invites_you?=\r\n" +
	"Message-ID: <msg_1@tenure.test>\r\n" +
	"MIME-Version: 1.0\r\n" +
	"Content-Type: multipart/alternative; boundary=b\r\n\r\n" +
	"--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nYour code:\r\n\r\n  123456\r\n\r\nhttps://tenure.test/invitation#ti_1\r\n" +
	"--b\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" +
	"<p>Jos=C3=A9 <a href=3D\"https://tenure.test/invitation#ti_1\">join</a> <a href=3D\"https://tenure.test/\">home</a></p>\r\n--b--\r\n"

func send(m *Mailbox, to, body string) error {
	client, err := smtp.Dial(m.Addr())
	if err != nil {
		return err
	}
	defer client.Close()
	return client.SendMail("bounce@tenure.test", []string{to}, strings.NewReader(body))
}

func patience(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	t.Cleanup(cancel)
	return ctx
}

func TestMailIsTakenApart(t *testing.T) {
	at := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	m := open(t, Options{Clock: func() time.Time { return at }})
	if err := send(m, "maria@example.com", letter); err != nil {
		t.Fatal(err)
	}
	got, err := m.Wait(patience(t), "MARIA@example.com", nil)
	if err != nil {
		t.Fatal(err)
	}
	if got.Subject != "José invites you" || got.MessageID != "msg_1@tenure.test" || got.From != "bounce@tenure.test" ||
		got.Sender != `"Acme" <no-reply@tenure.test>` || got.Code != "123456" || !got.At.Equal(at) || got.Number != 1 {
		t.Errorf("read %+v", got)
	}
	if !strings.Contains(got.HTML, "<p>José ") || !strings.HasPrefix(got.Text, "Your code:") {
		t.Errorf("parts are %q and %q", got.Text, got.HTML)
	}
	want := []string{"https://tenure.test/invitation#ti_1", "https://tenure.test/"}
	if !slices.Equal(got.Links, want) || got.Link("/invitation#") != want[0] || got.Link("/reset#") != "" {
		t.Errorf("links are %q", got.Links)
	}
	if got.Header["Subject"][0] != "José invites you" {
		t.Errorf("header is %q", got.Header)
	}
}

func TestWaitSeesMailThatArrivesLater(t *testing.T) {
	m := open(t, Options{})
	found := make(chan Message, 1)
	failed := make(chan error, 1)
	go func() {
		got, err := m.Wait(patience(t), "b@example.com", func(m Message) bool { return m.Number > 1 })
		found <- got
		failed <- err
	}()
	for _, to := range []string{"b@example.com", "a@example.com", "b@example.com"} {
		if err := send(m, to, letter); err != nil {
			t.Fatal(err)
		}
	}
	if got := <-found; got.Number != 3 {
		t.Errorf("found mail %d", got.Number)
	}
	if err := <-failed; err != nil {
		t.Error(err)
	}
	over, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := m.Wait(over, "nobody@example.com", nil); !errors.Is(err, context.Canceled) {
		t.Errorf("waiting for nothing ends with %v", err)
	}
}

func TestScriptRefusesAndThenTakes(t *testing.T) {
	m := open(t, Options{})
	inData := Unknown
	inData.InData = true
	m.Script("maria@example.com", Busy, Unknown, inData)
	m.Script("", Answer{Code: 421, Text: "anybody"})
	for i, want := range []int{451, 550, 550, 421} {
		err := send(m, "Maria@example.com", letter)
		var refused *smtp.SMTPError
		if !errors.As(err, &refused) || refused.Code != want {
			t.Errorf("answer %d is %v, want %d", i, err, want)
		}
	}
	if err := send(m, "maria@example.com", letter); err != nil {
		t.Errorf("after the script: %v", err)
	}
	if m.Total() != 1 {
		t.Errorf("%d mails were taken", m.Total())
	}
}

func TestConnectionBreaksInData(t *testing.T) {
	m := open(t, Options{})
	m.Script("", Answer{HangUp: true}, Answer{Lost: true})
	if err := send(m, "maria@example.com", letter); err == nil || m.Total() != 0 {
		t.Errorf("hanging up gives %v, and %d mails are kept", err, m.Total())
	}
	if err := send(m, "maria@example.com", letter); err == nil || m.Total() != 1 {
		t.Errorf("a lost answer gives %v, and %d mails are kept", err, m.Total())
	}
}

func TestMailIsHeldUntilReleased(t *testing.T) {
	m := open(t, Options{})
	release := make(chan struct{})
	m.Script("", Answer{Until: release})
	sent := make(chan error, 1)
	go func() { sent <- send(m, "maria@example.com", letter) }()
	if err := m.WaitHeld(patience(t)); err != nil || m.Total() != 0 {
		t.Errorf("%d mails were taken: %v", m.Total(), err)
	}
	close(release)
	if err := <-sent; err != nil || m.Total() != 1 {
		t.Errorf("held mail gives %v", err)
	}
}

func TestOldestMailGoesFirst(t *testing.T) {
	m := open(t, Options{Keep: 2})
	for _, to := range []string{"a@example.com", "b@example.com", "c@example.com"} {
		if err := send(m, to, letter); err != nil {
			t.Fatal(err)
		}
	}
	kept := m.Messages("")
	if len(kept) != 2 || kept[0].To[0] != "c@example.com" || kept[1].To[0] != "b@example.com" || m.Total() != 3 {
		t.Errorf("kept %v", kept)
	}
	if _, found := m.Message(1); found {
		t.Error("the first mail is still there")
	}
	if err := m.WaitTotal(patience(t), 3); err != nil {
		t.Error(err)
	}
	m.Clear()
	if len(m.Messages("")) != 0 {
		t.Error("cleared mails are still there")
	}
}

func get(t *testing.T, m *Mailbox, path string) (int, http.Header, string) {
	t.Helper()
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	body, err := io.ReadAll(w.Result().Body)
	if err != nil {
		t.Fatal(err)
	}
	return w.Code, w.Header(), string(body)
}

func TestPageListsAndOpensMails(t *testing.T) {
	m := open(t, Options{})
	if _, _, empty := get(t, m, "/mailbox"); !strings.Contains(empty, "No mail yet") {
		t.Errorf("an empty mailbox says %s", empty)
	}
	for _, to := range []string{"maria@example.com", "jo@example.com"} {
		if err := send(m, to, letter); err != nil {
			t.Fatal(err)
		}
	}
	code, _, list := get(t, m, "/mailbox")
	if code != http.StatusOK || strings.Index(list, "jo@example.com") > strings.Index(list, "maria@example.com") {
		t.Errorf("%d: the newest is not first in %s", code, list)
	}
	if _, _, found := get(t, m, "/mailbox?to=MARIA"); strings.Contains(found, "jo@example.com") || !strings.Contains(found, "maria@example.com") {
		t.Errorf("search gives %s", found)
	}
	_, _, opened := get(t, m, "/mailbox/1")
	for _, want := range []string{"José invites you", `&lt;base target=&#34;_top&#34;&gt;`, `<a href="https://tenure.test/invitation#ti_1">`} {
		if !strings.Contains(opened, want) {
			t.Errorf("the opened mail lacks %q in %s", want, opened)
		}
	}
	for _, path := range []string{"/mailbox/99", "/mailbox/x"} {
		if code, _, _ := get(t, m, path); code != http.StatusNotFound {
			t.Errorf("%s answers %d", path, code)
		}
	}
	for _, path := range []string{"/mailbox/mailbox.css", "/mailbox/mailbox.js"} {
		if code, _, _ := get(t, m, path); code != http.StatusOK {
			t.Errorf("%s answers %d", path, code)
		}
	}
}

func TestMarkupOfAMailRunsNothing(t *testing.T) {
	m := open(t, Options{})
	evil := strings.NewReplacer("=?utf-8?q?Jos=C3=A9_invites_you?=", "<script>alert(1)</script>",
		"<p>", "<script>alert(2)</script>\"'><script>alert(3)</script>", "https://tenure.test/invitation#ti_1\r\n", "https://x\"'onload=alert(4)&<b>\r\n").Replace(letter)
	if err := send(m, "maria@example.com", evil); err != nil {
		t.Fatal(err)
	}
	_, header, body := get(t, m, "/mailbox/1")
	if n := strings.Count(body, "<script"); n != 1 { // the page's own
		t.Errorf("%d scripts in %s", n, body)
	}
	if !strings.Contains(body, `sandbox="allow-top-navigation-by-user-activation"`) {
		t.Error("the frame is not in its sandbox")
	}
	if strings.Contains(body, `"'onload`) {
		t.Error("a link leaves its attribute")
	}
	policy := header.Get("Content-Security-Policy")
	if !strings.Contains(policy, "script-src 'self';") || !strings.Contains(policy, "default-src 'none'") {
		t.Errorf("the policy is %q", policy)
	}
}

func TestProgramsWaitForMail(t *testing.T) {
	m := open(t, Options{})
	front := httptest.NewServer(m.Handler())
	defer front.Close()
	if err := send(m, "maria@example.com", letter); err != nil {
		t.Fatal(err)
	}
	answered := make(chan []Message, 1)
	go func() {
		var list struct{ Items []Message }
		response, err := front.Client().Get(front.URL + "/mailbox/api/messages?to=maria&after=1&wait=20")
		if err == nil {
			err = errors.Join(json.NewDecoder(response.Body).Decode(&list), response.Body.Close())
		}
		if err != nil {
			t.Error(err)
		}
		answered <- list.Items
	}()
	for _, to := range []string{"jo@example.com", "maria@example.com"} {
		if err := send(m, to, letter); err != nil {
			t.Fatal(err)
		}
	}
	if items := <-answered; len(items) != 1 || items[0].Number != 3 || items[0].Link("/invitation#") == "" {
		t.Errorf("got %+v", items)
	}
	if _, _, none := get(t, m, "/mailbox/api/messages?to=nobody"); strings.TrimSpace(none) != `{"items":[]}` {
		t.Errorf("nothing is %s", none)
	}
}
