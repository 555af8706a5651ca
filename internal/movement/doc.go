// Package movement says what made a total move, line by line and exact, and what
// would raise it: points still to gain, and the smallest change that gains a rank.
package movement
