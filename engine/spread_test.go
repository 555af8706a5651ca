package engine

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"kaoping/engine/exact"
)

func TestSpreadPointsAddUpToTheContainersFullPointsExactly(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		root := drawTree(t, 0)
		full := root.item.FullPoints
		if root.status == LeftOut {
			full = exact.Num{}
		}
		spread(root, root.item.FullPoints)
		if sum := leafPoints(root); !sum.Equal(full) {
			t.Fatalf("the indicators have %s points, their container %s", sum, full)
		}
	})
}

// drawTree makes a container whose full points are those of its parts.
func drawTree(t *rapid.T, depth int) *outcome {
	o := &outcome{item: &Item{Kind: GroupItem}, status: LeftOut}
	for i := range rapid.IntRange(1, 4).Draw(t, "parts") {
		var c *outcome
		if depth < 2 && rapid.Bool().Draw(t, "group") {
			c = drawTree(t, depth+1)
		} else {
			points := exact.Frac(rapid.Int64Range(1, 40).Draw(t, "points"), rapid.Int64Range(1, 4).Draw(t, "of"))
			c = &outcome{item: &Item{Kind: IndicatorItem, ID: fmt.Sprint(i), FullPoints: points}, status: Scored}
			if rapid.Bool().Draw(t, "left out") {
				c.status = LeftOut
			}
		}
		if c.status != LeftOut {
			o.status = Scored
		}
		o.item.FullPoints = o.item.FullPoints.Add(c.item.FullPoints)
		o.children = append(o.children, c)
	}
	return o
}

func leafPoints(o *outcome) exact.Num {
	if o.item.Kind == IndicatorItem {
		return o.full
	}
	var sum exact.Num
	for _, c := range o.children {
		sum = sum.Add(leafPoints(c))
	}
	return sum
}

func TestLeftOutPointsStayInTheInnermostContainer(t *testing.T) {
	leaf := func(points string, s Status) *outcome {
		return &outcome{item: &Item{Kind: IndicatorItem, FullPoints: num(points)}, status: s}
	}
	group := &outcome{item: &Item{Kind: GroupItem, FullPoints: num("30")}, status: Scored,
		children: []*outcome{leaf("20", LeftOut), leaf("5", Scored), leaf("5", Scored)}}
	other := leaf("40", Scored)
	section := &outcome{item: &Item{Kind: SectionItem, FullPoints: num("70")}, status: Scored, children: []*outcome{group, other}}
	spread(section, num("70"))
	for _, c := range []struct {
		what string
		got  exact.Num
		want string
	}{
		{"the left-out indicator", group.children[0].full, "0"},
		{"its neighbour", group.children[1].full, "15"},
		{"the group", group.full, "30"},
		{"an indicator outside the group", other.full, "40"},
	} {
		if !c.got.Equal(num(c.want)) {
			t.Errorf("%s has %s points, want %s", c.what, c.got, c.want)
		}
	}
}
