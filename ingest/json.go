package ingest

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
)

// maxDepth is how many objects may stand in one another: {"车险": {"保费": 1}}
// gives the heading 车险/保费, and no more than that is a table.
const maxDepth = 2

// objectSource gives the rows of a list of JSON objects: an array, one object
// after the other, or an object with one array of objects in it. The first row is
// the keys, in the order in which they first come; a record's row is its number.
type objectSource struct {
	decoder  *jsonReader
	keys     map[string]int
	headings []string
	inArray  bool
	enclosed bool // the array stands in an object
	row      int
	total    int
	headed   bool // the headings were given
	cells    []string
	kinds    []cellKind
}

var (
	errManyKeys = errors.New("too many keys")
	errNoList   = errors.New("no list of objects")
)

// jsonReader reads token by token, none larger than a line may be: the decoder
// keeps each in memory, blanks before it included.
type jsonReader struct {
	*json.Decoder
	limit *tokenLimit
}

func newJSONReader(text string) *jsonReader {
	limit := &tokenLimit{r: strings.NewReader(strings.TrimPrefix(text, "\uFEFF")), most: maxLine}
	d := json.NewDecoder(limit)
	d.UseNumber() // the digits as they stand
	return &jsonReader{d, limit}
}

func (j *jsonReader) Token() (json.Token, error) {
	j.limit.spent = 0
	return j.Decoder.Token()
}

// maxBehind is how deep what stands behind the list may be nested.
const maxBehind = 32

// looksLikeJSON reports whether a file begins as JSON does and no table would.
func looksLikeJSON(data []byte) bool {
	head := bytes.TrimLeft(bytes.TrimPrefix(data, []byte("\xEF\xBB\xBF")), " \t\r\n")
	switch {
	case bytes.HasPrefix(head, []byte("{")):
		head = bytes.TrimLeft(head[1:], " \t\r\n")
		return len(head) > 0 && (head[0] == '"' || head[0] == '}')
	case bytes.HasPrefix(head, []byte("[")):
		head = bytes.TrimLeft(head[1:], " \t\r\n")
		return len(head) > 0 && (head[0] == '{' || head[0] == ']')
	}
	return false
}

// openJSON reads the file once for its keys and whether it is whole, and readies
// it for reading row by row.
func (l *load) openJSON(data []byte) {
	text, encoding, problem := decode(data)
	l.report.Encoding, l.batch.Encoding = encoding, encoding
	if problem != nil {
		l.refuse(-1, "", *problem)
		return
	}
	l.damaged = true // looked for in each cell
	s := &objectSource{keys: map[string]int{}}
	if err := s.survey(text); err != nil {
		l.refuse(-1, "", s.finding(text, err))
		return
	}
	if s.total == 0 {
		l.refuse(-1, "", emptyFile())
		return
	}
	l.rows = s
}

// survey looks at every record for its keys.
func (s *objectSource) survey(text string) error {
	if err := s.begin(text); err != nil {
		return err
	}
	for {
		more, err := s.more()
		if err != nil {
			return err
		}
		if !more {
			break
		}
		s.total++
		if err := s.object("", 1, func(heading string, _ json.Token) error {
			if _, known := s.keys[heading]; !known {
				if len(s.headings) == maxColumns {
					return errManyKeys
				}
				s.keys[heading] = len(s.headings)
				s.headings = append(s.headings, heading)
			}
			return nil
		}); err != nil {
			return err
		}
	}
	return s.begin(text)
}

// begin goes to the first record.
func (s *objectSource) begin(text string) error {
	s.decoder = newJSONReader(text)
	s.inArray, s.enclosed = false, false
	token, err := s.decoder.Token()
	if err != nil {
		return err
	}
	if token == json.Delim('[') {
		s.inArray = true
		return nil
	}
	if token != json.Delim('{') {
		return errNoList
	}
	return s.wrapped(text)
}

// wrapped tells {"data": [{…}, …]} from one record after the other: only in the
// first does an array stand in the object.
func (s *objectSource) wrapped(text string) error {
	for s.decoder.More() {
		if _, err := s.decoder.Token(); err != nil {
			return err
		}
		token, err := s.decoder.Token()
		if err != nil {
			return err
		}
		if token == json.Delim('[') {
			s.inArray, s.enclosed = true, true
			return nil
		}
		if token == json.Delim('{') {
			break // the object of a heading of two levels
		}
	}
	s.decoder = newJSONReader(text)
	return nil
}

// more goes into the next record; false at the end of the list.
func (s *objectSource) more() (bool, error) {
	if s.inArray && !s.decoder.More() {
		token, err := s.decoder.Token()
		if err == nil && token == json.Delim(']') {
			return false, s.rest()
		}
		return false, whole(err)
	}
	token, err := s.decoder.Token()
	switch {
	case err == io.EOF && !s.inArray:
		return false, nil
	case err != nil:
		return false, whole(err)
	case token != json.Delim('{'):
		return false, errNoList
	}
	return true, nil
}

// rest reads what stands behind the array: the end of the object around it.
func (s *objectSource) rest() error {
	for depth := 0; ; {
		token, err := s.decoder.Token()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return whole(err)
		}
		switch token {
		case json.Delim('{'):
			depth++
		case json.Delim('}'):
			depth--
		}
		if token == json.Delim('[') || !s.enclosed || depth > maxBehind {
			return errNoList // which of the two is meant?
		}
	}
}

// whole says that a file which ends too early is not whole.
func whole(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// object reads a record behind its brace; give gets each value with its heading.
func (s *objectSource) object(above string, depth int, give func(heading string, value json.Token) error) error {
	for s.decoder.More() {
		key, err := s.decoder.Token()
		if err != nil {
			return whole(err)
		}
		heading := above + trim(key.(string))
		value, err := s.decoder.Token()
		if err != nil {
			return whole(err)
		}
		switch value {
		case json.Delim('{'):
			if depth == maxDepth {
				return errNoList
			}
			err = s.object(heading+"/", depth+1, give)
		case json.Delim('['):
			return errNoList
		default:
			err = give(heading, value)
		}
		if err != nil {
			return err
		}
	}
	_, err := s.decoder.Token()
	return whole(err)
}

// expected is how many records there are.
func (s *objectSource) expected() int { return min(s.total, mostExpected) }

// next reads a record. What was found whole at the first reading is whole now.
func (s *objectSource) next(r *record) bool {
	if !s.headed {
		s.headed = true
		*r = record{faultAt: -1, cells: s.headings}
		return s.total > 0
	}
	if more, err := s.more(); err != nil || !more {
		return false
	}
	s.row++
	*r = record{line: s.row, faultAt: -1}
	s.cells, s.kinds = make([]string, len(s.headings)), make([]cellKind, len(s.headings))
	given := make([]bool, len(s.headings))
	s.object("", 1, func(heading string, value json.Token) error {
		i := s.keys[heading]
		text, kind := jsonCell(value)
		switch {
		case given[i]:
			r.fault, r.faultAt, r.shown = pointer(keyTwice(heading)), i, clip(text)
		case len(text) > maxCell:
			r.fault, r.faultAt, r.shown = pointer(cellTooLong(len(text))), i, clip(text)
		}
		given[i] = true
		s.cells[i], s.kinds[i] = text, kind
		return nil
	})
	r.cells, r.kinds = s.cells, s.kinds
	return true
}

// jsonCell writes a value as the checks of cells read it; null is a blank.
func jsonCell(value json.Token) (string, cellKind) {
	switch v := value.(type) {
	case string:
		return v, textCell
	case bool:
		if v {
			return "TRUE", textCell
		}
		return "FALSE", textCell
	case json.Number:
		if text, ok := plainDecimal(v.String()); ok {
			return text, numberCell
		}
		return v.String(), textCell
	}
	return "", textCell
}

// plainDecimal writes 4.48E-2 as 0.0448, every digit kept.
func plainDecimal(s string) (string, bool) {
	if !strings.ContainsAny(s, "eE") {
		return s, true
	}
	sign, s := cutSign(s)
	mantissa, exponent, ok := cutExponent(s)
	if !ok || exponent > maxExponent || exponent < -maxExponent {
		return "", false
	}
	whole, fraction, _ := strings.Cut(mantissa, ".")
	digits := strings.TrimLeft(whole+fraction, "0")
	if digits == "" {
		return "0", true
	}
	point := len(whole) + exponent - (len(whole+fraction) - len(digits))
	return sign + place(digits, point), true
}

// finding says what is wrong with the file, and where.
func (s *objectSource) finding(text string, err error) finding {
	at := min(int(s.decoder.InputOffset()), len(text))
	line := 1 + strings.Count(text[:at], "\n")
	var syntax *json.SyntaxError
	switch {
	case errors.Is(err, errManyKeys):
		return tooManyColumns(maxColumns + 1)
	case errors.Is(err, errTooLarge):
		return valueTooLong(line)
	case errors.Is(err, errNoList):
		return noObjects(line)
	case errors.Is(err, io.ErrUnexpectedEOF):
		return cutJSON(line)
	case errors.As(err, &syntax):
		return badJSON(line, syntax.Error())
	}
	return badJSON(line, err.Error())
}

func valueTooLong(line int) finding {
	return finding{"line-too-long", say("第 %d 行起有超过 1 MiB 的一个值", "a value of more than 1 MiB from line %d on", line), say("检查引号", "check quotation marks")}
}

func keyTwice(key string) finding {
	return finding{"duplicate-json-key", say("一条记录里“%s”出现了两次", "%q stands twice in one record", key), say("只留一个", "keep one")}
}

func noObjects(line int) finding {
	return finding{"not-a-list", say("第 %d 行:要的是一列对象,值是文字、数字或再一层对象", "line %d: a list of objects is wanted, with texts, numbers or one more level of objects", line),
		say(`写成 [{"机构编码": "A01", "保费收入": 12.5}, …],或每行一个对象`, `write [{"机构编码": "A01", "保费收入": 12.5}, …], or one object a line`)}
}

func cutJSON(line int) finding {
	return finding{"json-cut", say("文件在第 %d 行中断,不完整", "the file breaks off in line %d", line), say("重新导出或重新传送", "export or send it again")}
}

func badJSON(line int, what string) finding {
	return finding{"bad-json", say("第 %d 行不是合规的 JSON:%s", "line %d is not JSON: %s", line, what),
		say("用导出程序重新生成,不要手工拼接", "have a program write it, rather than by hand")}
}
