package rules

import (
	"strings"
	"testing"

	"kaoping/engine"
)

// Files as people deliver them, and files nobody would write by hand.
func TestReadSource(t *testing.T) {
	tests := []struct {
		name, content string
		codes         string // of what is reported
		root          bool   // whether there is something to go on with
	}{
		{"a byte order mark", "\ufeffpack: p\n", "", true},
		{"Windows line ends", "pack: p\r\nedition: 2024-01-01\r\n", "", true},
		{"nothing", "", CodeYAML, false},
		{"remarks only", "# later\n", CodeYAML, false},
		{"a list", "- a\n- b\n", "", true},
		{"UTF-16", "\xff\xfep\x00a\x00", CodeNotUTF8, false},
		{"a control character", "pack: \x01\n", CodeYAML, false},
		{"half a character", "pack: \xe8\xbd\n", CodeNotUTF8, false},
		{"larger than 1 MiB", strings.Repeat("# remark\n", 1<<17), CodeYAML, false},
		{"nested too deeply", strings.Repeat("[", 100) + strings.Repeat("]", 100), CodeYAML, false},
		{"too many nodes", "[" + strings.Repeat("a,", maxNodes) + "]", CodeYAML, false},
		{"an alias that holds itself", "a: &x [*x]\n", CodeYAML + " " + CodeYAML, true},
		{"a tab in the indentation", "a:\n\tb: 1\n \tc: 2\n", CodeTab + " " + CodeTab, false},
		{"a tab elsewhere", "a: b\t# remark\nc: [1,\n\t2]\n", "", true},
		{"full-width punctuation in texts", "quote: 甲，乙：“丙”\nremark: “丁”：戊\nx: {a: 甲，乙}\n", "", true},
		{"full-width punctuation in comments and quotes", "a: \"：，“\"   # ：，“\nb: '：，“'\nc: |\n  投诉：，“\n", "", true},
		{"full-width colons", "a：1\nb： 2\nc: {d：1, e： 2}\n", strings.Repeat(CodeFullWidth+" ", 3) + CodeFullWidth, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f, diags := readSource("x.yaml", []byte(tt.content))
			var codes []string
			for _, d := range diags {
				codes = append(codes, d.Code)
				checkDiagnostic(t, d)
			}
			if got := strings.Join(codes, " "); got != tt.codes {
				t.Errorf("got %q, want %q: %v", got, tt.codes, diags)
			}
			if (f.root != nil) != tt.root {
				t.Errorf("root %v, want %v", f.root != nil, tt.root)
			}
		})
	}
}

// A repaired line is still shown and counted as it was written.
func TestColumnsOfARepairedLine(t *testing.T) {
	f, diags := readSource("x.yaml", []byte("m：{a：1, b：{c：x}}\nn: 2\n"))
	for _, d := range Sort(diags) {
		if []rune(d.Source)[d.Column-1] != '：' {
			t.Errorf("column %d of %s", d.Column, d.Source)
		}
	}
	inner := keyAt(node{y: f.root, file: f}, "m", "b", "c")
	if p := inner.place(); p.column != 12 {
		t.Errorf("column %d, want 12", p.column)
	}
}

// keyAt finds a key by its path.
func keyAt(n node, path ...string) node {
	for _, name := range path {
		for i := 0; i+1 < len(n.y.Content); i += 2 {
			if n.y.Content[i].Value == name {
				if name == path[len(path)-1] {
					return n.child(n.y.Content[i])
				}
				n = n.child(n.y.Content[i+1])
				break
			}
		}
	}
	return n
}

func TestPhrases(t *testing.T) {
	tests := []struct {
		points, metrics string
		want            string // code of the complaint
		check           func(engine.RoundingRules) bool
	}{
		{"2 decimals, half up, each indicator before adding up", "shown with 4 decimals, never rounded before scoring", "",
			func(r engine.RoundingRules) bool {
				return r.RoundPoints && !r.PointsAtTotal && r.Points.Decimals == 2 && !r.MetricsRounded && r.Metrics.Decimals == 4
			}},
		{"1 decimal, half even, only the total", "rounded to 2 decimals, half up, before ranking", "",
			func(r engine.RoundingRules) bool {
				return r.PointsAtTotal && r.MetricsRounded && r.Metrics.Decimals == 2
			}},
		{"2位小数，四舍五入，每项指标先舍入再合计", "显示4位小数，评分前不舍入", "",
			func(r engine.RoundingRules) bool {
				return r.RoundPoints && !r.PointsAtTotal && !r.MetricsRounded && r.Metrics.Decimals == 4
			}},
		{"never rounded", "shown with 2 decimals, down, never rounded before ranking", "",
			func(r engine.RoundingRules) bool { return !r.RoundPoints && r.Metrics.Decimals == 2 }},
		{"2 decimals, half up", "shown with 4 decimals, never rounded before scoring", CodeWrongType, nil},
		{"2 decimals, upwards, only the total", "shown with 4 decimals, never rounded before scoring", CodeWrongType, nil},
		{"99 decimals, half up, only the total", "shown with 4 decimals, never rounded before scoring", CodeWrongType, nil},
		{"never rounded", "shown with 4 decimals, before scoring", CodeWrongType, nil},
		{"never rounded", "rounded to 4 decimals", CodeWrongType, nil},
	}
	for _, tt := range tests {
		old := "title: 试点\n"
		data := strings.Replace(smallPack, old, old+"rounding: {points: \""+tt.points+"\", metrics: \""+tt.metrics+"\"}\n", 1)
		p, diags := LoadFiles(map[string][]byte{"p.yaml": []byte(data)})
		switch {
		case tt.want != "" && !hasCode(diags, tt.want):
			t.Errorf("%s | %s: nothing reported", tt.points, tt.metrics)
		case tt.want == "" && (p == nil || !tt.check(p.Rounding)):
			t.Errorf("%s | %s: %+v", tt.points, tt.metrics, diags)
		}
	}
}
