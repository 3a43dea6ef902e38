package e2e

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestAReceiptIsVerifiedOffline does what an auditor does with a receipt that
// somebody sent them, months later and without the server.
func TestAReceiptIsVerifiedOffline(t *testing.T) {
	home := t.TempDir()
	file := func(name string, content []byte) string {
		path := filepath.Join(home, name)
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	database := filepath.Join(home, "data", "tenure.db")
	if err := os.Mkdir(filepath.Dir(database), 0o700); err != nil {
		t.Fatal(err)
	}
	p := serve(t, database)
	receipt := leave(t, p)
	var published json.RawMessage
	p.must(t, "GET", "/.well-known/tenure-keys.json", nil, &published)
	saved, keys := file("receipt.json", receipt), file("keys.json", published)

	says := func(code int, sentence string, args ...string) {
		t.Helper()
		said, got := run(t, append([]string{"verify"}, args...)...)
		if got != code || !strings.Contains(said, sentence) {
			t.Errorf("verify %v: exit %d, %s; want %d and %q", args, got, said, code, sentence)
		}
	}
	says(0, "The signature holds. No trail", saved, "--keys", p.base+"/.well-known/tenure-keys.json")
	p.stop(t)
	says(0, "The signature holds. No trail", saved, "--keys", keys)
	says(0, "jo@acme.example: 0 sessions and 0 keys ended", saved, "--keys", keys)
	says(0, "The signature holds, and so does the trail of acc_", saved, "--database", database, "--secret", serverKey)
	says(0, "all is well", "--database", database)

	var indented bytes.Buffer
	if err := json.Indent(&indented, receipt, "", "\t"); err != nil {
		t.Fatal(err)
	}
	says(0, "The signature holds", file("indented.json", indented.Bytes()), "--keys", keys)
	for name, changed := range map[string]string{
		"a number":  strings.Replace(string(receipt), `"sessions_ended":0`, `"sessions_ended":1`, 1),
		"a letter":  strings.Replace(string(receipt), "jo@acme", "jo@acne", 1),
		"the chain": strings.Replace(string(receipt), `"seq":`, `"seq":1`, 1),
	} {
		says(1, "The signature does not fit", file(name, []byte(changed)), "--keys", keys)
	}
	says(1, "not a receipt", file("half.json", receipt[:len(receipt)/2]), "--keys", keys)
	other := filepath.Join(home, "other", "tenure.db")
	if err := os.Mkdir(filepath.Dir(other), 0o700); err != nil {
		t.Fatal(err)
	}
	serve(t, other).stop(t)
	says(1, "a key that is not among", saved, "--database", other, "--secret", strings.ToUpper(serverKey))
	says(1, "the database does not know dep_", saved, "--keys", keys, "--database", other)

	says(2, "The receipt cannot be read", filepath.Join(home, "none.json"), "--keys", keys)
	says(2, "The keys cannot be read", saved, "--keys", filepath.Join(home, "none.json"))
	says(2, "The keys cannot be used", saved, "--keys", saved)
	says(2, "give --keys", saved, "--database", filepath.Join(home, "none.db"))
	if _, err := os.Stat(filepath.Join(home, "none.secret")); err == nil {
		t.Error("it made a secret")
	}
}

// leave has somebody leave an account and gives the receipt as it was served.
func leave(t *testing.T, p *program) []byte {
	t.Helper()
	var made struct {
		Account struct{ ID string }
	}
	p.must(t, "POST", "/v1/accounts", map[string]any{"name": "Acme", "preset": "credits", "owner": map[string]any{"email": "owner@acme.example", "first_name": "O", "last_name": "Wner"}}, &made)
	account := "/v1/accounts/" + made.Account.ID
	var member struct{ ID string }
	p.must(t, "POST", account+"/members", map[string]any{"email": "jo@acme.example", "first_name": "Jo", "last_name": "Bos", "active": true}, &member)
	var plan struct{ ID, Digest string }
	p.must(t, "POST", account+"/departures", map[string]any{"members": []string{member.ID}, "kind": "deactivate"}, &plan)
	var receipt json.RawMessage
	p.must(t, "POST", account+"/departures/"+plan.ID+"/apply", map[string]any{"digest": plan.Digest}, &receipt)
	return receipt
}
