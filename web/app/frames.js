// Pre-JS of app.js: when to draw and how large. Idle means idle: an animation frame is asked for only when something
// has changed, and never while the tab is hidden or the canvas is out of sight.
Module['frames'] = (() => {
    const canvas = Module['canvas'];
    let asked = false;
    let inSight = true;

    function run() {
        asked = false;
        const wanted = _gil_frame();
        if (wanted === 1) request();
        else if (wanted === 2) setTimeout(request, 120);
    }

    // A hidden tab is not served by the browser anyway; the frame then comes when it is shown again.
    function request() {
        if (asked || !inSight) return;
        asked = true;
        requestAnimationFrame(run);
    }

    function resized(entry) {
        const width = entry?.contentRect.width ?? canvas.clientWidth;
        const height = entry?.contentRect.height ?? canvas.clientHeight;
        if (width < 1 || height < 1) return;
        // Device pixels exactly where the browser tells them: a guess that is rounded the other way blurs the text.
        // Emulated densities do not reach what it tells, so it only decides about the rounding.
        const exact = entry?.devicePixelContentBoxSize?.[0];
        const pixels = (css, told) => {
            const guess = css * devicePixelRatio;
            return told && Math.abs(told - guess) <= 1 ? told : Math.round(guess);
        };
        _gil_resize(width, height, pixels(width, exact?.inlineSize), pixels(height, exact?.blockSize));
    }
    const observer = new ResizeObserver((entries) => resized(entries[entries.length - 1]));
    function observe() {
        resized();
        try {
            observer.observe(canvas, { box: 'device-pixel-content-box' });
        } catch {
            observer.observe(canvas);
        }
    }
    // The page moved to a screen of another density, or was zoomed.
    function watchDensity() {
        matchMedia('(resolution: ' + devicePixelRatio + 'dppx)').addEventListener('change', () => {
            watchDensity();
            resized();
        }, { once: true });
    }
    function watchSight() {
        new IntersectionObserver((entries) => {
            inSight = entries[entries.length - 1].isIntersecting;
            if (inSight) _gil_wake();
        }).observe(canvas);
    }

    return {
        request,
        // Once the program runs, not before.
        begin: () => {
            observe();
            watchSight();
            watchDensity();
            matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => _gil_wake());
            _gil_wake();
        },
    };
})();
