package reports

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"kaoping/engine"
)

// Document is one stored run with everything that its reports show.
type Document struct {
	Pack     *engine.Pack
	Result   *engine.Result
	Previous *engine.Result   // of 上期, as the pack defines it; nil if there is none
	History  []*engine.Result // earlier periods, oldest first
	// Explain unfolds a line; nil leaves the columns that need it empty.
	Explain func(subject, item string) (*engine.Explanation, error)
	Facts   *engine.Facts
	// OutOfDate says what was stored since of the results that this one rests on.
	OutOfDate []engine.Text
	Run       RunStamp
	Version   string // of the program
	Lang      engine.Lang
}

// RunStamp names the run that a report shows. Times are printed as they are.
type RunStamp struct {
	ID       string
	Revision int
	MadeAt   string
	By       string
	AsOf     string // the cut-off of the data
}

// The formats of a report.
const (
	XLSX = "xlsx"
	CSV  = "csv"
	JSON = "json"
	HTML = "html"
	PDF  = "pdf"
)

// WriteScorecard writes the scorecard of one subject in the format "xlsx",
// "csv", "json", "html" or "pdf". It fails with engine.ErrNotFound if the result has no
// such scorecard.
func WriteScorecard(w io.Writer, d *Document, subject, format string) error {
	v, err := newCardView(d, subject)
	if err != nil {
		return err
	}
	switch format {
	case XLSX, HTML, PDF:
		return v.book().write(w, format)
	case CSV:
		return writeCSV(w, v.csv())
	case JSON:
		return writeJSON(w, v.json())
	}
	return unknownFormat(format)
}

// WriteRanking writes the ranking of a peer group ("" means all assessed) in the
// format "xlsx", "csv", "json", "html" or "pdf". It fails with engine.ErrNotFound if
// the pack has no such peer group.
func WriteRanking(w io.Writer, d *Document, peerGroup, format string) error {
	v, err := newRankingView(d, peerGroup)
	if err != nil {
		return err
	}
	switch format {
	case XLSX, HTML, PDF:
		return v.book().write(w, format)
	case CSV:
		return writeCSV(w, v.csv())
	case JSON:
		return writeJSON(w, v.json())
	}
	return unknownFormat(format)
}

func unknownFormat(format string) error {
	return fmt.Errorf("unknown report format %q (xlsx, csv, json, html or pdf)", format)
}

// CheckCode is a short code that ties a printed page to the stored result: the
// first 32 bits of its digest, 7F3A-2C91.
func CheckCode(d *Document) string { return CheckCodeOf(d.Result.Digest()) }

// CheckCodeOf is the check code of a result with that digest, which is 64
// hexadecimal digits.
func CheckCodeOf(digest string) string {
	digest = strings.ToUpper(digest)
	return digest[:4] + "-" + digest[4:8]
}

// say picks the sentence of the document's language.
func (d *Document) say(zh, en string) string { return engine.Text{ZH: zh, EN: en}.In(d.Lang) }

func (d *Document) in(t engine.Text) string { return t.In(d.Lang) }

// bracket writes a remark behind a word: 变化率(%), change (%).
func (d *Document) bracket(word, remark string) string {
	if remark == "" {
		return word
	}
	return d.say(word+"("+remark+")", word+" ("+remark+")")
}

// list joins words: a、b, a, b.
func (d *Document) list(words []string) string { return strings.Join(words, d.say("、", ", ")) }

// groupTitle returns the title of a peer group; of "" it means all.
func (d *Document) groupTitle(id string) string {
	for _, g := range d.Pack.PeerGroups {
		if g.ID == id && !g.Title.IsZero() {
			return d.in(g.Title)
		}
	}
	if id == "" {
		return d.say("全部", "all")
	}
	return id
}

// revision is printed as v1; runs that were not stored count as the first.
func (d *Document) revision() string { return fmt.Sprintf("v%d", max(d.Run.Revision, 1)) }

// asOf is the cut-off of the data.
func (d *Document) asOf() string {
	if d.Run.AsOf == "" && d.Facts != nil {
		return d.Facts.AsOf
	}
	return d.Run.AsOf
}

// openAssumptions lists the ids of what the pack assumes and nobody confirmed.
func (d *Document) openAssumptions() []string {
	var ids []string
	for _, a := range d.Pack.Assumptions {
		if a.State != "settled" {
			ids = append(ids, a.ID)
		}
	}
	return ids
}

// banner warns on every sheet while the method is not settled; empty otherwise.
func (d *Document) banner() string {
	if open := d.openAssumptions(); len(open) > 0 {
		return fmt.Sprintf(d.say("草案:评分办法含待确认的假设(%s),结果仅供内部核对,不得作为正式结果使用",
			"DRAFT: the method contains assumptions that are not confirmed (%s); for internal checking only, not an official result"), d.list(runs(open)))
	}
	switch d.Result.Status {
	case "draft":
		return d.say("草案:评分办法尚未批准,不得作为正式结果使用", "DRAFT: the method is not approved; not an official result")
	case "trial":
		return d.say("试行:评分办法在试行期内", "TRIAL: the method is on trial")
	}
	return ""
}

// runs joins neighbours: A1, A2, A3, A7 becomes A1–A3, A7.
func runs(ids []string) []string {
	var out []string
	for i := 0; i < len(ids); {
		j := i
		for j+1 < len(ids) && follows(ids[j], ids[j+1]) {
			j++
		}
		switch {
		case j > i+1:
			out = append(out, ids[i]+"–"+ids[j])
		default:
			out = append(out, ids[i:j+1]...)
		}
		i = j + 1
	}
	return out
}

// follows reports whether b is the id after a: A10 after A9.
func follows(a, b string) bool {
	letters := strings.TrimRight(a, "0123456789")
	n, err := strconv.Atoi(a[len(letters):])
	return err == nil && b == letters+strconv.Itoa(n+1)
}

// packStatus is the pack's status in words.
func (d *Document) packStatus() string {
	switch d.Result.Status {
	case "draft":
		return d.say("草案", "draft")
	case "trial":
		return d.say("试行", "trial")
	case "in force":
		return d.say("施行", "in force")
	}
	return d.Result.Status
}

// days writes a period as its days: 2025年1月1日至6月30日.
func (d *Document) days() string {
	first, last := d.Result.Period.First, d.Result.Period.Last
	if d.Lang == engine.English {
		return first.String() + " to " + last.String()
	}
	return fmt.Sprintf("%d年%d月%d日至%d月%d日", first.Year, first.Month, first.Day, last.Month, last.Day)
}

// trust is the line of marks by which a printed page is traced and verified.
func (d *Document) trust() string {
	return strings.Join([]string{
		d.say("数据截止 ", "data as of ") + orDash(d.asOf()),
		d.say("规则 ", "rules ") + fmt.Sprintf("%s %s", d.Result.Pack, d.Result.Edition) + d.say("(", " (") + short(d.Result.Hash) + ")",
		d.say("快照 ", "snapshot ") + orDash(d.Result.Snapshot),
		d.say("运行 ", "run ") + orDash(d.Run.ID),
		d.say("校验码 ", "check code ") + CheckCode(d),
		d.say("版本 ", "version ") + d.revision(),
	}, " · ")
}

// made says which program made the file, when and for whom.
func (d *Document) made() string {
	parts := []string{fmt.Sprintf(d.say("本表由 kaoping %s 生成", "Made by kaoping %s"), orDash(d.Version))}
	if d.Run.MadeAt != "" {
		parts = append(parts, d.say("生成时间 ", "at ")+d.Run.MadeAt)
	}
	if d.Run.By != "" {
		parts = append(parts, d.say("操作人 ", "by ")+d.Run.By)
	}
	return strings.Join(parts, " · ")
}

// signatures is the line that is signed by hand.
func (d *Document) signatures() string {
	return d.say("评分人:____________ 日期:____________    复核人:____________ 日期:____________    批准:____________ 日期:____________",
		"Scored by: ____________ Date: ____________    Reviewed by: ____________ Date: ____________    Approved by: ____________ Date: ____________")
}

// heading is the pack's title with the name of the form: …考评 + 评分卡.
func (d *Document) heading(zh, en string) string {
	title := d.in(d.Pack.Title)
	if d.Lang == engine.English {
		if strings.HasSuffix(title, en) {
			return title
		}
		return title + ": " + en
	}
	if strings.HasPrefix(zh, "排名") {
		title = strings.TrimSuffix(title, "排名")
	}
	for _, suffix := range []string{"实施细则", "细则", "办法"} {
		title = strings.TrimSuffix(title, suffix)
	}
	return title + zh
}

// dash stands for a value that is not there. Its reason is in the remarks.
const dash = "—"

func orDash(s string) string {
	if s == "" {
		return dash
	}
	return s
}

func short(hash string) string {
	if len(hash) > 8 {
		return hash[:8] + "…"
	}
	return orDash(hash)
}
