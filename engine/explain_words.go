package engine

import (
	"fmt"
	"strings"

	"kaoping/engine/exact"
)

// The sentences of an explanation.

// wordFigure names a figure with its period and value.
func wordFigure(f *FigureUsed) Text {
	return Text{
		fmt.Sprintf("%s(%s)= %s", f.Name, f.Period.Title().ZH, f.Shown.ZH),
		fmt.Sprintf("%s (%s) = %s", f.Name, f.Period.Title().EN, f.Shown.EN),
	}
}

// wordFigureWithOrigin adds the cell that a reported figure came from. Of a counted
// one the register's statistic leads to the records.
func wordFigureWithOrigin(f *FigureUsed) Text {
	t := wordFigure(f)
	for _, o := range f.Origins {
		if o.Column == "" {
			continue
		}
		t.ZH += fmt.Sprintf(",批次 %s %s 第 %d 行“%s”列", o.Batch, o.File, o.Row, o.Column)
		t.EN += fmt.Sprintf(", batch %s %s row %d column “%s”", o.Batch, o.File, o.Row, o.Column)
	}
	return t
}

func wordPeers(have, all int) Text {
	if have == all {
		return Text{fmt.Sprintf("同业%d家都有此值", all), fmt.Sprintf("all %d peers have the value", all)}
	}
	return Text{fmt.Sprintf("同业%d家中%d家有此值", all, have), fmt.Sprintf("%d of %d peers have the value", have, all)}
}

func wordMetricRank(rank int) Text {
	return Text{fmt.Sprintf("本单位第%d名(第1名=最优)", rank), fmt.Sprintf("this one ranks %d (1 is best)", rank)}
}

func wordRank(rank, of int, tied bool) Text {
	if tied {
		return Text{fmt.Sprintf("并列第%d名,共%d家排名", rank, of), fmt.Sprintf("ranks %d, tied, of %d", rank, of)}
	}
	return Text{fmt.Sprintf("第%d名,共%d家排名", rank, of), fmt.Sprintf("ranks %d of %d", rank, of)}
}

func wordChecklist(c *Checklist) Text {
	if !c.Plain() {
		return c.wordJudging()
	}
	t := Text{
		fmt.Sprintf("逐项评定,共%d项;符合或不适用得该项分值,不符合不得分", len(c.Lines)),
		fmt.Sprintf("%s, each judged; yes or not applicable earns its points, no earns none", countOf(len(c.Lines), "line")),
	}
	if c.Partly != nil {
		share := c.Partly.Mul(exact.Int(100)).Shortest(2) + "%"
		t.ZH += ",部分符合得" + share
		t.EN += ", partly earns " + share
	}
	return t
}

// wordJudging says how grades or marks become points.
func (c *Checklist) wordJudging() Text {
	t := Text{"评定等次:", "graded: "}
	for i, g := range c.Grades {
		if i > 0 {
			t.ZH, t.EN = t.ZH+"、", t.EN+", "
		}
		p := g.Points.Shortest(4)
		t.ZH, t.EN = t.ZH+g.Name+p+"分", t.EN+g.Name+" "+p
	}
	if m := c.Marks; m != nil {
		from, to := m.From.Shortest(4), m.To.Shortest(4)
		t = Text{fmt.Sprintf("评分%s至%s,按比例得分", from, to), fmt.Sprintf("marks from %s to %s, points in proportion", from, to)}
	}
	if c.Raters {
		t.ZH, t.EN = t.ZH+";每组评价人取平均", t.EN+"; the mean of each group of raters"
	}
	if c.Renormalise {
		t.ZH, t.EN = t.ZH+",没有评价的组其权重归其余各组", t.EN+", groups without an answer leave their weight to the rest"
	}
	return t
}

// wordAnswers writes what the raters of a line gave.
func wordAnswers(line ChecklistLine, answers []*Judgement, state answerState, earned string) Text {
	if len(answers) == 0 {
		return wordAnswer(line, nil, state, earned)
	}
	var given []string
	for _, j := range answers {
		given = append(given, string(j.Answer))
	}
	list := strings.Join(given, "、")
	if state == notAllowed {
		return Text{line.Name + ":" + list + "(规则不接受)", line.Name + ": " + list + " (not allowed)"}
	}
	of := line.Points.Shortest(4)
	return Text{fmt.Sprintf("%s:%s,%s/%s分", line.Name, list, earned, of), fmt.Sprintf("%s: %s, %s of %s points", line.Name, strings.ReplaceAll(list, "、", ", "), earned, of)}
}

func wordAnswer(line ChecklistLine, j *Judgement, state answerState, earned string) Text {
	if j == nil {
		return Text{line.Name + ":未评定", line.Name + ": not judged"}
	}
	zh := map[Answer]string{Yes: "是", No: "否", Partly: "部分", NotApplicable: "不适用"}[j.Answer]
	if zh == "" {
		zh = string(j.Answer)
	}
	if state == notAllowed {
		return Text{line.Name + ":" + zh + "(规则不接受)", line.Name + ": " + string(j.Answer) + " (not allowed)"}
	}
	of := line.Points.Shortest(4)
	return Text{
		fmt.Sprintf("%s:%s,%s/%s分", line.Name, zh, earned, of),
		fmt.Sprintf("%s: %s, %s of %s points", line.Name, j.Answer, earned, of),
	}
}

// caseLineName says to which cases a line of a deduction table applies.
func caseLineName(l CaseLine) Text {
	switch {
	case l.Otherwise:
		return Text{"其他", "otherwise"}
	case l.When == nil:
		return Text{l.Class, l.Class}
	case !l.Words.IsZero():
		return l.Words
	case l.WhenText != "":
		return Text{l.WhenText, l.WhenText}
	}
	return Text{l.When.Source(), l.When.Source()}
}

func wordTariff(c *CaseTable, atMost *exact.Num, adds bool) Text {
	var parts []Text
	verb := either(adds, "加", "扣")
	for _, l := range c.Lines {
		name, points := caseLineName(l), l.Points.Shortest(4)
		if l.Formula != nil {
			points = l.Formula.Source()
		}
		parts = append(parts, Text{
			fmt.Sprintf("%s每件%s%s分", name.ZH, verb, points),
			fmt.Sprintf("%s: %s points a case", name.EN, points),
		})
	}
	if atMost != nil {
		most := atMost.Shortest(4)
		parts = append(parts, Text{"最高" + verb + most + "分", "at most " + most + " points"})
	}
	return joinTexts(parts)
}

func wordCaseLine(l CaseLine, n int, off exact.Num) Text {
	if l.Formula != nil {
		name, all := caseLineName(l), off.Shortest(4)
		return Text{fmt.Sprintf("%s:%d件,按%s合计%s分", name.ZH, n, l.Formula.Source(), all), fmt.Sprintf("%s: %s, %s points in all by %s", name.EN, countOf(n, "case"), all, l.Formula.Source())}
	}
	name, each, all := caseLineName(l), l.Points.Shortest(4), off.Shortest(4)
	return Text{
		fmt.Sprintf("%s:%d件 × %s分 = %s分", name.ZH, n, each, all),
		fmt.Sprintf("%s: %s × %s points = %s points", name.EN, countOf(n, "case"), each, all),
	}
}

// wordPart names a part of a sum with its points, or why it has none.
func wordPart(o *outcome) Text {
	if o.status != Scored {
		return Text{o.item.Name + ":" + o.reason.ZH, o.item.Name + ": " + o.reason.EN}
	}
	got := minus(o.points.Shortest(4))
	return Text{o.item.Name + ":" + got + "分", o.item.Name + ": " + got + " points"}
}
