package web

import (
	"slices"
	"strings"

	"kaoping/reports"
)

// downloads lists every file that there is of a run.
func (q *request) downloads() error {
	o, err := q.open()
	if err != nil {
		return err
	}
	p := q.resultPage(o, q.t("下载", "Downloads"))
	p.Crumbs = q.crumbs(link{Text: q.t("排名", "Ranking"), Href: o.path("rank")}, link{Text: p.Title})
	data := struct{ Rankings, Cards *table }{}
	columns := func(first string) []column {
		return []column{{Title: q.t("编码", "Code")}, {Title: first, Key: true}, {Title: q.t("文件", "Files")}}
	}
	rankings := &table{ID: "rankings", Caption: q.t("排名", "Rankings"), Columns: columns(q.t("同业组", "Peer group"))}
	groups := []string{""}
	if !o.Pack.Ranking.AllAssessed {
		groups = nil
		for _, g := range o.Groups() {
			groups = append(groups, g.ID)
		}
	}
	for _, g := range groups {
		name := q.t("全部", "all")
		if g != "" {
			name = o.groupTitle(g)
		}
		rankings.Rows = append(rankings.Rows, row{Cells: []cell{txt(g), txt(name), {More: q.rankingFiles(o, g)}}})
	}
	cards := &table{ID: "cards", Caption: q.t("评分卡", "Scorecards"), Columns: columns(q.t("机构", "Subject")), Empty: q.t("没有评分卡。", "There are no scorecards.")}
	for _, c := range o.cards("") {
		cards.Rows = append(cards.Rows, row{Cells: []cell{txt(c.Subject), linked(c.Name, o.path("s", c.Subject)), {More: q.cardFiles(o, c)}}})
	}
	data.Rankings, data.Cards = p.add(rankings), p.add(cards)
	p.Data = data
	return q.render(p, "downloads")
}

// fileFormats are what the pages offer of a report, the workbook first.
var fileFormats = []string{reports.XLSX, reports.PDF, reports.CSV, reports.JSON, reports.HTML}

// reportLinks leads to a report in every format.
func (q *request) reportLinks(workbook string, path string, pairs ...string) []link {
	var list []link
	for _, format := range fileFormats {
		l := link{Text: strings.ToUpper(format), Download: format != reports.HTML, Href: with(path, append(slices.Clone(pairs), "format", format)...)}
		switch format {
		case reports.XLSX:
			l.Text = workbook
		case reports.HTML:
			l.Text = q.t("打印版", "Print version")
		}
		list = append(list, l)
	}
	return list
}
