// Whatever is missing or breaks: a calm panel or sentence says what, and what to do.
import { check, engineReady, equal, open, patience, runButton, settled, summary, summaryWhere } from './harness.mjs';
import { mischief } from './measuring.mjs';

async function panel(page, expected, limit = 15000) {
    await page.waitForFunction(() => window.gilplay?.failure, null, { timeout: limit });
    const text = await page.locator('#panel').innerText();
    check(await page.locator('#panel').isVisible(), 'the panel is not visible');
    check(expected.test(text), 'the panel says: ' + text);
    return text.split('\n')[0];
}

export const failures = [
    ...['app.wasm', 'app.js'].map((name) => ({
        name: `${name} is missing: a panel says so`,
        async run({ browser, isolated }) {
            isolated.missing.add(name);
            return await panel(await open(browser, isolated.url, { wait: false }), /did not load/);
        },
    })),
    {
        name: 'WebGL is switched off: a panel says so',
        async run({ launch, isolated }) {
            const browser = await launch(['--disable-3d-apis']);
            try {
                return await panel(await open(browser, isolated.url, { wait: false }), /WebGL/);
            } finally {
                await browser.close();
            }
        },
    },
    {
        name: 'WebAssembly is missing: a panel says so',
        async run({ browser, isolated }) {
            const page = await open(browser, isolated.url, { wait: false, init: () => delete window.WebAssembly });
            return await panel(page, /WebAssembly/);
        },
    },
    {
        name: 'an exception in the page shows the crash panel',
        async run({ browser, isolated }) {
            const page = await open(browser, isolated.url);
            await page.evaluate(() => void setTimeout(() => { throw new Error('on purpose'); }));
            return await panel(page, /on purpose/);
        },
    },
    {
        name: 'service workers are blocked: the page opens without threads',
        async run({ browser, plain }) {
            const page = await open(browser, plain.url, { serviceWorkers: 'block' });
            await engineReady(page);
            check(!await page.evaluate(() => crossOriginIsolated), 'the page is isolated');
            equal(await page.evaluate(() => window.gilplay.failure), '', 'failure');
        },
    },
    {
        name: 'without JavaScript the page says what it needs',
        async run({ browser, isolated }) {
            const page = await open(browser, isolated.url, { wait: false, javaScriptEnabled: false });
            check(await page.locator('.panel-like').isVisible(), 'the note is not visible');
        },
    },
    {
        name: 'engine-threads.js is missing: the engine without threads takes over and says why',
        async run({ browser, isolated }) {
            isolated.missing.add('engine-threads.js');
            const page = await open(browser, isolated.url);
            await engineReady(page);
            equal(await page.evaluate(() => window.gilplay.engineStarts), 1, 'engines started');
        },
    },
    {
        name: 'engine_worker.js is missing: the reader is told, simulation goes on, nothing loops',
        async run({ browser, isolated }) {
            isolated.missing.add('engine_worker.js');
            const page = await open(browser, isolated.url);
            await summaryWhere(page, "(s) => /engine/.test(s.status)", patience);
            await page.waitForTimeout(1500);
            const starts = await page.evaluate(() => window.gilplay.engineStarts);
            check(starts <= 3, `${starts} engines were started`);
            await settled(page);
            check((await summary(page)).rows.length > 0, 'no simulated rows');
            const told = (await summary(page)).status;
            // Run tries once more, and either way ends with an answer.
            const button = await runButton(page);
            await page.mouse.click(button.x, button.y);
            await summaryWhere(page, "(s) => /^The run failed: the engine/.test(s.status)", patience);
            check(await page.evaluate(() => window.gilplay.engineStarts) > starts, 'Run did not try again');
            isolated.missing.delete('engine_worker.js');
            await page.mouse.click(button.x, button.y);
            await engineReady(page);
            return told;
        },
    },
    {
        name: 'engine.wasm and engine-threads.wasm are cut short: what failed is told, without advice for who builds it',
        async run({ browser, isolated }) {
            for (const name of ['engine', 'engine-threads']) isolated.extra.set(`/${name}.wasm`, Buffer.from('\0asm'));
            const page = await open(browser, isolated.url);
            await summaryWhere(page, '(s) => /engine did not start/.test(s.status)', patience);
            const told = (await summary(page)).status;
            check(/CompileError/.test(told) && !/ASSERTIONS|\.\./.test(told), 'told: ' + told);
            return told;
        },
    },
    {
        name: 'a worker process that is ended from outside: the run ends at once and says so',
        async run({ browser, isolated, site }) {
            await mischief(isolated, site, "if (self.name === 'gil-process') self.addEventListener('message', ({ data }) => data.use && self.close());");
            const page = await open(browser, isolated.url + '#cpu-bound');
            await engineReady(page);
            const button = await runButton(page);
            await page.mouse.click(button.x, button.y);
            await summaryWhere(page, '(s) => /was ended from outside/.test(s.status)', patience);
            return (await summary(page)).status;
        },
    },
    {
        name: 'an engine that is ended from outside in a run: said at once, and the next one is ready',
        async run({ browser, isolated, site }) {
            await mischief(isolated, site, "if (nth() === 1) self.addEventListener('message', ({ data }) => data.message && setTimeout(() => self.close(), 500));");
            const page = await open(browser, isolated.url + '#cpu-bound');
            await engineReady(page);
            const button = await runButton(page);
            const begin = performance.now();
            await page.mouse.click(button.x, button.y);
            await summaryWhere(page, '(s) => /its Worker was ended from outside/.test(s.status)', patience);
            const told = (await summary(page)).status;
            await engineReady(page);
            equal(await page.evaluate(() => window.gilplay.engineStarts), 2, 'engines started');
            return `${(performance.now() - begin).toFixed(0)} ms: ${told}`;
        },
    },
    {
        name: 'where Workers cannot be watched, one that ends without a word is not waited for for ever',
        async run({ browser, isolated, site }) {
            // The minute that the engine waits passes in a second.
            await mischief(isolated, site, `
                Object.defineProperty(self.navigator, 'locks', { value: undefined });
                if (self.name === 'gil-process') self.addEventListener('message', ({ data }) => data.use && self.close());
                const later = self.setTimeout;
                const now = performance.now.bind(performance);
                let ahead = 0;
                performance.now = () => now() + ahead;
                self.setTimeout = (call, ms) => ms < 30000 ? later(call, ms) : later(() => {
                    ahead += ms;
                    call();
                }, 1000);`);
            const page = await open(browser, isolated.url + '#cpu-bound');
            await engineReady(page);
            const button = await runButton(page);
            await page.mouse.click(button.x, button.y);
            await summaryWhere(page, '(s) => /did not end within/.test(s.status)', 60000);
            return (await summary(page)).status;
        },
    },
];
