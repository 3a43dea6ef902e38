// Command cluster runs a command with a PostgreSQL server of its own:
//
//	go run ./internal/db/dbtest/cluster -- go test ./...
//
// TENURE_TEST_POSTGRES names the server to the command. The server stops when
// the command ends. If TENURE_TEST_POSTGRES is set already, that server is
// used and none is started.
package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"

	"tenure/internal/db/dbtest"
)

func main() {
	args := os.Args[1:]
	if len(args) > 0 && args[0] == "--" {
		args = args[1:]
	}
	if len(args) == 0 {
		fmt.Fprintln(os.Stderr, "cluster: no command given")
		os.Exit(2)
	}
	code, err := run(args)
	if err != nil {
		fmt.Fprintln(os.Stderr, "cluster:", err)
	}
	os.Exit(code)
}

// run runs the command and gives its exit code.
func run(args []string) (code int, err error) {
	command := exec.Command(args[0], args[1:]...)
	command.Stdin, command.Stdout, command.Stderr = os.Stdin, os.Stdout, os.Stderr
	if os.Getenv("TENURE_TEST_POSTGRES") == "" {
		cluster, err := dbtest.StartCluster()
		if err != nil {
			return 1, err
		}
		defer func() { err = errors.Join(err, cluster.Stop()) }()
		command.Env = append(os.Environ(), "TENURE_TEST_POSTGRES="+cluster.URL)
	}
	signal.Notify(make(chan os.Signal, 1), os.Interrupt) // the command is interrupted too, and this waits for its end
	err = command.Run()
	var ended *exec.ExitError
	if errors.As(err, &ended) {
		return max(ended.ExitCode(), 1), nil
	}
	if err != nil {
		return 1, err
	}
	return 0, nil
}
