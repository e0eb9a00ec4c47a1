// Firefox as a reader has it, without its remote control: with a WebDriver BiDi session Firefox ESR 153 hangs in one of a
// hundred `new Worker` of a Worker, without one in none of thousands. So its pages ask us over HTTP what to do
// (`obeying` in harness.mjs); the first of them opens the others.
import { existsSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { execFile } from 'node:child_process';
import { obeying } from './harness.mjs';
import { startProgram } from './programs.mjs';

export const name = 'Firefox';

const preferences = {
    'app.update.enabled': false, 'browser.aboutwelcome.enabled': false, 'browser.shell.checkDefaultBrowser': false,
    'browser.startup.homepage_override.mstone': 'ignore', 'datareporting.policy.dataSubmissionEnabled': false,
    'toolkit.telemetry.reportingpolicy.firstRun': false, 'dom.disable_open_during_load': false, 'dom.popup_maximum': -1,
    'dom.allow_scripts_to_close_windows': true, 'network.captive-portal-service.enabled': false,
    'network.connectivity-service.enabled': false, 'services.settings.server': 'data:,',
};

/** What the pages ask: GET /work?page=N waits for the next call, POST /done brings what became of it. */
class Control {
    pages = new Map(); // number -> { calls that wait, response that waits for one }
    pending = new Map(); // call number -> { resolve, reject }
    calls = 0;

    page(number) {
        if (!this.pages.has(number)) this.pages.set(number, { calls: [], response: null });
        return this.pages.get(number);
    }

    async answer(request, response) {
        const { pathname, searchParams } = new URL(request.url, 'http://x');
        response.setHeader('Access-Control-Allow-Origin', '*');
        if (pathname === '/work') {
            const page = this.page(searchParams.get('page'));
            page.response = response;
            this.hand(page);
        } else if (pathname === '/done') {
            let body = '';
            for await (const part of request) body += part;
            const { id, value, error } = JSON.parse(body);
            const { resolve, reject } = this.pending.get(id);
            this.pending.delete(id);
            if (error === undefined) resolve(value);
            else reject(new Error(error));
            response.end();
        } else {
            response.setHeader('Content-Type', 'text/html');
            response.end(`<!doctype html><title>control</title><script>${obeying}</script>`);
        }
    }

    hand(page) {
        if (!page.response || page.calls.length === 0) return;
        page.response.end(JSON.stringify(page.calls.shift()));
        page.response = null;
    }

    evaluate(number, call, argument) {
        return new Promise((resolve, reject) => {
            const id = ++this.calls;
            this.pending.set(id, { resolve, reject });
            const page = this.page(String(number));
            page.calls.push({ id, call: String(call), argument });
            this.hand(page);
        });
    }
}

/** Rejects when `promise` has not settled after `seconds`. */
function within(promise, seconds, words) {
    let timer;
    const limit = new Promise((_, reject) => {
        timer = setTimeout(() => reject(new Error(words)), seconds * 1000);
    });
    return Promise.race([promise, limit]).finally(() => clearTimeout(timer));
}

export async function launch() {
    const program = process.env.GIL_FIREFOX ?? ['/usr/bin/firefox-esr', '/usr/bin/firefox'].find(existsSync);
    if (!program) throw new Error('there is no Firefox (Debian\'s package is firefox-esr)');
    const version = (await promisify(execFile)(program, ['--version'])).stdout.replace(/^\D*/, '').trim();
    const control = new Control();
    const server = createServer((request, response) => void control.answer(request, response).catch(() => response.destroy()));
    server.keepAliveTimeout = 0;
    server.requestTimeout = 0;
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = `http://127.0.0.1:${server.address().port}/`;
    const withControl = (url, page) => `${url}#${new URLSearchParams({ control: address, page })}`;

    // A home of its own: it refuses one that belongs to somebody else, and leaves folders there.
    const home = await mkdtemp(join(tmpdir(), 'gil-firefox-'));
    const lines = Object.entries(preferences).map(([key, value]) => `user_pref(${JSON.stringify(key)}, ${JSON.stringify(value)});\n`);
    await writeFile(join(home, 'user.js'), lines.join(''));
    const firefox = startProgram(program, ['--headless', '--no-remote', '--profile', home, withControl(address, 0)],
        { stdio: 'ignore', env: { ...process.env, HOME: home, XDG_CACHE_HOME: join(home, 'cache'), XDG_CONFIG_HOME: join(home, 'config') } }, home);
    const close = async () => {
        await firefox.stop();
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
    };
    let pages = 0;
    try {
        await within(control.evaluate(0, () => 0), 90, 'Firefox did not come up within 90 s');
    } catch (error) {
        await close();
        throw error;
    }
    return {
        version, close,
        async open(url) {
            const page = ++pages;
            await control.evaluate(0, (address) => void window.open(address), withControl(url, page));
            await within(control.evaluate(page, () => 0), 60, `${url} did not open within 60 s`);
            return {
                evaluate: (call, argument) => control.evaluate(page, call, argument),
                close: () => within(control.evaluate(page, () => void setTimeout(() => window.close(), 200)), 10, 'the page did not close').catch(() => {}),
            };
        },
    };
}
