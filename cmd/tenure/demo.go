package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"text/tabwriter"
	"time"

	"tenure/examples/fieldbook/book"
	made "tenure/internal/demo"
	"tenure/internal/mailbox"
	"tenure/internal/server"
)

// demo runs a server that is thrown away afterwards.
type demo struct {
	Listen    string `env:"TENURE_LISTEN" default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"Where to listen; ${default} unless named."`
	Origin    string `env:"TENURE_ORIGIN" placeholder:"URL" help:"Where people reach the server. By default http://localhost and the port."`
	Product   string `env:"TENURE_DEMO_PRODUCT" placeholder:"HOST:PORT" help:"Where the example product listens. By default on the port after that of the server, or any that is free."`
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
	beside, err := d.beside()
	if err != nil {
		return err
	}
	defer beside.Close()
	product := fmt.Sprintf("http://localhost:%d", port(beside.Addr()))
	running, err := server.New(ctx, server.Config{
		Listen: d.Listen, Origin: d.Origin, Product: product + "/app/", Database: filepath.Join(dir, "tenure.db"), SMTP: box.URL(), MailFrom: "Tenure demo <demo@tenure.example>",
		SignUp: true, TestClock: d.TestClock, Clock: clock, Version: version(), Log: logger(to, slog.LevelError), Mailbox: box.Handler(),
	})
	if err != nil {
		return err
	}
	signIns, err := made.Fill(ctx, running.Parts(), clock)
	if err != nil {
		return errors.Join(err, running.Close())
	}
	fieldbook := &http.Server{Handler: book.New(book.Config{Origin: product, Tenure: reached(running.Addr()), SignIn: running.Origin()}), ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = fieldbook.Serve(beside) }() // until it is closed
	defer func() { err = errors.Join(err, fieldbook.Close()) }()
	greet(to, running, product, signIns)
	return running.Run(ctx)
}

// beside listens for the example product: browsers send the cookies of a host to
// each of its ports (RFC 6265, section 8.5), so that it finds Tenure's session.
func (d *demo) beside() (net.Listener, error) {
	if d.Product != "" {
		return net.Listen("tcp", d.Product)
	}
	if _, mine, err := net.SplitHostPort(d.Listen); err == nil {
		if n, err := strconv.Atoi(mine); err == nil && n > 0 {
			if next, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", n+1)); err == nil {
				return next, nil
			}
		}
	}
	return net.Listen("tcp", "127.0.0.1:0")
}

func port(a net.Addr) int { return a.(*net.TCPAddr).Port }

// reached is the address at which this machine reaches what listens there.
func reached(a net.Addr) string {
	host := a.(*net.TCPAddr).IP.String()
	if a.(*net.TCPAddr).IP.IsUnspecified() {
		host = "localhost"
	}
	return "http://" + net.JoinHostPort(host, strconv.Itoa(port(a)))
}

// greet says where to go and how to sign in.
func greet(to *streams, running *server.Server, product string, signIns []made.SignIn) {
	fmt.Fprintf(to.out, "Tenure is running at %s\nMails arrive at %s/mailbox\nA product that embeds it is at %s/app/\n\n", running.Origin(), running.Origin(), product)
	table := tabwriter.NewWriter(to.out, 0, 8, 2, ' ', 0)
	for _, s := range signIns {
		fmt.Fprintf(table, "%s\t%s\t%s\n", s.Account, s.Email, s.About)
	}
	_ = table.Flush() // to a terminal
	fmt.Fprintf(to.out, "\nThe password of each is:  %s\nThe operator key is:      %s\n\nEverything is thrown away when you stop this with Ctrl-C.\n", made.Password, running.OperatorKey())
}
