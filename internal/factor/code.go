package factor

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
	"fmt"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"

	"tenure/internal/access"
	"tenure/internal/audit"
	"tenure/internal/db"
	"tenure/internal/fault"
	"tenure/internal/id"
	"tenure/internal/secret"
)

// The parameters that every authenticator app knows (RFC 6238, section 4): six
// digits of HMAC-SHA-1, a step of thirty seconds.
const (
	seedBytes = 20 // as long as the hash (RFC 4226, section 4)
	period    = 30 * time.Second
	drift     = 1 // steps that the clock of a device may be off, each way (section 5.2)
)

var shape = hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1}

// Method is a way to answer a challenge.
type Method string

// The methods.
const (
	TOTP     Method = "totp"          // a code of the authenticator app
	Recovery Method = "recovery_code" // one of the ten
	Mailed   Method = "mailed_code"   // from a mail, while a reset is open
)

// wrong says that a code is not right, or not any more. It is the same for each
// kind of code.
func wrong() *fault.Fault {
	return &fault.Fault{Kind: fault.KindUnauthenticated, Code: "bad_credentials", Message: "This code is not right, or was used already."}
}

// match finds the step of time that a code belongs to, of those that may be
// accepted now. Faults: bad_credentials.
func (f Factor) match(keeper *secret.Keeper, code string, now time.Time) (int64, error) {
	seed, err := keeper.Open(purpose(f.User), f.seed)
	if err != nil {
		return 0, fmt.Errorf("open seed: %w", err)
	}
	written := base32.StdEncoding.EncodeToString(seed)
	current := now.Unix() / int64(period.Seconds())
	for step := max(current-drift, f.step+1, 0); step <= current+drift; step++ {
		right, err := hotp.ValidateCustom(code, uint64(step), written, shape)
		if err != nil {
			return 0, wrong() // it has another length
		}
		if right {
			return step, nil
		}
	}
	return 0, wrong()
}

// Spend accepts a code for the user, whose head the write has locked, and says
// of which method it was: of the app, a recovery code or, where the caller takes
// those too, a mailed one. What was accepted works no second time; after a mailed
// one the caller removes the factor.
//
// Faults: conflict factor_not_enabled; bad_credentials.
func Spend(ctx context.Context, tx *db.Tx, actor access.Actor, keeper *secret.Keeper, user id.User, code string, mailed bool) (Method, error) {
	f, err := Get(ctx, tx, user)
	if err != nil {
		return "", err
	}
	if !f.On() {
		return "", NotEnabled()
	}
	code = plain(code)
	if !digits(code) {
		return Recovery, useRecovery(ctx, tx, actor, user, code)
	}
	step, err := f.match(keeper, code, tx.Now())
	if err == nil {
		used, err := tx.Exec(ctx, `UPDATE factors SET step = $2 WHERE user_id = $1 AND step < $2 AND since IS NOT NULL`, string(user), step)
		if err != nil {
			return "", fmt.Errorf("use step: %w", err)
		}
		if used == 0 {
			return "", wrong()
		}
		return TOTP, nil
	}
	if mailed && fault.Code(err) == "bad_credentials" && f.Reset.proves(keeper, user, code, tx.Now()) {
		return Mailed, nil
	}
	return "", err
}

// plain takes out of a code what people put between its parts.
func plain(code string) string {
	return strings.NewReplacer(" ", "", "-", "", "\u00a0", "", "\t", "").Replace(strings.TrimSpace(code))
}

// digits reports whether a code is one of six digits.
func digits(code string) bool {
	return len(code) == 6 && strings.Trim(code, "0123456789") == ""
}

// Recovery codes: ten of sixteen characters of Crockford's base 32, 80 random
// bits each, which need no slow hash.
const (
	recoveryCodes = 10
	recoveryBytes = 10
	recoveryGroup = 4
)

var recoveryAlphabet = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

// issue makes the recovery codes of a user anew.
func issue(ctx context.Context, tx *db.Tx, user id.User) ([]string, error) {
	if _, err := tx.Exec(ctx, `DELETE FROM recovery_codes WHERE user_id = $1`, string(user)); err != nil {
		return nil, fmt.Errorf("replace recovery codes: %w", err)
	}
	codes := make([]string, recoveryCodes)
	for i := range codes {
		raw := make([]byte, recoveryBytes)
		rand.Read(raw)
		code := recoveryAlphabet.EncodeToString(raw)
		if err := tx.ExecOne(ctx, `INSERT INTO recovery_codes (user_id, code_hash) VALUES ($1, $2)`, string(user), recoveryHash(user, code)); err != nil {
			return nil, fmt.Errorf("write recovery code: %w", err)
		}
		for at := recoveryGroup; at < len(code); at += recoveryGroup + 1 {
			code = code[:at] + "-" + code[at:]
		}
		codes[i] = code
	}
	return codes, nil
}

// misread undoes what people make of letters and digits that look alike.
var misread = strings.NewReplacer("o", "0", "i", "1", "l", "1")

// recoveryHash is what is stored of a code: bound to the user, so that equal
// rows of two users say nothing.
func recoveryHash(user id.User, code string) []byte {
	sum := sha256.Sum256([]byte("recovery code\x00" + string(user) + "\x00" + misread.Replace(strings.ToLower(code))))
	return sum[:]
}

func useRecovery(ctx context.Context, tx *db.Tx, actor access.Actor, user id.User, code string) error {
	used, err := tx.Exec(ctx, `DELETE FROM recovery_codes WHERE user_id = $1 AND code_hash = $2`, string(user), recoveryHash(user, code))
	if err != nil {
		return fmt.Errorf("use recovery code: %w", err)
	}
	if used == 0 {
		return wrong()
	}
	return audit.RecordUser(ctx, tx, actor, audit.Event{Action: "factor.use_recovery_code", Subject: audit.Of("user", user)})
}

// same compares codes in a time that does not tell how alike they are.
func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
