package rules

import (
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strconv"

	"kaoping/engine"
	"kaoping/engine/exact"
)

// officialResults reads the published tables that a pack must reproduce.
func (r *packReader) officialResults(n node) {
	for _, c := range r.list(n, text("各份官方结果", "the official results")) {
		m := r.mapping(c, text("一份官方结果", "an official result"))
		o := engine.OfficialResult{Title: r.title(m.need("title", text("标题", "its title"))).In(engine.English)}
		file := m.need("file", text("数据文件", "its file"))
		o.File, o.Origin, o.Why = r.word(file), m.word("origin"), m.word("why")
		r.needDataFile(file, o.File)
		o.Feed = r.feed(m.get("feed"))
		o.Beside = r.otherFeeds(m.get("beside"))
		if period := m.get("period"); !period.absent() {
			o.Period = r.word(period)
			r.knownPeriod(period, o.Period)
		}
		for _, c := range r.list(m.need("compare", text("比较哪些列", "what is compared")), text("各列", "the columns")) {
			o.Compare = append(o.Compare, r.officialColumn(c))
		}
		for _, c := range r.list(m.get("merge"), text("合并的机构", "the merged subjects")) {
			o.Merge = append(o.Merge, r.officialMerge(c))
		}
		o.Only = r.only(m.get("only"))
		m.done()
		r.pack.Official = append(r.pack.Official, o)
	}
}

// needDataFile reports a data file that is not in the pack's folder.
func (r *packReader) needDataFile(n node, name string) {
	if name == "" || r.loader.fsys == nil {
		return
	}
	full := path.Join(path.Dir(n.file.name), name)
	if !fs.ValidPath(full) {
		r.add(n.report(CodeWrongType, text("文件要在规则包的文件夹里", "the file must be in the pack's folder"), engine.Text{}))
		return
	}
	if _, err := fs.Stat(r.loader.fsys, full); err != nil {
		d := n.report(CodeMissingFile, text("没有文件 "+full, "there is no file "+full), engine.Text{})
		d.Level = LevelError
		r.add(d)
	}
}

func (r *packReader) feed(n node) string {
	w := r.word(n)
	if w == "" {
		return ""
	}
	if e := r.feeds.find(w); e != nil {
		return e.symbol.ID
	}
	if w == "statistics" && len(r.feeds.order) == 0 {
		return w
	}
	r.unknownReference(n, w, text("数据来源", "feed"), "feeds", r.feeds.names(""))
	return ""
}

// otherFeeds reads one feed or a list of them.
func (r *packReader) otherFeeds(n node) []string {
	if n.isScalar() {
		return []string{r.feed(n)}
	}
	var out []string
	for _, c := range r.list(n, text("各个数据来源", "the feeds")) {
		out = append(out, r.feed(c))
	}
	return out
}

func (r *packReader) officialColumn(n node) engine.OfficialColumn {
	m := r.mapping(n, text("{column: …, with: …}", "{column: …, with: …}"))
	c := engine.OfficialColumn{Column: r.word(m.need("column", text("列名", "its heading")))}
	with := m.need("with", text("rank 或计算值", "rank or a metric"))
	c.With = r.officialValue(with)
	c.PeerGroup = r.peerGroup(m.get("peer_group"))
	c.Decimals = r.printedDecimals(m.get("decimals"))
	if mode := r.word(m.get("rounding")); mode != "" {
		x, err := exact.ParseMode(mode)
		if err != nil {
			r.choice(m.get("rounding"), "half up", "half even", "down", "up")
		}
		c.Mode = x
	}
	m.done()
	return c
}

// officialValue reads rank, total or the name of a metric.
func (r *packReader) officialValue(n node) string {
	w := r.word(n)
	switch {
	case w == "" || w == "rank" || w == reservedTotal:
		return w
	case r.names.findUnder(w, "metrics") != nil:
		return r.names.find(w).symbol.ID
	}
	r.unknownReference(n, w, text("计算值", "metric"), "metrics", append(r.names.names("metrics"), "rank", reservedTotal))
	return ""
}

// printedDecimals reads 4, or {2009: 2, 2014: 4} for a change over the years.
func (r *packReader) printedDecimals(n node) []engine.DecimalsFrom {
	if n.absent() {
		return nil
	}
	if !n.isMap() {
		d, ok := r.whole(n, 0, maxDecimals)
		if !ok {
			return nil
		}
		return []engine.DecimalsFrom{{Decimals: d}}
	}
	var out []engine.DecimalsFrom
	for _, e := range r.entries(n, text("年份: 小数位数", "year: decimals")) {
		year, okYear := r.whole(e.key, 1900, 2999)
		d, ok := r.whole(e.value, 0, maxDecimals)
		if okYear && ok {
			out = append(out, engine.DecimalsFrom{Year: year, Decimals: d})
		}
	}
	slices.SortFunc(out, func(a, b engine.DecimalsFrom) int { return a.Year - b.Year })
	return out
}

func (r *packReader) officialMerge(n node) engine.OfficialMerge {
	m := r.mapping(n, text("{period: …, codes: [...]}", "{period: …, codes: [...]}"))
	period := m.need("period", text("期间", "the period"))
	x := engine.OfficialMerge{Period: r.word(period), Codes: r.words(m.need("codes", text("机构编码", "the codes"))), Why: r.word(m.need("why", text("理由", "the reason")))}
	m.done()
	if x.Period != "" {
		r.knownPeriod(period, x.Period)
		r.merges = append(r.merges, period)
	}
	return x
}

// knownPeriod reports a period that is not written as one.
func (r *packReader) knownPeriod(n node, s string) {
	if _, err := engine.ParsePeriod(s); err != nil {
		r.add(n.report(CodeWrongType,
			text(fmt.Sprintf("“%s”不是期间", clip(s)), fmt.Sprintf("“%s” is no period", clip(s))),
			text("写成 2025, 2025H1, 2025Q2 或 2025-06", "write 2025, 2025H1, 2025Q2 or 2025-06")))
	}
}

var onlyForm = regexp.MustCompile(`^[\w ]+=\s*[\w ]+?(?:\s*[-+]\s*(\d+))?$`)

// only reads "year = study_year - 1".
func (r *packReader) only(n node) string {
	w := r.word(n)
	if w == "" {
		return ""
	}
	m := onlyForm.FindStringSubmatch(w)
	if m == nil {
		r.add(n.report(CodeWrongType, text("看不懂这个条件", "this condition is not understood"), text("写成 列 = 列 ± 数, 例如 year = study_year - 1", "write COLUMN = COLUMN ± N, for example year = study_year - 1")))
		return ""
	}
	if m[1] != "" {
		if _, err := strconv.Atoi(m[1]); err != nil {
			r.add(n.report(CodeWrongType, text("数太大", "the number is too large"), engine.Text{}))
		}
	}
	return w
}
