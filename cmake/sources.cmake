# gil_sources(VARIABLE PATTERN...): the sources below the current folder that match, found anew whenever one is added.
function(gil_sources variable)
    set(patterns ${ARGN})
    list(TRANSFORM patterns PREPEND "${CMAKE_CURRENT_SOURCE_DIR}/")
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${patterns})
    set(${variable} ${sources} PARENT_SCOPE)
endfunction()
