package address

import (
	"slices"
	"strings"
	"testing"
)

func TestDisposableKnowsDomainsAndTheirParents(t *testing.T) {
	for domain, want := range map[string]bool{
		"mailinator.com": true, "mx.eu.mailinator.com": true, "yopmail.com": true,
		"reallynotmailinator.com": false, "com": false, "": false, "#": false,
		"gmail.com": false, "outlook.com": false, "gmx.de": false, "web.de": false, "icloud.com": false, "example.com": false, "co.uk": false,
	} {
		if got := Disposable(domain); got != want {
			t.Errorf("Disposable(%q) = %v; want %v", domain, got, want)
		}
	}
}

func TestEveryListedDomainIsFound(t *testing.T) {
	lines := strings.Split(strings.TrimSuffix(disposable, "\n"), "\n")
	if !slices.IsSorted(lines) {
		t.Fatal("disposable.txt is not sorted by bytes; run go generate ./internal/address")
	}
	for _, line := range lines[1:] {
		if !Disposable(line) {
			t.Fatalf("%q is in the list and is not found", line)
		}
		if a, err := Parse("jo@" + line); err != nil || a.Domain != line {
			t.Errorf("%q is no domain that an address can have: %+v, %v", line, a, err)
		}
	}
}

func BenchmarkDisposable(b *testing.B) {
	for b.Loop() {
		Disposable("mail.somewhere.example")
	}
}
