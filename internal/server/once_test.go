package server_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tenure/internal/db"
	"tenure/internal/mailbox"
	"tenure/internal/server/servertest"
)

// freely is the POSTs that may be sent again without a key, and why.
var freely = map[string]string{
	"sign-in":            "another session is no harm, and the first one's token is kept nowhere",
	"switch-account":     "as sign-in",
	"sign-out":           "what has ended stays ended",
	"inspect-invitation": "it changes nothing",
	"answer-challenge":   "code and challenge work once",
	"mail-code":          "another code is no harm, and there is a bound",
	"step-up":            "who has proved twice who they are has proved it",
	"evaluate":           "it changes nothing",
	"evaluate-many":      "it changes nothing",
	"import-resources":   "a line that is stored already changes nothing",
}

// calling is a request that will be accepted.
type calling struct {
	client *servertest.Client
	path   string
	body   any
	secret bool   // what it gives is shown once
	mails  string // who is mailed a link for a new password by a job that it begins
}

// commands is every operation that honours an Idempotency-Key, each with a
// request that will be accepted. The account is of preset team.
var commands = map[string]func(t *testing.T, s *servertest.Server, c *servertest.Company) calling{
	"create-account": func(t *testing.T, s *servertest.Server, _ *servertest.Company) calling {
		return calling{client: s.Operator(t), path: "/v1/accounts", body: sample["create-account"]}
	},
	"add-operator-key": func(t *testing.T, s *servertest.Server, _ *servertest.Company) calling {
		return calling{client: s.Operator(t), path: "/v1/operator-keys", body: sample["add-operator-key"], secret: true}
	},
	"add-owner": func(t *testing.T, s *servertest.Server, c *servertest.Company) calling {
		return calling{client: s.Operator(t), path: c.Path("/owners"), body: sample["add-owner"]}
	},
	"create-module": func(_ *testing.T, _ *servertest.Server, c *servertest.Company) calling {
		return calling{client: c.Owner.Client, path: c.Path("/modules"), body: sample["create-module"]}
	},
	"create-sub-account": func(_ *testing.T, _ *servertest.Server, c *servertest.Company) calling {
		return calling{client: c.Owner.Client, path: c.Path("/sub-accounts"), body: sample["create-sub-account"]}
	},
	"create-api-key": func(_ *testing.T, _ *servertest.Server, c *servertest.Company) calling {
		return calling{client: c.Owner.Client, path: c.Path("/api-keys"), body: sample["create-api-key"], secret: true}
	},
	"purchase-credits": func(t *testing.T, s *servertest.Server, c *servertest.Company) calling {
		return calling{client: s.Operator(t), path: c.Path("/credits/purchases"), body: sample["purchase-credits"]}
	},
	"transfer-credits": func(t *testing.T, s *servertest.Server, c *servertest.Company) calling {
		s.Operator(t).Post(c.Path("/credits/purchases"), sample["purchase-credits"]).OK()
		return calling{client: c.Owner.Client, path: c.Path("/credits/transfers"), body: obj{"from": "company", "to": c.Owner.Member, "amount": 3}}
	},
	"download-record": func(t *testing.T, s *servertest.Server, c *servertest.Company) calling {
		s.Operator(t).Post(c.Path("/credits/purchases"), sample["purchase-credits"]).OK()
		c.Owner.Post(c.Path("/credits/transfers"), obj{"from": "company", "to": c.Owner.Member, "amount": 1}).OK()
		return calling{client: c.Owner.Client, path: c.Path("/records/once/download")}
	},
	"create-role": func(_ *testing.T, _ *servertest.Server, c *servertest.Company) calling {
		return calling{client: c.Owner.Client, path: c.Path("/roles"), body: sample["create-role"]}
	},
	"add-member": func(_ *testing.T, _ *servertest.Server, c *servertest.Company) calling {
		return calling{client: c.Owner.Client, path: c.Path("/members"), body: added("added@once.example", true)}
	},
	"activate-member": func(_ *testing.T, _ *servertest.Server, c *servertest.Company) calling {
		m := c.Owner.Post(c.Path("/members"), added("activate@once.example", false)).OK()
		return calling{client: c.Owner.Client, path: c.Path("/members/" + m.Text("id") + "/activate")}
	},
	"welcome-member": func(_ *testing.T, _ *servertest.Server, c *servertest.Company) calling {
		m := c.Owner.Post(c.Path("/members"), added("welcome@once.example", true)).OK()
		return calling{client: c.Owner.Client, path: c.Path("/members/" + m.Text("id") + "/welcome")}
	},
	"unlock-member": func(_ *testing.T, _ *servertest.Server, c *servertest.Company) calling {
		return calling{client: c.Owner.Client, path: c.Path("/members/" + c.Invite("unlock@once.example", "member", nil).Member + "/unlock")}
	},
	"suspend-member": func(_ *testing.T, _ *servertest.Server, c *servertest.Company) calling {
		return calling{client: c.Owner.Client, path: c.Path("/members/" + c.Invite("suspend@once.example", "member", nil).Member + "/suspend")}
	},
	"invite": func(_ *testing.T, _ *servertest.Server, c *servertest.Company) calling {
		return calling{client: c.Owner.Client, path: c.Path("/invitations"), body: obj{"emails": list{"first@once.example", "no address", "FIRST@once.example"}}}
	},
	"resend-invitation": func(_ *testing.T, _ *servertest.Server, c *servertest.Company) calling {
		return calling{client: c.Owner.Client, path: c.Path("/invitations/" + pending(c, "resend@once.example") + "/resend")}
	},
	"copy-invitation-link": func(_ *testing.T, _ *servertest.Server, c *servertest.Company) calling {
		return calling{client: c.Owner.Client, path: c.Path("/invitations/" + pending(c, "copy@once.example") + "/link")}
	},
	"accept-invitation": func(t *testing.T, s *servertest.Server, c *servertest.Company) calling {
		pending(c, "accept@once.example")
		token := s.Mailed(t, "accept@once.example", "/invitation")
		return calling{client: s.Nobody(t), path: "/v1/invitations/accept", secret: true,
			body: obj{"token": token, "password": servertest.Password, "first_name": "A", "last_name": "Ccept"}}
	},
	"decline-invitation": func(t *testing.T, s *servertest.Server, c *servertest.Company) calling {
		pending(c, "decline@once.example")
		return calling{client: s.Nobody(t), path: "/v1/invitations/decline", body: obj{"token": s.Mailed(t, "decline@once.example", "/invitation")}}
	},
	"plan-departure": func(_ *testing.T, _ *servertest.Server, c *servertest.Company) calling {
		m := c.Invite("plan@once.example", "member", nil)
		return calling{client: c.Owner.Client, path: c.Path("/departures"), body: obj{"members": list{m.Member}, "kind": "deactivate"}}
	},
	"apply-departure": func(_ *testing.T, _ *servertest.Server, c *servertest.Company) calling {
		plan := leaving(c, "apply@once.example")
		return calling{client: c.Owner.Client, path: c.Path("/departures/" + plan.Text("id") + "/apply"), body: obj{"digest": plan.Text("digest")}}
	},
	"undo-departure": func(_ *testing.T, _ *servertest.Server, c *servertest.Company) calling {
		plan := leaving(c, "undo@once.example")
		path := c.Path("/departures/" + plan.Text("id"))
		c.Owner.Post(path+"/apply", obj{"digest": plan.Text("digest")}).OK()
		return calling{client: c.Owner.Client, path: path + "/undo"}
	},
	"sign-up": func(t *testing.T, s *servertest.Server, _ *servertest.Company) calling {
		return calling{client: s.Nobody(t), path: "/v1/sign-up", body: sample["sign-up"]}
	},
	"confirm-sign-up": func(t *testing.T, s *servertest.Server, _ *servertest.Company) calling {
		s.Nobody(t).Post("/v1/sign-up", obj{"name": "N", "preset": "team", "email": "confirm@once.example", "first_name": "C", "last_name": "Onfirm"}).OK()
		token := s.Mailed(t, "confirm@once.example", "/sign-up")
		return calling{client: s.Nobody(t), path: "/v1/sign-up/confirm", body: obj{"token": token, "password": servertest.Password}, secret: true}
	},
	"forget-password": func(t *testing.T, s *servertest.Server, c *servertest.Company) calling {
		forgetful := c.Invite("forget@once.example", "member", nil)
		return calling{client: s.Nobody(t), path: "/v1/password/forgot", body: obj{"email": forgetful.Email}, mails: forgetful.Email}
	},
	"reset-password": func(t *testing.T, s *servertest.Server, c *servertest.Company) calling {
		c.Invite("reset@once.example", "member", nil)
		s.Nobody(t).Post("/v1/password/forgot", obj{"email": "reset@once.example"}).OK()
		token := s.Mailed(t, "reset@once.example", "/reset")
		return calling{client: s.Nobody(t), path: "/v1/password/reset", body: obj{"token": token, "password": servertest.Password + " reset"}}
	},
	"change-password": func(_ *testing.T, _ *servertest.Server, c *servertest.Company) calling {
		m := c.Invite("change@once.example", "member", nil)
		return calling{client: m.Client, path: "/v1/me/password", body: obj{"current": servertest.Password, "new": servertest.Password + " changed"}}
	},
	"begin-my-factor": func(_ *testing.T, _ *servertest.Server, c *servertest.Company) calling {
		return calling{client: c.Invite("begin@once.example", "member", nil).Client, path: "/v1/me/totp", secret: true}
	},
	"confirm-my-factor": func(t *testing.T, s *servertest.Server, c *servertest.Company) calling {
		m := c.Invite("factor@once.example", "member", nil)
		code := shown(t, s, m.Post("/v1/me/totp", nil).OK().Text("secret"))
		return calling{client: m.Client, path: "/v1/me/totp/confirm", body: obj{"code": code}, secret: true}
	},
	"renew-recovery-codes": func(t *testing.T, s *servertest.Server, c *servertest.Company) calling {
		m := c.Invite("renew@once.example", "member", nil)
		secret, _ := enrolled(t, s, m)
		return calling{client: m.Client, path: "/v1/me/totp/recovery-codes", body: obj{"code": shown(t, s, secret)}, secret: true}
	},
	"reset-factor": func(t *testing.T, s *servertest.Server, c *servertest.Company) calling {
		m := c.Invite("lost@once.example", "member", nil)
		enrolled(t, s, m)
		return calling{client: c.Owner.Client, path: c.Path("/members/" + m.Member + "/reset-factor")}
	},
	"request-email": func(_ *testing.T, _ *servertest.Server, c *servertest.Company) calling {
		m := c.Invite("request@once.example", "member", nil)
		return calling{client: m.Client, path: "/v1/me/email", body: obj{"email": "requested@once.example", "password": servertest.Password}}
	},
	"confirm-email": func(t *testing.T, s *servertest.Server, c *servertest.Company) calling {
		m := c.Invite("old@once.example", "member", nil)
		s.Operator(t).Post("/v1/accounts", obj{"name": "Elsewhere", "preset": "team", "owner": obj{"email": m.Email, "first_name": "O", "last_name": "Ld"}}).OK()
		there := s.Mail(t, m.Email, func(m mailbox.Message) bool { return strings.Contains(m.Subject, "Elsewhere") })
		_, token, _ := strings.Cut(there.Link("/invitation#"), "#")
		s.Accept(t, token, m.Email) // a second place, so that the identity stays
		c.Owner.Patch(c.Path("/members/"+m.Member), obj{"email": "new@once.example"}).OK()
		return calling{client: s.Nobody(t), path: "/v1/email/confirm", body: obj{"token": s.Mailed(t, "new@once.example", "/confirm")}}
	},
	"add-activity": func(_ *testing.T, _ *servertest.Server, c *servertest.Company) calling {
		c.Owner.Call("PUT", c.Path("/resource-types/once"), obj{"name": "Once", "on_leave": "leave"}).OK()
		c.Owner.Call("PUT", c.Path("/resources/once/1"), obj{"name": "Once"}).OK()
		return calling{client: c.Owner.Client, path: c.Path("/resources/once/1/activities"), body: obj{"kind": "visit"}}
	},
}

func added(email string, active bool) obj {
	return obj{"first_name": "A", "last_name": "Dded", "email": email, "active": active}
}

func pending(c *servertest.Company, email string) string {
	return c.Owner.Post(c.Path("/invitations"), obj{"emails": list{email}}).OK().Text("results.0.invitation.id")
}

func leaving(c *servertest.Company, email string) *servertest.Answer {
	return c.Owner.Post(c.Path("/departures"), obj{"members": list{c.Invite(email, "member", nil).Member}, "kind": "deactivate"}).OK()
}

// TestEveryPostIsDoneOnceOrMayBeSentFreely finds every POST in the description:
// it takes an Idempotency-Key and is walked below, or it says why it needs none.
func TestEveryPostIsDoneOnceOrMayBeSentFreely(t *testing.T) {
	s := servertest.Start(t, "sqlite")
	for _, o := range operations(t, s) {
		_, free := freely[o.id]
		_, walked := commands[o.id]
		switch {
		case o.method != "POST" && (o.once() || walked || free):
			t.Errorf("%s is no POST", o.id)
		case o.method == "POST" && o.once() == free:
			t.Errorf("%s: takes a key %v, may be sent freely %v; it has to be one of them", o.id, o.once(), free)
		case o.once() != walked:
			t.Errorf("%s: takes a key %v, is walked %v", o.id, o.once(), walked)
		}
	}
}

// TestWhatIsSentTwiceIsDoneOnce sends each command three times under one key,
// the last with something else in it.
func TestWhatIsSentTwiceIsDoneOnce(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := s.Found(t, "team", "Once", "owner@once.example")
		for id, prepare := range commands {
			call := prepare(t, s, c)
			client := call.client.With("Idempotency-Key", "key-of-"+id)
			first := client.Post(call.path, call.body).OK()
			if call.mails != "" {
				s.Mailed(t, call.mails, "/reset")
			}
			before := happened(t, s)
			second := client.Post(call.path, call.body)
			if again := happened(t, s); again != before {
				t.Errorf("%s was done twice: %s, then %s", id, before, again)
			}
			if second.Header.Get("Idempotency-Replayed") != "true" && id != "invite" || first.Header.Get("Idempotency-Replayed") != "" {
				t.Errorf("%s: only the second answer is one to what had been done: %v, %v", id, first.Header, second.Header)
			}
			if call.secret {
				second.Refused(409, "shown_once")
				continue
			}
			if diff := cmp.Diff(lasting(t, first), lasting(t, second)); diff != "" || first.Status != second.Status {
				t.Errorf("%s answers %d, then %d:\n%s", id, first.Status, second.Status, diff)
			}
			if client.Token() == "" { // strangers are known by what they send
				continue
			}
			other, something := c.Path("/modules"), obj{"key": "other", "name": "Other"}
			if strings.HasSuffix(call.path, "/accounts") {
				other, something = call.path, obj{"name": "Another", "preset": "team", "owner": obj{"email": "another@once.example", "first_name": "O", "last_name": "Other"}}
			}
			client.Post(other, something).Refused(422, "idempotency_mismatch")
		}
	})
}

// happened tells how much has been done so far.
func happened(t *testing.T, s *servertest.Server) string {
	t.Helper()
	var all [4]int64
	err := s.Parts().DB.Read(t.Context(), func(tx *db.Tx) error {
		for i, query := range []string{
			`SELECT COALESCE(CAST(SUM(seq) AS BIGINT), 0) FROM heads`, `SELECT COALESCE(CAST(SUM(seq) AS BIGINT), 0) FROM user_heads`,
			`SELECT COUNT(*) FROM outbox`, `SELECT COUNT(*) FROM sign_ups`,
		} {
			if err := tx.One(t.Context(), query, nil, &all[i]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprint(all)
}

// lasting is an answer without what moves on by itself.
func lasting(t *testing.T, a *servertest.Answer) any {
	t.Helper()
	if len(a.Body) == 0 {
		return nil
	}
	var v any
	if err := json.Unmarshal(a.Body, &v); err != nil {
		t.Fatal(err)
	}
	var strip func(v any)
	strip = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			delete(v, "mail")
			delete(v, "last_seen_at")
			for _, inner := range v {
				strip(inner)
			}
		case []any:
			for _, inner := range v {
				strip(inner)
			}
		}
	}
	strip(v)
	return v
}

// TestOf32SentAtOnceOneIsDoneAndAllAreAnsweredAlike: the network may deliver a
// request twice at the same moment.
func TestOf32SentAtOnceOneIsDoneAndAllAreAnsweredAlike(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := s.Found(t, "team", "Twins", "owner@once.example")
		for _, id := range []string{"add-member", "create-account", "apply-departure", "copy-invitation-link", "invite", "change-password", "decline-invitation"} {
			call := commands[id](t, s, c)
			client, begin := call.client.With("Idempotency-Key", "twins-"+id), make(chan struct{})
			answers := make([]*servertest.Answer, 32)
			before := happened(t, s)
			var all sync.WaitGroup
			for i := range answers {
				all.Go(func() {
					<-begin
					answers[i] = client.Post(call.path, call.body)
				})
			}
			close(begin)
			all.Wait()
			first := answers[0].OK()
			for _, a := range answers[1:] {
				if diff := cmp.Diff(lasting(t, first), lasting(t, a)); diff != "" || a.Status != first.Status {
					t.Fatalf("%s answers %d, and at the same time %d:\n%s", id, first.Status, a.Status, diff)
				}
			}
			once := happened(t, s)
			client.Post(call.path, call.body).OK()
			if again := happened(t, s); again != once || once == before {
				t.Errorf("%s: %s, then %s, then %s", id, before, once, again)
			}
		}
	})
}

func TestAKeyIsItsCallersWithinAnAccount(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		a, b := s.Found(t, "team", "A", "owner@a.example"), s.Found(t, "team", "B", "owner@b.example")
		second := a.Invite("second@a.example", "owner", nil)
		body := obj{"key": "same", "name": "Same"}
		one := a.Owner.With("Idempotency-Key", "k").Post(a.Path("/modules"), body).OK()
		if other := b.Owner.With("Idempotency-Key", "k").Post(b.Path("/modules"), body).OK(); other.Text("id") == one.Text("id") {
			t.Errorf("two accounts share %s", one.Body)
		}
		second.With("Idempotency-Key", "k").Post(a.Path("/modules"), body).Refused(409, "module_exists")
		again := s.SignIn(t, "owner@a.example") // the same person on another device
		if other := again.With("Idempotency-Key", "k").Post(a.Path("/modules"), body).OK(); other.Text("id") != one.Text("id") {
			t.Errorf("%s, then %s", one.Body, other.Body)
		}
		stranger := s.Nobody(t).With("Idempotency-Key", "k")
		stranger.Post(a.Path("/modules"), body).Refused(401, "unauthenticated")
		stranger.Post("/v1/password/forgot", obj{"email": "one@a.example"}).OK()
		stranger.Post("/v1/password/forgot", obj{"email": "two@a.example"}).OK()
	})
}

func TestARefusedRequestLeavesItsKeyFree(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		c := s.Found(t, "team", "Refused", "owner@once.example")
		owner := c.Owner.With("Idempotency-Key", "k")
		owner.Post(c.Path("/modules"), obj{"key": "UPPER", "name": "Refused"}).Refused(422, "invalid")
		c.Owner.Post(c.Path("/modules"), obj{"key": "taken", "name": "Taken"}).OK()
		owner.Post(c.Path("/modules"), obj{"key": "taken", "name": "Taken"}).Refused(409, "module_exists")
		owner.Post(c.Path("/modules"), obj{"key": "free", "name": "Free"}).OK()
		owner.Post(c.Path("/modules"), `{ "name":"Free",  "key":"free" }`).OK() // the same, in other white space
		owner.Post(c.Path("/modules"), obj{"key": "freed", "name": "Free"}).Refused(422, "idempotency_mismatch")
		s.Clock.Set(s.Clock.Now().Add(25 * time.Hour))
		s.SignIn(t, "owner@once.example").With("Idempotency-Key", "k").Post(c.Path("/modules"), obj{"key": "later", "name": "Later"}).OK()
	})
}

func TestWhatIsNoKeyIsRefused(t *testing.T) {
	s := servertest.Start(t, "sqlite")
	c := s.Found(t, "team", "Keys", "owner@once.example")
	for key, code := range map[string]string{
		strings.Repeat("k", 256): "too_long", "": "required", "two words": "invalid", "caf\u00e9": "invalid",
	} {
		a := c.Owner.With("Idempotency-Key", key).Post(c.Path("/modules"), obj{"key": "never", "name": "Never"})
		a.Refused(http.StatusUnprocessableEntity, "invalid")
		if a.Text("errors.0.field") != "Idempotency-Key" || a.Text("errors.0.code") != code {
			t.Errorf("%.20q: %s", key, a.Body)
		}
	}
	c.Owner.With("Idempotency-Key", strings.Repeat("~", 255)).Post(c.Path("/modules"), obj{"key": "longest", "name": "Longest"}).OK()
}
