package feeds

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kaoping/engine"
)

func init() { firstPause = time.Millisecond }

// server answers over TLS with a certificate that is valid until the given time,
// and says where its authority's certificate lies.
func server(t *testing.T, until time.Time, answer http.HandlerFunc) (url, caFile string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}, NotBefore: until.Add(-48 * time.Hour), NotAfter: until,
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	der, err := x509.CreateCertificate(rand.Reader, c, c, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewUnstartedServer(answer)
	s.TLS = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
	s.Config.ErrorLog = nil
	s.StartTLS()
	t.Cleanup(s.Close)
	caFile = filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(caFile, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	return s.URL, caFile
}

// web makes a source of an address with short times.
func web(t *testing.T, c Config) *Source {
	t.Helper()
	c.Source, c.Target, c.Kind = "投诉", "t", HTTP
	if c.Idle == 0 {
		c.Idle = 200 * time.Millisecond
	}
	if c.Timeout == 0 {
		c.Timeout = 10 * time.Second
	}
	return compiled(t, c)
}

func compiled(t *testing.T, c Config) *Source {
	t.Helper()
	l := List{Entries: []Config{c}}
	sources, problems := l.Compile(func(p string) string { return p })
	if problems != nil {
		t.Fatal(problems)
	}
	return sources[0]
}

var tomorrow = time.Now().Add(24 * time.Hour)

// whole is long enough to be cut.
var whole = bytes.Repeat([]byte("编号,机构\nA,B\n"), 20_000)

func TestHTTPResumesWhereTheConnectionWasLost(t *testing.T) {
	t.Setenv("FEEDS_TEST_TOKEN", "s3cret")
	var ranges []string
	url, ca := server(t, tomorrow, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer s3cret" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		ranges = append(ranges, r.Header.Get("Range"))
		w.Header().Set("ETag", `"v1"`)
		if len(ranges) == 1 {
			w.Header().Set("Content-Length", "280000")
			w.Write(whole[:100_000])
			panic(http.ErrAbortHandler)
		}
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(whole))
	})
	s := web(t, Config{URL: url + "/投诉/{period}.csv", CAFile: ca, TokenEnv: "FEEDS_TEST_TOKEN", Period: "2025H1"})
	files, err := Fetch(t.Context(), s, engine.Period{})
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != 1 || files[0].Name != "2025H1.csv" || !bytes.Equal(files[0].Data, whole) {
		t.Fatalf("%d files, %q, %d bytes of %d", len(files), files[0].Name, len(files[0].Data), len(whole))
	}
	if len(ranges) != 2 || !strings.HasPrefix(ranges[1], "bytes=") || ranges[1] == "bytes=0-" {
		t.Errorf("asked for %q", ranges)
	}
}

func TestHTTPBeginsAnewWhenTheFileIsAnother(t *testing.T) {
	tries := 0
	other := bytes.Repeat([]byte("x"), len(whole)-7)
	url, ca := server(t, tomorrow, func(w http.ResponseWriter, r *http.Request) {
		if tries++; tries == 1 {
			w.Header().Set("ETag", `"v1"`)
			w.Header().Set("Content-Length", "280000")
			w.Write(whole[:100_000])
			panic(http.ErrAbortHandler)
		}
		w.Header().Set("ETag", `"v2"`)
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(other))
	})
	files, err := Fetch(t.Context(), web(t, Config{URL: url, CAFile: ca}), engine.Period{})
	if err != nil || !bytes.Equal(files[0].Data, other) {
		t.Fatalf("%v: two files were mixed", err)
	}
}

func TestHTTPTroublesAreExplained(t *testing.T) {
	t.Setenv("FEEDS_TEST_USER", "u")
	t.Setenv("FEEDS_TEST_PASSWORD", "p")
	status := func(code int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
	}
	none := 0
	for name, c := range map[string]struct {
		until  time.Time
		answer http.HandlerFunc
		config Config
		noCA   bool
		zh, en string
	}{
		"expired certificate": {until: time.Now().Add(-time.Hour), answer: status(200), zh: "证书不在有效期内", en: "not valid now"},
		"unknown authority":   {noCA: true, answer: status(200), zh: "不是受信任的机构签发", en: "not from a trusted authority"},
		"401":                 {answer: status(401), zh: "拒绝访问(401)", en: "denies access (401)"},
		"404":                 {answer: status(404), zh: "没有文件(404)", en: "no file at the address (404)"},
		"500 to the end":      {answer: status(500), zh: "多次重试无效", en: "also after retries"},
		"teapot":              {answer: status(418), zh: "不是文件(418)", en: "no file (418)"},
		"another host": {answer: func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://example.invalid/x", http.StatusFound)
		},
			zh: "另一个地址", en: "another address"},
		"no answer at all": {answer: func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, config: Config{Retries: &none},
			zh: "没有收到任何数据", en: "nothing came for"},
		"stops in the middle": {answer: func(w http.ResponseWriter, r *http.Request) {
			w.Write(whole[:1000])
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		}, config: Config{Retries: &none}, zh: "没有收到任何数据", en: "nothing came for"},
		"drips": {answer: func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				w.Write([]byte("x"))
				w.(http.Flusher).Flush()
				time.Sleep(20 * time.Millisecond)
			}
		}, config: Config{Timeout: 300 * time.Millisecond}, zh: "没有取完", en: "was not complete"},
		"too large, says so": {answer: func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Content-Length", "10737418240") },
			zh: "超过 1 GiB", en: "larger than 1 GiB"},
		"too large, does not say so": {answer: func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				w.Write(whole)
			}
		}, config: Config{MaxBytes: 1 << 20}, zh: "超过 1 MiB", en: "larger than 1 MiB"},
	} {
		t.Run(name, func(t *testing.T) {
			if c.until.IsZero() {
				c.until = tomorrow
			}
			url, ca := server(t, c.until, c.answer)
			c.config.URL, c.config.UserEnv, c.config.PasswordEnv = url+"/a.csv", "FEEDS_TEST_USER", "FEEDS_TEST_PASSWORD"
			if !c.noCA {
				c.config.CAFile = ca
			}
			began := time.Now()
			_, err := Fetch(t.Context(), web(t, c.config), engine.Period{})
			explains(t, err, c.zh, c.en)
			if d := time.Since(began); d > 5*time.Second {
				t.Errorf("took %s", d)
			}
		})
	}
}

// explains checks that an error is a trouble that says the words.
func explains(t *testing.T, err error, zh, en string) {
	t.Helper()
	var tr *Trouble
	if !errors.As(err, &tr) {
		t.Fatalf("%v is no Trouble", err)
	}
	if !strings.Contains(tr.Text.ZH, zh) || !strings.Contains(tr.Text.EN, en) {
		t.Errorf("%s\n%s\nlack %q, %q", tr.Text.ZH, tr.Text.EN, zh, en)
	}
}

func TestFetchIsCalledOff(t *testing.T) {
	url, ca := server(t, tomorrow, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := Fetch(ctx, web(t, Config{URL: url, CAFile: ca, Idle: time.Minute}), engine.Period{}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}
