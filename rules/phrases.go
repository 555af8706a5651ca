package rules

import (
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"kaoping/engine"
	"kaoping/engine/exact"
)

// Controlled phrases: sentences that people read and that have one meaning.

var (
	stepsPhrase    = regexp.MustCompile(`^(?:rounded to )?steps of (\d+(?:\.\d+)?)$|^以\s*(\d+(?:\.\d+)?)\s*为单位$`)
	decimalsPhrase = regexp.MustCompile(`^(?:rounded to |shown with )?(\d+) decimals?$|^(?:舍入到|显示)?\s*(\d+)\s*位小数$`)
	shownPhrase    = regexp.MustCompile(`^shown with |^显示`)
	neverPhrase    = regexp.MustCompile(`^never rounded(?: before (?:scoring|ranking|scoring and ranking))?$|^(?:评分|排名)?前?不舍入$`)
	beforePhrase   = regexp.MustCompile(`^before (?:scoring|ranking|scoring and ranking)$|^(?:评分|排名)前$`)
	eachPhrase     = regexp.MustCompile(`^each indicator before adding up$|^每项指标先舍入再合计$`)
	onlyPhrase     = regexp.MustCompile(`^only the total$|^只对总分舍入$`)
)

// phrase is a comma-separated sentence taken apart.
type phrase struct {
	decimals int // -1 if not said
	step     exact.Num
	shown    bool
	never    bool
	before   bool
	each     bool
	only     bool
	mode     exact.Mode
}

// phrase takes a sentence apart; a part it does not know is reported with the
// sentences that can be written.
func (r *packReader) phrase(n node, examples ...string) (phrase, bool) {
	p := phrase{decimals: -1}
	w := r.word(n)
	if w == "" {
		return p, false
	}
	ok := true
	for _, span := range phrasePart.FindAllStringIndex(n.value(), -1) {
		part := strings.TrimSpace(n.value()[span[0]:span[1]])
		if part == "" || p.take(part) {
			continue
		}
		hint := strings.Join(examples, " | ")
		offset := utf8.RuneCountInString(n.value()[:span[0]+strings.Index(n.value()[span[0]:], part)])
		r.add(n.part(offset, utf8.RuneCountInString(part)).report(CodeWrongType,
			text("看不懂“"+clip(part)+"”", "“"+clip(part)+"” is not understood"), text("可写: "+hint, "write: "+hint)))
		ok = false
	}
	return p, ok
}

var phrasePart = regexp.MustCompile(`[^,，、]+`)

// take reads one part of a sentence.
func (p *phrase) take(part string) bool {
	part = strings.Join(strings.Fields(part), " ")
	if m := decimalsPhrase.FindStringSubmatch(part); m != nil {
		p.decimals, _ = strconv.Atoi(m[1] + m[2])
		p.shown = p.shown || shownPhrase.MatchString(part)
		return p.decimals <= maxDecimals
	}
	if m := stepsPhrase.FindStringSubmatch(part); m != nil {
		step, err := exact.Parse(m[1] + m[2])
		p.step = step
		return err == nil && step.Sign() > 0
	}
	switch {
	case neverPhrase.MatchString(part):
		p.never = true
	case beforePhrase.MatchString(part):
		p.before = true
	case eachPhrase.MatchString(part):
		p.each = true
	case onlyPhrase.MatchString(part):
		p.only = true
	default:
		mode, err := exact.ParseMode(part)
		p.mode = mode
		return err == nil
	}
	return true
}

// Examples of the sentences.
const (
	pointsEach     = "2 decimals, half up, each indicator before adding up"
	pointsTotal    = "2 decimals, half up, only the total"
	neverRounded   = "never rounded"
	stageDecimals  = "1 decimal, half up"
	stageSteps     = "steps of 0.5, half up"
	metricsShown   = "shown with 4 decimals, never rounded before scoring"
	metricsRounded = "rounded to 2 decimals, half up, before scoring"
)

// shownDecimals is how many decimals a metric is shown with if the pack does
// not say.
const shownDecimals = 4

// rounding reads where numbers are rounded.
func (r *packReader) rounding(n node) {
	m := r.mapping(n, text("舍入规则", "the rounding"))
	round := &r.pack.Rounding
	r.pointsRounding(m.need("points", text("得分怎样舍入", "how points are rounded")), round)
	r.metricsRounding(m.get("metrics"), round)
	round.Sections = r.stageRounding(m.get("sections"))
	round.Total = r.stageRounding(m.get("total"))
	if n := m.get("total"); !n.absent() && round.PointsAtTotal {
		r.add(n.report(CodeWrongType, text("points 已经写明对总分舍入", "points says already how the total is rounded"), text("只写一处", "say it once")))
	}
	round.RankUnrounded = r.choice(m.get("rank"), rankUnrounded, rankRounded) == rankUnrounded
	round.Law = r.law(m, r.keys["rounding"])
	if round.Assumption == "" {
		round.Assumption = r.assumed(r.keys["rounding"].place(), remarked(r.keys["rounding"]))
	}
	m.done()
}

// Phrases of rounding: rank:.
const (
	rankUnrounded = "before rounding"
	rankRounded   = "after rounding"
)

// stageRounding reads how a section's sum or the total is rounded.
func (r *packReader) stageRounding(n node) *engine.Rounding {
	p, ok := r.phrase(n, stageDecimals, stageSteps)
	switch {
	case !ok || p.never:
		return nil
	case p.decimals < 0 && p.step.IsZero() || p.decimals >= 0 && !p.step.IsZero() || p.each || p.only || p.before:
		r.incomplete(n, stageDecimals, stageSteps)
		return nil
	}
	return &engine.Rounding{Decimals: max(p.decimals, 0), Step: p.step, Mode: p.mode}
}

func (r *packReader) pointsRounding(n node, round *engine.RoundingRules) {
	p, ok := r.phrase(n, pointsEach, pointsTotal, neverRounded)
	switch {
	case !ok || p.never && p.decimals < 0:
		return
	case p.decimals < 0 && p.step.IsZero() || p.each == p.only || p.never:
		r.incomplete(n, pointsEach, pointsTotal, neverRounded)
		return
	}
	round.RoundPoints, round.PointsAtTotal = true, p.only
	round.Points = engine.Rounding{Decimals: max(p.decimals, 0), Step: p.step, Mode: p.mode}
}

func (r *packReader) metricsRounding(n node, round *engine.RoundingRules) {
	p, ok := r.phrase(n, metricsShown, metricsRounded)
	switch {
	case !ok:
		return
	case p.decimals < 0 || p.shown != p.never || p.shown == p.before:
		r.incomplete(n, metricsShown, metricsRounded)
		return
	}
	round.MetricsShown = true
	round.Metrics, round.MetricsRounded = engine.Rounding{Decimals: p.decimals, Mode: p.mode}, p.before
}

// incomplete reports a sentence whose parts are all known but do not say all.
func (r *packReader) incomplete(n node, examples ...string) {
	hint := strings.Join(examples, " | ")
	r.add(n.report(CodeWrongType, text("这句话不完整", "this sentence does not say all"), text("可写: "+hint, "write: "+hint)))
}
