package server_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tenure/internal/server/servertest"
)

// A key makes no keys, starts no session of its own and is never its maker in
// person.
func TestAKeyIsNotItsMakerInPerson(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := s.Found(t, "team", "Person", "owner@person.example")
		k, id := keyOf(t, s, c, c.Owner, "keys.manage", "members.manage")
		k.Post(c.Path("/api-keys"), obj{"name": "Child", "permissions": list{"keys.manage"}}).Refused(403, "forbidden")
		k.Patch(c.Path("/api-keys/"+id), obj{"name": "Longer"}).Refused(403, "forbidden")
		k.Get("/v1/session").Refused(401, "unauthenticated")
		for _, path := range []string{"/v1/me", "/v1/me/sessions", "/v1/me/accounts"} {
			k.Get(path).Refused(403, "forbidden")
		}
		k.Post("/v1/me/accounts/"+c.ID+"/switch", nil).Refused(403, "forbidden")
		k.Patch("/v1/me", obj{"job_title": "X"}).Refused(403, "forbidden")
		s.Operator(t).Post(c.Path("/api-keys"), obj{"name": "Nobody's", "permissions": list{"members.read"}}).Refused(403, "forbidden")
		narrow, _ := keyOf(t, s, c, c.Owner, "events.read")
		narrow.Get(c.Path("/members/"+c.Owner.Member)).Refused(403, "forbidden")
		narrow.Post(c.Path("/departures"), obj{"members": list{c.Owner.Member}, "kind": "deactivate"}).Refused(403, "forbidden")
		s.Nobody(t).With("Cookie", "tenure="+k.Token()).Get(c.Path("/members")).Refused(401, "unauthenticated")
		if len(k.Get(c.Path("/api-keys")).OK().List("items")) != 2 {
			t.Error("a key that may see keys does not")
		}
		k.Delete(c.Path("/api-keys/" + id)).OK()
		k.Get(c.Path("/api-keys")).Refused(401, "unauthenticated")
	})
}

// ShellHub CVE-2026-44426: a key of one account reached into others.
func TestAKeyReachesNoOtherAccount_ShellHubCVE202644426(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		mine, theirs := s.Found(t, "team", "Mine", "owner@mine.example"), s.Found(t, "team", "Theirs", "owner@theirs.example")
		k, id := keyOf(t, s, mine, mine.Owner, "members.manage", "members.read", "roles.manage", "keys.manage", "events.read", "account.manage")
		missing := "acc_00000000000000000000000000"
		for _, rest := range []string{"", "/members", "/roles", "/api-keys", "/api-keys/" + id, "/events", "/members/" + theirs.Owner.Member} {
			foreign, absent := k.Get(theirs.Path(rest)), k.Get("/v1/accounts/"+missing+rest)
			if foreign.Status != 404 || string(foreign.Body) != string(absent.Body) {
				t.Errorf("%s: %d %s, missing %s", rest, foreign.Status, foreign.Body, absent.Body)
			}
		}
		k.Patch(theirs.Path(""), obj{"name": "Taken"}).Refused(404, "not_found")
		_, theirKey := keyOf(t, s, theirs, theirs.Owner, "members.read")
		k.Delete(mine.Path("/api-keys/"+theirKey)).Refused(404, "not_found")
		// The account that stands in the key is where it is looked up: the same
		// secret under another account is nothing.
		moved := strings.Replace(k.Token(), mine.ID, theirs.ID, 1)
		s.Client(t, moved).Get(theirs.Path("/members")).Refused(401, "unauthenticated")
		s.Client(t, moved).Get(mine.Path("/members")).Refused(401, "unauthenticated")
	})
}

// A key that an owner made for the people of the account must not hand another
// owner's place to a mailbox of its holder's, nor open one again: that would be
// to have every right of an owner by a key that was given one.
func TestAKeyForMembersTakesNoPlaceWithMoreRights(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := s.Found(t, "team", "Rebind", "owner@rebind.example")
		k, _ := keyOf(t, s, c, c.Owner, "members.manage", "departures.manage", "invitations.manage")
		other, plain := c.Invite("other@rebind.example", "owner", nil), c.Invite("plain@rebind.example", "member", nil)
		place := c.Path("/members/" + other.Member)
		k.Patch(place, obj{"job_title": "Head", "email": "mine@elsewhere.example"}).Refused(403, "rank_exceeded")
		if m := c.Owner.Get(place).OK(); m.Text("job_title") != "" {
			t.Errorf("half of a refused change was made: %s", m.Body)
		}
		c.Owner.Post(place+"/suspend", nil).OK()
		k.Post(place+"/activate", nil).Refused(403, "rank_exceeded")
		added := c.Owner.Post(c.Path("/members"), obj{"first_name": "A", "last_name": "Dded", "email": "added@rebind.example", "role": "owner", "active": true}).OK()
		k.Post(c.Path("/members/"+added.Text("id")+"/welcome"), nil).Refused(403, "rank_exceeded")
		whole, _ := keyOf(t, s, c, c.Owner, every...)
		whole.Patch(c.Path("/members/"+plain.Member), obj{"email": "plainly@rebind.example"}).OK()
	})
}

func TestAKeyMayDoWhatItsMakerMayDoToday(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := s.Found(t, "team", "Today", "owner@today.example")
		o := c.Owner
		o.Post(c.Path("/roles"), obj{"name": "Lead", "rank": 50, "permissions": list{"members.read", "members.manage", "keys.manage"}}).OK()
		p := c.Invite("lead@today.example", "lead", nil)
		p.Post(c.Path("/api-keys"), obj{"name": "Too much", "permissions": list{"events.read"}}).Refused(403, "rank_exceeded")
		k, _ := keyOf(t, s, c, p, "members.read", "members.manage")
		k.Patch(c.Path("/members/"+o.Member), obj{"job_title": "X"}).Refused(403, "rank_exceeded")
		k.Get(c.Path("/members")).OK()
		o.Patch(c.Path("/roles/lead"), obj{"permissions": list{"members.manage"}}).OK()
		k.Get(c.Path("/roles")).OK()
		o.Patch(c.Path("/roles/lead"), obj{"permissions": list{"keys.manage", "events.read"}}).OK()
		k.Get(c.Path("/members")).Refused(403, "forbidden")
		k.Get(c.Path("/events")).Refused(403, "forbidden") // the maker may, the key was not made for it
		o.Patch(c.Path("/members/"+p.Member), obj{"role": "owner"}).OK()
		k.Get(c.Path("/members")).OK()
		k.Get(c.Path("/events")).Refused(403, "forbidden")
		// Of somebody above the maker nobody revokes a key.
		_, theirs := keyOf(t, s, c, p, "members.read")
		o.Post(c.Path("/roles"), obj{"name": "Vice", "rank": 90, "administers": true}).OK()
		vice := c.Invite("vice@today.example", "vice", nil)
		vice.Delete(c.Path("/api-keys/"+theirs)).Refused(403, "rank_exceeded")
		plain := c.Invite("plain@today.example", "lead", nil)
		plain.Get(c.Path("/api-keys/"+theirs)).Refused(404, "not_found")
		plain.Delete(c.Path("/api-keys/"+theirs)).Refused(404, "not_found")
		o.Delete(c.Path("/api-keys/" + theirs)).OK()
	})
}

// A key vouches for the invitations it sends for as long as it lives and its
// maker may give the role.
func TestAKeyVouchesForItsInvitationsWhileItLives(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := s.Found(t, "team", "Vouch", "owner@vouch.example")
		o := c.Owner
		accept := func(email string) *servertest.Answer {
			return s.Nobody(t).Post("/v1/invitations/accept", obj{"token": s.Mailed(t, email, "/invitation"), "password": servertest.Password})
		}
		k, id := keyOf(t, s, c, o, "invitations.manage")
		sent := k.Post(c.Path("/invitations"), obj{"emails": list{"one@vouch.example", "two@vouch.example"}, "role": "member"}).OK()
		if sent.Text("results.0.invitation.invited_by.kind") != "key" {
			t.Errorf("%s", sent.Body)
		}
		if a := k.Post(c.Path("/invitations"), obj{"emails": list{"boss@vouch.example"}, "role": "owner"}); a.Status != 403 || a.Text("code") != "rank_exceeded" {
			t.Errorf("a key gave a role that holds more than it was made for: %d %s", a.Status, a.Body)
		}
		accept("one@vouch.example").OK()
		o.Delete(c.Path("/api-keys/" + id)).OK()
		accept("two@vouch.example").Refused(410, "invitation_closed")
	})
}

// every permission, as the API names them.
var every = []string{
	"account.manage", "billing.manage", "members.read", "members.manage", "invitations.manage", "departures.manage", "roles.manage", "keys.manage",
	"webhooks.manage", "events.read", "credits.manage", "credits.spend", "resources.read", "resources.assign", "resources.manage", "templates.manage",
}

// rights are what the property knows of a role.
type rights struct {
	administers bool
	rank        int
	permissions []string
}

func (r rights) hold(p string) bool { return r.administers || slices.Contains(r.permissions, p) }

// above reports whether who has them acts on a role.
func (r rights) above(other rights) bool {
	return r.rank > other.rank && !other.administers || r.administers && r.rank >= other.rank
}

func (r rights) body() obj {
	return obj{"administers": r.administers, "rank": r.rank, "permissions": r.permissions}
}

// deed is something to ask for, and who may, by what they hold.
type deed struct {
	name string
	ask  func(by *servertest.Client) *servertest.Answer
	may  func(r rights, holds func(permission string) bool) bool
}

// deeds are drawn anew each time: with a role to give and another title to write.
func deeds(rt *rapid.T, c *servertest.Company, colleague string, theirs rights) []deed {
	given := drawRights(rt, "given")
	title := rapid.StringMatching(`[a-z]{8}`).Draw(rt, "title")
	read := func(path string, any ...string) deed {
		return deed{path, func(by *servertest.Client) *servertest.Answer { return by.Get(c.Path(path)) },
			func(_ rights, holds func(string) bool) bool { return slices.ContainsFunc(any, holds) }}
	}
	return []deed{
		read("/members", "members.read", "members.manage"), read("/members/"+colleague, "members.read", "members.manage"), read("/events", "events.read"),
		read("/events/export", "events.read"), read("/members.csv", "members.read", "members.manage"), read("/invitations", "invitations.manage"),
		read("/departures", "departures.manage"), read("/api-keys", "keys.manage"),
		{"rename the account", func(by *servertest.Client) *servertest.Answer { return by.Patch(c.Path(""), obj{"name": title}) },
			func(_ rights, holds func(string) bool) bool { return holds("account.manage") }},
		{"change a colleague", func(by *servertest.Client) *servertest.Answer {
			return by.Patch(c.Path("/members/"+colleague), obj{"job_title": title})
		}, func(r rights, holds func(string) bool) bool { return holds("members.manage") && r.above(theirs) }},
		{"make a role", func(by *servertest.Client) *servertest.Answer {
			body := given.body()
			body["name"] = title
			a := by.Post(c.Path("/roles"), body)
			if a.Status == 201 {
				c.Owner.Delete(c.Path("/roles/" + a.Text("key"))).OK()
			}
			return a
		}, func(r rights, holds func(string) bool) bool {
			lacks := func(p string) bool { return given.hold(p) && !holds(p) }
			return holds("roles.manage") && r.above(given) && !slices.ContainsFunc(every, lacks)
		}},
	}
}

func drawRights(rt *rapid.T, whose string) rights {
	return rights{
		administers: rapid.IntRange(0, 4).Draw(rt, whose+" administers") == 0, rank: rapid.SampledFrom([]int{30, 50, 70}).Draw(rt, whose+" rank"),
		permissions: without(rt, whose, every),
	}
}

// without draws what is left of permissions when some are taken away.
func without(rt *rapid.T, whose string, permissions []string) []string {
	gone := rapid.SliceOfN(rapid.SampledFrom(permissions), 0, 8).Draw(rt, whose+" permissions are all but")
	return slices.DeleteFunc(slices.Clone(permissions), func(p string) bool { return slices.Contains(gone, p) })
}

// TestAKeyNeverExceedsItsMaker draws what a maker may do, what they make a key
// for, and what becomes of their role afterwards, and then asks for something:
// the key may if its maker may today and it was made for that, and never when its
// maker may not.
func TestAKeyNeverExceedsItsMaker(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := s.Found(t, "team", "Exceed", "owner@exceed.example")
		theirs := rights{rank: 50, permissions: []string{"events.read"}}
		for name, r := range map[string]rights{"Maker": {rank: 70}, "Colleague": theirs} {
			body := r.body()
			body["name"], body["permissions"] = name, append([]string{}, r.permissions...)
			c.Owner.Post(c.Path("/roles"), body).OK()
		}
		maker, colleague := c.Invite("maker@exceed.example", "maker", nil), c.Invite("colleague@exceed.example", "colleague", nil)
		asked, let := 0, 0
		rapid.Check(t, func(rt *rapid.T) {
			was := drawRights(rt, "the maker's earlier")
			was.permissions = append(slices.DeleteFunc(was.permissions, func(p string) bool { return p == "keys.manage" }), "keys.manage")
			c.Owner.Patch(c.Path("/roles/maker"), was.body()).OK()
			from := every
			if rapid.IntRange(0, 3).Draw(rt, "asks for what they hold") > 0 {
				from = was.permissions
			}
			scopes := append(slices.DeleteFunc(without(rt, "the key's", from), func(p string) bool { return p == "keys.manage" }), "keys.manage")
			made := maker.Post(c.Path("/api-keys"), obj{"name": "Drawn", "permissions": scopes})
			if lacks := slices.ContainsFunc(scopes, func(p string) bool { return !was.hold(p) }); lacks != (made.Status == 403) || lacks != (made.Status != 201) {
				rt.Fatalf("a key for %v, made with %+v: %d %s", scopes, was, made.Status, made.Body)
			}
			if made.Status == 403 {
				return
			}
			k, now := s.Client(t, made.Text("key")), was
			for range rapid.IntRange(1, 3).Draw(rt, "changes") {
				all := deeds(rt, c, colleague.Member, theirs)
				d := all[rapid.IntRange(0, len(all)-1).Draw(rt, "deed")]
				may := d.may(now, func(p string) bool { return now.hold(p) && slices.Contains(scopes, p) })
				byKey := d.ask(k)
				if asked++; (byKey.Status < 300) != may || !may && byKey.Status != 403 {
					rt.Fatalf("%s by a key for %v of %+v: %d %s", d.name, scopes, now, byKey.Status, byKey.Body)
				}
				if may {
					let++
					if byMaker := d.ask(maker.Client); byMaker.Status >= 300 {
						rt.Fatalf("%s: the key of %+v may, they may not: %d %s", d.name, now, byMaker.Status, byMaker.Body)
					}
				}
				now = drawRights(rt, "the maker's")
				c.Owner.Patch(c.Path("/roles/maker"), now.body()).OK()
			}
			c.Owner.Delete(c.Path("/api-keys/" + made.Text("id"))).OK()
		})
		if let < asked/10 {
			t.Errorf("of %d only %d were allowed: that shows little", asked, let)
		}
		t.Logf("%d asked, %d allowed", asked, let)
	})
}
