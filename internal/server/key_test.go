package server_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tenure/internal/db"
	"tenure/internal/id"
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

// versionOf is what If-Match is held against; behind it an ETag names what else is
// shown, such as when a key was last used.
func versionOf(a *servertest.Answer) string {
	version, _, _ := strings.Cut(a.Header.Get("ETag"), "-")
	return version
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
		if fmt.Sprint(less.List("permissions")) != "[members.read invitations.manage]" || versionOf(same) != versionOf(less) {
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

// TestTheLastUseOfAKeyIsWrittenOnceAMinute, also while somebody writes in the
// account, and is no change: it has no event and makes no version.
func TestTheLastUseOfAKeyIsWrittenOnceAMinute(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := s.Found(t, "team", "Used", "owner@used.example")
		made := c.Owner.Post(c.Path("/api-keys"), obj{"name": "Used", "permissions": list{"members.read"}}).OK()
		k, begun := s.Client(t, made.Text("key")), s.Clock.Now().Add(time.Minute).UTC().Truncate(time.Second)
		for _, use := range []struct{ at, want int }{{0, 0}, {1, 0}, {50, 0}, {70, 70}, {120, 70}, {140, 140}} {
			s.Clock.Set(begun.Add(time.Duration(use.at) * time.Second))
			whileAnotherWrites(t, s, c, func() {
				k.Get(c.Path("/members")).OK()
				wantsUsed(t, s, c, made.Text("id"), begun.Add(time.Duration(use.want)*time.Second))
			})
		}
		c.Owner.With("If-Match", made.Header.Get("ETag")).Patch(c.Path("/api-keys/"+made.Text("id")), obj{"name": "Still the first version"}).OK()
		if events := c.Owner.Get(c.Path("/events?action=key.")).OK(); len(events.List("items")) != 2 {
			t.Errorf("%s", events.Body)
		}
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

// wantsUsed has the server write down when keys were last used, and waits until
// one says that it was at the time. The clock goes on while a test runs.
func wantsUsed(t *testing.T, s *servertest.Server, c *servertest.Company, id string, want time.Time) {
	t.Helper()
	waitFor(t, func() bool {
		if err := s.Parts().Rooms.Keys.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		said := c.Owner.Get(c.Path("/api-keys/" + id)).OK().Text("last_used_at")
		at, err := time.Parse(time.RFC3339, said)
		return err == nil && !at.Before(want) && at.Before(want.Add(8*time.Second))
	})
}

// whileAnotherWrites does something while the account's lock is held. With SQLite
// there is one writer in all, so there it is not.
func whileAnotherWrites(t *testing.T, s *servertest.Server, c *servertest.Company, do func()) {
	t.Helper()
	if !s.Parts().DB.Shared() {
		do()
		return
	}
	held, done, ended := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	holds, over := sync.OnceFunc(func() { close(held) }), errors.New("nothing was written")
	go func() {
		ended <- s.Parts().DB.Write(t.Context(), id.Account(c.ID), func(*db.Tx) error {
			holds()
			<-done
			return over
		})
	}()
	defer func() { // also when the test ends in what is done
		close(done)
		if err := <-ended; !errors.Is(err, over) {
			t.Error(err)
		}
	}()
	<-held
	do()
}
