package server_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tenure/internal/db/dbtest"
	"tenure/internal/server"
	"tenure/internal/server/servertest"
)

// keyOf makes a key of the person and gives a client with it, and its id.
func keyOf(t *testing.T, s *servertest.Server, c *servertest.Company, p *servertest.Person, permissions ...string) (*servertest.Client, string) {
	t.Helper()
	made := p.Post(c.Path("/api-keys"), obj{"name": "Robot", "permissions": permissions}).OK()
	return s.Client(t, made.Text("key")), made.Text("id")
}

func TestAKeyIsShownOnceListedAndRevoked(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := s.Found(t, "team", "Keys", "owner@keys.example")
		o := c.Owner
		made := o.Post(c.Path("/api-keys"), obj{"name": " Nightly sync ", "permissions": list{"members.manage", "members.read"}}).OK()
		token, id := made.Text("key"), made.Text("id")
		if made.Status != 201 || !strings.HasPrefix(token, "tk_"+c.ID+"_") || len(token) != len("tk_"+c.ID+"_")+43 || made.Text("hint") != token[len(token)-4:] ||
			made.Text("name") != "Nightly sync" || made.Text("member") != o.Member || made.At("last_used_at") != nil || made.At("expires_at") != nil ||
			fmt.Sprint(made.List("permissions")) != "[members.read members.manage]" {
			t.Errorf("%d %s", made.Status, made.Body)
		}
		k := s.Client(t, token)
		k.Get(c.Path("/members")).OK()
		k.Get(c.Path("/events")).Refused(403, "forbidden")
		changed := k.Patch(c.Path("/members/"+o.Member), obj{"job_title": "By a key"}).OK()
		seen := o.Get(c.Path("/events?actor=" + id)).OK()
		if changed.Text("job_title") != "By a key" || seen.Text("items.0.actor.kind") != "key" || seen.Text("items.0.actor.name") != "Nightly sync" {
			t.Errorf("%s", seen.Body)
		}
		for _, path := range []string{c.Path("/api-keys"), c.Path("/api-keys/" + id), c.Path("/events?action=key.")} {
			if a := o.Get(path).OK(); strings.Contains(string(a.Body), token[len(token)-43:]) || !strings.Contains(string(a.Body), id) {
				t.Errorf("%s: %s", path, a.Body)
			}
		}
		s.Clock.Set(s.Clock.Now().Add(2 * time.Minute))
		k.Get(c.Path("/members")).OK()
		waitFor(t, func() bool { return o.Get(c.Path("/api-keys/"+id)).OK().At("last_used_at") != nil })
		if renamed := o.Patch(c.Path("/api-keys/"+id), obj{"name": "Sync"}).OK(); renamed.Text("name") != "Sync" || renamed.Header.Get("ETag") == made.Header.Get("ETag") {
			t.Errorf("%s", renamed.Body)
		}
		o.With("If-Match", made.Header.Get("ETag")).Patch(c.Path("/api-keys/"+id), obj{"name": "Late"}).Refused(412, "stale")
		o.Delete(c.Path("/api-keys/" + id)).OK()
		k.Get(c.Path("/members")).Refused(401, "unauthenticated")
		o.Delete(c.Path("/api-keys/"+id)).Refused(404, "not_found")
		if left := o.Get(c.Path("/api-keys")).OK().List("items"); len(left) != 0 {
			t.Errorf("%v are left", left)
		}
		if strings.Contains(s.Log.String(), token[len(token)-43:]) {
			t.Error("the log holds the key")
		}
		wantsWhole(t, s)
	})
}

// waitFor looks until it holds.
func waitFor(t *testing.T, holds func() bool) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	for !holds() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatal("it does not come to hold")
		}
	}
}

func TestKeyIsRefusedByField(t *testing.T) {
	s := servertest.Start(t, "sqlite")
	c := s.Found(t, "team", "Fields", "owner@fields.example")
	for _, x := range []struct {
		body  obj
		field string
	}{
		{obj{"permissions": list{"members.read"}}, "name"}, {obj{"name": " ", "permissions": list{"members.read"}}, "name"}, {obj{"name": "K"}, "permissions"},
		{obj{"name": "K", "permissions": list{}}, "permissions"}, {obj{"name": "K", "permissions": list{"root"}}, "permissions"},
		{obj{"name": "K", "permissions": list{"members.read", "members.read"}}, "permissions"},
		{obj{"name": "K", "permissions": list{"members.read"}, "expires_at": "2020-01-01T00:00:00Z"}, "expires_at"},
		{obj{"name": "K", "permissions": list{"members.read"}, "expires_at": "tomorrow"}, "expires_at"},
		{obj{"name": "K", "permissions": list{"members.read"}, "member": "mem_x"}, "member"},
	} {
		if a := c.Owner.Post(c.Path("/api-keys"), x.body); a.Status != 422 || a.Text("errors.0.field") != x.field {
			t.Errorf("%v: %d %s, want field %s", x.body, a.Status, a.Body, x.field)
		}
	}
	end := s.Clock.Now().Add(time.Hour).UTC().Truncate(time.Second)
	made := c.Owner.Post(c.Path("/api-keys"), obj{"name": "K", "permissions": list{"members.read"}, "expires_at": end}).OK()
	path, k := c.Path("/api-keys/"+made.Text("id")), s.Client(t, made.Text("key"))
	c.Owner.Patch(path, obj{"expires_at": end.Add(time.Hour)}).Refused(422, "invalid")
	c.Owner.Patch(path, obj{"expires_at": nil}).Refused(422, "invalid")
	for _, wrong := range []any{list{"members.manage"}, list{"members.read", "events.read"}, list{}, list{"root"}, nil} {
		if a := c.Owner.Patch(path, obj{"permissions": wrong}); a.Status != 422 || a.Text("errors.0.field") != "permissions" {
			t.Errorf("permissions %v: %d %s", wrong, a.Status, a.Body)
		}
	}
	c.Owner.Patch(path, obj{"expires_at": end.Add(-time.Minute)}).OK()
	k.Get(c.Path("/members")).OK()
	s.Clock.Set(end.Add(-time.Minute))
	k.Get(c.Path("/members")).Refused(401, "unauthenticated") // answered from memory a moment ago
}

func TestAKeyCanBeMadeToDoLess(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := s.Found(t, "team", "Less", "owner@less.example")
		k, id := keyOf(t, s, c, c.Owner, "members.read", "events.read", "invitations.manage")
		path := c.Path("/api-keys/" + id)
		k.Get(c.Path("/events")).OK()
		k.Post(c.Path("/invitations"), obj{"emails": list{"one@less.example"}, "role": "member"}).OK()
		less := c.Owner.Patch(path, obj{"permissions": list{"invitations.manage", "members.read"}}).OK()
		k.Get(c.Path("/events")).Refused(403, "forbidden") // answered from memory a moment ago
		k.Get(c.Path("/members")).OK()
		c.Owner.Patch(path, obj{"permissions": list{"members.read", "events.read"}}).Refused(422, "invalid")
		same := c.Owner.Patch(path, obj{"permissions": list{"members.read", "invitations.manage"}}).OK()
		if fmt.Sprint(less.List("permissions")) != "[members.read invitations.manage]" || same.Header.Get("ETag") != less.Header.Get("ETag") {
			t.Errorf("%s, then %s", less.Body, same.Body)
		}
		// It does not vouch any more for what it may not do.
		c.Owner.Patch(path, obj{"permissions": list{"members.read"}}).OK()
		accepting := obj{"token": s.Mailed(t, "one@less.example", "/invitation"), "password": servertest.Password}
		s.Nobody(t).Post("/v1/invitations/accept", accepting).Refused(410, "invitation_closed")
		seen := c.Owner.Get(c.Path("/events?action=key.update")).OK()
		if n := len(seen.List("items")); n != 2 || fmt.Sprint(seen.At("items.1.changes.permissions")) != "[[members.read invitations.manage events.read] [members.read invitations.manage]]" {
			t.Errorf("%s", seen.Body)
		}
		wantsWhole(t, s)
	})
}

func TestKeysAreListedByTheirMaker(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := s.Found(t, "team", "Makers", "owner@makers.example")
		c.Owner.Post(c.Path("/roles"), obj{"name": "Maker", "rank": 20, "permissions": list{"keys.manage", "members.read"}}).OK()
		p, q := c.Invite("p@makers.example", "maker", nil), c.Invite("q@makers.example", "maker", nil)
		for _, maker := range []*servertest.Person{p, q, p, c.Owner} {
			keyOf(t, s, c, maker, "members.read")
		}
		count := func(asker *servertest.Person, query string) int {
			return len(asker.Get(c.Path("/api-keys" + query)).OK().List("items"))
		}
		got := []int{count(c.Owner, ""), count(c.Owner, "?member="+p.Member), count(c.Owner, "?member=mem_00000000000000000000000000"),
			count(p, ""), count(p, "?member="+p.Member), count(p, "?member="+q.Member)}
		if want := []int{4, 2, 0, 2, 2, 0}; !slices.Equal(got, want) {
			t.Errorf("the lists have %v keys, want %v", got, want)
		}
		first := c.Owner.Get(c.Path("/api-keys?limit=1&member=" + p.Member)).OK()
		rest := c.Owner.Get(c.Path("/api-keys?limit=1&member=" + p.Member + "&cursor=" + first.Text("next_cursor"))).OK()
		if rest.Text("items.0.member") != p.Member || rest.Text("items.0.id") == first.Text("items.0.id") || rest.At("next_cursor") != nil {
			t.Errorf("%s, then %s", first.Body, rest.Body)
		}
	})
}

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

// TestAKeyNeverExceedsItsMaker draws what a maker may do and what a key was made
// for, changes the maker's role, and asks both the same.
func TestAKeyNeverExceedsItsMaker(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := s.Found(t, "team", "Exceed", "owner@exceed.example")
		all := []string{"members.read", "members.manage", "invitations.manage", "roles.manage", "events.read", "departures.manage", "account.manage"}
		c.Owner.Post(c.Path("/roles"), obj{"name": "Maker", "rank": 50, "permissions": append([]string{"keys.manage"}, all...)}).OK()
		maker := c.Invite("maker@exceed.example", "maker", nil)
		asks := map[string][]string{"members.read": {"/members", "/overview"}, "events.read": {"/events"}, "invitations.manage": {"/invitations"}, "departures.manage": {"/departures"}}
		for seed := range 15 {
			scopes := rapid.SliceOfNDistinct(rapid.SampledFrom(all), 1, len(all), rapid.ID).Example(2 * seed)
			c.Owner.Patch(c.Path("/roles/maker"), obj{"permissions": append([]string{"keys.manage"}, all...)}).OK()
			k, id := keyOf(t, s, c, maker, scopes...)
			role := rapid.SliceOfNDistinct(rapid.SampledFrom(all), 0, len(all), rapid.ID).Example(2*seed + 1)
			c.Owner.Patch(c.Path("/roles/maker"), obj{"permissions": role}).OK()
			for permission, paths := range asks {
				for _, path := range paths {
					needs := []string{permission}
					if permission == "members.read" {
						needs = append(needs, "members.manage")
					}
					both := slices.ContainsFunc(needs, func(p string) bool { return slices.Contains(scopes, p) && slices.Contains(role, p) })
					byKey, byMaker := k.Get(c.Path(path)).Status, maker.Get(c.Path(path)).Status
					if (byKey == 200) != both || byKey == 200 && byMaker != 200 {
						t.Fatalf("%s with role %v and scopes %v: the key %d, the maker %d", path, role, scopes, byKey, byMaker)
					}
				}
			}
			c.Owner.Delete(c.Path("/api-keys/" + id)).OK()
		}
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

// TestAWriteByAKeyThatEndedMeanwhileIsRefused and no request is accepted that
// starts after the end, however many fill the memory meanwhile. With PostgreSQL
// the requests go to another node than the end.
func TestNoRequestThatStartsAfterAKeysEndIsAccepted(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		other := s
		if s.Parts().DB.Shared() {
			other = servertest.Start(t, dbtest.Postgres, func(c *server.Config) { c.Database = s.Database })
		}
		c := s.Found(t, "team", "Race", "owner@race.example")
		for round := range 6 {
			p := c.Invite(fmt.Sprintf("p%d@race.example", round), "owner", nil)
			made := p.Post(c.Path("/api-keys"), obj{"name": "Racer", "permissions": list{"members.read", "members.manage"}}).OK()
			k := other.Client(t, made.Text("key"))
			var over atomic.Bool
			var asked atomic.Int64
			var asking sync.WaitGroup
			for i := range 4 {
				asking.Go(func() {
					for after := 0; after < 3; {
						late := over.Load()
						answer := k.Get(c.Path("/members"))
						if i == 0 {
							answer = k.Patch(c.Path("/members/"+c.Owner.Member), obj{"job_title": fmt.Sprint(asked.Load())})
						}
						if late && answer.Status != 401 {
							t.Errorf("after the end: %d %s", answer.Status, answer.Body)
							return
						}
						if asked.Add(1); late {
							after++
						}
					}
				})
			}
			waitFor(t, func() bool { return asked.Load() > 20 })
			if round%2 == 0 {
				c.Owner.Delete(c.Path("/api-keys/" + made.Text("id"))).OK()
			} else {
				c.Owner.Post(c.Path("/members/"+p.Member+"/suspend"), nil).OK()
			}
			over.Store(true)
			asking.Wait()
		}
		wantsWhole(t, s)
	})
}
