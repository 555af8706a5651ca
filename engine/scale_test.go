package engine

import "testing"

func TestStraightLine(t *testing.T) {
	lower, higher := true, false
	for _, c := range []struct {
		name        string
		full, none  string
		lowerBetter *bool
		x, want     string
	}{
		{"the full end earns all", "100", "80", nil, "100", "1"},
		{"beyond the full end earns no more than all", "100", "80", nil, "120", "1"},
		{"the other end earns nothing", "100", "80", nil, "80", "0"},
		{"beyond the other end earns nothing", "100", "80", nil, "-5", "0"},
		{"half way earns half", "100", "80", nil, "90", "1/2"},
		{"a third of the way is exact", "0", "3", nil, "2", "1/3"},
		{"the smaller end may be the full one", "-1/5", "1/5", nil, "0", "1/2"},
		{"where the ends coincide the point itself is full", "4", "4", &lower, "4", "1"},
		{"where the ends coincide a lower value is full if lower is better", "4", "4", &lower, "3", "1"},
		{"where the ends coincide a higher value is none if lower is better", "4", "4", &lower, "5", "0"},
		{"where the ends coincide a higher value is full if higher is better", "4", "4", &higher, "5", "1"},
		{"where the ends coincide nobody knows without a direction", "4", "4", nil, "5", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, ok := straight{num(c.full), num(c.none), c.lowerBetter}.share(num(c.x))
			if ok != (c.want != "") || ok && !got.Equal(num(c.want)) {
				t.Errorf("share is %s, %t; want %q", got, ok, c.want)
			}
		})
	}
}

func TestBands(t *testing.T) {
	bands := []interval{
		{otherwise: true},
		{from: numPtr("-10"), to: numPtr("60"), points: num("1")},
		{from: numPtr("-30"), to: numPtr("-10"), toOpen: true, points: num("0.5")},
		{from: numPtr("60"), fromOpen: true, to: numPtr("100"), points: num("0.5")},
	}
	for _, c := range []struct {
		name, x string
		want    int
	}{
		{"an end that belongs", "60", 1},
		{"just above it the next band begins", "60.0001", 3},
		{"an end that does not belong", "-10", 1},
		{"the lowest end belongs", "-30", 2},
		{"otherwise holds last although it is written first", "101", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := bandOf(bands, num(c.x)); got != c.want {
				t.Errorf("band %d, want %d", got, c.want)
			}
		})
	}
	if got := bandOf(bands[1:], num("101")); got != -1 {
		t.Errorf("without otherwise: band %d, want none", got)
	}
}

func TestBrokenLine(t *testing.T) {
	line := []corner{{num("0"), num("5")}, {num("4"), num("3")}, {num("8"), num("0")}}
	step := []corner{{num("0"), num("5")}, {num("4"), num("3")}, {num("4"), num("1")}, {num("8"), num("0")}}
	for _, c := range []struct {
		name    string
		corners []corner
		x, want string
	}{
		{"left of the first corner it is level", line, "-1", "5"},
		{"right of the last corner it is level", line, "9", "0"},
		{"at a corner its points hold", line, "4", "3"},
		{"between corners it is straight", line, "5", "9/4"},
		{"corners that coincide give the best points", step, "4", "3"},
		{"behind corners that coincide the second counts", step, "6", "1/2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := onCorners(c.corners, num(c.x)); !got.Equal(num(c.want)) {
				t.Errorf("%s points, want %s", got, c.want)
			}
		})
	}
}

func TestDirectionOfAScale(t *testing.T) {
	for _, c := range []struct {
		name         string
		scale        Scale
		lower, known bool
	}{
		{"full points below none: lower is better", Scale{Form: StraightLine, FullAt: bound("-20%"), NoneAt: bound("20%")}, true, true},
		{"full points above none: higher is better", Scale{Form: StraightLine, FullAt: bound("100%"), NoneAt: bound("80%")}, false, true},
		{"two benchmarks say nothing by themselves", Scale{Form: StraightLine, FullAt: &Bound{Benchmark: "a"}, NoneAt: &Bound{Benchmark: "b"}}, false, false},
		{"two multiples of one benchmark do", Scale{Form: StraightLine, FullAt: &Bound{Value: num("1/2"), Benchmark: "a"}, NoneAt: &Bound{Value: num("2"), Benchmark: "a"}}, true, true},
		{"anchors whose points fall: lower is better", Scale{Form: Anchors, Anchors: []Anchor{{*bound("0"), num("5")}, {*bound("8"), num("0")}}}, true, true},
		{"bands say nothing", Scale{Form: Bands}, false, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			lower, known := c.scale.lowerIsBetter()
			if lower != c.lower || known != c.known {
				t.Errorf("lower %t, known %t", lower, known)
			}
		})
	}
}
