package server_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"tenure/internal/server"
	"tenure/internal/server/contract"
	"tenure/internal/server/servertest"
)

// office is a company of preset cases with somebody of each level.
type office struct {
	*servertest.Company
	standard, limited, guest *servertest.Person
}

func newOffice(t *testing.T, s *servertest.Server) office {
	t.Helper()
	c := s.Found(t, "cases", "Acme", "owner@acme.example")
	return office{c, c.Invite("standard@acme.example", "standard", nil), c.Invite("limited@acme.example", "limited", nil), c.Invite("guest@acme.example", "guest", nil)}
}

// put makes a resource as the owner.
func put(t *testing.T, c *servertest.Company, key string, body obj) {
	t.Helper()
	c.Owner.Call("PUT", c.Path("/resources/"+key), body).OK()
}

func assign(c *servertest.Company, as *servertest.Person, key, member string) *servertest.Answer {
	return as.Call("PUT", c.Path("/resources/"+key+"/assignees/"+member), nil)
}

// keys gives what a list of resources names.
func keys(a *servertest.Answer) []string {
	found := []string{}
	for _, item := range a.List("items") {
		one := item.(obj)
		found = append(found, one["type"].(string)+"/"+one["id"].(string))
	}
	return found
}

// deactivate lets somebody go, with decisions, and gives the receipt.
func deactivate(t *testing.T, c *servertest.Company, kind, member string, decisions obj) (departure string, receipt *servertest.Answer) {
	t.Helper()
	if decisions == nil {
		decisions = obj{}
	}
	plan := c.Owner.Post(c.Path("/departures"), obj{"members": list{member}, "kind": kind, "decisions": decisions}).OK()
	departure = plan.Text("id")
	return departure, c.Owner.Post(c.Path("/departures/"+departure+"/apply"), obj{"digest": plan.Text("digest")})
}

// TestC4_LimitedAndGuestUsersAreAssignedAfterTheyHaveRegistered walks the page:
// who was invited cannot be assigned yet; a Limited user reaches what they are
// assigned to, a Guest one single case, and their second is refused.
func TestC4_LimitedAndGuestUsersAreAssignedAfterTheyHaveRegistered(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		o := newOffice(t, s)
		for _, key := range []string{"case/1", "case/2", "case/3"} {
			put(t, o.Company, key, obj{"name": "Case " + key})
		}
		invited := o.Owner.Post(o.Path("/invitations"), obj{"emails": list{"late@acme.example"}, "role": "limited"}).OK()
		for _, waiting := range []string{invited.Text("results.0.invitation.id"), "late@acme.example"} { // nobody's member yet
			assign(o.Company, o.standard, "case/1", waiting).Refused(404, "not_found")
		}
		added := o.Owner.Post(o.Path("/members"), obj{"first_name": "La", "last_name": "Te", "email": "added@acme.example", "role": "limited", "active": true}).OK()
		assign(o.Company, o.standard, "case/1", added.Text("id")).Refused(409, "not_registered")

		o.limited.Get(o.Path("/resources/case/1")).Refused(404, "not_found")
		assign(o.Company, o.standard, "case/1", o.limited.Member).OK()
		assign(o.Company, o.standard, "case/2", o.limited.Member).OK()
		if got := keys(o.limited.Get(o.Path("/resources")).OK()); !slices.Equal(got, []string{"case/1", "case/2"}) {
			t.Errorf("a Limited user lists %v", got)
		}
		assign(o.Company, o.standard, "case/2", o.guest.Member).OK()
		assign(o.Company, o.standard, "case/3", o.guest.Member).Refused(409, "guest_limit")
		assign(o.Company, o.standard, "case/2", o.guest.Member).OK() // once more is no second one
		if got := keys(o.guest.Get(o.Path("/resources")).OK()); !slices.Equal(got, []string{"case/2"}) {
			t.Errorf("a Guest lists %v", got)
		}
		o.guest.Get(o.Path("/members")).Refused(403, "forbidden")
		o.guest.Get(o.Path("/members/"+o.limited.Member+"/holdings")).Refused(403, "forbidden")
		o.guest.Get(o.Path("/members/" + o.guest.Member + "/holdings")).OK() // one's own
		if got := fmt.Sprint(o.guest.Get(o.Path("/resources/case/2")).OK().At("people")); got != fmt.Sprint(list{
			obj{"member": o.limited.Member, "name": "Nora New", "active": true}, obj{"member": o.guest.Member, "name": "Nora New", "active": true}}) {
			t.Errorf("a Guest is told of the people on their case: %s", got)
		}
		for _, path := range []string{"", "/history", "/activities"} {
			o.guest.Get(o.Path("/resources/case/2" + path)).OK()
			hidden, missing := o.guest.Get(o.Path("/resources/case/3"+path)), o.guest.Get(o.Path("/resources/case/9"+path))
			hidden.Refused(404, "not_found")
			if string(hidden.Body) != string(missing.Body) {
				t.Errorf("%s: %s is not %s", path, hidden.Body, missing.Body)
			}
		}
		o.Owner.Call("PUT", o.Path("/resources/case/1"), obj{"name": "Case", "owner": o.guest.Member}).Refused(409, "guest_limit")

		// To have one's level lowered to Guest, one gives up all but one case first.
		lowered := o.Owner.Patch(o.Path("/members/"+o.limited.Member), obj{"role": "guest"}).Refused(409, "guest_limit")
		if got := lowered.List("blockers.0.resources"); !slices.Equal(got, []any{"case/1", "case/2"}) {
			t.Errorf("what stands in the way: %s", lowered.Body)
		}
		o.standard.Delete(o.Path("/resources/case/1/assignees/" + o.limited.Member)).OK()
		o.Owner.Patch(o.Path("/members/"+o.limited.Member), obj{"role": "guest"}).OK()
		second := assign(o.Company, o.standard, "case/3", o.limited.Member).Refused(409, "guest_limit")
		if got := second.List("blockers.0.resources"); !slices.Equal(got, []any{"case/2"}) {
			t.Errorf("what stands in the way: %s", second.Body)
		}
		o.Owner.Patch(o.Path("/members/"+o.limited.Member), obj{"role": "limited"}).OK()
		assign(o.Company, o.standard, "case/3", o.limited.Member).OK()

		// The same holds where the level itself is made narrower.
		narrower := o.Owner.Post(o.Path("/roles"), obj{"name": "Temp", "reach": "assigned", "permissions": list{"resources.read"}}).OK().Text("key")
		o.Owner.Patch(o.Path("/members/"+o.limited.Member), obj{"role": narrower}).OK()
		narrow := o.Owner.Patch(o.Path("/roles/"+narrower), obj{"reach": "single"}).Refused(409, "guest_limit")
		if got := narrow.List("blockers.0.resources"); !slices.Equal(got, []any{"case/2", "case/3"}) {
			t.Errorf("what stands in the way: %s", narrow.Body)
		}
		o.standard.Delete(o.Path("/resources/case/3/assignees/" + o.limited.Member)).OK()
		o.Owner.Patch(o.Path("/roles/"+narrower), obj{"reach": "single"}).OK()
		assign(o.Company, o.standard, "case/3", o.limited.Member).Refused(409, "guest_limit")
		sound(t, s)
	})
}

// sound checks that tenure verify finds nothing broken.
func sound(t *testing.T, s *servertest.Server) {
	t.Helper()
	if report, err := server.Verify(t.Context(), server.Config{Database: s.Database}); err != nil || len(report.Defects) > 0 {
		t.Errorf("%q, %v", report.Defects, err)
	}
}

// TestVerifyFindsTwoOwnersAtATimeAndWhoIsGone: what the database itself cannot
// keep apart.
func TestVerifyFindsTwoOwnersAtATimeAndWhoIsGone(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		f := newTerritory(t, s, 1)
		put(t, f.Company, "pin/0", obj{"name": "Pin", "owner": f.heir.Member})
		sound(t, s)
		s.Tamper(t, f.ID, `UPDATE resource_owners SET until = until + 1 WHERE account_id = $1 AND until IS NOT NULL`,
			`UPDATE members SET status = 'removed' WHERE account_id = $1 AND status = 'active' AND email LIKE 'heir%' ESCAPE '\'`)
		report, err := server.Verify(t.Context(), server.Config{Database: s.Database})
		if text := strings.Join(report.Defects, "\n"); err != nil || !strings.Contains(text, "resource pin/0 had two owners at a time") || !strings.Contains(text, "is removed and holds resources") {
			t.Errorf("%q, %v", report.Defects, err)
		}
	})
}

// TestAGuestsSecondCaseIsRefusedHoweverManyAskAtOnce: of many assignments at the
// same moment one holds.
func TestAGuestsSecondCaseIsRefusedHoweverManyAskAtOnce(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		o := newOffice(t, s)
		const cases = 12
		for i := range cases {
			put(t, o.Company, fmt.Sprintf("case/%d", i), obj{"name": "Case"})
		}
		var all sync.WaitGroup
		var held atomic.Int64
		for i := range cases {
			all.Go(func() {
				if a := assign(o.Company, o.standard, fmt.Sprintf("case/%d", i), o.guest.Member); a.Status == 200 {
					held.Add(1)
				} else {
					a.Refused(409, "guest_limit")
				}
			})
		}
		all.Wait()
		if got := keys(o.guest.Get(o.Path("/resources")).OK()); held.Load() != 1 || len(got) != 1 {
			t.Errorf("%d assignments held, the guest lists %v", held.Load(), got)
		}
	})
}

// TestC4_WhoHasNotComeInCannotBeAssigned: with the preset where people are added
// by a form, somebody is there before they have registered.
func TestC4_WhoHasNotComeInCannotBeAssigned(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := s.Found(t, "credits", "Acme", "owner@acme.example")
		c.Owner.Call("PUT", c.Path("/resource-types/case"), obj{"name": "Case", "on_leave": "leave"}).OK()
		put(t, c, "case/1", obj{"name": "One"})
		added := c.Owner.Post(c.Path("/members"), obj{"first_name": "A", "last_name": "Added", "email": "added@acme.example", "active": true}).OK()
		assign(c, c.Owner, "case/1", added.Text("id")).Refused(409, "not_registered")
		c.Owner.Call("PUT", c.Path("/resources/case/1"), obj{"name": "One", "owner": added.Text("id")}).Refused(409, "not_registered")
	})
}

// ndjson sends a list and gives the lines of the answer.
func ndjson(t *testing.T, s *servertest.Server, token, path string, body io.Reader) (int, []obj) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), "POST", s.URL+path, body)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+token)
	request.Header.Set("Content-Type", "application/x-ndjson")
	through := contract.Described().Transport(http.DefaultTransport, func(err error) { t.Error(err) })
	answer, err := through.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	var lines []obj
	for decoder := json.NewDecoder(answer.Body); ; {
		line := obj{}
		if err := decoder.Decode(&line); err == io.EOF {
			return answer.StatusCode, lines
		} else if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, line)
	}
}

func TestResourcesAreListedBySubAccount(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		o := newOffice(t, s)
		sub := o.Owner.Post(o.Path("/sub-accounts"), obj{"name": "North"}).OK().Text("id")
		put(t, o.Company, "case/1", obj{"name": "One"})
		put(t, o.Company, "case/2", obj{"name": "Two", "sub_account": sub})
		if got := keys(o.Owner.Get(o.Path("/resources?sub_account=" + sub)).OK()); !slices.Equal(got, []string{"case/2"}) {
			t.Errorf("of the sub-account: %v", got)
		}
		if got := keys(o.standard.Get(o.Path("/resources?sub_account=" + sub)).OK()); len(got) != 0 {
			t.Errorf("of a sub-account that they do not reach: %v", got)
		}
	})
}

func TestAListOfResourcesIsStoredInChunksAndRefusedByTheLine(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		o := newOffice(t, s)
		var text strings.Builder
		for i := range 1203 {
			fmt.Fprintf(&text, `{"type":"case","id":"%d","name":"Case %d","owner":%q}`+"\n", i, i, o.standard.Member)
		}
		bad := []string{`{"type":"nothing","id":"1","name":"A"}`, `{"type":"case","id":"a/b","name":"A"}`, `{"type":"case","id":"x"}`, `{"type":"case"`,
			`{"type":"case","id":"x","name":"A","colour":"red"}`, `{"type":"case","id":7,"name":"A"}`, `{"type":"case","id":"x","name":"A","owner":"mem_00000000000000000000000000"}`,
			`{"type":"case","id":"x","name":"A","owner":"` + o.guest.Member + `"}`, `{"type":"case","id":"x","name":"A","sub_account":"sub_00000000000000000000000000"}`,
			`{"type":"case","id":"x","name":"` + strings.Repeat("a", 20<<10) + `"}`, `[]`}
		text.WriteString(strings.Join(bad, "\n"))
		status, lines := ndjson(t, s, servertest.OperatorKey, o.Path("/resources/import"), strings.NewReader(text.String()))
		if status != 200 {
			t.Fatalf("%d %v", status, lines)
		}
		codes := map[string]string{}
		for _, line := range lines {
			if code, refused := line["code"]; refused {
				codes[fmt.Sprint(line["line"])] = fmt.Sprintf("%v %v", code, line["field"])
			}
		}
		want := map[string]string{"1204": "invalid type", "1205": "invalid id", "1206": "invalid name", "1207": "invalid <nil>", "1208": "unknown_field colour", "1209": "invalid id",
			"1210": "not_found <nil>", "1211": "guest_limit <nil>", "1212": "invalid sub_account", "1213": "invalid <nil>", "1214": "invalid <nil>"}
		if fmt.Sprint(codes) != fmt.Sprint(want) {
			t.Errorf("refused\n%v, want\n%v", codes, want)
		}
		if last := lines[len(lines)-1]; last["done"] != true || last["created"] != 1203.0 || last["refused"] != 11.0 {
			t.Errorf("at the end: %v", last)
		}
		if first := lines[0]; first["line"] != 500.0 || first["created"] != 500.0 {
			t.Errorf("the first progress: %v", first)
		}
		before := o.Owner.Get(o.Path("/events?action=resource.import")).OK()
		_, again := ndjson(t, s, servertest.OperatorKey, o.Path("/resources/import"), strings.NewReader(text.String()))
		if last := again[len(again)-1]; last["unchanged"] != 1203.0 || last["created"] != 0.0 {
			t.Errorf("the same list again: %v", last)
		}
		if after := o.Owner.Get(o.Path("/events?action=resource.import")).OK(); string(after.Body) != string(before.Body) || len(after.List("items")) != 3 {
			t.Errorf("the same list again has events: %s", after.Body)
		}
		if status, _ := ndjson(t, s, servertest.OperatorKey, o.Path("/resources/import"), strings.NewReader("\n")); status != 200 {
			t.Errorf("an empty list: %d", status)
		}
	})
}

// TestC9_WhoLeavesStaysListedUntilSomebodyWhoReachesTheCaseRemovesThem.
func TestC9_WhoLeavesStaysListedUntilSomebodyWhoReachesTheCaseRemovesThem(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		o := newOffice(t, s)
		put(t, o.Company, "case/1", obj{"name": "One", "owner": o.standard.Member})
		put(t, o.Company, "case/2", obj{"name": "Two"})
		for _, member := range []string{o.standard.Member, o.limited.Member} {
			assign(o.Company, o.Owner, "case/1", member).OK()
		}
		assign(o.Company, o.Owner, "case/2", o.guest.Member).OK()
		listed := o.Path("/resources/case/1/assignees/" + o.standard.Member)
		o.limited.Delete(listed).Refused(403, "forbidden") // an active colleague

		departure, receipt := deactivate(t, o.Company, "deactivate", o.standard.Member, nil)
		receipt.OK()
		one := o.limited.Get(o.Path("/resources/case/1")).OK()
		if got := one.List("assignees"); !slices.Equal(got, []any{o.standard.Member, o.limited.Member}) || one.Text("owner") != o.standard.Member {
			t.Errorf("after the departure: %s", one.Body)
		}
		if who := one.At("people.0").(obj); who["member"] != o.standard.Member || who["active"] != false || len(one.List("people")) != 2 {
			t.Errorf("who has left is not told apart: %s", one.Body)
		}
		assign(o.Company, o.Owner, "case/2", o.standard.Member).Refused(409, "member_inactive")
		o.Owner.Call("PUT", o.Path("/resources/case/2"), obj{"name": "Two", "owner": o.standard.Member}).Refused(409, "member_inactive")
		o.Owner.Call("PUT", o.Path("/resources/case/1"), obj{"name": "One, renamed"}).OK() // who owns it has left, and may stay

		o.guest.Delete(listed).Refused(404, "not_found") // does not reach the case
		o.limited.Delete(listed).OK()
		o.limited.Delete(listed).Refused(404, "not_found")
		undone := o.Owner.Post(o.Path("/departures/"+departure+"/undo"), nil).OK()
		if one := o.Owner.Get(o.Path("/resources/case/1")).OK(); one.Text("owner") != o.standard.Member || len(one.List("assignees")) != 1 {
			t.Errorf("after the undo %s: %s", undone.Body, one.Body)
		}
	})
}

// territory is a company of preset field with pins that somebody owns.
type territory struct {
	*servertest.Company
	leaver, heir, other *servertest.Person
}

func newTerritory(t *testing.T, s *servertest.Server, pins int) territory {
	t.Helper()
	c := s.Found(t, "field", "Acme", "owner@acme.example")
	f := territory{c, c.Invite("leaver@acme.example", "user", nil), c.Invite("heir@acme.example", "user", nil), c.Invite("other@acme.example", "user", nil)}
	c.Owner.Patch(c.Path("/members/"+f.leaver.Member), obj{"phone": "+31 20 555 0100"}).OK()
	for i := range pins {
		put(t, c, fmt.Sprintf("pin/%d", i), obj{"name": fmt.Sprintf("Pin %d", i), "owner": f.leaver.Member})
	}
	return f
}

// owners gives who owns each pin: the name of a person, by pin.
func (f territory) owners(t *testing.T) string {
	t.Helper()
	names := map[any]string{f.leaver.Member: "leaver", f.heir.Member: "heir", f.other.Member: "other", nil: "nobody"}
	var text []string
	for _, item := range f.Owner.Get(f.Path("/resources")).OK().List("items") {
		text = append(text, item.(obj)["id"].(string)+" "+names[item.(obj)["owner"]])
	}
	return strings.Join(text, ", ")
}

// TestF4_ThePinsAreLeftOrTransferredAllOrByChoice: it has to be decided, and then
// exactly that happens, and undoing it gives back what is unchanged.
func TestF4_ThePinsAreLeftOrTransferredAllOrByChoice(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		f := newTerritory(t, s, 5)
		plan := f.Owner.Post(f.Path("/departures"), obj{"members": list{f.leaver.Member}, "kind": "deactivate"}).OK()
		if plan.Text("needed.0.code") != "decision_required" || plan.Number("needed.0.count") != 5 || !slices.Contains(plan.List("needed.0.options"), any("decisions.resources.by_type.pin")) {
			t.Errorf("nothing is asked: %s", plan.Body)
		}
		departure := f.Path("/departures/" + plan.Text("id"))
		f.Owner.Post(departure+"/apply", obj{"digest": plan.Text("digest")}).Refused(409, "decision_required")

		decide := func(resources any) *servertest.Answer {
			return f.Owner.Patch(departure, obj{"decisions": obj{"resources": resources}})
		}
		for _, bad := range []struct {
			decision any
			field    string
		}{
			{obj{"default": obj{}}, "decisions.resources.default"}, {obj{"default": obj{"leave": true, "to": f.heir.Member}}, "decisions.resources.default"},
			{obj{"by_type": obj{"pin": obj{}}}, "decisions.resources.by_type"}, {obj{"by_id": obj{"17": obj{"leave": true}}}, "decisions.resources.by_id"},
			{obj{"default": obj{"leave": true}, "split": list{f.heir.Member}}, "decisions.resources.split"}, {obj{"split": list{f.heir.Member, f.heir.Member}}, "decisions.resources.split"},
		} {
			if refused := decide(bad.decision).Refused(422, "invalid"); refused.Text("errors.0.field") != bad.field {
				t.Errorf("%v: %s", bad.decision, refused.Body)
			}
		}
		inactive := f.Invite("inactive@acme.example", "user", nil)
		f.Owner.Patch(f.Path("/members/"+inactive.Member), obj{"phone": "+31 20 555 0100"}).OK()
		_, gone := deactivate(t, f.Company, "deactivate", inactive.Member, nil)
		gone.OK()
		for _, bad := range []string{inactive.Member, f.leaver.Member, "mem_00000000000000000000000000", "nonsense"} {
			blocked := decide(obj{"default": obj{"to": bad}}).OK()
			if blocked.Text("blockers.0.code") != "successor_invalid" || len(blocked.List("blockers.0.resources")) != 5 ||
				blocked.Text("blockers.0.to") != bad || blocked.Number("blockers.0.count") != 5 {
				t.Errorf("%s: %s", bad, blocked.Body)
			}
			f.Owner.Post(departure+"/apply", obj{"digest": blocked.Text("digest")}).Refused(409, "blocked")
		}
		decided := decide(obj{"default": obj{"leave": true}, "by_id": obj{"pin/1": obj{"to": f.heir.Member}, "pin/3": obj{"to": f.other.Member}}}).OK()
		put(t, f.Company, "pin/1", obj{"name": "Pin 1, renamed"})
		f.Owner.Post(departure+"/apply", obj{"digest": decided.Text("digest")}).Refused(409, "plan_changed")
		f.Owner.Post(departure+"/apply", obj{"digest": f.Owner.Get(departure).OK().Text("digest")}).OK()
		if got := f.owners(t); got != "0 leaver, 1 heir, 2 leaver, 3 other, 4 leaver" {
			t.Errorf("after the departure: %s", got)
		}
		put(t, f.Company, "pin/3", obj{"name": "Pin 3", "owner": f.heir.Member})
		undone := f.Owner.Post(departure+"/undo", nil).OK()
		if got := f.owners(t); got != "0 leaver, 1 leaver, 2 leaver, 3 heir, 4 leaver" {
			t.Errorf("after the undo: %s", got)
		}
		if effects := fmt.Sprint(undone.List("effects")); !strings.Contains(effects, "kind:resources_restored") || !strings.Contains(effects, "kind:skipped") || !strings.Contains(effects, "reason:changed") {
			t.Errorf("the undo says %s", effects)
		}
	})
}

// TestF4_PinsAreSplitEvenlyAmongSeveral: the same pins go to the same people,
// whoever asks, and by type where that is said.
func TestF4_PinsAreSplitEvenlyAmongSeveral(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		f := newTerritory(t, s, 5)
		f.Owner.Call("PUT", f.Path("/resource-types/lead"), obj{"name": "Lead", "on_leave": "leave"}).OK()
		put(t, f.Company, "lead/9", obj{"name": "Lead", "owner": f.leaver.Member})
		_, receipt := deactivate(t, f.Company, "deactivate", f.leaver.Member, obj{"resources": obj{"by_type": obj{"lead": obj{"to": f.other.Member}}, "split": list{f.heir.Member, f.other.Member}}})
		receipt.OK()
		if got := f.owners(t); got != "9 other, 0 heir, 1 other, 2 heir, 3 other, 4 heir" {
			t.Errorf("after the departure: %s", got)
		}
		held := keys(f.Owner.Get(f.Path("/resources?owner=" + f.heir.Member)).OK())
		if !slices.Equal(held, []string{"pin/0", "pin/2", "pin/4"}) {
			t.Errorf("the heir holds %v", held)
		}
	})
}

// TestF6_APinKeepsItsWholeHistory: owners with dates, visits and by whom, and who
// closed the deal, also after the person was removed.
func TestF6_APinKeepsItsWholeHistory(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		f := newTerritory(t, s, 1)
		f.Owner.Patch(f.Path(""), obj{"policy": obj{"departure_kinds": list{"deactivate", "remove"}, "undo_window": 0}}).OK()
		pin := f.Path("/resources/pin/0")
		f.leaver.Post(pin+"/activities", obj{"kind": "visit", "note": "Nobody at home"}).OK()
		f.heir.Post(pin+"/activities", obj{"kind": "deal_closed"}).OK()
		f.Owner.Post(pin+"/activities", obj{"kind": "call", "member": f.leaver.Member, "at": "2025-03-01T10:00:00Z"}).OK()
		assign(f.Company, f.Owner, "pin/0", f.leaver.Member).OK()
		for _, bad := range []struct {
			body  obj
			field string
		}{{obj{"kind": "A visit"}, "kind"}, {obj{"kind": "visit", "at": "2999-01-01T00:00:00Z"}, "at"}, {obj{"kind": "visit", "note": "a\u0007"}, "note"}} {
			if refused := f.Owner.Post(pin+"/activities", bad.body).Refused(422, "invalid"); refused.Text("errors.0.field") != bad.field {
				t.Errorf("%v: %s", bad.body, refused.Body)
			}
		}
		_, receipt := deactivate(t, f.Company, "remove", f.leaver.Member, obj{"resources": obj{"default": obj{"to": f.heir.Member}}})
		receipt.OK()
		s.Operator(t).Stream(f.Path("/events/stream?since_seq=0&action=member.erase&subject=" + f.leaver.Member)).NextEvent()
		h := f.Owner.Get(pin + "/history").OK()
		if len(h.List("owners")) != 2 || h.Text("owners.0.member") != f.leaver.Member || h.At("owners.0.to") != h.At("owners.1.from") || h.At("owners.1.to") != nil {
			t.Errorf("owners: %s", h.Body)
		}
		if len(h.List("assignments")) != 1 || h.At("assignments.0.to") == nil {
			t.Errorf("assignments: %s", h.Body)
		}
		kinds := []string{}
		for _, a := range h.List("activities") {
			kinds = append(kinds, a.(obj)["kind"].(string)+" by "+a.(obj)["member_name"].(string))
		}
		if !slices.Equal(kinds, []string{"call by ", "visit by ", "deal_closed by Nora New"}) {
			t.Errorf("activities: %v", kinds)
		}
		if newest := f.Owner.Get(pin + "/activities?limit=1").OK(); newest.Text("items.0.kind") != "deal_closed" || newest.Text("next_cursor") == "" {
			t.Errorf("the newest: %s", newest.Body)
		}
	})
}

func TestResourcesAreFoundByNameOrId(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		o := newOffice(t, s)
		for key, name := range map[string]string{"case/A-17": "Café Zürich", "case/B-18": "100% off", "case/C-19": "café central", "case/D-20": "Elsewhere"} {
			put(t, o.Company, key, obj{"name": name})
		}
		assign(o.Company, o.standard, "case/C-19", o.limited.Member).OK()
		for query, want := range map[string][]string{
			"?q=CAFE": {"case/A-17", "case/C-19"}, "?q=caf%C3%A9%20z": {"case/A-17"}, "?q=b-1": {"case/B-18"}, "?q=%25": {"case/B-18"}, "?q=_": {},
			"?q=cafe&type=case&limit=1": {"case/A-17"}, "?q=": {"case/A-17", "case/B-18", "case/C-19", "case/D-20"},
		} {
			if got := keys(o.Owner.Get(o.Path("/resources" + query)).OK()); !slices.Equal(got, want) {
				t.Errorf("%s finds %v, want %v", query, got, want)
			}
		}
		first := o.Owner.Get(o.Path("/resources?q=cafe&limit=1")).OK()
		rest := o.Owner.Get(o.Path("/resources?q=cafe&limit=1&cursor=" + first.Text("next_cursor"))).OK()
		if got := keys(rest); !slices.Equal(got, []string{"case/C-19"}) || rest.Text("next_cursor") != "" {
			t.Errorf("the second page: %s", rest.Body)
		}
		if got := keys(o.limited.Get(o.Path("/resources?q=cafe")).OK()); !slices.Equal(got, []string{"case/C-19"}) {
			t.Errorf("who is assigned to one finds %v", got)
		}
	})
}

// TestWhoComesBackAsAGuestHasWhatAGuestMayHave: the role was narrowed while they
// were away.
func TestWhoComesBackAsAGuestHasWhatAGuestMayHave(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := s.Found(t, "team", "Guests", "owner@guests.example")
		operator := s.Operator(t)
		role := operator.Post(c.Path("/roles"), obj{"name": "Helper", "rank": 20, "reach": "all", "permissions": list{"members.read"}}).OK().Text("key")
		m := c.Invite("jo@guests.example", role, nil)
		operator.Call("PUT", c.Path("/resource-types/pin"), obj{"name": "Pins", "on_leave": "leave"}).OK()
		for _, pin := range []string{"1", "2"} {
			operator.Call("PUT", c.Path("/resources/pin/"+pin), obj{"name": pin, "owner": m.Member}).OK()
			operator.Call("PUT", c.Path("/resources/pin/"+pin+"/assignees/"+m.Member), nil).OK()
		}
		plan := operator.Post(c.Path("/departures"), obj{"members": list{m.Member}, "kind": "remove"}).OK()
		path := c.Path("/departures/" + plan.Text("id"))
		operator.Post(path+"/apply", obj{"digest": plan.Text("digest")}).OK()
		operator.Patch(c.Path("/roles/"+role), obj{"reach": "single"}).OK()
		undone := operator.Post(path+"/undo", nil).OK()
		if undone.Text("skipped.0.reason") != "changed" || undone.Number("skipped.0.count") != 2 || undone.Text("skipped.1.reason") != "out_of_reach" || undone.Number("skipped.1.count") != 1 {
			t.Errorf("%s", undone.Body)
		}
	})
}

// TestAnUndoTellsWhatWasDeletedMeanwhile, of what was handed over, of what was left
// without an owner, and of what they worked on: of one who left, and of several.
func TestAnUndoTellsWhatWasDeletedMeanwhile(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c, operator := s.Found(t, "team", "Gone", "owner@gone.example"), s.Operator(t)
		operator.Call("PUT", c.Path("/resource-types/pin"), obj{"name": "Pins", "on_leave": "leave"}).OK()
		heir, leavers := c.Invite("heir@gone.example", "member", nil), list{}
		for n := range 3 {
			m := c.Invite(fmt.Sprintf("p%d@gone.example", n), "member", nil).Member
			leavers = append(leavers, m)
			for _, pin := range []string{"passed", "left", "stays"} {
				put(t, c, fmt.Sprintf("pin/%s-%d", pin, n), obj{"name": pin, "owner": m})
			}
			c.Owner.Call("PUT", c.Path(fmt.Sprintf("/resources/pin/left-%d/assignees/%s", n, m)), nil).OK()
		}
		rules := obj{}
		for n := range 3 {
			rules[fmt.Sprintf("pin/passed-%d", n)] = obj{"to": heir.Member}
		}
		for _, together := range []list{leavers[:1], leavers[1:]} {
			plan := c.Owner.Post(c.Path("/departures"), obj{"members": together, "kind": "remove", "decisions": obj{"resources": obj{"by_id": rules}}}).OK()
			path := c.Path("/departures/" + plan.Text("id"))
			c.Owner.Post(path+"/apply", obj{"digest": plan.Text("digest")}).OK()
			carried(t, operator, path)
			for n := range 3 {
				if slices.Contains(together, leavers[n]) {
					c.Owner.Delete(c.Path(fmt.Sprintf("/resources/pin/passed-%d", n))).OK()
					c.Owner.Delete(c.Path(fmt.Sprintf("/resources/pin/left-%d", n))).OK()
				}
			}
			c.Owner.Post(path+"/undo", nil).OK()
			skipped := carried(t, operator, path).List("skipped")
			if len(skipped) != 2*len(together) {
				t.Fatalf("skipped: %v", skipped)
			}
			for i := range together {
				owned, worked := skipped[2*i].(obj), skipped[2*i+1].(obj)
				if owned["reason"] != "deleted" || owned["count"] != 2.0 || worked["reason"] != "assignment_deleted" || worked["count"] != 1.0 {
					t.Errorf("skipped: %v and %v", owned, worked)
				}
			}
		}
	})
}
