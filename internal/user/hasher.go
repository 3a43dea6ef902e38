package user

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"runtime"
	"strings"
	"sync/atomic"

	"golang.org/x/crypto/argon2"
	"golang.org/x/sync/semaphore"
	"golang.org/x/text/unicode/norm"

	"tenure/internal/fault"
)

// Cost is what one hash takes.
type Cost struct {
	Memory  uint32 // KiB
	Time    uint32 // passes
	Threads uint8
}

// StandardCost is the least that OWASP recommends for argon2id: 19 MiB, two
// passes, one thread.
var StandardCost = Cost{Memory: 19456, Time: 2, Threads: 1}

const (
	saltLength = 16
	keyLength  = 32
	// maxWaiting bounds the queue: whoever comes after so many would give up
	// before it is their turn.
	maxWaiting = 512
)

// Hasher makes and verifies argon2id hashes (RFC 9106), written in PHC form. It
// takes a bounded amount of memory however many ask; who asks waits for their
// turn. It is slow: never call it inside a transaction. It is safe for
// concurrent use.
type Hasher struct {
	cost    Cost
	memory  *semaphore.Weighted // in KiB
	limit   int64
	waiting atomic.Int64
	dummy   Secret // what an unknown address is verified against
}

// NewHasher makes a hasher of a cost that runs as many hashes at once as there
// are processors.
func NewHasher(cost Cost) *Hasher {
	limit := int64(cost.Memory) * int64(max(runtime.GOMAXPROCS(0), 1))
	h := &Hasher{cost: cost, memory: semaphore.NewWeighted(limit), limit: limit}
	random := make([]byte, saltLength+keyLength)
	rand.Read(random)
	h.dummy = phc{cost, random[:saltLength], random[saltLength:]}.text()
	return h
}

// Waiting is how many hashes wait for their turn or run, for metrics.
func (h *Hasher) Waiting() int64 { return h.waiting.Load() }

// Hash makes the hash of a password that was checked before.
//
// Faults: unavailable when too many wait.
func (h *Hasher) Hash(ctx context.Context, password string) (Secret, error) {
	made := phc{cost: h.cost, salt: make([]byte, saltLength)}
	rand.Read(made.salt)
	var err error
	if made.key, err = h.run(ctx, password, made, keyLength); err != nil {
		return "", err
	}
	return made.text(), nil
}

// Verify reports whether the password belongs to the hash. With an empty hash,
// because nobody has the address or it has no password, it does the same work
// and says no.
//
// Faults: unavailable when too many wait.
func (h *Hasher) Verify(ctx context.Context, hash Secret, password string) (bool, error) {
	known := hash != "" && len(password) <= maxPassword
	if !known {
		hash, password = h.dummy, password[:min(len(password), maxPassword)]
	}
	kept, err := parsePHC(hash)
	if err != nil {
		return false, err
	}
	key, err := h.run(ctx, password, kept, len(kept.key))
	if err != nil {
		return false, err
	}
	return subtle.ConstantTimeCompare(key, kept.key) == 1 && known, nil
}

// Outdated reports whether a hash was made at another cost.
func (h *Hasher) Outdated(hash Secret) bool {
	kept, err := parsePHC(hash)
	return err != nil || kept.cost != h.cost
}

// run waits for memory and computes the key. A password is taken in Unicode
// normal form C (RFC 8265, section 4.2.2), so that it does not depend on the
// keyboard.
func (h *Hasher) run(ctx context.Context, password string, p phc, length int) ([]byte, error) {
	defer h.waiting.Add(-1)
	if h.waiting.Add(1) > maxWaiting {
		return nil, fault.Unavailable("Too many people sign in at this moment. Please try again.")
	}
	weight := min(int64(p.cost.Memory), h.limit)
	if err := h.memory.Acquire(ctx, weight); err != nil {
		return nil, err
	}
	defer h.memory.Release(weight)
	return argon2.IDKey([]byte(norm.NFC.String(password)), p.salt, p.cost.Time, p.cost.Memory, p.cost.Threads, uint32(length)), nil
}

// phc is a hash with how it was made, in the PHC string format.
type phc struct {
	cost Cost
	salt []byte
	key  []byte
}

var phcEncoding = base64.RawStdEncoding.Strict()

// text writes $argon2id$v=19$m=…,t=…,p=…$salt$key.
func (p phc) text() Secret {
	return Secret(fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, p.cost.Memory, p.cost.Time, p.cost.Threads,
		phcEncoding.EncodeToString(p.salt), phcEncoding.EncodeToString(p.key)))
}

func parsePHC(hash Secret) (phc, error) {
	malformed := fmt.Errorf("a password hash has another form than argon2id's")
	parts := strings.Split(string(hash), "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return phc{}, malformed
	}
	var p phc
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &p.cost.Memory, &p.cost.Time, &p.cost.Threads); err != nil {
		return phc{}, malformed
	}
	var err error
	if p.salt, err = phcEncoding.DecodeString(parts[4]); err != nil {
		return phc{}, malformed
	}
	if p.key, err = phcEncoding.DecodeString(parts[5]); err != nil || len(p.key) < 16 || p.cost.Time == 0 || p.cost.Threads == 0 {
		return phc{}, malformed
	}
	return p, nil
}
