// Every experiment with its defaults, measured in an isolated page. What a browser cannot do is
// said by the variant; everything else must be measured, with right results.
import { check } from './harness.mjs';
import { ask } from './measuring.mjs';

const ids = ['cpu-bound', 'gil-release', 'lock', 'free-threading', 'io-bound', 'web-scraper', 'thread-pool', 'process-pool',
    'process-overhead', 'pickling', 'shared-data', 'isolation', 'image-processing', 'hybrid', 'pool-size', 'sequential'];

/** The one thing that a page does not have and a default experiment asks for: a Worker and a memory each are too much. */
const tooMany = 'at most 16 processes can be measured here';

function judge({ report, tookMs }) {
    for (const variant of report.variants) {
        if (variant.name === 'process_pool:cpu@32' && variant.unavailable === tooMany) continue;
        check(!variant.unavailable, `${variant.name} is not here: ${variant.unavailable}`);
        check(variant.outputs_ok, `${variant.name}: results differ`);
        check(variant.wall_samples_ms.every((ms) => ms > 0), `${variant.name}: no time`);
    }
    check(report.verdict.headline && report.verdict.why, 'no verdict');
    return `${report.variants.length} variants in ${(tookMs / 1000).toFixed(1)} s: ${report.verdict.headline} ${report.verdict.why}`;
}

export const experiments = ids.map((experiment) => ({
    name: `experiment ${experiment} with its defaults`,
    limit: 120,
    async run(context) {
        return judge(await ask(context, context.isolated, { type: 'run', experiment, knobs: {}, variants: [], repeats: 2 }));
    },
}));
