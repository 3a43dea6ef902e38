// Package secret keeps the one secret of an installation and what hangs on it.
//
// Every use has its own key, derived from the master with HKDF-SHA-256 (RFC
// 5869), so that nothing made for one purpose is worth anything for another.
//
// Mailed links and codes are derived too, from what they are about and a
// rotation. They are therefore stored nowhere: a retried mail carries the same
// link, and raising the rotation kills every link that went before. A link
// says nothing about its expiry; the row it is about does.
package secret

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/ed25519"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
)

// leastMaster is the fewest bytes a master secret may have: 256 bits, if random.
const leastMaster = 32

// Keeper derives, seals and signs. It is safe for concurrent use.
type Keeper struct {
	master      []byte
	link        []byte
	code        []byte
	fingerprint []byte
	signer      ed25519.PrivateKey
}

// NewKeeper makes the keeper of a master secret of at least 32 bytes.
func NewKeeper(master []byte) (*Keeper, error) {
	if len(master) < leastMaster {
		return nil, fmt.Errorf("the secret is too short: it must have at least %d characters", leastMaster)
	}
	k := &Keeper{master: append([]byte(nil), master...)}
	var err error
	if k.link, err = k.derive("link"); err != nil {
		return nil, err
	}
	if k.code, err = k.derive("code"); err != nil {
		return nil, err
	}
	if k.fingerprint, err = k.derive("fingerprint"); err != nil {
		return nil, err
	}
	seed, err := k.derive("receipt signer")
	if err != nil {
		return nil, err
	}
	k.signer = ed25519.NewKeyFromSeed(seed)
	return k, nil
}

// derive gives the 32-byte key of one purpose.
func (k *Keeper) derive(purpose string) ([]byte, error) {
	key, err := hkdf.Key(sha256.New, k.master, nil, "tenure/1 "+purpose, 32)
	if err != nil {
		return nil, fmt.Errorf("derive a key: %w", err)
	}
	return key, nil
}

// Signer gives the Ed25519 key (RFC 8032) that signs receipts.
func (k *Keeper) Signer() ed25519.PrivateKey { return k.signer }

// KeyID names the public key of Signer: 16 hexadecimal digits of its SHA-256.
func (k *Keeper) KeyID() string {
	sum := sha256.Sum256(k.signer.Public().(ed25519.PublicKey))
	return hex.EncodeToString(sum[:8])
}

// Seal encrypts what must be read again with AES-256-GCM (NIST SP 800-38D)
// under the key of the purpose.
func (k *Keeper) Seal(purpose string, plain []byte) ([]byte, error) {
	aead, err := k.sealer(purpose)
	if err != nil {
		return nil, err
	}
	return aead.Seal(nil, nil, plain, nil), nil
}

// Open decrypts what Seal made for the same purpose. It fails if anything was
// changed.
func (k *Keeper) Open(purpose string, sealed []byte) ([]byte, error) {
	aead, err := k.sealer(purpose)
	if err != nil {
		return nil, err
	}
	plain, err := aead.Open(nil, nil, sealed, nil)
	if err != nil {
		return nil, errors.New("what is sealed was changed, or sealed with another secret")
	}
	return plain, nil
}

func (k *Keeper) sealer(purpose string) (cipher.AEAD, error) {
	key, err := k.derive("seal " + purpose)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("make a cipher: %w", err)
	}
	return cipher.NewGCMWithRandomNonce(block)
}

// Fingerprint tells whether two texts are the same, to who keeps only this: its
// HMAC-SHA-256 (RFC 2104). Nobody finds a password that stands in the text by
// trying, as they would with a hash that has no key.
func (k *Keeper) Fingerprint(text []byte) []byte {
	mac := hmac.New(sha256.New, k.fingerprint)
	mac.Write(text)
	return mac.Sum(nil)
}

// Hash gives the SHA-256 under which a random token is stored. Tokens carry at
// least 256 random bits, so that no slower hash is needed.
func Hash(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}

// Random gives so many random bytes as base64url without padding.
func Random(bytes int) string {
	raw := make([]byte, bytes)
	rand.Read(raw) // never fails: it ends the process instead
	return base64.RawURLEncoding.EncodeToString(raw)
}
