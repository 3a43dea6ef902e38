// Package model runs one history of calls on every engine and in a plain model
// of maps and slices, and holds after each step what they say, what there is and
// what was recorded against each other.
package model

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tenure/internal/db/dbtest"
	"tenure/internal/server/servertest"
)

func TestMain(m *testing.M) {
	dbtest.Short(10, 60)
	os.Exit(m.Run())
}

// history is a world on its way.
type history struct {
	*plainWorld
	world   int // a number of its own, for addresses
	engines []*engine
	seen    []basis // of the plan of each departure, as last shown
	wrong   [people]int
	atOnce  bool // the events of this step come in any order
}

type plainWorld = world

// TestOneHistoryOnEveryEngineAndInAPlainModel makes invitations, members,
// sessions and departures come and go. After every step: every engine has
// answered alike and as the model says, every list and every session stands as
// the model says, and exactly the events that the model expects were recorded,
// without a gap.
func TestOneHistoryOnEveryEngineAndInAPlainModel(t *testing.T) {
	all := engines(t)
	worlds, made := 0, map[string]int{}
	rapid.Check(t, func(rt *rapid.T) {
		worlds++
		h := &history{plainWorld: begin(rapid.SampledFrom(presets).Draw(rt, "preset")), world: worlds, engines: all}
		for _, e := range all {
			e.found(h.preset, worlds)
		}
		moves := map[string]func(*rapid.T){"": func(rt *rapid.T) {}}
		for name, move := range map[string]func(*rapid.T){
			"invite": h.invitePeople, "resend": h.resendOne, "copy": h.copyOne, "withdraw": h.withdrawOne, "accept": h.acceptOne, "accept more": h.acceptOne,
			"decline": h.declineOne, "inspect": h.inspectOne, "add": h.addOne, "welcome": h.welcomeOne, "change": h.changeOne, "suspend": h.suspendOne,
			"activate": h.activateOne, "plan": h.planOne, "look": h.lookOne, "decide": h.decideOne, "discard": h.discardOne, "apply": h.applyOne, "apply more": h.applyOne,
			"undo": h.undoOne, "sign in": h.signInOne, "sign out": h.signOutOne, "password": h.changePasswordOne, "end sessions": h.endDevicesOf,
			"make key": h.makeKeyOne, "make more keys": h.makeKeyOne, "revoke key": h.revokeKeyOne, "wait": h.letTimePass,
		} {
			moves[name] = func(rt *rapid.T) {
				h.trail, h.atOnce = nil, false
				move(rt)
				made[name]++
			}
		}
		rt.Repeat(moves)
	})
	for _, e := range all {
		e.verify()
	}
	t.Logf("%d worlds; moves made: %v", worlds, made)
}

// make makes a call on every engine and holds the answers against what the model
// expects and against each other, and then all there is.
func (h *history) make(t *rapid.T, want verdict, call func(e *engine) *servertest.Answer) []*servertest.Answer {
	answers := make([]*servertest.Answer, len(h.engines))
	for i, e := range h.engines {
		answers[i] = call(e)
		code := ""
		if answers[i].Status >= 400 {
			code = answers[i].Text("code")
		}
		if got := answers[i].Status; code != want.code || (want == done) != (got < 300) || want != done && got != want.status {
			t.Errorf("%s answers %d %s, the model expects %d %q", e.name, got, answers[i].Body, want.status, want.code)
		}
	}
	h.compare(t)
	for i := range answers[1:] {
		one, other := h.engines[0].plain(answers[0]), h.engines[i+1].plain(answers[i+1])
		if one != other {
			t.Errorf("%s answers\n%s\n%s answers\n%s", h.engines[0].name, one, h.engines[i+1].name, other)
		}
	}
	return answers
}

// compare holds what there is on every engine against the model.
func (h *history) compare(t *rapid.T) {
	if broken := h.broken(); broken != "" {
		t.Fatal(broken)
	}
	for _, e := range h.engines {
		actions := e.events()
		if h.atOnce {
			slices.Sort(actions)
		}
		same(t, e.name+" records", strings.Join(actions, " "), strings.Join(h.trail, " "))
		members, invitations, departures := e.discover()
		same(t, e.name+" has members", e.members(members), h.members())
		same(t, e.name+" has invitations", e.invitations(invitations), h.invitations())
		same(t, e.name+" has departures", e.departures(departures), h.departures())
		h.askByKeys(t, e)
	}
	for n, d := range h.devices {
		for _, e := range h.engines {
			if n >= len(e.devices) {
				continue // it has just begun
			}
			a := e.as(actor{n}).Get("/v1/session")
			want := 401
			if h.live(d) {
				want = 200
			}
			if a.Status != want || want == 200 && a.Text("role") != h.places[d.place].role {
				t.Errorf("%s: device %d is answered %d %s, want %d", e.name, n, a.Status, a.Body, want)
			}
		}
		if n < len(h.engines[0].devices) && h.live(d) {
			d.seen = h.now
		}
	}
}

func same(t *rapid.T, what, got, want string) {
	if got != want {
		t.Fatalf("%s\n%s\nthe model has\n%s", what, got, want)
	}
}

// numbers writes a list of identifiers as their places in another.
func numbers(of []string, ids any) []int {
	all := []int{}
	for _, v := range ids.([]any) {
		all = append(all, slices.Index(of, v.(string)))
	}
	slices.Sort(all)
	return all
}

func (e *engine) members(list []map[string]any) string {
	lines := make([]string, len(e.places))
	for _, m := range list {
		n := slices.Index(e.places, m["id"].(string))
		lines[n] = fmt.Sprint(n, m["email"], m["status"], m["role"], numbers(e.modules, m["modules"]), numbers(e.subs, m["sub_accounts"]), m["registered_at"] != nil, m["phone"] != "", "\n")
	}
	return strings.Join(lines, "")
}

func (h *history) members() (lines string) {
	for n, p := range h.places {
		if p.here() {
			lines += fmt.Sprint(n, addressOf(h.world, p.person), p.status, p.role, p.grants.plain(p.grants.modules), p.grants.plain(p.grants.subs), p.registered, p.phone, "\n")
		}
	}
	return lines
}

func (grants) plain(numbers []int) []int { return append([]int{}, numbers...) }

func (e *engine) invitations(list []map[string]any) (lines string) {
	for n, i := range list {
		by := i["invited_by"].(map[string]any)
		sponsor := nobody
		if by["kind"] == "member" {
			sponsor = slices.Index(e.places, by["id"].(string))
		}
		member, _ := i["member"].(string)
		lines += fmt.Sprint(n, i["email"], i["role"], numbers(e.modules, i["modules"]), i["status"], sponsor, slices.Index(e.places, member), "\n")
	}
	return lines
}

func (h *history) invitations() (lines string) {
	for n, i := range h.invites {
		email := addressOf(h.world, i.person)
		if i.forgotten {
			email = ""
		}
		lines += fmt.Sprint(n, email, i.role, i.grants.plain(i.grants.modules), i.now(h.now), i.sponsor, i.bound, "\n")
	}
	return lines
}

func (e *engine) departures(list []map[string]any) (lines string) {
	for n, d := range list {
		member := d["members"].([]any)[0].(string)
		lines += fmt.Sprint(n, slices.Index(e.places, member), d["kind"], d["state"], "\n")
	}
	return lines
}

func (h *history) departures() (lines string) {
	for n, l := range h.leavings {
		lines += fmt.Sprint(n, l.place, l.kind, l.state, "\n")
	}
	return lines
}
