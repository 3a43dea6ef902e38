package resource_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tenure/internal/access"
	"tenure/internal/account"
	"tenure/internal/address"
	"tenure/internal/db"
	"tenure/internal/db/dbtest"
	"tenure/internal/fault"
	"tenure/internal/holding"
	"tenure/internal/id"
	"tenure/internal/member"
	"tenure/internal/resource"
	"tenure/internal/role"
	"tenure/internal/user"
)

func TestMain(m *testing.M) {
	dbtest.Short(20, 30)
	os.Exit(m.Run())
}

// estate is an account of preset field with people and pins.
type estate struct {
	*resource.Register
	held    resource.Held
	d       *db.DB
	account id.Account
	people  []id.Member
	by      access.Actor
}

func place(ctx context.Context, tx *db.Tx, acc id.Account, m id.Member) (resource.Place, error) {
	here, err := member.Here(ctx, tx, acc, m)
	return resource.Place{Registered: here.Registered(), Active: here.Status == member.Active}, err
}

func faces(ctx context.Context, tx *db.Tx, acc id.Account, members []id.Member) (map[id.Member]resource.Person, error) {
	names, err := member.Names(ctx, tx, acc, members)
	people := map[id.Member]resource.Person{}
	for m, name := range names {
		people[m] = resource.Person{ID: m, Name: name}
	}
	return people, err
}

func build(t testing.TB, d *db.DB, people int) *estate {
	t.Helper()
	ctx, ways := t.Context(), resource.Ways{Rights: member.Actor, Place: place, People: faces}
	e := &estate{Register: resource.NewRegister(d, ways), held: resource.NewHeld(ways), d: d, account: id.New[id.Account](), by: access.Actor{Kind: access.Operator, Key: "opk_test"}}
	preset, err := account.PresetOf("field")
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Found(ctx, e.account, func(tx *db.Tx) error {
		a, err := account.Create(ctx, tx, e.by, account.New{ID: e.account, Name: "Acme", Preset: preset.Name})
		if err != nil {
			return err
		}
		if err := role.Establish(ctx, tx, a); err != nil {
			return err
		}
		return resource.Establish(ctx, tx, e.by, e.account, preset)
	}); err != nil {
		t.Fatal(err)
	}
	for i := range people {
		e.write(t, func(tx *db.Tx) error {
			to, err := address.Parse(fmt.Sprintf("p%d.%s@acme.example", i, e.account[len(e.account)-8:]))
			if err != nil {
				return err
			}
			u, err := user.Create(ctx, tx, e.by, user.New{Email: to, Locale: "en"})
			if err != nil {
				return err
			}
			m, err := member.Create(ctx, tx, e.by, member.New{Account: e.account, Email: to, FirstName: "P", LastName: "Erson", Role: "user", Active: true, User: u.ID})
			e.people = append(e.people, m.ID)
			return err
		})
	}
	return e
}

func (e *estate) write(t testing.TB, fn func(tx *db.Tx) error) {
	t.Helper()
	if err := e.d.Write(t.Context(), e.account, fn); err != nil {
		t.Fatal(err)
	}
}

// state is who owns each pin and who works on it.
func (e *estate) state(t testing.TB) map[string]string {
	t.Helper()
	found := map[string]string{}
	for cursor := ""; ; {
		list, next, err := e.List(t.Context(), e.by, e.account, resource.Filter{Cursor: cursor, Limit: 200})
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range list {
			found[r.ID] = fmt.Sprint(r.Owner, slices.Sorted(slices.Values(r.Assignees)))
		}
		if cursor = next; next == "" {
			return found
		}
	}
}

// leave lets somebody go the way a departure does, and gives how to undo it.
func (e *estate) leave(t testing.TB, who id.Member, kind holding.Kind, decisions resource.Decisions) (undo func() []holding.Effect) {
	t.Helper()
	raw, err := json.Marshal(decisions)
	if err != nil {
		t.Fatal(err)
	}
	move := map[holding.Kind]member.Move{holding.Deactivate: member.Deactivate, holding.Remove: member.Remove}[kind]
	c := holding.Case{Kind: kind, Account: e.account, Member: who, Actor: e.by, Departure: id.New[id.Departure](),
		Party: holding.NewParty([]id.Member{who}, map[string]json.RawMessage{"resources": raw})}
	e.write(t, func(tx *db.Tx) error {
		f, err := e.held.Survey(t.Context(), tx, c)
		if err != nil {
			return err
		}
		if len(f.Blockers)+len(f.Needed) > 0 {
			return fmt.Errorf("blocked: %+v", f)
		}
		m, err := member.Get(t.Context(), tx, e.account, who)
		if err != nil {
			return err
		}
		if _, err := member.Go(t.Context(), tx, e.by, e.account, m, move); err != nil {
			return err
		}
		_, err = e.held.Apply(t.Context(), tx, c)
		return err
	})
	return func() (effects []holding.Effect) {
		c.Kind = holding.Return
		e.write(t, func(tx *db.Tx) error {
			m, err := member.Get(t.Context(), tx, e.account, who)
			if err != nil {
				return err
			}
			if _, err := member.Go(t.Context(), tx, e.by, e.account, m, member.Undo); err != nil {
				return err
			}
			effects, err = e.held.Restore(t.Context(), tx, c)
			return err
		})
		return effects
	}
}

// TestOwnershipIsIntervalsAndUndoIsTheIdentity draws histories of owners,
// assignments and departures. At each step the intervals follow one another, one
// at most is open and it is the owner's, and a departure that is undone at once
// leaves who holds what as it was.
func TestOwnershipIsIntervalsAndUndoIsTheIdentity(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		rapid.Check(t, func(r *rapid.T) {
			e := build(t, d, 4)
			pins := rapid.IntRange(1, 5).Draw(r, "pins")
			for range rapid.IntRange(3, 12).Draw(r, "steps") {
				pin := resource.Key{Type: "pin", ID: fmt.Sprint(rapid.IntRange(1, pins).Draw(r, "pin"))}
				who := rapid.SampledFrom(e.people).Draw(r, "who")
				switch rapid.SampledFrom([]string{"own", "own", "give up", "assign", "unassign", "leave"}).Draw(r, "step") {
				case "own":
					e.put(t, pin, who)
				case "give up":
					e.put(t, pin, "")
				case "assign":
					e.put(t, pin, who)
					if _, err := e.Assign(t.Context(), e.by, e.account, pin, who); err != nil {
						r.Fatal(err)
					}
				case "unassign":
					if err := e.Unassign(t.Context(), e.by, e.account, pin, who, 0); err != nil && fault.Code(err) != "not_found" {
						r.Fatal(err)
					}
				case "leave":
					before := e.state(t)
					others := slices.DeleteFunc(slices.Clone(e.people), func(m id.Member) bool { return m == who })
					kind := rapid.SampledFrom([]holding.Kind{holding.Deactivate, holding.Remove}).Draw(r, "kind")
					undo := e.leave(t, who, kind, someDecisions(r, others, pin))
					if strings.Contains(fmt.Sprint(e.state(t)), string(who)) && kind == holding.Remove {
						r.Fatalf("%s was removed and holds something: %v", who, e.state(t))
					}
					e.whole(t, r)
					if effects := undo(); slices.ContainsFunc(effects, func(x holding.Effect) bool { return x.Kind == "skipped" }) {
						r.Fatalf("undone at once, and yet %v", effects)
					}
					if after := e.state(t); !maps.Equal(before, after) {
						r.Fatalf("undone at once:\n%v, before\n%v", after, before)
					}
				}
				e.whole(t, r)
			}
		})
	})
}

func someDecisions(r *rapid.T, others []id.Member, pin resource.Key) resource.Decisions {
	one := resource.Rule{To: rapid.SampledFrom(others).Draw(r, "successor")}
	d := resource.Decisions{}
	switch rapid.SampledFrom([]string{"leave", "to", "split", "by type"}).Draw(r, "decision") {
	case "leave":
		d.Default = &resource.Rule{Leave: true}
	case "to":
		d.Default = &one
	case "split":
		d.Split = others
	case "by type":
		d.ByType = map[string]resource.Rule{"pin": one}
	}
	if rapid.Bool().Draw(r, "by id") {
		d.ByID = map[string]resource.Rule{pin.String(): {Leave: true}}
	}
	return d
}

func (e *estate) put(t testing.TB, k resource.Key, owner id.Member) {
	t.Helper()
	if _, err := e.Put(t.Context(), e.by, e.account, resource.Draft{Key: k, Name: "Pin", Owner: &owner}, 0); err != nil {
		t.Fatal(err)
	}
}

// whole checks the intervals of every pin.
func (e *estate) whole(t testing.TB, r *rapid.T) {
	t.Helper()
	if err := e.d.Read(t.Context(), func(tx *db.Tx) error {
		defects, err := resource.Check(t.Context(), tx, e.account)
		if len(defects) > 0 {
			r.Fatal(defects)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	for pin, held := range e.state(t) {
		h, err := e.History(t.Context(), e.by, e.account, resource.Key{Type: "pin", ID: pin})
		if err != nil {
			t.Fatal(err)
		}
		owner := ""
		for i, o := range h.Owners {
			if o.To.IsZero() {
				owner = string(o.Member)
			}
			if i > 0 && (h.Owners[i-1].To.IsZero() || h.Owners[i-1].To.After(o.From)) {
				r.Fatalf("pin %s: %+v", pin, h.Owners)
			}
		}
		if !strings.HasPrefix(held, owner+"[") && !strings.HasPrefix(held, owner+" [") {
			r.Fatalf("pin %s is held by %s, and its history ends with %q", pin, held, owner)
		}
	}
}
