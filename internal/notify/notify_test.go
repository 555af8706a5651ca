package notify

import (
	"bufio"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/mail"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"kaoping/internal/storetest"
	"kaoping/store"
)

var start = time.Date(2025, 7, 21, 1, 0, 0, 0, time.UTC)

// outbox is a sender with a clock that the test sets.
func outbox(t *testing.T, url string, channel Channel, now *time.Time) *Sender {
	t.Helper()
	return &Sender{
		DB: storetest.Open(t, url), Channels: map[string]Channel{Webhook: channel}, Log: slog.New(slog.DiscardHandler),
		Now: func(context.Context) (time.Time, error) { return *now, nil },
		By:  store.Actor{Name: "kaoping", Via: "schedule"},
	}
}

func post(t *testing.T, s *Sender, event string) {
	t.Helper()
	m := store.Message{Event: event, Channel: Webhook, Recipient: "webhook", Subject: "考评结果", Body: "甲 1\n乙 2"}
	if _, err := s.DB.Post(t.Context(), []store.Message{m}, s.By, start); err != nil {
		t.Fatal(err)
	}
}

func flush(t *testing.T, s *Sender) {
	t.Helper()
	if err := s.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func only(t *testing.T, s *Sender) store.Message {
	t.Helper()
	list, err := s.DB.Messages(t.Context(), 10)
	if err != nil || len(list) != 1 {
		t.Fatalf("%+v, %v", list, err)
	}
	return list[0]
}

func TestAWebhookThatFailsIsTriedAgain(t *testing.T) {
	var got []map[string]string
	var keys []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var body map[string]string
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil || r.Header.Get("Authorization") != "Bearer geheim" {
			t.Errorf("%v, %v", err, r.Header)
		}
		got, keys = append(got, body), append(keys, r.Header.Get("Idempotency-Key"))
		switch len(got) {
		case 1:
			http.Error(w, "no", http.StatusBadGateway)
		case 2:
			io.WriteString(w, `{"errcode": 45009, "errmsg": "too often"}`)
		default:
			io.WriteString(w, `{"errcode": 0}`)
		}
	}))
	defer server.Close()
	now := start
	s := outbox(t, "sqlite:"+filepath.Join(t.TempDir(), "a.db"), &Hook{URL: server.URL, Token: "geheim"}, &now)
	post(t, s, "run R-000001")
	flush(t, s)
	flush(t, s) // not yet
	if m := only(t, s); m.Attempts != 1 || m.Problem.EN != "the webhook answered 502 Bad Gateway" || !m.NextTry.Equal(start.Add(time.Minute)) {
		t.Errorf("%+v", m)
	}
	now = start.Add(time.Minute)
	flush(t, s)
	if m := only(t, s); m.Attempts != 2 || !strings.Contains(m.Problem.EN, "45009 too often") {
		t.Errorf("%+v", m)
	}
	now = start.Add(time.Hour)
	flush(t, s)
	flush(t, s)
	if m := only(t, s); m.State != store.MessageSent || !m.Problem.IsZero() || !m.SentAt.Equal(now) {
		t.Errorf("%+v", m)
	}
	if len(got) != 3 || got[2]["event"] != "run R-000001" || got[2]["text"] != "甲 1\n乙 2" || got[2]["id"] != keys[0] || keys[0] != keys[2] {
		t.Errorf("%v %v", got, keys)
	}
}

func TestAnAddressIsNeverTold(t *testing.T) {
	now := start
	url := "sqlite:" + filepath.Join(t.TempDir(), "a.db")
	s := outbox(t, url, &Hook{URL: "http://127.0.0.1:1/robot?key=geheim", Token: "geheim"}, &now)
	post(t, s, "run R-000001")
	for range len(pauses) + 2 {
		flush(t, s)
		now = now.Add(24 * time.Hour)
	}
	m := only(t, s)
	if m.State != store.MessageFailed || m.Attempts != len(pauses)+1 || m.Problem.IsZero() || strings.Contains(m.Problem.ZH+m.Problem.EN, "geheim") {
		t.Errorf("%+v", m)
	}
	trail, err := s.DB.Audit(t.Context(), store.AuditQuery{Object: m.ID()})
	if err != nil || len(trail) != 2 || trail[0].Action != store.MessageFailed || trail[1].Action != "notify" {
		t.Errorf("%+v, %v", trail, err)
	}
	for address, want := range map[string]string{"": "is not set", "http://x y/": "no address"} {
		if err := (&Hook{URL: address}).Send(t.Context(), m); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", address, err)
		}
	}
}

func TestTheFormThatRobotsTake(t *testing.T) {
	var got struct {
		Kind string `json:"msgtype"`
		Text struct{ Content string }
	}
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if err := json.NewDecoder(r.Body).Decode(&got); err != nil {
			t.Error(err)
		}
	}))
	defer server.Close()
	err := (&Hook{URL: server.URL, Form: FormText}).Send(t.Context(), store.Message{Subject: "结果", Body: "甲 1"})
	if err != nil || got.Kind != "text" || got.Text.Content != "结果\n甲 1" {
		t.Errorf("%+v, %v", got, err)
	}
}

// Two processes send at the same time: the webhook hears of every event once.
func TestTwoSendersShareTheOutbox(t *testing.T) {
	var mu sync.Mutex
	heard := map[string]int{}
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		heard[r.Header.Get("Idempotency-Key")]++
	}))
	defer server.Close()
	now := start
	url := "sqlite:" + filepath.Join(t.TempDir(), "a.db")
	a, b := outbox(t, url, &Hook{URL: server.URL}, &now), outbox(t, url, &Hook{URL: server.URL}, &now)
	for i := range 20 {
		post(t, a, fmt.Sprintf("run R-%06d", i))
		post(t, b, fmt.Sprintf("run R-%06d", i))
	}
	var all sync.WaitGroup
	for _, s := range []*Sender{a, b, a, b} {
		all.Go(func() {
			if err := s.Flush(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	flush(t, a)
	if len(heard) != 20 {
		t.Errorf("%d events were heard of", len(heard))
	}
	for id, n := range heard {
		if n != 1 {
			t.Errorf("%s was heard of %d times", id, n)
		}
	}
}

func TestAMailArrivesWhole(t *testing.T) {
	letters := make(chan string, 1)
	host, port := mailServer(t, letters)
	s := &Server{Host: host, Port: port, Plain: true, From: "kaoping@example.com"}
	m := store.Message{
		Event: "run R-000001", Channel: Mail, Recipient: "a@example.com", MadeAt: start,
		Subject: "考评结果\r\nBcc: x@example.com", Body: strings.Repeat("甲 88.5 分,排名第一。\n", 20),
	}
	if err := s.Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	letter, err := mail.ReadMessage(strings.NewReader(<-letters))
	if err != nil {
		t.Fatal(err)
	}
	if letter.Header.Get("Bcc") != "" || letter.Header.Get("To") != "a@example.com" || letter.Header.Get("Message-Id") != "<"+idOf(m)+"@example.com>" {
		t.Errorf("%v", letter.Header)
	}
	text, err := io.ReadAll(decoded(letter))
	if err != nil || string(text) != m.Body {
		t.Errorf("%q, %v", text, err)
	}
	if err := (&Server{Host: host, Port: port, From: s.From}).Send(t.Context(), m); err == nil || !strings.Contains(err.Error(), "mail server 127.0.0.1") {
		t.Errorf("a server without TLS: %v", err)
	}
}

// mailServer is a server that takes every letter and offers no TLS.
func mailServer(t *testing.T, letters chan<- string) (host string, port int) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go takeLetter(conn, letters)
		}
	}()
	address := listener.Addr().(*net.TCPAddr)
	return address.IP.String(), address.Port
}

func takeLetter(conn net.Conn, letters chan<- string) {
	defer conn.Close()
	lines := bufio.NewScanner(conn)
	fmt.Fprint(conn, "220 hello\r\n")
	for lines.Scan() {
		switch word, _, _ := strings.Cut(lines.Text(), " "); word {
		case "DATA":
			fmt.Fprint(conn, "354 go on\r\n")
			var b strings.Builder
			for lines.Scan() && lines.Text() != "." {
				b.WriteString(lines.Text() + "\r\n")
			}
			letters <- b.String()
			fmt.Fprint(conn, "250 taken\r\n")
		case "STARTTLS":
			fmt.Fprint(conn, "502 no\r\n")
		case "QUIT":
			fmt.Fprint(conn, "221 bye\r\n")
			return
		default:
			fmt.Fprint(conn, "250 ok\r\n")
		}
	}
}

func decoded(letter *mail.Message) io.Reader {
	return base64.NewDecoder(base64.StdEncoding, letter.Body)
}
