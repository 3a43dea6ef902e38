package dbtest

import (
	"flag"
	"fmt"
)

// Short sets how many histories of how many steps a property is tried with, where
// -rapid.checks and -rapid.steps say nothing else: call it in TestMain, before
// flags are read. What fails is printed with its seed and leaves no file.
func Short(checks, steps int) {
	for name, value := range map[string]any{"rapid.checks": checks, "rapid.steps": steps, "rapid.nofailfile": true} {
		if err := flag.Set(name, fmt.Sprint(value)); err != nil {
			panic(err) // the package does not use rapid
		}
	}
}
