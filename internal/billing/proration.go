package billing

import (
	"fmt"
	"math/big"
	"time"
)

// Unused is the share of a price that falls on what is left of its period at a
// time, to the second, rounded half to even: price × (end − t) / (end − start).
// It is what joining at that time costs, and what leaving gives back, so that
// nobody is given back more than they were charged.
func Unused(price int64, p Period, t time.Time) int64 { return share(price, p.Left(t), p.Seconds()) }

// Repriced is what a change of price in the middle of a period comes to for one
// seat: what the rest costs from now on, less what it cost. It is computed as
// two shares, so that a seat that ends later is never given back more than it
// was charged.
func Repriced(from, to int64, p Period, t time.Time) int64 {
	return Unused(to, p, t) - Unused(from, p, t)
}

// share is price × part / whole, rounded half to even. The product is exact,
// whatever its size; part is at most whole, so the share is at most the price.
func share(price, part, whole int64) int64 {
	product := new(big.Int).Mul(big.NewInt(price), big.NewInt(part))
	quotient, rest := product.QuoRem(product, big.NewInt(whole), new(big.Int))
	switch twice := rest.Lsh(rest, 1); twice.CmpAbs(big.NewInt(whole)) {
	case 1:
		return quotient.Int64() + 1
	case 0:
		return quotient.Int64() + quotient.Int64()&1
	default:
		return quotient.Int64()
	}
}

// sum adds amounts, and says when they are more than an amount can be.
func sum(amounts []int64) (int64, error) {
	total := new(big.Int)
	for _, a := range amounts {
		total.Add(total, big.NewInt(a))
	}
	if !total.IsInt64() {
		return 0, fmt.Errorf("an amount of %d digits is more than can be kept", len(total.String()))
	}
	return total.Int64(), nil
}

// span says how long a number of seconds is, in words: 14 days 12 h.
func span(seconds int64) string {
	text := ""
	for _, u := range []struct {
		size      int64
		one, many string
	}{{86400, " day", " days"}, {3600, " h", " h"}, {60, " min", " min"}, {1, " s", " s"}} {
		n := seconds / u.size
		seconds -= n * u.size
		if n == 0 {
			continue
		}
		if text != "" {
			text += " "
		}
		name := u.many
		if n == 1 {
			name = u.one
		}
		text += fmt.Sprint(n) + name
	}
	if text == "" {
		return "0 s"
	}
	return text
}
