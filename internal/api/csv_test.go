package api

import (
	"encoding/csv"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// unsafe is what reading back a cell has to undo, written without the code that
// wrote it: one apostrophe where a line begins with one and would otherwise be a
// formula.
func unsafe(s string) string {
	var plain strings.Builder
	for line := range strings.Lines(s) {
		bare := strings.TrimLeft(line, "'\"` \u00a0\ufeff")
		first, _ := utf8.DecodeRuneInString(bare)
		if bare != "" && strings.HasPrefix(line, "'") && strings.ContainsRune("=+-@\t\r\n＝＋－＠", first) {
			line = line[1:]
		}
		plain.WriteString(line)
	}
	return plain.String()
}

// TestCSVInjection: no cell begins a formula, whatever people typed, also
// behind quotes, blanks and line feeds, and where a reader takes a semicolon
// for the separator (OWASP, CSV Injection).
func TestCSVInjection(t *testing.T) {
	for _, typed := range []string{
		`=1+1`, `+1`, `-1`, `@SUM(A1)`, "\t=1", "\r=1", "\n=1", `"=1+1`, `""=1`, `'=1`, ` =1`, "`=1", `";=1`, `a";"=1`, "fine\n=cmd|' /C calc'!A0",
		"fine\r\n@x", `＝1`, `＋1`, `－1`, `＠x`, "\u00a0=1", "\ufeff=1", `a;=1`, `a,=1`, "a\t=1",
	} {
		var file strings.Builder
		s := sheet{to: &file}
		s.write("before", typed, "after")
		raw := file.String()
		if !strings.HasPrefix(raw, `"before","`) || !strings.HasSuffix(raw, "\",\"after\"\r\n") {
			t.Errorf("%q is not in quotes: %q", typed, raw)
		}
		row, err := csv.NewReader(strings.NewReader(raw)).Read()
		if err != nil || len(row) != 3 {
			t.Fatalf("%q reads as %q, %v", typed, row, err)
		}
		for line := range strings.Lines(row[1]) {
			if bare := strings.TrimLeft(line, "\"` \u00a0\ufeff"); bare != "" && strings.IndexAny(bare, "=+-@\t\r\n＝＋－＠") == 0 {
				t.Errorf("%q becomes %q, in which %q begins a formula", typed, row[1], line)
			}
		}
	}
}

func TestWhatStandsInACSVReadsBack(t *testing.T) {
	text := rapid.StringOf(rapid.OneOf(rapid.Rune(), rapid.SampledFrom([]rune("=+-@\t\r\n'\"`; ,＝＠a"))))
	rapid.Check(t, func(t *rapid.T) {
		typed := rapid.SliceOfN(text, 1, 4).Draw(t, "cells")
		var file strings.Builder
		s := sheet{to: &file}
		s.write(typed...)
		row, err := csv.NewReader(strings.NewReader(file.String())).Read()
		if err != nil || len(row) != len(typed) {
			t.Fatalf("%q reads as %q, %v", file.String(), row, err)
		}
		for i, c := range typed {
			if unsafe(cell(c)) != c {
				t.Errorf("%q becomes %q", c, cell(c))
			}
			if want := strings.ReplaceAll(cell(c), "\r\n", "\n"); row[i] != want { // the reader takes both for the end of a line
				t.Errorf("%q is read as %q, want %q", file.String(), row[i], want)
			}
		}
	})
}
