package matrix_test

// billingRoutes are about seats and money. No role of the matrix is billable, so
// that a plan charges nobody and no answer depends on a limit.
var billingRoutes = func() []row {
	const all = "/v1/accounts/{account}/billing"
	need := []string{"billing.manage"}
	return []row{
		{route: "GET " + all, who: signedIn, need: need, then: "200"},
		{route: "PUT " + all, body: `{"price":{digits},"currency":"EUR","period":"month","anchor":31}`, who: operators, then: "200", changes: true},
		{route: "GET " + all + "/upcoming", who: signedIn, need: need, then: "200"},
		{route: "GET " + all + "/seats", who: signedIn, need: need, then: "200"},
		{route: "GET " + all + "/payment", who: signedIn, need: need, then: "200"},
		{route: "PUT " + all + "/payment", body: `{"company":"Company {n}"}`, who: signedIn, need: need, then: "200", changes: true},
		{route: "PUT " + all + "/payment", note: "stale", body: `{"company":"Stale"}`, header: map[string]string{"If-Match": `"999999"`}, who: signedIn, need: need, then: "412 stale"},
		{route: "GET /v1/accounts/{account}/invoices", who: signedIn, need: need, then: "200"},
		{route: "GET /v1/accounts/{account}/invoices/{invoice}", who: signedIn, need: need, object: "invoice", then: "200"},
	}
}()
