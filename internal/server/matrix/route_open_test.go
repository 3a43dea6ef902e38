package matrix_test

// openRoutes are for anybody: credentials change nothing about their answers.
var openRoutes = []row{
	{route: "GET /healthz", then: "200"},
	{route: "GET /readyz", then: "200"},
	{route: "GET /metrics", then: "200"},
	{route: "GET /openapi.json", then: "200"},
	{route: "GET /.well-known/tenure-keys.json", then: "200"},
	{route: "GET /v1/about", then: "200"},
	{route: "GET /{path...}", then: "200"},
	{route: "GET /mailbox/{path...}", then: "200"},

	{route: "POST /v1/sign-up", body: `{"name":"N","preset":"team","email":"sign-up{n}@new.example","first_name":"S","last_name":"Up"}`, then: "202", changes: true},
	{route: "POST /v1/sign-up/confirm", body: `{"token":"tu_nonsense","password":"a long enough password"}`, then: "404 not_found"},
	{route: "POST /v1/sign-in", body: `{"email":"nobody{n}@new.example","password":"wrong wrong wrong"}`, then: "401 bad_credentials", changes: true},
	{route: "POST /v1/sign-in/totp", body: `{"challenge":"tf_nonsense","code":"000000"}`, then: "404 not_found"},
	{route: "POST /v1/sign-in/totp/mail-code", body: `{"challenge":"tf_nonsense"}`, then: "404 not_found"},
	{route: "POST /v1/sign-out", then: "204", self: true, changes: true},
	{route: "POST /v1/password/forgot", body: `{"email":"nobody{n}@new.example"}`, then: "202", changes: true},
	{route: "POST /v1/password/reset", body: `{"token":"tr_nonsense","password":"a long enough password"}`, then: "404 not_found"},
	{route: "POST /v1/email/confirm", body: `{"token":"te_nonsense"}`, then: "404 not_found"},
	{route: "POST /v1/invitations/inspect", body: `{"token":"ti_nonsense"}`, then: "404 not_found"},
	{route: "POST /v1/invitations/accept", body: `{"token":"ti_nonsense","password":"a long enough password"}`, then: "404 not_found"},
	{route: "POST /v1/invitations/decline", body: `{"token":"ti_nonsense"}`, then: "404 not_found"},
}

// ownRoutes are about the caller's own identity and place.
var ownRoutes = []row{
	{route: "GET /v1/session", who: oneself, then: "200"},
	{route: "GET /v1/me", who: inPerson, newcomer: true, then: "200"},
	{route: "PATCH /v1/me", body: `{"job_title":"Title {n}"}`, who: inPerson, self: true, then: "200", changes: true},
	{route: "POST /v1/me/password", body: `{"current":"{password}","new":"seven violet herons waiting"}`, who: inPerson, self: true, then: "204", changes: true},
	{route: "POST /v1/me/email", body: `{"email":"next{n}@new.example","password":"{password}"}`, who: inPerson, first: true, self: true, then: "202", changes: true},
	{route: "GET /v1/me/totp", who: inPerson, newcomer: true, then: "200"},
	{route: "POST /v1/me/totp", who: inPerson, newcomer: true, plain: true, first: true, self: true, then: "200", changes: true},
	{route: "POST /v1/me/totp/confirm", note: "without setting it up", body: `{"code":"000000"}`, who: inPerson, newcomer: true, plain: true, first: true, self: true, then: "409 factor_not_begun", changes: true},
	{route: "POST /v1/me/totp/recovery-codes", note: "without one", body: `{"code":"000000"}`, who: inPerson, newcomer: true, plain: true, self: true, then: "409 factor_not_enabled", changes: true},
	{route: "DELETE /v1/me/totp", note: "without one", body: `{"code":"000000"}`, who: inPerson, newcomer: true, plain: true, first: true, self: true, then: "409 factor_not_enabled", changes: true},
	{route: "POST /v1/me/step-up", body: `{"password":"{password}"}`, who: inPerson, newcomer: true, plain: true, self: true, then: "204", changes: true},
	{route: "GET /v1/me/sessions", who: inPerson, then: "200"},
	{route: "DELETE /v1/me/sessions", who: inPerson, self: true, then: "200", changes: true},
	{route: "DELETE /v1/me/sessions/{session}", who: inPerson, self: true, object: "my session", then: "204", changes: true},
	{route: "GET /v1/me/accounts", who: inPerson, newcomer: true, then: "200"},
	{route: "POST /v1/me/accounts/{account}/switch", who: inPerson, newcomer: true, self: true, places: true, then: "200", changes: true},
}

// operatorRoutes are for who runs the server.
var operatorRoutes = []row{
	{route: "GET /v1/clock", who: operators, then: "200"},
	{route: "PUT /v1/clock", body: `{"now":"{now}"}`, who: operators, then: "200"},
	{route: "GET /v1/accounts", who: operators, then: "200"},
	{route: "POST /v1/accounts", who: operators, then: "201", changes: true,
		body: `{"name":"Other","preset":"team","owner":{"email":"first{n}@new.example","first_name":"F","last_name":"Irst"}}`},
	{route: "GET /v1/operator-keys", who: operators, then: "200"},
	{route: "POST /v1/operator-keys", body: `{"name":"New {n}"}`, who: operators, then: "201", changes: true},
	{route: "GET /v1/operator-keys/{operator_key}", who: operators, object: "operator key", then: "200"},
	{route: "DELETE /v1/operator-keys/{operator_key}", who: operators, object: "operator key", then: "204", changes: true},
	{route: "GET /v1/operator-events", who: operators, then: "200"},
	{route: "POST /v1/accounts/{account}/owners", note: "by address", body: `{"email":"rescue{n}@new.example","reason":"lost"}`, who: operators, then: "200", changes: true},
	{route: "POST /v1/accounts/{account}/owners", note: "by promotion", body: `{"member":"{member}","reason":"lost"}`, who: operators, object: "member", then: "200", changes: true},
}
