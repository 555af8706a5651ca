package ingest

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/parquet-go/parquet-go"
	"github.com/xuri/excelize/v2"

	"kaoping/engine"
)

// Records come back as a table under their headings, the bad values red and with
// a comment.
func TestRecordsComeBackAsATable(t *testing.T) {
	type row struct {
		Code   string `parquet:"机构编码"`
		Period string `parquet:"统计期间"`
		Count  int64  `parquet:"投诉件数,decimal(1:18)"`
		Money  string `parquet:"保费收入"`
	}
	var columns bytes.Buffer
	must(parquet.Write(&columns, []row{{"PA01", "2025H1", 15, "=1+1"}, {"XX", "2025H1", -30, "1"}}))
	for name, data := range map[string]string{
		"json":    `[{"机构编码":"PA01","统计期间":"2025H1","投诉件数":1.5,"保费收入":"=1+1"},{"机构编码":"XX","统计期间":"2025H1","投诉件数":-3.0,"保费收入":1}]`,
		"ndjson":  "{\"机构编码\":\"PA01\",\"统计期间\":\"2025H1\",\"投诉件数\":1.5,\"保费收入\":\"=1+1\"}\n{\"机构编码\":\"XX\",\"统计期间\":\"2025H1\",\"投诉件数\":-3.0,\"保费收入\":1}\n",
		"parquet": columns.String(),
	} {
		src := Source{Name: "f", Data: []byte(data)}
		_, report := read(t, "统计数据", "f", data, Options{})
		var b bytes.Buffer
		must(WriteErrors(&b, src, report, engine.English))
		f, err := excelize.OpenReader(&b)
		must(err)
		cells, err := f.GetRows("Sheet1")
		must(err)
		if got := fmt.Sprint(cells); got != "[[机构编码 统计期间 投诉件数 保费收入] [PA01 2025H1 1.5 =1+1] [XX 2025H1 -3.0 1]]" {
			t.Errorf("%s: %s", name, got)
		}
		if formula, err := f.GetCellFormula("Sheet1", "D2"); formula != "" || err != nil {
			t.Errorf("%s: a text became the formula %s", name, formula)
		}
		comments, err := f.GetComments("Sheet1")
		must(err)
		said := map[string]string{}
		for _, c := range comments {
			for _, run := range c.Paragraph {
				said[c.Cell] += run.Text
			}
			id, err := f.GetCellStyle("Sheet1", c.Cell)
			must(err)
			if s, err := f.GetStyle(id); err != nil || len(s.Fill.Color) == 0 || !strings.HasSuffix(s.Fill.Color[0], "FF9999") {
				t.Errorf("%s: %s is not red", name, c.Cell)
			}
		}
		if len(said) != 3 || !strings.Contains(said["D2"], "not-a-number") || !strings.Contains(said["A3"], "unknown-subject") || !strings.Contains(said["C3"], "negative-count") {
			t.Errorf("%s: %v: %s", name, said, codes(report))
		}
	}
	if err := WriteErrors(io.Discard, Source{Name: "f", Data: []byte(`[{"a":`)}, &Report{}, engine.Chinese); err == nil {
		t.Error("a file that is cut was written back")
	}
}

// 300,000 bad rows are written back too, in bounded time and memory.
func TestManyBadRowsComeBack(t *testing.T) {
	if testing.Short() {
		t.Skip("long")
	}
	var b bytes.Buffer
	b.WriteString("subject,premium\n")
	for i := range 300_000 {
		fmt.Fprintf(&b, "S%d,abc\n", i)
	}
	src := Source{Name: "f.csv", Data: b.Bytes()}
	_, report, err := ReadFeed(formatPack(), "f", src, Options{Period: mustPeriod("2025H1")})
	must(err)
	var out bytes.Buffer
	taking(t, "300,000 rows", 30*time.Second, 250, func() { must(WriteErrors(&out, src, report, engine.Chinese)) })
	f, err := excelize.OpenReader(&out)
	must(err)
	if cell, err := f.GetCellValue("Sheet1", "B300001"); cell != "abc" || err != nil {
		t.Errorf("the last row holds %q, %v", cell, err)
	}
}
