package main

import (
	"context"
	"fmt"
	"strings"
	"text/tabwriter"

	"tenure/client"
)

// remote is the server that a command speaks to.
type remote struct {
	Server      string `env:"TENURE_SERVER" default:"http://127.0.0.1:8080" placeholder:"URL" help:"The server to speak to; ${default} unless named."`
	OperatorKey string `env:"TENURE_OPERATOR_KEY" required:"" placeholder:"KEY" help:"The operator key of that server."`
}

func (r remote) client() *client.Client { return client.New(r.Server, r.OperatorKey) }

// createAccount makes an account.
type createAccount struct {
	remote
	Name       string `arg:"" help:"The name of the account."`
	Preset     string `enum:"${presets}" default:"team" help:"What kind of account: one of ${enum}."`
	OwnerEmail string `required:"" placeholder:"ADDRESS" help:"Who is invited to own it."`
	FirstName  string `required:"" help:"Of the owner."`
	LastName   string `required:"" help:"Of the owner."`
}

// Run creates the account and says whom it invited.
func (c *createAccount) Run(ctx context.Context, to *streams) error {
	made, err := c.client().CreateAccount(ctx, client.NewAccount{
		Name: c.Name, Preset: c.Preset, Owner: client.Owner{Email: c.OwnerEmail, FirstName: c.FirstName, LastName: c.LastName},
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(to.out, "%s  %s\nInvited %s to own it, until %s.\n", made.Account.ID, made.Account.Name, made.Owner.Email, made.Invitation.ExpiresAt.Format("2 January 2006 15:04 MST"))
	return nil
}

// listAccounts lists accounts.
type listAccounts struct{ remote }

// Run writes one account a line.
func (l *listAccounts) Run(ctx context.Context, to *streams) error {
	accounts, err := l.client().Accounts(ctx)
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(to.out, 0, 8, 2, ' ', 0)
	fmt.Fprintln(table, "ID\tNAME\tPRESET\tCREATED")
	for _, a := range accounts {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", a.ID, a.Name, a.Preset, a.CreatedAt.Format("2006-01-02"))
	}
	return table.Flush()
}

// addOwner gives an account an owner.
type addOwner struct {
	remote
	Account string `arg:"" help:"The id of the account."`
	Who     string `arg:"" help:"The id of a member to promote, or an address to invite."`
	Reason  string `required:"" placeholder:"TEXT" help:"Why; it is kept in the account's trail."`
}

// Run promotes or invites, and says which.
func (a *addOwner) Run(ctx context.Context, to *streams) error {
	n := client.NewOwner{Email: a.Who, Reason: a.Reason}
	if !strings.Contains(a.Who, "@") {
		n = client.NewOwner{Member: a.Who, Reason: a.Reason}
	}
	added, err := a.client().AddOwner(ctx, a.Account, n)
	if err != nil {
		return err
	}
	if added.Member != nil && added.Invitation != nil {
		fmt.Fprintf(to.out, "%s has never come in: they are invited, until %s, and own the account when they do.\n", added.Member.Email, added.Invitation.ExpiresAt.Format("2 January 2006 15:04 MST"))
		return nil
	}
	if added.Member != nil {
		fmt.Fprintf(to.out, "%s %s (%s) owns the account now.\n", added.Member.FirstName, added.Member.LastName, added.Member.Email)
		return nil
	}
	fmt.Fprintf(to.out, "%s is invited to own the account, until %s.\n", added.Invitation.Email, added.Invitation.ExpiresAt.Format("2 January 2006 15:04 MST"))
	return nil
}
