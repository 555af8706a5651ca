package rules

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"kaoping/engine"
)

func TestSentencesOfTheExample(t *testing.T) {
	lib := exampleLibrary(t)
	compareSentences(t, lib, "example")
}

// everything.yaml uses each form of the language at least once.
func TestSentencesOfEveryForm(t *testing.T) {
	data, err := os.ReadFile("testdata/sentences/everything.yaml")
	if err != nil {
		t.Fatal(err)
	}
	lib, diags := Load(fstest.MapFS{"everything.yaml": {Data: data}}, Options{})
	if HasErrors(diags) {
		var b bytes.Buffer
		_ = WriteText(&b, diags, engine.English)
		t.Fatalf("mistakes in the pack:\n%s", b.String())
	}
	compareSentences(t, lib, "everything")
}

func compareSentences(t *testing.T, lib *Library, name string) {
	t.Helper()
	packs := lib.Packs()
	if len(packs) != 1 {
		t.Fatalf("%d packs, want 1", len(packs))
	}
	for _, lang := range []engine.Lang{engine.Chinese, engine.English} {
		var b bytes.Buffer
		if err := WriteSentences(&b, Sentences(packs[0], lang)); err != nil {
			t.Fatal(err)
		}
		golden := filepath.Join("testdata", "sentences", name+"."+string(lang)+".txt")
		if *update {
			if err := os.WriteFile(golden, b.Bytes(), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if b.String() != string(want) {
			t.Errorf("%s differs; got:\n%s", golden, b.String())
		}
	}
}

func TestFormulasReadLikeABook(t *testing.T) {
	for _, c := range []struct{ src, zh, en string }{
		{"车险投诉件数/车险保费收入", "车险投诉件数 ÷ 车险保费收入", "车险投诉件数 ÷ 车险保费收入"},
		{`形式 == "群体/事件" and 人数>=50`, "形式 = “群体/事件” 且 人数 ≥ 50", "形式 = “群体/事件” and 人数 ≥ 50"},
		{`not 撤回 or 险种 in ["车险","人身险"]`, "非 撤回 或 险种 属于 [“车险”, “人身险”]", "not 撤回 or 险种 is one of [“车险”, “人身险”]"},
		{"(a - 上期(a)) / -b * 1,234.5", "(a - 上期(a)) ÷ -b × 1,234.5", "(a - previous(a)) ÷ -b × 1,234.5"},
		{"百分位(x, 65%) ? 80% : 10亿元", "百分位(x, 65%) ? 80% : 10亿元", "percentile(x, 65%) ? 80% : 10亿元"},
	} {
		for lang, want := range map[engine.Lang]string{engine.Chinese: c.zh, engine.English: c.en} {
			n := newNarrator(&engine.Pack{}, lang)
			if got := n.formula(c.src); got != want {
				t.Errorf("%s in %s: %s, want %s", c.src, lang, got, want)
			}
		}
	}
}

func TestDenominators(t *testing.T) {
	for src, want := range map[string][]string{
		"a / b":                     {"b"},
		"(a - 上期(a)) / 上期(a)":       {"上期(a)"},
		"a / (b + c) + d / (b + c)": {"b + c"},
		"a / 100":                   nil,
		"合计(a) / 合计(b) + c/d":       {"合计(b)", "d"},
		"a ÷ b":                     {"b"},
		`x == "甲/乙" ? a : b`:        nil,
	} {
		got := denominators(src)
		if len(got) != len(want) {
			t.Errorf("%s: %v, want %v", src, got, want)
			continue
		}
		for i := range got {
			if got[i] != want[i] {
				t.Errorf("%s: %v, want %v", src, got, want)
			}
		}
	}
}
