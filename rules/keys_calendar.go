package rules

// calendarKinds are the parts of a calendar of working days.
var calendarKinds = []Kind{
	{
		ID: KindCalendar, Doc: text("工作日历", "a calendar of working days"), reader: "a calendar",
		Keys: []Key{
			key("calendar", "日历的名称,与文件名相同", "its name, as that of the file", asText),
			key("title", "日历的标题", "what it is called", asTitle),
			key("utc_offset", "当地时间与协调世界时的时差,如 +08:00", "how far its clock is ahead of UTC, such as +08:00", asText),
			required("years", "各年的放假调休安排", "the days off of each year", asMapping("calendar years")),
		},
	},
	{ID: "calendar years", Doc: text("各年", "the years"), reader: "the years", Names: []Shape{asMapping("calendar year")}},
	{
		ID: "calendar year", Doc: text("一年的放假调休安排", "what is off and what is worked in a year"), reader: "a year",
		Keys: []Key{
			key("cite", "公布这一年安排的通知", "the announcement", asText),
			key("note", "给人看的说明", "a remark for people", asText),
			key("holidays", "放假的日子", "the days off", asMapping("holidays")),
			key("worked", "调休上班的周末", "the weekend days that are worked", asList(asPhrase("09-28"))),
		},
	},
	{ID: "holidays", Doc: text("各个假期", "the holidays"), reader: "the holidays", Names: []Shape{asPhrase("01-01", "10-01 to 10-07")}},
}
