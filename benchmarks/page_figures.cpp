// The figures of core in a browser: run in a Worker by tests/browser/bench.mjs, once as each build of the engine.
#include <cstdio>

#include <emscripten/emscripten.h>

#include "benchmarks/core_figures.h"
#include "core/measure/kernel_calibration.h"
#include "web/engine/web_host.h"

int main() {
    gil::web::WebHost host(emscripten_get_now(), {}, {});
    gil::Speeds speeds;
    speeds.kernels = gil::measure_kernel_speeds(host, gil::bench::all_kernels);
    gil::bench::print_core_figures(host, speeds);
    return 0;
}
