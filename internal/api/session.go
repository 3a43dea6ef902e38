package api

import (
	"net/http"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-json-experiment/json"

	"tenure/internal/access"
	"tenure/internal/fault"
)

// WhoAmI is what a host app asks on every request.
type WhoAmI struct {
	UserID      string    `json:"user_id"`
	MemberID    string    `json:"member_id"`
	AccountID   string    `json:"account_id"`
	Email       string    `json:"email"`
	Role        string    `json:"role"`
	Permissions []string  `json:"permissions" doc:"Such as members.read."`
	Modules     []string  `json:"modules" doc:"Ids of the modules that the member may open."`
	ModuleKeys  []string  `json:"module_keys" doc:"The keys of the modules, in their order."`
	SubAccounts []string  `json:"sub_accounts" doc:"Ids of sub-accounts."`
	ExpiresAt   time.Time `json:"expires_at"`
	ProvenUntil time.Time `json:"proven_until" doc:"Until when what matters most is done without POST /v1/me/step-up."`
}

// session registers the hot path as a plain handler: it decodes nothing, reads
// no store, and is documented by hand.
func (d *door) session() {
	headers := map[string]*huma.Header{}
	for _, name := range namedBy {
		headers[name] = always(huma.TypeString, "What the body says too, for a proxy.")
	}
	d.huma.OpenAPI().AddOperation(&huma.Operation{
		Method: http.MethodGet, Path: "/v1/session", OperationID: "get-session", Tags: []string{"sign-in"},
		Summary:  "Who am I",
		Security: []map[string][]string{{"session": {}}, {"bearer": {}}},
		Responses: map[string]*huma.Response{
			"200": {Description: "OK", Headers: headers, Content: map[string]*huma.MediaType{"application/json": {Schema: d.schema(reflect.TypeFor[WhoAmI]())}}},
		},
	})
	d.plain("GET /v1/session", func(w http.ResponseWriter, r *http.Request) {
		routeOf(r.Context()).quiet = true
		c := callerOf(r.Context())
		if c.err == nil && c.actor.Kind != access.Member {
			c.err = fault.Unauthenticated()
		}
		if c.err != nil {
			d.refuse(r.Context(), c.err).write(w)
			return
		}
		if err := takesNoQuery(r); err != nil {
			d.refuse(r.Context(), err).write(w)
			return
		}
		a := c.actor
		named(w.Header(), a)
		if known := c.rendered.Load(); known != nil {
			sayAgain(w, *known)
			return
		}
		whole, err := json.Marshal(WhoAmI{
			UserID: string(a.User), MemberID: string(a.Member), AccountID: string(a.Account), Email: a.Email, Role: a.Role.Key,
			Permissions: texts(a.Role.All()), Modules: texts(a.Modules), ModuleKeys: a.ModuleKeys, SubAccounts: texts(a.SubAccounts), ExpiresAt: c.expires,
			ProvenUntil: a.ProvenUntil(),
		}, json.Deterministic(true))
		if err != nil {
			d.refuse(r.Context(), err).write(w)
			return
		}
		c.rendered.Store(&whole)
		sayAgain(w, whole)
	})
}

// takesNoQuery refuses every parameter. Faults: unknown_field.
func takesNoQuery(r *http.Request) error {
	if r.URL.RawQuery == "" {
		return nil
	}
	return fault.Unprocessable(unknownField, "This takes no parameters.")
}

// sayAgain writes an answer that was encoded before.
func sayAgain(w http.ResponseWriter, whole []byte) {
	w.Header()["Content-Type"] = asJSON
	_, _ = w.Write(whole) // the caller is gone, or reads it
}

// named says who it is once more, in headers, for a proxy that asks here whether
// to let a request through and passes them on (the guide on forward
// authentication). All are there or none is.
func named(h http.Header, a access.Actor) {
	values := []string{string(a.User), string(a.Member), string(a.Account), a.Role.Key}
	for i, name := range namedBy {
		h[name] = values[i : i+1 : i+1]
	}
}

// namedBy are the headers in which a session is named.
var namedBy = [...]string{"X-Tenure-User", "X-Tenure-Member", "X-Tenure-Account", "X-Tenure-Role"}

func (d *door) schema(t reflect.Type) *huma.Schema {
	return d.huma.OpenAPI().Components.Schemas.Schema(t, true, "")
}
