package member

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tenure/internal/access"
	"tenure/internal/account"
	"tenure/internal/address"
	"tenure/internal/db"
	"tenure/internal/db/dbtest"
	"tenure/internal/id"
	"tenure/internal/role"
)

// plain is a roll as one would write it without care for time.
type plain map[string]entry

func (p plain) search(text string, statuses []Status, behind *after, down bool, limit int) []string {
	all := []entry{}
	for _, e := range p {
		if slices.Contains(statuses, e.status) && strings.Contains(e.text, text) {
			all = append(all, e)
		}
	}
	slices.SortFunc(all, byName)
	if down {
		slices.Reverse(all)
	}
	ids := []string{}
	for _, e := range all {
		if behind != nil {
			side := byName(e, entry{name: behind.value.(string), id: behind.member})
			if side == 0 || (side < 0) != down {
				continue
			}
		}
		ids = append(ids, e.id)
	}
	return ids[:min(limit, len(ids))]
}

func TestARollAnswersAsAPlainLookDoes(t *testing.T) {
	texts := rapid.StringMatching("[ab日]{0,3}")
	statuses := []Status{Active, Suspended, Inactive, Removed}
	rapid.Check(t, func(t *rapid.T) {
		p, r := plain{}, &roll{}
		for mark := int64(1); mark < 8; mark++ {
			changes := []entry{}
			for n := range rapid.IntRange(1, 12).Draw(t, "changes") {
				who := fmt.Sprintf("mem_%02d", rapid.IntRange(0, 30).Draw(t, "who"))
				if slices.ContainsFunc(changes, func(e entry) bool { return e.id == who }) {
					continue
				}
				name := texts.Draw(t, "name")
				e := entry{mark: mark + int64(n/8), id: who, status: rapid.SampledFrom(statuses).Draw(t, "status"), name: name, text: name + " " + texts.Draw(t, "address")}
				changes, p[who] = append(changes, e), e
			}
			r = r.with(changes)
			behind := &after{texts.Draw(t, "behind"), fmt.Sprintf("mem_%02d", rapid.IntRange(0, 30).Draw(t, "behind whom"))}
			if rapid.Bool().Draw(t, "from the beginning") {
				behind = nil
			}
			text := rapid.StringMatching("[ab日 ]{1,3}").Draw(t, "text")
			among := rapid.SampledFrom([][]Status{{Active}, {Suspended}, {Inactive, Suspended}, {Active, Suspended, Inactive}}).Draw(t, "among")
			down, limit := rapid.Bool().Draw(t, "down"), rapid.IntRange(1, 9).Draw(t, "limit")
			if got, want := r.search(text, among, behind, down, limit), p.search(text, among, behind, down, limit); !slices.Equal(got, want) {
				t.Fatalf("%q among %v behind %v, down %v: got %v, want %v", text, among, behind, down, got, want)
			}
		}
	})
}

// What a transaction that began earlier sees is not what the roll says, once
// somebody has read it later.
func TestAnOlderSnapshotIsAnsweredFromItself(t *testing.T) {
	dbtest.EachWhere(t, func(t *testing.T, where string) {
		here, there := dbtest.Open(t, where, db.Options{}), dbtest.Open(t, where, db.Options{})
		acc := founded(t, here)
		rolls := newRolls(mostRolls)
		look := func(tx *db.Tx) []string {
			r, err := rolls.read(t.Context(), tx, acc)
			if err != nil {
				t.Fatal(err)
			}
			return r.search("ann", []Status{Inactive}, nil, false, 10)
		}
		first := enrolled(t, here, acc, "ann1@example.com")
		if err := here.Read(t.Context(), func(older *db.Tx) error {
			if got := look(older); len(got) != 1 {
				t.Errorf("at first: %v", got)
			}
			done := make(chan error)
			go func() { // no transaction begins inside another
				second := []string{}
				for n := range 3 {
					second = append(second, enrolled(t, there, acc, fmt.Sprintf("ann%d@example.com", n+2)))
				}
				done <- there.Read(t.Context(), func(tx *db.Tx) error {
					if got := look(tx); len(got) != 4 {
						t.Errorf("later: %v, want %v and %s", got, second, first)
					}
					return nil
				})
			}()
			if err := <-done; err != nil {
				return err
			}
			if got := look(older); !slices.Equal(got, []string{first}) {
				t.Errorf("the older snapshot: %v, want %v", got, first)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	})
}

func TestRollsAreForgottenWhereThereIsNoRoom(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		const room = 3
		accounts := []id.Account{}
		for range room + 2 {
			acc := founded(t, d)
			enrolled(t, d, acc, "ann@example.com")
			accounts = append(accounts, acc)
		}
		one := newRolls(mostRolls)
		look := func(rolls *rolls, acc id.Account) {
			if err := d.Read(t.Context(), func(tx *db.Tx) error {
				r, err := rolls.read(t.Context(), tx, acc)
				if err == nil && len(r.search("ann", []Status{Inactive}, nil, false, 2)) != 1 {
					t.Errorf("%s has lost Ann", acc)
				}
				return err
			}); err != nil {
				t.Fatal(err)
			}
		}
		look(one, accounts[0])
		few := newRolls(room * one.bytes)
		for range 2 {
			for _, acc := range accounts {
				look(few, acc)
				look(few, accounts[0]) // is used all the time
				if few.bytes > few.most || few.byAccount[accounts[0]] == nil {
					t.Fatalf("%d of %d bytes, of %d accounts", few.bytes, few.most, len(few.byAccount))
				}
			}
		}
		none := newRolls(0)
		for _, acc := range accounts {
			if look(none, acc); len(none.byAccount) != 1 {
				t.Fatalf("%d accounts are kept where one is", len(none.byAccount))
			}
		}
	})
}

func founded(t *testing.T, d *db.DB) id.Account {
	t.Helper()
	acc := id.New[id.Account]()
	if err := d.Found(t.Context(), acc, func(tx *db.Tx) error {
		a, err := account.Create(t.Context(), tx, access.BySystem(), account.New{ID: acc, Name: "Acme", Preset: "team"})
		if err == nil {
			err = role.Establish(t.Context(), tx, a)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return acc
}

func enrolled(t *testing.T, d *db.DB, acc id.Account, email string) string {
	t.Helper()
	var m Member
	if err := d.Write(context.Background(), acc, func(tx *db.Tx) error {
		a, err := address.Parse(email)
		if err != nil {
			return err
		}
		m, err = Create(context.Background(), tx, access.BySystem(), New{Account: acc, Email: a, FirstName: "A", LastName: "B", Locale: "en", Role: "member"})
		return err
	}); err != nil {
		t.Error(err)
	}
	return string(m.ID)
}
