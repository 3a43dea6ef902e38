package dbtest

import (
	"os"
	"strconv"
	"testing"
	"time"
)

// Seed is what the chances of a test begin with: another one each time, or that
// of TENURE_TEST_SEED, which repeats a test that failed. It is printed.
func Seed(t testing.TB) uint64 {
	t.Helper()
	seed := uint64(time.Now().UnixNano())
	if given := os.Getenv("TENURE_TEST_SEED"); given != "" {
		var err error
		if seed, err = strconv.ParseUint(given, 10, 64); err != nil {
			t.Fatalf("TENURE_TEST_SEED is a number: %v", err)
		}
	}
	t.Logf("TENURE_TEST_SEED=%d repeats this", seed)
	return seed
}
