package outbox

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"tenure/internal/db"
	"tenure/internal/db/dbtest"
	"tenure/internal/id"
)

var (
	here  = id.New[id.Account]()
	there = id.New[id.Account]()
)

func invitation(subject string) Mail {
	return Mail{Account: here, Kind: Invitation, To: "maria@example.com", Locale: "nl", Subject: subject, Rotation: 3,
		Facts: map[string]string{"account": "Acme"}}
}

func add(t *testing.T, d *db.DB, mails ...Mail) []id.Mail {
	t.Helper()
	var ids []id.Mail
	keep(t, d, func(tx *db.Tx) (err error) {
		ids, err = AddMany(t.Context(), tx, mails)
		return err
	})
	return ids
}

func keep(t *testing.T, d *db.DB, fn func(tx *db.Tx) error) {
	t.Helper()
	if err := d.Housekeep(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

func claim(t *testing.T, d *db.DB) []Claim {
	t.Helper()
	claims, err := Take(t.Context(), d, 10, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	return claims
}

func latest(t *testing.T, d *db.DB, account id.Account, subjects ...string) map[string]Delivery {
	t.Helper()
	var found map[string]Delivery
	err := d.Read(t.Context(), func(tx *db.Tx) (err error) {
		found, err = Latest(t.Context(), tx, account, subjects)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestMailIsClaimedAsItWasAdded(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		m := invitation("inv_1")
		ids := add(t, d, m)
		claims := claim(t, d)
		if len(claims) != 1 {
			t.Fatalf("%d claims", len(claims))
		}
		c := claims[0]
		if c.ID != ids[0] || c.Account != m.Account || c.Kind != m.Kind || c.To != m.To || c.Locale != m.Locale ||
			c.Subject != m.Subject || c.Rotation != m.Rotation || c.Facts["account"] != "Acme" || c.Try != 1 || c.AddedAt.IsZero() {
			t.Errorf("claimed %+v", c)
		}
		if again := claim(t, d); len(again) != 0 {
			t.Errorf("a claimed mail was claimed again: %+v", again)
		}
	})
}

func TestNothingIsThereAfterARollback(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		woken := d.Woken(Topic)
		refused := errors.New("refused")
		err := d.Housekeep(t.Context(), func(tx *db.Tx) error {
			if _, err := Add(t.Context(), tx, invitation("inv_1")); err != nil {
				return err
			}
			return refused
		})
		if !errors.Is(err, refused) {
			t.Fatal(err)
		}
		if claims := claim(t, d); len(claims) != 0 {
			t.Errorf("claimed %+v", claims)
		}
		select {
		case <-woken:
			t.Error("a rollback woke the courier")
		default:
		}
		add(t, d, invitation("inv_1"))
		<-woken
	})
}

func TestALeaseThatRanOutIsClaimedAnew(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		add(t, d, invitation("inv_1"))
		first := claim(t, d)[0]
		clock.Add(time.Minute - time.Microsecond)
		if early := claim(t, d); len(early) != 0 {
			t.Fatal("claimed while the lease still ran")
		}
		clock.Add(time.Microsecond)
		second := claim(t, d)[0]
		if second.ID != first.ID || second.Try != 2 {
			t.Fatalf("claimed %+v", second)
		}
		// Who came back too late changes nothing.
		keep(t, d, func(tx *db.Tx) error { return first.Fail(t.Context(), tx, "late") })
		keep(t, d, func(tx *db.Tx) error { return first.Postpone(t.Context(), tx, clock.Now(), "late") })
		if got := latest(t, d, here, "inv_1")["inv_1"]; got.Status != Queued || got.Reason != "" {
			t.Errorf("after the late one: %+v", got)
		}
		keep(t, d, func(tx *db.Tx) error { return second.Deliver(t.Context(), tx) })
		if got := latest(t, d, here, "inv_1")["inv_1"]; got.Status != Sent {
			t.Errorf("after the second: %+v", got)
		}
	})
}

func TestManyCouriersClaimEachMailOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		mails := make([]Mail, 200)
		for i := range mails {
			mails[i] = invitation(fmt.Sprint("inv_", i))
		}
		ids := add(t, d, mails...)
		var mu sync.Mutex
		var taken []id.Mail
		var couriers sync.WaitGroup
		for range 6 {
			couriers.Go(func() {
				for {
					claims, err := Take(t.Context(), d, 7, time.Minute)
					if err != nil {
						t.Error(err)
						return
					}
					if len(claims) == 0 {
						var left Depth
						if err := d.Read(t.Context(), func(tx *db.Tx) (err error) {
							left, err = measureDue(t.Context(), tx)
							return err
						}); err != nil || left.Queued == 0 {
							return
						}
					}
					mu.Lock()
					for _, c := range claims {
						taken = append(taken, c.ID)
					}
					mu.Unlock()
				}
			})
		}
		couriers.Wait()
		slices.Sort(taken)
		slices.Sort(ids)
		if !slices.Equal(taken, ids) {
			t.Errorf("%d mails were taken, %d were added", len(taken), len(ids))
		}
	})
}

// measureDue counts what nobody has claimed yet.
func measureDue(ctx context.Context, tx *db.Tx) (Depth, error) {
	var d Depth
	err := tx.One(ctx, `SELECT COUNT(*) FROM outbox WHERE status = 'queued' AND attempts = 0`, nil, &d.Queued)
	return d, err
}

func TestPostponedMailWaits(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		add(t, d, invitation("inv_1"))
		c := claim(t, d)[0]
		keep(t, d, func(tx *db.Tx) error { return c.Postpone(t.Context(), tx, clock.Now().Add(time.Hour), "451 busy") })
		if got := latest(t, d, here, "inv_1")["inv_1"]; got.Status != Queued || got.Reason != "451 busy" {
			t.Errorf("delivery is %+v", got)
		}
		clock.Add(time.Hour - time.Microsecond)
		if early := claim(t, d); len(early) != 0 {
			t.Error("claimed too early")
		}
		clock.Add(time.Microsecond)
		if again := claim(t, d); len(again) != 1 || again[0].Try != 2 || again[0].Facts["account"] != "Acme" {
			t.Errorf("claimed %+v", again)
		}
	})
}

func TestReturnedMailIsDueAtOnceAndDoesNotCount(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		add(t, d, invitation("inv_1"))
		c := claim(t, d)[0]
		keep(t, d, func(tx *db.Tx) error { return c.Return(t.Context(), tx) })
		if again := claim(t, d); len(again) != 1 || again[0].Try != 1 {
			t.Errorf("claimed %+v", again)
		}
	})
}

func TestClosedMailKeepsNoWords(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		add(t, d, invitation("inv_1"), invitation("inv_2"), invitation("inv_3"))
		claims := claim(t, d)
		keep(t, d, func(tx *db.Tx) error {
			return errors.Join(claims[0].Deliver(t.Context(), tx), claims[1].Fail(t.Context(), tx, "550 unknown"),
				Recall(t.Context(), tx, here, claims[2].Subject))
		})
		err := d.Read(t.Context(), func(tx *db.Tx) error {
			return tx.Each(t.Context(), `SELECT recipient, facts, status, reason, closed_at FROM outbox WHERE account_id = $1`,
				[]any{here}, func(scan func(dest ...any) error) error {
					var to, facts, status, reason string
					var closed time.Time
					if err := scan(&to, &facts, &status, &reason, db.Time(&closed)); err != nil {
						return err
					}
					if to != "" || facts != "{}" || closed.IsZero() {
						t.Errorf("%s %s: recipient %q, facts %s, closed %v", status, reason, to, facts, closed)
					}
					return nil
				})
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestLatestTellsOfTheNewestMailOfThisAccount(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		add(t, d, invitation("inv_1"), invitation("inv_2"))
		for _, c := range claim(t, d) {
			keep(t, d, func(tx *db.Tx) error { return c.Fail(t.Context(), tx, "550 unknown") })
		}
		code := invitation("inv_2")
		code.Kind = VerificationCode
		elsewhere := invitation("inv_3")
		elsewhere.Account = there
		add(t, d, invitation("inv_1"), code, elsewhere)
		many := []string{"inv_1", "inv_2", "inv_3"}
		for i := range 250 {
			many = append(many, fmt.Sprint("none_", i))
		}
		found := latest(t, d, here, many...)
		if len(found) != 2 || found["inv_1"].Status != Queued || found["inv_2"].Status != Failed || found["inv_2"].Reason != "550 unknown" {
			t.Errorf("found %+v", found)
		}
	})
}

func TestWhatWasSentLongAgoIsDeletedAndWhatFailedStays(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		end := func(sent bool) {
			for _, c := range claim(t, d) {
				keep(t, d, func(tx *db.Tx) error {
					if sent {
						return c.Deliver(t.Context(), tx)
					}
					return c.Fail(t.Context(), tx, "550 unknown")
				})
			}
		}
		add(t, d, invitation("inv_again"), invitation("inv_failed"))
		end(false)
		add(t, d, invitation("inv_again"), invitation("inv_sent"))
		end(true)
		clock.Add(keptSent - time.Second)
		add(t, d, invitation("inv_young"))
		end(true)
		add(t, d, invitation("inv_queued"))
		subjects := []string{"inv_again", "inv_failed", "inv_sent", "inv_young", "inv_queued"}
		for _, want := range []int{5, 3} {
			if err := Sweep(t.Context(), d); err != nil {
				t.Fatal(err)
			}
			if found := latest(t, d, here, subjects...); len(found) != want || found["inv_failed"].Reason != "550 unknown" || found["inv_young"].Status != Sent {
				t.Errorf("%d, want %d: %+v", len(found), want, found)
			}
			clock.Add(time.Second)
		}
	})
}

func TestWhatAPersonWaitsForGoesFirst(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		add(t, d, invitation("inv_1"), invitation("inv_2"))
		code := invitation("inv_9")
		code.Kind = VerificationCode
		add(t, d, code)
		if claims := claim(t, d); len(claims) != 3 || claims[0].Kind != VerificationCode {
			t.Errorf("claimed %+v", claims)
		}
	})
}

func TestRecalledMailIsNotSent(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		add(t, d, invitation("inv_1"), invitation("inv_2"))
		keep(t, d, func(tx *db.Tx) error { return Recall(t.Context(), tx, here, "inv_1") })
		if claims := claim(t, d); len(claims) != 1 || claims[0].Subject != "inv_2" {
			t.Errorf("claimed %+v", claims)
		}
	})
}

func TestDepthCountsWhatIsQueued(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		measure := func() (depth Depth) {
			t.Helper()
			if err := d.Read(t.Context(), func(tx *db.Tx) (err error) {
				depth, err = Measure(t.Context(), tx)
				return err
			}); err != nil {
				t.Fatal(err)
			}
			return depth
		}
		if got := measure(); got != (Depth{}) {
			t.Errorf("empty: %+v", got)
		}
		added := d.Now()
		add(t, d, invitation("inv_1"))
		clock.Add(time.Second)
		add(t, d, invitation("inv_2"))
		if got := measure(); got.Queued != 2 || !got.Oldest.Equal(added) {
			t.Errorf("two: %+v", got)
		}
	})
}

func TestTenThousandMailsAreAddedInOneTransaction(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		mails := make([]Mail, 10_000)
		for i := range mails {
			mails[i] = invitation(fmt.Sprint("inv_", i))
		}
		ids := add(t, d, mails...)
		if len(ids) != len(mails) || !slices.IsSorted(ids) {
			t.Errorf("%d ids, in order: %v", len(ids), slices.IsSorted(ids))
		}
	})
}

func TestWhatAMailServerSaidIsForgottenWithThePerson(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		add(t, d, invitation("inv_a"), invitation("inv_b"))
		claims, err := Take(t.Context(), d, 10, time.Minute)
		if err != nil || len(claims) != 2 {
			t.Fatal(claims, err)
		}
		keep(t, d, func(tx *db.Tx) error {
			for _, c := range claims {
				if err := c.Fail(t.Context(), tx, "550 <jo@example.com> unknown"); err != nil {
					return err
				}
			}
			return Forget(t.Context(), tx, here, "inv_a")
		})
		if err := d.Read(t.Context(), func(tx *db.Tx) error {
			latest, err := Latest(t.Context(), tx, here, []string{"inv_a", "inv_b"})
			if latest["inv_a"].Reason != "" || latest["inv_b"].Reason == "" || latest["inv_a"].Status != Failed {
				t.Errorf("latest = %+v", latest)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
	})
}
