package ingest

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress"
	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"

	"kaoping/engine"
)

// JSON that was made to fill the memory is refused with little of it.
func TestHostileJSON(t *testing.T) {
	const long = 16 << 20
	row := `{"subject":"A","premium":1}`
	for name, c := range map[string]struct{ text, code string }{
		"a value without end":      {`[{"subject":"` + strings.Repeat("x", long), "line-too-long"},
		"a key without end":        {`[{"` + strings.Repeat("x", long), "line-too-long"},
		"a number without end":     {`[{"subject":` + strings.Repeat("9", long), "line-too-long"},
		"blanks without end":       {`[` + row + strings.Repeat(" ", long) + `]`, "line-too-long"},
		"an endless line of lists": {`[` + strings.Repeat("[", long), "not-a-list"},
		"objects in objects":       {`{"data":[` + row + `],"x":` + strings.Repeat(`{"x":`, long/5), "not-a-list"},
		"a key for each record":    {"[" + manyKeys(1100) + "]", "too-many-columns"},
	} {
		for _, format := range []string{"", "json", "ndjson"} {
			if format == "" && !looksLikeJSON([]byte(c.text)) {
				continue
			}
			taking(t, name, 10*time.Second, 60, func() {
				_, report, err := ReadFeed(formatPack(), "f", Source{Name: "f", Data: []byte(c.text), Format: format}, Options{Period: mustPeriod("2025H1")})
				if err != nil || len(report.Problems) == 0 || report.Problems[0].Code != c.code {
					t.Errorf("%s as %q: %s", name, format, codes(report))
				}
			})
		}
	}
}

func manyKeys(n int) string {
	var list []string
	for i := range n {
		list = append(list, fmt.Sprintf(`{"k%d":1}`, i))
	}
	return strings.Join(list, ",")
}

type sampleRow struct {
	Subject string  `parquet:"subject,dict"`
	Premium int64   `parquet:"premium,decimal(2:18)"`
	Day     int32   `parquet:"day,date"`
	Note    *string `parquet:"note,optional,dict"`
	Other   int64   `parquet:"other,delta"`
	Closed  bool    `parquet:"closed"`
	Inner   struct {
		Rate float64 `parquet:"rate,split"`
	} `parquet:"inner,optional"`
}

// sample is a file of every encoding and compression that is read.
func sample(t testing.TB, n int, codec compress.Codec, version int) []byte {
	t.Helper()
	var b bytes.Buffer
	w := parquet.NewGenericWriter[sampleRow](&b, parquet.Compression(codec), parquet.DataPageVersion(version))
	for i := range n {
		r := sampleRow{Subject: fmt.Sprint("S", i), Premium: int64(i), Day: int32(i), Closed: i%2 == 0}
		if i%3 == 0 {
			note := "一"
			r.Note, r.Other, r.Inner.Rate = &note, int64(i), 0.5
		}
		if _, err := w.Write([]sampleRow{r}); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

var codecs = []compress.Codec{&parquet.Uncompressed, &parquet.Snappy, &parquet.Gzip, &parquet.Zstd}

func TestParquetOfEveryEncoding(t *testing.T) {
	for _, codec := range codecs {
		for version := 1; version <= 2; version++ {
			data := sample(t, 5000, codec, version)
			batch, report, err := ReadFeed(formatPack(), "f", Source{Name: "f.parquet", Data: data}, Options{Period: mustPeriod("2025H1")})
			if err != nil || batch == nil || len(batch.Figures) != 5000 || batch.Figures[4999].Value.String() != "4999/100" {
				t.Errorf("%s, pages of version %d: %s", codec, version, codes(report))
			}
		}
	}
	if got := asText(t, Source{Name: "f", Data: sample(t, 5, &parquet.Brotli, 1)}); got != "0  parquet-encoding" {
		t.Errorf("brotli: %s", got)
	}
}

// A header that states more than there is must not make the reader set memory
// aside for it.
func TestHostileParquet(t *testing.T) {
	file := func(footer []byte) []byte {
		data := append([]byte("PAR1"), footer...)
		data = binary.LittleEndian.AppendUint32(data, uint32(len(footer)))
		return append(data, "PAR1"...)
	}
	run := func(n uint64, width int) []byte {
		return append(binary.AppendUvarint(nil, n<<1), make([]byte, (width+7)/8)...)
	}
	for name, footer := range map[string][]byte{
		"a schema of two thousand million columns": {0x15, 0x02, 0x19, 0xFC, 0xFF, 0xFF, 0xFF, 0xFF, 0x07},
		"a name of two thousand million bytes":     {0x15, 0x02, 0x19, 0x1C, 0x48, 0xFF, 0xFF, 0xFF, 0xFF, 0x07},
		"lists in lists":                           append([]byte{0x15, 0x02}, bytes.Repeat([]byte{0x19, 0x19}, 2000)...),
	} {
		taking(t, name, time.Second, 20, func() {
			if got := asText(t, Source{Name: "f", Data: file(footer)}); got != "0  damaged-parquet" && got != "0  parquet-footer" {
				t.Errorf("%s: %s", name, got)
			}
		})
	}
	for name, c := range map[string]struct{ got, want error }{
		"a run of a thousand million": {checkRuns(run(1<<30, 20), 20, 1000), errThrift},
		"runs as long as stated":      {checkRuns(run(1000, 20), 20, 1000), nil},
		"a group of eight for five":   {checkRuns([]byte{0x03, 0xFF}, 1, 5), nil},
		"a delta of many values":      {checkDelta(binary.AppendUvarint([]byte{0x80, 0x01, 0x04}, 1<<30), 10), errThrift},
		"a page over the bound":       {pageBound(t), errPages},
	} {
		if !errors.Is(c.got, c.want) {
			t.Errorf("%s: %v, want %v", name, c.got, c.want)
		}
	}
	// A footer of a few bytes that states a thousand million rows.
	footer, err := thrift.Marshal(new(thrift.CompactProtocol), &format.FileMetaData{
		Schema: []format.SchemaElement{{Name: "x"}}, NumRows: 1 << 30, RowGroups: []format.RowGroup{{NumRows: 1 << 30, Columns: []format.ColumnChunk{}}},
	})
	must(err)
	if _, err := checkFooter(file(footer)); !errors.Is(err, errRows) {
		t.Errorf("a thousand million rows: %v", err)
	}
}

func pageBound(t *testing.T) error {
	t.Helper()
	type row struct {
		Subject string `parquet:"subject,plain"`
		Premium int64  `parquet:"premium"`
	}
	var b bytes.Buffer
	var list []row
	for i := range 4500 {
		list = append(list, row{strings.Repeat(fmt.Sprintf("%010d", i), 1000), 1})
	}
	must(parquet.Write(&b, list, parquet.Compression(&parquet.Zstd), parquet.PageBufferSize(64<<20)))
	_, report, err := ReadFeed(formatPack(), "f", Source{Name: "f", Data: b.Bytes()}, Options{Period: mustPeriod("2025H1")})
	must(err)
	if got := codes(report); got != "0:parquet-pages" {
		t.Errorf("a page of 40 MiB: %s", got)
	}
	return errPages
}

// bounded runs f and fails if it took memory out of proportion to the input.
func bounded(t *testing.T, input int, f func()) {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	if n := after.TotalAlloc - before.TotalAlloc; n > 1<<30 {
		t.Fatalf("%d bytes of input took %d MiB", input, n>>20)
	}
}

// fuzzRead reads data as a format for every kind of target.
func fuzzRead(t *testing.T, data []byte, format string) {
	bounded(t, len(data), func() {
		for _, target := range []string{"统计数据", "cases", "subjects", "judgements"} {
			batch, report, err := Read(testPack(), target, Source{Name: "f", Data: data, Format: format}, Options{Period: mustPeriod("2025H1"), Subjects: testSubjects})
			if err != nil || batch == nil && report.Errors() == 0 {
				t.Fatal("refused without a reason", err)
			}
		}
	})
}

// A number where a day is wanted is a day only in a spreadsheet.
func TestANumberIsNoDayOutsideASpreadsheet(t *testing.T) {
	pack := testPack()
	pack.Registers[0].Fields[1].Clock = true
	for _, p := range []*engine.Pack{testPack(), pack} {
		data := `[{"案件编号":1,"被投诉机构":"PA01","收件日期":45858,"险种":"车险","转办日期":45858.5,"转办前撤回":true}]`
		batch, report, err := Read(p, "cases", Source{Name: "f", Data: []byte(data)}, Options{Subjects: testSubjects})
		if err != nil || batch != nil || !strings.Contains(codes(report), "1C:not-a-date") || !strings.Contains(codes(report), "1E:") {
			t.Errorf("%s, %v", codes(report), err)
		}
	}
}

func FuzzJSON(f *testing.F) {
	f.Add([]byte(`[{"机构编码":"PA01","统计期间":"2025H1","投诉件数":1.50e1,"保费收入":null,"及时率":"98%"}]`))
	f.Add([]byte(`{"count":1,"data":[{"案件编号":1,"被投诉机构":"PA01","收件日期":45858,"险种":"车险","转办前撤回":true,"预估损失":{"a":1}}],"next":{"x":null}}`))
	f.Add([]byte(`[{"案件编号":1,"被投诉机构":"PA01","收件日期":45858,"险种":"车险","转办日期":"2025-07-20","转办前撤回":true,"预估损失":12.5}]`))
	f.Add([]byte("\xEF\xBB\xBF[{\"code\":\"\\ud800\",\"subject\":\"A\"},{}]"))
	f.Fuzz(func(t *testing.T, data []byte) { fuzzRead(t, data, "json") })
}

func FuzzNDJSON(f *testing.F) {
	f.Add([]byte("{\"机构编码\":\"PA01\",\"统计期间\":\"2025H1\",\"投诉件数\":1}\n\n{\"机构编码\":\"PB02\",\"保费收入\":2}\n"))
	f.Add([]byte("{\"案件编号\":\"1\",\"被投诉机构\":\"PA01\",\"收件日期\":\"2025-07-20\"}{\"收件日期\":-1e9}"))
	f.Fuzz(func(t *testing.T, data []byte) { fuzzRead(t, data, "ndjson") })
}

func FuzzParquet(f *testing.F) {
	for _, codec := range codecs {
		f.Add(sample(f, 3, codec, 1))
		f.Add(sample(f, 20, codec, 2))
	}
	f.Fuzz(func(t *testing.T, data []byte) { fuzzRead(t, data, "parquet") })
}
