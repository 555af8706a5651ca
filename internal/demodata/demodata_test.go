package demodata

import (
	"bytes"
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
)

const dataFolder = "../../rules/packs/cn-shanghai-complaint-handling/data"

func TestFilesAreThoseInThePack(t *testing.T) {
	files, err := Files()
	if err != nil {
		t.Fatal(err)
	}
	total := 0
	for _, f := range files {
		committed, err := os.ReadFile(filepath.Join(dataFolder, f.Name))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(committed, f.Data) {
			t.Errorf("%s differs from what is generated; run go run ./internal/demodata/generate", f.Name)
		}
		total += len(f.Data)
	}
	if total > 2<<20 {
		t.Errorf("the files hold %d bytes, too many to ship", total)
	}
	entries, err := os.ReadDir(dataFolder)
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != len(files) {
		t.Errorf("the folder holds %d files, %d are generated", len(entries), len(files))
	}
}

// The property example was worked out once more, in another language; its
// results are in testdata.
func TestWorkedExampleAgreesWithTheOtherOne(t *testing.T) {
	var b bytes.Buffer
	if err := csv.NewWriter(&b).WriteAll(expectedProperty()); err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile("testdata/expected_property.csv")
	if err != nil {
		t.Fatal(err)
	}
	if b.String() != string(want) {
		t.Errorf("got\n%swant\n%s", b.String(), want)
	}
}

// sheet reads a CSV file into rows by heading.
func sheet(t *testing.T, path string) []map[string]string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	var out []map[string]string
	for _, row := range rows[1:] {
		m := map[string]string{}
		for i, heading := range rows[0] {
			m[heading] = row[i]
		}
		out = append(out, m)
	}
	return out
}

// counted is what the registers and figures come to, the units counted in.
func counted(t *testing.T) map[string]map[string]int {
	heads := map[string]string{}
	for _, u := range sheet(t, filepath.Join(dataFolder, "机构.csv")) {
		heads[u["机构编码"]] = u["机构编码"]
		if u["上级机构"] != "" {
			heads[u["机构编码"]] = u["上级机构"]
		}
	}
	sums := map[string]map[string]int{}
	add := func(code, what string, n int) {
		head := heads[code]
		if sums[head] == nil {
			sums[head] = map[string]int{}
		}
		sums[head][what] += n
	}
	countComplaints(t, add)
	for _, m := range sheet(t, filepath.Join(dataFolder, "调解案件.csv")) {
		if m["移送日期"] >= "2025-01-01" {
			add(m["机构编码"], "需调解数量", 1)
			if m["调解结果"] == "成功" {
				add(m["机构编码"], "调解成功数量", 1)
			}
		}
	}
	for _, f := range sheet(t, filepath.Join(dataFolder, "业务统计.csv")) {
		switch f["统计期间"] {
		case "2024H1":
			add(f["机构编码"], "上期保费收入", number(t, f["保费收入"])*10000)
		case "2025H1":
			for _, what := range []string{"车险保费收入", "非车险保费收入"} {
				add(f["机构编码"], what, number(t, f[what])*10000)
			}
			add(f["机构编码"], "非车险保单件数", number(t, f["非车险保单件数"]))
		}
	}
	return sums
}

func countComplaints(t *testing.T, add func(code, what string, n int)) {
	seen := map[string]bool{}
	for _, c := range sheet(t, filepath.Join(dataFolder, "投诉案件.csv")) {
		if seen[c["案件编号"]] {
			t.Errorf("%s stands twice in the register", c["案件编号"])
		}
		seen[c["案件编号"]] = true
		checkDays(t, c)
		day, code := c["收件日期"], c["被投诉机构"]
		if day >= "2024-01-01" && day <= "2024-06-30" {
			add(code, "上期投诉件数", 1)
		}
		if day < "2025-01-01" {
			continue
		}
		add(code, c["险种"]+"投诉件数", 1)
		if c["转办前撤回"] == "是" {
			add(code, "转办前撤回件数", 1)
		}
		if c["来源"] == "保监转办" && c["转办日期"] != "" {
			add(code, "转办投诉件数", 1)
			if c["反馈日期"] != "" && c["反馈日期"] <= c["应反馈日期"] {
				add(code, "按时处理并反馈件数", 1)
			}
		}
	}
}

// checkDays makes sure that a case happens in the order of its days.
func checkDays(t *testing.T, c map[string]string) {
	t.Helper()
	days := []string{c["收件日期"], c["转办日期"], c["应反馈日期"]}
	if c["转办日期"] != "" && (!slices.IsSorted(days) || c["转办前撤回"] == "是") {
		t.Errorf("%s is out of order: %v", c["案件编号"], c)
	}
	if c["反馈日期"] != "" && c["反馈日期"] < c["转办日期"] {
		t.Errorf("%s was answered before it was passed on", c["案件编号"])
	}
}

func number(t *testing.T, s string) int {
	t.Helper()
	if s == "" {
		return 0
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestCasesAndFiguresAddUpToTheStatistics(t *testing.T) {
	sums := counted(t)
	rows := sheet(t, "testdata/statistics_property.csv")
	if len(rows) != 8 {
		t.Fatalf("testdata holds %d insurers", len(rows))
	}
	judged := map[string]bool{"制度建设得分": true, "机制建立得分": true, "扣分合计": true}
	for _, want := range rows {
		code := want["机构编码"]
		for what, figure := range want {
			if what == "机构编码" || what == "机构名称" || judged[what] {
				continue
			}
			if got := sums[code][what]; got != number(t, figure) {
				t.Errorf("%s %s: %d, the example says %s", code, what, got, figure)
			}
		}
	}
}

// The cases that the documentation tells of.
func TestKnownCases(t *testing.T) {
	late, centre := 0, 0
	for _, c := range sheet(t, filepath.Join(dataFolder, "投诉案件.csv")) {
		if c["收件日期"] < "2025-01-01" {
			continue
		}
		if c["被投诉机构"] == "PB02T" {
			centre++
		}
		if c["被投诉机构"] == "PA01" && c["应反馈日期"] != "" && c["反馈日期"] > c["应反馈日期"] {
			late++
			if c["转办日期"] != "2025-03-17" || c["应反馈日期"] != "2025-04-08" || c["反馈日期"] != "2025-04-10" {
				t.Errorf("the late case of PA01 is %v", c)
			}
		}
	}
	if late != 1 || centre != 12 {
		t.Errorf("PA01 has %d late cases, the tele-sales centre %d complaints", late, centre)
	}
}

func TestFifteenWorkingDaysPassOverHolidays(t *testing.T) {
	for from, want := range map[string]string{
		"2025-03-17": "2025-04-08", // 清明
		"2025-01-20": "2025-02-14", // 春节, a Sunday and a Saturday worked
		"2024-09-20": "2024-10-16", // 国庆, the same
	} {
		if got := workdaysLater(day(from), answerDays); got != day(want) {
			t.Errorf("15 working days after %s: %s, want %s", from, got.Format("2006-01-02"), want)
		}
	}
}
