package store

import (
	"context"
	"slices"
	"strings"

	"github.com/jmoiron/sqlx"
)

// room knows for which half-years a table that is partitioned by them has parts.
type room struct {
	at   int // place of the date among the columns
	made map[string]bool
}

// roomOf is nil if the table has no parts by half-year: only the records of
// PostgreSQL have, and not those of a store of an older form.
func roomOf(ctx context.Context, tx *sqlx.Tx, table, columns string) (*room, error) {
	at := slices.Index(strings.Split(columns, ", "), "date")
	if table != "records" || at < 0 {
		return nil, nil
	}
	var there bool
	err := tx.GetContext(ctx, &there, "SELECT to_regproc('records_room') IS NOT NULL")
	if err != nil || !there {
		return nil, err
	}
	return &room{at: at, made: map[string]bool{}}, nil
}

// makeRoom sees to it that there is a part for the row. A COPY that is open is ended
// for that and begun again, which happens once for each half-year in a file.
func (b *bulk) makeRoom(values []any) error {
	if b.room == nil {
		return nil
	}
	day, _ := values[b.room.at].(string) // the column is a text
	half := halfOf(day)
	if b.room.made[half] {
		return nil
	}
	b.room.made[half] = true
	if _, err := b.copying.ExecContext(b.ctx); err != nil {
		return err
	}
	if err := b.copying.Close(); err != nil {
		return err
	}
	b.copying = nil
	if _, err := b.tx.ExecContext(b.ctx, "SELECT records_room($1)", day); err != nil {
		return err
	}
	return b.beginCopy()
}

// halfOf names the part a day belongs to, as records_room tells them apart.
func halfOf(day string) string {
	switch {
	case day < "1900-01-01":
		return ""
	case day >= "2200-01-01":
		return "late"
	case len(day) < len("2025-07"):
		return day // no day at all; PostgreSQL refuses it
	case day[5:7] < "07":
		return day[:4] + "1"
	}
	return day[:4] + "2"
}

// refuseDetached refuses to read days whose part was detached and is still in the
// database: what is in it would count as nothing, and nobody would notice.
func (db *DB) refuseDetached(ctx context.Context, first, last string) error {
	if !db.address.postgres {
		return nil
	}
	var parts []string
	err := db.sql.SelectContext(ctx, &parts, `SELECT relname FROM pg_class
		WHERE relkind = 'r' AND NOT relispartition AND relname ~ '^records_.*_([0-9]{4}h[12]|early|late)$'
		AND relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = to_regclass('records')) ORDER BY relname`)
	if err != nil {
		return err
	}
	for _, part := range parts {
		if from, until := spanOf(part); from <= last && first <= until {
			return conflict("登记的一部分 %s(%s 至 %s)已从库中移出(DETACH),这一时段的统计不完整。请先接回(ATTACH PARTITION)再计算。",
				"the part %s of the registers (%s to %s) has been detached, so what is asked would be incomplete. Attach it again first.", part, from, until)
		}
	}
	return nil
}

// spanOf returns the first and last day of a part by its name.
func spanOf(part string) (first, last string) {
	suffix := part[strings.LastIndexByte(part, '_')+1:]
	switch {
	case suffix == "early":
		return "", "1899-12-31"
	case suffix == "late":
		return "2200-01-01", "9999-12-31"
	case strings.HasSuffix(suffix, "h1"):
		return suffix[:4] + "-01-01", suffix[:4] + "-06-30"
	}
	return suffix[:4] + "-07-01", suffix[:4] + "-12-31"
}
