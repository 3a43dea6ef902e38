package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"time"

	"tenure/internal/departure"
	"tenure/internal/fault"
	"tenure/internal/server"
)

// verify checks a database, or a receipt.
type verify struct {
	Receipt  string `arg:"" optional:"" help:"A departure receipt, as JSON in a file; - reads it from standard input. Without one, the whole database is checked."`
	Keys     string `placeholder:"WHERE" help:"The public keys of the server that signed the receipt: what it serves at /.well-known/tenure-keys.json, as a file or its address. By default those of --database."`
	Database string `env:"TENURE_DATABASE" placeholder:"WHERE" help:"A file path (SQLite) or a postgres://… address; tenure.db unless --keys are given. With a receipt, the trail is held against it."`
	Secret   string `env:"TENURE_SECRET" placeholder:"TEXT" help:"The secret of the server, where it is not in a file beside the database."`
}

// Run says what it looked at and what it found.
func (v *verify) Run(ctx context.Context, to *streams) error {
	config := server.Config{Database: v.Database, Secret: v.Secret, Log: logger(to, slog.LevelError)}
	if v.Receipt != "" {
		return v.receipt(ctx, to, config)
	}
	report, err := server.Verify(ctx, config)
	if err != nil {
		return err
	}
	for _, defect := range report.Defects {
		fmt.Fprintln(to.out, defect)
	}
	fmt.Fprintf(to.out, "%d accounts, %d users, %d events: ", report.Accounts, report.Users, report.Events)
	if len(report.Defects) > 0 {
		fmt.Fprintf(to.out, "%d defects.\n", len(report.Defects))
		return errFound
	}
	fmt.Fprintln(to.out, "all is well.")
	return nil
}

// receipt says whether a receipt is as a server signed it, and whether the trail
// still goes through the event it names.
func (v *verify) receipt(ctx context.Context, to *streams, config server.Config) error {
	raw, err := readAll(v.Receipt)
	if err != nil {
		return misuse("The receipt cannot be read: %w", err)
	}
	keys, err := v.keys(ctx, config)
	if err != nil {
		return err
	}
	r, err := keys.Verify(raw)
	if refused := fault.As(err); refused != nil {
		fmt.Fprintln(to.out, refused.Message)
		return errFound
	} else if err != nil {
		return err
	}
	fmt.Fprintf(to.out, "%s was applied at %s by %s %s, says key %s.\n", r.Departure, r.AppliedAt.Format(time.RFC3339), r.By.Kind, r.By.ID, r.KeyID)
	for _, left := range r.Members {
		fmt.Fprintf(to.out, "%s %s: %d sessions and %d keys ended.\n", left.Member, left.Email, left.SessionsEnded, left.KeysEnded)
	}
	if v.Keys != "" && v.Database == "" {
		fmt.Fprintln(to.out, "The signature holds. No trail was looked at.")
		return nil
	}
	account, defects, err := server.VerifyTrailOf(ctx, config, r)
	if err != nil {
		return err
	}
	if len(defects) > 0 {
		fmt.Fprintf(to.out, "The signature holds; the trail does not.\n%s\n", strings.Join(defects, "\n"))
		return errFound
	}
	fmt.Fprintf(to.out, "The signature holds, and so does the trail of %s with its event %d.\n", account, r.ChainHead.Seq)
	return nil
}

// keys reads the public keys from where the flag says.
func (v *verify) keys(ctx context.Context, config server.Config) (departure.Keys, error) {
	if v.Keys == "" {
		return server.OwnKeys(config)
	}
	read := func() ([]byte, error) { return readAll(v.Keys) }
	if strings.HasPrefix(v.Keys, "https://") || strings.HasPrefix(v.Keys, "http://") {
		read = func() ([]byte, error) { return fetch(ctx, v.Keys) }
	}
	raw, err := read()
	if err != nil {
		return nil, misuse("The keys cannot be read: %w", err)
	}
	keys, err := departure.ReadKeys(raw)
	if refused := fault.As(err); refused != nil {
		return nil, misuse("The keys cannot be used: %s", strings.TrimSuffix(refused.Message, "."))
	}
	return keys, err
}

// misused is about what the command was given, in one sentence.
type misused struct{ error }

func misuse(format string, args ...any) error { return misused{fmt.Errorf(format+".", args...)} }

// readAll reads a file, or standard input.
func readAll(file string) ([]byte, error) {
	if file == "-" {
		return io.ReadAll(os.Stdin)
	}
	return os.ReadFile(file)
}

// mostKeys bounds what is read from an address, in bytes.
const mostKeys = 1 << 20

// fetch reads what is served at an address.
func fetch(ctx context.Context, address string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s answers %s", address, response.Status)
	}
	return io.ReadAll(io.LimitReader(response.Body, mostKeys))
}
