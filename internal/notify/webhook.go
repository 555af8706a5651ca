package notify

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"time"

	"kaoping/store"
)

// Forms of what is sent to a webhook.
const (
	FormJSON = "json"         // {"id", "event", "subject", "text", "made_at"}
	FormText = "text message" // what the robots of 企业微信 and 钉钉 take
)

// Hook sends messages to an address by HTTP. Address and token are secrets: they
// are in no message and no error.
type Hook struct {
	URL   string
	Token string // sent as a bearer token unless empty
	Form  string
}

// longestReply bounds what is read of an answer.
const longestReply = 64 << 10

// Send posts the message.
func (h *Hook) Send(ctx context.Context, m store.Message) error {
	if h.URL == "" {
		return trouble("环境变量 KAOPING_WEBHOOK_URL 没有设置。", "the environment variable KAOPING_WEBHOOK_URL is not set.")
	}
	body, err := h.body(m)
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, h.URL, bytes.NewReader(body))
	if err != nil {
		return trouble("KAOPING_WEBHOOK_URL 不是可用的网址。", "KAOPING_WEBHOOK_URL is no address that can be used.")
	}
	request.Header.Set("Content-Type", "application/json; charset=utf-8")
	request.Header.Set("Idempotency-Key", idOf(m))
	if h.Token != "" {
		request.Header.Set("Authorization", "Bearer "+h.Token)
	}
	reply, err := http.DefaultClient.Do(request)
	if err != nil {
		why := withoutAddress(err)
		return trouble("webhook 无法送达:%v", "the webhook cannot be reached: %v", why)
	}
	defer reply.Body.Close()
	return accepted(reply)
}

func (h *Hook) body(m store.Message) ([]byte, error) {
	if h.Form == FormText {
		return json.Marshal(map[string]any{"msgtype": "text", "text": map[string]string{"content": m.Subject + "\n" + m.Body}})
	}
	return json.Marshal(map[string]string{
		"id": idOf(m), "event": m.Event, "subject": m.Subject, "text": m.Body, "made_at": m.MadeAt.Format(time.RFC3339),
	})
}

// accepted reads the answer. Some robots answer 200 and say in the body that they
// refuse.
func accepted(reply *http.Response) error {
	text, err := io.ReadAll(io.LimitReader(reply.Body, longestReply))
	if err != nil {
		return trouble("webhook 的应答中断:%v", "the answer of the webhook broke off: %v", err)
	}
	if reply.StatusCode < 200 || reply.StatusCode > 299 {
		return trouble("webhook 应答 %s", "the webhook answered %s", reply.Status)
	}
	var refusal struct {
		Code int    `json:"errcode"`
		Text string `json:"errmsg"`
	}
	if json.Unmarshal(text, &refusal) == nil && refusal.Code != 0 {
		return trouble("webhook 拒收:%d %s", "the webhook refused: %d %s", refusal.Code, refusal.Text)
	}
	return nil
}

// withoutAddress takes the address, which may hold a key, out of an error.
func withoutAddress(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}
