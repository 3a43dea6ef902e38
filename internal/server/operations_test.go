package server_test

import (
	"encoding/json"
	"maps"
	"slices"
	"sort"
	"strings"
	"testing"

	"tenure/internal/server/servertest"
)

type (
	obj  = servertest.Map
	list = []any
)

// operation is one operation of the contract, as the server describes it.
type operation struct {
	id, method, path string
	open             bool     // takes no credentials
	headers, queries []string // the names of what it takes there
	answers          []string // statuses
	fields           []string // the names of those of its body
}

// described is what the tests read of the description.
type described struct {
	Paths map[string]map[string]struct {
		OperationID string                `json:"operationId"`
		Security    []map[string][]string `json:"security"`
		Parameters  []struct{ Name, In string }
		RequestBody struct {
			Content map[string]struct {
				Schema struct {
					Ref string `json:"$ref"`
				}
			}
		}
		Responses map[string]any
	}
	Components struct {
		Schemas map[string]struct{ Properties map[string]any }
	}
}

// operations reads every operation from the description that the server gives.
func operations(t testing.TB, s *servertest.Server) []operation {
	t.Helper()
	var document described
	if err := json.Unmarshal(s.Nobody(t).Get("/openapi.json").OK().Body, &document); err != nil {
		t.Fatal(err)
	}
	var all []operation
	for path, methods := range document.Paths {
		for method, op := range methods {
			o := operation{
				id: op.OperationID, method: strings.ToUpper(method), path: path, open: len(op.Security) == 0,
				answers: slices.Sorted(maps.Keys(op.Responses)),
			}
			for _, p := range op.Parameters {
				switch p.In {
				case "header":
					o.headers = append(o.headers, p.Name)
				case "query":
					o.queries = append(o.queries, p.Name)
				}
			}
			body := strings.TrimPrefix(op.RequestBody.Content["application/json"].Schema.Ref, "#/components/schemas/")
			o.fields = slices.Sorted(maps.Keys(document.Components.Schemas[body].Properties))
			all = append(all, o)
		}
	}
	sort.Slice(all, func(i, j int) bool { return all[i].id < all[j].id })
	if len(all) < 50 {
		t.Fatalf("only %d operations are described", len(all))
	}
	return all
}

// once reports whether the operation honours an Idempotency-Key.
func (o operation) once() bool { return slices.Contains(o.headers, "Idempotency-Key") }

// operators reports whether the operation is about what only the operator has.
func (o operation) operators() bool {
	return o.id == "add-owner" || o.id == "purchase-credits" || o.id == "plan-billing" || strings.HasPrefix(o.path, "/v1/operator-")
}

// at fills in the path.
func (o operation) at(ids map[string]string) string {
	path := o.path
	for name, id := range ids {
		path = strings.ReplaceAll(path, "{"+name+"}", id)
	}
	return path
}

// sample is a body that is well-formed for the operation and names nobody's
// objects. An operation that is not here takes no body.
var sample = map[string]any{
	"create-account":     obj{"name": "Other", "preset": "team", "owner": obj{"email": "other@other.example", "first_name": "O", "last_name": "Other"}},
	"change-account":     obj{"name": "Renamed"},
	"add-owner":          obj{"email": "rescue@rescue.example", "reason": "lost"},
	"create-module":      obj{"key": "extra", "name": "Extra"},
	"change-module":      obj{"name": "Renamed"},
	"create-sub-account": obj{"name": "Extra"},
	"change-sub-account": obj{"name": "Renamed"},
	"add-member":         obj{"first_name": "A", "last_name": "Added", "email": "added@added.example", "role": "admin", "active": true},
	"change-member":      obj{"job_title": "Changed"},
	"change-members":     obj{"members": list{"mem_00000000000000000000000000"}, "role": "admin"},
	"invite":             obj{"emails": list{"invited@invited.example"}, "role": "admin"},
	"plan-departure":     obj{"members": list{"mem_00000000000000000000000000"}, "kind": "deactivate"},
	"decide-departure":   obj{"decisions": obj{"invitations": obj{"withdraw": true}}},
	"apply-departure":    obj{"digest": "0"},
	"change-me":          obj{"job_title": "Changed"},
	"change-password":    obj{"current": "wrong wrong wrong wrong", "new": servertest.Password + " again"},
	"request-email":      obj{"email": "new@new.example", "password": "wrong wrong wrong wrong"},
	"inspect-invitation": obj{"token": "ti_nonsense"},
	"accept-invitation":  obj{"token": "ti_nonsense"},
	"decline-invitation": obj{"token": "ti_nonsense"},
	"sign-in":            obj{"email": "nobody@nobody.example", "password": "wrong wrong wrong wrong"},
	"sign-up":            obj{"name": "N", "preset": "team", "email": "sign@up.example", "first_name": "S", "last_name": "Up"},
	"confirm-sign-up":    obj{"token": "tu_nonsense", "password": servertest.Password},
	"forget-password":    obj{"email": "nobody@nobody.example"},
	"reset-password":     obj{"token": "tr_nonsense", "password": servertest.Password},
	"confirm-email":      obj{"token": "te_nonsense"},
	"create-api-key":     obj{"name": "Extra", "permissions": list{"members.read"}},
	"change-api-key":     obj{"name": "Renamed"},
	"add-operator-key":   obj{"name": "Extra"},
	"purchase-credits":   obj{"amount": 10},
	"transfer-credits":   obj{"from": "company", "to": "mem_00000000000000000000000000", "amount": 1},
	"price-downloads":    obj{"price": 2},
	"price-record":       obj{"price": 2},
	"plan-billing":       obj{"price": 1000, "currency": "EUR", "period": "month", "anchor": 1},
	"set-payer":          obj{"company": "Extra"},
	"create-role":        obj{"name": "Extra", "permissions": list{"members.read"}},
	"change-role":        obj{"name": "Renamed"},
	"evaluate":           asking("member", "mem_00000000000000000000000000", "resources.read", "1"),
	"evaluate-many":      asking("member", "mem_00000000000000000000000000", "resources.read", "1"),
	"put-resource-type":  obj{"name": "Extra", "on_leave": "ask"},
	"put-resource":       obj{"name": "Renamed"},
	"add-activity":       obj{"kind": "visit", "note": "Extra"},
	"set-clock":          obj{"now": "2030-01-01T00:00:00Z"},

	"answer-challenge":     obj{"challenge": "tf_nonsense", "code": "000000"},
	"mail-code":            obj{"challenge": "tf_nonsense"},
	"confirm-my-factor":    obj{"code": "000000"},
	"renew-recovery-codes": obj{"code": "000000"},
	"remove-my-factor":     obj{"code": "000000"},
	"step-up":              obj{"password": "wrong wrong wrong wrong"},
}

// missing is an identifier of each kind that nobody has.
var missing = map[string]string{
	"account": "acc_00000000000000000000000000", "member": "mem_00000000000000000000000000", "invitation": "inv_00000000000000000000000000",
	"departure": "dep_00000000000000000000000000", "session": "ses_00000000000000000000000000", "module": "mod_00000000000000000000000000",
	"sub_account": "sub_00000000000000000000000000", "role": "nobodys", "key": "key_00000000000000000000000000", "operator_key": "opk_0000000000000000", "record": "unheard-of",
	"type": "nobodys", "id": "0", "invoice": "bil_00000000000000000000000000",
}

// stocked is a company with one object of every kind.
func stocked(t testing.TB, s *servertest.Server, preset, domain string) (*servertest.Company, map[string]string) {
	t.Helper()
	c := s.Found(t, preset, "Company "+domain, "owner@"+domain)
	o := c.Owner
	module := o.Post(c.Path("/modules"), obj{"key": "stock", "name": "Stock"}).OK()
	sub := o.Post(c.Path("/sub-accounts"), obj{"name": "Stock"}).OK()
	added := o.Post(c.Path("/members"), obj{"first_name": "S", "last_name": "Stock", "email": "stock@" + domain, "active": false,
		"modules": modulesFor(preset, module.Text("id"))}).OK()
	invited := o.Post(c.Path("/invitations"), obj{"emails": list{"pending@" + domain}, "modules": modulesFor(preset, module.Text("id"))}).OK()
	o.Post(c.Path("/members/"+added.Text("id")+"/activate"), nil).OK()
	plan := o.Post(c.Path("/departures"), obj{"members": list{added.Text("id")}, "kind": "deactivate"}).OK()
	sessions := o.Get("/v1/me/sessions").OK()
	key := o.Post(c.Path("/api-keys"), obj{"name": "Stock", "permissions": list{"members.read"}}).OK()
	role := o.Post(c.Path("/roles"), obj{"name": "Stock of " + domain}).OK()
	operators := s.Operator(t).Post("/v1/operator-keys", obj{"name": "Stock of " + domain}).OK()
	s.Operator(t).Put(c.Path("/billing"), obj{"price": 0, "currency": "EUR", "period": "month"}).OK()
	invoices := o.Get(c.Path("/invoices")).OK()
	o.Call("PUT", c.Path("/resource-types/stock"), obj{"name": "Stock", "on_leave": "leave"}).OK()
	o.Call("PUT", c.Path("/resources/stock/17"), obj{"name": "Stock"}).OK()
	return c, map[string]string{
		"type": "stock", "id": "17",
		"account": c.ID, "record": "stock", "member": added.Text("id"), "invitation": invited.Text("results.0.invitation.id"), "departure": plan.Text("id"),
		"session": sessions.Text("items.0.id"), "module": module.Text("id"), "sub_account": sub.Text("id"),
		"role": role.Text("key"), "key": key.Text("id"), "operator_key": operators.Text("id"), "invoice": invoices.Text("items.0.id"),
	}
}

func modulesFor(preset, module string) list {
	if preset == "portal" {
		return list{module}
	}
	return list{}
}
