package ingest

import (
	"bytes"
	"fmt"
	"math/big"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/parquet-go/parquet-go"
)

// asText loads a file and writes what became of it: the figures, or the findings.
func asText(t *testing.T, src Source) string {
	t.Helper()
	batch, report, err := ReadFeed(formatPack(), "f", src, Options{Period: mustPeriod("2025H1")})
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, p := range report.Problems {
		if !p.Warning {
			fmt.Fprintf(&b, "%d %s %s; ", p.Row, p.Heading, p.Code)
		}
	}
	if batch != nil {
		for _, f := range batch.Figures {
			fmt.Fprintf(&b, "%d %s=%s; ", f.Origin.Row, f.Subject, f.Value)
		}
	}
	return strings.TrimSuffix(b.String(), "; ")
}

func TestJSONIsATable(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"array":                     {`[{"subject":"A","premium":1.10},{"premium":2,"subject":"B"}]`, "1 A=11/10; 2 B=2"},
		"one object a line":         {"{\"subject\":\"A\",\"premium\":1}\n\n{\"subject\":\"B\",\"premium\":2}\n", "1 A=1; 2 B=2"},
		"within an object":          {`{"count":2,"data":[{"subject":"A","premium":1}],"next":null}`, "1 A=1"},
		"every digit is kept":       {`[{"subject":"A","premium":12345678901234567.89}]`, "1 A=1234567890123456789/100"},
		"powers of ten":             {`[{"subject":"A","premium":4.48E-2},{"subject":"B","premium":1e3}]`, "1 A=28/625; 2 B=1000"},
		"null is blank":             {`[{"subject":"A","premium":null},{"subject":"B","premium":3}]`, "2 B=3"},
		"a number as text":          {`[{"subject":"A","premium":"1,234.5"}]`, "1 A=2469/2"},
		"bad value":                 {`[{"subject":"A","premium":1},{"subject":"B","premium":"x"}]`, "2 premium not-a-number"},
		"key twice":                 {`[{"subject":"A","premium":1,"premium":2}]`, "1 premium duplicate-json-key"},
		"cut":                       {`[{"subject":"A","premium":1},{"subj`, "0  json-cut"},
		"no JSON":                   {`[{"subject":"A" "premium":1}]`, "0  bad-json"},
		"list in a record":          {`[{"subject":["A"],"premium":1}]`, "0  not-a-list"},
		"two lists":                 {`{"a":[{"subject":"A","premium":1}],"b":[{"subject":"B"}]}`, "0  not-a-list"},
		"more behind the list":      {`[{"subject":"A","premium":1}] {"subject":"B"}`, "0  not-a-list"},
		"too deep":                  {`[{"subject":{"a":{"b":"A"}},"premium":1}]`, "0  not-a-list"},
		"no record":                 {`[]`, "0  empty-file"},
		"a number no one can write": {`[{"subject":"A","premium":1e999999}]`, "1 premium not-a-number"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := asText(t, Source{Name: "f.json", Data: []byte(c.text)}); got != c.want {
				t.Errorf("got %q\nwant %q", got, c.want)
			}
		})
	}
}

func TestParquetIsATable(t *testing.T) {
	type row struct {
		Subject string  `parquet:"subject"`
		Premium int64   `parquet:"premium,decimal(2:18)"`
		Other   float64 `parquet:"other"`
	}
	var b bytes.Buffer
	if err := parquet.Write(&b, []row{{"A", 110, 0.1}, {"B", -5, 0.2}, {"C", 123456789012345678, 0.3}}); err != nil {
		t.Fatal(err)
	}
	if got, want := asText(t, Source{Name: "f.parquet", Data: b.Bytes()}), "1 A=11/10; 2 B=-1/20; 3 C=61728394506172839/50"; got != want {
		t.Errorf("got %q\nwant %q", got, want)
	}
	for _, n := range []int{0, 4, 9, b.Len() / 2, b.Len() - 1} {
		if got := asText(t, Source{Name: "f.parquet", Data: b.Bytes()[:n], Format: "parquet"}); got != "0  damaged-parquet" {
			t.Errorf("%d bytes of it: %q", n, got)
		}
	}
	// A byte that is wrong never ends the program.
	for i := 0; i < b.Len(); i += 11 {
		bad := bytes.Clone(b.Bytes())
		bad[i] ^= 0x55
		asText(t, Source{Name: "f.parquet", Data: bad, Format: "parquet"})
	}
}

func TestParquetDecimalOfAnyWidth(t *testing.T) {
	for _, text := range []string{"0", "1", "-1", "127", "-128", "123456789012345678901234567890", "-99999999999999999999"} {
		x, _ := new(big.Int).SetString(text, 10)
		b := make([]byte, 16)
		if x.Sign() < 0 {
			new(big.Int).Add(x, new(big.Int).Lsh(big.NewInt(1), 128)).FillBytes(b)
		} else {
			x.FillBytes(b)
		}
		if got, ok := parquetDecimal(parquet.FixedLenByteArrayValue(b), 0); !ok || got != text {
			t.Errorf("%s came back as %s", text, got)
		}
	}
}

// 300,000 bad rows: the report is bounded, and so are time and memory.
func TestManyBadRows(t *testing.T) {
	var b bytes.Buffer
	b.WriteString("subject,premium\n")
	for i := range 300_000 {
		fmt.Fprintf(&b, "S%d,abc\n", i)
	}
	began := time.Now()
	batch, report, err := ReadFeed(formatPack(), "f", Source{Name: "f.csv", Data: b.Bytes()}, Options{Period: mustPeriod("2025H1")})
	if err != nil || batch != nil || report.Bad != 300_000 {
		t.Fatalf("%v, %v, %d bad", batch, err, report.Bad)
	}
	if len(report.Problems) != maxProblems || report.Errors() != 300_000 {
		t.Errorf("%d kept, %d counted", len(report.Problems), report.Errors())
	}
	var out bytes.Buffer
	if err := report.Write(&out, "zh"); err != nil || out.Len() > 64<<10 {
		t.Errorf("the report has %d bytes, %v", out.Len(), err)
	}
	if d := time.Since(began); d > 60*time.Second {
		t.Errorf("took %s", d)
	}
}

// One line without end is refused without a copy of it.
func TestEndlessLine(t *testing.T) {
	data := append([]byte("subject,premium\n"), bytes.Repeat([]byte("x"), 64<<20)...)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, report, err := ReadFeed(formatPack(), "f", Source{Name: "f.csv", Data: data}, Options{Period: mustPeriod("2025H1")})
	runtime.ReadMemStats(&after)
	if err != nil || report.Errors() == 0 || report.Problems[0].Code != "line-too-long" {
		t.Fatalf("%v, %+v", err, report.Problems)
	}
	if n := after.TotalAlloc - before.TotalAlloc; n > 200<<20 {
		t.Errorf("took %d MiB", n>>20)
	}
}
