package contract_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"tenure/internal/server/contract"
)

// small describes one object that is read and changed, and one stream of each
// kind.
const small = `{"openapi": "3.1.0", "info": {"title": "Small", "version": "1"},
"paths": {
 "/v1/things/{thing}": {
  "get": {"operationId": "get", "parameters": [{"name": "thing", "in": "path", "required": true, "schema": {"type": "string", "maxLength": 5}}, {"name": "limit", "in": "query", "schema": {"type": "integer", "maximum": 9}}],
   "responses": {"200": {"description": "OK", "headers": {"Etag": {"required": true, "schema": {"type": "string"}}, "Count": {"schema": {"type": "integer"}}},
     "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}}, "304": {"description": "known"}, "404": {"$ref": "#/components/responses/Problem"}, "default": {"$ref": "#/components/responses/Problem"}}},
  "patch": {"operationId": "change", "requestBody": {"required": true, "content": {"application/json": {"schema": {"type": "object", "additionalProperties": false, "properties": {"name": {"type": ["string", "null"]}}}}}},
   "responses": {"204": {"description": "done"}, "default": {"$ref": "#/components/responses/Problem"}}},
  "delete": {"operationId": "delete", "responses": {"204": {"description": "done"}, "409": {"description": "taken", "x-codes": ["taken"], "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Refusal"}}}}, "default": {"$ref": "#/components/responses/Problem"}}}},
 "/v1/things/all": {
  "get": {"operationId": "all", "responses": {"200": {"description": "OK", "headers": {"Rows": {"schema": {"type": "integer"}}}, "content": {"text/csv": {"schema": {"type": "string"}},
   "application/x-ndjson": {"schema": {"type": "string"}, "x-item-schema": {"$ref": "#/components/schemas/Thing"}},
   "text/event-stream": {"schema": {"type": "string"}, "x-item-schema": {"$ref": "#/components/schemas/Thing"}}}}, "default": {"$ref": "#/components/responses/Problem"}}}}},
"components": {
 "responses": {"Problem": {"description": "no", "x-codes": ["anywhere"], "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Refusal"}}}}},
 "schemas": {"Refusal": {"type": "object", "additionalProperties": true, "required": ["code"], "properties": {"code": {"type": "string"}}}, "Thing": {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}, "at": {"type": "string", "format": "date-time"}}}}}}`

const (
	asJSON    = "application/json"
	asProblem = "application/problem+json"
	refused   = `{"code": "invalid"}`
)

// exchanges are a request, what is answered, and what of it has to be told: empty
// if it is as described.
var exchanges = []struct {
	name, method, path, sent string
	status                   int
	headers, body            string // headers are names and values in turn, by line
	told                     string
}{
	{"a thing", "GET", "/v1/things/a?limit=9", "", 200, "Content-Type\n" + asJSON + "\nEtag\n1\nCount\n7", `{"name": "a", "at": "2030-01-01T00:00:00Z"}`, ""},
	{"its head", "HEAD", "/v1/things/a", "", 200, "Content-Type\n" + asJSON + "\nEtag\n1", ``, ""},
	{"a thing that is known", "GET", "/v1/things/a", "", 304, "", ``, ""},
	{"a refusal", "GET", "/v1/things/a?limit=x&limit=y&more", "", 422, "Content-Type\n" + asProblem, refused, ""},
	{"a word and not a parameter", "GET", "/v1/things/all", "", 200, "Content-Type\ntext/csv", "a,b\n1,2\n", ""},
	{"nothing here", "GET", "/v1/nothing", "", 404, "Content-Type\n" + asProblem, refused, ""},
	{"another method", "PUT", "/v1/things/a", "", 405, "Allow\nGET\nContent-Type\n" + asProblem, refused, ""},
	{"the app", "GET", "/users", "", 200, "Content-Type\ntext/html", `<p>`, ""},
	{"a change", "PATCH", "/v1/things/a", `{"name": null}`, 204, "", "", ""},
	{"an empty object where no body is", "DELETE", "/v1/things/a", `{}`, 204, "", "", ""},
	{"lines", "GET", "/v1/things/all", "", 200, "Content-Type\napplication/x-ndjson", "{\"name\":\"a\"}\n{\"name\":\"b\"}\n", ""},
	{"events", "GET", "/v1/things/all", "", 200, "Content-Type\ntext/event-stream", "id: 1\n\nid: 2\ndata: {\"name\":\"a\"}\n\nevent: end\ndata: {\"code\":\"over\"}\n\n", ""},

	{"a parameter that is none", "GET", "/v1/things/a?more=1", "", 200, "Content-Type\n" + asJSON + "\nEtag\n1", `{"name": "a"}`, `no parameter "more"`},
	{"a parameter too large", "GET", "/v1/things/a?limit=10", "", 200, "Content-Type\n" + asJSON + "\nEtag\n1", `{"name": "a"}`, "query limit"},
	{"a parameter of another type", "GET", "/v1/things/a?limit=x", "", 200, "Content-Type\n" + asJSON + "\nEtag\n1", `{"name": "a"}`, "query limit"},
	{"a parameter twice", "GET", "/v1/things/a?limit=1&limit=1", "", 200, "Content-Type\n" + asJSON + "\nEtag\n1", `{"name": "a"}`, "more than once"},
	{"a path too long", "GET", "/v1/things/abcdef", "", 304, "", "", "path thing"},
	{"a field that is none", "PATCH", "/v1/things/a", `{"size": 1}`, 204, "", "", "should have been refused"},
	{"a value of another type", "PATCH", "/v1/things/a", `{"name": 1}`, 204, "", "", "/name"},
	{"no body", "PATCH", "/v1/things/a", ``, 204, "", "", "needs a body"},
	{"a body where none is", "DELETE", "/v1/things/a", `{"name": "a"}`, 204, "", "", "takes no body"},
	{"a status that is not of this operation", "DELETE", "/v1/things/a", "", 404, "Content-Type\n" + asProblem, refused, "no status of this operation"},
	{"another success", "DELETE", "/v1/things/a", "", 201, "", "", "no status of this operation"},
	{"a field that is not described", "GET", "/v1/things/a", "", 200, "Content-Type\n" + asJSON + "\nEtag\n1", `{"name": "a", "secret": 1}`, "secret"},
	{"a field that is missing", "GET", "/v1/things/a", "", 200, "Content-Type\n" + asJSON + "\nEtag\n1", `{}`, "name"},
	{"a time that is none", "GET", "/v1/things/a", "", 200, "Content-Type\n" + asJSON + "\nEtag\n1", `{"name": "a", "at": "yesterday"}`, "/at"},
	{"no JSON", "GET", "/v1/things/a", "", 200, "Content-Type\n" + asJSON + "\nEtag\n1", `{`, "not JSON"},
	{"a type that is not described", "GET", "/v1/things/a", "", 200, "Content-Type\ntext/plain\nEtag\n1", `a`, "text/plain"},
	{"a header that is missing", "GET", "/v1/things/a", "", 200, "Content-Type\n" + asJSON, `{"name": "a"}`, "header Etag is missing"},
	{"a header of another type", "GET", "/v1/things/a", "", 200, "Content-Type\n" + asJSON + "\nEtag\n1\nCount\nmany", `{"name": "a"}`, "header Count"},
	{"a header that is not described", "GET", "/v1/things/a", "", 200, "Content-Type\n" + asJSON + "\nEtag\n1\nX-More\n1", `{"name": "a"}`, "header X-More"},
	{"a body where none is described", "DELETE", "/v1/things/a", "", 204, "Content-Type\n" + asJSON, "", "has a body"},
	{"a refusal as text", "GET", "/v1/things/a", "", 404, "Content-Type\ntext/plain", "no", "text/plain"},
	{"a refusal without a code", "GET", "/v1/things/a", "", 409, "Content-Type\n" + asProblem, `{"reason": "no"}`, "code"},
	{"an operation that is not described", "POST", "/v1/things", "", 200, "Content-Type\n" + asJSON, `{}`, "no such operation"},
	{"nothing here, as text", "GET", "/v1/nothing", "", 404, "Content-Type\ntext/plain", "404", "a refusal is no"},
	{"a line that is none", "GET", "/v1/things/all", "", 200, "Content-Type\napplication/x-ndjson", "{\"name\":\"a\"}\n{\"name\":1}\n", "line 2"},
	{"an event that is none", "GET", "/v1/things/all", "", 200, "Content-Type\ntext/event-stream", "data: {\"size\":1}\n\n", "event"},
	{"an end that is none", "GET", "/v1/things/all", "", 200, "Content-Type\ntext/event-stream", "event: end\ndata: {}\n\n", "code"},
	{"rows of different lengths", "GET", "/v1/things/all", "", 200, "Content-Type\ntext/csv", "a,b\n1\n", "wrong number of fields"},
}

// TestWhatIsNotDescribedIsTold asks a server that answers as it is told to,
// through the transport and through the proxy.
func TestWhatIsNotDescribedIsTold(t *testing.T) {
	for _, x := range exchanges {
		t.Run(x.name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				sent, err := io.ReadAll(r.Body)
				if err != nil || string(sent) != x.sent || r.URL.RequestURI() != x.path {
					t.Errorf("what arrives is %s %s, %v", r.URL, sent, err)
				}
				headers := strings.Split(x.headers, "\n")
				for i := 0; i+1 < len(headers); i += 2 {
					w.Header().Set(headers[i], headers[i+1])
				}
				w.WriteHeader(x.status)
				_, _ = io.WriteString(w, x.body) // the caller reads it
			}))
			defer server.Close()
			target, err := url.Parse(server.URL)
			if err != nil {
				t.Fatal(err)
			}
			var told []string
			tell := func(err error) { told = append(told, err.Error()) }
			proxy := httptest.NewServer(read(t).Proxy(target, tell))
			defer proxy.Close()
			for base, through := range map[string]http.RoundTripper{server.URL: read(t).Transport(http.DefaultTransport, tell), proxy.URL: http.DefaultTransport} {
				told = nil
				got := ask(t, through, x.method, base+x.path, x.sent)
				if x.method != http.MethodHead && got != x.body {
					t.Errorf("what comes back is %q", got)
				}
				if len(told) != min(len(x.told), 1) || len(told) > 0 && !strings.Contains(told[0], x.told) {
					t.Errorf("told is %q, want %q", told, x.told)
				}
			}
		})
	}
}

func read(t *testing.T) *contract.Description {
	t.Helper()
	d, err := contract.Read([]byte(small))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func ask(t *testing.T, through http.RoundTripper, method, address, sent string) string {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(sent))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", asJSON)
	response, err := through.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	got, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(got)
}

// TestWhatWasNeverAnsweredIsUnseen: the promises that no exchange has kept.
func TestWhatWasNeverAnsweredIsUnseen(t *testing.T) {
	d := read(t)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }))
	defer server.Close()
	ask(t, d.Transport(http.DefaultTransport, func(err error) { t.Error(err) }), "DELETE", server.URL+"/v1/things/a", "")
	if got, want := strings.Join(d.Unseen(), ", "), "all 200, change 204, delete 409, get 200, get 304, get 404"; got != want {
		t.Errorf("unseen are %s, want %s", got, want)
	}
}

// TestACodeThatIsNotListedIsUnlisted: of its operation and status, or of any.
func TestACodeThatIsNotListedIsUnlisted(t *testing.T) {
	d := read(t)
	answer := ""
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", asProblem)
		w.WriteHeader(http.StatusConflict)
		_, _ = io.WriteString(w, answer)
	}))
	defer server.Close()
	for _, code := range []string{"taken", "anywhere", "surprise"} {
		answer = `{"code": "` + code + `"}`
		ask(t, d.Transport(http.DefaultTransport, func(err error) { t.Error(err) }), "DELETE", server.URL+"/v1/things/a", "")
	}
	if got, want := strings.Join(d.Unlisted(), ", "), "delete 409 surprise"; got != want {
		t.Errorf("unlisted are %q, want %q", got, want)
	}
}

// TestAnAnswerThatBreaksOffBreaksOff: neither the transport nor the proxy makes a
// whole answer of a part, or tells of what they could not see.
func TestAnAnswerThatBreaksOffBreaksOff(t *testing.T) {
	for path, headers := range map[string][]string{"/v1/things/a": {asJSON, "Etag"}, "/v1/things/all": {"application/x-ndjson", "Rows"}} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", headers[0])
			w.Header().Set(headers[1], "1")
			_, _ = io.WriteString(w, `{"name":`)
			_ = http.NewResponseController(w).Flush()
			panic(http.ErrAbortHandler)
		}))
		defer server.Close()
		target, err := url.Parse(server.URL)
		if err != nil {
			t.Fatal(err)
		}
		tell := func(err error) { t.Error(err) }
		proxy := httptest.NewServer(read(t).Proxy(target, tell))
		defer proxy.Close()
		for base, through := range map[string]http.RoundTripper{server.URL: read(t).Transport(http.DefaultTransport, tell), proxy.URL: http.DefaultTransport} {
			response, err := (&http.Client{Transport: through}).Get(base + path)
			if err != nil {
				continue
			}
			if got, err := io.ReadAll(response.Body); err == nil {
				t.Errorf("%s: the answer seems whole: %s", path, got)
			}
			response.Body.Close()
		}
	}
}
