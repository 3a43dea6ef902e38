package api

import (
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// tags are the subjects of the API, in the order of a reader who begins.
var tags = []*huma.Tag{
	{Name: "sign-in", Description: "Coming and going: passwords, links, and who is signed in."},
	{Name: "me", Description: "One's own place, identity and sessions."},
	{Name: "accounts", Description: "Accounts, their policy and their owners."},
	{Name: "members", Description: "The people of an account."},
	{Name: "invitations", Description: "The way in."},
	{Name: "departures", Description: "The way out: a plan, then what it does, and its receipt."},
	{Name: "access", Description: "Decisions for host products, as OpenID AuthZEN Authorization API 1.0 asks for them."},
	{Name: "resources", Description: "The things of the host product: who owns them and who works on them."},
	{Name: "roles", Description: "Named sets of rights."},
	{Name: "keys", Description: "API keys of an account, and the keys of the operator."},
	{Name: "areas", Description: "The parts of an account: modules and sub-accounts."},
	{Name: "credits", Description: "Prepaid credits: where they are, how they moved, and the records they were spent on."},
	{Name: "billing", Description: "What the seats of an account cost: the plan, the next invoice line by line, and those before it."},
	{Name: "events", Description: "The trail: who did what, when, and from where."},
	{Name: "server", Description: "About the server itself."},
}

// refusal is a way in which an operation says no: what its status means for every
// operation that has it, and the codes that it brings with it.
type refusal struct {
	meaning string
	codes   string
}

var refusals = map[int]refusal{
	http.StatusBadRequest:          {"Something in the request is not valid; errors names the fields.", "invalid unknown_field"},
	http.StatusUnauthorized:        {"Nobody is signed in with these credentials.", "unauthenticated"},
	http.StatusForbidden:           {"The caller may not do this.", "forbidden factor_required"},
	http.StatusNotFound:            {"There is no such thing, or it belongs to somebody else.", "not_found"},
	http.StatusConflict:            {"The state of things does not allow it.", ""},
	http.StatusGone:                {"The link, or the time for it, is over.", ""},
	http.StatusPreconditionFailed:  {"The object has changed since: the ETag in If-Match is stale.", "stale"},
	http.StatusUnprocessableEntity: {"Something in the request is not valid; errors names the fields.", "invalid unknown_field idempotency_mismatch"},
	http.StatusTooManyRequests:     {"The caller asks too often; Retry-After says how many seconds to wait.", "rate_limited"},
}

// anyRefusal is every refusal that no operation lists: what may meet any of them.
var anyRefusal = refusal{"What may meet any call: rights that changed meanwhile (409), a body that is too large (413), trouble on the side of the server (500, 503).",
	"rights_changed too_large internal unavailable"}

// describeRefusals gives every operation the refusals it can have, with their
// codes: huma knows of none.
func (d *door) describeRefusals() {
	components := d.huma.OpenAPI().Components
	components.Responses = map[string]*huma.Response{"Problem": d.refusal(anyRefusal)}
	for status, r := range refusals {
		if r.codes != "" {
			components.Responses[nameOf(status)] = d.refusal(r)
		}
	}
	d.eachOperation(func(path string, op *huma.Operation) {
		t := terms[op.OperationID]
		op.Description = strings.TrimSpace(t.about + " " + op.Description)
		op.Responses["default"] = &huma.Response{Ref: "#/components/responses/Problem"}
		for _, status := range refusalsOf(path, op) {
			op.Responses[strconv.Itoa(status)] = &huma.Response{Ref: "#/components/responses/" + nameOf(status)}
		}
		for status, own := range t.refuses {
			r := refusals[status]
			op.Responses[strconv.Itoa(status)] = d.refusal(refusal{r.meaning, strings.TrimSpace(r.codes + " " + own)})
		}
		if takes(op, ifNoneMatch) {
			op.Responses["304"] = &huma.Response{Description: "The object is what the caller knows."}
		}
	})
}

// eachOperation gives every operation of the description to the function.
func (d *door) eachOperation(see func(path string, op *huma.Operation)) {
	for path, item := range d.huma.OpenAPI().Paths {
		for _, op := range []*huma.Operation{item.Get, item.Post, item.Put, item.Patch, item.Delete} {
			if op != nil {
				see(path, op)
			}
		}
	}
}

// withCodes is where the description has the codes of a refusal for programs.
const withCodes = "x-codes"

func (d *door) refusal(r refusal) *huma.Response {
	listed := strings.Fields(r.codes)
	return &huma.Response{
		Description: r.meaning + " Codes: `" + strings.Join(listed, "`, `") + "`.",
		Content:     map[string]*huma.MediaType{"application/problem+json": {Schema: d.schema(reflect.TypeFor[Problem]())}},
		Extensions:  map[string]any{withCodes: listed},
	}
}

// nameOf is the name of the component of a status.
func nameOf(status int) string { return strings.ReplaceAll(http.StatusText(status), " ", "") }

// refusalsOf gives the statuses that the shape of an operation brings with it.
func refusalsOf(path string, op *huma.Operation) []int {
	statuses := []int{http.StatusUnprocessableEntity} // a parameter that nobody knows
	if strings.HasPrefix(path, "/access/") {
		statuses[0] = http.StatusBadRequest
	}
	if len(op.Security) > 0 {
		statuses = append(statuses, http.StatusUnauthorized)
	}
	if len(op.Security) > 0 || !safe(op.Method) { // from another site
		statuses = append(statuses, http.StatusForbidden)
	}
	if strings.Contains(path, "{") {
		statuses = append(statuses, http.StatusNotFound)
	}
	if takes(op, "If-Match") {
		statuses = append(statuses, http.StatusPreconditionFailed)
	}
	if !unlimited[path] {
		statuses = append(statuses, http.StatusTooManyRequests)
	}
	own, _ := op.Metadata[refusedWith].([]int)
	return append(statuses, own...)
}

func takes(op *huma.Operation, header string) bool {
	return slices.ContainsFunc(op.Parameters, func(p *huma.Param) bool { return p.In == "header" && p.Name == header })
}
