package ingest

import (
	"testing"

	"kaoping/engine"
)

func TestMoments(t *testing.T) {
	for _, test := range []struct{ name, in, want, code string }{
		{"the plain form", "2024-05-01 09:30", "2024-05-01 09:30", ""},
		{"with seconds", "2024-05-01T09:30:15", "2024-05-01 09:30:15", ""},
		{"with slashes and one digit", "2024/5/1 9:05", "2024-05-01 09:05", ""},
		{"in Chinese", "2024年5月1日9时30分", "2024-05-01 09:30", ""},
		{"in Chinese with a blank", "2024年5月1日 9点", "2024-05-01 09:00", ""},
		{"half past three in the afternoon", "2024年5月1日下午3点半", "2024-05-01 15:30", ""},
		{"full width", "２０２４－０５－０１　０９：３０", "2024-05-01 09:30", ""},
		{"noon", "2024-05-01 中午12:00", "2024-05-01 12:00", ""},
		{"the last minute of a day", "2024-05-01 23:59", "2024-05-01 23:59", ""},
		{"midnight is the beginning of the day", "2024-05-01 00:00", "2024-05-01", ""},
		{"24:00 is the beginning of the next", "2024-05-01 24:00", "2024-05-02", ""},
		{"a day alone", "2024-05-01", "", "no-time-of-day"},
		{"a day that does not exist", "2024-02-30 09:30", "", "no-such-date"},
		{"an hour that does not exist", "2024-05-01 25:00", "", "no-such-time"},
		{"a minute that does not exist", "2024-05-01 09:60", "", "no-such-time"},
		{"one minute past 24:00", "2024-05-01 24:01", "", "no-such-time"},
		{"13 in the morning", "2024-05-01 上午13:00", "", "no-such-time"},
		{"a zone", "2024-05-01T09:30+08:00", "", "time-zone"},
		{"UTC", "2024-05-01T09:30:00Z", "", "time-zone"},
		{"a time alone", "09:30", "", "not-a-time"},
		{"a word", "昨天", "", "not-a-time"},
	} {
		t.Run(test.name, func(t *testing.T) {
			x, problem := parseMoment(test.in)
			switch {
			case problem != nil && problem.code != test.code:
				t.Errorf("%s: %s", test.in, problem.code)
			case problem == nil && (test.code != "" || engine.MomentText(x) != test.want):
				t.Errorf("%s: %s", test.in, engine.MomentText(x))
			}
		})
	}
}

func TestTimesOfSpreadsheetNumbers(t *testing.T) {
	for serial, want := range map[string]string{
		"45413":                "",
		"45413.0":              "",
		"45413.5":              " 12:00",
		"45413.395833333336":   " 09:30",
		"45413.39600694444":    " 09:30:15",
		"45413.99930555555":    " 23:59",
		"45413.00069444444444": " 00:01",
	} {
		if got := timeText(serial); got != want {
			t.Errorf("%s: %q, want %q", serial, got, want)
		}
	}
}
