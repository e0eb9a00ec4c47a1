// Pre-JS of the build with threads: what the Worker of a pthread is told besides Emscripten's own messages.
if (ENVIRONMENT_IS_PTHREAD) {
    self.addEventListener('message', ({ data }) => data.gilBlocks && GilBlocks.adopt(data.gilBlocks));
}
