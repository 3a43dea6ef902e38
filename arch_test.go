package tenure_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// tiers is the house from the ground up. A package may import its own tier's
// ground and what is below; within a tier only where the tier says so.
var tiers = []struct {
	name  string
	rooms []string
	// inside says that rooms of this tier may use each other. Holdings may not,
	// and neither may passages: what one needs of another comes in as a function.
	inside bool
}{
	{"kernel", []string{"fault", "id", "page", "diagram", "secret", "rate", "address", "language", "db", "db/migrations", "db/dbtest", "db/dbtest/cluster", "address/refresh"}, true},
	{"base", []string{"access", "account", "audit", "bearer", "outbox", "holding", "job", "operator", "once", "billing", "attempt"}, true},
	{"holdings", []string{"session", "key", "resource", "credit", "seat"}, false},
	{"people", []string{"factor", "user", "role", "member", "member/crowd", "decision"}, true},
	{"passages", []string{"founding", "signin", "invitation", "departure"}, false},
	{"couriers", []string{"mail", "mailbox", "trail"}, false},
	{"doors", []string{"api"}, false},
	{"wiring", []string{"server", "server/contract", "server/contract/witness", "server/servertest", "demo"}, true},
}

// drawers are names that say nothing about what is inside.
var drawers = []string{"util", "utils", "common", "helper", "helpers", "manager", "impl", "base", "misc"}

func tierOf(room string) int {
	for i, t := range tiers {
		if slices.Contains(t.rooms, room) {
			return i
		}
	}
	return -1
}

// imports lists what each package of the module imports, tests left out.
func imports(t *testing.T) map[string][]string {
	t.Helper()
	found := map[string][]string{}
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "node_modules" || d.Name() == "dist" || (strings.HasPrefix(d.Name(), ".") && path != ".")) {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		dir := filepath.ToSlash(filepath.Dir(path))
		for _, spec := range file.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			if !slices.Contains(found[dir], imported) {
				found[dir] = append(found[dir], imported)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(found) < 15 {
		t.Fatalf("only %d packages found: the test looks in the wrong place", len(found))
	}
	return found
}

func TestEveryRoomHasItsTierAndImportsDownward(t *testing.T) {
	for dir, imported := range imports(t) {
		room, internal := strings.CutPrefix(dir, "internal/")
		if !internal {
			continue
		}
		tier := tierOf(room)
		if tier < 0 {
			t.Errorf("%s has no tier: say in arch_test.go where it stands", dir)
			continue
		}
		for _, path := range imported {
			other, ours := strings.CutPrefix(path, "tenure/internal/")
			if !ours {
				if path == "tenure/ui" && tiers[tier].name != "wiring" || path == "tenure/client" {
					t.Errorf("%s imports %s: only server uses the browser app, and nothing inside uses the client", dir, path)
				}
				continue
			}
			above := tierOf(other)
			switch {
			case above > tier:
				t.Errorf("%s (%s) imports %s (%s): never upward", dir, tiers[tier].name, other, tiers[above].name)
			case above == tier && !tiers[tier].inside:
				t.Errorf("%s imports %s: never sideways between %s", dir, other, tiers[tier].name)
			}
		}
	}
}

func TestDoorsDoNotTouchTheStore(t *testing.T) {
	for dir, imported := range imports(t) {
		room, _ := strings.CutPrefix(dir, "internal/")
		if tier := tierOf(room); tier >= 0 && tiers[tier].name == "doors" && slices.Contains(imported, "tenure/internal/db") {
			t.Errorf("%s imports internal/db: doors decode, call once and encode", dir)
		}
	}
}

func TestTheClientUsesNothingInternal(t *testing.T) {
	for dir, imported := range imports(t) {
		if dir != "client" && !strings.HasPrefix(dir, "client/") && !strings.HasPrefix(dir, "examples/") {
			continue
		}
		for _, path := range imported {
			if strings.HasPrefix(path, "tenure/internal") {
				t.Errorf("%s imports %s: what is public stands on the public API alone", dir, path)
			}
		}
	}
}

// TestAnExampleIsMadeOfTheClientAlone: whoever copies one into a product of their
// own needs nothing else.
func TestAnExampleIsMadeOfTheClientAlone(t *testing.T) {
	found := false
	for dir, imported := range imports(t) {
		if !strings.HasPrefix(dir, "examples/") {
			continue
		}
		found = true
		example := "tenure/" + strings.Join(strings.Split(dir, "/")[:2], "/")
		for _, path := range imported {
			standard := !strings.Contains(strings.Split(path, "/")[0], ".") && !strings.HasPrefix(path, "tenure/")
			if !standard && path != "tenure/client" && path != example && !strings.HasPrefix(path, example+"/") {
				t.Errorf("%s imports %s: an example uses the client, the standard library and itself", dir, path)
			}
		}
	}
	if !found {
		t.Fatal("there is no example: the test looks in the wrong place")
	}
}

func TestOnlyTheStoreKnowsAnEngine(t *testing.T) {
	for dir, imported := range imports(t) {
		if dir == "internal/db" || strings.HasPrefix(dir, "internal/db/") {
			continue
		}
		if dir == "bench" || dir == "bench/bare" { // what is measured beside the bare engines
			continue
		}
		for _, path := range imported {
			if path == "database/sql" || strings.HasPrefix(path, "modernc.org/") || strings.HasPrefix(path, "github.com/jackc/") || strings.HasPrefix(path, "github.com/pressly/") {
				t.Errorf("%s imports %s: only internal/db knows an engine", dir, path)
			}
		}
	}
}

func TestOnlyDoorsKnowHTTPStatuses(t *testing.T) {
	for dir, imported := range imports(t) {
		room, internal := strings.CutPrefix(dir, "internal/")
		tier := tierOf(room)
		if !internal || tier < 0 || tiers[tier].name == "doors" || tiers[tier].name == "wiring" || room == "mailbox" {
			continue
		}
		if slices.Contains(imported, "net/http") {
			t.Errorf("%s imports net/http: only doors know HTTP", dir)
		}
	}
}

func TestNoDrawers(t *testing.T) {
	for dir := range imports(t) {
		if slices.Contains(drawers, filepath.Base(dir)) {
			t.Errorf("%s is a drawer: find the noun it belongs to", dir)
		}
	}
}

// tables reads the schema from its migrations: every table there is, and whether
// its rows belong to one account.
func tables(t *testing.T) map[string]bool {
	t.Helper()
	made := regexp.MustCompile(`(?s)CREATE (?:VIRTUAL )?TABLE (\w+)[^(]*\((.*?)\n?\);`)
	dropped := regexp.MustCompile(`DROP TABLE (\w+)`)
	steps, err := filepath.Glob("internal/db/migrations/*.sql")
	if err != nil {
		t.Fatal(err)
	}
	own, err := filepath.Glob("internal/db/migrations/*/*.sql")
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(steps)
	found := map[string]bool{}
	for _, step := range slices.Concat(own, steps) {
		text, err := os.ReadFile(step)
		if err != nil {
			t.Fatal(err)
		}
		up, _, _ := strings.Cut(string(text), "-- +goose Down")
		for _, table := range made.FindAllStringSubmatch(up, -1) {
			found[table[1]] = strings.Contains(table[2], "account_id")
		}
		for _, table := range dropped.FindAllStringSubmatch(up, -1) {
			delete(found, table[1])
		}
	}
	if len(found) < 40 {
		t.Fatalf("only %d tables found: the test looks in the wrong place", len(found))
	}
	return found
}

// queries calls back for every text of a room that may be a query.
func queries(t *testing.T, take func(room, path, query string)) {
	t.Helper()
	err := filepath.WalkDir("internal", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		room := strings.Split(filepath.ToSlash(path), "/")[1]
		ast.Inspect(file, func(n ast.Node) bool {
			if text, is := n.(*ast.BasicLit); is && text.Kind == token.STRING {
				take(room, path, text.Value)
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// of is a query on one of some tables.
func of(tables []string) *regexp.Regexp {
	return regexp.MustCompile(`(?i)\b(?:FROM|INTO|UPDATE|JOIN)\s+(` + strings.Join(tables, "|") + `)\b`)
}

// TestARoomTouchesItsOwnTablesOnly: a table is one room's, beside the store, which
// keeps the heads and what nodes tell one another; and every table is somebody's.
func TestARoomTouchesItsOwnTablesOnly(t *testing.T) {
	owners, used := map[string]string{}, map[string]bool{}
	all := slices.Sorted(maps.Keys(tables(t)))
	onTable := of(all)
	queries(t, func(room, path, query string) {
		for _, found := range onTable.FindAllStringSubmatch(query, -1) {
			table := found[1]
			used[table] = true
			if room == "db" {
				continue
			}
			if owner, taken := owners[table]; taken && owner != room {
				t.Errorf("%s touches %s, which is a table of %s: call a function of that room", path, table, owner)
			}
			owners[table] = room
		}
	})
	for _, table := range all {
		if !used[table] {
			t.Errorf("nothing touches %s: drop the table", table)
		}
	}
}

// boundToAccount is a query that compares the account with what it is given, or
// writes it.
var boundToAccount = regexp.MustCompile(`\baccount_id = \$\d|\(account_id,`)

// acrossAccounts are the queries that reach several accounts on purpose: each
// with its room and table, the words that it is known by, and what it is for.
var acrossAccounts = []struct{ room, table, words, purpose string }{
	{"account", "accounts", "WHERE account_id > $1 ORDER BY account_id LIMIT", "the operator lists accounts"},
	{"account", "accounts", "FROM accounts ORDER BY account_id", "verify looks at every account"},
	{"member", "members", "FROM members WHERE user_id = $1 ORDER BY", "the places of one user"},
	{"member", "member_sub_accounts", "g.account_id = members.account_id AND", "a condition on the members of an account"},
	{"session", "sessions", "SELECT user_agent FROM sessions WHERE user_id = $1", "the devices of one user"},
	{"session", "sessions", "SET ended_at = $2 WHERE user_id = $1", "end every session of one user"},
	{"session", "sessions", "SET user_epoch = $2 WHERE user_id = $1 AND ended_at IS NULL AND session_id = $3", "keep the session that changed the password"},
	{"session", "sessions", "WHERE ended_at < $1 OR created_at < $2 LIMIT", "sweep what is over, whoever's it was"},
	{"once", "idempotency_keys", "WHERE created_at <= $1 ORDER BY created_at LIMIT", "sweep what counts no longer, whoever's it was"},
	{"job", "jobs", "WHERE status = 'queued' AND due_at <= $1", "find what is due"},
	{"job", "jobs", "WHERE status = 'failed' AND due_at <= $1", "sweep what failed long ago, whoever's it was"},
	{"outbox", "outbox", "WHERE status = 'queued' AND due_at <= $1", "find what is due"},
	{"outbox", "outbox", "SELECT COUNT(*), MIN(created_at) FROM outbox WHERE status = 'queued'", "count what waits, for the operator"},
	{"outbox", "outbox", "WHERE status = 'sent' AND closed_at <= $1", "find what was sent long ago, to delete it"},
	{"departure", "departures", "SELECT account_id FROM departures WHERE departure_id = $1", "verify finds whose receipt it is"},
	{"factor", "challenges", "challenge_hash", "a sign-in that waits for a second factor is a user's, found by its hash"},
	{"resource", "resources", " FROM resources r LEFT JOIN resource_owners o ON", "the tables of every query of the room, which adds the account"},
}

func TestEveryTenantQueryNamesItsAccount(t *testing.T) {
	var tenants []string // a query on one of these tables names its account
	for table, bound := range tables(t) {
		if bound {
			tenants = append(tenants, table)
		}
	}
	tenantTables := of(tenants)
	found, excused := 0, make([]bool, len(acrossAccounts))
	queries(t, func(room, path, query string) {
		if room == "db" || !tenantTables.MatchString(query) {
			return
		}
		found++
		if boundToAccount.MatchString(query) {
			return
		}
		excuse := slices.IndexFunc(acrossAccounts, func(known struct{ room, table, words, purpose string }) bool {
			return room == known.room && strings.Contains(query, known.words) && strings.Contains(query, known.table)
		})
		if excuse < 0 {
			t.Errorf("%s: a query on a tenant table is not bound to an account:\n%s", path, query)
			return
		}
		excused[excuse] = true
	})
	for i, used := range excused {
		if !used {
			t.Errorf("no query needs the excuse %+v", acrossAccounts[i])
		}
	}
	if found < 30 {
		t.Fatalf("only %d queries found: the test looks in the wrong place", found)
	}
}
