package db_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"tenure/internal/db"
	"tenure/internal/db/dbtest"
	"tenure/internal/fault"
	"tenure/internal/id"
)

// What was acknowledged is there, whatever happens to the process.

// writerOf makes a process of this test the writer at an address.
const writerOf = "TENURE_TEST_WRITER_OF"

func TestMain(m *testing.M) {
	if where := os.Getenv(writerOf); where != "" {
		fmt.Fprintln(os.Stderr, writeForEver(where))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// writeForEver writes with many hands, and prints each name once it has been
// acknowledged.
func writeForEver(where string) error {
	ctx := context.Background()
	d, err := db.Open(ctx, where, db.Options{})
	if err != nil {
		return err
	}
	failed := make(chan error)
	var printing sync.Mutex
	for hand := range 8 {
		account := []id.Account{acme, globex}[hand%2]
		go func() {
			for n := 0; ; n++ {
				name := fmt.Sprintf("%d.%d.%d", os.Getpid(), hand, n)
				err := d.Write(ctx, account, func(tx *db.Tx) error {
					record(tx.Chain())
					return mark(tx, name)
				})
				if err != nil {
					failed <- err
				}
				printing.Lock()
				fmt.Println(name)
				printing.Unlock()
			}
		}()
	}
	return <-failed
}

func TestAcknowledgedOutlivesTheProcess(t *testing.T) {
	dbtest.EachWhere(t, func(t *testing.T, where string) {
		d := dbtest.Open(t, where, db.Options{})
		found(t, d, acme, globex)
		marks(t, d)
		acknowledged := 0
		for round := range 5 {
			names := writeUntilKilled(t, where, 50+37*round)
			acknowledged += len(names)
			there, events := tally(t, d)
			for _, name := range names {
				if !there[name] {
					t.Errorf("%s was acknowledged and is not there", name)
				}
			}
			if events-2 != len(there) {
				t.Errorf("the trails have %d events for %d changes", events-2, len(there))
			}
		}
		if acknowledged < 500 {
			t.Errorf("only %d writes were acknowledged", acknowledged)
		}
	})
}

// writeUntilKilled lets a process write, kills it after n acknowledged writes,
// and gives those that it acknowledged.
func writeUntilKilled(t *testing.T, where string, n int) (names []string) {
	t.Helper()
	writer := exec.Command(os.Args[0])
	writer.Env = append(os.Environ(), writerOf+"="+where)
	writer.Stderr = os.Stderr
	output, err := writer.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := writer.Start(); err != nil {
		t.Fatal(err)
	}
	said := bufio.NewReader(output)
	for {
		line, err := said.ReadString('\n')
		if err != nil {
			break
		}
		if names = append(names, strings.TrimSpace(line)); len(names) == n {
			if err := writer.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := writer.Wait(); len(names) < n {
		t.Fatalf("the writer ended by itself: %v", err)
	}
	return names
}

// tally reads on one snapshot what is there and how many events the trails have.
func tally(t *testing.T, d *db.DB) (there map[string]bool, events int) {
	t.Helper()
	err := d.Read(t.Context(), func(tx *db.Tx) error {
		there = map[string]bool{}
		err := tx.Each(t.Context(), "SELECT name FROM marks", nil, func(scan func(...any) error) error {
			var name string
			err := scan(&name)
			there[name] = true
			return err
		})
		if err != nil {
			return err
		}
		return tx.One(t.Context(), "SELECT CAST(SUM(seq) AS BIGINT) FROM heads", nil, &events)
	})
	if err != nil {
		t.Fatal(err)
	}
	return there, events
}

// The file is copied as it stands when the write has returned: what a machine
// that lost its power then would find.
func TestAcknowledgedIsInTheFile(t *testing.T) {
	dbtest.On(t, dbtest.SQLite, func(t *testing.T, where string) {
		d := dbtest.Open(t, where, db.Options{})
		found(t, d, acme)
		marks(t, d)
		if err := d.Write(t.Context(), acme, leave("a", well)); err != nil {
			t.Fatal(err)
		}
		copied := filepath.Join(t.TempDir(), "tenure.db")
		for _, part := range []string{"", "-wal"} {
			copyFile(t, copied+part, where+part)
		}
		wantMarks(t, dbtest.Open(t, copied, db.Options{}), "a")
	})
}

func copyFile(t *testing.T, to, from string) {
	t.Helper()
	source, err := os.Open(from)
	if err != nil {
		t.Fatal(err)
	}
	defer source.Close()
	target, err := os.Create(to)
	if err != nil {
		t.Fatal(err)
	}
	_, err = io.Copy(target, source)
	if closing := target.Close(); err != nil || closing != nil {
		t.Fatal(err, closing)
	}
}

func TestSQLiteIsOpenedToLast(t *testing.T) {
	dbtest.On(t, dbtest.SQLite, func(t *testing.T, where string) {
		d := dbtest.Open(t, where, db.Options{})
		want := map[string]string{"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "busy_timeout": "10000"}
		for setting, want := range want {
			check := func(tx *db.Tx) error {
				var got string
				err := tx.One(t.Context(), "PRAGMA "+setting, nil, &got)
				if got != want {
					t.Errorf("%s is %s, want %s", setting, got, want)
				}
				return err
			}
			if err := d.Housekeep(t.Context(), check); err != nil {
				t.Error(err)
			}
			if err := d.Read(t.Context(), check); err != nil {
				t.Error(err)
			}
		}
	})
}

func TestOnlyTheOwnerReadsTheFiles(t *testing.T) {
	dir := t.TempDir()
	d := dbtest.Open(t, filepath.Join(dir, "a name? with 100% of #signs.db"), db.Options{})
	if err := d.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	found(t, d, acme)
	files, err := os.ReadDir(dir)
	if err != nil || len(files) < 3 {
		t.Fatalf("%v, %d files, want the database, its log and their index", err, len(files))
	}
	for _, file := range files {
		info, err := file.Info()
		if err != nil {
			t.Fatal(err)
		}
		if mode := info.Mode().Perm(); mode != 0o600 || !strings.HasPrefix(file.Name(), "a name? with 100% of #signs.db") {
			t.Errorf("%s has mode %o", file.Name(), mode)
		}
	}
}

func TestWhatCannotBeOpenedIsSaidWithoutSecrets(t *testing.T) {
	for _, where := range []string{
		"",
		filepath.Join(t.TempDir(), "no", "such", "folder", "tenure.db"),
		t.TempDir(),
		"mysql://user:hunter2@host/db",
		"postgres://user:hunter2@127.0.0.1:1/db?connect_timeout=1",
		"postgres://user:hunter2@127.0.0.1:port/db",
		"postgres:///db?user=x&password=hunter2&sslmode=perhaps",
	} {
		d, err := db.Open(t.Context(), where, db.Options{})
		if err == nil {
			d.Close()
			t.Errorf("%q was opened", where)
		} else if strings.Contains(err.Error(), "hunter2") {
			t.Errorf("the error repeats the password: %v", err)
		}
	}
}

func TestClosedStoreTakesNothing(t *testing.T) {
	dbtest.EachWhere(t, func(t *testing.T, where string) {
		d := dbtest.Open(t, where, db.Options{})
		found(t, d, acme)
		if err := d.Ping(t.Context()); err != nil {
			t.Errorf("Ping: %v", err)
		}
		if err := d.Close(); err != nil {
			t.Fatal(err)
		}
		nothing := func(*db.Tx) error { return nil }
		for name, err := range map[string]error{
			"Write": d.Write(t.Context(), acme, nothing),
			"Read":  d.Read(t.Context(), nothing),
			"Ping":  d.Ping(t.Context()),
		} {
			if err == nil || fault.Code(err) == "not_found" {
				t.Errorf("%s of a closed store: %v", name, err)
			}
		}
		if err := d.Close(); err != nil {
			t.Errorf("closed twice: %v", err)
		}
	})
}
