// Shared blocks (web_block.cpp): SharedArrayBuffers that the engine and its worker processes see. The first word of a
// block is its lock: 0 free, 1 taken, 2 taken and somebody waits; the data begins after eight bytes. A handle belongs to
// an instance; its pthreads are told of all blocks there are before they start.
addToLibrary({
    $GilBlocks: {
        blocks: {}, // by handle
        next: 1,
        heap64: null,

        view: (memory) => ({
            memory,
            lock: new Int32Array(memory, 0, 1),
            words: new BigInt64Array(memory, 8),
            bytes: new Uint8Array(memory, 8),
        }),

        add(memory) {
            const handle = GilBlocks.next++;
            GilBlocks.blocks[handle] = GilBlocks.view(memory);
            return handle;
        },

        // What a thread's Worker is told, and how it takes it (thread_api.js).
        all: () => Object.entries(GilBlocks.blocks).map(([handle, { memory }]) => [handle, memory]),
        adopt(all) {
            GilBlocks.blocks = Object.fromEntries(all.map(([handle, memory]) => [handle, GilBlocks.view(memory)]));
        },

        memory: (handle) => GilBlocks.blocks[handle]?.memory ?? null,

        // The module's own memory as 64-bit words; it may have grown since the last call.
        heap() {
            if (GilBlocks.heap64?.buffer !== HEAPU8.buffer) GilBlocks.heap64 = new BigInt64Array(HEAPU8.buffer);
            return GilBlocks.heap64;
        },
    },

    // 0: there is not so much memory.
    gil_create_block__deps: ['$GilBlocks'],
    gil_create_block__sig: 'ip',
    gil_create_block: (bytes) => {
        try {
            return GilBlocks.add(new SharedArrayBuffer(8 + Math.ceil(bytes / 8) * 8));
        } catch {
            return 0;
        }
    },

    gil_free_block__deps: ['$GilBlocks'],
    gil_free_block__sig: 'vi',
    gil_free_block: (handle) => {
        delete GilBlocks.blocks[handle];
    },

    gil_block_size__deps: ['$GilBlocks'],
    gil_block_size__sig: 'pi',
    gil_block_size: (handle) => GilBlocks.blocks[handle].bytes.length,

    gil_block_load__deps: ['$GilBlocks'],
    gil_block_load__sig: 'vipp',
    gil_block_load: (handle, index, to) => {
        GilBlocks.heap()[to >> 3] = Atomics.load(GilBlocks.blocks[handle].words, index);
    },

    gil_block_store__deps: ['$GilBlocks'],
    gil_block_store__sig: 'vipp',
    gil_block_store: (handle, index, from) => {
        Atomics.store(GilBlocks.blocks[handle].words, index, GilBlocks.heap()[from >> 3]);
    },

    gil_block_read__deps: ['$GilBlocks'],
    gil_block_read__sig: 'vippp',
    gil_block_read: (handle, offset, to, size) => {
        HEAPU8.set(GilBlocks.blocks[handle].bytes.subarray(offset, offset + size), to);
    },

    gil_block_write__deps: ['$GilBlocks'],
    gil_block_write__sig: 'vippp',
    gil_block_write: (handle, offset, from, size) => {
        GilBlocks.blocks[handle].bytes.set(HEAPU8.subarray(from, from + size), offset);
    },

    gil_block_try_lock__deps: ['$GilBlocks'],
    gil_block_try_lock__sig: 'ii',
    gil_block_try_lock: (handle) => (Atomics.compareExchange(GilBlocks.blocks[handle].lock, 0, 0, 1) === 0 ? 1 : 0),

    // After a wait somebody else may wait too, so the lock is then taken as state 2.
    gil_block_lock__deps: ['$GilBlocks'],
    gil_block_lock__sig: 'vi',
    gil_block_lock: (handle) => {
        const { lock } = GilBlocks.blocks[handle];
        if (Atomics.compareExchange(lock, 0, 0, 1) === 0) return;
        while (Atomics.exchange(lock, 0, 2) !== 0) Atomics.wait(lock, 0, 2);
    },

    gil_block_unlock__deps: ['$GilBlocks'],
    gil_block_unlock__sig: 'vi',
    gil_block_unlock: (handle) => {
        const { lock } = GilBlocks.blocks[handle];
        if (Atomics.exchange(lock, 0, 0) === 2) Atomics.notify(lock, 0, 1);
    },
});
