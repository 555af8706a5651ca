package engine

import "kaoping/engine/exact"

// spread gives each item of a tree the full points in force, containers first.
// The points of what is left out go to the rest of its innermost container in
// proportion to the rest's own full points, so the container keeps its points
// exactly. Where a container is a weighted mean, the weights of the rest grow
// instead. Nothing is rounded here.
func spread(o *outcome, full exact.Num) {
	o.full = full
	if o.status == LeftOut || o.empty {
		o.full = exact.Num{}
		return
	}
	factor := o.growth()
	if o.item.Combine == PlainSum {
		all, rest := o.weights()
		if rest.IsZero() {
			return
		}
		factor = all.Quo(rest).Mul(factor)
	}
	for _, c := range o.children {
		if c.item.Kind != DeductionItem {
			spread(c, c.item.FullPoints.Mul(factor))
		}
	}
}

// weights adds up the full points of a container's indicators and groups: all
// of them, and those that are not left out.
func (o *outcome) weights() (all, rest exact.Num) {
	for _, c := range o.children {
		if c.item.Kind == DeductionItem || c.empty {
			continue
		}
		all = all.Add(c.item.FullPoints)
		if c.status != LeftOut {
			rest = rest.Add(c.item.FullPoints)
		}
	}
	return all, rest
}

// growth is how many times its declared full points an item has in force.
func (o *outcome) growth() exact.Num {
	if o.item.FullPoints.IsZero() {
		return exact.Int(1)
	}
	return o.full.Quo(o.item.FullPoints)
}
