// The script of every Worker that hosts the engine: the engine itself (name "gil-engine") and its worker processes
// (name "gil-process"). It chooses between the build with threads and the one without, carries messages, and turns
// every way of failing into words: nothing here ends in silence.
//
//   page -> engine     {start: {base, threads, text}}  {message: Uint8Array}  {text: string}
//   engine -> page     {kind: 'event', data: Uint8Array}  {kind: 'text', data: string}  {kind: 'failed', data: words}
//   engine -> process  {process: {module, threads, warm, options}}  {use: {threads, blocks}}  {tell: Uint8Array}
//                      {closed: true}
//   process -> engine  {kind: 'started'}  {kind: 'ready'}  {kind: 'message', data: Uint8Array}  {kind: 'left'}
//                      {kind: 'failed', data: words}
//   both               {kind: 'alive'}, the first of all  {kind: 'life' or 'thread', data: name of a lock}
//                      {kind: 'creating', data: whether a Worker is being created}  {kind: 'again'}: one was created anew
'use strict';

const here = new URL('./', self.location.href);
const decoder = new TextDecoder();

let engine = null; // the module, once it is up
let waiting = []; // messages that came before
let failed = false;
let stopped = 'the engine stopped: '; // how the words of a crash begin

self.postMessage({ kind: 'alive' });
// A lock that is held as long as this Worker lives. Whoever asks for it, too, gets it when the Worker has ended: also by
// other hands, of which browsers tell nobody.
const life = 'gilplay-' + self.crypto.randomUUID?.();
self.navigator.locks?.request(life, () => {
    self.postMessage({ kind: 'life', data: life });
    return new Promise(() => {});
}).catch(() => {}); // where a page may store nothing

function fail(words) {
    if (failed) return;
    failed = true;
    self.postMessage({ kind: 'failed', data: words });
}

self.addEventListener('error', (event) => {
    event.preventDefault();
    fail(stopped + (event.message || 'unknown error').replace(/^Uncaught /, ''));
});
self.addEventListener('unhandledrejection', (event) => {
    event.preventDefault();
    fail(stopped + (event.reason?.message ?? event.reason));
});

function post(kind, bytes) {
    if (kind === 0) self.postMessage({ kind: 'event', data: bytes }, [bytes.buffer]);
    else if (kind === 1) self.postMessage({ kind: 'text', data: decoder.decode(bytes) });
    else if (kind === 2) self.postMessage({ kind: 'message', data: bytes }, [bytes.buffer]);
    else self.postMessage({ kind: 'left' });
}

function browserName() {
    const agent = self.navigator.userAgent;
    const known = [[/Edg\/(\d+)/, 'Edge'], [/Firefox\/(\d+)/, 'Firefox'], [/(?:Headless)?Chrome\/(\d+)/, 'Chrome'],
        [/Version\/(\d+[.\d]*).*Safari/, 'Safari']];
    for (const [pattern, name] of known) {
        const match = pattern.exec(agent);
        if (match) return name + ' ' + match[1];
    }
    return 'unknown browser';
}

// Empty when memory can really be shared; otherwise why not. The flag alone is not enough: WebKitGTK sets it and has no
// SharedArrayBuffer.
function whyNoSharedMemory() {
    if (!self.isSecureContext) {
        return 'shared memory, which browsers give only to pages that come over https or from localhost';
    }
    if (!self.crossOriginIsolated) {
        return 'shared memory, which browsers give only to an isolated page: open this one in its own tab';
    }
    try {
        const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
        if (!(memory.buffer instanceof SharedArrayBuffer)) throw new Error('not shared');
        new MessageChannel().port1.postMessage(memory);
        Atomics.wait(new Int32Array(memory.buffer), 0, 0, 0);
        return '';
    } catch {
        return 'shared memory, which this browser does not offer';
    }
}

// One build, loaded and instantiated. `extra` is what the module takes besides.
async function load(name, extra) {
    try {
        self.importScripts(new URL(name + '.js', here).href);
    } catch (error) {
        throw new Error(name + '.js did not load (' + error.message + ')');
    }
    try {
        return await self.createEngine({
            locateFile: (file) => new URL(file, here).href,
            mainScriptUrlOrBlob: new URL(name + '.js', here).href,
            // Before it is up, the promise tells; the build without threads may still work.
            onAbort: (what) => engine && fail(stopped + 'aborted' + (what ? ' (' + what + ')' : '')),
            threadLives: (data) => self.postMessage({ kind: 'thread', data }),
            creating: (data) => self.postMessage({ kind: 'creating', data }),
            startedAgain: () => self.postMessage({ kind: 'again' }),
            threadFailed: (words) => fail(stopped + words.replace(/^Uncaught /, '')),
            post,
            ...extra,
        });
    } catch (error) {
        // The rest is advice to who builds the module.
        throw new Error(String(error?.message ?? error).replace(/\.? *Build with -sASSERTIONS.*$/, ''));
    }
}

async function compileProcessModule() {
    const response = await fetch(new URL('engine.wasm', here), { credentials: 'same-origin' });
    if (!response.ok) throw new Error('engine.wasm did not load (HTTP ' + response.status + ')');
    return await WebAssembly.compile(await response.arrayBuffer());
}

// Where the page's host answers "?ms=N" after N milliseconds; empty when it does not say that it can.
async function delayUrl() {
    try {
        const response = await fetch(new URL('host.json', here), { credentials: 'same-origin' });
        const { delay } = await response.json();
        return delay ? new URL(delay, here).href : '';
    } catch {
        return '';
    }
}

async function startEngine({ base, threads, text }) {
    const missing = whyNoSharedMemory();
    const delay_url = await delayUrl();
    const waits = { delay_url, no_http: delay_url ? '' : 'the host of this page does not answer requests to wait for; gilplay serve does' };
    const options = {
        base,
        ...waits,
        cores: self.navigator.hardwareConcurrency || 1,
        browser: browserName(),
        text_events: text ? 1 : 0,
        no_threads: threads === false ? 'threads are switched off by the address of this page' : missing && 'threads need ' + missing,
        no_shared_blocks: missing && 'what processes share needs ' + missing,
        no_processes: typeof Worker === 'function' ? '' : 'this browser does not let a Worker start Workers',
    };
    const extra = {
        compileProcessModule,
        processScript: new URL('engine_worker.js', here).href,
        processOptions: { base, ...waits, cores: options.cores, browser: options.browser },
    };
    if (!options.no_threads) {
        try {
            engine = await load('engine-threads', extra);
        } catch (error) {
            options.no_threads = 'the engine with threads did not start: ' + error.message;
        }
    }
    engine ??= await load('engine', extra);
    engine.startEngine(options);
}

async function startProcess({ module, threads, warm, options }) {
    stopped = '';
    engine = await load(threads > 0 ? 'engine-threads' : 'engine', {
        instantiateWasm: (imports, done) => {
            WebAssembly.instantiate(module, imports).then((instance) => done(instance, module),
                (error) => fail('it could not be instantiated: ' + error.message));
            return {};
        },
    });
    if (threads > 0) await engine.prepareThreads(threads);
    self.postMessage({ kind: 'started' });
    engine.startProcess(options, warm);
    self.postMessage({ kind: 'ready' });
}

// Threads of the last use come back by messages, so what was sent to this one has to wait for them. They are told of
// the blocks.
async function use({ threads, blocks }) {
    const handles = engine.addBlocks(blocks);
    if (threads > 0) await engine.prepareThreads(threads);
    engine.beginUse(handles);
}

function deliver(data) {
    if (data.message) engine.receive(data.message);
    else if (data.text) engine.receiveText(data.text);
    else if (data.tell) engine.childReceive(data.tell);
    else if (data.closed) engine.childClosed();
}

// What comes while `starting` goes on is delivered after it.
async function begin(starting) {
    waiting ??= [];
    try {
        await starting;
    } catch (error) {
        fail((stopped && 'the engine did not start: ') + (error?.message ?? error));
        return;
    }
    const early = waiting;
    waiting = null;
    early.forEach(handle);
}

function handle(data) {
    if (data.start) begin(startEngine(data.start));
    else if (data.process) begin(startProcess(data.process));
    else if (waiting) waiting.push(data);
    else if (data.use) begin(use(data.use));
    else deliver(data);
}

self.onmessage = ({ data }) => handle(data);
