package user_test

import (
	"strings"
	"testing"

	"tenure/internal/fault"
	"tenure/internal/user"
)

var maria = []string{"maria.jansen@example.com", "Maria", "Jansen", "Blue Harbour Trading"}

func TestCheckPasswordTakesWhatIsLongAndOwn(t *testing.T) {
	for _, password := range []string{
		"violet tractor sings early",
		"een fiets vol natte kranten",
		"tGq8-Lw2z-Vn5k-Xb",
		"кактус на крыше поёт",
		"山の上の古い駅で雨を待つ人々がいる",
		strings.Repeat("k9 Wm", 12) + strings.Repeat("zq!P7", 12), // 64 and more are allowed
		"a maria among the kettledrums",
	} {
		if err := user.CheckPassword(password, maria...); err != nil {
			t.Errorf("%q: %v", password, err)
		}
	}
}

func TestCheckPasswordRefusesWhatAnybodyWouldTry(t *testing.T) {
	for password, code := range map[string]string{
		"":                             "too_short",
		"kJ8#mq2!vX":                   "too_short",
		"fourteen chars":               "too_short",
		strings.Repeat("wq8 Kd", 171):  "too_long",
		"violet\ttractor sings":        "control_character",
		"violet\x00tractor sings":      "control_character",
		"aaaaaaaaaaaaaaaa":             "common",
		"abababababababab":             "common",
		"xk9xk9xk9xk9xk9xk9":           "common",
		"passwordpassword":             "common",
		"P@ssw0rd12345678":             "common",
		"Password123456789!":           "common",
		"qwertyuiopasdfgh":             "common",
		"1234567890123456":             "common",
		"abcdefghijklmnopqrstuvwxyz":   "common",
		"zyxwvutsrqponmlkj":            "common",
		"1qaz2wsx3edc4rfv":             "common",
		"Welcome to Blue Harbour":      "common",
		"blueharbourtrading1":          "common",
		"maria.jansen@example.com":     "common",
		"MariaJansen20262026":          "common",
		"Jansen-Maria-2026!":           "common",
		"iloveyousomuch123":            "common",
		"correct horse battery staple": "common",
		"thisismypassword1!":           "common",
		"may the force be with you":    "common",
		"Wachtwoord2026!!":             "common",
		"Summer2026Summer2026":         "common",
		"ｐａｓｓｗｏｒｄｐａｓｓｗｏｒｄ": "common",
	} {
		err := user.CheckPassword(password, maria...)
		f := fault.As(err)
		if f == nil || f.Code != "weak_password" || len(f.Fields) != 1 || f.Fields[0].Code != code {
			t.Errorf("%.40q: got %v, want weak_password with %s", password, err, code)
			continue
		}
		if password != "" && strings.Contains(err.Error(), password) {
			t.Errorf("%.40q: the error repeats the password", password)
		}
	}
}

func TestCheckPasswordWithFactorTakesEightCharacters(t *testing.T) {
	if err := user.CheckPasswordWithFactor("Tq8!kWz3", maria...); err != nil {
		t.Error(err)
	}
	for _, password := range []string{"Tq8!kWz", "password", "12345678", "Jansen26"} {
		if err := user.CheckPasswordWithFactor(password, maria...); fault.Code(err) != "weak_password" {
			t.Errorf("%q: got %v, want weak_password", password, err)
		}
	}
}
