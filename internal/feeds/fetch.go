package feeds

import (
	"context"
	"io/fs"
	"net/url"
	"os"
	"strings"
	"time"

	"kaoping/engine"
	"kaoping/ingest"
)

// Delivery is one file that a source gave, in memory.
type Delivery struct {
	ingest.Source
	path  string      // folder: where it lies
	state fs.FileInfo // folder: as it was read
	// Trouble is why this file could not be read; the others of the folder are
	// there all the same.
	Trouble error
}

// Fetch gets what a source has to give: one file, or those in its folder that
// have stopped growing. Nothing is moved or stored. The period fills {first},
// {last} and {period} of queries and addresses; that of the source holds where it
// is zero.
func Fetch(ctx context.Context, s *Source, period engine.Period) ([]Delivery, error) {
	if period.IsZero() {
		period = s.period
	}
	switch s.Kind {
	case File:
		return s.fetchFile()
	case Folder:
		return s.fetchFolder(ctx)
	case HTTP:
		return s.fetchHTTP(ctx, period)
	default:
		return s.fetchQuery(ctx, period)
	}
}

// placeholders are what a query or an address may hold of the period.
var placeholders = []string{"{first}", "{last}", "{period}"}

func needsPeriod(text string) bool {
	for _, p := range placeholders {
		if strings.Contains(text, p) {
			return true
		}
	}
	return false
}

// periodParts are what the placeholders stand for.
func periodParts(p engine.Period) []string {
	return []string{p.First.String(), p.Last.String(), p.String()}
}

func (s *Source) noPeriod() error {
	return trouble(nil, "来源 %s 用到 {first}、{last} 或 {period},要指明期间。\n  提示:加 --period 2025H1,或在 sources 中写 period。",
		"the source %s uses {first}, {last} or {period} and needs a period.\n  hint: add --period 2025H1, or period in sources.", s.Source)
}

// inAddress puts the period into an address.
func (s *Source) inAddress(p engine.Period) (string, error) {
	text := s.URL
	if !needsPeriod(text) {
		return text, nil
	}
	if p.IsZero() {
		return "", s.noPeriod()
	}
	for i, part := range periodParts(p) {
		text = strings.ReplaceAll(text, placeholders[i], url.QueryEscape(part))
	}
	return text, nil
}

// secret reads an environment variable that the entry names.
func (s *Source) secret(name string) (string, error) {
	if v := os.Getenv(name); v != "" {
		return v, nil
	}
	return "", trouble(nil, "来源 %s:环境变量 %s 没有设置。", "source %s: the environment variable %s is not set.", s.Source, name)
}

// wait sleeps unless the work is called off.
func wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
