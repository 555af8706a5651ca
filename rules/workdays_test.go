package rules

import (
	"testing"
	"testing/fstest"

	"kaoping/engine/calendar"
)

func TestCalendarByName(t *testing.T) {
	worked := "calendar: cn\ntitle: {zh: 历, en: calendar}\nyears:\n  2031: {holidays: {元旦: 01-01}, worked: [01-04]}\n"
	own := fstest.MapFS{"calendars/cn.yaml": {Data: []byte(worked)}, "calendars/bad.yaml": {Data: []byte("calendar: bad\nyears: {2031: {worked: [01-02]}}\n")}}
	c, found := Calendar(own, "cn")
	if c == nil || len(found) != 0 {
		t.Fatalf("%v", found)
	}
	if works, err := c.Works(calendar.DayOf(2031, 1, 4)); err != nil || !works {
		t.Errorf("a Saturday that is worked: %t, %v", works, err)
	}
	if shipped, found := Calendar(fstest.MapFS{}, "cn"); shipped == nil || len(shipped.Years()) < 3 || len(found) != 0 {
		t.Errorf("the one that ships: %v", found)
	}
	if c, found := Calendar(own, "bad"); c != nil || !HasErrors(found) {
		t.Errorf("a plain weekday as worked: %v", found)
	}
	for _, name := range []string{"nowhere", "", "../cn"} {
		if c, found := Calendar(own, name); c != nil || found != nil {
			t.Errorf("%q: %v, %v", name, c, found)
		}
	}
}
