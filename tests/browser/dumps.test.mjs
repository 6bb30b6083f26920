// Real dumps on their ways into the page, and the numbers that independent readers found in them.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { drop, eventually, hasRead, inState, open, paste, pick, real, sortedRowCounts, start, totals, trueCounts, unpacked } from './harness.mjs';

const all = await start();

const DUMPS = [
  'scenarios/sendleak/1.27.3/early.debug2.txt.gz',
  'scenarios/hungclient/1.19.8/late.debug2.txt.gz',
  'scenarios/lockdead/1.24.11/early.debug2.txt.gz',
  'scenarios/idlepool/1.21.13/early.debug2.txt.gz',
  'scenarios/big10k/1.27.3/t0.debug2.txt.gz',
  'crash/1.24.11/signal-SIGQUIT.all.txt',
];

async function shows(page, dump) {
  await inState(page, 'ready');
  await eventually(() => totals(page), { groups: dump.truth.distinct, goroutines: dump.truth.total });
  await eventually(() => sortedRowCounts(page), trueCounts(dump));
}

for (const path of DUMPS) {
  test(`dropped, ${path} shows what is in it`, async () => {
    const dump = real(path);
    const { page, complaints, close } = await open(all, all.hosted);
    await drop(page, dump);
    await shows(page, dump);
    assert.deepEqual(complaints, []);
    await close();
  });
}

test('from disk, a dropped dump shows the same', async () => {
  const dump = real(DUMPS[0]);
  const { page, close } = await open(all, all.from_disk);
  await drop(page, dump);
  await shows(page, dump);
  await close();
});

test('a dump chosen in the file dialog shows what is in it', async () => {
  const dump = real(DUMPS[1]);
  const { page, close } = await open(all, all.hosted);
  const [dialog] = await Promise.all([page.waitForEvent('filechooser'), page.keyboard.press('o')]);
  await dialog.setFiles(dump.path);
  await shows(page, dump);
  await close();
});

test('text pasted with the keyboard shows what is in it', async () => {
  const dump = real(DUMPS[2]);
  const { page, close } = await open(all, all.hosted);
  await paste(page, unpacked(dump.bytes));
  await shows(page, dump);
  await close();
});

test('several files chosen at once stand side by side', async () => {
  const dumps = DUMPS.slice(0, 3).map(real);
  const { page, close } = await open(all, all.hosted);
  await pick(page, ...dumps.map((dump, index) => ({ name: `${index}.txt.gz`, bytes: dump.bytes })));
  await hasRead(page, dumps.length);
  for (const [index, dump] of dumps.entries()) {
    await page.getByRole('button', { name: `${index}.txt.gz` }).first().click();
    await shows(page, dump);
  }
  await close();
});

test('every sample of the empty page opens', async () => {
  const { page, close } = await open(all, all.hosted);
  const n_samples = await page.locator('.sample').count();
  assert.ok(n_samples >= 3, `${n_samples} samples`);
  await close();
  for (let index = 0; index < n_samples; index += 1) {
    const { page, requests, close } = await open(all, all.hosted);
    await page.locator('.sample').nth(index).click();
    await inState(page, 'ready');
    // Samples of several dumps lead to another view.
    await page.locator('#tab-groups').click();
    const { goroutines } = await totals(page);
    assert.ok(goroutines > 0);
    assert.deepEqual(requests, [all.hosted]);
    await close();
  }
});
