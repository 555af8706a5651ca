package web

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
)

var publicAddress = regexp.MustCompile(`/public/[A-Z2-7]{26,}`)

func TestAPublicLinkShowsOneResultAndLeadsNowhere(t *testing.T) {
	s := ownServer(t)
	page := mustGet(t, s, "/rank/"+shanghai+"/2025H1")
	at := regexp.MustCompile(`/links\?group=property&amp;run=(R-\d+)`).FindStringSubmatch(page)
	if at == nil {
		t.Fatal("the ranking offers no public link")
	}
	w := send(t, s, "/links", map[string]string{"run": at[1], "what": "subject:PA01", "days": "7"}, "", "")
	address := publicAddress.FindString(w.Body.String())
	if address == "" {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	// Nobody is logged in, and nobody may do anything.
	s.Guard = func(*http.Request, Permission) (Identity, error) { return Identity{}, ErrUnknownUser }
	public := mustGet(t, s, address)
	if !strings.Contains(public, "甲财险") || !strings.Contains(public, "90.26") {
		t.Error("the page does not show the scorecard")
	}
	for _, link := range regexp.MustCompile(`(?:href|action)="([^"]*)"`).FindAllStringSubmatch(public, -1) {
		if !strings.HasPrefix(link[1], "/public/") && !strings.HasPrefix(link[1], "/assets/") && link[1] != "#main" {
			t.Errorf("a public page leads to %s", link[1])
		}
	}
	if file := get(t, s, address+"/file?format=xlsx"); file.Code != http.StatusOK || !strings.HasPrefix(file.Body.String(), "PK") {
		t.Errorf("file: %d", file.Code)
	}
	for _, other := range []string{"/rank/" + shanghai + "/2025H1", "/links", "/data"} {
		if got := get(t, s, other); got.Code != http.StatusUnauthorized {
			t.Errorf("%s: %d", other, got.Code)
		}
	}
	s.Guard = nil
	if w := send(t, s, "/links/revoke", map[string]string{"link": "L-000001"}, "", ""); w.Code != http.StatusSeeOther {
		t.Fatalf("revoke: %d %s", w.Code, w.Body)
	}
	for _, gone := range []string{address, address + "/file?format=xlsx", "/public/AAAA"} {
		if got := get(t, s, gone); got.Code != http.StatusNotFound {
			t.Errorf("%s after revoking: %d", gone, got.Code)
		}
	}
}

func TestALinkIsMadeOnlyToWhatThereIs(t *testing.T) {
	s := ownServer(t)
	for _, fields := range []map[string]string{
		{"run": "R-000099", "what": "", "days": "7"},
		{"run": "R-000001", "what": "subject:XX99", "days": "7"},
		{"run": "R-000001", "what": "", "days": "100000"},
	} {
		if w := send(t, s, "/links", fields, "", ""); w.Code < 400 || w.Code > 404 {
			t.Errorf("%v: %d", fields, w.Code)
		}
	}
	s.Guard = func(_ *http.Request, need Permission) (Identity, error) {
		if need == ShareResults {
			return Identity{}, ErrForbidden
		}
		return Identity{Name: "读者"}, nil
	}
	if strings.Contains(mustGet(t, s, "/rank/"+shanghai+"/2025H1"), "/links") {
		t.Error("somebody who may not share results is offered a link")
	}
}
