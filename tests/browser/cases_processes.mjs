// Worker processes in a page, measured: pools, what they share, how they end.
import { check, equal } from './harness.mjs';
import { clean, compute, measure, tasks } from './measuring.mjs';

/** A Worker has no exit code: what the browser said of its end stands there instead, and no number. */
function died(result, name, words, survivors) {
    equal(result.unavailable, undefined, 'unavailable');
    check(words.test(result.observed[name]?.text), `${name} in ${JSON.stringify(result.observed)}`);
    check(!Object.keys(result.observed).some((each) => each.startsWith('exit code')), JSON.stringify(result.observed));
    equal(result.observed.survivors.value, survivors, 'survivors');
    return result.errors.find(Boolean);
}

/** A case that measures in an isolated page. */
const measured = (name, scenario, judge) => ({
    name: 'process measured: ' + name,
    limit: 120,
    run: async (context) => judge(await measure(context, context.isolated, scenario)) ?? '',
});

const counter = (name, locked, models = {}) => ({
    model: 'processes', workers: 3, ...models, tasks: tasks(3, { increment: { counter: name, count: 5000, locked } }),
});

const failing = (how) => [{ steps: [{ fail: { how } }] }, { steps: [compute(5)] }];

export const processes = [
    ...['forkserver', 'spawn'].map((start_method) => measured(`a pool by ${start_method}`,
        { model: 'process_pool', workers: 2, start_method, chunksize: 2, tasks: tasks(6, compute(5)) }, (result) => void clean(result))),
    measured('arguments and results of a pool, pickled',
        { model: 'process_pool', workers: 2, tasks: [{ count: 3, argument_bytes: 300000, result_bytes: 200000, steps: [compute(1)] }] },
        (result) => equal(clean(result).bytes.join(), '500000,500000,500000', 'bytes')),
    measured('arguments and results of a pool, in shared memory',
        { model: 'process_pool', workers: 2, transport: 'shared_memory',
            tasks: [{ count: 3, argument_bytes: 300000, result_bytes: 200000, steps: [compute(1)] }] },
        (result) => equal(clean(result).bytes.join(), '500000,500000,500000', 'bytes')),
    measured('a Value under its lock loses nothing', counter('value', true), (result) => {
        const { value, expected } = clean(result).observed.value;
        equal(expected, 15000, 'expected');
        equal(value, expected, 'value');
    }),
    measured('a Value without its lock never has more than it should', counter('value', false), (result) => {
        const { value, expected } = clean(result).observed.value;
        check(value >= 5000 && value <= expected, `value ${value} of ${expected}`);
        return `${value} of ${expected}`;
    }),
    measured('threads that count a Value: the block is another Worker\'s', counter('value', true, { model: 'threads' }),
        (result) => equal(clean(result).observed.value.value, 15000, 'value')),
    measured('the queue to the parent', { model: 'processes', workers: 2, tasks: tasks(4, compute(1), { send: { bytes: 1000 } }) },
        (result) => equal(clean(result).observed.received.value, 4000, 'received')),
    measured('threads inside processes', { model: 'hybrid', workers: 2, threads_per_process: 2,
        tasks: tasks(4, { wait: { ms: 5 } }, compute(5)) }, (result) => void clean(result)),
    measured('asyncio with a pool', { model: 'hybrid', hybrid: 'asyncio', workers: 2, tasks: tasks(4, { wait: { ms: 5 } }, compute(5)) },
        (result) => void clean(result)),
    measured('an abort ends one process', { model: 'processes', workers: 2, tasks: failing('abort') },
        (result) => died(result, 'end of process 1', /abort/i, 1)),
    measured('a stray write ends one process', { model: 'processes', workers: 2, tasks: failing('stray_write') },
        (result) => died(result, 'end of process 1', /out of bounds|unreachable/i, 1)),
    measured('an abort in a thread ends the program', { model: 'threads', workers: 2,
        tasks: [{ steps: [{ wait: { ms: 30 } }, { fail: { how: 'abort' } }] }, { steps: [{ wait: { ms: 500 } }] }] },
        (result) => died(result, 'end', /abort/i, 0)),
    measured('a stray write in a thread ends the program', { model: 'threads', workers: 2,
        tasks: [{ steps: [{ wait: { ms: 30 } }, { fail: { how: 'stray_write' } }] }, { steps: [{ wait: { ms: 500 } }] }] },
        (result) => died(result, 'end', /out of bounds|unreachable/i, 0)),
    measured('an abort breaks a pool', { model: 'process_pool', workers: 2, tasks: failing('abort') }, (result) => {
        check(result.errors.some((error) => error.startsWith('BrokenProcessPool')), result.errors.join('|'));
        return result.errors[0];
    }),
    measured('fork says why not', { model: 'processes', workers: 2, start_method: 'fork', tasks: tasks(2, compute(1)) },
        (result) => check(/cannot fork/.test(result.unavailable), result.unavailable)),
    measured('HTTP requests of asyncio in a page\'s process, more than a browser has connections', { model: 'hybrid', hybrid: 'asyncio',
        workers: 2, tasks: tasks(8, { wait: { kind: 'http', ms: 5 } }, compute(1)) }, (result) => void clean(result)),
    measured('a socket says why not', { model: 'threads', workers: 2, tasks: tasks(2, { wait: { kind: 'socket', ms: 1 } }) },
        (result) => check(/no sockets/.test(result.unavailable), result.unavailable)),
    {
        name: 'process not isolated: a pool is measured, shared memory and threads say why not',
        limit: 120,
        async run(context) {
            const pool = { model: 'process_pool', workers: 2, tasks: [{ count: 3, argument_bytes: 1000, steps: [compute(2)] }] };
            const hybrid = { model: 'hybrid', workers: 2, threads_per_process: 2, tasks: tasks(4, compute(2)) };
            clean(await measure(context, context.plain, pool));
            for (const scenario of [{ ...pool, transport: 'shared_memory' }, hybrid, counter('value', true)]) {
                const { unavailable } = await measure(context, context.plain, scenario);
                check(/shared memory/.test(unavailable), String(unavailable));
            }
        },
    },
];
