package api_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"tenure/internal/api"
)

// canary stands for a password: no refusal may repeat it.
const canary = "hunter2-canary-hunter2"

type problem struct {
	Type, Title, Detail, Code string
	Status                    int
	Errors                    []struct{ Field, Code, Detail string }
}

func ask(t *testing.T, handler http.Handler, method, path, contentType, body string) (*http.Response, problem, string) {
	t.Helper()
	request := httptest.NewRequest(method, path, strings.NewReader(body))
	if contentType != "" {
		request.Header.Set("Content-Type", contentType)
	}
	recorder := httptest.NewRecorder()
	handler.ServeHTTP(recorder, request)
	response, text := recorder.Result(), recorder.Body.String()
	var p problem
	if response.StatusCode >= 400 {
		if got := response.Header.Get("Content-Type"); got != "application/problem+json" {
			t.Errorf("%s %s: Content-Type %q, want a problem", method, path, got)
		}
		if err := json.Unmarshal([]byte(text), &p); err != nil {
			t.Fatalf("%s %s: %v in %s", method, path, err, text)
		}
		if p.Status != response.StatusCode || p.Type != "urn:tenure:problem:"+p.Code || p.Title == "" || p.Detail == "" {
			t.Errorf("%s %s: incomplete problem %s", method, path, text)
		}
	}
	return response, p, text
}

// TestBadBodyIsRefusedByNameAndNeverRepeated sends every way a body can be
// wrong to a call that takes a password.
func TestBadBodyIsRefusedByNameAndNeverRepeated(t *testing.T) {
	handler := bare(t)
	const asJSON = "application/json"
	for _, c := range []struct {
		name, contentType, body string
		status                  int
		code, field, fieldCode  string
	}{
		{"no body", asJSON, ``, 422, "invalid", "", "required"},
		{"not JSON", asJSON, `{"email": "a@b.example", "password": "` + canary, 422, "invalid", "", "malformed"},
		{"two values", asJSON, `{"email":"a@b.example","password":"` + canary + `"} {}`, 422, "invalid", "", "malformed"},
		{"a list", asJSON, `["` + canary + `"]`, 422, "invalid", "", "type"},
		{"a text", asJSON, `"` + canary + `"`, 422, "invalid", "", "type"},
		{"null", asJSON, `null`, 422, "invalid", "", "type"},
		{"a field twice", asJSON, `{"email":"a@b.example","password":"x","password":"` + canary + `"}`, 422, "invalid", "password", "repeated"},
		{"a field twice, inside", asJSON, `{"email":{"a":1,"a":2},"password":"` + canary + `"}`, 422, "invalid", "email.a", "repeated"},
		{"another case", asJSON, `{"email":"a@b.example","password":"` + canary + `","Password":"x"}`, 422, "unknown_field", "Password", "unknown_field"},
		{"an unknown field", asJSON, `{"email":"a@b.example","password":"` + canary + `","role":"admin"}`, 422, "unknown_field", "role", "unknown_field"},
		{"a list for a text", asJSON, `{"email":["a@b.example","c@d.example"],"password":"` + canary + `"}`, 422, "invalid", "email", "type"},
		{"an object for a text", asJSON, `{"email":{"$ne":null},"password":"` + canary + `"}`, 422, "invalid", "email", "type"},
		{"a number for a text", asJSON, `{"email":1,"password":"` + canary + `"}`, 422, "invalid", "email", "type"},
		{"null for a text", asJSON, `{"email":null,"password":"` + canary + `"}`, 422, "invalid", "email", "type"},
		{"null for what may be left out", asJSON, `{"email":"a@b.example","password":"` + canary + `","account":null}`, 422, "invalid", "account", "required"},
		{"a field missing", asJSON, `{"password":"` + canary + `"}`, 422, "invalid", "email", "required"},
		{"too long", asJSON, `{"email":"` + strings.Repeat("a", 400) + `","password":"` + canary + `"}`, 422, "invalid", "email", "too_long"},
		{"a NUL", asJSON, `{"email":"a\u0000@b.example","password":"` + canary + `"}`, 422, "invalid", "email", "invalid"},
		{"not UTF-8", asJSON, "{\"email\":\"a\xff@b.example\",\"password\":\"" + canary + `"}`, 422, "invalid", "", "malformed"},
		{"half a surrogate", asJSON, `{"email":"a\ud800@b.example","password":"` + canary + `"}`, 422, "invalid", "", "malformed"},
		{"nested deeply", asJSON, strings.Repeat(`{"a":`, 50) + `1` + strings.Repeat(`}`, 50), 422, "invalid", "", "malformed"},
		{"a form", "application/x-www-form-urlencoded", "email=a%40b.example&password=" + canary, 422, "invalid", "", "content_type"},
		{"10 MB", asJSON, `{"email":"a@b.example","password":"` + strings.Repeat(canary, 500_000) + `"}`, 413, "too_large", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			response, p, text := ask(t, handler, "POST", "/v1/sign-in", c.contentType, c.body)
			if response.StatusCode != c.status || p.Code != c.code {
				t.Fatalf("got %d %s, want %d %s", response.StatusCode, text, c.status, c.code)
			}
			if c.fieldCode != "" && (len(p.Errors) == 0 || p.Errors[0].Field != c.field || p.Errors[0].Code != c.fieldCode) {
				t.Errorf("errors %+v, want field %q with code %q", p.Errors, c.field, c.fieldCode)
			}
			if strings.Contains(text, "hunter2") {
				t.Errorf("the refusal repeats what was sent: %s", text)
			}
		})
	}
}

// TestManyWrongFieldsMakeAShortAnswer: an answer is bounded, whatever was sent.
func TestManyWrongFieldsMakeAShortAnswer(t *testing.T) {
	var fields strings.Builder
	for i := range 5_000 {
		fmt.Fprintf(&fields, `"%s%d":1,`, strings.Repeat("x", 150), i)
	}
	_, p, text := ask(t, bare(t), "POST", "/v1/sign-in", "application/json", `{`+fields.String()+`"z":1}`)
	if p.Code != "unknown_field" {
		t.Errorf("got %s, want unknown_field", p.Code)
	}
	if len(text) > 10_000 {
		t.Errorf("an answer of %d bytes to %s", len(text), p.Code)
	}
}

func TestCallWithoutBodyTakesNoFields(t *testing.T) {
	handler := bare(t)
	if _, p, text := ask(t, handler, "POST", "/v1/sign-out", "application/json", `{"all":true}`); p.Code != "unknown_field" {
		t.Errorf("got %s, want unknown_field", text)
	}
}

func TestQueryIsReadStrictly(t *testing.T) {
	handler := bare(t)
	for _, c := range []struct{ query, code, field, fieldCode string }{
		{"?surprise=1", "unknown_field", "surprise", "unknown_field"},
		{"?surprise=1&surprise=2", "invalid", "surprise", "repeated"},
		{"?a=%00", "invalid", "a", "invalid"},
		{"?a=%ff", "invalid", "a", "invalid"},
		{"?a;b=1", "invalid", "", "malformed"},
		{"?a=%zz", "invalid", "", "malformed"},
	} {
		_, p, text := ask(t, handler, "GET", "/v1/about"+c.query, "", "")
		if p.Code != c.code || len(p.Errors) == 0 || p.Errors[0].Field != c.field || p.Errors[0].Code != c.fieldCode {
			t.Errorf("%s: got %s, want %s on %q (%s)", c.query, text, c.code, c.field, c.fieldCode)
		}
	}
}

func TestWhatIsNotHereIsAProblem(t *testing.T) {
	handler := bare(t)
	for _, c := range []struct {
		method, path string
		status       int
		code         string
	}{
		{"GET", "/v1/nothing", 404, "not_found"},
		{"POST", "/v1/nothing", 404, "not_found"},
		{"POST", "/users", 404, "not_found"},
		{"GET", "/access/v1/nothing", 404, "not_found"},
		{"DELETE", "/v1/about", 405, "method_not_allowed"},
		{"OPTIONS", "/v1/sign-in", 405, "method_not_allowed"},
		{"GET", "/v1/sign-in", 405, "method_not_allowed"},
	} {
		response, p, text := ask(t, handler, c.method, c.path, "", "")
		if response.StatusCode != c.status || p.Code != c.code {
			t.Errorf("%s %s: got %d %s", c.method, c.path, response.StatusCode, text)
		}
		if c.status == 405 && response.Header.Get("Allow") == "" {
			t.Errorf("%s %s: no Allow header", c.method, c.path)
		}
	}
}

func TestNobodyIsAskedToSignInFirst(t *testing.T) {
	// A wrong body tells nothing to who is not signed in, nor does a wrong id.
	for _, path := range []string{"/v1/accounts/acc_nonsense/members", "/v1/me/password"} {
		response, p, text := ask(t, bare(t), "POST", path, "application/json", `{"nonsense":1}`)
		if response.StatusCode != 401 || p.Code != "unauthenticated" {
			t.Errorf("POST %s: got %s, want unauthenticated", path, text)
		}
	}
}

func TestRequestIDIsKeptOrMade(t *testing.T) {
	handler := bare(t)
	for given, want := range map[string]string{"abc-123": "abc-123", "": "", "two words": "", "a\tb": "", strings.Repeat("x", 200): ""} {
		request := httptest.NewRequest("GET", "/healthz", nil)
		request.Header.Set("X-Request-Id", given)
		recorder := httptest.NewRecorder()
		handler.ServeHTTP(recorder, request)
		got := recorder.Header().Get("X-Request-Id")
		if got == "" || (want != "" && got != want) || (want == "" && got == given) {
			t.Errorf("X-Request-Id %q came back as %q", given, got)
		}
	}
}

// TestAnotherSiteCannotPost_GogsCVE202652800: a browser sends its cookie along from any site.
func TestAnotherSiteCannotPost_GogsCVE202652800(t *testing.T) {
	handler := bare(t)
	for _, c := range []struct {
		header, value string
		status        int
	}{
		{"Sec-Fetch-Site", "cross-site", 403},
		{"Sec-Fetch-Site", "same-site", 403},
		{"Origin", "https://evil.example", 403},
		{"Sec-Fetch-Site", "same-origin", 422},
		{"Origin", "https://tenure.test", 422},
		{"X-None", "none", 422},
	} {
		request := httptest.NewRequest("POST", "http://tenure.internal/v1/sign-in", strings.NewReader(`{}`))
		request.Header.Set(c.header, c.value)
		recorder := httptest.NewRecorder()
		handler.ServeHTTP(recorder, request)
		if recorder.Code != c.status {
			t.Errorf("%s: %s: got %d, want %d", c.header, c.value, recorder.Code, c.status)
		}
	}
}

func TestHeadersKeepBrowsersSafe(t *testing.T) {
	response, _, _ := ask(t, bare(t), "GET", "/", "", "")
	csp := response.Header.Get("Content-Security-Policy")
	for _, part := range strings.Split(csp, ";") {
		if strings.Contains(part, "script-src") && strings.Contains(part, "unsafe") {
			t.Errorf("scripts may stand inline: %s", part)
		}
	}
	for header, want := range map[string]string{
		"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cross-Origin-Opener-Policy": "same-origin",
		"Strict-Transport-Security": "max-age=31536000",
	} {
		if got := response.Header.Get(header); got != want {
			t.Errorf("%s: %q, want %q", header, got, want)
		}
	}
	if !strings.Contains(csp, "default-src 'none'") || !strings.Contains(csp, "frame-ancestors 'none'") {
		t.Errorf("Content-Security-Policy: %s", csp)
	}
}

// TestPanicIsAnsweredAndTold: the caller gets a problem without detail, the log
// the cause and the request.
func TestPanicIsAnsweredAndTold(t *testing.T) {
	var log bytes.Buffer
	c := bareConfig()
	c.Log = slog.New(slog.NewJSONHandler(&log, nil))
	c.Mailbox = http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("the cause") })
	handler, err := api.New(c, api.Rooms{})
	if err != nil {
		t.Fatal(err)
	}
	response, p, text := ask(t, handler, "GET", "/mailbox", "", "")
	if response.StatusCode != 500 || p.Code != "internal" || strings.Contains(text, "cause") {
		t.Errorf("%d %s", response.StatusCode, text)
	}
	if told := log.String(); !strings.Contains(told, "the cause") || !strings.Contains(told, response.Header.Get("X-Request-Id")) {
		t.Errorf("the log says %s", told)
	}
}

func bare(t *testing.T) http.Handler {
	t.Helper()
	handler, err := api.New(bareConfig(), api.Rooms{})
	if err != nil {
		t.Fatal(err)
	}
	return handler
}
