package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"tenure/internal/db/dbtest"
	"tenure/internal/mailbox"
)

// house is a running server with a mail server beside it.
type house struct {
	*program
	database string
	mailbox  *mailbox.Mailbox
	operator caller
}

// each runs a walk against the built program on every engine.
func each(t *testing.T, walk func(t *testing.T, h *house)) {
	for _, engine := range dbtest.Engines() {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			post, err := mailbox.Open(mailbox.Options{})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { post.Close() })
			database := dbtest.Where(t, engine)
			p := serve(t, database, "--smtp", post.URL(), "--sign-up", "open", "--test-clock")
			h := &house{p, database, post, caller{p.base, operatorKey}}
			walk(t, h)
			p.stop(t)
			if out, code := run(t, "verify", "--database", database); code != 0 {
				t.Errorf("verify: %s", out)
			}
		})
	}
}

// caller is somebody who speaks to the API with a token, or without.
type caller struct {
	base  string
	token string
}

// answer is what came back.
type answer struct {
	status int
	body   map[string]any
	raw    string
}

// call makes a request; body is marshalled unless it is nil or text.
func (c caller) call(t *testing.T, method, path string, body any) answer {
	t.Helper()
	var content io.Reader
	switch b := body.(type) {
	case nil:
	case string:
		content = strings.NewReader(b)
	default:
		raw, err := json.Marshal(b)
		if err != nil {
			t.Fatal(err)
		}
		content = bytes.NewReader(raw)
	}
	request, err := http.NewRequestWithContext(t.Context(), method, c.base+path, content)
	if err != nil {
		t.Fatal(err)
	}
	if c.token != "" {
		request.Header.Set("Authorization", "Bearer "+c.token)
	}
	if content != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	response, err := web.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	raw, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	a := answer{response.StatusCode, map[string]any{}, string(raw)}
	if len(raw) > 0 && strings.Contains(response.Header.Get("Content-Type"), "json") {
		if err := json.Unmarshal(raw, &a.body); err != nil {
			t.Fatalf("%s %s: %s: %v", method, path, raw, err)
		}
	}
	return a
}

// ok is call for what must succeed.
func (c caller) ok(t *testing.T, method, path string, body any) answer {
	t.Helper()
	a := c.call(t, method, path, body)
	if a.status >= 300 {
		t.Fatalf("%s %s: %d %s", method, path, a.status, a.raw)
	}
	return a
}

// refused is call for what must be refused with the code.
func (c caller) refused(t *testing.T, code, method, path string, body any) answer {
	t.Helper()
	a := c.call(t, method, path, body)
	if a.status < 400 || a.body["code"] != code {
		t.Errorf("%s %s: got %d %s, want %s", method, path, a.status, a.raw, code)
	}
	return a
}

// at follows names and numbers into an answer.
func (a answer) at(path ...any) any {
	var here any = a.body
	for _, step := range path {
		switch s := step.(type) {
		case string:
			object, _ := here.(map[string]any)
			here = object[s]
		case int:
			list, _ := here.([]any)
			if s >= len(list) {
				return nil
			}
			here = list[s]
		}
	}
	return here
}

func (a answer) text(path ...any) string {
	s, _ := a.at(path...).(string)
	return s
}

// texts collects one field of each item of a list.
func (a answer) texts(list, field string) []string {
	found := []string{}
	items, _ := a.at(list).([]any)
	for _, item := range items {
		object, _ := item.(map[string]any)
		s, _ := object[field].(string)
		found = append(found, s)
	}
	return found
}

const password = "a walk along the quiet canal"

// company is an account with its administrator signed in.
type company struct {
	*house
	id    string
	path  string
	admin caller
	self  string // the administrator's member id
}

// found makes an account by the operator, and its first owner accepts.
func (h *house) found(t *testing.T, preset string) *company {
	t.Helper()
	owner := fmt.Sprintf("owner%d@example.com", h.mailbox.Total())
	made := h.operator.ok(t, "POST", "/v1/accounts", map[string]any{"name": "Blue Harbour", "preset": preset,
		"owner": map[string]any{"email": owner, "first_name": "Maria", "last_name": "Jansen"}})
	c := &company{house: h, id: made.text("account", "id")}
	c.path = "/v1/accounts/" + c.id
	in := h.accept(t, h.token(t, owner, "/invitation#"))
	c.admin, c.self = caller{h.base, in.text("token")}, in.text("member", "id")
	return c
}

// token waits for the newest mail to an address with such a link and gives what
// stands behind its mark.
func (h *house) token(t *testing.T, to, link string) string {
	t.Helper()
	return h.tokenBut(t, to, link, "")
}

// tokenBut is token for a mail other than one that was read before.
func (h *house) tokenBut(t *testing.T, to, link, before string) string {
	t.Helper()
	var found string
	h.mail(t, to, func(m mailbox.Message) bool {
		_, token, _ := strings.Cut(m.Link(link), "#")
		if token != "" && token != before {
			found = token
		}
		return found != ""
	})
	return found
}

// mail waits for a mail that the function accepts.
func (h *house) mail(t *testing.T, to string, accept func(mailbox.Message) bool) mailbox.Message {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	m, err := h.mailbox.Wait(ctx, to, accept)
	if err != nil {
		t.Fatalf("no such mail to %s: %v", to, err)
	}
	return m
}

// accept comes in by a mailed link as a new person.
func (h *house) accept(t *testing.T, token string) answer {
	t.Helper()
	return caller{base: h.base}.ok(t, "POST", "/v1/invitations/accept",
		map[string]any{"token": token, "password": password, "first_name": "Jo", "last_name": "Bakker"})
}

// invite sends one invitation and gives its id.
func (c *company) invite(t *testing.T, email string, more map[string]any) string {
	t.Helper()
	order := map[string]any{"emails": []string{email}}
	for k, v := range more {
		order[k] = v
	}
	sent := c.admin.ok(t, "POST", c.path+"/invitations", order)
	if sent.text("results", 0, "verdict") != "invited" {
		t.Fatalf("invite %s: %s", email, sent.raw)
	}
	return sent.text("results", 0, "invitation", "id")
}

// join invites somebody, who accepts.
func (c *company) join(t *testing.T, email string, more map[string]any) (person caller, member string) {
	t.Helper()
	c.invite(t, email, more)
	in := c.accept(t, c.token(t, email, "/invitation#"))
	return caller{c.base, in.text("token")}, in.text("member", "id")
}

// modules gives the ids of the account's modules by key.
func (c *company) modules(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	list := c.admin.ok(t, "GET", c.path+"/modules", nil)
	keys, ids := list.texts("items", "key"), list.texts("items", "id")
	for i, key := range keys {
		found[key] = ids[i]
	}
	return found
}

// leave lets a member go and gives the departure.
func (c *company) leave(t *testing.T, member, kind string) (departure string, receipt answer) {
	t.Helper()
	plan := c.admin.ok(t, "POST", c.path+"/departures", map[string]any{"members": []string{member}, "kind": kind})
	departure = plan.text("id")
	return departure, c.admin.ok(t, "POST", c.path+"/departures/"+departure+"/apply", map[string]any{"digest": plan.text("digest")})
}

// listed gives the addresses of a list.
func (c *company) listed(t *testing.T, list string) []string {
	t.Helper()
	return c.admin.ok(t, "GET", c.path+list, nil).texts("items", "email")
}

func (c *company) wantListed(t *testing.T, list, email string, want bool) {
	t.Helper()
	if got := c.listed(t, list); slices.Contains(got, email) != want {
		t.Errorf("%s lists %v; %s in it: want %v", list, got, email, want)
	}
}

// pass lets time go by. Sessions that are meant to outlive it belong to the
// operator.
func (h *house) pass(t *testing.T, d time.Duration) {
	t.Helper()
	now, err := time.Parse(time.RFC3339, h.operator.ok(t, "GET", "/v1/clock", nil).text("now"))
	if err != nil {
		t.Fatal(err)
	}
	h.operator.ok(t, "PUT", "/v1/clock", map[string]any{"now": now.Add(d).Format(time.RFC3339Nano)})
}
