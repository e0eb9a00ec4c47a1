// What the page's program asks of the browser (window, engine, page). Module['link'], ['frames'] and ['leave'] are
// made by the pre-JS files beside this one; Module['page'] is page.js.
addToLibrary({
    $gilPageText: (data, size) => new TextDecoder().decode(HEAPU8.subarray(data, data + size)),

    gil_request_frame__sig: 'v',
    gil_request_frame: () => Module['frames'].request(),
    gil_frame_drawn__sig: 'v',
    gil_frame_drawn: () => Module['page'].drawn(),
    gil_leave_canvas__sig: 'vi',
    gil_leave_canvas: (direction) => Module['leave'](direction),

    gil_page_failed__deps: ['$gilPageText'],
    gil_page_failed__sig: 'vpp',
    gil_page_failed: (data, size) => Module['page'].noGraphics(gilPageText(data, size)),

    gil_page_describe__sig: 'i',
    gil_page_describe: () => {
        Module['description'] = new TextEncoder().encode(JSON.stringify(Module['page'].describe()));
        return Module['description'].length;
    },
    gil_page_description__sig: 'vp',
    gil_page_description: (text) => HEAPU8.set(Module['description'], text),
    gil_page_dark__sig: 'i',
    gil_page_dark: () => (Module['page'].dark() ? 1 : 0),
    gil_page_tell__deps: ['$gilPageText'],
    gil_page_tell__sig: 'vipp',
    gil_page_tell: (what, data, size) => {
        const text = gilPageText(data, size);
        if (what === 0) Module['page'].saveState(text);
        else if (what === 1) Module['page'].copy(text);
        else if (what === 2) Module['page'].open(text);
        else if (what === 3) Module['page'].summary(JSON.parse(text));
        else Module['page'].visitState(text);
    },
    gil_page_height__sig: 'vd',
    gil_page_height: (height) => Module['page'].contentHeight(height),

    gil_engine_send__sig: 'vpp',
    gil_engine_send: (data, size) => Module['link'].send({ message: HEAPU8.slice(data, data + size) }),
    gil_engine_next_size__sig: 'i',
    gil_engine_next_size: () => Module['link'].next()?.bytes.length ?? -1,
    gil_engine_take__sig: 'ip',
    gil_engine_take: (data) => {
        const { bytes, event } = Module['link'].take();
        HEAPU8.set(bytes, data);
        return event ? 1 : 0;
    },
    gil_engine_restart__sig: 'v',
    gil_engine_restart: () => Module['link'].restart(),
    gil_engine_start_again__sig: 'v',
    gil_engine_start_again: () => Module['link'].startAgain(),
});
