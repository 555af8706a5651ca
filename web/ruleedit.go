package web

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"html/template"
	"maps"
	"path"
	"slices"
	"strings"
	"time"

	"kaoping/engine"
	"kaoping/engine/exact"
	"kaoping/internal/desk"
	"kaoping/internal/drafts"
	"kaoping/internal/langserver"
	"kaoping/rules"
	"kaoping/rules/diff"
	"kaoping/rules/impact"
)

// editRoutes are the editor and the drafts it saves.
func editRoutes() []route {
	return []route{
		onGet("/rules/{pack}/edit", EditRules, "规则编辑器", "the rule editor", (*request).editor),
		onPost("/rules/{pack}/edit", EditRules, "检查、测试、保存草稿", "check, test or save what was written", (*request).editorDo),
		onPost("/rules/{pack}/edit/look", EditRules, "编辑时的检查", "what the editor asks for while somebody types", (*request).editorLook),
		onGet("/drafts/{pack}/{draft}", ReadDrafts, "规则草稿", "a draft of rules", (*request).draftPage),
		onGet("/drafts/{pack}/{draft}/file", ReadDrafts, "草稿文件", "a draft as a file", (*request).draftFile),
	}
}

// longestText bounds a rule file, in bytes; longer ones are refused by check too.
const longestText = 1 << 20

// atOnce is how many tests and impacts are computed at one time: they take a
// processor each.
const atOnce = 2

// editing is a file that somebody edits.
type editing struct {
	base *rules.Edition // as the workspace has it
	file string         // name of the file in the tree of packs
	text string
	from drafts.Draft // the draft it began with; zero if with the file itself
}

// openForEdit finds what the address or the form names: a draft, or the edition's
// file.
func (q *request) openForEdit(edition, file, draft string) (*editing, error) {
	e := &editing{}
	var own []rules.Edition
	for _, x := range q.Desk.Rules().Library.Editions() {
		if x.Name == q.r.PathValue("pack") {
			own = append(own, x)
		}
	}
	if len(own) == 0 {
		return nil, notFound("没有这个规则包。", "There is no such rule pack.")
	}
	if draft != "" {
		d, text, err := q.drafts().Find(q.r.PathValue("pack"), draft)
		if err != nil {
			return nil, err
		}
		e.from, e.text = d, text
		for i := range own {
			for _, name := range filesOf(&own[i]) {
				if path.Base(name) == d.File {
					e.base, e.file = &own[i], name
				}
			}
		}
		if e.base == nil {
			return nil, notFound("草稿所改的文件已不在规则库中;可以下载草稿。", "The file that the draft changes is no longer there; the draft can be downloaded.")
		}
		return e, nil
	}
	for i := range own {
		if edition == "" || own[i].Date.String() == edition {
			e.base = &own[i]
		}
	}
	if e.base == nil {
		return nil, notFound("没有这个版本。", "There is no such edition.")
	}
	names := filesOf(e.base)
	e.file = cmp.Or(file, names[0])
	if !slices.Contains(names, e.file) {
		return nil, notFound("这个版本没有这个文件。", "This edition has no such file.")
	}
	e.text = string(cmp.Or(string(e.base.Files[e.file]), string(e.base.Tests[e.file])))
	return e, nil
}

// filesOf lists the rule files of an edition, then its test files.
func filesOf(e *rules.Edition) []string {
	return append(slices.Sorted(maps.Keys(e.Files)), slices.Sorted(maps.Keys(e.Tests))...)
}

func (q *request) drafts() drafts.Folder { return drafts.Folder(q.Drafts) }

// editPage is what the editor's page shows.
type editPage struct {
	Action, Look     string
	Edition, File    string
	Draft            string
	Text             string
	Files            []option
	Periods          []option
	Can              bool // drafts can be saved
	IsTest           bool // it is a file of tests
	Found            *table
	Reads            []readLine
	Tests, Impact    template.HTML
	Drafts           *table
	Errors, Warnings int
	Script, Licences string
}

// readLine is what a line of the file reads as.
type readLine struct {
	Line    int    `json:"line"`
	Text    string `json:"text"`
	Cite    string `json:"cite,omitempty"`
	Heading bool   `json:"heading,omitempty"`
}

// editor opens a file to be edited.
func (q *request) editor() error {
	e, err := q.openForEdit(q.query("edition"), q.query("file"), q.query("draft"))
	if err != nil {
		return err
	}
	return q.renderEditor(e, "", "")
}

// renderEditor shows the editor with what check says, and tests and impact if they
// were asked for.
func (q *request) renderEditor(e *editing, tests, effect template.HTML) error {
	draft := q.Desk.Draft(e.base, e.file, e.text)
	p := q.newPage(q.t("编辑 ", "Edit ") + path.Base(e.file))
	pack := address("rules", e.base.Name)
	p.Crumbs = q.crumbs(link{Text: q.t("规则库", "Rule packs"), Href: "/rules"}, link{Text: q.titleOf(e.base), Href: address("rules", e.base.Name, e.base.Date.String())}, link{Text: q.t("编辑", "Edit")})
	p.Subtitle = q.t("草稿不改变正在使用的规则:", "A draft changes no rule that is in use: ") + e.base.Name + " " + e.base.Date.String()
	p.Wide = true
	data := &editPage{
		Action: pack + "/edit", Look: pack + "/edit/look", Edition: e.base.Date.String(), File: e.file, Draft: e.from.ID, Text: e.text,
		Can: q.Drafts != "", IsTest: e.base.Files[e.file] == nil, Tests: tests, Impact: effect, Script: q.assets.address("editor.js"), Licences: q.assets.address("editor-licenses.txt"),
	}
	for _, name := range filesOf(e.base) {
		data.Files = append(data.Files, option{name, path.Base(name), name == e.file})
	}
	data.Found = q.findings(nil, draft.Diagnostics)
	data.Errors, data.Warnings = count(draft.Diagnostics)
	data.Reads = q.reads(draft)
	runs, err := q.Desk.DB.Runs(q.ctx(), e.base.Name, engine.Period{})
	if err != nil {
		return err
	}
	for _, r := range desk.Latest(runs) {
		data.Periods = append(data.Periods, option{r.Period.String(), r.Period.Title().In(q.lang), r.Period.String() == q.r.FormValue("period")})
	}
	if data.Drafts, err = q.draftTable(e.base.Name); err != nil {
		return err
	}
	p.Data = data
	return q.render(p, "ruleedit")
}

// count counts errors and warnings.
func count(found []rules.Diagnostic) (mistakes, warnings int) {
	for _, d := range found {
		switch d.Level {
		case rules.LevelError:
			mistakes++
		case rules.LevelWarning:
			warnings++
		}
	}
	return mistakes, warnings
}

// reads says what each line of the file reads as. What has no line of its own
// stands where its name is declared, or where its part of the file begins.
func (q *request) reads(d *desk.Draft) []readLine {
	pack := d.Pack()
	if pack == nil || d.Edition.Files[d.Name] == nil {
		return nil // mistakes, or a file of tests
	}
	parts := topLevel(d.Text)
	declared := map[string]int{}
	for _, own := range rules.IndexFiles(map[string][]byte{d.Name: []byte(d.Text)}).Declarations {
		for _, name := range []string{own.ID, own.Name} {
			if name != "" && declared[name] == 0 {
				declared[name] = own.At.Line
			}
		}
	}
	var out []readLine
	last, part := 1, ""
	for i, s := range rules.Sentences(pack, q.lang) {
		if i == 0 || s.File != "" && s.File != d.Name {
			continue
		}
		switch {
		case s.Line > 0:
			last = s.Line
		case s.Part != part && parts[s.Part] > 0:
			last = parts[s.Part]
		case s.Item != "" && declared[s.Item] > last:
			last = declared[s.Item]
		}
		part = s.Part
		out = append(out, readLine{last, s.Text, s.Cite, s.Heading})
	}
	slices.SortStableFunc(out, func(a, b readLine) int { return cmp.Compare(a.Line, b.Line) })
	return out
}

// topLevel finds the lines of the keys that begin at the margin.
func topLevel(text string) map[string]int {
	lines := map[string]int{}
	n := 0
	for line := range strings.SplitSeq(text, "\n") {
		n++
		key, _, ok := strings.Cut(line, ":")
		if ok && key != "" && !strings.ContainsAny(key[:1], " #-\t") && lines[key] == 0 {
			lines[key] = n
		}
	}
	return lines
}

// draftTable lists the drafts of a pack.
func (q *request) draftTable(pack string) (*table, error) {
	list, err := q.drafts().List(pack)
	if err != nil {
		return nil, err
	}
	t := &table{ID: "drafts", Caption: q.t("已保存的草稿", "Saved drafts"), Columns: []column{
		{Title: q.t("保存时间", "Saved"), Key: true}, {Title: q.t("经手", "By")}, {Title: q.t("文件", "File")},
	}, Empty: q.t("还没有草稿。", "There are no drafts yet.")}
	for _, d := range list {
		t.Rows = append(t.Rows, row{Cells: []cell{linked(q.Desk.Clock(d.At), address("drafts", pack, d.ID)), txt(d.Author), txt(d.File)}})
	}
	return t, nil
}

// editorDo does what a button of the form asks for; scripts are not needed.
func (q *request) editorDo() error {
	e, err := q.openForEdit(q.r.FormValue("edition"), q.r.FormValue("file"), "")
	if err != nil {
		return err
	}
	if e.text, err = writtenText(q.r.FormValue("text")); err != nil {
		return err
	}
	switch q.r.FormValue("do") {
	case "save":
		return q.saveDraft(e)
	case "download":
		return q.sendText(path.Base(e.file), []byte(e.text))
	case "test":
		html, err := q.testPanel(q.Desk.Draft(e.base, e.file, e.text))
		if err != nil {
			return err
		}
		return q.renderEditor(e, html, "")
	case "impact":
		html, err := q.impactPanel(q.Desk.Draft(e.base, e.file, e.text), q.r.FormValue("period"))
		if err != nil {
			return err
		}
		return q.renderEditor(e, "", html)
	}
	return q.renderEditor(e, "", "")
}

// writtenText takes a text as forms and scripts send it.
func writtenText(s string) (string, error) {
	if len(s) > longestText {
		return "", &tooLong
	}
	return strings.ReplaceAll(s, "\r\n", "\n"), nil
}

var tooLong = refusal{413, engine.Text{ZH: "规则文件最长 1 MB。", EN: "A rule file has 1 MB at most."}}

// saveDraft keeps the text as a draft; the audit trail says whose it is.
func (q *request) saveDraft(e *editing) error {
	d, err := q.drafts().Save(e.base.Name, e.file, q.actor().Name, e.text, time.Now())
	if err != nil {
		return err
	}
	mistakes, _ := count(q.Desk.Draft(e.base, e.file, e.text).Diagnostics)
	err = q.Desk.DB.Note(q.ctx(), q.actor(), "save draft", d.Path(), map[string]string{
		"pack": e.base.Name, "edition": e.base.Date.String(), "file": e.file, "sha256": sum256(e.text), "mistakes": itoa(mistakes),
	})
	if err != nil {
		return err
	}
	return q.redirect(address("drafts", e.base.Name, d.ID))
}

// lookJSON is what the editor's script asks for.
type lookJSON struct {
	Edition   string `json:"edition"`
	File      string `json:"file"`
	Text      string `json:"text"`
	Want      string `json:"want"` // check, offers, about, tests, impact, format
	Line      int    `json:"line"`
	Character int    `json:"character"`
	Period    string `json:"period"`
}

// checkedJSON answers a check.
type checkedJSON struct {
	Findings []langserver.Finding `json:"findings"`
	Others   []string             `json:"others,omitempty"` // in the edition's other files
	Errors   int                  `json:"errors"`
	Warnings int                  `json:"warnings"`
	Reads    []readLine           `json:"reads,omitempty"` // empty if there are mistakes
}

// panelJSON is a part of the page, made here.
type panelJSON struct {
	HTML template.HTML     `json:"html"`
	At   *langserver.Place `json:"at,omitempty"`
}

// editorLook answers the editor's script. Nothing is stored.
func (q *request) editorLook() error {
	var ask lookJSON
	if err := json.NewDecoder(q.r.Body).Decode(&ask); err != nil {
		return badRequest("编辑器的请求读不懂。", "The editor's request cannot be read.")
	}
	e, err := q.openForEdit(ask.Edition, ask.File, "")
	if err != nil {
		return err
	}
	if e.text, err = writtenText(ask.Text); err != nil {
		return err
	}
	switch ask.Want {
	case "check":
		return q.writeJSON(200, q.checked(q.Desk.Draft(e.base, e.file, e.text)))
	case "offers":
		return q.writeJSON(200, map[string]any{"offers": q.editingOf(e).Offers(ask.Line, ask.Character)})
	case "about":
		about, at := q.editingOf(e).About(ask.Line, ask.Character)
		html, err := q.help.Words(about)
		if err != nil {
			return err
		}
		return q.writeJSON(200, panelJSON{html, &at})
	case "format":
		return q.writeJSON(200, map[string]string{"text": q.editingOf(e).Formatted()})
	case "tests":
		return q.panel(q.testPanel(q.Desk.Draft(e.base, e.file, e.text)))
	case "impact":
		return q.panel(q.impactPanel(q.Desk.Draft(e.base, e.file, e.text), ask.Period))
	}
	return badRequest("want 只能是 check、offers、about、format、tests 或 impact。", "want is check, offers, about, format, tests or impact.")
}

func (q *request) panel(html template.HTML, err error) error {
	if err != nil {
		return err
	}
	return q.writeJSON(200, panelJSON{HTML: html})
}

func (q *request) editingOf(e *editing) *langserver.Editing {
	d := q.Desk.Tree(e.base, e.file, e.text)
	return langserver.Edit(d, e.file, e.text, q.lang)
}

func (q *request) checked(d *desk.Draft) checkedJSON {
	out := checkedJSON{Findings: langserver.Edit(d.Tree, d.Name, d.Text, q.lang).Findings(d.Diagnostics), Reads: q.reads(d)}
	out.Errors, out.Warnings = count(d.Diagnostics)
	for _, f := range d.Diagnostics {
		if f.File != d.Name {
			out.Others = append(out.Others, path.Base(f.File)+":"+itoa(f.Line)+" "+f.Message.In(q.lang))
		}
	}
	return out
}

// inTurn waits until one of few may compute.
func (q *request) inTurn(work func() error) error {
	select {
	case q.computing <- struct{}{}:
		defer func() { <-q.computing }()
		return work()
	case <-q.ctx().Done():
		return q.ctx().Err()
	}
}

// fragment renders a part of a page.
func (q *request) fragment(view string, data any) (template.HTML, error) {
	var b bytes.Buffer
	err := q.views[q.lang].byName["ruleedit"].ExecuteTemplate(&b, view, data)
	return template.HTML(b.String()), err
}

// shownFailures is how many failures stand beside a text; the first ones say
// enough.
const shownFailures = 20

// testPanel runs the tests of a draft.
func (q *request) testPanel(d *desk.Draft) (template.HTML, error) {
	data := struct {
		Mistakes bool
		Tests    *rules.PackTests
		Failures []rules.TestFailure
		More     int // that are not shown
		Missed   []string
		State    string
	}{Mistakes: d.Pack() == nil}
	err := q.inTurn(func() error { data.Tests = d.Tests(); return nil })
	if err != nil {
		return "", err
	}
	if t := data.Tests; t != nil {
		switch {
		case t.Failed > 0 || t.Mistakes > 0:
			data.State = q.testWord(testsFail)
		case t.Tests == 0:
			data.State = q.testWord(testsNone)
		default:
			data.State = q.testWord(testsPass)
		}
		data.Failures = t.Failures[:min(len(t.Failures), shownFailures)]
		data.More = len(t.Failures) - len(data.Failures)
		if t.Coverage != nil {
			for _, m := range t.Coverage.Missed {
				data.Missed = append(data.Missed, m.Item+" · "+m.What.In(q.lang))
			}
		}
	}
	return q.fragment("tests", data)
}

// impactPanel says what a draft does to the results of a period, as kaoping impact
// does.
func (q *request) impactPanel(d *desk.Draft, text string) (template.HTML, error) {
	data := struct {
		Mistakes bool
		Title    string
		Causes   []link
		Lacking  []string
		Groups   []impactGroup
	}{Mistakes: d.Pack() == nil}
	if data.Mistakes {
		return q.fragment("impact", data)
	}
	period, err := engine.ParsePeriod(text)
	if err != nil {
		return "", badRequest("请选择一个已计算过的统计期间。", "Choose a period that was scored.")
	}
	run, err := q.Desk.Open(q.ctx(), q.r.PathValue("pack"), period, "")
	if err != nil {
		return "", err
	}
	var x *impact.Impact
	err = q.inTurn(func() error { x, err = q.Desk.Impact(q.ctx(), run, d); return err })
	if err != nil {
		return "", cannotScore(err)
	}
	data.Title = q.tf("%s:现行规则 → 草稿,按运行 %s 的数据", "%s: present rules → draft, on the data of run %s", period.Title().In(q.lang), run.Stored.ID)
	for i, c := range x.Causes {
		var says []string
		for _, change := range c.Changes {
			says = append(says, change.Text.In(q.lang))
		}
		data.Causes = append(data.Causes, link{ID: itoa(i + 1), Text: c.Title().In(q.lang), Title: strings.Join(says, "; ")})
	}
	for _, l := range x.Lacking {
		data.Lacking = append(data.Lacking, l.Noun.In(q.lang)+" "+l.Name)
	}
	for i := range x.Groups {
		data.Groups = append(data.Groups, q.impactGroup(x, &x.Groups[i]))
	}
	return q.fragment("impact", data)
}

// cannotScore says that a draft fails on the data; what stops on the way to the
// reader stays what it is.
func cannotScore(err error) error {
	var say speaker
	if errors.As(err, &say) || errors.Is(err, engine.ErrNotFound) {
		return err
	}
	return &refusal{409, engine.Text{ZH: "草稿不能用这一期的数据计算:" + err.Error(), EN: "The draft cannot be scored on the data of this period: " + err.Error()}}
}

type impactGroup struct {
	Sum   string
	Table *table
}

// impactGroup lists what becomes of a peer group.
func (q *request) impactGroup(x *impact.Impact, g *impact.Group) impactGroup {
	out := impactGroup{Sum: q.tf("变动 %d 家,名次变动 %d 家,等级变动 %d 家", "moved: %d, rank changed: %d, rating changed: %d", g.Moved, g.Ranks, g.Crossings.Any())}
	t := &table{ID: "impact-" + g.ID, Caption: g.Title.In(q.lang), Columns: []column{
		{Title: q.t("机构", "Subject"), Key: true}, {Title: q.t("现行", "Now"), Right: true}, {Title: q.t("草稿", "Draft"), Right: true}, {Title: q.t("变动", "Move"), Right: true},
		{Title: q.t("名次", "Rank"), Center: true}, {Title: q.t("等级", "Rating"), Center: true}, {Title: q.t("原因", "Because"), Wide: true},
	}}
	for i := range x.Subjects {
		s := &x.Subjects[i]
		if s.PeerGroup != g.ID {
			continue
		}
		move := cell{Text: dash}
		if s.Move != nil {
			move.Text, move.Class = signedNumber(*s.Move), map[int]string{-1: "neg", 1: "good"}[s.Move.Sign()]
		}
		t.Rows = append(t.Rows, row{Cells: []cell{txt(s.Name), txt(q.standing(s.Before)), txt(q.standing(s.After)), move,
			txt(fromTo(rankWord(s.Before.Rank), rankWord(s.After.Rank))), txt(fromTo(cmp.Or(s.Before.Rating, dash), cmp.Or(s.After.Rating, dash))), txt(because(s))}})
	}
	out.Table = t
	return out
}

func (q *request) standing(s impact.Standing) string {
	if s.Value == nil {
		return s.Reason.In(q.lang)
	}
	return s.Value.Shortest(4)
}

func rankWord(rank int) string {
	if rank == 0 {
		return dash
	}
	return itoa(rank)
}

func fromTo(before, after string) string {
	if before == after {
		return before
	}
	return before + " → " + after
}

func signedNumber(n exact.Num) string {
	if n.Sign() > 0 {
		return "+" + n.Shortest(4)
	}
	return n.Shortest(4)
}

// because lists the lines that moved with the numbers of their causes.
func because(s *impact.Subject) string {
	var lines []string
	for _, it := range s.Items {
		for _, share := range it.Because {
			var causes []string
			for _, c := range share.Causes {
				causes = append(causes, itoa(c+1))
			}
			lines = append(lines, it.Name+" "+signedNumber(share.Move)+" ["+strings.Join(causes, ",")+"]")
		}
	}
	return strings.Join(lines, "; ")
}

// draftPage shows a draft beside the edition that it would change.
func (q *request) draftPage() error {
	pack, id := q.r.PathValue("pack"), q.r.PathValue("draft")
	saved, text, err := q.drafts().Find(pack, id)
	if err != nil {
		return err
	}
	p := q.newPage(q.t("草稿 ", "Draft of ") + saved.File)
	p.Crumbs = q.crumbs(link{Text: q.t("规则库", "Rule packs"), Href: "/rules"}, link{Text: q.packTitle(pack), Href: address("rules", pack)}, link{Text: p.Title})
	p.Subtitle = q.tf("%s · %s 保存于 %s", "%s · saved by %s at %s", pack, saved.Author, q.Desk.Clock(saved.At))
	p.Banner = q.t("草稿不改变正在使用的规则,也不改变任何结果。", "A draft changes neither the rules in use nor any result.")
	p.Actions = []link{{Text: q.t("下载", "Download"), Href: address("drafts", pack, id) + "/file", Download: true}}
	data := struct {
		Facts   []link
		Found   *table
		Changes *table
		Adopt   []string
		Gone    bool
	}{}
	data.Facts = []link{
		{Text: q.t("服务器上的文件", "File on the server"), Title: path.Join(path.Base(q.Drafts), saved.Path())},
		{Text: "SHA-256", Title: sum256(text)},
	}
	e, err := q.openForEdit("", "", id)
	if errors.Is(err, engine.ErrNotFound) || e == nil {
		data.Gone = true
		p.Data = data
		return q.render(p, "draft")
	}
	if q.may(EditRules) {
		p.Actions = append([]link{{Text: q.t("继续编辑", "Go on editing"), Href: with(address("rules", pack, "edit"), "draft", id)}}, p.Actions...)
	}
	draft := q.Desk.Draft(e.base, e.file, text)
	mistakes, warnings := count(draft.Diagnostics)
	data.Facts = append(data.Facts, link{Text: q.t("检查", "Check"), Title: q.tf("%d 处错误,%d 处警告", "errors: %d, warnings: %d", mistakes, warnings)})
	if err := q.inTurn(func() error {
		if t := draft.Tests(); t != nil {
			data.Facts = append(data.Facts, link{Text: q.t("测试", "Tests"), Title: itoa(t.Tests-t.Failed) + "/" + itoa(t.Tests)})
		}
		return nil
	}); err != nil {
		return err
	}
	data.Found = p.add(q.findings(nil, draft.Diagnostics))
	data.Changes = p.add(q.changesOf(q.Desk.Changes(e.base, draft), q.t("与现行规则相比", "Against the rules in use")))
	if data.Adopt, err = q.adoption(e, saved); err != nil {
		return err
	}
	p.Data = data
	return q.render(p, "draft")
}

// changesOf says what a draft, or an edition, changes.
func (q *request) changesOf(changes []diff.Change, title string) *table {
	t := &table{ID: "changes", Caption: title, Columns: []column{
		{Title: q.t("规则", "Rule"), Key: true}, {Title: q.t("改动", "Change"), Wide: true}, {Title: q.t("后果", "Effect")}, {Title: q.t("原来读作", "Read before as"), Wide: true}, {Title: q.t("现在读作", "Reads now as"), Wide: true}, {Title: q.t("行", "Line"), Right: true},
	}, Empty: q.t("完全相同。", "The same, to the byte.")}
	for _, c := range changes {
		line := dash
		if c.Is != nil {
			line = itoa(c.Is.Line)
		}
		effect := cell{Text: c.Effect.Words().In(q.lang)}
		if c.Effect == diff.Scores {
			effect.Class = "warn"
		}
		t.Rows = append(t.Rows, row{Cells: []cell{txt(c.Owner.Title().In(q.lang)), txt(c.Text.In(q.lang)), effect, txt(cmp.Or(c.SaidBefore.In(q.lang), dash)), txt(cmp.Or(c.SaidAfter.In(q.lang), dash)), txt(line)}})
	}
	return t
}

// adoption says how a draft becomes the rules.
func (q *request) adoption(e *editing, saved drafts.Draft) ([]string, error) {
	runs, err := q.Desk.DB.Runs(q.ctx(), saved.Pack, engine.Period{})
	if err != nil {
		return nil, err
	}
	from, folder := path.Join(path.Base(q.Drafts), saved.Path()), path.Join("packs", path.Dir(e.file))
	var steps []string
	if latest := desk.Latest(runs); len(latest) > 0 {
		steps = append(steps, "kaoping impact "+from+" --pack "+saved.Pack+" --period "+latest[0].Period.String())
	}
	return append(steps, "cp "+from+" "+path.Join("packs", e.file), "kaoping check "+folder+" && kaoping test "+folder), nil
}

// draftFile sends a draft under the name of the file that it would replace.
func (q *request) draftFile() error {
	saved, text, err := q.drafts().Find(q.r.PathValue("pack"), q.r.PathValue("draft"))
	if err != nil {
		return err
	}
	return q.sendText(saved.File, []byte(text))
}

func sum256(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}
