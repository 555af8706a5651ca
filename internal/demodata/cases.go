package demodata

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// answerDays is the time limit of the invented cases, in working days from the
// day they are passed on. The rules give none; the due day stands in each case.
const answerDays = 15

// complaint is a row of the register 投诉案件. Zero days are empty cells.
type complaint struct {
	number                         string
	unit, line, source             string
	received, passedOn, due, reply time.Time
	withdrawn                      bool
}

// fate is what became of a complaint.
type fate int

const (
	kept      fate = iota // handled by the insurer itself or passed on by others
	inTime                // passed on by the regulator, answered by the due day
	late                  // the same, answered after it or not at all
	retracted             // withdrawn before it was passed on
)

// complaints returns the register, numbered by the day of receipt.
func complaints() []complaint {
	var list []complaint
	for i := range insurers {
		for _, h := range halves {
			if f, ok := insurers[i].own(h); ok {
				list = append(list, complaintsOf(&insurers[i], h, f)...)
			}
		}
	}
	slices.SortStableFunc(list, func(a, b complaint) int {
		return cmp.Or(a.received.Compare(b.received), cmp.Compare(a.unit, b.unit))
	})
	count := map[int]int{}
	for i := range list {
		year := list[i].received.Year()
		count[year]++
		list[i].number = fmt.Sprintf("TS%d-%05d", year, count[year])
	}
	return list
}

func complaintsOf(u *insurer, h half, f figures) []complaint {
	r := newRandom("complaints " + u.code + " " + string(h))
	lines := make([]string, f.Motor+f.Other)
	for i := range lines {
		lines[i] = u.line()
		if i < f.Motor {
			lines[i] = "车险"
		}
	}
	shuffle(r, lines)
	fates := fatesOf(f)
	shuffle(r, fates)
	list := make([]complaint, len(lines))
	for i := range list {
		list[i] = newComplaint(r, h, fates[i])
		list[i].unit, list[i].line = u.code, lines[i]
	}
	settleKnownCases(u.code, h, list)
	return list
}

func fatesOf(f figures) []fate {
	fates := make([]fate, f.Motor+f.Other)
	for i := range fates {
		switch {
		case i < f.InTime:
			fates[i] = inTime
		case i < f.Transferred:
			fates[i] = late
		case i < f.Transferred+f.Withdrawn:
			fates[i] = retracted
		}
	}
	return fates
}

func newComplaint(r *random, h half, what fate) complaint {
	c := complaint{source: "保监转办"}
	switch what {
	case kept:
		c.received = dayIn(r, h.first(), h.last())
		c.source = []string{"自收自办", "自收自办", "自收自办", "总公司转办", "总公司转办", "其他部门转办"}[r.below(6)]
		return c
	case retracted:
		c.received = dayIn(r, h.first(), h.last())
		c.withdrawn = true
		return c
	}
	// Received early enough for the answer to be known at the cut-off, 20 July or
	// 25 January.
	c.received = dayIn(r, h.first(), h.last().AddDate(0, 0, -14))
	c.passedOn = workdaysLater(c.received, r.between(1, 3))
	c.due = workdaysLater(c.passedOn, answerDays)
	c.reply = reply(r, c.passedOn, c.due, what)
	return c
}

// reply is the day of the answer; about one timely answer in six comes on the
// due day itself.
func reply(r *random, passedOn, due time.Time, what fate) time.Time {
	switch {
	case what == late:
		return workdaysLater(due, r.between(1, 3))
	case r.below(6) == 0:
		return due
	}
	return workdaysLater(passedOn, r.between(3, answerDays-1))
}

// settleKnownCases gives two late cases the days the documentation tells.
func settleKnownCases(unit string, h half, list []complaint) {
	if h != "2025H1" || unit != "PA01" && unit != "PF06" {
		return
	}
	i := slices.IndexFunc(list, func(c complaint) bool { return c.reply.After(c.due) })
	switch unit {
	case "PA01": // two days late
		list[i].received, list[i].passedOn = day("2025-03-13"), day("2025-03-17")
		list[i].due, list[i].reply = day("2025-04-08"), day("2025-04-10")
	case "PF06": // never answered
		list[i].reply = time.Time{}
	}
}

// mediation is a row of the register 调解案件.
type mediation struct {
	number, unit string
	sent         time.Time
	settled      bool
}

// mediations returns the register, numbered by the day the case was sent.
func mediations() []mediation {
	var list []mediation
	for i := range insurers {
		for _, h := range halves {
			if f, ok := insurers[i].own(h); ok {
				list = append(list, mediationsOf(insurers[i].code, h, f)...)
			}
		}
	}
	slices.SortStableFunc(list, func(a, b mediation) int {
		return cmp.Or(a.sent.Compare(b.sent), cmp.Compare(a.unit, b.unit))
	})
	count := map[int]int{}
	for i := range list {
		year := list[i].sent.Year()
		count[year]++
		list[i].number = fmt.Sprintf("TJ%d-%04d", year, count[year])
	}
	return list
}

func mediationsOf(unit string, h half, f figures) []mediation {
	r := newRandom("mediations " + unit + " " + string(h))
	settled := make([]bool, f.ToMediate)
	for i := range settled {
		settled[i] = i < f.Mediated
	}
	shuffle(r, settled)
	list := make([]mediation, f.ToMediate)
	for i := range list {
		list[i] = mediation{unit: unit, sent: workdayIn(r, h.first(), h.last()), settled: settled[i]}
	}
	return list
}
