package e2e

import (
	"regexp"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"tenure/internal/db/dbtest"
)

// TestScripts runs each file of testdata on each engine, as somebody at a
// terminal would work with the program. Besides the usual commands of a script
// there are
//
//	serve [flag…]      start the server on $DATABASE, for the commands that follow
//	stop               stop it
//	keep NAME pattern  keep in $NAME what the pattern has in its group, of what the last command printed; before the first one, of what serve did
//
// and the conditions sqlite and postgres.
func TestScripts(t *testing.T) {
	for _, engine := range dbtest.Engines() {
		t.Run(engine, func(t *testing.T) {
			testscript.Run(t, testscript.Params{
				Dir: "testdata", RequireExplicitExec: true, RequireUniqueNames: true,
				Setup: func(env *testscript.Env) error {
					env.Setenv("DATABASE", dbtest.Empty(t, engine))
					env.Setenv("tenure", tenure)
					env.Values[running{}] = &running{}
					return nil
				},
				Condition: func(cond string) (bool, error) { return cond == engine, nil },
				Cmds:      map[string]func(*testscript.TestScript, bool, []string){"serve": serveCommand(t), "stop": stopCommand, "keep": keepCommand},
			})
		})
	}
}

// running is the server of a script.
type running struct{ program *program }

func serveCommand(t *testing.T) func(*testscript.TestScript, bool, []string) {
	return func(ts *testscript.TestScript, _ bool, flags []string) {
		p, err := begin(t, ts.MkAbs("."), append([]string{"--database", ts.Getenv("DATABASE")}, flags...)...)
		ts.Check(err)
		ts.Defer(p.kill)
		ts.Value(running{}).(*running).program = p
		ts.Setenv("TENURE_SERVER", p.base)
	}
}

func stopCommand(ts *testscript.TestScript, _ bool, _ []string) {
	ts.Check(ts.Value(running{}).(*running).program.end())
}

func keepCommand(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("keep NAME pattern")
	}
	text := ts.ReadFile("stdout")
	if p := ts.Value(running{}).(*running).program; p != nil && text == "" {
		text = ts.ReadFile(p.printed)
	}
	found := regexp.MustCompile(args[1]).FindStringSubmatch(text)
	if len(found) != 2 {
		ts.Fatalf("%q matches nothing in %q", args[1], text)
	}
	ts.Setenv(args[0], found[1])
}
