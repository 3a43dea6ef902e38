package matrix_test

var (
	manageInvitations = []string{"invitations.manage"}
	manageDepartures  = []string{"departures.manage"}
)

// invitationRoutes are about the offers of a place that wait; making them is
// with the additions.
var invitationRoutes = []row{
	{route: "GET /v1/accounts/{account}/invitations", who: signedIn, need: manageInvitations, then: "200"},
	{route: "GET /v1/accounts/{account}/invitations/{invitation}", who: signedIn, need: manageInvitations, object: "invitation", then: "200"},
	{route: "DELETE /v1/accounts/{account}/invitations/{invitation}", who: signedIn, need: manageInvitations, object: "invitation", given: true, then: "204", changes: true},
	{route: "POST /v1/accounts/{account}/invitations/{invitation}/resend", who: signedIn, need: manageInvitations, object: "invitation", given: true, guards: true, then: "200", changes: true},
	{route: "POST /v1/accounts/{account}/invitations/{invitation}/link", who: signedIn, need: manageInvitations, object: "invitation", given: true, guards: true, then: "200", changes: true},
}

// departureRoutes are the way out. Everybody may leave by themselves.
var departureRoutes = []row{
	{route: "GET /v1/accounts/{account}/departures", who: signedIn, need: manageDepartures, then: "200"},
	{route: "POST /v1/accounts/{account}/departures", body: `{"members":["{member}"],"kind":"deactivate"}`, who: signedIn, need: manageDepartures, own: true, object: "member", ranked: true, then: "201", changes: true},
	{route: "GET /v1/accounts/{account}/departures/{departure}", who: signedIn, need: manageDepartures, own: true, object: "departure", ranked: true, then: "200"},
	{route: "GET /v1/accounts/{account}/departures/{departure}", note: "applied", who: signedIn, need: manageDepartures, object: "departure that was applied", then: "200"},
	{route: "PATCH /v1/accounts/{account}/departures/{departure}", body: `{"kind":"remove"}`, who: signedIn, need: manageDepartures, own: true, object: "departure", ranked: true, then: "200", changes: true},
	{route: "PATCH /v1/accounts/{account}/departures/{departure}", note: "applied", body: `{"kind":"remove"}`, who: signedIn, need: manageDepartures, object: "departure that was applied", ranked: true, then: "409 departure_over"},
	{route: "DELETE /v1/accounts/{account}/departures/{departure}", who: signedIn, need: manageDepartures, own: true, object: "departure", ranked: true, then: "204", changes: true},
	{route: "POST /v1/accounts/{account}/departures/{departure}/apply", body: `{"digest":"{digest}"}`, who: signedIn, need: manageDepartures, own: true, object: "departure", ranked: true, proof: true, then: "200", changes: true},
	{route: "POST /v1/accounts/{account}/departures/{departure}/apply", note: "applied otherwise", body: `{"digest":"of another plan"}`, who: signedIn, need: manageDepartures, object: "departure that was applied", ranked: true, proof: true, then: "409 departure_over"},
	{route: "POST /v1/accounts/{account}/departures/{departure}/undo", who: signedIn, need: manageDepartures, object: "departure that was applied", ranked: true, proof: true, then: "200", changes: true},
	{route: "POST /v1/accounts/{account}/departures/{departure}/undo", note: "not applied", who: signedIn, need: manageDepartures, own: true, object: "departure", ranked: true, proof: true, then: "409 departure_open"},
	{route: "GET /v1/accounts/{account}/departures/{departure}/receipt", who: signedIn, need: manageDepartures, object: "departure that was applied", then: "200"},
	{route: "GET /v1/accounts/{account}/departures/{departure}/receipt", note: "not applied", who: signedIn, need: manageDepartures, own: true, object: "departure", then: "409 departure_open"},
}
