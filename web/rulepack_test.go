package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestTheRuleLibraryIsSearchedByItsAddress(t *testing.T) {
	s := demoServer(t)
	all := mustGet(t, s, "/rules")
	if n := strings.Count(all, `href="/rules/`); n < 32 || strings.Contains(all, `class="bad"`) {
		t.Errorf("%d packs, or tests that fail", n)
	}
	for query, want := range map[string]string{
		"q=tousu": shanghai, "q=" + url.QueryEscape("投诉件处理及时率"): shanghai, "regulator=" + url.QueryEscape("上海保监局"): shanghai, "q=new+york&lang=en": "us-ny-auto-complaint-ranking",
	} {
		page := mustGet(t, s, "/rules?"+query)
		if !strings.Contains(page, "/rules/"+want+"/") {
			t.Errorf("%s does not find %s", query, want)
		}
		if query != "q=tousu" && strings.Contains(page, "/rules/cn-fire-safety/") {
			t.Errorf("%s finds everything", query)
		}
	}
	if page := mustGet(t, s, "/rules?q=zzzz"); !strings.Contains(page, "没有符合条件的规则包") {
		t.Error("an empty list does not say so")
	}
	if w := get(t, s, "/rules?q=tousu&export=csv"); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), shanghai) {
		t.Errorf("the list as a file: %d", w.Code)
	}
}

func TestARulePackIsReadInEveryView(t *testing.T) {
	s := demoServer(t)
	base := "/rules/" + shanghai + "/2022-10-01"
	for at, want := range map[string][]string{
		"/rules/" + shanghai:         {"投诉件处理及时率", "细则 四(二)3", "适用于最后一天在", "/edit"},
		base + "?view=lineage":       {"由什么得来", "用在哪里", "业务统计.车险保费收入", "投诉案件"},
		base + "?view=parameters":    {"值的历史", "A5", "待确认"},
		base + "?view=tests":         {"● 通过", "没有未通过的测试", "2022-10-01_test.yaml"},
		base + "?view=editions":      {"R-000001", "● 相同", "已保存的草稿"},
		base + "?view=text":          {`id="L91"`, "检查结果"},
		base + "?line=91":            {`id="L91" class="mark"`},
		base + "?lang=en":            {"Rules in words", "straight line"},
		base + "?view=tests&lang=en": {"No test failed"},
	} {
		page := mustGet(t, s, at)
		for _, words := range want {
			if !strings.Contains(page, words) {
				t.Errorf("%s does not say %q", at, words)
			}
		}
	}
	down := mustGet(t, s, base+"?view=lineage&of=indicator:timely_handling_rate")
	if !strings.Contains(down, "反馈日期") || !strings.Contains(down, "总分") {
		t.Error("a line does not lead to its fields and to the total")
	}
	for at, want := range map[string]int{"/rules/nowhere": 404, "/rules/" + shanghai + "/1999-01-01": 404, base + "?view=x": 404, base + "/file?name=../x": 404} {
		if w := get(t, s, at); w.Code != want {
			t.Errorf("%s: %d", at, w.Code)
		}
	}
	w := get(t, s, base+"/file?name="+url.QueryEscape(shanghai+"/2022-10-01.yaml"))
	if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "pack: "+shanghai) || !strings.Contains(w.Header().Get("Content-Disposition"), "2022-10-01.yaml") {
		t.Errorf("the rule file: %d %v", w.Code, w.Header())
	}
}
