// The rule editor: CodeMirror over the form that works without it. What is right,
// wrong and possible comes from the program, the same as on the command line.
import { autocompletion } from '@codemirror/autocomplete';
import { yaml } from '@codemirror/lang-yaml';
import { forceLinting, linter, nextDiagnostic } from '@codemirror/lint';
import { EditorState } from '@codemirror/state';
import { EditorView, hoverTooltip, keymap } from '@codemirror/view';
import { basicSetup } from 'codemirror';

const form = document.getElementById('edit-form');
const area = document.getElementById('rule-text');
const host = document.getElementById('editor');
const status = document.getElementById('status');
const words = form.dataset;
const chinese = document.documentElement.lang.startsWith('zh');
const part = (id) => document.getElementById(id);

const phrases = {
  'Control character': '控制字符', 'Selection deleted': '已删除所选', 'Folded lines': '折起的行', 'Unfolded lines': '展开的行', to: '至', 'folded code': '折起的内容', unfold: '展开', 'Fold line': '折起', 'Unfold line': '展开',
  'Go to line': '转到行', go: '转到', Find: '查找', Replace: '替换', next: '下一处', previous: '上一处', all: '全部', 'match case': '区分大小写', 'by word': '整词', regexp: '正则', replace: '替换', 'replace all': '全部替换', close: '关闭',
  'current match': '当前一处', 'replaced $ matches': '已替换 $ 处', 'replaced match on line $': '已替换第 $ 行', 'on line': '在行', Completions: '可写的内容', Diagnostics: '问题', 'No diagnostics': '没有问题',
};

// ask sends the text as it is; an answer that comes too late is thrown away by whoever asked.
async function ask(want, more = {}) {
  const answer = await fetch(words.look, {
    method: 'POST', headers: { 'Content-Type': 'application/json' }, redirect: 'error',
    body: JSON.stringify({ edition: form.elements.edition.value, file: form.elements.file.value, text: view.state.doc.toString(), want, ...more }),
  });
  if (!answer.ok || !(answer.headers.get('Content-Type') || '').startsWith('application/json')) {
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    throw new Error(page.querySelector('main p')?.textContent || words.failed);
  }
  return answer.json();
}

// says is what a person is told of a failure; a connection that failed has no words of ours.
const says = (e) => (e instanceof TypeError ? words.failed : e.message || words.failed);

// offset is the place in the text of a line and a character that count from 0.
function offset(doc, line, character) {
  const at = doc.line(Math.min(Math.max(line, 0) + 1, doc.lines));
  return Math.min(at.from + character, at.to);
}

function place(doc, pos) {
  const line = doc.lineAt(pos);
  return { line: line.number - 1, character: pos - line.from };
}

function element(name, text, attributes = {}) {
  const e = document.createElement(name);
  if (text) e.textContent = text;
  for (const [key, value] of Object.entries(attributes)) e.setAttribute(key, value);
  return e;
}

let reads = [];
let findings = [];
let checked = false;

// problems lists what was found; each entry leads to its place.
function showProblems(result) {
  const box = part('problems');
  box.replaceChildren();
  if (!findings.length && !(result.others || []).length) { box.append(element('p', words.nothing)); return; }
  const list = element('ul', '', { class: 'problems' });
  const marks = words.levels.split('|');
  const level = { error: 0, warning: 1, info: 2 };
  for (const f of findings) {
    const item = element('li');
    const button = element('button', `${marks[level[f.level]]} ${chinese ? `第 ${f.line + 1} 行` : `line ${f.line + 1}`}: ${f.message}`, { type: 'button' });
    button.addEventListener('click', () => {
      const from = offset(view.state.doc, f.line, f.from);
      view.dispatch({ selection: { anchor: from, head: offset(view.state.doc, f.line, f.to) }, scrollIntoView: true });
      view.focus();
    });
    item.append(button);
    if (f.suggestion) {
      const fix = element('button', `${words.fix}“${f.suggestion}”`, { type: 'button', class: 'fix' });
      fix.addEventListener('click', () => {
        view.dispatch({ changes: { from: offset(view.state.doc, f.line, f.from), to: offset(view.state.doc, f.line, f.to), insert: f.suggestion } });
        view.focus();
      });
      item.append(' ', fix);
    }
    for (const more of [f.hint, f.cite]) if (more) item.append(element('small', more));
    item.append(' ', element('a', `${words.help} ${f.code}`, { href: `/help/${encodeURIComponent(f.code)}`, target: '_blank', rel: 'noopener' }));
    list.append(item);
  }
  for (const other of result.others || []) list.append(element('li', other));
  box.append(list);
}

// showReads says what the line at the cursor reads as: the sentences of the last
// line above it that has some.
function showReads() {
  const box = part('reads');
  if (!checked) return;
  box.replaceChildren();
  if (!reads.length) { box.append(element('p', words.noread, { class: 'note' })); return; }
  const here = view.state.doc.lineAt(view.state.selection.main.head).number;
  let line = 0;
  for (const r of reads) if (r.line <= here) line = r.line;
  const list = element('ol', '', { class: 'reads' });
  const shown = reads.filter((own) => own.line === line);
  const heading = reads.findLast((own) => own.heading && own.line < line);
  if (heading && !shown.some((own) => own.heading)) shown.unshift(heading);
  for (const r of shown) {
    const item = element('li', '', r.heading ? { class: 'strong' } : {});
    item.append(element('small', chinese ? `第 ${r.line} 行` : `line ${r.line}`), ' ', r.text);
    if (r.cite) item.append(' ', element('small', r.cite));
    list.append(item);
  }
  if (!list.children.length) list.append(element('li', '—'));
  box.append(list);
}

// about explains the name, key or function at the cursor.
let aboutTimer = 0;
async function showAbout() {
  try {
    const doc = view.state.doc;
    const answer = await ask('about', place(doc, view.state.selection.main.head));
    if (doc !== view.state.doc) return;
    part('about-part').hidden = !answer.html;
    part('about').innerHTML = answer.html;
  } catch { part('about-part').hidden = true; }
}

function tell(result) {
  const counts = [];
  if (result.errors) counts.push(`${words.levels.split('|')[0]} ${result.errors}`);
  if (result.warnings) counts.push(`${words.levels.split('|')[1]} ${result.warnings}`);
  status.textContent = (counts.join(' · ') || words.nothing) + (changed() ? ` · ${words.changed}` : '');
}

const check = linter(async (own) => {
  const doc = own.state.doc;
  let result;
  try {
    result = await ask('check');
  } catch (e) {
    status.textContent = says(e);
    return [];
  }
  if (doc !== view.state.doc) return [];
  findings = result.findings;
  reads = result.reads || [];
  checked = true;
  tell(result);
  showProblems(result);
  showReads();
  return findings.map((f) => ({
    from: offset(doc, f.line, f.from), to: Math.max(offset(doc, f.line, f.to), offset(doc, f.line, f.from)), severity: f.level, message: f.message,
    renderMessage: () => {
      const box = element('div', '', { class: 'found' });
      box.append(element('div', f.message));
      for (const more of [f.hint, f.cite]) if (more) box.append(element('div', more, { class: 'more' }));
      box.append(element('a', `${words.help} ${f.code}`, { href: `/help/${encodeURIComponent(f.code)}`, target: '_blank', rel: 'noopener' }));
      return box;
    },
    actions: f.suggestion ? [{ name: `${words.fix}“${f.suggestion}”`, apply: (v, from, to) => v.dispatch({ changes: { from, to, insert: f.suggestion } }) }] : [],
  }));
}, { delay: 350 });

async function offers(context) {
  if (!context.explicit && !context.matchBefore(/[\p{L}\p{N}_.:{[(,]\s?$/u)) return null;
  const { doc } = context.state;
  let answer;
  try { answer = await ask('offers', place(doc, context.pos)); } catch { return null; }
  if (context.aborted || !answer.offers || !answer.offers.length) return null;
  const from = Math.max(...answer.offers.map((o) => offset(doc, o.line, o.from)));
  return {
    from,
    validFor: /^[\p{L}\p{N}_]*$/u,
    options: answer.offers.map((o, i) => ({
      label: o.label, detail: o.detail, type: o.kind, boost: -Math.min(i, 99),
      info: o.about ? () => {
        const box = element('div', '', { class: 'about' });
        box.textContent = o.about.replace(/[*`]/g, '');
        return box;
      } : undefined,
      apply: (v, _, begin, end) => {
        const start = Math.min(offset(v.state.doc, o.line, o.from), begin);
        v.dispatch({ changes: { from: start, to: end, insert: o.insert }, selection: { anchor: start + o.insert.length }, userEvent: 'input.complete' });
      },
    })),
  };
}

const explain = hoverTooltip(async (own, pos) => {
  let answer;
  const { doc } = own.state;
  try { answer = await ask('about', place(doc, pos)); } catch { return null; }
  if (!answer.html || doc !== own.state.doc) return null;
  return {
    pos: offset(doc, answer.at.line, answer.at.from), end: offset(doc, answer.at.line, answer.at.to), above: true,
    create() {
      const dom = element('div', '', { class: 'about' });
      dom.innerHTML = answer.html;
      return { dom };
    },
  };
});

const squiggle = (colour) => ({ backgroundImage: 'none', textDecoration: `underline wavy ${colour}`, textDecorationSkipInk: 'none', textUnderlineOffset: '3px' });
const theme = EditorView.theme({
  '&': { height: '70vh', minHeight: '300px', fontSize: '13px', backgroundColor: '#fff' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'ui-monospace, "Cascadia Mono", "DejaVu Sans Mono", Consolas, "Noto Sans Mono CJK SC", monospace', lineHeight: '1.55' },
  '.cm-gutters': { color: '#55606d', backgroundColor: '#f3f6fa' },
  '.cm-lintRange-error': squiggle('#b3261e'),
  '.cm-lintRange-warning': squiggle('#8a4b00'),
  '.cm-lintRange-info, .cm-lintRange-hint': squiggle('#0b4f9e'),
  '.cm-tooltip': { maxWidth: 'min(560px, 90vw)', border: '1px solid #9aa8b8', backgroundColor: '#fff', color: '#1b2430' },
  '.cm-tooltip .found, .cm-tooltip .about': { padding: '4px 8px', overflowWrap: 'anywhere', maxHeight: '40vh', overflow: 'auto', whiteSpace: 'normal' },
  '.cm-completionInfo .about': { whiteSpace: 'pre-wrap' },
  '.found .more': { color: '#55606d' },
  '.cm-tooltip a': { color: '#0b4f9e' },
  '.cm-diagnosticAction': { backgroundColor: '#173a63', color: '#fff', borderRadius: '3px', padding: '3px 8px', marginTop: '4px', minHeight: '24px' },
  '.cm-completionDetail': { color: '#55606d', fontStyle: 'normal' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': { backgroundColor: '#173a63', color: '#fff' },
  '.cm-tooltip-autocomplete ul li[aria-selected] .cm-completionDetail': { color: '#d4e0ef' },
});

let saved = area.value;
const changed = () => view.state.doc.toString() !== saved;

const root = host.attachShadow({ mode: 'open' });
const view = new EditorView({
  root,
  parent: root,
  state: EditorState.create({
    doc: area.value,
    extensions: [
      basicSetup, yaml(), check, explain, theme,
      autocompletion({ override: [offers], activateOnTypingDelay: 250 }),
      EditorState.tabSize.of(2),
      EditorState.phrases.of(chinese ? phrases : {}),
      EditorView.contentAttributes.of({ 'aria-label': part('rule-label').textContent.trim(), 'aria-multiline': 'true', spellcheck: 'false', autocapitalize: 'off', tabindex: '0' }),
      keymap.of([{ key: 'F8', run: nextDiagnostic }, { key: 'F2', run: () => { showAbout(); return true; } }]),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) area.value = update.state.doc.toString();
        if (update.docChanged || update.selectionSet) {
          showReads();
          clearTimeout(aboutTimer);
          aboutTimer = setTimeout(showAbout, 600);
        }
        if (update.docChanged) status.textContent = words.checking;
      }),
    ],
  }),
});

area.hidden = true;
part('do-check').hidden = true;
part('do-format').hidden = false;
part('editor-keys').hidden = false;
part('rule-label').addEventListener('click', (event) => { event.preventDefault(); view.focus(); });
// The keys of the pages are not for who writes here.
host.addEventListener('keydown', (event) => { if (event.key !== 'Tab') event.stopPropagation(); });

// panel fills a part of the page with what the program says.
async function panel(id, want, more) {
  const box = part(id);
  box.setAttribute('aria-busy', 'true');
  box.replaceChildren(element('p', words.checking, { class: 'note' }));
  try {
    box.innerHTML = (await ask(want, more)).html;
  } catch (e) {
    box.replaceChildren(element('p', says(e), { class: 'banner' }));
  }
  box.removeAttribute('aria-busy');
}

form.addEventListener('submit', (event) => {
  const what = event.submitter?.value;
  area.value = view.state.doc.toString();
  if (what === 'test') { event.preventDefault(); panel('tests', 'tests'); }
  if (what === 'impact') { event.preventDefault(); panel('impact', 'impact', { period: form.elements.period.value }); }
  if (what === 'save' || what === 'download') saved = area.value;
});
part('do-format').addEventListener('click', async () => {
  try {
    const { text } = await ask('format');
    if (text !== view.state.doc.toString()) view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
  } catch (e) { status.textContent = says(e); }
});
window.addEventListener('beforeunload', (event) => { if (changed()) event.preventDefault(); });

const line = parseInt(new URLSearchParams(location.search).get('line'), 10);
if (line > 0) {
  const at = view.state.doc.line(Math.min(line, view.state.doc.lines));
  view.dispatch({ selection: { anchor: at.from }, effects: EditorView.scrollIntoView(at.from, { y: 'center' }) });
}
forceLinting(view);
