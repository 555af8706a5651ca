package feeds

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"time"

	"kaoping/engine"
	"kaoping/ingest"
)

// download is one file on its way. What has come stays when a connection is lost,
// and the next attempt asks for the rest.
type download struct {
	s       *Source
	client  *http.Client
	address string
	headers http.Header
	body    bytes.Buffer
	tag     string // strong ETag or Last-Modified of what has come
	name    string // the server's name of the file
	after   time.Duration
}

func (s *Source) fetchHTTP(ctx context.Context, period engine.Period) ([]Delivery, error) {
	address, err := s.inAddress(period)
	if err != nil {
		return nil, err
	}
	d := &download{s: s, address: address}
	if d.headers, err = s.credentials(); err != nil {
		return nil, err
	}
	if d.client, err = s.client(); err != nil {
		return nil, err
	}
	defer d.client.CloseIdleConnections()
	limited, cancel := context.WithTimeout(ctx, s.Timeout)
	defer cancel()
	if err := d.persist(limited); err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err() // the person called it off
		}
		if limited.Err() != nil {
			err = temporary(err, "来源 %s:%s 内没有取完,已停止。\n  提示:放宽 timeout,或请对方查看服务。",
				"source %s: it was not complete after %s and was stopped.\n  hint: allow a longer timeout, or ask the sender to look at the service.", s.Source, s.Timeout)
		}
		return nil, err
	}
	return []Delivery{{Source: ingest.Source{Name: d.fileName(), Data: d.body.Bytes(), Format: s.Format}}}, nil
}

// credentials makes the header that says who asks.
func (s *Source) credentials() (http.Header, error) {
	h := http.Header{"User-Agent": {"kaoping"}}
	if s.TokenEnv != "" {
		token, err := s.secret(s.TokenEnv)
		h.Set("Authorization", "Bearer "+token)
		return h, err
	}
	if s.UserEnv == "" {
		return h, nil
	}
	user, err := s.secret(s.UserEnv)
	if err != nil {
		return h, err
	}
	password, err := s.secret(s.PasswordEnv)
	r := http.Request{Header: h}
	r.SetBasicAuth(user, password)
	return h, err
}

// client trusts the certificates of the system and of ca_file.
func (s *Source) client() (*http.Client, error) {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.DisableCompression = true // ranges count the bytes of the file
	t.ResponseHeaderTimeout = s.Idle
	if s.CAFile != "" {
		pem, err := ReadFile(s.CAFile, 1<<20)
		if err != nil {
			return nil, err
		}
		pool, err := x509.SystemCertPool()
		if err != nil {
			pool = x509.NewCertPool()
		}
		if !pool.AppendCertsFromPEM(pem) {
			return nil, trouble(nil, "来源 %s:%s 里没有 PEM 格式的证书。", "source %s: there is no certificate in PEM form in %s.", s.Source, s.CAFile)
		}
		t.TLSClientConfig = &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}
	}
	return &http.Client{Transport: t, CheckRedirect: sameHost}, nil
}

// sameHost follows redirections on the host that was named, and never from
// https to http: credentials are for it alone.
func sameHost(r *http.Request, via []*http.Request) error {
	first := via[0].URL
	if r.URL.Host != first.Host || first.Scheme == "https" && r.URL.Scheme != "https" {
		return trouble(nil, "对方转到了另一个地址 %s,没有跟随。\n  提示:确认无误后把 url 改成该地址。",
			"the server sends on to another address, %s, which was not followed.\n  hint: if it is right, make it the url.", r.URL.Redacted())
	}
	if len(via) > 5 {
		return trouble(nil, "对方一再转址,已停止。", "the server keeps sending on; stopped.")
	}
	return nil
}

// persist tries until the file is complete, as often as the source allows. An
// attempt that brought bytes counts like one that brought none, so that a server
// that drips does not hold us for ever.
func (d *download) persist(ctx context.Context) error {
	for attempt := 0; ; attempt++ {
		d.after = 0
		err := d.attempt(ctx)
		var t *Trouble
		if err == nil || ctx.Err() != nil || !errors.As(err, &t) || !t.Temporary || attempt >= *d.s.Retries {
			return err
		}
		pause := min(time.Second<<min(attempt, 5), 30*time.Second)
		if err := wait(ctx, max(firstPause*pause/time.Second, min(d.after, time.Minute))); err != nil {
			return t
		}
	}
}

// firstPause is how long the second attempt waits; each further one twice as long.
var firstPause = time.Second

// attempt asks for what is still missing and reads it.
func (d *download) attempt(ctx context.Context) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, d.address, nil)
	if err != nil {
		return trouble(err, "来源 %s:地址写法有误。", "source %s: the address is malformed.", d.s.Source)
	}
	r.Header = d.headers.Clone()
	if d.body.Len() > 0 && d.tag != "" {
		r.Header.Set("Range", fmt.Sprintf("bytes=%d-", d.body.Len()))
		r.Header.Set("If-Range", d.tag)
	}
	resp, err := d.client.Do(r)
	if err != nil {
		return d.unreached(err)
	}
	defer resp.Body.Close()
	if err := d.accept(resp); err != nil {
		return err
	}
	return d.take(ctx, cancel, resp)
}

// accept looks at the answer; afterwards the body holds what the rest is to be
// put behind.
func (d *download) accept(resp *http.Response) error {
	switch {
	case resp.StatusCode == http.StatusPartialContent && d.body.Len() > 0:
		var from int64
		if _, err := fmt.Sscanf(resp.Header.Get("Content-Range"), "bytes %d-", &from); err != nil || from != int64(d.body.Len()) {
			d.body.Reset()
			return temporary(err, "来源 %s:对方续传的位置不对,重新下载。", "source %s: the server resumed at the wrong place; beginning anew.", d.s.Source)
		}
	case resp.StatusCode == http.StatusOK:
		d.body.Reset() // the file is another one, or the server cannot resume
		d.tag = strongTag(resp.Header)
		_, params, _ := mime.ParseMediaType(resp.Header.Get("Content-Disposition"))
		d.name = params["filename"]
	case resp.StatusCode == http.StatusRequestedRangeNotSatisfiable:
		d.body.Reset()
		d.tag = ""
		return temporary(nil, "来源 %s:文件在下载过程中变了,重新下载。", "source %s: the file changed while it was fetched; beginning anew.", d.s.Source)
	default:
		return d.refused(resp)
	}
	if resp.ContentLength >= 0 && int64(d.body.Len())+resp.ContentLength > d.s.MaxBytes {
		return tooLarge(d.s.URL, d.s.MaxBytes)
	}
	return nil
}

// strongTag is what If-Range may compare: an ETag that is not weak, otherwise the
// time of the last change.
func strongTag(h http.Header) string {
	if tag := h.Get("ETag"); len(tag) > 1 && tag[0] == '"' {
		return tag
	}
	return h.Get("Last-Modified")
}

// take reads the answer to its end. A source that sends nothing for the idle time
// is cut off.
func (d *download) take(ctx context.Context, cancel context.CancelCauseFunc, resp *http.Response) error {
	idle := time.AfterFunc(d.s.Idle, func() { cancel(errHangs) })
	defer idle.Stop()
	chunk := make([]byte, 64<<10)
	for {
		n, err := resp.Body.Read(chunk)
		idle.Reset(d.s.Idle)
		d.body.Write(chunk[:n])
		if int64(d.body.Len()) > d.s.MaxBytes {
			return tooLarge(d.s.URL, d.s.MaxBytes)
		}
		if err != nil && errors.Is(context.Cause(ctx), errHangs) {
			return d.hangs()
		}
		// A server that sees us hang up may end its answer as if it were whole.
		if err == io.EOF && ctx.Err() == nil {
			return nil
		}
		if err != nil {
			return temporary(err, "来源 %s:收到 %d 字节后连接中断:%v", "source %s: the connection was lost after %d bytes: %v", d.s.Source, d.body.Len(), err)
		}
	}
}

var errHangs = errors.New("no byte for the idle time")

func (d *download) hangs() error {
	return temporary(errHangs, "来源 %s:%s 没有收到任何数据,已断开。\n  提示:请对方查看服务,或放宽 idle。",
		"source %s: nothing came for %s and it was cut off.\n  hint: ask the sender to look at the service, or allow a longer idle.", d.s.Source, d.s.Idle)
}

// unreached explains why there is no answer.
func (d *download) unreached(err error) error {
	var t *Trouble
	if errors.As(err, &t) {
		return t
	}
	host := d.address
	if u, e := url.Parse(d.address); e == nil {
		host = u.Host
	}
	var expired x509.CertificateInvalidError
	var unknown x509.UnknownAuthorityError
	var wrongName x509.HostnameError
	var network net.Error
	switch {
	case errors.As(err, &expired) && expired.Reason == x509.Expired:
		return trouble(err, "来源 %s:%s 的证书不在有效期内(%s 至 %s),没有取数。\n  提示:请对方更换证书,并核对本机时间。",
			"source %s: the certificate of %s is not valid now (%s to %s); nothing was fetched.\n  hint: ask the sender for a new one, and check the clock of this machine.",
			d.s.Source, host, expired.Cert.NotBefore.Format("2006-01-02"), expired.Cert.NotAfter.Format("2006-01-02"))
	case errors.As(err, &unknown):
		return trouble(err, "来源 %s:%s 的证书不是受信任的机构签发的。\n  提示:内部证书用 ca_file 指明签发机构的证书文件。",
			"source %s: the certificate of %s is not from a trusted authority.\n  hint: for an internal one, name the authority's certificate with ca_file.", d.s.Source, host)
	case errors.As(err, &wrongName):
		return trouble(err, "来源 %s:证书不是为 %s 签发的。", "source %s: the certificate is not for %s.", d.s.Source, host)
	case errors.As(err, &network) && network.Timeout():
		return d.hangs()
	}
	var why *url.Error
	if errors.As(err, &why) {
		err = why.Err // without the address, which may hold what is not for everyone
	}
	return temporary(err, "来源 %s:连接不上 %s:%v", "source %s: cannot reach %s: %v", d.s.Source, host, err)
}

// refused explains an answer that is none.
func (d *download) refused(resp *http.Response) error {
	code := resp.StatusCode
	switch {
	case code == http.StatusUnauthorized, code == http.StatusForbidden:
		return trouble(nil, "来源 %s:对方拒绝访问(%d)。\n  提示:检查 token_env 或 user_env、password_env 所指环境变量的值和权限。",
			"source %s: the server denies access (%d).\n  hint: check the variables that token_env or user_env and password_env name, and what they may do.", d.s.Source, code)
	case code == http.StatusNotFound, code == http.StatusGone:
		return trouble(nil, "来源 %s:地址上没有文件(%d)。\n  提示:检查 url;对方可能还没有发布这一期。",
			"source %s: there is no file at the address (%d).\n  hint: check the url; the sender may not have published this period yet.", d.s.Source, code)
	case code == http.StatusTooManyRequests, code >= 500:
		if seconds, err := strconv.Atoi(resp.Header.Get("Retry-After")); err == nil && seconds > 0 {
			d.after = time.Duration(min(seconds, 3600)) * time.Second
		}
		return temporary(nil, "来源 %s:对方服务出错(%d),多次重试无效。", "source %s: the server fails (%d), also after retries.", d.s.Source, code)
	}
	return trouble(nil, "来源 %s:对方的回答不是文件(%d)。", "source %s: the answer is no file (%d).", d.s.Source, code)
}

// fileName is what the file is called in batches and reports.
func (d *download) fileName() string {
	name := d.name
	if name == "" {
		if u, err := url.Parse(d.address); err == nil {
			name = u.Path
		}
	}
	name = path.Base(path.Clean("/" + name))
	if name == "/" || name == "." {
		return d.s.Source
	}
	return name
}
