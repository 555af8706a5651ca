//go:build cgo

package bench

import (
	"database/sql"
	"fmt"
	"strings"

	_ "github.com/duckdb/duckdb-go/v2" // the peer
)

// hasDuckDB says whether DuckDB is linked in; it needs a C compiler.
const hasDuckDB = true

// duckScan counts the register with DuckDB's read_csv and one GROUP BY.
func duckScan(path string) (*counts, error) {
	db, err := sql.Open("duckdb", "")
	if err != nil {
		return nil, err
	}
	defer db.Close()
	rows, err := db.Query(duckStatement(path))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	c := new(counts)
	for rows.Next() {
		var subject string
		values := make([]int64, len(spans)*statistics)
		targets := []any{&subject}
		for i := range values {
			targets = append(targets, &values[i])
		}
		if err := rows.Scan(targets...); err != nil {
			return nil, err
		}
		company, err := companyOf(subject)
		if err != nil {
			return nil, err
		}
		for i, v := range values {
			c[i/statistics][company][i%statistics] = v
		}
	}
	return c, rows.Err()
}

func duckStatement(path string) string {
	var b strings.Builder
	b.WriteString("SELECT company")
	for _, span := range spans {
		in := fmt.Sprintf("day BETWEEN DATE '%s' AND DATE '%s'", span[0], span[1])
		fmt.Fprintf(&b, ", count(*) FILTER (WHERE %s)", in)
		for _, condition := range []string{
			"line = '车险'", "answered IS NULL", fmt.Sprintf("answered <= DATE '%s'", span[1]), "amount >= 5000 AND withdrawn <> '是'",
		} {
			fmt.Fprintf(&b, ", count(*) FILTER (WHERE %s AND %s)", in, condition)
		}
		fmt.Fprintf(&b, ", cast(coalesce(sum(amount) FILTER (WHERE %s AND withdrawn <> '是'), 0) * 100 AS bigint)", in)
	}
	fmt.Fprintf(&b, ` FROM read_csv('%s', header = true, delim = ',', columns = {
		'number': 'VARCHAR', 'company': 'VARCHAR', 'line': 'VARCHAR', 'kind': 'VARCHAR', 'amount': 'DECIMAL(18,2)',
		'day': 'DATE', 'sent': 'DATE', 'answered': 'DATE', 'withdrawn': 'VARCHAR'}) GROUP BY company`, path)
	return b.String()
}
