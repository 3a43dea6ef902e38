// Command witness runs a program that serves and listens in:
//
//	go run ./internal/server/contract/witness bin/tenure demo
//
// It stands before the program as a proxy, tells it by TENURE_LISTEN and
// TENURE_ORIGIN where it is, and logs whatever the description does not allow as
// an error, beside what the program logs. It stops with the program, and the
// program with it.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"syscall"

	"tenure/internal/server/contract"
)

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "witness: no program given")
		os.Exit(2)
	}
	code, err := run(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "witness:", err)
	}
	os.Exit(code)
}

// run runs the program and gives its exit code.
func run(program []string) (code int, err error) {
	door, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 1, err
	}
	behind, err := free()
	if err != nil {
		return 1, err
	}
	log := slog.New(slog.NewJSONHandler(os.Stderr, nil))
	web := &http.Server{Handler: contract.Described().Proxy(&url.URL{Scheme: "http", Host: behind}, func(err error) {
		log.Error("not as described", "error", err.Error())
	})}
	defer func() { err = errors.Join(err, web.Close()) }()
	go func() { _ = web.Serve(door) }() // until it is closed

	command := exec.Command(program[0], program[1:]...)
	command.Stdout, command.Stderr = os.Stdout, os.Stderr
	command.Env = append(os.Environ(), "TENURE_LISTEN="+behind, "TENURE_ORIGIN=http://localhost:"+strconv.Itoa(door.Addr().(*net.TCPAddr).Port))
	if err := command.Start(); err != nil {
		return 1, err
	}
	asked, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	defer context.AfterFunc(asked, func() { _ = command.Process.Signal(syscall.SIGTERM) })() // it may have ended by itself
	err = command.Wait()
	if ended, ok := errors.AsType[*exec.ExitError](err); ok {
		return max(ended.ExitCode(), 1), nil
	}
	return 0, err
}

// free gives an address of the loopback interface that nobody listens on.
func free() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}
