// Starts a fresh engine again and again, each for one small run of one execution model, and tells how many came to an end:
// node tests/browser/stress.mjs --site DIR [--browser chromium|firefox|webkit] [--repeats N] [--models a,b] [--limit SECONDS]
// A fresh engine calibrates first, so each run creates Workers for threads and for processes. Exit status 1: one hung or failed.
import { fileURLToPath } from 'node:url';
import { drivers } from './drivers.mjs';
import { addDesk, runInEngine } from './harness.mjs';
import { limited } from './measuring.mjs';
import { serve } from './server.mjs';

export const allModels = ['sequential', 'threads', 'thread_pool', 'processes', 'process_pool', 'asyncio', 'hybrid', 'free_threaded', 'subinterpreters'];
/** Where fresh processes are asked for, they are fresh Workers, too. */
const settings = { hybrid: { workers: 2, threads_per_process: 2 }, processes: { start_method: 'spawn' } };

export const requestFor = (model) => ({
    type: 'run_scenario', id: 1, repeats: 1,
    scenario: { model, workers: 4, ...settings[model], tasks: [{ count: 4, steps: [{ compute: { ms: 2 } }] }] },
});

const middle = (values) => [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)];

/** Runs `model` in `repeats` fresh engines: { ended, problems, tookMs, again }. A page with a hung engine is given up. */
export async function stress(browser, url, model, repeats, limit) {
    const result = { ended: 0, problems: [], tookMs: [], again: 0 };
    let page = null;
    for (let i = 0; i < repeats; ++i) {
        page ??= await browser.open(url);
        try {
            const { report, startMs, tookMs, startedAgain } = await limited(runInEngine(page, requestFor(model)), limit);
            const [variant] = report.variants;
            if (variant.unavailable || !variant.outputs_ok) throw new Error(variant.unavailable ?? 'outputs differ');
            ++result.ended;
            result.tookMs.push(startMs + tookMs);
            result.again += startedAgain;
        } catch (error) {
            const said = await limited(page.evaluate(() => window.engineSaid ?? ''), 5).catch(() => '');
            result.problems.push(`${error.message.split('\n')[0]}${said && '; the engine said last: ' + said.slice(0, 120)}`);
            await limited(page.close(), 10).catch(() => {});
            page = null;
        }
    }
    await page?.close();
    return result;
}

async function main(args) {
    const value = (name, fallback) => (args.includes(name) ? args[args.indexOf(name) + 1] : fallback);
    const site = value('--site', '');
    const driver = drivers[value('--browser', 'firefox')];
    const repeats = Number(value('--repeats', 10));
    const models = value('--models', allModels.join()).split(',');
    if (!site || !driver || !(repeats > 0) || !models.every((model) => allModels.includes(model))) {
        console.error('usage: node tests/browser/stress.mjs --site DIR [--browser chromium|firefox|webkit] [--repeats N] [--models a,b] ' +
            '[--limit SECONDS]');
        return 2;
    }
    const server = await serve(site, { isolated: true });
    await addDesk(server);
    const browser = await driver.launch();
    let failed = 0;
    try {
        console.log(`${driver.name} ${browser.version}, a fresh engine for each run`);
        for (const model of models) {
            const { ended, problems, tookMs, again } = await stress(browser, server.url + 'desk.html', model, repeats,
                Number(value('--limit', 30)));
            const times = tookMs.length ? `, median ${middle(tookMs).toFixed(0)} ms, slowest ${Math.max(...tookMs).toFixed(0)} ms` : '';
            console.log(`${model.padEnd(16)} ${ended} of ${repeats}${times}, Workers started again: ${again}`);
            for (const problem of new Set(problems)) {
                console.log(`    ${problems.filter((each) => each === problem).length} times: ${problem}`);
            }
            failed += problems.length;
        }
    } finally {
        await browser.close();
        await server.close();
    }
    return failed ? 1 : 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exit(await main(process.argv.slice(2)));
