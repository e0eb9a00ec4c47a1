// Pre-JS of both engine builds: the calls that engine_worker.js makes into the module.
Module['startEngine'] = (options) => gilText(options, _gil_start_engine);
Module['receive'] = (bytes) => gilWithBytes(bytes, (at, size) => _gil_receive(at, size));
Module['receiveText'] = (text) => gilWithBytes(new TextEncoder().encode(text), (at, size) => _gil_receive_text(at, size));
Module['startProcess'] = (options, warm) => gilText(options, (at, size) => _gil_start_process_role(at, size, warm ? 1 : 0));
Module['runJob'] = (bytes) => gilWithBytes(bytes, (at, size) => _gil_run_job(at, size));

function gilText(options, call) {
    gilWithBytes(new TextEncoder().encode(JSON.stringify(options)), (at, size) => call(at, size));
}
