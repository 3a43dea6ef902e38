package e2e

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"sync"
	"testing"
	"time"

	"tenure/internal/db/dbtest"
)

// killRounds is how often the program is killed: a few times in every test
// run, thousands with TENURE_KILL_ROUNDS.
func killRounds(t *testing.T) int {
	text := os.Getenv("TENURE_KILL_ROUNDS")
	if text == "" {
		return 4
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("TENURE_KILL_ROUNDS: %v", err)
	}
	return n
}

// promises is what the program has acknowledged and must still know.
type promises struct {
	mu        sync.Mutex
	members   map[string]string // address → id
	suspended map[string]bool   // id
	invited   map[string]bool   // address
	unsure    map[string]bool   // id, a suspension without an answer
}

// TestNoAcknowledgedWriteIsLostWhenTheProgramIsKilled kills the program under
// load, starts it again and looks for everything it had acknowledged.
func TestNoAcknowledgedWriteIsLostWhenTheProgramIsKilled(t *testing.T) {
	for _, engine := range dbtest.Engines() {
		t.Run(engine, func(t *testing.T) {
			seed := dbtest.Seed(t)
			chance := rand.New(rand.NewPCG(seed, 0))
			database := dbtest.Where(t, engine)
			kept := &promises{members: map[string]string{}, suspended: map[string]bool{}, invited: map[string]bool{}, unsure: map[string]bool{}}
			p := serve(t, database)
			var made struct{ Account struct{ ID string } }
			p.must(t, "POST", "/v1/accounts", map[string]any{"name": "Acme", "preset": "credits",
				"owner": map[string]string{"email": "owner@example.com", "first_name": "O", "last_name": "Wner"}}, &made)
			account := "/v1/accounts/" + made.Account.ID
			for round := range killRounds(t) {
				load(t, p, account, round, kept, time.Duration(100+chance.IntN(300))*time.Millisecond)
				p = serve(t, database)
				kept.check(t, p, account)
			}
			p.stop(t)
			if out, code := run(t, "verify", "--database", database); code != 0 {
				t.Errorf("verify: %s", out)
			}
			t.Logf("%d members, %d suspended, %d invited", len(kept.members), len(kept.suspended), len(kept.invited))
			if len(kept.members) == 0 || len(kept.invited) == 0 {
				t.Error("nothing was acknowledged before the kills: the test shows nothing")
			}
		})
	}
}

// load writes from several sides until the program is killed.
func load(t *testing.T, p *program, account string, round int, kept *promises, life time.Duration) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	timer := time.AfterFunc(life, func() { p.command.Process.Kill() })
	defer timer.Stop()
	var wait sync.WaitGroup
	for side := range 8 {
		wait.Go(func() {
			for i := 0; ; i++ {
				if !kept.write(ctx, p, account, fmt.Sprintf("r%ds%dn%d", round, side, i)) {
					return
				}
			}
		})
	}
	wait.Wait()
	p.kill()
}

// write adds somebody, suspends every second one, and invites two; it is false
// when the program no longer answers.
func (k *promises) write(ctx context.Context, p *program, account, name string) bool {
	var member struct{ ID string }
	address := name + "@example.com"
	status, err := p.call(ctx, "POST", account+"/members", map[string]any{"first_name": name, "last_name": "X", "email": address, "active": true}, &member)
	if err != nil || status >= 300 {
		return false
	}
	k.mu.Lock()
	k.members[address] = member.ID
	k.unsure[member.ID] = len(k.members)%2 == 0
	suspend := k.unsure[member.ID]
	k.mu.Unlock()
	if suspend {
		if status, err = p.call(ctx, "POST", account+"/members/"+member.ID+"/suspend", nil, nil); err != nil || status >= 300 {
			return false
		}
		k.mu.Lock()
		k.suspended[member.ID] = true
		k.mu.Unlock()
	}
	guests := []string{"a-" + address, "b-" + address}
	if status, err = p.call(ctx, "POST", account+"/invitations", map[string]any{"emails": guests, "role": "user"}, nil); err != nil || status >= 300 {
		return false
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.invited[guests[0]], k.invited[guests[1]] = true, true
	return true
}

// check looks for everything that was acknowledged.
func (k *promises) check(t *testing.T, p *program, account string) {
	t.Helper()
	found, status := map[string]string{}, map[string]string{}
	for _, m := range all(t, p, account+"/members?limit=200") {
		found[m["email"].(string)] = m["id"].(string)
		status[m["id"].(string)] = m["status"].(string)
	}
	for address, member := range k.members {
		if found[address] != member {
			t.Errorf("%s was acknowledged and is not there", address)
		}
		if k.suspended[member] && status[member] != "suspended" {
			t.Errorf("%s was suspended and is %s", address, status[member])
		}
		if !k.unsure[member] && status[member] != "active" {
			t.Errorf("%s is %s and nobody asked for it", address, status[member])
		}
	}
	pending := map[string]bool{}
	for _, inv := range all(t, p, account+"/invitations?status=pending&limit=200") {
		pending[inv["email"].(string)] = true
	}
	for address := range k.invited {
		if !pending[address] {
			t.Errorf("the invitation of %s was acknowledged and is not there", address)
		}
	}
	for address := range k.invited {
		twin := "b" + address[1:]
		if address[0] == 'a' && pending[address] != pending[twin] {
			t.Errorf("half of one call was kept: %s", address)
		}
	}
}

// all reads a list to its end.
func all(t *testing.T, p *program, path string) []map[string]any {
	t.Helper()
	items, cursor := []map[string]any{}, ""
	for {
		var page struct {
			Items      []map[string]any `json:"items"`
			NextCursor string           `json:"next_cursor"`
		}
		p.must(t, "GET", path+cursor, nil, &page)
		items = append(items, page.Items...)
		if page.NextCursor == "" {
			return items
		}
		cursor = "&cursor=" + page.NextCursor
	}
}
