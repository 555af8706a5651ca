// What each role comes for, done in the browser as a person would.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { at, axe, base, launch, newYork, open, shanghai, shot } from './lib.mjs';

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

const half = `${shanghai}/2025H1`;

// cells are the words of a table, row by row, without drawings.
function cells(page, id) {
  return page.locator(`#${id}`).evaluate((t) => [...t.rows].map((r) => [...r.cells].map((c) => c.innerText.replace(/\s+/g, ' ').trim())));
}

// csv reads a file with quotes.
function csv(text) {
  const rows = [[]];
  let cell = '';
  let quoted = false;
  for (let i = text.charCodeAt(0) === 0xFEFF ? 1 : 0; i < text.length; i += 1) {
    const c = text[i];
    if (quoted && c === '"' && text[i + 1] === '"') { cell += '"'; i += 1; } else if (c === '"') { quoted = !quoted; } else if (c === ',' && !quoted) { rows.at(-1).push(cell); cell = ''; } else if (c === '\n' && !quoted) { rows.at(-1).push(cell); cell = ''; rows.push([]); } else if (c !== '\r' || quoted) { cell += c; }
  }
  return rows;
}

async function downloaded(page, click) {
  const [download] = await Promise.all([page.waitForEvent('download'), click()]);
  return { name: download.suggestedFilename(), body: readFileSync(await download.path()) };
}

test('liaison: why is it 9.48? From the name in pinyin to the case, with the files', async () => {
  const { context, page, problems } = await open(browser);
  await page.goto(at('/', 'zh'));
  await page.locator('.find input').fill('jcx');
  await page.locator('.find button').click();
  await page.locator('#subjects a', { hasText: '甲财险' }).click();
  const card = await downloaded(page, () => page.getByRole('link', { name: '评分卡 XLSX' }).click());
  assert.match(card.name, /2025H1.*PA01.*\.xlsx$/);
  assert.equal(card.body.subarray(0, 2).toString(), 'PK');
  await page.locator('#item-timely_handling_rate a').first().click();
  const main = await page.locator('main').innerText();
  for (const words of ['9.48', '95', '96', '98.96%', '投诉件处理及时率', '同业8家']) assert.ok(main.includes(words), words);
  await page.locator('a[href*="/case/"]').first().click();
  assert.ok((await page.locator('main').innerText()).includes('2025-04-10'));
  assert.deepEqual(problems, []);
  await context.close();
});

test('from a total to a case in four clicks', async () => {
  const { context, page } = await open(browser);
  await page.goto(at(`/rank/${half}`, 'zh'));
  for (const click of ['#row-PA01 th a', '#item-timely_handling_rate th a', 'main a[href*="/cases/"]', '#records th a']) {
    await page.locator(click).first().click();
  }
  assert.match(page.url(), /\/case\//);
  await context.close();
});

test('the number of cases is the number they came from', async () => {
  const { context, page } = await open(browser);
  await page.goto(at(`/s/${half}/PA01/timely_handling_rate`, 'zh'));
  for (const i of [0, 1]) {
    await page.goto(at(`/s/${half}/PA01/timely_handling_rate`, 'zh'));
    const link = page.locator('main a[href*="/cases/"]').nth(i);
    const n = parseInt(await link.innerText(), 10);
    await link.click();
    assert.equal((await page.locator('#records tbody tr').count()), n);
  }
  await context.close();
});

test('a permanent link stays on its run, page after page', async () => {
  const { context, page } = await open(browser);
  await page.goto(at(`/rank/${half}`, 'zh'));
  await page.goto(await page.locator('#permalink').getAttribute('href').then((h) => at(h)));
  assert.match(page.url(), /run=R-\d+/);
  const run = new URL(page.url()).searchParams.get('run');
  for (const click of ['#row-PA01 th a', '#item-timely_handling_rate th a', 'main a[href*="/cases/"]', '#records th a']) {
    await page.locator(click).first().click();
    assert.equal(new URL(page.url()).searchParams.get('run'), run, click);
  }
  await context.close();
});

test('management: filter, sort, compare, why, another language, paper', async () => {
  const { context, page, problems } = await open(browser);
  await page.goto(at(`/rank/${half}`, 'zh'));
  await page.locator('main input[name=q]').fill('乙财险');
  await page.locator('main form.bar button').click();
  assert.match(decodeURIComponent(page.url()), /q=乙财险/);
  assert.equal(await page.locator('#ranking tbody tr').count(), 1);
  await page.goto(at(`/rank/${half}`, 'zh'));
  await page.locator('#ranking thead a', { hasText: '定量指标' }).click();
  const sorted = (await cells(page, 'ranking')).slice(1).map((r) => parseFloat(r[6]));
  assert.deepEqual(sorted, [...sorted].sort((a, b) => b - a));
  await page.goto(at(`/s/${half}/PB02`, 'zh'));
  await page.getByRole('link', { name: '与他家对比' }).click();
  assert.ok(await page.locator('#comparison').isVisible());
  await page.goto(at(`/why/${half}/PB02`, 'zh'));
  assert.match(await page.locator('.lead').first().innerText(), /总分由 .* 变为 68\.61/);
  const here = new URL(page.url()).pathname;
  await page.getByRole('link', { name: 'English' }).click();
  assert.equal(new URL(page.url()).pathname, here);
  assert.equal(await page.locator('html').getAttribute('lang'), 'en');
  await page.goto(at(`/s/${half}/PB02`));
  assert.equal(await page.locator('html').getAttribute('lang'), 'en', 'the language is remembered');
  const pdf = await page.pdf({ preferCSSPageSize: true });
  const pages = pdf.toString('latin1').match(/\/Type\s*\/Page\b/g).length;
  assert.ok(pages <= 2, `a scorecard takes ${pages} pages of paper`);
  assert.deepEqual(problems, []);
  await context.close();
});

test('a file of a table holds what the page shows', async () => {
  const { context, page } = await open(browser);
  for (const [where, id] of [[`/rank/${half}?q=财险&sort=quantitative&dir=down`, 'ranking'], [`/s/${half}/PB02`, 'form'], [`/compare/${half}?with=PA01&with=PB02`, 'comparison'], [`/heat/${half}`, 'heat']]) {
    await page.goto(at(where, 'zh'));
    // In a file a number is a number, without the plus sign, and what stands below
    // something follows it.
    const plain = (row) => row.map((c) => c.replace(/[;\s]+/g, ' ').replace(/^\+(?=\d)/, '').trim()).filter((c) => c !== '');
    const shown = (await cells(page, id)).slice(1).map(plain);
    const link = page.locator(`.block:has(#${id}) .exports a`, { hasText: 'CSV' });
    const { body } = await downloaded(page, () => link.click());
    const rows = csv(body.toString('utf8')).map(plain);
    for (const row of shown) {
      assert.ok(rows.some((r) => JSON.stringify(r) === JSON.stringify(row)), `${where}: the file lacks ${JSON.stringify(row)}`);
    }
  }
  await context.close();
});

test('a copied table is a table', async () => {
  const { context, page } = await open(browser);
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: base });
  await page.goto(at(`/rank/${half}`, 'zh'));
  await page.locator('.block:has(#ranking) button.copy').click();
  assert.equal(await page.locator('.block:has(#ranking) button.copy').innerText(), '已复制');
  const html = await page.evaluate(async () => {
    const [item] = await navigator.clipboard.read();
    return (await item.getType('text/html')).text();
  });
  assert.ok(html.includes('<table') && html.includes('甲财险上海分公司'));
  await context.close();
});

test('a long list is cut into pages and says so', async () => {
  const { context, page } = await open(browser);
  await page.goto(at(`/rank/${newYork}/2018`, 'zh'));
  assert.match(await page.locator('main').innerText(), /第1–151行,共151行/);
  await context.close();
});

test('data: a file with mistakes is explained, mended, loaded and taken back', async () => {
  const { context, page, problems, expect } = await open(browser);
  const folder = path.join(os.tmpdir(), `kaoping-e2e-${process.pid}`);
  const { mkdirSync, rmSync } = await import('node:fs');
  mkdirSync(folder, { recursive: true });
  const header = '机构编码,机构名称,类别,机构类型,开业日期\n';
  const bad = path.join(folder, '新机构.csv');
  writeFileSync(bad, `${header}PZ98,新财险上海分公司,财产保险公司,省级分公司,2025-02-30\n`);
  await page.goto(at(`/load?pack=${shanghai}&target=subjects`, 'zh'));
  await page.locator('input[type=file]').setInputFiles(bad);
  await page.getByRole('button', { name: '预览' }).click();
  assert.match(await page.locator('#problems').innerText(), /2025-02-30/);
  assert.deepEqual(await axe(page), []);
  await shot(page, 'preview-mistakes-zh-desktop');
  const marked = await downloaded(page, () => page.getByRole('link', { name: '下载标红的文件' }).click());
  assert.match(marked.name, /错误\.xlsx$/);
  writeFileSync(bad, `${header}PZ98,新财险上海分公司,财产保险公司,省级分公司,2025-02-28\n`);
  await page.goto(at(`/load?pack=${shanghai}&target=subjects`, 'zh'));
  await page.locator('input[type=file]').setInputFiles(bad);
  await page.getByRole('button', { name: '预览' }).click();
  await shot(page, 'preview-zh-desktop');
  await page.getByRole('button', { name: '确认入库' }).click();
  await page.waitForURL('**/data/B-*');
  assert.match(await page.locator('main').innerText(), /有效/);
  await page.locator('input[name=reason]').fill('演示');
  await page.getByRole('button', { name: '撤销这一批' }).click();
  await page.waitForURL('**/data/B-*');
  assert.match(await page.locator('main').innerText(), /已撤销/);
  expect(0);
  assert.deepEqual(problems, []);
  rmSync(folder, { recursive: true });
  await context.close();
});

test('a public link: made, followed by a stranger, revoked', async () => {
  const { context, page } = await open(browser);
  await page.goto(at(`/s/${half}/PA01`, 'zh'));
  await page.getByRole('link', { name: '公开链接' }).last().click();
  await page.getByRole('button', { name: '生成公开链接' }).click();
  const address = await page.locator('.next a').innerText();
  const stranger = await open(browser, { stranger: true });
  await stranger.page.goto(address);
  assert.ok((await stranger.page.locator('main').innerText()).includes('90.26'));
  assert.equal(await stranger.page.locator('.menu').count(), 0);
  assert.deepEqual(await axe(stranger.page), []);
  await shot(stranger.page, 'public-zh-desktop');
  assert.deepEqual(stranger.problems, []);
  const id = (await page.locator('#links tbody th').first().innerText()).trim();
  await page.locator('select[name=link]').selectOption(id);
  await page.getByRole('button', { name: '撤销' }).click();
  stranger.expect(404);
  assert.equal((await stranger.page.goto(address)).status(), 404);
  stranger.expect(401);
  assert.match((await stranger.page.goto(at(`/s/${half}/PA01`))).url(), /login/, 'a stranger must log in');
  await stranger.context.close();
  await context.close();
});
