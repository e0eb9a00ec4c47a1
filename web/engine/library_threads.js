// The pool of pthread Workers (threads_on.cpp). A pthread starts only when its creator returns to its event loop,
// unless a loaded Worker is waiting for it; a big initial pool would make every start of the page slow. So the pool is
// grown here, before a run, to what that run needs. Uses Emscripten's own PThread object (3.1.69).
addToLibrary({
    $GilThreads__deps: ['$PThread', '$GilBlocks', '$GilStarts'],
    $GilThreads: {
        // Workers of threads that have ended come back to the pool by a message, so this waits for them first.
        returned: async () => {
            const deadline = performance.now() + 5000;
            while (PThread.runningWorkers.length > 0) {
                if (performance.now() > deadline) throw new Error('threads of the last run have not ended');
                await new Promise((resolve) => setTimeout(resolve, 1));
            }
        },

        // One more Worker in the pool.
        load: async () => {
            let loaded = null;
            let up = false;
            const create = (fail) => {
                PThread.allocateUnusedWorker();
                const worker = PThread.unusedWorkers.pop();
                // Emscripten throws the event again, and its words get lost.
                worker.addEventListener('error', (event) => {
                    event.preventDefault();
                    event.stopImmediatePropagation();
                    (up ? Module['threadFailed'] : fail)(event.message || 'the Worker of a thread did not load');
                });
                worker.addEventListener('message', ({ data }) => data.gilLife && Module['threadLives']?.(data.gilLife));
                loaded = PThread.loadWasmModuleToWorker(worker);
                return worker;
            };
            // Its first message of any kind is an answer.
            const worker = await GilStarts.started(create, () => true);
            up = true;
            await GilStarts.within(loaded, 'a Worker was not loaded');
            PThread.unusedWorkers.push(worker);
        },

        prepare: async (count) => {
            await GilThreads.returned();
            while (PThread.unusedWorkers.length < count) await GilStarts.inTurn(GilThreads.load);
            // Arrives before the message that starts a thread.
            const gilBlocks = GilBlocks.all();
            for (const worker of PThread.unusedWorkers) worker.postMessage({ gilBlocks });
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
