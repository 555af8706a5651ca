package store

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// Every action that the program writes to the trail has its words.
func TestEveryActionHasWords(t *testing.T) {
	position := map[string]int{"note": 4, "changeUser": 3, "Note": 2}
	seen := 0
	for _, pattern := range []string{"*.go", "../web/*.go", "../internal/*/*.go", "../cmd/kaoping/*.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatal(pattern, err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") || strings.Contains(file, "storetest") {
				continue
			}
			tree, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(tree, func(n ast.Node) bool {
				call, ok := n.(*ast.CallExpr)
				if !ok {
					return true
				}
				name := ""
				switch f := call.Fun.(type) {
				case *ast.Ident:
					name = f.Name
				case *ast.SelectorExpr:
					name = f.Sel.Name
				}
				at, ok := position[name]
				if !ok || at >= len(call.Args) {
					return true
				}
				word, ok := call.Args[at].(*ast.BasicLit)
				if !ok || word.Kind != token.STRING {
					return true
				}
				action, err := strconv.Unquote(word.Value)
				if err != nil {
					t.Fatal(err)
				}
				seen++
				if _, ok := actionTitles[action]; !ok {
					t.Errorf("%s: the action %q has no words", file, action)
				}
				return true
			})
		}
	}
	if seen < 15 {
		t.Errorf("only %d actions found in the code", seen)
	}
}
