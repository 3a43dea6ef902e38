// Command refresh rewrites the list of disposable domains from the npm package
// disposable-email-domains-js (CC0). It is run by go generate in the folder of
// package address and needs npm and tar on the path.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

const (
	source = "disposable-email-domains-js"
	data   = "package/dist/dict/disposable_email_blocklist.json"
	target = "disposable.txt"
	least  = 1000 // a shorter list is a broken package
)

func main() {
	if err := refresh(); err != nil {
		fmt.Fprintln(os.Stderr, "refresh:", err)
		os.Exit(1)
	}
}

func refresh() error {
	folder, err := os.MkdirTemp("", "disposable")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	packed, err := run(folder, "npm", "pack", "--silent", source)
	if err != nil {
		return err
	}
	archive := strings.TrimSpace(string(packed))
	if _, err := run(folder, "tar", "-xzf", archive, data); err != nil {
		return err
	}
	raw, err := os.ReadFile(filepath.Join(folder, data))
	if err != nil {
		return err
	}
	var domains []string
	if err := json.Unmarshal(raw, &domains); err != nil {
		return err
	}
	version := strings.TrimSuffix(strings.TrimPrefix(archive, source+"-"), ".tgz")
	return write(domains, version)
}

func run(folder, name string, args ...string) ([]byte, error) {
	command := exec.Command(name, args...)
	command.Dir, command.Stderr = folder, os.Stderr
	out, err := command.Output()
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", name, strings.Join(args, " "), err)
	}
	return out, nil
}

func write(domains []string, version string) error {
	for i, domain := range domains {
		domains[i] = strings.ToLower(strings.TrimSpace(domain))
	}
	domains = slices.DeleteFunc(domains, func(domain string) bool {
		return !strings.Contains(domain, ".") || strings.Trim(domain, "abcdefghijklmnopqrstuvwxyz0123456789.-") != ""
	})
	slices.Sort(domains)
	domains = slices.Compact(domains)
	if len(domains) < least {
		return fmt.Errorf("only %d domains in %s %s", len(domains), source, version)
	}
	var out bytes.Buffer
	fmt.Fprintf(&out, "# Domains of disposable mailboxes: npm %s %s (CC0), taken on %s.\n", source, version, time.Now().UTC().Format(time.DateOnly))
	for _, domain := range domains {
		out.WriteString(domain + "\n")
	}
	return os.WriteFile(target, out.Bytes(), 0o644)
}
