package access

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"

	"kaoping/engine"
)

// cost is what hashing a password takes.
type cost struct {
	Memory  uint32 // KiB
	Rounds  uint32
	Threads uint8
}

// present is the cost of passwords set today. Those hashed with another one are
// hashed again when their owners log in.
var present = cost{Memory: 19 * 1024, Rounds: 2, Threads: 1}

const (
	saltSize = 16
	keySize  = 32
	// maxPassword bounds what is hashed, in bytes.
	maxPassword = 1024
	minPassword = 10 // characters
)

// atOnce bounds the memory that logins at the same moment take.
var atOnce = make(chan struct{}, 4)

func derive(password string, salt []byte, c cost) []byte {
	atOnce <- struct{}{}
	defer func() { <-atOnce }()
	return argon2.IDKey([]byte(password), salt, c.Rounds, c.Memory, c.Threads, keySize)
}

// Hash turns a password into what is stored: argon2id with its parameters and a
// salt, in the form of the reference implementation.
func Hash(password string) string { return hashWith(password, present) }

func hashWith(password string, c cost) string {
	salt := make([]byte, saltSize)
	rand.Read(salt) // never fails
	return c.prefix() + "$" + base64.RawStdEncoding.EncodeToString(salt) + "$" + base64.RawStdEncoding.EncodeToString(derive(password, salt, c))
}

func (c cost) prefix() string {
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d", argon2.Version, c.Memory, c.Rounds, c.Threads)
}

// verify reports whether the password is the one that was hashed, and whether it
// should be hashed again. What is no hash fits no password.
func verify(password, stored string) (ok, outdated bool) {
	parts := strings.Split(stored, "$")
	if len(parts) != 6 || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) || len(password) > maxPassword {
		return false, false
	}
	var c cost
	if n, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &c.Memory, &c.Rounds, &c.Threads); n != 3 || err != nil || c.Rounds < 1 || c.Threads < 1 {
		return false, false
	}
	salt, err := base64.RawStdEncoding.DecodeString(parts[4])
	if err != nil {
		return false, false
	}
	want, err := base64.RawStdEncoding.DecodeString(parts[5])
	if err != nil || len(want) != keySize {
		return false, false
	}
	return subtle.ConstantTimeCompare(derive(password, salt, c), want) == 1, c != present
}

// CheckPassword says what is wrong with a password that somebody chose for an
// account; nothing if it may be used.
func CheckPassword(name, password string) *engine.Text {
	switch n := utf8.RuneCountInString(password); {
	case !utf8.ValidString(password), n < minPassword:
		return &engine.Text{ZH: fmt.Sprintf("口令至少 %d 个字符。", minPassword), EN: fmt.Sprintf("A password has at least %d characters.", minPassword)}
	case len(password) > maxPassword:
		return &engine.Text{ZH: "口令过长。", EN: "The password is too long."}
	case strings.Contains(strings.ToLower(password), strings.ToLower(name)):
		return &engine.Text{ZH: "口令不得包含账号名。", EN: "A password must not contain the name of the account."}
	}
	return nil
}
