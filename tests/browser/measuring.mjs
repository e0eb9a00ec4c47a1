// What is measured by the engine of a page, without the window.
import { check, equal, open, runInEngine } from './harness.mjs';

export const compute = (ms) => ({ compute: { ms } });
export const tasks = (count, ...steps) => [{ count, steps }];

/** Runs a request in an engine that serves all tests of this server: an empty page has it, and keeps it until a test
 *  fails. Only the first one waits for starting and calibrating. */
export async function ask({ browser, desks }, server, request) {
    if (!desks.has(server)) {
        server.extra.set('/desk.html', '<!doctype html><title>an engine</title>');
        desks.set(server, await open(browser, server.url + 'desk.html', { wait: false }));
    }
    return runInEngine(desks.get(server), { id: 1, ...request }, true);
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
