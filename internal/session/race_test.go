package session_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"tenure/internal/access"
	"tenure/internal/bearer"
	"tenure/internal/db"
	"tenure/internal/db/dbtest"
	"tenure/internal/fault"
	"tenure/internal/member"
	"tenure/internal/session"
	"tenure/internal/user"
)

// A copy that outlives its session is how revoked sessions went on working
// elsewhere (better-auth #6893): here many requests fill and read the memory
// while the session ends, and none that starts after the ending call returned
// may be accepted.
func TestNoRequestThatStartsAfterTheEndIsAccepted_BetterAuth6893(t *testing.T) {
	rounds := 8
	if testing.Short() {
		rounds = 5
	}
	for name, end := range ways {
		t.Run(name, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				h := newHouse(t, d)
				// So small that entries are given up and read again all the time.
				h.cache = session.New(d, bearer.NewMemory(d), session.Sources{Actor: member.Actor, Epoch: user.Epoch, Seen: member.Seen, Place: member.AskEpoch, Person: user.AskEpoch}, 16)
				others := []string{}
				for range 20 {
					others = append(others, h.signIn(h.owner, chrome).Token)
				}
				for round := range rounds {
					hammer(h, h.join(fmt.Sprintf("bo%d@example.com", round), "member"), others, end)
				}
			})
		})
	}
}

// ways are the ways in which sessions of a member end.
var ways = map[string]func(h *house, p person, s session.Started){
	"suspended": func(h *house, p person, _ session.Started) { h.move(p, member.Suspend) },
	"ended": func(h *house, p person, s session.Started) {
		h.write(func(tx *db.Tx) error {
			return session.End(h.t.Context(), tx, access.BySystem(), p.account, p.member, s.ID)
		})
	},
	"password changed": func(h *house, p person, _ session.Started) {
		must(h.t, h.db.WriteUser(h.t.Context(), p.user, func(tx *db.Tx) error {
			u, err := user.Get(h.t.Context(), tx, p.user)
			if err != nil {
				return err
			}
			if u, err = user.SetPassword(h.t.Context(), tx, access.BySystem(), u, "another", true, user.Changed); err != nil {
				return err
			}
			_, err = session.EndUser(h.t.Context(), tx, access.BySystem(), p.user, "", u.Epoch)
			return err
		}))
	},
}

// hammer checks a session from many sides while it ends.
func hammer(h *house, p person, others []string, end func(*house, person, session.Started)) {
	s := h.signIn(p, chrome)
	var over atomic.Bool
	var checked atomic.Int64
	var checking sync.WaitGroup
	for i := range 4 {
		checking.Go(func() {
			for after := 0; after < 3; {
				late := over.Load()
				_, _, err := h.cache.Check(h.t.Context(), s.Token)
				switch {
				case err != nil && fault.Code(err) != "unauthenticated":
					h.t.Error(err)
					return
				case late && err == nil:
					h.t.Error("a request that started after the end was accepted")
					return
				}
				if checked.Add(1); late {
					after++
				}
				if other := others[(i*5+after)%len(others)]; h.check(other) != "" {
					h.t.Error("somebody else's session ended too")
					return
				}
			}
		})
	}
	for checked.Load() < 20 && !h.t.Failed() {
		if code := h.check(s.Token); code != "" {
			h.t.Errorf("before the end: %s", code)
		}
	}
	end(h, p, s)
	over.Store(true)
	checking.Wait()
}
