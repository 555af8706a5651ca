package store

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"
)

// savePack keeps the files of the edition a run was made with, once for each
// hash.
func savePack(ctx context.Context, tx *sqlx.Tx, run Run, files map[string][]byte) error {
	result, err := tx.ExecContext(ctx, "INSERT INTO packs (hash, pack, edition, at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
		run.Hash, run.Pack, run.Edition.String(), stamp(time.Now()))
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return err
	}
	for name, content := range files {
		if content == nil {
			content = []byte{}
		}
		_, err := tx.ExecContext(ctx, "INSERT INTO pack_files (hash, file, content) VALUES ($1, $2, $3)", run.Hash, name, content)
		if err != nil {
			return err
		}
	}
	return nil
}

// PackFiles returns the files of the edition with the hash, by name.
func (db *DB) PackFiles(ctx context.Context, hash string) (map[string][]byte, error) {
	var there int
	if err := db.sql.GetContext(ctx, &there, "SELECT count(*) FROM packs WHERE hash = $1", hash); err != nil {
		return nil, db.explain("find the rules "+hash, err)
	}
	if there == 0 {
		return nil, notFound("数据库中没有规则版本 %s 的文件。", "the files of the rules %s are not in this store.", hash)
	}
	var rows []struct {
		File    string
		Content []byte
	}
	if err := db.sql.SelectContext(ctx, &rows, "SELECT file, content FROM pack_files WHERE hash = $1", hash); err != nil {
		return nil, db.explain("read the rules "+hash, err)
	}
	files := make(map[string][]byte, len(rows))
	for _, r := range rows {
		files[r.File] = r.Content
	}
	return files, nil
}
