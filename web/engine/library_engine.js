// What the engine asks of its Worker (web_host.cpp): clock, timers, worker processes, messages. Linked into both
// builds with --js-library. Module['post'] and Module['processScript'] come from engine_worker.js.
addToLibrary({
    // libc++ turns every timed wait into one on the system clock, and Date.now() knows whole milliseconds only. The
    // switch interval is 5 ms: it needs better.
    emscripten_date_now: () => performance.timeOrigin + performance.now(),

    // timeOrigin differs between Workers, its difference to `base` is exact in a double.
    gil_clock_ms__sig: 'dd',
    gil_clock_ms: (base) => performance.timeOrigin - base + performance.now(),

    // Timers pass through a message before they run: setTimeout counts how deep timers nest and delays the fifth and
    // all later ones to 4 ms, and a message ends that chain.
    $GilTimers__deps: ['gil_on_timer'],
    $GilTimers: {
        channel: null,
        deadlines: null,

        fire(id) {
            const late = performance.now() - GilTimers.deadlines.get(id);
            // Browsers round delays to milliseconds, so a timer is set short and the rest of it passes here.
            if (late < 0) {
                GilTimers.channel.port2.postMessage(id);
                return;
            }
            GilTimers.deadlines.delete(id);
            _gil_on_timer(id);
        },

        start(id, ms) {
            if (!GilTimers.channel) {
                GilTimers.channel = new MessageChannel();
                GilTimers.deadlines = new Map();
                GilTimers.channel.port1.onmessage = (event) => GilTimers.fire(event.data);
            }
            GilTimers.deadlines.set(id, performance.now() + ms);
            const hop = () => GilTimers.channel.port2.postMessage(id);
            if (ms < 1) hop();
            else setTimeout(hop, Math.floor(ms));
        },
    },
    gil_call_after__deps: ['$GilTimers'],
    gil_call_after__sig: 'vid',
    gil_call_after: (id, ms) => GilTimers.start(id, ms),

    gil_post__sig: 'vipp',
    gil_post: (kind, data, size) => Module['post'](kind, HEAPU8.slice(data, data + size)),

    // Gives `bytes` to an export as pointer and length for the duration of the call.
    $gilWithBytes__deps: ['malloc', 'free'],
    $gilWithBytes: (bytes, call) => {
        const data = _malloc(bytes.length || 1);
        HEAPU8.set(bytes, data);
        call(data, bytes.length);
        _free(data);
    },

    // Worker processes: nested Workers, each with its own instance and memory of engine.wasm. `idle` holds the kept,
    // warmed-up ones; `busy` maps "run/index" to the Worker at work.
    $GilProcesses__deps: ['gil_on_process_outcome', 'gil_on_process_failed', 'gil_on_prepared', '$gilWithBytes'],
    $GilProcesses: {
        module: null, // Promise of the WebAssembly.Module: given to every Worker, so that V8 shares its optimised code
        idle: [],
        busy: {},

        compiled() {
            return (GilProcesses.module ??= Module['compileProcessModule']());
        },

        // A Worker that loads engine.wasm. handler(kind, data) gets its messages: 'ready', 'outcome', 'failed'.
        create(module, warm) {
            const process = { worker: new Worker(Module['processScript'], { name: 'gil-process' }), handler: null };
            process.worker.onmessage = ({ data }) => process.handler?.(data.kind, data.data);
            process.worker.onerror = (event) => {
                event.preventDefault();
                process.handler?.('failed', 'it stopped: ' + (event.message || 'its script did not load'));
            };
            process.worker.onmessageerror = () => process.handler?.('failed', 'its message could not be read');
            process.worker.postMessage({ process: { module, warm, options: Module['processOptions'] } });
            return process;
        },

        // Resolves with a kept Worker once it is warm; rejects with words.
        warm(module) {
            return new Promise((resolve, reject) => {
                const process = GilProcesses.create(module, true);
                const timer = setTimeout(() => end('it was not ready after 20 s'), 20000);
                const end = (problem) => {
                    clearTimeout(timer);
                    process.handler = null;
                    if (!problem) return resolve(process);
                    process.worker.terminate();
                    reject(problem);
                };
                process.handler = (kind, data) => end(kind === 'ready' ? '' : String(data));
            });
        },

        prepare: async (kept, count) => {
            const module = await GilProcesses.compiled();
            if (!kept) return;
            // The first alone: it brings the shared code to its final speed, so that the others settle at once.
            if (GilProcesses.idle.length === 0 && count > 0) GilProcesses.idle.push(await GilProcesses.warm(module));
            const missing = Math.max(0, count - GilProcesses.idle.length);
            const more = await Promise.all(Array.from({ length: missing }, () => GilProcesses.warm(module)));
            GilProcesses.idle.push(...more);
        },

        // `module` is already compiled: core prepares before it measures.
        start(run, index, kept, bytes, limit, module) {
            const key = run + '/' + index;
            const process = (kept && GilProcesses.idle.pop()) || GilProcesses.create(module, false);
            const timer = setTimeout(() => finish('failed', 'no answer after ' + Math.round(limit / 1000) + ' s'), limit);
            const finish = (kind, data) => {
                if (kind === 'ready') return;
                clearTimeout(timer);
                delete GilProcesses.busy[key];
                process.handler = null;
                if (kind === 'outcome' && kept) GilProcesses.idle.push(process);
                else process.worker.terminate();
                if (kind === 'outcome') gilWithBytes(data, (at, size) => _gil_on_process_outcome(run, index, at, size));
                else GilProcesses.fail(run, index, String(data));
            };
            process.handler = finish;
            GilProcesses.busy[key] = () => {
                clearTimeout(timer);
                process.handler = null;
                process.worker.terminate();
            };
            process.worker.postMessage({ job: bytes });
        },

        fail(run, index, problem) {
            gilWithBytes(new TextEncoder().encode(problem), (at, size) => _gil_on_process_failed(run, index, at, size));
        },

        end(run) {
            for (const [key, terminate] of Object.entries(GilProcesses.busy)) {
                if (!key.startsWith(run + '/')) continue;
                terminate();
                delete GilProcesses.busy[key];
            }
        },
    },

    $gilPrepared__deps: ['gil_on_prepared', '$gilWithBytes'],
    $gilPrepared: (id, problem) => {
        gilWithBytes(new TextEncoder().encode(problem), (at, size) => _gil_on_prepared(id, at, size));
    },

    gil_prepare_processes__deps: ['$GilProcesses', '$gilPrepared'],
    gil_prepare_processes__sig: 'viii',
    gil_prepare_processes: (kept, count, id) => {
        GilProcesses.prepare(kept !== 0, count).then(
            () => gilPrepared(id, ''),
            (reason) => gilPrepared(id, 'a worker process did not come up: ' + (reason?.message ?? reason)));
    },

    gil_start_process__deps: ['$GilProcesses'],
    gil_start_process__sig: 'viiippd',
    gil_start_process: (run, index, kept, data, size, limit) => {
        const bytes = HEAPU8.slice(data, data + size);
        if (kept && GilProcesses.idle.length > 0) {
            GilProcesses.start(run, index, true, bytes, limit, null);
            return;
        }
        GilProcesses.compiled().then((module) => GilProcesses.start(run, index, kept !== 0, bytes, limit, module))
            .catch((reason) => GilProcesses.fail(run, index, 'it could not start: ' + (reason?.message ?? reason)));
    },

    gil_end_processes__deps: ['$GilProcesses'],
    gil_end_processes__sig: 'vi',
    gil_end_processes: (run) => GilProcesses.end(run),
});
