package schedule

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/robfig/cron/v3"
	"gopkg.in/yaml.v3"

	"kaoping/engine"
)

// Config is one entry of jobs: in config.yaml.
type Config struct {
	Job      string   `yaml:"job"`       // its name
	Kind     string   `yaml:"kind"`      // ingest, count, run, report or notify
	Cron     string   `yaml:"cron"`      // minute hour day month weekday
	TimeZone string   `yaml:"time_zone"` // Asia/Shanghai unless it says otherwise
	Calendar string   `yaml:"calendar"`  // working days count: cn
	DayOff   string   `yaml:"day_off"`   // skip, next working day or previous working day
	Pack     string   `yaml:"pack"`
	Period   string   `yaml:"period"`  // half-year that ended, …, or 2025H1
	CutOff   CutOffs  `yaml:"cut_off"` // report due, or days of the year
	After    []string `yaml:"after"`   // jobs that must be done first

	Source string `yaml:"source"` // ingest: an entry of sources:
	Target string `yaml:"target"` // ingest: feed, register, subjects or judgements
	File   string `yaml:"file"`   // ingest: the file, where there is no source

	Formats []string `yaml:"formats"` // report, count: xlsx, csv, json, html, pdf
	What    []string `yaml:"what"`    // report: ranking, scorecard
	Folder  string   `yaml:"folder"`  // report, count: below the output folder

	Events []string `yaml:"events"` // notify: result, failure, late
	To     []string `yaml:"to"`     // notify: webhook, or mail addresses
}

// CutOffs is when the data of a period are complete: "report due" as the pack
// says, or days of the year such as 07-20. The day belongs to it, in local time.
type CutOffs struct {
	ReportDue bool
	Days      []engine.MonthDay
}

// IsZero reports whether there is no cut-off.
func (c CutOffs) IsZero() bool { return !c.ReportDue && len(c.Days) == 0 }

var monthDayForm = regexp.MustCompile(`^(\d{2})-(\d{2})$`)

// UnmarshalYAML reads "report due", 07-20 or [07-20, 01-25].
func (c *CutOffs) UnmarshalYAML(n *yaml.Node) error {
	nodes := []*yaml.Node{n}
	if n.Kind == yaml.SequenceNode {
		nodes = n.Content
	}
	for _, n := range nodes {
		if n.Value == "report due" && len(nodes) == 1 {
			c.ReportDue = true
			continue
		}
		m := monthDayForm.FindStringSubmatch(n.Value)
		if m == nil {
			return fmt.Errorf("line %d: cut_off: %q (07-20 | report due)", n.Line, n.Value)
		}
		month, _ := strconv.Atoi(m[1])
		day, _ := strconv.Atoi(m[2])
		// 2001 is no leap year: the 29th of February would not come every year.
		if engine.DateOf(time.Date(2001, time.Month(month), day, 0, 0, 0, 0, time.UTC)).Day != day || month < 1 || month > 12 {
			return fmt.Errorf("line %d: cut_off: %q", n.Line, n.Value)
		}
		c.Days = append(c.Days, engine.MonthDay{Month: month, Day: day})
	}
	return nil
}

// The kinds of jobs.
const (
	Ingest = "ingest"
	Count  = "count"
	Run    = "run"
	Report = "report"
	Notify = "notify"
)

var kinds = []string{Ingest, Count, Run, Report, Notify}

// What becomes of a slot on a day off.
const (
	skipDayOff  = "skip"
	nextWorking = "next working day"
	lastWorking = "previous working day"
)

// periodRules are the words for the latest period of a kind that has ended. 0
// stands for the kinds that the pack assesses.
var periodRules = map[string]int{
	"month that ended": 1, "quarter that ended": 3, "half-year that ended": 6, "year that ended": 12, "period that ended": 0,
}

// Job is an entry that was checked.
type Job struct {
	Config
	Location *time.Location
	plan     cron.Schedule
	fixed    engine.Period // zero unless the entry names one
	months   int           // length of the periods; 0 for those of the pack
}

// fiveFields reads minute, hour, day, month and weekday, or @daily and its like.
var fiveFields = cron.NewParser(cron.Minute | cron.Hour | cron.Dom | cron.Month | cron.Dow | cron.Descriptor)

// Compile checks the entries. The problems name the entry and the key; there are
// no jobs if there is a problem.
func Compile(entries []Config) ([]*Job, []string) {
	var jobs []*Job
	var problems []string
	names := map[string]bool{}
	for i, e := range entries {
		at := fmt.Sprintf("jobs[%d]", i+1)
		if e.Job != "" {
			at += " " + e.Job
		}
		job, wrong := compile(e)
		if names[e.Job] {
			wrong = append(wrong, "job: the name is used twice")
		}
		for _, other := range e.After {
			if !names[other] {
				wrong = append(wrong, fmt.Sprintf("after: %q is no job above", other))
			}
		}
		names[e.Job] = true
		for _, w := range wrong {
			problems = append(problems, at+": "+w)
		}
		jobs = append(jobs, job)
	}
	if problems != nil {
		return nil, problems
	}
	return jobs, nil
}

func compile(e Config) (*Job, []string) {
	var wrong []string
	if e.Job == "" || strings.TrimSpace(e.Job) != e.Job {
		wrong = append(wrong, fmt.Sprintf("job: %q is no name", e.Job))
	}
	if !slices.Contains(kinds, e.Kind) {
		wrong = append(wrong, fmt.Sprintf("kind: %q (%s)", e.Kind, strings.Join(kinds, " | ")))
	}
	if e.TimeZone == "" {
		e.TimeZone = "Asia/Shanghai"
	}
	j := &Job{Config: e}
	var err error
	if j.Location, err = time.LoadLocation(e.TimeZone); err != nil || e.TimeZone == "Local" {
		wrong = append(wrong, fmt.Sprintf("time_zone: %q", e.TimeZone))
		j.Location = time.UTC
	}
	if j.plan, err = parseCron(e.Cron, j.Location); err != nil {
		wrong = append(wrong, fmt.Sprintf("cron: %q: %v", e.Cron, err))
	}
	wrong = append(wrong, j.compileDays()...)
	wrong = append(wrong, j.compilePeriod()...)
	return j, append(wrong, j.compileKind()...)
}

// parseCron reads an expression. The time zone stands in its own key, and "every
// so long" has no slots that another process would find again.
func parseCron(expression string, in *time.Location) (cron.Schedule, error) {
	if strings.Contains(expression, "TZ=") {
		return nil, errors.New("the time zone is a key of its own, time_zone")
	}
	if strings.HasPrefix(expression, "@every") {
		return nil, errors.New("write */15 * * * * instead of @every 15m")
	}
	plan, err := fiveFields.Parse(expression)
	if err != nil {
		return nil, err
	}
	spec, ok := plan.(*cron.SpecSchedule)
	if !ok {
		return nil, errors.New("not a plan of minutes, hours and days")
	}
	spec.Location = in
	if spec.Next(time.Unix(0, 0)).IsZero() {
		return nil, errors.New("there is no such day")
	}
	return spec, nil
}

func (j *Job) compileDays() []string {
	if j.DayOff == "" {
		j.DayOff = skipDayOff
	} else if j.Calendar == "" {
		return []string{"day_off: needs calendar"}
	}
	if !slices.Contains([]string{skipDayOff, nextWorking, lastWorking}, j.DayOff) {
		return []string{fmt.Sprintf("day_off: %q (%s | %s | %s)", j.DayOff, skipDayOff, nextWorking, lastWorking)}
	}
	return nil
}

func (j *Job) compilePeriod() []string {
	var wrong []string
	months, rule := periodRules[j.Period]
	j.months = months
	if !rule && j.Period != "" {
		var err error
		if j.fixed, err = engine.ParsePeriod(j.Period); err != nil {
			wrong = append(wrong, fmt.Sprintf("period: %q (half-year that ended | quarter that ended | month that ended | year that ended | period that ended | 2025H1)", j.Period))
		}
	}
	switch {
	case j.Period == "" && (j.Kind == Run || j.Kind == Count || j.Kind == Report):
		wrong = append(wrong, "period: ?")
	case !j.CutOff.IsZero() && !rule:
		wrong = append(wrong, "cut_off: needs period: half-year that ended, or the like")
	case j.Pack == "" && (j.CutOff.ReportDue || rule && months == 0):
		wrong = append(wrong, "pack: ?")
	}
	return wrong
}

func (j *Job) compileKind() []string {
	var wrong []string
	need := func(key, value string) {
		if value == "" {
			wrong = append(wrong, key+": ?")
		}
	}
	refuse := func(kinds, key string, there bool) {
		if there && !slices.Contains(strings.Split(kinds, ", "), j.Kind) {
			wrong = append(wrong, fmt.Sprintf("%s: only for kind: %s", key, kinds))
		}
	}
	switch j.Kind {
	case Ingest:
		if j.Source == "" {
			need("source", j.File)
			need("target", j.Target)
		}
	case Run, Count, Report:
		need("pack", j.Pack)
	case Notify:
		if len(j.To) == 0 {
			wrong = append(wrong, "to: ?")
		}
	}
	refuse(Ingest, "source", j.Source != "")
	refuse(Ingest, "target", j.Target != "")
	refuse(Ingest, "file", j.File != "")
	refuse(Report+", "+Count, "formats", len(j.Formats) > 0)
	refuse(Report, "what", len(j.What) > 0)
	refuse(Report+", "+Count, "folder", j.Folder != "")
	refuse(Notify, "events", len(j.Events) > 0)
	refuse(Notify, "to", len(j.To) > 0)
	return append(wrong, j.compileWords()...)
}

// compileWords checks the lists of words and fills in what they are by default.
func (j *Job) compileWords() []string {
	var wrong []string
	for _, list := range []struct {
		key         string
		words       *[]string
		normally    bool
		may, normal []string
	}{
		{"formats", &j.Formats, j.Kind == Report || j.Kind == Count, []string{"xlsx", "csv", "json", "html", "pdf"}, []string{"xlsx"}},
		{"what", &j.What, j.Kind == Report, []string{"ranking", "scorecard"}, []string{"ranking", "scorecard"}},
		{"events", &j.Events, j.Kind == Notify, []string{"result", "failure", "late"}, []string{"result", "failure"}},
	} {
		if len(*list.words) == 0 && list.normally {
			*list.words = list.normal
		}
		for _, w := range *list.words {
			if !slices.Contains(list.may, w) {
				wrong = append(wrong, fmt.Sprintf("%s: %q (%s)", list.key, w, strings.Join(list.may, " | ")))
			}
		}
	}
	for _, to := range j.To {
		if to != "webhook" && !strings.Contains(to, "@") {
			wrong = append(wrong, fmt.Sprintf("to: %q (webhook | name@example.com)", to))
		}
	}
	return wrong
}
