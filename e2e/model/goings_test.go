package model

import (
	"fmt"
	"slices"
)

// The place and the way out, in the plain model.

// change gives a member a role and, unless told to leave it, modules.
func (w *world) change(a actor, at int, role string, g grants, leaveModules bool) verdict {
	p := w.places[at]
	if !w.administers(a) {
		return forbidden
	}
	if !p.here() {
		return notFound
	}
	if leaveModules {
		g.modules = p.grants.modules
		if role == w.preset.owner || !w.preset.chosen {
			g.modules = nil
		}
	}
	if v := w.fits(role, g); v != done {
		return v
	}
	if w.owns(p) && role != w.preset.owner && w.owners() == 1 {
		return refused(409, "last_owner")
	}
	if role == p.role && slices.Equal(g.modules, p.grants.modules) && slices.Equal(g.subs, p.grants.subs) {
		return done
	}
	for _, i := range w.invites {
		if i.status == "pending" && i.bound == at {
			i.role = role
		}
	}
	p.role, p.grants = role, g
	p.epoch++
	w.record("member.update")
	return done
}

// mayLetGo says whether the actor may see somebody off.
func (w *world) mayLetGo(a actor, at int, kind string) verdict {
	if (w.self(a) != at || kind == "delete") && !w.administers(a) {
		return forbidden
	}
	return done
}

// leaver says whether the actor may deal with the departure of somebody at all,
// and whether there is somebody.
func (w *world) leaver(a actor, l *leaving) verdict {
	if v := w.mayLetGo(a, l.place, ""); v != done {
		return v
	}
	if p := w.places[l.place]; !p.here() && l.open() {
		return notFound
	}
	return w.mayLetGo(a, l.place, l.kind)
}

func (w *world) suspend(a actor, at int) verdict {
	p := w.places[at]
	if v := w.leaver(a, &leaving{place: at, kind: "deactivate", state: "settling"}); v != done {
		return v
	}
	switch {
	case p.status == "suspended":
		return done
	case p.status == "inactive":
		return refused(409, "member_inactive")
	case w.owns(p) && w.owners() == 1:
		return refused(409, "last_owner")
	}
	p.status = "suspended"
	p.epoch++
	w.leavings = append(w.leavings, &leaving{place: at, kind: "deactivate", state: "settling", was: "active"})
	w.record("member.suspend")
	w.shutOut(at)
	for _, n := range w.openOf(at) {
		if i := w.invites[n]; i.bound == at {
			w.close(n, "withdrawn")
			i.leaving = len(w.leavings) - 1
		}
	}
	return done
}

func (w *world) activate(a actor, at int) verdict {
	p := w.places[at]
	switch {
	case !w.administers(a):
		return forbidden
	case !p.here():
		return notFound
	case p.status == "active":
		return refused(409, "already_active")
	}
	if open := w.settling(at); open != nobody {
		w.leavings[open].state = "discarded"
		w.record("departure.discard")
	}
	p.status = "active"
	p.epoch++
	w.record("member.activate")
	if !p.registered {
		w.bind(a, at)
	}
	return done
}

// survey says what a departure rests on and what blocks it, or why there can be
// none.
func (w *world) survey(a actor, l *leaving) (on basis, blocked bool, v verdict) {
	p := w.places[l.place]
	if v := w.leaver(a, l); v != done {
		return on, false, v
	}
	if open := w.settling(l.place); open != nobody && w.leavings[open] != l {
		return on, false, refused(409, "departure_open")
	}
	if !slices.Contains(w.preset.kinds, l.kind) {
		return on, false, refused(409, "kind_not_offered")
	}
	if p.status == "inactive" && l.kind == "deactivate" {
		return on, false, refused(409, "member_inactive")
	}
	blocked = w.owns(p) && w.owners() == 1
	held := ""
	for _, n := range w.openOf(l.place) {
		held += fmt.Sprintf(" %d.%d", n, w.invites[n].version)
	}
	return basis{fmt.Sprint(l.place, l.kind, l.invitations, l.phone, blocked, p.epoch, p.status, p.role, held)}, blocked, done
}

func (w *world) plan(a actor, l *leaving) (basis, verdict) {
	on, _, v := w.survey(a, l)
	if v == done {
		w.leavings = append(w.leavings, l)
		w.record("departure.plan")
	}
	return on, v
}

func (l *leaving) open() bool { return l.state == "draft" || l.state == "settling" }

var over = refused(409, "departure_over")

// decide takes decisions about an open departure.
func (w *world) decide(a actor, n int, kind, invitations string, phone bool) (basis, verdict) {
	l := w.leavings[n]
	if v := w.leaver(a, l); v != done {
		return basis{}, v
	}
	if !l.open() {
		return basis{}, over
	}
	before := *l
	l.kind, l.invitations, l.phone = kind, invitations, phone
	on, _, v := w.survey(a, l)
	if v != done {
		*l = before
		return on, v
	}
	w.record("departure.decide")
	return on, done
}

func (w *world) discard(a actor, n int) verdict {
	l := w.leavings[n]
	if v := w.leaver(a, l); v != done {
		return v
	}
	switch l.state {
	case "settling":
		return refused(409, "departure_open")
	case "draft":
		l.state = "discarded"
		w.record("departure.discard")
		return done
	}
	return over
}

// apply carries out the plan that the actor has seen.
func (w *world) apply(a actor, n int, seen basis) (now basis, v verdict) {
	l := w.leavings[n]
	p := w.places[l.place]
	if v := w.mayLetGo(a, l.place, ""); v != done {
		return seen, v
	}
	if l.state == "applied" && l.applied == seen {
		if p.erased && l.kind != "delete" { // what is kept of a deletion names nobody
			return seen, refused(410, "receipt_erased")
		}
		return seen, done
	}
	if v := w.leaver(a, l); v != done {
		return seen, v
	}
	if !l.open() {
		return seen, over
	}
	on, blocked, v := w.survey(a, l)
	switch {
	case v != done:
		return seen, v
	case on != seen:
		return on, refused(409, "plan_changed")
	case blocked:
		return on, refused(409, "blocked")
	}
	w.leave(a, n, on)
	return on, done
}

func (w *world) leave(a actor, n int, on basis) {
	l := w.leavings[n]
	p := w.places[l.place]
	if l.phone && !p.phone {
		p.phone = true
		w.record("member.update")
	}
	if l.state == "draft" {
		l.was = p.status
	}
	p.status = map[string]string{"deactivate": "inactive", "remove": "removed", "delete": "deleted"}[l.kind]
	p.epoch++
	w.record("member." + l.kind)
	w.shutOut(l.place)
	w.passOn(a, n)
	l.state, l.epoch, l.applied, l.undoUntil = "applied", p.epoch, on, w.now+undoWindow
	if l.kind == "delete" {
		w.erase(l.place)
	}
	w.record("departure.apply")
}

// passOn settles the invitations of somebody who leaves.
func (w *world) passOn(a actor, n int) {
	l := w.leavings[n]
	withdrawn := []int{}
	for _, m := range w.openOf(l.place) {
		i := w.invites[m]
		switch {
		case i.bound == l.place:
			withdrawn = append(withdrawn, m)
		case i.now(w.now) != "pending":
		case l.invitations == "withdraw" || w.self(a) == l.place:
			withdrawn = append(withdrawn, m)
		default:
			i.sponsor, i.leaving, i.formerly = w.self(a), n, l.place
			i.version++
			w.record("invitation.reassign")
		}
	}
	for _, m := range withdrawn {
		w.close(m, "withdrawn")
		w.invites[m].leaving = n
	}
}

func (w *world) undo(a actor, n int) verdict {
	l := w.leavings[n]
	p := w.places[l.place]
	if v := w.leaver(a, l); v != done {
		return v
	}
	switch {
	case l.open():
		return refused(409, "departure_open")
	case l.state != "applied":
		return over
	case l.kind == "delete", w.now >= l.undoUntil:
		return refused(410, "undo_closed")
	case p.epoch != l.epoch, p.status == "removed" && w.holder(p.person) != nobody:
		return refused(409, "undo_conflict")
	}
	p.status = "active"
	action := "member.undo"
	if l.was == "inactive" {
		p.status, action = "inactive", "member.retain"
	}
	p.epoch++
	w.record(action)
	for _, i := range w.invites {
		if i.status == "pending" && i.leaving == n && i.formerly == l.place {
			i.sponsor, i.formerly = l.place, nobody
			i.version++
			w.record("invitation.reassign")
		}
	}
	l.state = "undone"
	w.record("departure.undo")
	return done
}

// erase forgets a person who is gone, and their identity with its last place.
func (w *world) erase(at int) {
	p := w.places[at]
	for _, i := range w.invites {
		if i.status != "pending" && i.person == p.person && (i.bound == at || i.bound == nobody) {
			i.forgotten = true
			i.version++
		}
	}
	for _, d := range w.devices {
		d.ended = d.ended || d.place == at
	}
	p.erased = true
	p.epoch++
	w.record("member.erase")
	if !p.registered {
		return
	}
	for _, other := range w.places {
		if other.person == p.person && other.registered && !other.erased {
			return
		}
	}
	w.people[p.person].identity = false
}

// pass lets minutes go by; whose time is over is erased. It gives the departures
// that were.
func (w *world) pass(minutes int) (erased []int) {
	w.now += minutes
	for n, l := range w.leavings {
		p := w.places[l.place]
		if l.state == "applied" && l.kind == "remove" && w.now >= l.undoUntil && p.status == "removed" && !p.erased {
			w.erase(l.place)
			erased = append(erased, n)
		}
	}
	return erased
}

// endDevices signs a member off everywhere.
func (w *world) endDevices(a actor, at int) verdict {
	if !w.administers(a) {
		return forbidden
	}
	if !w.places[at].here() {
		return notFound
	}
	w.signOff(at)
	return done
}
