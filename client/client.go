// Package client speaks the public REST API of Tenure. It uses nothing that
// another program could not use.
//
// A host app that is written in Go puts a Guard before its handlers: it lets
// through who is signed in, and asks Tenure anew at each request. A Client makes
// the other calls.
package client

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Client calls one server with one credential: an operator key, the API key of an
// account, a session token, or that of a request (Guard.As). It is safe for
// concurrent use.
//
// What its methods give back is a *Problem where the server refuses, and an
// *UnavailableError where it cannot be asked or does not answer as Tenure does.
type Client struct {
	base string
	sign func(*http.Request) // puts the credential on a request
	http *http.Client
}

// New makes a client of the server at base, such as http://localhost:8080. The
// token may be empty, for the calls that take none.
func New(base, token string) *Client {
	sign := func(r *http.Request) {
		if token != "" {
			r.Header.Set("Authorization", "Bearer "+token)
		}
	}
	return &Client{base: strings.TrimRight(base, "/"), sign: sign, http: &http.Client{Timeout: time.Minute}}
}

// Problem is a refusal by the server (RFC 9457). Code is stable.
type Problem struct {
	Status int    `json:"status"`
	Code   string `json:"code"`
	Detail string `json:"detail"`
	Errors []struct {
		Field  string `json:"field"`
		Code   string `json:"code"`
		Detail string `json:"detail"`
	} `json:"errors"`
	Accounts []Account `json:"accounts"` // to choose from, with account_required
}

// Error says what the server said, and which fields it named.
func (p *Problem) Error() string {
	var b strings.Builder
	b.WriteString(p.Detail)
	for _, e := range p.Errors {
		if e.Field != "" {
			fmt.Fprintf(&b, " %s: %s", e.Field, e.Detail)
		}
	}
	return b.String() + " (" + p.Code + ")"
}

// Page is a part of a list, in the list's own order.
type Page[T any] struct {
	Items      []T    `json:"items"`
	NextCursor string `json:"next_cursor"` // where the next page begins; empty: this is the last
}

// every reads all the pages of a list; of gives the path of the page behind a
// cursor.
func every[T any](ctx context.Context, c *Client, of func(cursor string) string) ([]T, error) {
	all, cursor := []T{}, ""
	for {
		var page Page[T]
		if err := c.call(ctx, http.MethodGet, of(cursor), nil, &page); err != nil {
			return nil, err
		}
		all = append(all, page.Items...)
		if cursor = page.NextCursor; cursor == "" {
			return all, nil
		}
	}
}

// pathOf makes a path of an account; each part is escaped.
func pathOf(account string, parts ...string) string {
	path := "/v1/accounts/" + url.PathEscape(account)
	for _, part := range parts {
		path += "/" + url.PathEscape(part)
	}
	return path
}

// Account is a customer company.
type Account struct {
	ID        string    `json:"id"`
	Name      string    `json:"name"`
	Preset    string    `json:"preset"`
	CreatedAt time.Time `json:"created_at"`
}

// Member is a person's place in an account.
type Member struct {
	ID        string `json:"id"`
	Email     string `json:"email"`
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name"`
	Status    string `json:"status"`
	Role      string `json:"role"`
}

// Invitation is an offer of a place.
type Invitation struct {
	ID        string    `json:"id"`
	Email     string    `json:"email"`
	Role      string    `json:"role"`
	Status    string    `json:"status"`
	ExpiresAt time.Time `json:"expires_at"`
}

// Owner is who is to own a new account.
type Owner struct {
	Email     string `json:"email"`
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name"`
}

// NewAccount is what an account begins with.
type NewAccount struct {
	Name   string `json:"name"`
	Preset string `json:"preset"`
	Owner  Owner  `json:"owner"`
}

// Founded is a new account, its owner to be, and the invitation they were sent.
type Founded struct {
	Account    Account    `json:"account"`
	Owner      Member     `json:"owner"`
	Invitation Invitation `json:"invitation"`
}

// CreateAccount makes an account and invites its owner. It takes an operator key.
func (c *Client) CreateAccount(ctx context.Context, n NewAccount) (Founded, error) {
	var f Founded
	return f, c.call(ctx, http.MethodPost, "/v1/accounts", n, &f)
}

// Accounts lists every account. It takes an operator key.
func (c *Client) Accounts(ctx context.Context) ([]Account, error) {
	return every[Account](ctx, c, func(cursor string) string { return "/v1/accounts?limit=200&cursor=" + url.QueryEscape(cursor) })
}

// Account reads an account. Whoever is in it may.
func (c *Client) Account(ctx context.Context, account string) (Account, error) {
	var a Account
	return a, c.call(ctx, http.MethodGet, pathOf(account), nil, &a)
}

// SubAccount is a part of an account.
type SubAccount struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// SubAccounts lists the parts of an account that the caller reaches.
func (c *Client) SubAccounts(ctx context.Context, account string) ([]SubAccount, error) {
	return every[SubAccount](ctx, c, func(string) string { return pathOf(account, "sub-accounts") })
}

// NewOwner names who is to own an account that lost its owners: a member to
// promote, or an address to invite. Reason is kept in the account's trail.
type NewOwner struct {
	Email  string `json:"email,omitempty"`
	Member string `json:"member,omitempty"`
	Reason string `json:"reason"`
}

// OwnerAdded is the member who was promoted or the invitation that was sent.
type OwnerAdded struct {
	Member     *Member     `json:"member"`
	Invitation *Invitation `json:"invitation"`
}

// AddOwner gives an account an owner. It takes an operator key.
func (c *Client) AddOwner(ctx context.Context, account string, n NewOwner) (OwnerAdded, error) {
	var added OwnerAdded
	return added, c.call(ctx, http.MethodPost, pathOf(account, "owners"), n, &added)
}

// call sends one request and reads its answer into to, unless that is nil. A
// refusal is a *Problem.
func (c *Client) call(ctx context.Context, method, path string, body, to any) error {
	var content io.Reader
	if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			return fmt.Errorf("%s %s: %w", method, path, err)
		}
		content = bytes.NewReader(raw)
	}
	request, err := http.NewRequestWithContext(ctx, method, c.base+path, content)
	if err != nil {
		return fmt.Errorf("%s %s: %w", method, path, err)
	}
	c.sign(request)
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	response, err := c.http.Do(request)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		return &UnavailableError{fmt.Errorf("the server at %s cannot be reached: %w", c.base, err)}
	}
	defer response.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(response.Body, 16<<20))
	if err != nil {
		return &UnavailableError{fmt.Errorf("%s %s: %w", method, path, err)}
	}
	switch {
	case response.StatusCode >= http.StatusInternalServerError:
		return &UnavailableError{problemOf(response, raw)}
	case response.StatusCode >= http.StatusMultipleChoices:
		return problemOf(response, raw)
	}
	if to == nil {
		return nil
	}
	if err := json.Unmarshal(raw, to); err != nil {
		return &UnavailableError{fmt.Errorf("%s %s: the answer is not Tenure's: %w", method, path, err)}
	}
	return nil
}

// problemOf reads a refusal; what is none, as of something between here and the
// server, has the code unexpected.
func problemOf(response *http.Response, raw []byte) *Problem {
	p := &Problem{}
	if json.Unmarshal(raw, p) != nil || p.Code == "" {
		p = &Problem{Code: "unexpected", Detail: "The server answered " + response.Status + "."}
	}
	p.Status = response.StatusCode
	return p
}
