// No page leads nowhere.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { at, base, launch, open } from './lib.mjs';
import { pages } from './pages.mjs';

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

// perKind is how many addresses of one kind are followed: the rows of a long table
// lead to pages of the same kind.
const perKind = 3;

function kindOf(address) {
  const u = new URL(address);
  const parts = u.pathname.split('/');
  return [parts[1], parts.length, ...[...u.searchParams.keys()].filter((k) => k !== 'lang').sort()].join(' ');
}

test('every kind of link on every page leads somewhere', async () => {
  const { context, page, expect } = await open(browser, { javaScriptEnabled: false });
  const found = new Map();
  for (const p of pages) {
    expect(p.status ?? 0);
    await page.goto(at(p.path, 'zh'));
    const hrefs = await page.locator('a[href]').evaluateAll((all) => all.map((a) => a.href));
    for (const href of hrefs) {
      assert.ok(href.startsWith(base), `${p.name} leads to ${href}`);
      const kind = `${kindOf(href)}`;
      const list = found.get(kind) ?? [];
      if (list.length < perKind && !list.some((l) => l.href === href)) found.set(kind, [...list, { href, from: p.name }]);
    }
  }
  for (const list of found.values()) {
    for (const { href, from } of list) {
      const answer = await context.request.get(href);
      const missing = href.includes('/nowhere');
      assert.equal(answer.status(), missing ? 404 : 200, `${from} leads to ${href}`);
    }
  }
  await context.close();
});
