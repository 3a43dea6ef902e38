package api

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"
)

// FuzzCells writes what people typed into a row and reads it back: nothing is
// lost, nothing moves into another cell, and no cell is one that a spreadsheet
// would run (OWASP, CSV injection).
func FuzzCells(f *testing.F) {
	for _, seed := range []string{
		"", "Maria", "=1+1", "+31 6", "-2", "@SUM(A1)", "\tx", "\rx", "\n=1", "a,b", `"`, `""`, `a"b,=c`, "=cmd|' /C calc'!A0", "＝1+1", "＋1", "－1", "＠x",
		"\ufeff=1", "'", "'=1", "a\r\nb", "\r\n", "é", "\xff", "a;b", "#x", `\.`,
	} {
		f.Add(seed, "Jansen")
		f.Add("=1", seed)
	}
	f.Fuzz(func(t *testing.T, one, other string) {
		var file bytes.Buffer
		rows := sheet{to: &file}
		rows.write("mem_0", one, other, "end")
		read, err := csv.NewReader(&file).ReadAll()
		if err != nil || len(read) != 1 || len(read[0]) != 4 || read[0][0] != "mem_0" || read[0][3] != "end" {
			t.Fatalf("%q and %q are read as %q, %v", one, other, read, err)
		}
		for i, typed := range []string{one, other} {
			got := read[0][i+1]
			if strings.IndexFunc(got, func(r rune) bool { return strings.ContainsRune("=+-@\t\r\n＝＋－＠", r) }) == 0 {
				t.Errorf("%q is written as %q: a spreadsheet runs it", typed, got)
			}
			// The reader of encoding/csv, like most, makes one line break of CR LF.
			if plain := unsafe(got); plain != plainBreaks(typed) {
				t.Errorf("%q is written as %q and reads back as %q", typed, got, plain)
			}
		}
	})
}

func plainBreaks(s string) string { return strings.ReplaceAll(s, "\r\n", "\n") }
