// Every page, in both languages, on a desktop, on a telephone, at 200 % zoom,
// without scripts and on paper.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { at, axe, desktop, launch, narrow, open, phone, shot, sideways, zoomed } from './lib.mjs';
import { pages } from './pages.mjs';

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

// wordsOf is what a page says, without the button that only scripts make.
async function wordsOf(page) {
  return (await page.locator('main').innerText()).replace(/\s*复制\s*/g, ' ').replace(/\s+/g, ' ');
}

const said = new Map(); // the words of each Chinese page

// Colours do not depend on the language: contrast is asked of the Chinese pages.
const asked = { zh: {}, en: { without: ['color-contrast'] } };

async function walk(t, lang) {
  const { context, page, problems, expect } = await open(browser);
  for (const p of pages) {
    await t.test(p.name, async () => {
      problems.length = 0;
      expect(p.status ?? 0);
      await page.setViewportSize(desktop);
      const answer = await page.goto(at(p.path, lang));
      assert.equal(answer.status(), p.status ?? 200);
      assert.equal(await page.locator('html').getAttribute('lang'), lang === 'en' ? 'en' : 'zh-CN');
      assert.equal(await page.locator('h1').count(), 1);
      if (p.scripted) await page.locator('#problems li button, #problems > p').first().waitFor();
      if (lang === 'zh') said.set(p.name, await wordsOf(page));
      assert.equal(await sideways(page), '', 'the page scrolls sideways');
      await shot(page, `${p.name}-${lang}-desktop`, !p.tall);
      assert.deepEqual(await axe(page, asked[lang]), []);
      await page.setViewportSize(zoomed);
      assert.equal(await sideways(page), '', 'the page scrolls sideways at 200 %');
      await page.setViewportSize(phone);
      assert.equal(await sideways(page), '', 'the page scrolls sideways on a telephone');
      if (lang === 'zh') await shot(page, `${p.name}-${lang}-phone`, !p.tall);
      if (lang === 'zh') assert.deepEqual(await axe(page, { only: narrow }), []);
      assert.deepEqual(problems, []);
    });
  }
  await context.close();
}

// Both languages at the same time: a browser has a process for each.
test('pages', { concurrency: 2 }, (t) => Promise.all(['zh', 'en'].map((lang) => t.test(lang, (own) => walk(own, lang)))));

test('pages read the same without scripts', async (t) => {
  const { context, page, expect } = await open(browser, { javaScriptEnabled: false });
  for (const p of pages.filter((own) => !own.scripted)) {
    await t.test(p.name, async () => {
      expect(p.status ?? 0);
      await page.goto(at(p.path, 'zh'));
      assert.equal(await wordsOf(page), said.get(p.name));
    });
  }
  await context.close();
});

test('the first page is small', async () => {
  const { context, page } = await open(browser);
  const bodies = [];
  page.on('response', (r) => bodies.push(r.body()));
  await page.goto(at('/'));
  await page.waitForLoadState('networkidle');
  const bytes = (await Promise.all(bodies)).reduce((sum, body) => sum + body.length, 0);
  assert.ok(bytes > 5000 && bytes < 200_000, `${bytes} bytes`);
  await context.close();
});

test('paper carries neither menu nor buttons', async () => {
  const { context, page } = await open(browser, { viewport: { width: 1040, height: 720 } });
  await page.emulateMedia({ media: 'print' });
  for (const name of ['ranking', 'scorecard', 'explain', 'heat', 'compare', 'why', 'trend-us']) {
    await page.goto(at(pages.find((p) => p.name === name).path, 'zh'));
    for (const gone of ['.top', '.menu', '.actions', '.tools', 'main form']) {
      for (const e of await page.locator(gone).all()) assert.equal(await e.isVisible(), false, `${name}: ${gone} is printed`);
    }
    assert.match(await page.evaluate(() => getComputedStyle(document.querySelector('.foot'), '::after').content), /http:\/\/127/);
    await shot(page, `${name}-zh-print`);
  }
  await context.close();
});
