package formula

import (
	"slices"

	"kaoping/engine/exact"
)

// group evaluates a function of the whole peer group. Rows without a value do
// not enter it; in a group where nobody has a value the result is missing.
func (m *machine) group(n *node, args []*Column) *Column {
	members := map[int32][]int{}
	for row := range m.in.Rows {
		if v := args[0].At(row); v.Status == OK && !v.Null {
			g := m.groupOf(row)
			members[g] = append(members[g], row)
		}
	}
	if n.op == opRank {
		return m.ranks(args[0], members)
	}
	results := map[int32]Value{}
	for g, rows := range members {
		values := make([]exact.Num, len(rows))
		for i, row := range rows {
			values[i] = args[0].At(row).Num
		}
		results[g] = n.reduce(values, args)
	}
	return m.spread(n, results)
}

func (m *machine) groupOf(row int) int32 {
	if m.in.Group == nil {
		return 0
	}
	return m.in.Group[row]
}

// spread gives every row the figure of its group.
func (m *machine) spread(n *node, results map[int32]Value) *Column {
	nothing := Value{Status: Missing}
	if n.op == opCount {
		nothing = number(exact.Int(0))
	}
	lanes := make([]Value, m.in.Rows)
	for row := range lanes {
		v, ok := results[m.groupOf(row)]
		if !ok {
			v = nothing
		}
		lanes[row] = v
	}
	return NewColumn(lanes)
}

var statisticNames = map[op]string{opSum: "sum", opMean: "mean", opMedian: "median", opPercentile: "percentile",
	opLowest: "min", opHighest: "max", opVariance: "variance", opCount: "count"}

func (n *node) reduce(values []exact.Num, args []*Column) Value {
	arg := exact.Num{}
	if n.op == opPercentile {
		arg = args[1].At(0).Num
	}
	x, ok := Statistic(statisticNames[n.op], values, arg)
	if !ok {
		return Value{Status: Missing}
	}
	return bounded(number(x))
}

// ranks ranks from the smallest; equal values share the better rank.
func (m *machine) ranks(c *Column, members map[int32][]int) *Column {
	lanes := make([]Value, m.in.Rows)
	values := make([]exact.Num, m.in.Rows) // At makes a new one each time
	for row := range lanes {
		v := c.At(row)
		values[row], lanes[row].Status = v.Num, v.Status
		if v.Status == OK && v.Null {
			lanes[row].Status = Missing
		}
	}
	for _, rows := range members {
		slices.SortFunc(rows, func(a, b int) int { return values[a].Cmp(values[b]) })
		for i, row := range rows {
			lanes[row].Num = exact.Int(int64(i + 1))
			if i > 0 && values[row].Equal(values[rows[i-1]]) {
				lanes[row].Num = lanes[rows[i-1]].Num
			}
		}
	}
	return NewColumn(lanes)
}

// Statistic computes a statistic of values: sum, mean, median, percentile (arg
// from 0 to 1, linear interpolation as in PERCENTILE.INC), min, max, variance
// (divided by the count) or count. It reports false for an unknown name, for a
// percentile that is none and, but for sum and count, if there are no values.
func Statistic(name string, values []exact.Num, arg exact.Num) (exact.Num, bool) {
	switch name {
	case "sum":
		return total(values), true
	case "count":
		return exact.Int(int64(len(values))), true
	}
	if len(values) == 0 {
		return exact.Num{}, false
	}
	switch name {
	case "mean":
		return mean(values), true
	case "variance":
		return variance(values), true
	case "median":
		return percentile(values, exact.Frac(1, 2)), true
	case "percentile":
		if arg.Sign() < 0 || arg.Cmp(exact.Int(1)) > 0 {
			return exact.Num{}, false
		}
		return percentile(values, arg), true
	case "min":
		return percentile(values, exact.Int(0)), true
	case "max":
		return percentile(values, exact.Int(1)), true
	}
	return exact.Num{}, false
}

// total adds in pairs, so that fractions stay small as long as they can.
func total(values []exact.Num) exact.Num {
	if len(values) <= 8 {
		sum := exact.Num{}
		for _, x := range values {
			sum = sum.Add(x)
		}
		return sum
	}
	half := len(values) / 2
	return total(values[:half]).Add(total(values[half:]))
}

func mean(values []exact.Num) exact.Num {
	return total(values).Quo(exact.Int(int64(len(values))))
}

func variance(values []exact.Num) exact.Num {
	m := mean(values)
	squares := make([]exact.Num, len(values))
	for i, x := range values {
		d := x.Sub(m)
		squares[i] = d.Mul(d)
	}
	return mean(squares)
}

// percentile interpolates between the two neighbours of the position (n−1)·p.
func percentile(values []exact.Num, p exact.Num) exact.Num {
	sorted := slices.Clone(values)
	slices.SortFunc(sorted, exact.Num.Cmp)
	position := p.Mul(exact.Int(int64(len(sorted) - 1)))
	floor := position.Round(0, exact.Down)
	k, _, _ := floor.Small()
	low := sorted[k]
	if floor.Equal(position) {
		return low
	}
	return low.Add(sorted[k+1].Sub(low).Mul(position.Sub(floor)))
}
