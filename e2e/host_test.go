package e2e

import (
	"html"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"tenure/internal/server/servertest"
)

// The example product, as a program of its own beside a real server: what it
// shows, and to whom.

// fieldbook builds the example product, once.
var fieldbook = sync.OnceValues(func() (string, error) {
	binary := filepath.Join(filepath.Dir(tenure), "fieldbook")
	out, err := exec.Command("go", "build", "-o", binary, "tenure/examples/fieldbook").CombinedOutput()
	if err != nil {
		return string(out), err
	}
	return binary, nil
})

// hostApp starts the example product before a server, whose address it is given.
func hostApp(t *testing.T, tenure string) (base string) {
	t.Helper()
	binary, err := fieldbook()
	if err != nil {
		t.Fatalf("%v\n%s", err, binary)
	}
	address := freePort(t)
	command := exec.Command(binary)
	command.Env = append(os.Environ(), "TENURE="+tenure, "LISTEN="+address)
	background(t, address, command)
	return "http://" + address
}

// device is what somebody opens pages of the product with.
type device struct {
	t      *testing.T
	base   string
	header http.Header
}

// browser carries the cookie of a session, and phone its token.
func browser(t *testing.T, base, token string) device {
	return device{t, base, http.Header{"Cookie": {"tenure=" + token}, "Sec-Fetch-Site": {"same-origin"}}}
}

func phone(t *testing.T, base, token string) device {
	return device{t, base, http.Header{"Authorization": {"Bearer " + token}}}
}

// send makes a request, with a form if fields and values are given, and follows
// where it leads.
func (d device) send(method, path string, form ...string) (status int, body string) {
	d.t.Helper()
	values := url.Values{}
	for i := 0; i+1 < len(form); i += 2 {
		values.Set(form[i], form[i+1])
	}
	request, err := http.NewRequestWithContext(d.t.Context(), method, d.base+path, strings.NewReader(values.Encode()))
	if err != nil {
		d.t.Fatal(err)
	}
	maps.Copy(request.Header, d.header)
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := web.Do(request)
	if err != nil {
		d.t.Fatal(err)
	}
	defer response.Body.Close()
	raw, err := io.ReadAll(response.Body)
	if err != nil {
		d.t.Fatal(err)
	}
	return response.StatusCode, html.UnescapeString(string(raw))
}

// opens wants a page, with these words on it.
func (d device) opens(path string, words ...string) string {
	d.t.Helper()
	return d.wants(200, "GET", path, nil, words...)
}

// does wants a form to be taken, and these words on the page that follows.
func (d device) does(path string, form []string, words ...string) string {
	d.t.Helper()
	return d.wants(200, "POST", path, form, words...)
}

// refused wants a status, and that the page holds nothing of the product.
func (d device) refused(status int, method, path string, form ...string) {
	d.t.Helper()
	body := d.wants(status, method, path, form)
	if strings.Contains(body, `class="me"`) || !strings.Contains(body, `class="refusal"`) {
		d.t.Errorf("%s %s: %d with more than the refusal", method, path, status)
	}
}

func (d device) wants(status int, method, path string, form []string, words ...string) string {
	d.t.Helper()
	got, body := d.send(method, path, form...)
	if got != status {
		d.t.Fatalf("%s %s: %d, want %d\n%s", method, path, got, status, body)
	}
	for _, w := range words {
		if !strings.Contains(body, w) {
			d.t.Errorf("%s %s: %q is not on the page", method, path, w)
		}
	}
	return body
}

// lacks wants words not to be anywhere in what was sent.
func lacks(t *testing.T, body string, words ...string) {
	t.Helper()
	for _, w := range words {
		if strings.Contains(body, w) {
			t.Errorf("%q is on the page", w)
		}
	}
}

// listener stands between the product and the server, and notes what is asked.
type listener struct {
	mu   sync.Mutex // guards took
	took []string
	next http.Handler
}

func (l *listener) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	l.mu.Lock()
	l.took = append(l.took, r.URL.Path)
	l.mu.Unlock()
	l.next.ServeHTTP(w, r)
}

// since gives what was asked since it was last called.
func (l *listener) since() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	took := l.took
	l.took = nil
	return took
}

// deactivate sees somebody off, with decisions.
func deactivate(c *servertest.Company, who *servertest.Person, decisions servertest.Map) {
	plan := c.Owner.Post(c.Path("/departures"), servertest.Map{"members": []string{who.Member}, "kind": "deactivate", "decisions": decisions}).OK()
	c.Owner.Post(c.Path("/departures/"+plan.Text("id")+"/apply"), servertest.Map{"digest": plan.Text("digest")}).OK()
}

// TestTheHostAppAsksAtEachRequestAndLosesWhoWasLetGo: session and decision are
// asked for at every click, a deactivated person's browser and phone are refused
// at their next one, and without Tenure there is nothing to see.
func TestTheHostAppAsksAtEachRequestAndLosesWhoWasLetGo(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		to, err := url.Parse(s.Witnessed(t))
		if err != nil {
			t.Fatal(err)
		}
		heard := &listener{next: httputil.NewSingleHostReverseProxy(to)}
		between := httptest.NewServer(heard)
		t.Cleanup(between.Close)
		base := hostApp(t, between.URL)

		c := s.Found(t, "cases", "Asked", "owner@asked.example")
		m := c.Invite("maria@asked.example", "standard", nil)
		c.Owner.Put(c.Path("/resources/case/24-017"), servertest.Map{"name": "Glass", "owner": m.Member}).OK()
		desk, pocket := browser(t, base, m.Token()), phone(t, base, s.SignIn(t, m.Email).Token())
		for range 2 {
			for _, d := range []device{desk, pocket} {
				heard.since()
				d.opens("/app/cases/24-017", "Glass", "forty pallets")
				if asked := heard.since(); !slices.Equal(asked[:3], []string{"/v1/session", c.Path(""), "/access/v1/evaluation"}) {
					t.Errorf("a click asks %v", asked)
				}
			}
		}
		nobody := device{t, base, http.Header{}}
		nobody.refused(401, "GET", "/app/cases/24-017")
		browser(t, base, "tn_"+c.ID+"_"+strings.Repeat("A", 43)).refused(401, "GET", "/app/cases")
		other := s.Found(t, "cases", "Other", "owner@other.example")
		browser(t, base, other.Owner.Token()).refused(404, "GET", "/app/cases/24-017")
		browser(t, base, other.Owner.Token()).refused(404, "GET", "/app/records") // not what they bought
		desk.header.Set("Sec-Fetch-Site", "cross-site")
		desk.refused(403, "POST", "/app/cases", "name", "Forged")
		desk.header.Set("Sec-Fetch-Site", "same-origin")
		lacks(t, desk.opens("/app/cases", "Glass"), "Forged")
		desk.refused(422, "POST", "/app/cases", "name", "  ")

		deactivate(c, m, servertest.Map{})
		desk.refused(401, "GET", "/app/cases/24-017")
		pocket.refused(401, "GET", "/app/cases/24-017")
		desk.refused(401, "POST", "/app/cases/24-017/notes", "text", "Too late")

		owner := browser(t, base, c.Owner.Token())
		lacks(t, owner.opens("/app/cases/24-017", "Nora New"), "Too late")
		between.Close()
		owner.refused(503, "GET", "/app/cases/24-017")
		owner.refused(503, "GET", "/app/")
	})
}

// TestC2_C9_TheHostAppLetsOnlyAdministratorsManageTemplates walks the four levels
// through the product, and C9 and C10 with them: who left is taken off a case,
// and a level counts at the next click.
func TestC2_C9_TheHostAppLetsOnlyAdministratorsManageTemplates(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		base := hostApp(t, s.Witnessed(t))
		c := s.Found(t, "cases", "Levels", "owner@levels.example")
		people := map[string]*servertest.Person{}
		for _, level := range []string{"standard", "limited", "guest"} {
			people[level] = c.Invite(level+"@levels.example", level, nil)
		}
		for _, name := range []string{"24-017", "24-021"} {
			c.Owner.Put(c.Path("/resources/case/"+name), servertest.Map{"name": "Case " + name}).OK()
		}
		for _, level := range []string{"limited", "guest"} {
			c.Owner.Put(c.Path("/resources/case/24-021/assignees/"+people[level].Member), nil).OK()
		}

		admin := browser(t, base, c.Owner.Token())
		admin.opens("/app/templates", "Contact", "Issue", "Source")
		admin.does("/app/templates", []string{"kind", "Issue", "name", "Causation"}, "Causation")
		admin.refused(422, "POST", "/app/templates", "kind", "Client", "name", "Nobody")
		for level, who := range people {
			d := browser(t, base, who.Token())
			d.refused(403, "GET", "/app/templates")
			d.refused(403, "POST", "/app/templates", "kind", "Issue", "name", "Mine")
			d.refused(403, "POST", "/app/templates/tpl-witness/remove")
			d.does("/app/cases/24-021/notes", []string{"template", "tpl-witness", "text", "Seen by " + level}, "Contact: Witness", "Seen by "+level)
			list := d.opens("/app/cases", "Case 24-021")
			if level == "standard" {
				d.opens("/app/cases/24-017", "Case 24-017")
				continue
			}
			lacks(t, list, "Case 24-017", "Open a case")
			d.refused(404, "GET", "/app/cases/24-017")
			d.refused(404, "POST", "/app/cases/24-017/notes", "text", "Nor here")
			d.refused(403, "POST", "/app/cases", "name", "Nor this")
		}
		lacks(t, admin.opens("/app/templates"), "Mine")
		// C9: whoever left stays on the case until an active member takes them off.
		guest := browser(t, base, people["guest"].Token())
		leaver := people["limited"].Member
		guest.refused(403, "POST", "/app/cases/24-021/people/"+leaver+"/remove")
		deactivate(c, people["limited"], servertest.Map{})
		guest.opens("/app/cases/24-021", "Has left")
		lacks(t, guest.does("/app/cases/24-021/people/"+leaver+"/remove", nil, "worked on it until"), "Has left")
		admin.does("/app/templates/tpl-witness/remove", nil, "Expert")

		standard := browser(t, base, people["standard"].Token())
		c.Owner.Patch(c.Path("/members/"+people["standard"].Member), servertest.Map{"role": "admin"}).OK()
		lacks(t, standard.opens("/app/templates", "Causation"), "Witness")
		c.Owner.Patch(c.Path("/members/"+people["standard"].Member), servertest.Map{"role": "standard"}).OK()
		standard.refused(403, "GET", "/app/templates")
	})
}

// TestP12_P9_TheHostAppMasksRecordsUntilTheyAreDownloaded, and P9: a colleague sees
// what was downloaded, also when who paid for it has left.
func TestP12_P9_TheHostAppMasksRecordsUntilTheyAreDownloaded(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		base := hostApp(t, s.Witnessed(t))
		c := s.Found(t, "credits", "Desk", "owner@desk.example")
		m, colleague := c.Invite("maria@desk.example", "user", nil), c.Invite("jo@desk.example", "user", nil)
		s.Operator(t).Post(c.Path("/credits/purchases"), servertest.Map{"amount": 10}).OK()
		c.Owner.Post(c.Path("/credits/transfers"), servertest.Map{"from": "company", "to": m.Member, "amount": 2}).OK()
		maria, jo := browser(t, base, m.Token()), browser(t, base, colleague.Token())

		masked := []string{"Gerrit Aalders", "+31 38 555 0114", "gerrit@aalders.example"}
		lacks(t, maria.opens("/app/records", "Aalders Transport", "<strong>2</strong> credits"), masked...)
		jo.refused(409, "POST", "/app/records/fleet-1001/download") // no credits
		lacks(t, jo.opens("/app/records"), masked...)
		maria.does("/app/records/fleet-1001/download", nil, append(masked, "<strong>1</strong> credit", "Nora New")...)
		maria.does("/app/records/fleet-1001/download", nil, "<strong>1</strong> credit") // free the second time
		maria.refused(404, "POST", "/app/records/nothing/download")
		lacks(t, jo.opens("/app/records", masked...), "Paolo Righi")

		deactivate(c, m, servertest.Map{"credits": servertest.Map{"to": "company"}})
		maria.refused(401, "GET", "/app/records")
		jo.opens("/app/records", masked...)
		jo.does("/app/records/fleet-1001/download", nil, masked...) // for nothing
		other := s.Found(t, "credits", "Elsewhere", "owner@elsewhere.example")
		lacks(t, browser(t, base, other.Owner.Token()).opens("/app/records"), masked...)
	})
}

// TestW3_W5_TheHostAppOpensTheModulesAndSubAccountsThatWereChosen, and W4 with it: modules for
// administrators are nobody else's, and only the granted sub-accounts are seen.
func TestW3_W5_TheHostAppOpensTheModulesAndSubAccountsThatWereChosen(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		base := hostApp(t, s.Witnessed(t))
		c := s.Found(t, "portal", "Portal", "owner@portal.example")
		ids := map[string]string{}
		for _, m := range c.Owner.Get(c.Path("/modules")).OK().List("items") {
			ids[m.(map[string]any)["key"].(string)] = m.(map[string]any)["id"].(string)
		}
		for _, name := range []string{"Rotterdam", "Antwerp"} {
			ids[name] = c.Owner.Post(c.Path("/sub-accounts"), servertest.Map{"name": name}).OK().Text("id")
		}
		m := c.Invite("maria@portal.example", "user", servertest.Map{"modules": []string{ids["campaigns"]}, "sub_accounts": []string{ids["Antwerp"]}})
		maria := browser(t, base, m.Token())

		lacks(t, maria.opens("/app/", "Campaigns", "Antwerp"), "Inbox", "Pricing", "Rotterdam")
		maria.opens("/app/modules/campaigns/"+ids["Antwerp"], "Running")
		maria.refused(404, "GET", "/app/modules/campaigns/"+ids["Rotterdam"])
		for _, key := range []string{"inbox", "pricing", "payment", "user_management", "nonsense"} {
			maria.refused(403, "GET", "/app/modules/"+key)
		}
		admin := browser(t, base, c.Owner.Token())
		admin.opens("/app/modules/pricing", "Pricing", "User Management")
		admin.opens("/app/modules/user_management", "/a/"+c.ID+"/users")
		c.Owner.Patch(c.Path("/members/"+m.Member), servertest.Map{"modules": []string{ids["inbox"]}, "sub_accounts": []string{ids["Rotterdam"]}}).OK()
		maria.refused(403, "GET", "/app/modules/campaigns")
		lacks(t, maria.opens("/app/modules/inbox", "Rotterdam"), "Antwerp")
	})
}

// TestF6_TheHostAppShowsThePinsWholeHistory: who had it before, who was there,
// and who closed the deal.
func TestF6_TheHostAppShowsThePinsWholeHistory(t *testing.T) {
	servertest.Each(t, func(t *testing.T, s *servertest.Server) {
		base := hostApp(t, s.Witnessed(t))
		c := s.Found(t, "field", "Roofs", "owner@roofs.example")
		m, next := c.Invite("daan@roofs.example", "user", nil), c.Invite("esra@roofs.example", "user", nil)
		for who, name := range map[string]string{m.Member: "Daan", next.Member: "Esra"} {
			c.Owner.Patch(c.Path("/members/"+who), servertest.Map{"first_name": name, "last_name": "Rep", "phone": "+31 6 5550 1170"}).OK()
		}
		daan, esra := browser(t, base, m.Token()), browser(t, base, next.Token())
		page := daan.does("/app/map", []string{"name", "Bakery"}, "Bakery", "until now")
		pin := regexp.MustCompile(`/app/map/(\w+)/activities`).FindStringSubmatch(page)[1]
		daan.does("/app/map/"+pin+"/activities", []string{"kind", "visit", "note", "They want two roofs."}, "Visit by Daan Rep", "They want two roofs.")
		esra.refused(422, "POST", "/app/map/"+pin+"/activities", "kind", "owner")

		deactivate(c, m, servertest.Map{"resources": servertest.Map{"default": servertest.Map{"to": next.Member}}})
		daan.refused(401, "GET", "/app/map/"+pin)
		esra.does("/app/map/"+pin+"/activities", []string{"kind", "deal_closed", "note", ""},
			"Visit by Daan Rep", "Deal closed by Esra Rep", "Daan Rep, <time", "</time> to <time", "Esra Rep, <time", "until now", "1 visit")
		lacks(t, esra.opens("/app/map/"+pin), "Close the deal")
	})
}
