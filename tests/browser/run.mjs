// Drives the built site in a real browser: node tests/browser/run.mjs --site DIR [--screenshots DIR] [filter]
// Every test has a time limit. The last line is "N passed, M failed"; the exit status is 1 when one failed.
import { mkdir } from 'node:fs/promises';
import { launch } from './harness.mjs';
import { serve } from './server.mjs';
import { experiments } from './cases_experiments.mjs';
import { failures } from './cases_failures.mjs';
import { models } from './cases_models.mjs';
import { page } from './cases_page.mjs';
import { processes } from './cases_processes.mjs';
import { runs } from './cases_runs.mjs';
import { screenshots } from './cases_screenshots.mjs';

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

const isolated = await serve(options.site, { isolated: true });
const plain = await serve(options.site);
const strict = await serve(options.site, { isolated: true, strict: true });
const context = { site: options.site, screenshots: options.screenshots, isolated, plain, strict, launch, browser: null };

function limited(work, seconds) {
    let timer;
    const limit = new Promise((_, reject) => {
        timer = setTimeout(() => reject(new Error(`not finished after ${seconds} s`)), seconds * 1000);
    });
    return Promise.race([work, limit]).finally(() => clearTimeout(timer));
}

let passed = 0;
let failed = 0;
for (const test of [...page, ...runs, ...models, ...processes, ...experiments, ...failures, ...(options.screenshots ? screenshots : [])]) {
    if (!test.name.includes(options.filter)) continue;
    const begin = performance.now();
    for (const server of [isolated, plain, strict]) {
        server.missing.clear();
        server.extra.clear();
    }
    // A browser that a failed test has upset is not used again.
    context.browser ??= await launch();
    let problem = '';
    let note = '';
    try {
        note = await limited(test.run(context), test.limit ?? 60) ?? '';
    } catch (error) {
        problem = error.message.split('\n')[0];
    }
    await Promise.all(context.browser.contexts().map((each) => each.close().catch(() => {})));
    if (problem) {
        await context.browser.close().catch(() => {});
        context.browser = null;
    }
    const seconds = ((performance.now() - begin) / 1000).toFixed(1);
    console.log(`${problem ? 'FAIL' : 'ok  '} ${test.name} (${seconds} s)${note ? ': ' + note : ''}${problem ? '\n     ' + problem : ''}`);
    if (problem) ++failed;
    else ++passed;
}
await context.browser?.close();
await Promise.all([isolated.close(), plain.close(), strict.close()]);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
