package matrix_test

// keyRoutes are about the API keys of an account: everybody's are their own, and
// who administers sees those of all and ends them by rank.
var keyRoutes = func() []row {
	const all, one = "/v1/accounts/{account}/api-keys", "/v1/accounts/{account}/api-keys/{key}"
	need := []string{"keys.manage"}
	return []row{
		{route: "GET " + all, who: signedIn, need: need, then: "200"},
		{route: "POST " + all, note: "for what they may", body: `{"name":"New","permissions":["keys.manage"]}`, who: inPerson, need: need, first: true, then: "201", changes: true},
		{route: "POST " + all, note: "for more", body: `{"name":"New","permissions":["keys.manage","members.manage"]}`, held: "members.manage",
			who: inPerson, need: need, first: true, then: "201", changes: true},
		{route: "GET " + one, who: signedIn, need: need, object: "key", hidden: true, then: "200"},
		{route: "PATCH " + one, body: `{"name":"Renamed {n}"}`, who: signedIn, need: need, object: "key", hidden: true, hand: true, ranked: true, then: "200", changes: true},
		{route: "DELETE " + one, who: signedIn, need: need, object: "key", hidden: true, ranked: true, then: "204", changes: true},
	}
}()
