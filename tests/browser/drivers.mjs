// The browsers that run the engine without the window, behind one interface:
//   const browser = await drivers.firefox.launch();    // { version, open(url), close() }
//   const page = await browser.open(url);              // { evaluate(function, argument), close() }
// `evaluate` runs a function in the page, waits for its promise, and gives its value as JSON would carry it. Each driver
// ends what it has started, also when this program is told to end.
import * as chromium from './driver_chromium.mjs';
import * as firefox from './driver_firefox.mjs';
import * as webkit from './driver_webkit.mjs';

export const drivers = { chromium, firefox, webkit };

/** What one of these browsers cannot do, by the beginning of a test's name: the test is skipped there, and the reason told. */
const cannot = {
    chromium: {},
    firefox: {
        'start: a thread that is ended': 'it frees what a Worker held only when the Worker\'s parent, which waits for the thread, is back ' +
            'in its event loop: 31 s here',
    },
    webkit: {
        'start: a thread that is ended': 'it frees what a Worker held only when the Worker\'s parent is back in its event loop, and that ' +
            'waits for the thread',
    },
};

/** Why the test is not run in this browser; empty: it is. */
export function whySkipped(browser, test) {
    const found = Object.entries(cannot[browser]).find(([name]) => test.name.startsWith(name));
    return found ? found[1] : '';
}
