package langserver

import (
	"slices"
	"strings"
	"unicode"

	"kaoping/rules"
)

// place is where in the structure of a file the cursor stands. It is made out from
// the lines alone, by their indentation and brackets: while somebody types, a file
// is hardly ever whole.
type place struct {
	steps    []step   // from the top level down to the mapping or list the cursor is in
	siblings []string // keys of that mapping
	key      string   // the key whose value the cursor is in; "" in a key or a plain item of a list
	item     bool     // it may be an item of a list
	from     int      // the character where the key or value begins
	typed    string   // from there to the cursor
}

// step leads one level down: by a key, or into an item of a list.
type step struct {
	key      string
	siblings []string // keys of the mapping that the key stands in
	item     bool
}

// row is a line taken apart.
type row struct {
	text   []rune
	dashes []int // columns of "- "
	key    string
	keyAt  int // column of the key, or of what stands in its place
	value  int // column behind the colon and blanks; len(text) if there is no key
	blank  bool
}

// maxFlowLines is how far back an open bracket is looked for.
const maxFlowLines = 40

func rowOf(line string) row {
	r := row{text: []rune(line)}
	i := skip(r.text, 0)
	for i < len(r.text) && r.text[i] == '-' && (i+1 == len(r.text) || r.text[i+1] == ' ') {
		r.dashes = append(r.dashes, i)
		i = skip(r.text, i+1)
	}
	r.keyAt = i
	r.blank = i == len(r.text) && len(r.dashes) == 0 || i < len(r.text) && r.text[i] == '#'
	r.value = len(r.text)
	if i < len(r.text) && !strings.ContainsRune("{[#", r.text[i]) {
		if end := keyEnd(r.text, i); end >= 0 {
			r.key = strings.Trim(string(r.text[i:end]), " \"'")
			r.value = skip(r.text, end+1)
		}
	}
	return r
}

func skip(text []rune, i int) int {
	for i < len(text) && text[i] == ' ' {
		i++
	}
	return i
}

// keyEnd returns the column of the colon that ends a key, -1 if there is none.
func keyEnd(text []rune, i int) int {
	var quote rune
	for ; i < len(text); i++ {
		switch r := text[i]; {
		case quote != 0:
			if r == quote {
				quote = 0
			}
		case r == '"' || r == '\'':
			quote = r
		case r == '#' && i > 0 && text[i-1] == ' ':
			return -1
		case r == ':' && (i+1 == len(text) || text[i+1] == ' '):
			return i
		}
	}
	return -1
}

// placeAt finds out where a character of a line stands; both count from 0.
func placeAt(all []string, line, column int) place {
	if p, ok := flowPlace(all, line, column); ok {
		return p
	}
	r := rowOf(lineAt(all, line))
	column = min(column, len(r.text))
	if r.blank {
		r = row{text: r.text, keyAt: column, value: len(r.text)}
	}
	p := place{from: min(r.keyAt, column), item: len(r.dashes) > 0 && r.key == ""}
	p.steps, p.siblings = climb(all, line, r)
	if r.key != "" && column >= r.value || r.key != "" && column > keyEnd(r.text, r.keyAt) {
		p.key, p.from, p.item = r.key, min(r.value, column), false
	}
	p.siblings = slices.DeleteFunc(p.siblings, func(k string) bool { return k == r.key && p.key == "" })
	p.typed = string(r.text[p.from:column])
	return p
}

// climb goes up from a row to the top level. It returns the way down to the
// mapping of the row, and the keys of that mapping.
func climb(all []string, line int, r row) (steps []step, siblings []string) {
	var up []step // innermost first
	keys := below(all, line, r.keyAt)
	if r.key != "" {
		keys = append(keys, r.key)
	}
	first := true
	at, inList := r.keyAt, false
	finish := func() { // the mapping that keys belongs to begins here
		if first {
			siblings, first = keys, false
		} else if len(up) > 0 {
			up[len(up)-1].siblings = keys
		}
		keys = nil
	}
	enter := func(dashes []int) { // a row begins one or more items of lists
		for i := len(dashes) - 1; i >= 0; i-- {
			if i == len(dashes)-1 {
				finish()
			}
			up = append(up, step{item: true})
			at, inList = dashes[i], true
		}
	}
	enter(r.dashes)
	for i := min(line, len(all)) - 1; i >= 0; i-- {
		q := rowOf(all[i])
		if q.blank || q.key == "" {
			continue
		}
		switch {
		case !inList && q.keyAt == at:
			keys = append(keys, q.key)
			enter(q.dashes)
		case !inList && q.keyAt < at, inList && q.keyAt <= at && !slices.Contains(q.dashes, at):
			if !inList {
				finish()
			}
			up = append(up, step{key: q.key})
			keys, at, inList = []string{q.key}, q.keyAt, false
			enter(q.dashes)
		}
	}
	finish()
	slices.Reverse(up)
	return up, siblings
}

// below returns the keys of the same mapping on the lines further down.
func below(all []string, line, column int) []string {
	var out []string
	for i := line + 1; i < len(all); i++ {
		q := rowOf(all[i])
		switch {
		case q.blank:
		case len(q.dashes) > 0 && q.dashes[0] <= column, len(q.dashes) == 0 && q.keyAt < column:
			return out
		case len(q.dashes) == 0 && q.keyAt == column && q.key != "":
			out = append(out, q.key)
		}
	}
	return out
}

// frame is an open bracket.
type frame struct {
	isMap bool
	keys  []string
	key   string
	from  int // on the cursor's line, where the current key or value begins
}

// flowPlace is placeAt inside brackets, which may have been opened some lines
// above.
func flowPlace(all []string, line, column int) (place, bool) {
	for first := line; first >= max(0, line-maxFlowLines); first-- {
		r := rowOf(lineAt(all, first))
		start := r.value
		if r.key == "" {
			start = r.keyAt
		}
		if start >= len(r.text) || r.text[start] != '{' && r.text[start] != '[' {
			if first < line && !r.blank && r.key != "" {
				return place{}, false // a line of its own: nothing above it is open
			}
			continue
		}
		frames := openFrames(all, first, start, line, column)
		if len(frames) == 0 {
			return place{}, false
		}
		return placeInFrames(all, first, r, frames, line, column), true
	}
	return place{}, false
}

func placeInFrames(all []string, first int, r row, frames []frame, line, column int) place {
	var p place
	p.steps, p.siblings = climb(all, first, r)
	if r.key != "" {
		p.steps = append(p.steps, step{key: r.key, siblings: p.siblings})
	}
	for i, f := range frames {
		last := i == len(frames)-1
		switch {
		case f.isMap && last:
			p.siblings, p.key = f.keys, f.key
		case f.isMap:
			p.steps = append(p.steps, step{key: f.key, siblings: f.keys})
		default:
			p.steps = append(p.steps, step{item: true})
			p.item, p.siblings = last, nil
		}
	}
	text := []rune(lineAt(all, line))
	column = min(column, len(text))
	p.from = min(skip(text, frames[len(frames)-1].from), column)
	p.typed = string(text[p.from:column])
	return p
}

// openFrames returns the brackets that are open at the cursor.
func openFrames(all []string, first, start, line, column int) []frame {
	var frames []frame
	var quote rune
	for l := first; l <= line; l++ {
		text := []rune(lineAt(all, l))
		end := len(text)
		if l == line {
			end = min(column, len(text))
		}
		token := start
		if len(frames) > 0 {
			frames[len(frames)-1].from = 0
		}
		for i := start; i < end; i++ {
			c := text[i]
			if quote != 0 {
				if c == quote {
					quote = 0
				}
				continue
			}
			if c == '#' && i > 0 && text[i-1] == ' ' {
				break
			}
			if len(frames) == 0 && c != '{' && c != '[' {
				return nil // closed, and something else behind it
			}
			top := len(frames) - 1
			switch {
			case (c == '"' || c == '\'') && i == skip(text, token):
				quote = c
			case c == '{' || c == '[':
				frames = append(frames, frame{isMap: c == '{', from: i + 1})
				token = i + 1
			case c == '}' || c == ']':
				frames = frames[:top]
				token = i + 1
			case c == ',':
				frames[top].key, frames[top].from, token = "", i+1, i+1
			case c == ':' && frames[top].isMap && frames[top].key == "" && (i+1 == len(text) || text[i+1] == ' '):
				frames[top].key = strings.Trim(string(text[min(token, i):i]), " \"'")
				frames[top].keys = append(frames[top].keys, frames[top].key)
				frames[top].from, token = i+1, i+1
			}
		}
		if len(frames) == 0 {
			return nil
		}
		start = 0
	}
	return frames
}

// shapes returns what may be written at the place: the kinds of mapping whose keys
// may stand there, and the ways of writing a value.
func (p place) shapes(top *rules.Kind) (keys []*rules.Kind, values []rules.Shape) {
	now := []rules.Shape{{Form: rules.FormMapping, Of: []string{top.ID}}}
	for _, s := range p.steps {
		if s.item {
			now = rules.ItemShapes(now)
			continue
		}
		k := rules.MappingKind(now, s.siblings)
		if k == nil {
			return nil, nil
		}
		now = k.Below(s.key)
	}
	if p.key != "" {
		if k := rules.MappingKind(now, p.siblings); k != nil {
			return nil, k.Below(p.key)
		}
		return nil, nil
	}
	if len(p.siblings) > 0 {
		if k := rules.MappingKind(now, p.siblings); k != nil {
			return []*rules.Kind{k}, nil
		}
	}
	for _, s := range now {
		if s.Form == rules.FormMapping {
			keys = append(keys, rules.KindOf(s.Of[0]))
		}
	}
	if p.item {
		values = now
	}
	return keys, values
}

// wordAround returns the word of a formula or key that holds a character, and
// where it begins.
func wordAround(line string, column int) (word string, from int) {
	text := []rune(line)
	part := func(i int) bool {
		return i >= 0 && i < len(text) && (text[i] == '_' || unicode.IsLetter(text[i]) || unicode.IsDigit(text[i]))
	}
	from, to := min(column, len(text)), min(column, len(text))
	for part(from - 1) {
		from--
	}
	for part(to) {
		to++
	}
	return string(text[from:to]), from
}
