package rules

import (
	"strings"
	"testing"
	"testing/fstest"
)

// Converted documents carry readings behind characters; quotes are written
// without them, and brackets that are part of the text still count.
func TestQuotesAreFoundBetweenReadings(t *testing.T) {
	source := "保險(xiǎn)基層管理暫行辦法。預(yù)算執(zhí)行偏差較(jiào)大,應(yīng)及時查找原因(含)。編號(A)有效(de)。"
	for quote, found := range map[string]bool{
		"預算執行偏差較大,應及時查找原因(含)": true,
		"保險(xiǎn)基層管理":        true,
		"編號(A)有效":             true,
		"編號有效":                false,
		"查找原因。編號":             false,
	} {
		pack := "pack: x\nedition: 2022-01-01\nsources: {文: {title: 文, file: a.txt}}\neffective: {from: 2022-01-01, cite: 文 1, quote: \"" + quote + "\"}\nremarks: [x]\n"
		files := fstest.MapFS{"x.yaml": {Data: []byte(pack)}, "a.txt": {Data: []byte(source)}}
		_, diags := Load(files, Options{Sources: files})
		got := true
		for _, d := range diags {
			got = got && d.Code != CodeQuote
			if d.Level == LevelError && d.Code != CodeQuote && !strings.HasPrefix(d.Code, "missing") {
				t.Errorf("%s: %v", quote, d)
			}
		}
		if got != found {
			t.Errorf("%s: found %v, want %v", quote, got, found)
		}
	}
}
