package audit_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"tenure/internal/access"
	"tenure/internal/audit"
	"tenure/internal/db"
	"tenure/internal/db/dbtest"
	"tenure/internal/id"
)

var maria = access.Actor{Kind: access.Member, Member: id.New[id.Member](), Origin: access.Origin{RequestID: "req-1", IP: "192.0.2.7"}}

// began makes an account whose trail has n events about jo, who is done to by maria.
func began(t *testing.T, d *db.DB, n int) (id.Account, id.Member) {
	t.Helper()
	account, jo := id.New[id.Account](), id.New[id.Member]()
	err := d.Found(t.Context(), account, func(tx *db.Tx) error {
		for i := range n {
			if err := audit.Record(t.Context(), tx, maria, audit.Event{Action: "member.update", Subject: audit.Of("member", jo), Changes: []audit.Change{
				audit.Plain("role", "user", fmt.Sprint("role", i)), audit.Personal("email", "jo@example.com", fmt.Sprintf("jo%d@example.com", i)),
			}}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return account, jo
}

func verify(t *testing.T, d *db.DB, account id.Account) (events int64, defects []audit.Defect) {
	t.Helper()
	if err := d.Read(t.Context(), func(tx *db.Tx) (err error) {
		events, defects, err = audit.Verify(t.Context(), tx, account)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return events, defects
}

func list(t *testing.T, d *db.DB, account id.Account, f audit.Filter) (entries []audit.Entry) {
	t.Helper()
	if f.Limit == 0 {
		f.Limit = 100
	}
	if err := d.Read(t.Context(), func(tx *db.Tx) (err error) {
		entries, err = audit.List(t.Context(), tx, account, f)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return entries
}

func TestWhatWasRecordedIsListedNewestFirst(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		account, jo := began(t, d, 3)
		entries := list(t, d, account, audit.Filter{})
		if len(entries) != 3 || entries[0].Seq != 3 || entries[2].Seq != 1 {
			t.Fatalf("entries = %+v", entries)
		}
		e := entries[0]
		if e.Actor.ID != string(maria.Member) || e.Subject.ID != string(jo) || e.IP != "192.0.2.7" || e.RequestID != "req-1" {
			t.Errorf("entry = %+v", e)
		}
		if got := e.Changes["email"]; got[0] != "jo@example.com" || got[1] != "jo2@example.com" {
			t.Errorf("email = %v", got)
		}
		if got := e.Changes["role"]; got[0] != "user" || got[1] != "role2" {
			t.Errorf("role = %v", got)
		}
	})
}

func TestFiltersNarrowTheList(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		account, jo := began(t, d, 3)
		if err := d.Write(t.Context(), account, func(tx *db.Tx) error {
			return audit.Record(t.Context(), tx, access.BySystem(), audit.Event{Action: "invitation.create", Subject: audit.Ref{Kind: "invitation", ID: "inv_1"}})
		}); err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			name   string
			filter audit.Filter
			want   int
		}{
			{"all", audit.Filter{}, 4},
			{"subject", audit.Filter{Subject: string(jo)}, 3},
			{"actor", audit.Filter{Actor: "system"}, 1},
			{"action", audit.Filter{Action: "member.update"}, 3},
			{"family of actions", audit.Filter{Action: "invitation."}, 1},
			{"no prefix of an action", audit.Filter{Action: "member"}, 0},
			{"until the past", audit.Filter{Until: time.Unix(1, 0)}, 0},
			{"since the past", audit.Filter{Since: time.Unix(1, 0)}, 4},
			{"before", audit.Filter{Before: 3}, 2},
			{"limit", audit.Filter{Limit: 2}, 2},
			{"both", audit.Filter{Subject: string(jo), Action: "invitation."}, 0},
		} {
			if got := list(t, d, account, c.filter); len(got) != c.want {
				t.Errorf("%s: %d entries, want %d", c.name, len(got), c.want)
			}
		}
	})
}

func TestPersonalValuesAreNotInTheChain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		account, _ := began(t, d, 1)
		if err := d.Read(t.Context(), func(tx *db.Tx) error {
			var changes string
			if err := tx.One(t.Context(), `SELECT changes FROM events WHERE account_id = $1`, []any{string(account)}, &changes); err != nil {
				return err
			}
			for _, personal := range []string{"jo@", "jo0@", "192.0.2.7"} {
				if strings.Contains(changes, personal) {
					t.Errorf("%q stands in what is hashed: %s", personal, changes)
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	})
}

func TestErasingAPersonLeavesTheChainWhole(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		account, jo := began(t, d, 5)
		for _, who := range []id.Member{jo, maria.Member} {
			if err := d.Write(t.Context(), account, func(tx *db.Tx) error {
				if err := audit.Erase(t.Context(), tx, account, who); err != nil {
					return err
				}
				return audit.Record(t.Context(), tx, access.BySystem(), audit.Event{Action: "member.erase", Subject: audit.Of("member", who)})
			}); err != nil {
				t.Fatal(err)
			}
		}
		if n, defects := verify(t, d, account); n != 7 || len(defects) > 0 {
			t.Errorf("%d events, defects %v", n, defects)
		}
		for _, e := range list(t, d, account, audit.Filter{Action: "member.update"}) {
			if got := e.Changes["email"]; got[0] != audit.Erased || got[1] != audit.Erased {
				t.Errorf("event %d still says %v", e.Seq, got)
			}
			if e.IP != "" {
				t.Errorf("event %d still says where from", e.Seq)
			}
			if e.Changes["role"][0] != "user" {
				t.Errorf("event %d lost what is not personal: %v", e.Seq, e.Changes)
			}
		}
	})
}

func TestVerifyFindsTampering(t *testing.T) {
	tamper := []struct {
		name    string
		queries []string
	}{
		{"an edited action", []string{`UPDATE events SET action = 'member.remove' WHERE account_id = $1 AND seq = 3`}},
		{"an edited actor", []string{`UPDATE events SET actor_id = 'mem_other' WHERE account_id = $1 AND seq = 3`}},
		{"an edited time", []string{`UPDATE events SET at = at + 1 WHERE account_id = $1 AND seq = 3`}},
		{"an edited change", []string{`UPDATE events SET changes = '{}' WHERE account_id = $1 AND seq = 3`}},
		{"another's personal values", []string{`UPDATE events SET personal = (SELECT o.personal FROM events o WHERE o.account_id = $1 AND o.seq = 4) WHERE account_id = $1 AND seq = 3`}},
		{"a deleted event", []string{`DELETE FROM events WHERE account_id = $1 AND seq = 3`}},
		{"the first deleted", []string{`DELETE FROM events WHERE account_id = $1 AND seq = 1`}},
		{"a truncated trail", []string{`DELETE FROM events WHERE account_id = $1 AND seq >= 4`}},
		{"an emptied trail", []string{`DELETE FROM events WHERE account_id = $1`}},
		{"two swapped", []string{
			`UPDATE events SET seq = 100 WHERE account_id = $1 AND seq = 2`, `UPDATE events SET seq = 2 WHERE account_id = $1 AND seq = 3`,
			`UPDATE events SET seq = 3 WHERE account_id = $1 AND seq = 100`}},
		{"a head set back", []string{`DELETE FROM events WHERE account_id = $1 AND seq = 5`, `UPDATE heads SET seq = 4 WHERE account_id = $1`}},
	}
	for _, c := range tamper {
		t.Run(c.name, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				account, _ := began(t, d, 5)
				if n, defects := verify(t, d, account); n != 5 || len(defects) > 0 {
					t.Fatalf("before: %d events, defects %v", n, defects)
				}
				if err := d.Housekeep(t.Context(), func(tx *db.Tx) error {
					for _, q := range c.queries {
						if _, err := tx.Exec(t.Context(), q, string(account)); err != nil {
							return err
						}
					}
					return nil
				}); err != nil {
					t.Fatal(err)
				}
				if _, defects := verify(t, d, account); len(defects) == 0 {
					t.Error("nothing was found")
				}
			})
		})
	}
}

func TestARolledBackChangeHasNoEvent(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		account, jo := began(t, d, 2)
		sorry := errors.New("sorry")
		err := d.Write(t.Context(), account, func(tx *db.Tx) error {
			if err := audit.Record(t.Context(), tx, maria, audit.Event{Action: "member.update", Subject: audit.Of("member", jo)}); err != nil {
				return err
			}
			return sorry
		})
		if !errors.Is(err, sorry) {
			t.Fatal(err)
		}
		if n, defects := verify(t, d, account); n != 2 || len(defects) > 0 {
			t.Errorf("%d events, defects %v", n, defects)
		}
	})
}

func TestAUserHasAChainOfTheirOwn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		user := id.New[id.User]()
		for range 3 {
			if err := d.WriteUser(t.Context(), user, func(tx *db.Tx) error {
				return audit.RecordUser(t.Context(), tx, maria, audit.Event{Action: "password.change", Subject: audit.Of("user", user)})
			}); err != nil {
				t.Fatal(err)
			}
		}
		if err := d.Read(context.Background(), func(tx *db.Tx) error {
			n, defects, err := audit.VerifyUser(t.Context(), tx, user)
			if n != 3 || len(defects) > 0 {
				t.Errorf("%d events, defects %v", n, defects)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
	})
}
