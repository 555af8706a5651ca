package web

import (
	"slices"
	"time"

	"kaoping/engine"
	"kaoping/engine/calendar"
)

// workingDays shows the calendars that the schemes count by: a year of days, and
// which are off or worked instead.
func (q *request) workingDays() error {
	p := q.newPage(q.t("日历", "Calendar"))
	p.Crumbs = q.crumbs(link{Text: p.Title})
	data := struct {
		Years  []link
		Months []monthGrid
		Facts  []link
		Used   *table
		None   bool
	}{}
	days, file := q.calendarInUse()
	if days == nil {
		data.None = true
		p.Data = data
		return q.render(p, "calendar")
	}
	year, _ := formulaInt(q.query("year"))
	years := days.Years()
	if !slices.Contains(years, year) {
		year = nearest(years, time.Now().In(q.Desk.Location).Year())
	}
	for _, y := range years {
		data.Years = append(data.Years, link{Text: itoa(y), Href: q.here("year", itoa(y)), Here: y == year})
	}
	grid, working, odd := q.yearGrid(days, year)
	data.Months = grid
	p.Subtitle = q.tf("%d 年:工作日 %d 天", "%d: %d working days", year, working)
	for _, span := range days.Office() {
		data.Facts = append(data.Facts, link{Text: q.t("办公时间", "Office hours"), Title: clockText(span.From) + "–" + clockText(span.To)})
	}
	data.Facts = append(data.Facts, link{Text: q.t("文件", "File"), Title: file})
	data.Used = p.add(odd)
	p.add(q.calendarUsers())
	p.Data = data
	return q.render(p, "calendar")
}

// calendarInUse is the calendar of the scheme of the last results, or of the first
// scheme that has one.
func (q *request) calendarInUse() (*calendar.Calendar, string) {
	at := q.chosenPlace()
	var days *calendar.Calendar
	var file string
	for _, p := range q.Desk.Rules().Library.Packs() {
		if p.Calendar != nil && (days == nil || p.Name == at.Pack) {
			days, file = p.Calendar, p.CalendarFile
		}
	}
	return days, file
}

// calendarUsers lists the schemes that count working days.
func (q *request) calendarUsers() *table {
	t := &table{ID: "users", Caption: q.t("按工作日计算的办法", "Schemes that count working days"), Columns: []column{{Title: q.t("办法", "Scheme"), Key: true}, {Title: q.t("日历", "Calendar")}}}
	for _, name := range q.packNames() {
		if p := q.Desk.Rules().Newest(name); p != nil && p.Calendar != nil {
			t.Rows = append(t.Rows, row{Cells: []cell{txt(p.Title.In(q.lang)), txt(p.CalendarFile)}})
		}
	}
	return t
}

func nearest(years []int, want int) int {
	best := 0
	for _, y := range years {
		if best == 0 || abs(y-want) < abs(best-want) {
			best = y
		}
	}
	return best
}

func abs(n int) int { return max(n, -n) }

func clockText(minutes int) string {
	return time.Date(2000, 1, 1, minutes/60, minutes%60, 0, 0, time.UTC).Format("15:04")
}

// monthGrid is a month as weeks of seven days, Monday first.
type monthGrid struct {
	Name     string
	Weekdays []string
	Weeks    [][]dayCell
}

type dayCell struct {
	Day   int // 0: not of this month
	Class string
	Mark  string // read out: off, or worked instead
}

// yearGrid lays a year out, counts its working days and lists the days that are
// otherwise than their weekday says.
func (q *request) yearGrid(days *calendar.Calendar, year int) ([]monthGrid, int, *table) {
	odd := &table{ID: "odd", Caption: q.t("放假与调休", "Days off and days worked instead"), Columns: []column{
		{Title: q.t("日期", "Date"), Key: true}, {Title: q.t("星期", "Weekday")}, {Title: q.t("安排", "Arrangement")},
	}, Empty: q.t("没有。", "None.")}
	var months []monthGrid
	working := 0
	for m := time.January; m <= time.December; m++ {
		g := monthGrid{Name: q.tf("%d月", "%d", int(m)), Weekdays: q.weekdays()}
		if q.lang == engine.English {
			g.Name = m.String()
		}
		first := time.Date(year, m, 1, 0, 0, 0, 0, time.UTC)
		week := make([]dayCell, (int(first.Weekday())+6)%7)
		for d := first; d.Month() == m; d = d.AddDate(0, 0, 1) {
			c, counts := q.dayCell(days, d, odd)
			working += counts
			if week = append(week, c); len(week) == 7 {
				g.Weeks, week = append(g.Weeks, week), nil
			}
		}
		if len(week) > 0 {
			g.Weeks = append(g.Weeks, append(week, make([]dayCell, 7-len(week))...))
		}
		months = append(months, g)
	}
	return months, working, odd
}

func (q *request) weekdays() []string {
	if q.lang == engine.English {
		return []string{"Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"}
	}
	return []string{"一", "二", "三", "四", "五", "六", "日"}
}

// dayCell draws a day; 1 if it is worked.
func (q *request) dayCell(days *calendar.Calendar, d time.Time, odd *table) (dayCell, int) {
	works, err := days.Works(d.Unix() / 86400)
	weekend := d.Weekday() == time.Saturday || d.Weekday() == time.Sunday
	c := dayCell{Day: d.Day()}
	switch {
	case err != nil:
		return c, 0
	case works && weekend:
		c.Class, c.Mark = "worked", q.t("班", "worked")
	case !works && !weekend:
		c.Class, c.Mark = "off", q.t("休", "off")
	case !works:
		c.Class = "weekend"
	}
	if c.Mark != "" {
		odd.Rows = append(odd.Rows, row{Cells: []cell{txt(d.Format(time.DateOnly)), txt(q.weekdays()[(int(d.Weekday())+6)%7]), {Text: c.Mark, Class: map[string]string{"worked": "warn", "off": "good"}[c.Class]}}})
	}
	if works {
		return c, 1
	}
	return c, 0
}
