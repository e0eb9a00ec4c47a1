// The page around the program: loads it and says how far it is, says in words what cannot work and what to do, carries
// the state in the address, and keeps the text version beside the canvas. No eval, no inline script, so that a strict
// Content-Security-Policy can be sent ('self' and 'wasm-unsafe-eval').
'use strict';

(() => {
    const query = new URLSearchParams(location.search);
    const framed = window.parent !== window;
    const embedded = framed || query.get('embed') === '1';
    const element = (id) => document.getElementById(id);
    const scheme = matchMedia('(prefers-color-scheme: dark)');

    // What tests read and do; the program does not depend on it.
    const hook = { frames: 0, ready: false, engineReady: false, engineStarts: 0, summary: null, failure: '', height: 0 };
    window.gilplay = hook;
    document.body.classList.toggle('embedded', embedded);

    /** The panel instead of the program. `details` is for whoever is asked about it. */
    function failed(title, advice, details = '') {
        if (hook.failure) return;
        hook.failure = title;
        document.body.classList.add('failed');
        element('panel-title').textContent = title;
        element('panel-text').textContent = advice;
        element('panel-progress').hidden = true;
        element('panel-advice').textContent = details;
        element('panel-advice').className = 'details';
        element('panel-button').hidden = false;
        element('panel').setAttribute('role', 'alert');
    }
    element('panel-button').addEventListener('click', () => location.reload());

    function crashed(details) {
        failed('The page has stopped', 'Something went wrong inside the program. Your settings are in the address, ' +
            'so reloading brings them back.', details);
    }
    window.addEventListener('error', (event) => {
        // Not an error: the browser tells that it put off a notification to the next frame.
        if (/^ResizeObserver loop/.test(event.message)) return;
        crashed(event.message + (event.filename ? ' (' + event.filename.split('/').pop() + ':' + event.lineno + ')' : ''));
    });
    window.addEventListener('unhandledrejection', (event) => {
        // Without the service worker there are no threads, but all the rest; the engine says so.
        if (event.reason?.stack?.includes('coi-serviceworker.js')) return;
        crashed(String(event.reason?.message ?? event.reason));
    });

    // --- loading

    function loadScript(name) {
        return new Promise((resolve, reject) => {
            const script = document.createElement('script');
            script.src = name;
            script.onload = resolve;
            script.onerror = () => reject(new Error(name + ' did not load'));
            document.head.append(script);
        });
    }

    function showProgress(got, total) {
        const text = total ? Math.round(got / 1024) + ' of ' + Math.round(total / 1024) + ' KB'
            : Math.round(got / 1024) + ' KB';
        element('panel-text').textContent = 'Loading, ' + text;
        if (total) element('panel-progress').value = got / total;
    }

    /** The module's bytes as a response that counts while it streams. */
    async function fetchCounted(name) {
        const response = await fetch(name, { credentials: 'same-origin' });
        if (!response.ok) throw new Error(name + ' did not load: the server answered ' + response.status);
        // Compressed, the length counts other bytes than arrive here.
        const total = response.headers.has('Content-Encoding') ? 0 : Number(response.headers.get('Content-Length'));
        let got = 0;
        const count = new TransformStream({
            transform(chunk, controller) {
                got += chunk.byteLength;
                showProgress(got, total);
                controller.enqueue(chunk);
            },
        });
        return new Response(response.body.pipeThrough(count), { headers: { 'Content-Type': 'application/wasm' } });
    }

    const cannotLoad = (error) => failed('The program did not load', 'Check the connection and reload the page. If that ' +
        'does not help, the site is being updated or its files are not complete.', error?.message ?? String(error));

    let addressChanged; // once the program runs

    async function start() {
        const bytes = fetchCounted('app.wasm');
        bytes.catch(() => {}); // told below, once
        await loadScript('app.js');
        const app = await window.createApp({
            canvas: element('canvas'),
            page,
            instantiateWasm: (imports, done) => {
                bytes.then((response) => WebAssembly.instantiateStreaming(response, imports))
                    .then(({ instance, module }) => done(instance, module))
                    .catch(cannotLoad);
                return {};
            },
            onAbort: (what) => crashed(String(what || 'the program aborted')),
        });
        if (hook.failure) return;
        app.listen();
        addressChanged = app.addressChanged;
        app.frames.begin();
        if (!page.describe().engine_unavailable) app.link.start();
    }

    // --- what the program asks of the page (web/app/library_app.js)

    const page = {
        hook,
        embedded,

        describe() {
            const whole = new URL(location.href);
            whole.search = whole.hash = '';
            return {
                embedded,
                page_url: whole.href,
                offers_own_tab: embedded || (window.isSecureContext && !window.crossOriginIsolated),
                engine_unavailable: typeof Worker === 'function' ? '' : 'this browser has no Workers, so nothing can be measured',
                state: location.hash.slice(1),
            };
        },
        dark: () => scheme.matches,
        threadsAllowed: () => query.get('threads') !== '0',

        drawn() {
            ++hook.frames;
            if (hook.ready) return;
            hook.ready = true;
            document.body.classList.add('ready');
        },
        noGraphics(details) {
            failed('This browser cannot draw the page', 'The program draws with WebGL 2, which is missing or switched off ' +
                'here. Update the browser, or allow hardware acceleration in its settings, then reload. The native ' +
                'program and its command line work without it.', details);
        },
        saveState(state) {
            // Throws where the browser thinks that it happens too often; the next change carries the state as well.
            try {
                history.replaceState(null, '', '#' + state);
            } catch { /* the address stays as it was */ }
        },
        /** Another experiment: Back comes to the state before. An embed leaves the history to its host. */
        visitState(state) {
            if (framed) return page.saveState(state);
            try {
                history.pushState(null, '', '#' + state);
            } catch {
                page.saveState(state);
            }
        },
        open: (url) => window.open(url, '_blank', 'noopener'),
        copy(text) {
            navigator.clipboard?.writeText(text).catch(() => copyByHand(text)) ?? copyByHand(text);
        },
        contentHeight(height) {
            hook.height = height;
            if (framed) window.parent.postMessage({ gilplay: { height } }, '*');
        },
        summary: showSummary,
        focusBeside(direction) {
            element(direction < 0 ? 'text-open' : 'text-toggle').focus();
        },
    };

    // An embed may not use the clipboard interface unless its host allows it; this older way needs only the click.
    function copyByHand(text) {
        const area = document.createElement('textarea');
        area.value = text;
        area.className = 'skip';
        document.body.append(area);
        area.select();
        document.execCommand('copy');
        area.remove();
        element('canvas').focus({ preventScroll: true });
    }

    // --- the text version

    const setText = (id, text) => {
        // An unchanged live region must not be read out again.
        if (element(id).textContent !== text) element(id).textContent = text;
    };

    function showSummary(summary) {
        hook.summary = summary;
        setText('text-title', summary.title ?? '');
        setText('text-claim', summary.claim ?? '');
        setText('text-status', summary.status ?? '');
        setText('text-verdict', summary.verdict ?? '');
        const row = (cells, kind) => {
            const line = document.createElement('tr');
            cells.forEach((text, index) => {
                const cell = document.createElement(index === 0 ? 'th' : kind);
                cell.scope = kind === 'th' ? 'col' : index === 0 ? 'row' : '';
                cell.textContent = text;
                line.append(cell);
            });
            return line;
        };
        const table = element('text-table');
        table.tHead.replaceChildren(row(summary.columns ?? [], 'th'));
        table.tBodies[0].replaceChildren(...(summary.rows ?? []).map((cells) => row(cells, 'td')));
    }

    function toggleText(open) {
        document.body.classList.toggle('text-open', open);
        for (const id of ['text-open', 'text-toggle']) element(id).setAttribute('aria-expanded', String(open));
        (open ? element('text') : element('canvas')).focus({ preventScroll: true });
    }
    element('text-open').addEventListener('click', () => toggleText(!document.body.classList.contains('text-open')));
    element('text-toggle').addEventListener('click', () => toggleText(!document.body.classList.contains('text-open')));
    element('text-close').addEventListener('click', () => toggleText(false));
    element('text').addEventListener('keydown', (event) => event.key === 'Escape' && toggleText(false));

    // --- isolation and start

    /** Resolves when it is clear that the page need not be reloaded to become isolated (threads need that). */
    async function isolate() {
        const possible = window.isSecureContext && !framed && window.crossOriginIsolated === false &&
            'serviceWorker' in navigator && query.get('coi') !== '0';
        if (!possible) return;
        let reloads = [];
        try {
            reloads = JSON.parse(sessionStorage.getItem('gilplay-reloads') ?? '[]').filter((time) => Date.now() - time < 20000);
        } catch { /* storage is blocked, and then service workers are too */ }
        if (reloads.length >= 2) return;
        // coi-serviceworker would reload as soon as the worker is found, and the new page may then come before the worker
        // is active: claimed, but loaded without its headers, and never reloaded. So the page reloads by itself, once the
        // worker is active and thus serves the next load.
        window.coi = { quiet: true, doReload: () => {} };
        navigator.serviceWorker.ready.then(() => {
            sessionStorage.setItem('gilplay-reloads', JSON.stringify([...reloads, Date.now()]));
            location.reload();
        }).catch(() => {});
        // A browser that refuses the service worker just goes on without threads.
        await loadScript('coi-serviceworker.js').catch(() => {});
        await new Promise((resolve) => setTimeout(resolve, 1500));
    }

    // Back and forward, typed or pasted; what saveState and visitState do does not come here.
    window.addEventListener('hashchange', () => (addressChanged ? addressChanged() : location.reload()));
    element('canvas').addEventListener('webglcontextlost', () => failed('The picture was lost',
        'The graphics system of this computer was reset. Reload the page to go on.'));

    if (typeof WebAssembly !== 'object') {
        failed('This browser cannot run the page', 'The program needs WebAssembly, which is missing or switched off here ' +
            '(some browsers do so in a lockdown or high-security mode). Update the browser or allow it for this site, then reload.');
    } else if (!document.createElement('canvas').getContext('webgl2')) {
        page.noGraphics('');
    } else {
        isolate().then(start).catch(cannotLoad);
    }
})();
