# The sanitizer and fuzzer presets use clang: g++ has no libFuzzer. Debian 12 names it clang-14; others follow.
find_program(GIL_CLANG NAMES clang-14 clang clang-19 clang-18 clang-17 clang-16 clang-15 REQUIRED)
find_program(GIL_CLANGXX NAMES clang++-14 clang++ clang++-19 clang++-18 clang++-17 clang++-16 clang++-15 REQUIRED)
set(CMAKE_C_COMPILER ${GIL_CLANG})
set(CMAKE_CXX_COMPILER ${GIL_CLANGXX})
