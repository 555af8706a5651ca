package web

import (
	"strings"
	"testing"
)

func TestStatusNamesWhatIsMissingAndWhoSendsIt(t *testing.T) {
	s := ownServer(t)
	page := mustGet(t, s, "/status?pack="+shanghai+"&period=2025H1")
	all := mustGet(t, s, "/status?pack="+shanghai+"&period=2025H1&all=1")
	if len(all) <= len(page) {
		t.Error("all=1 lists no more than what is missing")
	}
	if !strings.Contains(all, "报送方") || !strings.Contains(all, "PA01") {
		t.Errorf("nobody is named:\n%.2000s", all)
	}
	if w := get(t, s, "/status?pack="+shanghai+"&period=half"); w.Code != 400 {
		t.Errorf("a period that is none: %d", w.Code)
	}
	if w := get(t, s, "/api/v1/status/"+shanghai+"/half"); w.Code != 404 {
		t.Errorf("a period that is none: %d", w.Code)
	}
}
