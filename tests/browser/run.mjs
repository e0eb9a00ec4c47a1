// Drives the built site in Chromium, and the engine without the window in Firefox and WebKitGTK, too: node tests/browser/run.mjs --site DIR [--screenshots DIR] [filter]
// Every test has a time limit. The last line is "N passed, M failed"; the exit status is 1 when one failed.
import { mkdir } from 'node:fs/promises';
import { drivers, whySkipped } from './drivers.mjs';
import { launch } from './harness.mjs';
import { limited } from './measuring.mjs';
import { serve } from './server.mjs';
import { experiments } from './cases_experiments.mjs';
import { failures } from './cases_failures.mjs';
import { models } from './cases_models.mjs';
import { page } from './cases_page.mjs';
import { processes } from './cases_processes.mjs';
import { agedEngine, runs } from './cases_runs.mjs';
import { screenshots } from './cases_screenshots.mjs';
import { freshEngines, neverStarting, starts } from './cases_starts.mjs';

function parse(args) {
    const options = { site: '', screenshots: '', filter: '' };
    for (let i = 0; i < args.length; ++i) {
        if (args[i] === '--site') options.site = args[++i] ?? '';
        else if (args[i] === '--screenshots') options.screenshots = args[++i] ?? '';
        else if (args[i].startsWith('--') || options.filter) return null;
        else options.filter = args[i];
    }
    return options.site ? options : null;
}

const options = parse(process.argv.slice(2));
if (!options) {
    console.error('usage: node tests/browser/run.mjs --site DIR [--screenshots DIR] [filter]');
    process.exit(2);
}
if (options.screenshots) await mkdir(options.screenshots, { recursive: true });

/** Tests that run one after another, with servers and a browser of their own. */
class Lane {
    constructor(browser) {
        this.browser = browser;
    }

    async run(tests) {
        const { site } = options;
        const isolated = await serve(site, { isolated: true });
        const plain = await serve(site);
        const strict = await serve(site, { isolated: true, strict: true });
        this.servers = [isolated, plain, strict];
        this.context = { site, screenshots: options.screenshots, isolated, plain, strict, launch, engines: null, browser: null, desks: new Map() };
        for (const test of tests) {
            const reason = whySkipped(this.browser, test);
            if (reason) console.log(`skip ${this.browser}: ${test.name}: ${reason}`);
            else await this.one(test);
        }
        await this.context.engines?.close();
        await Promise.all(this.servers.map((server) => server.close()));
    }

    async one(test) {
        const begin = performance.now();
        for (const server of this.servers) {
            server.missing.clear();
            server.extra.clear();
        }
        let problem = '';
        let note = '';
        try {
            this.context.engines ??= await drivers[this.browser].launch();
            this.context.browser = this.context.engines.native;
            note = await limited(test.run(this.context), test.limit ?? 60) ?? '';
        } catch (error) {
            problem = error.message.split('\n')[0] + await this.lastWords();
        }
        await this.tidy(problem);
        const seconds = ((performance.now() - begin) / 1000).toFixed(1);
        const where = this.browser === 'chromium' ? '' : this.browser + ': ';
        console.log(`${problem ? 'FAIL' : 'ok  '} ${where}${test.name} (${seconds} s)${note ? ': ' + note : ''}${problem ? '\n     ' + problem : ''}`);
        if (problem) ++failed;
        else ++passed;
    }

    /** What the engine of a page without the window said last, for a test that waited in vain. */
    async lastWords() {
        const said = await Promise.all([...this.context.desks.values()].map((page) =>
            limited(page.evaluate(() => window.engineSaid ?? ''), 5).catch(() => 'nothing, and its page does not answer')));
        return said.map((each) => `; the engine said last: ${each.slice(0, 200)}`).join('');
    }

    /** Closes what the test has opened. A browser that a failed test has upset is not used again. */
    async tidy(problem) {
        const { engines, browser, desks } = this.context;
        const kept = [...desks.values()].map((page) => page.native?.context());
        const others = browser?.contexts().filter((each) => !kept.includes(each)) ?? [];
        await Promise.all(others.map((each) => each.close().catch(() => {})));
        if (!problem) return;
        await limited(engines?.close(), 20).catch(() => {});
        desks.clear();
        this.context.engines = this.context.browser = null;
    }
}

let passed = 0;
let failed = 0;
/** Lists of tests side by side; a list is in Chromium, or is { browser, tests }. */
const lanes = async (...lists) => {
    const all = lists.map((list) => (Array.isArray(list) ? { browser: 'chromium', tests: list } : list));
    const wanted = all.map(({ browser, tests }) => ({ browser, tests: tests.filter((test) => `${browser}: ${test.name}`.includes(options.filter)) }));
    await Promise.all(wanted.filter(({ tests }) => tests.length).map(({ browser, tests }) => new Lane(browser).run(tests)));
};
const inOther = (browser) => ({ browser, tests: [...freshEngines, ...starts, ...models, ...processes] });
// Whether something works may be tried side by side; whoever looks at durations has the computer alone.
await lanes(page, [...runs, ...neverStarting], [...agedEngine, ...failures, ...starts, ...models, ...processes], inOther('firefox'), inOther('webkit'));
await lanes(experiments);
if (options.screenshots) await lanes(screenshots);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
