import { launch, open, engineReady, runButton, settled, summaryWhere } from './harness.mjs';
import { serve } from './server.mjs';
const server = await serve(process.env.SITE ?? 'build/web/site', { isolated: true });
const browser = await launch();
const jobs = (process.argv[2] ?? '').split(',');
for (const job of jobs) {
  const [name, hash, w, h, scale, run, dark, scroll] = job.split('|');
  const page = await open(browser, server.url + hash, { viewport: { width: +w, height: +h }, deviceScaleFactor: +scale, colorScheme: dark === 'dark' ? 'dark' : 'light', hasTouch: +w < 500 });
  await engineReady(page); await settled(page);
  if (run === 'run') {
    const b = await runButton(page); await page.mouse.click(b.x, b.y);
    await summaryWhere(page, (s) => /machine|failed/.test(s.verdict) || /failed/.test(s.status), 120000).catch((e) => console.log(name, String(e).slice(0, 100)));
    await page.mouse.move(2, 2); await settled(page);
  }
  if (+scroll) { await page.mouse.move(+w / 2, +h / 2); await page.mouse.wheel(0, +scroll); await settled(page); }
  await page.screenshot({ path: '/tmp/shots/' + name + '.png' });
  await page.context().close();
}
await browser.close(); server.close?.(); process.exit(0);
