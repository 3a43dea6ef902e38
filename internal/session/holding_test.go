package session_test

import (
	"testing"

	"tenure/internal/access"
	"tenure/internal/db"
	"tenure/internal/db/dbtest"
	"tenure/internal/fault"
	"tenure/internal/holding"
	"tenure/internal/id"
	"tenure/internal/member"
	"tenure/internal/role"
	"tenure/internal/session"
)

func TestWhoLeavesOrIsSuspendedLosesEverySession(t *testing.T) {
	for _, kind := range []holding.Kind{holding.Suspend, holding.Deactivate, holding.Remove, holding.Delete} {
		t.Run(string(kind), func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				h := newHouse(t, d)
				bo := h.join("bo@example.com", "member")
				one, other, kept := h.signIn(bo, chrome), h.signIn(bo, firefox), h.signIn(h.owner, chrome)
				for _, s := range []session.Started{one, other, kept} {
					h.wants(s.Token, "", "before")
				}
				departure := id.New[id.Departure]()
				h.write(func(tx *db.Tx) error {
					from, err := role.Get(t.Context(), tx, h.account, bo.role)
					if err != nil {
						return err
					}
					c := holding.Case{Kind: kind, Account: h.account, Member: bo.member, From: from, At: tx.Now(), Actor: access.BySystem(), Departure: departure}
					found, err := session.Held{}.Survey(t.Context(), tx, c)
					if err != nil {
						return err
					}
					done, err := session.Held{}.Apply(t.Context(), tx, c)
					for _, effects := range [][]holding.Effect{found.Effects, done} {
						if len(effects) != 1 || effects[0].Kind != "sessions_ended" || *effects[0].Count != 2 || effects[0].Member != bo.member {
							t.Errorf("got %+v, want sessions_ended with count 2", effects)
						}
					}
					if found.Basis != nil || len(found.Blockers)+len(found.Needed) > 0 {
						t.Errorf("got %+v: sessions neither block nor make a plan stale", found)
					}
					if again, err := (session.Held{}).Survey(t.Context(), tx, c); err != nil || *again.Effects[0].Count != 0 {
						t.Errorf("afterwards %d are left (%v)", *again.Effects[0].Count, err)
					}
					restored, errRestore := session.Held{}.Restore(t.Context(), tx, c)
					if len(restored) > 0 || errRestore != nil {
						t.Errorf("undo restored %+v, %v", restored, errRestore)
					}
					return err
				})
				h.wants(one.Token, "unauthenticated", "first")
				h.wants(other.Token, "unauthenticated", "second")
				h.wants(kept.Token, "", "somebody else's")
			})
		})
	}
}

func TestOtherMovesEndNoSession(t *testing.T) {
	for _, kind := range []holding.Kind{holding.Invite, holding.Withdraw, holding.Arrive, holding.Return, holding.Regrade} {
		found, err := session.Held{}.Survey(t.Context(), nil, holding.Case{Kind: kind})
		done, err2 := session.Held{}.Apply(t.Context(), nil, holding.Case{Kind: kind})
		if err != nil || err2 != nil || len(found.Effects)+len(done) > 0 {
			t.Errorf("%s: %+v %+v %v %v", kind, found, done, err, err2)
		}
	}
}

func TestAWriteOfAMemberWhoEndedMeanwhileIsRefused(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		bo, cy := h.join("bo@example.com", "owner"), h.join("cy@example.com", "owner")
		rename := func(s session.Started, between func()) error {
			actor, _, err := h.cache.Check(t.Context(), s.Token)
			must(t, err)
			between()
			name := "Changed " + string(s.ID)
			ctx := h.cache.Guard(t.Context(), actor)
			return d.Write(ctx, h.account, func(tx *db.Tx) error {
				_, err := member.EditProfile(ctx, tx, actor, h.account, actor.Member, member.Patch{JobTitle: &name})
				return err
			})
		}
		if err := rename(h.signIn(bo, chrome), func() {}); err != nil {
			t.Errorf("with nothing in between: %v", err)
		}
		if err := rename(h.signIn(bo, chrome), func() { h.move(bo, member.Suspend) }); fault.Code(err) != "unauthenticated" {
			t.Errorf("suspended in between: got %v, want unauthenticated", err)
		}
		s := h.signIn(cy, chrome)
		if err := rename(s, func() {
			h.write(func(tx *db.Tx) error {
				return session.End(t.Context(), tx, access.BySystem(), h.account, cy.member, s.ID)
			})
		}); fault.Code(err) != "unauthenticated" {
			t.Errorf("signed out in between: got %v, want unauthenticated", err)
		}
		lower := "member"
		if err := rename(h.signIn(cy, chrome), func() {
			_, err := member.NewRoster(d, nil, member.Ways{}).Change(t.Context(), access.Actor{Kind: access.Operator}, h.account, cy.member, member.Patch{Role: &lower}, 0)
			must(t, err)
		}); fault.Code(err) != "rights_changed" {
			t.Errorf("demoted in between: got %v, want rights_changed", err)
		}
	})
}

func TestDeviceOfRecognisesTheUsualOnes(t *testing.T) {
	for agent, want := range map[string]string{
		chrome:  "Chrome on Windows",
		firefox: "Firefox on Linux",
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15":                      "Safari on macOS",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/140.0.0.0 Mobile/15E148 Safari/604.1": "Chrome on iPhone",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0":              "Edge on Windows",
		"Mozilla/5.0 (Linux; Android 15; SM-S931B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36": "Samsung Internet on Android",
		"curl/8.14.1": "curl",
		"":            "Unknown device",
	} {
		if got := session.DeviceOf(agent).String(); got != want {
			t.Errorf("%q: got %q, want %q", agent, got, want)
		}
	}
}
