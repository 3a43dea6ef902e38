package factor

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"strings"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"
)

// Setup is what an authenticator app is set up with. It is shown once.
type Setup struct {
	Seed   []byte
	Secret string // the seed in base 32, to be typed
	URI    string // otpauth://totp/…, as apps read it
	QR     string // the URI as a picture: a data: URL of a PNG
}

// The picture: pixels on each side, of them white around the code (ISO/IEC
// 18004 asks for four modules). A module is a whole number of pixels, so that a
// large picture has less white left over than a small one.
const (
	pictureSize = 736
	pictureRim  = 48
)

// NewSetup makes a new seed for somebody, who finds it in their app under the
// issuer and their address.
func NewSetup(issuer, email string) (Setup, error) {
	s := Setup{Seed: make([]byte, seedBytes)}
	rand.Read(s.Seed)
	key, err := totp.Generate(totp.GenerateOpts{
		Issuer: strings.ReplaceAll(issuer, ":", " "), AccountName: email, Period: uint(period.Seconds()), Secret: s.Seed,
		Digits: shape.Digits, Algorithm: shape.Algorithm,
	})
	if err != nil {
		return s, fmt.Errorf("make setup: %w", err)
	}
	s.Secret, s.URI = key.Secret(), key.URL()
	s.QR, err = picture(key)
	return s, err
}

func picture(key *otp.Key) (string, error) {
	code, err := key.Image(pictureSize-2*pictureRim, pictureSize-2*pictureRim)
	if err != nil {
		return "", fmt.Errorf("draw setup: %w", err)
	}
	sheet := image.NewGray(image.Rect(0, 0, pictureSize, pictureSize))
	draw.Draw(sheet, sheet.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.Draw(sheet, code.Bounds().Add(image.Pt(pictureRim, pictureRim)), code, code.Bounds().Min, draw.Src)
	var written bytes.Buffer
	if err := png.Encode(&written, sheet); err != nil {
		return "", fmt.Errorf("draw setup: %w", err)
	}
	return "data:image/png;base64," + base64.StdEncoding.EncodeToString(written.Bytes()), nil
}
