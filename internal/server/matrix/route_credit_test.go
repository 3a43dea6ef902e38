package matrix_test

// creditRoutes are about credits and what they are spent on. Downloads are free
// in the accounts of the matrix, so that an answer never depends on a balance.
var creditRoutes = func() []row {
	const all, record = "/v1/accounts/{account}/credits", "/v1/accounts/{account}/records/{record}"
	manage, own := []string{"credits.manage"}, []string{"credits.manage", "credits.spend"}
	see := []string{"credits.manage", "credits.spend", "resources.read"}
	return []row{
		{route: "GET " + all, who: signedIn, need: own, then: "200"},
		{route: "PUT " + all + "/price", body: `{"price":0}`, who: signedIn, need: manage, machine: true, then: "200"},
		{route: "POST " + all + "/purchases", body: `{"amount":1}`, who: operators, then: "201", changes: true},
		{route: "POST " + all + "/transfers", note: "to somebody", body: `{"from":"company","to":"{member}","amount":1}`, who: signedIn, need: manage, object: "member", then: "201", changes: true},
		{route: "POST " + all + "/transfers", note: "from somebody who has none", body: `{"from":"{member}","to":"company","amount":1000}`, who: signedIn, need: manage,
			object: "member", ranked: true, wallet: true, then: "409 insufficient_credits"},
		{route: "GET " + all + "/entries", who: signedIn, need: own, then: "200"},
		{route: "GET " + all + "/entries", note: "about themselves", query: "member={self}", who: signedIn, need: own, then: "200"},
		{route: "GET " + all + "/entries", note: "about somebody", query: "member={other}", who: signedIn, need: manage, then: "200"},
		{route: "GET /v1/accounts/{account}/records", who: signedIn, need: see, then: "200"},
		{route: "GET /v1/accounts/{account}/downloads", who: signedIn, need: see, then: "200"},
		{route: "GET " + record + "/download", who: signedIn, need: see, then: "200"},
		{route: "POST " + record + "/download", body: `{"member":"{member}"}`, who: signedIn, need: []string{"credits.spend"}, object: "member", ranked: true, wallet: true, proxy: true,
			then: "200", changes: true},
		{route: "PUT " + record + "/price", body: `{"price":{digits}}`, who: signedIn, need: manage, machine: true, then: "200", changes: true},
	}
}()
