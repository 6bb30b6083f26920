// What goroutines wait for, and who started whom.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { drop, eventually, inState, madeUp, open, pick, real, start } from './harness.mjs';

const all = await start();

/** Two transfers that take two locks in opposite order, and 500 readers behind them. */
const LOCKS = real('scenarios/lockdead/1.27.3/late.debug2.txt.gz');
/** 250 subscriptions that nobody ended, all started by main. */
const SUBSCRIPTIONS = real('scenarios/notify/1.27.3/t2.debug2.txt.gz');

/** Opens a real dump and shows a view of it. */
async function look(dump, tab) {
  const opened = await open(all, all.hosted);
  await pick(opened.page, dump.path);
  await inState(opened.page, 'ready');
  await opened.page.locator(`#tab-${tab}`).click();
  return opened;
}

/** Which tab is chosen, and that it alone takes the focus. */
async function tabOnShow(page) {
  const chosen = await page.locator('.view-tabs [role="tab"][aria-selected="true"]').evaluateAll((tabs) => tabs.map((tab) => tab.id));
  const stops = await page.locator('.view-tabs [role="tab"][tabindex="0"]').evaluateAll((tabs) => tabs.map((tab) => tab.id));
  assert.deepEqual(stops, chosen);
  return chosen.join();
}

const number = (text) => Number(text.replaceAll(',', ''));

test('two transfers that wait for each other are drawn, explained and put side by side', async () => {
  const { page, complaints, close } = await look(LOCKS, 'blocking');
  await page.locator('.blocking-row').first().waitFor();
  const headline = await page.locator('#panel-blocking h1').innerText();
  assert.match(headline, /^Likely deadlock: goroutines (18 and 19|19 and 18) wait for each other at ledger\.go:21$/);

  const inCycle = page.locator('.blocking-row[data-cycle]');
  assert.equal(await inCycle.count(), 2);
  const waiters = await inCycle.locator('.blocking-waiters b').allInnerTexts();
  assert.equal(waiters.map(number).reduce((sum, n) => sum + n), 502, 'both sides and everybody behind them');
  for (const name of await inCycle.evaluateAll((rows) => rows.map((row) => row.getAttribute('aria-label')))) {
    assert.match(name, /wait.* for sync\.Mutex 0x[0-9a-f]+ at .*, likely held by goroutine (18|19)/);
  }

  assert.equal(await page.locator('.cycle-graph-svg').getAttribute('data-goroutines'), '2');
  const edges = await page.locator('.cycle-graph-edge text').allTextContents();
  assert.deepEqual(edges, ['waits for', 'likely held by', 'waits for', 'likely held by']);
  assert.equal(await page.locator('.cycle-graph ol.visually-hidden li').count(), 2, 'the same in words');
  assert.ok((await page.locator('#blocking-detail .blocking-why li').count()) > 0);
  await page.locator('#blocking-detail', { hasText: 'pattern, not your source' }).waitFor();

  const sides = page.locator('.cycle-side');
  assert.deepEqual((await sides.evaluateAll((list) => list.map((side) => side.getAttribute('data-goid')))).sort(), ['18', '19']);
  for (const text of await sides.allInnerTexts()) assert.match(text, /ledger\.Transfer[\s\S]*likely holds[\s\S]*waits for/);
  assert.deepEqual(complaints, []);
  await close();
});

test('an object is copied as Markdown, and its groups are one click away', async () => {
  const { page, close } = await look(LOCKS, 'blocking');
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.locator('.blocking-row').first().waitFor();
  await page.keyboard.press('y');
  await page.locator('.toast').waitFor();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  assert.match(copied, /^### sync\.Mutex 0x[0-9a-f]+\n/);
  assert.match(copied, /goroutine (18|19) waits for sync\.Mutex 0x[0-9a-f]+, likely held by goroutine (18|19)\n/);
  const button = page.locator('.cycle-side [data-group]').first();
  const key = await button.getAttribute('data-group');
  await button.click();
  await page.waitForSelector(`#detail[data-key="${key}"][aria-busy="false"]`);
  assert.equal(await tabOnShow(page), 'tab-groups');
  await close();
});

test('objects are walked with the keyboard, and chosen by kind', async () => {
  const { page, close } = await look(LOCKS, 'blocking');
  const selected = () => page.locator('.blocking-row[aria-selected="true"]').getAttribute('data-index');
  // Until then the focus is on the tab, which has keys of its own.
  await page.locator('.blocking-row[tabindex="0"]').focus();
  await page.keyboard.press('Home');
  await eventually(selected, '0');
  await page.keyboard.press('j');
  await eventually(selected, '1');
  await page.keyboard.press('ArrowUp');
  await eventually(selected, '0');
  const address = await page.locator('.blocking-row[aria-selected="true"]').getAttribute('data-address');
  assert.equal(await page.locator('#blocking-detail').getAttribute('data-address'), address);
  await page.keyboard.press('Enter');
  await eventually(() => page.evaluate(() => document.activeElement?.id), 'blocking-detail');
  const kinds = page.locator('.blocking-kind');
  if ((await kinds.count()) > 0) {
    await page.locator('.blocking-kind[data-kind="mutex"]').click();
    const shown = () => page.locator('.blocking-row').evaluateAll((rows) => [...new Set(rows.map((row) => row.dataset.kind))]);
    await eventually(shown, ['mutex']);
  }
  await close();
});

test('views have letters, a count once it is known, and the sentences of the language', async () => {
  const { page, close } = await open(all, all.hosted);
  await pick(page, LOCKS.path);
  await inState(page, 'ready');
  assert.equal(await page.locator('#tab-blocking .tab-count').count(), 0, 'not asked for yet');
  for (const [letter, tab] of [['b', 'tab-blocking'], ['t', 'tab-ancestry'], ['i', 'tab-issues'], ['o', 'tab-groups'], ['b', 'tab-blocking']]) {
    await page.keyboard.press('g');
    await page.keyboard.press(letter);
    await eventually(() => tabOnShow(page), tab);
  }
  const count = number(await page.locator('#tab-blocking .tab-count').innerText());
  assert.ok(count >= 2, `${count} objects`);
  const why = page.locator('#blocking-detail .blocking-why li').first();
  const before = await why.innerText();
  await page.getByRole('button', { name: '切换到简体中文' }).click();
  await eventually(async () => (await why.innerText()) !== before, true);
  assert.match(await page.locator('#panel-blocking h1').innerText(), /^疑似死锁：goroutine (18 和 19|19 和 18) /);
  await page.locator('#tab-blocking').focus();
  await page.keyboard.press('ArrowRight');
  await eventually(() => tabOnShow(page), 'tab-ancestry');
  await close();
});

test('a channel has an address where Go prints it, and without any the page says what would', async () => {
  const { page, close } = await look(real('scenarios/notify/1.27.3-sigquit-system/sigquit.crash.txt.gz'), 'blocking');
  await page.locator('.blocking-row[data-kind="channel"][data-address^="0x"]').first().waitFor();
  await close();
  const counted = await look(real('scenarios/notify/1.27.3/t2.debug1.txt'), 'blocking');
  const view = counted.page.locator('#panel-blocking');
  await counted.page.waitForSelector('#panel-blocking [data-view="empty"], #panel-blocking .blocking-row');
  assert.equal(await counted.page.locator('.blocking-row:not([data-address=""])').count(), 0, 'debug=1 has no addresses');
  if ((await counted.page.locator('.blocking-row').count()) === 0) assert.match(await view.innerText(), /GOTRACEBACK=system/);
  await counted.close();
});

test('the tree says where most were started', async () => {
  const { page, complaints, close } = await look(SUBSCRIPTIONS, 'ancestry');
  const rows = page.locator('.ancestry-row');
  await rows.first().waitFor();
  const { total } = SUBSCRIPTIONS.truth;
  const headline = await page.locator('#panel-ancestry h1').innerText();
  assert.match(headline, new RegExp(`^250 of ${total} goroutines \\(33\\.0%\\) were started at `));
  assert.match(await page.locator('#panel-ancestry .verdict-line').innerText(), /still in the dump\./);
  const names = await rows.evaluateAll((list) => list.map((row) => row.getAttribute('aria-label')));
  assert.ok(names.some((name) => /^hub\.\(\*Hub\)\.Subscribe hub\.go:5[45]: 250 .*250 started here/.test(name)), names.join('\n'));
  const levels = await rows.evaluateAll((list) => list.map((row) => Number(row.getAttribute('aria-level'))));
  assert.ok(levels[0] === 1 && Math.max(...levels) > 1, `levels ${levels}`);
  assert.deepEqual(complaints, []);
  await close();
});

test('the tree opens and closes with the arrow keys, and a site leads to its largest group', async () => {
  const { page, close } = await look(SUBSCRIPTIONS, 'ancestry');
  const rows = page.locator('.ancestry-row');
  await rows.first().waitFor();
  await page.locator('.ancestry-pane [data-open="false"]').click();
  await eventually(() => rows.evaluateAll((list) => list.every((row) => row.getAttribute('aria-level') === '1')), true);
  const closed = await rows.count();
  const index = await page.locator('.ancestry-row[aria-expanded="false"]').first().getAttribute('data-index');
  const row = page.locator(`.ancestry-row[data-index="${index}"]`);
  await rows.first().focus();
  for (let i = 0; i < Number(index); i += 1) await page.keyboard.press('ArrowDown');
  await eventually(() => row.getAttribute('aria-selected'), 'true');
  await page.keyboard.press('ArrowRight');
  await eventually(() => row.getAttribute('aria-expanded'), 'true');
  assert.ok((await rows.count()) > closed);
  await page.keyboard.press('ArrowRight');
  await eventually(() => page.locator('.ancestry-row[aria-selected="true"]').getAttribute('aria-level'), '2');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  await eventually(() => row.getAttribute('aria-expanded'), 'false');
  await page.keyboard.press('Home');
  const first = page.locator('.ancestry-row[data-index="0"]');
  await eventually(() => first.getAttribute('aria-selected'), 'true');
  const key = await first.getAttribute('data-group');
  await page.keyboard.press('Enter');
  await page.waitForSelector(`#detail[data-key="${key}"][aria-busy="false"]`);
  assert.equal(await tabOnShow(page), 'tab-groups');
  await close();
});

test('creators that are gone are counted', async () => {
  const { page, close } = await look(real('scenarios/bodyleak/1.27.3/late.debug2.txt.gz'), 'ancestry');
  await page.locator('.ancestry-row').first().waitFor();
  assert.match(await page.locator('#panel-ancestry .verdict-line').innerText(), /^(Whoever started them is gone|The goroutine that started them is gone for [\d,]+ )/);
  const names = await page.locator('.ancestry-row').evaluateAll((rows) => rows.map((row) => row.getAttribute('aria-label')));
  assert.ok(names.some((name) => /creator gone for [\d,]+/.test(name)), names.join('\n'));
  await close();
});

test('without parents the tree is flat and says why', async () => {
  const old = await look(real('scenarios/notify/1.19.8/t2.debug2.txt.gz'), 'ancestry');
  await old.page.locator('.ancestry-row').first().waitFor();
  assert.match(await old.page.locator('#panel-ancestry .verdict-line').innerText(), /Go 1\.21/);
  assert.equal(await old.page.locator('.ancestry-row:not([aria-level="1"])').count(), 0);
  await old.close();
  const counted = await look(real('scenarios/notify/1.27.3/t2.debug1.txt'), 'ancestry');
  await counted.page.locator('#panel-ancestry h1', { hasText: 'does not say who started its goroutines' }).waitFor();
  await counted.close();
});

test('a dump without goroutines has neither view', async () => {
  const { page, close } = await open(all, all.hosted);
  await drop(page, { name: 'one.txt', bytes: madeUp([3, 2]) });
  await inState(page, 'ready');
  await page.locator('#tab-blocking').click();
  const line = (i) => `2026-11-21T01:${String(i).padStart(2, '0')}:00Z level=info msg=stats num_goroutine=${100 + i}\n`;
  await drop(page, { name: 'app.log', bytes: Array.from({ length: 20 }, (_, i) => line(i)).join('') });
  await eventually(() => page.locator('.view-tabs [role="tab"]').evaluateAll((tabs) => tabs.map((tab) => tab.id)), ['tab-groups', 'tab-issues']);
  assert.equal(await tabOnShow(page), 'tab-groups');
  await close();
});
