package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestThePlaygroundAnswersAndExplains(t *testing.T) {
	s := demoServer(t)
	page := mustGet(t, s, "/playground")
	for _, e := range (&request{Server: s, lang: "zh"}).playgroundExamples() {
		if !strings.Contains(page, e.Text) {
			t.Errorf("%s is not offered", e.Text)
		}
		answer := mustGet(t, s, e.Href)
		if !strings.Contains(answer, `class="answer"`) || strings.Contains(answer, `role="alert"`) {
			t.Errorf("%s has no answer", e.Text)
		}
	}
	timely := url.Values{"formula": {"按时 / 转办"}, "unit": {"%"}, "inputs": {"按时 = 95 件\r\n转办 = 96 件"}, "full": {"10"}, "full_at": {"100%"}, "none_at": {"80%"}}
	if page := mustGet(t, s, "/playground?lang=en&"+timely.Encode()); !strings.Contains(page, "9.48 / 10") || !strings.Contains(page, "98.96%") {
		t.Error("9.48 of 10 did not come out")
	}
	wrong := mustGet(t, s, "/playground?"+url.Values{"formula": {"甲 / 丙"}, "inputs": {"甲 = 1"}}.Encode())
	if !strings.Contains(wrong, "<mark>丙</mark>") || !strings.Contains(wrong, "/help/unknown-name") {
		t.Error("the mistake is not shown at its place")
	}
	if page := mustGet(t, s, "/playground?"+url.Values{"formula": {`<script>x</script>`}, "inputs": {evil}}.Encode()); strings.Contains(page, "<script>x") || strings.Contains(page, evil) {
		t.Error("what was typed became markup")
	}
	if w := get(t, s, "/playground?"+url.Values{"formula": {strings.Repeat("甲+", 3000) + "甲"}}.Encode()); w.Code != http.StatusOK {
		t.Errorf("a long formula: %d", w.Code)
	}
}
