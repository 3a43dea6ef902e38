package billing_test

import (
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tenure/internal/billing"
)

func at(t *testing.T, text string) time.Time {
	t.Helper()
	when, err := time.Parse("2006-01-02 15:04:05", text)
	if err != nil {
		t.Fatal(err)
	}
	return when
}

// anchored gives the anchor that a text names: a day or a date.
func anchored(t *testing.T, text string) billing.Anchor {
	t.Helper()
	var day int64
	if _, err := fmt.Sscan(text, &day); err == nil && len(text) < 3 {
		a, err := billing.AnchorOn(day)
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	a, err := billing.AnchorAt(text)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestPeriodsBeginOnTheAnchorOrTheLastDayOfTheMonth(t *testing.T) {
	for _, c := range []struct {
		unit              billing.Unit
		anchor, on        string
		wantStart, wantTo string
	}{
		{billing.Month, "1", "2026-04-11 09:30:00", "2026-04-01", "2026-05-01"},
		{billing.Month, "1", "2026-04-01 00:00:00", "2026-04-01", "2026-05-01"},
		{billing.Month, "1", "2026-04-30 23:59:59", "2026-04-01", "2026-05-01"},
		{billing.Month, "31", "2026-02-10 00:00:00", "2026-01-31", "2026-02-28"},
		{billing.Month, "31", "2026-02-28 00:00:00", "2026-02-28", "2026-03-31"},
		{billing.Month, "31", "2026-04-30 00:00:00", "2026-04-30", "2026-05-31"},
		{billing.Month, "31", "2024-02-29 12:00:00", "2024-02-29", "2024-03-31"},
		{billing.Month, "30", "2026-03-01 00:00:00", "2026-02-28", "2026-03-30"},
		{billing.Month, "2024-02-29", "2026-03-01 00:00:00", "2026-02-28", "2026-03-29"},
		{billing.Month, "15", "2026-01-03 00:00:00", "2025-12-15", "2026-01-15"},
		{billing.Month, "15", "2025-12-20 00:00:00", "2025-12-15", "2026-01-15"},
		{billing.Year, "2024-02-29", "2024-02-29 00:00:00", "2024-02-29", "2025-02-28"},
		{billing.Year, "2024-02-29", "2025-02-28 00:00:00", "2025-02-28", "2026-02-28"},
		{billing.Year, "2024-02-29", "2028-02-28 23:59:59", "2027-02-28", "2028-02-29"},
		{billing.Year, "2025-07-31", "2026-07-30 00:00:00", "2025-07-31", "2026-07-31"},
		{billing.Year, "1", "2026-07-30 00:00:00", "2026-01-01", "2027-01-01"},
	} {
		got := billing.PeriodOf(c.unit, anchored(t, c.anchor), at(t, c.on))
		if got.Start.Format(time.DateOnly) != c.wantStart || got.End.Format(time.DateOnly) != c.wantTo || !got.Start.Equal(got.Start.Truncate(24*time.Hour)) {
			t.Errorf("a %s anchored on %s at %s: %s to %s, want %s to %s", c.unit, c.anchor, c.on, got.Start, got.End, c.wantStart, c.wantTo)
		}
	}
}

func TestPeriodsFollowEachOtherWithoutAGap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		unit := rapid.SampledFrom([]billing.Unit{billing.Month, billing.Year}).Draw(t, "unit")
		day := time.Date(2023, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, rapid.IntRange(0, 1500).Draw(t, "anchor"))
		anchor, err := billing.AnchorAt(day.Format(time.DateOnly))
		if err != nil {
			t.Fatal(err)
		}
		now := time.Unix(rapid.Int64Range(0, 4e9).Draw(t, "now"), 0).UTC()
		p := billing.PeriodOf(unit, anchor, now)
		if now.Before(p.Start) || !now.Before(p.End) {
			t.Fatalf("%s is not in %s to %s", now, p.Start, p.End)
		}
		if next := billing.PeriodOf(unit, anchor, p.End); !next.Start.Equal(p.End) {
			t.Fatalf("after %s comes %s", p.End, next.Start)
		}
		if before := billing.PeriodOf(unit, anchor, p.Start.Add(-time.Second)); !before.End.Equal(p.Start) {
			t.Fatalf("before %s ends %s", p.Start, before.End)
		}
	})
}

func TestAnAnchorThatDoesNotExistIsRefused(t *testing.T) {
	for _, day := range []int64{0, -1, 32, math.MaxInt64, math.MinInt64} {
		if _, err := billing.AnchorOn(day); err == nil {
			t.Errorf("day %d is taken", day)
		}
	}
	for _, date := range []string{"", "2026-02-29", "2026-04-31", "2026-13-01", "31 April", "0000-01-01", "2026-4-1", "10000-01-01"} {
		if _, err := billing.AnchorAt(date); err == nil {
			t.Errorf("%q is taken", date)
		}
	}
}

func TestProrationExamples(t *testing.T) {
	april := billing.Period{Start: at(t, "2026-04-01 00:00:00"), End: at(t, "2026-05-01 00:00:00")}
	may := billing.Period{Start: at(t, "2026-05-01 00:00:00"), End: at(t, "2026-06-01 00:00:00")}
	for _, c := range []struct {
		name  string
		price int64
		p     billing.Period
		at    string
		want  int64
	}{
		{"a $30.00 seat cut on 11 April", 3000, april, "2026-04-11 00:00:00", 2000},
		{"a $30.00 seat cut on 16 April at noon", 3000, april, "2026-04-16 12:00:00", 1450},
		{"the whole of it at its beginning", 3000, april, "2026-04-01 00:00:00", 3000},
		{"nothing at its end", 3000, april, "2026-05-01 00:00:00", 0},
		{"nothing after it", 3000, april, "2026-06-01 00:00:00", 0},
		{"15 of 31 days left", 3100, may, "2026-05-17 00:00:00", 1500},
		{"15 of 31 days left, a price that does not divide", 1000, may, "2026-05-17 00:00:00", 484}, // 483.87
		{"half a cent goes to the even one below", 1, april, "2026-04-16 00:00:00", 0},
		{"one and a half goes to the even one above", 3, april, "2026-04-16 00:00:00", 2},
		{"two and a half goes to the even one below", 5, april, "2026-04-16 00:00:00", 2},
		{"the dearest there is does not overflow", billing.MostPrice, april, "2026-04-01 00:00:01", 99999961420},
		{"the last second of a seat", 3000, april, "2026-04-30 23:59:59", 0},
		{"nothing of nothing", 0, april, "2026-04-11 00:00:00", 0},
	} {
		if got := billing.Unused(c.price, c.p, at(t, c.at)); got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
	}
	if got := billing.Repriced(1000, 2000, april, at(t, "2026-04-16 00:00:00")); got != 500 {
		t.Errorf("from 10.00 to 20.00 at half the period: %d, want 500", got)
	}
	if got := billing.Repriced(2000, 1000, april, at(t, "2026-04-16 00:00:00")); got != -500 {
		t.Errorf("from 20.00 to 10.00 at half the period: %d, want -500", got)
	}
	if got := billing.Unused(math.MaxInt64, april, april.Start); got != math.MaxInt64 {
		t.Errorf("the largest amount that there is: %d", got)
	}
}

// TestASeatIsNeverCreditedMoreThanItWasCharged plays a random history of one seat
// in one period: it joins, its price changes any number of times, it leaves.
func TestASeatIsNeverCreditedMoreThanItWasCharged(t *testing.T) {
	p := billing.Period{Start: time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC), End: time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)}
	rapid.Check(t, func(t *rapid.T) {
		moments := rapid.SliceOfN(rapid.Int64Range(0, p.Seconds()), 2, 8).Draw(t, "moments")
		prices := rapid.SliceOfN(rapid.Int64Range(0, 1e6), len(moments), len(moments)).Draw(t, "prices")
		slices.Sort(moments)
		when := func(i int) time.Time { return p.Start.Add(time.Duration(moments[i]) * time.Second) }
		price, charged, exact := prices[0], billing.Unused(prices[0], p, when(0)), 0.0
		exact = float64(price) * float64(p.Left(when(0))) / float64(p.Seconds())
		last := len(moments) - 1
		for i := 1; i < last; i++ {
			charged += billing.Repriced(price, prices[i], p, when(i))
			exact += float64(prices[i]-price) * float64(p.Left(when(i))) / float64(p.Seconds())
			price = prices[i]
			if charged < 0 {
				t.Fatalf("a seat that is held has been given %d", -charged)
			}
		}
		left := billing.Unused(price, p, when(last))
		if left > charged {
			t.Fatalf("credited %d of %d", left, charged)
		}
		exact -= float64(price) * float64(p.Left(when(last))) / float64(p.Seconds())
		if off := math.Abs(float64(charged-left) - exact); off > float64(len(moments)) {
			t.Fatalf("%f away from what the time costs after %d lines", off, len(moments))
		}
	})
}

// TestProrationDoesNotDependOnTheOrderOfEvents: several seats that come and go at
// the same moments cost together the same, whoever is first.
func TestProrationDoesNotDependOnTheOrderOfEvents(t *testing.T) {
	p := billing.Period{Start: time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC), End: time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)}
	rapid.Check(t, func(t *rapid.T) {
		price := rapid.Int64Range(0, 1e9).Draw(t, "price")
		moments := rapid.SliceOfN(rapid.Int64Range(0, p.Seconds()), 1, 12).Draw(t, "moments")
		total := func(order []int64) (all int64) {
			for i, m := range order {
				amount := billing.Unused(price, p, p.Start.Add(time.Duration(m)*time.Second))
				if i%2 == 1 {
					amount = -amount
				}
				all += amount
			}
			return all
		}
		pairs := append([]int64{}, moments...)
		for i := 0; i+1 < len(pairs); i += 2 { // whoever comes and goes at one moment pays nothing
			pairs[i+1] = pairs[i]
		}
		if got := total(pairs[:len(pairs)/2*2]); got != 0 {
			t.Fatalf("off and on within the same second comes to %d", got)
		}
		shuffled := rapid.Permutation(moments).Draw(t, "order")
		sum := func(order []int64) (all int64) {
			for _, m := range order {
				all += billing.Unused(price, p, p.Start.Add(time.Duration(m)*time.Second))
			}
			return all
		}
		if sum(moments) != sum(shuffled) {
			t.Fatalf("%v costs %d and %v costs %d", moments, sum(moments), shuffled, sum(shuffled))
		}
	})
}

func TestMoneyIsWrittenWithTheDigitsOfItsCurrency(t *testing.T) {
	for _, c := range []struct {
		amount int64
		code   string
		want   string
	}{{3000, "USD", "30.00 USD"}, {5, "EUR", "0.05 EUR"}, {-1450, "USD", "−14.50 USD"}, {3000, "JPY", "3000 JPY"}, {1234, "KWD", "1.234 KWD"}, {0, "USD", "0.00 USD"}} {
		if got := billing.Money(c.amount, c.code); got != c.want {
			t.Errorf("%d %s: %q, want %q", c.amount, c.code, got, c.want)
		}
	}
	for _, code := range []string{"", "usd", "XYZ", "XXX", "DEM", "US", "USDD", "BTC"} {
		if billing.KnownCurrency(code) {
			t.Errorf("%q is a currency", code)
		}
	}
	for _, code := range []string{"USD", "EUR", "JPY", "CHF", "GBP"} {
		if !billing.KnownCurrency(code) {
			t.Errorf("%q is none", code)
		}
	}
}
