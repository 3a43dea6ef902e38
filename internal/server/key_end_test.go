package server_test

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tenure/internal/bearer"
	"tenure/internal/server/servertest"
)

// Credentials that outlive deactivation (Mattermost, Vikunja, Directus, Outline,
// Coder, Pocket ID): whoever leaves or is suspended loses every key, and none
// comes back with them.
func TestNoKeyOutlivesItsMakersAccess_CredentialsThatOutliveDeactivation(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := s.Found(t, "team", "Outlive", "owner@outlive.example")
		o := c.Owner
		for i, kind := range []string{"suspend", "deactivate", "remove"} {
			p := c.Invite(fmt.Sprintf("p%d@outlive.example", i), "owner", nil)
			one, _ := keyOf(t, s, c, p, "members.read")
			two, _ := keyOf(t, s, c, p, "members.manage", "invitations.manage")
			kept, _ := keyOf(t, s, c, o, "members.read")
			email := fmt.Sprintf("late%d@outlive.example", i)
			two.Post(c.Path("/invitations"), obj{"emails": list{email}, "role": "member"}).OK()
			if kind == "suspend" {
				o.Post(c.Path("/members/"+p.Member+"/suspend"), nil).OK()
			} else {
				plan := o.Post(c.Path("/departures"), obj{"members": list{p.Member}, "kind": kind}).OK()
				receipt := o.Post(c.Path("/departures/"+plan.Text("id")+"/apply"), obj{"digest": plan.Text("digest")}).OK()
				if n := receipt.Number("members.0.keys_ended"); n != 2 || !strings.Contains(string(plan.Body), "keys_ended") {
					t.Errorf("%s: the receipt counts %v keys, want 2: %s", kind, n, plan.Body)
				}
				if got := s.Accept(t, s.Mailed(t, email, "/invitation"), email); got.Member == "" {
					t.Error("what the key had sent did not pass to who applied the departure")
				}
				o.Post(c.Path("/departures/"+plan.Text("id")+"/undo"), nil).OK()
			}
			one.Get(c.Path("/members")).Refused(401, "unauthenticated")
			two.Get(c.Path("/members")).Refused(401, "unauthenticated")
			kept.Get(c.Path("/members")).OK()
			if kind == "suspend" {
				o.Post(c.Path("/members/"+p.Member+"/activate"), nil).OK()
			}
			one.Get(c.Path("/members")).Refused(401, "unauthenticated")
			if left := s.SignIn(t, p.Email).Get(c.Path("/api-keys")).OK(); strings.Contains(string(left.Body), p.Member) {
				t.Errorf("a key came back: %s", left.Body)
			}
		}
		wantsWhole(t, s)
	})
}

// TestNoRequestThatStartsAfterAKeysEndIsAccepted, however many fill the memory
// while it ends, reading and writing. With PostgreSQL the requests go to another
// node than what ends the key.
func TestNoRequestThatStartsAfterAKeysEndIsAccepted(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		other, remembers := s, time.Now()
		if s.Parts().DB.Shared() {
			other = s.Beside(t)
			remembers = time.Now().Add(bearer.StandardPace.Lease * 3 / 2) // until then a new node asks the store
		}
		c := s.Found(t, "team", "Race", "owner@race.example")
		o := c.Owner
		for n, end := range []struct {
			name, code string
			by         func(p *servertest.Person, key string)
		}{
			{"revoked", "unauthenticated", func(_ *servertest.Person, key string) { o.Delete(c.Path("/api-keys/" + key)).OK() }},
			{"suspended", "unauthenticated", func(p *servertest.Person, _ string) { o.Post(c.Path("/members/"+p.Member+"/suspend"), nil).OK() }},
			{"deactivated", "unauthenticated", func(p *servertest.Person, _ string) {
				plan := o.Post(c.Path("/departures"), obj{"members": list{p.Member}, "kind": "deactivate"}).OK()
				o.Post(c.Path("/departures/"+plan.Text("id")+"/apply"), obj{"digest": plan.Text("digest")}).OK()
			}},
			{"demoted", "forbidden", func(p *servertest.Person, _ string) {
				o.Patch(c.Path("/members/"+p.Member), obj{"role": "member"}).OK()
			}},
		} {
			p := c.Invite(fmt.Sprintf("p%d@race.example", n), "owner", nil)
			made := p.Post(c.Path("/api-keys"), obj{"name": "Racer", "permissions": list{"members.manage", "events.read"}}).OK()
			k := other.Client(t, made.Text("key"))
			before, after := race(t, func(i, asked int) *servertest.Answer {
				if i == 0 {
					return k.Patch(c.Path("/members/"+o.Member), obj{"job_title": fmt.Sprint(asked)})
				}
				return k.Get(c.Path("/events?limit=1"))
			}, end.code, remembers, func() { end.by(p, made.Text("id")) })
			t.Logf("%s: %d accepted before, %d refused after, 0 accepted after", end.name, before, after)
		}
		wantsWhole(t, s)
	})
}

// race asks from several sides, ends what they ask by when some were let in after
// a time, and sees that everybody who begins to ask then is refused with the code.
func race(t *testing.T, ask func(i, asked int) *servertest.Answer, code string, from time.Time, end func()) (before, after int64) {
	t.Helper()
	var over atomic.Bool
	var accepted, refused atomic.Int64
	var asking sync.WaitGroup
	warm := make(chan struct{})
	warmed := sync.OnceFunc(func() { close(warm) })
	for i := range 4 {
		asking.Go(func() {
			defer warmed() // also when it fails
			for n, late := 0, false; n < 40; {
				late = over.Load()
				switch answer := ask(i, n); {
				case late && answer.Text("code") != code:
					t.Errorf("after the end: %d %s", answer.Status, answer.Body)
					return
				case late:
					refused.Add(1)
					n++
				case answer.Status == 200 && accepted.Add(1) > 40 && time.Now().After(from):
					warmed()
				}
			}
		})
	}
	<-warm
	end()
	over.Store(true)
	asking.Wait()
	return accepted.Load(), refused.Load()
}

// TestAStreamByAKeyEndsWithIt: within a second of its revocation, of the end of
// its maker's access, and of the right it was made for.
func TestAStreamByAKeyEndsWithIt(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := s.Found(t, "team", "Streams", "owner@streams.example")
		p := c.Invite("second@streams.example", "owner", nil)
		for _, end := range []struct {
			code string
			by   func(key string)
		}{
			{"unauthenticated", func(key string) { c.Owner.Delete(c.Path("/api-keys/" + key)).OK() }},
			{"forbidden", func(string) { c.Owner.Patch(c.Path("/members/"+p.Member), obj{"role": "member"}).OK() }},
			{"unauthenticated", func(string) { c.Owner.Post(c.Path("/members/"+p.Member+"/suspend"), nil).OK() }},
		} {
			c.Owner.Patch(c.Path("/members/"+p.Member), obj{"role": "owner"}).OK()
			k, id := keyOf(t, s, c, p, "events.read")
			live := k.Stream(c.Path("/events/stream"))
			live.Next()
			c.Owner.Post(c.Path("/sub-accounts"), obj{"name": "Seen by " + id}).OK()
			if got := live.Next(); !strings.Contains(got.Data, `"sub_account.create"`) {
				t.Errorf("%+v", got)
			}
			end.by(id)
			if took, last := live.Ended(); last.Event != "end" || !strings.Contains(last.Data, `"code":"`+end.code+`"`) || took > soon {
				t.Errorf("it ended after %v with %+v, want %s", took, last, end.code)
			}
		}
	})
}

// TestAnOpenStreamDoesNotUseItsKey: it asks every moment whether the key still
// counts, and that is nobody's doing.
func TestAnOpenStreamDoesNotUseItsKey(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := s.Found(t, "team", "Open", "owner@open.example")
		k, id := keyOf(t, s, c, c.Owner, "events.read")
		begun := s.Clock.Now().Add(time.Minute).UTC().Truncate(time.Second)
		s.Clock.Set(begun)
		live := k.Stream(c.Path("/events/stream"))
		live.Next()
		wantsUsed(t, s, c, id, begun)
		for minutes := range 5 {
			s.Clock.Set(begun.Add(time.Duration(minutes+2) * time.Minute))
			c.Owner.Post(c.Path("/sub-accounts"), obj{"name": fmt.Sprint("Part ", minutes)}).OK()
			seqOf(t, live.Next()) // before which it has asked
		}
		wantsUsed(t, s, c, id, begun)
		k.Get(c.Path("/events/export")).OK()
		wantsUsed(t, s, c, id, begun.Add(6*time.Minute))
	})
}

// TestKeysStayBehindWhenAPlacePassesToAnotherIdentity: an administrator changed
// the address, and whoever has the new mailbox has the place. Who made the keys
// may be somebody else.
func TestKeysStayBehindWhenAPlacePassesToAnotherIdentity(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := s.Found(t, "team", "Passes", "owner@passes.example")
		p := c.Invite("first@passes.example", "owner", nil)
		k, _ := keyOf(t, s, c, p, "members.read")
		c.Owner.Patch(c.Path("/members/"+p.Member), obj{"email": "second@passes.example"}).OK()
		k.Get(c.Path("/members")).OK()
		s.Nobody(t).Post("/v1/email/confirm", obj{"token": s.Mailed(t, "second@passes.example", "/confirm")}).OK()
		k.Get(c.Path("/members")).Refused(401, "unauthenticated")
		if left := c.Owner.Get(c.Path("/api-keys?member=" + p.Member)).OK().List("items"); len(left) != 0 {
			t.Errorf("%v are left", left)
		}
		wantsWhole(t, s)
	})
}
