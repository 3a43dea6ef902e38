// Package book is the pages of Fieldbook: cases, records, a map of pins and the
// modules of a portal. Each customer has the one that their account is made for.
//
// Every page asks Tenure twice before it shows anything: whose session the
// request carries, and whether that member may do what the page is for. Neither
// answer is remembered. Where Tenure cannot be asked, nothing is shown.
//
// The words on a case, the place of a pin and the fields of a record are kept
// here, by account. Who owns them, who works on them, who has downloaded them and
// what happened is kept by Tenure.
package book

import (
	"embed"
	"net/http"
	"strings"

	"tenure/client"
)

// Config is what Fieldbook needs to know.
type Config struct {
	Origin string // where people's browsers reach Fieldbook
	Tenure string // the address of the server, to ask it
	SignIn string // where people's browsers reach the server; empty: at the same address
}

// New makes the product. Everything it serves is below /app/, so that it can
// stand behind one host with Tenure.
func New(c Config) http.Handler {
	if c.SignIn == "" {
		c.SignIn = c.Tenure
	}
	b := &binding{origin: strings.TrimRight(c.Origin, "/"), tenure: strings.TrimRight(c.SignIn, "/"), shelves: newShelves()}
	b.guard = client.NewGuard(c.Tenure, client.OnRefusal(b.refuse))
	mux := http.NewServeMux()
	for _, p := range pages {
		mux.Handle(p.pattern, b.guard.Protect(b.page(p)))
	}
	mux.Handle("GET /app/book.css", files)
	mux.Handle("GET /app/mark.svg", files)
	mux.Handle("/{$}", http.RedirectHandler("/app/", http.StatusSeeOther))
	return fenced(mux)
}

//go:embed book.css mark.svg
var assets embed.FS

var files = http.StripPrefix("/app/", http.FileServerFS(assets))

// binding holds the pages together.
type binding struct {
	origin  string // of Fieldbook, for browsers
	tenure  string // of the server, for browsers
	guard   *client.Guard
	shelves *shelves
}

// page is one thing that people do here.
type page struct {
	pattern string
	edition string // the preset of the accounts that have it; empty: every
	// asks is what Tenure decides before serve is called. Without it the page
	// shows only what Tenure lists for the member, or nothing but themselves.
	asks  func(v *visit) client.Question
	serve func(v *visit) error
}

// pages is everything there is.
var pages = []page{
	{"GET /app/{$}", "", nil, (*visit).start},
	{"POST /app/sign-out", "", nil, (*visit).signOut},
	{"/app/", "", nil, (*visit).nowhere},

	{"GET /app/cases", "cases", nil, (*visit).listCases},
	{"POST /app/cases", "cases", onAccount("resources.manage"), (*visit).openCase},
	{"GET /app/cases/{id}", "cases", onThing("resources.read", "case"), (*visit).showCase},
	{"POST /app/cases/{id}/notes", "cases", onThing("resources.read", "case"), (*visit).addNote},
	{"POST /app/cases/{id}/people/{member}/remove", "cases", onThing("resources.read", "case"), (*visit).takeOff},
	{"GET /app/templates", "cases", onAccount("templates.manage"), (*visit).listTemplates},
	{"POST /app/templates", "cases", onAccount("templates.manage"), (*visit).addTemplate},
	{"POST /app/templates/{id}/remove", "cases", onAccount("templates.manage"), (*visit).removeTemplate},

	{"GET /app/records", "credits", onAccount("credits.spend"), (*visit).listRecords},
	{"POST /app/records/{id}/download", "credits", onThing("credits.spend", "record"), (*visit).download},

	{"GET /app/map", "field", nil, (*visit).showMap},
	{"POST /app/map", "field", onAccount("resources.manage"), (*visit).addPin},
	{"GET /app/map/{id}", "field", onThing("resources.read", "pin"), (*visit).showPin},
	{"POST /app/map/{id}/activities", "field", onThing("resources.read", "pin"), (*visit).addActivity},

	{"GET /app/modules/{module}", "portal", onModule, (*visit).showModule},
	{"GET /app/modules/{module}/{part}", "portal", onPart, (*visit).showPart},
}

// onAccount asks for a permission that is about no single thing.
func onAccount(permission string) func(*visit) client.Question {
	return func(v *visit) client.Question { return v.me.To(permission, v.me.AccountEntity()) }
}

// onThing asks for a permission on the thing that the path names.
func onThing(permission, kind string) func(*visit) client.Question {
	return func(v *visit) client.Question {
		return v.me.To(permission, client.Entity{Type: kind, ID: v.r.PathValue("id")})
	}
}

func onModule(v *visit) client.Question {
	return v.me.To("module:"+v.r.PathValue("module"), v.me.AccountEntity())
}

func onPart(v *visit) client.Question {
	return v.me.To("module:"+v.r.PathValue("module"), v.me.AccountEntity().Part(v.r.PathValue("part")))
}

// fenced sets what keeps browsers safe, and lets nothing be kept: the page of who
// was let go is not to be seen by the way back.
func fenced(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		r.Body = http.MaxBytesReader(w, r.Body, 64<<10)
		next.ServeHTTP(w, r)
	})
}
