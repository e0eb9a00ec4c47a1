// A small static server on loopback for the tests: with or without isolation headers, and with a switch to break files.
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';

const types = {
    '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.wasm': 'application/wasm',
    '.svg': 'image/svg+xml', '.json': 'application/json',
};
/** The header fields that site/_headers has for all paths. */
async function siteHeaders() {
    const text = await readFile(new URL('../../site/_headers', import.meta.url), 'utf8');
    const section = text.split(/^(?=\S)/m).find((each) => each.startsWith('/*\n'));
    return Object.fromEntries(section.trim().split('\n').slice(1).map((line) => line.trim().split(/: (.*)/).slice(0, 2)));
}

/** Serves `folder` at http://127.0.0.1:<port>/. `isolated`: with the header fields of site/_headers; of those the
 *  Content-Security-Policy only when `strict`, as tests bring scripts of their own. `missing` is a set of file names to
 *  answer 404 for; `extra` maps paths to what a test made, or to a function that makes it at each request. */
export async function serve(folder, { isolated = false, strict = false } = {}) {
    const missing = new Set();
    const extra = new Map();
    const requested = [];
    const all = isolated ? await siteHeaders() : { 'Cache-Control': 'no-cache' };
    if (!strict) delete all['Content-Security-Policy'];
    const server = createServer(async (request, response) => {
        const path = normalize(decodeURIComponent(new URL(request.url, 'http://x').pathname)).replace(/^(\.\.[/\\])+/, '');
        const name = path.endsWith('/') ? path + 'index.html' : path;
        const headers = { ...all };
        requested.push(name.slice(1));
        if (isolated && !missing.has('host.json')) {
            const { pathname, searchParams } = new URL(request.url, 'http://x');
            if (pathname === '/delay') {
                setTimeout(() => response.writeHead(200, headers).end('done\n'), Number(searchParams.get('ms')));
                return;
            }
            if (pathname === '/host.json') {
                response.writeHead(200, { ...headers, 'Content-Type': 'application/json' }).end('{"delay": "delay"}');
                return;
            }
        }
        try {
            if (missing.has(name.slice(1))) throw new Error('missing on purpose');
            const made = extra.get(name);
            const body = (typeof made === 'function' ? made() : made) ?? await readFile(join(folder, name));
            response.writeHead(200, { ...headers, 'Content-Type': types[extname(name)] ?? 'application/octet-stream' });
            response.end(body);
        } catch {
            response.writeHead(404, { ...headers, 'Content-Type': 'text/plain' });
            response.end('not found');
        }
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address();
    return {
        url: `http://127.0.0.1:${port}/`,
        port, missing, extra, requested,
        close: () => new Promise((resolve) => {
            server.closeAllConnections();
            server.close(resolve);
        }),
    };
}
