package ingest

import (
	"errors"
	"fmt"
	"strings"

	"kaoping/engine"
	"kaoping/engine/unit"
)

// say makes a text of two formats with the same arguments.
func say(zh, en string, args ...any) engine.Text {
	return engine.Text{ZH: fmt.Sprintf(zh, args...), EN: fmt.Sprintf(en, args...)}
}

// maybe asks whether a near word was meant; empty if there is none.
func maybe(near string) engine.Text {
	if near == "" {
		return engine.Text{}
	}
	return say("是不是“%s”?", "did you mean %q?", near)
}

// ── the file ──

func fileTooLarge() finding {
	return finding{"file-too-large", say("文件超过 1 GiB", "the file is larger than 1 GiB"), say("请分成几个文件", "split it")}
}

func notCSV(zh, en string) finding {
	return finding{"not-csv", engine.Text{ZH: "这是" + zh + ",不是 CSV", EN: "this is " + en + ", not CSV"},
		say("另存为“CSV UTF-8(逗号分隔)”", "save it as CSV UTF-8 (comma delimited)")}
}

func emptyFile() finding {
	return finding{"empty-file", say("文件是空的", "the file is empty"), engine.Text{}}
}

func brokenBytes(encoding string) finding {
	return finding{"broken-bytes", say("有无法识别的字节(按 %s 读取)", "it holds bytes that cannot be read (as %s)", encoding),
		say("在原系统重新导出,或另存为 UTF-8", "export it anew, or save it as UTF-8")}
}

func lineTooLong(n int) finding {
	return finding{"line-too-long", say("一行有 %s 字节,上限 1 MiB", "a line of %s bytes; the limit is 1 MiB", group(n)),
		say("检查换行符和引号", "check line ends and quotation marks")}
}

func cellTooLong(n int) finding {
	return finding{"cell-too-long", say("一格有 %s 字节,上限 64 KiB", "a cell of %s bytes; the limit is 64 KiB", group(n)),
		say("检查引号是否漏了一个", "check for a missing quotation mark")}
}

func unclosedQuote() finding {
	return finding{"unclosed-quote", say("引号没有合上", "a quotation mark is not closed"),
		say("补上引号;格内的引号写两个", "close it; inside a cell write the mark twice")}
}

func textAfterQuote() finding {
	return finding{"unclosed-quote", say("引号合上之后还有文字", "text behind the closing quotation mark"),
		say("格内的引号写两个", "inside a cell write the mark twice")}
}

func wrongLength(got, want int) finding {
	return finding{"row-length", say("这一行有 %d 格,表头有 %d 格", "this row has %d cells, the headings are %d", got, want),
		say("检查是否多了或少了分隔符;含逗号的文字要加引号", "look for a delimiter too many or too few; text with a comma needs quotation marks")}
}

// ── workbooks ──

func encryptedWorkbook() finding {
	return finding{"encrypted-workbook", say("工作簿设有密码,读不了", "the workbook has a password and cannot be read"), say("取消打开密码后另存", "save it without the password")}
}

func oldWorkbook() finding {
	return finding{"not-xlsx", say("这是旧格式的 Excel 文件(.xls)", "this is an Excel file of the old format (.xls)"), say("另存为 .xlsx", "save it as .xlsx")}
}

func notWorkbook() finding {
	return finding{"not-xlsx", say("这个压缩文件不是 Excel 工作簿", "this archive is no Excel workbook"), say("导出为 .xlsx 或 CSV", "export it as .xlsx or CSV")}
}

func damagedWorkbook() finding {
	return finding{"damaged-workbook", say("工作簿已损坏,读不了", "the workbook is damaged and cannot be read"), say("用 Excel 或 WPS 打开后另存", "open it in Excel or WPS and save it again")}
}

func workbookTooLarge() finding {
	return finding{"workbook-too-large", say("工作簿展开后过大(上限 512 MiB、500 万格)", "the workbook is too large when unpacked (the limits are 512 MiB and 5 million cells)"),
		say("删去无关的工作表,或导出为 CSV", "remove sheets that are not needed, or export it as CSV")}
}

func workbookBomb() finding {
	return finding{"workbook-bomb", say("工作簿展开后是文件大小的 100 倍以上,像是压缩炸弹,没有读取", "the workbook unpacks to more than 100 times its size, as a zip bomb does; it was not read"),
		say("确认来源;确是正常数据的,用 Excel 或 WPS 另存,或导出为 CSV", "check who sent it; if it is in order, save it anew in Excel or WPS, or export it as CSV")}
}

func unknownSheet(names []string, near string) finding {
	f := finding{"unknown-sheet", say("没有这个工作表", "there is no such sheet"), say("工作表有: %s", "the sheets are: %s", strings.Join(names[:min(len(names), 20)], ", "))}
	if near != "" {
		m := maybe(near)
		f.hint = engine.Text{ZH: m.ZH + f.hint.ZH, EN: m.EN + " " + f.hint.EN}
	}
	return f
}

func noTable(needed []string) finding {
	list := strings.Join(needed, ", ")
	return finding{"no-table", say("没有工作表含有所需的表头: %s", "no sheet has the headings that are needed: %s", list),
		say("表头须在前 50 行内;用 kaoping template 取得模板", "they must stand in the first 50 rows; kaoping template writes a workbook to fill in")}
}

func sheetsNotRead(names []string) finding {
	list := strings.Join(names[:min(len(names), 20)], ", ")
	return finding{"sheets-not-read", say("没有读取的工作表: %s", "sheets that are not read: %s", list), engine.Text{}}
}

// hiddenSheet names a sheet that is hidden.
func hiddenSheet(name string) string { return name + " (隐藏 hidden)" }

func hiddenRows(rows []int) finding {
	var list []string
	for _, n := range rows[:min(len(rows), 10)] {
		list = append(list, fmt.Sprint(n))
	}
	numbers := strings.Join(list, ",")
	if len(rows) > 10 {
		numbers += "…"
	}
	return finding{"hidden-rows", say("隐藏的 %d 行也已读取: %s", "%d hidden rows were read as well: %s", len(rows), numbers), engine.Text{}}
}

func rowsAfterEnd() finding {
	return finding{"rows-after-end", say("表格在上面的空行或注释处已结束,这里又有数据", "the table ended above, at an empty row or a note, and here is data again"),
		say("删去中间的空行或注释;不属于本表的移到别的工作表", "remove the empty rows or notes between; move what is not of the table to another sheet")}
}

func unitOfTable(u unit.Unit) finding {
	return finding{"unit-of-table", say("按表上方注明的单位 %s 读取", "read in %s, the unit named above the table", unitName(u)), engine.Text{}}
}

func cellError() finding {
	return finding{"cell-error", say("公式结果是错误值", "the formula gives an error"), say("改正公式,或写上数字", "mend the formula, or write the number")}
}

func notComputed() finding {
	return finding{"not-computed", say("公式还没有计算结果", "the formula was never computed"), say("用 Excel 或 WPS 打开后保存", "open it in Excel or WPS and save it")}
}

func digitsLost() finding {
	return finding{"digits-lost", say("超过 15 位的数字,Excel 已丢掉末几位", "a number of more than 15 digits, of which Excel has lost the last"), say("把该列设为文本格式后重新填写", "give the column the text format and write it anew")}
}

func mergedFigure() finding {
	return finding{"merged-figure", say("数字在合并的单元格里,看不出各行是多少", "the figure is in a merged cell; how much is each row's?"), say("取消合并,每行各填一个", "unmerge it and write one for each row")}
}

// ── headings ──

func tooManyColumns(n int) finding {
	return finding{"too-many-columns", say("有 %s 列,上限 1,000 列", "%s columns; the limit is 1,000", group(n)), say("检查分隔符", "check the delimiter")}
}

func headingTwice(first string) finding {
	return finding{"duplicate-column", say("这一列与 %s 列相同", "the same column as %s", first), say("删去其中一列", "remove one of the two")}
}

func badUnit(text string, want unit.Unit) finding {
	fitting := fittingUnits(want)
	return finding{"unit-mismatch", say("表头里的“%s”不是单位", "%q in the heading is not a unit", text),
		engine.Text{ZH: fitting.ZH + ";不是单位时用 --map 改名", EN: fitting.EN + "; if it is none rename the column with --map"}}
}

func otherUnit(got, want unit.Unit) finding {
	return finding{"unit-mismatch", say("表头的单位 %s 与规则包的 %s 不是一类", "the heading's unit %s is of another kind than the pack's %s", unitName(got), unitName(want)), fittingUnits(want)}
}

func mapFromNothing(from, near string) finding {
	return finding{"unknown-map", say("--map 所指的列“%s”不在文件里", "the file has no column %q that --map names", from), maybe(near)}
}

func mapToNothing(to, near string) finding {
	return finding{"unknown-map", say("--map 所指的“%s”不在规则包里", "the pack has no heading %q that --map names", to), maybe(near)}
}

func missingColumn(name, near string) finding {
	f := finding{"missing-column", say("缺少列“%s”", "the column %q is missing", name), say("列名不同时用 --map 文件列名=%s", "if it has another name use --map HEADING=%s", name)}
	if near != "" {
		f.hint = say("相近的列是“%[1]s”,可用 --map %[1]s=%[2]s", "the closest is %[1]q: --map %[1]s=%[2]s", near, name)
	}
	return f
}

func absentColumn(name string) finding {
	return finding{"missing-column", say("没有列“%s”,其数据视为未报送", "there is no column %q; its figures count as not delivered", name), engine.Text{}}
}

func unknownColumns(list []string) finding {
	names := strings.Join(list[:min(len(list), 20)], ", ")
	if len(list) > 20 {
		names += ", …"
	}
	return finding{"unknown-column", say("不读取的列: %s", "columns that are not read: %s", names), engine.Text{}}
}

// ── cells ──

func emptyCell() finding {
	return finding{"empty-cell", say("不能为空", "must not be empty"), engine.Text{}}
}

func notNumber(err error, u unit.Unit) finding {
	f := finding{"not-a-number", say("不是数字", "not a number"), say("不知道就留空,没有就写 0", "leave it empty if it is not known; write 0 if there is none")}
	var e *unit.Error
	if errors.As(err, &e) && e.HintZH != "" {
		f.hint = engine.Text{ZH: e.HintZH, EN: e.HintEN}
	}
	if errors.Is(err, unit.ErrUnknown) {
		f.hint = say("只写数字;", "write the number only; ")
		fitting := fittingUnits(u)
		f.hint = engine.Text{ZH: f.hint.ZH + fitting.ZH, EN: f.hint.EN + fitting.EN}
	}
	return f
}

// fittingUnits says in which units a column may be.
func fittingUnits(u unit.Unit) engine.Text {
	list := unit.Fitting(u)
	if list == nil {
		return say("本列没有单位", "this column has no unit")
	}
	return say("表头可写的单位: %s", "the heading may name one of the units %s", strings.Join(list, ", "))
}

func negativeAmount() finding {
	return finding{"negative-amount", say("金额为负,请核实", "a negative amount; please check"), engine.Text{}}
}

func figureWithUnit(column unit.Unit, converted string) finding {
	f := finding{"figure-with-unit", say("只写数字,本列单位为%s", "write the number only; this column is in %s", unitName(column)), engine.Text{}}
	if converted == "" {
		f.message = say("数字带的单位与本列的%s不是一类", "the figure's unit is of another kind than the column's %s", unitName(column))
		return f
	}
	f.hint = say("写成 %s,或在表头写明单位,如(万元)", "write %s, or name the unit in the heading", converted)
	return f
}

func tooManyDecimals(most int) finding {
	if most == 0 {
		return finding{"too-many-decimals", say("应为整数", "must be a whole number"), engine.Text{}}
	}
	return finding{"too-many-decimals", say("最多 %d 位小数", "at most %d decimals", most), engine.Text{}}
}

func negativeCount() finding {
	return finding{"negative-count", say("数量不能为负", "a count cannot be negative"), engine.Text{}}
}

func fractionalCount() finding {
	return finding{"too-many-decimals", say("数量不是整数,请核实", "a count that is not whole; please check"), engine.Text{}}
}

func outOfRange() finding {
	return finding{"out-of-range", say("数字过大或小数过多,无法存储", "too large, or too many decimals to be stored"), engine.Text{}}
}

func notPositive() finding {
	return finding{"not-positive", say("次数应为 1 或更大的整数", "a number of times is 1 or more"), engine.Text{}}
}

func noSuchDate(near engine.Date) finding {
	f := finding{"no-such-date", say("日期不存在", "there is no such day"), engine.Text{}}
	if !near.IsZero() {
		f.hint = say("是不是 %s?", "did you mean %s?", near)
	}
	return f
}

func notDate() finding {
	return finding{"not-a-date", say("不是日期", "not a date"), say("写成 2025-07-20", "write 2025-07-20")}
}

func ambiguousDate() finding {
	return finding{"ambiguous-date", say("看不出哪个是月、哪个是日", "which is the month and which the day?"), say("写成 2025-07-20", "write 2025-07-20")}
}

func serialDate(d engine.Date) finding {
	return finding{"not-a-date", say("这是 Excel 的日期序号", "this is Excel's number of a day"), say("是不是 %s?把该列设为日期格式再另存", "did you mean %s? give the column a date format and save again", d)}
}

func notYesNo() finding {
	return finding{"not-yes-or-no", say("应为 是 或 否", "must be yes or no"), engine.Text{}}
}

func notOneOf(options []string, near string) finding {
	f := finding{"not-one-of", say("不在可选值之内", "not one of the values"), say("可选: %s", "one of: %s", strings.Join(options, ", "))}
	if near != "" {
		m := maybe(near)
		f.hint = engine.Text{ZH: m.ZH + f.hint.ZH, EN: m.EN + " " + f.hint.EN}
	}
	return f
}

func notPeriod() finding {
	return finding{"not-a-period", say("不是统计期间", "not a period"), say("写成 2025H1、2025上半年 或 2025年度", "write 2025H1, 2025, 2025Q2 or 2025-06")}
}

func otherPeriod(want engine.Period) finding {
	return finding{"other-period", say("与 --period %s 不符", "not the period %s that was asked for", want), engine.Text{}}
}

func unusualPeriod(p engine.Period, kinds []string) finding {
	return finding{"unusual-period", say("规则包不考评 %s 这样的期间(只有 %s)", "the pack assesses no period like %s (only %s)", p, strings.Join(kinds, ", ")), engine.Text{}}
}

func noPeriod() finding {
	return finding{"no-period", say("文件没有期间列", "the file has no period column"), say("用 --period 2025H1 指明", "name it with --period 2025H1")}
}

// ── rows ──

func unknownSubject(near string) finding {
	f := finding{"unknown-subject", say("没有这个机构", "there is no such subject"), say("先导入机构名录: kaoping ingest subjects …", "load it first: kaoping ingest subjects …")}
	if near != "" {
		f.hint = maybe(near)
	}
	return f
}

func totalRow() finding {
	return finding{"unknown-subject", say("这一行像是合计", "this row looks like a total"), say("删去合计行", "remove the row of totals")}
}

func severalSubjects(codes []string) finding {
	return finding{"unknown-subject", say("不止一个机构叫这个名称: %s", "more than one subject has that name: %s", strings.Join(codes, ", ")), say("改写机构编码", "write the code")}
}

func newSubject(name string, codes []string) finding {
	f := finding{"new-subject", say("新机构 %s", "a new subject, %s", name), engine.Text{}}
	if len(codes) > 0 {
		f.hint = say("同名机构已有编码 %s", "there is a subject of that name with the code %s", strings.Join(codes, ", "))
	}
	return f
}

func otherName(name string) finding {
	return finding{"other-name", say("同一天起已用名称“%s”,以它为准", "the name or peer group differs from that of %q on the same day, which is kept", name), engine.Text{}}
}

func matchedByName(code string) finding {
	return finding{"matched-by-name", say("已按名称匹配 %s", "taken as %s by its name", code), engine.Text{}}
}

func unknownPeerGroup(options []string, near string) finding {
	f := notOneOf(options, near)
	f.code = "unknown-peer-group"
	f.message = say("规则包没有这个类别", "the pack has no such peer group")
	return f
}

// duplicateKey names the row that has the key already; differs names a column in
// which the two are not the same, and may be empty.
func duplicateKey(what engine.Text, key string, first engine.Text, differs string) finding {
	content := say("内容不同", "with other content")
	if differs != "" {
		content = say("%s不同", "with another %s", differs)
	}
	return finding{"duplicate-key",
		engine.Text{
			ZH: fmt.Sprintf("%s %s 与%s重复,%s", what.ZH, clip(key), first.ZH, content.ZH),
			EN: fmt.Sprintf("%s %s is also on %s, %s", what.EN, clip(key), first.EN, content.EN),
		},
		say("删去或改正其中一行", "remove or mend one of the two")}
}

func repeatedRow(first engine.Text) finding {
	return finding{"repeated-row", engine.Text{ZH: "与" + first.ZH + "完全相同,只计一次", EN: "the same as " + first.EN + ", counted once"}, engine.Text{}}
}

func toldApart(name, by string) finding {
	return finding{"told-apart", say("%s 同一期有几行,按“%s”分开计", "%s has several rows of the period; this one counts apart as %q", name, by), engine.Text{}}
}

func mergedRow(first engine.Text, codes []string, into, why string) finding {
	return finding{"merged-row", engine.Text{
		ZH: fmt.Sprintf("与%s是同一机构(%s),并为 %s", first.ZH, strings.Join(codes, "/"), into),
		EN: fmt.Sprintf("one subject with %s (%s), kept as %s", first.EN, strings.Join(codes, "/"), into),
	}, engine.Text{ZH: why, EN: why}}
}

func outsideSpan(first, last engine.Date) finding {
	return finding{"outside-span", say("不在本文件所覆盖的 %s 至 %s 之内", "not within %s to %s, which this file covers", first, last), engine.Text{}}
}

func nothingCovered() finding {
	return finding{"nothing-covered", say("没有记录,看不出覆盖哪些日期", "there are no records to show which days are covered"), say("没有案件也要用 --period 2025H1 写明", "say so with --period 2025H1: no case then counts as zero")}
}

func ownParent() finding {
	return finding{"own-parent", say("上级机构不能是自己", "a unit cannot be its own parent"), engine.Text{}}
}

func unknownWord(what engine.Text, near string) finding {
	return finding{"unknown-name", engine.Text{ZH: "规则包没有这个" + what.ZH, EN: "the pack has no such " + what.EN}, maybe(near)}
}

func answerNotAllowed() finding {
	return finding{"answer-not-allowed", say("这一指标不接受“部分”", "this indicator does not take “partly”"), say("写 是 或 否", "write yes or no")}
}

func samePerson() finding {
	return finding{"same-person", say("复核人不能与评分人相同", "the reviewer must not be the scorer"), engine.Text{}}
}

// unitName writes a unit; a bare number has none.
func unitName(u unit.Unit) string {
	if u.String() == "" {
		return "1"
	}
	return u.String()
}
