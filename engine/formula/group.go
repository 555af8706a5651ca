package formula

import (
	"slices"

	"kaoping/engine/exact"
)

// group evaluates a function of the whole peer group, or of the units below each
// subject. Rows without a value, and rows for which the condition does not hold,
// do not enter it; where nobody enters the result is missing.
func (m *machine) group(n *node, args []*Column) *Column {
	members := m.enter(n, args)
	switch n.op {
	case opRank, opRankDescending, opPercentRank, opShare:
		return m.places(n, args[0], members)
	}
	results := map[int32]Value{}
	for g, rows := range members {
		results[g] = n.figure(rows, args)
	}
	if n.op == opUnitsSum {
		m.spoil(n, args, results)
	}
	return m.spread(n, results)
}

// enter collects the rows that enter a group function, by group; of units, by the
// row above them.
func (m *machine) enter(n *node, args []*Column) map[int32][]int {
	values := n.valuesOf(args)
	members := map[int32][]int{}
	for row := range m.in.Rows {
		if g := m.keyOf(n, row); g >= 0 && n.admits(args, row) && haveValues(values, row) {
			members[g] = append(members[g], row)
		}
	}
	return members
}

// valuesOf returns the arguments that a row must have a value of: the figure and
// its weight.
func (n *node) valuesOf(args []*Column) []*Column {
	switch {
	case n.op.isWeighted():
		return args[:2]
	case n.cond && len(args) == 1:
		return nil
	}
	return args[:1]
}

func haveValues(values []*Column, row int) bool {
	for _, c := range values {
		if v := c.At(row); v.Status != OK || v.Null {
			return false
		}
	}
	return true
}

// admits reports whether the condition on who enters holds for a row.
func (n *node) admits(args []*Column, row int) bool {
	if !n.cond {
		return true
	}
	v := args[len(args)-1].At(row)
	return v.Status == OK && v.Bool
}

// keyOf returns the group in which a row counts, -1 for none.
func (m *machine) keyOf(n *node, row int) int32 {
	if !n.op.ofUnits() {
		return m.groupOf(row)
	}
	if m.in.Parent == nil {
		return -1
	}
	return m.in.Parent[row]
}

// spoil leaves a sum of units without a value where a unit that belongs to it has
// none, or where it cannot be told whether it belongs.
func (m *machine) spoil(n *node, args []*Column, results map[int32]Value) {
	for row := range m.in.Rows {
		g := m.keyOf(n, row)
		if g < 0 {
			continue
		}
		v := args[0].At(row)
		if n.cond {
			c := args[1].At(row)
			if c.Status == OK && !c.Bool {
				continue
			}
			v.Status = max(v.Status, c.Status)
		}
		if v.Null {
			v.Status = max(v.Status, Missing)
		}
		if v.Status != OK {
			results[g] = Value{Status: max(v.Status, results[g].Status)}
		}
	}
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
	if n.op == opCount || n.op == opUnitsCount {
		nothing = number(exact.Int(0))
	}
	lanes := make([]Value, m.in.Rows)
	for row := range lanes {
		g := int32(row)
		if !n.op.ofUnits() {
			g = m.groupOf(row)
		}
		v, ok := results[g]
		if !ok {
			v = nothing
		}
		lanes[row] = v
	}
	return NewColumn(lanes)
}

var statisticNames = map[op]string{opSum: "sum", opMean: "mean", opMedian: "median", opPercentile: "percentile",
	opLowest: "min", opHighest: "max", opVariance: "variance", opCount: "count",
	opSampleVariance: "sample variance", opNearestRank: "percentile nearest rank", opExclusive: "percentile exclusive",
	opUnitsSum: "sum", opUnitsMean: "mean", opUnitsLowest: "min", opUnitsHighest: "max", opUnitsCount: "count"}

// figure computes a group function of the rows that enter it.
func (n *node) figure(rows []int, args []*Column) Value {
	if n.op == opCount || n.op == opUnitsCount {
		return number(exact.Int(int64(len(rows))))
	}
	values := numbersOf(args[0], rows)
	switch n.op {
	case opWeightedMean, opUnitsWeightedMean, opWeightedVariance, opWeightedSampleVariance:
		return n.weighted(values, numbersOf(args[1], rows))
	case opSampleVariance:
		if len(values) == 1 {
			return Value{Status: ZeroDenominator}
		}
	case opDeviation:
		return bounded(number(n.root(variance(values), args[1].At(0).Num)))
	}
	arg := exact.Num{}
	if n.op == opPercentile || n.op == opNearestRank || n.op == opExclusive {
		arg = args[1].At(0).Num
	}
	x, ok := Statistic(statisticNames[n.op], values, arg)
	if !ok {
		return Value{Status: Missing}
	}
	return bounded(number(x))
}

func numbersOf(c *Column, rows []int) []exact.Num {
	values := make([]exact.Num, len(rows))
	for i, row := range rows {
		values[i] = c.At(row).Num
	}
	return values
}

// weighted computes a weighted mean or variance; there is none where the weights
// add up to zero, and no sample variance of a single weight other than zero.
func (n *node) weighted(values, weights []exact.Num) Value {
	m, ok := WeightedMean(values, weights)
	switch {
	case ok && n.op == opWeightedVariance:
		m, ok = WeightedVariance(values, weights, false)
	case ok && n.op == opWeightedSampleVariance:
		m, ok = WeightedVariance(values, weights, true)
	}
	if !ok {
		return Value{Status: ZeroDenominator}
	}
	return bounded(number(m))
}

// places computes what tells where a row stands among those that enter: ranks,
// from which equal values share the better, and shares.
func (m *machine) places(n *node, c *Column, members map[int32][]int) *Column {
	lanes := make([]Value, m.in.Rows)
	values := make([]exact.Num, m.in.Rows) // At makes a new one each time
	for row := range lanes {
		v := c.At(row)
		values[row], lanes[row].Status = v.Num, max(v.Status, Missing)
		if v.Status != OK {
			lanes[row].Status = v.Status
		}
	}
	for _, rows := range members {
		if n.op == opShare {
			shares(lanes, values, rows)
			continue
		}
		sign := 1
		if n.op == opRankDescending {
			sign = -1
		}
		slices.SortFunc(rows, func(a, b int) int { return sign * values[a].Cmp(values[b]) })
		for i, row := range rows {
			lanes[row] = number(exact.Int(int64(i + 1)))
			if i > 0 && values[row].Equal(values[rows[i-1]]) {
				lanes[row] = lanes[rows[i-1]]
			}
		}
		if n.op == opPercentRank {
			percentRanks(lanes, rows)
		}
	}
	return NewColumn(lanes)
}

// shares divides each value by the sum.
func shares(lanes []Value, values []exact.Num, rows []int) {
	list := make([]exact.Num, len(rows))
	for i, row := range rows {
		list[i] = values[row]
	}
	sum := total(list)
	for _, row := range rows {
		lanes[row] = Value{Status: ZeroDenominator}
		if !sum.IsZero() {
			lanes[row] = bounded(number(values[row].Quo(sum)))
		}
	}
}

// percentRanks makes of ranks how many are smaller ÷ (count − 1); one alone is 1,
// as in Excel.
func percentRanks(lanes []Value, rows []int) {
	for _, row := range rows {
		if len(rows) == 1 {
			lanes[row] = number(exact.Int(1))
			continue
		}
		below := lanes[row].Num.Sub(exact.Int(1))
		lanes[row] = number(below.Quo(exact.Int(int64(len(rows) - 1))))
	}
}

// Statistic computes a statistic of values: sum, mean, median, percentile (arg
// from 0 to 1, linear interpolation as in PERCENTILE.INC), percentile nearest rank
// (the smallest value that a share of at least arg does not exceed), percentile
// exclusive (interpolation at (n+1)·arg as in PERCENTILE.EXC), min, max, variance
// (divided by the count), sample variance (divided by the count less one) or count.
// It reports false for an unknown name, for a percentile that is none, for an
// exclusive one beyond the values, for a sample variance of one value and, but for
// sum and count, if there are no values.
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
	if arg.Sign() < 0 || arg.Cmp(exact.Int(1)) > 0 {
		arg = exact.Int(-1)
	}
	switch name {
	case "mean":
		return mean(values), true
	case "sample variance":
		return sampleVariance(values)
	case "percentile nearest rank":
		return nearestRank(values, arg)
	case "percentile exclusive":
		return exclusive(values, arg)
	case "variance":
		return variance(values), true
	case "median":
		return percentile(values, exact.Frac(1, 2)), true
	case "percentile":
		return percentile(values, arg), arg.Sign() >= 0
	case "min":
		return percentile(values, exact.Int(0)), true
	case "max":
		return percentile(values, exact.Int(1)), true
	}
	return exact.Num{}, false
}

// percentile interpolates between the two neighbours of the position (n−1)·p.
func percentile(values []exact.Num, p exact.Num) exact.Num {
	if p.Sign() < 0 {
		return exact.Num{}
	}
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
