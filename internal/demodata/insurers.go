package demodata

import "time"

// half is a half-year.
type half string

// The half-years there are figures for, in order.
var halves = []half{"2023H1", "2023H2", "2024H1", "2024H2", "2025H1"}

func (h half) first() time.Time {
	if h[5] == '1' {
		return day(string(h[:4]) + "-01-01")
	}
	return day(string(h[:4]) + "-07-01")
}

func (h half) last() time.Time { return h.first().AddDate(0, 6, -1) }

// figures are what happened to an insurer in a half-year. Premium is in 万元.
type figures struct {
	Motor, Other                     int // complaints; those of a life insurer are all Other
	Transferred, InTime, Withdrawn   int // of these complaints
	ToMediate, Mediated              int
	MotorPremium, OtherPremium       int
	OtherPolicies                    int // 签单数量, property only
	PoliciesAtOpening, PoliciesAdded int // life only, as the next two
	InsuredAtOpening, InsuredAdded   int
}

// less takes away what a unit reports for itself.
func (f figures) less(g figures) figures {
	return figures{
		f.Motor - g.Motor, f.Other - g.Other,
		f.Transferred - g.Transferred, f.InTime - g.InTime, f.Withdrawn - g.Withdrawn,
		f.ToMediate - g.ToMediate, f.Mediated - g.Mediated,
		f.MotorPremium - g.MotorPremium, f.OtherPremium - g.OtherPremium, f.OtherPolicies - g.OtherPolicies,
		f.PoliciesAtOpening - g.PoliciesAtOpening, f.PoliciesAdded - g.PoliciesAdded,
		f.InsuredAtOpening - g.InsuredAtOpening, f.InsuredAdded - g.InsuredAdded,
	}
}

// then adds the half-year after: flows add up, opening stocks stay.
func (f figures) then(g figures) figures {
	return figures{
		f.Motor + g.Motor, f.Other + g.Other,
		f.Transferred + g.Transferred, f.InTime + g.InTime, f.Withdrawn + g.Withdrawn,
		f.ToMediate + g.ToMediate, f.Mediated + g.Mediated,
		f.MotorPremium + g.MotorPremium, f.OtherPremium + g.OtherPremium, f.OtherPolicies + g.OtherPolicies,
		f.PoliciesAtOpening, f.PoliciesAdded + g.PoliciesAdded,
		f.InsuredAtOpening, f.InsuredAdded + g.InsuredAdded,
	}
}

// insurer is a company or unit and its figures, units counted with it included.
type insurer struct {
	code, name, short string
	group             string // property or life
	kind              string // 机构类型
	parent            string // code of the insurer it is counted with
	opened            string
	by                map[half]figures
}

// groupTitles are the peer groups as the pack names them.
var groupTitles = map[string]string{"property": "财产保险公司", "life": "人身保险公司"}

// own returns the figures of an insurer without those of its units: what it
// delivers itself.
func (i *insurer) own(h half) (figures, bool) {
	f, ok := i.by[h]
	for k := range insurers {
		if unit := &insurers[k]; unit.parent == i.code {
			f = f.less(unit.by[h])
		}
	}
	return f, ok
}

// line returns 车险, 非车险 or 人身险: what complaints that are not about motor
// insurance are about.
func (i *insurer) line() string {
	if i.group == "life" {
		return "人身险"
	}
	return "非车险"
}

// property makes figures by half-year: motor and other complaints, transferred,
// in time, withdrawn, to mediate, mediated, motor and other premium (万元), other
// policies.
func property(from half, rows ...[10]int) map[half]figures {
	return byHalf(from, len(rows), func(i int) figures {
		v := rows[i]
		return figures{
			Motor: v[0], Other: v[1], Transferred: v[2], InTime: v[3], Withdrawn: v[4], ToMediate: v[5], Mediated: v[6],
			MotorPremium: v[7], OtherPremium: v[8], OtherPolicies: v[9],
		}
	})
}

// life makes figures by half-year: complaints, transferred, in time, withdrawn,
// to mediate, mediated, premium (万元), policies at opening and added, insured at
// opening and added.
func life(from half, rows ...[11]int) map[half]figures {
	return byHalf(from, len(rows), func(i int) figures {
		v := rows[i]
		return figures{
			Other: v[0], Transferred: v[1], InTime: v[2], Withdrawn: v[3], ToMediate: v[4], Mediated: v[5], OtherPremium: v[6],
			PoliciesAtOpening: v[7], PoliciesAdded: v[8], InsuredAtOpening: v[9], InsuredAdded: v[10],
		}
	})
}

func byHalf(from half, n int, row func(int) figures) map[half]figures {
	m := map[half]figures{}
	for i, h := range halves[len(halves)-n:] {
		if i == 0 && h != from {
			panic("the rows do not begin in " + string(from))
		}
		m[h] = row(i)
	}
	return m
}
