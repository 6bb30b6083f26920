// What the end-to-end tests share: a server for the built page, a browser, and hands and eyes in the page.
//
// `cargo xtask test --only page,browser` builds the page and sets the variables that are read here.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { gunzipSync } from 'node:zlib';

/** Time for whatever a test waits for; a broken page fails late, a slow machine does not fail. */
const PATIENCE_MILLIS = 60_000;

/** The page as it was built. */
export const page_file = setting('STACKHERD_PAGE');

function setting(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run \`cargo xtask test --only page,browser\``);
  return value;
}

/** A loopback server: sends `body` for every path, and remembers every request. */
async function startServer(body, headers) {
  const hits = [];
  const server = createServer((request, response) => {
    hits.push(`${request.method} ${request.url}`);
    response.writeHead(200, headers).end(body);
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  return { url: `http://127.0.0.1:${server.address().port}/`, hits, close: () => server.close() };
}

/** Starts everything a test file needs, and ends it after the file's last test. */
export async function start() {
  const all = await launch();
  after(all.end);
  return all;
}

/**
 * Starts the servers and the browser.
 *
 * `hosted` and `from_disk` are the page's two addresses; `recorder` answers everybody who asks, and counts them.
 */
export async function launch() {
  const page_server = await startServer(readFileSync(page_file), { 'content-type': 'text/html; charset=utf-8' });
  const recorder = await startServer('hello', { 'access-control-allow-origin': '*' });
  const playwright = createRequire(import.meta.url)(setting('STACKHERD_PLAYWRIGHT'));
  const browser = await playwright.chromium.launch({
    executablePath: setting('STACKHERD_CHROME'),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  const end = async () => {
    await browser.close();
    page_server.close();
    recorder.close();
  };
  return { browser, recorder, page_hits: page_server.hits, hosted: page_server.url, from_disk: pathToFileURL(page_file).href, end };
}

/**
 * Opens the page in a fresh profile and waits until it can take dumps.
 *
 * `requests` lists what the page and its workers ask the network or the disk for, from the first moment on;
 * `complaints` lists errors and warnings of the console.
 */
export async function open({ browser }, address, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  context.setDefaultTimeout(PATIENCE_MILLIS);
  const page = await context.newPage();
  // Somebody must be there to answer a file dialog from the start, or the first one opens for nobody.
  page.on('filechooser', () => {});
  const requests = [];
  const complaints = [];
  context.on('request', (request) => {
    // These two are addresses inside the page's own memory.
    if (!/^(blob|data):/.test(request.url())) requests.push(request.url());
  });
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.goto(address);
  await page.waitForSelector('.app[data-reader="ready"] main[data-state="empty"]');
  return { page, requests, complaints, close: () => context.close() };
}

/** Waits until the page says that it is in one of `states`. */
export async function inState(page, ...states) {
  await page.waitForSelector(states.map((state) => `main[data-state="${state}"]`).join(', '));
}

/** Waits until the page has read `n_runs` dumps to the end, well or not. */
export async function hasRead(page, n_runs) {
  await page.waitForSelector(`.app[data-runs="${n_runs}"]`);
}

/** Waits until what `look` sees is `expected`; fails with the difference when that takes too long. */
export async function eventually(look, expected) {
  const end = Date.now() + PATIENCE_MILLIS;
  while (Date.now() < end && !isDeepStrictEqual(await look(), expected)) await new Promise((resolve) => setTimeout(resolve, 50));
  assert.deepEqual(await look(), expected);
}

/** Drops files on the page: `{ name, bytes }`, as a file manager does. */
export async function drop(page, ...files) {
  const portable = files.map(({ name, bytes }) => ({ name, base64: Buffer.from(bytes).toString('base64') }));
  await page.evaluate((list) => {
    const transfer = new DataTransfer();
    for (const { name, base64 } of list) {
      const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
      transfer.items.add(new File([bytes], name));
    }
    const target = document.querySelector('main');
    for (const type of ['dragenter', 'dragover', 'drop']) {
      target.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, composed: true, dataTransfer: transfer }));
    }
  }, portable);
}

/** Chooses files in the page's file dialog: paths, or `{ name, bytes }`. */
export async function pick(page, ...files) {
  const portable = files.map((file) =>
    typeof file === 'string' ? file : { name: file.name, mimeType: 'application/octet-stream', buffer: Buffer.from(file.bytes) },
  );
  await page.setInputFiles('#choose-files', portable);
}

/** Copies `text` and pastes it with the keyboard. */
export async function paste(page, text) {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.evaluate((copied) => navigator.clipboard.writeText(copied), text);
  await page.keyboard.press('ControlOrMeta+V');
}

const corpus_folder = fileURLToPath(new URL('../corpus', import.meta.url));

/** What is known of all real dumps. */
export function manifest() {
  return JSON.parse(readFileSync(join(corpus_folder, 'MANIFEST.json'), 'utf8'));
}

/** A real dump: its path, its name and its bytes, and what its MANIFEST entry says is true of it. */
export function real(path) {
  const truth = manifest().files.find((file) => file.path === path);
  assert.ok(truth, `${path} is not in the corpus`);
  const file = join(corpus_folder, path);
  return { path: file, name: path.split('/').pop(), bytes: readFileSync(file), truth };
}

/** The text in `bytes`, whether they are compressed or not. */
export function unpacked(bytes) {
  return (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString();
}

/** What independent readers found, once it was read. */
let truths;

/** How many goroutines each group of a real dump has, the largest first, as an independent reader counted them. */
export function trueCounts({ truth }) {
  truths ??= unpacked(readFileSync(join(corpus_folder, 'truth.jsonl.gz'))).trim().split('\n').map((line) => JSON.parse(line));
  const { groups } = truths.find((known) => known.path === truth.path) ?? assert.fail(`nothing is known of ${truth.path}`);
  return groups.map((group) => group.count).sort((a, b) => b - a);
}

/** Waits for the rows in sight: one that has not come yet has no name, and while some are on their way the grid is busy. */
export async function rowsCame(page) {
  await page.waitForSelector('[role="grid"][aria-busy="false"] .group-list-row[aria-label]');
}

/** The first number in the name of every row drawn: its goroutines. */
export async function rowCounts(page) {
  await rowsCame(page);
  const names = await rowNames(page);
  return names.map((name) => (name === null ? null : Number(name.split(' ')[0].replaceAll(',', ''))));
}

/** The same, the largest first: rows stand by suspicion. */
export async function sortedRowCounts(page) {
  return (await rowCounts(page)).sort((a, b) => b - a);
}

/** What a screen reader says of every row drawn, in order. */
export async function rowNames(page) {
  return page.locator('.group-list-row').evaluateAll((rows) => {
    const at = (row) => Number(row.getAttribute('data-index'));
    return rows.sort((a, b) => at(a) - at(b)).map((row) => row.getAttribute('aria-label'));
  });
}

/** The totals of the last line: `7 groups, 267 goroutines`. */
export async function totals(page) {
  const text = await page.locator('footer').innerText();
  const [, groups, goroutines] = text.match(/([\d,]+) groups, ([\d,]+) goroutines/) ?? assert.fail(text);
  const number = (digits) => Number(digits.replaceAll(',', ''));
  return { groups: number(groups), goroutines: number(goroutines) };
}

/**
 * Text of a dump with `counts[i]` goroutines in the i-th of as many different stacks.
 *
 * Ids and addresses are all different, as in a real process.
 */
export function madeUp(counts) {
  const parts = [];
  let goid = 0;
  for (const [group, count] of counts.entries()) {
    for (let i = 0; i < count; i += 1) {
      goid += 1;
      const address = `0xc${(goid * 64).toString(16).padStart(9, '0')}`;
      parts.push(
        `goroutine ${goid} [chan receive]:\n` +
          `example.com/shop/stock.(*Shelf${group}).wait(${address})\n\t/src/shop/stock/shelf.go:${group + 10} +0x1d\n` +
          `example.com/shop/stock.Run(${address}, 0x${group.toString(16)})\n\t/src/shop/stock/run.go:42 +0x85\n` +
          `created by example.com/shop/stock.Start in goroutine 1\n\t/src/shop/stock/start.go:17 +0x5c\n\n`,
      );
    }
  }
  return parts.join('');
}
