package bench

import (
	"bufio"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"time"
)

// pack is the method that is counted by: six statistics over one register.
const pack = `pack: bench
edition: 2020-01-01
title: {zh: 计数基准, en: Counting}
status: in force
periods:
  half_year: {first_day: 01-01, last_day: 06-30}
  previous: same period one year earlier
peer_groups: {all: 全部}
rounding: {points: "2 decimals, half up, each indicator before adding up", cite: 一}
ranking: {by: total, within: peer group, ties: share the better rank, cite: 一}
registers:
  投诉:
    id: cases
    key: 编号
    subject: 机构
    date: 日期
    cite: 一
    fields:
      险种: {id: line, one of: [车险, 非车险, 意外险]}
      类别: {id: kind, kind: text}
      金额: {id: amount, kind: number, unit: 元, decimals: 2}
      转办日: {id: sent, kind: date}
      反馈日: {id: answered, kind: date, may be empty: true}
      已撤回: {id: withdrawn, kind: yes or no}
statistics:
  件数: {id: s0, unit: 件, count: 投诉, cite: 一}
  车险件数: {id: s1, unit: 件, count: 投诉, where: '险种 == "车险"', cite: 一}
  未反馈件数: {id: s2, unit: 件, count: 投诉, where: '反馈日 == 空', cite: 一}
  当期反馈件数: {id: s3, unit: 件, count: 投诉, where: '反馈日 != 空 and 反馈日 <= 期末日', cite: 一}
  大额件数: {id: s4, unit: 件, count: 投诉, where: '金额 >= 5000元 and not 已撤回', cite: 一}
  金额: {id: s5, unit: 元, sum: 投诉.金额, where: not 已撤回, cite: 一}
metrics:
  件数增加: {id: more, formula: 件数 - 上期(件数), unit: 件, cite: 一}
total: {full_points: 100, cite: 一}
sections:
  - section: 全部
    id: only
    full_points: 100
    cite: 一
    indicators:
      - {indicator: 件数增加, id: one, metric: more, full_points: 100, cite: 一, score: {full_points_at: 0件, no_points_at: 100000件, cite: 一}, if_missing: hold}
`

const (
	companies  = 180
	statistics = 6
	headings   = "编号,机构,险种,类别,金额,日期,转办日,反馈日,已撤回"
)

// spans are the half-years that are counted, as pairs of days.
var spans = [2][2]string{{"2024-01-01", "2024-06-30"}, {"2025-01-01", "2025-06-30"}}

// counts are the statistics of each half-year, company and statistic; sums of
// money in hundredths.
type counts [len(spans)][companies][statistics]int64

func (c *counts) String() string {
	var b strings.Builder
	for half := range c {
		for company := range c[half] {
			fmt.Fprintln(&b, spans[half][0][:4], companyCode(company), c[half][company])
		}
	}
	return b.String()
}

func companyCode(i int) string { return fmt.Sprintf("PA%03d", i+1) }

// writeCases writes the rows first to first+n-1 of the register. A row is the
// same whatever else is written: its number is the seed.
func writeCases(w io.Writer, first, n int) error {
	out := bufio.NewWriterSize(w, 1<<20)
	fmt.Fprintln(out, headings)
	days := dayTexts()
	var line []byte
	for i := first; i < first+n; i++ {
		line = appendCase(line[:0], i, days)
		if _, err := out.Write(line); err != nil {
			return err
		}
	}
	return out.Flush()
}

var (
	lines = []string{"车险", "非车险", "意外险"}
	kinds = []string{"理赔", "销售", "合同", "服务", "其他"}
)

func appendCase(b []byte, i int, days []string) []byte {
	r := rand.New(rand.NewPCG(uint64(i), 20251124))
	half := r.IntN(2)
	day := r.IntN(181) + half*366 // since 2024-01-01
	b = fmt.Appendf(b, "C%09d,PA%03d,", i, 1+r.IntN(companies))
	b = append(append(b, lines[r.IntN(len(lines))]...), ',')
	b = append(append(b, kinds[r.IntN(len(kinds))]...), ',')
	cents := int64(r.ExpFloat64() * 300_000)
	b = strconv.AppendInt(b, cents/100, 10)
	b = append(b, '.', byte('0'+cents/10%10), byte('0'+cents%10), ',')
	b = append(append(b, days[day]...), ',')
	sent := day + r.IntN(4)
	b = append(append(b, days[sent]...), ',')
	if r.IntN(12) > 0 {
		b = append(b, days[sent+r.IntN(30)]...)
	}
	if r.IntN(10) == 0 {
		return append(b, ",是\n"...)
	}
	return append(b, ",否\n"...)
}

// dayTexts are the days from 2024-01-01 on.
func dayTexts() []string {
	days := make([]string, 800)
	for i := range days {
		days[i] = time.Date(2024, 1, 1+i, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
	}
	return days
}

// casesFile makes the file of so many rows, unless it is there.
func casesFile(dir string, first, n int) (string, error) {
	path := fmt.Sprintf("%s/cases-%d-%d.csv", dir, first, n)
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	f, err := os.Create(path + ".part")
	if err != nil {
		return "", err
	}
	if err := writeCases(f, first, n); err != nil {
		f.Close()
		return "", err
	}
	if err := f.Close(); err != nil {
		return "", err
	}
	return path, os.Rename(path+".part", path)
}
