// Measures the page in a real browser: from choosing a file to the ranked table on the screen.
//
// `cargo xtask bench` runs it. The yardstick of the same run is a worker that reads the same file in the same slices
// and does nothing with them, so that a ratio means the same on every machine.

import { closeSync, mkdirSync, openSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';

import { launch, manifest, open, real, totals, unpacked } from './harness.mjs';

const RUNS = 5;
const SLICE_BYTES = 4 * 1024 * 1024;
const SLICES_IN_FLIGHT = 8;

const folder = process.env.STACKHERD_BENCH ?? 'target/bench';
const sizes_megabytes = (process.env.STACKHERD_BENCH_MEGABYTES ?? '10,100').split(',').map(Number);

/** Every goroutine of the newest Go version's debug=2 scenarios, without its id. */
function realGoroutines() {
  const wanted = /^scenarios\/[^/]+\/1\.27\.3\/(early|t0)\.debug2\.txt/;
  const paths = manifest().files.map((file) => file.path).filter((path) => wanted.test(path));
  const texts = paths.map((path) => unpacked(real(path).bytes));
  return texts.flatMap((text) => text.split(/\n\n+(?=goroutine \d)/)).map((block) => block.trim().replace(/^goroutine \d+/, ''));
}

/** Writes a dump of at least `megabytes`, every goroutine with an id and addresses of its own; returns their number. */
function write(path, megabytes) {
  const blocks = realGoroutines().map((block) => block.split(/0xc[0-9a-f]{9,}/));
  const file = openSync(path, 'w');
  let n_goroutines = 0;
  let written = 0;
  let address = 0xc000000000;
  while (written < megabytes * 1e6) {
    let text = '';
    for (const parts of blocks) {
      n_goroutines += 1;
      text += `goroutine ${n_goroutines}${parts[0]}`;
      for (const part of parts.slice(1)) {
        address += 64;
        text += `0x${address.toString(16)}${part}`;
      }
      text += '\n\n';
    }
    written += writeSync(file, text);
  }
  closeSync(file);
  return n_goroutines;
}

/** Milliseconds from the choice of the file to a table on the screen. */
async function drop(all, path, n_goroutines) {
  const { page, close } = await open(all, all.hosted);
  await page.evaluate(() => {
    globalThis.measured = new Promise((resolve) => {
      let started = 0;
      addEventListener('change', () => (started = performance.now()), { capture: true, once: true });
      const look = () => {
        if (document.querySelector('main[data-state="ready"] .group-list-row')) requestAnimationFrame(() => resolve(performance.now() - started));
        else requestAnimationFrame(look);
      };
      look();
    });
  });
  await page.setInputFiles('#choose-files', path);
  const millis = await page.evaluate(() => globalThis.measured);
  const { goroutines } = await totals(page);
  if (goroutines !== n_goroutines) throw new Error(`the page shows ${goroutines} goroutines, not ${n_goroutines}`);
  await close();
  return millis;
}

/** Milliseconds that merely reading the file takes in a worker. */
async function read(all, path) {
  const context = await all.browser.newContext();
  const page = await context.newPage();
  await page.goto(all.recorder.url);
  await page.setContent('<input type="file">');
  await page.evaluate(
    ([slice, in_flight]) => {
      const body = `onmessage = async ({ data: file }) => {
        let offset = 0;
        const lane = async () => {
          while (offset < file.size) {
            const start = offset;
            offset += ${slice};
            await file.slice(start, start + ${slice}).arrayBuffer();
          }
        };
        await Promise.all(Array.from({ length: ${in_flight} }, lane));
        postMessage('done');
      };`;
      const worker = new Worker(URL.createObjectURL(new Blob([body])));
      globalThis.measured = new Promise((resolve) => {
        document.querySelector('input').onchange = ({ target }) => {
          const started = performance.now();
          worker.onmessage = () => resolve(performance.now() - started);
          worker.postMessage(target.files[0]);
        };
      });
    },
    [SLICE_BYTES, SLICES_IN_FLIGHT],
  );
  await page.setInputFiles('input', path);
  const millis = await page.evaluate(() => globalThis.measured);
  await context.close();
  return millis;
}

function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

const all = await launch();
mkdirSync(folder, { recursive: true });
const results = [];
for (const megabytes of sizes_megabytes) {
  const path = join(folder, `page-${megabytes}.txt`);
  const n_goroutines = write(path, megabytes);
  const bytes = statSync(path).size;
  const drop_millis = [];
  const read_millis = [];
  // In turns, so that a busy moment of the machine hits both.
  for (let run = 0; run < RUNS; run += 1) {
    read_millis.push(await read(all, path));
    drop_millis.push(await drop(all, path, n_goroutines));
  }
  rmSync(path);
  const ratio = median(drop_millis) / median(read_millis);
  results.push({ bytes, n_goroutines, read_millis, drop_millis, ratio });
  console.log(`${megabytes} MB, ${n_goroutines} goroutines: table after ${median(drop_millis).toFixed(0)} ms, ${ratio.toFixed(2)} × merely reading`);
}
const machine = { cpu: cpus()[0].model, n_cpus: cpus().length, memory_bytes: totalmem(), browser: all.browser.version() };
await all.end();

writeFileSync(join(folder, 'report.json'), `${JSON.stringify({ machine, runs: RUNS, results }, null, 1)}\n`);
const rows = results.map((one) => {
  const megabytes = (one.bytes / 1e6).toFixed(0);
  const speed = one.bytes / 1e3 / median(one.drop_millis);
  const [read_one, drop_one] = [median(one.read_millis), median(one.drop_millis)].map((millis) => millis.toFixed(0));
  return `| ${megabytes} MB | ${one.n_goroutines} | ${read_one} ms | ${drop_one} ms | ${speed.toFixed(0)} MB/s | ${one.ratio.toFixed(2)} |`;
});
writeFileSync(
  join(folder, 'report.md'),
  `# The page, measured\n\n${machine.n_cpus} × ${machine.cpu}, Chromium ${machine.browser}; medians of ${RUNS} runs.\n\n` +
    '| dump | goroutines | merely reading the file | file to table | speed | ratio |\n| --- | --- | --- | --- | --- | --- |\n' +
    `${rows.join('\n')}\n`,
);
console.log(`Written to ${join(folder, 'report.md')}`);
