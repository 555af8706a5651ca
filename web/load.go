package web

import (
	"bytes"
	"cmp"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"kaoping/engine"
	"kaoping/ingest"
	"kaoping/internal/assess"
	"kaoping/reports"
	"kaoping/store"
)

// Bounds of what is loaded through the browser; larger files go through kaoping
// ingest.
const (
	largestUpload = 64 << 20
	keptUploads   = 4 // files that wait to be confirmed
	uploadTime    = 30 * time.Minute
	shownProblems = 200
)

// upload is a file that was looked at and waits to be confirmed.
type upload struct {
	token   string
	who     string
	at      time.Time
	pack    string
	target  string
	source  ingest.Source
	options ingest.Options
}

// uploads are the files that wait. They are kept in memory: what is not confirmed
// is forgotten.
type uploads struct {
	mu   sync.Mutex
	list []*upload
}

func (u *uploads) add(file *upload) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.drop(file.at)
	if len(u.list) >= keptUploads {
		u.list = u.list[1:]
	}
	u.list = append(u.list, file)
}

// find returns the file that somebody sent.
func (u *uploads) find(token, who string, now time.Time) (*upload, error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.drop(now)
	for _, file := range u.list {
		if file.token == token && file.who == who {
			return file, nil
		}
	}
	return nil, notFound("这个文件已不在等待确认:超过半小时,或已入库。请重新选择文件。", "This file no longer waits: it was loaded, or half an hour has passed. Choose it again.")
}

func (u *uploads) drop(now time.Time) {
	u.list = slices.DeleteFunc(u.list, func(f *upload) bool { return now.Sub(f.at) > uploadTime })
}

func (u *uploads) remove(token string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.list = slices.DeleteFunc(u.list, func(f *upload) bool { return f.token == token })
}

// loadForm asks for a file and says what it holds.
func (q *request) loadForm() error {
	p := q.newPage(q.t("导入数据", "Load data"))
	p.Crumbs = q.crumbs(link{Text: q.t("数据", "Data"), Href: "/data"}, link{Text: p.Title})
	pack := cmp.Or(q.query("pack"), q.chosenPlace().Pack)
	data := struct {
		Packs, Targets []option
		Templates      []link
	}{}
	for _, name := range q.packNames() {
		data.Packs = append(data.Packs, option{name, q.packTitle(name), name == pack})
	}
	if newest := q.Desk.Rules().Newest(pack); newest != nil {
		for _, id := range ingest.Targets(newest) {
			data.Targets = append(data.Targets, option{id, q.targetName(pack, id), id == q.query("target")})
			data.Templates = append(data.Templates, link{Text: q.targetName(pack, id), Href: with("/load/template", "pack", pack, "target", id)})
		}
	}
	p.Data = data
	return q.render(p, "load")
}

// template sends a workbook to fill in.
func (q *request) template() error {
	pack := q.Desk.Rules().Newest(q.query("pack"))
	if pack == nil || !ingest.HasTarget(pack, q.query("target")) {
		return engine.ErrNotFound
	}
	var b bytes.Buffer
	if err := ingest.WriteTemplate(&b, pack, q.query("target"), q.lang); err != nil {
		return err
	}
	q.download(pack.Name+"_"+q.targetName(pack.Name, q.query("target"))+".xlsx", reports.XLSX)
	_, err := q.w.Write(b.Bytes())
	return err
}

// previewLoad reads a file and says what loading it would do; nothing is stored.
func (q *request) previewLoad() error {
	file, err := q.uploaded()
	if err != nil {
		return err
	}
	q.uploads.add(file)
	return q.redirect(address("load", file.token))
}

// uploaded takes the file and what was said of it from the form.
func (q *request) uploaded() (*upload, error) {
	if err := q.r.ParseMultipartForm(largestUpload); err != nil {
		var tooBig *http.MaxBytesError
		if errors.As(err, &tooBig) {
			return nil, err
		}
		return nil, badRequest("没有收到文件。", "No file arrived.")
	}
	defer q.r.MultipartForm.RemoveAll()
	content, header, err := q.r.FormFile("file")
	if err != nil {
		return nil, badRequest("请选择一个文件。", "Choose a file.")
	}
	defer content.Close()
	body, err := io.ReadAll(content)
	if err != nil {
		return nil, err
	}
	u := &upload{
		token: rand.Text(), who: q.who.Name, at: time.Now(), pack: q.r.FormValue("pack"), target: q.r.FormValue("target"),
		source:  ingest.Source{Name: filepath.Base(strings.ReplaceAll(header.Filename, `\`, "/")), Data: body},
		options: ingest.Options{Partial: q.r.FormValue("partial") != ""},
	}
	pack := q.Desk.Rules().Newest(u.pack)
	if pack == nil || !ingest.HasTarget(pack, u.target) {
		return nil, badRequest("请选择考评办法和数据种类。", "Choose a scheme and a kind of data.")
	}
	u.target = ingest.TargetID(pack, u.target)
	return u, q.spanOf(u)
}

// spanOf reads the period and the days that a register file covers.
func (q *request) spanOf(u *upload) error {
	var err error
	if s := strings.TrimSpace(q.r.FormValue("period")); s != "" {
		if u.options.Period, err = engine.ParsePeriod(s); err != nil {
			return badRequest("统计期间写成 2025H1、2025、2025Q2 或 2025-06。", "Write the period as 2025H1, 2025, 2025Q2 or 2025-06.")
		}
	}
	for name, day := range map[string]*engine.Date{"from": &u.options.First, "until": &u.options.Last} {
		if s := q.r.FormValue(name); s != "" {
			if *day, err = engine.ParseDate(s); err != nil {
				return badRequest("日期写成 2025-06-30。", "Write dates as 2025-06-30.")
			}
		}
	}
	return nil
}

// read reads a waiting file against the rules and the roster of now.
func (q *request) read(u *upload) (*engine.Batch, *ingest.Report, error) {
	pack := q.Desk.Rules().Newest(u.pack)
	if pack == nil {
		return nil, nil, engine.ErrNotFound
	}
	options := u.options
	var err error
	if options.Subjects, err = q.Desk.DB.Subjects(q.ctx(), u.pack); err != nil {
		return nil, nil, err
	}
	return ingest.Read(pack, u.target, u.source, options)
}

// waiting shows what loading a file would do, and its mistakes.
func (q *request) waiting() error {
	u, err := q.uploads.find(q.r.PathValue("token"), q.who.Name, time.Now())
	if err != nil {
		return err
	}
	batch, report, err := q.read(u)
	if err != nil {
		return err
	}
	p := q.newPage(q.t("导入预览", "Preview of a load"))
	p.Crumbs = q.crumbs(link{Text: q.t("数据", "Data"), Href: "/data"}, link{Text: q.t("导入数据", "Load data"), Href: with("/load", "pack", u.pack, "target", u.target)}, link{Text: u.source.Name})
	p.Subtitle = strings.Join([]string{u.source.Name, q.targetName(u.pack, u.target), q.packTitle(u.pack)}, " · ")
	data := struct {
		Tiles    []tile
		Problems *table
		Broken   *table
		Commit   string
		Refused  string
		Marked   string
		Covered  []string
	}{Tiles: q.previewTiles(batch, report)}
	here := address("load", u.token)
	if len(report.Problems) > 0 {
		data.Problems = p.add(q.problemTable(report))
		data.Marked = here + "/marked"
	}
	if batch != nil {
		data.Commit = here
		data.Covered = q.coveredText(batch)
		broken, err := assess.Breaks(q.ctx(), q.Desk.DB, q.Desk.Rules().Newest(u.pack), batch)
		if err != nil {
			return err
		}
		if len(broken) > 0 {
			data.Broken = p.add(q.brokenTable(broken))
		}
		if slices.ContainsFunc(broken, func(f engine.Finding) bool { return f.Refuse }) {
			data.Commit = ""
			data.Refused = q.t("与规则包的数据核对不符,整个文件不能入库。改正后重新选择。", "The file breaks cross-checks of the pack, so nothing of it can be loaded. Mend it and choose it again.")
		}
	} else {
		data.Refused = q.t("有错误,整个文件不能入库。下载标红的文件,修正后重新选择;或勾选“有误的行不入库”再试。", "The file has mistakes, so nothing of it can be loaded. Download it with the mistakes marked and mend it, or choose it again with “leave bad rows out”.")
	}
	p.Data = data
	return q.render(p, "preview")
}

func (q *request) previewTiles(batch *engine.Batch, report *ingest.Report) []tile {
	tiles := []tile{
		{Label: q.t("数据行", "Rows"), Value: itoa(report.Rows)},
		{Label: q.t("有误的行", "Bad rows"), Value: itoa(report.Bad)},
		{Label: q.t("错误", "Mistakes"), Value: itoa(report.Errors())},
		{Label: q.t("编码", "Encoding"), Value: report.Encoding},
	}
	if report.Bad > 0 {
		tiles[1].Class = "bad"
	}
	if batch != nil {
		facts := len(batch.Subjects) + len(batch.Figures) + len(batch.Records) + len(batch.Judgements)
		tiles = append(tiles, tile{Label: q.t("将入库", "To be loaded"), Value: itoa(facts), More: q.t("与已有相同的不重复", "what is there already is not stored twice"), Class: "good"})
	}
	return tiles
}

// coveredText says for which days a register counts as delivered once it is loaded.
func (q *request) coveredText(batch *engine.Batch) []string {
	var list []string
	for _, c := range batch.Covered {
		if s := q.tf("视为报全 %s 至 %s", "taken to cover %s to %s in full", c.First, c.Last); c.Register != "" && !slices.Contains(list, s) {
			list = append(list, s)
		}
	}
	return list
}

// brokenTable lists the cross-checks that no longer hold with a file.
func (q *request) brokenTable(broken []engine.Finding) *table {
	t := &table{ID: "broken", Caption: q.t("数据核对", "Cross-checks"), Columns: []column{
		{Title: q.t("编码", "Code")}, {Title: q.t("核对", "Check"), Key: true}, {Title: q.t("情况", "State")}, {Title: q.t("说明", "Reason"), Wide: true}, {Title: q.t("依据", "Clause")},
	}}
	for i := range broken {
		f := &broken[i]
		state := cell{Text: q.t("▲ 核实", "▲ to be checked"), Class: "warn"}
		if f.Refuse {
			state = cell{Text: q.t("■ 不予入库", "■ refused"), Class: "bad"}
		}
		says := f.Reason.In(q.lang)
		for _, s := range f.Steps {
			says += "; " + s.In(q.lang)
		}
		t.Rows = append(t.Rows, row{Cells: []cell{txt(f.Subject), txt(f.Name), state, txt(says), txt(f.Cite)}})
	}
	return t
}

// problemTable lists what is wrong with a file, cell by cell.
func (q *request) problemTable(report *ingest.Report) *table {
	t := &table{ID: "problems", Caption: q.t("问题", "Problems"), Columns: []column{
		{Title: q.t("行", "Row"), Right: true}, {Title: q.t("列", "Column")}, {Title: q.t("表头", "Heading"), Key: true}, {Title: q.t("值", "Value")},
		{Title: q.t("问题", "Problem"), Wide: true}, {Title: q.t("提示", "Hint"), Wide: true}, {Title: q.t("名称", "Name")},
	}}
	for i := range report.Problems {
		c := &report.Problems[i]
		if i == shownProblems && q.query("export") == "" {
			t.Notes = append(t.Notes, q.tf("前 %d 处,共 %d 处;导出的文件含全部。", "The first %d of %d; the files hold them all.", shownProblems, len(report.Problems)+report.More))
			break
		}
		where := ""
		if c.Row > 0 {
			where = itoa(c.Row)
		}
		class := "bad"
		if c.Warning {
			class = "warn"
		}
		t.Rows = append(t.Rows, row{Cells: []cell{
			txt(where), txt(strings.TrimSpace(c.Sheet + " " + c.Column)), txt(c.Heading), txt(c.Value), {Text: c.Message.In(q.lang), Class: class}, txt(c.Hint.In(q.lang)), txt(c.Code),
		}})
	}
	return t
}

// markedFile sends the file back with its mistakes in red.
func (q *request) markedFile() error {
	u, err := q.uploads.find(q.r.PathValue("token"), q.who.Name, time.Now())
	if err != nil {
		return err
	}
	_, report, err := q.read(u)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	err = ingest.WriteErrors(&b, u.source, report, q.lang)
	if errors.Is(err, ingest.ErrCannotReturn) {
		return badRequest("这个文件不能写成工作簿。", "This file cannot be written as a workbook.")
	}
	if err != nil {
		return err
	}
	name := strings.TrimSuffix(u.source.Name, filepath.Ext(u.source.Name))
	q.download(name+q.t("_错误.xlsx", "_mistakes.xlsx"), reports.XLSX)
	_, err = q.w.Write(b.Bytes())
	return err
}

// commitLoad stores a file that was looked at.
func (q *request) commitLoad() error {
	u, err := q.uploads.find(q.r.PathValue("token"), q.who.Name, time.Now())
	if err != nil {
		return err
	}
	batch, _, err := q.read(u)
	if err != nil {
		return err
	}
	if batch == nil {
		return fmt.Errorf("load %s: %w", u.source.Name, engine.ErrConflict)
	}
	info, _, err := assess.Load(q.ctx(), q.Desk.DB, q.Desk.Rules().Newest(u.pack), batch, q.actor())
	if err != nil {
		return err
	}
	q.uploads.remove(u.token)
	return q.redirect(address("data", info.ID))
}

// actor names who sends the request, for the audit trail.
func (q *request) actor() store.Actor {
	return store.Actor{Name: cmp.Or(q.who.Name, q.Operator, "web"), Via: "web", From: remoteAddress(q.r)}
}
