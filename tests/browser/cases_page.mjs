// The page itself: starting, idling, keyboard, wheel, sizes.
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { check, engineReady, equal, open, patience, ready, settled, summary, tabToSlider, words } from './harness.mjs';

const embedIn = (source) => `<!doctype html><title>host</title><body style="margin:0">
    <iframe src="${source}" width="700" height="450" style="border:0;display:block;margin:100px 20px"
      allow="cross-origin-isolated"></iframe><p style="height:3000px">text</p>`;

export const page = [
    {
        name: 'page becomes ready, without an error in the console, under a strict CSP',
        async run({ browser, strict }) {
            const begin = performance.now();
            const page = await open(browser, strict.url);
            const took = performance.now() - begin;
            await engineReady(page);
            equal(page.problems.join(' | '), '', 'errors in the console');
            check((await words(page)).includes('Threads do not speed up CPU work'), 'the text version is empty');
            return `${Math.round(took)} ms to the first frame`;
        },
    },
    {
        name: 'engine has threads where the page is isolated by headers',
        async run({ browser, isolated }) {
            const page = await open(browser, isolated.url);
            await engineReady(page);
            check(await page.evaluate(() => window.crossOriginIsolated), 'the page is not isolated');
            check(isolated.requested.includes('engine-threads.wasm'), 'engine-threads.wasm was not asked for');
        },
    },
    {
        name: 'service worker isolates the page on a host without headers, with one reload',
        async run({ browser, plain }) {
            plain.requested.length = 0;
            const page = await open(browser, plain.url, { wait: false });
            const loaded = () => plain.requested.filter((name) => name === 'index.html').length;
            await page.waitForFunction(() => window.crossOriginIsolated && window.gilplay?.ready, null, { timeout: 30000 })
                .catch(async (error) => {
                    const state = await page.evaluate(() => [window.crossOriginIsolated, window.gilplay?.ready,
                        navigator.serviceWorker.controller?.state, sessionStorage.getItem('gilplay-reloads')]);
                    throw new Error(`${error.message} ${loaded()} loads, page ${JSON.stringify(state)}`);
                });
            await engineReady(page);
            const loads = loaded();
            check(loads <= 2, `the page was loaded ${loads} times`);
            check(plain.requested.includes('engine-threads.wasm'), 'the engine with threads was not asked for');
        },
    },
    {
        name: 'whatever the reader does while the program loads, it starts',
        async run({ browser, isolated }) {
            const page = await open(browser, 'about:blank', { wait: false });
            let letThrough;
            const held = new Promise((resolve) => { letThrough = resolve; });
            await page.route('**/app.wasm', async (route) => {
                await held;
                await route.continue();
            });
            await page.goto(isolated.url);
            await page.waitForFunction(() => window.createApp);
            await page.mouse.move(300, 300);
            await page.mouse.wheel(0, 50);
            await page.mouse.click(400, 400);
            await page.locator('#canvas').focus();
            await page.keyboard.press('ArrowRight');
            await page.setViewportSize({ width: 1000, height: 700 });
            await page.emulateMedia({ colorScheme: 'dark' });
            check(!await page.evaluate(() => window.gilplay.ready), 'the program was there too soon for this test');
            letThrough();
            await ready(page);
            equal(page.problems.join(' | '), '', 'errors in the console');
        },
    },
    {
        name: 'no frame is drawn in 5 s without input',
        async run({ browser, isolated }) {
            const page = await open(browser, isolated.url);
            await engineReady(page);
            await settled(page, 500);
            const before = await page.evaluate(() => window.gilplay.frames);
            await page.waitForTimeout(5000);
            equal(await page.evaluate(() => window.gilplay.frames) - before, 0, 'frames');
            return `${before} frames until then`;
        },
    },
    {
        name: 'simulated numbers change when a slider moves by keyboard, and the address carries it',
        async run({ browser, isolated }) {
            const page = await open(browser, isolated.url);
            await engineReady(page);
            await settled(page);
            const before = JSON.stringify((await summary(page)).rows);
            await tabToSlider(page);
            check(JSON.stringify((await summary(page)).rows) !== before, 'the rows are the same');
            const hash = await page.evaluate(() => location.hash);
            const again = await open(browser, isolated.url + hash);
            await settled(again);
            equal(JSON.stringify((await summary(again)).rows), JSON.stringify((await summary(page)).rows), 'rows after opening the address');
        },
    },
    {
        name: 'an address that chooses what a browser cannot do is kept, and the page says what is only simulated',
        async run({ browser, isolated }) {
            const page = await open(browser, isolated.url + '#cpu-bound?start_method=fork');
            await engineReady(page);
            await page.waitForFunction(() => window.gilplay.summary.status.startsWith('A browser cannot fork: what uses fork is simulated'),
                null, { timeout: patience });
            check((await page.evaluate(() => location.hash)).includes('start_method=fork'), 'the address lost its knob');
            await page.evaluate(() => { location.hash = '#cpu-bound?start_method=spawn'; });
            await page.waitForFunction(() => window.gilplay.summary.status.startsWith('Simulated for'), null, { timeout: patience });
        },
    },
    {
        name: 'Back and Forward go through the experiments, and a typed address is followed, without loading anew',
        async run({ browser, isolated }) {
            const page = await open(browser, isolated.url + '#lock?increments=5000');
            await settled(page);
            await page.evaluate(() => { window.sameDocument = true; });
            const title = async () => (await summary(page)).title;
            const shows = (name, hash) => page.waitForFunction(([name, hash]) => window.gilplay.summary.title.includes(name) &&
                location.hash.includes(hash), [name, hash], { timeout: patience });
            const first = await title();
            await page.evaluate(() => { location.hash = '#io-bound?tasks=7'; });
            await shows('', 'io-bound');
            await page.waitForFunction((first) => window.gilplay.summary.title !== first, first, { timeout: patience });
            const second = await title();
            await page.goBack();
            await shows(first, 'increments=5000');
            await page.goForward();
            await shows(second, 'tasks=7');
            await settled(page);
            // Chosen on the canvas: the list's entries are reached by Tab from its beginning.
            await page.locator('#canvas').focus();
            const hash = () => page.evaluate(() => location.hash.split('?')[0]);
            for (let i = 0; i < 12 && await hash() === '#io-bound'; ++i) {
                await page.keyboard.press('Tab');
                await settled(page, 60);
                await page.keyboard.press('Enter');
                await settled(page, 60);
            }
            check(await hash() !== '#io-bound', 'Enter chose no other experiment');
            await page.goBack();
            await shows(second, 'tasks=7');
            await page.evaluate(() => { location.hash = '#decide'; });
            await page.waitForFunction(() => window.gilplay.summary.status.startsWith('Question 1'), null, { timeout: patience });
            await page.evaluate(() => { location.hash = '#io-bound?cores=4.5'; });
            await page.waitForFunction(() => window.gilplay.summary.status.includes('cores=4.5 was not taken: ' +
                'cores are a whole number from 1 to 64'), null, { timeout: patience });
            check(await page.evaluate(() => window.sameDocument), 'the page was loaded anew');
            equal(page.problems.join(' | '), '', 'errors in the console');
        },
    },
    {
        name: 'share copies an address that opens the same',
        async run({ browser, isolated }) {
            const page = await open(browser, isolated.url + '?threads=1#lock?increments=5000', {
                init: () => { navigator.clipboard.writeText = (text) => { window.copied = text; return Promise.resolve(); }; },
            });
            await settled(page);
            await page.mouse.click(1192, 26); // "share", left of the switch for dark colours
            await page.waitForFunction(() => window.copied, null, { timeout: patience });
            const copied = await page.evaluate(() => window.copied);
            check(copied.startsWith(isolated.url + '#lock?') && copied.includes('increments=5000'), copied);
        },
    },
    {
        name: 'Tab goes through the canvas and out at the end, Escape leaves it',
        async run({ browser, isolated }) {
            const page = await open(browser, isolated.url);
            await settled(page);
            const active = () => page.evaluate(() => document.activeElement.id);
            await page.locator('#canvas').focus();
            let presses = 0;
            for (; presses < 120 && await active() === 'canvas'; ++presses) {
                await page.keyboard.press('Tab');
                await page.waitForTimeout(80);
            }
            equal(await active(), 'text-toggle', 'focus after the last widget');
            await page.keyboard.press('Enter');
            check(await page.evaluate(() => document.body.classList.contains('text-open')), 'the text version did not open');
            await page.keyboard.press('Escape');
            equal(await active(), 'canvas', 'focus after closing the text version');
            await settled(page);
            await page.keyboard.press('Escape');
            await settled(page);
            check(await active() !== 'canvas', 'Escape did not leave the canvas');
            return `${presses} stops`;
        },
    },
    {
        name: 'canvas has device pixels at scale 1, 1.5 and 2, also after a resize',
        async run({ browser, isolated }) {
            for (const deviceScaleFactor of [1, 1.5, 2]) {
                const page = await open(browser, isolated.url, { deviceScaleFactor, viewport: { width: 900, height: 600 } });
                const size = () => page.evaluate(() => [document.getElementById('canvas').width, document.getElementById('canvas').height].join('x'));
                await settled(page);
                equal(await size(), `${900 * deviceScaleFactor}x${600 * deviceScaleFactor}`, 'canvas');
                await page.setViewportSize({ width: 640, height: 500 });
                await settled(page);
                equal(await size(), `${640 * deviceScaleFactor}x${500 * deviceScaleFactor}`, 'canvas after the resize');
                await page.context().close();
            }
        },
    },
    {
        name: 'wheel over an unfocused embed of another site scrolls the page around it',
        async run({ browser, isolated, plain }) {
            plain.extra.set('/host.html', embedIn(`http://localhost:${isolated.port}/index.html?embed=1#cpu-bound?tasks=4`));
            const page = await open(browser, plain.url + 'host.html', { wait: false });
            const frame = page.frames()[1] ?? await page.waitForEvent('frameattached');
            await ready(frame);
            check(await frame.evaluate(() => window.crossOriginIsolated), 'the embed is not isolated by its own headers');
            await page.mouse.move(300, 300);
            await page.mouse.wheel(0, 80);
            await page.waitForFunction(() => scrollY > 0, null, { timeout: patience });
            return `scrolled ${await page.evaluate(() => scrollY)} px`;
        },
    },
    {
        name: 'wheel over the whole page scrolls inside the canvas',
        async run({ browser, isolated }) {
            const page = await open(browser, isolated.url, { viewport: { width: 900, height: 420 } });
            await settled(page);
            await page.mouse.move(600, 250);
            await settled(page);
            const before = await page.screenshot();
            await page.mouse.wheel(0, 300);
            await settled(page);
            check(!before.equals(await page.screenshot()), 'nothing moved');
        },
    },
    {
        name: 'finger: dragging up scrolls, dragging sideways on a slider moves it',
        async run({ browser, isolated }) {
            const page = await open(browser, isolated.url, { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
            await settled(page);
            const client = await page.context().newCDPSession(page);
            const drag = async (from, to) => {
                await client.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [from] });
                for (let i = 1; i <= 10; ++i) {
                    const at = { x: from.x + (to.x - from.x) * i / 10, y: from.y + (to.y - from.y) * i / 10 };
                    await client.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: [at] });
                    await page.waitForTimeout(20);
                }
                await client.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
                await settled(page);
            };
            const before = await page.screenshot();
            await drag({ x: 200, y: 700 }, { x: 200, y: 300 });
            check(!before.equals(await page.screenshot()), 'dragging up moved nothing');
            await drag({ x: 200, y: 300 }, { x: 200, y: 800 });
            const hash = await page.evaluate(() => location.hash);
            for (let y = 180; y < 420; y += 12) {
                await drag({ x: 60, y }, { x: 150, y });
                if (await page.evaluate(() => location.hash) !== hash) return `slider at y = ${y}`;
            }
            throw new Error('no slider followed the finger');
        },
        limit: 120,
    },
    {
        name: 'everything needed to become interactive is at most 700 KB with brotli',
        async run({ site, browser, isolated }) {
            isolated.requested.length = 0;
            const page = await open(browser, isolated.url);
            await engineReady(page);
            const names = new Set(isolated.requested);
            const files = new Set(await readdir(site));
            let total = 0;
            const parts = [];
            for (const name of names) {
                const size = (await stat(join(site, files.has(name + '.br') ? name + '.br' : name))).size;
                total += size;
                parts.push(`${name} ${(size / 1024).toFixed(1)}`);
            }
            check(total <= 700 * 1024, `${(total / 1024).toFixed(0)} KB: ${parts.join(', ')}`);
            return `${(total / 1024).toFixed(0)} KB (${parts.join(', ')})`;
        },
    },
];
