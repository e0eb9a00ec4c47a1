// Pre-JS of app.js: the life of the engine's Worker (ui/state/engine_client.h). A dead engine is told to the front end in
// words and replaced; after three deaths within 10 s it is not, so that nothing loops. One that does not answer, when it
// starts or while it creates a Worker, is replaced without a word, and the new one gets the same request; so is the next,
// a few times. The tests without the window load this file, too.
Module['link'] = (() => {
    const load_limit_ms = 20000;
    const patience_ms = [2000, 2000, 4000, 4000, 8000];
    const queue = [];
    let deaths = [];
    let worker = null;
    let watchdog = 0; // until the engine is ready
    let answer = 0; // interval: an answer is due
    let unanswered = 0; // engines that did not, for the same request
    let request = null; // the last one, for an engine that replaces a silent one
    const hook = Module['page'].hook; // window.gilplay
    hook.workersStartedAgain = 0;

    function arrived(bytes, event) {
        queue.push({ bytes, event });
        _gil_message_arrived();
    }

    function end() {
        clearTimeout(watchdog);
        clearInterval(answer);
        if (worker) {
            worker.onmessage = worker.onerror = worker.onmessageerror = null;
            worker.terminate();
        }
        worker = null;
        hook.engineReady = false;
    }

    function died(words) {
        end();
        request = null;
        const now = performance.now();
        deaths = deaths.filter((time) => now - time < 10000);
        deaths.push(now);
        const stopped = deaths.length >= 3;
        const text = stopped ? words + '. It failed three times, so it stays off until the next run' : words;
        if (!stopped) start();
        arrived(new TextEncoder().encode(text), false);
    }

    function replaceSilent() {
        end();
        ++hook.workersStartedAgain;
        if (++unanswered < patience_ms.length) {
            start();
            if (request) worker?.postMessage(request);
        } else {
            unanswered = 0;
            died('the engine did not answer: the browser did not start a Worker in ' + patience_ms.length + ' attempts');
        }
    }

    // Of a long time in which this page did something else, or the computer slept, little counts: an answer may lie here.
    function mustAnswer() {
        clearInterval(answer);
        let silent = 0;
        let last = performance.now();
        answer = setInterval(() => {
            const now = performance.now();
            silent += Math.min(now - last, 200);
            last = now;
            if (silent > patience_ms[unanswered]) replaceSilent();
        }, 100);
    }

    // Whoever holds the lock has ended, in whatever way, once we get it; browsers have no event for that.
    function watch(lock, what) {
        const watched = worker;
        navigator.locks.request(lock, () => worker === watched && died(`the engine stopped: ${what} was ended from outside`))
            .catch(() => {});
    }

    function take({ data: { kind, data } }) {
        if (kind === 'creating' && data) return mustAnswer();
        clearInterval(answer);
        if (kind === 'failed') died(String(data));
        else if (kind === 'life') watch(data, 'its Worker');
        else if (kind === 'thread') watch(data, 'the Worker of one of its threads');
        else if (kind === 'again') ++hook.workersStartedAgain;
        if (kind !== 'event' && kind !== 'text') return;
        if (!hook.engineReady) clearTimeout(watchdog);
        hook.engineReady = true;
        arrived(data, true);
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
        mustAnswer();
        worker.postMessage({
            start: {
                base: performance.timeOrigin + performance.now(), threads: Module['page'].threadsAllowed(),
                text: Module['page'].textEvents,
            },
        });
    }

    hook.killEngine = (words) => died(words ?? 'the engine was ended by a test');
    return {
        start,
        send: (message) => {
            request = message;
            unanswered = 0;
            worker?.postMessage(message);
        },
        next: () => queue[0],
        take: () => queue.shift(),
        startAgain: () => worker || start(),
        restart: () => {
            end();
            queue.length = 0;
            request = null;
            unanswered = 0;
            start();
        },
    };
})();
