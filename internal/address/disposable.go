package address

import (
	_ "embed"
	"strings"
)

//go:generate go run ./refresh

// disposable lists domains that hand out mailboxes to throw away, sorted by
// bytes, one a line, below comment lines that begin with "#".
//
//go:embed disposable.txt
var disposable string

// Disposable reports whether a domain, as an Address has it, or one of its
// parents, hands out mailboxes to throw away.
func Disposable(domain string) bool {
	for strings.Contains(domain, ".") {
		if listed(disposable, domain) {
			return true
		}
		_, domain, _ = strings.Cut(domain, ".")
	}
	return false
}

// listed finds a line in sorted lines by halving the text: nothing is built or
// kept, and start-up pays nothing for the list.
func listed(lines, wanted string) bool {
	low, high := 0, len(lines)
	for low < high {
		start := strings.LastIndexByte(lines[low:(low+high)/2], '\n') + 1 + low
		end := high
		if length := strings.IndexByte(lines[start:high], '\n'); length >= 0 {
			end = start + length
		}
		switch line := lines[start:end]; {
		case line == wanted:
			return true
		case line < wanted:
			low = end + 1
		default:
			high = start
		}
	}
	return false
}
