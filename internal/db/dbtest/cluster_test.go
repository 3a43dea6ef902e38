package dbtest_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tenure/internal/db"
	"tenure/internal/db/dbtest"
)

// startsCluster makes a process of this test one that starts a cluster, says
// where, and waits.
const startsCluster = "TENURE_TEST_STARTS_CLUSTER"

func TestMain(m *testing.M) {
	if os.Getenv(startsCluster) == "" {
		os.Exit(m.Run())
	}
	cluster, err := dbtest.StartCluster()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(cluster.URL)
	io.Copy(io.Discard, os.Stdin)
}

// ownClusters reports whether clusters are started in this run at all.
func ownClusters() bool {
	return slices.Contains(dbtest.Engines(), dbtest.Postgres) && os.Getenv("TENURE_TEST_POSTGRES") == ""
}

func TestClusterIsUsableAndLeavesNothing(t *testing.T) {
	if !ownClusters() {
		return
	}
	cluster, err := dbtest.StartCluster()
	if err != nil {
		t.Fatal(err)
	}
	d, err := db.Open(t.Context(), cluster.URL, db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Migrate(t.Context()); err != nil {
		t.Error(err)
	}
	if err := d.Close(); err != nil {
		t.Error(err)
	}
	if err := cluster.Stop(); err != nil {
		t.Errorf("stop: %v", err)
	}
	if _, err := os.Stat(directory(t, cluster.URL)); !os.IsNotExist(err) {
		t.Errorf("its directory: %v, want that it is gone", err)
	}
}

func TestClusterDiesWithWhoStartedIt(t *testing.T) {
	if !ownClusters() {
		return
	}
	starter := exec.Command(os.Args[0])
	starter.Env = append(os.Environ(), startsCluster+"=yes")
	starter.Stderr = os.Stderr
	if _, err := starter.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	output, err := starter.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := starter.Start(); err != nil {
		t.Fatal(err)
	}
	where, err := bufio.NewReader(output).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	var dialer net.Dialer
	wire, err := dialer.DialContext(context.Background(), "unix", filepath.Join(directory(t, strings.TrimSpace(where)), ".s.PGSQL.5432"))
	if err != nil {
		t.Fatal(err)
	}
	defer wire.Close()
	if err := starter.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	starter.Wait()
	io.Copy(io.Discard, wire) // ends with the server
}

func directory(t *testing.T, where string) string {
	t.Helper()
	u, err := url.Parse(where)
	if err != nil {
		t.Fatal(err)
	}
	return u.Query().Get("host")
}

func TestClockStandsUntilItIsMoved(t *testing.T) {
	clock := dbtest.NewClock()
	start := clock.Now()
	if clock.Add(90); !clock.Now().Equal(start.Add(90)) {
		t.Errorf("it shows %v", clock.Now())
	}
	if clock.Set(start); !clock.Now().Equal(start) {
		t.Errorf("it shows %v", clock.Now())
	}
}
