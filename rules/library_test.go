package rules

import (
	"errors"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"kaoping/engine"
)

const smallPack = `pack: p
edition: 2022-01-01
title: 试点
status: draft
effective: {from: 2022-01-01, until: 2024-12-31}
periods: {annual: {first_day: 01-01, last_day: 12-31}}
peer_groups: {property: 财产保险公司}
statistics:
  投诉件数: {id: complaints, unit: 件}
  保费收入: {id: premium, unit: 元}
metrics:
  亿元保费投诉量: {id: rate, formula: 投诉件数 / 保费收入, unit: 件/亿元, cite: 第三条}
total: {full_points: 100, cite: 第二条}
sections:
  - section: 定量指标
    id: quantitative
    full_points: 100
    cite: 第二条
    indicators:
      - indicator: 亿元保费投诉量
        id: rate_points
        full_points: {2022-01-01: 60, 2024-01-01: 70}
        cite: 第三条
        score: {full_points_at: 1 件/亿元, no_points_at: 5 件/亿元}
        if_denominator_zero: leave out
      - indicator: 制度
        id: policies
        full_points: {2022-01-01: 40, 2024-01-01: 30}
        cite: 第四条
        judged: {cite: 第四条, checklist: {有制度: {2022-01-01: 40, 2024-01-01: 30}}}
`

func period(t *testing.T, s string) engine.Period {
	t.Helper()
	p, err := engine.ParsePeriod(s)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func mustLoad(t *testing.T, files map[string]string) *Library {
	t.Helper()
	m := fstest.MapFS{}
	for name, data := range files {
		m[name] = &fstest.MapFile{Data: []byte(data)}
	}
	lib, diags := Load(m, Options{})
	for _, d := range diags {
		if d.Level == LevelError {
			t.Fatalf("%s:%d:%d: %s", d.File, d.Line, d.Column, d.Message.EN)
		}
	}
	return lib
}

func TestPackSaysWhatThereIs(t *testing.T) {
	later := strings.NewReplacer("2022-01-01", "2025-01-01", ", until: 2024-12-31", "", "2024-01-01", "2026-01-01").Replace(smallPack)
	lib := mustLoad(t, map[string]string{"p/2022-01-01.yaml": smallPack, "p/2025-01-01.yaml": later})
	tests := []struct{ pack, period, edition, err string }{
		{"p", "2023", "2022-01-01", ""},
		{"p", "2025", "2025-01-01", ""},
		{"p", "2030H1", "2025-01-01", ""},
		{"p", "2021", "", "pack p has no edition for 2021: there is 2022-01-01 (2022-01-01 to 2024-12-31), 2025-01-01 (from 2025-01-01)"},
		{"pp", "2023", "", `no pack "pp", did you mean p?`},
		{"somewhere", "2023", "", `no pack "somewhere", there is p`},
	}
	for _, tt := range tests {
		p, err := lib.Pack(tt.pack, period(t, tt.period))
		switch {
		case tt.err == "" && (err != nil || p.Edition.String() != tt.edition):
			t.Errorf("%s %s: %v, %v", tt.pack, tt.period, p, err)
		case tt.err != "" && (err == nil || !strings.HasPrefix(err.Error(), tt.err) || !errors.Is(err, engine.ErrNotFound)):
			t.Errorf("%s %s: error %v, want %s", tt.pack, tt.period, err, tt.err)
		}
	}
}

func TestPackWithMistakesIsRefused(t *testing.T) {
	bad := strings.Replace(smallPack, "投诉件数 / 保费收入", "投诉件数 / 保费", 1)
	lib, diags := Load(fstest.MapFS{"p.yaml": {Data: []byte(bad)}}, Options{})
	if !HasErrors(diags) || len(lib.Packs()) != 0 {
		t.Fatalf("accepted: %v", diags)
	}
	if _, err := lib.Pack("p", period(t, "2023")); err == nil || err.Error() != "pack p, edition 2022-01-01 has 1 error; run kaoping check first" {
		t.Errorf("got %v", err)
	}
}

// A value that changes inside an edition: the period decides.
func TestDatedValues(t *testing.T) {
	lib := mustLoad(t, map[string]string{"p/2022-01-01.yaml": smallPack})
	for year, want := range map[string]string{"2023": "60", "2024": "70"} {
		p, err := lib.Pack("p", period(t, year))
		if err != nil {
			t.Fatal(err)
		}
		if got := p.Sections[0].Children[0].FullPoints.String(); got != want {
			t.Errorf("%s: %s points, want %s", year, got, want)
		}
	}
	if n := len(lib.Packs()); n != 1 {
		t.Errorf("%d packs, want 1", n)
	}
	files := lib.Files(lib.Packs()[0])
	p, _ := LoadFilesFor(files, period(t, "2024"))
	if got := p.Sections[0].Children[1].Checklist.Lines[0].Points.String(); got != "30" {
		t.Errorf("stored files: %s points, want 30", got)
	}
}

// An edition may be split over files, and its hash depends on their names and
// contents only.
func TestSeveralFilesAreOneEdition(t *testing.T) {
	head := "pack: p\nedition: 2022-01-01\n"
	cut := strings.Index(smallPack, "statistics:")
	files := map[string]string{"a/b/1.yaml": smallPack[:cut], "a/b/2.yaml": head + smallPack[cut:]}
	lib := mustLoad(t, files)
	p := lib.Packs()[0]
	again, diags := LoadFiles(lib.Files(p))
	if HasErrors(diags) {
		t.Fatal(diags)
	}
	if again.Hash != p.Hash {
		t.Errorf("hash %s after a round trip, was %s", again.Hash, p.Hash)
	}
	moved := mustLoad(t, map[string]string{"elsewhere/1.yaml": files["a/b/1.yaml"], "elsewhere/2.yaml": files["a/b/2.yaml"]})
	if h := moved.Packs()[0].Hash; h != p.Hash {
		t.Errorf("hash %s in another folder, was %s", h, p.Hash)
	}
	files["a/b/2.yaml"] += "# a remark\n"
	if h := mustLoad(t, files).Packs()[0].Hash; h == p.Hash {
		t.Error("the hash did not notice a change")
	}
}

// A file that cannot be read hides itself only: what other files of the edition
// refer to may stand in it, and is not called unknown.
func TestBrokenFileHidesItself(t *testing.T) {
	head := "pack: p\nedition: 2022-01-01\n"
	cut := strings.Index(smallPack, "metrics:")
	lib, diags := Load(fstest.MapFS{
		"p/1.yaml": {Data: []byte(smallPack[:cut] + "nonsense: {\n")},
		"p/2.yaml": {Data: []byte(head + smallPack[cut:] + "colour: red\n")},
	}, Options{})
	var codes []string
	for _, d := range diags {
		if d.Level == LevelError {
			codes = append(codes, d.File+" "+d.Code)
		}
	}
	if got := strings.Join(codes, ", "); got != "p/1.yaml yaml, p/2.yaml unknown-key" {
		t.Errorf("got %s", got)
	}
	if len(lib.Packs()) != 0 {
		t.Error("an incomplete edition is offered")
	}
}

// A deduction does not take a declared register of the same name by itself.
func TestDeductionNamedLikeARegister(t *testing.T) {
	data := strings.Replace(smallPack, "statistics:\n", "registers:\n  舆情: {id: press, key: 编号, subject: 机构编码, date: 日期, fields: {程度: {one of: [一般]}}}\nstatistics:\n", 1) +
		"    deductions:\n      - {deduction: 舆情, id: press_points, at_most: 5, cite: 第五条, classified_by: 程度, points_per_case: {一般: 1}}\n"
	_, diags := LoadFiles(map[string][]byte{"p.yaml": []byte(data)})
	if len(diags) != 1 || diags[0].Code != CodeDuplicateName || !strings.Contains(diags[0].Hint.EN, "register: 舆情") {
		t.Errorf("got %+v", diags)
	}
	taken := strings.Replace(data, "classified_by", "register: 舆情, classified_by", 1)
	p, diags := LoadFiles(map[string][]byte{"p.yaml": []byte(taken)})
	if p == nil || p.Sections[0].Children[2].Cases.Register != "press" {
		t.Errorf("got %+v", diags)
	}
}

// A file that cannot be read is a mistake like any other.
func TestUnreadableFile(t *testing.T) {
	_, diags := Load(sealed{fstest.MapFS{"p.yaml": {Data: []byte(smallPack)}, "q.yml": {Data: []byte(smallPack)}}}, Options{})
	var got []string
	for _, d := range diags {
		if d.Level == LevelError {
			got = append(got, d.File+": "+d.Code+": "+d.Message.EN)
		}
	}
	if s := strings.Join(got, "; "); s != "p.yaml: missing-file: cannot read it: permission denied" {
		t.Error(s)
	}
}

// sealed is a file system in which p.yaml may not be opened.
type sealed struct{ fstest.MapFS }

func (s sealed) Open(name string) (fs.File, error) {
	if name == "p.yaml" {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
	}
	return s.MapFS.Open(name)
}

func (s sealed) ReadFile(name string) ([]byte, error) {
	f, err := s.Open(name)
	if err != nil {
		return nil, err
	}
	f.Close()
	return s.MapFS.ReadFile(name)
}

func TestNothingToLoad(t *testing.T) {
	lib, diags := Load(fstest.MapFS{}, Options{})
	if len(diags) != 0 || len(lib.Packs()) != 0 {
		t.Errorf("nothing gives %v", diags)
	}
	if _, err := lib.Pack("p", period(t, "2023")); err == nil || !strings.Contains(err.Error(), "there are none") {
		t.Errorf("got %v", err)
	}
}
