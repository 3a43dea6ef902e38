package user_test

import (
	"sync"
	"testing"
	"time"

	"tenure/internal/access"
	"tenure/internal/address"
	"tenure/internal/audit"
	"tenure/internal/db"
	"tenure/internal/db/dbtest"
	"tenure/internal/fault"
	"tenure/internal/id"
	"tenure/internal/user"
)

func parsed(t *testing.T, email string) address.Address {
	t.Helper()
	to, err := address.Parse(email)
	if err != nil {
		t.Fatal(err)
	}
	return to
}

func create(t *testing.T, d *db.DB, email string) (u user.User, err error) {
	t.Helper()
	to := parsed(t, email)
	return u, d.Found(t.Context(), id.New[id.Account](), func(tx *db.Tx) error {
		u, err = user.Create(t.Context(), tx, access.BySystem(), user.New{Email: to, Hash: "first", Locale: "nl"})
		return err
	})
}

func get(t *testing.T, d *db.DB, who id.User) (u user.User, err error) {
	t.Helper()
	err = d.Read(t.Context(), func(tx *db.Tx) error {
		u, err = user.Get(t.Context(), tx, who)
		return err
	})
	return u, err
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestAnAddressHasOneIdentity(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ada, err := create(t, d, "Ada@Example.com")
		must(t, err)
		if _, err := create(t, d, "ada@example.COM"); fault.Code(err) != "email_taken" {
			t.Errorf("got %v, want email_taken", err)
		}
		must(t, d.Read(t.Context(), func(tx *db.Tx) error {
			u, err := user.ByEmail(t.Context(), tx, parsed(t, "ADA@example.com").Key)
			if u.ID != ada.ID || u.Email != "Ada@Example.com" || u.Locale != "nl" {
				t.Errorf("got %+v", u)
			}
			return err
		}))
	})
}

func TestOfManyWhoMakeTheSameIdentityOneDoes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		codes := make([]string, 8)
		var making sync.WaitGroup
		for i := range codes {
			making.Go(func() {
				_, err := create(t, d, "ada@example.com")
				codes[i] = fault.Code(err)
			})
		}
		making.Wait()
		made := 0
		for _, code := range codes {
			if code == "" {
				made++
			} else if code != "email_taken" {
				t.Errorf("got %s, want email_taken", code)
			}
		}
		if made != 1 {
			t.Errorf("%d were made, want 1", made)
		}
	})
}

func TestANewPasswordRaisesTheEpochAndClosesTheResetLink(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ada, err := create(t, d, "ada@example.com")
		must(t, err)
		var open user.Reset
		must(t, d.WriteUser(t.Context(), ada.ID, func(tx *db.Tx) (err error) {
			open, err = user.OpenReset(t.Context(), tx, access.BySystem(), ada, tx.Now().Add(time.Hour))
			return err
		}))
		before, err := get(t, d, ada.ID)
		must(t, err)
		if before.Reset != open || open.Rotation == 0 || before.Epoch != ada.Epoch {
			t.Errorf("got %+v, want %+v open at the same epoch", before.Reset, open)
		}
		must(t, d.WriteUser(t.Context(), ada.ID, func(tx *db.Tx) error {
			_, err := user.SetPassword(t.Context(), tx, access.BySystem(), before, "second", true, user.Changed)
			return err
		}))
		after, err := get(t, d, ada.ID)
		must(t, err)
		if after.PasswordHash != "second" || after.Epoch != before.Epoch+1 || !after.Reset.ExpiresAt.IsZero() || after.Reset.Rotation <= open.Rotation {
			t.Errorf("got %+v", after)
		}
		err = d.WriteUser(t.Context(), ada.ID, func(tx *db.Tx) error {
			_, err := user.SetPassword(t.Context(), tx, access.BySystem(), before, "third", true, user.Changed)
			return err
		})
		if err == nil {
			t.Error("a password was set over a newer version")
		}
	})
}

func TestAnAddressMovesOnlyWhereNobodyIs(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ada, err := create(t, d, "ada@example.com")
		must(t, err)
		_, err = create(t, d, "bo@example.com")
		must(t, err)
		move := func(email string) error {
			u, err := get(t, d, ada.ID)
			must(t, err)
			return d.WriteUser(t.Context(), ada.ID, func(tx *db.Tx) error {
				_, err := user.ChangeEmail(t.Context(), tx, access.BySystem(), u, parsed(t, email))
				return err
			})
		}
		if err := move("BO@example.com"); fault.Code(err) != "email_taken" {
			t.Errorf("got %v, want email_taken", err)
		}
		must(t, move("lovelace@example.com"))
		u, err := get(t, d, ada.ID)
		must(t, err)
		if u.Email != "lovelace@example.com" || u.Epoch != ada.Epoch+1 {
			t.Errorf("got %+v", u)
		}
		must(t, move("Lovelace@example.com")) // another spelling of one's own
	})
}

func TestErasingAnIdentityLeavesItsTrailWholeWithoutTheAddress(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		acc := id.New[id.Account]()
		var ada user.User
		must(t, d.Found(t.Context(), acc, func(tx *db.Tx) (err error) {
			ada, err = user.Create(t.Context(), tx, access.BySystem(), user.New{Email: parsed(t, "ada@example.com")})
			return err
		}))
		must(t, d.Write(t.Context(), acc, func(tx *db.Tx) error { return user.Erase(t.Context(), tx, access.BySystem(), ada.ID) }))
		if _, err := get(t, d, ada.ID); fault.Code(err) != "not_found" {
			t.Errorf("got %v, want not_found", err)
		}
		must(t, d.Read(t.Context(), func(tx *db.Tx) error {
			events, defects, err := audit.VerifyUser(t.Context(), tx, ada.ID)
			if events != 2 || len(defects) > 0 {
				t.Errorf("%d events, defects %v; want 2 and none", events, defects)
			}
			if err != nil {
				return err
			}
			return tx.Each(t.Context(), `SELECT personal FROM user_events WHERE user_id = $1`, []any{string(ada.ID)}, func(scan func(...any) error) error {
				var personal string
				err := scan(db.Text(&personal))
				if personal != "" {
					t.Error("the trail still has a personal value")
				}
				return err
			})
		}))
		_, err := create(t, d, "ada@example.com")
		must(t, err)
	})
}
