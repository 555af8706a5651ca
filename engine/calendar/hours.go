package calendar

import "kaoping/engine/exact"

// minutes returns the office minutes of a working day that lie in its first m
// minutes.
func (c *Calendar) minutes(m exact.Num) exact.Num {
	sum := exact.Num{}
	for _, s := range c.office {
		from, to := exact.Int(int64(s.From)), exact.Int(int64(s.To))
		if m.Cmp(from) > 0 {
			sum = sum.Add(exact.Min(m, to).Sub(from))
		}
	}
	return sum
}

// elapsed returns the office minutes of a day before the moment. At midnight
// there are none, whatever is known of the day.
func (c *Calendar) elapsed(day int64, moment exact.Num) (exact.Num, error) {
	m := moment.Sub(exact.Int(day)).Mul(exact.Int(minutesOfDay))
	if m.IsZero() {
		return m, nil
	}
	works, err := c.Works(day)
	if err != nil || !works {
		return exact.Num{}, err
	}
	return c.minutes(m), nil
}

// WorkingHours counts the office hours from the moment a to the moment b, as
// fractions of an hour where need be; minus those from b to a if b lies before a.
// A moment is a number of days since 1970-01-01 and its fraction the time of day.
// The error is a *MissingYear or a *NoHours.
func (c *Calendar) WorkingHours(a, b exact.Num) (exact.Num, error) {
	if len(c.Office()) == 0 {
		return exact.Num{}, &NoHours{}
	}
	if b.Cmp(a) < 0 {
		h, err := c.WorkingHours(b, a)
		return h.Neg(), err
	}
	from, to, err := daysOf(a, b)
	if err != nil {
		return exact.Num{}, err
	}
	before, err := c.elapsed(from, a)
	if err != nil {
		return exact.Num{}, err
	}
	last, err := c.elapsed(to, b)
	if err != nil {
		return exact.Num{}, err
	}
	days, err := c.between(from, to-1)
	if err != nil {
		return exact.Num{}, err
	}
	whole := c.minutes(exact.Int(minutesOfDay)).Mul(exact.Int(days))
	return whole.Add(last).Sub(before).Quo(exact.Int(60)), nil
}

// AddWorkingHours returns the first moment at which the given office hours have
// passed since a; with none, a itself. Hours that run out when the office closes
// end then, not when it opens again. The error is a *MissingYear or a *NoHours;
// hours below zero count as none.
func (c *Calendar) AddWorkingHours(a, hours exact.Num) (exact.Num, error) {
	if hours.Sign() <= 0 {
		return a, nil
	}
	if len(c.Office()) == 0 {
		return exact.Num{}, &NoHours{}
	}
	day, err := dayOf(a)
	if err != nil {
		return exact.Num{}, err
	}
	passed, err := c.elapsed(day, a)
	if err != nil {
		return exact.Num{}, err
	}
	wanted := hours.Mul(exact.Int(60)).Add(passed)
	full := c.minutes(exact.Int(minutesOfDay))
	for ; ; day++ {
		works, err := c.Works(day)
		if err != nil {
			return exact.Num{}, err
		}
		if !works {
			continue
		}
		if wanted.Cmp(full) <= 0 {
			return exact.Int(day).Add(c.minute(wanted).Quo(exact.Int(minutesOfDay))), nil
		}
		wanted = wanted.Sub(full)
	}
}

// minute returns the minute of a working day at which so many office minutes
// have passed; there must be as many.
func (c *Calendar) minute(wanted exact.Num) exact.Num {
	for _, s := range c.office {
		length := exact.Int(int64(s.To - s.From))
		if wanted.Cmp(length) <= 0 {
			return exact.Int(int64(s.From)).Add(wanted)
		}
		wanted = wanted.Sub(length)
	}
	return exact.Int(minutesOfDay)
}
