package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"gopkg.in/yaml.v3"

	"kaoping/engine"
	"kaoping/internal/feeds"
	"kaoping/internal/schedule"
)

// Config is what config.yaml says. Paths are absolute once it is loaded.
type Config struct {
	Database struct {
		URL string `yaml:"url"`
	} `yaml:"database"`
	Packs    string         `yaml:"packs"`
	Output   string         `yaml:"output"`
	Language engine.Lang    `yaml:"language"`
	TimeZone string         `yaml:"time_zone"`
	Web      WebConfig      `yaml:"web"`
	Jobs     jobList        `yaml:"jobs"`
	Notify   NotifyConfig   `yaml:"notify"`
	Sources  feeds.List     `yaml:"sources"`
	Accounts AccountsConfig `yaml:"accounts"`

	path     string         // of the file; empty if there is none
	location *time.Location // of TimeZone
	jobs     []*schedule.Job
	sources  []*feeds.Source
}

// DefaultConfig is what holds where a config file is silent.
func DefaultConfig() Config {
	c := Config{Packs: "packs", Output: "out", Language: engine.Chinese, TimeZone: "Asia/Shanghai", Web: defaultWeb(), Notify: defaultNotify(), Accounts: defaultAccounts()}
	c.Database.URL = "sqlite:kaoping.db"
	return c
}

// loadConfig reads the file over the defaults. The database address may come
// from the environment instead, so that no password stands in a file.
func loadConfig(path string) (Config, error) {
	c := DefaultConfig()
	data, err := os.ReadFile(path)
	if err != nil {
		return c, configProblem(path, err)
	}
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	decoder.KnownFields(true)
	if err := decoder.Decode(&c); err != nil && !errors.Is(err, io.EOF) {
		return c, badConfig(path, err.Error())
	}
	if c.path, err = filepath.Abs(path); err != nil {
		return c, configProblem(path, err)
	}
	if url := os.Getenv("KAOPING_DATABASE_URL"); url != "" {
		c.Database.URL = url
	}
	return c, c.validate()
}

// validate checks the values and makes paths absolute.
func (c *Config) validate() error {
	var problems []string
	if c.Language != engine.Chinese && c.Language != engine.English {
		problems = append(problems, fmt.Sprintf("language: %q (zh | en)", c.Language))
	}
	location, err := time.LoadLocation(c.TimeZone)
	if err != nil || c.TimeZone == "" {
		problems = append(problems, fmt.Sprintf("time_zone: %q", c.TimeZone))
	}
	c.location = location
	scheme, file, _ := strings.Cut(c.Database.URL, ":")
	switch {
	case scheme == "sqlite" && file != "":
		c.Database.URL = "sqlite:" + c.abs(file)
	case scheme == "postgres" || scheme == "postgresql":
	default:
		problems = append(problems, "database.url: sqlite:FILE | postgres://…")
	}
	problems = append(problems, c.Web.problems()...)
	problems = append(problems, c.Accounts.problems()...)
	var wrong []string
	c.jobs, wrong = c.Jobs.compile(c)
	problems = append(problems, wrong...)
	problems = append(problems, c.Notify.problems(c.jobs)...)
	problems = append(problems, c.compileSources()...)
	for key, path := range map[string]*string{"packs": &c.Packs, "output": &c.Output, "web.drafts": &c.Web.Drafts} {
		if *path == "" {
			problems = append(problems, key+": ?")
		}
		*path = c.abs(*path)
	}
	if problems != nil {
		return badConfig(c.path, strings.Join(problems, "; "))
	}
	return nil
}

// abs resolves a path against the folder of the config file.
func (c *Config) abs(path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(filepath.Dir(c.path), path)
}

func badConfig(path, what string) error {
	return fail(exitUsage, engine.Text{
		ZH: fmt.Sprintf("配置文件 %s 有误:%s\n  提示:与 kaoping init 写出的 config.yaml 对照。", path, what),
		EN: fmt.Sprintf("the configuration %s is wrong: %s\n  hint: compare it with the config.yaml that kaoping init writes.", path, what),
	})
}

func configProblem(path string, err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return fail(exitUsage, engine.Text{
			ZH: fmt.Sprintf("找不到配置文件 %s。\n  提示:用 kaoping init 目录 新建工作目录并进入该目录,或用 --config 指明配置文件。", path),
			EN: fmt.Sprintf("there is no configuration %s.\n  hint: make a workspace with kaoping init DIR and go there, or name the file with --config.", path),
		})
	}
	return fail(exitStore, engine.Text{
		ZH: fmt.Sprintf("读不了配置文件 %s:%v\n  提示:--config 要的是一个可读的文件。", path, cause(err)),
		EN: fmt.Sprintf("cannot read the configuration %s: %v\n  hint: --config names a file that can be read.", path, cause(err)),
	})
}
