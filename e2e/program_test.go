// Package e2e drives the built program from outside, as an operator and other
// programs do.
package e2e

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"tenure/internal/server/contract"
)

// tenure is the path of the program under test.
var tenure string

func TestMain(m *testing.M) {
	os.Exit(func() int {
		dir, err := os.MkdirTemp("", "tenure-e2e-")
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer os.RemoveAll(dir)
		tenure = filepath.Join(dir, "tenure")
		build := exec.Command("go", "build", "-o", tenure, "tenure/cmd/tenure")
		build.Stdout, build.Stderr = os.Stderr, os.Stderr
		if err := build.Run(); err != nil {
			fmt.Fprintln(os.Stderr, "build:", err)
			return 1
		}
		return m.Run()
	}())
}

const (
	operatorKey = "top_e2e-e2e-e2e-e2e-e2e-e2e-e2e-e2e-e2e-e2e"
	serverKey   = "e2e-secret-e2e-secret-e2e-secret-e2e"
)

// program is a running `tenure serve`. Whoever speaks to it does so through a
// proxy that holds what is said against the description.
type program struct {
	command *exec.Cmd
	base    string // of the proxy
	proxy   *httptest.Server
	exited  chan error
	printed string        // the file of what it prints
	log     *bytes.Buffer // to be read when it has exited
}

// serve starts the program on a database and waits until it serves.
func serve(t *testing.T, database string, flags ...string) *program {
	t.Helper()
	p, err := begin(t, t.TempDir(), append([]string{"--database", database, "--operator-key", operatorKey}, flags...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.kill)
	return p
}

// begin is serve with flags of one's own, for who ends the program by themselves.
func begin(t *testing.T, home string, flags ...string) (*program, error) {
	out, err := os.Create(filepath.Join(home, "printed"))
	if err != nil {
		return nil, err
	}
	defer out.Close()
	p := &program{exited: make(chan error, 1), printed: out.Name(), log: &bytes.Buffer{}}
	p.command = exec.Command(tenure, append([]string{"serve", "--listen", "127.0.0.1:0", "--secret", serverKey}, flags...)...)
	p.command.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + home}
	p.command.Stdout = out
	stderr, err := p.command.StderrPipe()
	if err != nil {
		return nil, err
	}
	if err := p.command.Start(); err != nil {
		return nil, err
	}
	serving := make(chan string, 1)
	go func() {
		lines := bufio.NewScanner(stderr)
		for lines.Scan() {
			p.log.Write(append(lines.Bytes(), '\n'))
			var line struct{ Msg, Address string }
			if json.Unmarshal(lines.Bytes(), &line) == nil && line.Msg == "serving" {
				serving <- line.Address
			}
		}
		p.exited <- p.command.Wait()
	}()
	select {
	case address := <-serving:
		p.proxy = httptest.NewServer(contract.Described().Proxy(&url.URL{Scheme: "http", Host: address}, func(err error) { t.Error(err) }))
		p.base = p.proxy.URL
		return p, nil
	case err := <-p.exited:
		return nil, fmt.Errorf("the program did not come up: %w\n%s", err, p.log)
	}
}

// kill ends the program as a power cut would, and waits until it is gone and
// nobody speaks to it any more.
func (p *program) kill() {
	if p.command.Process.Kill() == nil {
		p.exited <- <-p.exited
	}
	p.proxy.Close()
}

// stop ends it as an operator would.
func (p *program) stop(t *testing.T) {
	t.Helper()
	if err := p.end(); err != nil {
		t.Errorf("it did not stop cleanly: %v\n%s", err, p.log)
	}
}

func (p *program) end() error {
	if err := p.command.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	err := <-p.exited
	p.exited <- err
	return err
}

var web = &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 64}}

// call makes one request with the operator key and reads the answer into to. It
// gives the status, or an error if there was no whole answer.
func (p *program) call(ctx context.Context, method, path string, body, to any) (int, error) {
	var content io.Reader
	if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			return 0, err
		}
		content = bytes.NewReader(raw)
	}
	request, err := http.NewRequestWithContext(ctx, method, p.base+path, content)
	if err != nil {
		return 0, err
	}
	request.Header.Set("Authorization", "Bearer "+operatorKey)
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	response, err := web.Do(request)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	raw, err := io.ReadAll(response.Body)
	if err != nil {
		return 0, err
	}
	if to != nil && response.StatusCode < 300 {
		if err := json.Unmarshal(raw, to); err != nil {
			return response.StatusCode, fmt.Errorf("%s: %w", raw, err)
		}
	}
	return response.StatusCode, nil
}

// must is call for what has to succeed.
func (p *program) must(t *testing.T, method, path string, body, to any) {
	t.Helper()
	status, err := p.call(t.Context(), method, path, body, to)
	if err != nil || status >= 300 {
		t.Fatalf("%s %s: %d %v", method, path, status, err)
	}
}

// run runs a command of the program to its end.
func run(t *testing.T, args ...string) (output string, code int) {
	t.Helper()
	command := exec.Command(tenure, args...)
	command.Dir = t.TempDir()
	command.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir()}
	raw, err := command.CombinedOutput()
	if err != nil && command.ProcessState == nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(raw)), command.ProcessState.ExitCode()
}
