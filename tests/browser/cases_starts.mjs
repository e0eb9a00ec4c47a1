// Starts of Workers: fresh engines, Workers that do not answer, and Workers that are ended from outside.
import { addDesk, check, equal, runInEngine } from './harness.mjs';
import { compute, mischief, tasks } from './measuring.mjs';
import { allModels, stress } from './stress.mjs';

/** A few fresh engines per model; hundreds by hand: stress.mjs. */
export const freshEngines = allModels.map((model) => ({
    name: `fresh engines: ${model}`,
    limit: 120,
    async run({ engines, isolated }) {
        await addDesk(isolated);
        const { problems, tookMs, again } = await stress(engines, isolated.url + 'desk.html', model, 2, 55);
        equal(problems.join('|'), '', 'problems');
        return `${tookMs.map((ms) => ms.toFixed(0)).join(', ')} ms${again ? `, ${again} Workers started again` : ''}`;
    },
}));

const processes = { type: 'run_scenario', id: 1, repeats: 1, scenario: { model: 'processes', workers: 2, start_method: 'spawn', tasks: tasks(2, compute(2)) } };
const threads = { ...processes, scenario: { model: 'threads', workers: 2, tasks: tasks(2, compute(2)) } };

/** Runs `request` in a fresh engine of a desk whose Workers do `code` first. */
async function withMischief({ engines, isolated, site }, request, code, script) {
    await addDesk(isolated);
    await mischief(isolated, site, code, script);
    const page = await engines.open(isolated.url + 'desk.html');
    try {
        return await runInEngine(page, request);
    } finally {
        await page.close();
    }
}

const silentOnce = (name) => `if (self.name.startsWith('${name}') && nth() === 1) self.postMessage = () => {};`;

const startedAgain = (name, request, code, script) => ({
    name: 'start: ' + name,
    limit: 90,
    async run(context) {
        const { report, startedAgain, tookMs } = await withMischief(context, request, code, script);
        equal(report.variants[0].unavailable, undefined, 'unavailable');
        check(startedAgain >= 1, 'nothing was started again');
        return `${startedAgain} started again, ${tookMs.toFixed(0)} ms`;
    },
});

const told = (name, words, request, code, script) => ({
    name: 'start: ' + name,
    limit: 90,
    async run(context) {
        const begin = performance.now();
        const said = await withMischief(context, request, code, script).then(() => 'nothing', (error) => error.message.split('\n')[0]);
        check(words.test(said), said);
        return `${(performance.now() - begin).toFixed(0)} ms: ${said}`;
    },
});

export const starts = [
    startedAgain('an engine that does not answer is created anew', threads, silentOnce('gil-engine')),
    startedAgain('a worker process that does not answer is created anew', processes, silentOnce('gil-process')),
    startedAgain('a thread\'s Worker that does not answer is created anew', threads, silentOnce('em-pthread'), 'engine-threads.js'),
    startedAgain('an engine that hangs while it creates a Worker is created anew, and asked again', threads,
        `const Original = self.Worker;
        self.Worker = function (...options) {
            if (nth() === 1) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
            return new Original(...options);
        };`),
    told('an engine that is ended from outside is told at once', /the engine stopped: its Worker was ended from outside/, threads,
        "if (nth() === 1) self.addEventListener('message', ({ data }) => data.text && setTimeout(() => self.close()));"),
    told('a worker process that is ended from outside is told at once', /its Worker was ended from outside/, processes,
        "if (self.name === 'gil-process') self.addEventListener('message', ({ data }) => data.use && self.close());"),
    told('a thread that is ended from outside is told at once', /one of its threads was ended from outside/, threads,
        `if (self.name === 'em-pthread') self.addEventListener('message', (event) => {
            if (event.data.cmd !== 'run') return;
            event.stopImmediatePropagation();
            self.close();
        });`, 'engine-threads.js'),
];

/** Waits twice for fourteen seconds: once is enough. */
export const neverStarting = [
    told('processes that never answer are told', /did not start a Worker in 3 attempts/, processes,
        "if (self.name === 'gil-process') self.postMessage = () => {};"),
];
