// Measured runs, started by a click on the canvas like a reader would.
import { check, engineReady, equal, open, patience, runButton, settled, summary, summaryWhere, words } from './harness.mjs';

const short = '#cpu-bound?tasks=2&workers=2&work_ms=20';
const variants = ['sequential', 'threads', 'processes', 'asyncio', 'free'];

async function clickRun(page) {
    const { x, y } = await runButton(page);
    await page.mouse.click(x, y);
    return { x, y };
}

/** The summary's row of one variant: [name, simulated, measured, speed-up]. */
const rowOf = (result, name) => result.rows.find((row) => row[0].startsWith(name));
const measured = /^[\d.,\s]+\s*(µs|ms|s)$/;

async function runToEnd(page, limit = 90000) {
    await clickRun(page);
    await summaryWhere(page, "(s) => s.status.startsWith('Measured on')", limit);
    return await summary(page);
}

export const runs = [
    {
        name: 'cpu-bound measured by a click: all five variants have figures',
        limit: 120,
        async run({ browser, isolated }) {
            const page = await open(browser, isolated.url + short);
            await engineReady(page);
            await settled(page);
            const result = await runToEnd(page);
            for (const name of variants) {
                check(rowOf(result, name), `no row for ${name} in ${JSON.stringify(result.rows)}`);
                check(measured.test(rowOf(result, name)[2]), `${name}: ${rowOf(result, name)[2]}`);
            }
            check((await words(page)).includes(rowOf(result, 'threads')[2]), 'the text version does not have the figure');
            equal(page.problems.join(' | '), '', 'errors in the console');
            return result.rows.map((row) => `${row[0]} ${row[2]}`).join(', ');
        },
    },
    {
        name: 'io-bound measured by a click; what other experiments need and it does not stays typical, and that is said',
        limit: 120,
        async run({ browser, isolated }) {
            const page = await open(browser, isolated.url + '#io-bound?tasks=3&wait_ms=20');
            await engineReady(page);
            await settled(page);
            const result = await runToEnd(page);
            await page.evaluate(() => { location.hash = '#pickling'; });
            await summaryWhere(page, '(s) => /^Simulated for \\d+ cores, with some typical costs; not measured yet/.test(s.status)', patience);
            return result.rows.map((row) => `${row[0]} ${row[2]}`).join(', ');
        },
    },
    {
        name: 'not isolated: sequential, asyncio and processes are measured, threads say why not',
        limit: 120,
        async run({ browser, plain }) {
            plain.requested.length = 0;
            const page = await open(browser, plain.url + '?coi=0' + short);
            await engineReady(page);
            await settled(page);
            check(!plain.requested.includes('engine-threads.wasm'), 'the engine with threads was loaded');
            const result = await runToEnd(page);
            for (const name of ['sequential', 'asyncio', 'processes']) {
                check(measured.test(rowOf(result, name)[2]), `${name}: ${rowOf(result, name)[2]}`);
            }
            check(/shared memory/.test(rowOf(result, 'threads')[2]), `threads: ${rowOf(result, 'threads')[2]}`);
            return result.rows.map((row) => `${row[0]} ${row[2].slice(0, 30)}`).join(', ');
        },
    },
    {
        name: 'a run is stopped at once, and the next one works',
        limit: 150,
        async run({ browser, isolated }) {
            const page = await open(browser, isolated.url + '#cpu-bound?tasks=2&workers=2&work_ms=250');
            await engineReady(page);
            await settled(page);
            const { x, y } = await clickRun(page);
            await summaryWhere(page, "(s) => s.status.startsWith('Running')", 60000);
            await page.mouse.click(x, y);
            await summaryWhere(page, "(s) => !s.status.startsWith('Running') && !s.status.startsWith('A run')", 3000);
            await engineReady(page);
            equal(await page.evaluate(() => window.gilplay.engineStarts), 2, 'engines started');
            await page.evaluate((hash) => { location.hash = hash; }, short);
            await settled(page);
            await runToEnd(page);
        },
    },
    {
        name: 'the engine dies in a run: the reader is told, a new one starts and measures',
        limit: 150,
        async run({ browser, isolated }) {
            const page = await open(browser, isolated.url + short);
            await engineReady(page);
            await settled(page);
            await clickRun(page);
            await summaryWhere(page, "(s) => s.status.startsWith('Running')", 30000);
            await page.evaluate(() => window.gilplay.killEngine());
            await summaryWhere(page, "(s) => s.status.includes('ended by a test')", patience);
            await engineReady(page);
            equal(await page.evaluate(() => window.gilplay.engineStarts), 2, 'engines started');
            await settled(page);
            await runToEnd(page);
        },
    },
];

/** Apart from the others, as it waits for half of its time. */
export const agedEngine = [
    {
        name: 'an engine that is older than every time limit still measures',
        limit: 150,
        async run({ browser, isolated }) {
            const page = await open(browser, isolated.url + short);
            await engineReady(page);
            await settled(page);
            await runToEnd(page);
            await page.waitForTimeout(21000); // the limits for starting Workers are 20 s
            equal(await page.evaluate(() => window.gilplay.engineStarts), 1, 'engines started');
            await clickRun(page);
            await summaryWhere(page, "(s) => s.status.startsWith('Running')", 30000);
            await summaryWhere(page, "(s) => s.status.startsWith('Measured on')", 60000);
        },
    },
];
