// The compliance officer's job: find the rule, break it, be told, mend it, see what
// a change does, keep a draft. With scripts, by keyboard, and without scripts.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { at, axe, base, launch, open, phone, shanghai, shot, sideways } from './lib.mjs';

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

const editor = `/rules/${shanghai}/edit`;

// lineOf says on which line of the file some words stand first, after others if given.
async function lineOf(page, words, behind = '') {
  const text = await page.locator('#rule-text').inputValue();
  const from = text.indexOf(words, text.indexOf(behind));
  assert.ok(from >= 0, words);
  return text.slice(0, from).split('\n').length;
}

// toEnd puts the cursor at the end of what a line says.
async function toEnd(page, line) {
  await page.goto(at(`${editor}?line=${line}`, 'zh'));
  await page.locator('#problems li button').first().waitFor();
  await page.locator('.cm-content').focus();
  await page.keyboard.press('End');
}

test('officer: breaks a rule and mends it, guided by the editor', async () => {
  const { context, page, problems } = await open(browser);
  await page.goto(at('/rules?q=tousu', 'zh'));
  await page.locator('#packs a', { hasText: '上海保险公司消费投诉处理工作考评' }).click();
  await page.locator('.actions a', { hasText: '编辑' }).click();
  const at0 = await lineOf(page, 'formula: 车险投诉件数 / 车险保费收入');
  await toEnd(page, at0);
  assert.match(await page.locator('#reads').innerText(), /车险保费收入/);
  await page.keyboard.press('Backspace');
  await page.keyboard.press('Backspace');
  const broken = page.locator('#problems li', { hasText: '车险保费 没有定义' }).or(page.locator('#problems li', { hasText: 'unknown-name' }));
  await broken.first().waitFor();
  assert.match(await page.locator('#reads').innerText(), /改正错误后/);
  assert.match(await page.locator('#status').innerText(), /错误 \d+.*未保存/);
  assert.equal(await broken.first().locator('a').getAttribute('href'), '/help/unknown-name');
  // Tests and impact say that the mistake comes first.
  await page.locator('#do-test').click();
  await page.locator('#tests .banner', { hasText: '先改正' }).waitFor();
  // The problem leads to its place; the mark there offers the right name.
  await broken.first().locator('button').first().click();
  await page.locator('.cm-lintRange-error').first().hover();
  await page.locator('.cm-diagnosticAction', { hasText: '车险保费收入' }).first().waitFor();
  await shot(page, 'officer-broken-zh', false);
  assert.deepEqual(await axe(page), []);
  await broken.first().locator('button.fix').click();
  await page.locator('#reads li', { hasText: '车险投诉件数' }).first().waitFor();
  assert.ok((await page.locator('#rule-text').inputValue()).includes('formula: 车险投诉件数 / 车险保费收入'));
  assert.deepEqual(problems, []);
  await context.close();
});

test('officer: completion, hover and what the word at the cursor means, by keyboard', async () => {
  const { context, page, problems } = await open(browser);
  await page.goto(at(editor, 'zh'));
  await toEnd(page, await lineOf(page, 'formula: 车险投诉件数 / 车险保费收入'));
  for (let i = 0; i < 3; i += 1) await page.keyboard.press('Backspace');
  await page.keyboard.press('Control+Space');
  const offer = page.locator('.cm-tooltip-autocomplete li', { hasText: /^车险保费收入/ }).first();
  await offer.waitFor();
  await shot(page, 'officer-completion-zh', false);
  while (await offer.getAttribute('aria-selected') !== 'true') await page.keyboard.press('ArrowDown');
  await page.waitForTimeout(100); // the list takes no key at once
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.getElementById('rule-text').value.includes('formula: 车险投诉件数 / 车险保费收入\n'));
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('F2');
  await page.locator('#about', { hasText: '车险保费收入' }).waitFor();
  await page.locator('.cm-line', { hasText: 'formula: 车险投诉件数' }).first().locator('span', { hasText: 'formula' }).first().hover();
  await page.locator('.cm-tooltip .about').first().waitFor();
  // Nobody is caught in the editor: Esc, then Tab leads on.
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Tab');
  assert.notEqual(await page.evaluate(() => document.activeElement.id), 'editor');
  // What is typed there is text and no shortcut of the page.
  await page.locator('.cm-content').focus();
  await page.keyboard.type('?');
  assert.equal(await page.locator('#keys').evaluate((d) => d.open), false);
  await page.keyboard.press('Backspace');
  assert.deepEqual(problems, []);
  await context.close();
});

test('officer: sees what a change does to a past period and keeps a draft', async () => {
  const { context, page, problems } = await open(browser);
  await page.goto(at(editor, 'zh'));
  await toEnd(page, await lineOf(page, 'no_points_at: 80%', 'id: timely_handling_rate'));
  for (let i = 0; i < 3; i += 1) await page.keyboard.press('Backspace');
  await page.keyboard.type('90%');
  await page.locator('#reads li', { hasText: '90%' }).first().waitFor();
  await page.locator('#do-test').click();
  await page.locator('#tests', { hasText: '▲ 未通过' }).waitFor();
  await page.locator('#period').selectOption('2025H1');
  await page.locator('#do-impact').click();
  await page.locator('#impact th', { hasText: '甲财险上海分公司' }).waitFor();
  assert.match(await page.locator('#impact').innerText(), /投诉件处理及时率 −?-?\d/);
  await shot(page, 'officer-impact-zh');
  assert.deepEqual(await axe(page), []);
  assert.equal(await sideways(page), '');
  await page.setViewportSize(phone);
  assert.equal(await sideways(page), '');
  await page.locator('button[value=save]').click();
  await page.waitForURL('**/drafts/**');
  const words = await page.locator('main').innerText();
  for (const want of ['80%', '90%', '可改变得分', 'kaoping impact drafts/', '草稿不改变正在使用的规则']) assert.ok(words.includes(want), want);
  await shot(page, 'draft-zh');
  assert.deepEqual(await axe(page), []);
  // Another day, from the draft; the rules in use are what they were.
  await page.locator('.actions a', { hasText: '继续编辑' }).click();
  assert.match(await page.locator('#rule-text').inputValue(), /no_points_at: 90%/);
  await page.goto(at(`/rules/${shanghai}?view=text`, 'zh'));
  assert.ok(!(await page.locator('.source').innerText()).includes('no_points_at: 90%'));
  await page.goto(at('/audit', 'zh'));
  assert.match(await page.locator('main').innerText(), /保存规则草稿/);
  assert.deepEqual(problems, []);
  await context.close();
});

test('officer: the editor without scripts', async () => {
  const { context, page } = await open(browser, { javaScriptEnabled: false });
  await page.goto(at(editor, 'en'));
  const area = page.locator('#rule-text');
  const text = await area.inputValue();
  await area.fill(text.replace('formula: 车险投诉件数 / 车险保费收入', 'formula: 车险投诉件数 / 车险保费'));
  await page.locator('#do-check').click();
  assert.match(await page.locator('#problems').innerText(), /车险保费 is not defined/);
  assert.ok((await area.inputValue()).includes('/ 车险保费\n'));
  await area.fill(text);
  await page.locator('#do-test').click();
  assert.match(await page.locator('#tests').innerText(), /● pass/);
  await context.close();
});

test('only the editor loads its script, and from here', async () => {
  const { context, page } = await open(browser);
  const asked = [];
  page.on('request', (r) => asked.push(r.url()));
  await page.goto(at(`/rules/${shanghai}`, 'zh'));
  assert.ok(!asked.some((u) => u.includes('editor')));
  await page.goto(at(editor, 'zh'));
  assert.ok(asked.some((u) => u.startsWith(base) && /editor\.[0-9a-f]{8}\.js$/.test(u)));
  await context.close();
});
