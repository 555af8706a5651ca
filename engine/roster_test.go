package engine

import (
	"strings"
	"testing"
)

func excludedText(e *Evaluation) string {
	var lines []string
	for _, x := range e.Result().Excluded {
		lines = append(lines, x.Subject+": "+x.Reason.ZH)
	}
	return strings.Join(lines, "\n")
}

// unit adds a telesales centre that counts with its parent.
func (m *factsMaker) unit(code, parent string) {
	s := m.subject(code, "property")
	s.Type, s.Parent = "电销中心", parent
}

func TestChainsOfParents(t *testing.T) {
	p := countingPack(t)
	p.Assessed.Law = Law{}
	for _, c := range []struct {
		name   string
		change func(m *factsMaker)
		merged string
		want   string
	}{
		{"a unit of a unit counts with the head", func(m *factsMaker) { m.unit("U1", "PA"); m.unit("U2", "U1") },
			"U1 U2", "U1: 电销中心并入PA公司(PA)考评\nU2: 电销中心并入PA公司(PA)考评"},
		{"parents in a circle", func(m *factsMaker) { m.unit("U1", "U2"); m.unit("U2", "U1"); m.unit("U3", "U1") },
			"", "U1: 电销中心应并入上级机构考评,但名录中U1公司(U1)的上级机构又归到自身\n" +
				"U2: 电销中心应并入上级机构考评,但名录中U2公司(U2)的上级机构又归到自身\n" +
				"U3: 电销中心应并入上级机构考评,但名录中U1公司(U1)的上级机构又归到自身"},
		{"its own parent", func(m *factsMaker) { m.unit("U1", "U1") },
			"", "U1: 电销中心应并入上级机构考评,但名录中U1公司(U1)的上级机构又归到自身"},
		{"the end of the chain is not on the roster", func(m *factsMaker) { m.unit("U1", "PX"); m.unit("U2", "U1") },
			"", "U1: 电销中心应并入上级机构PX考评,但名录中没有该机构\nU2: 电销中心应并入上级机构PX考评,但名录中没有该机构"},
		{"the end of the chain names no parent", func(m *factsMaker) { m.unit("U1", ""); m.unit("U2", "U1") },
			"", "U1: 电销中心应并入上级机构考评,但名录中没有写明U1公司(U1)的上级机构\nU2: 电销中心应并入上级机构考评,但名录中没有写明U1公司(U1)的上级机构"},
		{"a head that is left out", func(m *factsMaker) { m.subject("RE", "property").Type = "再保险公司"; m.unit("U1", "RE") },
			"", "RE: 再保险公司不在考评范围\nU1: 电销中心应并入RE公司(RE)考评,但该机构不参加考评"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := countingFacts()
			c.change(m)
			e := evaluateIn(t, p, "2025H1", m.f)
			if got := excludedText(e); got != c.want {
				t.Errorf("excluded:\n%s\nwant:\n%s", got, c.want)
			}
			if got := strings.Join(cardOf(t, e, "PA").Merged, " "); got != c.merged {
				t.Errorf("merged %s, want %s", got, c.merged)
			}
		})
	}
}

func TestAUnitOfASubjectThatDoesNotMeetTheRequirement(t *testing.T) {
	m := newPack(t)
	p := countingPack(t)
	p.Assessed.Require, p.Assessed.Law = m.expr("完整会计年度数 >= 1"), Law{}
	f := countingFacts()
	f.subject("PN", "property").Opened = day("2025-02-02")
	f.unit("U1", "PN")
	want := "PN: 不符合参加考评的条件 完整会计年度数 >= 1:完整会计年度数 = 0\nU1: 电销中心应并入PN公司(PN)考评,但该机构不参加考评"
	if got := excludedText(evaluateIn(t, p, "2025H1", f.f)); got != want {
		t.Errorf("excluded:\n%s\nwant:\n%s", got, want)
	}
}

func TestARequirementWithAZeroDenominatorNamesIt(t *testing.T) {
	m := newPack(t)
	m.reported("a", "件")
	m.reported("b", "件")
	m.p.Assessed.Require = m.expr("a / b >= 1")
	f := newFacts("2025H1")
	f.subject("A", "property")
	f.figure("A", "a", "1")
	f.figure("A", "b", "0")
	want := "A: 不能判断是否符合参加考评的条件 a / b >= 1:2025年上半年分母 b 为零"
	if got := excludedText(evaluateIn(t, m.p, "2025H1", f.f)); got != want {
		t.Errorf("excluded:\n%s\nwant:\n%s", got, want)
	}
}

func TestASubjectThatMovesToAnotherGroupIsComparedWhereItStandsOnTheLastDay(t *testing.T) {
	m := countingFacts()
	moved := m.f.Subjects[0]
	moved.PeerGroup, moved.ValidFrom = "life", day("2025-03-01")
	m.f.Subjects = append(m.f.Subjects, moved)
	e := evaluateIn(t, countingPack(t), "2025H1", m.f)
	if card := cardOf(t, e, "PA"); card.PeerGroup != "life" || card.Rank != 1 || card.Of != 1 {
		t.Errorf("%s ranks %d of %d", card.PeerGroup, card.Rank, card.Of)
	}
}

func TestAPackWithoutGroupsComparesEverybody(t *testing.T) {
	p := countingPack(t)
	p.PeerGroups = nil
	if card := cardOf(t, evaluateIn(t, p, "2025H1", countingFacts().f), "PA"); card.Rank != 1 {
		t.Errorf("ranks %d", card.Rank)
	}
}
