// Package unit knows the units in which figures are written: 件, 万张, 亿元, %, 工作日.
package unit

import "kaoping/engine/exact"

// Unit is a unit of measure with a dimension and a scale: 万元 has the dimension
// 元 and the scale 10000. The zero Unit is a bare number. Units are comparable
// with SameDimension; their scale is exact.
type Unit struct {
	name  string    // as written
	dim   string    // canonical dimension, for example "元^-1·件^1"; "" is dimensionless
	scale exact.Num // how many base units one of it is; the zero value means 1
}

// Quantity is a number with its unit. Value is in base units (元, 件, a plain
// fraction for %), so quantities of one dimension compare directly.
type Quantity struct {
	Value exact.Num
	Unit  Unit // the unit in which it is shown
}
