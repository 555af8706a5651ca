package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"kaoping/engine"
	"kaoping/rules"
)

// toScreen is the value of --write-boundaries without a folder.
const toScreen = "-"

// writeBoundaries proposes tests for all packs of a library: on the screen, or as
// a file for each edition in a folder, where nothing is ever written over.
func (a *app) writeBoundaries(library *rules.Library, folder string) error {
	for _, pack := range library.Packs() {
		proposed, err := rules.ProposeBoundaries(library, pack)
		if err != nil {
			return err
		}
		if proposed.Empty() {
			a.say("%s %s:没有可建议的边界行。", "%s %s: no boundary rows to propose.", pack.Name, pack.Edition)
		}
		if proposed.Empty() && len(proposed.Unsolved) == 0 {
			continue
		}
		if folder == toScreen {
			if err := proposed.Write(a.stdout, a.lang); err != nil {
				return err
			}
			continue
		}
		if err := a.writeBoundaryFile(proposed, folder); err != nil {
			return err
		}
	}
	return nil
}

func (a *app) writeBoundaryFile(proposed *rules.Boundaries, folder string) error {
	name := filepath.Join(folder, fmt.Sprintf("%s_%s_boundaries_test.yaml", proposed.Pack, proposed.Edition))
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	switch {
	case errors.Is(err, fs.ErrExist):
		return fail(exitUsage, engine.Text{
			ZH: fmt.Sprintf("%s 已存在,没有覆盖。\n  提示:核对其中各行后并入测试文件,再删去它。", name),
			EN: fmt.Sprintf("%s is there already and was not written over.\n  hint: compare its rows, move them to the test file, then remove it.", name),
		})
	case err != nil:
		return fail(exitStore, engine.Text{
			ZH: fmt.Sprintf("不能写 %s:%v\n  提示:--write-boundaries=目录 要的是一个可写的目录。", name, cause(err)),
			EN: fmt.Sprintf("cannot write %s: %v\n  hint: --write-boundaries=FOLDER names a folder that can be written to.", name, cause(err)),
		})
	}
	if err := errors.Join(proposed.Write(file, a.lang), file.Close()); err != nil {
		os.Remove(name)
		return err
	}
	a.say("已写 %s。得分是引擎现在算出的:逐行与条款核对后再留用。", "%s written. The points are what the engine gives now: compare each row with its clause before you keep it.", name)
	return nil
}
