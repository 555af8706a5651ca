// The pages by keyboard alone: Tab reaches everything and shows where it is; the
// keys that the help lists work.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { at, launch, open, shanghai, shot } from './lib.mjs';

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

const ranking = `/rank/${shanghai}/2025H1`;

test('Tab walks through everything on a page and shows where it is', async () => {
  const { context, page, problems } = await open(browser);
  await page.goto(at(ranking, 'zh'));
  const all = await page.evaluate(() => [...document.querySelectorAll('a[href], button, input, select, textarea, [tabindex="0"]')]
    .filter((e) => e.checkVisibility() && e.type !== 'hidden').length);
  const seen = new Set();
  for (let i = 0; i < all + 5; i += 1) {
    await page.keyboard.press('Tab');
    const where = await page.evaluate(() => {
      const e = document.activeElement;
      if (!e || e === document.body) return null;
      const box = e.getBoundingClientRect();
      const style = getComputedStyle(e);
      e.dataset.walked ??= String(document.querySelectorAll('[data-walked]').length);
      return { id: e.dataset.walked, words: e.outerHTML.slice(0, 90), shown: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0, inside: box.width > 0 && box.bottom > 0 && box.top < innerHeight };
    });
    if (!where) break;
    assert.ok(where.shown, `no focus ring: ${where.words}`);
    assert.ok(where.inside, `focus out of sight: ${where.words}`);
    seen.add(where.id);
  }
  assert.equal(seen.size, all);
  assert.deepEqual(problems, []);
  await context.close();
});

test('the skip link leads past the menu', async () => {
  const { context, page } = await open(browser);
  await page.goto(at(ranking, 'zh'));
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.className), 'skip');
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'main');
  await context.close();
});

test('from the ranking to a case without a mouse', async () => {
  const { context, page, problems } = await open(browser);
  await page.goto(at('/', 'zh'));
  await page.keyboard.press('g');
  await page.keyboard.press('r');
  await page.waitForURL('**/rank/**');
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('k');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/s/**/PA01');
  await page.locator('#item-timely_handling_rate a').first().focus();
  await page.keyboard.press('Enter');
  await page.waitForURL('**/timely_handling_rate');
  await page.locator('a[href*="/case/"]').first().focus();
  await page.keyboard.press('Enter');
  await page.waitForURL('**/case/**');
  assert.deepEqual(problems, []);
  await context.close();
});

test('the keys that the help lists', async (t) => {
  const { context, page, problems } = await open(browser);
  const start = () => page.goto(at(ranking, 'zh'));
  await t.test('? opens the list, Esc closes it', async () => {
    await start();
    await page.keyboard.press('?');
    assert.ok(await page.getByRole('dialog').isVisible());
    await shot(page, 'keys-zh-desktop', false);
    await page.keyboard.press('Escape');
    assert.equal(await page.getByRole('dialog').isVisible(), false);
  });
  await t.test('/ goes to the search', async () => {
    await start();
    await page.keyboard.press('/');
    await page.keyboard.type('jcx');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/find?q=jcx');
    assert.ok((await page.locator('#subjects').innerText()).includes('甲财险'));
  });
  await t.test('g s opens a scorecard', async () => {
    await start();
    await page.keyboard.press('g');
    await page.keyboard.press('s');
    await page.waitForURL('**/s/**');
  });
  await t.test('e explains the row', async () => {
    await page.goto(at(`/s/${shanghai}/2025H1/PA01`, 'zh'));
    await page.keyboard.press('j');
    await page.keyboard.press('e');
    await page.waitForURL('**/PA01/*');
  });
  await t.test('[ and ] change the period', async () => {
    await start();
    await page.keyboard.press('[');
    await page.waitForURL('**/2024');
    await page.keyboard.press(']');
    await page.waitForURL('**/2025H1');
  });
  await t.test('x goes to the exports', async () => {
    await start();
    await page.keyboard.press('x');
    assert.match(await page.evaluate(() => document.activeElement.getAttribute('href')), /export=xlsx|format=xlsx/);
  });
  await t.test('keys typed into a field are letters', async () => {
    await start();
    await page.locator('main input[name=q]').fill('');
    await page.locator('main input[name=q]').press('g');
    await page.locator('main input[name=q]').press('s');
    assert.equal(await page.locator('main input[name=q]').inputValue(), 'gs');
  });
  assert.deepEqual(problems, []);
  await context.close();
});
