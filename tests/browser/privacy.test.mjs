// The page's first promise: a dump never leaves it. Hosted and opened from disk alike.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { drop, inState, open, page_file, real, start } from './harness.mjs';

const all = await start();
const html = readFileSync(page_file, 'utf8');
const dump = real('scenarios/sendleak/1.27.3/early.debug2.txt.gz');

for (const place of ['hosted', 'from_disk']) {
  const where = place.replace('_', ' ');

  test(`${where}: nothing is requested once the page is there, whatever it reads`, async () => {
    const hits_before = all.page_hits.length;
    const { page, requests, complaints, close } = await open(all, all[place]);
    assert.deepEqual(requests, [all[place]]);
    await drop(page, dump);
    await inState(page, 'ready');
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.keyboard.press('?');
    await page.waitForTimeout(300);
    assert.deepEqual(requests, [all[place]]);
    assert.deepEqual(all.page_hits.slice(hits_before), place === 'hosted' ? ['GET /'] : []);
    assert.deepEqual(complaints, []);
    await close();
  });

  test(`${where}: even code inside the page or its worker cannot send anything`, async () => {
    const { page, close } = await open(all, all[place]);
    await drop(page, dump);
    await inState(page, 'ready');
    const workers = page.workers();
    assert.ok(workers.length > 0, 'the page has a worker');
    const before = all.recorder.hits.length;
    assert.equal(await page.evaluate(tryFetch, `${all.recorder.url}page`), 'refused');
    for (const worker of workers) {
      assert.equal(await worker.evaluate(tryFetch, `${all.recorder.url}worker`), 'refused');
      assert.equal(await worker.evaluate(tryImport, `${all.recorder.url}import`), 'refused');
      await worker.evaluate(tryQuietWays, all.recorder.url);
    }
    await page.evaluate(tryQuietWays, all.recorder.url);
    await page.evaluate(tryElements, all.recorder.url);
    await page.waitForTimeout(500);
    assert.deepEqual(all.recorder.hits.slice(before), []);
    await close();
  });
}

test('the recording server does see who is not held back', async () => {
  const context = await all.browser.newContext();
  const page = await context.newPage();
  await page.goto(all.recorder.url);
  const before = all.recorder.hits.length;
  assert.equal(await page.evaluate(tryFetch, `${all.recorder.url}control`), 'sent');
  assert.ok(all.recorder.hits.slice(before).includes('GET /control'));
  await context.close();
});

test('the policy stands before everything else and allows nothing but the page itself', () => {
  const head = html.slice(html.indexOf('<head'), html.indexOf('<title'));
  assert.match(head, /^<head>\s*<meta charset="utf-8"\/?>\s*<meta http-equiv="Content-Security-Policy" content="[^"]+">/i);
  assert.equal(html.match(/Content-Security-Policy/g).length, 1);
  const hashes = "'sha256-[A-Za-z0-9+/]{43}='";
  const promised = new RegExp(
    `^default-src 'none'; script-src ${hashes}( ${hashes})* 'wasm-unsafe-eval'; style-src ${hashes}( ${hashes})*; ` +
      "img-src data:; worker-src blob:; base-uri 'none'; form-action 'none'$",
  );
  assert.match(policy(), promised);
});

test('every script and style that runs is named by its hash', async () => {
  const { page, close } = await open(all, all.hosted);
  const response = await page.context().request.get(all.hosted);
  const found = await page.evaluate((text) => {
    const parsed = new DOMParser().parseFromString(text, 'text/html');
    const texts = (selector) => [...parsed.querySelectorAll(selector)].map((element) => element.textContent);
    return {
      running: texts('script:not([type="text/plain"]), style'),
      loading: parsed.querySelectorAll('script[src], link:not([href^="data:"]), img, iframe, object, embed').length,
      inline: [...parsed.querySelectorAll('*')].flatMap((element) => element.getAttributeNames()).filter((name) => /^(on|style$)/.test(name)),
    };
  }, await response.text());
  assert.ok(found.running.length >= 2);
  for (const text of found.running) {
    const hash = createHash('sha256').update(text).digest('base64');
    assert.ok(policy().includes(`'sha256-${hash}'`), text.slice(0, 80));
  }
  assert.equal(found.loading, 0);
  assert.deepEqual(found.inline, []);
  await close();
});

function policy() {
  return html.match(/http-equiv="Content-Security-Policy" content="([^"]+)"/)[1];
}

/** Runs in the page or in a worker. */
function tryFetch(url) {
  return fetch(url).then(
    () => 'sent',
    () => 'refused',
  );
}

/** Runs in a worker. */
function tryImport(url) {
  try {
    importScripts(url);
    return 'sent';
  } catch {
    return 'refused';
  }
}

/** Ways that tell the caller nothing. Runs in the page or in a worker. */
function tryQuietWays(url) {
  const ways = [
    () => new WebSocket(`${url.replace('http', 'ws')}socket`),
    () => new EventSource(`${url}events`),
    () => navigator.sendBeacon?.(`${url}beacon`, 'data'),
    () => {
      const request = new XMLHttpRequest();
      request.open('POST', `${url}xhr`);
      request.send('data');
    },
    () => new Worker(`${url}worker.js`),
  ];
  for (const way of ways) {
    try {
      way();
    } catch {
      // Refused at once: as good as refused later.
    }
  }
}

/** What markup could load. Runs in the page. */
function tryElements(url) {
  const elements = [
    ['img', 'src'],
    ['script', 'src'],
    ['iframe', 'src'],
    ['audio', 'src'],
    ['embed', 'src'],
    ['object', 'data'],
    ['link', 'href'],
  ];
  for (const [name, attribute] of elements) {
    const element = document.createElement(name);
    if (name === 'link') element.rel = 'stylesheet';
    element.setAttribute(attribute, `${url}${name}`);
    document.body.append(element);
  }
}
