package rules

import (
	"strings"
	"testing"
	"testing/fstest"

	"kaoping/engine"
	"kaoping/engine/exact"
)

// packWithCalendar is a pack that only names a calendar.
const packWithCalendar = `pack: p
edition: 2024-01-01
title: 试点
status: draft
calendar: cn
periods: {annual: {first_day: 01-01, last_day: 12-31}}
peer_groups: {property: 财产保险公司}
statistics: {投诉件数: {id: complaints, unit: 件}}
metrics: {投诉量: {id: rate, formula: 投诉件数, unit: 件}}
ranking: {by: rate, order: ascending}
`

func loadCalendar(t *testing.T, files map[string]string) *engine.Pack {
	t.Helper()
	fsys := fstest.MapFS{}
	for name, data := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(data)}
	}
	lib, diags := Load(fsys, Options{})
	if HasErrors(diags) || len(lib.Packs()) != 1 {
		t.Fatalf("%+v", diags)
	}
	return lib.Packs()[0]
}

// The days on both sides of each holiday, as the State Council announced them.
func TestTheCalendarThatShips(t *testing.T) {
	p := loadCalendar(t, map[string]string{"p/2024-01-01.yaml": packWithCalendar})
	for day, works := range map[string]bool{
		"2022-01-03": false, "2022-01-04": true, "2022-01-29": true, "2022-01-30": true, "2022-01-31": false, "2022-02-06": false, "2022-02-07": true,
		"2022-04-02": true, "2022-04-05": false, "2022-04-24": true, "2022-05-04": false, "2022-05-07": true, "2022-06-03": false, "2022-09-12": false,
		"2022-10-07": false, "2022-10-08": true, "2022-10-09": true, "2022-12-31": false,
		"2023-01-02": false, "2023-01-03": true, "2023-01-27": false, "2023-01-28": true, "2023-01-29": true, "2023-04-05": false, "2023-04-23": true,
		"2023-05-03": false, "2023-05-06": true, "2023-06-23": false, "2023-06-25": true, "2023-09-29": false, "2023-10-06": false, "2023-10-07": true, "2023-10-08": true,
		"2024-02-04": true, "2024-02-09": true, "2024-02-16": false, "2024-02-18": true, "2024-04-07": true, "2024-04-28": true, "2024-05-11": true,
		"2024-06-10": false, "2024-09-14": true, "2024-09-17": false, "2024-09-29": true, "2024-10-07": false, "2024-10-08": true, "2024-10-12": true,
		"2025-01-01": false, "2025-01-02": true, "2025-01-26": true, "2025-02-04": false, "2025-02-08": true, "2025-04-27": true, "2025-06-02": false,
		"2025-09-28": true, "2025-10-08": false, "2025-10-09": true, "2025-10-11": true,
		"2026-01-02": false, "2026-01-04": true, "2026-02-14": true, "2026-02-23": false, "2026-02-28": true, "2026-04-06": false, "2026-05-09": true,
		"2026-06-19": false, "2026-09-20": true, "2026-09-25": false, "2026-10-07": false, "2026-10-10": true,
	} {
		d, err := engine.ParseDate(day)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := p.Calendar.Works(d.DayNumber()); err != nil || got != works {
			t.Errorf("%s: works %t, want %t (%v)", day, got, works, err)
		}
	}
	if years := p.Calendar.Years(); len(years) != 5 || years[0] != 2022 || years[4] != 2026 {
		t.Errorf("years %v", years)
	}
}

// Working days of a year: 365 or 366 less the weekends and holidays, as printed in
// the notices of those years.
func TestTheCalendarHasAsManyWorkingDaysAsTheYear(t *testing.T) {
	p := loadCalendar(t, map[string]string{"p/2024-01-01.yaml": packWithCalendar})
	for year, want := range map[int]int64{2023: 249, 2024: 251, 2025: 248} {
		last := engine.Date{Year: year, Month: 12, Day: 31}.DayNumber()
		first := engine.Date{Year: year, Month: 1, Day: 1}.DayNumber() // a holiday
		if got, err := p.Calendar.WorkingDays(exact.Int(first), exact.Int(last)); err != nil || got != want {
			t.Errorf("%d: %d working days, want %d (%v)", year, got, want, err)
		}
	}
}

func TestACalendarBesideThePacksTakesTheOthersPlace(t *testing.T) {
	shipped := loadCalendar(t, map[string]string{"p/2024-01-01.yaml": packWithCalendar})
	own := loadCalendar(t, map[string]string{
		"p/2024-01-01.yaml": packWithCalendar,
		"calendars/cn.yaml": "calendar: cn\ntitle: 只有一年\nyears:\n  2030: {holidays: {元旦: 01-01}}\n",
	})
	if years := own.Calendar.Years(); len(years) != 1 || years[0] != 2030 {
		t.Errorf("years %v", years)
	}
	if own.Hash == shipped.Hash {
		t.Error("the hash does not tell the calendars apart")
	}
}

func TestAStoredEditionKeepsItsCalendar(t *testing.T) {
	lib, _ := Load(fstest.MapFS{"p/2024-01-01.yaml": {Data: []byte(packWithCalendar)}}, Options{})
	p := lib.Packs()[0]
	files := lib.Files(p)
	if !strings.Contains(string(files["calendars/cn.yaml"]), "国办发明电") {
		t.Fatalf("files %v", files)
	}
	again, diags := LoadFiles(files)
	if HasErrors(diags) || again.Hash != p.Hash || len(again.Calendar.Years()) != 5 {
		t.Errorf("%+v", diags)
	}
}
