// Package bare is the server that Tenure is measured beside: net/http with
// nothing around it. It answers so many bytes, and stores a member and an event
// as plainly as can be done durably: many at once, in one commit.
//
// It looks at no credential, checks nothing, and keeps no chain. It is the one
// place outside the store that knows an engine, because it stands for what one
// would write without Tenure.
package bare

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"
)

// Environment holds the configuration of a process that is to be the bare
// server, as JSON.
const Environment = "TENURE_BENCH_BARE"

// Config is what the bare server is told.
type Config struct {
	Listen   string
	Database string // migrated, with the accounts in it; empty: nothing is stored
	Role     string
}

// Main is the process. It says "serving" and its address on the standard error,
// as tenure does, and ends with SIGTERM.
func Main() int {
	var c Config
	if err := json.Unmarshal([]byte(os.Getenv(Environment)), &c); err != nil {
		return fail(err)
	}
	listener, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return fail(err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /bytes/{n}", answer)
	if c.Database != "" {
		store, err := open(c)
		if err != nil {
			return fail(err)
		}
		mux.HandleFunc("POST /accounts/{account}/members", store.add)
	}
	web := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	ended := make(chan os.Signal, 1)
	signal.Notify(ended, syscall.SIGTERM, os.Interrupt)
	go func() {
		<-ended
		web.Close()
	}()
	fmt.Fprintf(os.Stderr, `{"msg":"serving","address":%q}`+"\n", listener.Addr())
	if err := web.Serve(listener); err != http.ErrServerClosed {
		return fail(err)
	}
	return 0
}

func fail(err error) int {
	fmt.Fprintln(os.Stderr, "bare:", err)
	return 1
}

// answer answers n bytes of JSON.
func answer(w http.ResponseWriter, r *http.Request) {
	n, err := strconv.Atoi(r.PathValue("n"))
	if err != nil || n < 2 || n > len(filler) {
		http.Error(w, "how many?", http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Write(filler[:n-1])
	w.Write(quote)
}

var (
	quote  = []byte(`"`)
	filler = func() []byte {
		b := make([]byte, 64<<10)
		for i := range b {
			b[i] = 'x'
		}
		b[0] = '"'
		return b
	}()
)
