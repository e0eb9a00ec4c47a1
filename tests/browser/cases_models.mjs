// Every execution model in an isolated page, with every kind of step.
import { check, equal } from './harness.mjs';
import { clean, compute, measure, tasks } from './measuring.mjs';

const kernels = ['sum_of_squares', 'image_filter', 'numeric', 'encryption', 'parsing'];
const steps = [
    ...kernels.map((kernel) => ({ compute: { kernel, ms: 2 } })),
    { wait: { ms: 3 } },
    { wait: { kind: 'http', ms: 3 } },
    { native_call: { ms: 2, keeps_gil: true } },
    { native_call: { kernel: 'encryption', ms: 2, keeps_gil: false } },
    { acquire: { lock: 0 } },
    { increment: { count: 200, locked: false } },
    { release: { lock: 0 } },
    { increment: { counter: 'value', count: 50, locked: true } },
    { increment: { counter: 'array', count: 50, amount: 2, locked: true } },
    { send: { bytes: 1000 } },
];

const settings = {
    sequential: {}, threads: {}, thread_pool: {}, processes: {}, process_pool: { chunksize: 2 }, asyncio: {},
    'hybrid of threads': { model: 'hybrid', threads_per_process: 2 },
    'hybrid of asyncio': { model: 'hybrid', hybrid: 'asyncio' },
    free_threaded: {}, subinterpreters: {},
};
const scenarioOf = (name, list) => ({ model: name, workers: 2, ...settings[name], tasks: list });
const data = { argument_bytes: 3000, result_bytes: 2000 };

const everyStep = (name) => ({
    name: `model ${name} does every step`,
    limit: 120,
    async run(context) {
        const result = clean(await measure(context, context.isolated, scenarioOf(name, [{ count: 4, ...data, steps }])));
        equal(result.bytes.join(), '5000,5000,5000,5000', 'bytes');
        const told = (what) => `${result.observed[what]?.value} of ${result.observed[what]?.expected}`;
        equal(told('value'), '200 of 200', 'value');
        equal(told('array'), '400 of 400', 'array');
        equal(told('received'), '4000 of 4000', 'received');
        // Processes count in a variable of their own each, and free threads hold another lock than the counter's.
        if (result.observed.counter && name !== 'subinterpreters') equal(told('counter'), '800 of 800', 'counter');
        return `${result.wall_samples_ms.map((ms) => ms.toFixed(0)).join(', ')} ms`;
    },
});

const oneFails = (name) => ({
    name: `model ${name}: an exception ends one task only`,
    limit: 120,
    async run(context) {
        const list = [...tasks(2, compute(2)), { steps: [{ fail: { how: 'exception' } }] }];
        const result = await measure(context, context.isolated, scenarioOf(name, list));
        equal(result.unavailable, undefined, 'unavailable');
        equal(result.errors.filter(Boolean).length, 1, 'errors');
        check(/^ValueError/.test(result.errors[2]), result.errors.join('|'));
        equal(result.observed.survivors.value, 2, 'survivors');
    },
});

export const models = Object.keys(settings).flatMap((name) => [everyStep(name), oneFails(name)]);
