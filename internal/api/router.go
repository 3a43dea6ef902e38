package api

import (
	"net/http"
	"slices"
)

// Handler is everything the server answers. It knows its routes, so that a test
// can ask each of them.
type Handler struct {
	http.Handler
	routes []string
}

// Routes gives every route as method and pattern, sorted: those of the router,
// and what is answered beside it.
func (h *Handler) Routes() []string { return slices.Clone(h.routes) }

// router is a mux that remembers what was put into it.
type router struct {
	http.ServeMux
	patterns []string
}

// HandleFunc puts a handler in, as http.ServeMux does.
func (m *router) HandleFunc(pattern string, serve func(http.ResponseWriter, *http.Request)) {
	m.patterns = append(m.patterns, pattern)
	m.ServeMux.HandleFunc(pattern, serve)
}

// routes gives those of the mux and the two that dispatch answers by itself.
func (d *door) routes() []string {
	all := append(slices.Clone(d.mux.patterns), appRoute)
	if d.config.Mailbox != nil {
		all = append(all, mailboxRoute)
	}
	slices.Sort(all)
	return all
}

// What is answered beside the mux: it would say 405 where these do not.
const (
	appRoute     = "GET /{path...}"
	mailboxRoute = "GET /mailbox/{path...}"
)
