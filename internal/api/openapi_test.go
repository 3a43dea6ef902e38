package api_test

import (
	"flag"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"tenure/internal/api"
)

var update = flag.Bool("update", false, "write the goldens anew")

const golden = "../../docs/openapi.json"

// TestDescriptionIsTheOneInDocs keeps docs/openapi.json, from which the browser
// app makes its types, equal to what the handlers are.
func TestDescriptionIsTheOneInDocs(t *testing.T) {
	handler, err := api.New(bareConfig(), api.Rooms{})
	if err != nil {
		t.Fatal(err)
	}
	answer := httptest.NewRecorder()
	handler.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/openapi.json", nil))
	document := answer.Body.Bytes()
	if *update {
		if err := os.WriteFile(golden, document, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(kept), string(document)); diff != "" {
		t.Errorf("docs/openapi.json is not what the handlers are; go test ./internal/api -update writes it:\n%s", diff)
	}
}

// bareConfig is a door without rooms behind it: enough for what is answered
// before any room is asked.
func bareConfig() api.Config {
	return api.Config{
		Origin: &url.URL{Scheme: "https", Host: "tenure.test"}, Version: "1", Log: slog.New(slog.DiscardHandler),
		App: fstest.MapFS{}, Clock: still{}, Metrics: http.NotFoundHandler(),
		Observe: func(string, string, int, time.Duration) {},
	}
}

// still is a clock for the description alone.
type still struct{}

func (still) Now() time.Time { return time.Time{} }
func (still) Set(time.Time)  {}
