// Makes ../assets/editor.js and ../assets/editor-licenses.txt. With --check it says
// whether they are what the sources make.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = path.dirname(fileURLToPath(import.meta.url));
const assets = path.join(here, '..', 'assets');

const made = await build({
  absWorkingDir: here, entryPoints: ['editor.js'], bundle: true, minify: true, format: 'iife', target: ['chrome109', 'firefox115', 'safari16'],
  charset: 'utf8', legalComments: 'none', metafile: true, write: false,
  banner: { js: '/* kaoping rule editor with CodeMirror 6 (MIT); licences: editor-licenses.txt */' },
});

// licences of the packages that went into the file.
function licences() {
  const names = new Set();
  for (const input of Object.keys(made.metafile.inputs)) {
    const m = /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input);
    if (m) names.add(m[1]);
  }
  return [...names].sort().map((name) => {
    const folder = path.join(here, 'node_modules', name);
    const { version } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
    const file = readdirSync(folder).find((f) => /^licen[cs]e/i.test(f));
    if (!file) throw new Error(`${name} has no licence`);
    return `${name} ${version}\n\n${readFileSync(path.join(folder, file), 'utf8').trim()}\n`;
  }).join(`\n${'-'.repeat(72)}\n\n`);
}

let same = true;
for (const [name, text] of [['editor.js', made.outputFiles[0].text], ['editor-licenses.txt', licences()]]) {
  const file = path.join(assets, name);
  if (process.argv.includes('--check')) {
    if (readFileSync(file, 'utf8') !== text) { same = false; console.error(`${name} is not what the sources make`); }
  } else {
    writeFileSync(file, text);
    console.log(name, text.length);
  }
}
process.exitCode = same ? 0 : 1;
