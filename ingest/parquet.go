package ingest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"math/big"
	"strconv"
	"strings"
	"time"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"
)

// maxParquet bounds what a Parquet file says it unpacks to, in bytes.
const maxParquet = 4 << 30

// chunkRows is how many rows are read at once.
const chunkRows = 256

var parquetMagic = []byte("PAR1")

// isParquet reports whether the file begins as Parquet does.
func isParquet(data []byte) bool { return bytes.HasPrefix(data, parquetMagic) }

// parquetSource gives the rows of a Parquet file; a row's number is its place in
// the file. Groups of columns give headings such as 车险/保费收入.
type parquetSource struct {
	reader  *parquet.GenericReader[any]
	leaves  []*parquet.Column
	names   []string
	levels  []int // highest definition level of each leaf
	rows    []parquet.Row
	at, got int
	row     int
	total   int64
	headed  bool
	failed  func(error)
}

var errRepeated = errors.New("a column holds lists")

// openParquet readies the file for reading. DOUBLE and FLOAT have no exact
// decimal of their own: they are read as the shortest one that gives the same
// number back, and a note says so.
func (l *load) openParquet(data []byte) {
	l.report.Encoding, l.batch.Encoding = "Parquet", "Parquet"
	s := &parquetSource{failed: func(err error) { l.refuse(-1, "", badParquet(err)) }}
	if err := guarded(func() error { return s.open(data) }); err != nil {
		s.failed(err)
		return
	}
	if len(s.names) > maxColumns {
		l.refuse(-1, "", tooManyColumns(len(s.names)))
		return
	}
	var floats []string
	for i, c := range s.leaves {
		if k := c.Type().Kind(); k == parquet.Double || k == parquet.Float {
			floats = append(floats, s.names[i])
		}
	}
	if floats != nil {
		l.warn(-1, "", floatColumns(floats))
	}
	l.rows = s
}

// guarded turns a panic of the reader into an error: what is damaged must not
// end the program.
func guarded(do func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%v", r)
		}
	}()
	return do()
}

func (s *parquetSource) open(data []byte) error {
	meta, err := checkFooter(data)
	if err != nil {
		return err
	}
	f, err := parquet.OpenFile(bytes.NewReader(data), int64(len(data)), parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true))
	if err != nil {
		return err
	}
	if err := s.addLeaves(f.Root(), "", 0); err != nil {
		return err
	}
	if err := checkPages(data, meta, s.leaves, s.levels); err != nil {
		return err
	}
	s.total = f.NumRows()
	s.reader = parquet.NewGenericReader[any](f)
	s.rows = make([]parquet.Row, chunkRows)
	return nil
}

// addLeaves lists the columns with their names and highest definition levels.
func (s *parquetSource) addLeaves(c *parquet.Column, above string, level int) error {
	for _, child := range c.Columns() {
		level := level
		if child.Optional() {
			level++
		}
		switch {
		case child.Repeated():
			return errRepeated
		case child.Leaf():
			s.leaves, s.names, s.levels = append(s.leaves, child), append(s.names, above+child.Name()), append(s.levels, level)
		default:
			if err := s.addLeaves(child, above+child.Name()+"/", level); err != nil {
				return err
			}
		}
	}
	return nil
}

// expected is how many rows the file says it has, but not so many that the memory
// set aside for them would matter.
func (s *parquetSource) expected() int { return int(min(max(s.total, 0), 1<<16)) }

// next reads a row; one that cannot be read refuses the file.
func (s *parquetSource) next(r *record) bool {
	if !s.headed {
		s.headed = true
		*r = record{faultAt: -1, cells: s.names}
		return true
	}
	for s.at == s.got {
		var end error
		err := guarded(func() (err error) {
			s.at, s.got = 0, 0
			s.got, end = s.reader.ReadRows(s.rows)
			return nil
		})
		if err == nil && end != nil && end != io.EOF {
			err = end
		}
		if err != nil {
			s.failed(err)
			return false
		}
		if s.got == 0 {
			return false
		}
	}
	s.row++
	*r = record{line: s.row, faultAt: -1, cells: make([]string, len(s.names)), kinds: make([]cellKind, len(s.names))}
	for _, v := range s.rows[s.at] {
		i := v.Column()
		if i < 0 || i >= len(r.cells) || v.IsNull() {
			continue
		}
		if v.Kind() == parquet.ByteArray && len(v.ByteArray()) > maxCell {
			b := v.ByteArray()
			r.fault, r.faultAt, r.shown = pointer(cellTooLong(len(b))), i, clip(string(b[:200]))
			continue
		}
		text, kind, ok := parquetCell(v, s.leaves[i].Type().LogicalType())
		if !ok {
			r.fault, r.faultAt, r.shown = pointer(noParquetValue()), i, clip(text)
		}
		r.cells[i], r.kinds[i] = text, kind
	}
	s.at++
	return true
}

// china is the clock by which a moment of UTC is given its day.
var china = time.FixedZone("UTC+8", 8*3600)

// parquetCell writes a value as the checks of cells read it; false if it is none
// that a table can hold.
func parquetCell(v parquet.Value, logical *format.LogicalType) (string, cellKind, bool) {
	var meaning format.LogicalTypeValue
	if logical != nil {
		meaning = logical.Value
	}
	switch m := meaning.(type) {
	case *format.DecimalType:
		text, ok := parquetDecimal(v, int(m.Scale))
		return text, numberCell, ok
	case *format.DateType:
		return time.Unix(int64(v.Int32())*86400, 0).UTC().Format("2006-01-02"), dateCell, true
	case *format.TimestampType:
		text, ok := parquetMoment(v, m)
		return text, dateCell, ok
	case *format.IntType:
		if !m.IsSigned {
			if v.Kind() == parquet.Int32 {
				return strconv.FormatUint(uint64(v.Uint32()), 10), numberCell, true
			}
			return strconv.FormatUint(v.Uint64(), 10), numberCell, true
		}
	}
	switch v.Kind() {
	case parquet.Boolean:
		return map[bool]string{true: "TRUE", false: "FALSE"}[v.Boolean()], textCell, true
	case parquet.Int32:
		return strconv.FormatInt(int64(v.Int32()), 10), numberCell, true
	case parquet.Int64:
		return strconv.FormatInt(v.Int64(), 10), numberCell, true
	case parquet.Float:
		return shortest(float64(v.Float()), 32)
	case parquet.Double:
		return shortest(v.Double(), 64)
	case parquet.ByteArray:
		return string(v.ByteArray()), textCell, true
	}
	return "", textCell, false // INT96, raw bytes
}

// shortest writes a float with the fewest digits that give it back.
func shortest(x float64, bits int) (string, cellKind, bool) {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return strconv.FormatFloat(x, 'g', -1, bits), textCell, false
	}
	return strconv.FormatFloat(x, 'f', -1, bits), numberCell, true
}

// parquetDecimal writes an unscaled integer of any width with its point.
func parquetDecimal(v parquet.Value, scale int) (string, bool) {
	x := new(big.Int)
	switch v.Kind() {
	case parquet.Int32:
		x.SetInt64(int64(v.Int32()))
	case parquet.Int64:
		x.SetInt64(v.Int64())
	case parquet.ByteArray, parquet.FixedLenByteArray:
		b := v.ByteArray()
		if len(b) > 64 {
			return "", false
		}
		x.SetBytes(b)
		if len(b) > 0 && b[0]&0x80 != 0 { // two's complement, highest byte first
			x.Sub(x, new(big.Int).Lsh(big.NewInt(1), uint(8*len(b))))
		}
	default:
		return "", false
	}
	if scale < 0 || scale > maxExponent {
		return "", false
	}
	sign, digits := "", x.String()
	if strings.HasPrefix(digits, "-") {
		sign, digits = "-", digits[1:]
	}
	if scale == 0 {
		return sign + digits, true
	}
	if len(digits) <= scale {
		digits = strings.Repeat("0", scale-len(digits)+1) + digits
	}
	return sign + digits[:len(digits)-scale] + "." + digits[len(digits)-scale:], true
}

func parquetMoment(v parquet.Value, m *format.TimestampType) (string, bool) {
	if v.Kind() != parquet.Int64 || m.Unit.Value == nil {
		return "", false
	}
	perSecond := int64(time.Second / m.Unit.Value.Duration())
	n := v.Int64()
	seconds, rest := n/perSecond, n%perSecond
	at := time.Unix(seconds, rest*int64(m.Unit.Value.Duration())).UTC()
	if m.IsAdjustedToUTC {
		at = at.In(china)
	}
	return at.Format("2006-01-02 15:04:05"), at.Year() > 0 && at.Year() < 10000
}

func badParquet(err error) finding {
	switch {
	case errors.Is(err, errTooLarge):
		return finding{"file-too-large", say("Parquet 文件解开后超过 4 GiB", "the Parquet file unpacks to more than 4 GiB"), say("请分成几个文件", "split it")}
	case errors.Is(err, errPages):
		return finding{"parquet-pages", say("Parquet 文件的页太大:一页超过 32 MiB,或各列的页合起来超过 160 MiB,内存装不下", "the pages of the Parquet file are too large: one of more than 32 MiB, or more than 160 MiB for all columns together"),
			say("导出时把页设小,例如 data_page_size=1MB、row_group_size=100000", "export it with smaller pages, for example data_page_size of 1 MB and 100,000 rows a group")}
	case errors.Is(err, errFooter):
		return finding{"parquet-footer", say("Parquet 文件的目录过大(上限 8 MiB、20 万项、4,000 个字段)", "the Parquet file's footer is too large (the limits are 8 MiB, 200,000 items and 4,000 fields)"),
			say("减少列数,或把行组设大", "write fewer columns, or larger row groups")}
	case errors.Is(err, errRows):
		return finding{"parquet-rows", say("Parquet 文件声称的行数远超其大小所能容纳,没有读取", "the Parquet file states far more rows than a file of its size holds; it was not read"),
			say("确认来源后重新导出", "check who sent it and export it again")}
	case errors.Is(err, errEncoding):
		return finding{"parquet-encoding", say("Parquet 文件用了不支持的压缩或编码:%v", "the Parquet file has a compression or encoding that is not read: %v", err),
			say("导出时用 snappy、gzip 或 zstd 压缩,编码用默认值", "export it with snappy, gzip or zstd and the default encodings")}
	case errors.Is(err, errRepeated):
		return finding{"parquet-list", say("有一列的值是列表", "a column holds lists"), say("每行每列只放一个值", "give each row one value a column")}
	}
	return finding{"damaged-parquet", say("Parquet 文件已损坏,读不了:%v", "the Parquet file is damaged and cannot be read: %v", err), say("重新导出或重新传送", "export or send it again")}
}

func noParquetValue() finding {
	return finding{"parquet-value", say("这个值不能作为表格的一格", "this value cannot stand in a cell"),
		say("导出为 DECIMAL、整数、DATE、TIMESTAMP 或文字", "export it as DECIMAL, integer, DATE, TIMESTAMP or text")}
}

func floatColumns(names []string) finding {
	return finding{"float-column", say("列 %s 是二进制浮点数,按最短的十进制读取", "the columns %s are binary floats and are read as the shortest decimal", strings.Join(names, ", ")),
		say("金额请导出为 DECIMAL", "export amounts as DECIMAL")}
}
