package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"

	"tenure/bench/bare"
	"tenure/internal/server"
)

// The secrets of every server of a run.
const (
	operatorKey = "top_bench-bench-bench-bench-bench-bench-bench"
	serverKey   = "bench-secret-bench-secret-bench-secret"
	// rateLimit is more than anybody asks here: requests are counted, as in
	// earnest, and none is refused.
	rateLimit = "1000000,1000000"
)

// running is a server under measurement, in a process of its own unless it is
// profiled.
type running struct {
	addr    string
	process *os.Process // nil: inside this process
	end     func() error
}

func (r *running) stop() error { return r.end() }

// tenure starts the built program on a database.
func (b *bench) tenure(ctx context.Context, where string, flags ...string) (*running, error) {
	if b.profiles != "" {
		return inside(ctx, where)
	}
	command := exec.CommandContext(ctx, b.place.program, append([]string{"serve", "--listen", "127.0.0.1:0", "--database", where,
		"--operator-key", operatorKey, "--secret", serverKey, "--rate-limit", rateLimit}, flags...)...)
	command.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + b.place.dir}
	return start(command)
}

// bareServer starts the bare server.
func (b *bench) bareServer(ctx context.Context, c bare.Config) (*running, error) {
	if c.Listen == "" {
		c.Listen = "127.0.0.1:0"
	}
	raw, err := json.Marshal(c)
	if err != nil {
		return nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	command := exec.CommandContext(ctx, self)
	command.Env = []string{"PATH=" + os.Getenv("PATH"), bare.Environment + "=" + string(raw)}
	return start(command)
}

// start starts a server and waits until it says where it serves.
func start(command *exec.Cmd) (*running, error) {
	command.Cancel = func() error { return command.Process.Signal(syscall.SIGTERM) }
	stderr, err := command.StderrPipe()
	if err != nil {
		return nil, err
	}
	if err := command.Start(); err != nil {
		return nil, err
	}
	lines := bufio.NewScanner(stderr)
	lines.Buffer(nil, 1<<20)
	said := []string{}
	for lines.Scan() {
		var line struct{ Msg, Address string }
		if json.Unmarshal(lines.Bytes(), &line) == nil && line.Msg == "serving" {
			drained := make(chan struct{})
			go func() {
				defer close(drained)
				_, _ = io.Copy(io.Discard, stderr)
			}()
			return &running{line.Address, command.Process, func() error {
				if err := command.Process.Signal(syscall.SIGTERM); err != nil {
					return err
				}
				<-drained
				return command.Wait()
			}}, nil
		}
		said = append(said, lines.Text())
	}
	return nil, errors.Join(fmt.Errorf("%s does not serve: %s", command.Path, strings.Join(said, " ")), command.Wait())
}

// inside runs the server in this process, so that it can be profiled.
func inside(ctx context.Context, where string) (*running, error) {
	s, err := server.New(ctx, server.Config{Listen: "127.0.0.1:0", Database: where, OperatorKey: operatorKey, Secret: serverKey, RateLimit: rateLimit,
		Log: slog.New(slog.NewJSONHandler(io.Discard, nil))})
	if err != nil {
		return nil, err
	}
	working, stop := context.WithCancel(context.WithoutCancel(ctx))
	ended := make(chan error, 1)
	go func() { ended <- s.Run(working) }()
	return &running{s.Addr().String(), nil, func() error {
		stop()
		return <-ended
	}}, nil
}

// processorTime is how long the processors have worked for the server so far.
func (r *running) processorTime() (time.Duration, error) {
	if r.process == nil {
		return 0, nil
	}
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", r.process.Pid))
	if err != nil {
		return 0, err
	}
	_, rest, _ := strings.Cut(string(raw), ") ") // the name may hold spaces
	fields := strings.Fields(rest)
	if len(fields) < 13 {
		return 0, errors.New("the process statistics cannot be read")
	}
	const tick = 10 * time.Millisecond
	user, err := strconv.ParseInt(fields[11], 10, 64)
	system, err2 := strconv.ParseInt(fields[12], 10, 64)
	return time.Duration(user+system) * tick, errors.Join(err, err2)
}

// resident is the memory of the server in MiB.
func (r *running) resident() (float64, error) {
	if r.process == nil {
		return 0, nil
	}
	var kilobytes float64
	_, err := fmt.Sscan(fieldOf(fmt.Sprintf("/proc/%d/status", r.process.Pid), "VmRSS"), &kilobytes)
	return kilobytes / 1024, err
}

// allocations is how many objects the server has allocated so far.
func (r *running) allocations() (float64, error) {
	response, err := http.Get("http://" + r.addr + "/metrics")
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	for lines := bufio.NewScanner(response.Body); lines.Scan(); {
		if value, ok := strings.CutPrefix(lines.Text(), "go_memstats_mallocs_total "); ok {
			return strconv.ParseFloat(value, 64)
		}
	}
	return 0, errors.New("/metrics does not say how much is allocated")
}
