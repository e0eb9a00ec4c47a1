# cmake -D SOURCE=DIR -D OUTPUT=FILE -P write_commit.cmake: a header with the commit that is being built as GIL_COMMIT.
# The file changes only when the commit does, or when it gets or loses changes of its own ("-dirty").
cmake_minimum_required(VERSION 3.25)
execute_process(COMMAND git -C ${SOURCE} describe --always --dirty
    OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
if(NOT commit)
    set(commit "unknown commit")
endif()
file(CONFIGURE OUTPUT ${OUTPUT} CONTENT "#define GIL_COMMIT \"@commit@\"\n" @ONLY)
