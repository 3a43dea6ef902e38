package secret

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Load reads the master secret from a file, which it makes if there is none:
// 256 random bits as text, readable by its owner only. Several processes may
// start at once; they all get the same secret. A file that others can read is
// refused.
func Load(file string) ([]byte, error) {
	info, err := os.Stat(file)
	if errors.Is(err, fs.ErrNotExist) {
		if err := create(file); err != nil {
			return nil, fmt.Errorf("make the secret file %s: %w", file, err)
		}
		info, err = os.Stat(file)
	}
	if err != nil {
		return nil, fmt.Errorf("read the secret file: %w", err)
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("the secret file %s is not a regular file", file)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("the secret file %s can be read by others: run chmod 600 %s", file, file)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read the secret file: %w", err)
	}
	master := strings.TrimSpace(string(text))
	if len(master) < leastMaster {
		return nil, fmt.Errorf("the secret file %s is too short: it must have at least %d characters", file, leastMaster)
	}
	return []byte(master), nil
}

// create writes the file whole or not at all, and leaves one that is there
// already as it is.
func create(file string) (err error) {
	folder := filepath.Dir(file)
	draft, err := os.CreateTemp(folder, ".secret-*") // CreateTemp makes it 0600
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.Remove(draft.Name())) }()
	_, err = draft.WriteString(Random(32) + "\n")
	if err := errors.Join(err, draft.Sync(), draft.Close()); err != nil {
		return err
	}
	if err := os.Link(draft.Name(), file); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	held, err := os.Open(folder)
	if err != nil {
		return err
	}
	return errors.Join(held.Sync(), held.Close())
}
