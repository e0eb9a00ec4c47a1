// Prints what the engine measures in this browser, without the window, and the figures of core (kernels, eval-breaker
// check, simulator) when the target page_figures is built beside the site:
// node tests/browser/bench.mjs --site DIR [--native PROGRAM] [--repeats N] [--json]
// PROGRAM is the native bench, which then runs as well: how much slower the kernels are as WebAssembly.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { addDesk, launch, open, runInEngine } from './harness.mjs';
import { serve } from './server.mjs';

const experiments = [
    ['cpu-bound', { tasks: 4, work_ms: 300 }],
    ['io-bound', { tasks: 10, wait_ms: 50 }],
];

/** As core/trace/metrics.h counts: of an even number the lower middle, so that it is a run that happened. */
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)];

function print({ experiment, knobs, startMs, tookMs, report }, version) {
    console.log(`${experiment} ${JSON.stringify(knobs)}, ${report.engine}, Chromium ${version}`);
    const sequential = report.variants.find((each) => each.name === 'sequential')?.wall_samples_ms ?? [];
    for (const { name, unavailable, wall_samples_ms: samples } of report.variants) {
        if (unavailable) {
            console.log(`  ${name}: not here: ${unavailable}`);
            continue;
        }
        const [low, high] = [Math.min(...samples).toFixed(1), Math.max(...samples).toFixed(1)];
        const speedup = (median(sequential) / median(samples)).toFixed(2);
        console.log(`  ${name.padEnd(14)} ${median(samples).toFixed(1).padStart(8)} ms  (${low} to ${high})  ${speedup} ×`);
    }
    console.log(`  ${report.verdict.headline} ${report.verdict.why}`);
    console.log(`  engine up in ${startMs.toFixed(0)} ms, everything took ${(tookMs / 1000).toFixed(1)} s`);
}

/** Runs one of the figures modules in a Worker of the page; resolves with the lines that it printed. */
async function coreFigures(page, server, name) {
    server.extra.set('/worker.js', `importScripts('${name}.js');
        let lines = [];
        const done = (error) => postMessage({ lines, error });
        createFigures({ print: (line) => lines.push(line) }).then(() => done(), (error) => done(String(error)));`);
    const { lines, error } = await page.evaluate(() => new Promise((resolve, reject) => {
        const worker = new Worker('worker.js');
        worker.onmessage = ({ data }) => resolve(data);
        worker.onerror = (event) => reject(new Error(event.message));
    }));
    if (error) throw new Error(error);
    return lines;
}

/** Nanoseconds per turn by kernel, from the lines of a figures module or of the native bench. */
const kernelTimes = (lines) => Object.fromEntries(lines.map((line) => /^kernel (\w+) +([\d.]+)/.exec(line)).filter(Boolean)
    .map(([, kernel, time]) => [kernel, Number(time)]));

/** Keeps the shorter of each two times: the less disturbed one. */
function keepBest(best, times) {
    for (const [kernel, time] of Object.entries(times)) best[kernel] = Math.min(best[kernel] ?? Infinity, time);
}

/** The figures of core in both builds, and kernels against the native program: by turns, the best of each. */
async function printCoreFigures(browser, folder, native) {
    const server = await serve(folder, { isolated: true });
    server.extra.set('/index.html', '<!doctype html><title>figures</title>');
    const builds = [['figures', 'without threads'], ['figures-threads', 'with threads']].map(([name, words]) => ({ name, words, best: {} }));
    const nativeBest = {};
    try {
        for (let round = 0; round < (native ? 4 : 1); ++round) {
            if (native) keepBest(nativeBest, kernelTimes((await promisify(execFile)(native, ['--core'])).stdout.split('\n')));
            for (const build of builds) {
                const page = await open(browser, server.url, { wait: false });
                build.lines = await coreFigures(page, server, build.name);
                keepBest(build.best, kernelTimes(build.lines));
                await page.context().close();
            }
        }
    } finally {
        await server.close();
    }
    for (const { words, lines, best } of builds) {
        console.log(`core in the build ${words}, Chromium ${browser.version()}`);
        for (const line of lines) console.log('  ' + line);
        for (const [kernel, time] of Object.entries(best)) {
            if (nativeBest[kernel]) console.log(`  ${kernel}: wasm / native ${(time / nativeBest[kernel]).toFixed(2)}, best of 4 by turns`);
        }
    }
}

const args = process.argv.slice(2);
const value = (name, fallback) => (args.includes(name) ? args[args.indexOf(name) + 1] : fallback);
const site = value('--site', '');
if (!site) {
    console.error('usage: node tests/browser/bench.mjs --site DIR [--native PROGRAM] [--repeats N] [--json]');
    process.exit(2);
}

const server = await serve(site, { isolated: true });
const browser = await launch();
const results = [];
try {
    await addDesk(server);
    const page = await open(browser, server.url + 'desk.html', { wait: false });
    for (const [experiment, knobs] of experiments) {
        const request = { type: 'run', id: 1, experiment, knobs, variants: [], repeats: Number(value('--repeats', 5)) };
        const { report, startMs, tookMs } = await runInEngine(page, request);
        results.push({ experiment, knobs, startMs, tookMs, report });
        if (args.includes('--json')) continue;
        print(results.at(-1), browser.version());
    }
    const figures = join(site, '..', 'figures');
    const missing = ['figures.js', 'figures.wasm', 'figures-threads.js', 'figures-threads.wasm']
        .filter((file) => !existsSync(join(figures, file)));
    if (!args.includes('--json')) {
        if (missing.length === 0) await printCoreFigures(browser, figures, value('--native', ''));
        else console.log(`no figures of core: ${missing.join(', ')} not built (cmake --build --preset web --target page_figures)`);
    }
} finally {
    await browser.close();
    await server.close();
}
if (args.includes('--json')) console.log(JSON.stringify(results, null, 1));
