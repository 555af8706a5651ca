package demodata

import (
	"cmp"
	"math/big"
	"slices"
	"strconv"
	"strings"
)

// This file is the worked example of 2025H1: the results that the pack must
// reproduce, computed with plain fractions from figures that are written out
// here once more. It shares nothing with the engine, the pack or the case
// registers, so that agreement means something. The A numbers are assumptions of
// the pack.

// workedInsurer is one insurer of the worked example.
type workedInsurer struct {
	code, name string
	// Complaints and what they are divided by, for each of the three indicators of
	// 投诉相对量: 元 and 张, or 元, 张 and 人次.
	volume            [3][2]int64
	complaints        int64
	premium           int64 // 元
	complaintsBefore  int64
	premiumBefore     int64
	transferred       int64
	inTime            int64
	withdrawn         int64
	toMediate         int64
	mediated          int64
	policies          int64 // points of 制度建设
	mechanisms        int64 // points of 机制建立
	deductions        int64
	metrics           [7]*big.Rat // the three of volume, change, timely, withdrawn, mediation; nil if not computable
	points            [7]*big.Rat // nil if left out
	volumeSum         *big.Rat
	quantitative, sum *big.Rat
}

// workedProperty is statistics.csv of the property example: motor complaints and
// premium, other complaints, premium and policies, those of all lines a year
// before, then as workedInsurer.
func workedProperty() []*workedInsurer {
	var list []*workedInsurer
	for _, c := range []struct {
		code, name string
		v          [15]int64
	}{
		{"PA01", "甲财险上海分公司", [15]int64{168, 4210000000, 61, 1840000000, 5120000, 224, 5570000000, 96, 95, 52, 40, 31, 15, 15, 0}},
		{"PB02", "乙财险上海分公司", [15]int64{204, 3675000000, 88, 1492000000, 3885000, 242, 4745000000, 150, 144, 48, 52, 36, 15, 14, 2 + 1}},
		{"PC03", "丙财险上海分公司", [15]int64{97, 1538000000, 40, 671000000, 1402000, 140, 2029000000, 70, 66, 30, 25, 20, 15, 15, 1}},
		{"PD04", "丁财险上海分公司", [15]int64{41, 496000000, 22, 305000000, 887000, 53, 741000000, 40, 40, 9, 12, 6, 13, 13, 3 + 2}},
		{"PE05", "戊财险上海分公司", [15]int64{58, 987000000, 19, 560000000, 1209000, 80, 1428000000, 38, 37, 26, 14, 12, 15, 15, 0}},
		{"PF06", "己财险上海分公司", [15]int64{12, 112000000, 35, 236000000, 4023000, 33, 323000000, 30, 24, 4, 9, 3, 12, 11, 4 + 2 + 3}},
		{"PG07", "庚财险上海分公司", [15]int64{0, 0, 9, 174000000, 126000, 10, 159000000, 6, 6, 3, 2, 2, 14, 15, 0}},
		{"PH08", "辛财险上海分公司", [15]int64{33, 602000000, 14, 298000000, 644000, 42, 831000000, 22, 22, 15, 8, 7, 15, 15, 0}},
	} {
		v := c.v
		list = append(list, &workedInsurer{
			code: c.code, name: c.name,
			volume:     [3][2]int64{{v[0], v[1]}, {v[2], v[3]}, {v[2], v[4]}},
			complaints: v[0] + v[2], premium: v[1] + v[3], complaintsBefore: v[5], premiumBefore: v[6],
			transferred: v[7], inTime: v[8], withdrawn: v[9], toMediate: v[10], mediated: v[11],
			policies: v[12], mechanisms: v[13], deductions: v[14],
		})
	}
	return list
}

// workedLife is the same for life insurers: complaints, premium, policies in
// force at opening and added, insured at opening and added, complaints and
// premium a year before, then as workedInsurer.
func workedLife() []*workedInsurer {
	var list []*workedInsurer
	for _, c := range []struct {
		code, name string
		v          [16]int64
	}{
		{"LA01", "子人寿上海分公司", [16]int64{312, 12600000000, 3860000, 214000, 5120000, 486000, 298, 11850000000, 138, 136, 71, 60, 45, 15, 15, 0}},
		{"LB02", "丑人寿上海分公司", [16]int64{187, 6420000000, 1720000, 96000, 2380000, 241000, 201, 6550000000, 92, 88, 31, 34, 22, 14, 15, 2 + 3}},
		{"LC03", "寅人寿上海分公司", [16]int64{96, 4150000000, 1130000, 71000, 1610000, 88000, 118, 3920000000, 46, 46, 30, 18, 15, 15, 15, 0}},
		{"LD04", "卯人寿上海分公司", [16]int64{54, 1180000000, 402000, 35000, 698000, 62000, 41, 1090000000, 27, 24, 8, 9, 4, 14, 13, 10}},
		{"LE05", "辰养老上海分公司", [16]int64{11, 2360000000, 58000, 6000, 1940000, 310000, 9, 2210000000, 4, 4, 4, 0, 0, 15, 14, 0}},
		{"LF06", "巳健康上海分公司", [16]int64{73, 870000000, 266000, 118000, 402000, 133000, 38, 640000000, 41, 39, 6, 15, 9, 13, 12, 2 + 3 + 8}},
	} {
		v := c.v
		list = append(list, &workedInsurer{
			code: c.code, name: c.name,
			volume:     [3][2]int64{{v[0], v[1]}, {v[0], v[2] + v[3]}, {v[0], v[4] + v[5]}},
			complaints: v[0], premium: v[1], complaintsBefore: v[6], premiumBefore: v[7],
			transferred: v[8], inTime: v[9], withdrawn: v[10], toMediate: v[11], mediated: v[12],
			policies: v[13], mechanisms: v[14], deductions: v[15],
		})
	}
	return list
}

// work computes the whole group: full are the full points of the three
// indicators of 投诉相对量 and scale the unit they are shown in.
func work(list []*workedInsurer, full [3]int64, scale [3]int64) {
	var mediated, toMediate int64
	for _, c := range list {
		c.measure(scale)
		mediated, toMediate = mediated+c.mediated, toMediate+c.toMediate
	}
	pooled := big.NewRat(mediated, toMediate) // A7
	var ends [3][2]*big.Rat
	for i := range ends {
		var values []*big.Rat
		for _, c := range list {
			if c.metrics[i] != nil {
				values = append(values, c.metrics[i])
			}
		}
		ends[i] = [2]*big.Rat{percentile(values, big.NewRat(1, 5)), percentile(values, big.NewRat(7, 10))} // A3
	}
	for _, c := range list {
		c.score(full, ends, pooled)
	}
	slices.SortFunc(list, func(a, b *workedInsurer) int { return cmp.Or(b.sum.Cmp(a.sum), strings.Compare(a.code, b.code)) })
}

// measure computes the metrics.
func (c *workedInsurer) measure(scale [3]int64) {
	for i, v := range c.volume {
		c.metrics[i] = times(share(v[0], v[1]), scale[i])
	}
	now, before := share(c.complaints, c.premium), share(c.complaintsBefore, c.premiumBefore)
	c.metrics[3] = new(big.Rat).Quo(new(big.Rat).Sub(now, before), before)
	c.metrics[4] = share(c.inTime, c.transferred)
	c.metrics[5] = share(c.withdrawn, c.complaints)
	c.metrics[6] = share(c.mediated, c.toMediate)
}

// score turns the metrics into points, rounded half up to two decimals each.
func (c *workedInsurer) score(full [3]int64, ends [3][2]*big.Rat, pooled *big.Rat) {
	c.volumeSum = new(big.Rat)
	for i, points := range c.spread(full) {
		if c.metrics[i] != nil {
			c.points[i] = line(c.metrics[i], ends[i][0], ends[i][1], points)
			c.volumeSum.Add(c.volumeSum, c.points[i])
		}
	}
	c.points[3] = line(c.metrics[3], big.NewRat(-1, 10), big.NewRat(3, 10), big.NewRat(10, 1)) // A5
	c.points[4] = line(c.metrics[4], big.NewRat(1, 1), big.NewRat(4, 5), big.NewRat(10, 1))
	c.points[5] = line(c.metrics[5], big.NewRat(1, 2), new(big.Rat), big.NewRat(15, 1))
	c.points[6] = big.NewRat(5, 1) // A14: nothing to mediate
	if c.metrics[6] != nil {
		c.points[6] = line(new(big.Rat).Quo(c.metrics[6], pooled), big.NewRat(1, 1), new(big.Rat), big.NewRat(5, 1)) // A7
	}
	c.quantitative = new(big.Rat).Set(c.volumeSum)
	for _, p := range c.points[3:] {
		c.quantitative.Add(c.quantitative, p)
	}
	c.sum = new(big.Rat).Add(c.quantitative, big.NewRat(c.policies+c.mechanisms-c.deductions, 1)) // A8
	if c.sum.Sign() < 0 {
		c.sum = new(big.Rat)
	}
}

// spread returns the full points of the three indicators, those of one without a
// value given to the others in proportion (A6).
func (c *workedInsurer) spread(full [3]int64) [3]*big.Rat {
	var all, there int64
	for i, points := range full {
		all += points
		if c.metrics[i] != nil {
			there += points
		}
	}
	var out [3]*big.Rat
	for i, points := range full {
		out[i] = big.NewRat(points*all, there)
	}
	return out
}

func share(a, b int64) *big.Rat {
	if b == 0 {
		return nil
	}
	return big.NewRat(a, b)
}

func times(x *big.Rat, n int64) *big.Rat {
	if x == nil {
		return nil
	}
	return new(big.Rat).Mul(x, big.NewRat(n, 1))
}

// percentile interpolates linearly between the ranks (PERCENTILE.INC).
func percentile(values []*big.Rat, p *big.Rat) *big.Rat {
	sorted := slices.Clone(values)
	slices.SortFunc(sorted, func(a, b *big.Rat) int { return a.Cmp(b) })
	at := new(big.Rat).Mul(p, big.NewRat(int64(len(sorted)-1), 1))
	low := new(big.Int).Quo(at.Num(), at.Denom())
	i := int(low.Int64())
	if i == len(sorted)-1 {
		return sorted[i]
	}
	part := new(big.Rat).Sub(at, new(big.Rat).SetInt(low))
	step := new(big.Rat).Sub(sorted[i+1], sorted[i])
	return step.Add(sorted[i], step.Mul(step, part))
}

// line gives full points at one end, none at the other, a straight line between,
// rounded half up to two decimals.
func line(x, full, none, points *big.Rat) *big.Rat {
	part := new(big.Rat).Quo(new(big.Rat).Sub(none, x), new(big.Rat).Sub(none, full))
	if part.Sign() < 0 {
		part.SetInt64(0)
	} else if part.Cmp(big.NewRat(1, 1)) > 0 {
		part.SetInt64(1)
	}
	rounded, _ := new(big.Rat).SetString(part.Mul(part, points).FloatString(2)) // FloatString rounds half away from zero
	return rounded
}

// shown writes a number with its decimals, or nothing for nil.
func shown(x *big.Rat, decimals int) string {
	if x == nil {
		return ""
	}
	return x.FloatString(decimals)
}

func workedTable(names [6]string, list []*workedInsurer) [][]string {
	rows := [][]string{{
		"名次", "机构编码", "机构名称", names[0], names[1], names[2], "变化率", "及时率", "撤诉率", "调解成功率",
		names[3], names[4], names[5], "得分_投诉相对量", "得分_变化率", "得分_及时率", "得分_撤诉率", "得分_调解", "定性", "定量", "扣分", "总分",
	}}
	for i, c := range list {
		row := []string{strconv.Itoa(i + 1), c.code, c.name}
		for _, m := range c.metrics {
			row = append(row, shown(m, 6))
		}
		for _, p := range c.points[:3] {
			row = append(row, shown(p, 2))
		}
		row = append(row, shown(c.volumeSum, 2))
		for _, p := range c.points[3:] {
			row = append(row, shown(p, 2))
		}
		rows = append(rows, append(row, strconv.FormatInt(c.policies+c.mechanisms, 10), shown(c.quantitative, 2),
			strconv.FormatInt(c.deductions, 10), shown(c.sum, 2)))
	}
	return rows
}

func expectedProperty() [][]string {
	list := workedProperty()
	work(list, [3]int64{20, 5, 5}, [3]int64{1e8, 1e8, 1e4})
	return workedTable([6]string{
		"车险亿元保费投诉量", "非车险亿元保费投诉量", "非车险万张保单投诉量", "得分_车险亿元", "得分_非车险亿元", "得分_非车险万张",
	}, list)
}

func expectedLife() [][]string {
	list := workedLife()
	work(list, [3]int64{10, 10, 10}, [3]int64{1e8, 1e4, 1e4})
	return workedTable([6]string{
		"亿元保费投诉量", "万张保单投诉量", "万人次投诉量", "得分_亿元", "得分_万张", "得分_万人次",
	}, list)
}
