package server_test

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"tenure/internal/server/servertest"
)

// naming is every place of a body that names an object, each with a body that
// has the identifier there. A name in braces stands for one of the caller's own.
var naming = []struct {
	operation, place, kind string
	body                   func(id string) any
}{
	{"plan-departure", "members.[]", "member", func(id string) any { return obj{"members": list{id}, "kind": "deactivate"} }},
	{"plan-departure", "decisions.credits.to", "member", func(id string) any { return parting(obj{"credits": obj{"to": id}}) }},
	{"plan-departure", "decisions.resources.default.to", "member", func(id string) any { return parting(given(obj{"default": obj{"to": id}})) }},
	{"plan-departure", "decisions.resources.by_type.*.to", "member", func(id string) any { return parting(given(obj{"by_type": obj{"stock": obj{"to": id}}})) }},
	{"plan-departure", "decisions.resources.by_id.*.to", "member", func(id string) any { return parting(given(obj{"by_id": obj{"stock/17": obj{"to": id}}})) }},
	{"plan-departure", "decisions.resources.split.[]", "member", func(id string) any { return parting(given(obj{"split": list{id, "{owner}"}})) }},
	{"decide-departure", "decisions.credits.to", "member", func(id string) any { return obj{"decisions": obj{"credits": obj{"to": id}}} }},
	{"decide-departure", "decisions.resources.default.to", "member", func(id string) any { return deciding(given(obj{"default": obj{"to": id}})) }},
	{"decide-departure", "decisions.resources.by_type.*.to", "member", func(id string) any { return deciding(given(obj{"by_type": obj{"stock": obj{"to": id}}})) }},
	{"decide-departure", "decisions.resources.by_id.*.to", "member", func(id string) any {
		return deciding(given(obj{"by_id": obj{"stock/17": obj{"to": id}}}))
	}},
	{"decide-departure", "decisions.resources.split.[]", "member", func(id string) any { return deciding(given(obj{"split": list{id, "{owner}"}})) }},
	{"change-members", "members.[]", "member", func(id string) any { return obj{"members": list{id}, "role": "admin"} }},
	{"change-members", "role", "role", func(id string) any { return obj{"members": list{"{member}"}, "role": id} }},
	{"change-members", "modules.[]", "module", func(id string) any { return obj{"members": list{"{member}"}, "modules": list{id}} }},
	{"change-members", "sub_accounts.[]", "sub_account", func(id string) any { return obj{"members": list{"{member}"}, "sub_accounts": list{id}} }},
	{"invite", "role", "role", func(id string) any { return obj{"emails": list{"x@mine.example"}, "role": id} }},
	{"invite", "modules.[]", "module", func(id string) any { return obj{"emails": list{"x@mine.example"}, "modules": list{id}} }},
	{"invite", "sub_accounts.[]", "sub_account", func(id string) any {
		return obj{"emails": list{"x@mine.example"}, "role": "admin", "sub_accounts": list{id}}
	}},
	{"add-member", "role", "role", func(id string) any { return adding(obj{"role": id}) }},
	{"add-member", "modules.[]", "module", func(id string) any { return adding(obj{"modules": list{id}}) }},
	{"add-member", "sub_accounts.[]", "sub_account", func(id string) any { return adding(obj{"role": "admin", "sub_accounts": list{id}}) }},
	{"change-member", "role", "role", func(id string) any { return obj{"role": id} }},
	{"change-member", "modules.[]", "module", func(id string) any { return obj{"modules": list{id}} }},
	{"change-member", "sub_accounts.[]", "sub_account", func(id string) any { return obj{"sub_accounts": list{id}} }},
	{"transfer-credits", "from", "member", func(id string) any { return obj{"from": id, "to": "company", "amount": 1} }},
	{"transfer-credits", "to", "member", func(id string) any { return obj{"from": "company", "to": id, "amount": 1} }},
	{"download-record", "member", "member", func(id string) any { return obj{"member": id} }},
	{"add-owner", "member", "member", func(id string) any { return obj{"member": id, "reason": "lost"} }},
	{"put-resource", "owner", "member", func(id string) any { return obj{"owner": id} }},
	{"put-resource", "sub_account", "sub_account", func(id string) any { return obj{"sub_account": id} }},
	{"add-activity", "member", "member", func(id string) any { return obj{"kind": "visit", "member": id} }},
	{"import-resources", "", "member", func(id string) any { return `{"type":"stock","id":"17","name":"Stock","owner":"` + id + `"}` }},
	{"evaluate", "subject.id", "member", func(id string) any { return asked(id, "17") }},
	{"evaluate", "subject.properties.*", "account", func(id string) any { return askedIn(id, "") }},
	{"evaluate", "resource.id", "id", func(id string) any { return asked("{member}", id) }},
	{"evaluate", "resource.properties.*", "sub_account", func(id string) any { return askedIn("{account}", id) }},
	{"evaluate-many", "subject.id", "member", func(id string) any { return asked(id, "17") }},
	{"evaluate-many", "subject.properties.*", "account", func(id string) any { return askedIn(id, "") }},
	{"evaluate-many", "resource.id", "id", func(id string) any { return asked("{member}", id) }},
	{"evaluate-many", "resource.properties.*", "sub_account", func(id string) any { return askedIn("{account}", id) }},
	{"evaluate-many", "evaluations.[].subject.id", "member", func(id string) any {
		return obj{"evaluations": list{asked(id, "17")}}
	}},
	{"evaluate-many", "evaluations.[].subject.properties.*", "account", func(id string) any { return obj{"evaluations": list{askedIn(id, "")}} }},
	{"evaluate-many", "evaluations.[].resource.id", "id", func(id string) any {
		return obj{"evaluations": list{asked("{member}", id)}}
	}},
	{"evaluate-many", "evaluations.[].resource.properties.*", "sub_account", func(id string) any {
		return obj{"evaluations": list{askedIn("{account}", id)}}
	}},
	{"sign-in", "account", "account", func(id string) any {
		return obj{"email": "owner@mine.example", "password": servertest.Password, "account": id}
	}},
}

// parting is the departure of a member with decisions.
func parting(decisions obj) obj {
	return obj{"members": list{"{leaver}"}, "kind": "deactivate", "decisions": decisions}
}

// deciding takes decisions, and takes back what was decided about credits.
func deciding(decisions obj) obj {
	decisions["credits"] = nil
	return obj{"decisions": decisions}
}

// given are decisions about resources.
func given(to obj) obj { return obj{"resources": to} }

// adding is a member to be added, with more about them.
func adding(more obj) obj {
	body := obj{"first_name": "A", "last_name": "B", "email": "x@mine.example", "active": true}
	maps.Copy(body, more)
	return body
}

// asked is a question about a member and a resource of the caller's account.
func asked(member, resource string) obj {
	question := asking("member", member, "resources.read", resource)
	question["subject"].(obj)["properties"] = obj{"account": "{account}"}
	question["resource"].(obj)["type"] = "stock"
	return question
}

// askedIn is a question about an account, and about one of its parts where there
// is one.
func askedIn(account, sub string) obj {
	question := asked("{member}", "17")
	question["subject"].(obj)["properties"] = obj{"account": account}
	if sub != "" {
		question["resource"].(obj)["properties"] = obj{"sub_account": sub}
	}
	return question
}

// nameless are the places that hold text of their own, which names no object:
// the last part of the place, or two where one is not enough.
var nameless = []string{
	"name", "email", "emails.[]", "first_name", "last_name", "locale", "accent", "logo", "email_domains.[]", "permissions.[]", "anchor", "currency",
	"city", "company", "country", "postal_code", "reference", "street", "vat_id", "note", "phone", "digest", "message", "job_title", "key", "reason",
	"words.*", "token", "code", "password", "current", "new", "challenge", "kind",
	"action.properties.*", "context.*", "subject.type", "resource.type",
}

// TestForeignAndMissingAreAlikeInBodies: what a body names of another account is
// answered like what nobody has. Only the identifier itself may come back, as it
// was given, and nothing in the store changes.
func TestForeignAndMissingAreAlikeInBodies(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		mine, own := stocked(t, s, "portal", "mine.example")
		other, theirs := stocked(t, s, "portal", "theirs.example")
		leaver := mine.Invite("leaver@mine.example", "admin", nil)
		own["owner"], own["leaver"], theirs["id"] = mine.Owner.Member, leaver.Member, "18"
		other.Owner.Put(other.Path("/resources/stock/18"), obj{"name": "Stock"}).OK()
		mine.Owner.Put(mine.Path("/resources/stock/17"), obj{"name": "Stock", "owner": leaver.Member}).OK()
		own["departure"] = mine.Owner.Post(mine.Path("/departures"), obj{"members": list{leaver.Member}, "kind": "deactivate"}).OK().Text("id")
		byID := map[string]operation{}
		for _, o := range operations(t, s) {
			byID[o.id] = o
		}
		for _, n := range naming {
			o, client := byID[n.operation], mine.Owner.Client
			switch n.operation {
			case "add-owner", "download-record", "evaluate", "evaluate-many":
				client = s.Operator(t)
			case "import-resources":
				client = client.With("Content-Type", "application/x-ndjson")
			case "sign-in":
				client = s.Nobody(t)
			}
			before := contents(t, s, n.operation)
			call := func(id string) (int, string) {
				if n.operation == "decide-departure" { // which adds to what was decided before
					client.Patch(o.at(own), obj{"decisions": obj{"resources": nil, "credits": nil, "invitations": nil}}).OK()
				}
				a := client.Call(o.method, o.at(own), filled(t, n.body(id), own))
				said := fresh.ReplaceAllString(string(a.Body), "…")
				if n.kind != "id" { // one of a figure stands in other words, too
					said = strings.ReplaceAll(said, id, "{"+n.kind+"}")
				}
				return a.Status, said
			}
			foreign, said := call(theirs[n.kind])
			absent, alike := call(missing[n.kind])
			if foreign != absent || said != alike {
				t.Errorf("%s with a foreign %s in %s: %d %s, with a missing one: %d %s", n.operation, n.kind, n.place, foreign, said, absent, alike)
			}
			if after := contents(t, s, n.operation); after != before {
				t.Errorf("%s with a foreign %s in %s changed something:\n%s", n.operation, n.kind, n.place, servertest.Difference(before, after))
			}
		}
	})
}

// fresh is what each plan has of its own: its id, its digest and its times.
var fresh = regexp.MustCompile(`dep_[0-9a-z]{26}|"[0-9a-f]{64}"|"\d{4}-\d\d-\d\dT[^"]*"`)

// contents is what an operation may not change when it is given what is not the
// caller's. A plan takes any decision, and says that it cannot be applied so.
func contents(t *testing.T, s *servertest.Server, operation string) string {
	t.Helper()
	all := strings.Split(s.Contents(t, servertest.OnTheWay...), "\n")
	if strings.HasSuffix(operation, "-departure") {
		all = slices.DeleteFunc(all, func(row string) bool { return strings.HasPrefix(row, "departure") || strings.HasPrefix(row, "heads ") })
	}
	return strings.Join(all, "\n")
}

// filled writes a body with the caller's own identifiers in it.
func filled(t *testing.T, body any, own map[string]string) string {
	t.Helper()
	text, raw := body.(string)
	if !raw {
		written, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		text = string(written)
	}
	for name, id := range own {
		text = strings.ReplaceAll(text, "{"+name+"}", id)
	}
	return text
}

// TestEveryPlaceThatNamesAnObjectIsTried holds the list above against the
// description: a field of text that is new is in it, or names nothing.
func TestEveryPlaceThatNamesAnObjectIsTried(t *testing.T) {
	s := servertest.Start(t, "sqlite")
	var document schemaless
	if err := json.Unmarshal(s.Nobody(t).Get("/openapi.json").OK().Body, &document); err != nil {
		t.Fatal(err)
	}
	tried := map[string]bool{}
	for _, n := range naming {
		tried[n.operation+" "+n.place] = false
	}
	for _, methods := range document.Paths {
		for _, o := range methods {
			for _, content := range o.RequestBody.Content {
				document.texts(content.Schema, "", nil, func(place string) {
					at := o.OperationID + " " + place
					if _, listed := tried[at]; listed {
						tried[at] = true
					} else if !slices.ContainsFunc(nameless, func(end string) bool { return place == end || strings.HasSuffix(place, "."+end) }) {
						t.Errorf("%s: does it name an object? Then it belongs into naming", at)
					}
				})
			}
		}
	}
	for at, described := range tried {
		if !described {
			t.Errorf("%s is not in the description", at)
		}
	}
}

// schemaless is the description with its schemas as they stand.
type schemaless struct {
	Paths map[string]map[string]struct {
		OperationID string `json:"operationId"`
		RequestBody struct {
			Content map[string]struct{ Schema obj }
		}
	}
	Components struct{ Schemas map[string]obj }
}

// texts gives every place below a schema that takes text or anything, by the
// names of the fields to it; [] is an element, * a name that the caller chooses.
func (d schemaless) texts(schema obj, place string, within []string, take func(place string)) {
	if ref, refers := schema["$ref"].(string); refers {
		name := ref[strings.LastIndexByte(ref, '/')+1:]
		if !slices.Contains(within, name) {
			d.texts(d.Components.Schemas[name], place, append(within, name), take)
		}
		return
	}
	below := func(part string, of any) {
		if inner, is := of.(map[string]any); is {
			d.texts(inner, strings.TrimPrefix(place+"."+part, "."), within, take)
		}
	}
	fields, _ := schema["properties"].(map[string]any)
	for name, field := range fields {
		below(name, field)
	}
	below("*", schema["additionalProperties"])
	below("[]", schema["items"])
	for _, choice := range []string{"oneOf", "anyOf", "allOf"} {
		some, _ := schema[choice].([]any)
		for _, one := range some {
			if inner, is := one.(map[string]any); is {
				d.texts(inner, place, within, take)
			}
		}
	}
	kinds, several := schema["type"].([]any)
	if !several {
		kinds = []any{schema["type"]}
	}
	if _, chosen := schema["enum"]; !chosen && schema["format"] != "date-time" && (slices.Contains(kinds, "string") || len(schema) == 0) {
		take(place)
	}
}
