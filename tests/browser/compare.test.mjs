// What changed between dumps: the table, the chart, the group on show, and everything the reader decides of it.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { drop, eventually, inState, madeUp, manifest, open, pick, real, rowsCame, start } from './harness.mjs';

const all = await start();

/** The dumps of a scenario that was observed several times, and what its program counted at each instant. */
function series(scenario) {
  const { go_version, instants, counts } = manifest().series.find((known) => known.scenario === scenario && known.go_version === 'go1.27.3');
  const dumps = instants.map((instant) => real(`scenarios/${scenario}/${go_version.replace('go', '')}/${instant}.debug2.txt.gz`));
  return { dumps, counts };
}

const NOTIFY = series('notify');
const TSERIES = series('tseries');

/** Opens dumps and shows what changed. */
async function compare(dumps, options) {
  const opened = await open(all, all.hosted, options);
  await drop(opened.page, ...dumps);
  await inState(opened.page, 'ready');
  await opened.page.waitForSelector(`.app[data-runs="${dumps.length}"]`);
  await opened.page.keyboard.press('g');
  await opened.page.keyboard.press('c');
  await listed(opened.page);
  return opened;
}

/** Waits until rows of the comparison as it is now have come. */
async function listed(page) {
  await page.waitForSelector('.compare-list[aria-busy="false"] .compare-row[aria-label]');
}

/** The numbers in the cells of a row, of all dumps that have a column, then the change. */
async function numbers(page, name) {
  await listed(page);
  const row = page.locator('.compare-row', { hasText: name }).first();
  const cells = await row.locator('[data-position], .compare-delta').allInnerTexts();
  return cells.map((text) => Number(text.replaceAll(',', '').replace('−', '-')));
}

const nameOf = (page, name) => page.locator('.compare-row', { hasText: name }).first().getAttribute('aria-label');

/** What a checker of accessibility looks at first: names, ids, and rows that say what they are. */
async function assertAccessible(page) {
  const wrong = await page.evaluate(() => {
    const problems = [];
    const ids = [...document.querySelectorAll('[id]')].map((element) => element.id);
    for (const id of ids.filter((id, at) => ids.indexOf(id) !== at)) problems.push(`id ${id} twice`);
    const named = (element) =>
      element.getAttribute('aria-label')?.trim() || element.innerText?.trim() || element.labels?.length > 0 || element.title;
    for (const element of document.querySelectorAll('button, a, input, select, [role="tab"], [role="grid"], [role="img"], aside, nav')) {
      if (element.checkVisibility() && !named(element)) problems.push(`no name: ${element.outerHTML.slice(0, 120)}`);
    }
    for (const [attribute, list] of [['aria-controls', '[aria-controls]'], ['aria-labelledby', '[aria-labelledby]'], ['aria-describedby', '[aria-describedby]']]) {
      for (const element of document.querySelectorAll(list)) {
        // Of tabs, only the panel on show exists.
        if (attribute === 'aria-controls' && element.getAttribute('aria-selected') === 'false') continue;
        if (!document.getElementById(element.getAttribute(attribute))) problems.push(`${attribute} of ${element.outerHTML.slice(0, 120)}`);
      }
    }
    for (const row of document.querySelectorAll('[role="row"]')) {
      const cells = [...row.children].filter((cell) => cell.checkVisibility());
      if (!cells.every((cell) => ['gridcell', 'columnheader', 'cell', 'rowheader'].includes(cell.getAttribute('role')))) problems.push('row with something else');
      if (!row.closest('[role="grid"], [role="table"]')) problems.push('row without a grid');
    }
    for (const element of document.querySelectorAll('button, select, input')) {
      const { width, height } = element.getBoundingClientRect();
      if (element.checkVisibility() && !element.closest('.stack, .dump-strip') && (width < 24 || height < 24)) problems.push(`${width}×${height}: ${element.outerHTML.slice(0, 120)}`);
    }
    return problems;
  });
  assert.deepEqual(wrong, []);
}

test('two dumps: what grew, by how much, how many did not move, and what follows', async () => {
  const { page, requests, complaints, close } = await compare([NOTIFY.dumps[0], NOTIFY.dumps[4]]);
  const { pump, beat } = NOTIFY.counts;
  assert.deepEqual(await numbers(page, 'pumpMessages'), [pump[0], pump[4], pump[4] - pump[0]]);
  assert.deepEqual(await numbers(page, 'heartbeat'), [beat[0], beat[4], beat[4] - beat[0]]);
  assert.match(await nameOf(page, 'pumpMessages'), /^grown from 150 to 350 goroutines, up 200, .*150 stuck, chan receive, hub\.\(\*Subscription\)\.pumpMessages hub\.go:\d+$/);
  assert.match(await page.locator('#panel-compare h1').innerText(), /^600 more goroutines/);
  assert.equal(await page.locator('#compare-relation').getAttribute('data-relation'), 'same-process');
  assert.ok((await page.locator('#relation-why').innerText()).length > 0);
  assert.equal(await page.locator('.dump-baseline').count(), 1);

  const side = page.locator('#compare-side');
  await page.waitForSelector('#compare-side[aria-busy="false"] .compare-facts');
  assert.match(await side.locator('.compare-facts').innerText(), /150 of 150 still at the same line \(100%\)/);
  await side.locator('#tab-compare-findings').click();
  const cards = side.locator('.finding-card');
  assert.ok((await cards.count()) > 0);
  await cards.first().click();
  await side.locator('#finding-evidence').waitFor();
  await assertAccessible(page);
  assert.deepEqual(requests, [all.hosted]);
  assert.deepEqual(complaints, []);
  await close();
});

test('groups that did not change are folded, and groups are chosen by what happened', async () => {
  const { page, close } = await compare([NOTIFY.dumps[0], NOTIFY.dumps[4]]);
  const statuses = () => page.locator('.compare-row').evaluateAll((rows) => [...new Set(rows.map((row) => row.dataset.status))].sort());
  await eventually(async () => (await statuses()).includes('same'), false);
  await page.locator('#unchanged').click();
  await eventually(async () => (await statuses()).includes('same'), true);
  await page.locator('.segment[data-status="grown"]').click();
  await eventually(statuses, ['grown']);
  await page.locator('.segment[data-status="all"]').click();
  await page.locator('#filter').fill('heartbeat');
  await eventually(() => page.locator('.compare-row').count(), 1);
  await page.keyboard.press('Escape');
  await eventually(async () => (await page.locator('.compare-row').count()) > 1, true);
  await close();
});

test('six dumps: a column and a line for each, and how every group went', async () => {
  const { page, complaints, close } = await compare(TSERIES.dumps);
  const { upload, slowloop, warm } = TSERIES.counts;
  const change = (counts) => counts.at(-1) - counts[0];
  assert.deepEqual(await numbers(page, 'Upload'), [...upload, change(upload)]);
  assert.deepEqual(await numbers(page, 'main.slow'), [...slowloop, change(slowloop)]);
  assert.deepEqual(await numbers(page, 'main.warm'), [...warm, change(warm)]);
  for (const [name, course] of [['Upload', 'growing'], ['main.slow', 'growing'], ['main.warm', 'shrinking']]) {
    await page.locator('.compare-row', { hasText: name }).first().click();
    await eventually(async () => (await page.locator('.compare-facts').innerText()).includes(course), true);
  }

  const plot = page.locator('.compare-plot');
  assert.match(await plot.locator('svg').getAttribute('aria-label'), /Upload/);
  await plot.focus();
  await page.keyboard.press('Home');
  await eventually(async () => /: .*Upload 5\b/.test(await page.locator('.compare-chart [role="status"]').innerText()), true);
  await page.keyboard.press('ArrowRight');
  await eventually(async () => /: .*Upload 20\b/.test(await page.locator('.compare-chart [role="status"]').innerText()), true);

  const line = page.locator('.compare-legend-item', { hasText: 'Upload' });
  const key = await line.getAttribute('data-line');
  assert.match(await page.locator(`.trend-line[data-line="${key}"] path`).getAttribute('d'), /^M/);
  await line.click();
  await eventually(() => page.locator(`.trend-line[data-line="${key}"] path`).getAttribute('d'), '');
  assert.equal(await line.getAttribute('aria-pressed'), 'false');
  await page.locator('#trend-table').click();
  const twin = await page.locator(`.compare-table tr[data-line="${key}"] td`).allInnerTexts();
  assert.deepEqual(twin.map(Number), upload);
  await assertAccessible(page);
  assert.deepEqual(complaints, []);
  await close();
});

test('every number follows the baseline, the relation and the dumps that are there', async () => {
  const { page, close } = await compare(TSERIES.dumps);
  const { upload, warm } = TSERIES.counts;
  await page.locator('#compare-baseline').selectOption({ label: 't2' });
  await eventually(async () => (await numbers(page, 'Upload')).at(-1), upload[5] - upload[2]);
  assert.deepEqual(await page.locator('.dump:has(.dump-baseline) .dump-name').allInnerTexts(), ['t2.debug2.txt.gz']);
  assert.equal((await numbers(page, 'main.warm')).at(-1), warm[5] - warm[2]);
  await page.locator('#compare-target').selectOption({ label: 't4' });
  await eventually(async () => (await numbers(page, 'Upload')).at(-1), upload[4] - upload[2]);

  assert.equal(await page.locator('.compare-stuck').first().isVisible(), true);
  await page.locator('#compare-relation').selectOption('same-service');
  await eventually(() => page.locator('#compare-relation').getAttribute('data-relation'), 'same-service');
  await eventually(() => page.locator('.compare-stuck').count(), 0);
  await page.locator('#compare-relation').selectOption('');
  await eventually(() => page.locator('#compare-relation').getAttribute('data-relation'), 'same-process');

  await page.getByRole('button', { name: 'Remove t4.debug2.txt.gz' }).click();
  await eventually(() => numbers(page, 'Upload'), [...upload.slice(0, 4), upload[5], upload[5] - upload[2]]);
  for (const name of ['t0', 't1', 't2', 't3']) await page.getByRole('button', { name: `Remove ${name}.debug2.txt.gz` }).click();
  await page.locator('#add-second').waitFor();
  await close();
});

test('a time that is typed gives the growth per minute, and is forgotten again', async () => {
  const { page, close } = await compare([NOTIFY.dumps[0], NOTIFY.dumps[4]]);
  for (const [index, time] of [[0, '2026-11-21T10:00:30'], [1, '2026-11-21T10:10:30']]) {
    await page.locator('#show-dumps').click();
    await page.locator('.dump-menu-row').nth(index).locator('.dump-menu-time button').click();
    await eventually(() => page.evaluate(() => document.activeElement.id), 'dump-time');
    await page.locator('#dump-time').fill(time);
    await page.locator('#forget-time').waitFor();
    await assertAccessible(page);
    await page.keyboard.press('Escape');
  }
  await eventually(async () => /\+20 per minute/.test(await nameOf(page, 'pumpMessages')), true);
  await eventually(() => page.locator('.compare-row-head [data-sort="goroutines"]').innerText(), '+10 min');
  assert.match(await page.locator('.compare-facts').innerText(), /\+20 per minute/);
  await page.locator('#show-dumps').click();
  await page.locator('#forget-time').click();
  await page.locator('#forget-time').waitFor({ state: 'detached' });
  await page.keyboard.press('Escape');
  await eventually(async () => (await page.locator('.compare-row-head [data-sort="goroutines"]').innerText()) !== '+10 min', true);
  await close();
});

test('another similarity keeps the selection, in the groups and in the comparison', async () => {
  const { page, close } = await compare([NOTIFY.dumps[0], NOTIFY.dumps[4]]);
  await page.locator('.compare-row', { hasText: 'heartbeat' }).first().click();
  const title = () => page.locator('.compare-group-title h2').innerText();
  await eventually(title, 'hub.(*Subscription).heartbeat');
  const before = await page.locator('#compare-side').getAttribute('data-key');
  await page.locator('.compare-row[aria-selected="true"]').focus();
  await page.keyboard.press('4');
  await eventually(async () => (await page.locator('#compare-side').getAttribute('data-key')) !== before, true);
  await eventually(title, 'hub.(*Subscription).heartbeat');
  await page.keyboard.press('g');
  await page.keyboard.press('o');
  await rowsCame(page);
  assert.equal(await page.locator('#similarity').inputValue(), 'culprit');
  await page.locator('.group-list-row', { hasText: 'pumpMessages' }).first().click();
  await eventually(() => page.locator('.group-detail-title h2').innerText(), 'hub.(*Subscription).pumpMessages');
  await page.locator('#similarity').selectOption('function');
  await eventually(() => page.locator('#similarity').inputValue(), 'function');
  await rowsCame(page);
  await page.waitForSelector('#detail[aria-busy="false"]');
  assert.equal(await page.locator('.group-detail-title h2').innerText(), 'hub.(*Subscription).pumpMessages');
  await eventually(() => page.locator('.group-list-row[aria-selected="true"]', { hasText: 'pumpMessages' }).count(), 1);
  await close();
});

test('the groups table says what became of every group, and sorts by it', async () => {
  const { page, close } = await compare(TSERIES.dumps);
  await page.keyboard.press('g');
  await page.keyboard.press('o');
  await page.keyboard.press(']');
  await rowsCame(page);
  const row = page.locator('.group-list-row', { hasText: 'Upload' }).first();
  await eventually(() => row.locator('.group-list-delta').innerText(), '+155');
  assert.match(await row.getAttribute('aria-label'), /, up 155/);
  assert.equal(await row.locator('.sparkline').count(), 1);
  await page.locator('.group-list-sort[data-sort="delta"]').click();
  await eventually(async () => (await page.locator('.group-list-row').first().getAttribute('aria-label'))?.includes('Upload'), true);
  await assertAccessible(page);
  await close();
});

test('with the keyboard alone: to the view, through the rows, to the group, into its dump', async () => {
  const { page, close } = await compare([NOTIFY.dumps[0], NOTIFY.dumps[4]]);
  const selected = () => page.locator('.compare-row[aria-selected="true"]').getAttribute('data-index');
  await eventually(selected, '0');
  await page.keyboard.press('j');
  await eventually(selected, '1');
  await page.keyboard.press('k');
  await eventually(selected, '0');
  await page.locator('.compare-row[tabindex="0"]').focus();
  await page.keyboard.press('ArrowDown');
  await eventually(selected, '1');
  await page.keyboard.press('Enter');
  await eventually(() => page.evaluate(() => document.activeElement?.id), 'compare-side');
  await page.waitForSelector('#compare-side[aria-busy="false"]');
  const name = await page.locator('.compare-group-title h2').innerText();
  await page.locator('#open-in-dump').focus();
  await page.keyboard.press('Enter');
  await eventually(() => page.locator('.group-detail-title h2').innerText(), name);
  assert.equal(await page.locator('.dump-active .dump-name').innerText(), NOTIFY.dumps[4].name);
  // The dump on show becomes the baseline: what grew has shrunk, and what of the leak is left is said.
  await page.keyboard.press('b');
  await page.keyboard.press('g');
  await page.keyboard.press('c');
  await eventually(async () => (await numbers(page, 'pumpMessages')).at(-1), -200);
  await page.locator('#outcome').waitFor();
  await close();
});

test('two stacks that differ by a line are laid side by side', async () => {
  const before = madeUp([3, 40]);
  const after = madeUp([3, 40]).replaceAll('run.go:42', 'run.go:47');
  const { page, close } = await compare([{ name: 'before.txt', bytes: before }, { name: 'after.txt', bytes: after }]);
  await page.locator('.compare-row[data-status="new"]').first().click();
  const lines = page.locator('#near-group .stack-frame');
  await lines.first().waitFor();
  const differing = await page.locator('#near-group .stack-diff-this, #near-group .stack-diff-other').allInnerTexts();
  assert.equal(differing.length, 2);
  assert.ok(differing.some((text) => text.includes('run.go:47')) && differing.some((text) => text.includes('run.go:42')));
  // With lines ignored, nothing changed.
  await page.locator('.compare-row[aria-selected="true"]').focus();
  await page.keyboard.press('2');
  await eventually(() => page.locator('.compare-row').count(), 0);
  await close();
});

test('one dump alone: the view says what to add', async () => {
  const { page, close } = await open(all, all.hosted);
  await pick(page, NOTIFY.dumps[0].path);
  await inState(page, 'ready');
  await page.locator('#tab-compare').click();
  await page.locator('#add-second').waitFor();
  await pick(page, NOTIFY.dumps[4].path);
  await listed(page);
  assert.deepEqual(await numbers(page, 'pumpMessages'), [150, 350, 200]);
  await close();
});

test('it fits into every width, in both languages', async () => {
  for (const [width, height] of [[320, 640], [390, 844], [768, 1024], [900, 500], [1240, 800], [1920, 1080]]) {
    const { page, complaints, close } = await compare([NOTIFY.dumps[0], NOTIFY.dumps[4]], { viewport: { width, height }, locale: 'zh-CN' });
    assert.match(await page.locator('#panel-compare h1').innerText(), /^增加 600 个 goroutine/);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width);
    if (width <= 1240) {
      assert.equal(await page.locator('#compare-side').isVisible(), false);
      await page.locator('#show-side').click();
      await page.locator('#compare-side').waitFor();
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width);
      await page.keyboard.press('Escape');
      await page.locator('#compare-side').waitFor({ state: 'hidden' });
    }
    assert.deepEqual(complaints, []);
    await close();
  }
});
