package ingest

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"strconv"
	"strings"
)

// Bounds on a workbook. A part is never unpacked beyond the size its entry
// states, and the sizes stated are added up before anything is unpacked.
const (
	maxEntries  = 2000
	maxUnpacked = 512 << 20
	maxCells    = 5_000_000
	maxStrings  = 2_000_000
	maxSheets   = 255
	maxSheetRow = 1 << 20
	maxMerges   = 100_000
	// A workbook that unpacks to more than maxCalm bytes and to more than maxRatio
	// times its size was made to fill the memory; sheets of people reach 20 or 30.
	maxCalm  = 32 << 20
	maxRatio = 100
	// maxStringBytes bounds the texts that cells point to, maxToken one element,
	// text or comment of the XML.
	maxStringBytes = 96 << 20
	maxToken       = 1 << 20
)

var (
	errTooLarge = errors.New("workbook larger than the bounds")
	errDamaged  = errors.New("damaged workbook")
	errBomb     = errors.New("workbook that unpacks to many times its size")
)

// workbook is an opened XLSX file. Its sheets are read as streams; excelize would
// build each in memory and fill the gaps, which a small file can make gigabytes,
// and does not tell 12 from "12".
type workbook struct {
	parts   map[string]*zip.File // by lower-case name
	sheets  []sheet
	strings []string
	styles  []numberStyle // by style index
	since04 bool          // days are counted from 1904
	cells   int           // read so far, of all sheets
}

// sheet is an entry of the workbook.
type sheet struct {
	name   string
	part   string
	hidden bool
}

// isWorkbook reports whether the file is a ZIP archive or one of Office's older
// containers, which also hold encrypted workbooks.
func isWorkbook(data []byte) bool {
	return bytes.HasPrefix(data, []byte("PK\x03\x04")) || bytes.HasPrefix(data, []byte("PK\x05\x06")) || bytes.HasPrefix(data, oldOffice)
}

var oldOffice = []byte("\xD0\xCF\x11\xE0")

// encryptedName is the stream of an encrypted workbook, in UTF-16.
var encryptedName = []byte("E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e\x00")

// openWorkbook reads what a workbook says about itself.
func openWorkbook(data []byte) (*workbook, *finding) {
	switch {
	case len(data) > maxFile:
		return nil, pointer(fileTooLarge())
	case bytes.HasPrefix(data, oldOffice) && bytes.Contains(data, encryptedName):
		return nil, pointer(encryptedWorkbook())
	case bytes.HasPrefix(data, oldOffice):
		return nil, pointer(oldWorkbook())
	}
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, pointer(damagedWorkbook())
	}
	b := &workbook{parts: map[string]*zip.File{}}
	if err := b.index(archive, len(data)); err != nil {
		return nil, bookFinding(err)
	}
	if b.parts["xl/workbook.xml"] == nil {
		return nil, pointer(notWorkbook())
	}
	for _, read := range []func() error{b.readSheets, b.readStrings, b.readStyles} {
		if err := read(); err != nil {
			return nil, bookFinding(err)
		}
	}
	return b, nil
}

// bookFinding says in a person's words why a workbook cannot be read.
func bookFinding(err error) *finding {
	switch {
	case errors.Is(err, errTooLarge):
		return pointer(workbookTooLarge())
	case errors.Is(err, errBomb):
		return pointer(workbookBomb())
	}
	return pointer(damagedWorkbook())
}

// index lists the parts and adds up what they say to unpack to.
func (b *workbook) index(archive *zip.Reader, packed int) error {
	if len(archive.File) > maxEntries {
		return errTooLarge
	}
	total := uint64(0)
	for _, f := range archive.File {
		if f.UncompressedSize64 > maxUnpacked {
			return errTooLarge
		}
		if total += f.UncompressedSize64; total > maxUnpacked {
			return errTooLarge
		}
		b.parts[strings.ToLower(f.Name)] = f
	}
	if total > maxCalm && total/maxRatio > uint64(packed) {
		return errBomb
	}
	return nil
}

// xmlPart reads a part as XML, no token of it larger than the bound: the decoder
// builds each in memory.
type xmlPart struct {
	*xml.Decoder
	limit *tokenLimit
}

// Token reads the next token. One that is too large gives errTooLarge, whatever
// else is wrong errDamaged; the end is io.EOF.
func (x *xmlPart) Token() (xml.Token, error) {
	x.limit.spent = 0
	token, err := x.Decoder.Token()
	switch {
	case err == nil || err == io.EOF:
		return token, err
	case errors.Is(err, errTooLarge):
		return nil, errTooLarge
	}
	return nil, errDamaged
}

// tokenLimit ends the reading when too much was read for one token.
type tokenLimit struct {
	r     io.Reader
	spent int // bytes since the token began
	most  int
}

func (t *tokenLimit) Read(p []byte) (int, error) {
	if t.spent > t.most {
		return 0, errTooLarge
	}
	n, err := t.r.Read(p[:min(len(p), 64<<10)])
	t.spent += n
	return n, err
}

// part opens a part as XML. It gives no more bytes than its entry states.
func (b *workbook) part(name string) (*xmlPart, io.Closer, error) {
	f := b.parts[strings.ToLower(name)]
	if f == nil {
		return nil, nil, errDamaged
	}
	r, err := f.Open()
	if err != nil {
		return nil, nil, errDamaged
	}
	limit := &tokenLimit{r: io.LimitReader(r, int64(f.UncompressedSize64)), most: maxToken}
	return &xmlPart{xml.NewDecoder(limit), limit}, r, nil
}

// walk calls f for every element that begins in a part; a part that is not there
// is empty.
func (b *workbook) walk(name string, f func(d *xmlPart, e xml.StartElement) error) error {
	if b.parts[strings.ToLower(name)] == nil {
		return nil
	}
	d, closer, err := b.part(name)
	if err != nil {
		return err
	}
	defer closer.Close()
	for {
		token, err := d.Token()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if e, ok := token.(xml.StartElement); ok {
			if err := f(d, e); err != nil {
				return err
			}
		}
	}
}

func attribute(e *xml.StartElement, name string) string {
	for i := range e.Attr {
		if e.Attr[i].Name.Local == name {
			return e.Attr[i].Value
		}
	}
	return ""
}

// isSet reads an attribute that is on or off.
func isSet(s string) bool { return s == "1" || s == "true" }

// readSheets lists the worksheets in their order.
func (b *workbook) readSheets() error {
	targets := map[string]string{}
	err := b.walk("xl/_rels/workbook.xml.rels", func(_ *xmlPart, e xml.StartElement) error {
		if e.Name.Local == "Relationship" && strings.HasSuffix(attribute(&e, "Type"), "/worksheet") {
			targets[attribute(&e, "Id")] = partName(attribute(&e, "Target"))
		}
		return nil
	})
	if err != nil {
		return err
	}
	return b.walk("xl/workbook.xml", func(_ *xmlPart, e xml.StartElement) error {
		switch e.Name.Local {
		case "workbookPr":
			b.since04 = isSet(attribute(&e, "date1904"))
		case "sheet":
			state := attribute(&e, "state")
			part := targets[relationship(&e)]
			if part == "" {
				return nil // a sheet of charts
			}
			if len(b.sheets) == maxSheets {
				return errTooLarge
			}
			b.sheets = append(b.sheets, sheet{attribute(&e, "name"), part, state == "hidden" || state == "veryHidden"})
		}
		return nil
	})
}

// relationship is the attribute r:id.
func relationship(e *xml.StartElement) string {
	for _, a := range e.Attr {
		if a.Name.Local == "id" && a.Name.Space != "" {
			return a.Value
		}
	}
	return ""
}

// partName makes a path inside the archive of a target relative to xl/.
func partName(target string) string {
	if rest, ok := strings.CutPrefix(target, "/"); ok {
		return path.Clean(rest)
	}
	return path.Join("xl", target)
}

// readStrings reads the texts that cells point to.
func (b *workbook) readStrings() error {
	bytes := 0
	return b.walk("xl/sharedStrings.xml", func(d *xmlPart, e xml.StartElement) error {
		if e.Name.Local != "si" {
			return nil
		}
		if len(b.strings) == maxStrings {
			return errTooLarge
		}
		s, err := richText(d)
		if bytes += len(s); bytes > maxStringBytes {
			return errTooLarge
		}
		b.strings = append(b.strings, s)
		return err
	})
}

// richText joins the runs of a text; how it is pronounced (rPh) is no part of it.
// The decoder stands behind the element's beginning and is left behind its end.
func richText(d *xmlPart) (string, error) {
	var s strings.Builder
	inText, inPhonetic := false, 0
	for depth := 1; depth > 0; {
		token, err := d.Token()
		if err != nil {
			return "", within(err)
		}
		switch t := token.(type) {
		case xml.StartElement:
			depth++
			inText = t.Name.Local == "t"
			if t.Name.Local == "rPh" {
				inPhonetic++
			}
		case xml.EndElement:
			depth--
			inText = false
			if t.Name.Local == "rPh" {
				inPhonetic--
			}
		case xml.CharData:
			if inText && inPhonetic == 0 {
				s.Write(t)
			}
			if s.Len() > maxToken {
				return "", errTooLarge
			}
		}
	}
	return unescape(s.String()), nil
}

// within says that a part which ends within an element is damaged.
func within(err error) error {
	if err == io.EOF {
		return errDamaged
	}
	return err
}

// unescape reads _x000D_, as which spreadsheets write what XML cannot hold.
func unescape(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(s, "_x")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		if len(rest) > 4 && rest[4] == '_' {
			if n, err := strconv.ParseUint(rest[:4], 16, 16); err == nil {
				b.WriteRune(rune(n))
				s = rest[5:]
				continue
			}
		}
		b.WriteString("_x")
		s = rest
	}
}

// numberStyle is how a number is shown, as far as its meaning depends on it.
type numberStyle struct {
	kind   cellKind // dateCell, percentCell or numberCell
	zeroes int      // shown with at least so many digits: 0000
}

// readStyles reads the number format of every style.
func (b *workbook) readStyles() error {
	formats := map[string]string{}
	inCells := false
	return b.walk("xl/styles.xml", func(_ *xmlPart, e xml.StartElement) error {
		switch e.Name.Local {
		case "numFmt":
			formats[attribute(&e, "numFmtId")] = attribute(&e, "formatCode")
		case "cellXfs":
			inCells = true
		case "cellStyles", "dxfs":
			inCells = false
		case "xf":
			if inCells {
				id := attribute(&e, "numFmtId")
				b.styles = append(b.styles, styleOf(id, formats[id]))
			}
		}
		return nil
	})
}

// styleOf tells what a number format makes of a number. The numbers below 164 are
// built in; 27 to 36 and 50 to 58 are days in Chinese, Japanese and Korean.
func styleOf(id, code string) numberStyle {
	n, err := strconv.Atoi(id)
	switch {
	case err != nil:
		return numberStyle{kind: numberCell}
	case code != "":
		return styleOfCode(code)
	case n >= 14 && n <= 17, n == 22, n >= 27 && n <= 36, n >= 50 && n <= 58:
		return numberStyle{kind: dateCell}
	case n == 9, n == 10:
		return numberStyle{kind: percentCell}
	}
	return numberStyle{kind: numberCell}
}

// styleOfCode looks at a format's first section without its quoted texts.
func styleOfCode(code string) numberStyle {
	var plain strings.Builder
	for i := 0; i < len(code); i++ {
		switch c := code[i]; c {
		case '"', '[':
			end := strings.IndexByte(code[i+1:], map[byte]byte{'"': '"', '[': ']'}[c])
			if end < 0 {
				return numberStyle{kind: numberCell}
			}
			i += end + 1
		case '\\', '_', '*':
			i++
		case ';':
			i = len(code)
		default:
			plain.WriteByte(c)
		}
	}
	s := strings.ToLower(plain.String())
	switch {
	case strings.Contains(s, "general"):
		return numberStyle{kind: numberCell}
	case strings.ContainsAny(s, "yd"), strings.Contains(s, "mmm"):
		return numberStyle{kind: dateCell}
	case strings.Contains(s, "%"):
		return numberStyle{kind: percentCell}
	case len(s) > 1 && len(s) <= 15 && strings.Trim(s, "0") == "":
		return numberStyle{kind: numberCell, zeroes: len(s)}
	}
	return numberStyle{kind: numberCell}
}
