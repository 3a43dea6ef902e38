package main

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/jackc/pgx/v5"

	"tenure/internal/db/dbtest"
)

// place is where a run puts its databases and its program.
type place struct {
	dir     string
	program string
	server  string          // the address of a PostgreSQL server, empty until an engine needs it
	cluster *dbtest.Cluster // nil: the server is not ours
}

func prepare(o options) (*place, error) {
	dir, err := os.MkdirTemp(o.dir, "tenure-bench-")
	if err != nil {
		return nil, err
	}
	p := &place{dir: dir, program: o.program, server: o.postgres}
	if p.program == "" {
		p.program = filepath.Join(dir, "tenure")
		build := exec.Command("go", "build", "-o", p.program, "tenure/cmd/tenure")
		build.Stderr = os.Stderr
		if err := build.Run(); err != nil {
			return nil, errors.Join(fmt.Errorf("build the program: %w", err), p.clear())
		}
	}
	return p, nil
}

// clear removes what is left.
func (p *place) clear() error {
	var err error
	if p.cluster != nil {
		err = p.cluster.Stop()
	}
	return errors.Join(err, os.RemoveAll(p.dir))
}

// engine is one of the two, and the databases that rows share on it.
type engine struct {
	place      *place
	name       string
	durability string
	made       []string
	crowded    *crowded // nil until a row needs it
}

func (p *place) engine(name string) (*engine, error) {
	e := &engine{place: p, name: name}
	switch name {
	case "sqlite":
		e.durability = "WAL, synchronous=FULL"
	case "postgres":
		e.durability = "fsync=on, synchronous_commit=on"
		if p.server != "" {
			break
		}
		cluster, err := dbtest.StartDurableCluster(filepath.Dir(p.dir))
		if err != nil {
			return nil, err
		}
		p.cluster, p.server = cluster, cluster.URL
	default:
		return nil, fmt.Errorf("there is no engine %q", name)
	}
	return e, nil
}

// fresh makes an empty database and gives its address.
func (e *engine) fresh(ctx context.Context) (where string, err error) {
	name := "bench_" + strings.ToLower(rand.Text()[:12])
	e.made = append(e.made, name)
	if e.name == "sqlite" {
		return filepath.Join(e.place.dir, name+".db"), nil
	}
	u, err := url.Parse(e.place.server)
	if err != nil {
		return "", err
	}
	u.Path = "/" + name
	return u.String(), e.administer(ctx, "CREATE DATABASE "+name)
}

func (e *engine) administer(ctx context.Context, statement string) error {
	c, err := pgx.Connect(ctx, e.place.server)
	if err != nil {
		return err
	}
	_, err = c.Exec(ctx, statement)
	return errors.Join(err, c.Close(ctx))
}

// settle lets the engine do after a large load what it does by itself in time.
func (e *engine) settle(ctx context.Context, where string) error {
	if e.name == "sqlite" {
		return nil
	}
	c, err := pgx.Connect(ctx, where)
	if err != nil {
		return err
	}
	_, err = c.Exec(ctx, "VACUUM ANALYZE")
	return errors.Join(err, c.Close(ctx))
}

// version names the engine and its version.
func (e *engine) version(ctx context.Context) (string, error) {
	if e.name == "sqlite" {
		db, err := sql.Open("sqlite", ":memory:")
		if err != nil {
			return "", err
		}
		var version string
		err = db.QueryRowContext(ctx, "SELECT sqlite_version()").Scan(&version)
		return "SQLite " + version, errors.Join(err, db.Close())
	}
	c, err := pgx.Connect(ctx, e.place.server)
	if err != nil {
		return "", err
	}
	var version string
	err = c.QueryRow(ctx, "SHOW server_version").Scan(&version)
	return "PostgreSQL " + version, errors.Join(err, c.Close(ctx))
}

// clear stops what the rows of the engine have left running, and drops their
// databases.
func (e *engine) clear(ctx context.Context) error {
	var errs []error
	if e.crowded != nil && e.crowded.server != nil {
		errs = append(errs, e.crowded.server.stop())
	}
	for _, name := range e.made {
		if e.name == "postgres" {
			errs = append(errs, e.administer(ctx, "DROP DATABASE "+name+" WITH (FORCE)"))
		}
	}
	return errors.Join(errs...)
}
