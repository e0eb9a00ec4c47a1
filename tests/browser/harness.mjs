// What the browser tests share: the browser, a page that collects its errors, and ways to find things on the canvas.
import { chromium } from 'playwright-core';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';

const flags = ['--no-sandbox', '--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--disable-quic',
    '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'];

export function launch(extra = []) {
    const executablePath = process.env.GIL_CHROMIUM ?? ['/usr/bin/chromium', '/usr/bin/google-chrome'].find(existsSync);
    return chromium.launch({ executablePath, args: [...flags, ...extra] });
}

/** A page of its own context; `page.problems` collects console errors and uncaught exceptions. */
export async function open(browser, url, options = {}) {
    const { init, wait = true, ...context } = options;
    const own = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...context });
    const page = await own.newPage();
    page.problems = [];
    page.on('console', (message) => message.type() === 'error' && page.problems.push(message.text()));
    page.on('pageerror', (error) => page.problems.push(String(error)));
    if (init) await page.addInitScript(init);
    await page.goto(url);
    if (wait) await ready(page);
    return page;
}

/** Waits until the first frame is drawn. */
export async function ready(page, limit = 30000) {
    await page.waitForFunction(() => window.gilplay?.ready || window.gilplay?.failure, null, { timeout: limit });
    const failure = await page.evaluate(() => window.gilplay.failure);
    if (failure) throw new Error('the page shows its failure panel: ' + failure);
}

export const engineReady = (page) => page.waitForFunction(() => window.gilplay.engineReady, null, { timeout: 30000 });

export const summary = (page) => page.evaluate(() => window.gilplay.summary);

/** Text of the live region beside the canvas, as a screen reader would get it. */
export const words = (page) => page.evaluate(() => document.getElementById('text').innerText);

/** Waits until the summary fulfils `test` (a function of the summary, sent to the page as text). */
export function summaryWhere(page, test, limit) {
    return page.waitForFunction(`(${test})(window.gilplay.summary)`, null, { timeout: limit, polling: 100 });
}

/** The middle of the Run button: the biggest block in the accent colour, wherever the layout puts it. */
export async function runButton(page) {
    await page.mouse.move(2, 2); // hovered, it has another colour
    await settled(page, 100);
    const picture = (await page.screenshot()).toString('base64');
    const dark = await page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches);
    const place = await page.evaluate(async ({ picture, accent }) => {
        const blob = await (await fetch('data:image/png;base64,' + picture)).blob();
        const image = await createImageBitmap(blob);
        const context = new OffscreenCanvas(image.width, image.height).getContext('2d');
        context.drawImage(image, 0, 0);
        const { data, width, height } = context.getImageData(0, 0, image.width, image.height);
        const isAccent = (x, y) => [0, 1, 2].every((i) => Math.abs(data[(y * width + x) * 4 + i] - accent[i]) < 12);
        let best = { run: 0 };
        for (let y = 4; y < height; y += 2) {
            for (let x = 0, run = 0; x < width; ++x) {
                run = isAccent(x, y) ? run + 1 : 0;
                if (run <= best.run) continue;
                let tall = 0;
                while (y + tall < height && isAccent(x, y + tall)) ++tall;
                if (tall > 24 * devicePixelRatio) best = { run, x: x - run / 2, y: y + tall / 2 };
            }
        }
        return best.run > 60 ? { x: best.x / devicePixelRatio, y: best.y / devicePixelRatio } : null;
    }, { picture, accent: dark ? [0x6d, 0xb3, 0xff] : [0x0b, 0x62, 0xc4] });
    if (!place) throw new Error('no Run button on the screen');
    return place;
}

/** Presses Tab until an arrow key changes the address: the keyboard stands on a slider. Elsewhere the arrow moves the
 *  focus, and the opposite arrow brings it back. */
export async function tabToSlider(page) {
    const press = async (key) => {
        await page.keyboard.press(key);
        await settled(page, 60);
        return page.evaluate(() => location.hash);
    };
    await page.locator('#canvas').focus();
    for (let i = 0; i < 30; ++i) {
        const before = await press('Tab');
        if (await press('ArrowRight') !== before) return;
        await press('ArrowLeft');
    }
    throw new Error('Tab did not reach a slider');
}

/** How long to wait for what must come, in ms: far more than it takes, as a computer may be busy with something else. */
export const patience = 20000;

/** Waits until no frame has been drawn for `quiet` ms, after the browser has drawn what it was asked for until now. */
export async function settled(page, quiet = 250) {
    const frames = () => page.evaluate(() => new Promise((resolve) => {
        requestAnimationFrame(() => requestAnimationFrame(() => resolve(window.gilplay.frames)));
    }));
    for (let last = await frames(), tries = 0; tries < 40; ++tries) {
        await page.waitForTimeout(quiet);
        const now = await frames();
        if (now === last) return;
        last = now;
    }
}

/** Script of a page that does what a driver without remote control says (driver_firefox.mjs), where its address names one. */
export const obeying = `(async () => {
    const told = new URLSearchParams(location.hash.slice(1));
    const control = told.get('control');
    if (!control) return;
    const run = async ({ id, call, argument }) => {
        let answer;
        try {
            answer = { id, value: await (0, eval)('(' + call + ')')(argument) };
        } catch (error) {
            answer = { id, error: String(error?.message ?? error) };
        }
        await fetch(control + 'done', { method: 'POST', body: JSON.stringify(answer) });
    };
    for (;;) run(await (await fetch(control + 'work?page=' + told.get('page'))).json());
})();`;

/** Makes `server` have desk.html: an empty page with the engine and no window. What keeps the engine alive is the page's own
 *  script, web/app/engine_link.js. */
export async function addDesk(server) {
    server.extra.set('/engine_link.js', await readFile(new URL('../../web/app/engine_link.js', import.meta.url)));
    server.extra.set('/desk.html', `<!doctype html><title>an engine</title><script>
        var Module = { page: { hook: {}, threadsAllowed: () => true, textEvents: true } };
        var _gil_message_arrived = () => {
            const { bytes, event } = Module.link.take();
            window.engineSaid = event ? bytes : new TextDecoder().decode(bytes);
            window.heard?.(event ? JSON.parse(bytes) : { type: 'failed', reason: window.engineSaid });
        };
        </script><script src="engine_link.js"></script><script>${obeying}</script>`);
}

/** Runs one request in the engine of a desk (addDesk): its answer as the engine sends it. The engine is a new one, or with
 *  `keep` the one that has served the request before. */
export function runInEngine(page, request, keep = false) {
    return page.evaluate(({ request, keep }) => new Promise((resolve, reject) => {
        const { link, page: { hook } } = Module;
        const begin = performance.now();
        const again = hook.workersStartedAgain;
        let ready = begin;
        window.heard = (event) => {
            if (event.type === 'ready') {
                if (ready === begin) link.send({ text: JSON.stringify(request) });
                ready = performance.now();
            } else if (['result', 'calibrated', 'failed'].includes(event.type)) {
                window.heard = null;
                if (event.type === 'failed') reject(new Error(event.reason));
                else resolve({ ...event, startMs: ready - begin, tookMs: performance.now() - ready, startedAgain: hook.workersStartedAgain - again });
            }
        };
        if (keep && hook.engineReady) link.send({ text: JSON.stringify(request) });
        else link.restart();
    }), { request, keep });
}

export function check(condition, what) {
    if (!condition) throw new Error(what);
}
export function equal(actual, expected, what) {
    check(Object.is(actual, expected), `${what}: ${JSON.stringify(actual)}, expected ${JSON.stringify(expected)}`);
}
