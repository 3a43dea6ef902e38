package matrix_test

import "slices"

var manageMembers = []string{"members.manage"}

// memberRoutes are about the people of an account.
var memberRoutes = slices.Concat([]row{
	{route: "GET /v1/accounts/{account}/members", who: signedIn, need: []string{"members.read", "members.manage"}, then: "200"},
	{route: "GET /v1/accounts/{account}/members.csv", who: signedIn, need: []string{"members.read", "members.manage"}, then: "200"},
	{route: "GET /v1/accounts/{account}/members/{member}", who: signedIn, need: []string{"members.read", "members.manage"}, own: true, object: "member", then: "200"},
	{route: "GET /v1/accounts/{account}/members/{member}/holdings", who: signedIn, need: []string{"members.read", "members.manage"}, own: true, object: "member", then: "200"},
	{route: "PATCH /v1/accounts/{account}/members/{member}", note: "profile", body: `{"job_title":"Title {n}"}`, who: signedIn, need: manageMembers, object: "member", ranked: true, then: "200", changes: true},
	{route: "PATCH /v1/accounts/{account}/members/{member}", note: "stale", body: `{"job_title":"Title"}`, header: map[string]string{"If-Match": `"999999"`},
		who: signedIn, need: manageMembers, object: "member", ranked: true, then: "412 stale"},
	{route: "PATCH /v1/accounts/{account}/members/{member}", note: "e-mail", body: `{"email":"moved{n}@new.example"}`, who: signedIn, need: manageMembers, object: "member", ranked: true, given: true, others: true, proof: true, then: "200", changes: true},
	{route: "PATCH /v1/accounts/{account}/members/{member}", note: "e-mail of who has a module", body: `{"email":"moved{n}@new.example"}`, who: signedIn, need: manageMembers, object: "member with chosen modules", ranked: true, given: true, proof: true, then: "200", changes: true},
	{route: "POST /v1/accounts/{account}/members/{member}/activate", who: signedIn, need: manageMembers, object: "member who is inactive", ranked: true, given: true, proof: true, then: "200", changes: true},
	{route: "POST /v1/accounts/{account}/members/{member}/activate", note: "preview", query: "preview=true", who: signedIn, need: manageMembers, object: "member who is inactive", ranked: true, given: true, then: "200"},
	{route: "POST /v1/accounts/{account}/members/{member}/activate", note: "active already", who: signedIn, need: manageMembers, object: "member", ranked: true, given: true, then: "409 already_active"},
	{route: "POST /v1/accounts/{account}/members/{member}/welcome", who: signedIn, need: manageMembers, object: "member who was added", ranked: true, given: true, guards: true, then: "200", changes: true},
	{route: "POST /v1/accounts/{account}/members/{member}/welcome", note: "in already", who: signedIn, need: manageMembers, object: "member", ranked: true, given: true, guards: true, then: "409 already_accepted"},
	{route: "POST /v1/accounts/{account}/members/{member}/unlock", who: signedIn, need: manageMembers, object: "member", ranked: true, others: true, proof: true, then: "204", changes: true},
	{route: "POST /v1/accounts/{account}/members/{member}/unlock", note: "not in yet", who: signedIn, need: manageMembers, object: "member who was added", ranked: true, proof: true, then: "409 not_registered"},
	{route: "POST /v1/accounts/{account}/members/{member}/reset-factor", who: signedIn, need: manageMembers, object: "member", ranked: true, others: true, then: "202", changes: true},
	{route: "POST /v1/accounts/{account}/members/{member}/suspend", who: signedIn, need: []string{"departures.manage"}, own: true, object: "member", ranked: true, proof: true, then: "200", changes: true},
	{route: "GET /v1/accounts/{account}/members/{member}/sessions", who: signedIn, need: manageMembers, object: "member", ranked: true, then: "200"},
	{route: "DELETE /v1/accounts/{account}/members/{member}/sessions", who: signedIn, need: manageMembers, object: "member", ranked: true, then: "200", changes: true},
	{route: "DELETE /v1/accounts/{account}/members/{member}/sessions/{session}", who: signedIn, need: manageMembers, object: "session of a member", ranked: true, then: "204", changes: true},
}, regrades(), additions())

// regrades are the changes of role and grants, of one member and of many.
func regrades() []row {
	const one, all = "PATCH /v1/accounts/{account}/members/{member}", "PATCH /v1/accounts/{account}/members"
	var rows []row
	for _, role := range []string{"junior", "keeper", "peer", "deputy", "senior", "admin"} {
		rows = append(rows,
			row{route: one, note: "to " + role, body: `{"role":"{role}"}`, role: role, who: signedIn, need: manageMembers, object: "member", ranked: true, proof: true, then: "200", changes: true},
			row{route: one, note: "preview to " + role, query: "preview=true", body: `{"role":"{role}"}`, role: role, who: signedIn, need: manageMembers, object: "member", ranked: true, then: "200"})
	}
	for _, role := range []string{"junior", "admin"} {
		rows = append(rows, row{route: all, note: "to " + role, body: `{"members":["{member}"],"role":"{role}"}`, role: role, who: signedIn, need: manageMembers,
			object: "member", ranked: true, many: true, first: true, then: "200 changed", changes: true},
			row{route: all, note: "preview to " + role, query: "preview=true", body: `{"members":["{member}"],"role":"{role}"}`, role: role, who: signedIn, need: manageMembers,
				object: "member", ranked: true, many: true, then: "200 changed"})
	}
	for _, module := range []string{"a", "b", "closed", "no foreign", "no missing"} {
		rows = append(rows, row{route: one, note: "module " + module, body: `{"modules":["{given_module}"]}`, module: module,
			who: signedIn, need: manageMembers, object: "member with chosen modules", ranked: true, then: "200", changes: true})
	}
	for _, sub := range []string{"s", "t", "no foreign", "no missing"} {
		rows = append(rows, row{route: one, note: "sub-account " + sub, body: `{"sub_accounts":["{given_sub}"]}`, sub: sub,
			who: signedIn, need: manageMembers, object: "member", ranked: true, then: "200", changes: true})
	}
	return rows
}

// additions are the ways of giving a place to somebody new: by adding them and by
// an invitation, with their previews.
func additions() []row {
	var rows []row
	for _, way := range []struct{ route, query, need, who, then string }{
		{"POST /v1/accounts/{account}/members", "", "members.manage", `"first_name":"A","last_name":"Dded","email":"added{n}@new.example","active":true`, "201"},
		{"POST /v1/accounts/{account}/members", "preview=true", "members.manage", `"first_name":"A","last_name":"Dded","email":"added{n}@new.example","active":true`, "200"},
		{"POST /v1/accounts/{account}/invitations", "", "invitations.manage", `"emails":["invited{n}@new.example"]`, "200 invited"},
		{"POST /v1/accounts/{account}/invitations", "preview=true", "invitations.manage", `"emails":["invited{n}@new.example"]`, "200 invited"},
	} {
		base := row{route: way.route, query: way.query, who: signedIn, need: []string{way.need}, then: way.then, changes: way.query == "", guards: way.query == ""}
		for _, role := range ranks {
			r := base
			r.note, r.role, r.body = way.query+" as "+role, role, `{`+way.who+`,"role":"{role}"}`
			rows = append(rows, r)
		}
		for _, module := range []string{"a", "b", "closed", "no foreign", "no missing"} {
			r := base
			r.note, r.role, r.module, r.body = way.query+" with module "+module, "user", module, `{`+way.who+`,"role":"{role}","modules":["{given_module}"]}`
			rows = append(rows, r)
		}
		for _, sub := range []string{"s", "t", "no foreign", "no missing"} {
			r := base
			r.note, r.role, r.sub, r.body = way.query+" with sub-account "+sub, "junior", sub, `{`+way.who+`,"role":"{role}","sub_accounts":["{given_sub}"]}`
			rows = append(rows, r)
		}
	}
	return rows
}
