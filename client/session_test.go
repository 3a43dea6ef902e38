package client_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/pquerna/otp/totp"

	"tenure/client"
	"tenure/internal/mailbox"
	"tenure/internal/server/servertest"
)

// TestAPhoneSignsIn: to the one of several places that its user chooses, and with
// a second factor.
func TestAPhoneSignsIn(t *testing.T) {
	s := servertest.Start(t, "sqlite")
	here, there := s.Found(t, "team", "Here", "owner@here.example"), s.Found(t, "team", "There", "owner@there.example")
	phone, ctx := client.New(s.Witnessed(t), ""), t.Context()
	in, err := phone.SignIn(ctx, "owner@here.example", servertest.Password)
	if err != nil || in.Token == "" || in.Account.ID != here.ID {
		t.Fatalf("%+v %v", in, err)
	}

	there.Owner.Post(there.Path("/invitations"), servertest.Map{"emails": []string{"owner@here.example"}}).OK()
	joining := s.Mail(t, "owner@here.example", func(m mailbox.Message) bool { return strings.Contains(m.Text, "to join There") })
	_, token, _ := strings.Cut(joining.Link("/invitation#"), "#")
	here.Owner.Post("/v1/invitations/accept", servertest.Map{"token": token}).OK()
	var refused *client.Problem
	if _, err := phone.SignIn(ctx, "owner@here.example", servertest.Password); !errors.As(err, &refused) || refused.Code != "account_required" || len(refused.Accounts) != 2 {
		t.Fatalf("with two places: %+v %v", refused, err)
	}
	for _, choice := range refused.Accounts {
		if in, err := phone.SignInTo(ctx, choice.ID, "owner@here.example", servertest.Password); err != nil || in.Account.ID != choice.ID || choice.Name != in.Account.Name {
			t.Errorf("%+v %v, want %s", in, err, choice.Name)
		}
	}
	if _, err := phone.SignInTo(ctx, "acc_00000000000000000000000000", "owner@here.example", servertest.Password); !refusedAs(err, "not_found") {
		t.Errorf("an account that is not theirs: %v", err)
	}

	secret := there.Owner.Post("/v1/me/totp", nil).OK().Text("secret")
	code, err := totp.GenerateCode(secret, s.Clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	spare := there.Owner.Post("/v1/me/totp/confirm", servertest.Map{"code": code}).OK().Text("recovery_codes.0")
	asked, err := phone.SignIn(ctx, "owner@there.example", servertest.Password)
	if err != nil || asked.Token != "" || asked.Challenge == "" || len(asked.Methods) != 2 {
		t.Fatalf("%+v %v", asked, err)
	}
	if _, err := phone.AnswerChallenge(ctx, asked.Challenge, "000000"); !refusedAs(err, "bad_credentials") {
		t.Errorf("a wrong code: %v", err)
	}
	if in, err = phone.AnswerChallenge(ctx, asked.Challenge, spare); err != nil || in.Token == "" || in.Account.ID != there.ID {
		t.Errorf("%+v %v", in, err)
	}
	if err := client.New(s.Witnessed(t), in.Token).SignOut(ctx); err != nil {
		t.Error(err)
	}
}
