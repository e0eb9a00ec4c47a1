#include "core/cpython/scripts.h"

namespace gil {

const EmbeddedFile* script_file(std::string_view name) {
    for (const EmbeddedFile& file : experiment_scripts()) {
        if (file.name == name) return &file;
    }
    return nullptr;
}

} // namespace gil
