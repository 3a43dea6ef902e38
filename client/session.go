package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Session is who is signed in, with what they may do at this moment.
type Session struct {
	UserID      string    `json:"user_id"`
	MemberID    string    `json:"member_id"`
	AccountID   string    `json:"account_id"`
	Email       string    `json:"email"`
	Role        string    `json:"role"`         // the key of the role
	Permissions []string  `json:"permissions"`  // such as members.read
	Modules     []string  `json:"modules"`      // the ids of the modules they may open
	ModuleKeys  []string  `json:"module_keys"`  // their keys, in the same order
	SubAccounts []string  `json:"sub_accounts"` // the ids of those they reach
	ExpiresAt   time.Time `json:"expires_at"`   // the latest end; it may end at any moment before
	ProvenUntil time.Time `json:"proven_until"` // until when nothing is refused with step_up_required
}

// Holds reports whether the member has the permission.
func (s Session) Holds(permission string) bool { return slices.Contains(s.Permissions, permission) }

// Opens reports whether the member may open the module, by its key or its id.
func (s Session) Opens(module string) bool {
	return slices.Contains(s.ModuleKeys, module) || slices.Contains(s.Modules, module)
}

// Reaches reports whether the member reaches the sub-account, by its id.
func (s Session) Reaches(subAccount string) bool { return slices.Contains(s.SubAccounts, subAccount) }

// ErrSignedOut says that a request carries no session, or one that has ended.
var ErrSignedOut = errors.New("nobody is signed in")

// UnavailableError says that nobody knows what Tenure would say, such as whether a
// request carries a session: the server cannot be reached, is in trouble, or does
// not answer as Tenure does. It is no reason to let anybody in, or to show them
// anything.
type UnavailableError struct{ cause error }

// Error says what went wrong. It names the server, and no credential.
func (e *UnavailableError) Error() string { return e.cause.Error() }

// Unwrap gives what went wrong.
func (e *UnavailableError) Unwrap() error { return e.cause }

// MissingError says that somebody is signed in and lacks what is needed.
type MissingError struct {
	Session Session
	Need    string // such as "permission members.read"
}

// Error names what is missing.
func (e *MissingError) Error() string { return "the member lacks " + e.Need }

// cookies are the names of Tenure's session cookie: over https, and over plain
// http. The server reads the one that its origin calls for.
var cookies = []string{"__Host-tenure", "tenure"}

// carry copies the credential of one request to another, and nothing else: a
// bearer token before the session cookie. It reports whether there is one.
func carry(from, to *http.Request) (cookie, found bool) {
	if scheme, token, ok := strings.Cut(from.Header.Get("Authorization"), " "); ok && strings.EqualFold(scheme, "bearer") {
		to.Header.Set("Authorization", "Bearer "+token)
		return false, true
	}
	for _, name := range cookies {
		if c, err := from.Cookie(name); err == nil {
			to.AddCookie(&http.Cookie{Name: name, Value: c.Value})
			found = true
		}
	}
	return true, found
}

// As gives a client that calls as whoever sent a request, with the credential
// that the request carries. What the server answers is what that person may see
// and do; without a credential it refuses.
func (g *Guard) As(r *http.Request) *Client {
	bounded := *g.http
	bounded.Timeout = g.timeout
	return &Client{base: g.base, http: &bounded, sign: func(asked *http.Request) { carry(r, asked) }}
}

// Session asks the server whose session a request carries. Every call asks: the
// answer holds for this request and not for the next.
//
// Errors: ErrSignedOut; *Problem when the server refuses for another reason;
// *UnavailableError when it cannot be asked; that of the context.
func (g *Guard) Session(r *http.Request) (Session, error) {
	s, _, err := g.session(r)
	return s, err
}

func (g *Guard) session(r *http.Request) (s Session, cookie bool, err error) {
	ctx, cancel := context.WithTimeout(r.Context(), g.timeout)
	defer cancel()
	asked, err := http.NewRequestWithContext(ctx, http.MethodGet, g.base+"/v1/session", nil)
	if err != nil {
		return Session{}, false, &UnavailableError{err}
	}
	cookie, found := carry(r, asked)
	if !found {
		return Session{}, cookie, ErrSignedOut
	}
	s, err = g.ask(asked)
	if r.Context().Err() != nil {
		err = r.Context().Err()
	}
	return s, cookie, err
}

// answerLimit bounds what is read of an answer.
const answerLimit = 4 << 20

func (g *Guard) ask(asked *http.Request) (Session, error) {
	response, err := g.http.Do(asked)
	if err != nil {
		return Session{}, &UnavailableError{fmt.Errorf("the server at %s cannot be reached: %w", g.base, err)}
	}
	defer response.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(response.Body, answerLimit))
	if err != nil {
		return Session{}, &UnavailableError{err}
	}
	switch {
	case response.StatusCode == http.StatusOK:
		var s Session
		if json.Unmarshal(raw, &s) != nil || s.MemberID == "" || s.AccountID == "" {
			return Session{}, &UnavailableError{errors.New("the server at " + g.base + " does not answer as Tenure does")}
		}
		return s, nil
	case response.StatusCode == http.StatusUnauthorized:
		return Session{}, ErrSignedOut
	case response.StatusCode == http.StatusForbidden:
		return Session{}, problemOf(response, raw)
	default:
		return Session{}, &UnavailableError{problemOf(response, raw)}
	}
}

// SignedIn is a session that has just begun, or the question for a second factor
// that stands before it: then Challenge and Methods are there, and nothing else.
type SignedIn struct {
	Token     string    `json:"token"`      // shown this once
	ExpiresAt time.Time `json:"expires_at"` // the latest end, of the session or of the challenge
	Member    Member    `json:"member"`
	Account   Account   `json:"account"`
	Challenge string    `json:"challenge"`
	Methods   []string  `json:"methods"` // totp, recovery_code, mailed_code
}

// SignIn begins a session with an address and a password, for a phone or another
// program that its user trusts with them. It takes no credential. Who has a
// second factor gets a challenge, for AnswerChallenge.
//
// A *Problem with the code account_required says that the person has several
// places, and names them, for SignInTo; one with bad_credentials that the two do
// not belong together; one with too_many_attempts how long to wait, in RetryAfter.
func (c *Client) SignIn(ctx context.Context, email, password string) (SignedIn, error) {
	return c.SignInTo(ctx, "", email, password)
}

// SignInTo is SignIn to one of the person's places: the account is the id of one
// that account_required names. One in which they have no place is a *Problem with
// not_found.
func (c *Client) SignInTo(ctx context.Context, account, email, password string) (SignedIn, error) {
	body := map[string]string{"email": email, "password": password}
	if account != "" {
		body["account"] = account
	}
	var in SignedIn
	return in, c.call(ctx, http.MethodPost, "/v1/sign-in", body, &in)
}

// AnswerChallenge finishes SignIn with a code of the second factor. A *Problem with
// the code bad_credentials says that it is wrong, and may be tried again; one with
// token_used or token_expired that signing in begins anew.
func (c *Client) AnswerChallenge(ctx context.Context, challenge, code string) (SignedIn, error) {
	var in SignedIn
	return in, c.call(ctx, http.MethodPost, "/v1/sign-in/totp", map[string]string{"challenge": challenge, "code": code}, &in)
}

// SignOut ends the session that the client calls with. Once it has answered, the
// session is accepted nowhere.
func (c *Client) SignOut(ctx context.Context) error {
	return c.call(ctx, http.MethodPost, "/v1/sign-out", nil, nil)
}
