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
	"strconv"
	"strings"
	"time"
)

// Client calls one server with one credential: an operator key, the API key of an
// account, a session token, or that of a request (Guard.As). It is safe for
// concurrent use.
//
// What its methods give back is a *Problem where the server refuses, an
// *UnavailableError where it cannot be asked or does not answer as Tenure does,
// and the error of the context once that is done. It waits for an answer as long
// as the context lets it, and a minute at most.
//
// It sends nothing twice by itself. Reading again does no harm; a call that makes
// or moves something is sent again under the key of Once.
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
	return &Client{base: strings.TrimRight(base, "/"), sign: sign, http: &http.Client{Timeout: time.Minute, CheckRedirect: stay}}
}

// stay follows no redirect: the server has none, and what has one would be asked
// with the credential of whoever asks Tenure.
func stay(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

type onceKey struct{}

// Once lets the calls that make or move something be sent again: for 24 hours what
// is sent with the same key is done once and answered alike. Take a random key of
// up to 255 visible ASCII characters for each thing that is to be done, and keep it
// while it is not known whether that was done. Another call under the same key is a
// *Problem with the code idempotency_mismatch; a secret that was given once, one
// with shown_once.
func Once(ctx context.Context, key string) context.Context {
	return context.WithValue(ctx, onceKey{}, key)
}

// Problem is a refusal by the server (RFC 9457). Programs go by Code, which is
// stable; Detail is a sentence for people.
type Problem struct {
	Status int    `json:"status"` // of HTTP
	Code   string `json:"code"`
	Detail string `json:"detail"`
	Errors []struct {
		Field  string `json:"field"`
		Code   string `json:"code"`
		Detail string `json:"detail"`
	} `json:"errors"` // the fields that are wrong
	Accounts []Account `json:"accounts"` // to choose from, with account_required

	RetryAfter time.Duration   `json:"-"` // how long to wait before asking again; 0: it was not said
	Raw        json.RawMessage `json:"-"` // the whole answer, for what only some codes have, such as blockers
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

// every reads all the pages of the list at a path.
func every[T any](ctx context.Context, c *Client, path string) ([]T, error) {
	all, cursor := []T{}, ""
	for {
		var page Page[T]
		if err := c.call(ctx, http.MethodGet, path+"?limit=200&cursor="+url.QueryEscape(cursor), nil, &page); err != nil {
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
	return every[Account](ctx, c, "/v1/accounts")
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
	return every[SubAccount](ctx, c, pathOf(account, "sub-accounts"))
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
	if key, ok := ctx.Value(onceKey{}).(string); ok && method == http.MethodPost {
		request.Header.Set("Idempotency-Key", key)
	}
	response, err := c.http.Do(request)
	if err != nil {
		return unanswered(ctx, fmt.Errorf("the server at %s cannot be reached: %w", c.base, err))
	}
	defer response.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(response.Body, 16<<20))
	if err != nil {
		return unanswered(ctx, fmt.Errorf("%s %s: %w", method, path, err))
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

// unanswered is why there is no answer: the caller gave up, or nobody knows.
func unanswered(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return &UnavailableError{err}
}

// problemOf reads a refusal; what is none, as of something between here and the
// server, has the code unexpected.
func problemOf(response *http.Response, raw []byte) *Problem {
	p := &Problem{}
	if json.Unmarshal(raw, p) != nil || p.Code == "" {
		p = &Problem{Code: "unexpected", Detail: "The server answered " + response.Status + "."}
	}
	p.Status, p.Raw = response.StatusCode, raw
	if seconds, err := strconv.Atoi(response.Header.Get("Retry-After")); err == nil && seconds > 0 {
		p.RetryAfter = time.Duration(seconds) * time.Second
	}
	return p
}
