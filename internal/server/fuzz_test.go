package server_test

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"tenure/internal/db/dbtest"
	"tenure/internal/mailbox"
	"tenure/internal/server"
	"tenure/internal/server/contract"
	"tenure/internal/server/servertest"
)

// What strangers send, at the handler of a whole server. `make test` tries the
// inputs given here and some that are made of them by chance; `make fuzz` looks
// for more.

// target is a server with a company, as fuzz targets see it.
type target struct {
	*servertest.Server
	company    *servertest.Company
	ids        map[string]string
	operations []operation
}

func newTarget(f *testing.F) *target {
	f.Helper()
	s := servertest.Start(f, dbtest.SQLite, func(c *server.Config) { c.Mailbox = nil }) // the page of the demo is no part of it
	x := &target{Server: s, operations: operations(f, s)}
	x.company, x.ids = stocked(f, s, "portal", "fuzz.example")
	return x
}

// send gives the request to the handler and wants an answer that is one: never
// a defect of ours, and as it is described. What the description does not allow
// is refused.
func (x *target) send(t *testing.T, r *http.Request, body []byte) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	x.Handler().ServeHTTP(w, r)
	if w.Code >= 500 {
		t.Fatalf("%s %s: %d %s", r.Method, r.URL, w.Code, w.Body)
	}
	if err := contract.Described().Check(contract.Exchange{Request: r, Sent: body, Answer: w.Result(), Got: w.Body.Bytes()}); err != nil {
		t.Fatalf("%s?%s %q: %v", r.URL.Path, r.URL.RawQuery, body, err)
	}
	return w
}

// call asks an operation, as somebody it lets in.
func (x *target) call(t *testing.T, o operation, query string, body []byte) *httptest.ResponseRecorder {
	t.Helper()
	request := func() *http.Request {
		r := httptest.NewRequest(o.method, o.at(x.ids), bytes.NewReader(body))
		r.URL.RawQuery = query
		r.Header.Set("Content-Type", "application/json")
		switch {
		case o.open:
		case o.personal():
			r.Header.Set("Authorization", "Bearer "+x.company.Owner.Token())
		default:
			r.Header.Set("Authorization", "Bearer "+servertest.OperatorKey)
		}
		return r
	}
	w := x.send(t, request(), body)
	if w.Code == http.StatusUnauthorized && o.personal() { // an input before this one ended the session
		x.signIn(t)
		w = x.send(t, request(), body)
	}
	return w
}

// signIn begins another session of the owner, who may have a place elsewhere.
func (x *target) signIn(t testing.TB) {
	t.Helper()
	o := x.company.Owner
	in := x.Nobody(t).Post("/v1/sign-in", obj{"email": o.Email, "password": servertest.Password, "account": x.company.ID}).OK()
	o.Client = x.Client(t, in.Text("token"))
}

// personal reports whether an operation is about whoever is signed in.
func (o operation) personal() bool { return strings.HasPrefix(o.path, "/v1/me") }

// offspring is how many inputs a target tries that are made by chance.
const offspring = 400

// breed makes so many inputs of those given, by chance, and prints the seed of it.
func breed(f *testing.F, given []string, many int, add func(chance *rand.Rand, input string)) {
	f.Helper()
	chance := rand.New(rand.NewPCG(dbtest.Seed(f), 0))
	for range many {
		input := given[chance.IntN(len(given))]
		for range 1 + chance.IntN(3) {
			from := chance.IntN(len(input) + 1)
			till := from + chance.IntN(min(8, len(input)-from)+1)
			other := given[chance.IntN(len(given))]
			cut := chance.IntN(len(other) + 1)
			input = [...]string{
				input[:from] + input[till:],
				input[:till] + input[from:till] + input[till:],
				input[:from] + other[cut:],
				input[:from] + string(rune(chance.IntN(0x250))) + input[till:],
				input[:from] + string([]byte{byte(chance.Uint32())}) + input[till:],
				input[:from] + splinters[chance.IntN(len(splinters))] + input[till:],
			}[chance.IntN(6)]
		}
		add(chance, input)
	}
}

// splinters are what parsers stumble over.
var splinters = []string{
	`"`, `\`, `\u0000`, `\ud800`, "{", "}", "[", "]", ",", ":", "null", "1e999", "-0", "18446744073709551616", "true", `{"":`, `"a":1,"a":2,`, "%", "&", "//",
	"..", "/", "@", "\r\n", "\x00", "\xff", "\u202e", "=", "evil.example", "limit=", "sort=", strings.Repeat("[", 40), strings.Repeat("x", 5000),
}

// FuzzBodies sends any text as the body of every operation that takes one. What
// is no JSON object, repeats a name at any depth or is not as described is refused.
func FuzzBodies(f *testing.F) {
	x := newTarget(f)
	var taking []operation
	for _, o := range x.operations {
		if o.method != http.MethodGet && o.id != "set-clock" && o.id != "sign-out" { // both would end what the rest needs
			taking = append(taking, o)
		}
	}
	given := make([]string, len(taking))
	for i, o := range taking {
		fields, _ := sample[o.id].(obj)
		for name := range fields {
			given[i] = withField(f, given[i], name, fields[name])
		}
		add := func(fields string) { f.Add(byte(i), []byte("{"+fields+"}")) }
		add(given[i])
		add(withField(f, given[i], "administers", true))
		for name := range fields {
			add(withField(f, given[i], name, fields[name]))
			add(withField(f, given[i], name, nil))
			add(withField(f, given[i], strings.ToUpper(name[:1])+name[1:], fields[name]))
		}
		for _, name := range o.fields {
			emptied := obj{name: nil}
			for other, value := range fields {
				if other != name {
					emptied[other] = value
				}
			}
			f.Add(byte(i), raw(f, emptied))
		}
	}
	breed(f, given, offspring, func(chance *rand.Rand, input string) { f.Add(byte(chance.Uint32()), []byte("{"+input+"}")) })
	f.Fuzz(func(t *testing.T, which byte, body []byte) {
		o := taking[int(which)%len(taking)]
		w := x.call(t, o, "", body)
		if len(bytes.TrimSpace(body)) == 0 || w.Code >= 400 {
			return
		}
		if err := once(body); err != nil {
			t.Fatalf("%s takes %q although %v: %d %s", o.id, body, err, w.Code, w.Body)
		}
	})
}

// withField writes the fields of an object with one more before them, also one
// that is there already.
func withField(t testing.TB, fields, name string, value any) string {
	t.Helper()
	written := raw(t, obj{name: value})
	return strings.TrimSuffix(string(written[1:len(written)-1])+","+fields, ",")
}

func raw(t testing.TB, fields obj) []byte {
	t.Helper()
	written, err := json.Marshal(fields)
	if err != nil {
		t.Fatal(err)
	}
	return written
}

// once reads a JSON value in which no object has a name twice. It shares nothing
// with how the server reads.
func once(body []byte) error {
	d := json.NewDecoder(bytes.NewReader(body))
	if err := onceFrom(d); err != nil {
		return err
	}
	if _, extra := d.Token(); extra != io.EOF {
		return errBody("something follows it")
	}
	return nil
}

type errBody string

func (e errBody) Error() string { return string(e) }

func onceFrom(d *json.Decoder) error {
	token, err := d.Token()
	if err != nil || token != json.Delim('[') && token != json.Delim('{') {
		return err
	}
	there := map[string]bool{}
	for d.More() {
		if token == json.Delim('{') {
			name, err := d.Token()
			if err != nil {
				return err
			}
			if there[name.(string)] {
				return errBody("the field " + name.(string) + " is there twice")
			}
			there[name.(string)] = true
		}
		if err := onceFrom(d); err != nil {
			return err
		}
	}
	_, err = d.Token()
	return err
}

// FuzzCursors asks for pages of every list with any cursor and with the rest of
// a query that anybody may write.
func FuzzCursors(f *testing.F) {
	x := newTarget(f)
	x.twoPages(f)
	var lists []operation
	for _, o := range x.operations {
		if slices.Contains(o.queries, "cursor") {
			lists = append(lists, o)
		}
	}
	if len(lists) < 4 {
		f.Fatalf("only %d lists have pages", len(lists))
	}
	queries := []string{"", "limit=1", "limit=0", "limit=%2B5", "limit=007", "limit=1e1", "limit=", "sort=-created_at", "sort=email&q=%25", "status=pending", "status=active", "limit=1&limit=2", "q=%00", "q=%ff", "member=x"}
	for i, o := range lists {
		end := x.pageEnd(f, o)
		ends := []string{end, `""`, `null`, `[]`, `{}`, `12`, `"\u0000"`, `["",""]`, `["a","\u0000"]`, `["",null]`, `"mem_"`, `[[[]]]`}
		for text := range strings.SplitSeq(end, `"`) {
			ends = append(ends, strings.Replace(end, text+`"`, text+`\u0000"`, 1))
		}
		for _, end := range ends {
			f.Add(byte(i), base64.RawURLEncoding.EncodeToString([]byte(end)), "limit=1")
		}
		for _, query := range queries {
			f.Add(byte(i), base64.RawURLEncoding.EncodeToString([]byte(ends[0])), query)
		}
		breed(f, ends, offspring/len(lists), func(chance *rand.Rand, end string) {
			f.Add(byte(i), base64.RawURLEncoding.EncodeToString([]byte(end)), queries[chance.IntN(len(queries))])
		})
	}
	breed(f, queries, offspring, func(chance *rand.Rand, query string) { f.Add(byte(chance.Uint32()), "", query) })
	f.Fuzz(func(t *testing.T, which byte, cursor, rest string) {
		o := lists[int(which)%len(lists)]
		query := "cursor=" + url.QueryEscape(cursor)
		if rest != "" {
			query += "&" + rest
		}
		w := x.call(t, o, query, nil)
		var page struct {
			Items      []any   `json:"items"`
			Members    []any   `json:"members"` // of the credits, which are a list besides
			NextCursor *string `json:"next_cursor"`
		}
		if w.Code != http.StatusOK {
			return
		}
		if err := json.Unmarshal(w.Body.Bytes(), &page); err != nil || page.Items == nil && page.Members == nil {
			t.Fatalf("%s?%s: %v in %s", o.path, query, err, w.Body)
		}
		if page.NextCursor != nil {
			after := url.Values{"cursor": {*page.NextCursor}, "limit": {"1"}}
			if w := x.call(t, o, after.Encode(), nil); w.Code != http.StatusOK && !strings.Contains(rest, "sort") {
				t.Fatalf("%s: the next page of %q is refused: %d %s", o.path, query, w.Code, w.Body)
			}
		}
	})
}

// twoPages gives every list a second item. A month goes by, for the second
// invoice.
func (x *target) twoPages(f *testing.F) {
	f.Helper()
	c, operator := x.company, x.Operator(f)
	c.Owner.Post(c.Path("/invitations"), obj{"emails": list{"page@fuzz.example"}, "role": "admin"}).OK()
	c.Owner.Post(c.Path("/departures"), obj{"members": list{x.ids["member"]}, "kind": "remove"}).OK()
	c.Owner.Post(c.Path("/api-keys"), sample["create-api-key"]).OK()
	operator.Post(c.Path("/credits/purchases"), obj{"amount": 100}).OK()
	for _, to := range []string{c.Owner.Member, x.ids["member"]} {
		c.Owner.Post(c.Path("/credits/transfers"), obj{"from": "company", "to": to, "amount": 20}).OK()
	}
	for _, record := range []string{"one", "two"} {
		c.Owner.Post(c.Path("/records/"+record+"/download"), nil).OK()
		c.Owner.Post(c.Path("/resources/stock/17/activities"), sample["add-activity"]).OK()
		c.Owner.Call("PUT", c.Path("/resources/stock/"+record), sample["put-resource"]).OK()
	}
	second := x.Found(f, "team", "Second", "second@fuzz.example")
	second.Owner.Post(second.Path("/invitations"), obj{"emails": list{c.Owner.Email}}).OK()
	joining := x.Mail(f, c.Owner.Email, func(m mailbox.Message) bool { return strings.Contains(m.Text, "to join Second") })
	_, token, _ := strings.Cut(joining.Link("/invitation#"), "#")
	c.Owner.Post("/v1/invitations/accept", obj{"token": token}).OK()
	c.Owner.Call("PUT", c.Path("/resource-types/second"), sample["put-resource-type"]).OK()
	c.Owner.Post(c.Path("/sub-accounts"), sample["create-sub-account"]).OK()
	operator.Post("/v1/operator-keys", sample["add-operator-key"]).OK()
	operator.Call("PUT", c.Path("/billing"), sample["plan-billing"]).OK()
	operator.Call("PUT", "/v1/clock", obj{"now": x.Clock.Now().AddDate(0, 1, 1)}).OK()
	operator.Get(c.Path("/billing")).OK()
	x.signIn(f)
	x.signIn(f)
	x.ids["member"] = c.Owner.Member // who is signed in twice
}

// pageEnd gives what the cursor after the first item of a list holds.
func (x *target) pageEnd(t testing.TB, o operation) string {
	t.Helper()
	client := x.Operator(t)
	if o.personal() {
		client = x.company.Owner.Client
	}
	end, err := base64.RawURLEncoding.DecodeString(client.Get(o.at(x.ids) + "?limit=1").OK().Text("next_cursor"))
	if err != nil || len(end) == 0 {
		t.Fatalf("%s has no second page: %q, %v", o.path, end, err)
	}
	return string(end)
}

// FuzzRedirects sends request lines and headers that name other places. The
// server sends nobody away from its own origin, and makes no link with what a
// request says (Zitadel CVE-2025-64101).
func FuzzRedirects(f *testing.F) {
	x := newTarget(f)
	given := []string{}
	for _, seed := range [][2]string{
		{"/", "evil.example"}, {"//evil.example", "evil.example"}, {"//evil.example/%2e%2e", ""}, {"/\\evil.example", "a\\b"}, {"/%5cevil.example", "x:y"},
		{"/sign-in?return=//evil.example", "evil.example:80"}, {"/v1//accounts", "evil.example"}, {"/v1/../..//evil.example", "[::1]"},
		{"http://evil.example/v1/session", "evil.example"}, {"/assets//x", "e"}, {"/docs/", "e"}, {"/v1/session/", "e"}, {"/%0d%0aLocation:%20x", "e"},
	} {
		f.Add(seed[0], seed[1])
		given = append(given, seed[0], seed[1])
	}
	breed(f, given, offspring, func(chance *rand.Rand, input string) { f.Add(input, given[chance.IntN(len(given))]) })
	f.Fuzz(func(t *testing.T, line, host string) {
		r, err := http.ReadRequest(bufio.NewReader(strings.NewReader("GET " + line + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n")))
		if err != nil {
			return // net/http answers that by itself
		}
		r.Header.Set("X-Forwarded-Host", host)
		r.Header.Set("Forwarded", "host="+host)
		r.RemoteAddr = "192.0.2.1:1234"
		w := x.send(t, r, nil)
		for _, value := range append(w.Header()["Location"], w.Header()["Refresh"]...) {
			to, err := url.Parse(value)
			if err != nil || to.Host != "" || to.Scheme != "" || !strings.HasPrefix(value, "/") || strings.HasPrefix(value, "//") || strings.ContainsAny(value, "\\\r\n\t") {
				t.Fatalf("%q with host %q leads to %q", line, host, value)
			}
		}
		link := httptest.NewRequest(http.MethodPost, x.company.Path("/invitations/"+x.ids["invitation"]+"/link"), nil)
		link.Host, link.Header = r.Host, r.Header
		link.Header.Set("Authorization", "Bearer "+servertest.OperatorKey)
		var made struct{ URL string }
		if w := x.send(t, link, nil); json.Unmarshal(w.Body.Bytes(), &made) != nil || w.Code == http.StatusOK && !strings.HasPrefix(made.URL, x.Origin()+"/invitation#tc_") {
			t.Fatalf("with host %q the link is %d %s", host, w.Code, w.Body)
		}
	})
}
