# Toolchain of the web presets: Emscripten's own, from wherever tools/emscripten finds or puts it.
execute_process(
    COMMAND ${CMAKE_CURRENT_LIST_DIR}/../tools/emscripten --root
    OUTPUT_VARIABLE GIL_EMSCRIPTEN_BIN
    OUTPUT_STRIP_TRAILING_WHITESPACE
    COMMAND_ERROR_IS_FATAL ANY)

# An SDK keeps the toolchain file beside em++; some distributions link em++ elsewhere.
set(EMSCRIPTEN_ROOT_PATH ${GIL_EMSCRIPTEN_BIN})
include(${EMSCRIPTEN_ROOT_PATH}/cmake/Modules/Platform/Emscripten.cmake)
