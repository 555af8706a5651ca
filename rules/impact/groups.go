package impact

import (
	"slices"

	"kaoping/engine"
	"kaoping/engine/exact"
)

// Group sums up what becomes of a peer group.
type Group struct {
	ID        string       `json:"peer_group"`
	Title     engine.Text  `json:"title"`
	Scored    [2]int       `json:"scored"` // how many have a value, before and after
	Both      int          `json:"both"`   // how many have one under both; the means are theirs
	Mean      [2]exact.Num `json:"mean"`
	Median    [2]exact.Num `json:"median"`
	Moved     int          `json:"moved"` // values that are not the same
	Ranks     int          `json:"ranks"` // subjects whose rank is not the same
	Crossings Crossings    `json:"ratings"`
}

// Crossings counts subjects that pass the boundary of a rating.
type Crossings struct {
	Up    int `json:"up"`
	Down  int `json:"down"`
	Other int `json:"other"` // to or from no rating, or one that the other edition does not have
}

// Any is how many pass a boundary.
func (c Crossings) Any() int { return c.Up + c.Down + c.Other }

// groups sums up, in the order of the packs' peer groups.
func (x *Impact) groups() []Group {
	var out []Group
	for _, e := range x.Results {
		for _, g := range e.Pack.PeerGroups {
			if slices.ContainsFunc(out, func(o Group) bool { return o.ID == g.ID }) {
				continue
			}
			if s := x.group(g); s.Scored != [2]int{} || slices.ContainsFunc(x.Subjects, func(s Subject) bool { return s.PeerGroup == g.ID }) {
				out = append(out, s)
			}
		}
	}
	return out
}

func (x *Impact) group(g engine.PeerGroup) Group {
	out := Group{ID: g.ID, Title: g.Title}
	var values [2][]exact.Num
	for i := range x.Subjects {
		s := &x.Subjects[i]
		if s.PeerGroup != g.ID {
			continue
		}
		for side, st := range []Standing{s.Before, s.After} {
			if st.Value != nil {
				out.Scored[side]++
			}
		}
		if s.Move != nil {
			values[0], values[1] = append(values[0], *s.Before.Value), append(values[1], *s.After.Value)
			if !s.Move.IsZero() {
				out.Moved++
			}
		}
		if s.Before.Rank != s.After.Rank {
			out.Ranks++
		}
		x.cross(s, &out.Crossings)
	}
	out.Both = len(values[0])
	for side, list := range values {
		if len(list) > 0 {
			out.Mean[side], out.Median[side] = mean(list), median(list)
		}
	}
	return out
}

// cross counts a subject whose rating is not the same.
func (x *Impact) cross(s *Subject, c *Crossings) {
	if s.Before.Rating == s.After.Rating {
		return
	}
	b, a := -1, -1
	if r := x.Results[1].Pack.Ratings; r != nil {
		b, a = slices.Index(r.Names(), s.Before.Rating), slices.Index(r.Names(), s.After.Rating)
	}
	switch {
	case b < 0 || a < 0:
		c.Other++
	case a < b:
		c.Up++
	default:
		c.Down++
	}
}

func mean(list []exact.Num) exact.Num {
	var sum exact.Num
	for _, n := range list {
		sum = sum.Add(n)
	}
	return sum.Quo(exact.Int(int64(len(list))))
}

// median is the middle value, or the mean of the two in the middle.
func median(list []exact.Num) exact.Num {
	sorted := slices.Clone(list)
	slices.SortFunc(sorted, exact.Num.Cmp)
	n := len(sorted)
	if n%2 == 1 {
		return sorted[n/2]
	}
	return sorted[n/2-1].Add(sorted[n/2]).Quo(exact.Int(2))
}
