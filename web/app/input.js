// Pre-JS of app.js: pointer, wheel, touch and the keys that belong to the browser. The canvas takes nothing from a page
// that embeds it until it has been clicked or tabbed into. Called once the program runs: an event before would call
// functions that do not exist yet.
Module['listen'] = () => {
    const canvas = Module['canvas'];
    const page = Module['page'];
    const slop = 8; // CSS pixels a finger may wander and still tap
    const touch = { id: -1, mode: '', x: 0, y: 0, lastY: 0, lastTime: 0, speed: 0, gliding: 0 };

    const place = (event) => {
        const box = canvas.getBoundingClientRect();
        return [event.clientX - box.left, event.clientY - box.top];
    };
    const move = (event) => _gil_pointer_move(...place(event), event.pointerType === 'touch');

    canvas.addEventListener('pointerdown', (event) => {
        canvas.focus({ preventScroll: true });
        if (event.pointerType === 'touch') return touchDown(event);
        canvas.setPointerCapture(event.pointerId);
        move(event);
        _gil_pointer_button([0, 2, 1][event.button] ?? 0, true);
    });
    canvas.addEventListener('pointermove', (event) => {
        if (event.pointerType === 'touch') touchMove(event);
        else move(event);
    });
    canvas.addEventListener('pointerup', (event) => {
        if (event.pointerType === 'touch') return touchUp(event);
        move(event);
        _gil_pointer_button([0, 2, 1][event.button] ?? 0, false);
    });
    canvas.addEventListener('pointercancel', (event) => {
        if (event.pointerType === 'touch') return touchEnd();
        _gil_pointer_button(0, false);
        _gil_pointer_gone();
    });
    canvas.addEventListener('pointerleave', (event) => {
        if (event.pointerType !== 'touch' && event.buttons === 0) _gil_pointer_gone();
    });

    // A finger: tap, drag sideways (sliders, timeline), or scroll. In an embed the browser scrolls the page around
    // (touch-action: pan-y in the style sheet) and tells by pointercancel.
    function touchDown(event) {
        event.preventDefault();
        if (touch.id !== -1) return;
        const [x, y] = place(event);
        Object.assign(touch, { id: event.pointerId, mode: 'waiting', x, y, lastY: y, lastTime: event.timeStamp, speed: 0 });
        ++touch.gliding; // stops a glide that is under way
        _gil_pointer_move(x, y, true);
    }
    function touchMove(event) {
        if (event.pointerId !== touch.id) return;
        const [x, y] = place(event);
        if (touch.mode === 'waiting' && Math.hypot(x - touch.x, y - touch.y) > slop) {
            touch.mode = Math.abs(y - touch.y) > Math.abs(x - touch.x) ? 'scroll' : 'drag';
            if (touch.mode === 'drag') _gil_pointer_button(0, true);
        }
        if (touch.mode === 'drag') _gil_pointer_move(x, y, true);
        if (touch.mode !== 'scroll') return;
        const passed = Math.max(1, event.timeStamp - touch.lastTime);
        touch.speed = 0.7 * touch.speed + 0.3 * (touch.lastY - y) / passed;
        _gil_scroll(0, touch.lastY - y);
        touch.lastY = y;
        touch.lastTime = event.timeStamp;
    }
    function touchUp(event) {
        if (event.pointerId !== touch.id) return;
        if (touch.mode === 'waiting') _gil_pointer_button(0, true);
        if (touch.mode === 'scroll') glide(touch.speed, ++touch.gliding);
        touchEnd();
    }
    function touchEnd() {
        if (touch.mode !== 'scroll') {
            _gil_pointer_button(0, false);
            _gil_pointer_gone(); // else what lies there keeps looking hovered
        }
        touch.id = -1;
        touch.mode = '';
    }
    // The content goes on for a moment after a flick.
    function glide(speed, mine) {
        let last = performance.now();
        const step = (now) => {
            if (mine !== touch.gliding || Math.abs(speed) < 0.03) return;
            _gil_scroll(0, speed * (now - last));
            speed *= Math.exp(-(now - last) / 300);
            last = now;
            requestAnimationFrame(step);
        };
        requestAnimationFrame(step);
    }
    // SDL must not see touches at all: it would stop the browser from scrolling the page around.
    for (const type of ['touchstart', 'touchmove', 'touchend', 'touchcancel']) {
        canvas.parentNode.addEventListener(type, (event) => event.stopPropagation(), { capture: true, passive: true });
    }

    canvas.addEventListener('wheel', (event) => {
        if (event.ctrlKey) return; // zooming is the browser's
        if (page.embedded && document.activeElement !== canvas) return;
        const unit = event.deltaMode === 1 ? 18 : event.deltaMode === 2 ? 0.9 * canvas.clientHeight : 1;
        const [dx, dy] = event.shiftKey && !event.deltaX ? [event.deltaY * unit, 0] : [event.deltaX * unit, event.deltaY * unit];
        if (page.embedded && !_gil_can_scroll(dx, dy)) return;
        event.preventDefault();
        _gil_scroll(dx, dy);
    }, { passive: false });

    // Keys that are the browser's stay the browser's: SDL would swallow F5, Ctrl+R and Ctrl+L. A paste comes as text.
    const ours = (event) => {
        if (/^F\d+$/.test(event.key) || event.altKey) return false;
        return !(event.ctrlKey || event.metaKey) || (event.key.length === 1 ? 'acxzy' : 'ControlMetaArrowHomeEnd').includes(
            event.key.length === 1 ? event.key.toLowerCase() : event.key.replace(/Left|Right|Up|Down/, ''));
    };
    for (const type of ['keydown', 'keyup']) {
        canvas.parentNode.addEventListener(type, (event) => {
            if (event.target === canvas && !ours(event)) event.stopPropagation();
        }, { capture: true });
    }
    for (const type of ['keydown', 'keyup', 'keypress']) canvas.addEventListener(type, () => _gil_key());
    document.addEventListener('paste', (event) => {
        if (document.activeElement !== canvas) return;
        const bytes = new TextEncoder().encode((event.clipboardData?.getData('text/plain') ?? '') + '\0');
        const text = _malloc(bytes.length);
        HEAPU8.set(bytes, text);
        _gil_paste(text);
        _free(text);
    });
    canvas.addEventListener('focus', () => _gil_focus(1));
    canvas.addEventListener('blur', () => _gil_focus(0));

    Module['leave'] = (direction) => {
        if (direction === 2) canvas.blur();
        else page.focusBeside(direction);
    };
};

// The reader went back or forward, or changed the address. As above: once the program runs.
Module['addressChanged'] = () => _gil_address_changed();
