// What the engine asks of its Worker (web_host.cpp): clock, timers, messages. Linked into both builds with --js-library.
// Module['post'] comes from engine_worker.js.
addToLibrary({
    // libc++ turns every timed wait into one on the system clock, and Date.now() knows whole milliseconds only. The
    // switch interval is 5 ms: it needs better.
    emscripten_date_now: () => performance.timeOrigin + performance.now(),

    // timeOrigin differs between Workers, its difference to `base` is exact in a double.
    gil_clock_ms__sig: 'dd',
    gil_clock_ms: (base) => performance.timeOrigin - base + performance.now(),

    // Timers pass through a message before they run: setTimeout counts how deep timers nest and delays the fifth and
    // all later ones to 4 ms, and a message ends that chain.
    $GilTimers__deps: ['gil_on_timer', '$gilEnter'],
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
            gilEnter(() => _gil_on_timer(id));
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

    // When a thread has crashed, the instance leaves whatever it was doing by throwing 'unwind', so that the event loop
    // can hear of it: that is no failure of its own.
    $gilEnter: (call) => {
        try {
            call();
        } catch (error) {
            if (error !== 'unwind') throw error;
        }
    },

    // Gives `bytes` to an export as pointer and length for the duration of the call.
    $gilWithBytes__deps: ['malloc', 'free', '$gilEnter'],
    $gilWithBytes: (bytes, call) => {
        const data = _malloc(bytes.length || 1);
        if (!data) abort('memory for a message of ' + bytes.length + ' bytes is missing');
        HEAPU8.set(bytes, data);
        gilEnter(() => call(data, bytes.length));
        _free(data);
    },

    $gilWithText__deps: ['$gilWithBytes'],
    $gilWithText: (text, call) => gilWithBytes(new TextEncoder().encode(text), call),
});
