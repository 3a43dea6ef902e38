package dbtest

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
)

// Cluster is a PostgreSQL server of the test's own, thrown away afterwards. It
// is made from the installed server programs and listens on a socket only.
type Cluster struct {
	// URL is the address of its first database, as user who may make others.
	URL string

	keeper *exec.Cmd
	input  io.Closer
}

// keep starts a server and stops it when its input ends: when Stop closes it,
// and also when the process that started it dies, however that happens.
// $1: programs, $2: directory, $3: settings. Where it can, the server sorts text as many
// installations do, passing over punctuation: what is sorted or compared by its
// bytes has to say so.
const keep = `
trap '' INT TERM HUP
if ! "$1/initdb" -D "$2/data" -U tenure -A trust -E UTF8 --no-sync --locale=C --locale-provider=icu --icu-locale=en-US-u-ka-shifted >"$2/log" 2>&1
then rm -rf "$2/data"; "$1/initdb" -D "$2/data" -U tenure -A trust -E UTF8 --no-sync >>"$2/log" 2>&1 || { cat "$2/log"; rm -rf "$2"; exit 1; }
fi
"$1/pg_ctl" start -w -s -D "$2/data" -l "$2/log" -o "-k '$2' -c listen_addresses='' $3" >/dev/null || { cat "$2/log"; rm -rf "$2"; exit 1; }
echo ready
read -r _
"$1/pg_ctl" stop -s -m immediate -D "$2/data" >/dev/null
rm -rf "$2"
`

// The settings of clusters: one that forgets everything when the power goes, and
// one as an installation has it.
const (
	forgetful = "-c max_connections=400 -c shared_buffers=64MB -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c autovacuum=off"
	durable   = "-c shared_buffers=256MB"
)

// StartCluster makes and starts a cluster for tests, which loses what is in it
// when the machine stops. The server programs refuse to run as root; then they
// run as postgres, or as nobody.
func StartCluster() (*Cluster, error) { return startCluster(scratch(), forgetful) }

// StartDurableCluster is StartCluster for measurements: below a directory of the
// disk that is measured, with the durability that PostgreSQL has by default.
func StartDurableCluster(parent string) (*Cluster, error) { return startCluster(parent, durable) }

func startCluster(parent, settings string) (*Cluster, error) {
	programs, err := serverPrograms()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp(parent, "tenure-postgres-")
	if err != nil {
		return nil, err
	}
	attr := &syscall.SysProcAttr{Setsid: true} // an interrupt at the terminal is not for the keeper
	if os.Geteuid() == 0 {
		if attr.Credential, err = unprivileged(); err != nil {
			return nil, errors.Join(err, os.RemoveAll(dir))
		}
		if err := os.Chown(dir, int(attr.Credential.Uid), int(attr.Credential.Gid)); err != nil {
			return nil, errors.Join(err, os.RemoveAll(dir))
		}
	}
	c := &Cluster{URL: "postgres:///postgres?user=tenure&host=" + dir}
	if err := c.start(programs, dir, settings, attr); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	return c, nil
}

func (c *Cluster) start(programs, dir, settings string, attr *syscall.SysProcAttr) error {
	c.keeper = exec.Command("/bin/sh", "-c", keep, "keep", programs, dir, settings)
	c.keeper.Dir = dir
	c.keeper.SysProcAttr = attr
	c.keeper.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C"}
	input, err := c.keeper.StdinPipe()
	if err != nil {
		return err
	}
	c.input = input
	output, err := c.keeper.StdoutPipe()
	if err != nil {
		return err
	}
	if err := c.keeper.Start(); err != nil {
		return err
	}
	said := bufio.NewReader(output)
	if line, err := said.ReadString('\n'); err != nil || line != "ready\n" {
		rest, _ := io.ReadAll(said)
		return errors.Join(fmt.Errorf("PostgreSQL does not start: %s%s", line, rest), c.keeper.Wait())
	}
	return nil
}

// scratch is where a cluster is put: in memory where there is such a place, for
// a copy of a database is some three hundred files.
func scratch() string {
	const memory = "/dev/shm"
	if info, err := os.Stat(memory); err == nil && info.IsDir() && info.Mode().Perm()&0o002 != 0 {
		return memory
	}
	return os.TempDir()
}

// Stop stops the server and removes its directory.
func (c *Cluster) Stop() error {
	c.input.Close()
	return c.keeper.Wait()
}

// serverPrograms finds the directory of initdb, pg_ctl and postgres: on the
// PATH, or where Debian puts them, the newest version first.
func serverPrograms() (string, error) {
	dirs := filepath.SplitList(os.Getenv("PATH"))
	debian, _ := filepath.Glob("/usr/lib/postgresql/*/bin")
	slices.SortFunc(debian, func(a, b string) int { return version(b) - version(a) })
	for _, dir := range append(dirs, debian...) {
		if hasAll(dir, "initdb", "pg_ctl", "postgres") {
			return dir, nil
		}
	}
	return "", errors.New("no PostgreSQL server programs found: install PostgreSQL (apt-get install postgresql) or set TENURE_TEST_POSTGRES to the postgres:// address of a server where databases can be made")
}

func version(bin string) int {
	n, _ := strconv.Atoi(filepath.Base(filepath.Dir(bin)))
	return n
}

func hasAll(dir string, programs ...string) bool {
	for _, program := range programs {
		if _, err := exec.LookPath(filepath.Join(dir, program)); err != nil {
			return false
		}
	}
	return true
}

func unprivileged() (*syscall.Credential, error) {
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err := strconv.ParseUint(u.Uid, 10, 32)
		if err != nil {
			continue
		}
		gid, err := strconv.ParseUint(u.Gid, 10, 32)
		if err != nil {
			continue
		}
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
	}
	return nil, errors.New("PostgreSQL does not run as root, and there is no user postgres or nobody to run it as")
}
