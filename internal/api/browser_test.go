package api_test

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"tenure/internal/api"
)

func app(t *testing.T, built bool) http.Handler {
	t.Helper()
	c := bareConfig()
	c.AppBuilt = built
	c.App = fstest.MapFS{
		"index.html":            {Data: []byte("<!doctype html><title>Tenure</title>")},
		"assets/main-abc123.js": {Data: []byte(strings.Repeat("console.log('tenure');", 500))},
		"favicon.svg":           {Data: []byte("<svg/>")},
		".keep":                 {Data: []byte("x")},
	}
	handler, err := api.New(c, api.Rooms{})
	if err != nil {
		t.Fatal(err)
	}
	return handler
}

func TestAppIsServedForEveryPathOfItsOwn(t *testing.T) {
	handler := app(t, true)
	for path, want := range map[string]struct {
		status    int
		mediaType string
		cached    string
	}{
		"/":                             {200, "text/html; charset=utf-8", "no-cache"},
		"/a/acc_1/users?tab=pending":    {200, "text/html; charset=utf-8", "no-cache"},
		"/sign-in":                      {200, "text/html; charset=utf-8", "no-cache"},
		"/invitation":                   {200, "text/html; charset=utf-8", "no-cache"},
		"/.keep":                        {200, "text/html; charset=utf-8", "no-cache"},
		"/..%2f..%2fetc/passwd":         {200, "text/html; charset=utf-8", "no-cache"},
		"/favicon.svg":                  {200, "image/svg+xml", "no-cache"},
		"/assets/main-abc123.js":        {200, "text/javascript; charset=utf-8", "public, max-age=31536000, immutable"},
		"/assets/main-of-yesterday.js":  {404, "application/problem+json", "no-store"},
		"/v1/no-such-thing-of-the-api":  {404, "application/problem+json", "no-store"},
		"/.well-known/security-nothing": {404, "application/problem+json", "no-store"},
	} {
		recorder := httptest.NewRecorder()
		handler.ServeHTTP(recorder, httptest.NewRequest("GET", path, nil))
		h := recorder.Header()
		if recorder.Code != want.status || h.Get("Content-Type") != want.mediaType || h.Get("Cache-Control") != want.cached {
			t.Errorf("%s: %d %s, %s", path, recorder.Code, h.Get("Content-Type"), h.Get("Cache-Control"))
		}
	}
}

func TestAppIsSentOnceAndSmall(t *testing.T) {
	handler := app(t, true)
	request := httptest.NewRequest("GET", "/assets/main-abc123.js", nil)
	request.Header.Set("Accept-Encoding", "gzip, br")
	recorder := httptest.NewRecorder()
	handler.ServeHTTP(recorder, request)
	if recorder.Header().Get("Content-Encoding") != "gzip" || recorder.Body.Len() > 500 {
		t.Errorf("%d bytes as %q", recorder.Body.Len(), recorder.Header().Get("Content-Encoding"))
	}
	unpacked, err := gzip.NewReader(recorder.Body)
	if err != nil {
		t.Fatal(err)
	}
	if text, err := io.ReadAll(unpacked); err != nil || !strings.HasPrefix(string(text), "console.log") {
		t.Errorf("%v %.20s", err, text)
	}
	request.Header.Set("If-None-Match", recorder.Header().Get("ETag"))
	again := httptest.NewRecorder()
	handler.ServeHTTP(again, request)
	if again.Code != http.StatusNotModified || again.Body.Len() != 0 {
		t.Errorf("%d with %d bytes", again.Code, again.Body.Len())
	}
}

func TestUnbuiltAppSaysHowToBuildIt(t *testing.T) {
	recorder := httptest.NewRecorder()
	app(t, false).ServeHTTP(recorder, httptest.NewRequest("GET", "/", nil))
	if recorder.Code != 200 || !strings.Contains(recorder.Body.String(), "make build") {
		t.Errorf("%d %s", recorder.Code, recorder.Body)
	}
}
