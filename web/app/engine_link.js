// Pre-JS of app.js: the life of the engine's Worker (ui/engine_client.h). A dead engine is told to the front end in
// words and replaced; after three deaths within 10 s it is not, so that nothing loops.
Module['link'] = (() => {
    const load_limit_ms = 20000;
    const queue = [];
    let deaths = [];
    let worker = null;
    let watchdog = 0;
    const hook = Module['page'].hook; // window.gilplay

    function arrived(bytes, event) {
        queue.push({ bytes, event });
        _gil_message_arrived();
    }

    function end() {
        clearTimeout(watchdog);
        if (worker) {
            worker.onmessage = worker.onerror = worker.onmessageerror = null;
            worker.terminate();
        }
        worker = null;
        hook.engineReady = false;
    }

    function died(words) {
        end();
        const now = performance.now();
        deaths = deaths.filter((time) => now - time < 10000);
        deaths.push(now);
        const stopped = deaths.length >= 3;
        const text = stopped ? words + '. It failed three times, so it stays off until the next run' : words;
        if (!stopped) start();
        arrived(new TextEncoder().encode(text), false);
    }

    function take({ data }) {
        if (data.kind === 'failed') return died(String(data.data));
        if (!hook.engineReady) clearTimeout(watchdog);
        hook.engineReady = true;
        arrived(data.data, true);
    }

    function start() {
        ++hook.engineStarts;
        try {
            worker = new Worker('engine_worker.js', { name: 'gil-engine' });
        } catch (error) {
            // Asynchronously: the caller may be inside died().
            setTimeout(() => died('the engine could not be started: ' + error.message), 0);
            return;
        }
        worker.onmessage = take;
        worker.onerror = (event) => {
            event.preventDefault();
            died('the engine stopped: ' + (event.message || 'engine_worker.js did not load'));
        };
        worker.onmessageerror = () => died('a message of the engine could not be read');
        watchdog = setTimeout(() => died('the engine did not come up within ' + load_limit_ms / 1000 + ' s'), load_limit_ms);
        worker.postMessage({
            start: { base: performance.timeOrigin + performance.now(), threads: Module['page'].threadsAllowed() },
        });
    }

    hook.killEngine = (words) => died(words ?? 'the engine was ended by a test');
    return {
        start,
        send: (message) => worker?.postMessage(message),
        next: () => queue[0],
        take: () => queue.shift(),
        startAgain: () => worker || start(),
        restart: () => {
            end();
            queue.length = 0;
            start();
        },
    };
})();
