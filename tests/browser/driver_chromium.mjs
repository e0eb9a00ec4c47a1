// Chromium by Playwright.
import { launch as launchChromium, open } from './harness.mjs';

export const name = 'Chromium';

/** `native` is Playwright's browser, for tests that click. */
export async function launch() {
    const native = await launchChromium();
    return {
        native,
        version: native.version(),
        async open(url) {
            const page = await open(native, url, { wait: false });
            return {
                native: page,
                evaluate: (call, argument) => page.evaluate(call, argument),
                close: () => page.context().close(),
            };
        },
        close: () => native.close(),
    };
}
