// Pre-JS of both engine builds: the calls that engine_worker.js makes into the module.
Module['startEngine'] = (options) => gilWithText(JSON.stringify(options), (at, size) => _gil_start_engine(at, size));
Module['receive'] = (bytes) => gilWithBytes(bytes, (at, size) => _gil_receive(at, size));
Module['receiveText'] = (text) => gilWithText(text, (at, size) => _gil_receive_text(at, size));
Module['startProcess'] = (options, warm) =>
    gilWithText(JSON.stringify(options), (at, size) => _gil_start_process_role(at, size, warm ? 1 : 0));
Module['prepareThreads'] = (count) => GilThreads.prepare(count); // only in the build with threads
Module['addBlocks'] = (blocks) => new Int32Array(blocks.map((memory) => (memory ? GilBlocks.add(memory) : 0)));
Module['beginUse'] = (handles) => {
    gilWithBytes(new Uint8Array(handles.buffer), (at) => _gil_begin_use(at, handles.length));
};
Module['childReceive'] = (bytes) => gilWithBytes(bytes, (at, size) => _gil_child_receive(at, size));
Module['childClosed'] = () => gilEnter(() => _gil_child_closed());
