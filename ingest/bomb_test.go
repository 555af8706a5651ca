package ingest

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"encoding/binary"
	"errors"
	"io"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
	"time"

	"kaoping/engine"
)

// taking runs f and fails if it takes more time or memory in use than allowed.
func taking(t *testing.T, name string, most time.Duration, mib uint64, f func()) {
	t.Helper()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	before, peak := m.HeapAlloc, uint64(0)
	stop, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		var m runtime.MemStats
		for {
			select {
			case <-stop:
				return
			case <-time.After(5 * time.Millisecond):
				runtime.ReadMemStats(&m)
				peak = max(peak, m.HeapAlloc)
			}
		}
	}()
	began := time.Now()
	f()
	took := time.Since(began)
	close(stop)
	<-ended
	if took > most {
		t.Errorf("%s: took %s", name, took)
	}
	if peak > before+mib<<20 {
		t.Errorf("%s: took %d MiB", name, (peak-before)>>20)
	}
}

// packed packs the three parts of a workbook with a sheet that is made as it goes.
func packed(t testing.TB, sheet func(w io.Writer), method uint16) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.BestCompression) })
	for name, text := range map[string]string{"xl/workbook.xml": bookXML, "xl/_rels/workbook.xml.rels": relsXML} {
		w, err := z.Create(name)
		must(err)
		_, err = io.WriteString(w, text)
		must(err)
	}
	w, err := z.CreateHeader(&zip.FileHeader{Name: "xl/s.xml", Method: method})
	must(err)
	sheet(w)
	must(z.Close())
	return b.Bytes()
}

func repeat(w io.Writer, text string, bytes int) {
	block := strings.Repeat(text, 1+(64<<10)/len(text))
	for n := 0; n < bytes; n += len(block) {
		_, err := io.WriteString(w, block)
		must(err)
	}
}

// Workbooks that were made to fill the memory, or to take for ever, are refused in
// little of either, with the reason.
func TestBombs(t *testing.T) {
	if testing.Short() {
		t.Skip("long")
	}
	const head, tail = "<worksheet><sheetData>", "</sheetData></worksheet>"
	random := func(n int) string {
		b := make([]byte, n)
		for i := range b {
			b[i] = 'a' + byte(rand.IntN(26))
		}
		return string(b)
	}
	empty := packed(t, func(w io.Writer) { repeat(w, "<row/>", 300<<20) }, zip.Deflate)
	// The same archive that says it unpacks to 1,000 bytes only.
	lying := bytes.Clone(empty)
	at := bytes.LastIndex(lying, []byte("PK\x01\x02"))
	binary.LittleEndian.PutUint32(lying[at+24:], 1000)
	for _, c := range []struct {
		name, code string
		data       []byte
	}{
		{"300 MiB in 300 kB", "0:workbook-bomb", empty},
		{"one that lies about its size", "0:damaged-workbook", lying},
		{"a cell of 20 MiB", "0:workbook-too-large", packed(t, func(w io.Writer) {
			io.WriteString(w, head+"<row><c t='inlineStr'><is><t>"+random(20<<20)+"</t></is></c></row>"+tail)
		}, zip.Store)},
		{"a name of 20 MiB", "0:workbook-too-large", packed(t, func(w io.Writer) {
			io.WriteString(w, "<"+random(20<<20)+"/>")
		}, zip.Store)},
		{"a cell in two million pieces", "0:workbook-too-large", packed(t, func(w io.Writer) {
			io.WriteString(w, head+"<row><c><v>")
			repeat(w, "1<!---->", 16<<20)
		}, zip.Store)},
		{"entities in entities", "0:damaged-workbook", packed(t, func(w io.Writer) {
			io.WriteString(w, `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>`+head+"<row><c><v>&b;</v></c></row>"+tail)
		}, zip.Store)},
		{"elements in elements", "0:damaged-workbook", packed(t, func(w io.Writer) { repeat(w, "<a>", 2<<20) }, zip.Store)},
	} {
		taking(t, c.name, 20*time.Second, 200, func() {
			batch, report := read(t, "统计数据", "f.xlsx", string(c.data), Options{})
			if got := codes(report); got != c.code || batch != nil {
				t.Errorf("%s: %s", c.name, got)
			}
		})
	}
}

// A small workbook whose cells stand far apart is not written back: what builds it
// would fill the gaps.
func TestFarCellsAreNotWrittenBack(t *testing.T) {
	for name, row := range map[string]string{
		"far to the right": strings.Repeat("<row><c r='XFD1' s='0'/></row>", 5000),
		"far down":         "<row r='1048576'><c><v>1</v></c></row>",
	} {
		data := sheetBook(t, "<worksheet><sheetData>"+row+"</sheetData></worksheet>")
		taking(t, name, 10*time.Second, 100, func() {
			err := WriteErrors(io.Discard, Source{Name: "f.xlsx", Data: []byte(data)}, &Report{}, engine.Chinese)
			if !errors.Is(err, ErrCannotReturn) {
				t.Errorf("%s: %v", name, err)
			}
			if _, err := ReadForm([]byte(data)); !errors.Is(err, ErrNoForm) {
				t.Errorf("%s: %v", name, err)
			}
		})
	}
}
