package server_test

import (
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"tenure/internal/mailbox"
	"tenure/internal/server/servertest"
)

// canary is a secret that was sent or given out, and must not be found.
type canary struct {
	name, secret string
	to           string // who was mailed it, and may find it in that mail
}

// TestNoSecretIsKeptOrTold_RancherVault plants every kind of secret on a whole
// walk, and then looks for each, raw, in base64 and in hexadecimal: in every
// column of every table, in the file of the store, in the log, in the metrics,
// and in the mails to anybody but who was mailed it. Others found passwords in
// their logs and tokens in their audit trails.
func TestNoSecretIsKeptOrTold_RancherVault(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		planted := plant(t, s)
		var store strings.Builder
		s.Store(t, func(r servertest.Row) {
			for i, v := range r.Values {
				if raw, ok := v.([]byte); ok {
					v = string(raw) + " " + hex.EncodeToString(raw)
				}
				fmt.Fprintf(&store, "%s.%s=%v\n", r.Table, r.Columns[i], v)
			}
		})
		look(t, "the store", store.String(), planted)
		if s.Parts().DB.Engine() == "sqlite" {
			for _, file := range []string{s.Database, s.Database + "-wal"} {
				raw, err := os.ReadFile(file)
				if err != nil && !os.IsNotExist(err) {
					t.Fatal(err)
				}
				if len(raw) > 0 {
					look(t, "the file "+file, string(raw), long(planted))
				}
			}
		}
		look(t, "the log", s.Log.String(), planted)
		look(t, "the metrics", string(s.Nobody(t).Get("/metrics").OK().Body), planted)
		for _, m := range s.Box.Messages("") {
			whole := string(m.Raw) + m.Text + m.HTML + strings.Join(m.Links, " ")
			for _, c := range planted {
				if c.to == "" || !strings.Contains(strings.Join(m.To, " "), c.to) {
					look(t, "a mail to "+strings.Join(m.To, " "), whole, []canary{c})
				}
			}
			for _, link := range m.Links { // what stands before the # reaches servers and their logs
				address, _, _ := strings.Cut(link, "#")
				look(t, "the address of a link"+strings.Repeat(" ", 100), address+strings.Repeat(" ", 100), planted)
			}
		}
	})
}

// plant walks the ways on which secrets travel, and gives them.
func plant(t *testing.T, s *servertest.Server) []canary {
	t.Helper()
	const person = "p@canary.example"
	nobody, planted := s.Nobody(t), []canary{
		{name: "operator key", secret: servertest.OperatorKey}, {name: "password", secret: servertest.Password},
		{name: "master secret", secret: "servertest-servertest-servertest"},
	}
	note := func(name, secret, to string) string {
		t.Helper()
		if secret == "" {
			t.Fatalf("there is no %s", name)
		}
		planted = append(planted, canary{name, secret, to})
		return secret
	}
	added := s.Operator(t).With("Idempotency-Key", "canary").Post("/v1/operator-keys", obj{"name": "Canary"}).OK()
	s.Client(t, note("added operator key", added.Text("key"), "")).Get("/v1/operator-keys/" + added.Text("id")).OK()
	s.Nobody(t).With("Authorization", "Bearer "+note("nobody's operator key", "top_"+strings.Repeat("canary-", 7), "")).Get("/v1/operator-keys").Refused(401, "unauthenticated")
	c := s.Found(t, "team", "Canary", "owner@canary.example")
	note("owner's session", c.Owner.Token(), "")
	nobody.Post("/v1/sign-up", obj{"name": "Canary", "preset": "team", "email": "up@canary.example", "first_name": "S", "last_name": "Up"}).OK()
	nobody.Post("/v1/sign-up/confirm", obj{"token": note("sign-up token", s.Mailed(t, "up@canary.example", "/sign-up"), "up@canary.example"), "password": note("password of a founder", "eleven amber foxes dancing", "")}).OK()

	sent := c.Owner.Post(c.Path("/invitations"), obj{"emails": list{person}}).OK()
	mailed := note("mailed token", s.Mailed(t, person, "/invitation"), person)
	link := c.Owner.Post(c.Path("/invitations/"+sent.Text("results.0.invitation.id")+"/link"), nil).OK()
	_, copied, _ := strings.Cut(link.Text("url"), "#")
	accept := obj{"token": note("copied token", copied, ""), "password": servertest.Password}
	nobody.Post("/v1/invitations/accept", accept).Refused(409, "verification_required")
	accept["code"] = note("code", s.Mail(t, person, func(m mailbox.Message) bool { return m.Code != "" }).Code, person)
	m := s.Client(t, note("session", nobody.Post("/v1/invitations/accept", accept).OK().Text("token"), ""))

	wrong := note("wrong password", "four velvet wagons rolling", "")
	nobody.Post("/v1/sign-in", obj{"email": person, "password": wrong}).Refused(401, "bad_credentials")
	nobody.Post("/v1/sign-in", obj{"email": person, "password": wrong, "odd": 1}).Refused(422, "unknown_field")
	nobody.Post("/v1/sign-in", `{"email":"`+person+`","password":"`+wrong+`"`).Refused(422, "invalid")
	nobody.With("Authorization", "Bearer "+note("nobody's session", "tn_canary_session_canary", "")).Get("/v1/session").Refused(401, "unauthenticated")
	m.Post("/v1/me/password", obj{"current": servertest.Password, "new": note("new password", "seven violet herons waiting", "")}).OK()
	m.Post("/v1/me/email", obj{"email": "next@canary.example", "password": "seven violet herons waiting"}).OK()
	note("confirmation", s.Mailed(t, "next@canary.example", "/confirm"), "next@canary.example")
	nobody.Post("/v1/password/forgot", obj{"email": person}).OK()
	reset := note("reset token", s.Mailed(t, person, "/reset"), person)
	nobody.Post("/v1/password/reset", obj{"token": reset, "password": note("reset password", "nine copper kettles humming", "")}).OK()
	nobody.Get("/v1/invitations/" + mailed) // somebody pastes a token into the address bar
	nobody.Get("/v1/about?token=" + copied)
	c.Owner.Get(c.Path("/members/" + reset))
	plantFactor(t, s, c, note)
	plantKey(t, s, c, note)
	return planted
}

// plantKey walks the ways on which an API key travels: shown once, used, sent by
// mistake, replayed, revoked.
func plantKey(t *testing.T, s *servertest.Server, c *servertest.Company, note func(name, secret, to string) string) {
	t.Helper()
	body := obj{"name": "Canary", "permissions": list{"members.manage", "invitations.manage", "events.read"}}
	once := c.Owner.With("Idempotency-Key", "canary")
	made := once.Post(c.Path("/api-keys"), body).OK()
	k := s.Client(t, note("API key", made.Text("key"), ""))
	once.Post(c.Path("/api-keys"), body).Refused(409, "shown_once")
	k.Get(c.Path("/members")).OK()
	k.With("Idempotency-Key", "canary").Post(c.Path("/invitations"), obj{"emails": list{"by-key@canary.example"}, "role": "member"}).OK()
	k.Get(c.Path("/api-keys")).Refused(403, "forbidden")
	k.Get(c.Path("/members?q=" + k.Token())).OK() // somebody pastes it where it does not belong
	s.Nobody(t).Get(c.Path("/api-keys/"+k.Token())).Refused(401, "unauthenticated")
	c.Owner.Get(c.Path("/api-keys/"+k.Token())).Refused(404, "not_found")
	c.Owner.Delete(c.Path("/api-keys/" + made.Text("id"))).OK()
	k.Get(c.Path("/members")).Refused(401, "unauthenticated")
}

// plantFactor walks the ways on which the secrets of a second factor travel.
func plantFactor(t *testing.T, s *servertest.Server, c *servertest.Company, note func(name, secret, to string) string) {
	t.Helper()
	const guarded = "guarded@canary.example"
	p := c.Invite(guarded, "member", nil)
	secret := note("seed", p.Post("/v1/me/totp", nil).OK().Text("secret"), "")
	seed, err := base32.StdEncoding.DecodeString(secret)
	if err != nil {
		t.Fatal(err)
	}
	note("seed in bytes", string(seed), "")
	codes := p.Post("/v1/me/totp/confirm", obj{"code": shown(t, s, secret)}).OK().List("recovery_codes")
	for _, code := range codes {
		note("recovery code", code.(string), "")
		note("recovery code without dashes", strings.ReplaceAll(code.(string), "-", ""), "")
	}
	half := s.Nobody(t).Post("/v1/sign-in", obj{"email": guarded, "password": servertest.Password}).OK()
	challenge := note("challenge", half.Text("challenge"), "")
	s.Nobody(t).Post("/v1/sign-in/totp", obj{"challenge": challenge, "code": codes[0].(string) + "x"}).Refused(401, "bad_credentials")
	in := s.Nobody(t).Post("/v1/sign-in/totp", obj{"challenge": challenge, "code": codes[0]}).OK()
	note("session of the second factor", in.Text("token"), "")
	s.Client(t, in.Text("token")).Post("/v1/me/step-up", obj{"code": codes[1]}).OK()
	c.Owner.Post(c.Path("/members/"+p.Member+"/reset-factor"), nil).OK()
	note("code that stands in for a factor", s.Mail(t, guarded, func(m mailbox.Message) bool { return m.Code != "" }).Code, guarded)
}

// long leaves out what is so short that it stands anywhere by chance.
func long(all []canary) []canary {
	var kept []canary
	for _, c := range all {
		if len(c.secret) > 10 {
			kept = append(kept, c)
		}
	}
	return kept
}

func look(t *testing.T, where, text string, planted []canary) {
	t.Helper()
	if len(text) < 100 {
		t.Errorf("%s is nearly empty: the test looks in the wrong place", where)
	}
	for _, c := range planted {
		if found := c.find(text); found >= 0 {
			t.Errorf("%.80s holds the %s: …%q…", where, c.name, text[max(0, found-80):min(len(text), found+20)])
		}
	}
}

// find gives where a text holds the secret in any of its forms, or -1. Of a
// token the random part alone is one too; a short code counts as a word.
func (c canary) find(text string) int {
	if len(c.secret) <= 10 {
		if at := regexp.MustCompile(`\b` + regexp.QuoteMeta(c.secret) + `\b`).FindStringIndex(text); at != nil {
			return at[0]
		}
		return -1
	}
	forms := []string{c.secret, hex.EncodeToString([]byte(c.secret))}
	forms = append(forms, c.secret[max(0, len(c.secret)-43):]) // 256 bits in base64, which has _ as a letter
	for shift := range 3 {                                     // base64 of a text that the secret stands somewhere inside
		inner := base64.RawStdEncoding.EncodeToString([]byte(strings.Repeat("x", shift) + c.secret))
		inner = inner[(shift*8+5)/6 : len(inner)-2]
		forms = append(forms, inner, strings.NewReplacer("+", "-", "/", "_").Replace(inner))
	}
	for _, form := range forms {
		if i := strings.Index(text, form); i >= 0 {
			return i
		}
	}
	return -1
}

// TestTheCanaryIsFoundInEveryForm: a test that finds nothing must be one that
// could.
func TestTheCanaryIsFoundInEveryForm(t *testing.T) {
	const random = "canary_canary_canary_canary_canary_canary_A"
	c := canary{secret: "tn_acc_" + random}
	for _, text := range []string{
		"a " + c.secret, "a " + random, hex.EncodeToString([]byte("x" + c.secret + "y")),
		base64.StdEncoding.EncodeToString([]byte(c.secret)), base64.URLEncoding.EncodeToString([]byte("x" + c.secret)), base64.StdEncoding.EncodeToString([]byte("xy" + c.secret + "z")),
		base64.RawURLEncoding.EncodeToString([]byte("xyz" + c.secret)),
	} {
		if c.find(text) < 0 {
			t.Errorf("not found in %s", text)
		}
	}
	if (canary{secret: "123456"}).find(`{"code":"123456"}`) < 0 || (canary{secret: "123456"}).find("91234567") >= 0 {
		t.Error("a code is found as a word")
	}
}
