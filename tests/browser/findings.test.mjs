// What is wrong, why, and what to change: from the verdict to the fix, and the reader's own rules.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { drop, eventually, inState, open, real, rowsCame, start } from './harness.mjs';

const all = await start();

const LEAK = real('scenarios/hungclient/1.27.3/late.debug2.txt.gz');
const DEADLOCK = real('scenarios/lockdead/1.27.3/late.debug2.txt.gz');
const HEALTHY = real('scenarios/idlepool/1.27.3/late.debug2.txt.gz');

/** `worker.go:89`, where the planted defect is. */
function place({ truth }, leak = 0) {
  const { file, line } = truth.expected_leaks[leak].culprit;
  return `${file.split('/').pop()}:${line}`;
}

/** Opens the page with a dump, and waits for the judgement. */
async function judged(dump, options = {}) {
  const opened = await open(all, all.hosted, options);
  await opened.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await drop(opened.page, dump);
  await inState(opened.page, 'ready');
  await opened.page.locator('#findings[aria-busy="false"]').waitFor({ state: 'attached' });
  await rowsCame(opened.page);
  return opened;
}

const current = (page) => page.locator('.finding-card[aria-current="true"]');
const clipboard = (page) => page.evaluate(() => navigator.clipboard.readText());

/** Whether an element is wholly in the window, and not scrolled away. */
const inSight = (locator) =>
  locator.evaluate((element) => {
    const { top, bottom, left, right } = element.getBoundingClientRect();
    const middle = document.elementFromPoint((left + right) / 2, top + 4);
    return top >= 0 && bottom <= innerHeight && left >= 0 && right <= innerWidth && element.contains(middle);
  });

test('the verdict names the place, and the stack and the fix are in sight without a click', async () => {
  const { page, complaints, close } = await judged(LEAK);
  const verdict = page.locator('.verdict h1');
  await verdict.getByText(place(LEAK)).waitFor();
  assert.match(await verdict.innerText(), /105/);
  await current(page).waitFor();
  assert.equal(await current(page).count(), 1);
  assert.match(await current(page).getAttribute('data-severity'), /warning|critical/);
  await page.locator('#detail[aria-busy="false"] .stack-frame').first().waitFor();
  assert.ok((await page.locator('#detail').innerText()).includes(place(LEAK)));
  for (const selector of ['.stack-frame-culprit', '#fix-brief h3', '#fix-brief .code-line-added >> nth=0']) {
    assert.ok(await inSight(page.locator(selector)), `${selector} is in sight`);
  }
  assert.match(await page.locator('#fix-brief').innerText(), /pattern, not your source/);
  assert.deepEqual(complaints, []);
  await close();
});

test('a finding shows its evidence, its doubts and its rule, and is copied as Markdown', async () => {
  const { page, complaints, close } = await judged(LEAK);
  await page.locator('#how-to-fix').click();
  const finding = page.locator('#finding');
  await finding.waitFor();
  assert.equal(await page.locator('#tab-fix').getAttribute('aria-selected'), 'true');
  assert.ok((await finding.locator('#finding-evidence li').count()) >= 2);
  assert.ok((await finding.locator('#finding-doubts li').count()) >= 1);
  assert.ok((await finding.locator('#finding-places').innerText()).includes(place(LEAK)));
  const link = finding.locator('.finding-reference a');
  assert.match(await link.getAttribute('href'), /^https:\/\//);
  assert.match(await link.getAttribute('rel'), /noopener/);
  await finding.locator('.rule-doc-button').click();
  await finding.locator('.prose h4').nth(3).waitFor();
  assert.equal((await finding.locator('.prose h4').allInnerTexts())[0], 'What it finds');
  await page.locator('#copy-finding').click();
  await page.locator('.toast').waitFor();
  const copied = await clipboard(page);
  assert.ok(copied.includes(place(LEAK)) && copied.includes('```'), copied);
  assert.deepEqual(complaints, []);
  await close();
});

test('two goroutines that hold each other up are one finding with both places', async () => {
  const { page, close } = await judged(DEADLOCK);
  const cards = page.locator('.finding-card');
  await cards.first().waitFor();
  assert.match(await page.locator('.verdict h1').innerText(), /deadlock/i);
  assert.equal(await page.locator('.verdict').getAttribute('data-tone'), 'critical');
  const texts = await cards.allInnerTexts();
  assert.ok(texts.some((text) => text.includes(place(DEADLOCK))), texts.join('\n---\n'));
  await close();
});

test('a healthy dump raises no alarm, and its idle goroutines can be hidden', async () => {
  const { page, close } = await judged(HEALTHY);
  assert.equal(await page.locator('.finding-card:is([data-severity="warning"], [data-severity="critical"])').count(), 0);
  assert.match(await page.locator('.verdict').getAttribute('data-tone'), /good|info/);
  const idle = page.locator('.group-list-row[data-idle]');
  const before = await idle.count();
  assert.ok(before > 0, 'something is idle');
  await page.locator('#hide-idle').click();
  await eventually(() => idle.count(), 0);
  assert.match(await page.locator('#group-count').innerText(), / of /);
  await page.locator('#idle-line button').click();
  await eventually(() => idle.count(), before);
  await idle.first().click();
  await page.locator('#idle-reason').waitFor();
  await close();
});

test('cards, rows and the fix are reached with the keyboard alone', async () => {
  const { page, close } = await judged(DEADLOCK);
  const cards = page.locator('.finding-card');
  await cards.first().waitFor();
  await current(page).focus();
  await page.keyboard.press('Home');
  const focused = () => page.evaluate(() => document.activeElement.getAttribute('data-finding'));
  assert.equal(await focused(), '0');
  if ((await cards.count()) > 1) {
    await page.keyboard.press('ArrowDown');
    assert.equal(await focused(), '1');
    await page.keyboard.press('Enter');
    await eventually(() => current(page).getAttribute('data-finding'), '1');
  }
  await page.keyboard.press('f');
  await page.locator('#finding').waitFor();
  await eventually(() => page.evaluate(() => document.activeElement.id), 'tab-fix');
  await page.keyboard.press('?');
  assert.match(await page.getByRole('dialog').innerText(), /go to the fix/);
  await close();
});

test('findings speak the language of the page', async () => {
  const { page, close } = await judged(LEAK);
  const title = page.locator('.finding-card-title').first();
  const english = await title.innerText();
  await page.locator('#switch-language').click();
  await page.waitForFunction((before) => document.querySelector('.finding-card-title').innerText !== before, english);
  for (const text of [await title.innerText(), await page.locator('.verdict h1').innerText()]) {
    assert.match(text, /[\u4e00-\u9fff]/);
    assert.ok(text.includes(place(LEAK)), text);
  }
  await close();
});

test('the summary is copied with one click', async () => {
  const { page, close } = await judged(LEAK);
  await page.locator('#copy-summary').click();
  await page.locator('.toast').waitFor();
  assert.ok((await clipboard(page)).includes(place(LEAK)));
  await close();
});

test('texts to act with are shown, copied and saved', async () => {
  const { page, requests, complaints, close } = await judged(LEAK);
  await page.keyboard.press('e');
  const dialog = page.getByRole('dialog');
  const text = (kind) => dialog.locator(`.export-text[data-kind="${kind}"][data-ready="true"]`);
  await text('incident-summary').getByText(place(LEAK)).first().waitFor();
  await dialog.locator('#tab-prometheus-rule').click();
  assert.match(await text('prometheus-rule').innerText(), /go_goroutines/);
  await dialog.locator('#tab-goleak-options').click();
  const options = await text('goleak-options').innerText();
  assert.match(options, /goleak\./);
  await dialog.locator('#copy-export').click();
  await eventually(async () => (await clipboard(page)).trim(), options.trim());
  const [download] = await Promise.all([page.waitForEvent('download'), dialog.locator('#save-export').click()]);
  assert.equal(download.suggestedFilename(), 'goleak_options.go');
  assert.equal(readFileSync(await download.path(), 'utf8').trim(), options.trim());
  assert.deepEqual(requests, [all.hosted]);
  assert.deepEqual(complaints, []);
  await close();
});

test("the reader's own rules find, are explained when they are wrong, and are remembered", async () => {
  const { page, close } = await judged(HEALTHY);
  const settings = async (rules) => {
    await page.locator('#show-settings').click();
    await page.locator('#rules').fill(rules);
    await page.locator('#apply-settings').click();
  };
  const done = async () => {
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  };
  await settings('[[rule]]\nname = "mine"\nseverty = "info"\n');
  await page.locator('#rules-error', { hasText: /line|severty/ }).waitFor();
  await done();
  await settings('[[rule]]\nname = "mine"\nseverity = "warning"\nmessage = "my workers"\nany_frame = \'Pool\\)\\.worker\'\n');
  await page.locator('#rules-taken').waitFor();
  await done();
  await page.locator('.finding-card[data-rule="mine"]', { hasText: 'my workers' }).waitFor();
  await page.reload();
  await page.waitForSelector('.app[data-reader="ready"]');
  await drop(page, HEALTHY);
  await page.locator('.finding-card[data-rule="mine"]').waitFor();
  await settings('');
  await done();
  await page.locator('.finding-card[data-rule="mine"]').waitFor({ state: 'detached' });
  await close();
});

test('places lead to the source when a template is set, and never to a script', async () => {
  const { page, requests, complaints, close } = await judged(LEAK);
  assert.equal(await page.locator('a.stack-place').count(), 0);
  await page.locator('#show-settings').click();
  await page.locator('#source-link').fill('javascript:alert({line})');
  await page.locator('#apply-settings').click();
  await page.locator('#source-link-error').waitFor();
  await page.locator('#source-link').fill('https://git.example/blob/main{path}#L{line}');
  await page.locator('#apply-settings').click();
  await page.locator('#source-link-error').waitFor({ state: 'detached' });
  await page.keyboard.press('Escape');
  const link = page.locator('.stack-frame-culprit a.stack-place');
  await link.waitFor();
  const { file, line } = LEAK.truth.expected_leaks[0].culprit;
  assert.equal(await link.getAttribute('href'), `https://git.example/blob/main${file}#L${line}`);
  assert.match(await link.getAttribute('rel'), /noopener/);
  assert.deepEqual(requests, [all.hosted], 'a link is not followed by itself');
  assert.deepEqual(complaints, []);
  await close();
});

for (const [width, height] of [
  [1240, 800],
  [768, 1024],
  [390, 844],
]) {
  test(`${width} pixels wide, findings come over the groups and nothing scrolls sideways`, async () => {
    const { page, close } = await judged(DEADLOCK, { viewport: { width, height } });
    const list = page.locator('#findings');
    const fits = () => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth && document.body.scrollWidth <= innerWidth);
    assert.equal(await list.isVisible(), false);
    assert.ok(await fits());
    await page.locator('#show-findings').click();
    await list.waitFor();
    assert.ok(await fits());
    await page.keyboard.press('Escape');
    await list.waitFor({ state: 'hidden' });
    await page.locator('#show-findings').click();
    await page.locator('.finding-card').first().click();
    await list.waitFor({ state: 'hidden' });
    await page.locator('#detail .stack-frame').first().waitFor();
    await page.keyboard.press('f');
    await page.locator('#finding').waitFor();
    assert.ok(await fits());
    await close();
  });
}

test('sentences of a dump are text, never markup', async () => {
  const { page, complaints, close } = await open(all, all.hosted);
  const evil = '<img src=x onerror=alert(1)>';
  const stack = (goid) => `goroutine ${goid} [chan send, 9 minutes]:\nmain.(*${evil}).run(0x1)\n\t/src/${evil}.go:9 +0x1\ncreated by main.start in goroutine ${goid + 5000}\n\t/src/a.go:1 +0x1\n\n`;
  const bytes = Array.from({ length: 300 }, (_, index) => stack(index + 1)).join('');
  await drop(page, { name: 'evil.txt', bytes });
  await inState(page, 'ready');
  await page.locator('#findings[aria-busy="false"]').waitFor();
  assert.equal(await page.locator('img').count(), 0);
  assert.deepEqual(complaints, []);
  await close();
});
