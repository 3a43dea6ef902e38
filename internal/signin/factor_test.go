package signin_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"tenure/internal/access"
	"tenure/internal/account"
	"tenure/internal/db"
	"tenure/internal/factor"
	"tenure/internal/fault"
	"tenure/internal/holding"
	"tenure/internal/member"
	"tenure/internal/outbox"
	"tenure/internal/signin"
	"tenure/internal/user"
)

// app is somebody's authenticator app, and their recovery codes.
type app struct {
	s      *stage
	secret string
	codes  []string
}

// code is what the app shows now.
func (a app) code() string { return a.at(0) }

// at is what an app shows whose clock is off by so much.
func (a app) at(off time.Duration) string {
	a.s.t.Helper()
	code, err := totp.GenerateCode(a.secret, a.s.clock.Now().Add(off))
	must(a.s.t, err)
	return code
}

// next waits for the next code and gives it.
func (a app) next() string {
	a.s.clock.Add(30 * time.Second)
	return a.code()
}

// guard gives the person of a session a second factor.
func (s *stage) guard(in signin.Arrival) app {
	s.t.Helper()
	actor := s.actor(in)
	setup, err := s.BeginFactor(s.t.Context(), actor)
	must(s.t, err)
	a := app{s: s, secret: setup.Secret}
	a.codes, err = s.ConfirmFactor(s.t.Context(), actor, a.next())
	must(s.t, err)
	return a
}

// half signs a person in as far as the challenge.
func (s *stage) half(p person) string {
	s.t.Helper()
	in := s.signIn(p)
	if in.Challenge == nil || in.Session.Token != "" {
		s.t.Fatalf("signed in by the password alone: %+v", in)
	}
	return in.Challenge.Token
}

// answers gives the fault code of an answer to a challenge.
func (s *stage) answers(challenge, code string) string {
	_, err := s.Answer(from(s.t.Context(), chrome), access.Actor{}, challenge, code)
	return fault.Code(err)
}

// A code was accepted again and again until its time was over.
func TestACodeIsAcceptedOnce_GiteaCVE202620779(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		bo := s.guard(s.signIn(s.bo))
		code := bo.next()
		if got := s.answers(s.half(s.bo), code); got != "" {
			t.Fatalf("the first time: %s", got)
		}
		if got := s.answers(s.half(s.bo), code); got != "bad_credentials" {
			t.Errorf("the second time: %q", got)
		}
		if got := s.answers(s.half(s.bo), bo.at(-30*time.Second)); got != "bad_credentials" {
			t.Errorf("a code of the step before: %q", got)
		}
	})
}

func TestAClockMayBeOffByOneStepEachWay(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		bo := s.guard(s.signIn(s.bo))
		for _, c := range []struct {
			off  time.Duration
			want string
		}{{-60 * time.Second, "bad_credentials"}, {60 * time.Second, "bad_credentials"}, {-30 * time.Second, ""}, {30 * time.Second, ""}} {
			s.clock.Add(5 * time.Minute)
			if got := s.answers(s.half(s.bo), bo.at(c.off)); got != c.want {
				t.Errorf("off by %v: %q, want %q", c.off, got, c.want)
			}
		}
	})
}

// atOnce runs so many at the same moment and counts their fault codes.
func atOnce(n int, do func(i int) string) map[string]int {
	var wait sync.WaitGroup
	var mu sync.Mutex // guards codes
	codes, gate := map[string]int{}, make(chan struct{})
	for i := range n {
		wait.Go(func() {
			<-gate
			code := do(i)
			mu.Lock()
			defer mu.Unlock()
			codes[code]++
		})
	}
	close(gate)
	wait.Wait()
	return codes
}

func TestOf64WithTheSameCodeAtOnceOneGetsIn(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		bo := s.guard(s.signIn(s.bo))
		// Each has a challenge of its own; the code is what they share. Ten failures
		// are free, the rest have to wait.
		challenges := make([]string, 64)
		for i := range challenges {
			challenges[i] = s.half(s.bo)
		}
		code := bo.next()
		codes := atOnce(len(challenges), func(i int) string { return s.answers(challenges[i], code) })
		if codes[""] != 1 || codes["bad_credentials"]+codes["too_many_attempts"] != 63 {
			t.Errorf("got %v", codes)
		}
	})
}

func TestARecoveryCodeWorksOnceAlsoAtOnce(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		bo := s.guard(s.signIn(s.bo))
		if len(bo.codes) != 10 {
			t.Fatalf("codes: %v", bo.codes)
		}
		challenges := make([]string, 8)
		for i := range challenges {
			challenges[i] = s.half(s.bo)
		}
		written := strings.ToUpper(strings.ReplaceAll(bo.codes[3], "-", " "))
		if codes := atOnce(len(challenges), func(i int) string { return s.answers(challenges[i], written) }); codes[""] != 1 || codes["bad_credentials"] != 7 {
			t.Errorf("got %v", codes)
		}
		if mails := s.mailed(outbox.RecoveryCodeUsed); len(mails) != 1 || mails[0].facts["left"] != "9" {
			t.Errorf("mails: %+v", mails)
		}
		if got := s.answers(s.half(s.bo), bo.codes[4]); got != "" {
			t.Errorf("another code: %s", got)
		}
		s.verify(s.bo)
	})
}

func TestAChallengeLeadsToOneSession(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		bo := s.guard(s.signIn(s.bo))
		challenge := s.half(s.bo)
		codes := atOnce(8, func(i int) string { return s.answers(challenge, bo.codes[i]) })
		if codes[""] != 1 || codes["token_used"] != 7 {
			t.Errorf("got %v", codes)
		}
		// What was refused has used no code up.
		f, err := s.Factor(t.Context(), access.Actor{Kind: access.Member, User: s.bo.user})
		if must(t, err); f.Left != 9 {
			t.Errorf("%d recovery codes are left, want 9", f.Left)
		}
		challenge = s.half(s.bo)
		s.clock.Add(10 * time.Minute)
		if got := s.answers(challenge, bo.code()); got != "token_expired" {
			t.Errorf("after its time: %q", got)
		}
	})
}

// Credentials outlived what should have ended them (Mattermost, Vikunja, Directus
// and others).
func TestWhatEndsAccessEndsHalfDoneSignIns(t *testing.T) {
	for _, c := range []struct {
		name string
		end  func(s *stage, bo app, in signin.Arrival)
		code string
	}{
		{"another password", func(s *stage, _ app, in signin.Arrival) {
			must(s.t, s.ChangePassword(s.t.Context(), s.actor(in), password, another))
		}, "token_used"},
		{"a reset of the password", func(s *stage, _ app, _ signin.Arrival) {
			must(s.t, s.Reset(s.t.Context(), s.resetToken("bo@example.com"), another))
		}, "token_used"},
		{"another factor", func(s *stage, bo app, in signin.Arrival) {
			must(s.t, s.RemoveFactor(s.t.Context(), s.actor(in), bo.codes[0]))
		}, "token_used"},
		{"suspended", func(s *stage, _ app, _ signin.Arrival) { s.leaves(s.bo, holding.Suspend) }, "token_used"},
		{"suspended and back", func(s *stage, _ app, _ signin.Arrival) {
			s.leaves(s.bo, holding.Suspend)
			s.move(s.bo, member.Activate)
		}, "token_used"},
		{"out, the challenge overlooked", func(s *stage, _ app, _ signin.Arrival) { s.move(s.bo, member.Deactivate) }, "member_inactive"},
	} {
		t.Run(c.name, func(t *testing.T) {
			onStage(t, func(t *testing.T, s *stage) {
				in := s.signIn(s.bo)
				bo := s.guard(in)
				challenge := s.half(s.bo)
				c.end(s, bo, in)
				if got := s.answers(challenge, bo.next()); got != c.code {
					t.Errorf("got %q, want %q", got, c.code)
				}
			})
		})
	}
}

// Codes are as easy to guess as six digits are, so they share the password's
// counter, and the right password alone does not clear it.
func TestCodesAreCountedWithThePassword(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		in := s.signIn(s.bo)
		bo := s.guard(in)
		for n := range 10 {
			if got := s.answers(s.half(s.bo), "000000"); got != "bad_credentials" {
				t.Fatalf("guess %d: %q", n+1, got)
			}
		}
		if got := s.tries("bo@example.com", password); got != "too_many_attempts" {
			t.Errorf("the password: %q", got)
		}
		actor := s.actor(in)
		for name, do := range map[string]func() error{
			"step up":      func() error { return s.StepUp(t.Context(), actor, "000000", "") },
			"renew codes":  func() error { _, err := s.RenewCodes(t.Context(), actor, "000000"); return err },
			"remove":       func() error { return s.RemoveFactor(t.Context(), actor, "000000") },
			"the password": func() error { return s.ChangePassword(t.Context(), actor, another, another) },
		} {
			wantCode(t, do(), "bad_credentials", name+", which strangers do not make wait")
		}
		for range 6 {
			wantCode(t, s.StepUp(t.Context(), actor, "000000", ""), "bad_credentials", "guesses of who is signed in")
		}
		wantCode(t, s.ChangePassword(t.Context(), actor, password, another), "too_many_attempts", "the password after them")
		s.Passage = signin.New(s.db, s.keeper, s.hasher, s.sessions, signin.Ways{House: "Tenure"})
		s.clock.Add(15 * time.Minute)
		challenge := s.half(s.bo)
		if got := s.answers(challenge, "000000"); got != "bad_credentials" {
			t.Fatalf("after the pause: %q", got)
		}
		if got := s.answers(challenge, bo.next()); got != "too_many_attempts" {
			t.Errorf("the next guess after the right password: %q", got)
		}
		s.clock.Add(15 * time.Minute)
		if got := s.answers(s.half(s.bo), bo.next()); got != "" {
			t.Errorf("the right code: %q", got)
		}
		if got := s.answers(s.half(s.bo), "000000"); got != "bad_credentials" {
			t.Errorf("the count after the right code: %q", got)
		}
	})
}

// Whoever has a session, and perhaps the password, could otherwise guess at codes
// for ever.
func TestSwitchingAndChangingThePasswordDoNotForgiveGuesses(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		in := s.signIn(s.bo)
		s.guard(in)
		for range 9 {
			wantCode(t, s.StepUp(t.Context(), s.actor(in), "000000", ""), "bad_credentials", "a guess")
		}
		_, err := s.Switch(from(t.Context(), chrome), s.actor(in), s.account)
		must(t, err)
		must(t, s.ChangePassword(t.Context(), s.actor(in), password, another))
		wantCode(t, s.StepUp(t.Context(), s.actor(in), "000000", ""), "bad_credentials", "the last free guess")
		wantCode(t, s.StepUp(t.Context(), s.actor(in), "000000", ""), "too_many_attempts", "one more")
	})
}

func TestAFactorIsAddedAndRemovedOnce(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		in, other := s.signIn(s.bo), s.signIn(s.bo)
		actor := s.actor(in)
		_, err := s.ConfirmFactor(t.Context(), actor, "000000")
		wantCode(t, err, "factor_not_begun", "confirm what was not begun")
		reset := s.resetToken("bo@example.com")
		bo := s.guard(in)
		s.wants(other, "unauthenticated", "another session")
		s.wants(in, "", "the session that confirmed")
		wantCode(t, s.Reset(t.Context(), reset, another), "token_used", "an open reset link")
		actor = s.actor(in)
		_, err = s.BeginFactor(t.Context(), actor)
		wantCode(t, err, "factor_enabled", "begin again")
		old := bo.codes[0]
		bo.codes, err = s.RenewCodes(t.Context(), actor, bo.next())
		if must(t, err); len(bo.codes) != 10 {
			t.Errorf("new codes: %v", bo.codes)
		}
		wantCode(t, s.RemoveFactor(t.Context(), actor, old), "bad_credentials", "a code that was replaced")
		must(t, s.RemoveFactor(t.Context(), actor, bo.codes[0]))
		s.wants(in, "", "the session that removed")
		if got := s.tries("bo@example.com", password); got != "" {
			t.Errorf("the password alone: %q", got)
		}
		for _, kind := range []outbox.Kind{outbox.FactorAdded, outbox.FactorRemoved} {
			if mails := s.mailed(kind); len(mails) != 1 || mails[0].to != "bo@example.com" || mails[0].lang != "nl" {
				t.Errorf("%s: %+v", kind, mails)
			}
		}
		s.verify(s.bo)
		bo = s.guard(in) // and once more
		if got := s.answers(s.half(s.bo), bo.next()); got != "" {
			t.Errorf("the second factor: %q", got)
		}
	})
}

func TestEnrollingTwiceAtOnceMakesOneFactor(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		actor := s.actor(s.signIn(s.bo))
		setup, err := s.BeginFactor(t.Context(), actor)
		must(t, err)
		bo := app{s: s, secret: setup.Secret}
		code := bo.next()
		codes := atOnce(8, func(int) string {
			_, err := s.ConfirmFactor(t.Context(), actor, code)
			return fault.Code(err)
		})
		if codes[""] != 1 || codes["factor_enabled"] != 7 {
			t.Errorf("got %v", codes)
		}
	})
}

// policy changes the policy of the account.
func (s *stage) policy(change func(*account.Policy)) {
	s.t.Helper()
	_, err := account.NewRegister(s.db).Update(s.t.Context(), access.Actor{Kind: access.Operator, Key: "key_op"}, s.account, account.Patch{
		Policy: func(p account.Policy) account.Policy { change(&p); return p }}, 0)
	must(s.t, err)
}

func TestAFactorThatIsRequiredStays(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		in := s.signIn(s.bo)
		bo := s.guard(in)
		s.policy(func(p *account.Policy) { p.MFA = account.MFARequired })
		if s.actor(in).FactorDue {
			t.Error("somebody with a factor has to set one up")
		}
		wantCode(t, s.RemoveFactor(t.Context(), s.actor(in), bo.next()), "factor_required", "remove")
		ada := s.signIn(s.ada)
		if !s.actor(ada).FactorDue {
			t.Error("somebody without a factor has to set none up")
		}
		s.guard(ada)
		if s.actor(ada).FactorDue {
			t.Error("somebody with a new factor still has to set one up")
		}
		s.policy(func(p *account.Policy) { p.MFA = account.MFAOptional })
		must(t, s.RemoveFactor(t.Context(), s.actor(in), bo.next()))
	})
}

func TestAPasswordMayBeShorterBesideAFactor(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		const short = "zebra&quilt"
		in := s.signIn(s.bo)
		wantCode(t, s.ChangePassword(t.Context(), s.actor(in), password, short), "weak_password", "without a factor")
		bo := s.guard(in)
		must(t, s.ChangePassword(t.Context(), s.actor(in), password, short))
		wantCode(t, s.RemoveFactor(t.Context(), s.actor(in), bo.next()), "short_password", "remove beside a short password")
		must(t, s.ResetFactor(t.Context(), s.actor(s.signIn(s.ada)), s.account, s.bo.member))
		half, err := s.SignIn(t.Context(), signin.Credentials{Email: "bo@example.com", Password: short})
		must(t, err)
		if got := s.answers(half.Challenge.Token, s.mailedCode()); got != "short_password" {
			t.Errorf("reset beside a short password: %q", got)
		}
		// While the reset is open, a new password must do alone.
		wantCode(t, s.Reset(t.Context(), s.resetToken("bo@example.com"), "yet"+short), "weak_password", "a short one by the link")
		must(t, s.Reset(t.Context(), s.resetToken("bo@example.com"), password))
		if got := s.answers(s.half(s.bo), s.mailedCode()); got != "" {
			t.Errorf("with a long one: %q", got)
		}
	})
}

func TestWhatMattersMostTakesAFreshProof(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		bo := s.signIn(s.bo)
		s.clock.Add(access.ProofLife)
		_, err := s.BeginFactor(t.Context(), s.actor(bo))
		wantCode(t, err, "step_up_required", "without a proof")
		wantCode(t, s.StepUp(t.Context(), s.actor(bo), "", another), "bad_credentials", "the wrong password")
		wantCode(t, s.StepUp(t.Context(), s.actor(bo), "", ""), "invalid", "nothing")
		must(t, s.StepUp(t.Context(), s.actor(bo), "", password))
		codes := s.guard(bo)
		s.clock.Add(access.ProofLife)
		wantCode(t, s.RemoveFactor(t.Context(), s.actor(bo), codes.code()), "step_up_required", "remove")
		wantCode(t, s.StepUp(t.Context(), s.actor(bo), "", password), "invalid", "the password of who has a factor")
		next, err := s.Switch(from(t.Context(), chrome), s.actor(bo), s.account)
		must(t, err)
		wantCode(t, access.Proven(s.actor(next), s.clock.Now()), "step_up_required", "a session that came by switching")
		must(t, s.StepUp(t.Context(), s.actor(bo), codes.next(), ""))
		wantCode(t, access.Proven(s.actor(bo), s.clock.Now()), "", "after stepping up")
		wantCode(t, access.Proven(s.actor(next), s.clock.Now()), "step_up_required", "another session of the same person")
		s.verify(s.bo)
	})
}

func TestASeedIsSealedForItsPersonAlone(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		bo := s.guard(s.signIn(s.bo))
		s.guard(s.signIn(s.ada))
		var seed []byte
		must(t, s.db.Read(t.Context(), func(tx *db.Tx) error {
			return tx.One(t.Context(), `SELECT seed FROM factors WHERE user_id = $1`, []any{string(s.bo.user)}, &seed)
		}))
		if len(seed) != 12+20+16 || strings.Contains(string(seed), bo.secret) {
			t.Errorf("the seed is stored as %x", seed)
		}
		must(t, s.db.Housekeep(t.Context(), func(tx *db.Tx) error {
			return tx.ExecOne(t.Context(), `UPDATE factors SET seed = $2 WHERE user_id = $1`, string(s.ada.user), seed)
		}))
		if got := s.answers(s.half(s.ada), bo.next()); got != "internal" {
			t.Errorf("with somebody else's seed: %q", got)
		}
	})
}

func TestAnErasedIdentityLeavesNothingOfItsFactor(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		s.guard(s.signIn(s.bo))
		s.half(s.bo)
		count := func() (rows int) {
			must(t, s.db.Read(t.Context(), func(tx *db.Tx) error {
				return tx.One(t.Context(), `SELECT (SELECT COUNT(*) FROM factors) + (SELECT COUNT(*) FROM recovery_codes) + (SELECT COUNT(*) FROM challenges)`, nil, &rows)
			}))
			return rows
		}
		if n := count(); n != 1+10+1 {
			t.Fatalf("%d rows before", n)
		}
		s.leaves(s.bo, holding.Deactivate)
		must(t, s.db.Write(t.Context(), s.account, func(tx *db.Tx) error {
			m, err := member.Get(t.Context(), tx, s.account, s.bo.member)
			if err != nil {
				return err
			}
			if err := member.Purge(t.Context(), tx, access.BySystem(), s.account, m); err != nil {
				return err
			}
			return user.Erase(t.Context(), tx, access.BySystem(), s.bo.user)
		}))
		if n := count(); n != 0 {
			t.Errorf("%d rows after", n)
		}
	})
}

func TestChallengesThatAreOverAreSwept(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		bo := s.guard(s.signIn(s.bo))
		old := s.half(s.bo)
		s.clock.Add(25 * time.Hour)
		fresh := s.half(s.bo)
		must(t, factor.Sweep(t.Context(), s.db))
		if got := s.answers(old, bo.codes[0]); got != "not_found" {
			t.Errorf("the old one: %q", got)
		}
		if got := s.answers(fresh, bo.codes[0]); got != "" {
			t.Errorf("the fresh one: %q", got)
		}
	})
}
