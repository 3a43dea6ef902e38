package rate

import (
	"fmt"
	"testing"
	"time"
)

// stand is a limiter at a clock that stands still.
func stand(l Limit, most int) (*Limiter, *time.Time) {
	now := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	return New(l, most, func() time.Time { return now }), &now
}

func TestABurstIsAllowedAndThenTheRate(t *testing.T) {
	l, now := stand(Limit{PerSecond: 10, Burst: 3}, 100)
	for left := range 3 {
		if v := l.Take("a"); !v.Allowed || v.Limit != 3 || v.Remaining != 2-left || v.Reset != time.Duration(left+1)*100*time.Millisecond || v.Retry != 0 {
			t.Errorf("request %d: %+v", left, v)
		}
	}
	for range 2 { // asking in vain costs nothing
		if v := l.Take("a"); v.Allowed || v.Remaining != 0 || v.Retry != 100*time.Millisecond || v.Reset != 300*time.Millisecond {
			t.Errorf("one too many: %+v", v)
		}
	}
	for range 5 {
		if v := l.Look("b"); !v.Allowed || l.Len() != 1 {
			t.Errorf("looking takes: %+v", v)
		}
	}
	if v := l.Take("b"); !v.Allowed || v.Remaining != 2 {
		t.Errorf("somebody else: %+v", v)
	}
	*now = now.Add(100 * time.Millisecond)
	if v := l.Take("a"); !v.Allowed || v.Remaining != 0 {
		t.Errorf("after the time of one: %+v", v)
	}
	*now = now.Add(time.Hour)
	if v := l.Take("a"); !v.Allowed || v.Remaining != 2 {
		t.Errorf("after a rest: %+v", v)
	}
	if l.Refused() != 2 {
		t.Errorf("%d were refused", l.Refused())
	}
}

// TestManyOthersDoNotResetALimit_ArgoCDCVE202421652: an attacker sent so many
// names ahead that their own counter fell out of the cache.
func TestManyOthersDoNotResetALimit_ArgoCDCVE202421652(t *testing.T) {
	l, now := stand(Limit{PerSecond: 1, Burst: 2}, 50)
	for range 2 {
		l.Take("attacker")
	}
	for n := range 10_000 {
		l.Take(fmt.Sprint("other ", n))
		if n%100 == 0 {
			*now = now.Add(time.Millisecond)
		}
	}
	if v := l.Take("attacker"); v.Allowed {
		t.Errorf("a fresh start: %+v", v)
	}
	if l.Len() > 50 {
		t.Errorf("%d callers are kept", l.Len())
	}
	if v := l.Take("one more stranger"); v.Allowed {
		t.Error("those without room do not share")
	}
	*now = now.Add(3 * time.Second) // everybody has rested
	if v := l.Take("one more stranger"); !v.Allowed || l.Len() != 1 {
		t.Errorf("%+v, %d are kept", v, l.Len())
	}
}

func BenchmarkTake(b *testing.B) {
	l := New(Limit{PerSecond: 1_000_000, Burst: 1_000_000}, 100_000, time.Now)
	callers := make([]string, 1000)
	for i := range callers {
		callers[i] = fmt.Sprint("ses_", i)
	}
	b.ReportAllocs()
	for n := range b.N {
		l.Take(callers[n%len(callers)])
	}
}
