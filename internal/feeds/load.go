package feeds

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"kaoping/engine"
	"kaoping/ingest"
	"kaoping/internal/assess"
	"kaoping/store"
)

// Loader loads sources into the store.
type Loader struct {
	DB *store.DB
	// Pack finds the pack of a target; the name is empty if the source names none.
	Pack func(name, target string) (*engine.Pack, error)
	// Packs are those of the workspace: their from: says what a source without a
	// target delivers. Nil: sources say it themselves.
	Packs func() []*engine.Pack
	Lang  engine.Lang      // of error workbooks
	Now   func() time.Time // which day files are put away under, in its location
}

// Loaded is what became of one file of a source.
type Loaded struct {
	File     string
	Batch    store.BatchInfo   // zero if the file was refused
	Covered  []engine.Coverage // days that count as delivered
	Broken   []engine.Finding  // cross-checks that no longer hold with it
	Report   *ingest.Report    // nil if the file could not be read
	Trouble  error             // why the file could not be read
	MovedTo  string            // folder: archive or rejected
	ErrorsTo string            // folder: workbook with the bad cells marked
}

// Refused reports whether nothing of the file was stored.
func (l *Loaded) Refused() bool { return l.Batch.ID == "" }

// Message says what became of the file.
func (l *Loaded) Message() engine.Text {
	switch {
	case l.Trouble != nil:
		var s interface{ Message() engine.Text }
		if errors.As(l.Trouble, &s) {
			return s.Message()
		}
		return engine.Text{ZH: l.Trouble.Error(), EN: l.Trouble.Error()}
	case l.Refused():
		return engine.Text{
			ZH: fmt.Sprintf("%s 未入库:%d 行有误。", l.File, l.Report.Bad),
			EN: fmt.Sprintf("nothing of %s was loaded: %d rows are bad.", l.File, l.Report.Bad),
		}
	case l.Batch.Duplicate:
		return engine.Text{
			ZH: fmt.Sprintf("%s:与批次 %s 内容相同,没有变化。", l.File, l.Batch.ID),
			EN: fmt.Sprintf("%s: the same as batch %s, nothing changed.", l.File, l.Batch.ID),
		}
	}
	return engine.Text{
		ZH: fmt.Sprintf("%s:批次 %s,新增 %d,更新 %d,未变 %d。", l.File, l.Batch.ID, l.Batch.Added, l.Batch.Updated, l.Batch.Unchanged),
		EN: fmt.Sprintf("%s: batch %s, %d added, %d changed, %d as before.", l.File, l.Batch.ID, l.Batch.Added, l.Batch.Updated, l.Batch.Unchanged),
	}
}

// Load fetches what the source has, checks it and stores each file as a batch of
// its own, whole or not at all; the period may be zero. Files of a folder are put
// away when the batch is committed: after a crash in between the file is still
// there, gives the same batch again and is put away then. The error is for what
// kept the source from being fetched or the store from being written; what was
// loaded before it comes back with it.
func (l *Loader) Load(ctx context.Context, s *Source, period engine.Period, by store.Actor) ([]Loaded, error) {
	s, pack, err := l.settle(s)
	if err != nil {
		return nil, err
	}
	deliveries, err := Fetch(ctx, s, period)
	if err != nil {
		return nil, err
	}
	var done []Loaded
	for i := range deliveries {
		d := deliveries[i]
		if err := ctx.Err(); err != nil {
			return done, err
		}
		if d.Read(s.MaxBytes); d.path != "" && errors.Is(d.Trouble, fs.ErrNotExist) {
			continue // someone else took it
		}
		one, err := l.loadOne(ctx, s, pack, &d, period, by)
		if err != nil {
			return done, err
		}
		done = append(done, one)
	}
	return done, nil
}

// settle finds what a source delivers and the pack that takes it.
func (l *Loader) settle(s *Source) (*Source, *engine.Pack, error) {
	if l.Packs != nil {
		var err error
		if s, err = Settle(s, l.Packs()); err != nil {
			return nil, nil, err
		}
	}
	pack, err := l.Pack(s.Pack, s.Target)
	return s, pack, err
}

func (l *Loader) loadOne(ctx context.Context, s *Source, pack *engine.Pack, d *Delivery, period engine.Period, by store.Actor) (Loaded, error) {
	if d.Trouble != nil {
		return l.unread(s, d)
	}
	options, err := l.options(ctx, s, pack, period)
	if err != nil {
		return Loaded{}, err
	}
	one := Loaded{File: d.Name}
	batch, report, err := ingest.Read(pack, s.Target, d.Source, options)
	if err != nil {
		return one, err
	}
	one.Report = report
	folder := s.Archive
	if batch == nil {
		folder = s.Rejected
	} else {
		var no *assess.Contradicted
		one.Batch, one.Broken, err = assess.Load(ctx, l.DB, pack, batch, by)
		switch {
		case errors.As(err, &no):
			one.Trouble, folder = no, s.Rejected
		case err != nil:
			return one, err
		default:
			one.Covered = batch.Covered
		}
	}
	if one.MovedTo, err = d.putAway(folder, l.Now()); err != nil || one.MovedTo == "" || report.Errors() == 0 {
		return one, err
	}
	one.ErrorsTo, err = l.writeErrors(one.MovedTo, d.Source, report)
	return one, err
}

// Check fetches what the source has and checks every cell; nothing is stored and
// nothing moved.
func (l *Loader) Check(ctx context.Context, s *Source, period engine.Period) ([]Loaded, error) {
	s, pack, err := l.settle(s)
	if err != nil {
		return nil, err
	}
	deliveries, err := Fetch(ctx, s, period)
	if err != nil {
		return nil, err
	}
	options, err := l.options(ctx, s, pack, period)
	if err != nil {
		return nil, err
	}
	checked := make([]Loaded, 0, len(deliveries))
	for _, d := range deliveries {
		one := Loaded{File: d.Name}
		if d.Read(s.MaxBytes); d.Trouble != nil {
			one.Trouble = d.Trouble
		} else if _, one.Report, err = ingest.Read(pack, s.Target, d.Source, options); err != nil {
			return checked, err
		}
		checked = append(checked, one)
	}
	return checked, nil
}

// unread puts a file that can never be read, such as one that is too large, among
// the rejected; one that is still being written stays.
func (l *Loader) unread(s *Source, d *Delivery) (Loaded, error) {
	one := Loaded{File: d.Name, Trouble: d.Trouble}
	var t *Trouble
	if d.path == "" || !errors.As(d.Trouble, &t) || t.Temporary || t.Err != nil {
		return one, nil
	}
	var err error
	one.MovedTo, err = d.putAway(s.Rejected, l.Now())
	return one, err
}

func (l *Loader) options(ctx context.Context, s *Source, pack *engine.Pack, period engine.Period) (ingest.Options, error) {
	if period.IsZero() {
		period = s.period
	}
	options := ingest.Options{Map: s.Columns, Sheet: s.Sheet, Period: period, Partial: s.Partial}
	var err error
	options.Subjects, err = l.DB.Subjects(ctx, pack.Name)
	return options, err
}

// writeErrors puts the file with its bad cells marked beside it, whole or not at
// all.
func (l *Loader) writeErrors(beside string, src ingest.Source, report *ingest.Report) (string, error) {
	var b bytes.Buffer
	err := ingest.WriteErrors(&b, src, report, l.Lang)
	if errors.Is(err, ingest.ErrCannotReturn) {
		return l.writeReport(beside, report)
	}
	if err != nil {
		return "", err
	}
	path := strings.TrimSuffix(beside, filepath.Ext(beside)) + ".errors.xlsx"
	return path, writeWhole(path, b.Bytes())
}

// writeReport is for files that no workbook can be made of.
func (l *Loader) writeReport(beside string, report *ingest.Report) (string, error) {
	var b bytes.Buffer
	if err := report.Write(&b, l.Lang); err != nil {
		return "", err
	}
	path := strings.TrimSuffix(beside, filepath.Ext(beside)) + ".errors.txt"
	return path, writeWhole(path, b.Bytes())
}

func writeWhole(path string, data []byte) error {
	err := os.WriteFile(path+".tmp", data, 0o640)
	if err == nil {
		err = os.Rename(path+".tmp", path)
	}
	if err != nil {
		return trouble(err, "写不了 %s:%v", "cannot write %s: %v", path, err)
	}
	return nil
}
