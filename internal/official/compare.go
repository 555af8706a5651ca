package official

import (
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"kaoping/engine"
	"kaoping/ingest"
	"kaoping/rules"
)

// comparison is one published table beside what the pack computes from it.
type comparison struct {
	lib      *rules.Library
	pack     *engine.Pack
	official *engine.OfficialResult
	table    *published
	facts    *engine.Facts
	rows     []row // by row of the table
	merged   map[int]ingest.Merged
	results  map[engine.Period]*outcome
	group    string // of the column being compared, where the columns say it
	byColumn bool   // the feed's columns say the peer group
	data     []byte // of the file as it was published
}

// row says whose row it is; the subject is empty if the row holds no figure.
type row struct {
	subject string
	period  engine.Period
}

// outcome is what was computed for a period.
type outcome struct {
	pack  *engine.Pack
	cards map[string]*engine.Scorecard // by code, the excluded too
}

// compareTable reads, shuffles and evaluates a published table and compares it
// column by column.
func compareTable(ctx context.Context, lib *rules.Library, fsys fs.FS, p *engine.Pack, o *engine.OfficialResult) (*Table, error) {
	data, err := readFile(fsys, p, o.File)
	if err != nil {
		return nil, err
	}
	feed := feedOf(p, o.Feed)
	t, err := readTable(data, feed.Sheets)
	if err != nil {
		return nil, err
	}
	out := &Table{Pack: p.Name, Title: o.Title, File: o.File, Origin: o.Origin, Rows: len(t.rows), Why: o.Why}
	if err := t.keep(o.Only); err != nil {
		return nil, err
	}
	out.Compared = len(t.rows)
	c := &comparison{lib: lib, pack: p, official: o, table: t, merged: map[int]ingest.Merged{}, results: map[engine.Period]*outcome{}, byColumn: feed.ByColumn(), data: data}
	if err := c.load(); err != nil {
		return nil, err
	}
	if err := c.evaluate(ctx); err != nil {
		return nil, err
	}
	for period := range c.results {
		out.Periods = append(out.Periods, period)
	}
	slices.SortFunc(out.Periods, func(a, b engine.Period) int { return a.First.Compare(b.First) })
	for _, want := range o.Compare {
		column, err := c.column(want)
		if err != nil {
			return nil, err
		}
		out.Columns = append(out.Columns, *column)
	}
	return out, nil
}

// load reads the shuffled rows as any delivered file is read.
func (c *comparison) load() error {
	data, lines := c.table.shuffled(Seed)
	options, err := c.options()
	if err != nil {
		return err
	}
	batch, report, err := ingest.ReadFeed(c.pack, c.official.Feed, ingest.Source{Name: path.Base(c.official.File), Data: data}, options)
	if err != nil {
		return err
	}
	if batch == nil {
		for _, p := range report.Problems {
			if !p.Warning {
				line := 0
				if i, ok := lines[p.Row]; ok {
					line = c.table.rows[i].line
				}
				return fmt.Errorf("line %d %s: %s (%s)", line, p.Heading, p.Message.EN, p.Code)
			}
		}
	}
	c.facts = &engine.Facts{Snapshot: "official", Subjects: batch.Subjects, Figures: batch.Figures}
	c.rows = make([]row, len(c.table.rows))
	for _, f := range batch.Figures {
		code := f.Subject
		if c.byColumn {
			_, code, _ = strings.Cut(code, ":")
		}
		c.rows[lines[f.Origin.Row]] = row{code, f.Period}
	}
	for _, m := range report.Merged {
		i := lines[m.Row]
		c.rows[i] = row{m.Into, m.Period}
		c.merged[i] = m
	}
	return c.loadBeside(options)
}

// options are those of reading the file: the period that no column says.
func (c *comparison) options() (ingest.Options, error) {
	if c.official.Period == "" {
		return ingest.Options{}, nil
	}
	period, err := engine.ParsePeriod(c.official.Period)
	return ingest.Options{Period: period}, err
}

// loadBeside reads the other inputs from the file as it was published.
func (c *comparison) loadBeside(options ingest.Options) error {
	for _, feed := range c.official.Beside {
		options.Subjects = c.facts.Subjects
		batch, report, err := ingest.ReadFeed(c.pack, feed, ingest.Source{Name: path.Base(c.official.File), Data: c.data}, options)
		if err != nil {
			return err
		}
		if batch == nil {
			for _, p := range report.Problems {
				if !p.Warning {
					return fmt.Errorf("feed %s, row %d %s: %s (%s)", feed, p.Row, p.Heading, p.Message.EN, p.Code)
				}
			}
		}
		c.facts.Subjects = append(c.facts.Subjects, batch.Subjects...)
		c.facts.Figures = append(c.facts.Figures, batch.Figures...)
	}
	return nil
}

// subject is the code of a row in the column being compared.
func (c *comparison) subject(i int) string {
	if c.group != "" && c.rows[i].subject != "" {
		return c.group + ":" + c.rows[i].subject
	}
	return c.rows[i].subject
}

// evaluate scores every period of the table with the edition in force.
func (c *comparison) evaluate(ctx context.Context) error {
	for _, r := range c.rows {
		if r.subject == "" || c.results[r.period] != nil {
			continue
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		o, err := c.outcome(r.period, c.facts)
		if err != nil {
			return err
		}
		c.results[r.period] = o
	}
	return nil
}

func (c *comparison) outcome(period engine.Period, facts *engine.Facts) (*outcome, error) {
	p, err := c.lib.Pack(c.pack.Name, period)
	if err != nil {
		return nil, err
	}
	e, err := engine.Evaluate(p, period, facts)
	if err != nil {
		return nil, err
	}
	o := &outcome{pack: p, cards: map[string]*engine.Scorecard{}}
	result := e.Result()
	for i := range result.Scorecards {
		o.cards[result.Scorecards[i].Subject] = &result.Scorecards[i]
	}
	for i := range result.Excluded {
		if s := &result.Excluded[i]; o.cards[s.Subject] == nil {
			o.cards[s.Subject] = s
		}
	}
	return o, nil
}

// card returns what was computed for a row; nil if there is nothing.
func (c *comparison) card(i int) *engine.Scorecard {
	o := c.results[c.rows[i].period]
	if o == nil {
		return nil
	}
	return o.cards[c.subject(i)]
}

// column compares one published column.
func (c *comparison) column(want engine.OfficialColumn) (*Column, error) {
	at, err := c.table.column(want.Column)
	if err != nil {
		return nil, err
	}
	c.group = want.PeerGroup
	out := &Column{Heading: want.Column, With: want.With, Of: len(c.table.rows)}
	if want.With == "rank" {
		c.ranks(at, out)
	} else if err := c.values(at, want, out); err != nil {
		return nil, err
	}
	out.Agree = out.Of - len(out.Differ)
	for _, rows := range [][]Row{out.ByRule, out.Differ} {
		slices.SortStableFunc(rows, func(a, b Row) int { return cmp.Compare(a.Line, b.Line) })
	}
	return out, nil
}

// listed makes the entry of a row that needs a word.
func (c *comparison) listed(i int, published, computed string, kind Kind, reason engine.Text) Row {
	r := Row{
		Line: c.table.rows[i].line, Period: c.rows[i].period, Subject: c.subject(i),
		Published: published, Computed: computed, Kind: kind, Reason: reason,
	}
	if card := c.card(i); card != nil {
		r.Name = card.Name
	}
	return r
}

func say(zh, en string, args ...any) engine.Text {
	return engine.Text{ZH: fmt.Sprintf(zh, args...), EN: fmt.Sprintf(en, args...)}
}
