package bare

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/base32"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the drivers that Tenure uses, too
	_ "modernc.org/sqlite"
)

// group is how many inserts share a commit at most.
const group = 64

// store inserts what waits, all of it in one commit.
type store struct {
	config                Config
	db                    *sql.DB
	member, event, moveOn *sql.Stmt
	waiting               chan *insert
	seqs                  map[string]int64 // of the last event, per account
}

// insert is one request that waits for its commit.
type insert struct {
	body struct {
		FirstName string `json:"first_name"`
		LastName  string `json:"last_name"`
		Email     string `json:"email"`
		Active    bool   `json:"active"`
	}
	account string
	id      string
	done    chan error
}

func open(c Config) (*store, error) {
	driver, where := "pgx", c.Database
	if !strings.Contains(where, "://") {
		driver = "sqlite"
		where = "file:" + where + "?_busy_timeout=10000&_journal_mode=WAL&_synchronous=FULL&_foreign_keys=on&_pragma=cache_size(-16000)&_txlock=immediate"
	}
	db, err := sql.Open(driver, where)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1) // one that writes, which is what grouping is about
	s := &store{config: c, db: db, waiting: make(chan *insert, 1024), seqs: map[string]int64{}}
	for stmt, query := range map[**sql.Stmt]string{
		&s.member: `INSERT INTO members (account_id, member_id, email, email_key, first_name, last_name, name_key, search_key, status, role_key, created_at, last_seen_at, marked)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'inactive', $9, $10, 0, $11)`,
		&s.event: `INSERT INTO events (account_id, seq, event_id, at, action, actor_kind, actor_id, subject_kind, subject_id, changes, personal, request_id, hash, prev)
			VALUES ($1, $2, $3, $4, 'member.add', 'member', $5, 'member', $6, $7, $8, $9, $10, $11)`,
		&s.moveOn: `UPDATE heads SET seq = $1, head = $2, at = $3 WHERE account_id = $4`,
	} {
		if *stmt, err = db.Prepare(query); err != nil {
			return nil, err
		}
	}
	rows, err := db.Query(`SELECT account_id, seq FROM heads`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var account string
		var seq int64
		if err := rows.Scan(&account, &seq); err != nil {
			return nil, err
		}
		s.seqs[account] = seq
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	go s.work()
	return s, nil
}

// add answers when the member is stored.
func (s *store) add(w http.ResponseWriter, r *http.Request) {
	i := &insert{account: r.PathValue("account"), id: "mem_" + name(), done: make(chan error, 1)}
	if err := json.NewDecoder(r.Body).Decode(&i.body); err != nil {
		http.Error(w, "no JSON", http.StatusBadRequest)
		return
	}
	s.waiting <- i
	if err := <-i.done; err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(map[string]any{
		"id": i.id, "first_name": i.body.FirstName, "last_name": i.body.LastName, "email": i.body.Email, "status": "inactive", "role": s.config.Role,
	})
}

// work commits whatever waits, again and again.
func (s *store) work() {
	for first := range s.waiting {
		together := []*insert{first}
		for more := true; more && len(together) < group; {
			select {
			case next := <-s.waiting:
				together = append(together, next)
			default:
				more = false
			}
		}
		err := s.commit(together)
		for _, i := range together {
			i.done <- err
		}
	}
}

func (s *store) commit(together []*insert) error {
	ctx := context.Background()
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	member, event, now := tx.Stmt(s.member), tx.Stmt(s.event), time.Now().UnixMicro()
	hash := random(32)
	seqs := map[string]int64{}
	for _, i := range together {
		seq := max(seqs[i.account], s.seqs[i.account]) + 1
		seqs[i.account] = seq
		b := i.body
		full, email := strings.ToLower(b.FirstName+" "+b.LastName), strings.ToLower(b.Email)
		if _, err := member.Exec(i.account, i.id, b.Email, email, b.FirstName, b.LastName, full, full+" "+email, s.config.Role, now, seq); err != nil {
			return fmt.Errorf("member: %w", err)
		}
		changes, personal := told(b.FirstName, b.LastName, b.Email)
		if _, err := event.Exec(i.account, seq, "evt_"+name(), now, i.id, i.id, changes, personal, name(), random(32), hash); err != nil {
			return fmt.Errorf("event: %w", err)
		}
	}
	moveOn := tx.Stmt(s.moveOn)
	for account, seq := range seqs {
		if _, err := moveOn.Exec(seq, hash, now, account); err != nil {
			return fmt.Errorf("head: %w", err)
		}
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	maps.Copy(s.seqs, seqs)
	return nil
}

// told is about as long as what an event of Tenure tells.
func told(values ...string) (changes, personal string) {
	digests, salted := map[string]any{"role": []any{nil, "member"}, "status": []any{nil, "inactive"}, "locale": []any{"", "en"}}, map[string]any{}
	for n, field := range []string{"first_name", "last_name", "email"} {
		digests[field] = []any{nil, map[string]string{"sha256": hex.EncodeToString(random(32))}}
		salted[field] = []any{nil, map[string]any{"salt": random(16), "value": values[n]}}
	}
	public, _ := json.Marshal(map[string]any{"changes": digests, "ip": map[string]string{"sha256": hex.EncodeToString(random(32))}})
	hidden, _ := json.Marshal(map[string]any{"changes": salted, "ip": map[string]any{"salt": random(16), "value": "127.0.0.1"}})
	return string(public), string(hidden)
}

func random(n int) []byte {
	b := make([]byte, n)
	rand.Read(b)
	return b
}

// name is as long as an id.
func name() string { return strings.ToLower(base32.HexEncoding.EncodeToString(random(16))[:26]) }
