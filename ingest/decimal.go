package ingest

import (
	"strconv"
	"strings"
	"time"

	"kaoping/engine"
)

// significant is how many digits of a number a spreadsheet keeps and shows. Files
// hold up to 17, of which the last are those of the nearest binary fraction:
// 4.7300000000000004 was typed as 4.73.
const significant = 15

// maxExponent bounds the powers of ten that are written out.
const maxExponent = 308

// decimal writes a number of a spreadsheet (4.48E-2) as a plain decimal (0.0448),
// rounded half up to 15 significant digits. Nothing passes through floating
// point. It reports whether digits before the point were lost, and false for
// what is no number.
func decimal(s string) (text string, long, ok bool) {
	sign, s := cutSign(s)
	mantissa, exponent, ok := cutExponent(s)
	if !ok {
		return "", false, false
	}
	whole, fraction, _ := strings.Cut(mantissa, ".")
	all := whole + fraction
	if all == "" || strings.Trim(all, "0123456789") != "" {
		return "", false, false
	}
	point := len(whole) + exponent // digits before the point
	trimmed := strings.TrimLeft(all, "0")
	point -= len(all) - len(trimmed)
	digits := trimmed
	if len(digits) > significant {
		digits, point = roundDigits(digits, point)
	}
	digits = strings.TrimRight(digits, "0")
	if digits == "" {
		return "0", false, true
	}
	if point > maxExponent || point < -maxExponent {
		return "", false, false
	}
	return sign + place(digits, point), point > significant, true
}

func cutSign(s string) (sign, rest string) {
	if rest, ok := strings.CutPrefix(s, "-"); ok {
		return "-", rest
	}
	return "", strings.TrimPrefix(s, "+")
}

func cutExponent(s string) (mantissa string, exponent int, ok bool) {
	i := strings.IndexAny(s, "eE")
	if i < 0 {
		return s, 0, len(s) <= 400
	}
	n, err := strconv.Atoi(s[i+1:])
	return s[:i], n, err == nil && n >= -1000 && n <= 1000 && i <= 400
}

// roundDigits rounds half up to the significant digits; 99…9 carries.
func roundDigits(digits string, point int) (string, int) {
	kept := []byte(digits[:significant])
	if digits[significant] < '5' {
		return string(kept), point
	}
	for i := significant - 1; i >= 0; i-- {
		if kept[i] != '9' {
			kept[i]++
			return string(kept), point
		}
		kept[i] = '0'
	}
	return "1", point + 1
}

// place puts the decimal point behind the given number of digits.
func place(digits string, point int) string {
	switch {
	case point <= 0:
		return "0." + strings.Repeat("0", -point) + digits
	case point >= len(digits):
		return digits + strings.Repeat("0", point-len(digits))
	}
	return digits[:point] + "." + digits[point:]
}

// hundredfold writes 0.985 as 98.5.
func hundredfold(text string) string {
	s, _, _ := decimal(text + "e2")
	return s
}

// serialDay is the day of a spreadsheet's number, which may have a time of day
// behind its point. Counted from 1900 there is a 29 February 1900 that never was;
// numbers up to it are refused.
func serialDay(text string, since04 bool) (engine.Date, bool) {
	whole, _, _ := strings.Cut(text, ".")
	n, err := strconv.Atoi(whole)
	if err != nil || n < 0 || n > 200_000 {
		return engine.Date{}, false
	}
	if since04 {
		d := engine.Date{Year: 1904, Month: time.January, Day: 1}.AddDays(n)
		return d, exists(d)
	}
	d := engine.Date{Year: 1899, Month: time.December, Day: 30}.AddDays(n)
	return d, n > 60 && exists(d)
}
