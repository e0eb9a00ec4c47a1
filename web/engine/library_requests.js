// HTTP requests to the page's own host, for waits (web_host.cpp). Linked into both builds with --js-library.
addToLibrary({
    // Blocks the calling Worker, as a thread blocks in requests.get(). The status; 0: no answer.
    gil_request__sig: 'ip',
    gil_request: (url) => {
        try {
            const request = new XMLHttpRequest();
            request.open('GET', UTF8ToString(url), false);
            request.send();
            return request.status;
        } catch {
            return 0;
        }
    },
    gil_request__deps: ['$UTF8ToString'],

    gil_request_async__deps: ['gil_on_answer', '$UTF8ToString', '$gilEnter'],
    gil_request_async__sig: 'vpi',
    gil_request_async: (url, id) => {
        const answer = async () => {
            const response = await fetch(UTF8ToString(url), { cache: 'no-store' });
            await response.arrayBuffer();
            return response.status;
        };
        answer().catch(() => 0).then((status) => gilEnter(() => _gil_on_answer(id, status)));
    },
});
