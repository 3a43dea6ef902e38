package servertest

import (
	"context"
	"strings"
	"testing"
	"time"

	"tenure/internal/mailbox"
)

// Company is an account with its owner signed in.
type Company struct {
	ID    string
	Owner *Person
	s     *Server
	t     testing.TB
}

// Person is somebody signed in.
type Person struct {
	*Client
	Member string
	User   string
	Email  string
}

// Found makes an account of the preset the way an operator does, and lets its
// owner come in by the mail.
func (s *Server) Found(t testing.TB, preset, name, owner string) *Company {
	t.Helper()
	made := s.Operator(t).Post("/v1/accounts", Map{"name": name, "preset": preset, "owner": Map{"email": owner, "first_name": "Olga", "last_name": "Owner"}}).OK()
	c := &Company{ID: made.Text("account.id"), s: s, t: t}
	c.Owner = s.Accept(t, s.Mailed(t, owner, "/invitation"), owner)
	return c
}

// Path gives a path below the account.
func (c *Company) Path(rest string) string { return "/v1/accounts/" + c.ID + rest }

// Invite invites an address and lets the person come in by the mail.
func (c *Company) Invite(email, role string, grants Map) *Person {
	c.t.Helper()
	order := Map{"emails": []string{email}, "role": role}
	for k, v := range grants {
		order[k] = v
	}
	sent := c.Owner.Post(c.Path("/invitations"), order).OK()
	if verdict := sent.Text("results.0.verdict"); verdict != "invited" {
		c.t.Fatalf("%s: %s", email, sent.Body)
	}
	return c.s.Accept(c.t, c.s.Mailed(c.t, email, "/invitation"), email)
}

// Modules gives the ids of the modules that are not for administrators only.
func (c *Company) Modules() []string {
	c.t.Helper()
	var ids []string
	for _, m := range c.Owner.Get(c.Path("/modules")).OK().List("items") {
		if module := m.(map[string]any); module["admin_only"] == false {
			ids = append(ids, module["id"].(string))
		}
	}
	return ids
}

// Accept accepts an invitation as somebody new.
func (s *Server) Accept(t testing.TB, token, email string) *Person {
	t.Helper()
	in := s.Nobody(t).Post("/v1/invitations/accept", Map{"token": token, "password": Password, "first_name": "Nora", "last_name": "New"}).OK()
	return s.person(t, in, email)
}

// SignIn signs somebody in with Password.
func (s *Server) SignIn(t testing.TB, email string) *Person {
	t.Helper()
	return s.person(t, s.Nobody(t).Post("/v1/sign-in", Map{"email": email, "password": Password}).OK(), email)
}

func (s *Server) person(t testing.TB, in *Answer, email string) *Person {
	t.Helper()
	return &Person{Client: s.Client(t, in.Text("token")), Member: in.Text("member.id"), User: in.Text("member.user_id"), Email: email}
}

// Mailed waits for the newest mail to the address with a link to the path, and
// gives the token that the link carries.
func (s *Server) Mailed(t testing.TB, to, path string) string {
	t.Helper()
	m := s.Mail(t, to, func(m mailbox.Message) bool { return m.Link(path+"#") != "" })
	_, token, _ := strings.Cut(m.Link(path+"#"), "#")
	return token
}

// Mail waits for the newest mail to the address that is accepted; nil accepts
// any.
func (s *Server) Mail(t testing.TB, to string, accept func(mailbox.Message) bool) mailbox.Message {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	m, err := s.Box.Wait(ctx, to, accept)
	if err != nil {
		t.Fatalf("no such mail to %s came: %v", to, err)
	}
	return m
}
