package rules

import (
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"kaoping/engine"
	"kaoping/engine/calendar"
	"kaoping/rules/calendars"
)

// calendarFolder is the folder beside the packs that holds calendars.
const calendarFolder = "calendars"

// isCalendar tells calendars from packs by the folder they stand in.
func isCalendar(name string) bool { return path.Base(path.Dir(name)) == calendarFolder }

// calendarFile finds a calendar by its name: beside the packs, or else among those
// that ship with the program.
func (l *loader) calendarFile(name string) *sourceFile {
	for _, f := range l.calendars {
		if strings.TrimSuffix(path.Base(f.name), path.Ext(f.name)) == name {
			return f
		}
	}
	data, err := fs.ReadFile(calendars.FS, name+".yaml")
	if err != nil {
		return nil
	}
	f, diags := readSource(calendarFolder+"/"+name+".yaml", data)
	l.diags = append(l.diags, diags...)
	l.calendars = append(l.calendars, f)
	return f
}

// calendarNames lists the calendars there are.
func (l *loader) calendarNames() []string {
	var out []string
	for _, f := range l.calendars {
		out = append(out, strings.TrimSuffix(path.Base(f.name), path.Ext(f.name)))
	}
	entries, _ := fs.ReadDir(calendars.FS, ".") // an embedded folder can always be read
	for _, e := range entries {
		out = append(out, strings.TrimSuffix(e.Name(), path.Ext(e.Name())))
	}
	return out
}

// findCalendar gives an edition the file of the calendar it names: what working
// days there are is part of what it says, and of its hash.
func (l *loader) findCalendar(e *edition) {
	for _, f := range e.files {
		if name := strings.TrimSpace(rawValue(f.root, "calendar")); name != "" {
			e.calendar = l.calendarFile(name)
			return
		}
	}
}

// readCalendar reads the calendar that the edition names.
func (r *packReader) readCalendar(n node) {
	name := r.word(n)
	if name == "" {
		return
	}
	f := r.edition.calendar
	if f == nil {
		r.unknownReference(n, name, text("日历", "calendar"), "calendar", r.loader.calendarNames())
		return
	}
	r.pack.CalendarFile = calendarFolder + "/" + path.Base(f.name)
	if f.root == nil {
		return // reported when it was read
	}
	m := r.mapping(node{y: f.root, file: f}, text("一份日历", "a calendar"))
	m.word("calendar")
	r.title(m.get("title"))
	r.pack.Records.ClockAhead = r.utcOffset(m.get("utc_offset"))
	r.calendarYears = nil
	for _, e := range r.entries(m.need("years", text("各年的放假安排", "the days off of each year")), text("各年", "the years")) {
		r.calendarYear(e)
	}
	r.calendarAt = n
	m.done()
}

var offsetForm = regexp.MustCompile(`^([+-])(\d\d):(\d\d)$`)

// utcOffset reads how far the clock is ahead of UTC: +08:00.
func (r *packReader) utcOffset(n node) int {
	w := r.word(n)
	if w == "" {
		return 0
	}
	m := offsetForm.FindStringSubmatch(w)
	if m == nil {
		r.wrongType(n, text("与协调世界时的时差", "a difference to UTC"), text(`写成 "+08:00"`, `write "+08:00"`))
		return 0
	}
	hours, _ := strconv.Atoi(m[2])
	minutes, _ := strconv.Atoi(m[3])
	minutes += hours * 60
	if m[1] == "-" {
		return -minutes
	}
	return minutes
}

// calendarYear reads the days off and the adjusted workdays of a year.
func (r *packReader) calendarYear(e named) {
	m := r.open(e, text("一年", "a year"))
	m.word("cite")
	m.word("note")
	year, err := strconv.Atoi(e.name)
	if err != nil || year < 1900 || year > 2199 {
		r.add(e.key.report(CodeWrongType, text(fmt.Sprintf("“%s”不是年份", clip(e.name)), fmt.Sprintf("“%s” is no year", clip(e.name))), text("写成 2025", "write 2025")))
		return
	}
	y := calendar.Year{Year: year}
	for _, day := range r.entries(m.get("holidays"), text("各个假期", "the holidays")) {
		y.Holidays = append(y.Holidays, r.calendarDays(day.value, year)...)
	}
	for _, c := range r.list(m.get("worked"), text("调休上班的日子", "the weekend days that are worked")) {
		y.Workdays = append(y.Workdays, r.calendarDays(c, year)...)
	}
	m.done()
	if problem := wrongDay(y); !problem.IsZero() {
		r.add(e.key.report(CodeCalendar, problem, text("与公布的通知逐日核对", "compare it with the announcement day by day")))
		return
	}
	r.calendarYears = append(r.calendarYears, y)
}

// wrongDay names a day that is listed twice, or as worked although it is no
// weekend.
func wrongDay(y calendar.Year) engine.Text {
	seen := map[int64]bool{}
	for i, n := range slices.Concat(y.Holidays, y.Workdays) {
		d := engine.Date{Year: 1970, Month: 1, Day: 1}.AddDays(int(n))
		weekday := (n + 4) % 7 // 1970-01-01 was a Thursday
		switch {
		case seen[n]:
			return text(fmt.Sprintf("%s 列了两次", d), fmt.Sprintf("%s is listed twice", d))
		case i >= len(y.Holidays) && weekday != 0 && weekday != 6:
			return text(fmt.Sprintf("%s 不是周末, 不必列为上班日", d), fmt.Sprintf("%s is no weekend: it need not be listed as worked", d))
		}
		seen[n] = true
	}
	return engine.Text{}
}

// calendarDays reads 10-01 or 10-01 to 10-07.
func (r *packReader) calendarDays(n node, year int) []int64 {
	first, last, span := strings.Cut(r.word(n), " to ")
	if !span {
		last = first
	}
	a, b := r.calendarDay(n, first, year), r.calendarDay(n, last, year)
	if a.IsZero() || b.IsZero() {
		return nil
	}
	if b.Compare(a) < 0 {
		r.add(n.report(CodeCalendar, text("最后一天早于第一天", "the last day is before the first"), text("跨年的假期写在各自的年份", "a holiday over the new year stands in both years")))
		return nil
	}
	var out []int64
	for d := a; d.Compare(b) <= 0; d = d.AddDays(1) {
		out = append(out, d.DayNumber())
	}
	return out
}

func (r *packReader) calendarDay(n node, w string, year int) engine.Date {
	d, err := engine.ParseDate(fmt.Sprintf("%04d-%s", year, strings.TrimSpace(w)))
	if err != nil {
		r.add(n.report(CodeCalendar, text(fmt.Sprintf("%d年没有“%s”这一天", year, clip(w)), fmt.Sprintf("%d has no day “%s”", year, clip(w))), text("写成 10-01 或 10-01 to 10-07", "write 10-01 or 10-01 to 10-07")))
		return engine.Date{}
	}
	return d
}

var officeForm = regexp.MustCompile(`^(\d{1,2}):(\d\d)\s*(?:-|–|至|to)\s*(\d{1,2}):(\d\d)$`)

// readOfficeHours reads 09:00-12:00, 13:00-17:30.
func (r *packReader) readOfficeHours(n node) {
	for _, part := range strings.FieldsFunc(r.word(n), func(c rune) bool { return c == ',' || c == '，' || c == '、' }) {
		m := officeForm.FindStringSubmatch(strings.TrimSpace(part))
		if m == nil {
			r.wrongType(n, text("上班时间", "office hours"), text(`写成 "09:00-12:00, 13:00-17:30"`, `write "09:00-12:00, 13:00-17:30"`))
			return
		}
		r.office = append(r.office, calendar.Span{From: minuteOf(m[1], m[2]), To: minuteOf(m[3], m[4])})
	}
	if _, err := calendar.New(nil, r.office); err != nil {
		r.add(n.report(CodeCalendar, text("上班时间应在一天之内, 依次排列, 互不重叠", "office hours follow in order within one day"), text(`写成 "09:00-12:00, 13:00-17:30"`, `write "09:00-12:00, 13:00-17:30"`)))
		r.office = nil
	}
}

func minuteOf(hour, minute string) int {
	h, _ := strconv.Atoi(hour)
	m, _ := strconv.Atoi(minute)
	if m > 59 {
		return 24*60 + 1 // refused as lying outside the day
	}
	return h*60 + m
}

// makeCalendar joins the years and the office hours.
func (r *packReader) makeCalendar() {
	if r.calendarAt.absent() && r.office == nil {
		return
	}
	c, err := calendar.New(r.calendarYears, r.office)
	if err != nil { // each year and the hours are right by themselves
		r.add(r.calendarAt.report(CodeCalendar, text("日历有误: "+err.Error(), "the calendar is wrong: "+err.Error()), engine.Text{}))
		return
	}
	r.pack.Calendar = c
}
