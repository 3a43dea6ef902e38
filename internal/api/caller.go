package api

import (
	"context"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"tenure/internal/access"
	"tenure/internal/fault"
	"tenure/internal/id"
	"tenure/internal/key"
	"tenure/internal/session"
	"tenure/internal/trail"
)

// caller is who sent a request, as far as the credentials say. Err is why they
// do not count; only an operation that needs somebody raises it.
type caller struct {
	by       credential
	actor    access.Actor
	expires  time.Time               // when the session ends at the latest; zero for the operator
	rendered *atomic.Pointer[[]byte] // what GET /v1/session answers, once it was asked; nil for the operator
	err      error
}

// identify finds the caller of a request: a bearer token before a cookie. A
// browser sends its cookie by itself, so a request without a bearer token must
// not come from another site.
func (d *door) identify(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		by := d.credential(r)
		if !by.bearer {
			if err := d.crossOrigin.Check(r); err != nil {
				d.refuse(r.Context(), elsewhere()).write(w)
				return
			}
		}
		v := visitOf(r.Context())
		v.free = unlimited[r.URL.Path]
		v.caller = d.recognise(r.Context(), by, false)
		v.caller.actor.Origin, v.known = v.origin, true
		switch kind := v.caller.actor.Kind; {
		case safe(r.Method):
		case kind == access.Member:
			r = r.WithContext(d.rooms.Sessions.Guard(r.Context(), v.caller.actor))
		case kind == access.Key:
			r = r.WithContext(d.rooms.Keys.Guard(r.Context(), v.caller.actor))
		case kind == access.Operator:
			r = r.WithContext(d.rooms.Operators.Guard(r.Context(), v.caller.actor))
		}
		d.remember(w, r, v)
		next.ServeHTTP(w, r)
	})
}

// safe methods (RFC 9110, section 9.2.1) write nothing, so that nothing of theirs
// can commit after the caller's end.
func safe(method string) bool {
	return method == http.MethodGet || method == http.MethodHead || method == http.MethodOptions
}

func elsewhere() error {
	return fault.Forbidden("forbidden", "This request came from another site.")
}

// credential is what a request says who sent it by. It is never logged.
type credential struct {
	token  string
	bearer bool // rather than a cookie
}

func (d *door) credential(r *http.Request) credential {
	if token, ok := bearerToken(r); ok {
		return credential{token, true}
	}
	return credential{token: cookieOf(r, d.cookies.session)}
}

// recognise finds the caller of a credential. Who has to set a second factor up
// counts only where that is done. Who only waits does not use what they came in
// by.
func (d *door) recognise(ctx context.Context, by credential, waits bool) caller {
	c := d.known(ctx, by, waits)
	if c.err == nil && c.actor.FactorDue {
		c.err = access.FactorRequired()
	}
	return c
}

func (d *door) known(ctx context.Context, by credential, waits bool) caller {
	c := caller{by: by}
	if by.token == "" {
		c.err = fault.Unauthenticated()
		return c
	}
	switch {
	case !by.bearer, strings.HasPrefix(by.token, session.Prefix):
		var info session.Info
		if waits {
			c.actor, info, c.err = d.rooms.Sessions.Glance(ctx, by.token)
		} else {
			c.actor, info, c.err = d.rooms.Sessions.Check(ctx, by.token)
		}
		c.expires, c.rendered = info.ExpiresAt, info.Rendered
	case strings.HasPrefix(by.token, key.Prefix) && waits:
		c.actor, c.err = d.rooms.Keys.Glance(ctx, by.token)
	case strings.HasPrefix(by.token, key.Prefix):
		c.actor, c.err = d.rooms.Keys.Check(ctx, by.token)
	case waits:
		c.actor, c.err = d.rooms.Operators.Glance(ctx, by.token)
	default:
		c.actor, c.err = d.rooms.Operators.Check(ctx, by.token)
	}
	return c
}

// still gives who sent a request that lasts, with the rights of each moment it
// is asked. It does not count as being used.
func (d *door) still(ctx context.Context) trail.Who {
	by := callerOf(ctx).by
	return func(ctx context.Context) (access.Actor, error) {
		c := d.recognise(ctx, by, true)
		return c.actor, c.err
	}
}

// fromOwnPages refuses who is recognised by a cookie and asks from a page of
// another origin, also for what only reads: an answer that lasts would hold one
// of the places its reader has.
func (d *door) fromOwnPages(ctx huma.Context, next func(huma.Context)) {
	r, w := humago.Unwrap(ctx)
	asWrite := *r
	asWrite.Method = http.MethodPost // what only reads is let through otherwise
	if err := d.crossOrigin.Check(&asWrite); err != nil && !callerOf(ctx.Context()).by.bearer {
		d.refuse(ctx.Context(), elsewhere()).write(w)
		return
	}
	next(ctx)
}

// bearerToken reads the Authorization header (RFC 6750, section 2.1). A header
// of another scheme counts as a token that nobody has.
func bearerToken(r *http.Request) (string, bool) {
	header := r.Header.Get("Authorization")
	if header == "" {
		return "", false
	}
	scheme, token, _ := strings.Cut(header, " ")
	if !strings.EqualFold(scheme, "bearer") {
		return "", true
	}
	return strings.TrimSpace(token), true
}

// signedIn lets only those through whose credentials count.
func (d *door) signedIn(ctx huma.Context, next func(huma.Context)) {
	if c := callerOf(ctx.Context()); c.err != nil {
		_, w := humago.Unwrap(ctx)
		d.refuse(ctx.Context(), c.err).write(w)
		return
	}
	next(ctx)
}

// asMember lets only sessions through: what is about oneself has no meaning for
// the operator.
func (d *door) asMember(ctx huma.Context, next func(huma.Context)) {
	c := callerOf(ctx.Context())
	err := c.err
	if err == nil && c.actor.Kind != access.Member {
		err = fault.Forbidden("forbidden", "Only a person who is signed in has this.")
	}
	if err != nil {
		_, w := humago.Unwrap(ctx)
		d.refuse(ctx.Context(), err).write(w)
		return
	}
	next(ctx)
}

// asNewcomer lets sessions through, also those that have to set a second factor
// up before anything else.
func (d *door) asNewcomer(ctx huma.Context, next func(huma.Context)) {
	if a := callerOf(ctx.Context()).actor; a.FactorDue && a.Kind == access.Member {
		next(ctx)
		return
	}
	d.asMember(ctx, next)
}

// asOperator lets only the operator through.
func (d *door) asOperator(ctx huma.Context, next func(huma.Context)) {
	c := callerOf(ctx.Context())
	err := c.err
	if err == nil && c.actor.Kind != access.Operator {
		err = fault.Forbidden("forbidden", "Only the operator may do this.")
	}
	if err != nil {
		_, w := humago.Unwrap(ctx)
		d.refuse(ctx.Context(), err).write(w)
		return
	}
	next(ctx)
}

// inAccount lets the operator only into accounts that there are. Members are in
// one that there is; the rooms keep them to it.
func (d *door) inAccount(ctx huma.Context, next func(huma.Context)) {
	actor, account := callerOf(ctx.Context()).actor, ctx.Param("account")
	if actor.Kind == access.Operator && account != "" {
		if _, err := d.rooms.Accounts.Get(ctx.Context(), actor, id.Account(account)); err != nil {
			_, w := humago.Unwrap(ctx)
			d.refuse(ctx.Context(), err).write(w)
			return
		}
	}
	next(ctx)
}
