// How Workers are started, those of threads and those of processes: one after another, each awaited, because a browser may
// never start one of several that are created at the same moment; one that does not answer is ended and created anew.
// Linked into both builds with --js-library; Module's creating and startedAgain come from engine_worker.js.
addToLibrary({
    $GilStarts: {
        patience: [2, 4, 8], // seconds: a computer that is slow today gets a longer time before it is told that it failed
        limit: 20, // seconds for everything until a Worker can be used
        last: null, // Promise of the latest start

        // One after another: `start` is called when all others have settled.
        inTurn(start) {
            const turn = (GilStarts.last ?? Promise.resolve()).then(start);
            GilStarts.last = turn.catch(() => {});
            return turn;
        },

        // Resolves with a Worker of which a message made `started(message)` true, or rejects with words. `create(fail)` makes
        // one; fail(words) says that it will never start.
        started: async (create, started) => {
            for (const seconds of GilStarts.patience) {
                const worker = await GilStarts.attempt(create, started, seconds);
                if (worker) return worker;
                Module['startedAgain']?.();
            }
            throw new Error('the browser did not start a Worker in ' + GilStarts.patience.length + ' attempts');
        },

        creating(create) {
            Module['creating']?.(true);
            try {
                return create();
            } finally {
                Module['creating']?.(false);
            }
        },

        // Resolves with null when it does not answer. It has to when it begins, and again whenever it begins to create a
        // Worker itself, as the creating can hang in the browser. Ticks are counted, not time: what came while this event
        // loop was busy, or the computer slept, has been looked at before.
        attempt: (create, started, seconds) => new Promise((resolve, reject) => {
            let clock = 0;
            let ticks = 0;
            let silent = 0;
            let mustAnswer = true;
            const end = (settle, value) => {
                clearInterval(clock);
                settle(value);
            };
            const fail = (words) => end(reject, new Error(words));
            const worker = GilStarts.creating(() => create(fail));
            worker.addEventListener('message', ({ data }) => {
                if (started(data)) end(resolve, worker);
                silent = 0;
                mustAnswer = data.kind === 'creating' && data.data;
            });
            clock = setInterval(() => {
                if (++ticks > GilStarts.limit * 10) {
                    worker.terminate();
                    fail('it was not up after ' + GilStarts.limit + ' s');
                } else if (mustAnswer && ++silent > seconds * 10) {
                    worker.terminate();
                    end(resolve, null);
                }
            }, 100);
        }),

        // A promise with the limit for everything.
        within(promise, what) {
            let timer = 0;
            const limit = new Promise((_, reject) => {
                timer = setTimeout(() => reject(new Error(what + ' after ' + GilStarts.limit + ' s')), GilStarts.limit * 1000);
            });
            // A limit that goes off after the race is a rejection that nobody handles, and ends the engine.
            return Promise.race([promise, limit]).finally(() => clearTimeout(timer));
        },

        // Calls `then` when the Worker that holds the lock `name` has ended in whatever way; browsers have no event for it.
        watch: (name, then) => void self.navigator.locks.request(name, then).catch(() => {}),
    },
});
