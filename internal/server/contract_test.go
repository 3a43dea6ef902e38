package server_test

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tenure/internal/server"
	"tenure/internal/server/servertest"
)

// Every client of these tests holds what it says and hears against the
// description (package contract), and TestMain wants every answer that is
// described to have been seen. The walks here see to the refusals that every
// operation has; what only some have is seen where it is about them.

// refusing wants an operation that is described to answer so to do it.
func refusing(t *testing.T, o operation, status int, code string, ask func() *servertest.Answer) {
	t.Helper()
	if slices.Contains(o.answers, strconv.Itoa(status)) {
		ask().Refused(status, code)
	}
}

func TestEveryOperationRefusesAsItIsDescribed(t *testing.T) {
	s := servertest.Start(t, "sqlite")
	c, ids := stocked(t, s, "portal", "contract.example")
	nobody, operator := s.Nobody(t), s.Operator(t)
	letIn := func(ask func(*servertest.Client) *servertest.Answer) func() *servertest.Answer {
		return func() *servertest.Answer {
			if a := ask(operator); a.Status != 401 && a.Status != 403 {
				return a
			}
			return ask(c.Owner.Client)
		}
	}
	for _, o := range operations(t, s) {
		body := sample[o.id]
		if o.id == "sign-in" { // what is not there is told only with the right password
			body = obj{"email": c.Owner.Email, "password": servertest.Password, "account": missing["account"]}
		}
		if !o.open {
			refusing(t, o, 401, "unauthenticated", func() *servertest.Answer { return nobody.Call(o.method, o.at(ids), body) })
		}
		if o.personal() {
			refusing(t, o, 403, "forbidden", func() *servertest.Answer { return operator.Call(o.method, o.at(ids), body) })
		} else if o.method != http.MethodGet {
			refusing(t, o, 403, "forbidden", func() *servertest.Answer {
				return nobody.With("Sec-Fetch-Site", "cross-site").Call(o.method, o.at(ids), body)
			})
		}
		if strings.Contains(o.path, "{") {
			refusing(t, o, 404, "not_found", letIn(func(c *servertest.Client) *servertest.Answer { return c.Call(o.method, o.at(missing), body) }))
		} else if o.open {
			refusing(t, o, 404, "not_found", func() *servertest.Answer { return nobody.Call(o.method, o.at(ids), body) })
		}
		refusing(t, o, 412, "stale", letIn(func(c *servertest.Client) *servertest.Answer {
			return c.With("If-Match", `"another"`).Call(o.method, o.at(ids), body)
		}))
		refusing(t, o, 422, "unknown_field", letIn(func(c *servertest.Client) *servertest.Answer { return c.Call(o.method, o.at(ids)+"?surprise=1", body) }))
	}
}

func TestEveryOperationIsRefusedToWhoAsksTooOften(t *testing.T) {
	s := servertest.Start(t, "sqlite", func(c *server.Config) { c.RateLimit = "1,1" })
	nobody := s.Client(t, "tn_"+missing["account"]+"_"+strings.Repeat("A", 43))
	for _, o := range operations(t, s) {
		refusing(t, o, 429, "rate_limited", func() *servertest.Answer {
			for range 100 {
				if a := nobody.Call(o.method, o.at(missing), sample[o.id]); a.Status == 429 {
					return a
				}
			}
			t.Fatalf("%s is never refused", o.id)
			return nil
		})
	}
}
