package web

import (
	"strings"
	"unicode/utf8"
)

// Personal data are masked on every page. Whoever may see them will have to say
// why, which is not built yet; so nobody does.

// nameWords and numberWords are what headings of personal data say.
var (
	nameWords   = []string{"姓名", "投诉人", "联系人", "客户名", "被保险人", "投保人", "举报人"}
	numberWords = []string{"电话", "手机", "身份证", "证件号", "银行卡", "账号", "帐号", "联系方式", "邮箱", "地址"}
)

// mask hides the value of a field whose heading says that it is about a person.
func mask(heading, value string) string {
	for _, w := range numberWords {
		if strings.Contains(heading, w) {
			return maskNumber(value)
		}
	}
	for _, w := range nameWords {
		if strings.Contains(heading, w) {
			return maskName(value)
		}
	}
	return value
}

// maskName keeps the family name: 张**.
func maskName(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	if size == 0 {
		return ""
	}
	return string(r) + "**"
}

// maskNumber keeps the ends of a long number: 138****1234.
func maskNumber(s string) string {
	r := []rune(s)
	if len(r) < 9 {
		return "****"
	}
	return string(r[:3]) + "****" + string(r[len(r)-4:])
}
