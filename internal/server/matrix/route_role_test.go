package matrix_test

import "fmt"

// roleRoutes are about the roles of an account: each is made, changed and deleted
// by whoever might give it.
func roleRoutes() []row {
	const all, one = "/v1/accounts/{account}/roles", "/v1/accounts/{account}/roles/{role}"
	need := []string{"roles.manage"}
	rows := []row{
		{route: "GET " + one, who: signedIn, object: "role", then: "200"},
		{route: "PATCH " + one, body: `{"name":"Renamed {n}"}`, who: signedIn, need: need, object: "role", given: true, first: true, then: "200", changes: true},
		{route: "PATCH " + one, note: "stale", body: `{"name":"Renamed"}`, header: map[string]string{"If-Match": `"999999"`}, who: signedIn, need: need, object: "role", first: true, then: "412 stale"},
		{route: "DELETE " + one, who: signedIn, need: need, object: "role", given: true, first: true, then: "204", changes: true},
	}
	for _, key := range append([]string{"picker"}, ranks...) {
		rows = append(rows, row{route: "POST " + all, note: "like " + key, role: key, body: likeRole(key, "New {n}"), who: signedIn, need: need, first: true, then: "201", changes: true})
	}
	return rows
}

// likeRole is a role with the rights of one that there is.
func likeRole(key, name string) string {
	r := roles[key]
	modules := "all"
	if r.chosen {
		modules = "chosen"
	}
	held := ""
	for i, p := range r.permissions {
		if i > 0 {
			held += ","
		}
		held += `"` + p + `"`
	}
	return fmt.Sprintf(`{"name":%q,"rank":%d,"administers":%v,"permissions":[%s],"modules":%q}`, name, r.rank, r.administers, held, modules)
}
