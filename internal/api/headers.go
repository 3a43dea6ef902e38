package api

import (
	"fmt"
	"log/slog"
	"maps"
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

// guards are the headers that browsers keep their users safe by. What the API
// says is never kept by a cache; the files of the browser app say otherwise
// themselves. Every answer shares the values: whoever sets a header anew
// replaces its list.
var guards = map[string][]string{
	"Content-Security-Policy":      {policy},
	"X-Content-Type-Options":       {"nosniff"},
	"Referrer-Policy":              {"no-referrer"},
	"Cross-Origin-Opener-Policy":   {"same-origin"},
	"Cross-Origin-Resource-Policy": {"same-origin"},
	"Permissions-Policy":           {"camera=(), microphone=(), geolocation=(), payment=()"},
	"Cache-Control":                {"no-store"},
}

// onlyHTTPS is the guard of a server that is reached over https.
var onlyHTTPS = []string{"max-age=31536000"}

// guardHeaders sets them on every answer.
func (d *door) guardHeaders(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		maps.Copy(h, guards)
		if d.https {
			h["Strict-Transport-Security"] = onlyHTTPS
		}
		next.ServeHTTP(w, r)
	})
}

// answer notes the status that went out and whether anything did. Whoever does
// not take it in time is cut off; an answer that lasts has its own times.
type answer struct {
	http.ResponseWriter
	status int
	within time.Duration
}

func (a *answer) WriteHeader(status int) {
	a.begin(status)
	a.ResponseWriter.WriteHeader(status)
}

func (a *answer) Write(b []byte) (int, error) {
	a.begin(http.StatusOK)
	return a.ResponseWriter.Write(b)
}

func (a *answer) begin(status int) {
	if a.status != 0 {
		return
	}
	a.status = status
	if w, ok := a.ResponseWriter.(interface{ SetWriteDeadline(time.Time) error }); ok {
		_ = w.SetWriteDeadline(time.Now().Add(a.within)) // a writer without deadlines has none to set
	}
}

// Unwrap lets http.ResponseController reach the connection.
func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }

// watch logs and measures every request by its route, and turns a panic into
// an internal problem. It logs no address and no query: they may name people.
func (d *door) watch(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		v := visitOf(r.Context())
		v.answer.ResponseWriter, v.answer.within, v.route.came = w, d.config.Slowest, began
		a, seen := &v.answer, &v.route
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
	if !d.log.Enabled(r.Context(), level) {
		return
	}
	d.log.Log(r.Context(), level, "request", "request_id", requestID(r.Context()), "method", r.Method, "route", pattern,
		"status", status, "took_ms", took.Milliseconds(), "actor", actorName(callerOf(r.Context()).actor))
}

// route is what the inner handlers tell the log about a request.
type route struct {
	pattern string
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
