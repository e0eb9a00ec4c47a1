// A file that was made part of the program when it was built (cmake/embed.cmake), for nothing is read at run time.
#pragma once

#include <string_view>

namespace gil {

struct EmbeddedFile {
    std::string_view name;  ///< below its folder: "kernels/parsing.py"
    std::string_view bytes; ///< static lifetime
};

} // namespace gil
