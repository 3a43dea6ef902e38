// Package fault is how Tenure says no: a kind, a stable code, a sentence that
// is safe to show, and the cause, which is only ever logged.
package fault

import (
	"errors"
	"fmt"
	"time"
)

// Kind is what sort of refusal a fault is. Only doors turn it into a status of
// their protocol.
type Kind int

// The kinds, with the HTTP status the REST door gives them.
const (
	KindInternal        Kind = iota // 500
	KindInvalid                     // 422
	KindUnauthenticated             // 401
	KindForbidden                   // 403
	KindNotFound                    // 404
	KindConflict                    // 409
	KindGone                        // 410
	KindStale                       // 412
	KindTooLarge                    // 413
	KindTooMany                     // 429
	KindUnavailable                 // 503
)

// Field is what is wrong with one field of the input. It never carries the
// value that was given.
type Field struct {
	Field  string `json:"field"`
	Code   string `json:"code"`
	Detail string `json:"detail"`
}

// Fault is a refusal. Code is stable and read by programs; Message is a plain
// sentence for people and holds no secret and no given value.
type Fault struct {
	Kind    Kind
	Code    string
	Message string
	// Fields names the fields that are wrong, for KindInvalid.
	Fields []Field
	// Extra holds members of the answer that callers rely on besides the code:
	// blockers, needed, plan, accounts.
	Extra map[string]any
	// RetryAfter says when it makes sense to come back, for KindTooMany.
	RetryAfter time.Duration
	cause      error
}

// Error gives the code, the message and the cause; it is meant for logs.
func (f *Fault) Error() string {
	if f.cause != nil {
		return fmt.Sprintf("%s: %s: %v", f.Code, f.Message, f.cause)
	}
	return f.Code + ": " + f.Message
}

// Unwrap gives the hidden cause.
func (f *Fault) Unwrap() error { return f.cause }

// Because returns the fault with a cause that is logged and never shown.
func (f *Fault) Because(err error) *Fault {
	f.cause = err
	return f
}

// With returns the fault with one more member in its answer.
func (f *Fault) With(name string, value any) *Fault {
	if f.Extra == nil {
		f.Extra = map[string]any{}
	}
	f.Extra[name] = value
	return f
}

// And returns the fault with one more field that is wrong.
func (f *Fault) And(field, code, detail string) *Fault {
	f.Fields = append(f.Fields, Field{field, code, detail})
	return f
}

// Invalid refuses one field: code "invalid", with the field's own code inside.
func Invalid(field, code, detail string) *Fault {
	return (&Fault{Kind: KindInvalid, Code: "invalid", Message: "Something in the request is not valid."}).And(field, code, detail)
}

// Unprocessable refuses the input with a code of its own instead of "invalid".
func Unprocessable(code, message string) *Fault {
	return &Fault{Kind: KindInvalid, Code: code, Message: message}
}

// Unauthenticated says that the caller is not signed in.
func Unauthenticated() *Fault {
	return &Fault{Kind: KindUnauthenticated, Code: "unauthenticated", Message: "You are not signed in."}
}

// BadCredentials says that address and password do not belong together; it is
// the same for an address that nobody has.
func BadCredentials() *Fault {
	return &Fault{Kind: KindUnauthenticated, Code: "bad_credentials", Message: "The e-mail address or the password is not right."}
}

// Forbidden says that the caller may not do this.
func Forbidden(code, message string) *Fault {
	return &Fault{Kind: KindForbidden, Code: code, Message: message}
}

// NotFound says that there is no such thing for this caller: the one answer for
// what does not exist and for what belongs to somebody else.
func NotFound() *Fault {
	return &Fault{Kind: KindNotFound, Code: "not_found", Message: "There is no such thing here."}
}

// Conflict says that the state of things does not allow it.
func Conflict(code, message string) *Fault {
	return &Fault{Kind: KindConflict, Code: code, Message: message}
}

// Gone says that a link is over.
func Gone(code, message string) *Fault {
	return &Fault{Kind: KindGone, Code: code, Message: message}
}

// Stale says that the object has changed since the caller read it.
func Stale() *Fault {
	return &Fault{Kind: KindStale, Code: "stale", Message: "This has changed since you last read it."}
}

// TooMany says that the caller must wait.
func TooMany(code, message string, retryAfter time.Duration) *Fault {
	return &Fault{Kind: KindTooMany, Code: code, Message: message, RetryAfter: retryAfter}
}

// Unavailable says that the server cannot take this now and will later.
func Unavailable(message string) *Fault {
	return &Fault{Kind: KindUnavailable, Code: "unavailable", Message: message}
}

// As finds the fault in an error chain. It is nil if there is none: such an
// error is a defect of ours, and doors answer it as internal.
func As(err error) *Fault {
	var f *Fault
	if errors.As(err, &f) {
		return f
	}
	return nil
}

// Code gives the fault code of an error: empty for nil, "internal" if the
// error is no fault.
func Code(err error) string {
	if err == nil {
		return ""
	}
	if f := As(err); f != nil {
		return f.Code
	}
	return "internal"
}
