package billing

import (
	"strconv"
	"strings"
	"sync"

	"golang.org/x/text/currency"
)

// tender are the currencies that are legal tender somewhere today, by their code
// (ISO 4217).
var tender = sync.OnceValue(func() map[string]currency.Unit {
	known := map[string]currency.Unit{}
	for all := currency.Query(); all.Next(); {
		known[all.Unit().String()] = all.Unit()
	}
	return known
})

// KnownCurrency reports whether there is a currency with the code, written as
// ISO 4217 has it.
func KnownCurrency(code string) bool {
	_, known := tender()[code]
	return known
}

// Money writes an amount in minor units of a currency: 30.00 USD.
func Money(amount int64, code string) string {
	digits := 2
	if unit, known := tender()[code]; known {
		digits, _ = currency.Standard.Rounding(unit)
	}
	sign, text := "", strconv.FormatInt(amount, 10)
	if amount < 0 {
		sign, text = "−", text[1:]
	}
	if missing := digits + 1 - len(text); missing > 0 {
		text = strings.Repeat("0", missing) + text
	}
	if digits > 0 {
		text = text[:len(text)-digits] + "." + text[len(text)-digits:]
	}
	return sign + text + " " + code
}
