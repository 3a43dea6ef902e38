package api

import (
	"context"
	"math"
	"net/http"
	"net/netip"
	"strconv"
	"time"

	"tenure/internal/access"
	"tenure/internal/fault"
	"tenure/internal/rate"
)

// Limits bounds how many requests are answered: of each person or key, of each
// address for whoever shows no credentials that count, of what each address asks
// that is costly, and how often it shows tokens that nobody has. Nil bounds
// nothing.
type Limits struct {
	Callers   *rate.Limiter
	Addresses *rate.Limiter
	Costly    *rate.Limiter
	Tokens    *rate.Limiter
}

// Enter lets a request ask the store whose token it shows, unless too many from
// its address showed tokens that nobody has (bearer.Gate). It is about the
// credentials of requests: who was recognised may ask about others' tokens. A host
// app asks on behalf of everybody from one address, and would be held up for all
// of them by whoever sends it junk: it is let through. Faults: rate_limited.
func (l Limits) Enter(ctx context.Context) error {
	v := visitOf(ctx)
	if l.Tokens == nil || v.known || v.free {
		return nil
	}
	if verdict := l.Tokens.Look(network(v.origin.IP)); !verdict.Allowed {
		return tooOften(verdict)
	}
	return nil
}

// Vain counts a token that nobody has.
func (l Limits) Vain(ctx context.Context) {
	if v := visitOf(ctx); l.Tokens != nil && !v.known && !v.free {
		l.Tokens.Take(network(v.origin.IP))
	}
}

func tooOften(v rate.Verdict) error {
	return fault.TooMany("rate_limited", "You are asking too often. Please wait a little.", v.Retry)
}

// limited answers as many requests of a caller as they may make. What every
// request of a host app asks, what machines watch, and what the operator does is
// free, and so are the files of the browser app.
func (d *door) limited(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		limiter, caller := d.limiterOf(r)
		if limiter == nil {
			next.ServeHTTP(w, r)
			return
		}
		v := limiter.Take(caller)
		if v.Allowed && d.config.Limits.Costly != nil && costly[r.URL.Path] {
			v = d.config.Limits.Costly.Take(network(originOf(r.Context()).IP))
		}
		h := w.Header()
		h.Set("RateLimit-Limit", strconv.Itoa(v.Limit))
		h.Set("RateLimit-Remaining", strconv.Itoa(v.Remaining))
		h.Set("RateLimit-Reset", strconv.FormatInt(seconds(v.Reset), 10))
		if !v.Allowed {
			d.refuse(r.Context(), tooOften(v)).write(w)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// limiterOf says who counts the request, and under which name; nil if nobody.
func (d *door) limiterOf(r *http.Request) (*rate.Limiter, string) {
	if !ofAPI(r.URL.Path) || visitOf(r.Context()).free {
		return nil, ""
	}
	switch c := callerOf(r.Context()); {
	case c.actor.Kind == access.Operator:
		return nil, ""
	case c.err == nil && c.actor.Kind == access.Key && (r.URL.Path == evaluationPath || r.URL.Path == evaluationsPath):
		return nil, "" // what a host app asks at each of its own requests
	case c.err == nil && c.actor.Kind == access.Member: // not the session: whoever switches account has another each time
		return d.config.Limits.Callers, string(c.actor.User)
	case c.err == nil && c.actor.Kind == access.Key:
		return d.config.Limits.Callers, c.actor.Key
	default:
		return d.config.Limits.Addresses, network(originOf(r.Context()).IP)
	}
}

// unlimited is what is asked by every request of a host app or every few seconds
// by a machine.
var unlimited = map[string]bool{"/v1/session": true, "/healthz": true, "/readyz": true, "/metrics": true}

// costly is what anybody may ask and what takes a hash of a password or a mail.
var costly = map[string]bool{
	"/v1/sign-in": true, "/v1/sign-up": true, "/v1/sign-up/confirm": true, "/v1/password/forgot": true, "/v1/password/reset": true, "/v1/invitations/accept": true,
}

// network is the address as it is counted: of version 6 the first 64 bits, all
// of which one subscriber has to choose from.
func network(ip string) string {
	a, err := netip.ParseAddr(ip)
	if err != nil || a.Is4() {
		return ip
	}
	return netip.PrefixFrom(a, 64).Masked().String()
}

// seconds rounds up: who waits so long has waited long enough.
func seconds(d time.Duration) int64 { return int64(math.Ceil(d.Seconds())) }
