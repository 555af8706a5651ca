package exact

// Mode says which neighbour rounding takes.
type Mode uint8

// The rounding modes a pack may declare.
const (
	HalfUp   Mode = iota // 四舍五入: ties away from zero
	HalfEven             // ties to the even neighbour
	Down                 // towards zero (truncation)
	Up                   // away from zero
)
