// A small static server on loopback for the tests: with or without isolation headers, and with a switch to break files.
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';

const types = {
    '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.wasm': 'application/wasm',
    '.svg': 'image/svg+xml', '.json': 'application/json',
};
const isolation = {
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Embedder-Policy': 'require-corp',
    'Cross-Origin-Resource-Policy': 'cross-origin',
    'Document-Isolation-Policy': 'isolate-and-require-corp',
};
// That of site/_headers: the page must work under it.
const policy = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; img-src 'self' data:; " +
    "style-src 'self' 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** Serves `folder` at http://127.0.0.1:<port>/. `missing` is a set of file names to answer 404 for; `extra` maps paths
 *  to what a test made, or to a function that makes it at each request. */
export async function serve(folder, { isolated = false, strict = false } = {}) {
    const missing = new Set();
    const extra = new Map();
    const requested = [];
    const server = createServer(async (request, response) => {
        const path = normalize(decodeURIComponent(new URL(request.url, 'http://x').pathname)).replace(/^(\.\.[/\\])+/, '');
        const name = path.endsWith('/') ? path + 'index.html' : path;
        const headers = { 'Cache-Control': 'no-cache', ...(isolated ? isolation : {}) };
        if (strict && name.endsWith('.html')) headers['Content-Security-Policy'] = policy;
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
