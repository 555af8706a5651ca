package main

import (
	"os"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"kaoping/internal/feeds"
)

// The examples of the guides are sources as they stand.
func TestExamplesOfTheGuideAreSources(t *testing.T) {
	for _, name := range []string{"../../docs/data.md", "../../docs/data.zh-CN.md"} {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		_, rest, _ := strings.Cut(string(text), "```yaml\n")
		example, _, found := strings.Cut(rest, "```")
		if !found {
			t.Fatalf("%s has no example", name)
		}
		var c struct {
			Sources feeds.List `yaml:"sources"`
		}
		if err := yaml.Unmarshal([]byte(example), &c); err != nil {
			t.Fatal(err)
		}
		sources, problems := c.Sources.Compile(func(p string) string { return p })
		if len(sources) != 3 || problems != nil {
			t.Errorf("%s: %d sources, %v", name, len(sources), problems)
		}
	}
}
