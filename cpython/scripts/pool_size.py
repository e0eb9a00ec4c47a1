"""CPU work wants a worker per core, waiting wants many more."""
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context

from kernels.sum_of_squares import work
from measuring import run, turns_for
from waits.sleep import how_to_wait, wait

TASKS = 32
WORK_MS = 6
WAIT_MS = 8
START_METHOD = "forkserver"

CONTEXT = get_context(START_METHOD)


def cpu_pool(workers, n, how):
    with ProcessPoolExecutor(min(workers, TASKS), CONTEXT) as pool:
        list(pool.map(work, [n] * TASKS))


def io_pool(workers, n, how):
    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(wait, [how] * TASKS))


def sequential_cpu(n, how):
    for _ in range(TASKS):
        work(n)


def sequential_io(n, how):
    for _ in range(TASKS):
        wait(how)


# each with so many workers
SWEEP = [1, 2, 4, 8, 16, 32]
SERIES = {
    "process_pool:cpu": cpu_pool,
    "thread_pool:io": io_pool,
}
VARIANTS = {
    "sequential:cpu": sequential_cpu,
    "sequential:io": sequential_io,
}


def prepare():
    return turns_for(work, WORK_MS), how_to_wait(WAIT_MS)


if __name__ == "__main__":
    # the threads only wait
    run(VARIANTS, prepare, sweep=SWEEP, series=SERIES, needs_gil=False,
        start_method=START_METHOD)
