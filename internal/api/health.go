package api

import (
	"context"
	"net/http"
	"time"

	"github.com/go-json-experiment/json"
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
		d.config.Metrics.ServeHTTP(w, r)
	})
}

// asJSON is shared by answers, as the guards are.
var asJSON = []string{"application/json"}

// say writes a plain answer as JSON.
func say(w http.ResponseWriter, status int, v any) {
	w.Header()["Content-Type"] = asJSON
	w.WriteHeader(status)
	_ = json.MarshalWrite(w, v, json.Deterministic(true)) // the caller is gone, or reads it
}
