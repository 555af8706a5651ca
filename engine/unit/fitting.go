package unit

import "slices"

// Fitting lists the units that a quantity of u may be written in: 元, 千元, 万元,
// 百万元, 亿元 for 万元. A unit made of several, such as 件/亿元, is the only one of
// its kind; a bare number has none.
func Fitting(u Unit) []string {
	if u.IsBare() {
		return nil
	}
	var list []string
	for _, word := range Words() {
		for _, multiple := range []string{"", "千", "万", "百万", "亿"} {
			v, err := Parse(multiple + word)
			if err == nil && v.SameDimension(u) && !v.IsBare() && (multiple == "" || v.IsMoney() || v.IsCount() && isChinese(word)) {
				list = append(list, multiple+word)
			}
		}
	}
	if name := u.String(); name != "" && !slices.Contains(list, name) {
		list = append([]string{name}, list...)
	}
	return list
}

func isChinese(word string) bool { return word[0] >= 0x80 }
