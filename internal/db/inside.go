package db

import (
	"reflect"
	"runtime"
)

// inside runs a function of a transaction. It stands on the stack of everything
// that the function calls, and isInside looks for it there: a function is
// handed no context of its own that could carry a mark.
//
//go:noinline
func inside(tx *Tx, fn func(*Tx) error) error { return fn(tx) }

// isInside reports whether the calling goroutine is in a function of a
// transaction. It takes about a microsecond. A goroutine that such a function
// starts is not seen.
func isInside() bool {
	entry := reflect.ValueOf(inside).Pointer()
	var frames [64]uintptr
	for skip := 2; ; skip += len(frames) {
		n := runtime.Callers(skip, frames[:])
		for _, frame := range frames[:n] {
			if f := runtime.FuncForPC(frame - 1); f != nil && f.Entry() == entry {
				return true
			}
		}
		if n < len(frames) {
			return false
		}
	}
}
