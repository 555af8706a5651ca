// Package spell measures how far a misspelt name is from a known one. What is
// near enough to suggest is for the caller to say.
package spell

// Distance is the number of characters to insert, remove or change to make b of
// a (Levenshtein). One wrong Chinese character weighs as much as one wrong letter.
func Distance(a, b []rune) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i, x := range a {
		diagonal := row[0]
		row[0] = i + 1
		for j, y := range b {
			cost := diagonal
			if x != y {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(row[j]+1, row[j+1]+1, cost)
		}
	}
	return row[len(b)]
}
