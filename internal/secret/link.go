package secret

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"

	"tenure/internal/fault"
	"tenure/internal/id"
)

// Kind is what a link or a code is for; it is the first part of a token.
type Kind string

// The kinds of links, and of codes.
const (
	Invitation     Kind = "ti" // mailed with an invitation: proves the mailbox
	Copy           Kind = "tc" // copied by an administrator: proves nothing
	Reset          Kind = "tr" // sets a new password
	Confirm        Kind = "te" // confirms a changed address
	SignUp         Kind = "tu" // confirms a sign-up
	Browser        Kind = "tb" // is no link: a browser keeps it, and is known by it
	InvitationCode Kind = "ci" // the code that goes with a copied link
	FactorCode     Kind = "cf" // the code that stands in for a lost factor
)

// macLength is how many characters a SHA-256 MAC takes in base64url.
const macLength = 43

// tokenLimit bounds what Read looks at.
const tokenLimit = 256

// Link is what a link is about. Raising Rotation makes another link of it.
type Link struct {
	Kind     Kind
	Account  id.Account // empty for what belongs to a user or to nobody yet
	ID       string     // a typed identifier
	Rotation int64
}

// Token writes the link as text: kind, account, identifier, rotation and their
// HMAC-SHA-256 (RFC 2104). The same link always gives the same text.
func (k *Keeper) Token(l Link) string {
	mac := base64.RawURLEncoding.EncodeToString(sum(k.link, l))
	return string(l.Kind) + "_" + string(l.Account) + "_" + l.ID + "_" + strconv.FormatInt(l.Rotation, 10) + "_" + mac
}

// Read gives the link of a token of the kind. A token of another kind, of
// another form or that was not made here is not_found. It does not say whether
// the rotation is the last one: the row the link is about does.
func (k *Keeper) Read(kind Kind, token string) (Link, error) {
	l, ok := parse(kind, token)
	if !ok || subtle.ConstantTimeCompare([]byte(k.Token(l)), []byte(token)) != 1 {
		return Link{}, fault.NotFound()
	}
	return l, nil
}

// Code gives the six digits of a link, to be typed from a mail. They differ
// from one rotation to the next as any two random codes do.
func (k *Keeper) Code(l Link) string {
	number := binary.BigEndian.Uint64(sum(k.code, l))
	return fmt.Sprintf("%06d", number%1_000_000)
}

// sum authenticates every field of the link, each ended by a NUL that no field
// can contain.
func sum(key []byte, l Link) []byte {
	mac := hmac.New(sha256.New, key)
	fmt.Fprintf(mac, "%s\x00%s\x00%s\x00%d\x00", l.Kind, l.Account, l.ID, l.Rotation)
	return mac.Sum(nil)
}

// parse takes a token apart without believing it.
func parse(kind Kind, token string) (Link, bool) {
	cut := len(token) - macLength - 1
	if len(token) > tokenLimit || cut < 0 || token[cut] != '_' {
		return Link{}, false
	}
	body, ok := strings.CutPrefix(token[:cut], string(kind)+"_")
	if !ok {
		return Link{}, false
	}
	last := strings.LastIndexByte(body, '_')
	if last < 0 {
		return Link{}, false
	}
	rotation, err := strconv.ParseInt(body[last+1:], 10, 64)
	if err != nil {
		return Link{}, false
	}
	account, about, ok := cutAccount(body[:last])
	if !ok || about == "" || strings.IndexByte(body, 0) >= 0 {
		return Link{}, false
	}
	return Link{Kind: kind, Account: account, ID: about, Rotation: rotation}, true
}

// cutAccount takes the account, which may be empty, from the front.
func cutAccount(s string) (id.Account, string, bool) {
	if rest, found := strings.CutPrefix(s, "_"); found {
		return "", rest, true
	}
	length := len(id.New[id.Account]())
	if len(s) <= length || s[length] != '_' || !id.Valid(id.Account(s[:length])) {
		return "", "", false
	}
	return id.Account(s[:length]), s[length+1:], true
}
