package model

import (
	"fmt"
	"slices"

	"pgregory.net/rapid"

	"tenure/internal/server/servertest"
)

// The moves that a history is made of: each is drawn, made in the model, made on
// every engine, and what they say is held against each other.

type obj = servertest.Map

// who draws a caller: mostly the operator, else a device that is let in and was
// signed in just now.
func (h *history) who(t *rapid.T) actor {
	callers := []actor{operator, operator}
	for n, d := range h.devices {
		if h.live(d) && h.now-d.begun < 30 {
			callers = append(callers, actor{n})
		}
	}
	return rapid.SampledFrom(callers).Draw(t, "caller")
}

// one draws an index; a history without any does something else.
func one(t *rapid.T, of string, n int) int {
	if n == 0 {
		t.Skip("there is no ", of)
	}
	return rapid.IntRange(0, n-1).Draw(t, of)
}

// offer draws a role and grants that mostly fit it.
func (h *history) offer(t *rapid.T) (string, grants) {
	role := rapid.SampledFrom([]string{h.preset.owner, h.preset.lesser}).Draw(t, "role")
	g := grants{subs: some(t, "sub-accounts", 2)}
	if h.preset.chosen && (role == h.preset.lesser) == (rapid.IntRange(0, 9).Draw(t, "fitting") > 0) {
		g.modules = some(t, "modules", 3)
	}
	return role, g
}

// some draws a part of the first n numbers.
func some(t *rapid.T, of string, n int) []int {
	all := []int{}
	for i := range n {
		if rapid.Bool().Draw(t, of) {
			all = append(all, i)
		}
	}
	return all
}

func (h *history) order(e *engine, role string, g grants, more obj) obj {
	modules, subs := e.grants(g)
	order := obj{"role": role, "modules": modules, "sub_accounts": subs}
	for name, value := range more {
		order[name] = value
	}
	return order
}

func (h *history) invitePeople(t *rapid.T) {
	a := h.who(t)
	who := rapid.SliceOfN(rapid.IntRange(0, people-1), 1, 3).Draw(t, "people")
	role, g := h.offer(t)
	v, verdicts := h.invite(a, who, role, g)
	emails := []string{}
	for _, p := range who {
		emails = append(emails, addressOf(h.world, p))
	}
	for _, answer := range h.make(t, v, func(e *engine) *servertest.Answer {
		return e.as(a).Post(e.path("/invitations"), h.order(e, role, g, obj{"emails": emails}))
	}) {
		for n, want := range verdicts {
			if got := answer.Text(fmt.Sprintf("results.%d.verdict", n)); got != want {
				t.Errorf("person %d is %q, want %q", who[n], got, want)
			}
		}
	}
}

func (h *history) resendOne(t *rapid.T) {
	a, n := h.who(t), one(t, "invitation", len(h.invites))
	h.make(t, h.resend(a, n), func(e *engine) *servertest.Answer {
		return e.as(a).Post(e.path("/invitations/%s/resend", e.invites[n]), nil)
	})
}

func (h *history) copyOne(t *rapid.T) {
	a, n := h.who(t), one(t, "invitation", len(h.invites))
	v := h.copyLink(a, n)
	for i, answer := range h.make(t, v, func(e *engine) *servertest.Answer {
		return e.as(a).Post(e.path("/invitations/%s/link", e.invites[n]), nil)
	}) {
		if v == done {
			url := answer.Text("url")
			h.engines[i].copies[n] = append(h.engines[i].copies[n], url[len(h.engines[i].Origin()+"/invitation#"):])
		}
	}
}

func (h *history) withdrawOne(t *rapid.T) {
	a, n := h.who(t), one(t, "invitation", len(h.invites))
	h.make(t, h.withdraw(a, n), func(e *engine) *servertest.Answer { return e.as(a).Delete(e.path("/invitations/%s", e.invites[n])) })
}

// aLink draws a link that was given out once, also an old one.
func (h *history) aLink(t *rapid.T) link {
	n := one(t, "invitation", len(h.invites))
	i := h.invites[n]
	l := link{n, i.copied > 0 && rapid.IntRange(0, 2).Draw(t, "copied") == 0, i.rotation}
	if l.copied {
		l.rotation = i.copied
	}
	if rapid.IntRange(0, 4).Draw(t, "old") == 0 {
		l.rotation = rapid.IntRange(1, l.rotation).Draw(t, "rotation")
	}
	return l
}

func (h *history) acceptOne(t *rapid.T) {
	x := acceptance{link: h.aLink(t), as: operator, password: rapid.IntRange(0, 9).Draw(t, "password") > 0, code: rapid.SampledFrom([]string{"", "right", "right", "wrong"}).Draw(t, "code")}
	if rapid.IntRange(0, 3).Draw(t, "signed in") == 0 {
		x.as = h.who(t)
	}
	i := h.invites[x.link.invite]
	mailed, password := i.codes, passwordOf(h.people[i.person])
	v := h.accept(x)
	h.comeIn(v, h.make(t, v, func(e *engine) *servertest.Answer {
		body := obj{"token": e.token(x.link), "code": e.code(x.link.invite, mailed, x.code), "first_name": "Nora", "last_name": "New"}
		if x.password {
			body["password"] = password
		}
		client := e.Nobody(e.t)
		if x.as != operator {
			client = e.as(x.as)
		}
		return client.Post("/v1/invitations/accept", body)
	}))
}

// comeIn keeps the tokens of those who came in.
func (h *history) comeIn(v verdict, answers []*servertest.Answer) {
	for i, answer := range answers {
		if v == done {
			h.engines[i].devices = append(h.engines[i].devices, answer.Text("token"))
		}
	}
}

func (h *history) declineOne(t *rapid.T) {
	l := h.aLink(t)
	h.make(t, h.decline(l), func(e *engine) *servertest.Answer {
		return e.Nobody(e.t).Post("/v1/invitations/decline", obj{"token": e.token(l)})
	})
}

func (h *history) inspectOne(t *rapid.T) {
	l := h.aLink(t)
	v := h.offered(l)
	for _, answer := range h.make(t, v, func(e *engine) *servertest.Answer {
		return e.Nobody(e.t).Post("/v1/invitations/inspect", obj{"token": e.token(l)})
	}) {
		if want := h.people[h.invites[l.invite].person].identity; v == done && !l.copied && answer.At("registered") != want {
			t.Errorf("registered is %v, want %v", answer.At("registered"), want)
		}
	}
}

func (h *history) addOne(t *rapid.T) {
	a, p, active := h.who(t), rapid.IntRange(0, people-1).Draw(t, "person"), rapid.Bool().Draw(t, "active")
	role, g := h.offer(t)
	h.make(t, h.add(a, p, role, g, active), func(e *engine) *servertest.Answer {
		return e.as(a).Post(e.path("/members"), h.order(e, role, g, obj{"email": addressOf(h.world, p), "first_name": "Ada", "last_name": "Added", "active": active}))
	})
}

func (h *history) welcomeOne(t *rapid.T) {
	a, n := h.who(t), one(t, "member", len(h.places))
	h.make(t, h.welcome(a, n), func(e *engine) *servertest.Answer {
		return e.as(a).Post(e.path("/members/%s/welcome", e.places[n]), nil)
	})
}

func (h *history) changeOne(t *rapid.T) {
	a, n := h.who(t), one(t, "member", len(h.places))
	role, g := h.offer(t)
	leave := rapid.Bool().Draw(t, "leave modules")
	h.make(t, h.change(a, n, role, g, leave), func(e *engine) *servertest.Answer {
		order := h.order(e, role, g, nil)
		if leave {
			delete(order, "modules")
		}
		return e.as(a).Patch(e.path("/members/%s", e.places[n]), order)
	})
}

func (h *history) suspendOne(t *rapid.T) {
	a, n := h.who(t), one(t, "member", len(h.places))
	h.make(t, h.suspend(a, n), func(e *engine) *servertest.Answer {
		return e.as(a).Post(e.path("/members/%s/suspend", e.places[n]), nil)
	})
}

func (h *history) activateOne(t *rapid.T) {
	a, n := h.who(t), one(t, "member", len(h.places))
	h.make(t, h.activate(a, n), func(e *engine) *servertest.Answer {
		return e.as(a).Post(e.path("/members/%s/activate", e.places[n]), nil)
	})
}

// decisions draws what is decided about a departure, and how to say it.
func decisions(t *rapid.T) (invitations string, phone bool, said obj) {
	invitations, phone = rapid.SampledFrom([]string{"", "applier", "withdraw"}).Draw(t, "invitations"), rapid.IntRange(0, 3).Draw(t, "phone") == 0
	said = obj{}
	switch invitations {
	case "applier":
		said["invitations"] = obj{"to": "applier"}
	case "withdraw":
		said["invitations"] = obj{"withdraw": true}
	}
	if phone {
		said["phone"] = "020 1234567"
	}
	return invitations, phone, said
}

func (h *history) planOne(t *rapid.T) {
	a, n := h.who(t), one(t, "member", len(h.places))
	l := &leaving{place: n, state: "draft", kind: rapid.SampledFrom([]string{"deactivate", "remove", "delete"}).Draw(t, "kind")}
	var said obj
	l.invitations, l.phone, said = decisions(t)
	on, v := h.plan(a, l)
	h.see(len(h.leavings)-1, v, on, h.make(t, v, func(e *engine) *servertest.Answer {
		return e.as(a).Post(e.path("/departures"), obj{"members": []string{e.places[n]}, "kind": l.kind, "decisions": said})
	}))
}

// see keeps the digests of a plan that was shown.
func (h *history) see(n int, v verdict, on basis, answers []*servertest.Answer) {
	for len(h.seen) < len(h.leavings) {
		h.seen = append(h.seen, basis{})
	}
	for i, answer := range answers {
		switch {
		case v == done && answer.Text("digest") != "":
			h.engines[i].digests[n] = answer.Text("digest")
		case v.code == "plan_changed":
			h.engines[i].digests[n] = answer.Text("plan.digest")
		default:
			return
		}
		h.seen[n] = on
	}
}

func (h *history) lookOne(t *rapid.T) {
	n := one(t, "departure", len(h.leavings))
	if !h.leavings[n].open() {
		t.Skip("it has ended")
	}
	on, _, v := h.survey(operator, h.leavings[n])
	h.see(n, v, on, h.make(t, v, func(e *engine) *servertest.Answer {
		return e.Operator(e.t).Get(e.path("/departures/%s", e.leavings[n]))
	}))
}

func (h *history) decideOne(t *rapid.T) {
	a, n := h.who(t), one(t, "departure", len(h.leavings))
	invitations, phone, said := decisions(t)
	for _, name := range []string{"invitations", "phone"} {
		if _, taken := said[name]; !taken {
			said[name] = nil // takes back what was decided before
		}
	}
	order, kind := obj{"decisions": said}, h.leavings[n].kind
	if rapid.IntRange(0, 2).Draw(t, "another kind") == 0 {
		kind = rapid.SampledFrom([]string{"deactivate", "remove", "delete"}).Draw(t, "kind")
		order["kind"] = kind
	}
	on, v := h.decide(a, n, kind, invitations, phone)
	h.see(n, v, on, h.make(t, v, func(e *engine) *servertest.Answer {
		return e.as(a).Patch(e.path("/departures/%s", e.leavings[n]), order)
	}))
}

func (h *history) discardOne(t *rapid.T) {
	a, n := h.who(t), one(t, "departure", len(h.leavings))
	h.make(t, h.discard(a, n), func(e *engine) *servertest.Answer { return e.as(a).Delete(e.path("/departures/%s", e.leavings[n])) })
}

func (h *history) applyOne(t *rapid.T) {
	a, n := h.who(t), one(t, "departure", len(h.leavings))
	if n >= len(h.seen) || h.seen[n] == (basis{}) {
		t.Skip("nobody has seen the plan")
	}
	on, v := h.apply(a, n, h.seen[n])
	answers := h.make(t, v, func(e *engine) *servertest.Answer {
		return e.as(a).Post(e.path("/departures/%s/apply", e.leavings[n]), obj{"digest": e.digests[n]})
	})
	h.see(n, v, on, answers)
}

func (h *history) undoOne(t *rapid.T) {
	a, n := h.who(t), one(t, "departure", len(h.leavings))
	h.make(t, h.undo(a, n), func(e *engine) *servertest.Answer {
		return e.as(a).Post(e.path("/departures/%s/undo", e.leavings[n]), nil)
	})
}

func (h *history) signInOne(t *rapid.T) {
	p, right := rapid.IntRange(0, people-1).Draw(t, "person"), true
	if h.wrong[p] < 4 && rapid.IntRange(0, 6).Draw(t, "wrong password") == 0 {
		h.wrong[p]++
		right = false
	}
	password := passwordOf(h.people[p])
	v := h.signIn(p, right)
	h.comeIn(v, h.make(t, v, func(e *engine) *servertest.Answer {
		if !right {
			return e.Nobody(e.t).Post("/v1/sign-in", obj{"email": addressOf(h.world, p), "password": "not " + password})
		}
		return e.Nobody(e.t).Post("/v1/sign-in", obj{"email": addressOf(h.world, p), "password": password})
	}))
}

// aDevice draws one that is let in.
func (h *history) aDevice(t *rapid.T) int {
	live := []int{}
	for n, d := range h.devices {
		if h.live(d) {
			live = append(live, n)
		}
	}
	return live[one(t, "device", len(live))]
}

func (h *history) signOutOne(t *rapid.T) {
	n := h.aDevice(t)
	h.make(t, h.signOut(n), func(e *engine) *servertest.Answer { return e.as(actor{n}).Post("/v1/sign-out", nil) })
}

func (h *history) changePasswordOne(t *rapid.T) {
	n := h.aDevice(t)
	p := h.devices[n].person
	before := passwordOf(h.people[p])
	v := h.changePassword(n)
	h.make(t, v, func(e *engine) *servertest.Answer {
		return e.as(actor{n}).Post("/v1/me/password", obj{"current": before, "new": passwordOf(h.people[p])})
	})
}

func (h *history) endDevicesOf(t *rapid.T) {
	a, n := h.who(t), one(t, "member", len(h.places))
	h.make(t, h.endDevices(a, n), func(e *engine) *servertest.Answer { return e.as(a).Delete(e.path("/members/%s/sessions", e.places[n])) })
}

// letTimePass moves the clocks; whose window has closed is erased meanwhile.
func (h *history) letTimePass(t *rapid.T) {
	minutes := rapid.SampledFrom([]int{1, 4, 10, 29, 30, 31, 3 * hour, 12 * hour, day - 1, day, 2 * day, 5 * day, 7 * day, 30 * day}).Draw(t, "minutes")
	h.atOnce = true
	erased := h.pass(minutes)
	for _, e := range h.engines {
		e.pass(minutes)
		for _, n := range erased {
			e.waitErased(n)
		}
	}
	slices.Sort(h.trail)
	h.compare(t)
}
