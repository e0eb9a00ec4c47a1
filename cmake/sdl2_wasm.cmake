# SDL2 for WebAssembly, compiled straight from its sources. SDL's own CMake project spends four minutes asking
# Emscripten about functions one by one; its SDL_config_emscripten.h already has the answers. What the page does not use
# is switched off by sdl2_wasm_features.h. ccache keeps the objects for the next clean build.
gil_dependency(sdl2 folder)

set(patterns
    *.c atomic/*.c audio/*.c cpuinfo/*.c dynapi/*.c events/*.c file/*.c haptic/*.c joystick/*.c libm/*.c
    locale/*.c misc/*.c power/*.c render/*.c sensor/*.c stdlib/*.c thread/*.c timer/*.c video/*.c video/yuv2rgb/*.c
    haptic/dummy/*.c joystick/dummy/*.c sensor/dummy/*.c filesystem/dummy/*.c loadso/dummy/*.c locale/dummy/*.c
    misc/emscripten/*.c thread/generic/*.c timer/unix/*.c video/emscripten/*.c)
list(TRANSFORM patterns PREPEND ${folder}/src/)
file(GLOB sources ${patterns})

add_library(sdl2 STATIC ${sources})
target_include_directories(sdl2 SYSTEM PUBLIC ${folder}/include)
target_compile_options(sdl2 PRIVATE -w -Oz -include ${PROJECT_SOURCE_DIR}/cmake/sdl2_wasm_features.h)
