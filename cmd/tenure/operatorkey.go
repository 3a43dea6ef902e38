package main

import (
	"context"
	"fmt"
	"log/slog"
	"text/tabwriter"
	"time"

	"tenure/client"
	"tenure/internal/server"
)

// listOperatorKeys lists the operator keys.
type listOperatorKeys struct{ remote }

// Run writes one key a line.
func (l *listOperatorKeys) Run(ctx context.Context, to *streams) error {
	keys, err := l.client().OperatorKeys(ctx)
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(to.out, 0, 8, 2, ' ', 0)
	fmt.Fprintln(table, "ID\tNAME\tENDS IN\tCREATED\tLAST USED\tEXPIRES")
	for _, k := range keys {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\n", k.ID, k.Name, k.Hint, k.CreatedAt.Format("2006-01-02"), minute(k.LastUsedAt), minute(k.ExpiresAt))
	}
	return table.Flush()
}

// minute writes a time, or that there is none.
func minute(t *time.Time) string {
	if t == nil {
		return "never"
	}
	return t.Format("2006-01-02 15:04")
}

// addOperatorKey adds an operator key.
type addOperatorKey struct {
	remote
	Name      string    `arg:"" help:"What it is for."`
	ExpiresAt time.Time `placeholder:"TIME" help:"When it runs out, such as 2027-01-31T00:00:00Z. Without it, never."`
}

// Run adds the key and shows it.
func (a *addOperatorKey) Run(ctx context.Context, to *streams) error {
	added, err := a.client().AddOperatorKey(ctx, client.NewOperatorKey{Name: a.Name, ExpiresAt: a.ExpiresAt})
	if err != nil {
		return err
	}
	fmt.Fprintf(to.out, "%s  %s\nThe operator key, shown this once: %s\n", added.ID, added.Name, added.Key)
	return nil
}

// revokeOperatorKey revokes an operator key.
type revokeOperatorKey struct {
	remote
	Key string `arg:"" help:"The id of the key: opk_…"`
}

// Run revokes the key and says so.
func (r *revokeOperatorKey) Run(ctx context.Context, to *streams) error {
	if err := r.client().RevokeOperatorKey(ctx, r.Key); err != nil {
		return err
	}
	fmt.Fprintf(to.out, "%s is revoked.\n", r.Key)
	return nil
}

// resetOperatorKeys is for who has lost all operator keys.
type resetOperatorKeys struct{ storage }

// Run revokes every key and shows the new one.
func (r *resetOperatorKeys) Run(ctx context.Context, to *streams) error {
	made, ended, err := server.ResetOperatorKeys(ctx, server.Config{Database: r.Database, Log: logger(to, slog.LevelWarn)})
	if err != nil {
		return err
	}
	fmt.Fprintf(to.out, "%d keys are revoked.\nThe operator key, shown this once: %s\n", ended, made)
	return nil
}
