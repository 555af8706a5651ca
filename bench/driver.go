package bench

import (
	"bufio"
	"bytes"
	"database/sql"
	"fmt"
	"os"
	"strings"
	"time"
)

const recordColumns = "batch, n, file_row, register, record_key, occurrence, subject, date, times, fields, corrects"

// driverLoad writes the register into the program's own table, which is there and
// empty, by the shortest way that the driver has: COPY on PostgreSQL, 100 rows an
// INSERT on SQLite. It trusts every cell.
func driverLoad(driver, dsn, path string) error {
	db, err := sql.Open(driver, dsn)
	if err != nil {
		return err
	}
	defer db.Close()
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	put, end, err := driverWriter(tx, driver)
	if err != nil {
		return err
	}
	rows := bufio.NewScanner(f)
	for n := 0; rows.Scan(); n++ {
		if n == 0 {
			continue // the headings
		}
		if err := put(driverRow(n, rows.Bytes())...); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	if err := end(); err != nil {
		return err
	}
	return tx.Commit()
}

func driverWriter(tx *sql.Tx, driver string) (put func(...any) error, end func() error, err error) {
	if driver == "postgres" {
		for _, span := range spans { // the table has a part for each half-year
			if _, err := tx.Exec("SELECT records_room($1)", span[0]); err != nil {
				return nil, nil, err
			}
		}
		stmt, err := tx.Prepare("COPY records (" + recordColumns + ") FROM STDIN")
		put = func(values ...any) error { _, err := stmt.Exec(values...); return err }
		return put, func() error { _, err := stmt.Exec(); return err }, err
	}
	const many = 100
	one := "(" + strings.Repeat("?,", 10) + "?)"
	insert := func(rows int) string {
		return "INSERT INTO records (" + recordColumns + ") VALUES " + one + strings.Repeat(","+one, rows-1)
	}
	stmt, err := tx.Prepare(insert(many))
	var pending []any
	put = func(values ...any) error {
		if pending = append(pending, values...); len(pending) < 11*many {
			return nil
		}
		_, err := stmt.Exec(pending...)
		pending = pending[:0]
		return err
	}
	end = func() error {
		if len(pending) == 0 {
			return nil
		}
		_, err := tx.Exec(insert(len(pending)/11), pending...)
		return err
	}
	return put, end, err
}

// driverRow makes the row as the program stores it.
func driverRow(n int, row []byte) []any {
	c := bytes.Split(row, []byte{','})
	answered := `"null":true`
	if len(c[7]) > 0 {
		answered = `"n":"` + dayNumber(c[7]) + `"`
	}
	withdrawn := ""
	if string(c[8]) == "是" {
		withdrawn = `"b":true`
	}
	amount := ""
	if text := fraction(c[4]); text != "0" {
		amount = `"n":"` + text + `"`
	}
	fields := `{"amount":{` + amount + `},"answered":{` + answered + `},"kind":{"t":"` + string(c[3]) + `"},"line":{"t":"` + string(c[2]) +
		`"},"sent":{"n":"` + dayNumber(c[6]) + `"},"withdrawn":{` + withdrawn + `}}`
	return []any{1, n, n + 1, "cases", string(c[0]), 0, string(c[1]), string(c[5]), 1, fields, 0}
}

// dayNumber is the day as the program stores it: days since 1970.
func dayNumber(iso []byte) string {
	t, _ := time.Parse(time.DateOnly, string(iso)) // the file is our own
	return fmt.Sprint(t.Unix() / 86400)
}

// fraction is an amount in lowest terms.
func fraction(decimal []byte) string {
	cents := int64(0)
	for _, c := range decimal {
		if c != '.' {
			cents = cents*10 + int64(c-'0')
		}
	}
	a, b := cents, int64(100)
	for b != 0 {
		a, b = b, a%b
	}
	if cents == 0 || a == 100 {
		return fmt.Sprint(cents / 100)
	}
	return fmt.Sprintf("%d/%d", cents/a, 100/a)
}

// driverGroup is one GROUP BY over the table, as one would write it by hand.
func driverGroup(driver, dsn string) (*counts, error) {
	db, err := sql.Open(driver, dsn)
	if err != nil {
		return nil, err
	}
	defer db.Close()
	rows, err := db.Query(groupStatement(driver))
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

func groupStatement(driver string) string {
	field := func(id string) string { return "json_extract(fields, '$." + id + ".n')" }
	withdrawn := "json_extract(fields, '$.withdrawn.b') IS NOT NULL"
	amount := "CASE WHEN instr(" + field("amount") + ", '/') > 0 THEN cast(" + field("amount") + " AS integer) * 100 / cast(substr(" + field("amount") +
		", instr(" + field("amount") + ", '/') + 1) AS integer) ELSE cast(" + field("amount") + " AS integer) * 100 END"
	if driver == "postgres" {
		field = func(id string) string {
			return `nullif(split_part(split_part(fields, '"` + id + `":{"n":"', 2), '"', 1), '')`
		}
		withdrawn = `fields LIKE '%"withdrawn":{"b":true}%'`
		amount = "cast(split_part(" + field("amount") + ", '/', 1) AS bigint) * 100 / cast(coalesce(nullif(split_part(" + field("amount") + ", '/', 2), ''), '1') AS bigint)"
	}
	var b strings.Builder
	b.WriteString("SELECT subject")
	for _, span := range spans {
		in := fmt.Sprintf("date BETWEEN '%s' AND '%s'", span[0], span[1])
		fmt.Fprintf(&b, ", count(*) FILTER (WHERE %s)", in)
		for _, condition := range []string{
			`fields LIKE '%"line":{"t":"车险"}%'`,
			`fields LIKE '%"answered":{"null":true}%'`,
			"cast(" + field("answered") + " AS integer) <= " + dayNumber([]byte(span[1])),
			"NOT (" + withdrawn + ") AND " + amount + " >= 500000",
		} {
			fmt.Fprintf(&b, ", count(*) FILTER (WHERE %s AND %s)", in, condition)
		}
		fmt.Fprintf(&b, ", coalesce(sum(%s) FILTER (WHERE %s AND NOT (%s)), 0)", amount, in, withdrawn)
	}
	fmt.Fprintf(&b, " FROM records WHERE register = 'cases' AND date BETWEEN '%s' AND '%s' GROUP BY subject", spans[0][0], spans[1][1])
	return b.String()
}
