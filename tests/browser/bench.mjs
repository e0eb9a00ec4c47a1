// Prints what the engine measures in this browser, without the window:
// node tests/browser/bench.mjs --site DIR [--repeats N] [--json]
import { launch, open, runInEngine } from './harness.mjs';
import { serve } from './server.mjs';

const experiments = [
    ['cpu-bound', { tasks: 4, work_ms: 300 }],
    ['io-bound', { tasks: 10, wait_ms: 50 }],
];

/** As core/metrics.h counts: of an even number the lower middle, so that it is a run that happened. */
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

const args = process.argv.slice(2);
const value = (name, fallback) => (args.includes(name) ? args[args.indexOf(name) + 1] : fallback);
const site = value('--site', '');
if (!site) {
    console.error('usage: node tests/browser/bench.mjs --site DIR [--repeats N] [--json]');
    process.exit(2);
}

const server = await serve(site, { isolated: true });
const browser = await launch();
const results = [];
try {
    const page = await open(browser, server.url);
    for (const [experiment, knobs] of experiments) {
        const request = { type: 'run', id: 1, experiment, knobs, variants: [], repeats: Number(value('--repeats', 5)) };
        const { report, startMs, tookMs } = await runInEngine(page, request);
        results.push({ experiment, knobs, startMs, tookMs, report });
        if (args.includes('--json')) continue;
        print(results.at(-1), browser.version());
    }
} finally {
    await browser.close();
    await server.close();
}
if (args.includes('--json')) console.log(JSON.stringify(results, null, 1));
