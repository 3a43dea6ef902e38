package session_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"tenure/internal/access"
	"tenure/internal/account"
	"tenure/internal/audit"
	"tenure/internal/bearer"
	"tenure/internal/db"
	"tenure/internal/db/dbtest"
	"tenure/internal/fault"
	"tenure/internal/id"
	"tenure/internal/member"
	"tenure/internal/outbox"
	"tenure/internal/session"
	"tenure/internal/user"
)

const chrome = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
const firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0"

func TestASessionSaysWhoItsMemberIs(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		started := h.signIn(h.owner, chrome)
		for range 2 { // from the store, then from memory
			actor, info, err := h.cache.Check(t.Context(), started.Token)
			must(t, err)
			if actor.Kind != access.Member || actor.Account != h.account || actor.Member != h.owner.member || actor.User != h.owner.user ||
				actor.Session != started.ID || !actor.Role.Administers {
				t.Errorf("got %+v", actor)
			}
			if info.ID != started.ID || !info.ExpiresAt.Equal(started.ExpiresAt) {
				t.Errorf("got %+v, want %+v", info, started)
			}
		}
		if h.cache.Len() != 1 {
			t.Errorf("%d sessions in memory, want 1", h.cache.Len())
		}
	})
}

func TestATokenThatNobodyHasIsUnauthenticated(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		token := h.signIn(h.owner, chrome).Token
		other := h.found(id.New[id.Account](), "eve@example.com")
		for _, forged := range []string{
			"", "tn_", "x", token[:len(token)-1], token + "x", strings.ToUpper(token), " " + token,
			strings.Replace(token, "tn_", "tk_", 1),
			strings.Replace(token, string(h.account), string(other.account), 1), // the same secret in another account
			token[:len(token)-43] + strings.Repeat("A", 43),
			"tn_" + string(h.account) + "_" + strings.Repeat("\x00", 43),
		} {
			h.wants(forged, "unauthenticated", forged)
		}
	})
}

// A token that was there before signing in would let who planted it in
// (Zitadel CVE-2024-28197).
func TestEveryBeginningMakesANewToken_ZitadelCVE202428197(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		seen := map[string]bool{}
		for range 5 {
			token := h.signIn(h.owner, chrome).Token
			if seen[token] {
				t.Fatal("a token came twice")
			}
			seen[token] = true
			h.wants(token, "", "each of them")
		}
	})
}

func TestTheStoreHoldsNoToken(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		token := h.signIn(h.owner, chrome).Token
		must(t, d.Read(t.Context(), func(tx *db.Tx) error {
			return tx.Each(t.Context(), `SELECT changes, COALESCE(personal, '') FROM events WHERE account_id = $1`, []any{string(h.account)}, func(scan func(...any) error) error {
				var changes, personal string
				err := scan(&changes, &personal)
				if strings.Contains(changes+personal, token[len(token)-43:]) {
					t.Error("an event holds the token")
				}
				return err
			})
		}))
	})
}

func TestIdleAndAbsoluteLimitsEndASession(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		h := newHouse(t, d)
		bo := h.join("bo@example.com", "member")
		unused, used, theirs := h.signIn(h.owner, chrome), h.signIn(h.owner, chrome), h.signIn(bo, chrome)
		for range 11 * 60 / 29 { // used every 29 minutes for eleven hours
			clock.Add(29 * time.Minute)
			h.wants(used.Token, "", "in use")
		}
		h.wants(unused.Token, "unauthenticated", "not used for more than 30 minutes")
		clock.Set(used.ExpiresAt.Add(-time.Second))
		h.wants(used.Token, "unauthenticated", "idle since")
		fresh := h.signIn(h.owner, chrome)
		for clock.Now().Before(fresh.ExpiresAt.Add(-time.Minute)) {
			h.wants(fresh.Token, "", "in use until the end")
			clock.Add(20 * time.Minute)
		}
		clock.Set(fresh.ExpiresAt)
		h.wants(fresh.Token, "unauthenticated", "twelve hours old, though in use")
		clock.Set(theirs.ExpiresAt.Add(-time.Second))
		h.wants(theirs.Token, "", "a member without administration, 30 days less a second")
		clock.Add(time.Second)
		h.wants(theirs.Token, "unauthenticated", "30 days old")
	})
}

func TestAChangedPolicyBindsLiveSessionsAtTheirNextRequest(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		h := newHouse(t, d)
		bo := h.join("bo@example.com", "member")
		token := h.signIn(bo, chrome).Token
		h.wants(token, "", "fresh")
		clock.Add(10 * time.Minute)
		five := account.Seconds(300)
		accounts := account.NewRegister(d)
		_, err := accounts.Update(t.Context(), access.Actor{Kind: access.Operator}, h.account, account.Patch{
			Policy: func(p account.Policy) account.Policy { p.SessionIdle = &five; return p }}, 0)
		must(t, err)
		h.wants(token, "unauthenticated", "ten minutes idle where five are allowed now")
	})
}

func TestAMemberWhoIsNoLongerActiveIsRefusedFromThatInstant(t *testing.T) {
	for _, move := range []member.Move{member.Suspend, member.Deactivate, member.Remove, member.Delete} {
		t.Run(string(move), func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				h := newHouse(t, d)
				bo := h.join("bo@example.com", "member")
				kept, token := h.signIn(h.owner, chrome).Token, h.signIn(bo, chrome).Token
				h.wants(kept, "", "owner before")
				h.wants(token, "", "before")
				h.move(bo, move)
				h.wants(token, "unauthenticated", "after")
				h.wants(kept, "", "owner after")
			})
		})
	}
}

func TestReactivationBringsNoSessionBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		bo := h.join("bo@example.com", "member")
		token := h.signIn(bo, chrome).Token
		h.wants(token, "", "before")
		h.move(bo, member.Suspend)
		h.write(func(tx *db.Tx) error {
			_, err := session.EndMember(t.Context(), tx, access.BySystem(), h.account, bo.member, "")
			return err
		})
		h.move(bo, member.Activate)
		h.wants(token, "unauthenticated", "after suspension and activation")
		h.wants(h.signIn(bo, chrome).Token, "", "a new one")
	})
}

func TestAChangedRoleHoldsAtTheNextRequest(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		bo := h.join("bo@example.com", "owner")
		token := h.signIn(bo, chrome).Token
		before, _, err := h.cache.Check(t.Context(), token)
		must(t, err)
		lower := "member"
		roster := member.NewRoster(d, nil, member.Ways{})
		_, err = roster.Change(t.Context(), access.Actor{Kind: access.Operator}, h.account, bo.member, member.Patch{Role: &lower}, 0)
		must(t, err)
		after, _, err := h.cache.Check(t.Context(), token)
		must(t, err)
		if !before.Role.Administers || after.Role.Administers {
			t.Errorf("administers %v, then %v; want true, then false", before.Role.Administers, after.Role.Administers)
		}
	})
}

func TestAUsersNewEpochEndsTheirSessionsInEveryAccountButOne(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		elsewhere := h.found(id.New[id.Account](), "ada@example.com")
		here, there, current := h.signIn(h.owner, chrome), h.signIn(elsewhere, chrome), h.signIn(h.owner, firefox)
		for _, s := range []session.Started{here, there, current} {
			h.wants(s.Token, "", "before")
		}
		must(t, d.WriteUser(t.Context(), h.owner.user, func(tx *db.Tx) error {
			u, err := user.Get(t.Context(), tx, h.owner.user)
			if err != nil {
				return err
			}
			if u, err = user.SetPassword(t.Context(), tx, access.BySystem(), u, "another", true, user.Changed); err != nil {
				return err
			}
			n, err := session.EndUser(t.Context(), tx, access.BySystem(), u.ID, current.ID, u.Epoch)
			if n != 2 {
				t.Errorf("%d ended, want 2", n)
			}
			return err
		}))
		h.wants(here.Token, "unauthenticated", "another here")
		h.wants(there.Token, "unauthenticated", "another elsewhere")
		h.wants(current.Token, "", "the current one")
	})
}

func TestASessionBegunAtAnOldEpochIsDead(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		var late session.Started
		h.write(func(tx *db.Tx) (err error) {
			late, err = session.Begin(t.Context(), tx, session.Beginning{Account: h.account, Member: h.owner.member, User: h.owner.user, UserEpoch: 0})
			return err
		})
		h.wants(late.Token, "unauthenticated", "its password was verified before it was changed")
	})
}

func TestOneSessionCanBeEndedAndOnlyOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		bo := h.join("bo@example.com", "member")
		one, other, foreign := h.signIn(h.owner, chrome), h.signIn(h.owner, firefox), h.signIn(bo, chrome)
		end := func(s id.Session) error {
			return d.Write(t.Context(), h.account, func(tx *db.Tx) error {
				return session.End(t.Context(), tx, access.BySystem(), h.account, h.owner.member, s)
			})
		}
		h.wants(one.Token, "", "before")
		must(t, end(one.ID))
		h.wants(one.Token, "unauthenticated", "ended")
		h.wants(other.Token, "", "not ended")
		for _, s := range []id.Session{one.ID, foreign.ID, id.New[id.Session]()} {
			if err := end(s); fault.Code(err) != "not_found" {
				t.Errorf("got %v, want not_found", err)
			}
		}
		h.wants(foreign.Token, "", "somebody else's")
	})
}

func TestListShowsLiveSessionsWithTheirDevice(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		h := newHouse(t, d)
		h.signIn(h.owner, "old device")
		clock.Add(40 * time.Minute)
		first := h.signIn(h.owner, chrome)
		clock.Add(time.Minute)
		second := h.signIn(h.owner, firefox)
		var list []session.Entry
		must(t, d.Read(t.Context(), func(tx *db.Tx) (err error) {
			list, err = h.cache.List(t.Context(), tx, h.account, h.owner.member)
			return err
		}))
		if len(list) != 2 || list[0].ID != second.ID || list[1].ID != first.ID {
			t.Fatalf("got %d entries, want the two live ones, newest first", len(list))
		}
		if got := list[1].Device.String(); got != "Chrome on Windows" || list[1].IP != "192.0.2.7" || !list[1].ExpiresAt.Equal(first.ExpiresAt) {
			t.Errorf("got %+v", list[1])
		}
	})
}

func TestTheUserIsToldOfADeviceTheyNeverSignedInFrom(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		for i, step := range []struct {
			agent string
			facts string // of the mail; empty if there is none
		}{{chrome, ""}, {chrome, ""}, {firefox, "Firefox, Linux, 192.0.2.7, Harbour, Ada"}, {firefox, ""}, {chrome, ""}, {"unheard-of", ", , 192.0.2.7, Harbour, Ada"}} {
			var got []string
			about := h.signIn(h.owner, step.agent).ID
			must(t, d.Read(t.Context(), func(tx *db.Tx) error {
				return tx.Each(t.Context(), `SELECT recipient, locale, kind, facts FROM outbox WHERE subject_id = $1`, []any{string(about)}, func(scan func(...any) error) error {
					var to, locale, kind string
					f := map[string]string{}
					err := scan(&to, &locale, &kind, db.Into(&f))
					if to != "ada@example.com" || locale != "nl" || kind != string(outbox.NewSignIn) || f["at"] == "" {
						t.Errorf("sign-in %d: %s to %s in %s", i, kind, to, locale)
					}
					got = append(got, strings.Join([]string{f["browser"], f["system"], f["ip"], f["account"], f["name"]}, ", "))
					return err
				})
			}))
			if strings.Join(got, "; ") != step.facts {
				t.Errorf("sign-in %d: told %q, want %q", i, got, step.facts)
			}
		}
	})
}

func TestLastSeenIsWrittenOnceAMinuteWithoutAnEvent(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		h := newHouse(t, d)
		s := h.signIn(h.owner, chrome)
		events := func() (n int64) {
			must(t, d.Read(t.Context(), func(tx *db.Tx) (err error) {
				n, _, err = audit.Verify(t.Context(), tx, h.account)
				return err
			}))
			return n
		}
		seen := func() (at time.Time) {
			must(t, d.Read(t.Context(), func(tx *db.Tx) error {
				list, err := h.cache.List(t.Context(), tx, h.account, h.owner.member)
				if err == nil {
					at = list[0].LastSeenAt
				}
				return err
			}))
			return at
		}
		before, begun := events(), clock.Now()
		h.wants(s.Token, "", "at once")
		clock.Add(59 * time.Second)
		h.wants(s.Token, "", "59 seconds later")
		must(t, h.cache.Flush(t.Context()))
		if !seen().Equal(begun) {
			t.Error("it was written within the minute")
		}
		clock.Add(time.Second)
		h.wants(s.Token, "", "a minute later")
		must(t, h.cache.Flush(t.Context()))
		if !seen().Equal(clock.Now()) {
			t.Errorf("seen %v, want %v", seen(), clock.Now())
		}
		must(t, d.Read(t.Context(), func(tx *db.Tx) error {
			m, err := member.Get(t.Context(), tx, h.account, h.owner.member)
			if !m.LastSeenAt.Equal(clock.Now()) {
				t.Errorf("member seen %v, want %v", m.LastSeenAt, clock.Now())
			}
			return err
		}))
		if n := events(); n != before {
			t.Errorf("%d events were recorded", n-before)
		}
	})
}

func TestUseIsKnownAfterARestart(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		h := newHouse(t, d)
		s := h.signIn(h.owner, chrome)
		clock.Add(25 * time.Minute)
		h.wants(s.Token, "", "in use")
		ctx, stop := context.WithCancel(t.Context())
		stop()
		h.cache.Run(ctx, func(err error) { t.Error(err) }) // ends at once and writes what it has
		clock.Add(25 * time.Minute)
		h.cache = newCache(d)
		h.wants(s.Token, "", "25 minutes after its last use")
	})
}

func TestMemoryIsBoundedAndForgetsNothingThatCounts(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		h.cache = session.New(d, bearer.NewMemory(d), session.Sources{Actor: member.Actor, Epoch: user.Epoch, Seen: member.Seen, Place: member.AskEpoch, Person: user.AskEpoch}, 16)
		tokens := []string{}
		for range 60 {
			tokens = append(tokens, h.signIn(h.owner, chrome).Token)
			h.wants(tokens[len(tokens)-1], "", "fresh")
		}
		if n := h.cache.Len(); n > 16 {
			t.Errorf("%d sessions in memory, at most 16 are allowed", n)
		}
		for _, token := range tokens {
			h.wants(token, "", "evicted or not")
		}
	})
}

func TestCheckFromMemoryAllocatesNothing(t *testing.T) {
	d := dbtest.Open(t, dbtest.Where(t, dbtest.SQLite), db.Options{})
	h := newHouse(t, d)
	token, ctx := h.signIn(h.owner, chrome).Token, t.Context()
	h.wants(token, "", "fresh")
	if n := testing.AllocsPerRun(1000, func() {
		if _, _, err := h.cache.Check(ctx, token); err != nil {
			t.Error(err)
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestOldSessionsAreSweptAndLiveOnesAreNot(t *testing.T) {
	dbtest.EachAt(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		h := newHouse(t, d)
		for range 3 {
			h.signIn(h.owner, chrome)
		}
		h.write(func(tx *db.Tx) error {
			_, err := session.EndMember(t.Context(), tx, access.BySystem(), h.account, h.owner.member, "")
			return err
		})
		clock.Add(91 * 24 * time.Hour)
		live := h.signIn(h.owner, chrome)
		must(t, h.cache.Sweep(t.Context()))
		var left int64
		must(t, d.Read(t.Context(), func(tx *db.Tx) error {
			return tx.One(t.Context(), `SELECT COUNT(*) FROM sessions WHERE account_id = $1`, []any{string(h.account)}, &left)
		}))
		if left != 1 {
			t.Errorf("%d sessions are left, want the live one", left)
		}
		h.wants(live.Token, "", "the live one")
	})
}
