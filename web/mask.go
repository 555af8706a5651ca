package web

import (
	"strings"
	"unicode/utf8"
)

// longestReason bounds what somebody writes, in characters.
const longestReason = 500

// unmasked shows a page with the personal data on it, once the reason is in the
// audit trail.
func unmasked(page func(*request) error) func(*request) error {
	return func(q *request) error {
		reason := strings.TrimSpace(q.r.PostFormValue("reason"))
		if n := utf8.RuneCountInString(reason); n < 4 || n > longestReason {
			return badRequest("请写明查看个人信息的理由(4 至 500 字)。", "Say why you need to see personal data (4 to 500 characters).")
		}
		about := q.r.PathValue("key")
		if about == "" {
			about = q.r.PathValue("subject")
		}
		if err := q.Desk.DB.Note(q.ctx(), q.actor(), "unmask", about, map[string]string{"page": q.r.URL.RequestURI(), "reason": reason}); err != nil {
			return err
		}
		q.bare = true
		return page(q)
	}
}

// offerUnmasking lets a page ask for a reason, from those who may see what is
// masked. Where nobody logs in nobody may: the trail could not say who it was.
func (q *request) offerUnmasking(p *page) {
	p.Unmasked = q.bare
	if q.user != nil && !q.bare && q.may(UnmaskPersons) {
		p.Unmask = q.r.URL.RequestURI()
	}
}

// mask hides a value as long as the reader has not said why it is needed.
func (q *request) mask(heading, value string) string {
	if q.bare {
		return value
	}
	return mask(heading, value)
}

// Personal data are masked on every page and in every file. Who may see them asks
// for one page at a time and says why; the audit trail keeps the reason.

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
