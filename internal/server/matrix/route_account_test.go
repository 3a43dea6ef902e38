package matrix_test

import (
	"slices"
	"strings"
)

// accountRoutes are about an account and its parts.
var accountRoutes = slices.Concat([]row{
	{route: "GET /v1/accounts/{account}", who: signedIn, then: "200"},
	{route: "PATCH /v1/accounts/{account}", note: "name", body: `{"name":"Renamed {n}"}`, who: signedIn, need: []string{"account.manage"}, then: "200", changes: true},
	{route: "PATCH /v1/accounts/{account}", note: "policy", body: `{"policy":{"undo_window":1{n}}}`, who: signedIn, need: []string{"account.manage"}, proof: true, then: "200", changes: true},
	{route: "PATCH /v1/accounts/{account}", note: "stale", body: `{"name":"Renamed"}`, header: map[string]string{"If-Match": `"999999"`}, who: signedIn, need: []string{"account.manage"}, then: "412 stale"},
	{route: "GET /v1/accounts/{account}/overview", who: signedIn, need: []string{"members.read", "members.manage"}, then: "200"},

	{route: "GET /v1/accounts/{account}/modules", who: signedIn, then: "200"},
	{route: "GET /v1/accounts/{account}/modules/{module}", who: signedIn, object: "module", then: "200"},
	{route: "GET /v1/accounts/{account}/sub-accounts", who: signedIn, then: "200"},
	{route: "GET /v1/accounts/{account}/sub-accounts/{sub_account}", who: signedIn, object: "sub_account", unseen: true, then: "200"},
	{route: "GET /v1/accounts/{account}/roles", who: signedIn, then: "200"},
}, eventRoutes(), roleRoutes(), areaRoutes("/v1/accounts/{account}/modules", "module", `{"key":"key{n}","name":"New"}`, `{"name":"Renamed {n}"}`),
	areaRoutes("/v1/accounts/{account}/sub-accounts", "sub_account", `{"name":"New {n}"}`, `{"name":"Renamed {n}"}`))

// eventRoutes are the ways of reading the trail: a list, a file and a stream.
// Who may not read it all reads what was done to or by themselves.
func eventRoutes() []row {
	var rows []row
	for _, way := range []struct{ route, query string }{
		{"GET /v1/accounts/{account}/events", ""}, {"GET /v1/accounts/{account}/events/export", "format=ndjson"}, {"GET /v1/accounts/{account}/events/stream", "since_seq=0"},
	} {
		base := row{route: way.route, query: way.query, who: signedIn, need: []string{"events.read"}, then: "200", home: strings.HasSuffix(way.route, "stream")}
		about, by, other := base, base, base
		about.note, about.query, about.self, about.own = "about themselves", way.query+"&subject={self}", true, true
		by.note, by.query, by.self, by.own = "by themselves", way.query+"&actor={self}", true, true
		other.note, other.query = "about somebody", way.query+"&subject={other}"
		rows = append(rows, base, about, by, other)
	}
	return rows
}

// areaRoutes are the changes of modules and of sub-accounts, which are alike.
func areaRoutes(all, object, made, changed string) []row {
	one, need := all+"/{"+object+"}", []string{"account.manage"}
	return []row{
		{route: "POST " + all, body: made, who: signedIn, need: need, then: "201", changes: true},
		{route: "PATCH " + one, body: changed, who: signedIn, need: need, object: object, then: "200", changes: true},
		{route: "DELETE " + one, who: signedIn, need: need, object: object, then: "204", changes: true},
	}
}
