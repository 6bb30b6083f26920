// Forty instances of one service side by side: which are the sick ones, and in what.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { drop, eventually, inState, madeUp, open, pick, real, start, unpacked } from './harness.mjs';

const all = await start();

const ZIP = real('fleet/checkout-40-pods.zip');
const PROFILES = real('fleet/checkout-40-pods.tar.gz');

/** What an independent reader counted in each pod. */
const PODS = unpacked(readFileSync(new URL('../corpus/truth.jsonl.gz', import.meta.url)))
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line))
  .find(({ path }) => path === ZIP.truth.path).pods;
const short = (pod) => pod.split('-').pop();
const SICK = ZIP.truth.expected_leaks.leaking_pods.map(short);
const pod = (name) => PODS.find((one) => short(one.pod) === name);
const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

const number = (text) => Number(text.replaceAll(',', ''));

/** Opens dumps and waits for the table of instances. */
async function look(dump, options) {
  const opened = await open(all, all.hosted, options);
  await pick(opened.page, dump.path);
  await inState(opened.page, 'ready');
  await settled(opened.page);
  return opened;
}

/** The rows, and what is below them, are there. */
async function settled(page) {
  await page.waitForSelector('.fleet-matrix[aria-busy="false"]');
  await page.waitForSelector('#fleet-pane[aria-busy="false"]');
}

/** The instances from left to right: name, goroutines, whether something stands out. */
async function instances(page) {
  const names = await page.locator('.fleet-name').evaluateAll((list) => list.map((one) => one.getAttribute('aria-label')));
  return names.map((name) => {
    const [, instance, goroutines, odd] = name.match(/^(\S+): ([\d,]+) goroutines?(?:, (\d+) groups? stands? out)?$/) ?? assert.fail(name);
    return { name: short(instance.replace(/\.txt$/, '')), goroutines: number(goroutines), odd: Number(odd ?? 0) };
  });
}

const names = async (page) => (await instances(page)).map(({ name }) => name);

/** What the cells of the row with the cursor say: instance, goroutines, and whether it is an outlier. */
async function cells(page) {
  const labels = await page.locator('.fleet-cell').evaluateAll((list) => list.map((one) => one.getAttribute('aria-label')));
  return Object.fromEntries(
    labels.map((label) => {
      const [, name, count, rest] = label.match(/^(\S+), .*: ([\d,]+) goroutines?, (.*)$/) ?? assert.fail(label);
      return [name, { count: number(count), odd: rest.endsWith(', outlier') }];
    }),
  );
}

/** Which columns of the first row are outlined in the picture. */
async function outlined(page) {
  return page.locator('.fleet-canvas').evaluate((canvas) => {
    const probe = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
    probe.fillStyle = getComputedStyle(canvas).stroke;
    probe.fillRect(0, 0, 1, 1);
    const stroke = [...probe.getImageData(0, 0, 1, 1).data];
    const scale = devicePixelRatio;
    const picture = Object.assign(document.createElement('canvas'), { width: canvas.width, height: canvas.height });
    const copy = picture.getContext('2d', { willReadFrequently: true });
    copy.drawImage(canvas, 0, 0);
    const columns = [...document.querySelectorAll('.fleet-name')];
    const { left } = canvas.getBoundingClientRect();
    return columns.flatMap((column, index) => {
      const { left: x, width } = column.getBoundingClientRect();
      const at = copy.getImageData(Math.round((x - left + width / 2) * scale), Math.round(scale), 1, 1).data;
      return [...at].every((value, channel) => Math.abs(value - stroke[channel]) < 8) ? [index] : [];
    });
  });
}

for (const dump of [ZIP, PROFILES]) {
  test(`${dump.name}: the three sick pods come first and are marked, with their numbers`, async () => {
    const { page, requests, complaints, close } = await look(dump);
    assert.equal(await page.locator('#tab-fleet').getAttribute('aria-selected'), 'true', 'forty instances lead to the odd ones');
    const found = await instances(page);
    assert.equal(found.length, PODS.length);
    const odd = found.filter((one) => one.odd > 0).map((one) => one.name);
    assert.deepEqual([...odd].sort(), [...SICK].sort());
    assert.deepEqual(found.slice(0, SICK.length).map((one) => one.name), odd, 'outliers first');
    for (const { name, goroutines } of found) assert.equal(goroutines, pod(name).total_debug2, name);

    // The group that leaks stands first.
    const { function: leak } = dump.truth.expected_leaks.culprit;
    const row = page.locator('.fleet-row').first();
    assert.match(await row.locator('[role="rowheader"]').getAttribute('aria-label'), new RegExp(leak.split('/').pop().replace(/[.*()]/g, '\\$&')));
    await row.locator('[role="rowheader"]').focus();
    await page.keyboard.press('ArrowRight');
    await page.waitForSelector('.fleet-cell:focus');
    const told = await cells(page);
    for (const [name, { count, odd }] of Object.entries(told)) {
      assert.equal(count, pod(short(name)).refresh, name);
      assert.equal(odd, SICK.includes(short(name)), name);
    }
    assert.equal(Object.keys(told).length, PODS.length);
    assert.deepEqual(await outlined(page), [0, 1, 2], 'the picture marks the same');
    assert.match(await page.locator('footer').innerText(), /^40 dumps, /);
    assert.deepEqual(requests, [all.hosted]);
    assert.deepEqual(complaints, []);
    await close();
  });
}

test('an instance is put beside the median one, and leads to its dump', async () => {
  const { page, close } = await look(ZIP);
  const sickest = SICK.map(pod).sort((a, b) => b.total_debug2 - a.total_debug2);
  await page.locator('#fleet-pane-title', { hasText: short(sickest[0].pod) }).waitFor();
  const name = short(sickest[2].pod);
  await page.locator('.fleet-name', { hasText: name }).click();
  await page.waitForSelector('#fleet-pane[aria-busy="false"]');
  assert.match(await page.locator('#fleet-pane-title').innerText(), new RegExp(`${name}\\S* against the median instance`));
  const first = await page.locator('.fleet-pane-row').first().getByRole('cell').allInnerTexts();
  assert.equal(number(first[1]), median(PODS.map((one) => one.refresh)));
  assert.equal(number(first[2]), sickest[2].refresh);
  const price = page.locator('.fleet-pane-row', { hasText: 'Price' }).first();
  if (sickest[2].price !== median(PODS.map((one) => one.price))) {
    assert.equal(number((await price.getByRole('cell').allInnerTexts())[2]), sickest[2].price);
  }
  const others = (await page.locator('.fleet-also button').allInnerTexts()).filter((text) => text.includes('Refresh'));
  assert.deepEqual(others.map((text) => text.split(/\s+/)[0]).sort(), sickest.slice(0, 2).map((one) => short(one.pod)).sort());

  await page.locator('#open-dump').click();
  assert.equal(await page.locator('#tab-groups').getAttribute('aria-selected'), 'true');
  await eventually(async () => (await page.locator('footer').innerText()).includes(`${sickest[2].total_debug2} goroutines`), true);
  await close();
});

test('a group is shown in all instances, and leads into one of them', async () => {
  const { page, close } = await look(ZIP);
  const sickest = SICK.map(pod).sort((a, b) => b.refresh - a.refresh);
  await page.locator('.fleet-row').first().locator('[role="rowheader"]').click();
  await page.waitForSelector('#fleet-pane[data-group][aria-busy="false"]');
  const bars = await page.locator('.fleet-instance').evaluateAll((list) => list.slice(0, 3).map((one) => one.innerText.split(/\s+/)));
  assert.deepEqual(bars, sickest.map((one) => [short(one.pod), String(one.refresh)]));
  assert.ok((await page.locator('#fleet-pane .stack-frame').count()) > 0);
  await page.locator('.fleet-instance').nth(1).click();
  await page.locator('#open-group', { hasText: short(sickest[1].pod) }).click();
  assert.equal(await page.locator('#tab-groups').getAttribute('aria-selected'), 'true');
  const key = await page.locator('#detail').getAttribute('data-key');
  await page.waitForSelector(`#detail[data-key="${key}"][aria-busy="false"]`);
  await page.locator('#detail', { hasText: String(sickest[1].refresh) }).waitFor();

  await page.keyboard.press('g');
  await page.keyboard.press('f');
  await page.waitForSelector('#fleet-pane[data-group]');
  await page.keyboard.press('Escape');
  await page.waitForSelector('#fleet-pane[data-dump]');
  await close();
});

test('instances and groups stand in the order wanted, and cells tell what is wanted', async () => {
  const { page, close } = await look(ZIP);
  await page.locator('[data-order="name"]').click();
  assert.deepEqual(await names(page), PODS.map((one) => short(one.pod)).sort());
  await page.locator('[data-order="total"]').click();
  const totals = (await instances(page)).map(({ goroutines }) => goroutines);
  assert.deepEqual(totals, PODS.map((one) => one.total_debug2).sort((a, b) => b - a));
  await page.locator('[data-order="oddest"]').click();
  assert.deepEqual(await outlined(page), [0, 1, 2]);

  const groups = () => page.locator('.fleet-row .fleet-group b').allInnerTexts();
  await page.locator('#fleet-by-median').click();
  await eventually(async () => (await groups())[0], 'cart.(*Service).Price');
  await page.locator('#fleet-by-name').click();
  await page.waitForSelector('#fleet-by-name[aria-pressed="true"]');
  await eventually(async () => JSON.stringify(await groups()), JSON.stringify([...(await groups())].sort()));
  await page.locator('#fleet-by-name').click();
  await eventually(async () => (await groups())[0], 'cart.(*Service).Refresh');

  await page.locator('#fleet-cells').selectOption('count');
  await page.waitForSelector('.fleet-matrix[data-cells="count"]');
  assert.match(await page.locator('.fleet-legend').innerText(), /10k/);
  await page.locator('#filter').fill('Price');
  await eventually(groups, ['cart.(*Service).Price']);
  await page.locator('#filter').fill('');
  await close();
});

test('the table is walked with the keyboard in both directions', async () => {
  const { page, close } = await look(ZIP);
  await page.locator('.fleet-matrix [tabindex="0"]').first().focus();
  const at = () => page.evaluate(() => document.activeElement.getAttribute('data-cell'));
  const press = async (key, expected) => {
    await page.keyboard.press(key);
    await eventually(at, expected);
  };
  await press('ArrowRight', '1-1');
  await press('ArrowDown', '2-1');
  await press('End', '2-40');
  await press('Home', '2-0');
  await press('ArrowUp', '1-0');
  await press('ArrowUp', '0-1');
  await press('ArrowRight', '0-2');
  await page.keyboard.press('Enter');
  const second = (await instances(page))[1].name;
  await page.locator('#fleet-pane-title', { hasText: second }).waitFor();
  await press('Control+End', `${await page.locator('.fleet-row').count()}-40`);
  await press('Control+Home', '1-0');
  assert.equal(await page.locator('.fleet-matrix [tabindex="0"]').count(), 1, 'one stop for the Tab key');
  const grid = page.locator('.fleet-matrix');
  assert.equal(await grid.getAttribute('aria-colcount'), '41');
  assert.equal(number(await grid.getAttribute('aria-rowcount')), (await page.locator('.fleet-row').count()) + 1);
  // The second time Enter goes there.
  await press('ArrowRight', '1-1');
  await page.keyboard.press('Enter');
  await page.waitForSelector('#fleet-pane[data-group]');
  await page.keyboard.press('Enter');
  await page.waitForSelector('#tab-groups[aria-selected="true"]');
  await close();
});

test('when a dump goes, every number follows', async () => {
  const { page, close } = await look(ZIP);
  const gone = SICK[0];
  await page.locator('.fleet-name', { hasText: gone }).click();
  await page.locator('#fleet-pane-title', { hasText: gone }).waitFor();
  const dump = await page.locator('#fleet-pane').getAttribute('data-dump');
  await page.locator('#open-dump').click();
  await page.locator(`.dump[data-dump="${dump}"] .dump-remove, .dump[data-dump="${dump}"] button`).last().click();
  await page.locator('#tab-fleet').click();
  await page.waitForSelector('.fleet[data-instances="39"]');
  await settled(page);
  const found = await instances(page);
  assert.deepEqual(found.filter((one) => one.odd > 0).map((one) => one.name).sort(), SICK.slice(1).sort());
  assert.ok((await page.locator('footer').innerText()).startsWith('39 dumps'));
  assert.deepEqual(await outlined(page), [0, 1]);
  await close();
});

test('in time or in space, as the reader says', async () => {
  const { page, close } = await look(ZIP);
  await page.locator('#as-series').click();
  await page.waitForSelector('[data-view="series"]');
  await page.locator('#as-fleet').click();
  await settled(page);
  assert.deepEqual(await outlined(page), [0, 1, 2]);
  await close();
});

test('instances are named as the reader says', async () => {
  const { page, close } = await look(ZIP);
  await page.locator('#fleet-naming').click();
  await page.locator('#fleet-pattern').fill('pod(');
  await page.keyboard.press('Enter');
  await page.locator('#fleet-pattern-error').waitFor();
  await page.locator('#fleet-pattern').fill('pod(\\d+)');
  await page.keyboard.press('Enter');
  await page.waitForSelector('#fleet-pattern-error', { state: 'detached' });
  await eventually(async () => (await names(page)).sort().join(), PODS.map((one) => short(one.pod).slice(3)).sort().join());
  await close();
});

test('two dumps are too few for an odd one out', async () => {
  const { page, close } = await open(all, all.hosted);
  const pods = ['pods/a.txt', 'pods/b.txt'].map((name, index) => ({ name, bytes: Buffer.from(madeUp([5, 7 + 40 * index, 3])) }));
  await drop(page, ...pods);
  await inState(page, 'ready');
  await page.locator('#tab-fleet').click();
  const as_fleet = page.locator('#as-fleet');
  await page.waitForSelector('[data-view="series"], [data-view="fleet"]');
  if (await as_fleet.isVisible()) await as_fleet.click();
  await page.locator('.fleet-note', { hasText: 'at least three instances' }).waitFor();
  await settled(page);
  assert.equal(await page.locator('.fleet-sick').count(), 0);
  await close();
});

test('ten thousand groups stay a small document, and a narrow page scrolls inside the table', async () => {
  const { page, close } = await open(all, all.hosted);
  const counts = (seed) => Array.from({ length: 2000 }, (_, group) => 1 + ((group * 7 + seed) % 3));
  const dumps = [1, 2, 3].map((seed) => ({ name: `web-${seed}.txt`, bytes: Buffer.from(madeUp(counts(seed))) }));
  await drop(page, ...dumps);
  await inState(page, 'ready');
  await page.locator('#tab-fleet').click();
  await page.waitForSelector('[data-view="series"], [data-view="fleet"]');
  if (await page.locator('#as-fleet').isVisible()) await page.locator('#as-fleet').click();
  await settled(page);
  const nodes = () => page.evaluate(() => document.querySelectorAll('*').length);
  assert.ok((await nodes()) < 1500, `${await nodes()} nodes`);
  await page.locator('.fleet-matrix').evaluate((matrix) => matrix.scrollTo(0, matrix.scrollHeight));
  await page.waitForSelector('.fleet-row[data-index="1999"] [aria-label]');
  assert.ok((await nodes()) < 1500);
  await close();

  const narrow = await look(ZIP, { viewport: { width: 390, height: 844 } });
  const overflow = await narrow.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(overflow <= 0, `${overflow} px too wide`);
  assert.ok(await narrow.page.locator('.fleet-matrix').evaluate((matrix) => matrix.scrollWidth > matrix.clientWidth));
  const odd = await narrow.page.locator('.fleet-odd b.fleet-sick').allInnerTexts();
  assert.deepEqual(odd.map(short).sort(), [...SICK].sort(), 'the odd ones come first, as a list');
  await narrow.close();
});
