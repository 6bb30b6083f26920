// What the panels say: issues, crashes, one group in full, and what happens when the reader itself breaks.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { drop, eventually, inState, madeUp, open, start, totals } from './harness.mjs';

const all = await start();

/** A dump with a log line inside a stack, cut off behind a call. */
const CUT = [
  'goroutine 7 [chan send, 3 minutes]:',
  'main.work(0x1)',
  '2026/11/21 10:00:00 a log line',
  '\t/src/main.go:9 +0x1',
  'main.main()',
  '\t/src/main.go:12 +0x2',
  '',
  'goroutine 8 [select]:',
  'main.wait(0xc000',
].join('\n');

test('a cut dump says where it was cut, with its line, in both languages', async () => {
  const { page, complaints, close } = await open(all, all.hosted);
  await drop(page, { name: 'cut.txt', bytes: CUT });
  await inState(page, 'ready');
  await page.locator('.verdict-lower-bound').waitFor();
  await page.locator('#tab-issues').click();
  const cells = (kind) => page.locator(`.issue-table tr[data-kind="${kind}"] td`).allInnerTexts();
  const [line, , times, message, excerpt] = await cells('truncated');
  assert.deepEqual([line, times, excerpt], ['9', '1', 'main.wait(0xc000']);
  assert.match(message, /cut off in goroutine 8, at byte \d+/);
  assert.deepEqual((await cells('interleaved-text')).slice(0, 1), ['3']);
  await page.getByRole('button', { name: '切换到简体中文' }).click();
  await eventually(async () => (await cells('truncated'))[3].includes('goroutine 8'), true);
  assert.match((await cells('truncated'))[3], /被截断/);
  assert.deepEqual(complaints, []);
  await close();
});

test('a crash is told first, in plain words', async () => {
  const { page, close } = await open(all, all.hosted);
  const crash = 'panic: runtime error: index out of range [3] with length 3\n\ngoroutine 7 [running]:\nmain.pick(...)\n\t/src/main.go:9\nexit status 2\n';
  await drop(page, { name: 'crash.log', bytes: crash });
  await inState(page, 'ready');
  const headline = await page.locator('.verdict h1').innerText();
  assert.equal(headline, 'The process panicked: index out of range [3] with length 3, at main.go:9');
  await close();
});

test('the detail lists every goroutine of a group, to the last', async () => {
  const { page, close } = await open(all, all.hosted);
  await drop(page, { name: 'many.txt', bytes: madeUp([20_000]) });
  await inState(page, 'ready');
  await page.locator('#tab-goroutines').click();
  await page.locator('.goroutine-list-row', { hasText: /^1chan receive/ }).waitFor();
  await page.locator('.goroutine-list .virtual-list').evaluate((list) => (list.scrollTop = list.scrollHeight));
  await page.locator('.goroutine-list-row[aria-rowindex="20001"]', { hasText: '20000' }).waitFor();
  assert.ok((await page.locator('*').count()) < 1500);
  await close();
});

test('a place is copied with a click', async () => {
  const { page, close } = await open(all, all.hosted);
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await drop(page, { name: 'one.txt', bytes: madeUp([3]) });
  await inState(page, 'ready');
  await page.locator('.stack-place').first().click();
  await page.locator('.toast').first().waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), '/src/shop/stock/shelf.go:10');
  await close();
});

test('dump text is shown as text, never as markup', async () => {
  const { page, complaints, close } = await open(all, all.hosted);
  const evil = '<img src=x onerror=alert(1)>';
  const bytes = `goroutine 1 [${evil}]:\nmain.${evil}(0x1)\n\t/src/${evil}.go:9 +0x1\ncreated by main.${evil}\n\t/src/a.go:1 +0x1\n`;
  await drop(page, { name: `${evil}.txt`, bytes });
  await inState(page, 'ready');
  await page.locator('.stack-frame').first().waitFor();
  assert.equal(await page.locator('img').count(), 0);
  assert.deepEqual(complaints, []);
  await close();
});

test('when the reader breaks, the page says so and reads the dumps again', async () => {
  const { page, close } = await open(all, all.hosted);
  await drop(page, { name: 'one.txt', bytes: madeUp([5, 2]) });
  await inState(page, 'ready');
  await page.workers()[0].evaluate(() => {
    setTimeout(() => {
      throw new Error('the reader broke');
    });
  });
  await inState(page, 'error');
  await page.getByRole('button', { name: 'Read again' }).click();
  await inState(page, 'ready');
  await eventually(() => totals(page), { groups: 2, goroutines: 7 });
  await close();
});
