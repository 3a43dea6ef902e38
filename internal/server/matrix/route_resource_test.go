package matrix_test

// resourceRoutes are about the things of the host product. What somebody does
// not reach, because of its sub-account or because others hold it, is not there.
var resourceRoutes = func() []row {
	const types, all, one = "/v1/accounts/{account}/resource-types", "/v1/accounts/{account}/resources", "/v1/accounts/{account}/resources/{type}/{id}"
	read, assign, manage := []string{"resources.read"}, []string{"resources.assign"}, []string{"resources.manage"}
	lines := map[string]string{"Content-Type": "application/x-ndjson"}
	rows := []row{
		{route: "GET " + types, who: signedIn, then: "200"},
		{route: "GET " + types + "/{type}", who: signedIn, object: "resource_type", then: "200"},
		{route: "PUT " + types + "/{type}", body: `{"name":"Made {n}","on_leave":"ask"}`, who: signedIn, need: []string{"account.manage"}, then: "200", changes: true},
		{route: "POST " + all + "/import", body: `{"type":"made","id":"{n}","name":"Made"}`, header: lines, who: signedIn, need: manage, whole: "403 forbidden", then: "200", changes: true},
		{route: "GET " + all, who: signedIn, need: read, then: "200"},
		{route: "PUT " + one, note: "new", body: `{"name":"Made"}`, who: signedIn, need: manage, whole: "404 not_found", then: "200", changes: true},
		{route: "PUT " + one, body: `{"name":"Renamed {n}"}`, who: signedIn, need: manage, object: "resource", then: "200", changes: true},
		{route: "PUT " + one, note: "stale", body: `{"name":"Renamed"}`, header: map[string]string{"If-Match": `"999999"`}, who: signedIn, need: manage, object: "resource", then: "412 stale"},
		{route: "DELETE " + one, who: signedIn, need: manage, object: "resource", then: "204", changes: true},
		{route: "PUT " + one + "/assignees/{member}", who: signedIn, need: assign, object: "resource to assign", then: "200", changes: true},
		{route: "DELETE " + one + "/assignees/{member}", who: signedIn, need: assign, looks: read, object: "resource that is assigned", then: "204", changes: true},
		{route: "DELETE " + one + "/assignees/{member}", note: "who has left", who: signedIn, need: []string{"resources.assign", "resources.read"}, object: "resource of somebody inactive", then: "204", changes: true},
		{route: "POST " + one + "/activities", body: `{"kind":"visit"}`, who: signedIn, need: manage, mine: read, object: "resource", then: "201", changes: true},
	}
	for _, path := range []string{"", "/history", "/activities"} {
		rows = append(rows, row{route: "GET " + one + path, who: signedIn, need: read, object: "resource", then: "200"},
			row{route: "GET " + one + path, note: "in a sub-account", who: signedIn, need: read, object: "resource in a sub-account", within: "s", then: "200"})
	}
	return rows
}()
