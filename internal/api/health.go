package api

import (
	"context"
	"crypto/subtle"
	"net/http"
	"net/netip"
	"time"

	"github.com/go-json-experiment/json"

	"tenure/internal/access"
	"tenure/internal/fault"
	"tenure/internal/secret"
)

// health registers what machines ask: is the process alive, can it serve, and
// how is it doing.
func (d *door) health() {
	d.plain("GET /healthz", func(w http.ResponseWriter, r *http.Request) {
		routeOf(r.Context()).quiet = true
		say(w, http.StatusOK, map[string]string{"status": "alive"})
	})
	d.plain("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		routeOf(r.Context()).quiet = true
		ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
		defer cancel()
		if err := d.config.Ready(ctx); err != nil {
			d.log.WarnContext(ctx, "not ready", "error", err.Error())
			problem(http.StatusServiceUnavailable, "unavailable", "The server cannot take requests yet.").write(w)
			return
		}
		say(w, http.StatusOK, map[string]string{"status": "ready"})
	})
	d.plain("GET /metrics", func(w http.ResponseWriter, r *http.Request) {
		routeOf(r.Context()).quiet = true
		if !d.mayMeasure(r) {
			d.refuse(r.Context(), fault.Unauthenticated()).write(w)
			return
		}
		d.config.Metrics.ServeHTTP(w, r)
	})
}

// mayMeasure reports whether a request may read the metrics: of the operator, with
// the token that was configured, or, where none was, from this machine. What a
// proxy on this machine passes on comes from elsewhere.
func (d *door) mayMeasure(r *http.Request) bool {
	c := callerOf(r.Context())
	if c.err == nil && c.actor.Kind == access.Operator {
		return true
	}
	if wanted := d.config.MetricsToken; wanted != "" {
		return c.by.bearer && subtle.ConstantTimeCompare(secret.Hash(c.by.token), secret.Hash(wanted)) == 1
	}
	from, err := netip.ParseAddr(originOf(r.Context()).IP)
	return err == nil && from.IsLoopback() && r.Header.Get("X-Forwarded-For") == "" && r.Header.Get("Forwarded") == ""
}

// asJSON is shared by answers, as the guards are.
var asJSON = []string{"application/json"}

// say writes a plain answer as JSON.
func say(w http.ResponseWriter, status int, v any) {
	w.Header()["Content-Type"] = asJSON
	w.WriteHeader(status)
	_ = json.MarshalWrite(w, v, json.Deterministic(true)) // the caller is gone, or reads it
}
