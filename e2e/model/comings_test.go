package model

import "slices"

// The way in, in the plain model.

// invite offers the role to people, in the order given.
func (w *world) invite(a actor, who []int, role string, g grants) (verdict, []string) {
	if !w.administers(a) {
		return forbidden, nil
	}
	if v := w.fits(role, g); v != done {
		return v, nil
	}
	verdicts, made := []string{}, 0
	for n, p := range who {
		holder, open := w.holder(p), w.open(p)
		switch {
		case slices.Contains(who[:n], p):
			verdicts = append(verdicts, "duplicate")
			continue
		case holder != nobody && w.places[holder].status == "inactive":
			verdicts = append(verdicts, "inactive_member")
			continue
		case holder != nobody:
			verdicts = append(verdicts, "already_member")
			continue
		case open != nobody && w.invites[open].now(w.now) == "pending":
			verdicts = append(verdicts, "already_invited")
			continue
		case open != nobody:
			w.close(open, "expired")
		}
		verdicts = append(verdicts, "invited")
		w.invites = append(w.invites, w.fresh(p, role, g, w.self(a), nobody))
		made++
	}
	for range made {
		w.record("invitation.create")
	}
	return done, verdicts
}

// close ends an invitation that is open.
func (w *world) close(n int, status string) {
	i := w.invites[n]
	i.status, i.copyLive = status, false
	i.version++
	w.record("invitation." + map[string]string{"expired": "expire", "withdrawn": "withdraw", "declined": "decline"}[status])
}

// closed is what whoever manages invitations hears of one that is closed.
func (i *invite) closed() verdict {
	switch i.status {
	case "accepted":
		return refused(409, "already_accepted")
	case "declined", "withdrawn":
		return refused(409, "invitation_closed")
	}
	return done
}

func (w *world) withdraw(a actor, n int) verdict {
	if !w.administers(a) {
		return forbidden
	}
	if v := w.invites[n].closed(); v != done {
		return v
	}
	w.close(n, "withdrawn")
	return done
}

func (w *world) resend(a actor, n int) verdict {
	i := w.invites[n]
	if !w.administers(a) {
		return forbidden
	}
	if v := i.closed(); v != done {
		return v
	}
	if holder := w.holder(i.person); holder != nobody && holder != i.bound {
		return refused(409, "already_member")
	}
	if other := w.open(i.person); other != nobody && other != n {
		return refused(409, "already_invited")
	}
	if i.resent.tooOften(w.now) {
		return refused(429, "too_many_attempts")
	}
	w.renew(a, n)
	return done
}

// mailing is how often a mail was sent again, and when.
type mailing struct{ times, last, till int } // in minutes, the end of the wait in seconds

// tooOften counts one more unless it has to wait: after four half a minute, then
// twice as long each time, up to an hour.
func (m *mailing) tooOften(now int) bool {
	if 60*now < m.till {
		return true
	}
	if m.last < now-24*hour {
		m.times = 0
	}
	m.times, m.last = m.times+1, now
	if m.times >= 4 {
		m.till = 60*now + min(30<<(m.times-4), 60*hour)
	}
	return false
}

// renew gives an invitation a new link and a new term.
func (w *world) renew(a actor, n int) {
	i := w.invites[n]
	if i.bound != nobody {
		i.role, i.grants = w.places[i.bound].role, w.places[i.bound].grants
	}
	i.status, i.expires, i.copyLive, i.sponsor, i.leaving, i.formerly = "pending", w.now+w.preset.ttl, false, w.self(a), nobody, nobody
	i.rotation++
	i.version++
	w.record("invitation.resend")
}

func (w *world) copyLink(a actor, n int) verdict {
	i := w.invites[n]
	if !w.administers(a) {
		return forbidden
	}
	if i.now(w.now) == "expired" {
		return refused(409, "invitation_expired")
	}
	if v := i.closed(); v != done {
		return v
	}
	i.copied++
	i.version++
	i.copyLive = true
	w.record("invitation.copy_link")
	return done
}

// link is one that somebody holds.
type link struct {
	invite   int
	copied   bool
	rotation int
}

// usable says what whoever holds a link hears before anything else.
func (w *world) usable(l link) verdict {
	i := w.invites[l.invite]
	newest := l.rotation == i.rotation
	if l.copied {
		newest = i.copyLive && l.rotation == i.copied
	}
	switch status := i.now(w.now); {
	case status == "accepted":
		return refused(409, "already_accepted")
	case status == "declined" || status == "withdrawn":
		return refused(410, "invitation_closed")
	case !newest:
		return refused(410, "invitation_replaced")
	case status == "expired":
		return refused(410, "invitation_expired")
	}
	return done
}

// offered says whether what a link offers can still be given.
func (w *world) offered(l link) verdict {
	if v := w.usable(l); v != done {
		return v
	}
	i := w.invites[l.invite]
	if i.bound != nobody && !w.places[i.bound].here() {
		return refused(410, "invitation_closed")
	}
	if i.sponsor != nobody && !w.owns(w.places[i.sponsor]) { // only owners may give roles here
		return refused(410, "invitation_closed")
	}
	return done
}

func (w *world) decline(l link) verdict {
	if v := w.usable(l); v != done {
		return v
	}
	w.close(l.invite, "declined")
	return done
}

// acceptance is what comes with a link.
type acceptance struct {
	link     link
	as       actor // signed in, or operator for nobody
	password bool  // the right one, or none
	code     string
}

func (w *world) accept(a acceptance) verdict {
	if v := w.offered(a.link); v != done {
		return v
	}
	i := w.invites[a.link.invite]
	who := &w.people[i.person]
	asThem := a.as != operator && w.devices[a.as.device].person == i.person
	if a.as != operator && !asThem {
		return refused(409, "wrong_user")
	}
	if a.link.copied {
		if v := w.prove(i, a.code); v != done {
			return v
		}
	}
	if !asThem && !a.password {
		return refused(422, "invalid")
	}
	if v := w.vacant(i); v != done {
		return v
	}
	at := i.bound
	if at == nobody {
		at = len(w.places)
		w.places = append(w.places, &place{person: i.person, status: "active", role: i.role, grants: i.grants, epoch: 1})
		w.record("member.add")
	}
	p := w.places[at]
	p.registered = true
	p.epoch++
	i.status, i.bound, i.copyLive = "accepted", at, false
	i.version++
	who.identity = true
	w.record("member.register", "invitation.accept")
	w.signOn(at)
	return done
}

// vacant says whether the place that is offered can be taken.
func (w *world) vacant(i *invite) verdict {
	holder := w.holder(i.person)
	switch {
	case holder == nobody:
		return done
	case w.places[holder].status != "active":
		return refused(409, "member_inactive")
	case holder != i.bound || w.places[holder].registered:
		return refused(409, "already_member")
	}
	return done
}

// prove is the code that goes with a copied link: "", right or wrong.
func (w *world) prove(i *invite, code string) verdict {
	fresh := i.codes > 0 && w.now-i.codeAt < pause(i.codes)
	if code != "" && i.codes > 0 && i.tries < 5 && w.now < i.codeAt+codeLife {
		if code == "right" {
			return done
		}
		i.tries++
		return refused(422, "invalid")
	}
	if code != "" && i.tries >= 5 && fresh {
		return refused(429, "too_many_attempts")
	}
	if !fresh {
		i.codes, i.codeAt, i.tries = i.codes+1, w.now, 0
	}
	return refused(409, "verification_required")
}

// pause is how many minutes lie between two codes.
func pause(mailed int) int { return min(1<<max(mailed-3, 0), hour) }

// unbind closes whatever is open for an address.
func (w *world) unbind(who int) {
	if open := w.open(who); open != nobody {
		w.close(open, map[string]string{"pending": "withdrawn", "expired": "expired"}[w.invites[open].now(w.now)])
	}
}

// add gives a person a place without asking.
func (w *world) add(a actor, who int, role string, g grants, active bool) verdict {
	if !w.administers(a) {
		return forbidden
	}
	if v := w.fits(role, g); v != done {
		return v
	}
	if w.holder(who) != nobody {
		return refused(409, "email_taken")
	}
	w.unbind(who)
	w.places = append(w.places, &place{person: who, status: "inactive", role: role, grants: g, epoch: 1})
	w.record("member.add")
	if active {
		w.places[len(w.places)-1].status = "active"
		w.bind(a, len(w.places)-1)
	}
	return done
}

// bind makes or renews the invitation of a member who was added directly.
func (w *world) bind(a actor, at int) {
	p := w.places[at]
	if open := w.open(p.person); open != nobody {
		if w.invites[open].bound == at {
			w.renew(a, open)
			return
		}
		w.close(open, "withdrawn")
	}
	w.invites = append(w.invites, w.fresh(p.person, p.role, p.grants, w.self(a), at))
	w.record("invitation.create")
}

func (w *world) welcome(a actor, at int) verdict {
	p := w.places[at]
	switch {
	case !w.administers(a):
		return forbidden
	case !p.here():
		return notFound
	case p.registered:
		return refused(409, "already_accepted")
	case p.status != "active":
		return refused(409, "member_inactive")
	case p.welcomed.tooOften(w.now):
		return refused(429, "too_many_attempts")
	}
	w.bind(a, at)
	return done
}

// signIn is with the right password or a wrong one.
func (w *world) signIn(who int, right bool) verdict {
	if !w.people[who].identity || !right {
		return refused(401, "bad_credentials")
	}
	at := slices.IndexFunc(w.places, func(p *place) bool { return p.person == who && p.registered && p.status == "active" })
	if at == nobody {
		return refused(409, "member_inactive")
	}
	w.signOn(at)
	return done
}

// signOut ends the device that calls.
func (w *world) signOut(d int) verdict {
	w.devices[d].ended = true
	w.record("session.end")
	return done
}

// changePassword ends every other device of the person.
func (w *world) changePassword(d int) verdict {
	mine := w.devices[d]
	who := &w.people[mine.person]
	who.password++
	who.epoch++
	for _, other := range w.devices {
		if other.person == mine.person {
			other.ended = other.ended || other != mine
		}
	}
	mine.epoch = who.epoch
	return done
}
