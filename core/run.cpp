#include "core/run.h"

namespace gil {

std::string_view to_string(Origin origin) {
    switch (origin) {
    case Origin::measured:
        return "measured";
    case Origin::cpython:
        return "cpython";
    case Origin::simulated:
        break;
    }
    return "simulated";
}

} // namespace gil
