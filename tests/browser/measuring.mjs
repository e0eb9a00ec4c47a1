// What is measured by the engine of a page, without the window.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { addDesk, check, equal, runInEngine } from './harness.mjs';

export const compute = (ms) => ({ compute: { ms } });
export const tasks = (count, ...steps) => [{ count, steps }];

/** What `work` resolves with, or a rejection after `seconds`. */
export function limited(work, seconds) {
    let timer;
    const limit = new Promise((_, reject) => {
        timer = setTimeout(() => reject(new Error(`not finished after ${seconds} s`)), seconds * 1000);
    });
    return Promise.race([work, limit]).finally(() => clearTimeout(timer));
}

/** Runs a request in an engine that serves all tests of this server: a desk has it, and keeps it until a test fails. Only
 *  the first one waits for starting and calibrating. */
export async function ask({ engines, desks }, server, request) {
    await addDesk(server);
    if (!desks.has(server)) desks.set(server, await engines.open(server.url + 'desk.html'));
    return runInEngine(desks.get(server), { id: 1, ...request }, true);
}

/** Makes all Workers of one script run `code` first. nth() in it counts over all of them, from 1. */
export async function mischief(server, site, code, script = 'engine_worker.js') {
    server.extra.set('/nth', () => String(server.nth = (server.nth ?? 0) + 1));
    server.nth = 0;
    const nth = `const nth = () => {
        const request = new XMLHttpRequest();
        request.open('GET', 'nth', false);
        request.send();
        return Number(request.responseText);
    };`;
    const original = await readFile(join(site, script), 'utf8');
    server.extra.set('/' + script, `(() => { ${nth} ${code} })();${original}`);
}

/** One scenario: its variant of the report, with the rows of its lists taken apart. */
export async function measure(context, server, scenario, repeats = 2) {
    const { report } = await ask(context, server, { type: 'run_scenario', scenario, repeats });
    const variant = report.variants[0];
    const rows = (list, width) => Array.from({ length: (list?.length ?? 0) / width }, (_, i) => list.slice(i * width, (i + 1) * width));
    return {
        ...variant,
        errors: rows(variant.outputs, 4).map((row) => row[3]),
        bytes: rows(variant.outputs, 4).map((row) => row[2]),
        lanes: variant.trace?.lanes?.length ?? 0,
        observed: Object.fromEntries(rows(variant.observations, 4).map(([name, value, expected, text]) => [name, { value, expected, text }])),
    };
}

/** Nothing was refused, failed or came out wrong. */
export function clean(result) {
    equal(result.unavailable, undefined, 'unavailable');
    equal(result.errors.join('|'), '|'.repeat(result.errors.length - 1), 'errors');
    check(result.outputs_ok, 'outputs differ');
    return result;
}
