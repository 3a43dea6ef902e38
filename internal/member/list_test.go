package member_test

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tenure/internal/access"
	"tenure/internal/address"
	"tenure/internal/credit"
	"tenure/internal/db"
	"tenure/internal/db/dbtest"
	"tenure/internal/id"
	"tenure/internal/member"
)

var givenNames = []string{"Ann", "Émile", "Bob", "Zoë", "Łukasz", "ann", "Ödön", "100%", "under_score"}

// people makes n members of several names and statuses.
func (h *house) people(t *testing.T, n int) []member.Member {
	t.Helper()
	made := []member.Member{}
	if err := h.d.Write(t.Context(), h.account, func(tx *db.Tx) error {
		made = made[:0]
		for i := range n {
			a, err := address.Parse(fmt.Sprintf("p%d@example.com", (i*7)%n))
			if err != nil {
				return err
			}
			m, err := member.Create(t.Context(), tx, access.BySystem(), member.New{Account: h.account, Email: a, FirstName: givenNames[i%len(givenNames)],
				LastName: fmt.Sprint("Name", i%5), Locale: "en", Role: "member", Active: i%3 > 0})
			if err != nil {
				return err
			}
			made = append(made, m)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return made
}

// endow gives each of them 0 to 3 credits, so that several have as many.
func (h *house) endow(t *testing.T, people []member.Member) {
	t.Helper()
	ledger := credit.NewLedger(h.d, credit.Ways{Person: func(context.Context, *db.Tx, id.Account, id.Member) (credit.Person, error) {
		return credit.Person{Active: true}, nil
	}})
	if _, err := ledger.Purchase(t.Context(), access.BySystem(), h.account, 1000, ""); err != nil {
		t.Fatal(err)
	}
	for i, m := range people {
		if i%4 == 0 {
			continue
		}
		if _, err := ledger.Transfer(t.Context(), h.owner, h.account, credit.Order{From: "company", To: string(m.ID), Amount: int64(i % 4)}); err != nil {
			t.Fatal(err)
		}
	}
}

func (h *house) all(t rapidT, f member.Filter) []member.Member {
	t.Helper()
	found := []member.Member{}
	for {
		page, next, err := h.List(t.Context(), h.owner, h.account, f)
		if err != nil {
			t.Fatal(err)
		}
		found = append(found, page...)
		if next == "" {
			return found
		}
		f.Cursor = next
	}
}

func TestPagesTogetherAreTheWholeListOnceInOrder(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := build(t, d, "team")
		everybody := append(h.people(t, 40), h.all(t, member.Filter{Query: "owner@"})...)
		h.endow(t, everybody)
		rapid.Check(t, func(rt *rapid.T) {
			f := member.Filter{
				Status: rapid.SampledFrom([]string{"", "active", "inactive"}).Draw(rt, "status"),
				Sort:   rapid.SampledFrom([]string{"", "name", "-name", "email", "-email", "created_at", "-created_at", "last_seen_at", "credits", "-credits"}).Draw(rt, "sort"),
				Query:  rapid.SampledFrom([]string{"", "an", "emile", "%", "_", "name3", "p1", "zo", "example.com", "nobody"}).Draw(rt, "query"),
				Limit:  rapid.IntRange(1, 50).Draw(rt, "limit"),
			}
			want := []id.Member{}
			for _, m := range everybody {
				text := address.SortKey(m.FirstName, m.LastName, m.EmailKey)
				if (f.Status == "" || f.Status == string(m.Status)) && strings.Contains(text, address.SortKey(f.Query)) {
					want = append(want, m.ID)
				}
			}
			got := h.all(rt, f)
			ids := []id.Member{}
			for _, m := range got {
				ids = append(ids, m.ID)
			}
			if sorted := slices.Sorted(slices.Values(ids)); !slices.Equal(sorted, slices.Sorted(slices.Values(want))) {
				rt.Fatalf("%+v: %d found, %d wanted", f, len(ids), len(want))
			}
			if !slices.IsSortedFunc(got, func(a, b member.Member) int { return compare(f.Sort, a, b) }) {
				rt.Fatalf("%+v is not in order", f)
			}
		})
	})
}

func compare(by string, a, b member.Member) int {
	name, down := strings.CutPrefix(by, "-")
	c := 0
	switch name {
	case "", "name":
		c = cmp.Compare(address.SortKey(a.FirstName, a.LastName), address.SortKey(b.FirstName, b.LastName))
	case "email":
		c = cmp.Compare(a.EmailKey, b.EmailKey)
	case "created_at":
		c = a.CreatedAt.Compare(b.CreatedAt)
	case "last_seen_at":
		c = a.LastSeenAt.Compare(b.LastSeenAt)
	case "credits":
		c = cmp.Compare(*a.Credits, *b.Credits)
	}
	if c == 0 {
		c = cmp.Compare(a.ID, b.ID)
	}
	if down {
		return -c
	}
	return c
}

func TestAListIsStableWhilePeopleAreAdded(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := build(t, d, "team")
		before := h.people(t, 20)
		seen := map[id.Member]int{}
		f := member.Filter{Limit: 3}
		for i := 0; ; i++ {
			page, next, err := h.List(t.Context(), h.owner, h.account, f)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range page {
				seen[m.ID]++
			}
			if next == "" {
				break
			}
			f.Cursor = next
			h.join(t, "member", fmt.Sprintf("late%d@example.com", i))
		}
		for _, m := range before {
			if seen[m.ID] != 1 {
				t.Errorf("%s was listed %d times", m.Email, seen[m.ID])
			}
		}
	})
}

func TestAListRefusesWhatItDoesNotKnow(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := build(t, d, "team")
		h.people(t, 5)
		_, next, err := h.List(t.Context(), h.owner, h.account, member.Filter{Limit: 2})
		if err != nil || next == "" {
			t.Fatal(next, err)
		}
		for name, f := range map[string]member.Filter{
			"status": {Status: "gone"}, "sort": {Sort: "shoe_size"}, "limit": {Limit: 201}, "a negative limit": {Limit: -1},
			"cursor": {Cursor: "!!"}, "another's cursor": {Cursor: next, Sort: "email"}, "a made-up cursor": {Cursor: "eyJzIjoibmFtZSJ9"},
		} {
			_, _, err := h.List(t.Context(), h.owner, h.account, f)
			if err == nil {
				t.Errorf("%s was taken", name)
				continue
			}
			wantCode(t, err, "invalid")
		}
	})
}

// rapidT is what tests and properties share.
type rapidT interface {
	Helper()
	Fatal(...any)
	Context() context.Context
}
