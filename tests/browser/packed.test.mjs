// What dumps come in: archives, compressed files, folders, logs, and files that were cut off.

import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { drop, eventually, inState, open, paste, real, sortedRowCounts, start, totals, trueCounts, unpacked } from './harness.mjs';

const all = await start();

const packed = fileURLToPath(new URL('../corpus/packed/', import.meta.url));
const file = (name) => ({ name, bytes: readFileSync(join(packed, name)) });

const SENDLEAK = { groups: 6, goroutines: 267 };

for (const name of ['sendleak.txt.gz', 'sendleak.txt.zst', 'sendleak.txt.xz', 'sendleak.txt.bz2']) {
  test(`${name} shows what is in it`, async () => {
    const { page, complaints, close } = await open(all, all.hosted);
    await drop(page, file(name));
    await inState(page, 'ready');
    await eventually(() => totals(page), SENDLEAK);
    assert.deepEqual(complaints, []);
    await close();
  });
}

/** The dumps that stand side by side: their names and goroutines, in order. */
async function dumps(page) {
  const found = [];
  await page.locator('#tab-groups').click();
  for (const dump of await page.locator('.dump[data-dump]').all()) {
    await dump.locator('button').first().click();
    await page.waitForSelector('[role="grid"][aria-busy="false"]');
    found.push([(await dump.innerText()).split('\n')[0].trim(), (await totals(page)).goroutines]);
  }
  return found;
}

for (const name of ['pods.zip', 'pods.tar.gz', 'pods.tar.zst', 'pods.tar.xz', 'pods.tar.bz2']) {
  test(`${name} shows every dump in it, and says what is none`, async () => {
    const { page, complaints, close } = await open(all, all.hosted);
    await drop(page, file(name));
    await inState(page, 'ready');
    await eventually(() => page.locator('.dump[data-dump]').count(), 3);
    const goroutines = (await dumps(page)).map(([, n]) => n).sort((a, b) => a - b);
    assert.deepEqual(goroutines, [267, 267, 506]);
    await page.locator('#tab-issues').click();
    const skipped = page.locator('.input-issue');
    assert.equal(await skipped.count(), 1);
    assert.match(await skipped.innerText(), /pods\/README\.txt/);
    assert.deepEqual(complaints, []);
    await close();
  });
}

test('forty pods in one archive stand side by side', async () => {
  const fleet = real('fleet/checkout-40-pods.zip');
  const { page, complaints, close } = await open(all, all.hosted);
  await drop(page, fleet);
  await inState(page, 'ready');
  await eventually(() => page.locator('.dump[data-dump]').count(), 40);
  await page.locator('#tab-groups').click();
  const found = await dumps(page);
  assert.equal(found.reduce((sum, [, n]) => sum + n, 0), fleet.truth.total);
  assert.deepEqual(complaints, []);
  await close();
});

test('a dropped folder is read with what is in its folders', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'stackherd-'));
  after(() => rmSync(folder, { recursive: true }));
  const pods = join(folder, 'pods');
  mkdirSync(join(pods, 'deeper'), { recursive: true });
  writeFileSync(join(pods, 'deeper', 'one.txt'), unpacked(readFileSync(join(packed, 'sendleak.txt.gz'))));
  cpSync(join(packed, 'sendleak.txt.xz'), join(pods, 'two.txt.xz'));
  const { page, complaints, close } = await open(all, all.hosted);
  // Only the browser itself can make a folder that a page may walk through.
  const devtools = await page.context().newCDPSession(page);
  const data = { items: [], files: [pods], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop']) {
    await devtools.send('Input.dispatchDragEvent', { type, x: 700, y: 450, data });
  }
  await inState(page, 'ready');
  await eventually(() => page.locator('.dump[data-dump]').count(), 2);
  assert.deepEqual((await dumps(page)).map(([, n]) => n), [267, 267]);
  assert.deepEqual(complaints, []);
  await close();
});

test('a pasted kubectl log shows the dump in it, and says what was removed', async () => {
  const log = real('wrapped/kubectl-timestamps.log.gz');
  const { page, complaints, close } = await open(all, all.hosted);
  await paste(page, unpacked(log.bytes));
  await inState(page, 'ready');
  await eventually(() => totals(page), { groups: log.truth.distinct, goroutines: log.truth.total });
  await eventually(() => sortedRowCounts(page), trueCounts(log));
  await page.locator('#tab-issues').click();
  await page.waitForSelector('.note-list li[data-kind="timestamp-prefix"]');
  assert.deepEqual(complaints, []);
  await close();
});

test('a dump that was cut off shows what is there, and where it ends', async () => {
  const cut = real('wrapped/cut-short.txt.gz');
  const { page, close } = await open(all, all.hosted);
  await drop(page, cut);
  await inState(page, 'ready');
  assert.equal((await totals(page)).goroutines, cut.truth.total);
  await page.locator('#tab-issues').click();
  const issue = page.locator('.issue-table tr[data-kind="truncated"]');
  assert.match(await issue.innerText(), /byte [\d,]+/);
  await close();
});

test('a counter log shows its numbers as a chart and as a table', async () => {
  const lines = Array.from({ length: 30 }, (_, i) => `2026-11-21T01:${String(i).padStart(2, '0')}:00Z level=info msg=stats num_goroutine=${100 + 7 * i}\n`);
  const { page, complaints, close } = await open(all, all.hosted);
  await drop(page, { name: 'app.log', bytes: lines.join('') });
  await inState(page, 'ready');
  await page.waitForSelector('.series-chart');
  assert.match(await page.locator('.verdict h1').innerText(), /from 100 to 303/);
  assert.match(await page.locator('.series-table').innerText(), /01:01:00\s+107\s+\+7/);
  assert.deepEqual(complaints, []);
  await close();
});

test('a log of one good and one bad file shows the good one and names the bad one', async () => {
  const { page, close } = await open(all, all.hosted);
  await drop(page, file('sendleak.txt.gz'), { name: 'heap.txt', bytes: 'heap profile: 3: 4096 [9: 8192] @ heap/1048576\n' });
  await inState(page, 'ready');
  await eventually(() => totals(page), SENDLEAK);
  await page.locator('#tab-issues').click();
  await page.waitForSelector('.input-issue[data-kind="unsupported-profile"]');
  await close();
});
