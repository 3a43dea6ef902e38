package member_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"tenure/internal/access"
	"tenure/internal/address"
	"tenure/internal/db"
	"tenure/internal/db/dbtest"
	"tenure/internal/id"
	"tenure/internal/member"
	"tenure/internal/member/crowd"
)

// A large account: more members than are named to a query, and than are read at
// a time on the way down.

const large = 4600

// odd are the characters of made-up names: few, so that texts are found, and
// those that the engines' own languages of search give a meaning to.
var odd = []rune(`abcdeé%_'"\&|*:ø日`)

func word(r *rand.Rand, longest int) string {
	letters := make([]rune, 1+r.IntN(longest))
	for i := range letters {
		letters[i] = odd[r.IntN(len(odd))]
	}
	return string(letters)
}

type found struct {
	id     id.Member
	name   string
	text   string
	email  string
	status string
	role   string
}

// fill makes a large account, and says who is in it.
func (h *house) fill(t *testing.T) []found {
	t.Helper()
	r := rand.New(rand.NewPCG(1, 2))
	people := make([]found, large)
	given := make([]crowd.Person, large)
	for i := range people {
		p := crowd.Person{First: word(r, 5), Last: word(r, 6), Email: fmt.Sprintf("p%d@%s.example", i, strings.Repeat("x", r.IntN(3))+"y"), Role: "member",
			Status: []string{"active", "active", "active", "inactive", "suspended", "removed"}[r.IntN(6)]}
		switch { // a few with one text: the first of all and, far behind, the last
		case i == 0:
			p.First, p.Last, p.Status, p.Role = "!", "zulu", "active", "owner"
		case i < 25:
			p.First, p.Last, p.Status = "日日日", "zulu", "active"
		}
		given[i] = p
		people[i] = found{name: address.SortKey(p.First, p.Last), text: address.SortKey(p.First, p.Last, p.Email), email: p.Email, status: p.Status, role: p.Role}
	}
	ids, err := crowd.Fill(t.Context(), h.d, h.account, large, func(i int) crowd.Person { return given[i] })
	if err != nil {
		t.Fatal(err)
	}
	for i := range people {
		people[i].id = ids[i]
	}
	slices.SortFunc(people, func(a, b found) int { return strings.Compare(a.name+"\x00"+string(a.id), b.name+"\x00"+string(b.id)) })
	return people
}

// wanted is the page that a plain look at everybody gives, and whether there are
// more.
func wanted(people []found, f member.Filter, behind id.Member) (ids []id.Member, more bool) {
	statuses := map[string][]string{"": {"active", "inactive", "suspended"}, "active": {"active"}, "inactive": {"inactive", "suspended"}}[f.Status]
	people = slices.Clone(people)
	switch strings.TrimPrefix(f.Sort, "-") {
	case "email":
		slices.SortFunc(people, func(a, b found) int { return strings.Compare(a.email, b.email) })
	}
	if strings.HasPrefix(f.Sort, "-") {
		slices.Reverse(people)
	}
	ids = []id.Member{}
	begun := behind == ""
	for _, p := range people {
		if begun && slices.Contains(statuses, p.status) && (f.Role == "" || f.Role == p.role) && strings.Contains(p.text, address.SortKey(f.Query)) {
			ids = append(ids, p.id)
		}
		begun = begun || p.id == behind
	}
	return ids[:min(len(ids), f.Limit)], len(ids) > f.Limit
}

func TestALargeAccountIsSearchedAsIfEverybodyWereLookedAt(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := build(t, d, "team")
		h.leave(t)
		people := h.fill(t)
		for _, sort := range []string{"name", "-name", "email"} {
			for _, limit := range []int{1, 7} {
				h.turn(t, people, member.Filter{Query: "zulu", Sort: sort, Limit: limit}, large)
			}
		}
		r := rand.New(rand.NewPCG(3, 4))
		rapid.Check(t, func(rt *rapid.T) {
			f := member.Filter{
				Status: rapid.SampledFrom([]string{"", "active", "inactive"}).Draw(rt, "status"),
				Sort:   rapid.SampledFrom([]string{"", "name", "-name", "email", "-email"}).Draw(rt, "sort"),
				Role:   rapid.SampledFrom([]string{"", "", "", "owner", "member"}).Draw(rt, "role"),
				Limit:  rapid.SampledFrom([]int{1, 20, 200}).Draw(rt, "limit"),
			}
			switch rapid.IntRange(0, 3).Draw(rt, "kind") {
			case 0:
				f.Query = word(r, 6)
			case 1: // a part of somebody
				text := []rune(people[r.IntN(large)].text)
				from := r.IntN(len(text))
				f.Query = string(text[from:min(from+1+r.IntN(9), len(text))])
			case 2:
				f.Query = rapid.SampledFrom([]string{"example", "y.example", "p1", "xxy", "nobody at all", "@", "zulu", "zu"}).Draw(rt, "text")
			case 3:
				f.Query = ""
			}
			h.turn(rt, people, f, 3)
		})
	})
}

// turn turns the first pages of a list and compares each with a plain look.
func (h *house) turn(t rapidT, people []found, f member.Filter, pages int) {
	t.Helper()
	behind := id.Member("")
	for page := range pages {
		got, next, err := h.List(t.Context(), h.owner, h.account, f)
		if err != nil {
			t.Fatal(err)
		}
		ids := []id.Member{}
		for _, m := range got {
			ids = append(ids, m.ID)
		}
		want, more := wanted(people, f, behind)
		if !slices.Equal(ids, want) || more != (next != "") {
			t.Fatal(fmt.Sprintf("%+v, page %d: got %d (%q), want %d (%v)\n%v\n%v", f, page, len(ids), next, len(want), more, ids, want))
		}
		if f.Cursor = next; next == "" {
			return
		}
		behind = ids[len(ids)-1]
	}
}

// leave takes the owner out of the lists, so that only the crowd is in them.
func (h *house) leave(t *testing.T) {
	t.Helper()
	if err := h.d.Housekeep(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(t.Context(), `UPDATE members SET status = 'removed' WHERE account_id = $1`, string(h.account))
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

// What one node has read, another changes: the roll follows every change that is
// committed, and no other.
func TestTheRollFollowsTheMembers(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h, other := build(t, d, "team"), build(t, d, "team")
		want := func(text string, ids ...id.Member) {
			t.Helper()
			for range 2 { // as read anew, and as known
				if got := h.looked(t, text); !slices.Equal(got, ids) {
					t.Errorf("%q: got %v, want %v", text, got, ids)
				}
			}
		}
		want("lanthe")
		m := h.join(t, "member", "jolanthe@example.com")
		twin := other.join(t, "member", "jolanthe@example.com")
		want("lanthe", m.ID)
		if got := other.looked(t, "lanthe"); !slices.Equal(got, []id.Member{twin.ID}) {
			t.Errorf("the other account: got %v, want %v", got, twin.ID)
		}
		ann := h.join(t, "member", "ann@example.com")
		if _, err := h.Change(t.Context(), h.owner, h.account, m.ID, member.Patch{FirstName: ptr("Xerxes"), LastName: ptr("Quist")}, 0); err != nil {
			t.Fatal(err)
		}
		want("xerxes", m.ID)
		want("st jol", m.ID)
		want("jo", ann.ID, h.owner.Member, m.ID)
		want("jo jolanthe")
		abandoned := h.d.Write(t.Context(), h.account, func(tx *db.Tx) error {
			if _, err := h.come(t, tx, "member", "zeno@example.com"); err != nil {
				return err
			}
			return errors.New("changed my mind")
		})
		if abandoned == nil {
			t.Fatal("it was not abandoned")
		}
		want("zeno")
		for _, move := range []member.Move{member.Deactivate, member.Activate, member.Remove} {
			if m = h.move(t, m.ID, move); m.Status.Here() {
				want("quist", m.ID)
			} else {
				want("quist")
			}
		}
		want("ann@", ann.ID)
	})
}

// looked looks for a text among everybody.
func (h *house) looked(t *testing.T, text string) []id.Member {
	t.Helper()
	found, _, err := h.List(t.Context(), h.owner, h.account, member.Filter{Query: text})
	if err != nil {
		t.Fatal(err)
	}
	ids := make([]id.Member, len(found))
	for i, m := range found {
		ids[i] = m.ID
	}
	return ids
}

func (h *house) move(t *testing.T, who id.Member, move member.Move) (m member.Member) {
	t.Helper()
	if err := h.d.Write(t.Context(), h.account, func(tx *db.Tx) error {
		before, err := member.Get(t.Context(), tx, h.account, who)
		if err != nil {
			return err
		}
		m, err = member.Go(t.Context(), tx, access.BySystem(), h.account, before, move)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return m
}

// Many look and change at once, over two nodes: whoever looks after a change was
// made finds it.
func TestAChangeIsFoundByWhoeverLooksAfterIt(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := build(t, d, "team")
		there := member.NewRoster(d, nil, member.Ways{})
		var all sync.WaitGroup
		for w := range 4 {
			all.Go(func() {
				for i := range 8 {
					m := h.join(t, "member", fmt.Sprintf("w%d.%d@example.com", w, i))
					for _, roster := range []*member.Roster{h.Roster, there} {
						found, _, err := roster.List(t.Context(), h.owner, h.account, member.Filter{Query: m.Email})
						if err != nil || len(found) != 1 || found[0].ID != m.ID {
							t.Errorf("%s: %v, %v", m.Email, found, err)
						}
					}
				}
			})
		}
		all.Wait()
	})
}
