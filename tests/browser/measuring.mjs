// Scenarios measured by the engine of a page, without the window.
import { check, equal, open, runInEngine } from './harness.mjs';

export const compute = (ms) => ({ compute: { ms } });
export const tasks = (count, ...steps) => [{ count, steps }];

/** One scenario in an engine of its own: its variant of the report, with the rows of its lists taken apart. */
export async function measure({ browser }, url, scenario, repeats = 2) {
    const page = await open(browser, url);
    const { report } = await runInEngine(page, { type: 'run_scenario', id: 1, scenario, repeats });
    const variant = report.variants[0];
    const rows = (list, width) => Array.from({ length: (list?.length ?? 0) / width }, (_, i) => list.slice(i * width, (i + 1) * width));
    return {
        ...variant,
        errors: rows(variant.outputs, 4).map((row) => row[3]),
        bytes: rows(variant.outputs, 4).map((row) => row[2]),
        lanes: variant.trace?.lanes?.length ?? 0,
        observed: Object.fromEntries(rows(variant.observations, 4).map(([name, value, expected]) => [name, { value, expected }])),
    };
}

/** Nothing was refused, failed or came out wrong. */
export function clean(result) {
    equal(result.unavailable, undefined, 'unavailable');
    equal(result.errors.join('|'), '|'.repeat(result.errors.length - 1), 'errors');
    check(result.outputs_ok, 'outputs differ');
    return result;
}
