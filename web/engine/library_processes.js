// Worker processes (web_host.cpp): nested Workers, each with an instance and a memory of its own. They run engine.wasm,
// or engine-threads.wasm when they will start threads. Linked into both builds with --js-library; Module's
// compileProcessModule, processScript and processOptions come from engine_worker.js.
addToLibrary({
    $GilProcesses__deps: ['gil_on_child_message', 'gil_on_child_end', 'gil_on_prepared', '$gilWithBytes', '$gilWithText',
        '$GilBlocks', '$GilStarts'],
    $GilProcesses: {
        module: null, // Promise of the WebAssembly.Module: given to every Worker, so that V8 shares its optimised code
        idle: [], // kept, warmed-up ones
        running: {}, // by the number that web_host.cpp gave

        // The engine with threads is itself what such a process runs; only that engine asks for them.
        compiled(threads) {
            if (threads > 0) return Promise.resolve(wasmModule);
            return (GilProcesses.module ??= GilStarts.within(Module['compileProcessModule'](), 'engine.wasm did not load'));
        },

        // A Worker that can start `threads` threads at once. handler(kind, data) gets its messages: 'ready', 'message',
        // 'left', 'failed'. What is sent to it before it has started waits here.
        create(threads, warm) {
            const process = { worker: null, threads, warm, up: false, ended: false, handler: null, early: [], fail: null, timer: 0 };
            GilStarts.inTurn(() => GilProcesses.bringUp(process)).catch((error) => process.handler?.('failed', error.message));
            return process;
        },

        // Until it has created all the Workers that it needs itself; the rest of its start goes on beside others.
        bringUp: async (process) => {
            const module = await GilProcesses.compiled(process.threads);
            await GilStarts.started((fail) => GilProcesses.createWorker(process, module, fail), ({ kind }) => kind === 'started');
            if (process.ended) return;
            process.timer = setTimeout(() => process.up || process.fail('it was not ready after 20 s'), GilStarts.limit * 1000);
            for (const { message, transfer } of process.early) process.worker.postMessage(message, transfer);
            process.early = null;
        },

        createWorker(process, module, notStarted) {
            if (process.ended) throw new Error('it is not wanted any more');
            const worker = new Worker(Module['processScript'], { name: 'gil-process' });
            process.worker = worker;
            process.fail = (words) => {
                notStarted(words);
                process.handler?.('failed', words);
            };
            const stillThere = () => process.worker === worker && !process.ended;
            worker.onmessage = ({ data: { kind, data } }) => {
                if (kind === 'ready') process.up = true;
                if (kind === 'life' || kind === 'thread') {
                    const what = kind === 'life' ? 'its Worker' : 'the Worker of one of its threads';
                    GilStarts.watch(data, () => stillThere() && process.fail(what + ' was ended from outside'));
                } else if (kind === 'again') {
                    Module['startedAgain']?.();
                } else if (kind === 'failed') {
                    process.fail(data);
                } else if (kind === 'ready' || kind === 'message' || kind === 'left') {
                    process.handler?.(kind, data);
                }
            };
            worker.onerror = (event) => {
                event.preventDefault();
                process.fail(event.message || 'its script did not load');
            };
            worker.onmessageerror = () => process.fail('its message could not be read');
            const { threads, warm } = process;
            worker.postMessage({ process: { module, threads, warm, options: Module['processOptions'] } });
            return worker;
        },

        send(process, message, transfer = []) {
            if (process.early) process.early.push({ message, transfer });
            else process.worker.postMessage(message, transfer);
        },

        drop(process) {
            process.handler = null;
            process.ended = true;
            clearTimeout(process.timer);
            process.worker?.terminate();
            process.fail?.('it is not wanted any more');
        },

        keep(process) {
            process.handler = (kind) => {
                if (kind !== 'failed') return;
                GilProcesses.idle = GilProcesses.idle.filter((each) => each !== process);
                GilProcesses.drop(process);
            };
            GilProcesses.idle.push(process);
        },

        fits: (process, threads) => (threads > 0 ? process.threads >= threads : process.threads === 0),

        // Resolves with a kept Worker once it is warm; rejects with words.
        warm(threads) {
            return new Promise((resolve, reject) => {
                const process = GilProcesses.create(threads, true);
                process.handler = (kind, data) => {
                    if (kind === 'ready') return resolve(process);
                    GilProcesses.drop(process);
                    reject(String(data));
                };
            });
        },

        prepare: async (kept, count, threads) => {
            await GilProcesses.compiled(threads);
            if (!kept) return;
            // Those that have threads, but too few, would only take up memory.
            for (const process of GilProcesses.idle.filter((each) => each.threads > 0 && each.threads < threads)) {
                GilProcesses.idle.splice(GilProcesses.idle.indexOf(process), 1);
                GilProcesses.drop(process);
            }
            const ready = () => GilProcesses.idle.filter((each) => GilProcesses.fits(each, threads)).length;
            // The first alone: it brings the shared code to its final speed, so that the others settle at once.
            if (ready() === 0 && count > 0) GilProcesses.keep(await GilProcesses.warm(threads));
            const missing = Math.max(0, count - ready());
            const more = await Promise.all(Array.from({ length: missing }, () => GilProcesses.warm(threads)));
            more.forEach(GilProcesses.keep);
        },

        take(threads) {
            const at = GilProcesses.idle.findIndex((each) => GilProcesses.fits(each, threads));
            return at < 0 ? null : GilProcesses.idle.splice(at, 1)[0];
        },

        start(id, kept, threads, blocks) {
            const process = (kept && GilProcesses.take(threads)) || GilProcesses.create(threads, false);
            process.handler = (kind, data) => {
                if (kind === 'ready') return;
                if (kind === 'message') {
                    gilWithBytes(data, (at, size) => _gil_on_child_message(id, at, size));
                    return;
                }
                delete GilProcesses.running[id];
                if (kind === 'left' && process.warm) GilProcesses.keep(process);
                else GilProcesses.drop(process);
                GilProcesses.ended(id, process.up, kind === 'left' ? '' : String(data || 'it failed without a word'));
            };
            GilProcesses.running[id] = process;
            GilProcesses.send(process, { use: { threads, blocks } });
        },

        // No words: it left.
        ended(id, up, words) {
            gilWithText(words, (at, size) => _gil_on_child_end(id, up ? 1 : 0, at, size));
        },
    },

    $gilPrepared__deps: ['gil_on_prepared', '$gilWithText'],
    $gilPrepared: (id, problem) => gilWithText(problem, (at, size) => _gil_on_prepared(id, at, size)),

    gil_prepare_processes__deps: ['$GilProcesses', '$gilPrepared'],
    gil_prepare_processes__sig: 'viiii',
    gil_prepare_processes: (kept, count, threads, id) => {
        GilProcesses.prepare(kept !== 0, count, threads).then(
            () => gilPrepared(id, ''),
            (reason) => gilPrepared(id, 'a worker process did not come up: ' + (reason?.message ?? reason)));
    },

    gil_start_child__deps: ['$GilProcesses', '$GilBlocks'],
    gil_start_child__sig: 'viiipp',
    gil_start_child: (id, kept, threads, blocks, count) => {
        const shared = Array.from(HEAP32.subarray(blocks >> 2, (blocks >> 2) + count), (each) => GilBlocks.memory(each));
        try {
            GilProcesses.start(id, kept !== 0, threads, shared);
        } catch (error) {
            setTimeout(() => GilProcesses.ended(id, false, error.message));
        }
    },

    gil_send_to_child__deps: ['$GilProcesses'],
    gil_send_to_child__sig: 'vipp',
    gil_send_to_child: (id, data, size) => {
        const tell = HEAPU8.slice(data, data + size);
        if (GilProcesses.running[id]) GilProcesses.send(GilProcesses.running[id], { tell }, [tell.buffer]);
    },

    gil_close_child__deps: ['$GilProcesses'],
    gil_close_child__sig: 'vi',
    gil_close_child: (id) => {
        if (GilProcesses.running[id]) GilProcesses.send(GilProcesses.running[id], { closed: true });
    },

    gil_end_child__deps: ['$GilProcesses'],
    gil_end_child__sig: 'vi',
    gil_end_child: (id) => {
        const process = GilProcesses.running[id];
        if (!process) return;
        delete GilProcesses.running[id];
        GilProcesses.drop(process);
    },
});
