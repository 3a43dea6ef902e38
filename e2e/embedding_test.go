package e2e

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
)

// TestTheCommandsOfTheEmbeddingPageWork types what stands on the page, one command
// after the other, at the demo. What the page leaves to the reader (`export
// ACCOUNT=acc_…`) is taken from the answer before it.
func TestTheCommandsOfTheEmbeddingPageWork(t *testing.T) {
	page, err := os.ReadFile(filepath.Join("..", "docs", "guide", "embedding.md"))
	if err != nil {
		t.Fatal(err)
	}
	origin, last := demoOf(t)
	environment, asked := os.Environ(), 0
	for _, block := range regexp.MustCompile("(?s)```(\\w*)\n(.*?)\n```").FindAllSubmatch(page, -1) {
		if len(block[1]) > 0 {
			continue // an answer, in its language
		}
		for command := range strings.SplitSeq(strings.ReplaceAll(string(block[2]), "\\\n", ""), "\n") {
			switch {
			case strings.HasPrefix(command, "curl "):
				last = asCurlWould(t, strings.ReplaceAll(command, "http://localhost:8080", origin), environment)
				asked++
			case strings.HasPrefix(command, "export "):
				for _, variable := range regexp.MustCompile(`(\w+)=(\w*)…`).FindAllStringSubmatch(command, -1) {
					value := regexp.MustCompile(`\b` + variable[2] + `[A-Za-z0-9_-]{20,}`).FindString(last)
					if variable[2] == "" {
						value = regexp.MustCompile(`"` + strings.ToLower(variable[1]) + `":"(\w+)"`).FindStringSubmatch(last + `"` + strings.ToLower(variable[1]) + `":"none"`)[1]
					}
					environment = append(environment, variable[1]+"="+value)
				}
			}
		}
	}
	if asked < 9 || !strings.Contains(last, `"key":"tk_`) {
		t.Errorf("after %d commands the page ends with %s", asked, last)
	}
}

// demoOf starts the demo, and gives its origin and all that it printed.
func demoOf(t *testing.T) (origin, printed string) {
	t.Helper()
	demo := exec.CommandContext(t.Context(), tenure, "demo", "--listen", "127.0.0.1:0")
	demo.Cancel = func() error { return demo.Process.Signal(syscall.SIGTERM) }
	demo.Env = append(os.Environ(), "TMPDIR="+t.TempDir())
	out, err := demo.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := demo.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = demo.Wait() }) // the context of the test has ended by then, and the demo with it
	for lines := bufio.NewScanner(out); lines.Scan(); {
		printed += lines.Text() + "\n"
		if strings.Contains(lines.Text(), "Ctrl-C") {
			return regexp.MustCompile(`http://localhost:\d+`).FindString(printed), printed
		}
	}
	t.Fatalf("the demo ended after %q", printed)
	return "", ""
}

// asCurlWould sends what a command says and gives the answer, which must be none of
// trouble. The shell takes the command apart.
func asCurlWould(t *testing.T, command string, environment []string) string {
	t.Helper()
	shell := exec.CommandContext(t.Context(), "bash", "-euc", `curl() { printf '%s\0' "$@" >&2; }; `+command)
	shell.Env, shell.Dir = environment, t.TempDir()
	var said bytes.Buffer
	shell.Stderr = &said
	if err := shell.Run(); err != nil {
		t.Fatalf("%s: %v\n%s", command, err, said.Bytes())
	}
	method, address, body := http.MethodGet, "", ""
	headers := http.Header{}
	words := strings.Split(strings.TrimSuffix(said.String(), "\x00"), "\x00")
	for i := 0; i < len(words); i++ {
		switch words[i] {
		case "-s":
		case "-H":
			i++
			name, value, _ := strings.Cut(words[i], ": ")
			headers.Set(name, value)
		case "-d":
			i++
			method, body = http.MethodPost, words[i]
		default:
			address = words[i]
		}
	}
	request, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header = headers
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode >= 300 {
		t.Fatal(fmt.Sprintf("%s\nanswered %d %s", command, response.StatusCode, answer), err)
	}
	return string(answer)
}
