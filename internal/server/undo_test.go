package server_test

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"tenure/internal/db/dbtest"
	"tenure/internal/server/servertest"
)

// seatYear is what a seat costs a year, in minor units: a day of it is not lost
// in rounding.
const seatYear = 36_500_000

// holders is an account of people who hold things of every kind.
type holders struct {
	*servertest.Company
	t        *testing.T
	s        *servertest.Server
	operator *servertest.Client
	random   *rand.Rand
	people   []*servertest.Person
	roles    []string
	modules  []string
	subs     []string
	kinds    []string
	number   int
}

// TestUndoIsTheIdentity: a departure that is undone, with nothing else between,
// leaves everything as it was but sessions and keys, the trail, timestamps and
// what a seat costs in the time nobody sat on it.
func TestUndoIsTheIdentity(t *testing.T) {
	seed := dbtest.Seed(t)
	for _, preset := range []string{"portal", "field", "cases"} {
		t.Run(preset, func(t *testing.T) {
			servertest.Each(t, func(t *testing.T, s *servertest.Server) {
				h := hold(t, s, preset, rand.New(rand.NewPCG(seed, 7)))
				for range 4 {
					for range 15 {
						h.stir()
					}
					before := h.content()
					done := h.comeAndGo()
					before.same(t, h.content(), done)
				}
				sound(t, s)
			})
		})
	}
}

// hold founds an account in which everything can be held.
func hold(t *testing.T, s *servertest.Server, preset string, random *rand.Rand) *holders {
	t.Helper()
	c := s.Found(t, preset, "Holders", "owner@holders.example")
	h := &holders{Company: c, t: t, s: s, operator: s.Operator(t), random: random, roles: []string{"admin", "user"}, modules: []string{}, kinds: []string{"deactivate"}}
	switch preset {
	case "portal":
		h.kinds, h.modules = append(h.kinds, "remove"), c.Modules()
	case "cases":
		h.roles = []string{"admin", "standard", "limited"}
	}
	for _, name := range []string{"North", "South"} {
		h.subs = append(h.subs, h.operator.Post(c.Path("/sub-accounts"), obj{"name": name}).OK().Text("id"))
	}
	for _, key := range []string{"pin", "desk"} {
		h.operator.Call("PUT", c.Path("/resource-types/"+key), obj{"name": key, "on_leave": "ask"}).OK()
	}
	h.operator.Call("PUT", c.Path("/billing"), obj{"price": seatYear, "currency": "EUR", "period": "year", "anchor": s.Clock.Now().AddDate(0, 0, -1).Format(time.DateOnly)}).OK()
	h.operator.Post(c.Path("/credits/purchases"), obj{"amount": 10_000}).OK()
	for i := range 5 {
		role, grants := h.roles[i%len(h.roles)], servertest.Map{}
		if role == "user" {
			grants["modules"] = h.modules
		}
		p := c.Invite(fmt.Sprintf("p%d@holders.example", i), role, grants)
		h.operator.Patch(c.Path("/members/"+p.Member), obj{"phone": fmt.Sprintf("+31 20 555 01%02d", i)}).OK()
		h.people = append(h.people, p)
	}
	return h
}

func (h *holders) one() *servertest.Person { return h.people[h.random.IntN(len(h.people))] }

// other is somebody who is not among those.
func (h *holders) other(than ...string) string {
	for {
		if m := h.one().Member; !slices.Contains(than, m) {
			return m
		}
	}
}

func (h *holders) thing() string {
	return []string{"pin", "desk"}[h.random.IntN(2)] + "/" + fmt.Sprint(h.random.IntN(12))
}

// stir gives somebody something, or takes it. What is refused is not done.
func (h *holders) stir() {
	h.number++
	person, c := h.one(), h.operator
	who := person.Member
	switch h.random.IntN(9) {
	case 0, 1, 2:
		body := obj{"name": fmt.Sprintf("Thing %d", h.number), "owner": who}
		if h.random.IntN(6) == 0 {
			body["owner"] = nil
		}
		c.Call("PUT", h.Path("/resources/"+h.thing()), body)
	case 3:
		c.Call("PUT", h.Path("/resources/"+h.thing()+"/assignees/"+who), nil)
	case 4:
		c.Delete(h.Path("/resources/" + h.thing() + "/assignees/" + who))
	case 5:
		c.Post(h.Path("/credits/transfers"), obj{"from": []string{"company", h.other(who)}[h.random.IntN(2)], "to": who, "amount": 1 + h.random.IntN(40)})
	case 6:
		c.Post(h.Path(fmt.Sprintf("/records/r%d/download", h.random.IntN(9))), obj{"member": who, "cost": h.random.IntN(5)})
	case 7:
		change := obj{"sub_accounts": h.subs[:h.random.IntN(len(h.subs)+1)]}
		if h.random.IntN(3) == 0 {
			change = obj{"role": h.roles[h.random.IntN(len(h.roles))], "modules": h.modules}
		}
		c.Patch(h.Path("/members/"+who), change)
	case 8:
		h.s.SignIn(h.t, person.Email).Post(h.Path("/invitations"),
			obj{"emails": list{fmt.Sprintf("new%d@holders.example", h.number)}, "role": h.roles[len(h.roles)-1], "modules": h.modules})
	}
}

// decide is what becomes of what the leavers hold.
func (h *holders) decide(leavers []string) obj {
	heir := h.other(leavers...)
	resources := []obj{
		{"default": obj{"leave": true}}, {"default": obj{"to": heir}}, {"split": list{heir, h.other(append(leavers, heir)...)}},
		{"default": obj{"leave": true}, "by_type": obj{"pin": obj{"to": heir}}, "by_id": obj{"pin/1": obj{"leave": true}}},
	}
	return obj{"resources": resources[h.random.IntN(len(resources))], "credits": obj{"to": []string{"company", heir}[h.random.IntN(2)]}}
}

// comeAndGo lets one or two people go and takes it back some hours later, and
// says what it did.
func (h *holders) comeAndGo() string {
	h.t.Helper()
	leavers := []string{h.one().Member}
	if h.random.IntN(3) == 0 {
		leavers = append(leavers, h.other(leavers...))
	}
	kind, suspended := h.kinds[h.random.IntN(len(h.kinds))], len(leavers) == 1 && h.random.IntN(3) == 0
	plan := h.plan(leavers, kind, suspended)
	path := h.Path("/departures/" + plan.Text("id"))
	h.operator.Post(path+"/apply", obj{"digest": plan.Text("digest")}).OK()
	gone := carried(h.t, h.operator, path)
	if gone.Text("state") != "applied" {
		h.t.Fatalf("not applied: %s", gone.Body)
	}
	h.s.Clock.Set(h.s.Clock.Now().Add(time.Duration(h.random.IntN(20)) * time.Hour))
	h.operator.Post(path+"/undo", nil).OK()
	if undone := carried(h.t, h.operator, path); undone.Text("state") != "undone" || len(undone.List("skipped")) > 0 {
		h.t.Errorf("nothing came between, and this was not restored: %s", undone.Body)
	}
	return fmt.Sprintf("%s of %v (suspended before: %v) with %v", kind, leavers, suspended, gone.At("decisions"))
}

// plan finds decisions under which they can leave.
func (h *holders) plan(leavers []string, kind string, suspended bool) *servertest.Answer {
	h.t.Helper()
	var settling string
	if suspended {
		settling = h.operator.Post(h.Path("/members/"+leavers[0]+"/suspend"), nil).OK().Text("departure.id")
	}
	for h.t.Context().Err() == nil {
		decisions := h.decide(leavers)
		var plan *servertest.Answer
		if suspended {
			plan = h.operator.Patch(h.Path("/departures/"+settling), obj{"kind": kind, "decisions": decisions}).OK()
		} else {
			plan = h.operator.Post(h.Path("/departures"), obj{"members": leavers, "kind": kind, "decisions": decisions}).OK()
		}
		if len(plan.List("blockers"))+len(plan.List("needed")) == 0 {
			return plan
		}
	}
	return nil
}

// content is what the tables hold: as it is now, without what is excepted, and
// what was over.
type content struct {
	now, past map[string][]string
	seats     map[string][][2]int64 // began and ended, in microseconds
	billed    int64
	lines     int
}

// excepted are the tables that a departure and its undo leave other than they
// were: what ended stays ended, what happened is told, and what is sent is sent.
var excepted = []string{"sessions", "api_keys", "email_changes", "events", "heads", "user_events", "user_heads", "departures", "departure_members",
	"outbox", "jobs", "revocations", "nodes", "idempotency_keys", "attempts", "operator_keys", "goose_db_version", "sqlite_sequence"}

// aside are columns that say when, or how often, or by which departure.
var aside = []string{"version", "since_version", "access_epoch", "last_seen_at", "since", "begun_by", "ended_by", "passed_to", "departure_id", "sponsor_before",
	"number", "began_at", "closed_at", "marked"}

// over names the column that ends a row of a table, for tables whose rows are
// never written over; empty where every row is about what was.
var over = map[string]string{"resource_owners": "until", "resource_assignments": "until", "seats": "ended_at", "credit_transactions": "", "billing_lines": ""}

// content reads the whole store.
func (h *holders) content() content {
	h.t.Helper()
	c := content{map[string][]string{}, map[string][]string{}, map[string][][2]int64{}, 0, 0}
	h.s.Store(h.t, func(r servertest.Row) {
		if slices.Contains(excepted, r.Table) {
			return
		}
		value := map[string]any{}
		for i, column := range r.Columns {
			value[column] = r.Values[i]
			if raw, is := r.Values[i].([]byte); is {
				value[column] = string(raw)
			}
		}
		ends, kept := over[r.Table]
		switch past := kept && (ends == "" || value[ends] != nil); {
		case r.Table == "wallets" && value["balance"] == int64(0) && value["used"] == int64(0):
			return // as good as none
		case past:
			c.past[r.Table] = append(c.past[r.Table], fmt.Sprint(value))
		default:
			c.now[r.Table] = append(c.now[r.Table], staying(value))
		}
		switch r.Table {
		case "seats":
			ended, _ := value["ended_at"].(int64)
			c.seats[value["member_id"].(string)] = append(c.seats[value["member_id"].(string)], [2]int64{value["began_at"].(int64), ended})
		case "billing_lines":
			c.billed, c.lines = c.billed+value["amount"].(int64), c.lines+1
		}
	})
	return c
}

// staying is a row without what is set aside.
func staying(value map[string]any) string {
	kept := maps.Clone(value)
	for _, column := range aside {
		delete(kept, column)
	}
	return fmt.Sprint(kept)
}

// same holds what is there after an undo against what was there before.
func (c content) same(t *testing.T, after content, done string) {
	t.Helper()
	for _, table := range slices.Sorted(maps.Keys(after.now)) {
		lost, found := notIn(c.now[table], after.now[table]), notIn(after.now[table], c.now[table])
		if len(lost)+len(found) > 0 {
			t.Errorf("%s differs after the undo of %s\nlost:  %s\nfound: %s", table, done, strings.Join(lost, "\n       "), strings.Join(found, "\n       "))
		}
	}
	for table, rows := range c.past {
		if lost := notIn(rows, after.past[table]); len(lost) > 0 {
			t.Errorf("%s: what was over has been written over by the undo of %s: %s", table, done, strings.Join(lost, "\n"))
		}
	}
	var empty float64 // what the time comes to in which nobody sat there
	for m, seats := range after.seats {
		slices.SortFunc(seats, func(a, b [2]int64) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(b[1], a[1])) }) // 0, who sits there, is last
		for i := len(c.seats[m]); i < len(seats); i++ {
			seconds := float64(seats[i][0]-seats[i-1][1]) / 1e6
			empty += seatYear * seconds / (365 * 24 * 3600)
		}
	}
	if billed := float64(after.billed - c.billed); math.Abs(billed+empty) > float64(after.lines-c.lines)+1 {
		t.Errorf("after the undo of %s, %v more is billed; the seats were empty for %v", done, billed, empty)
	}
}

// notIn gives what is in the first list and not in the second.
func notIn(list, other []string) []string {
	there := map[string]int{}
	for _, one := range other {
		there[one]++
	}
	return slices.DeleteFunc(slices.Clone(list), func(one string) bool {
		there[one]--
		return there[one] >= 0
	})
}
