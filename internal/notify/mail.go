package notify

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/base64"
	"fmt"
	"mime"
	"net"
	"net/smtp"
	"strings"
	"time"

	"kaoping/store"
)

// Server sends mail by SMTP. User and password are secrets: they are in no
// message and no error.
type Server struct {
	Host     string
	Port     int
	Plain    bool // without TLS; for a server on this machine or in a closed network
	From     string
	User     string // empty if the server asks for none
	Password string
}

// implicitTLS is the port on which TLS comes before anything else.
const implicitTLS = 465

// Send delivers the message to one recipient.
func (s *Server) Send(ctx context.Context, m store.Message) error {
	client, err := s.dial(ctx)
	if err != nil {
		return trouble("邮件服务器 %s 连不上:%v", "the mail server %s cannot be reached: %v", s.Host, err)
	}
	defer client.Close()
	if err := s.deliver(client, m); err != nil {
		return trouble("邮件服务器 %s:%v", "the mail server %s: %v", s.Host, err)
	}
	return nil
}

func (s *Server) dial(ctx context.Context) (*smtp.Client, error) {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", net.JoinHostPort(s.Host, fmt.Sprint(s.Port)))
	if err != nil {
		return nil, err
	}
	if until, ok := ctx.Deadline(); ok {
		if err := conn.SetDeadline(until); err != nil {
			conn.Close()
			return nil, err
		}
	}
	if s.Port == implicitTLS && !s.Plain {
		conn = tls.Client(conn, s.tls())
	}
	client, err := smtp.NewClient(conn, s.Host)
	if err != nil {
		conn.Close()
		return nil, err
	}
	if s.Plain || s.Port == implicitTLS {
		return client, nil
	}
	if err := client.StartTLS(s.tls()); err != nil {
		client.Close()
		return nil, err
	}
	return client, nil
}

func (s *Server) tls() *tls.Config {
	return &tls.Config{ServerName: s.Host, MinVersion: tls.VersionTLS12}
}

func (s *Server) deliver(client *smtp.Client, m store.Message) error {
	if s.User != "" {
		if err := client.Auth(smtp.PlainAuth("", s.User, s.Password, s.Host)); err != nil {
			return err
		}
	}
	if err := client.Mail(s.From); err != nil {
		return err
	}
	if err := client.Rcpt(m.Recipient); err != nil {
		return err
	}
	w, err := client.Data()
	if err != nil {
		return err
	}
	if _, err := w.Write(s.letter(m)); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	// It is accepted; a server that hangs up without a farewell does not change that.
	_ = client.Quit()
	return nil
}

// letter writes the message with its headers. The subject is one line: a line
// break in it would begin another header.
func (s *Server) letter(m store.Message) []byte {
	_, domain, _ := strings.Cut(s.From, "@")
	var b bytes.Buffer
	for _, h := range [][2]string{
		{"From", s.From}, {"To", m.Recipient},
		{"Subject", mime.BEncoding.Encode("utf-8", strings.Join(strings.Fields(m.Subject), " "))},
		{"Date", m.MadeAt.Format(time.RFC1123Z)}, {"Message-ID", "<" + idOf(m) + "@" + domain + ">"},
		{"MIME-Version", "1.0"}, {"Content-Type", "text/plain; charset=utf-8"}, {"Content-Transfer-Encoding", "base64"},
	} {
		fmt.Fprintf(&b, "%s: %s\r\n", h[0], h[1])
	}
	b.WriteString("\r\n")
	text := base64.StdEncoding.EncodeToString([]byte(m.Body))
	for len(text) > 76 {
		b.WriteString(text[:76] + "\r\n")
		text = text[76:]
	}
	b.WriteString(text + "\r\n")
	return b.Bytes()
}
