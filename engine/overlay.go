package engine

import "slices"

// With returns the facts as they would be after the load of a batch: what it says
// takes the place of what was said of the same matter before. f is not changed.
func (f *Facts) With(b *Batch) *Facts {
	out := *f
	out.Subjects = overlaid(f.Subjects, b.Subjects, func(s *Subject) any { return [2]any{s.Code, s.ValidFrom} })
	out.Figures = overlaid(f.Figures, b.Figures, func(x *Figure) any { return figureKey{x.Subject, x.Statistic, x.Period} })
	out.Records = overlaid(f.Records, b.Records, func(r *Record) any {
		if r.Key == "" {
			return nil
		}
		return [3]string{r.Register, r.Subject, r.Key}
	})
	out.Judgements = overlaid(f.Judgements, b.Judgements, func(j *Judgement) any { return judgementKey{j.Subject, j.Indicator, j.Line, j.Period} })
	out.Covered = slices.Concat(f.Covered, b.Covered)
	return &out
}

// overlaid is the old facts without those that a new one replaces, then the new;
// a nil key replaces nothing.
func overlaid[T any](old, new []T, key func(*T) any) []T {
	replaced := map[any]bool{}
	for i := range new {
		if k := key(&new[i]); k != nil {
			replaced[k] = true
		}
	}
	out := make([]T, 0, len(old)+len(new))
	for i := range old {
		if k := key(&old[i]); k == nil || !replaced[k] {
			out = append(out, old[i])
		}
	}
	return append(out, new...)
}
