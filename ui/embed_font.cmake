# Writes a C++ source that holds the bytes of one file, for fonts.cpp:
#   cmake -DINPUT=font.otf -DOUTPUT=font.cpp -DNAME=inter_regular -P embed_font.cmake
file(READ ${INPUT} hex HEX)
string(LENGTH "${hex}" length)
math(EXPR size "${length} / 2")
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
# One endless line is slow in some editors and compilers.
string(REGEX REPLACE "(0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,)" "\\1\n"
    bytes "${bytes}")
file(WRITE ${OUTPUT} "// Made by embed_font.cmake.
namespace gil::ui {
extern const unsigned char ${NAME}_data[];
extern const unsigned ${NAME}_size;
const unsigned char ${NAME}_data[] = {
${bytes}};
const unsigned ${NAME}_size = ${size};
} // namespace gil::ui
")
