// Tenure is one program: the server, its demo, and the command line.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"tenure/internal/account"
	"tenure/internal/server"
)

// The exit codes.
const (
	exitFailed  = 1 // it was tried and did not work
	exitMisused = 2 // it was not tried: the configuration or the command is wrong
)

// cli is every command with its flags.
type cli struct {
	Serve   serve   `cmd:"" help:"Run the server."`
	Demo    demo    `cmd:"" help:"Run a server with five made-up companies, a mailbox and a product that embeds it, to look around."`
	Migrate migrate `cmd:"" help:"Bring the database up to date, without serving."`
	Verify  verify  `cmd:"" help:"Check that the trail is whole and that nothing is broken in the database, or that a departure receipt is as it was signed."`
	Account struct {
		Create   createAccount `cmd:"" help:"Create an account and invite its owner."`
		List     listAccounts  `cmd:"" help:"List accounts."`
		AddOwner addOwner      `cmd:"" help:"Give an account that lost its owners a new one."`
	} `cmd:"" help:"Accounts, through the API of a running server."`
	OperatorKey struct {
		List   listOperatorKeys  `cmd:"" help:"List the operator keys."`
		Add    addOperatorKey    `cmd:"" help:"Add an operator key, and show it once."`
		Revoke revokeOperatorKey `cmd:"" help:"Revoke an operator key, on every node at once."`
		Reset  resetOperatorKeys `cmd:"" help:"Revoke every operator key and make one, without any: in the database itself."`
	} `cmd:"" help:"The keys of who runs the server."`
	Version kong.VersionFlag `help:"Print the version and exit."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run is main without the process around it. A second signal while it winds
// down ends the process at once.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	context.AfterFunc(ctx, func() { signal.Reset(os.Interrupt, syscall.SIGTERM) })
	var c cli
	exited := -1
	parser, err := kong.New(&c, kong.Name("tenure"), kong.Description("Manage users: who belongs to which account, in what role, and how they come in and go out."),
		kong.Writers(stdout, stderr), kong.Exit(func(code int) { exited = code }), kong.Vars{"version": version(), "presets": presets()},
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}))
	if err != nil {
		return fail(stderr, err)
	}
	command, err := parser.Parse(args)
	if exited >= 0 {
		return exited
	}
	if err != nil {
		fmt.Fprintf(stderr, "tenure: %s. See tenure --help.\n", strings.TrimSuffix(err.Error(), "."))
		return exitMisused
	}
	command.BindTo(ctx, (*context.Context)(nil))
	if err := command.Run(&streams{stdout, stderr}); err != nil {
		return fail(stderr, err)
	}
	return 0
}

// streams is where a command writes.
type streams struct{ out, err io.Writer }

// errFound ends a command that has said everything already.
var errFound = errors.New("")

func fail(stderr io.Writer, err error) int {
	if !errors.Is(err, errFound) {
		fmt.Fprintf(stderr, "tenure: %v\n", err)
	}
	if wrong := (misused{}); server.IsConfigError(err) || errors.As(err, &wrong) {
		return exitMisused
	}
	return exitFailed
}

// presets names the presets there are, for a flag.
func presets() string {
	var names []string
	for _, p := range account.Presets() {
		names = append(names, p.Name)
	}
	return strings.Join(names, ",")
}

// version is what the build says it is.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" || info.Main.Version == "(devel)" {
		return "dev"
	}
	return info.Main.Version
}
