package mail

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"tenure/internal/db"
	"tenure/internal/db/dbtest"
	"tenure/internal/id"
	"tenure/internal/mailbox"
	"tenure/internal/outbox"
	"tenure/internal/secret"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var here = id.New[id.Account]()

// stage is a courier between a store and a mail server.
type stage struct {
	d      *db.DB
	clock  *dbtest.Clock
	box    *mailbox.Mailbox
	keeper *secret.Keeper
	log    *bytes.Buffer
	*Courier
}

// onStage runs a test on each engine.
func onStage(t *testing.T, fn func(t *testing.T, s *stage)) {
	t.Helper()
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		fn(t, newStage(t, d, clock, mailbox.Options{}))
	})
}

func newStage(t *testing.T, d *db.DB, clock *dbtest.Clock, o mailbox.Options) *stage {
	t.Helper()
	s := &stage{d: d, clock: clock, box: openBox(t, o), log: &bytes.Buffer{}}
	s.keeper = newKeeper(t)
	s.Courier = s.courier(t, Options{})
	return s
}

func openBox(t *testing.T, o mailbox.Options) *mailbox.Mailbox {
	t.Helper()
	box, err := mailbox.Open(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := box.Close(); err != nil {
			t.Errorf("close mailbox: %v", err)
		}
	})
	return box
}

func newKeeper(t *testing.T) *secret.Keeper {
	t.Helper()
	keeper, err := secret.NewKeeper(bytes.Repeat([]byte("k"), 32))
	if err != nil {
		t.Fatal(err)
	}
	return keeper
}

func (s *stage) courier(t *testing.T, o Options) *Courier {
	t.Helper()
	o.From, o.Origin, o.Poll = "Tenure <no-reply@tenure.test>", "https://tenure.example.com/", time.Hour
	if o.Server == "" {
		o.Server = s.box.URL()
	}
	o.Log = slog.New(slog.NewTextHandler(s.log, nil))
	c, err := New(s.d, s.keeper, o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func letterTo(to string) outbox.Mail {
	return outbox.Mail{
		Account: here, Kind: outbox.Invitation, To: to, Locale: "en", Subject: string(id.New[id.Invitation]()), Rotation: 2,
		Facts: map[string]string{"account": "Acme", "inviter": "Jo de Vries", "role": "User", "expires_at": "2026-03-09T09:00:00Z"},
	}
}

func (s *stage) add(t *testing.T, mails ...outbox.Mail) []id.Mail {
	t.Helper()
	var ids []id.Mail
	err := s.d.Housekeep(t.Context(), func(tx *db.Tx) (err error) {
		ids, err = outbox.AddMany(t.Context(), tx, mails)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return ids
}

func (s *stage) run(t *testing.T) {
	t.Helper()
	if err := s.RunDue(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func (s *stage) delivery(t *testing.T, m outbox.Mail) outbox.Delivery {
	t.Helper()
	var found map[string]outbox.Delivery
	err := s.d.Read(t.Context(), func(tx *db.Tx) (err error) {
		found, err = outbox.Latest(t.Context(), tx, m.Account, []string{m.Subject})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found[m.Subject]
}

func patience(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	t.Cleanup(cancel)
	return ctx
}

func TestAnInvitationArrivesWithItsLink(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		m := letterTo("maria@example.com")
		ids := s.add(t, m)
		s.run(t)
		got, err := s.box.Wait(patience(t), "maria@example.com", nil)
		if err != nil {
			t.Fatal(err)
		}
		link := "https://tenure.example.com/invitation#" +
			s.keeper.Token(secret.Link{Kind: secret.Invitation, Account: here, ID: m.Subject, Rotation: 2})
		if !strings.Contains(got.Text, "\n"+link+"\n") || !strings.Contains(got.HTML, `href="`+link+`"`) {
			t.Errorf("links are %q, want %q", got.Links, link)
		}
		if got.Subject != "Jo de Vries invites you to Acme" || got.Sender != `"Tenure" <no-reply@tenure.test>` ||
			got.From != "no-reply@tenure.test" || got.MessageID != string(ids[0])+"@tenure.test" {
			t.Errorf("got %q from %q (%q), Message-ID %q", got.Subject, got.Sender, got.From, got.MessageID)
		}
		for name, want := range map[string]string{"Auto-Submitted": "auto-generated", "Content-Language": "en", "To": "<maria@example.com>"} {
			if values := got.Header[name]; !slices.Equal(values, []string{want}) {
				t.Errorf("%s is %q, want %q", name, values, want)
			}
		}
		if d := s.delivery(t, m); d.Status != outbox.Sent || d.Reason != "" {
			t.Errorf("delivery is %+v", d)
		}
		if counts := s.Counts(); counts != (Counts{Sent: 1}) {
			t.Errorf("counts are %+v", counts)
		}
	})
}

func TestACodeIsMailedAndKeptNowhere(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		m := letterTo("maria@example.com")
		m.Kind, m.Locale = outbox.VerificationCode, "nl"
		reset := outbox.Mail{Kind: outbox.PasswordReset, To: "jo@example.com", Locale: "en", Subject: string(id.New[id.User]()), Rotation: 1}
		s.add(t, m, reset)
		code := s.keeper.Code(secret.Link{Kind: secret.InvitationCode, Account: here, ID: m.Subject, Rotation: 2})
		token := s.keeper.Token(secret.Link{Kind: secret.Reset, ID: reset.Subject, Rotation: 1})
		s.box.Script("", mailbox.Busy, mailbox.Unknown) // so that something is logged
		s.run(t)
		s.clock.Add(time.Minute)
		s.add(t, reset)
		s.run(t)
		if got, err := s.box.Wait(patience(t), "maria@example.com", nil); err != nil || got.Code != code {
			t.Errorf("the code is %q, want %q: %v", got.Code, code, err)
		}
		if got, err := s.box.Wait(patience(t), "jo@example.com", nil); err != nil || got.Link("/reset#"+token) == "" {
			t.Errorf("the links are %q: %v", got.Links, err)
		}
		for place, text := range map[string]string{"the log": s.log.String(), "the outbox": dump(t, s.d)} {
			if strings.Contains(text, code) || strings.Contains(text, token) {
				t.Errorf("%s holds a secret: %s", place, text)
			}
		}
		if s.log.Len() == 0 || strings.Contains(s.log.String(), "example.com") {
			t.Errorf("the log is %s", s.log)
		}
	})
}

// dump gives every text of the outbox.
func dump(t *testing.T, d *db.DB) string {
	t.Helper()
	var all strings.Builder
	err := d.Read(t.Context(), func(tx *db.Tx) error {
		return tx.Each(t.Context(), `SELECT account_id, mail_id, kind, recipient, subject_id, facts, reason FROM outbox`, nil,
			func(scan func(dest ...any) error) error {
				var columns [7]string
				err := scan(&columns[0], &columns[1], &columns[2], &columns[3], &columns[4], &columns[5], &columns[6])
				fmt.Fprintln(&all, columns)
				return err
			})
	})
	if err != nil {
		t.Fatal(err)
	}
	return all.String()
}

func TestABusyServerIsTriedAgainUntilTheMailIsGivenUp(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		m := letterTo("maria@example.com")
		s.add(t, m)
		for range 7 {
			s.box.Script("", mailbox.Busy)
		}
		for i, wait := range []time.Duration{0, time.Minute, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 6 * time.Hour, 12 * time.Hour} {
			if wait > 0 {
				s.clock.Add(wait - time.Microsecond)
				s.run(t)
				s.clock.Add(time.Microsecond)
			}
			if counts := s.Counts(); counts.Postponed != int64(i) {
				t.Fatalf("%d tries before the wait of %v is over, want %d", counts.Postponed, wait, i)
			}
			s.run(t)
			want := outbox.Queued
			if i == 6 {
				want = outbox.Failed
			}
			if d := s.delivery(t, m); d.Status != want || d.Reason != "451 4.1.1 Try again later" {
				t.Fatalf("after try %d the delivery is %+v", i+1, d)
			}
		}
		s.clock.Add(100 * time.Hour)
		s.run(t)
		if counts := s.Counts(); counts != (Counts{Postponed: 6, Failed: 1}) || s.box.Total() != 0 {
			t.Errorf("counts are %+v", counts)
		}
	})
}

func TestARefusalIsFinal(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		inData := mailbox.Answer{Code: 554, Text: "This looks like spam", InData: true}
		for want, answer := range map[string]mailbox.Answer{"550 5.1.1 No such user here": mailbox.Unknown, "554 5.1.1 This looks like spam": inData} {
			m, next := letterTo("maria@example.com"), letterTo("jo@example.com")
			s.box.Script("maria@example.com", answer)
			s.add(t, m, next)
			s.run(t)
			if d := s.delivery(t, m); d.Status != outbox.Failed || d.Reason != want {
				t.Errorf("delivery is %+v, want %q", d, want)
			}
			if d := s.delivery(t, next); d.Status != outbox.Sent {
				t.Errorf("the next mail is %+v", d)
			}
		}
	})
}

func TestABrokenConnectionIsTriedAgain(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		m, next := letterTo("maria@example.com"), letterTo("jo@example.com")
		s.box.Script("maria@example.com", mailbox.Answer{HangUp: true})
		s.add(t, m, next)
		s.run(t)
		if d := s.delivery(t, m); d.Status != outbox.Queued || d.Reason != broken {
			t.Errorf("delivery is %+v", d)
		}
		if d := s.delivery(t, next); d.Status != outbox.Sent {
			t.Errorf("the next mail is %+v", d)
		}
		s.clock.Add(time.Minute)
		s.run(t)
		if d := s.delivery(t, m); d.Status != outbox.Sent || d.Reason != "" {
			t.Errorf("delivery is %+v", d)
		}
	})
}

func TestAllTriesOfAMailAreOneMessage(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		m := letterTo("maria@example.com")
		ids := s.add(t, m)
		s.box.Script("", mailbox.Answer{Lost: true}, mailbox.Answer{Lost: true})
		for range 3 {
			s.run(t)
			s.clock.Add(time.Hour)
		}
		taken := s.box.Messages("")
		if len(taken) != 3 {
			t.Fatalf("%d mails were taken", len(taken))
		}
		for _, message := range taken {
			if message.MessageID != string(ids[0])+"@tenure.test" || !bytes.Equal(message.Raw, taken[0].Raw) {
				t.Errorf("mail %d is another message: %s", message.Number, message.Raw)
			}
		}
		if d := s.delivery(t, m); d.Status != outbox.Sent {
			t.Errorf("delivery is %+v", d)
		}
	})
}

func TestAMailOfACourierThatDiedIsSentAgainAsTheSameMessage(t *testing.T) {
	dbtest.EachWhere(t, func(t *testing.T, where string) {
		clock := dbtest.NewClock()
		s := newStage(t, dbtest.Open(t, where, db.Options{Clock: clock.Now}), clock, mailbox.Options{})
		m := letterTo("maria@example.com")
		s.add(t, m)

		// The first courier's store is gone by the time its mail is through.
		doomed, err := db.Open(t.Context(), where, db.Options{Clock: clock.Now})
		if err != nil {
			t.Fatal(err)
		}
		first := *s
		first.d = doomed
		first.Courier = first.courier(t, Options{})
		release := make(chan struct{})
		s.box.Script("", mailbox.Answer{Until: release})
		ended := make(chan error, 1)
		go func() { ended <- first.RunDue(context.Background()) }()
		if err := s.box.WaitHeld(patience(t)); err != nil {
			t.Fatal(err)
		}
		if err := doomed.Close(); err != nil {
			t.Fatal(err)
		}
		close(release)
		<-ended // whatever it says: nobody is left to hear it

		s.run(t)
		if d := s.delivery(t, m); d.Status != outbox.Queued || s.box.Total() != 1 {
			t.Fatalf("before the lease runs out: %+v, %d mails", d, s.box.Total())
		}
		clock.Add(lease)
		s.run(t)
		taken := s.box.Messages("")
		if len(taken) != 2 || taken[0].MessageID != taken[1].MessageID {
			t.Errorf("%d mails were taken", len(taken))
		}
		if d := s.delivery(t, m); d.Status != outbox.Sent {
			t.Errorf("delivery is %+v", d)
		}
	})
}

func TestNothingGoesOutForWorkThatWasRolledBack(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		kept := letterTo("jo@example.com")
		refused := errors.New("refused")
		err := s.d.Housekeep(t.Context(), func(tx *db.Tx) error {
			_, err := outbox.Add(t.Context(), tx, letterTo("maria@example.com"))
			return errors.Join(err, refused)
		})
		if !errors.Is(err, refused) {
			t.Fatal(err)
		}
		s.add(t, kept)
		s.run(t)
		if taken := s.box.Messages(""); len(taken) != 1 || taken[0].To[0] != "jo@example.com" {
			t.Errorf("taken: %v", taken)
		}
	})
}

func TestAConnectionIsKeptForManyMails(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		mails := make([]outbox.Mail, 40)
		for i := range mails {
			mails[i] = letterTo(fmt.Sprintf("user%d@example.com", i))
		}
		s.Courier = s.courier(t, Options{Connections: 1})
		s.add(t, mails...)
		s.run(t)
		if s.box.Total() != 40 || s.box.Connections() != 1 {
			t.Errorf("%d mails came over %d connections", s.box.Total(), s.box.Connections())
		}
	})
}

func TestManyMailsFlowOverFewConnections(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		mails := make([]outbox.Mail, 400)
		for i := range mails {
			mails[i] = letterTo(fmt.Sprintf("user%d@example.com", i))
		}
		s.add(t, mails...)
		s.run(t)
		once := map[string]bool{}
		for _, message := range s.box.Messages("") {
			once[message.MessageID] = true
		}
		if len(once) != 400 || s.box.Total() != 400 || s.box.Connections() > 4 {
			t.Errorf("%d mails, %d messages, %d connections", s.box.Total(), len(once), s.box.Connections())
		}
	})
}

func TestACommitWakesTheCourier(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- s.Run(ctx) }()
		for _, to := range []string{"maria@example.com", "jo@example.com", "bo@example.com"} {
			s.add(t, letterTo(to))
			if _, err := s.box.Wait(patience(t), to, nil); err != nil {
				t.Fatal(err)
			}
		}
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

func TestAConnectionThatTheServerClosedIsReplacedUnseen(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- s.Run(ctx) }()
		for _, to := range []string{"maria@example.com", "jo@example.com"} {
			m := letterTo(to)
			s.add(t, m)
			if _, err := s.box.Wait(patience(t), to, nil); err != nil {
				t.Fatal(err)
			}
			if err := s.box.HangUp(); err != nil {
				t.Fatal(err)
			}
		}
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

func TestACourierThatStopsFinishesWhatIsOnItsWay(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		first, second := letterTo("maria@example.com"), letterTo("jo@example.com")
		s.Courier = s.courier(t, Options{Connections: 1})
		s.add(t, first, second)
		release := make(chan struct{})
		s.box.Script("maria@example.com", mailbox.Answer{Until: release})
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- s.Run(ctx) }()
		if err := s.box.WaitHeld(patience(t)); err != nil {
			t.Fatal(err)
		}
		stop()
		close(release)
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if d := s.delivery(t, first); d.Status != outbox.Sent {
			t.Errorf("what was on its way is %+v", d)
		}
		if d := s.delivery(t, second); d.Status != outbox.Queued || s.box.Total() != 1 {
			t.Errorf("what had not begun is %+v", d)
		}
		s.run(t) // no lease holds it up
		if d := s.delivery(t, second); d.Status != outbox.Sent {
			t.Errorf("afterwards it is %+v", d)
		}
	})
}

func TestAServerThatCannotBeReachedIsTriedAgain(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		closed, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		address := closed.Addr().String()
		if err := closed.Close(); err != nil {
			t.Fatal(err)
		}
		m := letterTo("maria@example.com")
		s.add(t, m)
		s.Courier = s.courier(t, Options{Server: "smtp://" + address})
		s.run(t)
		if d := s.delivery(t, m); d.Status != outbox.Queued || d.Reason != unreachable {
			t.Errorf("delivery is %+v", d)
		}
		s.Courier = s.courier(t, Options{})
		s.clock.Add(time.Minute)
		s.run(t)
		if d := s.delivery(t, m); d.Status != outbox.Sent {
			t.Errorf("delivery is %+v", d)
		}
	})
}

func TestAMailThatCannotBeWrittenIsGivenUp(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		m := letterTo("maria@example.com")
		m.Kind = "newsletter"
		s.add(t, m)
		s.run(t)
		if d := s.delivery(t, m); d.Status != outbox.Failed || d.Reason != unwritable {
			t.Errorf("delivery is %+v", d)
		}
	})
}
