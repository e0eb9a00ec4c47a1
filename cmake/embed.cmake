# Makes files part of the program.
#
# gil_embed(VARIABLE FUNCTION FOLDER FILE...) adds a source to VARIABLE that defines gil::FUNCTION(), a span of
# EmbeddedFile (core/base/embedded.h): the bytes of each FILE below FOLDER under its name.
if(NOT CMAKE_SCRIPT_MODE_FILE)
    function(gil_embed variable function folder)
        set(output ${CMAKE_CURRENT_BINARY_DIR}/${function}.cpp)
        list(TRANSFORM ARGN PREPEND ${folder}/ OUTPUT_VARIABLE inputs)
        add_custom_command(
            OUTPUT ${output}
            COMMAND ${CMAKE_COMMAND} -DFUNCTION=${function} -DFOLDER=${folder} "-DFILES=${ARGN}" -DOUTPUT=${output}
                    -P ${PROJECT_SOURCE_DIR}/cmake/embed.cmake
            DEPENDS ${inputs} ${PROJECT_SOURCE_DIR}/cmake/embed.cmake
            COMMENT "Embedding ${function}"
            VERBATIM)
        set(${variable} ${${variable}} ${output} PARENT_SCOPE)
    endfunction()
    return()
endif()

# Run by the command above.
set(arrays)
set(table)
set(number 0)
foreach(file IN LISTS FILES)
    file(READ ${FOLDER}/${file} hex HEX)
    string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," bytes "${hex}")
    # One endless line is slow in some editors and compilers.
    string(REGEX REPLACE "(......,......,......,......,......,......,......,......,......,......,......,......,)"
        "\\1\n" bytes "${bytes}")
    set(array ${FUNCTION}_${number})
    string(APPEND arrays "constexpr char ${array}[] = {\n${bytes}};\n")
    string(APPEND table "        {\"${file}\", {${array}, sizeof ${array}}},\n")
    math(EXPR number "${number} + 1")
endforeach()
file(WRITE ${OUTPUT} "// Made by cmake/embed.cmake.
#include <span>

#include \"core/base/embedded.h\"

namespace gil {

namespace {
${arrays}} // namespace

std::span<const EmbeddedFile> ${FUNCTION}();
std::span<const EmbeddedFile> ${FUNCTION}() {
    static constexpr EmbeddedFile files[] = {
${table}    };
    return files;
}

} // namespace gil
")
