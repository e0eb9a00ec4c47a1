# The third-party libraries as targets. Pins and hashes are in dependencies.lock; tools/dependencies fetches what is
# missing. Their headers are SYSTEM and their sources are built without warnings: they are not ours to fix.

# gil_dependency(NAME VARIABLE): the folder that the pinned release of NAME is unpacked in.
function(gil_dependency name variable)
    execute_process(
        COMMAND ${PROJECT_SOURCE_DIR}/tools/dependencies ${name}
        OUTPUT_VARIABLE folder
        OUTPUT_STRIP_TRAILING_WHITESPACE
        COMMAND_ERROR_IS_FATAL ANY)
    set(${variable} ${folder} PARENT_SCOPE)
endfunction()

# gil_headers(TARGET FOLDER): a library that is headers only.
function(gil_headers target folder)
    add_library(${target} INTERFACE)
    target_include_directories(${target} SYSTEM INTERFACE ${folder})
endfunction()

set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS cmake/dependencies.lock)
find_package(Threads REQUIRED)

gil_dependency(nlohmann_json folder)
gil_headers(nlohmann_json ${folder}/include)

# The kernels do their work with these.
gil_dependency(eigen folder)
gil_headers(eigen ${folder})
gil_dependency(rapidjson folder)
gil_headers(rapidjson ${folder}/include)
# Of BearSSL two files are enough. They are compiled as part of each `core`, with and without threads.
gil_dependency(bearssl folder)
gil_headers(bearssl ${folder}/inc)
set(bearssl_sources ${folder}/src/symcipher/chacha20_ct.c ${folder}/src/symcipher/poly1305_ctmul.c)
set(bearssl_includes ${folder}/inc ${folder}/src)

if(EMSCRIPTEN)
    include(cmake/sdl2_wasm.cmake)
else()
    gil_dependency(cli11 folder)
    gil_headers(cli11 ${folder}/include)
    gil_dependency(stb folder)
    gil_headers(stb ${folder})

    # The system's: a database is what programs find on their machine.
    find_package(SQLite3 REQUIRED)

    # The system's, which gets security updates from the distribution: it talks to whoever connects.
    find_path(GIL_MICROHTTPD_HEADERS microhttpd.h REQUIRED)
    find_library(GIL_MICROHTTPD_LIBRARY microhttpd REQUIRED)
    add_library(microhttpd INTERFACE)
    target_include_directories(microhttpd SYSTEM INTERFACE ${GIL_MICROHTTPD_HEADERS})
    target_link_libraries(microhttpd INTERFACE ${GIL_MICROHTTPD_LIBRARY})

    if(GIL_DESKTOP)
        find_package(SDL2 REQUIRED CONFIG)
        find_package(OpenGL REQUIRED)
        add_library(sdl2 INTERFACE)
        target_link_libraries(sdl2 INTERFACE SDL2::SDL2 OpenGL::GL)
    endif()
endif()

if(TARGET sdl2)
    gil_dependency(imgui folder)
    add_library(imgui STATIC
        ${folder}/imgui.cpp
        ${folder}/imgui_draw.cpp
        ${folder}/imgui_tables.cpp
        ${folder}/imgui_widgets.cpp
        ${folder}/backends/imgui_impl_sdl2.cpp
        ${folder}/backends/imgui_impl_opengl3.cpp)
    target_include_directories(imgui SYSTEM PUBLIC ${folder} ${folder}/backends)
    target_compile_options(imgui PRIVATE -w)
    # The demo window and the old key names are dead weight in the page.
    target_compile_definitions(imgui PUBLIC IMGUI_DISABLE_DEMO_WINDOWS IMGUI_DISABLE_OBSOLETE_FUNCTIONS)
    if(EMSCRIPTEN)
        target_compile_definitions(imgui PUBLIC IMGUI_IMPL_OPENGL_ES3 IMGUI_DISABLE_DEBUG_TOOLS)
        target_compile_options(imgui PRIVATE -fno-exceptions -fno-rtti -Oz)
    endif()
    target_link_libraries(imgui PUBLIC sdl2 ${CMAKE_DL_LIBS})
endif()

if(GIL_TESTS)
    gil_dependency(catch2 folder)
    set(CMAKE_POLICY_DEFAULT_CMP0077 NEW)
    set(CATCH_INSTALL_DOCS OFF)
    set(CATCH_INSTALL_EXTRAS OFF)
    if(EMSCRIPTEN)
        # The tests run on pthreads and report failures by exception.
        set(saved_flags "${CMAKE_CXX_FLAGS}")
        string(APPEND CMAKE_CXX_FLAGS " -pthread -fwasm-exceptions")
    endif()
    add_subdirectory(${folder} ${PROJECT_BINARY_DIR}/catch2 EXCLUDE_FROM_ALL SYSTEM)
    # A hundred tiny files that all include the same headers build three times as fast in batches.
    set_target_properties(Catch2 Catch2WithMain PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 24)
    target_compile_options(Catch2 PRIVATE -w)
    if(EMSCRIPTEN)
        set(CMAKE_CXX_FLAGS "${saved_flags}")
    endif()
endif()
