#include "core/cpython/scripts.h"

namespace gil {

std::string_view script_file(std::string_view name) {
    for (const EmbeddedFile& file : experiment_scripts()) {
        if (file.name == name) return file.bytes;
    }
    return {};
}

} // namespace gil
