package store_test

import (
	"path/filepath"
	"testing"

	"kaoping/internal/storetest"
)

func sqliteURL(t *testing.T) string {
	return "sqlite:" + filepath.Join(t.TempDir(), "考评 库#%.db")
}

func TestSQLite(t *testing.T) { storetest.Exercise(t, sqliteURL) }
