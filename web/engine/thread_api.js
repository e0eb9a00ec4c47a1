// Pre-JS of the build with threads: what the Worker of a pthread is told and tells besides Emscripten's own messages.
if (ENVIRONMENT_IS_PTHREAD) {
    self.addEventListener('message', ({ data }) => data.gilBlocks && GilBlocks.adopt(data.gilBlocks));
    self.postMessage({ gilAlive: true });
    // Held as long as this Worker lives (engine_worker.js).
    const gilLife = 'gilplay-thread-' + self.crypto.randomUUID?.();
    self.navigator.locks?.request(gilLife, () => {
        self.postMessage({ gilLife });
        return new Promise(() => {});
    }).catch(() => {});
}
