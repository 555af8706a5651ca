// What every test needs: the browser, pages that note whatever goes wrong on
// them, screenshots and axe.
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

export const base = process.env.KAOPING_URL;
export const shanghai = 'cn-shanghai-complaint-handling';
export const newYork = 'us-ny-auto-complaint-ranking';

const here = path.dirname(fileURLToPath(import.meta.url));
export const shots = path.join(here, 'screenshots');
mkdirSync(shots, { recursive: true });
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export const desktop = { width: 1366, height: 768 };
export const phone = { width: 390, height: 844 };
// 200 % zoom of a window of 1366×768 leaves half of its pixels to the page.
export const zoomed = { width: 683, height: 384 };

export function launch() {
  return chromium.launch({ executablePath: process.env.CHROMIUM, args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'] });
}

// open makes a page that notes console errors (a violated content policy is one),
// exceptions, failed requests and requests to anywhere else.
// A stranger is not logged in.
export async function open(browser, { stranger = false, ...options } = {}) {
  const context = await browser.newContext({ viewport: desktop, locale: 'zh-CN', reducedMotion: 'reduce', ...options });
  if (!stranger) await logIn(context);
  const page = await context.newPage();
  const problems = [];
  let expected = 0; // status that the next document may have
  page.on('console', (m) => {
    if (m.type() !== 'error' && m.type() !== 'warning') return;
    if (expected && m.text().includes(`status of ${expected}`)) return;
    problems.push(`console ${m.type()}: ${m.text()}`);
  });
  page.on('pageerror', (e) => problems.push(`exception: ${e.message}`));
  page.on('request', (r) => { if (!r.url().startsWith(base) && !r.url().startsWith('data:')) problems.push(`request to ${r.url()}`); });
  page.on('requestfailed', (r) => { if (r.failure()?.errorText !== 'net::ERR_ABORTED') problems.push(`failed: ${r.url()} ${r.failure()?.errorText}`); });
  page.on('response', (r) => { if (r.status() >= 400 && r.status() !== expected) problems.push(`${r.status()} ${r.url()}`); });
  return { context, page, problems, expect: (status) => { expected = status; } };
}

// logIn gives a context the session of the administrator that the test run made; one
// login serves every test of a file.
let session;
async function logIn(context) {
  if (!session) {
    const answer = await context.request.post(new URL('/login', base).href, { form: { name: 'tester', password: 'correct horse battery' } });
    if (!answer.ok()) throw new Error(`login: ${answer.status()}`);
    session = await context.cookies();
  }
  await context.addCookies(session);
}

// at is an address of the program with a language.
export function at(where, lang) {
  const u = new URL(where, base);
  if (lang) u.searchParams.set('lang', lang);
  return u.href;
}

// axe returns what the page does wrong for readers with disabilities. Rules that
// need only be asked once are named in `without`; `only` asks nothing else.
export async function axe(page, { only, without = [] } = {}) {
  if (!(await page.evaluate(() => Boolean(window.axe)))) await page.evaluate(axeSource);
  const found = await page.evaluate((options) => window.axe.run(document, options), {
    runOnly: only ? { type: 'rule', values: only } : standards,
    rules: Object.fromEntries(without.map((rule) => [rule, { enabled: false }])),
    resultTypes: ['violations'],
  });
  return found.violations.map((v) => `${v.id}: ${v.help}: ${v.nodes.slice(0, 3).map((n) => n.target.join(' ')).join(' | ')}`);
}

const standards = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

// What changes with the width of the window: the rules to ask again on a telephone.
export const narrow = ['target-size', 'scrollable-region-focusable', 'color-contrast', 'aria-hidden-focus', 'link-in-text-block'];

// sideways says by how many pixels a page is wider than its window, and what
// sticks out of it.
export function sideways(page) {
  return page.evaluate(() => {
    const over = document.documentElement.scrollWidth - document.documentElement.clientWidth;
    if (over <= 0) return '';
    const width = document.documentElement.clientWidth;
    const out = [...document.querySelectorAll('main *, header *, nav *, footer *')].filter((e) => e.getBoundingClientRect().right > width + 1 && !e.closest('.scroll, .chart, .menu'));
    return `${over} px: ${out.slice(0, 3).map((e) => `${e.tagName}.${e.className} ${e.textContent.trim().slice(0, 30)}`).join(' | ')}`;
  });
}

export function shot(page, name, fullPage = true) {
  return page.screenshot({ path: path.join(shots, `${name}.png`), fullPage });
}
