// Pictures to look at: --screenshots DIR.
import { join } from 'node:path';
import { engineReady, open, runButton, settled, summaryWhere } from './harness.mjs';

const sizes = [
    ['wide', 1280, 800, ''], ['phone', 390, 844, ''], ['embed', 700, 450, '?embed=1'],
];

async function measure(page) {
    const { x, y } = await runButton(page);
    await page.mouse.click(x, y);
    await summaryWhere(page, "(s) => s.status.startsWith('Measured on')", 90000);
    await page.mouse.move(2, 2);
    await settled(page);
}

export const screenshots = [];
for (const [name, width, height, query] of sizes) {
    for (const colorScheme of ['light', 'dark']) {
        for (const deviceScaleFactor of [1, 2]) {
            const file = `${name}-${colorScheme}-${deviceScaleFactor}x.png`;
            screenshots.push({
                name: 'screenshot ' + file,
                limit: 150,
                async run({ browser, isolated, screenshots }) {
                    const page = await open(browser, isolated.url + query + '#cpu-bound?tasks=4&work_ms=60',
                        { viewport: { width, height }, colorScheme, deviceScaleFactor });
                    await engineReady(page);
                    await settled(page);
                    await page.screenshot({ path: join(screenshots, 'simulated-' + file) });
                    if (deviceScaleFactor === 1) await measure(page);
                    if (deviceScaleFactor === 1) await page.screenshot({ path: join(screenshots, 'measured-' + file) });
                },
            });
        }
    }
}
for (const colorScheme of ['light', 'dark']) {
    screenshots.push({
        name: 'screenshot panels ' + colorScheme,
        async run({ browser, isolated, screenshots }) {
            isolated.missing.add('app.wasm');
            const page = await open(browser, isolated.url, { wait: false, colorScheme });
            await page.waitForFunction(() => window.gilplay?.failure, null, { timeout: 15000 });
            await page.screenshot({ path: join(screenshots, `panel-${colorScheme}.png`) });
            isolated.missing.clear();
            const text = await open(browser, isolated.url, { colorScheme });
            await engineReady(text);
            await text.locator('#text-toggle').focus();
            await text.screenshot({ path: join(screenshots, `text-button-${colorScheme}.png`) });
            await text.keyboard.press('Enter');
            await settled(text);
            await text.screenshot({ path: join(screenshots, `text-${colorScheme}.png`) });
            const demo = await open(browser, isolated.url + 'embed-demo.html', { wait: false, colorScheme });
            await demo.frameLocator('iframe').locator('body.ready').waitFor({ timeout: 30000 });
            await settled(demo.frames()[1]);
            await demo.screenshot({ path: join(screenshots, `embed-demo-${colorScheme}.png`) });
        },
    });
}
