# Flags that hold for the whole build (sanitizers, ccache), and gil_own_code() for the targets that are ours.

# ccache makes a clean build, and the same sources in another preset or clone, a matter of seconds.
find_program(GIL_CCACHE ccache)
if(GIL_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
    cmake_path(SET cache_home "$ENV{HOME}/.cache")
    if(DEFINED ENV{XDG_CACHE_HOME})
        cmake_path(SET cache_home "$ENV{XDG_CACHE_HOME}")
    endif()
    # basedir: a clone in another folder still finds the objects of the first.
    set(launcher
        ${CMAKE_COMMAND} -E env
        CCACHE_DIR=${cache_home}/gil-playground/ccache
        CCACHE_BASEDIR=${PROJECT_SOURCE_DIR}
        CCACHE_NOHASHDIR=1
        CCACHE_MAXSIZE=2G
        CCACHE_SLOPPINESS=pch_defines,time_macros)
    if(EMSCRIPTEN)
        # em++ is a small script that never changes; what tells one compiler from another is its version. It takes
        # clang's options.
        list(APPEND launcher CCACHE_COMPILERTYPE=clang CCACHE_COMPILERCHECK=string:emscripten-${EMSCRIPTEN_VERSION})
    endif()
    list(APPEND launcher ${GIL_CCACHE})
    set(CMAKE_C_COMPILER_LAUNCHER ${launcher})
    set(CMAKE_CXX_COMPILER_LAUNCHER ${launcher})
endif()

if(GIL_SANITIZE STREQUAL "address")
    add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
    add_link_options(-fsanitize=address,undefined)
elseif(GIL_SANITIZE STREQUAL "thread")
    add_compile_options(-fsanitize=thread -fno-omit-frame-pointer)
    add_link_options(-fsanitize=thread)
elseif(GIL_SANITIZE)
    message(FATAL_ERROR "GIL_SANITIZE is '${GIL_SANITIZE}'; it can be empty, address or thread")
endif()

# gil_own_code(TARGET): warnings are errors in our own code, and only there.
function(gil_own_code target)
    target_compile_options(${target} PRIVATE
        -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Werror)
    target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR})
    # More than half of what clang, and so Emscripten, needs for a file of ours is that one header. g++ gains little and
    # forgets that the header is not ours: it warns.
    get_target_property(sources ${target} SOURCES)
    list(LENGTH sources count)
    if(CMAKE_CXX_COMPILER_ID MATCHES Clang AND count GREATER 8 AND TARGET nlohmann_json)
        target_link_libraries(${target} PRIVATE nlohmann_json)
        target_precompile_headers(${target} PRIVATE "$<$<COMPILE_LANGUAGE:CXX>:<nlohmann/json.hpp$<ANGLE-R>>")
    endif()
endfunction()
