// Package bearer is what sessions, API keys and operator keys have in common: a
// token that lets in whoever bears it (RFC 6750). It is opaque and random, kept
// as its SHA-256 only, and checked at every request, from memory where it can be.
//
// Invariants. After the call that ends a token has returned, no request that
// starts later is accepted with it, on any node. That it is being used neither
// takes a lock nor makes an event, and is written down once a minute at most.
package bearer

import (
	"crypto/sha256"
	"strings"
	"time"

	"tenure/internal/id"
	"tenure/internal/secret"
)

// secretLength is how many characters the random part of a token has: 256 bits
// in base64url.
const secretLength = 43

// limit bounds what is looked at as a token.
const limit = 128

// NoteEvery is how seldom the last use of a token is written down.
const NoteEvery = time.Minute

// Hash is how a token is known: its SHA-256.
type Hash = [sha256.Size]byte

// Make makes a token that never existed before: the prefix of its kind, the
// account where it has one, and 256 random bits.
func Make(prefix string, account id.Account) string {
	if account == "" {
		return prefix + secret.Random(32)
	}
	return prefix + string(account) + "_" + secret.Random(32)
}

// accountOf takes the account from a token of the right form; one without an
// account has none. It does not look whether there is such an account.
func accountOf(prefix, token string) (id.Account, bool) {
	body, found := strings.CutPrefix(token, prefix)
	if !found || len(token) > limit || !plain(body) {
		return "", false
	}
	cut := len(body) - secretLength - 1
	switch {
	case cut == -1:
		return "", true
	case cut <= 0 || body[cut] != '_':
		return "", false
	default:
		return id.Account(body[:cut]), true
	}
}

// plain reports whether a text has no other characters than tokens have.
func plain(s string) bool {
	for i := range len(s) {
		c := s[i]
		if !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_' || c == '-') {
			return false
		}
	}
	return true
}

// hashOf is secret.Hash without an allocation.
func hashOf(token string) Hash {
	var room [limit]byte
	return sha256.Sum256(append(room[:0], token...))
}
