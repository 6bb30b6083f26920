// What the page does besides showing one dump: errors, several dumps, long reads, long lists, keys and settings.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

import { drop, eventually, hasRead, inState, madeUp, open, pick, rowCounts, rowNames, rowsCame, start, totals } from './harness.mjs';

const all = await start();

const folder = mkdtempSync(join(tmpdir(), 'stackherd-'));
after(() => rmSync(folder, { recursive: true }));

/** A big dump as a file: as a value, it would take the long way through the driver. */
function file(name, counts) {
  const path = join(folder, name);
  writeFileSync(path, madeUp(counts));
  return path;
}

const small = { name: 'small.txt', bytes: madeUp([5, 3, 1]) };

const NOT_DUMPS = [
  ['a picture', 'shot.png', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), 'This is a picture.'],
  ['a heap profile', 'heap.txt', 'heap profile: 3: 4096 [9: 8192] @ heap/1048576\n1: 32 [1: 32] @ 0x4a 0x4b\n', 'heap or allocation profile'],
  ['a log without a goroutine', 'app.log', '2026-01-02 started\n2026-01-02 stopped\n', 'no line looks like'],
  ['an empty file', 'empty.txt', '', 'The input is empty.'],
];

for (const [what, name, bytes, words] of NOT_DUMPS) {
  test(`${what} is named for what it is, and the next dump is read`, async () => {
    const { page, complaints, close } = await open(all, all.hosted);
    await drop(page, { name, bytes });
    await inState(page, 'error');
    const text = await page.locator('main').innerText();
    assert.ok(text.includes(name) && text.includes(words), text);
    await drop(page, small);
    await inState(page, 'ready');
    assert.deepEqual(await totals(page), { groups: 3, goroutines: 9 });
    assert.deepEqual(complaints, []);
    await close();
  });
}

test('several dumps are switched with the keyboard and removed one by one', async () => {
  const { page, close } = await open(all, all.hosted);
  await pick(page, { name: 'one.txt', bytes: madeUp([4]) }, { name: 'two.txt', bytes: madeUp([7, 2]) });
  await hasRead(page, 2);
  // The page leads to what changed.
  await page.locator('#tab-groups').click();
  const isShown = (groups, goroutines) => eventually(() => totals(page), { groups, goroutines });
  await page.getByRole('button', { name: 'two.txt', exact: false }).first().click();
  await isShown(2, 9);
  await page.keyboard.press('[');
  await isShown(1, 4);
  await page.keyboard.press(']');
  await isShown(2, 9);
  await page.getByRole('button', { name: 'Remove two.txt' }).click();
  await isShown(1, 4);
  await page.getByRole('button', { name: 'Remove one.txt' }).click();
  await inState(page, 'empty');
  await close();
});

test('cancelled in the middle, a dump keeps what was read and says so', async () => {
  const path = file('long.txt', Array(50).fill(1000));
  const { page, close } = await open(all, all.hosted);
  await page.evaluate(stallReadsAfter, 2);
  await pick(page, path);
  await inState(page, 'loading');
  await page.waitForFunction(() => /[1-9][\d,]* goroutines found/.test(document.querySelector('main').innerText));
  await page.keyboard.press('Escape');
  await page.evaluate(() => globalThis.goOn());
  await inState(page, 'ready');
  const { goroutines } = await totals(page);
  assert.ok(goroutines > 0 && goroutines < 50_000, `${goroutines} goroutines`);
  assert.match(await page.locator('main').innerText(), /Stopped\. Showing the first [\d,]+ goroutines/);
  await close();
});

test('104,856 of 104,857 goroutines on one stack come first, with 99.9 %', async () => {
  const path = file('leak.txt', [1, 104_856]);
  const { page, close } = await open(all, all.hosted);
  await pick(page, path);
  await inState(page, 'ready');
  assert.deepEqual(await totals(page), { groups: 2, goroutines: 104_857 });
  assert.deepEqual(await rowCounts(page), [104_856, 1]);
  const [first] = await rowNames(page);
  assert.ok(first.startsWith('104,856 goroutines, 99.9%, chan receive, '), first);
  assert.match(first, /Shelf1\)\.wait/);
  await close();
});

test('10,000 groups scroll to their end with less than 1,500 elements', async () => {
  const path = file('many.txt', Array.from({ length: 10_000 }, (_, index) => (index < 9_999 ? 2 : 1)));
  const { page, close } = await open(all, all.hosted);
  await pick(page, path);
  await inState(page, 'ready');
  assert.deepEqual(await totals(page), { groups: 10_000, goroutines: 19_999 });
  await rowsCame(page);
  const nElements = () => page.evaluate(() => document.querySelectorAll('*').length);
  assert.ok((await nElements()) < 1500, `${await nElements()} elements at the top`);
  await page.keyboard.press('j');
  await page.keyboard.press('End');
  await page.waitForSelector('.group-list-row[data-index="9999"][aria-label^="1 goroutine,"]');
  assert.ok((await nElements()) < 1500, `${await nElements()} elements at the end`);
  await close();
});

test('the filter narrows the list and says how much matches', async () => {
  const { page, close } = await open(all, all.hosted);
  await drop(page, small);
  await inState(page, 'ready');
  await page.keyboard.press('/');
  await page.keyboard.type('shelf1');
  await eventually(() => rowCounts(page), [3]);
  await page.locator('#announcement', { hasText: '1 group matches, 3 goroutines' }).waitFor({ state: 'attached' });
  await page.keyboard.press('Escape');
  await eventually(() => rowCounts(page), [5, 3, 1]);
  await page.keyboard.press('/');
  await page.keyboard.type('/[/');
  await page.getByText("The expression can't be used").waitFor();
  await close();
});

test('a column header sorts, and sorts the other way round', async () => {
  const { page, close } = await open(all, all.hosted);
  await drop(page, small);
  await inState(page, 'ready');
  assert.deepEqual(await rowCounts(page), [5, 3, 1]);
  const header = page.getByRole('columnheader', { name: 'Count' });
  await header.getByRole('button').click();
  await eventually(() => header.getAttribute('aria-sort'), 'descending');
  await header.getByRole('button').click();
  await eventually(() => header.getAttribute('aria-sort'), 'ascending');
  await eventually(() => rowCounts(page), [1, 3, 5]);
  await close();
});

test('keys move, open, explain and close', async () => {
  const { page, close } = await open(all, all.hosted);
  await drop(page, small);
  await inState(page, 'ready');
  await rowsCame(page);
  const detail = page.locator('#detail');
  const opened = (shelf) => detail.getByText(`Shelf${shelf}`).first().waitFor();
  await opened(0);
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await opened(1);
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await opened(2);
  await page.keyboard.press('k');
  await page.keyboard.press('Enter');
  await opened(1);
  await page.keyboard.press('?');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await inState(page, 'ready');
  await close();
});

test('a narrow page opens the detail over the list, and Escape goes back', async () => {
  const { page, close } = await open(all, all.hosted, { viewport: { width: 700, height: 900 } });
  await drop(page, small);
  await inState(page, 'ready');
  await rowsCame(page);
  await page.locator('.group-list-row').nth(1).click();
  await page.locator('#detail').getByText('Shelf1').first().waitFor();
  await page.keyboard.press('Escape');
  await page.locator('#detail').waitFor({ state: 'hidden' });
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'no sideways scrolling');
  await close();
});

test('the language is switched and remembered', async () => {
  const { page, close } = await open(all, all.hosted);
  await page.getByRole('button', { name: '切换到简体中文' }).click();
  await page.getByText('查明 goroutine 为何卡住').waitFor();
  assert.equal(await page.getAttribute('html', 'lang'), 'zh-CN');
  await page.reload();
  await page.getByText('查明 goroutine 为何卡住').waitFor();
  await close();
});

test('the theme follows the system until it is chosen, and is remembered', async () => {
  const { page, close } = await open(all, all.hosted, { colorScheme: 'dark' });
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const dark = await background();
  await page.emulateMedia({ colorScheme: 'light' });
  const light = await background();
  assert.notEqual(dark, light);
  const button = page.getByRole('button', { name: /^Theme/ });
  for (const theme of ['light', 'dark']) {
    await button.click();
    await page.getByRole('button', { name: `Theme: ${theme}` }).waitFor();
    await eventually(() => page.getAttribute('html', 'data-theme'), theme);
  }
  assert.equal(await background(), dark);
  await page.reload();
  await inState(page, 'empty');
  assert.equal(await background(), dark);
  await close();
});

/** Lets the page read `n_free` pieces of files and keeps it waiting for the next until `goOn()`. Runs in the page. */
function stallReadsAfter(n_free) {
  const read = Blob.prototype.arrayBuffer;
  const gate = new Promise((resolve) => (globalThis.goOn = resolve));
  let n_reads = 0;
  Blob.prototype.arrayBuffer = async function () {
    n_reads += 1;
    if (n_reads > n_free) await gate;
    return read.call(this);
  };
}
