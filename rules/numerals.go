package rules

import (
	"strconv"
	"strings"

	"kaoping/engine"
)

// numberHint says how to write what is not a number.
func numberHint(v string) engine.Text {
	if n, ok := chineseNumber(strings.TrimSuffix(strings.TrimSpace(v), "分")); ok {
		return text("写成 "+strconv.Itoa(n), "write "+strconv.Itoa(n))
	}
	return text("写阿拉伯数字, 例如 20", "write it in figures, for example 20")
}

// chineseNumber reads a whole number below ten thousand in Chinese numerals:
// 二十, 一百零五.
func chineseNumber(s string) (int, bool) {
	total, digit, seen := 0, 0, false
	for _, r := range s {
		if i := strings.IndexRune("零一二三四五六七八九", r); i >= 0 {
			digit, seen = i/len("零"), true
			continue
		}
		switch r {
		case '两':
			digit, seen = 2, true
			continue
		case '十', '百', '千':
		default:
			return 0, false
		}
		if digit == 0 && r == '十' {
			digit = 1
		}
		total += digit * map[rune]int{'十': 10, '百': 100, '千': 1000}[r]
		digit, seen = 0, true
	}
	return total + digit, seen && total+digit < 10_000
}
