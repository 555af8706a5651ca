package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"kaoping"
	"kaoping/internal/schedule"
)

var yamlBlock = regexp.MustCompile("(?s)```yaml\n(.*?)```")

// loadText reads a configuration from its text.
func loadText(t *testing.T, text string) Config {
	t.Helper()
	path := filepath.Join(t.TempDir(), "config.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := loadConfig(path)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return c
}

// TestTheExamplesOfJobsLoad reads the examples of the pages and the one that
// kaoping init writes behind #, in both pages the same.
func TestTheExamplesOfJobsLoad(t *testing.T) {
	var pages []string
	for _, page := range []string{"schedule.md", "schedule.zh-CN.md"} {
		data, err := os.ReadFile(filepath.Join("..", "..", "docs", page))
		if err != nil {
			t.Fatal(err)
		}
		blocks := yamlBlock.FindAllStringSubmatch(string(data), -1)
		if len(blocks) == 0 {
			t.Fatalf("%s has no example", page)
		}
		for _, b := range blocks {
			c := loadText(t, b[1])
			kinds := map[string]bool{}
			for _, j := range c.jobs {
				kinds[j.Kind] = true
			}
			if len(kinds) != 5 || c.jobs[0].File != filepath.Join(filepath.Dir(c.path), "in", "业务统计.csv") || c.jobs[0].TimeZone != "Asia/Shanghai" {
				t.Errorf("%s: %v %+v", page, kinds, c.jobs[0])
			}
			pages = append(pages, b[1])
		}
	}
	if len(pages) != 2 || pages[0] != pages[1] {
		t.Error("the pages show different examples")
	}

	if c := loadText(t, string(kaoping.Config)); len(c.jobs) != 0 {
		t.Error("a new workspace has jobs")
	}
	text := string(kaoping.Config)
	text = text[strings.Index(text, "# jobs:\n"):]
	c := loadText(t, regexp.MustCompile(`(?m)^# ?`).ReplaceAllString(text, ""))
	if len(c.jobs) != 3 || c.jobs[0].Kind != schedule.Run || len(c.jobs[0].CutOff.Days) != 2 {
		t.Errorf("%+v", c.jobs)
	}
}
