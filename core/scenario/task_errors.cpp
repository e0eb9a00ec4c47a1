#include "core/scenario/task_errors.h"

namespace gil {

bool needs_names(const Scenario& scenario) {
    switch (scenario.model) {
    case ExecutionModel::processes:
        return scenario.start_method != StartMethod::fork;
    case ExecutionModel::process_pool:
    case ExecutionModel::hybrid:
    case ExecutionModel::subinterpreters:
        return true;
    default:
        return false;
    }
}

} // namespace gil
