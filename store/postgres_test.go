package store_test

import (
	"testing"

	"kaoping/internal/pgtest"
	"kaoping/internal/storetest"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

func TestPostgreSQL(t *testing.T) {
	storetest.Exercise(t, func(t *testing.T) string { return pgtest.URL(t) })
}
