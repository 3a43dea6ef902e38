package e2e

import (
	"path/filepath"
	"strings"
	"testing"
)

// TestOneProcessServesAFile: a second one is told so in a sentence, commands
// that only read work beside the first, and after a crash the next may serve.
func TestOneProcessServesAFile(t *testing.T) {
	database := filepath.Join(t.TempDir(), "tenure.db")
	first := serve(t, database)
	said, code := run(t, "serve", "--database", database, "--listen", "127.0.0.1:0", "--operator-key", operatorKey, "--secret", serverKey)
	if lines := strings.Split(said, "\n"); code != 2 || !strings.HasPrefix(lines[len(lines)-1], "tenure: ") || !strings.Contains(lines[len(lines)-1], database) {
		t.Errorf("exit %d: %s", code, said)
	}
	if said, code := run(t, "verify", "--database", database); code != 0 {
		t.Errorf("verify beside it: exit %d, %s", code, said)
	}
	first.must(t, "GET", "/v1/accounts", nil, nil)
	first.kill()
	serve(t, database).stop(t)
	serve(t, database).must(t, "GET", "/v1/accounts", nil, nil)
}
