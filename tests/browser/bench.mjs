// Measures the page in a real browser: from choosing a file to the ranked table on the screen.
//
// `cargo xtask bench` runs it. The yardstick of the same run is a worker that reads the same file in the same slices
// and does nothing with them, so that a ratio means the same on every machine.

import { closeSync, mkdirSync, openSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';

import { launch, manifest, open, real, totals, unpacked } from './harness.mjs';

const RUNS = 5;
const SLICE_BYTES = 4 * 1024 * 1024;
const SLICES_IN_FLIGHT = 8;

const folder = process.env.STACKHERD_BENCH ?? 'target/bench';
const sizes_megabytes = (process.env.STACKHERD_BENCH_MEGABYTES ?? '10,100').split(',').map(Number).filter((megabytes) => megabytes > 0);

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

/** Writes a dump of a million goroutines in about 2,000 stacks, and returns their number. */
function writeMillion(path) {
  const blocks = realGoroutines().filter((block) => block.length < 700 && /:\d+/.test(block));
  const n_variants = Math.ceil(2000 / blocks.length);
  const file = openSync(path, 'w');
  const n_goroutines = 1_000_000;
  let text = '';
  for (let at = 0; at < n_goroutines; at += 1) {
    const block = blocks[at % blocks.length];
    const variant = Math.floor(at / blocks.length) % n_variants;
    // Another line makes another stack.
    text += `goroutine ${at + 1}${block.replace(/:(\d+)(?= \+0x|\n|$)/, (_, line) => `:${Number(line) + variant}`)}\n\n`;
    if (text.length > 1e7) {
      writeSync(file, text);
      text = '';
    }
  }
  writeSync(file, text);
  closeSync(file);
  return n_goroutines;
}

/** Goroutines of each of the two dumps that are compared. */
const PAIR_GOROUTINES = 100_000;
/** Instances of the fleet, and goroutines of each. */
const INSTANCES = 40;
const INSTANCE_GOROUTINES = 10_000;
/** Distinct stacks in each of these dumps. */
const N_STACKS = 2000;

/** Blocks of real goroutines, and how many variants of each make `n_stacks` stacks. */
function stacks(n_stacks) {
  const blocks = realGoroutines().filter((block) => block.length < 700 && /:\d+/.test(block));
  return { blocks, n_variants: Math.ceil(n_stacks / blocks.length) };
}

/** A goroutine: another line makes another stack. */
function goroutine(goid, block, variant, minutes) {
  const moved = block.replace(/:(\d+)(?= \+0x|\n|$)/, (_, line) => `:${Number(line) + variant}`);
  return `goroutine ${goid}${moved.replace(/^ \[([^\],]+)(?:, \d+ minutes)?/, ` [$1, ${minutes} minutes`)}\n\n`;
}

/** Writes two dumps of one process, ten minutes apart: one in twenty goroutines ended, as many and half as many more began. */
function writePair(paths) {
  const { blocks, n_variants } = stacks(N_STACKS);
  const text = (goids, minutes) =>
    goids.map((goid) => goroutine(goid, blocks[goid % blocks.length], Math.floor(goid / blocks.length) % n_variants, minutes)).join('');
  const before = Array.from({ length: PAIR_GOROUTINES }, (_, index) => index + 1);
  const born = Array.from({ length: PAIR_GOROUTINES / 20 }, (_, index) => PAIR_GOROUTINES + index + 1);
  const after = [...before.filter((goid) => goid % 20 !== 0), ...born];
  writeFileSync(paths[0], text(before, 5));
  writeFileSync(paths[1], text(after, 15));
  return before.length + after.length;
}

/** Writes an archive of the dumps of `INSTANCES` instances, three of which have a crowd on one stack. */
function writeFleet(path) {
  const { blocks, n_variants } = stacks(N_STACKS);
  const entries = Array.from({ length: INSTANCES }, (_, instance) => {
    const is_sick = instance % 13 === 6;
    let text = '';
    for (let goid = 1; goid <= INSTANCE_GOROUTINES; goid += 1) {
      const at = is_sick && goid % 3 === 0 ? 0 : (goid * (instance + 7)) % (blocks.length * n_variants);
      text += goroutine(goid, blocks[at % blocks.length], Math.floor(at / blocks.length), 5);
    }
    return { name: `pods/checkout-7c9fd8b-pod${String(instance + 1).padStart(2, '0')}.txt`, bytes: Buffer.from(text) };
  });
  const unpacked_bytes = entries.reduce((sum, { bytes }) => sum + bytes.length, 0);
  writeFileSync(path, zip(entries));
  return { n_goroutines: INSTANCES * INSTANCE_GOROUTINES, unpacked_bytes };
}

/** A zip archive of deflated entries. */
function zip(entries) {
  const parts = [];
  const directory = [];
  let offset = 0;
  for (const { name, bytes } of entries) {
    const packed = deflateRawSync(bytes);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(8, 4);
    common.writeUInt32LE(crc32(bytes), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(bytes.length, 18);
    common.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, Buffer.from(name), packed]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\0'), common, tail, Buffer.from(name)]));
    parts.push(local);
    offset += local.length;
  }
  const list = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(list.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, list, end]);
}

/** Milliseconds from the choice of files to what `selector` names, and those of them that comparing took in the worker. */
async function compare(all, paths, selector) {
  const { page, close } = await open(all, all.hosted);
  await page.evaluate((wanted) => {
    globalThis.measured = new Promise((resolve) => {
      let started = 0;
      addEventListener('change', () => (started = performance.now()), { capture: true, once: true });
      const look = () => {
        if (document.querySelector(wanted)) requestAnimationFrame(() => resolve(performance.now() - started));
        else requestAnimationFrame(look);
      };
      look();
    });
  }, selector);
  await page.setInputFiles('#choose-files', paths);
  const millis = await page.evaluate(() => globalThis.measured);
  const compared = Number(await page.locator('footer').getAttribute('data-compare-millis'));
  await close();
  return { millis, compared };
}

/** Milliseconds from the choice of the file to a table on the screen, and those of them spent on findings in the worker. */
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
  const judged = Number(await page.locator('footer').getAttribute('data-judge-millis'));
  await close();
  return { millis, judged };
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
const dumps = sizes_megabytes.map((megabytes) => ({ name: `page-${megabytes}`, write: (path) => write(path, megabytes) }));
if (process.env.STACKHERD_BENCH_MILLION !== '0') dumps.push({ name: 'page-million', write: writeMillion });
for (const dump of dumps) {
  const path = join(folder, `${dump.name}.txt`);
  const n_goroutines = dump.write(path);
  const bytes = statSync(path).size;
  const drop_millis = [];
  const judge_millis = [];
  const read_millis = [];
  // In turns, so that a busy moment of the machine hits both.
  for (let run = 0; run < RUNS; run += 1) {
    read_millis.push(await read(all, path));
    const { millis, judged } = await drop(all, path, n_goroutines);
    drop_millis.push(millis);
    judge_millis.push(judged);
  }
  rmSync(path);
  const ratio = median(drop_millis) / median(read_millis);
  results.push({ bytes, n_goroutines, read_millis, drop_millis, judge_millis, ratio });
  const [table, judged] = [drop_millis, judge_millis].map((millis) => median(millis).toFixed(0));
  console.log(
    `${(bytes / 1e6).toFixed(0)} MB, ${n_goroutines} goroutines: table after ${table} ms, ${ratio.toFixed(2)} × merely reading; findings ${judged} ms`,
  );
}
const comparisons = [];
{
  const paths = ['before.txt', 'after.txt'].map((name) => join(folder, name));
  const fleet = join(folder, 'fleet.zip');
  const wanted = [
    { name: 'two dumps', paths, write: () => ({ n_goroutines: writePair(paths) }), selector: 'footer[data-compare-millis]' },
    { name: `${INSTANCES} instances`, paths: [fleet], write: () => writeFleet(fleet), selector: '.fleet-matrix[aria-busy="false"] .fleet-row [aria-label]' },
  ];
  for (const one of wanted) {
    const { n_goroutines, unpacked_bytes } = one.write();
    const bytes = unpacked_bytes ?? one.paths.reduce((sum, path) => sum + statSync(path).size, 0);
    const drop_millis = [];
    const compare_millis = [];
    const read_millis = [];
    for (let run = 0; run < RUNS; run += 1) {
      let reading = 0;
      for (const path of one.paths) reading += await read(all, path);
      read_millis.push(reading);
      const { millis, compared } = await compare(all, one.paths, one.selector);
      drop_millis.push(millis);
      compare_millis.push(compared);
    }
    one.paths.forEach((path) => rmSync(path));
    comparisons.push({ name: one.name, bytes, n_goroutines, read_millis, drop_millis, compare_millis });
    const [dropped, compared] = [drop_millis, compare_millis].map((millis) => median(millis));
    console.log(
      `${one.name}, ${n_goroutines} goroutines, ${(bytes / 1e6).toFixed(0)} MB: on the screen after ${dropped.toFixed(0)} ms; comparing ${compared.toFixed(1)} ms`,
    );
  }
}
const machine = { cpu: cpus()[0].model, n_cpus: cpus().length, memory_bytes: totalmem(), browser: all.browser.version() };
await all.end();

writeFileSync(join(folder, 'report.json'), `${JSON.stringify({ machine, runs: RUNS, results, comparisons }, null, 1)}\n`);
const rows = results.map((one) => {
  const megabytes = (one.bytes / 1e6).toFixed(0);
  const speed = one.bytes / 1e3 / median(one.drop_millis);
  const medians = [one.read_millis, one.drop_millis, one.judge_millis].map((millis) => median(millis).toFixed(0));
  const [read_one, drop_one, judge_one] = medians;
  return `| ${megabytes} MB | ${one.n_goroutines} | ${read_one} ms | ${drop_one} ms | ${judge_one} ms | ${speed.toFixed(0)} MB/s | ${one.ratio.toFixed(2)} |`;
});
const comparisonRows = comparisons.map((one) => {
  const [read_one, drop_one] = [one.read_millis, one.drop_millis].map((millis) => median(millis).toFixed(0));
  return `| ${one.name} | ${(one.bytes / 1e6).toFixed(0)} MB | ${one.n_goroutines} | ${read_one} ms | ${drop_one} ms | ${median(one.compare_millis).toFixed(1)} ms |`;
});
writeFileSync(
  join(folder, 'report.md'),
  `# The page, measured\n\n${machine.n_cpus} × ${machine.cpu}, Chromium ${machine.browser}; medians of ${RUNS} runs.\n\n` +
    '| dump | goroutines | merely reading the file | file to table | of it findings, objects, ancestry | speed | ratio |\n' +
    '| --- | --- | --- | --- | --- | --- | --- |\n' +
    `${rows.join('\n')}\n\n` +
    'Several dumps. The budgets: two dumps of 100,000 goroutines compare within 30 ms, a fleet of 40 × 10,000 is on the screen within 3 s.\n\n' +
    '| dumps | unpacked | goroutines | merely reading the files | files to comparison on the screen | of it comparing |\n' +
    '| --- | --- | --- | --- | --- | --- |\n' +
    `${comparisonRows.join('\n')}\n`,
);
console.log(`Written to ${join(folder, 'report.md')}`);
