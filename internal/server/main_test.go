package server_test

import (
	"flag"
	"fmt"
	"os"
	"testing"

	"tenure/internal/server/contract"
)

// TestMain asks at the end, when every test of this room has run and passed,
// whether they have seen every answer that the description promises, and no code
// of a refusal that it does not list.
func TestMain(m *testing.M) {
	code := m.Run()
	narrowed := flag.Lookup("test.run").Value.String()+flag.Lookup("test.skip").Value.String() != ""
	if code == 0 && !narrowed {
		for _, unseen := range contract.Described().Unseen() {
			fmt.Println("docs/openapi.json promises what no test has seen:", unseen)
			code = 1
		}
		for _, unlisted := range contract.Described().Unlisted() {
			fmt.Println("docs/openapi.json does not list what a test has seen; add it to internal/api/terms.go:", unlisted)
			code = 1
		}
	}
	os.Exit(code)
}
