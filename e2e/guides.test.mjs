// The pictures of the guides in docs/. Each run makes them anew in screenshots/;
// with KAOPING_UPDATE_GUIDES=1 they go to docs/images.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, before, test } from 'node:test';
import { at, launch, open, shanghai, shots } from './lib.mjs';

const docs = path.join(path.dirname(fileURLToPath(import.meta.url)), '..', 'docs');
const images = path.join(docs, 'images');
const half = `${shanghai}/2025H1`;

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

// A picture of a guide: its name, the page, what is done on it first.
const pictures = [
  ['liaison-find', '/find?q=jcx'],
  ['liaison-scorecard', `/s/${half}/PA01`],
  ['liaison-explain', `/s/${half}/PA01/timely_handling_rate`],
  ['liaison-case', `/case/${half}/complaint_cases/TS2025-00706`],
  ['management-ranking', `/rank/${half}`],
  ['management-compare', `/compare/${half}?with=PA01&with=PB02&with=PC03`],
  ['management-why', `/why/${half}/PB02`],
  ['officer-editor', `/rules/${shanghai}/edit`, async (page) => {
    page.once('dialog', (d) => d.accept()); // what was typed here is given up
    const words = 'formula: 车险投诉件数 / 车险保费收入';
    const before = (await page.locator('#rule-text').inputValue()).split(words)[0];
    await page.goto(`${page.url().split('?')[0]}?line=${before.split('\n').length}`);
    await page.locator('#problems li button').first().waitFor();
    await page.locator('.cm-content').focus();
    for (const key of ['End', 'Backspace', 'Backspace']) await page.keyboard.press(key);
    await page.locator('#problems button.fix').first().waitFor();
    await page.locator('.cm-lintRange-error').first().hover();
    await page.locator('.cm-diagnosticAction').first().waitFor();
  }],
  ['officer-preview', `/load?pack=${shanghai}&target=subjects`, async (page) => {
    const buffer = Buffer.from('机构编码,机构名称,类别,机构类型,开业日期\nPZ98,新财险上海分公司,财产保险公司,省级分公司,2025-02-30\nPZ99,东财险上海分公司,财险公司,省级分公司,2020-05-01\n');
    await page.locator('input[type=file]').setInputFiles({ name: '新机构.csv', mimeType: 'text/csv', buffer });
    await page.locator('form.stack button').click();
    await page.waitForURL('**/load/*');
  }],
];

test('pictures of the guides', async () => {
  const folder = process.env.KAOPING_UPDATE_GUIDES === '1' ? images : shots;
  mkdirSync(folder, { recursive: true });
  const { context, page, problems } = await open(browser, { viewport: { width: 960, height: 600 } });
  for (const [name, where, act] of pictures) {
    for (const lang of ['zh', 'en']) {
      const answer = await page.goto(at(where, lang));
      assert.equal(answer.status(), 200, where);
      if (act) await act(page);
      await page.screenshot({ path: path.join(folder, `${name}-${lang}.png`) });
    }
  }
  assert.deepEqual(problems, []);
  await context.close();
});

test('the guides show pictures that are there, and every picture is shown', () => {
  const shown = new Set();
  for (const name of readdirSync(docs).filter((n) => n.startsWith('guide-'))) {
    for (const [, picture] of readFileSync(path.join(docs, name), 'utf8').matchAll(/\]\((images\/[^)]+)\)/g)) {
      assert.ok(existsSync(path.join(docs, picture)), `${name} shows ${picture}`);
      shown.add(path.basename(picture));
    }
  }
  for (const name of readdirSync(images)) {
    assert.ok(shown.has(name), `no guide shows ${name}`);
    assert.ok(statSync(path.join(images, name)).size < 200_000, `${name} is large`);
  }
});
