package main

import (
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/xuri/excelize/v2"
)

// changeCell writes a number into one cell of a workbook, as somebody with a
// spreadsheet would: recell FILE SHEET!CELL NUMBER.
func changeCell(ts *testscript.TestScript, _ bool, args []string) {
	sheet, cell, _ := strings.Cut(args[1], "!")
	number, err := strconv.ParseFloat(args[2], 64)
	ts.Check(err)
	f, err := excelize.OpenFile(ts.MkAbs(args[0]))
	ts.Check(err)
	defer f.Close()
	ts.Check(f.SetCellValue(sheet, cell, number))
	ts.Check(f.Save())
}
