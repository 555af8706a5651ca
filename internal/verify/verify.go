// Package verify checks that a file is what the program writes of a stored run. It
// finds the run by the marks in the file, writes the file again from the store and
// compares the two, cell by cell.
package verify

import (
	"bytes"
	"context"
	"fmt"
	"regexp"
	"strings"

	"kaoping/engine"
	"kaoping/internal/desk"
	"kaoping/reports"
	"kaoping/store"
)

// Verdict is what a check says.
type Verdict string

// The verdicts.
const (
	Fits    Verdict = "fits"           // all of its contents are those of a stored run
	Differs Verdict = "differs"        // it names a stored run, but says something else
	Untold  Verdict = "cannot be told" // no stored run is found that it could be compared with
)

// Report is the outcome of a check.
type Report struct {
	Verdict Verdict     `json:"verdict"`
	Why     engine.Text `json:"why,omitzero"` // why nothing can be told, or what to bear in mind
	Format  string      `json:"format"`

	Document  string `json:"document,omitempty"` // scorecard or ranking
	About     string `json:"about,omitempty"`    // the subject or the peer group
	Language  string `json:"language,omitempty"`
	Pack      string `json:"pack,omitempty"`
	Edition   string `json:"edition,omitempty"`
	Hash      string `json:"hash,omitempty"`
	Period    string `json:"period,omitempty"`
	Run       string `json:"run,omitempty"`
	Revision  int    `json:"revision,omitempty"`
	Newest    int    `json:"newest_revision,omitempty"` // of the same pack and period
	AsOf      string `json:"data_as_of,omitempty"`
	Digest    string `json:"digest,omitempty"`
	CheckCode string `json:"check_code,omitempty"`

	Compared    int          `json:"compared"` // cells, values, lines or pages
	Differences []Difference `json:"differences,omitempty"`
}

// Difference is one place where file and store part. An empty text means that there
// is nothing at that place.
type Difference struct {
	Place  string `json:"place"` // sheet!cell, cell, path of a JSON, line, page
	Stored string `json:"stored"`
	File   string `json:"file"`
}

// File checks the bytes of a file against the store of the desk. An error means that
// the store could not be asked; what the file lacks is in the report.
func File(ctx context.Context, d *desk.Desk, data []byte) (*Report, error) {
	format := formatOf(data)
	file, err := contents(format, data)
	if err != nil {
		return untold(format, "这不是本程序写出的文件,或者已经损坏:"+err.Error(), "not a file that this program writes, or a damaged one: "+err.Error()), nil
	}
	words := wordsOf(format, data, file)
	runs, err := d.DB.Runs(ctx, "", engine.Period{})
	if err != nil {
		return nil, err
	}
	var best *Report
	for _, run := range bearing(runs, words) {
		r, err := against(ctx, d, run, format, data, file, words)
		if err != nil {
			return nil, err
		}
		best = closer(best, r)
		if best != nil && best.Verdict == Fits {
			break
		}
	}
	if best == nil {
		return nobody(format, runs, words), nil
	}
	for _, run := range runs {
		if run.Pack == best.Pack && run.Period.String() == best.Period {
			best.Newest = max(best.Newest, run.Revision)
		}
	}
	return best, nil
}

func untold(format, zh, en string) *Report {
	return &Report{Verdict: Untold, Format: format, Why: engine.Text{ZH: zh, EN: en}}
}

// wordsOf is what the marks are looked for in.
func wordsOf(format string, data []byte, file []piece) string {
	switch format {
	case reports.PDF:
		return pdfWords(data)
	case reports.HTML, reports.JSON:
		return string(data)
	}
	words := make([]string, len(file))
	for i, p := range file {
		words[i] = p.value
	}
	return strings.Join(words, "\n")
}

// bearing are the runs whose check code the file bears; those whose number it bears
// too come first, since the same data give the same code again.
func bearing(runs []store.Run, words string) []store.Run {
	var named, others []store.Run
	for _, run := range runs {
		switch {
		case !strings.Contains(words, reports.CheckCodeOf(run.Digest)):
		case strings.Contains(words, run.ID):
			named = append(named, run)
		default:
			others = append(others, run)
		}
	}
	return append(named, others...)
}

var runNumber = regexp.MustCompile(`R-\d{6,}`)

// nobody says why no run was found.
func nobody(format string, runs []store.Run, words string) *Report {
	numbers := runNumber.FindAllString(words, -1)
	for _, run := range runs {
		for _, n := range numbers {
			if n == run.ID {
				return untold(format, fmt.Sprintf("文件写着运行 %s,本库的 %[1]s 校验码为 %s,文件里没有这个校验码:文件出自另一个库,或者校验码被改过。", n, reports.CheckCodeOf(run.Digest)),
					fmt.Sprintf("the file names run %s; in this store %[1]s has the check code %s, which the file does not bear: it comes from another store, or its check code was changed.", n, reports.CheckCodeOf(run.Digest)))
			}
		}
	}
	if len(numbers) > 0 {
		return untold(format, "文件写着运行 "+numbers[0]+",本库没有这次运行:文件出自另一个库,或者这些标记被改过。",
			"the file names run "+numbers[0]+", which this store does not have: it comes from another store, or its marks were changed.")
	}
	return untold(format, "文件里找不到运行编号和校验码:不是本程序写出的评分卡或排名,或者标记被删掉了。",
		"the file bears no run number and no check code: not a scorecard or ranking of this program, or its marks were removed.")
}

// draft is a file that the run may have given.
type draft struct {
	document, about string
	lang            engine.Lang
}

// against compares a file with what a run gives, and returns the closest; nil if
// there is nothing that it could be.
func against(ctx context.Context, d *desk.Desk, run store.Run, format string, data []byte, file []piece, words string) (*Report, error) {
	opened, err := d.Open(ctx, run.Pack, run.Period, run.ID)
	if err != nil {
		return nil, err
	}
	made := madeBy(words)
	var best *Report
	for _, lang := range []engine.Lang{engine.Chinese, engine.English} {
		doc, err := d.Document(ctx, opened, lang)
		if err != nil {
			return nil, err
		}
		if made != "" {
			doc.Version = made
		}
		for _, c := range drafts(opened, lang, words) {
			r, err := c.compare(doc, format, data, file)
			if err != nil {
				return nil, err
			}
			if best = closer(best, r); best.Verdict == Fits {
				break
			}
		}
		if best != nil && best.Verdict == Fits {
			break
		}
	}
	if best == nil {
		return nil, nil
	}
	best.Pack, best.Edition, best.Hash, best.Period = run.Pack, run.Edition.String(), run.Hash, run.Period.String()
	best.Run, best.Revision, best.AsOf, best.Digest = run.ID, run.Revision, run.AsOf, run.Digest
	best.CheckCode = reports.CheckCodeOf(run.Digest)
	if made != "" && made != d.Version && best.Verdict == Differs {
		best.Verdict = Untold
		best.Why = engine.Text{
			ZH: fmt.Sprintf("文件写着由 kaoping %s 生成,本程序为 %s,两个版本的版式可能不同,下列不同之处未必是改动;请用 %[1]s 核验。", made, d.Version),
			EN: fmt.Sprintf("the file says that it was made by kaoping %s, this is %s: the layout of the two may differ, so what follows need not be an alteration; verify it with %[1]s.", made, d.Version),
		}
	}
	return best, nil
}

// drafts are the files of a run in a language that the file could be.
func drafts(r *desk.Run, lang engine.Lang, words string) []draft {
	mark := map[engine.Lang]string{engine.Chinese: "校验码", engine.English: "check code"}
	if other := mark[theOther(lang)]; strings.Contains(words, other) && !strings.Contains(words, mark[lang]) {
		return nil
	}
	list := []draft{{"ranking", "", lang}}
	for _, g := range r.Groups() {
		list = append(list, draft{"ranking", g.ID, lang})
	}
	for i := range r.Result.Scorecards {
		if c := &r.Result.Scorecards[i]; strings.Contains(words, c.Subject) || strings.Contains(words, c.Name) {
			list = append(list, draft{"scorecard", c.Subject, lang})
		}
	}
	return list
}

func theOther(lang engine.Lang) engine.Lang {
	if lang == engine.Chinese {
		return engine.English
	}
	return engine.Chinese
}

// compare writes the file again and compares it with the one in hand.
func (c *draft) compare(doc *reports.Document, format string, data []byte, file []piece) (*Report, error) {
	var b bytes.Buffer
	write := reports.WriteScorecard
	if c.document == "ranking" {
		write = reports.WriteRanking
	}
	if err := write(&b, doc, c.about, format); err != nil {
		return nil, err
	}
	stored, err := contents(format, b.Bytes())
	if err != nil {
		return nil, err
	}
	r := &Report{Verdict: Fits, Format: format, Document: c.document, About: c.about, Language: string(c.lang), Compared: len(stored)}
	if bytes.Equal(b.Bytes(), data) {
		return r, nil
	}
	if r.Differences = compare(stored, file); len(r.Differences) > 0 {
		r.Verdict = Differs
		r.Why = engine.Text{
			ZH: "上期得分、趋势和“已过期”的提示出自其他运行:它们此后若重算过,这些单元格也会不同。",
			EN: "points of the last period, trends and warnings of what is out of date rest on other runs: if those were computed again since, these cells differ too.",
		}
	}
	return r, nil
}

// closer returns the report with fewer differences, the first if they have as many.
func closer(a, b *Report) *Report {
	if a == nil || b != nil && len(b.Differences) < len(a.Differences) {
		return b
	}
	return a
}

var (
	madeBySentence = regexp.MustCompile(`(?:由 |by )kaoping ([^\s<]+)`)
	madeByJSON     = regexp.MustCompile(`"program_version": *"([^"]*)"`)
	madeByRow      = regexp.MustCompile(`\n[0-9A-F]{4}-[0-9A-F]{4}\n([^\n]+)`)
)

// madeBy is the version of the program that a file names; empty if it names none.
func madeBy(words string) string {
	for _, form := range []*regexp.Regexp{madeByJSON, madeBySentence, madeByRow} {
		if m := form.FindStringSubmatch(words); m != nil {
			return m[1]
		}
	}
	return ""
}
