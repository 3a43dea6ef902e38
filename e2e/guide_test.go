package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"tenure/internal/server"
	"tenure/internal/server/servertest"
)

// onPage takes the one block of a language out of a page of the guide.
func onPage(t *testing.T, page, language string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "docs", "guide", page))
	if err != nil {
		t.Fatal(err)
	}
	blocks := regexp.MustCompile("(?s)\n```"+language+"\n(.*?)\n```\n").FindAllStringSubmatch(string(text), -1)
	if len(blocks) != 1 {
		t.Fatalf("%s has %d blocks of %s, want one", page, len(blocks), language)
	}
	return blocks[0][1]
}

// freePort is a port of the loopback interface that nobody listens on.
func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// background starts a program that listens, and waits until it does. It ends
// with the test.
func background(t *testing.T, address string, command *exec.Cmd) {
	t.Helper()
	var said bytes.Buffer
	command.Stdout, command.Stderr = &said, &said
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		command.Wait()
		close(ended)
	}()
	t.Cleanup(func() {
		command.Process.Signal(syscall.SIGTERM)
		<-ended
		if t.Failed() {
			t.Logf("%s said:\n%s", filepath.Base(command.Path), said.String())
		}
	})
	for deadline := time.Now().Add(20 * time.Second); ; {
		conn, err := net.Dial("tcp", address)
		if err == nil {
			conn.Close()
			return
		}
		select {
		case <-ended:
			t.Fatalf("%s does not start:\n%s", command.Path, said.String())
		default:
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s does not listen: %v", command.Path, err)
		}
	}
}

// reply is what came back from a product.
type reply struct {
	status   int
	location string
	body     string
}

// knock sends a request without following redirects; headers are names and
// values in turn. It comes from an address of its own.
func knock(t *testing.T, method, url string, headers ...string) reply {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		if headers[i] == "Host" {
			request.Host = headers[i+1]
		}
		request.Header[headers[i]] = append(request.Header[headers[i]], headers[i+1]) // as it is written
	}
	from := &net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, 2)}}
	client := &http.Client{Transport: &http.Transport{DialContext: from.DialContext, DisableKeepAlives: true}, Timeout: 20 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return reply{response.StatusCode, response.Header.Get("Location"), string(body)}
}

// TestTheProgramOfTheMiddlewarePageWorks builds what stands on the page and runs
// it before a real server.
func TestTheProgramOfTheMiddlewarePageWorks(t *testing.T) {
	dir := t.TempDir()
	source, binary, overlay := filepath.Join(dir, "main.go"), filepath.Join(dir, "product"), filepath.Join(dir, "overlay.json")
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	replaced, err := json.Marshal(map[string]map[string]string{"Replace": {filepath.Join(root, "guide", "main.go"): source}})
	if err != nil {
		t.Fatal(err)
	}
	for file, content := range map[string]string{source: onPage(t, "middleware.md", "go"), overlay: string(replaced)} {
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	build := exec.Command("go", "build", "-overlay", overlay, "-o", binary, "./guide")
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	s := servertest.Start(t, "sqlite")
	c := s.Found(t, "portal", "Product", "owner@product.example")
	m := c.Invite("maria@product.example", "user", servertest.Map{"modules": c.Modules()[:1]}) // not the reports
	address := freePort(t)
	product := exec.Command(binary)
	product.Env = append(os.Environ(), "TENURE="+s.Witnessed(t), "SIGN_IN="+s.Origin()+"/sign-in", "LISTEN="+address)
	background(t, address, product)

	base := "http://" + address
	user, owner := []string{"Authorization", "Bearer " + m.Token()}, []string{"Cookie", "tenure=" + c.Owner.Token()}
	for _, asked := range []struct {
		method, path string
		by           []string
		want         reply
	}{
		{"GET", "/app/", nil, reply{303, s.Origin() + "/sign-in", ""}},
		{"GET", "/app/", user, reply{200, "", "You are maria@product.example, user in account " + c.ID + ".\n"}},
		{"GET", "/app/", owner, reply{200, "", "You are owner@product.example, admin in account " + c.ID + ".\n"}},
		{"GET", "/app/reports", user, reply{status: 403}},
		{"GET", "/app/reports", owner, reply{200, "", "Here are the reports.\n"}},
		{"POST", "/app/prices", nil, reply{status: 401}},
		{"POST", "/app/prices", user, reply{status: 403}},
		{"POST", "/app/prices", owner, reply{200, "", "The prices are changed.\n"}},
		{"POST", "/app/prices", append([]string{"Origin", "https://evil.example"}, owner...), reply{status: 403}},
	} {
		got := knock(t, asked.method, base+asked.path, asked.by...)
		if asked.want.status != 200 {
			got.body = ""
		}
		if got != asked.want {
			t.Errorf("%s %s by %v: %+v, want %+v", asked.method, asked.path, asked.by, got, asked.want)
		}
	}
	c.Owner.Post(c.Path("/members/"+m.Member+"/suspend"), nil).OK()
	if got := knock(t, "GET", base+"/app/", user...); got.status != 303 {
		t.Errorf("after the suspension: %+v", got)
	}
	s.Stop(t)
	if got := knock(t, "GET", base+"/app/", owner...); got.status != 503 {
		t.Errorf("without Tenure: %+v", got)
	}
}

// product is a host app behind nginx: it remembers the requests that reach it.
type product struct {
	mu   sync.Mutex // guards came
	came []*http.Request
}

func (p *product) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.came = append(p.came, r)
	fmt.Fprintf(w, "%s %s %s", r.Method, r.URL.Path, body)
}

// last is the newest request that came, and how many came in all.
func (p *product) last() (r *http.Request, all int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.came) == 0 {
		return nil, 0
	}
	return p.came[len(p.came)-1], len(p.came)
}

// nginx runs Debian's nginx with the configuration of the guide, whose three
// addresses are exchanged for those of the test, and nothing else.
func nginx(t *testing.T, tenure, product string) (base string) {
	t.Helper()
	program, err := exec.LookPath("nginx")
	if err != nil {
		program, err = exec.LookPath("/usr/sbin/nginx")
	}
	if err != nil {
		t.Fatal("nginx is missing: install it (apt-get install nginx-light)")
	}
	address := freePort(t)
	site := onPage(t, "forward-auth.md", "nginx")
	for _, exchange := range [][2]string{{"server 127.0.0.1:8080;", "server " + tenure + ";"}, {"server 127.0.0.1:9000;", "server " + product + ";"}, {"listen 80;", "listen " + address + ";"}} {
		if strings.Count(site, exchange[0]) != 1 {
			t.Fatalf("the configuration of the guide has no single %q", exchange[0])
		}
		site = strings.Replace(site, exchange[0], exchange[1], 1)
	}
	dir := t.TempDir()
	around := "daemon off;\nmaster_process off;\nerror_log stderr warn;\npid " + dir + "/pid;\nevents {}\nhttp {\naccess_log off;\n"
	for _, kind := range []string{"client_body", "proxy", "fastcgi", "uwsgi", "scgi"} {
		around += kind + "_temp_path " + dir + "/" + kind + ";\n"
	}
	if err := os.WriteFile(filepath.Join(dir, "nginx.conf"), []byte(around+site+"\n}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	background(t, address, exec.Command(program, "-p", dir, "-c", filepath.Join(dir, "nginx.conf"), "-e", "stderr"))
	return "http://" + address
}

// TestTheConfigurationOfTheForwardAuthPageWorks walks the page before a real
// nginx, a real server and a product that notes what reaches it.
func TestTheConfigurationOfTheForwardAuthPageWorks(t *testing.T) {
	s := servertest.Start(t, "sqlite", func(c *server.Config) {
		c.TrustedProxies, c.Origin = []string{"127.0.0.1"}, "http://app.example.com"
	})
	behind := &product{}
	upstream := httptest.NewServer(behind)
	t.Cleanup(upstream.Close)
	base := nginx(t, strings.TrimPrefix(s.Witnessed(t), "http://"), strings.TrimPrefix(upstream.URL, "http://"))
	c := s.Found(t, "team", "Behind", "owner@behind.example")
	m := c.Invite("maria@behind.example", "member", nil)
	bearer, cookie := []string{"Authorization", "Bearer " + m.Token()}, []string{"Cookie", "theme=dark; tenure=" + m.Token()}

	t.Run("nobody", func(t *testing.T) {
		for name, by := range map[string][]string{
			"nothing": nil, "a token nobody has": {"Authorization", "Bearer tn_" + c.ID + "_" + strings.Repeat("A", 43)}, "the operator": {"Authorization", "Bearer " + servertest.OperatorKey},
			"the headers of the guide": {"X-Tenure-Member", m.Member, "X-Tenure-Account", c.ID, "X-Tenure-User", m.User, "X-Tenure-Role", "owner"},
			"another host":             {"Host", "evil.example"}, "an address inside": {"X-Forwarded-For", "127.0.0.1", "X-Real-IP", "127.0.0.1"},
		} {
			if got := knock(t, "GET", base+"/app/", by...); got.status != 303 || got.location != "/sign-in?return=https://app.example.com/app/" {
				t.Errorf("%s: %+v", name, got)
			}
		}
		for _, path := range []string{"/-/session", "/app", "/APP/", "/x/../app/", "//app/", "/app/../-/session", "/%61pp/"} {
			knock(t, "GET", base+path)
		}
		if got := knock(t, "GET", base+"/-/session", bearer...); got.status != 404 {
			t.Errorf("the question itself can be asked from outside: %+v", got)
		}
		if r, all := behind.last(); all > 0 {
			t.Errorf("%d requests of nobody reached the product: %v", all, r.URL)
		}
	})
	t.Run("signed in", func(t *testing.T) {
		for _, by := range [][]string{bearer, cookie} {
			if got := knock(t, "POST", base+"/app/things?x=1", by...); got.status != 200 || got.body != "POST /app/things " {
				t.Errorf("%+v", got)
			}
			r, _ := behind.last()
			named(t, r, m.User, m.Member, c.ID, "member")
		}
	})
	t.Run("forged", func(t *testing.T) {
		for _, forged := range [][]string{
			{"X-Tenure-Member", "mem_forged", "X-Tenure-Role", "owner", "X-Tenure-Account", "acc_forged", "X-Tenure-User", "usr_forged"},
			{"X-Tenure-Member", "mem_forged", "X-Tenure-Member", "mem_again"}, {"x-tenure-member", "mem_forged"}, {"X_Tenure_Member", "mem_forged", "X_TENURE_ROLE", "owner"},
			{"X-Tenure-Member", ""}, {"Connection", "X-Tenure-Member, close", "X-Tenure-Member", "mem_forged"},
		} {
			if got := knock(t, "GET", base+"/app/", append(forged, bearer...)...); got.status != 200 {
				t.Errorf("%v: %+v", forged, got)
			}
			r, _ := behind.last()
			named(t, r, m.User, m.Member, c.ID, "member")
			for name, values := range r.Header {
				if slices.Contains(values, "mem_forged") || slices.Contains(values, "mem_again") {
					t.Errorf("%s: %v reached the product", name, values)
				}
			}
		}
	})
	t.Run("where from", func(t *testing.T) {
		knock(t, "GET", base+"/app/", append([]string{"X-Forwarded-For", "203.0.113.9"}, bearer...)...)
		if r, _ := behind.last(); !slices.Equal(r.Header["X-Forwarded-For"], []string{"127.0.0.2"}) {
			t.Errorf("the product is told %v", r.Header["X-Forwarded-For"])
		}
		for _, forged := range []string{"X-Forwarded-For", "Forwarded", "X-Real-Ip"} {
			if got := knock(t, "POST", base+"/v1/sign-out", "Host", "evil.example", "X-Forwarded-Host", "evil.example", forged, "203.0.113.9",
				"Authorization", "Bearer "+s.SignIn(t, m.Email).Token()); got.status >= 300 {
				t.Fatalf("%+v", got)
			}
			if a := c.Owner.Get(c.Path("/events?limit=1&action=session.end")).OK(); a.Text("items.0.ip") != "127.0.0.2" {
				t.Errorf("with %s the trail says %s", forged, a.Body)
			}
		}
	})
	t.Run("live", func(t *testing.T) {
		live := c.Owner.At(base).Stream(c.Path("/events/stream"))
		live.Next()
		c.Owner.Post(c.Path("/sub-accounts"), servertest.Map{"name": "Through nginx"}).OK()
		if b := live.Next(); !strings.Contains(b.Data, "sub_account.create") {
			t.Errorf("%+v", b)
		}
	})
	t.Run("large", func(t *testing.T) {
		large := c.Owner.At(base).With("Content-Type", "application/x-ndjson").Post(c.Path("/resources/import"), strings.Repeat("\n", 2<<20)).OK()
		if large.Status >= 300 {
			t.Errorf("%d %s", large.Status, large.Body)
		}
	})
	t.Run("a second factor is required", func(t *testing.T) {
		_, before := behind.last()
		s.Operator(t).Patch(c.Path(""), servertest.Map{"policy": servertest.Map{"mfa": "required"}}).OK()
		if got := knock(t, "GET", base+"/app/", cookie...); got.status != 303 || got.location != "/" {
			t.Errorf("%+v", got)
		}
		if _, after := behind.last(); after != before {
			t.Error("a request without it reached the product")
		}
		s.Operator(t).Patch(c.Path(""), servertest.Map{"policy": servertest.Map{"mfa": "optional"}}).OK()
	})
	t.Run("let go in between", func(t *testing.T) {
		if got := knock(t, "GET", base+"/app/", cookie...); got.status != 200 {
			t.Errorf("before: %+v", got)
		}
		_, before := behind.last()
		c.Owner.Post(c.Path("/members/"+m.Member+"/suspend"), nil).OK()
		for _, by := range [][]string{bearer, cookie} {
			if got := knock(t, "GET", base+"/app/", by...); got.status != 303 || got.location != "/sign-in?return=https://app.example.com/app/" {
				t.Errorf("after: %+v", got)
			}
		}
		if _, after := behind.last(); after != before {
			t.Errorf("%d requests reached the product after the suspension", after-before)
		}
	})
	t.Run("without Tenure", func(t *testing.T) {
		_, before := behind.last()
		s.Stop(t)
		if got := knock(t, "GET", base+"/app/", "Cookie", "tenure="+c.Owner.Token()); got.status != 500 {
			t.Errorf("%+v", got)
		}
		if _, after := behind.last(); after != before {
			t.Error("a request reached the product unasked")
		}
	})
}

// named checks that a request names who sent it, once.
func named(t *testing.T, r *http.Request, user, member, account, role string) {
	t.Helper()
	for name, want := range map[string]string{"X-Tenure-User": user, "X-Tenure-Member": member, "X-Tenure-Account": account, "X-Tenure-Role": role} {
		if got := r.Header.Values(name); !slices.Equal(got, []string{want}) {
			t.Errorf("%s is %q, want %s", name, got, want)
		}
	}
}
