package matrix_test

// accessRoutes are what host products ask: a key about anybody of its account, a
// session about itself.
var accessRoutes = func() []row {
	const rest = `"action":{"name":"members.read"},"resource":{"type":"account","id":"{ours}"}`
	need := []string{"members.read", "resources.read"}
	one, many := "POST /access/v1/evaluation", "POST /access/v1/evaluations"
	return []row{
		{route: one, note: "about themselves", body: `{"subject":{"type":"member","id":"{self}","properties":{"account":"{home}"}},` + rest + `}`, who: signedIn, need: need, about: "oneself", then: "200"},
		{route: one, note: "about somebody", body: `{"subject":{"type":"member","id":"{other}","properties":{"account":"{ours}"}},` + rest + `}`, who: signedIn, need: need, about: "another", then: "200"},
		{route: many, note: "about somebody", body: `{"subject":{"type":"member","id":"{other}","properties":{"account":"{ours}"}},` + rest + `,"evaluations":[{}]}`, who: signedIn, need: need, about: "another", then: "200"},
	}
}()
