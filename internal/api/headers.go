package api

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"

	"tenure/internal/access"
)

// policy is the Content-Security-Policy of every answer. Scripts come from
// this server alone and never stand inline; styles may, because the browser
// app sets sizes and colours at run time.
const policy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
	"font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// guardHeaders sets the headers that browsers keep their users safe by. What
// the API says is never kept by a cache; the files of the browser app say
// otherwise themselves.
func (d *door) guardHeaders(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=()")
		h.Set("Cache-Control", "no-store")
		if d.https {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		next.ServeHTTP(w, r)
	})
}

// answer notes the status that went out and whether anything did.
type answer struct {
	http.ResponseWriter
	status int
}

func (a *answer) WriteHeader(status int) {
	if a.status == 0 {
		a.status = status
	}
	a.ResponseWriter.WriteHeader(status)
}

func (a *answer) Write(b []byte) (int, error) {
	if a.status == 0 {
		a.status = http.StatusOK
	}
	return a.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the connection.
func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }

// watch logs and measures every request by its route, and turns a panic into
// an internal problem. It logs no address and no query: they may name people.
func (d *door) watch(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		a := &answer{ResponseWriter: w}
		seen := &route{came: began}
		r = r.WithContext(context.WithValue(r.Context(), routeKey{}, seen))
		defer func() {
			p := recover()
			if p == http.ErrAbortHandler {
				defer panic(p) // cuts the connection
			} else if p != nil {
				d.log.ErrorContext(r.Context(), "request panicked", "request_id", requestID(r.Context()), "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
				if a.status == 0 {
					problem(http.StatusInternalServerError, "internal", "Something went wrong on our side.").write(a)
				}
			}
			d.note(r, seen, a.status, time.Since(began))
		}()
		next.ServeHTTP(a, r)
	})
}

func (d *door) note(r *http.Request, seen *route, status int, took time.Duration) {
	pattern := seen.pattern
	if pattern == "" {
		pattern = "none"
	}
	if seen.answered > 0 {
		took = seen.answered
	}
	d.config.Observe(r.Method, pattern, status, took)
	level := slog.LevelInfo
	if seen.quiet {
		level = slog.LevelDebug
	}
	d.log.Log(r.Context(), level, "request", "request_id", requestID(r.Context()), "method", r.Method, "route", pattern,
		"status", status, "took_ms", took.Milliseconds(), "actor", seen.actor)
}

type routeKey struct{}

// routeOf is where the inner handlers note what the log says about a request.
func routeOf(ctx context.Context) *route {
	if seen, ok := ctx.Value(routeKey{}).(*route); ok {
		return seen
	}
	return &route{}
}

// route is what the inner handlers tell the log about a request.
type route struct {
	pattern string
	actor   string
	quiet   bool // for what machines ask every few seconds
	// answered is how long it took until the answer began, for one that then
	// lasts as long as its reader likes.
	answered time.Duration
	came     time.Time
}

// begun says that the answer begins and will last.
func (r *route) begun() { r.answered = time.Since(r.came) }

func actorName(a access.Actor) string {
	if a.Kind == access.Nobody {
		return "nobody"
	}
	return string(a.Kind) + ":" + a.Name()
}
