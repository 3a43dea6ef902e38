package model

import (
	"fmt"
	"slices"
)

// The plain model: what an account is, as maps and slices, and what may become
// of it. It knows no room of the server. Time is whole minutes.

// verdict is how a call ends: with a status below 300 and an empty code, or
// refused with a status and a code.
type verdict struct {
	status int
	code   string
}

var done = verdict{}

func refused(status int, code string) verdict { return verdict{status, code} }

// Refusals with one meaning everywhere.
var (
	forbidden = refused(403, "forbidden")
	notFound  = refused(404, "not_found")
)

// preset is what the model has to know of one.
type preset struct {
	name          string
	owner, lesser string // the keys of the roles
	chosen        bool   // the lesser role has chosen modules, at least one
	kinds         []string
	ttl           int // of an invitation
}

var presets = []preset{
	{"team", "owner", "member", false, []string{"deactivate", "remove"}, 2 * day},
	{"portal", "admin", "user", true, []string{"deactivate", "remove"}, 7 * day},
	{"credits", "admin", "user", false, []string{"deactivate", "delete"}, 7 * day},
}

const (
	hour       = 60
	day        = 24 * hour
	undoWindow = day
	codeLife   = 10
	forEver    = 1 << 40
)

// person is somebody outside: an address, and an identity once they came in.
type person struct {
	identity bool
	password int // which one
	epoch    int
}

type grants struct{ modules, subs []int }

// place is a member.
type place struct {
	person     int
	status     string
	role       string
	grants     grants
	registered bool
	phone      bool
	epoch      int
	erased     bool
	welcomed   mailing
}

func (p *place) here() bool { return p.status != "removed" && p.status != "deleted" }

// nobody is the index of who is no member: an operator as a sponsor, or an
// invitation that is bound to nobody.
const nobody = -1

type invite struct {
	person    int
	role      string
	grants    grants
	status    string // as written down: an expired one may still be pending
	expires   int
	rotation  int
	copied    int
	copyLive  bool
	sponsor   int // place, or nobody: the operator
	bound     int // place it is for, or was accepted as; or nobody
	leaving   int // the departure that withdrew it or passed it on; or nobody
	formerly  int // who vouched before that; or nobody
	version   int
	forgotten bool
	resent    mailing

	codes, codeAt, tries int // codes mailed, when the last was, and tries at it
}

// now is the status of an invitation at a time.
func (i *invite) now(at int) string {
	if i.status == "pending" && at >= i.expires {
		return "expired"
	}
	return i.status
}

// leaving is a departure.
type leaving struct {
	place       int
	kind        string
	state       string
	invitations string // decision: "", applier or withdraw
	phone       bool   // decision
	was         string // status before
	epoch       int    // of the place when it was applied
	undoUntil   int
	applied     basis
}

// basis is what a plan rests on: the digest changes exactly with it.
type basis struct{ text string }

type device struct {
	place, person int
	epoch         int // of the person
	begun, seen   int
	ended         bool
}

// world is one account and the people around it.
type world struct {
	preset   preset
	now      int
	people   []person
	places   []*place
	invites  []*invite
	leavings []*leaving
	devices  []*device
	keys     []*apiKey
	trail    []string // the events that the move makes
	owned    bool     // there was an owner
}

const people = 5

// begin is an account as the operator makes it: the first person is invited to
// own it.
func begin(p preset) *world {
	w := &world{preset: p, people: make([]person, people)}
	w.places = []*place{{person: 0, status: "active", role: p.owner}}
	w.invites = []*invite{w.fresh(0, p.owner, grants{}, nobody, 0)}
	return w
}

func (w *world) record(actions ...string) { w.trail = append(w.trail, actions...) }

func (w *world) fresh(who int, role string, g grants, sponsor, bound int) *invite {
	return &invite{person: who, role: role, grants: g, status: "pending", expires: w.now + w.preset.ttl, rotation: 1, sponsor: sponsor, bound: bound, leaving: nobody, formerly: nobody}
}

// actor is who calls: the operator, or a device.
type actor struct{ device int }

var operator = actor{nobody}

// self is the place of the actor, or nobody.
func (w *world) self(a actor) int {
	if a == operator {
		return nobody
	}
	return w.devices[a.device].place
}

func (w *world) administers(a actor) bool {
	return a == operator || w.places[w.self(a)].role == w.preset.owner
}

// holder is the place here that has the person's address, or nobody.
func (w *world) holder(who int) int {
	return slices.IndexFunc(w.places, func(p *place) bool { return p.person == who && p.here() })
}

// open is the invitation for the person that is not closed, also when its time is
// over; or nobody.
func (w *world) open(who int) int {
	return slices.IndexFunc(w.invites, func(i *invite) bool { return i.person == who && i.status == "pending" })
}

func (w *world) owns(p *place) bool {
	return p.status == "active" && p.registered && p.role == w.preset.owner
}

func (w *world) owners() (n int) {
	for _, p := range w.places {
		if w.owns(p) {
			n++
		}
	}
	return n
}

// fits says whether grants fit a role.
func (w *world) fits(role string, g grants) verdict {
	switch takes := role == w.preset.lesser && w.preset.chosen; {
	case takes && len(g.modules) == 0:
		return refused(422, "module_required")
	case !takes && len(g.modules) > 0:
		return refused(422, "invalid")
	}
	return done
}

// live says whether a device is let in now.
func (w *world) live(d *device) bool {
	p := w.places[d.place]
	idle, absolute := 30*day, 30*day
	if p.role == w.preset.owner {
		idle, absolute = 30, 12*hour
	}
	return !d.ended && p.status == "active" && w.people[d.person].epoch == d.epoch && w.now < d.seen+idle && w.now < d.begun+absolute
}

// signOff ends the devices of a place and says whether there were any.
func (w *world) signOff(at int) {
	any := false
	for _, d := range w.devices {
		if d.place == at && !d.ended {
			d.ended, any = true, true
		}
	}
	if any {
		w.record("session.end")
	}
}

func (w *world) signOn(at int) {
	p := w.places[at]
	w.devices = append(w.devices, &device{place: at, person: p.person, epoch: w.people[p.person].epoch, begun: w.now, seen: w.now})
	w.record("session.begin")
}

// settling is the departure that a suspended member waits in, or nobody.
func (w *world) settling(at int) int {
	return slices.IndexFunc(w.leavings, func(l *leaving) bool { return l.place == at && l.state == "settling" })
}

// openOf are the invitations not closed that a member sent or that are theirs.
func (w *world) openOf(at int) (all []int) {
	for n, i := range w.invites {
		if i.status == "pending" && (i.sponsor == at || i.bound == at) {
			all = append(all, n)
		}
	}
	return all
}

// broken says what must never be, if it is.
func (w *world) broken() string {
	w.owned = w.owned || w.owners() > 0
	if w.owned && w.owners() == 0 {
		return "the account has no owner any more"
	}
	for n, p := range w.places {
		waiting := 0
		for _, l := range w.leavings {
			if l.place == n && l.state == "settling" {
				waiting++
			}
		}
		if want := map[bool]int{true: 1}[p.status == "suspended"]; waiting != want {
			return fmt.Sprintf("member %d is %s and waits in %d departures", n, p.status, waiting)
		}
		for m := range n {
			if q := w.places[m]; p.here() && q.here() && p.person == q.person {
				return fmt.Sprintf("members %d and %d have one address", m, n)
			}
		}
	}
	for n, i := range w.invites {
		for m := range n {
			if j := w.invites[m]; i.status == "pending" && j.status == "pending" && i.person == j.person {
				return fmt.Sprintf("invitations %d and %d are open for one address", m, n)
			}
		}
	}
	for n, d := range w.devices {
		if p := w.places[d.place]; w.live(d) && (p.status != "active" || !p.registered) {
			return fmt.Sprintf("device %d of a member who is %s is let in", n, p.status)
		}
	}
	return ""
}
