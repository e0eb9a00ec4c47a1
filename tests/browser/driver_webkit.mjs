// WebKitGTK: its MiniBrowser by WebKitWebDriver, which speaks the W3C's WebDriver protocol over HTTP, on a display of
// its own.
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startProgram } from './programs.mjs';

export const name = 'WebKitGTK';

const script_limit_ms = 600000;

/** Where Debian's libwebkit2gtk has it: /usr/lib/<architecture>/webkit2gtk-4.1/MiniBrowser. */
function miniBrowser() {
    if (process.env.GIL_MINIBROWSER) return process.env.GIL_MINIBROWSER;
    const folders = readdirSync('/usr/lib').flatMap((each) => ['4.1', '4.0'].map((version) => `/usr/lib/${each}/webkit2gtk-${version}`));
    const found = folders.map((folder) => join(folder, 'MiniBrowser')).find(existsSync);
    if (!found) throw new Error('there is no MiniBrowser of WebKitGTK (Debian\'s package is webkit2gtk-driver)');
    return found;
}

/** Xvfb chooses a free number itself and writes it to descriptor 3. */
async function startDisplay(home) {
    const display = startProgram('Xvfb', ['-displayfd', '3', '-screen', '0', '1280x800x24', '-nolisten', 'tcp'],
        { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] }, home);
    const number = await Promise.race([
        new Promise((resolve) => display.child.stdio[3].once('data', (data) => resolve(String(data).trim()))),
        display.ended.then(() => { throw new Error('Xvfb did not start'); }),
    ]);
    return { ...display, name: ':' + number };
}

function freePort() {
    return new Promise((resolve) => {
        const server = createServer().listen(0, '127.0.0.1', () => {
            const { port } = server.address();
            server.close(() => resolve(port));
        });
    });
}

/** One command of the protocol; its value. */
async function command(base, method, path, body) {
    const response = await fetch(base + path, {
        method, headers: { 'Content-Type': 'application/json' }, body: method === 'POST' ? JSON.stringify(body ?? {}) : undefined,
    });
    const { value } = await response.json();
    if (!response.ok) throw new Error(`${value.error}: ${value.message}`);
    return value;
}

async function startDriver(environment) {
    const port = await freePort();
    const driver = startProgram('WebKitWebDriver', [`--port=${port}`, '--host=local'], { stdio: 'ignore', env: environment });
    const base = `http://127.0.0.1:${port}`;
    for (let tries = 0; tries < 100; ++tries) {
        if (await command(base, 'GET', '/status').catch(() => null)) return { ...driver, base };
        await new Promise((resolve) => setTimeout(resolve, 100));
    }
    await driver.stop();
    throw new Error('WebKitWebDriver does not answer');
}

async function newSession(base) {
    const { sessionId, capabilities } = await command(base, 'POST', '/session', {
        capabilities: { alwaysMatch: { 'webkitgtk:browserOptions': { binary: miniBrowser(), args: ['--automation'] } } },
    });
    const session = `${base}/session/${sessionId}`;
    await command(session, 'POST', '/timeouts', { script: script_limit_ms, pageLoad: 60000 });
    return { session, version: capabilities.browserVersion };
}

/** A window of the session; `turn` makes sure that nobody else's is the current one in the meantime. */
function pageOf(session, handle, turn, spare) {
    const inWindow = (work) => turn(async () => {
        await command(session, 'POST', '/window', { handle });
        return await work();
    });
    return {
        async evaluate(call, argument) {
            const script = `const done = arguments[1];
                Promise.resolve().then(() => (${call})(arguments[0])).then((value) => done({ value }), (error) => done({ error: String(error?.message ?? error) }));`;
            const { value, error } = await inWindow(() => command(session, 'POST', '/execute/async', { script, args: [argument ?? null] }));
            if (error !== undefined) throw new Error(error);
            return value;
        },
        // The window is used again: with the last one the session would end.
        close: () => inWindow(async () => {
            await command(session, 'POST', '/url', { url: 'about:blank' });
            spare.push(handle);
        }),
    };
}

export async function launch() {
    const home = await mkdtemp(join(tmpdir(), 'gil-webkit-'));
    const display = await startDisplay(home);
    const environment = {
        ...process.env, HOME: home, XDG_CACHE_HOME: join(home, 'cache'), XDG_CONFIG_HOME: join(home, 'config'),
        XDG_DATA_HOME: join(home, 'data'), DISPLAY: display.name, GDK_BACKEND: 'x11', JSC_useSharedArrayBuffer: '1',
        NO_AT_BRIDGE: '1', LIBGL_ALWAYS_SOFTWARE: '1',
    };
    const started = [display];
    const stop = async () => {
        for (const program of started.reverse()) await program.stop();
    };
    try {
        const driver = await startDriver(environment);
        started.push(driver);
        return await browserOf(await newSession(driver.base), stop);
    } catch (error) {
        await stop();
        throw error;
    }
}

/** The interface of drivers.mjs. */
async function browserOf({ session, version }, stop) {
    let last = Promise.resolve();
    const turn = (work) => {
        const result = last.then(work);
        last = result.catch(() => {});
        return result;
    };
    const spare = [await command(session, 'GET', '/window')]; // the session begins with one
    return {
        version,
        open: (url) => turn(async () => {
            const handle = spare.pop() ?? (await command(session, 'POST', '/window/new', { type: 'window' })).handle;
            await command(session, 'POST', '/window', { handle });
            await command(session, 'POST', '/url', { url });
            return pageOf(session, handle, turn, spare);
        }),
        async close() {
            await Promise.race([command(session, 'DELETE', '').catch(() => {}), new Promise((resolve) => setTimeout(resolve, 3000))]);
            await stop();
        },
    };
}
