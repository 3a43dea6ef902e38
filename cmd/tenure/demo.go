package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"text/tabwriter"

	made "tenure/internal/demo"
	"tenure/internal/mailbox"
	"tenure/internal/server"
)

// demo runs a server that is thrown away afterwards.
type demo struct {
	Listen    string `env:"TENURE_LISTEN" default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"Where to listen."`
	Origin    string `env:"TENURE_ORIGIN" placeholder:"URL" help:"Where people reach the server. By default http://localhost and the port."`
	TestClock bool   `env:"TENURE_TEST_CLOCK" help:"Let the operator set the clock over the API."`
}

// Run fills a database in a temporary directory, serves it, and takes it away
// when the context ends.
func (d *demo) Run(ctx context.Context, to *streams) (err error) {
	dir, err := os.MkdirTemp("", "tenure-demo-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	box, err := mailbox.Open(mailbox.Options{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, box.Close()) }()
	box.Script("ingrid.osei@partners.example", mailbox.Unknown) // so that one invitation shows as failed
	clock := &server.Clock{}
	running, err := server.New(ctx, server.Config{
		Listen: d.Listen, Origin: d.Origin, Database: filepath.Join(dir, "tenure.db"), SMTP: box.URL(), MailFrom: "Tenure demo <demo@tenure.example>",
		SignUp: true, TestClock: d.TestClock, Clock: clock, Version: version(), Log: logger(to, slog.LevelError), Mailbox: box.Handler(),
	})
	if err != nil {
		return err
	}
	signIns, err := made.Fill(ctx, running.Parts(), clock)
	if err != nil {
		return errors.Join(err, running.Close())
	}
	greet(to, running, signIns)
	return running.Run(ctx)
}

// greet says where to go and how to sign in.
func greet(to *streams, running *server.Server, signIns []made.SignIn) {
	fmt.Fprintf(to.out, "Tenure is running at %s\nMails arrive at %s/mailbox\n\n", running.Origin(), running.Origin())
	table := tabwriter.NewWriter(to.out, 0, 8, 2, ' ', 0)
	for _, s := range signIns {
		fmt.Fprintf(table, "%s\t%s\t%s\n", s.Account, s.Email, s.About)
	}
	_ = table.Flush() // to a terminal
	fmt.Fprintf(to.out, "\nThe password of each is:  %s\nThe operator key is:      %s\n\nEverything is thrown away when you stop this with Ctrl-C.\n", made.Password, running.OperatorKey())
}
