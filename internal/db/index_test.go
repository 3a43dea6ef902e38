package db

import (
	"path/filepath"
	"testing"

	"github.com/pressly/goose/v3"
)

// TestMembersFromBeforeTheIndexAreFound brings a SQLite file up to date that has
// members from before there was an index.
func TestMembersFromBeforeTheIndexAreFound(t *testing.T) {
	ctx, path := t.Context(), filepath.Join(t.TempDir(), "tenure.db")
	file, err := openFile(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	provider, err := newProvider(file, goose.DialectSQLite3)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := provider.UpTo(ctx, 7); err != nil {
		t.Fatal(err)
	}
	for _, statement := range []string{
		`INSERT INTO accounts (account_id, name, preset, policy, created_at) VALUES ('acc_acme', 'Acme', 'team', '{}', 0)`,
		`INSERT INTO roles (account_id, role_key, name, role_rank, administers, permissions, reach, modules, billable) VALUES ('acc_acme', 'member', 'Member', 1, FALSE, '[]', 'all', 'all', TRUE)`,
		`INSERT INTO members (account_id, member_id, email, email_key, first_name, last_name, name_key, search_key, status, role_key, created_at, last_seen_at)
			VALUES ('acc_acme', 'mem_ann', 'ann@example.com', 'ann@example.com', 'Ann', 'Lee', 'ann lee', 'ann lee ann@example.com', 'active', 'member', 0, 0)`,
	} {
		if _, err := file.ExecContext(ctx, statement); err != nil {
			t.Fatal(err)
		}
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	d, err := Open(ctx, path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if err := d.Migrate(ctx); err != nil {
		t.Fatal(err)
	}
	if err := d.Read(ctx, func(tx *Tx) error {
		ids, found, err := tx.Search(ctx, Search{Account: "acc_acme", Text: "n lee a", Statuses: []string{"active"}, Limit: 5})
		if len(ids) != 1 || ids[0] != "mem_ann" || !found {
			t.Errorf("found %v, %v", ids, found)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
}
