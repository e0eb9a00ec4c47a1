// The pool of pthread Workers (threads_on.cpp). A pthread starts only when its creator returns to its event loop,
// unless a loaded Worker is waiting for it; a big initial pool would make every start of the page slow. So the pool is
// grown here, before a run, to what that run needs. Uses Emscripten's own PThread object (3.1.69).
addToLibrary({
    $GilThreads__deps: ['$PThread', '$GilBlocks'],
    $GilThreads: {
        // Workers of threads that have ended come back to the pool by a message, so this waits for them first.
        returned: async () => {
            const deadline = performance.now() + 5000;
            while (PThread.runningWorkers.length > 0) {
                if (performance.now() > deadline) throw new Error('threads of the last run have not ended');
                await new Promise((resolve) => setTimeout(resolve, 1));
            }
        },

        load() {
            PThread.allocateUnusedWorker();
            const worker = PThread.unusedWorkers[PThread.unusedWorkers.length - 1];
            // Emscripten throws the event again, and its words get lost.
            worker.addEventListener('error', (event) => {
                event.preventDefault();
                event.stopImmediatePropagation();
                Module['threadFailed'](event.message || 'the Worker of a thread did not load');
            });
            return PThread.loadWasmModuleToWorker(worker);
        },

        prepare: async (count) => {
            await GilThreads.returned();
            await GilThreads.grow(Math.max(0, count - PThread.unusedWorkers.length));
            // Arrives before the message that starts a thread.
            const gilBlocks = GilBlocks.all();
            for (const worker of PThread.unusedWorkers) worker.postMessage({ gilBlocks });
        },

        grow: async (missing) => {
            if (missing === 0) return;
            const loads = Promise.all(Array.from({ length: missing }, () => GilThreads.load()));
            let timer = 0;
            const limit = new Promise((_, reject) => {
                timer = setTimeout(() => reject(new Error('the browser did not start ' + missing + ' Workers in 20 s')), 20000);
            });
            // A limit that goes off after the race is a rejection that nobody handles, and ends the engine.
            await Promise.race([loads, limit]).finally(() => clearTimeout(timer));
        },
    },

    gil_prepare_threads__deps: ['$GilThreads', '$gilPrepared'],
    gil_prepare_threads__sig: 'vii',
    gil_prepare_threads: (count, id) => {
        GilThreads.prepare(count).then(
            () => gilPrepared(id, ''),
            (reason) => gilPrepared(id, 'threads could not be prepared: ' + (reason?.message ?? reason)));
    },
});
