// Package id makes and reads the typed identifiers of Tenure.
//
// An identifier is a short prefix that names its type, an underscore, and a
// UUIDv7 (RFC 9562, section 5.7) in lowercase Crockford base 32: 26 characters
// that sort by the time they were made. The types differ so that the compiler
// refuses a member where an account belongs.
package id

import (
	"encoding/base32"
	"strings"

	"github.com/google/uuid"
)

type (
	// Account identifies a customer company, the tenant.
	Account string
	// User identifies a person's sign-in identity.
	User string
	// Member identifies a user's place in one account.
	Member string
	// Invitation identifies an offer of a place.
	Invitation string
	// Departure identifies the plan by which members leave.
	Departure string
	// Session identifies a signed-in device; it is not the token.
	Session string
	// Event identifies one audited fact.
	Event string
	// Module identifies a menu area of the host product.
	Module string
	// SubAccount identifies a part of an account.
	SubAccount string
	// Key identifies an API key; it is not the secret.
	Key string
	// Mail identifies one message of the outbox.
	Mail string
	// Job identifies one piece of background work.
	Job string
	// SignUp identifies a sign-up that waits for its confirmation.
	SignUp string
	// Invoice identifies what an account owes for one period.
	Invoice string
	// Activity identifies something that happened to a resource.
	Activity string
	// Import identifies one list of resources that was handed over.
	Import string
	// Transaction identifies a move of credits.
	Transaction string
)

// Kind is any of the identifier types.
type Kind interface {
	Account | User | Member | Invitation | Departure | Session | Event | Module | SubAccount | Key | Mail | Job | SignUp | Invoice | Activity | Import | Transaction
	prefix() string
}

func (Account) prefix() string     { return "acc_" }
func (User) prefix() string        { return "usr_" }
func (Member) prefix() string      { return "mem_" }
func (Invitation) prefix() string  { return "inv_" }
func (Departure) prefix() string   { return "dep_" }
func (Session) prefix() string     { return "ses_" }
func (Event) prefix() string       { return "evt_" }
func (Module) prefix() string      { return "mod_" }
func (SubAccount) prefix() string  { return "sub_" }
func (Key) prefix() string         { return "key_" }
func (Mail) prefix() string        { return "msg_" }
func (Job) prefix() string         { return "job_" }
func (SignUp) prefix() string      { return "sgn_" }
func (Invoice) prefix() string     { return "bil_" }
func (Activity) prefix() string    { return "act_" }
func (Import) prefix() string      { return "imp_" }
func (Transaction) prefix() string { return "crt_" }

// crockford is Crockford's base 32 in lowercase: it sorts like the bytes it encodes.
var crockford = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

// New makes a fresh identifier of type T.
func New[T Kind]() T {
	raw := uuid.Must(uuid.NewV7())
	var kind T
	return T(kind.prefix() + crockford.EncodeToString(raw[:]))
}

// Valid reports whether s has the form of an identifier of type T. It does not
// say whether such a thing exists.
func Valid[T Kind](s T) bool {
	body, found := strings.CutPrefix(string(s), s.prefix())
	if !found || len(body) != 26 {
		return false
	}
	raw, err := crockford.DecodeString(body)
	return err == nil && crockford.EncodeToString(raw) == body
}
