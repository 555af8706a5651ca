package reports

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// ScorecardName is the file name of a scorecard; names sort by period, group and
// subject: 2025H1_财产保险公司_评分卡_PA01_甲财险上海分公司_v1.xlsx.
func ScorecardName(d *Document, subject, ext string) string {
	group, name := "", ""
	for i := range d.Result.Scorecards {
		if c := &d.Result.Scorecards[i]; c.Subject == subject {
			group, name = c.PeerGroup, c.Name
		}
	}
	return fileName(ext, d.Result.Period.String(), d.groupTitle(group), d.say("评分卡", "scorecard"), subject, name, d.revision())
}

// RankingName is the file name of a ranking:
// 2025H1_财产保险公司_排名_v1.xlsx.
func RankingName(d *Document, peerGroup, ext string) string {
	return fileName(ext, d.Result.Period.String(), d.groupTitle(peerGroup), d.say("排名", "ranking"), d.revision())
}

// maxNamePart keeps a file name below the 255 bytes that file systems allow.
const maxNamePart = 60

func fileName(ext string, parts ...string) string {
	var clean []string
	for _, p := range parts {
		if p = safePart(p); p != "" {
			clean = append(clean, p)
		}
	}
	return strings.Join(clean, "_") + "." + ext
}

// safePart replaces what Windows or a shell does not allow in a file name.
func safePart(s string) string {
	s = strings.Map(func(r rune) rune {
		if r == utf8.RuneError || unicode.IsControl(r) || unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) || strings.ContainsRune(`/\:*?"<>|'`, r) {
			return '-'
		}
		return r
	}, s)
	for len(s) > maxNamePart {
		_, size := utf8.DecodeLastRuneInString(s)
		s = s[:len(s)-size]
	}
	return strings.Trim(s, "-. ")
}
