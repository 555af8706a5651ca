package assess

import (
	"context"
	"fmt"

	"kaoping/engine"
	"kaoping/store"
)

// OutOfDate says what was stored since of the earlier results that a result rests
// on, a sentence for each. It is empty while the result is up to date.
func OutOfDate(ctx context.Context, db *store.DB, result *engine.Result) ([]engine.Text, error) {
	var out []engine.Text
	for _, use := range result.Past {
		run, there, err := db.Newest(ctx, use.Pack, use.Period)
		if err != nil {
			return nil, err
		}
		if there && run.Digest != use.Digest {
			out = append(out, overtaken(use, run, result))
		}
	}
	return out, nil
}

func overtaken(use engine.PastUse, run store.Run, result *engine.Result) engine.Text {
	when := use.Period.Title()
	again := fmt.Sprintf("kaoping run --pack %s --period %s", result.Pack, result.Period)
	if use.Missing() {
		return engine.Text{
			ZH: fmt.Sprintf("已过期:计算时还没有 %s %s的结果,现已有 %s 第 %d 版;重新计算用 %s", use.Pack, when.ZH, run.ID, run.Revision, again),
			EN: fmt.Sprintf("out of date: when it was computed there was no result of %s for the %s, now there is %s revision %d; %s computes it again", use.Pack, when.EN, run.ID, run.Revision, again),
		}
	}
	return engine.Text{
		ZH: fmt.Sprintf("已过期:所引用的 %s %s的结果后来重新计算过(%s 第 %d 版);重新计算用 %s", use.Pack, when.ZH, run.ID, run.Revision, again),
		EN: fmt.Sprintf("out of date: the result of %s for the %s that it uses was computed again since (%s revision %d); %s computes this one again", use.Pack, when.EN, run.ID, run.Revision, again),
	}
}
